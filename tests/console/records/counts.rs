//! What is chosen, in numbers: of a list that others change meanwhile, of one that is still being
//! counted, and of one record.

use rolecall::exchange::team_file::Format;
use rolecall::host::headless::Headless;
use rolecall::service::RecordDraft;

use super::{CTRL_S, CTRL_U, KIM, contacts, listed, row};
use crate::harness::{Clinic, DOWN, ENTER, OWNER, UP, clinic, hides, shows};

/// Somebody else sets the Status of a contact.
fn set_status(clinic: &Clinic, id: rolecall::model::RecordId, status: &str) {
    let fields = vec![("Status".to_owned(), status.to_owned())];
    let draft = RecordDraft { fields, ..RecordDraft::default() };
    clinic.engine.operator().update_record("contacts", id, &draft).unwrap();
}

/// The rules change, for people whose list this isn't.
fn change_rules(clinic: &Clinic) {
    let file = "[[users]]\nemail = \"priya@paws.example\"\nrole = \"Reception\"\n";
    clinic.engine.operator().apply_team("test", file, Format::Toml, false).unwrap();
}

fn leads(clinic: &Clinic) -> u64 {
    listed(clinic, OWNER, &[("Status", "Lead")]).total
}

/// All leads but the one that is first in the list, and that one.
fn all_leads_but_one(clinic: &Clinic) -> (Headless, rolecall::model::RecordId) {
    let mut console = contacts(clinic, OWNER);
    console.keys("fstatus\r").keys("lead \r").keys("*").keys(" ");
    let query = rolecall::service::records::RecordQuery {
        object: "contacts".to_owned(),
        filters: vec![("Status".to_owned(), "Lead".to_owned())],
        sort: Some("First Name".to_owned()),
        limit: 1,
        ..Default::default()
    };
    let first = clinic.engine.operator().records(&query).unwrap().rows[0].id;
    (console, first)
}

/// 000-26, R32: one that is taken out and then leaves the list is none of those that are asked about.
#[test]
fn all_but_one_that_left_the_list_meanwhile_are_deleted_000_26_r32() {
    let clinic = clinic(200);
    let (before, all) = (leads(&clinic), listed(&clinic, OWNER, &[]).total);
    let (mut console, out) = all_leads_but_one(&clinic);
    shows(&console, &format!("{} selected", before - 1));
    set_status(&clinic, out, "Customer");
    console.changed();
    shows(&console, &format!("{} contacts match", before - 1));
    shows(&console, &format!("{} selected", before - 1));
    console.keys("D");
    shows(&console, &format!("Delete {} contacts?", before - 1));
    console.keys("y");
    shows(&console, &format!("{0} of {0} contacts deleted.", before - 1));
    assert_eq!((leads(&clinic), listed(&clinic, OWNER, &[]).total), (0, all - (before - 1)));
}

/// The same where it comes back: it was taken out, and stays out.
#[test]
fn one_that_was_taken_out_left_and_came_back_is_still_out_000_26() {
    let clinic = clinic(200);
    let before = leads(&clinic);
    let (mut console, out) = all_leads_but_one(&clinic);
    set_status(&clinic, out, "Customer");
    console.changed();
    set_status(&clinic, out, "Lead");
    console.changed();
    shows(&console, &format!("{before} contacts match"));
    shows(&console, &format!("{} selected", before - 1));
    console.keys("D").keys("y");
    assert_eq!(listed(&clinic, OWNER, &[("Status", "Lead")]).rows.iter().map(|row| row.id).collect::<Vec<_>>(), [out]);
}

/// 000-26: and where it is taken out of what the list held before others changed it.
#[test]
fn one_that_is_taken_out_of_what_the_list_held_before_does_not_count_000_26() {
    let clinic = clinic(200);
    let before = leads(&clinic);
    let (mut console, first) = all_leads_but_one(&clinic);
    console.keys(UP).keys(" ").keys(UP);
    shows(&console, &format!("{before} selected"));
    console.hold_jobs();
    set_status(&clinic, first, "Customer");
    console.changed();
    console.keys(" ").run_jobs();
    shows(&console, &format!("{} contacts match", before - 1));
    shows(&console, &format!("{} selected", before - 1));
    console.keys("D").keys("y");
    assert_eq!(leads(&clinic), 0, "{}", console.text());
}

/// R16: whoever moves on while the list is asked for under other rules stays where they went.
#[test]
fn r16_who_moves_while_the_list_is_asked_for_under_other_rules_is_not_brought_back() {
    let clinic = clinic(60);
    let mut console = contacts(&clinic, OWNER);
    console.keys(DOWN).keys(DOWN).hold_jobs();
    change_rules(&clinic);
    console.changed();
    console.keys(DOWN).keys(DOWN).keys(DOWN);
    let went_to = row(&console);
    console.run_jobs();
    assert_eq!(row(&console), went_to);
    shows(&console, "row 6");
}

/// While it is counted anew, all of a list is all of it and no number, and Esc takes it back first.
#[test]
fn all_of_a_list_that_is_counted_anew_is_no_number() {
    let clinic = clinic(400);
    let mut console = contacts(&clinic, OWNER);
    console.keys("/a").keys(ENTER).keys("*").hold_jobs();
    change_rules(&clinic);
    console.changed().run_held();
    shows(&console, "counting…");
    shows(&console, "· all selected");
    console.keys(" ");
    shows(&console, "· all but 1 selected");
    console.keys("D");
    shows(&console, "still being counted");
    // What was said of it goes, and with it what hides the line about the list.
    console.wait(std::time::Duration::from_secs(20));
    shows(&console, "· all but 1 selected");
    console.esc();
    shows(&console, "counting…");
    hides(&console, "selected");
    shows(&console, "/ a");
    console.run_jobs();
    shows(&console, "contacts match");
}

/// 000-26: a list of one.
#[test]
fn all_of_a_list_of_one_are_one_000_26() {
    let clinic = clinic(60);
    let operator = clinic.engine.operator();
    let fields = vec![("First Name".to_owned(), "Zebedee".to_owned()), ("Last Name".to_owned(), "Only".to_owned())];
    operator.create_record("contacts", &RecordDraft { fields, ..RecordDraft::default() }).unwrap();
    let mut console = contacts(&clinic, OWNER);
    console.keys("/zebedee").keys(ENTER).keys("*").keys("o").keys("kim n").keys(ENTER);
    shows(&console, "1 contact goes to Kim Nguyen.");
    console.keys(ENTER);
    shows(&console, "1 of 1 contact given away.");
    console.keys("*").keys("D");
    shows(&console, "1 contact is deleted.");
    console.keys("y");
    shows(&console, "1 of 1 contact deleted.");
}

/// SPEC part 4: a file that can't be read to its end: the look says why and the import, once, that
/// nothing came in.
#[test]
fn what_cannot_be_read_says_once_that_nothing_was_imported_and_the_look_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("long.csv");
    let good = "First Name,Last Name\nAnn,Importee\n";
    let bad = format!("{good}Bob,{}\n", "x".repeat(17 << 20));
    let clinic = clinic(20);
    let mut console = contacts(&clinic, KIM);
    std::fs::write(&file, &bad).unwrap();
    console.keys("i").keys(CTRL_U).keys(file.display().to_string()).keys(ENTER).keys(CTRL_S);
    shows(&console, "Line 3: the row that begins here has more than 16 MiB");
    hides(&console, "imported");
    std::fs::write(&file, good).unwrap();
    console.keys(CTRL_S);
    shows(&console, "Made          1 contact");
    std::fs::write(&file, &bad).unwrap();
    console.keys(ENTER);
    shows(&console, "long.csv: nothing was imported. Line 3: the row that begins here");
    shows(&console, "Nothing was imported. Line 3: the row that begins here");
    hides(&console, "; nothing was");
    assert_eq!(listed(&clinic, KIM, &[("Last Name", "Importee")]).total, 0);
}
