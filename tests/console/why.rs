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

/// Every layer that stands in the way by itself is marked, the deciding one apart from the others.
#[test]
fn w_marks_what_also_refuses_b2() {
    let clinic = clinic(100);
    let mut sam = clinic.console_with(Some("sam@paws.example"), crate::harness::WIDE, crate::harness::DARK);
    sam.keys(":").keys("go to contacts").keys(ENTER);
    // Not Sam's own, and of a section that his role may only view.
    let rows = crate::records::listed(&clinic, "sam@paws.example", &[]).rows;
    let other = rows.into_iter().find(|row| row.owner != "sam@paws.example").unwrap().owner_name;
    sam.keys("fowner\r").keys(other.split(' ').next().unwrap()).keys(" \r").keys(ENTER);
    for _ in 0..20 {
        sam.keys("w");
        if sam.text().contains("“Status” here") {
            break;
        }
        sam.esc().keys(DOWN);
    }
    shows(&sam, "You may not change “Status” here.");
    shows(&sam, "(this decides)");
    shows(&sam, "✗ section: the section “Lead Information” can be viewed by the role");
    shows(&sam, "“Vet Tech” (this also refuses it)");
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

/// B2, R11: on Home each line of what one may is explained, and what one may not has no line.
#[test]
fn home_explains_each_line_of_what_one_may_b2_r11() {
    let clinic = clinic(5);
    let mut console = clinic.console_with(Some("sam@paws.example"), crate::harness::WIDE, crate::harness::DARK);
    hides(&console, "You can't");
    console.keys(crate::harness::TAB).keys("w");
    shows(&console, "You may see Contacts.");
    console.esc().keys("\x1b[F").keys("w");
    shows(&console, "“View Activity page” is On request for you.");
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
