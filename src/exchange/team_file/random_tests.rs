//! Random files, whole and damaged.

use super::tests::{CLINIC, applied, fresh, planned};
use super::*;
use crate::model::FeatureValue;
use crate::model::catalog::DecidedBy;
use proptest::prelude::*;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use serde_json::{Map, Value as Json, json};
use std::sync::OnceLock;

struct Dice(ChaCha20Rng);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        (self.0.next_u64() % bound as u64) as usize
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// Features, scopes and sections.
fn cells(dice: &mut Dice, team: &Team) -> [Json; 3] {
    let mut features = Map::new();
    for feature in team.catalog.features().filter(|feature| feature.decided_by == DecidedBy::Role) {
        if dice.chance(30) {
            let most = if feature.requestable { 3 } else { 2 };
            let value = [FeatureValue::Yes, FeatureValue::No, FeatureValue::Request][dice.below(most)];
            features.insert(feature.key.clone(), json!(value.token()));
        }
    }
    let (mut scopes, mut sections) = (Map::new(), Map::new());
    for object in team.objects.values() {
        let mut listed = Map::new();
        for verb in ["view", "edit", "delete"] {
            let tokens = ["all", "roles", "subordinates", "own", "none"];
            if dice.chance(50) {
                let most = if verb == "view" { 4 } else { 5 };
                listed.insert(verb.to_owned(), json!(tokens[dice.below(most)]));
            }
        }
        scopes.insert(object.key.clone(), Json::Object(listed));
        let mut listed = Map::new();
        for section in &object.sections {
            let access =
                [json!({"view": false}), json!({"edit": false}), json!({"view": true, "edit": true}), json!({})];
            listed.insert(section.name.clone(), dice.one(&access).clone());
        }
        sections.insert(object.key.clone(), Json::Object(listed));
    }
    [Json::Object(features), Json::Object(scopes), Json::Object(sections)]
}

/// A file that can be applied to a fresh account.
fn random_file(seed: u64) -> String {
    let mut dice = Dice(ChaCha20Rng::seed_from_u64(seed));
    let team = fresh();
    let mut names: Vec<String> = vec!["Account Owner".to_owned(), "Administrator".to_owned()];
    let mut roles = Vec::new();
    for number in 0..dice.below(6) {
        let [features, scopes, sections] = cells(&mut dice, &team);
        let name = format!("Role {number} \"é\"");
        roles.push(json!({
            "name": name, "manager": dice.one(&names), "type": dice.one(&["administrator", "user", "focused"]),
            "description": dice.one(&["", "two\nlines", "'''\"\"\""]), "features": features, "scopes": scopes,
            "sections": sections,
        }));
        names.push(name);
    }
    if dice.chance(50) {
        let [features, scopes, sections] = cells(&mut dice, &team);
        roles.push(json!({
            "name": "Sales", "manager": "Account Owner", "features": features, "scopes": scopes, "sections": sections,
        }));
    }
    let mut users: Vec<Json> = Vec::new();
    for number in 0..dice.below(8) {
        // The first is the account owner's role, which isn't to be had.
        let role = 1 + dice.below(names.len() - 1);
        let mut user = json!({
            "email": format!("p{number}@paws.example"), "name": format!("P {number}"), "role": names[role],
            "status": dice.one(&["active", "invited", "revoked"]), "talk_access": dice.chance(30),
            "account_manager": dice.chance(20), "language": dice.one(&["", "de", "pt-BR"]),
        });
        if number > 0 && dice.chance(50) {
            user["manager"] = json!(format!("p{}@PAWS.example", dice.below(number)));
        }
        if role > 1 && dice.chance(50) {
            user["exceptions"] = json!({
                "contacts.export": dice.one(&["visible", "not visible"]),
                "deals.pipeline": {
                    "value": "not visible", "until": dice.one(&["2027-01-31", "2027-01-31T00:00:00.250Z"]),
                },
            });
        }
        users.push(user);
    }
    let field = json!({
        "section": dice.one(&["Notes", "Clinic Notes"]), "name": "Temper",
        "kind": dice.one(&["text", "number", "yesno"]),
    });
    json!({
        "account": {
            "name": "Paws", "time_zone": dice.one(&["", "Europe/Berlin", "Pacific/Apia"]),
            "seats": dice.one(&[json!(40), json!("unlimited")]),
        },
        "permissions": [{"key": "portal.login"}], "roles": roles, "users": users, "fields": {"contacts": [field]},
    })
    .to_string()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_random_team_is_exported_applied_and_rebuilt_without_a_difference(seed in any::<u64>()) {
        let team = applied(&fresh(), &random_file(seed));
        for format in [Format::Toml, Format::Json] {
            let text = export(&team, format);
            for prune in [false, true] {
                prop_assert_eq!(planned(&team, &text, prune).unwrap().changes, []);
            }
            let rebuilt = applied(&fresh(), &text);
            prop_assert_eq!(export(&rebuilt, Format::Json), export(&team, Format::Json));
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes);
        for format in [Format::Toml, Format::Json] {
            let _ = TeamFile::read("x", &text, format);
        }
    }

    #[test]
    fn a_damaged_file_is_refused_or_planned_but_never_panics(place in 0f64..1.0, with in ".{0,3}", cut in 0usize..9) {
        static WHOLE: OnceLock<(Team, [String; 2])> = OnceLock::new();
        let (team, whole) = WHOLE.get_or_init(|| {
            let team = fresh();
            let exported = export(&applied(&team, CLINIC), Format::Toml);
            (team, [CLINIC.to_owned(), exported])
        });
        for text in whole {
            let mut chars: Vec<char> = text.chars().collect();
            let at = (place * chars.len() as f64) as usize;
            let end = (at + cut).min(chars.len());
            chars.splice(at..end, with.chars());
            let _ = planned(team, &chars.into_iter().collect::<String>(), true);
        }
    }
}
