//! The Field Editor: sections and their permissions, fields, options.

use rolecall::exchange::team_file::Format;
use rolecall::host::headless::Headless;
use rolecall::model::SectionAccess;
use rolecall::service::draft::Draft;
use rolecall::service::edit_fields::{FieldEdit, FieldsChange};

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
    shows(&owner, "Delete the field “Spouse” of the contacts?");
    shows(&owner, "None of the contacts that you may see");
    owner.esc();
    owner.keys("g");
    to(&mut owner, "Lead Score");
    owner.keys("D");
    shows(&owner, "Delete the field “Lead Score” of the contacts?");
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

fn save(clinic: &Clinic, edit: FieldEdit) {
    let change = FieldsChange { object: "contacts".to_owned(), edit };
    clinic.engine.acting_as(OWNER).unwrap().save(&Draft::Fields(change)).unwrap();
}

fn renamed(field: &str, name: &str) -> FieldEdit {
    FieldEdit::ChangeField { field: field.to_owned(), name: Some(name.to_owned()), section: None, options: None }
}

fn set(clinic: &Clinic, section: &str, role: &str, manager: &str, access: &str) {
    let role = format!("[[roles]]\nname = \"{role}\"\nmanager = \"{manager}\"\n");
    apply(clinic, &format!("{role}sections.contacts.\"{section}\" = {access}\n"));
}

/// 001-11: what is typed about a field that somebody renames stays in sight, with the reason why it can't
/// be saved, and is asked about.
#[test]
fn a_field_that_was_renamed_while_it_was_edited_is_not_there_any_more_and_the_text_is_001_11() {
    let clinic = clinic(5);
    let mut owner = editor(&clinic, OWNER, "Job Title");
    owner.keys("e").keys(" and more");
    save(&clinic, renamed("Job Title", "Profession"));
    owner.changed();
    shows(&owner, "The field “Job Title” is not there any more");
    shows(&owner, "Job Title and more");
    owner.keys(SAVE).esc();
    shows(&owner, "Field is changed and not saved.");
    owner.esc();
    save(&clinic, renamed("Profession", "Job Title"));
    owner.changed().keys("!").keys(SAVE);
    shows(&owner, "“Job Title” is saved.");
    shows(&owner, "Job Title and more!");
    // A section is no different.
    let mut owner = editor(&clinic, OWNER, "Memberships");
    owner.keys("e").keys("!");
    save(&clinic, FieldEdit::RenameSection { section: "Memberships".to_owned(), name: "Plans".to_owned() });
    owner.changed();
    shows(&owner, "The section “Memberships” is not there any more");
    shows(&owner, "Memberships!");
}

/// 004-22: no key acts on a list with the lines of another one.
#[test]
fn a_field_of_one_list_is_not_deleted_in_the_next_by_the_same_name_004_22() {
    let clinic = clinic(5);
    let mut owner = editor(&clinic, OWNER, "Contact Information");
    owner.hold_jobs();
    owner.keys(RIGHT).keys(DOWN).keys(DOWN).keys(DOWN).keys(DOWN);
    shows(&owner, "[Companies]");
    hides(&owner, "First Name");
    // There it would be “Phone”, which companies have, too.
    owner.keys("D").keys("e").run_jobs();
    hides(&owner, "Delete the field");
    shows(&owner, "Industry");
    to(&mut owner, "Phone");
    owner.keys("D");
    shows(&owner, "Delete the field “Phone” of the companies?");
}

/// 004-22: what is typed before the options are here would be lost; it says so.
#[test]
fn options_are_added_once_those_that_are_there_are_here_004_22() {
    let clinic = clinic(60);
    let mut owner = editor(&clinic, OWNER, "Membership ");
    owner.hold_jobs();
    owner.keys("o");
    for key in ["n", "e", "D"] {
        owner.keys(key);
        shows(&owner, "still being looked up");
        hides(&owner, "New option");
    }
    owner.run_jobs();
    owner.keys("n").keys("Gold").keys(ENTER);
    shows(&owner, "Gold");
    owner.changed();
    shows(&owner, "Gold");
}

/// B7, 001-11: what somebody else sets meanwhile is not written over unseen: it is shown, and one of the
/// two is chosen.
#[test]
fn a_section_that_two_set_otherwise_waits_for_a_choice_001_11() {
    let clinic = clinic(5);
    let mut owner = editor(&clinic, OWNER, "Purchase Information");
    owner.keys("P");
    to(&mut owner, "Vet Tech");
    owner.keys("e");
    set(&clinic, "Purchase Information", "Vet Tech", "Vet", "{ view = false, edit = false }");
    owner.changed();
    shows(&owner, "! now hidden");
    owner.keys(SAVE);
    shows(&owner, "Somebody else changed 1 role that you set");
    owner.keys(ENTER);
    assert_eq!(access(&clinic, "Purchase Information", "Vet Tech"), SectionAccess::Hidden);
    // Theirs is taken.
    owner.keys("\x7f");
    hides(&owner, "not saved");
    // Or mine is set anew, over what is there now.
    owner.keys("e");
    set(&clinic, "Purchase Information", "Vet Tech", "Vet", "{ view = true, edit = false }");
    owner.changed();
    shows(&owner, "! now view");
    owner.keys("e").keys("e").keys(SAVE).keys(ENTER);
    shows(&owner, "The permissions of “Purchase Information” are saved.");
    assert_eq!(access(&clinic, "Purchase Information", "Vet Tech"), SectionAccess::Edit);
    // What was read is what is held against what is stored, also where the review is open by then.
    owner.keys("v").keys(SAVE);
    set(&clinic, "Purchase Information", "Vet Tech", "Vet", "{ view = true, edit = false }");
    owner.changed().keys(ENTER);
    assert_eq!(access(&clinic, "Purchase Information", "Vet Tech"), SectionAccess::View);
}

/// 001-11: what is set outlives that the section can't be shown for a while.
#[test]
fn permissions_that_are_set_outlive_a_section_that_goes_and_comes_back_001_11() {
    let clinic = clinic(5);
    let mut owner = editor(&clinic, OWNER, "Purchase Information");
    owner.keys("P");
    to(&mut owner, "Vet Tech");
    owner.keys("e");
    let named = |from: &str, to: &str| {
        save(&clinic, FieldEdit::RenameSection { section: from.to_owned(), name: to.to_owned() });
    };
    named("Purchase Information", "Purchases made");
    owner.changed();
    shows(&owner, "no section “Purchase Information”");
    owner.keys(SAVE);
    owner.esc();
    shows(&owner, "are set for 1");
    owner.esc();
    named("Purchases made", "Purchase Information");
    owner.changed();
    shows(&owner, "* Vet Tech");
    owner.keys(SAVE).keys(ENTER);
    assert_eq!(access(&clinic, "Purchase Information", "Vet Tech"), SectionAccess::Edit);
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
