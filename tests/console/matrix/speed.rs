//! How few keys and how little time it takes.

use std::time::Instant;

use super::{SAVE, add_roles, holds, matrix, roles};
use crate::harness::{ENTER, OWNER, clinic, shows};

/// 40 cells, an area for four roles with the cursor on its header, staged, looked at and saved: at
/// most 8 keys.
#[test]
fn forty_cells_take_at_most_eight_keys() {
    let clinic = clinic(5);
    let four = ["Newcomer 1", "Newcomer 2", "Newcomer 3", "Newcomer 4"];
    add_roles(&clinic, &four);
    let mut console = matrix(&clinic, OWNER);
    roles(&mut console, &["newcomer 1", "newcomer 2", "newcomer 3", "newcomer 4"]);
    console.keys("g");
    let keys = ["v", "l", "l", "l", "a"];
    for key in keys {
        console.keys(key);
    }
    shows(&console, "48 cells set; 48 staged in all.");
    let whole = keys.iter().chain(&[SAVE, ENTER]).count();
    console.keys(SAVE).keys(ENTER);
    shows(&console, "Saved: 48 cells of 4 roles.");
    assert!(whole <= 8);
    for role in four {
        assert_eq!(holds(&clinic, role, "contacts.export"), "Yes");
        assert_eq!(holds(&clinic, role, "contacts.delete"), "All");
    }
}

/// 200 roles stay instant: a key is drawn in a few frames' time even without optimisation.
#[test]
fn two_hundred_roles_stay_instant() {
    let clinic = clinic(5);
    let team: String = (0..200)
        .map(|number| format!("[[roles]]\nname = \"Role {number:03}\"\nmanager = \"Account Owner\"\n"))
        .collect();
    let applied =
        clinic.engine.operator().apply_team("test", &team, rolecall::exchange::team_file::Format::Toml, false);
    assert!(applied.is_ok());
    let mut console = matrix(&clinic, OWNER);
    shows(&console, "of 214");
    let start = Instant::now();
    let mut presses = 0u32;
    for keys in ["j", "l", "]", "l", "G", "g", "\x1b[F", "\x1b[H"] {
        for _ in 0..5 {
            console.keys(keys);
            presses += 1;
        }
    }
    let each = start.elapsed() / presses;
    println!("a key press over 214 roles: {each:?}");
    assert!(each.as_millis() < 60, "{each:?}");
    // A whole row of all roles, and a whole area.
    console.keys("g").keys("V").keys("y");
    shows(&console, "cells set");
    console.keys("\x1b[F");
    shows(&console, "Role 199");
}
