//! Pets, and what people write about them.

use super::dice::Dice;

/// Species with how often they come, and the weights in tenths of a kilogram that they have.
pub(super) const SPECIES: &[((&str, u32, u32), u32)] = &[
    (("Dog", 25, 480), 46),
    (("Cat", 22, 75), 34),
    (("Rabbit", 9, 40), 7),
    (("Bird", 1, 12), 4),
    (("Horse", 2_800, 6_200), 4),
    (("Reptile", 1, 55), 2),
    (("Other", 1, 30), 3),
];

pub(super) const PETS: &[&str] = &[
    "Alfie", "Bella", "Biscuit", "Buddy", "Caramel", "Charlie", "Chester", "Cleo", "Coco", "Daisy", "Dumpling",
    "Felix", "Fig", "Ginger", "Gizmo", "Gus", "Hazel", "Honey", "Kiwi", "Loki", "Lola", "Luna", "Mango", "Marble",
    "Max", "Milo", "Mochi", "Nala", "Noodle", "Nutmeg", "Olive", "Oreo", "Oscar", "Pancake", "Peanut", "Pepper",
    "Pickles", "Poppy", "Rocky", "Rosie", "Ruby", "Shadow", "Simba", "Smudge", "Sparky", "Tilly", "Toffee", "Waffles",
    "Willow", "Ziggy",
];

pub(super) const TITLES: &[&str] = &[
    "Owner",
    "Manager",
    "Head Groom",
    "Kennel Manager",
    "Farm Manager",
    "Office Manager",
    "Shelter Coordinator",
    "Purchasing",
    "Receptionist",
    "Head Trainer",
    "Director",
    "Bookkeeper",
    "Herd Manager",
    "Shop Manager",
];

const ABOUT: &[&str] = &[
    "{} is nervous around other dogs; use the side entrance.",
    "Prefers a call in the evening. {} travels badly.",
    "Asked for the dental plan; send the leaflet for {}.",
    "{} bites when the ears are touched. Muzzle is in the file.",
    "Pays by invoice. {} is insured since last year.",
    "Moved house; the old address was removed. {} is doing fine.",
    "Second pet on the way, {} will get company.",
    "Very happy with how {} was looked after. May be quoted.",
    "Wants the same vet each time because {} knows the voice.",
    "Collects medicine for {} on Fridays.",
];

const CLINIC: &[&str] = &[
    "Vaccination given, no reaction. {} weighs a little more than last time.",
    "Dental cleaning done under sedation. {} woke up well; soft food for two days.",
    "Left hind leg checked: no fracture. Rest for {}, see again in two weeks.",
    "Skin scrape negative. New food for {} until the next visit.",
    "Blood taken for the yearly panel. {} was calm.",
    "Ear infection, drops twice a day for a week. {} does not like it.",
    "Microchip read and entered. {} is fit to travel.",
    "Kidney values slightly raised; {} starts on the diet today.",
    "Stitches out, wound closed. {} may run again.",
    "Senior check: heart murmur grade two, {} stays on the tablets.",
];

/// Something that the desk writes down.
pub(super) fn about(pet: &str, dice: &mut Dice) -> String {
    dice.pick(ABOUT).replace("{}", pet)
}

/// Something that the treatment room writes down.
pub(super) fn clinic(pet: &str, dice: &mut Dice) -> String {
    dice.pick(CLINIC).replace("{}", pet)
}

/// What is sold, with the least and the most that it brings, in whole units.
pub(super) const OFFERS: &[((&str, i32, i32), u32)] = &[
    (("Wellness plan", 600, 4_800), 9),
    (("Herd vaccination", 1_500, 22_000), 6),
    (("Boarding contract", 2_000, 15_000), 5),
    (("Microchip drive", 300, 2_500), 4),
    (("Emergency cover", 1_200, 9_000), 6),
    (("Dental days", 800, 5_000), 4),
    (("Stable visits", 1_000, 12_000), 5),
    (("Shelter discount", 400, 3_500), 3),
    (("Staff training", 500, 4_000), 3),
    (("Laboratory work", 900, 18_000), 3),
];
