//! Contacts: people with pets, some of them at work for a company.

use crate::model::{Day, Record, Value};

use super::dice::{Dice, Making};
use super::world::{Fields, World};
use super::{companies, people, words};

/// The contact at this place. Whatever is drawn is drawn in one order, so that a team without some
/// of the fields still gets the same people.
pub(super) fn contact(world: &World, place: u64) -> Record {
    let dice = &mut Dice::of(Making::Contact, place);
    let fields = &world.contacts;
    let mut record = world.blank(fields, Making::Contact, place, dice);
    if dice.chance(70) {
        record.external_id = Some(format!("PM-{}", 100_000 + place).into());
    }
    let created = world.day(dice.between(-2_200, -1));

    identity(world, fields, &mut record, place, dice);
    let status = dice.weighted(&[("Customer", 56), ("Prospect", 15), ("Lead", 19), ("Inactive", 10)]);
    lead(fields, &mut record, status, dice);
    purchases(world, fields, &mut record, status, created, dice);
    notes(world, fields, &mut record, status, dice);
    world.stamp(fields, &mut record, created, dice);
    record
}

fn identity(world: &World, fields: &Fields, record: &mut Record, place: u64, dice: &mut Dice) {
    let name = people::name(dice);
    let company = dice.chance(28).then(|| companies::known(dice.below_many(world.companies_before(place))));
    let domain = company.as_ref().map(companies::Known::domain);
    let email = people::email(&name, place, domain.as_deref(), dice);
    let title = dice.pick(words::TITLES);
    fields.set(record, "First Name", Some(Value::Text(name.given.into())));
    fields.set(record, "Last Name", Some(Value::Text(name.family.into())));
    fields.set(record, "Email", dice.chance(93).then(|| Value::Text(email.into())));
    let phone = people::phone(dice);
    fields.set(record, "Phone", dice.chance(88).then(|| Value::Text(phone.into())));
    fields.set(record, "Job Title", company.as_ref().map(|_| Value::Text(title.into())));
    fields.set(record, "Company", company.map(|company| Value::Text(company.name.into())));
}

fn lead(fields: &Fields, record: &mut Record, status: &str, dice: &mut Dice) {
    let source =
        dice.weighted(&[("Referral", 34), ("Website", 26), ("Walk-in", 22), ("Event", 8), ("Advertisement", 10)]);
    let score = match status {
        "Lead" => dice.between(5, 60),
        "Prospect" => dice.between(40, 95),
        _ => dice.between(0, 100),
    };
    fields.choose(record, "Status", status);
    fields.choose(record, "Lead Source", source);
    let scored = matches!(status, "Lead" | "Prospect") || dice.chance(30);
    fields.set(record, "Lead Score", scored.then(|| Value::Number(f64::from(score))));
}

fn purchases(world: &World, fields: &Fields, record: &mut Record, status: &str, created: Day, dice: &mut Dice) {
    let bought = matches!(status, "Customer" | "Inactive");
    let count = 1 + dice.below(12) + if dice.chance(15) { dice.below(40) } else { 0 };
    let each = dice.between(2_800, 21_000);
    let odd = i64::from(dice.below(100));
    let newest = if status == "Inactive" { -400 } else { -1 };
    let last = Day(dice.between(created.0, world.day(newest).0.max(created.0)));
    let membership = dice.weighted(&[("None", 50), ("Basic", 31), ("Plus", 19)]);
    let since = Day(dice.between(created.0, world.day(-1).0.max(created.0)));

    if !bought {
        return;
    }
    fields.set(record, "Purchases", Some(Value::Number(f64::from(count))));
    fields.set(record, "Total Spent", Some(Value::Money(i64::from(count) * i64::from(each) + odd)));
    fields.set(record, "Last Purchase", Some(Value::Date(last)));
    fields.choose(record, "Membership", membership);
    fields.set(record, "Member Since", (membership != "None").then_some(Value::Date(since)));
}

fn notes(world: &World, fields: &Fields, record: &mut Record, status: &str, dice: &mut Dice) {
    let pet = dice.pick(words::PETS);
    let (species, lightest, heaviest) = dice.weighted(words::SPECIES);
    let tenths = lightest + dice.below(heaviest - lightest + 1);
    let about = words::about(pet, dice);
    let clinic = words::clinic(pet, dice);
    let (has_about, has_clinic, vaccinated) = (dice.chance(45), dice.chance(80), dice.chance(83));
    let check_up = world.day(dice.between(-20, 330));

    fields.set(record, "Notes", has_about.then(|| Value::Text(about.into())));
    fields.set(record, "Pet Name", Some(Value::Text(pet.into())));
    fields.choose(record, "Species", species);
    if status == "Customer" || status == "Inactive" {
        fields.set(record, "Weight (kg)", Some(Value::Number(f64::from(tenths) / 10.0)));
        fields.set(record, "Vaccinated", Some(Value::YesNo(vaccinated)));
        fields.set(record, "Clinic Notes", has_clinic.then(|| Value::Text(clinic.into())));
    }
    fields.set(record, "Next Check-up", (status == "Customer").then_some(Value::Date(check_up)));
}
