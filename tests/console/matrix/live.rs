//! Two people at one matrix (B7, R16).

use super::{SAVE, add_roles, at, find, holds, line, matrix, roles, says};
use crate::harness::{Clinic, ENTER, OWNER, TAB, clinic, hides, shows};

const RAHUL: &str = "rahul@paws.example";

fn save(console: &mut rolecall::host::headless::Headless) {
    console.keys(SAVE).keys(ENTER);
    shows(console, "Saved");
}

fn stage(console: &mut rolecall::host::headless::Headless, role: &str, code: &str, key: &str) {
    at(console, role, code);
    console.keys(key);
}

/// Two sessions edit the same role: other cells merge without a word, and both saves hold.
#[test]
fn two_sessions_merge_cell_by_cell() {
    let clinic = clinic(5);
    let (mut mine, mut theirs) = (matrix(&clinic, OWNER), matrix(&clinic, RAHUL));
    stage(&mut mine, "Marketing", "contacts.vcard", "n");
    stage(&mut theirs, "Marketing", "contacts.google", "y");
    save(&mut theirs);
    mine.changed();
    hides(&mine, "conflict");
    shows(&mine, "1 staged, not saved");
    at(&mut mine, "Marketing", "contacts.google");
    assert!(line(&mine, "Save to Google").contains(" Yes"), "{}", mine.text());
    save(&mut mine);
    assert_eq!(holds(&clinic, "Marketing", "contacts.vcard"), "No");
    assert_eq!(holds(&clinic, "Marketing", "contacts.google"), "Yes");
}

fn conflict() -> (Clinic, rolecall::host::headless::Headless) {
    let clinic = clinic(5);
    let (mut mine, mut theirs) = (matrix(&clinic, OWNER), matrix(&clinic, RAHUL));
    // Marketing has On request.
    stage(&mut mine, "Marketing", "contacts.vcard", "y");
    stage(&mut mine, "Marketing", "contacts.export", "n");
    stage(&mut theirs, "Marketing", "contacts.vcard", "n");
    save(&mut theirs);
    mine.changed();
    (clinic, mine)
}

/// The same cell is shown three ways, and one is chosen; until then it isn't saved.
#[test]
fn the_same_cell_is_shown_three_ways_and_chosen() {
    let (clinic, mut mine) = conflict();
    shows(&mine, "Somebody else changed 1 of your staged cells");
    mine.keys("k");
    shows(&mine, "1 conflict");
    mine.keys(SAVE);
    shows(&mine, "choose at each first");
    mine.keys(TAB);
    assert!(line(&mine, "Download vCard").contains("!Yes"), "{}", mine.text());
    says(&mine, "was On request, theirs No, mine Yes. Enter chooses.");
    mine.keys(ENTER);
    shows(&mine, "Mine: Yes");
    shows(&mine, "Theirs: No");
    says(&mine, "It was On request.");
    mine.keys("m");
    hides(&mine, "conflict");
    save(&mut mine);
    assert_eq!(holds(&clinic, "Marketing", "contacts.vcard"), "Yes");
    assert_eq!(holds(&clinic, "Marketing", "contacts.export"), "No");
}

#[test]
fn theirs_is_taken() {
    let (clinic, mut mine) = conflict();
    mine.keys(TAB).keys(ENTER).keys("t");
    hides(&mine, "conflict");
    shows(&mine, "1 staged, not saved");
    save(&mut mine);
    assert_eq!(holds(&clinic, "Marketing", "contacts.vcard"), "No");
    assert_eq!(holds(&clinic, "Marketing", "contacts.export"), "No");
}

/// R16: what was staged and where the cursor stands are kept over whatever others do.
#[test]
fn r16_what_is_staged_and_the_cursor_are_kept() {
    let clinic = clinic(5);
    let mut mine = matrix(&clinic, OWNER);
    roles(&mut mine, &["Marketing", "Sales User", "Reception"]);
    mine.keys("]jl").keys("y");
    let cell = |text: &str| text.lines().find(|line| line.contains("·")).map(str::to_owned);
    let before = cell(&mine.text());
    add_roles(&clinic, &["Aaa"]);
    mine.changed();
    assert_eq!(before, cell(&mine.text()));
    find(&mut mine, "deals.");
    // A role that is gone takes what was staged on it along, and says so.
    mine.keys("c").keys("=").keys("role=Aaa perm=deals.access to=yes").keys(ENTER);
    clinic.engine.acting_as(RAHUL).unwrap().delete_role("Aaa", None).unwrap();
    mine.changed();
    shows(&mine, "went with a role or permission that was deleted");
}

/// R16: whoever may no longer change roles reads on.
#[test]
fn r16_the_right_to_change_goes_at_once() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, RAHUL);
    stage(&mut console, "Marketing", "contacts.vcard", "n");
    let change = rolecall::service::people::UserChange { role: Some("Marketing".to_owned()), ..Default::default() };
    clinic.engine.acting_as(OWNER).unwrap().change_user(RAHUL, &change).unwrap();
    console.changed();
    shows(&console, "to read only");
    console.keys(SAVE);
    hides(&console, "Save to the roles?");
    assert_eq!(holds(&clinic, "Marketing", "contacts.vcard"), "On request");
}
