//! Deals: what the clinic sells to companies.

use crate::model::{Record, Value};

use super::dice::{Dice, Making};
use super::world::World;
use super::{companies, words};

/// The deal at this place.
pub(super) fn deal(world: &World, place: u64) -> Record {
    let dice = &mut Dice::of(Making::Deal, place);
    let fields = &world.deals;
    let mut record = world.blank(fields, Making::Deal, place, dice);
    if dice.chance(40) {
        record.external_id = Some(format!("Q-{}", 5_000 + place).into());
    }
    // Five contacts for each deal: the companies known by then.
    let company = companies::known(dice.below_many(world.companies_before(place.saturating_mul(5))));
    let (offer, least, most) = dice.weighted(words::OFFERS);
    let stage = dice.weighted(&[("New", 20), ("Qualified", 20), ("Proposal", 18), ("Won", 27), ("Lost", 15)]);
    let (closes, age) = match stage {
        "Won" | "Lost" => (dice.between(-700, -1), dice.between(5, 160)),
        _ => (dice.between(3, 200), dice.between(210, 330)),
    };
    let created = world.day((closes - age).min(-1));
    // Prices are round; some are haggled over.
    let haggled = if dice.chance(20) { i64::from(dice.below(5_000)) } else { 0 };
    let value = (i64::from(dice.between(least, most)) / 50 * 50 * 100 - haggled).max(10_000);

    fields.set(&mut record, "Name", Some(Value::Text(format!("{offer} for {}", company.name).into())));
    fields.choose(&mut record, "Stage", stage);
    fields.set(&mut record, "Value", Some(Value::Money(value)));
    let dated = stage != "New" || dice.chance(40);
    fields.set(&mut record, "Close Date", dated.then(|| Value::Date(world.day(closes))));
    world.stamp(fields, &mut record, created, dice);
    record
}
