//! Random records.

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::model::{Day, Field, Kind, Object, ObjectId, Record, RecordId, Team, UserId, Value};

pub fn records(team: &Team, rng: &mut ChaCha8Rng, each: usize) -> Vec<Record> {
    let mut records = Vec::new();
    for object in team.objects.values() {
        for number in 0..each {
            records.push(random_record(team, rng, object, number));
        }
    }
    records
}

pub fn random_record(team: &Team, rng: &mut ChaCha8Rng, object: &Object, number: usize) -> Record {
    let people: Vec<UserId> = team.users.keys().copied().collect();
    let mut assigned: Vec<UserId> = people.iter().copied().filter(|_| rng.random_bool(0.15)).collect();
    assigned.sort_unstable();
    let mut record = Record {
        id: RecordId(rng.random()),
        object: object.id,
        owner: *people.choose(rng).unwrap(),
        assigned,
        private: object.id == ObjectId::CONTACTS && rng.random_bool(0.25),
        external_id: rng.random_bool(0.5).then(|| format!("x{number}").into()),
        values: Vec::new(),
    };
    for field in &object.fields {
        if rng.random_bool(0.7) {
            record.set(field.id, Some(random_value(rng, field)));
        }
    }
    record
}

/// From few values, so that sorting meets ties and searches meet several.
pub fn random_value(rng: &mut ChaCha8Rng, field: &Field) -> Value {
    const TEXTS: [&str; 14] = [
        "anna",
        "Anna",
        "ANNA Bell",
        "Bell",
        "bellweather",
        "Zoë",
        "zoe",
        "Straße",
        "STRASSE",
        "10",
        "9",
        "a b",
        "İstanbul",
        "ß",
    ];
    match field.kind {
        Kind::Text | Kind::Email | Kind::Phone => Value::Text((*TEXTS.choose(rng).unwrap()).into()),
        Kind::Number => Value::Number([-2.5, 0.0, 1.0, 2.0, 10.0, 1e9][rng.random_range(0..6)]),
        Kind::Money => Value::Money([-500, 0, 999, 1000, 123_456][rng.random_range(0..5)]),
        Kind::Date => Value::Date(Day(rng.random_range(19_000..19_010))),
        Kind::YesNo => Value::YesNo(rng.random()),
        Kind::Dropdown if field.options.is_empty() => Value::Text("none".into()),
        Kind::Dropdown => Value::Option(field.options.choose(rng).unwrap().id),
    }
}
