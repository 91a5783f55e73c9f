//! The key that explains (B2), on each screen that stands on something.

use crate::harness::{DOWN, ENTER, OWNER, SMALL, clinic, hides, shows};

#[test]
fn w_explains_the_record_under_the_cursor_b2() {
    let clinic = clinic(100);
    let mut kim = clinic.console("kim@paws.example");
    kim.keys("4").keys("w");
    shows(&kim, "Why · This contact");
    shows(&kim, "✓ You may see this record.");
    shows(&kim, "(this decides)");
    // Esc closes it, and what was there is there again.
    kim.esc();
    hides(&kim, "Why ·");
    shows(&kim, "contacts · row 1");
}

#[test]
fn w_explains_a_cell_a_person_and_what_one_owns_b2() {
    let clinic = clinic(20);
    let mut sam = clinic.console("sam@paws.example");
    sam.keys("w");
    shows(&sam, "You may see Contacts.");
    sam.esc().keys("2").keys("w");
    shows(&sam, "You may not change the details and permissions of");
    // What they may not know of a person isn't told.
    hides(&sam, "exception");
    sam.esc().keys("3").keys(ENTER).keys(DOWN).keys("w");
    shows(&sam, "it comes to:");
    let mut olivia = clinic.console(OWNER);
    olivia.keys("2").keys("w");
    shows(&olivia, "change the details and permissions of");
}

/// What can't be explained says so, and isn't offered at the foot.
#[test]
fn w_says_where_there_is_nothing_to_explain() {
    let clinic = clinic(5);
    let mut olivia = clinic.console_with(Some(OWNER), SMALL, crate::harness::DARK);
    olivia.keys("3").keys("T").keys("w");
    shows(&olivia, "There is nothing here to explain.");
}

/// R6, R31: why a role may be changed, or not, in its list and in the chart.
#[test]
fn w_explains_a_role_and_what_stands_in_its_way_b2() {
    let clinic = clinic(5);
    let mut olivia = clinic.console(OWNER);
    olivia.keys("3").keys("w");
    shows(&olivia, "You may not change the role “Account Owner”.");
    shows(&olivia, "is locked: nobody changes or deletes it");
    olivia.esc().keys("G").keys("w");
    shows(&olivia, "You may change the role “Reception”.");
    olivia.esc().keys("t").keys("w");
    shows(&olivia, "Why · The role “");
    let mut sam = clinic.console("sam@paws.example");
    sam.keys("3").keys("G").keys("w");
    shows(&sam, "You may not change the role “Reception”.");
    shows(&sam, "Manage roles and permissions");
}

/// R16: an explanation goes with the rights by which it was given.
#[test]
fn an_explanation_is_closed_where_ones_rights_change_r16() {
    let clinic = clinic(20);
    let mut sam = clinic.console("sam@paws.example");
    sam.keys("w");
    shows(&sam, "Why ·");
    clinic
        .engine
        .operator()
        .apply_team(
            "test",
            "[[roles]]\nname = \"Vet Tech\"\nmanager = \"Vet\"\n[roles.features]\n\"contacts.access\" = \"no\"\n",
            rolecall::exchange::team_file::Format::Toml,
            false,
        )
        .unwrap();
    sam.changed();
    hides(&sam, "Why ·");
    hides(&sam, "Contacts");
}
