//! The page of keys is written from the registry that runs them, so it can't be out of date.

use std::fmt::Write as _;

use rolecall::tui::command::{Danger, Needs, Spec};
use rolecall::tui::screens;

/// What a command's name begins with says where it belongs.
const ROOMS: &[(&str, &str)] = &[
    ("console", "Everywhere"),
    ("move", "Moving about"),
    ("go", "Between screens"),
    ("home", "Home"),
    ("users", "Users"),
    ("roles", "Roles"),
    ("new-role", "A new role"),
    ("chart", "Role chart"),
    ("matrix", "Permissions"),
    ("fields", "Field Editor"),
    ("section", "Permissions of a section"),
    ("options", "Options of a field"),
    ("import", "Import"),
    ("types", "User types"),
    ("records", "Records"),
    ("activity", "Activity"),
];

fn who(needs: Needs) -> String {
    match needs {
        Needs::Nothing | Needs::SignedIn => String::new(),
        Needs::Demo => "in a demo".to_owned(),
        Needs::Feature(feature) => format!("`{feature}`"),
        Needs::AnyOf(features) => features.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" or "),
    }
}

fn page() -> String {
    let specs: Vec<&Spec> = screens::specs().collect();
    let mut page = "# Keys\n\nWritten from the list of commands that the console itself runs by; \
        `ROLECALL_WRITE=1 cargo test --test console keys_page` writes it anew. A command whose last column names a \
        permission isn't there at all for those who don't hold it. Every command is found by its name with `:`, too; \
        those that take something away ask first.\n"
        .to_owned();
    for (room, title) in ROOMS {
        let mut rows: Vec<&Spec> = Vec::new();
        for spec in &specs {
            let here = spec.id.0.split('.').next() == Some(*room);
            if here && !rows.iter().any(|other| other.id == spec.id) {
                rows.push(spec);
            }
        }
        if rows.is_empty() {
            continue;
        }
        write!(page, "\n## {title}\n\n| keys | command | does | needs |\n|---|---|---|---|\n").unwrap();
        for spec in rows {
            let keys: Vec<String> = spec.keys.iter().map(|key| format!("`{key}`").replace('|', "\\|")).collect();
            let asks = if spec.danger == Danger::Destroys { " Asks first." } else { "" };
            let doc = spec.doc.replace('|', "\\|");
            writeln!(page, "| {} | {} | {doc}{asks} | {} |", keys.join(" "), spec.title, who(spec.needs)).unwrap();
        }
    }
    page
}

#[test]
fn every_command_belongs_to_a_room() {
    for spec in screens::specs() {
        let room = spec.id.0.split('.').next().unwrap();
        assert!(ROOMS.iter().any(|(name, _)| *name == room), "{} belongs nowhere", spec.id.0);
    }
}

#[test]
fn the_page_of_keys_is_the_registrys() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
    if std::env::var_os("ROLECALL_WRITE").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/docs")).unwrap();
        std::fs::write(path, page()).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(written, page(), "docs/keys.md is not what the registry says; see its first lines");
}
