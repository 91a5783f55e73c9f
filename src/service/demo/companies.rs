//! Companies that a veterinary clinic deals with: kennels, stables, farms, shelters, shops.

use crate::model::{Record, Value};

use super::dice::{Dice, Making};
use super::people;
use super::world::World;

/// What a company is: the end of its name, its industry, and the most people who work there.
const TRADES: &[((&str, &str, u32), u32)] = &[
    (("Kennels", "Services", 18), 9),
    (("Cattery", "Services", 8), 5),
    (("Boarding House for Pets", "Hospitality", 14), 3),
    (("Riding School", "Education", 22), 6),
    (("Stables", "Services", 16), 7),
    (("Farm", "Agriculture", 30), 10),
    (("Dairy", "Agriculture", 60), 5),
    (("Poultry", "Agriculture", 45), 3),
    (("Animal Rescue", "Nonprofit", 25), 7),
    (("Cat Shelter", "Nonprofit", 12), 4),
    (("Wildlife Trust", "Nonprofit", 40), 2),
    (("Pet Supplies", "Retail", 35), 8),
    (("Aquatics", "Retail", 9), 3),
    (("Garden Centre", "Retail", 80), 2),
    (("Dog Training", "Education", 7), 6),
    (("Grooming Parlour", "Services", 6), 7),
    (("Dog Walkers", "Services", 5), 5),
    (("Guide Dogs", "Nonprofit", 90), 1),
    (("Pet Insurance", "Finance", 900), 1),
    (("Feeds", "Manufacturing", 240), 3),
    (("Veterinary Laboratory", "Health", 120), 2),
    (("Pet Transport", "Transport", 20), 2),
    (("Zoo", "Public Services", 300), 1),
    (("Hotel", "Hospitality", 70), 2),
    (("School", "Education", 110), 2),
    (("Care Home", "Health", 85), 2),
    (("Film Animals", "Other", 15), 1),
];

const PLACES: &[&str] = &[
    "Alder Bridge",
    "Amberley",
    "Ashgrove",
    "Birchwood",
    "Blackwater",
    "Brookside",
    "Cedar Hill",
    "Clearwater",
    "Cobble Lane",
    "Copper Beech",
    "Cliffside",
    "Dove Valley",
    "Eastgate",
    "Elm Park",
    "Fairview",
    "Fern Hollow",
    "Foxglove",
    "Glenmore",
    "Goldcrest",
    "Greenacre",
    "Harbour",
    "Hawthorn",
    "Hazel Dene",
    "Heron Lake",
    "High Meadow",
    "Hillcrest",
    "Ivy Bank",
    "Juniper",
    "Kestrel",
    "Kingfisher",
    "Larkspur",
    "Lavender",
    "Lime Tree",
    "Long Acre",
    "Maple Grove",
    "Meadowbrook",
    "Mill Pond",
    "Moorland",
    "North Shore",
    "Northside",
    "Oakfield",
    "Old Orchard",
    "Otter Creek",
    "Pebble Beach",
    "Pine Ridge",
    "Quarry",
    "Red Barn",
    "Ridgeway",
    "Riverside",
    "Robin Hill",
    "Rosewood",
    "Saltmarsh",
    "Silver Birch",
    "Skylark",
    "South Common",
    "Springfield",
    "Starling",
    "Stone Cross",
    "Sunnyside",
    "Thistledown",
    "Twin Oaks",
    "Valley View",
    "Waterside",
    "Westgate",
    "Whispering Pines",
    "Wild Rose",
    "Willow Bend",
    "Windmill",
    "Woodland",
    "Wren",
];

/// A company as others name it.
pub(super) struct Known {
    pub(super) name: String,
    industry: &'static str,
    most: u32,
}

/// The name of the company at this place, the same for whoever asks.
pub(super) fn known(place: u64) -> Known {
    let dice = &mut Dice::of(Making::CompanyName, place);
    let (trade, industry, most) = dice.weighted(TRADES);
    let name = match dice.below(10) {
        0 => format!("{} & Daughters {trade}", people::family(dice)),
        1 => format!("{} & {} {trade}", people::family(dice), people::family(dice)),
        2 => format!("{} {trade}", people::family(dice)),
        _ => format!("{} {trade}", dice.pick(PLACES)),
    };
    Known { name, industry, most }
}

impl Known {
    /// Its web address; all end in `.example`.
    pub(super) fn domain(&self) -> String {
        let words: Vec<String> = self.name.split(' ').map(people::plain).filter(|word| !word.is_empty()).collect();
        format!("{}.example", words.join("-"))
    }
}

/// The company at this place.
pub(super) fn company(world: &World, place: u64) -> Record {
    let (dice, known) = (&mut Dice::of(Making::Company, place), known(place));
    let fields = &world.companies;
    let mut record = world.blank(fields, Making::Company, place, dice);
    if dice.chance(85) {
        record.external_id = Some(format!("AC-{}", 20_000 + place).into());
    }
    let created = world.day(dice.between(-2_400, -5));
    let website = dice.chance(80).then(|| Value::Text(known.domain().into()));
    // Most companies are small ones of their trade.
    let employees = 1 + dice.below(known.most).min(dice.below(known.most));
    fields.set(&mut record, "Name", Some(Value::Text(known.name.into())));
    fields.set(&mut record, "Website", website);
    fields.set(&mut record, "Phone", Some(Value::Text(people::phone(dice).into())));
    fields.choose(&mut record, "Industry", known.industry);
    fields.set(&mut record, "Employees", Some(Value::Number(f64::from(employees))));
    world.stamp(fields, &mut record, created, dice);
    record
}
