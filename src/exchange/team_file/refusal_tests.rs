//! What a file is told that can't be taken as it is, and where.

use super::tests::{fresh, planned, refused};
use super::*;

#[test]
fn fields_get_no_names_that_commands_can_not_say() {
    for (name, why) in [
        ("Owner", "meaning of its own"),
        ("ID", "meaning of its own"),
        ("private", "meaning of its own"),
        ("a=b", "can't be named in a filter"),
        ("Score:DESC", "can't be named in an order"),
        ("Score:asc", "can't be named in an order"),
    ] {
        let text = serde_json::json!({"fields": {"contacts": [{"section": "Notes", "name": name, "kind": "text"}]}});
        let told = refused(&text.to_string());
        assert!(told.contains("fields.contacts[0].name: ") && told.contains(why), "{told}");
    }
}

#[test]
fn unknown_features_are_answered_with_the_keys_there_are() {
    let told = |key: &str| {
        let text =
            serde_json::json!({"roles": [{"name": "Vet", "manager": "Account Owner", "features": {key: "yes"}}]});
        refused(&text.to_string())
    };
    let all = told("shoes.tie");
    assert!(
        ["contacts", "users", "roles", "account", "requests", "audit"].iter().all(|word| all.contains(word)),
        "{all}"
    );
    assert!(!all.contains("administrator") && !all.contains("begin with one of: ,"), "{all}");
    assert!(told("users.fly").contains("known: users.manage, users.edit"), "{}", told("users.fly"));
    assert!(told("contacts.fly").contains("contacts.export"));
}

#[test]
fn a_broken_text_is_told_in_a_few_lines() {
    let text = "] = [\n".repeat(80);
    let told = planned(&fresh(), &text, false).unwrap_err();
    assert_eq!(told.len(), 6, "{told:?}");
    assert!(told[5].contains("more errors follow"), "{told:?}");
}

#[test]
fn a_message_about_somebody_finds_their_place() {
    let text = "[[roles]]\nname = \"Vet\"\nmanager = \"Account Owner\"\n\n[[roles]]\nname = \"Vet Tech\"\nmanager = \"Vet\"\n\n\
        [[users]]\nemail = \"m1@p.ex\"\nrole = \"Vet\"\n\n[[users]]\nemail = \"am1@p.ex\"\nrole = \"Vet Tech\"\n";
    let file = TeamFile::read("team.toml", text, Format::Toml).unwrap();
    let told = |text: &str| file.place_of(text).map(|place| place.to_string());
    for (message, place) in [
        ("M1@p.ex: can't have an exception for “Export”, as Vet Tech", "9: users[0]"),
        ("am1@p.ex: has no manager", "13: users[1]"),
        ("the role “Vet Tech”: two roles can't share a name", "5: roles[1]"),
        ("the role “Vet”: must stand above “Vet Tech”", "1: roles[0]"),
        ("these people: form a circle of managers: m1@p.ex → am1@p.ex.", "13: users[1]"),
        ("these people: form a circle of managers: m1@p.ex.", "9: users[0]"),
    ] {
        assert_eq!(told(message), Some(format!("team.toml:{place}: {message}")));
    }
    assert_eq!(told("Vets: m1@p.example and xm1@p.ex are nobody here"), None);
    assert_eq!(told(""), None);
}

#[test]
fn one_seat_is_a_seat() {
    let told = refused(r#"{"account": {"seats": 1}, "users": [{"email": "a@paws.example", "role": "Vet"}]}"#);
    assert!(told.contains("the account has 1 seat, and 4 people would use one"), "{told}");
}
