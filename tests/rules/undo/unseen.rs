//! Undo tells nothing of what whoever undoes may not see (R32).

use std::collections::BTreeMap;

use rolecall::model::{Exception, Kind, RoleType, SectionAccess, Status};
use rolecall::service::draft::Draft;
use rolecall::service::edit_fields::{FieldEdit, FieldsChange, OptionEdit, OptionsEdit};
use rolecall::service::edit_roles::{Cell, CellValue, NewRole, RoleChange};
use rolecall::service::people::UserChange;

use super::HIDDEN;
use crate::house::{GOING, House, draft, email};

fn exception(of: Option<bool>) -> Draft {
    let exception = of.map(|visible| Exception { visible, until: None });
    Draft::Exception { email: email("rob"), key: "purchases.refund".to_owned(), exception }
}

fn language(language: &str) -> Draft {
    let change = UserChange { language: Some(language.to_owned()), ..UserChange::default() };
    Draft::User { email: email("rob"), change }
}

fn talk(talk: bool) -> Draft {
    let change = UserChange { talk_access: Some(talk), ..UserChange::default() };
    Draft::User { email: email("rob"), change }
}

fn section(access: SectionAccess) -> Draft {
    let cell = Cell::Section("contacts".to_owned(), "Memberships".to_owned());
    let change = RoleChange { cells: vec![(cell, CellValue::Section(access))], ..RoleChange::default() };
    Draft::Roles(BTreeMap::from([("Reader".to_owned(), change)]))
}

/// R32: whoever lost the right to know of what they changed gets one answer, whatever others did to it
/// since.
#[test]
fn what_one_may_no_longer_know_of_is_not_compared_r32() {
    let touched = [
        (exception(Some(true)), exception(Some(false)), exception(None)),
        (language("de"), language("fr"), language("")),
        (talk(true), talk(false), talk(false)),
        (section(SectionAccess::View), section(SectionAccess::Hidden), section(SectionAccess::Edit)),
    ];
    let mut answers = Vec::new();
    for (mine, other, back) in &touched {
        for since in [None, Some(other), Some(back)] {
            let house = House::full();
            house.apply(HIDDEN).unwrap();
            let adam = house.session("adam");
            adam.save(mine).unwrap();
            if let Some(draft) = since {
                house.session("olga").save(draft).unwrap();
            }
            let change = UserChange { role: Some("Rep".to_owned()), ..UserChange::default() };
            house.operator().save(&Draft::User { email: email("adam"), change }).unwrap();
            let why = adam.undoing(&GOING).unwrap_err().to_string();
            let (_, why) = why.split_once("can't be undone: ").unwrap();
            answers.push(why.to_owned());
        }
    }
    assert_eq!(answers[0], "it changed what is no longer there, or no longer yours to see");
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
}

/// R32: a field that is gone and one that went out of view are told alike.
#[test]
fn a_field_that_is_gone_and_one_out_of_view_are_told_alike_r32() {
    let mut answers = Vec::new();
    for gone in [true, false] {
        let house = House::full();
        let rae = house.session("rae");
        rae.update_record("contacts", house.id("rae"), &draft(&[("Membership", "Plus")])).unwrap();
        match gone {
            true => {
                let edit = FieldEdit::DeleteField { field: "Membership".to_owned() };
                house.session("olga").change_fields(&FieldsChange { object: "contacts".to_owned(), edit }).unwrap();
            }
            false => drop(house.apply(HIDDEN).unwrap()),
        }
        answers.push(rae.undoing(&GOING).unwrap_err().to_string());
    }
    assert!(answers[0].contains("no longer there, or that you can't change any more"), "{answers:?}");
    assert_eq!(answers[0], answers[1]);
}

/// A person's details are known to themselves, and so are taken back without the right to others'.
#[test]
fn ones_own_details_are_taken_back_002_34() {
    let house = House::full();
    let rae = house.session("rae");
    let change = UserChange { language: Some("de".to_owned()), ..UserChange::default() };
    rae.save(&Draft::User { email: email("rae"), change }).unwrap();
    let undoing = rae.undoing(&GOING).unwrap().unwrap();
    rae.undo(&undoing, &GOING).unwrap();
    house.operator().set_status(&email("gus"), Status::Active).unwrap();
    assert!(rae.undoing(&GOING).unwrap().is_none());
}

fn fields(edit: FieldEdit) -> FieldsChange {
    FieldsChange { object: "contacts".to_owned(), edit }
}

fn change(field: &str, name: Option<&str>, section: Option<&str>, options: Option<OptionsEdit>) -> FieldsChange {
    let owned = |text: &str| text.to_owned();
    fields(FieldEdit::ChangeField { field: owned(field), name: name.map(owned), section: section.map(owned), options })
}

fn new_field(section: &str, name: &str) -> FieldsChange {
    let (section, name) = (section.to_owned(), name.to_owned());
    fields(FieldEdit::AddField { section, name, kind: Kind::Text, options: Vec::new() })
}

fn options(kept: &[(&str, &str)], removed: &[&str]) -> OptionsEdit {
    let was = |was: &str| (!was.is_empty()).then(|| was.to_owned());
    let kept = kept.iter().map(|(old, label)| OptionEdit { was: was(old), label: (*label).to_owned() }).collect();
    OptionsEdit { kept, removed: removed.iter().map(|label| (*label).to_owned()).collect() }
}

/// R32: what others do in a section out of view neither bars an undo of fields nor is told; what they do
/// in view is.
#[test]
fn fields_are_set_back_beside_what_is_hidden_r32() {
    let hidden = [
        new_field("Memberships", "Level"),
        change("Membership", Some("Club"), None, None),
        change("Membership", None, None, Some(options(&[("Plus", "Plus"), ("Basic", "Base"), ("", "Gold")], &[]))),
        fields(FieldEdit::DeleteField { field: "Membership".to_owned() }),
        change("Membership", None, Some("Notes"), None),
    ];
    let told = |beside: Option<&FieldsChange>| {
        let house = House::full();
        let manages = "[[roles]]\nname = \"User\"\nmanager = \"Account Owner\"\n[roles.features]\n\
                       \"contacts.manage_fields\" = \"yes\"\n[roles.sections.contacts]\n\
                       \"Memberships\" = { view = false, edit = false }\n\"Notes\" = { view = false, edit = false }\n";
        house.apply(manages).unwrap();
        let (uma, olga) = (house.session("uma"), house.session("olga"));
        let before = uma.field_editor("contacts").unwrap();
        uma.change_fields(&change("Job Title", Some("Position"), None, None)).unwrap();
        beside.into_iter().for_each(|beside| olga.change_fields(beside).unwrap());
        let whole = olga.field_editor("contacts").unwrap();
        let undoing = uma.undoing(&GOING).unwrap().unwrap();
        uma.undo(&undoing, &GOING).unwrap();
        assert_eq!(uma.field_editor("contacts").unwrap(), before);
        let mut restored = whole;
        let position = restored.sections.iter_mut().flat_map(|s| &mut s.fields).find(|f| f.name == "Position");
        position.unwrap().name = "Job Title".to_owned();
        assert_eq!(olga.field_editor("contacts").unwrap(), restored, "what others did stays");
        (undoing.sentences, undoing.impact)
    };
    let nothing = told(None);
    for beside in &hidden {
        assert_eq!(told(Some(beside)), nothing, "{beside:?}");
    }
}

/// B5: every edit of fields goes back as it was, beside what others did since; what they did to the same
/// bars it.
#[test]
fn every_edit_of_fields_goes_back_beside_others_b5() {
    let back = options(&[("Plus", "Premium"), ("None", "None"), ("", "Gold")], &["Basic"]);
    let edits = [
        fields(FieldEdit::AddSection { name: "Family".to_owned() }),
        fields(FieldEdit::RenameSection { section: "Notes".to_owned(), name: "Remarks".to_owned() }),
        new_field("Memberships", "Level"),
        fields(FieldEdit::DeleteField { field: "Membership".to_owned() }),
        change("Membership", Some("Club"), Some("Notes"), None),
        change("Membership", None, None, Some(back)),
    ];
    for edit in &edits {
        for beside in [None, Some(change("Phone", Some("Telephone"), None, None))] {
            let house = House::full();
            let (olga, adam) = (house.session("olga"), house.session("adam"));
            let before = olga.field_editor("contacts").unwrap();
            olga.change_fields(edit).unwrap();
            assert_ne!(olga.field_editor("contacts").unwrap(), before);
            if let Some(beside) = &beside {
                adam.change_fields(beside).unwrap();
            }
            let undoing = olga.undoing(&GOING).unwrap().unwrap();
            olga.undo(&undoing, &GOING).unwrap();
            if beside.is_some() {
                adam.change_fields(&change("Telephone", Some("Phone"), None, None)).unwrap();
            }
            assert_eq!(olga.field_editor("contacts").unwrap(), before, "{edit:?}");
        }
    }
    let same = [
        (edits[0].clone(), new_field("Family", "Spouse")),
        (edits[2].clone(), change("Level", Some("Rank"), None, None)),
        (edits[4].clone(), change("Club", Some("Circle"), None, None)),
        (edits[5].clone(), change("Membership", None, None, Some(options(&[("Premium", "Best")], &[])))),
    ];
    for (mine, theirs) in same {
        let house = House::full();
        let olga = house.session("olga");
        olga.change_fields(&mine).unwrap();
        house.session("adam").change_fields(&theirs).unwrap();
        let why = olga.undoing(&GOING).unwrap_err().to_string();
        assert!(why.ends_with("the fields of Contacts were changed since"), "{theirs:?}: {why}");
    }
    // Somebody took the old name.
    let house = House::full();
    let olga = house.session("olga");
    olga.change_fields(&edits[4]).unwrap();
    house.session("adam").change_fields(&new_field("Notes", "Membership")).unwrap();
    let why = olga.undoing(&GOING).unwrap_err().to_string();
    assert!(why.ends_with("the name “Membership” can't be used any more"), "{why}");
}

/// B5: a role that was made goes by an undo, unless somebody changed what is known of it.
#[test]
fn a_new_role_goes_unless_it_was_changed_since_b5() {
    for theirs in [None, Some(SectionAccess::View)] {
        let house = House::full();
        let adam = house.session("adam");
        let role = NewRole {
            name: "Extra".to_owned(),
            manager: "Account Owner".to_owned(),
            role_type: RoleType::User,
            description: String::new(),
            icon: String::new(),
            clone_of: None,
            cells: Vec::new(),
            may_assign: Vec::new(),
        };
        adam.save(&Draft::NewRole(role)).unwrap();
        if let Some(access) = theirs {
            let Draft::Roles(roles) = section(access) else { unreachable!() };
            let change = roles.into_values().next().unwrap();
            house.session("olga").save(&Draft::Roles(BTreeMap::from([("Extra".to_owned(), change)]))).unwrap();
        }
        // Who manages roles knows of every section, and is told.
        assert_eq!(adam.undoing(&GOING).is_ok(), theirs.is_none());
    }
}
