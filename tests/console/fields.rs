//! The Field Editor: sections and their permissions, fields, options.

use rolecall::exchange::team_file::Format;
use rolecall::host::headless::Headless;
use rolecall::model::SectionAccess;

use crate::harness::{Clinic, DARK, DOWN, ENTER, OWNER, RIGHT, SMALL, WIDE, clinic, hides, shows};

const SAVE: &str = "\x13";

fn apply(clinic: &Clinic, file: &str) {
    let applied = clinic.engine.operator().apply_team("test", file, Format::Toml, false);
    applied.map(|_| ()).unwrap_or_else(|error| panic!("{error}"));
}

/// A console in the Field Editor of the contacts, at this line.
fn editor(clinic: &Clinic, email: &str, line: &str) -> Headless {
    let mut console = clinic.console(email);
    console.keys(":").keys("field editor").keys(ENTER);
    to(&mut console, line);
    console
}

fn to(console: &mut Headless, line: &str) {
    for _ in 0..60 {
        if console.text().lines().any(|shown| shown.starts_with(" ▌") && shown.contains(line)) {
            return;
        }
        console.keys(DOWN);
    }
    panic!("no {line}\n{}", console.text());
}

fn access(clinic: &Clinic, section: &str, role: &str) -> SectionAccess {
    let roles = clinic.engine.operator().section_roles("contacts", section).unwrap();
    roles.into_iter().find(|row| row.role == role).unwrap().access
}

/// 001-20: all sections with their fields; a Permissions button at every section, for whoever manages
/// roles. 004-10.
#[test]
fn every_section_has_its_permissions_for_whoever_manages_roles_001_20_004_10() {
    let clinic = clinic(5);
    let mut owner = clinic.console_with(Some(OWNER), crate::harness::WIDE, DARK);
    owner.keys(":").keys("field editor").keys(ENTER);
    shows(&owner, "Contacts › Settings › Field Editor");
    let frame = owner.text();
    let sections = ["Contact Information", "Lead Information", "Memberships", "Notes", "System Information"];
    for section in sections {
        let line = frame.lines().find(|line| line.contains(section)).unwrap_or_else(|| panic!("no {section}"));
        assert!(line.contains("P Permissions"), "{line}");
    }
    for field in ["First Name", "Lead Score", "Member Since", "Last Changed"] {
        shows(&owner, field);
    }
    // Kim manages contact fields, and no roles.
    let mut kim = editor(&clinic, "kim@paws.example", "Contact Information");
    hides(&kim, "Permissions");
    kim.keys("P");
    hides(&kim, "View shows the values");
    // Sam may do neither: there is no Field Editor.
    let mut sam = clinic.console("sam@paws.example");
    sam.keys(":").keys("field editor");
    shows(&sam, "No command has that in its name");
}

/// 001-21…24, 004-10: view and edit apart, role by role; edit brings view, no view takes edit along;
/// staged, reviewed, saved; who is concerned sees it at once, and the records stay.
#[test]
fn a_section_is_viewed_and_edited_role_by_role_001_21_001_22_001_23_001_24() {
    let clinic = clinic(60);
    let mut sam = clinic.console("sam@paws.example");
    sam.keys(":").keys("go to contacts").keys(ENTER);
    let total = |console: &Headless| console.text().lines().nth_back(1).unwrap().to_owned();
    let records = total(&sam);
    let mut owner = editor(&clinic, OWNER, "Purchase Information");
    owner.keys("P");
    to(&mut owner, "Vet Tech");
    let line = |console: &Headless| console.text().lines().find(|line| line.starts_with(" ▌")).unwrap().to_owned();
    assert!(line(&owner).contains("[x]     [ ]"), "view, no edit: {}", line(&owner));
    owner.keys("e");
    assert!(line(&owner).contains("* Vet Tech") && line(&owner).contains("[x]     [x]"), "{}", line(&owner));
    owner.keys("v");
    assert!(line(&owner).contains("[ ]     [ ]"), "{}", line(&owner));
    owner.keys(RIGHT).keys(" ");
    assert!(line(&owner).contains("[x]     [x]"), "edit brings view: {}", line(&owner));
    owner.keys("v");
    // 001-11: leaving warns; nothing applied yet.
    owner.esc();
    shows(&owner, "The permissions of “Purchase Information” are set for 1");
    assert_eq!(access(&clinic, "Purchase Information", "Vet Tech"), SectionAccess::View);
    owner.esc().keys(SAVE);
    shows(&owner, "section “Purchase Information”");
    owner.keys(ENTER);
    shows(&owner, "The permissions of “Purchase Information” are saved.");
    assert_eq!(access(&clinic, "Purchase Information", "Vet Tech"), SectionAccess::Hidden);
    sam.changed();
    assert_eq!(total(&sam), records, "001-23: the records stay");
    sam.keys(ENTER).keys("G");
    hides(&sam, "Total Spent");
    // Locked roles and one's own say why they stay.
    owner.keys("g").keys("v");
    shows(&owner, "is locked");
}

/// 004-22: "Manage Fields" edits what is there; making and deleting, Status and Lead Source need more.
#[test]
fn manage_fields_edits_fields_and_options_and_meets_no_more_keys_004_22() {
    let clinic = clinic(60);
    let mut kim = editor(&clinic, "kim@paws.example", "Job Title");
    kim.keys("?");
    for title in ["New field", "New section", "Delete", "Options", "Permissions of"] {
        hides(&kim, title);
    }
    shows(&kim, "Edit");
    kim.esc().keys("e");
    hides(&kim, "Section");
    kim.keys(" and more").keys(SAVE);
    shows(&kim, "“Job Title” is saved.");
    shows(&kim, "Job Title and more");
    to(&mut kim, "Status");
    let before = kim.text();
    kim.keys("o");
    assert_eq!(kim.text(), before, "Status is the account's customization");
    to(&mut kim, "Membership ");
    kim.keys("o");
    shows(&kim, "Plus");
    kim.keys("G").keys("n").keys("Gold").keys(ENTER).keys("K").keys("g").keys("D");
    shows(&kim, "goes");
    kim.keys(SAVE);
    shows(&kim, "“None” goes;");
    kim.keys(ENTER);
    shows(&kim, "The options of “Membership” are saved.");
    let editor = clinic.engine.operator().field_editor("contacts").unwrap();
    let membership = editor.sections.iter().flat_map(|s| &s.fields).find(|field| field.name == "Membership").unwrap();
    assert_eq!(membership.options, ["Basic", "Gold", "Plus"]);
    // Companies have a permission of their own, which Kim lacks.
    let mut kim = self::editor(&clinic, "kim@paws.example", "Contact Information");
    kim.keys(RIGHT);
    shows(&kim, "[Companies]");
    kim.keys(DOWN).keys("e");
    shows(&kim, "[Companies]");
    // Without the right there is no key for it at all.
    let mut sam = clinic.console("sam@paws.example");
    sam.keys("3").keys("F");
    shows(&sam, "› Roles");
}

/// 004-22, 002-14: whoever customizes the account edits Status and Lead Source.
#[test]
fn status_and_lead_source_are_edited_by_whoever_customizes_the_account_004_22() {
    let clinic = clinic(60);
    let mut owner = editor(&clinic, OWNER, "Status");
    owner.keys("o");
    shows(&owner, "records that you may see");
    owner.keys("e").keys(" (new)").keys(ENTER);
    shows(&owner, "was “Lead”");
    owner.keys(SAVE).keys(ENTER);
    shows(&owner, "The options of “Status” are saved.");
    owner.keys("4");
    shows(&owner, "contacts");
    let mut query = rolecall::service::records::RecordQuery { object: "contacts".to_owned(), ..Default::default() };
    query.filters = vec![("Status".to_owned(), "Lead (new)".to_owned())];
    assert!(clinic.engine.operator().records(&query).unwrap().total > 0, "records hold it under the new name");
}

/// 004-22: making and deleting fields and sections; a deletion says how many records hold a value.
#[test]
fn fields_and_sections_are_made_and_deleted_with_account_settings_004_22() {
    let clinic = clinic(60);
    let mut owner = editor(&clinic, OWNER, "Contact Information");
    owner.keys("N").keys("Family").keys(SAVE);
    shows(&owner, "see and change the section “Family”");
    owner.keys(ENTER);
    shows(&owner, "The section is added.");
    to(&mut owner, "Family");
    owner.keys("n").keys("Spouse").keys(SAVE);
    shows(&owner, "The field is added.");
    to(&mut owner, "Spouse");
    owner.keys("D");
    shows(&owner, "Delete the field “Spouse”?");
    shows(&owner, "None of the contacts that you may see");
    owner.esc();
    owner.keys("g");
    to(&mut owner, "Lead Score");
    owner.keys("D");
    shows(&owner, "Delete the field “Lead Score”?");
    shows(&owner, "of the contacts that you may see");
    owner.keys(ENTER);
    shows(&owner, "The field “Lead Score” is deleted.");
    hides(&owner, "Lead Score  ");
    to(&mut owner, "Family");
    owner.keys("D");
    shows(&owner, "still holds Spouse");
    owner.keys("g").keys(DOWN).keys("D");
    shows(&owner, "This field names the records");
}

/// R11: a section that may not be viewed is absent here, too, and so are its fields.
#[test]
fn r11_hidden_sections_are_absent_from_the_field_editor() {
    let clinic = clinic(5);
    apply(
        &clinic,
        "[[roles]]\nname = \"Practice Manager\"\nmanager = \"Account Owner\"\nsections.contacts.Memberships = { view = false, edit = false }\n",
    );
    let mut kim = editor(&clinic, "kim@paws.example", "Contact Information");
    let mut seen = kim.text();
    kim.keys("G");
    seen.push_str(&kim.text());
    assert!(seen.contains("Notes") && !seen.contains("Member"), "{seen}");
}

#[test]
fn frames_of_the_field_editor() {
    let clinic = clinic(60);
    let mut frames = String::new();
    for size in [SMALL, WIDE] {
        let mut console = clinic.console_with(Some(OWNER), size, DARK);
        console.keys("3").keys("F");
        for (name, keys) in [("fields", "jj"), ("permissions", "P"), ("edit", "")] {
            console.keys(keys);
            if name == "edit" {
                console.esc().keys("e");
            }
            frames.push_str(&format!("── {name}\n{}", console.text()));
        }
    }
    insta::assert_snapshot!("fields", frames);
}
