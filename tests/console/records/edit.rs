//! Making and editing records.

use rolecall::exchange::team_file::Format;
use rolecall::service::RecordDraft;
use rolecall::service::records::RecordDetail;

use super::{CTRL_S, CTRL_U, FREYA, KIM, SAM, contacts, listed};
use crate::harness::{Clinic, DARK, ENTER, OWNER, TAB, WIDE, clinic, hides, shows};

fn sections(clinic: &Clinic, lines: &str) {
    let file = format!("[[roles]]\nname = \"Vet Tech\"\nmanager = \"Vet\"\n[roles.sections.contacts]\n{lines}\n");
    clinic.engine.operator().apply_team("t", &file, Format::Toml, false).unwrap();
}

fn own(clinic: &Clinic, who: &str) -> RecordDetail {
    let id = listed(clinic, who, &[("owner", who)]).rows[0].id;
    clinic.engine.operator().record("contacts", &id.to_string()).unwrap()
}

fn text(clinic: &Clinic, of: &RecordDetail, field: &str) -> String {
    let now = clinic.engine.operator().record("contacts", &of.row.id.to_string()).unwrap();
    let fields = now.sections.into_iter().flat_map(|section| section.fields);
    fields.into_iter().find(|(name, _)| name == field).map(|(_, text)| text).unwrap_or_default()
}

fn write(clinic: &Clinic, of: &RecordDetail, field: &str, text: &str) {
    let fields = vec![(field.to_owned(), text.to_owned())];
    let draft = RecordDraft { fields, ..RecordDraft::default() };
    clinic.engine.operator().update_record("contacts", of.row.id, &draft).unwrap();
}

/// 000-24, 002-32: whoever may edit at all creates, and owns what they make; the automatic days are
/// filled in by themselves.
#[test]
fn a_new_record_is_its_makers_and_dated_000_24_002_32() {
    let clinic = clinic(20);
    for who in [KIM, FREYA] {
        let mut console = contacts(&clinic, who);
        let before = listed(&clinic, who, &[("owner", who)]).total;
        console.keys("n");
        shows(&console, "New contact");
        console.keys("Aada").keys(ENTER).keys("Newby").keys(CTRL_S);
        shows(&console, "The new contact is there.");
        shows(&console, "Aada");
        assert_eq!(listed(&clinic, who, &[("owner", who)]).total, before + 1, "{who}");
        let made = listed(&clinic, OWNER, &[("Last Name", "Newby"), ("owner", who)]);
        assert_eq!(made.rows.len(), 1);
        let made = clinic.engine.operator().record("contacts", &made.rows[0].id.to_string()).unwrap();
        assert_eq!(text(&clinic, &made, "Created"), "2026-11-20");
        // The cursor is on it.
        assert!(super::row(&console).contains("Aada"));
    }
}

/// 000-25: with None on create/edit there is neither.
#[test]
fn with_none_there_is_neither_new_nor_edit_000_25() {
    let clinic = clinic(20);
    clinic
        .engine
        .operator()
        .apply_team(
            "t",
            "[[roles]]\nname = \"Vet Tech\"\nmanager = \"Vet\"\n[roles.scopes]\ncontacts = { view = \"all\", edit = \"none\", delete = \"none\" }\n",
            Format::Toml,
            false,
        )
        .unwrap();
    let mut console = contacts(&clinic, SAM);
    for key in ["n", "e", "i", "o", "a"] {
        let before = console.text();
        console.keys(key);
        assert_eq!(console.text(), before, "{key}");
    }
    console.keys("?");
    hides(&console, "Edit");
    hides(&console, "Import");
}

/// A Focused User owns what they create (R8): the field says so.
#[test]
fn a_focused_user_owns_what_they_create_and_sees_why() {
    let clinic = clinic(20);
    let mut console = contacts(&clinic, FREYA);
    console.keys("n");
    for _ in 0..60 {
        if console.text().contains("A Focused User owns what they create.") {
            return;
        }
        console.keys("\x1b[B");
    }
    panic!("{}", console.text());
}

/// 001-22, 001-23, 001-24, 004-24: sections that may only be viewed are locked and say why, hidden
/// ones aren't there, the others can be changed.
#[test]
fn a_section_is_editable_locked_or_absent_001_22_001_23_001_24_004_24() {
    let clinic = clinic(100);
    let mut console = clinic.console_with(Some(SAM), WIDE, DARK);
    console.keys(":").keys("go to contacts").keys(ENTER).keys("O").keys("e");
    let frame = console.text();
    assert!(frame.contains("Lead Information") && frame.contains("Clinic Notes"), "{frame}");
    for hidden in ["Memberships", "Member Since", "System Information", "Last Changed"] {
        hides(&console, hidden);
    }
    shows(&console, "Lead Information · view only");
    for _ in 0..6 {
        console.keys("\x1b[B");
    }
    shows(&console, "Your role may view “Lead Information”, not change it.");
    let before = console.text();
    console.keys("x").keys(" ");
    assert_eq!(console.text(), before, "locked");
    let record = own(&clinic, SAM);
    console.keys("\x1b[Z").keys(CTRL_U).keys("Cat Whisperer").keys(CTRL_S);
    shows(&console, "saved.");
    let changed = listed(&clinic, OWNER, &[("Job Title", "Cat Whisperer")]);
    assert_eq!(changed.total, 1, "{}", record.title);
}

/// What a field holds is in it when it is edited, whatever its kind: yes and no, too.
#[test]
fn an_editor_begins_with_what_the_record_holds() {
    let clinic = clinic(60);
    let record = own(&clinic, SAM);
    write(&clinic, &record, "Job Title", "Cat Whisperer");
    for (word, step) in [("Yes", "‹ Yes ›"), ("No", "‹ No ›"), ("", "‹ (empty) ›")] {
        write(&clinic, &record, "Vaccinated", word);
        let mut console = clinic.console_with(Some(SAM), WIDE, DARK);
        console.keys(":").keys("go to contacts").keys(ENTER).keys("/").keys("cat whisperer").keys(ENTER).keys("e");
        let vaccinated = console.text().lines().find(|line| line.contains("Vaccinated")).unwrap_or_default().to_owned();
        assert!(vaccinated.contains(step), "{word}: {vaccinated}");
    }
}

/// Only what was changed is written: what somebody else changed meanwhile in another field stays.
#[test]
fn only_changed_fields_are_written_and_a_field_that_both_change_is_shown() {
    let clinic = clinic(60);
    let record = own(&clinic, SAM);
    let mut console = contacts(&clinic, SAM);
    let mine = listed(&clinic, SAM, &[("owner", SAM)]).total;
    assert!(mine > 0);
    console.keys("f").keys("\x15");
    console.esc();
    console.keys("O").keys("/").keys(text(&clinic, &record, "Last Name")).keys(ENTER).keys("e");
    // Mine in the job title, theirs in the phone.
    for _ in 0..5 {
        console.keys(TAB);
    }
    console.keys(CTRL_U).keys("Mine");
    let edited = clinic.engine.operator().records(&rolecall::service::records::RecordQuery {
        object: "contacts".to_owned(),
        filters: vec![("owner".to_owned(), SAM.to_owned())],
        search: Some(text(&clinic, &record, "Last Name")),
        sort: Some("First Name".to_owned()),
        limit: 1,
        ..Default::default()
    });
    let id = edited.unwrap().rows[0].id;
    let record = clinic.engine.operator().record("contacts", &id.to_string()).unwrap();
    write(&clinic, &record, "Phone", "+44 20 7946 0999");
    console.changed();
    shows(&console, "+44 20 7946 0999");
    write(&clinic, &record, "Job Title", "Theirs");
    console.changed();
    shows(&console, "Meanwhile somebody else put “Theirs” here.");
    shows(&console, "Mine");
    console.keys("\x12");
    shows(&console, "Theirs");
    console.keys(CTRL_U).keys("Mine").keys(CTRL_S);
    shows(&console, "saved.");
    assert_eq!(text(&clinic, &record, "Job Title"), "Mine");
    assert_eq!(text(&clinic, &record, "Phone"), "+44 20 7946 0999");
}

/// B6: when a section goes while one edits, what was typed elsewhere stays and what may no longer be
/// seen is gone; when the record goes, it says so and saves nothing.
#[test]
fn b6_what_may_no_longer_be_seen_goes_and_the_rest_of_the_text_stays() {
    let clinic = clinic(60);
    let mut console = contacts(&clinic, SAM);
    console.keys("O").keys("e").keys(CTRL_U).keys("Typed");
    shows(&console, "Lead Information");
    sections(&clinic, "\"Lead Information\" = { view = false, edit = false }");
    console.changed();
    hides(&console, "Lead Information");
    shows(&console, "Typed");
    for row in listed(&clinic, SAM, &[("owner", SAM)]).rows {
        let draft = RecordDraft { owner: Some(OWNER.to_owned()), ..RecordDraft::default() };
        clinic.engine.operator().update_record("contacts", row.id, &draft).unwrap();
    }
    console.changed();
    shows(&console, "No such record.");
    shows(&console, "Typed");
    console.keys(CTRL_S);
    assert_eq!(listed(&clinic, OWNER, &[("First Name", "Typed")]).total, 0);
}

/// 001-22: when the section becomes view only while one types in it, saving is refused with the
/// reason, and nothing is written.
#[test]
fn a_section_that_becomes_view_only_locks_the_field_that_was_typed_in_001_22() {
    let clinic = clinic(60);
    let mut console = contacts(&clinic, SAM);
    console.keys("O").keys("e").keys(CTRL_U).keys("Typed");
    sections(&clinic, "\"Contact Information\" = { view = true, edit = false }");
    console.changed();
    console.keys(CTRL_S);
    assert_eq!(listed(&clinic, OWNER, &[("First Name", "Typed")]).total, 0);
    shows(&console, "Contact");
}

/// 001-11: leaving with something typed asks first.
#[test]
fn leaving_an_editor_with_something_typed_asks_001_11() {
    let clinic = clinic(20);
    let mut console = contacts(&clinic, KIM);
    console.keys("n").keys("Half");
    console.esc();
    shows(&console, "First Name is changed and not saved.");
    console.esc();
    shows(&console, "Half");
}

/// 000-11, R13: in an editor the owner is one of the active users, and saving shows what it means.
#[test]
fn an_editor_gives_a_record_away_after_a_look_at_what_it_means_000_11_r13() {
    let clinic = clinic(60);
    let mut console = contacts(&clinic, SAM);
    let before = listed(&clinic, SAM, &[("owner", SAM)]).total;
    console.keys("O").keys("e");
    while !console.text().contains("Who sees and changes it follows its owner.") {
        console.keys(TAB);
    }
    console.keys("kim ng").keys(ENTER).keys(CTRL_S);
    shows(&console, "Kim Nguyen");
    shows(&console, "lose");
    console.keys("y");
    shows(&console, "saved.");
    assert_eq!(listed(&clinic, SAM, &[("owner", SAM)]).total, before - 1);
}

#[test]
fn a_wrong_value_stands_at_its_field_and_nothing_is_saved() {
    let clinic = clinic(20);
    let mut console = contacts(&clinic, OWNER);
    let total = listed(&clinic, OWNER, &[]).total;
    console.keys("n").keys("Ann").keys(ENTER).keys("Other").keys(ENTER).keys("no address").keys(CTRL_S);
    shows(&console, "isn't an email address");
    hides(&console, "Email: “no address”");
    assert_eq!(listed(&clinic, OWNER, &[]).total, total);
}

#[test]
fn the_editor_looks_like_this() {
    let clinic = clinic(60);
    let mut frames = String::new();
    for (size, name) in [(crate::harness::SMALL, "80x24"), (WIDE, "120x40")] {
        for who in [OWNER, SAM] {
            let mut console = clinic.console_with(Some(who), size, DARK);
            console.keys(":").keys("go to contacts").keys(ENTER).keys("O").keys("e");
            frames.push_str(&format!("── {who} {name}\n{}", console.text()));
            console.esc();
            console.keys("n");
            frames.push_str(&format!("── {who} {name} new\n{}{}", console.text(), console.frame().styles()));
        }
    }
    insta::assert_snapshot!("editor", frames);
}

/// The cursor stays on what was saved, wherever its new name puts it: the next key isn't for a
/// stranger.
#[test]
fn after_a_save_the_cursor_is_on_what_was_saved() {
    let clinic = clinic(60);
    for row in [0, 5] {
        let mut console = contacts(&clinic, OWNER);
        console.keys("j".repeat(row)).keys("e").keys(CTRL_U).keys("Zzzebedee").keys(CTRL_S).changed();
        shows(&console, "saved.");
        assert!(super::row(&console).contains("Zzzebedee"), "{}", console.text());
        console.keys("e");
        shows(&console, "Zzzebedee");
        console.esc();
        // And back up.
        console.keys("e").keys(CTRL_U).keys("Aaaron").keys(CTRL_S).changed();
        assert!(super::row(&console).contains("Aaaron"), "{}", console.text());
    }
}

/// A new record in which nothing is filled in isn't saved, and what is typed next goes into it.
#[test]
fn a_new_record_of_which_nothing_is_filled_in_stays_and_says_so() {
    let clinic = clinic(20);
    let mut console = contacts(&clinic, KIM);
    let before = listed(&clinic, KIM, &[]).total;
    console.keys("n").keys(CTRL_S);
    shows(&console, "Nothing is filled in yet.");
    shows(&console, "New contact");
    console.keys(" ").keys(CTRL_S);
    shows(&console, "Nothing is filled in yet.");
    assert_eq!(listed(&clinic, KIM, &[]).total, before);
    // Any field will do.
    console.keys(CTRL_U).keys(ENTER).keys("Lastonly").keys(CTRL_S);
    shows(&console, "The new contact is there.");
    assert_eq!(listed(&clinic, KIM, &[("Last Name", "Lastonly")]).total, 1);
}

/// What is typed ahead waits for the fields that it is for.
#[test]
fn what_is_typed_ahead_waits_for_the_form() {
    let clinic = clinic(20);
    for keys in ["4n", "4e", "2n", "2je", "3n", ":my details\r"] {
        let mut console = clinic.console(OWNER);
        let (last, before) = (&keys[keys.len() - 1..], &keys[..keys.len() - 1]);
        console.keys(before).hold_jobs().keys(last);
        // As on any screen that is being looked up: keys wait for it, as long as they wait for anything.
        assert!(!console.app().is_typing(), "{keys}\n{}", console.text());
        console.run_jobs();
        assert!(console.app().is_typing(), "{keys}\n{}", console.text());
    }
}
