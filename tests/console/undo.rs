//! The key that undoes, and the list of what happened.

use std::sync::atomic::AtomicBool;

use rolecall::model::Status;
use rolecall::service::draft::Draft;
use rolecall::service::import::ImportOptions;
use rolecall::service::people::{NewUser, UserChange};
use rolecall::service::{RecordDraft, Session};
use rolecall::tui::event::Size;

use crate::harness::{Clinic, DARK, ENTER, OWNER, SMALL, WIDE, clinic, hides, shows};
use crate::people::says;

fn session(clinic: &Clinic, email: &str) -> Session {
    clinic.engine.acting_as(email).unwrap()
}

fn rename(clinic: &Clinic, who: &str, name: &str) {
    let change = UserChange { name: Some(name.to_owned()), ..UserChange::default() };
    session(clinic, OWNER).save(&Draft::User { email: who.to_owned(), change }).unwrap();
}

/// `u` says what it will undo, does it when told to, and steps further back the next time.
#[test]
fn u_says_what_it_will_undo_and_steps_back() {
    let clinic = clinic(5);
    rename(&clinic, "sam@paws.example", "Sam One");
    rename(&clinic, "sam@paws.example", "Sam Two");
    let mut olivia = clinic.console(OWNER);
    olivia.keys("2").keys("/").keys("sam@").keys(ENTER).keys("u");
    shows(&olivia, "This takes back your last change");
    shows(&olivia, "name: “Sam Two” → “Sam One”");
    shows(&olivia, "Nobody gains or loses anything.");
    olivia.esc();
    shows(&olivia, "Sam Two");
    olivia.keys("u").keys(ENTER);
    olivia.changed();
    shows(&olivia, "Undone: change sam@paws.example.");
    shows(&olivia, "Sam One");
    olivia.keys("u").keys(ENTER);
    olivia.changed();
    shows(&olivia, "Sam Smith");
}

/// Others' changes are theirs; what the rules forbid or somebody changed since stays, with the reason.
#[test]
fn u_says_why_it_does_not_undo_r22_r31() {
    let clinic = clinic(5);
    let mut sam = clinic.console("sam@paws.example");
    sam.keys("u");
    shows(&sam, "There is nothing of yours to undo.");
    rename(&clinic, "sam@paws.example", "Sam One");
    clinic
        .engine
        .operator()
        .save(&Draft::User {
            email: "sam@paws.example".to_owned(),
            change: UserChange { name: Some("Sam Two".to_owned()), ..UserChange::default() },
        })
        .unwrap();
    let mut olivia = clinic.console(OWNER);
    olivia.keys("u");
    shows(&olivia, "can't be undone");
    shows(&olivia, "was changed");
}

/// B1: an undo shows who gains and who loses by it.
#[test]
fn u_shows_its_impact_b1() {
    let clinic = clinic(20);
    session(&clinic, OWNER).set_status("sam@paws.example", Status::Revoked).unwrap();
    let mut olivia = clinic.console(OWNER);
    olivia.keys("u");
    shows(&olivia, "“revoked” → “active”");
    shows(&olivia, "1 person gains.");
    shows(&olivia, "Sam Smith");
    shows(&olivia, "+ Contacts: see");
}

/// 003-19: the history, newest first, with before and after, by filter and text.
#[test]
fn activity_lists_what_happened_and_opens_to_before_and_after_003_19() {
    let clinic = clinic(20);
    rename(&clinic, "sam@paws.example", "Sam One");
    session(&clinic, OWNER).set_status("freya@paws.example", Status::Revoked).unwrap();
    for size in [SMALL, WIDE] {
        let mut olivia = clinic.console_with(Some(OWNER), size, DARK);
        olivia.keys(":").keys("go to activity").keys(ENTER);
        shows(&olivia, "What happened, newest first");
        shows(&olivia, "Revoked freya@paws.example");
        olivia.keys("/").keys("sam one").keys(ENTER);
        shows(&olivia, "Change sam@paws.example");
        hides(&olivia, "Revoked freya");
        olivia.keys(ENTER);
        shows(&olivia, "Sam Smith → Sam One");
        olivia.esc().esc();
        shows(&olivia, "Revoked freya@paws.example");
        olivia.keys("f").keys("kind").keys(ENTER).keys("roles").keys(" ").keys(ENTER);
        shows(&olivia, "about roles");
        hides(&olivia, "Revoked freya");
        olivia.keys("c").keys("f").keys("time").keys(ENTER).keys("from").keys(ENTER).keys("nonsense").keys("\x13");
        shows(&olivia, "Type a day such as 2027-01-31.");
    }
}

/// What was read of a large import is no measure of it: no number is told that isn't so.
#[test]
fn activity_tells_no_number_of_what_it_did_not_read() {
    let clinic = clinic(20);
    let rows: String = (0..300).map(|number| format!("Ann {number}\n")).collect();
    let options = ImportOptions { file: "a.csv".to_owned(), ..ImportOptions::default() };
    let csv = format!("First Name\n{rows}");
    let going = AtomicBool::new(false);
    session(&clinic, OWNER).import("contacts", csv.as_bytes(), &options, &mut |_| {}, &going).unwrap();
    let mut olivia = clinic.console_with(Some(OWNER), Size { width: 200, height: 45 }, DARK);
    olivia.keys(":").keys("go to activity").keys(ENTER);
    let line = olivia.text().lines().find(|line| line.contains("a.csv ·")).unwrap().to_owned();
    assert!(line.contains(", and more"), "{line}");
}

/// R32, 002-34: without the right to the audit history one sees one's own doings, without numbers.
#[test]
fn activity_without_the_audit_right_is_ones_own_r32_002_34() {
    let clinic = clinic(20);
    rename(&clinic, "sam@paws.example", "Sam One");
    let mut sam = clinic.console("sam@paws.example");
    sam.keys(":").keys("go to activity").keys(ENTER);
    shows(&sam, "What you did, newest first");
    shows(&sam, "You have changed nothing yet.");
    sam.keys("f");
    hides(&sam, "Person");
    sam.esc();
    session(&clinic, "sam@paws.example").create_record("contacts", &RecordDraft::default()).unwrap();
    sam.changed();
    shows(&sam, "Create in contacts");
    sam.keys(ENTER);
    shows(&sam, "Made.");
}

/// Home tells the latest of what one may know.
#[test]
fn home_tells_the_latest_activity_r32() {
    let clinic = clinic(20);
    rename(&clinic, "sam@paws.example", "Sam One");
    let olivia = clinic.console(OWNER);
    shows(&olivia, "Latest activity");
    shows(&olivia, "change sam@");
    let mut freya = clinic.console("freya@paws.example");
    hides(&freya, "Latest activity");
    hides(&freya, "What you did");
    session(&clinic, "freya@paws.example").create_record("contacts", &RecordDraft::default()).unwrap();
    freya.changed();
    // Whoever reads nobody else's doings isn't told each time that these are their own.
    shows(&freya, "What you did lately");
    shows(&freya, "create in con");
}

/// Home says who did what as the Activity screen does: one's own doings have their name too.
#[test]
fn home_names_whoever_did_something_also_oneself_r32() {
    let clinic = clinic(20);
    for (who, name) in [(OWNER, "Olivia Hart"), ("kim@paws.example", "Kim Nguyen")] {
        session(&clinic, who).create_record("contacts", &RecordDraft::default()).unwrap();
        let mut wide = clinic.console_with(Some(OWNER), WIDE, DARK);
        shows(&wide, &format!("12:00 {name}: create in"));
        shows(&clinic.console(OWNER), &format!("12:00 {name}"));
        wide.keys("7");
        shows(&wide, name);
    }
}

/// B5: where the last change can't be undone, `u` says which that is and why, and offers the next
/// older one that can be: Enter alone, pressed by habit, doesn't take that.
#[test]
fn u_offers_an_older_change_where_the_last_one_stands_b5() {
    let clinic = clinic(5);
    rename(&clinic, "sam@paws.example", "Sam One");
    let new = NewUser {
        email: "zoe@paws.example".to_owned(),
        name: "Zoe".to_owned(),
        role: "Vet Tech".to_owned(),
        ..NewUser::default()
    };
    session(&clinic, OWNER).add_user(&new).unwrap();
    for size in [SMALL, WIDE] {
        let mut olivia = clinic.console_with(Some(OWNER), size, DARK);
        olivia.keys("u");
        says(&olivia, "Your last change, “add zoe@paws.example”, of ");
        says(&olivia, "revoke their access and delete them instead");
        says(&olivia, "An older change can: this takes back “change sam@paws.example”");
        says(&olivia, "name: “Sam One” → “Sam Smith”");
        says(&olivia, "undo the older one");
        olivia.keys(ENTER);
        says(&olivia, "An older change can");
    }
    let mut olivia = clinic.console(OWNER);
    olivia.keys("u").keys("y");
    olivia.changed();
    says(&olivia, "Undone: change sam@paws.example.");
    olivia.keys("u");
    says(&olivia, "Your last change, “add zoe@paws.example”, can't be undone");
}

/// R13, R14: the look at what giving away means says that private contacts can't be taken back, the
/// toast claims no undo that isn't there, and `u` says what stays.
#[test]
fn giving_private_contacts_away_is_announced_and_u_offers_the_rest_r13_r14() {
    const KIM: &str = "kim@paws.example";
    let clinic = clinic(100);
    let mut console = clinic.console(KIM);
    console.keys(":").keys("go to contacts").keys(ENTER).keys("O").keys("p").keys(ENTER);
    says(&console, "made private. u takes it back.");
    console.keys(" ").keys(" ").keys("o").keys("sam ").keys(ENTER);
    says(&console, "2 contacts go to Sam Smith.");
    says(&console, "1 of these is private: once given away you can't see it or take this back.");
    console.keys("y");
    says(&console, "2 of 2 contacts given away. u takes a part of it back.");
    console.keys("u");
    says(&console, "1 of 2 contacts stays as it is, and undo won't come back to this");
    says(&console, "can give it back");
    console.keys("y");
    says(&console, "Undone: change owner in contacts.");
}

/// What can't be taken back isn't said to be, and what can is: by one rule, on every screen.
#[test]
fn a_toast_says_what_u_does_to_the_change_r24() {
    let clinic = clinic(20);
    let mut olivia = clinic.console(OWNER);
    olivia.keys(":").keys("go to contacts").keys(ENTER).keys("D").keys("y");
    says(&olivia, "deleted. u takes it back.");
    olivia.keys("n").keys("Ann").keys("\x13");
    says(&olivia, "The new contact is there. u takes it back.");
    // Who is added or deleted doesn't go or come by an undo.
    session(&clinic, OWNER).set_status("sam@paws.example", Status::Revoked).unwrap();
    olivia.changed();
    olivia.keys("2").keys("/").keys("sam@").keys(ENTER).keys("D").keys("freya").keys(ENTER).keys("\x13");
    says(&olivia, "is deleted for good: that can't be undone.");
    olivia.keys(ENTER);
    says(&olivia, "Sam Smith is deleted.");
    hides(&olivia, "takes it back");
}
