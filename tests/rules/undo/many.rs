//! Undo of what was done to many records at once: what is said of them, and what stays.

use std::sync::Arc;

use rolecall::service::ServiceError;

use super::*;
use crate::watched::Watched;

/// R32: what stays of a set is told the same, whether it is gone or out of view.
#[test]
fn a_set_tells_what_is_gone_and_what_is_unseen_alike_r32() {
    let mut answers = Vec::new();
    for gone in [false, true] {
        let house = House::full();
        house.contact("rae-2", "rae", &[]);
        allow(&house, "Everything", "\"contacts.bulk_status\" = \"yes\"\n");
        let eve = house.session("eve");
        let which = Which::These(["rae", "rae-2", "rob"].iter().map(|who| house.id(who)).collect());
        eve.act_on_records("contacts", &which, &Act::Status("Lead".to_owned()), &mut |_, _| {}, &GOING).unwrap();
        let id = house.id("rae-2");
        match gone {
            true => house.operator().delete_record("contacts", id).unwrap(),
            false => {
                allow(&house, "Rep", "\"contacts.private\" = \"yes\"\n");
                let sealed = RecordDraft { private: Some(true), ..RecordDraft::default() };
                house.session("rae").update_record("contacts", id, &sealed).unwrap();
            }
        }
        let undoing = eve.undoing(&GOING).unwrap().unwrap();
        answers.push((undoing.sentences.clone(), undoing.stays.clone(), undoing.impact.clone()));
        eve.undo(&undoing, &GOING).unwrap();
    }
    assert!(answers[0].1.as_ref().unwrap().ends_with("1 is no longer there, or no longer yours to see"), "{answers:?}");
    assert_eq!(answers[0], answers[1]);
}

/// B5: what was made or changed by the hundred is told by its number, not cell by cell.
#[test]
fn many_records_are_told_by_their_number_b5() {
    let house = House::full();
    allow(&house, "Everything", "\"contacts.bulk_status\" = \"yes\"\n");
    let eve = house.session("eve");
    let rows: String = (0..30).map(|number| format!("Ann {number},Lee\n")).collect();
    let options = ImportOptions { file: "spring.csv".to_owned(), ..ImportOptions::default() };
    let csv = format!("First Name,Last Name\n{rows}");
    let report = eve.import("contacts", csv.as_bytes(), &options, &mut |_| {}, &GOING).unwrap();
    assert_eq!(eve.takes_back(report.mark), TakesBack::Whole);
    let undoing = eve.undoing(&GOING).unwrap().unwrap();
    assert_eq!(undoing.sentences, ["30 contacts made by the import from spring.csv will be deleted"]);
    let all = Which::All { query: Box::new(query()), except: Vec::new(), at_most: None };
    let done = eve.act_on_records("contacts", &all, &Act::Status("Lead".to_owned()), &mut |_, _| {}, &GOING);
    let said = format!("{} contacts, Status: “Lead” → nothing", done.unwrap().changed);
    assert_eq!(eve.undoing(&GOING).unwrap().unwrap().sentences, [said]);
    undo(&eve);
    let done = eve.act_on_records("contacts", &all, &Act::Delete, &mut |_, _| {}, &GOING).unwrap();
    let undoing = eve.undoing(&GOING).unwrap().unwrap();
    assert_eq!(undoing.sentences, [format!("{} contacts that were deleted come back", done.changed)]);
    eve.undo(&undoing, &GOING).unwrap();
    // Somebody works on two of them: those stay, by name, and the rest goes.
    let page = contacts(&house.operator());
    let two: Vec<_> = page.rows.iter().filter(|row| row.external_id.is_none()).take(2).collect();
    for row in &two {
        house.operator().update_record("contacts", row.id, &draft(&[("Phone", "555")])).unwrap();
    }
    let undoing = eve.undoing(&GOING).unwrap().unwrap();
    assert_eq!(undoing.sentences, ["28 contacts made by the import from spring.csv will be deleted"]);
    let stays = undoing.stays.clone().unwrap();
    assert!(stays.starts_with("2 of 30 contacts stay as they are"), "{stays}");
    assert!(stays.contains("contact “Ann ") && stays.ends_with("were changed since"), "{stays}");
    assert!(two.iter().all(|row| !stays.contains(&row.id.to_string())), "{stays}");
    eve.undo(&undoing, &GOING).unwrap();
    assert_eq!(contacts(&house.operator()).total, OWNERS.len() as u64 + 2);
}

/// B5: between the question and the answer a record goes: nothing happens, and it is said.
#[test]
fn a_record_that_goes_meanwhile_is_said_to_be_gone_b5_r32() {
    let house = House::full();
    let eve = house.session("eve");
    eve.update_record("contacts", house.id("rae"), &draft(&[("Last Name", "One")])).unwrap();
    let asked = eve.undoing(&GOING).unwrap().unwrap();
    house.operator().delete_record("contacts", house.id("rae")).unwrap();
    let why = eve.undo(&asked, &GOING).unwrap_err().to_string();
    assert_eq!(why, "the contact is no longer there, or no longer yours to see");
    // A deleted one is there again: it isn't made a second time.
    let made = eve.create_record("contacts", &draft(&[("First Name", "Ann")])).unwrap().0;
    eve.delete_record("contacts", made).unwrap();
    let (asked, other) = (eve.undoing(&GOING).unwrap().unwrap(), house.session("eve"));
    undo(&other);
    assert_eq!(eve.undo(&asked, &GOING).unwrap_err().to_string(), "it was taken back already");
    assert_eq!(contacts(&house.operator()).rows.iter().filter(|row| row.id == made).count(), 1);
}

/// B5: of a change of which only the beginning was looked at it isn't said that all of it goes back, and
/// nothing of one that isn't the last.
#[test]
fn what_was_not_looked_at_is_not_promised_b5() {
    let house = House::full();
    let eve = house.session("eve");
    let import = |rows: usize| {
        let csv = format!("First Name\n{}", "Ann\n".repeat(rows));
        eve.import("contacts", csv.as_bytes(), &ImportOptions::default(), &mut |_| {}, &GOING).unwrap().mark
    };
    let few = import(2);
    assert_eq!(eve.takes_back(few), TakesBack::Whole);
    assert_eq!(eve.takes_back(import(10_001)), TakesBack::Part);
    assert_eq!(eve.takes_back(few), TakesBack::Nothing);
    let undoing = eve.undoing(&GOING).unwrap().unwrap();
    assert_eq!(eve.undo(&undoing, &GOING).unwrap().takes_back, TakesBack::Nothing);
    assert_eq!(eve.takes_back(few), TakesBack::Nothing, "the undo came after it");
}

/// B5: what is done is what was said: where other records stay than those that were announced, as many as
/// they may be, nothing happens.
#[test]
fn other_records_that_stay_are_said_anew_b5() {
    let house = House::full();
    allow(&house, "Everything", "\"contacts.bulk_status\" = \"yes\"\n");
    let (eve, operator) = (house.session("eve"), house.operator());
    let which = Which::These(["rae", "rob", "dan"].iter().map(|who| house.id(who)).collect());
    eve.act_on_records("contacts", &which, &Act::Status("Lead".to_owned()), &mut |_, _| {}, &GOING).unwrap();
    let status = |who: &str, status: &str| {
        operator.update_record("contacts", house.id(who), &draft(&[("Status", status)])).unwrap();
    };
    status("rae", "Customer");
    let asked = eve.undoing(&GOING).unwrap().unwrap();
    status("rae", "Lead");
    status("rob", "Customer");
    let why = eve.undo(&asked, &GOING).unwrap_err().to_string();
    assert!(why.contains("some of it was changed meanwhile"), "{why}");
    let again = eve.undoing(&GOING).unwrap().unwrap();
    eve.undo(&again, &GOING).unwrap();
}

/// B5: whoever stops waiting to hear what an undo would take back is heard while it is read.
#[test]
fn looking_at_what_an_undo_takes_back_can_be_called_off_b5() {
    let disk = Watched::default();
    let house = House::full_on(Arc::new(disk.clone()));
    let eve = house.session("eve");
    let row = format!("{}\n", "Ann".repeat(30));
    let whole = row.len() as u64 * 30_000;
    let csv = format!("First Name\n{}", row.repeat(30_000));
    eve.import("contacts", csv.as_bytes(), &ImportOptions::default(), &mut |_| {}, &GOING).unwrap();
    // They are counted first, then read.
    for part in [2, 6] {
        let called_off = disk.called_off_after(part * whole / 4);
        let (read, ended) = disk.read_by(|| eve.undoing(called_off));
        let most = (part + 1) * whole / 4;
        assert!(matches!(ended, Err(ServiceError::Cancelled)) && read < most, "{read} of {whole}: {ended:?}");
    }
}

/// B5: a change of more records than are held at once isn't offered, and it is known without looking at
/// them: they are counted, and only as far as they are too many.
#[test]
fn a_change_of_too_many_records_is_refused_with_the_way_out_b5() {
    const MOST: u64 = 200_000;
    let disk = Watched::default();
    let house = House::full_on(Arc::new(disk.clone()));
    let eve = house.session("eve");
    let row = format!("{}\n", "Ann".repeat(30));
    let whole = row.len() as u64 * (MOST + 1);
    let csv = format!("First Name\n{}", row.repeat(200_001));
    let report = eve.import("contacts", csv.as_bytes(), &ImportOptions::default(), &mut |_| {}, &GOING).unwrap();
    assert_eq!(report.created, MOST + 1);
    assert_eq!(eve.takes_back_records(report.mark, report.created), TakesBack::Nothing);
    let (read, takes_back) = disk.read_by(|| eve.takes_back(report.mark));
    assert_eq!(takes_back, TakesBack::Nothing);
    assert!(read < 2 * whole, "{read} of {whole}");
    let (read, why) = disk.read_by(|| eve.undoing(&GOING).unwrap_err().to_string());
    assert!(why.contains("more than 200,000 things") && why.contains("narrow the list"), "{why}");
    assert!(read < 2 * whole, "{read} of {whole}");
    // Whoever stops waiting is heard in the midst of it.
    let called_off = disk.called_off_after(whole / 4);
    let (read, ended) = disk.read_by(|| eve.undoing(called_off));
    assert!(matches!(ended, Err(ServiceError::Cancelled)) && read < whole / 2, "{read} of {whole}: {ended:?}");
}

/// R14, R24, R32: how much somebody left, some of it perhaps sealed, isn't told by how undo of their deletion
/// is refused.
#[test]
fn a_deletion_is_refused_alike_however_much_was_left_r14_r32() {
    let mut answers = Vec::new();
    for left in [0, 200_001] {
        let house = House::full();
        house.apply("[[users]]\nemail = \"zed@team.example\"\nname = \"Zed\"\nrole = \"Rep\"\n").unwrap();
        let csv = format!("First Name,owner\n{}", "Ann,zed@team.example\n".repeat(left));
        house.operator().import("contacts", csv.as_bytes(), &ImportOptions::default(), &mut |_| {}, &GOING).unwrap();
        let adam = house.session("adam");
        adam.set_status(&email("zed"), Status::Revoked).unwrap();
        adam.delete_user(&email("zed"), &Heirs { records: email("dan"), ..Heirs::default() }).unwrap();
        answers.push(adam.undoing(&GOING).unwrap_err().to_string());
    }
    assert!(answers[0].contains("doesn't come back by an undo"), "{}", answers[0]);
    assert_eq!(answers[0], answers[1]);
}
