//! Who may change what, and how it is told.

use super::{BACKSPACE, SAVE, add_roles, at, find, line, matrix, roles, says};
use crate::harness::{ENTER, OWNER, clinic, hides, shows};

/// The cells of the one row that is shown, in the order of the roles.
fn cells(console: &rolecall::host::headless::Headless, label: &str) -> Vec<String> {
    let row = line(console, label);
    row.split_whitespace().rev().take(4).map(str::to_owned).collect::<Vec<_>>().into_iter().rev().collect()
}

const OF_EACH_TYPE: [&str; 4] = ["Account Owner", "Administrator", "User User", "Focused User"];

/// 002-10…16, R9: the fixed rows of the table, for one role of each type; what a type can never hold
/// is shown as ✘ and can't be set.
#[test]
fn ceilings_of_types_are_shown_and_locked_002_10_002_16() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    for (code, label, expected) in [
        ("users.manage", "Add User / Remove", ["Yes", "Yes", "✘", "✘"]),
        ("account.delete", "Delete Account", ["Yes", "✘", "✘", "✘"]),
        ("account.billing", "Manage Billing", ["Yes", "Yes", "✘", "✘"]),
        ("account.settings", "Manage Account Se", ["Yes", "Yes", "✘", "✘"]),
        ("account.customize", "Manage customizat", ["Yes", "Yes", "✘", "✘"]),
        ("users.edit", "Manage User detai", ["Yes", "Yes", "✘", "✘"]),
        ("roles.manage", "Manage roles", ["Yes", "Yes", "✘", "✘"]),
        ("requests.answer", "Answer permission", ["Yes", "Yes", "✘", "✘"]),
        ("contacts.may_delete", "Delete contacts", ["Yes", "Yes", "–", "–"]),
    ] {
        find(&mut console, code);
        roles(&mut console, &OF_EACH_TYPE);
        assert_eq!(cells(&console, label), expected, "{code}: {}", console.text());
        if code == "contacts.may_delete" {
            continue;
        }
        // Neither by a letter nor by going through the values.
        for keys in ["\x1b[Fy", " "] {
            console.keys(keys);
            shows(&console, "can never hold it");
            hides(&console, "staged");
        }
    }
    // 002-16: deleting contacts is no ceiling: it is No, and a role may be given it.
    at(&mut console, "Marketing", "contacts.may_delete");
    console.keys("y");
    assert!(line(&console, "Delete contacts").contains("*Yes"));
}

/// 002-17…29: the requestable rows of the table, for one role of each type; what can be asked for has
/// the third value, what can't has not.
#[test]
fn on_request_is_there_for_what_can_be_asked_for_002_17_002_29() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    for (code, label) in [
        ("contacts.private", "Own private contac"),
        ("contacts.export", "Can Export Lists"),
        ("deals.export", "Export deals"),
        ("contacts.google", "Save to Google"),
        ("contacts.vcard", "Download vCard"),
        ("deals.may_delete", "Delete Deals"),
        ("deals.pipeline", "View Pipeline page"),
        ("reports.targets", "Edit own targets"),
        ("deals.items", "Add/Edit deal item"),
        ("activity.access", "View Activity page"),
        ("reports.edit", "Create and edit re"),
        ("contacts.bulk_status", "Bulk update Status"),
        ("contacts.bulk_owner", "Bulk update contac"),
        ("automation.autoflows", "Add/Edit/Delete Au"),
    ] {
        find(&mut console, code);
        roles(&mut console, &OF_EACH_TYPE);
        assert_eq!(cells(&console, label), ["Yes", "Yes", "ask", "ask"], "{code}: {}", console.text());
        // It is set, and it is among the options with what it means.
        console.keys("\x1b[Fy");
        assert_eq!(cells(&console, label)[3], "*Yes", "{code}");
        console.keys(ENTER);
        shows(&console, "r  On request");
        says(&console, "“Request permission” stands at its place");
        console.keys("r");
        hides(&console, "staged");
        console.wait(std::time::Duration::from_secs(15));
    }
    at(&mut console, "Marketing", "contacts.manage_fields");
    console.keys("r");
    shows(&console, "That value doesn't fit here.");
}

/// R12: where create/edit asks for more than view, the cell says what is left of it.
#[test]
fn r12_a_cell_says_where_it_asks_for_more_than_view() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    at(&mut console, "Vet Tech", "contacts.edit");
    console.keys("a");
    assert!(line(&console, "Can create/edit").contains("*All∩Roles"), "{}", console.text());
    says(&console, "All ∩ Owned by me and my roles: Create/edit never reaches further than view.");
}

/// R8: a Focused User's scopes come to what they own or are assigned to.
#[test]
fn r8_a_focused_user_has_what_they_own_or_are_assigned_to_002_07() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    at(&mut console, "Focused User", "contacts.view");
    assert!(line(&console, "Can view").contains("All→own"), "{}", console.text());
    says(&console, "only records that the person owns or is assigned to");
}

/// R13, 003-23: what something else decides says what, and can't be set.
#[test]
fn what_something_else_decides_says_so_002_31_003_23() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    at(&mut console, "Vet Tech", "contacts.import");
    assert!(line(&console, "Import contacts").contains("=Yes"), "{}", console.text());
    console.keys("n");
    says(&console, "Yes for whoever may create contacts");
    at(&mut console, "Vet Tech", "talk.access");
    console.keys("y");
    says(&console, "given to each person, on the Users page");
    hides(&console, "staged");
}

/// R9: without the area's access everything in it is void, and looks it.
#[test]
fn r9_what_an_area_that_is_off_makes_void_is_shown_as_void() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    at(&mut console, "Vet Tech", "deals.view");
    assert!(line(&console, "Can view").contains("(Own)"), "{}", console.text());
    shows(&console, "Void: Deals is off for this role");
}

/// 003-32, R18: locked roles are there to read.
#[test]
fn locked_roles_are_there_to_read_003_32() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    shows(&console, "locked");
    console.keys("\x1b[H").keys("j").keys("n");
    says(&console, "Locked role: it holds whatever its type can hold");
    hides(&console, "staged");
}

/// 003-32: whoever may not change roles may read the matrix; the keys that change are absent (R11).
#[test]
fn without_the_right_to_manage_roles_the_matrix_is_to_read_003_32() {
    let clinic = clinic(5);
    for email in ["kim@paws.example", "sam@paws.example", "freya@paws.example"] {
        let mut console = matrix(&clinic, email);
        shows(&console, "to read only");
        console.keys("j").keys("y").keys(" ").keys("v").keys("V").keys("P").keys("=").keys(BACKSPACE).keys(SAVE);
        hides(&console, "staged");
        says(&console, "You may read this, not change it");
        console.keys("?");
        for absent in ["Save what is staged", "Paste", "Set by a line", "Next value", "Start a range"] {
            hides(&console, absent);
        }
        shows(&console, "Only differences");
        console.esc().keys(":").keys("paste");
        hides(&console, "matrix.paste");
        hides(&console, "Pastes from here on");
    }
}

/// B2: one key explains the cell, to whoever looks.
#[test]
fn b2_one_key_explains_the_cell() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    at(&mut console, "Reception", "users.manage");
    console.keys("w");
    says(&console, "Add User / Remove User");
    says(&console, "Reception");
    says(&console, "the type User can never hold");
}

/// R31: nobody gives what they don't hold, changes their own role, or touches a locked one.
#[test]
fn r31_one_gives_only_what_one_holds() {
    let clinic = clinic(5);
    let team = r#"
[[roles]]
name = "Deputy"
manager = "Account Owner"
type = "administrator"
[roles.features]
"roles.manage" = "yes"
"contacts.access" = "yes"
"contacts.vcard" = "yes"
[[users]]
email = "ella@paws.example"
role = "Deputy"
"#;
    let applied = clinic.engine.operator().apply_team("test", team, rolecall::exchange::team_file::Format::Toml, false);
    assert!(applied.is_ok());
    add_roles(&clinic, &["Newcomer"]);
    let mut console = matrix(&clinic, "ella@paws.example");
    at(&mut console, "Newcomer", "contacts.export");
    console.keys("y");
    shows(&console, "which you don't hold");
    hides(&console, "staged");
    // What can't be given is told among the options, and stepped over.
    console.keys(ENTER);
    shows(&console, "which you don't hold");
    console.esc().keys(" ");
    assert!(line(&console, "Can Export").contains("*ask"), "{}", console.text());
    // Of an area, what one holds; the rest is counted.
    roles(&mut console, &["Deputy"]);
    console.keys("c");
    roles(&mut console, &["Newcomer"]);
    console.keys("g").keys("D").keys("y").keys("y");
    shows(&console, "7 left as they are: 7 not yours to give.");
    at(&mut console, "Deputy", "contacts.vcard");
    console.keys("n");
    shows(&console, "Your own role");
}
