//! The demo's records against what they promise.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::*;
use crate::authz::{NoFacts, Subject, compile};
use crate::exchange::team_file::{self, Format, Options, TeamFile};
use crate::model::catalog::features::CONTACTS_PRIVATE;
use crate::model::shipped::new_team;
use crate::model::{
    Account, Actor, Change, Commit, FeatureValue, Kind, Moment, NextIds, ObjectId, Reason, RoleType, Status, Swap,
    UserId, Value,
};

const TODAY: Day = Day(20_778);

fn fresh() -> Team {
    let next = NextIds { user: 0, role: 0, object: 0, section: 0, field: 0, permission: 0 };
    let account =
        Account { name: String::new(), time_zone: None, seats: None, agent_seats: None, permissions: Vec::new(), next };
    let mut team = Team::new(account).unwrap();
    for change in new_team(ACCOUNT, OWNER_NAME, OWNER_EMAIL, Moment(0)).unwrap() {
        team.apply(&change).unwrap();
    }
    team
}

/// The demo's team, made as `rolecall apply` makes it.
fn team() -> Team {
    let mut team = fresh();
    for change in planned(&team).changes {
        team.apply(&change).unwrap();
    }
    team
}

fn planned(team: &Team) -> team_file::Plan {
    let file = TeamFile::read("team.toml", &team_file(TODAY), Format::Toml).unwrap();
    team_file::plan(&file, team, Moment(0), Options { prune: false }).unwrap()
}

fn made(amounts: Amounts) -> Vec<Record> {
    records(&team(), amounts, TODAY).unwrap().collect()
}

#[test]
fn the_usual_demo_has_the_usual_amounts() {
    assert_eq!(Amounts::of(2_000), Amounts::USUAL);
    let records = made(Amounts::default());
    let count = |object| records.iter().filter(|record| record.object == object).count();
    assert_eq!([count(ObjectId::CONTACTS), count(ObjectId::COMPANIES), count(ObjectId::DEALS)], [2_000, 300, 400]);
    assert_eq!(team().users.len(), 30);
    assert_eq!(team().users.values().map(|user| user.role).collect::<BTreeSet<_>>().len(), 10);
}

#[test]
fn the_same_amounts_give_the_same_records_and_more_begin_with_fewer() {
    let (small, again, large) = (made(Amounts::of(100)), made(Amounts::of(100)), made(Amounts::of(700)));
    assert_eq!(small, again);
    for object in [ObjectId::CONTACTS, ObjectId::COMPANIES, ObjectId::DEALS] {
        let of = |records: &[Record]| records.iter().filter(|r| r.object == object).cloned().collect::<Vec<_>>();
        let (small, large) = (of(&small), of(&large));
        assert_eq!(small.as_slice(), &large[..small.len()]);
    }
    assert_eq!(made(Amounts::of(0)), Vec::new());
}

#[test]
fn ids_and_external_ids_are_met_once() {
    let records = made(Amounts::of(20_000));
    assert_eq!(records.iter().map(|record| record.id).collect::<BTreeSet<_>>().len(), records.len());
    let external: Vec<_> = records.iter().filter_map(|r| r.external_id.as_ref().map(|id| (r.object, id))).collect();
    assert_eq!(external.iter().collect::<BTreeSet<_>>().len(), external.len());
}

#[test]
fn every_value_is_one_that_its_field_can_hold() {
    let team = team();
    for record in made(Amounts::of(3_000)) {
        let object = &team.objects[&record.object];
        assert!(record.values.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(record.value(object.fields[0].id).is_some(), "the naming field of {} is empty", object.key);
        for (id, value) in &record.values {
            let field = object.field(*id).unwrap();
            // What is shown is what an import takes.
            let typed = crate::exchange::value::shown(field, value);
            assert_eq!(crate::exchange::value::parse(field, &typed), Ok(Some(value.clone())), "{}", field.name);
            let fits = match (field.kind, value) {
                (Kind::Text | Kind::Phone, Value::Text(text)) => {
                    crate::model::text::value(text, 500).is_ok_and(|kept| kept == **text && !kept.is_empty())
                }
                (Kind::Email, Value::Text(text)) => text.is_ascii() && text.contains('@') && text.ends_with(".example"),
                (Kind::Number, Value::Number(number)) => number.is_finite() && *number >= 0.0,
                (Kind::Money, Value::Money(amount)) => *amount > 0,
                (Kind::Date, Value::Date(day)) => (day.0 - TODAY.0).abs() < 3_000,
                (Kind::Dropdown, Value::Option(option)) => field.options.iter().any(|o| o.id == *option),
                (Kind::YesNo, Value::YesNo(_)) => true,
                _ => false,
            };
            assert!(fits, "{}: {value:?}", field.name);
        }
        let day = |name: &str| match record.value(object.field_named(name).unwrap().id) {
            Some(Value::Date(day)) => *day,
            other => panic!("{name}: {other:?}"),
        };
        assert!(day("Created") <= day("Last Changed") && day("Last Changed") <= TODAY);
    }
}

/// SPEC 000-11, R14, R34.
#[test]
fn owners_assignees_and_private_contacts_keep_the_rules() {
    let team = team();
    let mut owned: BTreeMap<&str, u32> = BTreeMap::new();
    let (mut freelance, mut private) = (0, 0);
    let records = made(Amounts::default());
    for record in &records {
        let owner = &team.users[&record.owner];
        assert_eq!(owner.status, Status::Active);
        *owned.entry(&owner.email).or_default() += 1;
        assert!(record.assigned.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(record.assigned.iter().all(|user| team.users[user].status == Status::Active));
        let focused = |user: &UserId| team.role_of(*user).unwrap().role_type == RoleType::Focused;
        freelance += usize::from(record.assigned.iter().any(focused));
        if record.private {
            private += 1;
            assert_eq!(record.object, ObjectId::CONTACTS);
            assert!(record.assigned.is_empty());
            assert_eq!(team.role_of(record.owner).unwrap().feature(CONTACTS_PRIVATE), FeatureValue::Yes);
        }
    }
    assert!((10..80).contains(&private), "{private} private contacts");
    assert!((50..200).contains(&freelance), "{freelance} records for the freelancer");
    // Everybody who can own something does: thirty people but for the invited one and the one who left.
    assert_eq!(owned.len(), 28, "{owned:?}");
    let sales: u32 = ["ben", "nadia", "yusuf"].iter().map(|who| owned[format!("{who}@paws.example").as_str()]).sum();
    assert!(sales > 400, "{sales}");
}

/// The gate takes the team file, and a second time there is nothing left to do.
#[test]
fn the_gate_takes_the_team() {
    let before = compile(Arc::new(fresh()), Moment(0));
    let plan = planned(before.team());
    assert!(plan.departures.is_empty());
    let commit =
        Commit { actor: Actor::Operator, at: Moment(0), reason: Reason("demo".to_owned()), changes: plan.changes };
    let judged = before.permit_commit(Subject::Operator, commit, &NoFacts);
    assert!(judged.is_ok(), "{:?}", judged.err());
    assert_eq!(planned(&team()).changes, Vec::new());
    assert_eq!(holders(&team(), "Vet Tech"), 8);
}

fn holders(team: &Team, role: &str) -> usize {
    let role = team.role_named(role).unwrap().id;
    team.users.values().filter(|user| user.role == role).count()
}

/// SPEC 004-16: the managers of the two houses hold one role and see different people's records.
#[test]
fn the_two_houses_are_apart() {
    let snapshot = compile(Arc::new(team()), Moment(0));
    let id = |email: &str| snapshot.team().user_by_email(email).unwrap().id;
    let (kim, marco) = (id("kim@paws.example"), id("marco@paws.example"));
    let house = |manager| -> BTreeSet<UserId> {
        let people = snapshot.team().users.keys().copied();
        people.filter(|user| snapshot.is_below(*user, manager)).collect()
    };
    assert_eq!(house(kim).len(), 10, "{:?}", house(kim));
    assert_eq!(house(marco).len(), 9, "{:?}", house(marco));
    assert!(house(kim).is_disjoint(&house(marco)));
    assert!(house(kim).contains(&id("priya@paws.example")), "by way of her vet");
    assert!(!house(kim).contains(&marco) && !house(marco).contains(&kim));
}

/// SPEC 001-24.
#[test]
fn a_vet_tech_sees_and_edits_the_sections_of_the_example() {
    let team = team();
    let (role, contacts) = (team.role_named("Vet Tech").unwrap(), &team.objects[&ObjectId::CONTACTS]);
    let access = |section: &str| role.section(contacts.section_named(section).unwrap().id);
    for shown in ["Contact Information", "Lead Information", "Purchase Information", "Clinic Notes"] {
        assert!(access(shown).view(), "{shown}");
    }
    for hidden in ["System Information", "Memberships"] {
        assert!(!access(hidden).view(), "{hidden}");
    }
    assert!(access("Clinic Notes").edit() && !access("Lead Information").edit());
}

/// The gate takes the records as they are: nothing in them breaks a rule.
#[test]
fn the_gate_takes_the_records() {
    let snapshot = compile(Arc::new(team()), Moment(0));
    for chunk in made(Amounts::of(400)).chunks(100) {
        let changes = chunk.iter().map(|record| Change::Record(Swap::made(record.clone()))).collect();
        let commit = Commit { actor: Actor::Operator, at: Moment(0), reason: Reason("demo".to_owned()), changes };
        let judged = snapshot.permit_commit(Subject::Operator, commit, &NoFacts);
        assert!(judged.is_ok(), "{:?}", judged.err());
    }
}

#[test]
fn people_and_companies_look_like_people_and_companies() {
    let team = team();
    let records = made(Amounts::default());
    let text = |record: &Record, name: &str| {
        let field = team.objects[&record.object].field_named(name).unwrap().id;
        match record.value(field) {
            Some(Value::Text(text)) => text.to_string(),
            _ => String::new(),
        }
    };
    let contacts: Vec<&Record> = records.iter().filter(|record| record.object == ObjectId::CONTACTS).collect();
    let names: BTreeSet<String> =
        contacts.iter().map(|r| text(r, "First Name") + " " + &text(r, "Last Name")).collect();
    assert!(names.len() > 1_200, "only {} different names", names.len());
    assert!(names.iter().any(|name| !name.is_ascii()));
    let companies: BTreeSet<String> =
        records.iter().filter(|r| r.object == ObjectId::COMPANIES).map(|r| text(r, "Name")).collect();
    assert!(companies.len() > 200, "only {} different companies", companies.len());
    for contact in contacts {
        let company = text(contact, "Company");
        assert!(company.is_empty() || companies.contains(&company), "{company} is no company of the demo");
    }
    for deal in records.iter().filter(|record| record.object == ObjectId::DEALS) {
        let name = text(deal, "Name");
        assert!(name.split_once(" for ").is_some_and(|(_, company)| companies.contains(company)), "{name}");
    }
}

#[test]
fn the_team_file_speaks_of_examples_alone_and_its_end_date_moves() {
    let file = team_file(TODAY);
    let addresses = file.split('"').filter(|text| text.contains('@'));
    assert!(addresses.clone().count() > 29 && addresses.clone().all(|text| text.ends_with(".example")));
    assert!(file.contains(&Day(TODAY.0 + DAYS_LEFT).to_string()));
    assert_ne!(team_file(Day(0)), file);
    let team = team();
    for persona in PERSONAS {
        assert!(
            team.user_by_email(persona.email).is_some_and(|user| user.status == Status::Active),
            "{}",
            persona.email
        );
    }
}

#[test]
fn without_people_there_are_no_records() {
    let mut empty = team();
    empty.users.clear();
    assert_eq!(records(&empty, Amounts::USUAL, TODAY).err(), Some(NobodyThere));
}
