//! The Field Editor behind its screens: who may edit what, and what becomes of what records hold.

use std::sync::atomic::AtomicBool;

use rolecall::model::{FeatureValue, Kind, SectionAccess};
use rolecall::service::ServiceError;
use rolecall::service::edit_fields::{FieldEdit, FieldsChange, OptionEdit, OptionsEdit};
use rolecall::service::fields::FieldUse;

use crate::house::{House, draft, query};

fn contacts(edit: FieldEdit) -> FieldsChange {
    FieldsChange { object: "contacts".to_owned(), edit }
}

fn add_field(section: &str, name: &str) -> FieldsChange {
    contacts(FieldEdit::AddField {
        section: section.to_owned(),
        name: name.to_owned(),
        kind: Kind::Text,
        options: Vec::new(),
    })
}

fn delete_field(name: &str) -> FieldsChange {
    contacts(FieldEdit::DeleteField { field: name.to_owned() })
}

fn rename(field: &str, name: &str) -> FieldsChange {
    let name = Some(name.to_owned());
    contacts(FieldEdit::ChangeField { field: field.to_owned(), name, section: None, options: None })
}

fn to_section(field: &str, section: &str) -> FieldsChange {
    let section = Some(section.to_owned());
    contacts(FieldEdit::ChangeField { field: field.to_owned(), name: None, section, options: None })
}

fn options(field: &str, kept: &[(&str, &str)], removed: &[&str]) -> FieldsChange {
    let was = |was: &str| if was.is_empty() { None } else { Some(was.to_owned()) };
    let kept = kept.iter().map(|(old, label)| OptionEdit { was: was(old), label: (*label).to_owned() }).collect();
    let removed = removed.iter().map(|label| (*label).to_owned()).collect();
    let options = Some(OptionsEdit { kept, removed });
    contacts(FieldEdit::ChangeField { field: field.to_owned(), name: None, section: None, options })
}

/// Uma manages fields and nothing more of the account.
fn house() -> House {
    let house = House::full();
    house
        .apply("[[roles]]\nname = \"User\"\nmanager = \"Account Owner\"\n[roles.features]\n\"contacts.manage_fields\" = \"yes\"\n")
        .unwrap();
    house
}

fn denied(answer: Result<(), ServiceError>) -> String {
    match answer.unwrap_err() {
        ServiceError::Denied(text) => text,
        other => panic!("{other}"),
    }
}

/// SPEC 004-22.
#[test]
fn manage_fields_edits_what_is_there_and_nothing_more() {
    let house = house();
    let uma = house.session("uma");
    uma.change_fields(&rename("Job Title", "Position")).unwrap();
    uma.change_fields(&options("Membership", &[("Plus", "Premium"), ("None", "None"), ("", "Gold")], &["Basic"]))
        .unwrap();
    let editor = uma.field_editor("contacts").unwrap();
    let membership = editor.sections.iter().flat_map(|s| &s.fields).find(|f| f.name == "Membership").unwrap();
    assert_eq!(membership.options, ["Premium", "None", "Gold"]);
    assert!(editor.may_manage && !editor.may_settings && !editor.may_permit);

    for change in [
        add_field("Notes", "Nickname"),
        delete_field("Lead Score"),
        to_section("Lead Score", "Notes"),
        contacts(FieldEdit::AddSection { name: "Mine".to_owned() }),
        contacts(FieldEdit::RenameSection { section: "Notes".to_owned(), name: "Mine".to_owned() }),
    ] {
        assert!(denied(uma.change_fields(&change)).contains("Manage Account Settings"), "{change:?}");
    }
    for list in ["Status", "Lead Source"] {
        let change = options(list, &[("", "Anything")], &[]);
        assert!(denied(uma.change_fields(&change)).contains("customization"), "{list}");
    }
    // Rob manages no fields at all; companies have a permission of their own.
    assert!(denied(house.session("rob").change_fields(&rename("Phone", "Tel"))).contains("Manage Fields"));
    let companies = FieldsChange { object: "companies".to_owned(), ..rename("Website", "Site") };
    assert!(house.session("uma").change_fields(&companies).is_err());
}

/// SPEC 004-22, 002-14, 002-27: another name doesn't open Status to whoever manages fields.
#[test]
fn status_stays_status_under_another_name() {
    let house = house();
    let uma = house.session("uma");
    uma.change_fields(&rename("Status", "Stage")).unwrap();
    assert!(denied(uma.change_fields(&options("Stage", &[("", "Anything")], &[]))).contains("customization"));
    house.session("olga").change_fields(&options("Stage", &[("", "Anything")], &[])).unwrap();
}

/// SPEC 004-22, R31: with "Manage Account Settings" fields are made, moved and deleted; a section goes
/// with what roles say of it.
#[test]
fn account_settings_make_move_and_delete() {
    let house = house();
    house
        .apply(
            "[[roles]]\nname = \"Rep\"\nmanager = \"Lead\"\nsections.contacts.Notes = { view = false, edit = false }",
        )
        .unwrap();
    let olga = house.session("olga");
    olga.change_fields(&contacts(FieldEdit::AddSection { name: "Family".to_owned() })).unwrap();
    olga.change_fields(&add_field("Family", "Spouse")).unwrap();
    olga.change_fields(&to_section("Notes", "Family")).unwrap();
    let empty = contacts(FieldEdit::DeleteSection { section: "Notes".to_owned() });
    olga.change_fields(&empty).unwrap();
    let editor = olga.field_editor("contacts").unwrap();
    let names: Vec<&str> = editor.sections.iter().map(|section| section.name.as_str()).collect();
    assert!(!names.contains(&"Notes") && names.contains(&"Family"), "{names:?}");
    let full = contacts(FieldEdit::DeleteSection { section: "Family".to_owned() });
    assert!(olga.change_fields(&full).unwrap_err().to_string().contains("Spouse"), "names what is in the way");
    let first = olga.change_fields(&delete_field("First Name")).unwrap_err().to_string();
    assert!(first.contains("names the contacts"), "{first}");
    for taken in ["owner", "a=b", "last:desc", "Last Name", ""] {
        assert!(olga.change_fields(&add_field("Family", taken)).is_err(), "{taken}");
    }
}

/// What records hold of a field or an option that is gone counts as empty, goes on with them, and
/// hinders nothing.
#[test]
fn what_is_deleted_is_empty_and_hinders_nothing() {
    let house = house();
    house.contact("one", "rae", &[("Membership", "Plus"), ("Lead Score", "7"), ("Notes", "x")]);
    let olga = house.session("olga");
    let held = |field: &str| olga.field_use("contacts", field, &AtomicBool::new(false)).unwrap();
    assert_eq!(held("Lead Score").holding, 1);
    let expected = FieldUse {
        holding: 1,
        options: [("None", 0), ("Basic", 0), ("Plus", 1)].map(|(label, count)| (label.to_owned(), count)).to_vec(),
    };
    assert_eq!(held("Membership"), expected);
    // Rob sees no record that holds anything of it, and so none.
    let robs = house.session("rob").field_use("contacts", "Membership", &AtomicBool::new(false)).unwrap();
    assert_eq!(robs.holding, 0);

    olga.change_fields(&options("Membership", &[("None", "None"), ("Basic", "Basic")], &["Plus"])).unwrap();
    olga.change_fields(&delete_field("Lead Score")).unwrap();
    assert_eq!(held("Membership").holding, 0);
    assert!(olga.field_use("contacts", "Lead Score", &AtomicBool::new(false)).is_err());
    let mut search = query();
    search.search = Some("plus".to_owned());
    assert_eq!(olga.records(&search).unwrap().total, 0);
    house.edit("rae", "one").unwrap();
    house.session("rae").update_record("contacts", house.id("one"), &draft(&[("Membership", "Basic")])).unwrap();
    assert_eq!(held("Membership").holding, 1);
    house.delete("rae", "one").unwrap();
}

/// SPEC R11, R32: a section that may not be viewed isn't there in the Field Editor either.
#[test]
fn hidden_sections_are_absent_from_the_field_editor() {
    let house = house();
    house
        .apply("[[roles]]\nname = \"User\"\nmanager = \"Account Owner\"\nsections.contacts.Memberships = { view = false, edit = false }")
        .unwrap();
    let uma = house.session("uma");
    let editor = uma.field_editor("contacts").unwrap();
    assert!(editor.sections.iter().all(|section| section.name != "Memberships"));
    let answers = |name: &str| {
        let renamed = uma.change_fields(&rename(name, "X")).unwrap_err().to_string();
        let used = uma.field_use("contacts", name, &AtomicBool::new(false)).unwrap_err().to_string();
        [renamed, used].map(|text| text.replace(name, "FIELD"))
    };
    assert_eq!(answers("Member Since"), answers("Nonsense"));
    let taken = uma.change_fields(&rename("Job Title", "Member Since")).unwrap_err().to_string();
    assert_eq!(taken, "“Member Since” can't be used; choose another name");
}

/// SPEC R32: whoever may not give a name learns nothing about names out of sight by trying. Of two
/// accounts that differ in such a name alone, both answer the same; whoever may give it hears that it
/// can't be used, and no more.
#[test]
fn a_name_out_of_sight_is_told_only_to_whoever_could_use_a_free_one_r32() {
    const HIDDEN: &str = "sections.contacts.Memberships = { view = false, edit = false }";
    let twin = |name: &str| {
        let house = house();
        house.session("olga").change_fields(&rename("Member Since", name)).unwrap();
        for role in ["name = \"User\"", "name = \"Desk of labels\"\ntype = \"administrator\""] {
            house
                .apply(&format!(
                    "[[roles]]\n{role}\nmanager = \"Account Owner\"\nscopes.contacts.view = \"own\"\n{HIDDEN}"
                ))
                .unwrap();
        }
        house
            .apply("[[roles]]\nname = \"Desk of labels\"\nmanager = \"Account Owner\"\n[roles.features]\n\"account.customize\" = \"yes\"\n[[users]]\nemail = \"dee@team.example\"\nrole = \"Desk of labels\"\n")
            .unwrap();
        house
    };
    let (one, other) = (twin("Joined"), twin("Begun"));
    let section =
        |name: &str| contacts(FieldEdit::RenameSection { section: "Notes".to_owned(), name: name.to_owned() });
    let said = |house: &House, who: &str, change: &FieldsChange| {
        house.session(who).change_fields(change).unwrap_err().to_string()
    };
    let tries = [
        ("uma", add_field("Notes", "Joined")),
        ("uma", section("Memberships")),
        ("dee", add_field("Notes", "Joined")),
        ("dee", rename("Job Title", "Joined")),
    ];
    for (who, change) in tries {
        assert_eq!(said(&one, who, &change), said(&other, who, &change), "{who}: {change:?}");
        assert!(said(&one, who, &change).contains("you need"), "{who}: {change:?}");
    }
    assert_eq!(said(&one, "uma", &rename("Job Title", "Joined")), "“Joined” can't be used; choose another name");
}

/// SPEC 001-20, 001-21: who may view and edit a section is for whoever manages roles.
#[test]
fn who_may_see_a_section_is_for_whoever_manages_roles_001_20() {
    let house = house();
    assert!(house.session("uma").section_roles("contacts", "Notes").is_err());
    let roles = house.session("adam").section_roles("contacts", "Notes").unwrap();
    let rep = roles.iter().find(|role| role.role == "Rep").unwrap();
    assert_eq!((rep.access, rep.locked, rep.mine), (SectionAccess::Edit, false, false));
    assert!(roles.iter().find(|role| role.role == "Administrator").unwrap().mine);
    assert_eq!(house.feature("uma", "roles.manage"), FeatureValue::No);
}
