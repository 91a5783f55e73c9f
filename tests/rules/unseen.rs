//! What an answer may name: not the sections that its reader may not know of, not what others hold
//! by exception, and nothing about roles or fields to whoever has no business with them.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use rolecall::model::{Exception, FeatureValue, Status};
use rolecall::service::bulk::{Act, Which};
use rolecall::service::draft::{Draft, ForMany};
use rolecall::service::edit_fields::{FieldEdit, FieldsChange};
use rolecall::service::edit_roles::{Cell, CellValue, RoleChange};
use rolecall::service::why::Question;

use crate::house::{House, email};

/// Ola lets people in and out, Mo manages roles; neither manages the details of people, and neither
/// sees memberships.
fn house() -> House {
    let house = House::full();
    house
        .apply(
            r#"
[[roles]]
name = "Office"
manager = "Account Owner"
type = "administrator"
scopes.contacts = { view = "own", edit = "none" }
sections.contacts = { Memberships = { view = false, edit = false } }
features = { "users.manage" = "yes" }
[[roles]]
name = "Modeller"
manager = "Account Owner"
type = "administrator"
scopes.contacts = { view = "all", edit = "all" }
scopes.deals = { view = "all", edit = "all" }
features = { "roles.manage" = "yes", "deals.access" = "yes" }
[[roles]]
name = "Spare"
manager = "Account Owner"
[[users]]
email = "ola@team.example"
name = "Ola"
role = "Office"
[[users]]
email = "mo@team.example"
name = "Mo"
role = "Modeller"
"#,
        )
        .unwrap();
    house
}

/// SPEC R11, R32, 001-23: a section that somebody may not view is named to them nowhere, not even
/// where a role is explained or can't be given.
#[test]
fn a_hidden_section_is_named_to_nobody_who_may_not_know_of_it() {
    let house = house();
    let ola = house.session("ola");
    let why = |section: &str| {
        let cell = Cell::Section("contacts".to_owned(), section.to_owned());
        ola.why(&Question::Cell { role: "Rep".to_owned(), cell })
    };
    assert_eq!(format!("{:?}", why("Memberships")), format!("{:?}", why("No such thing")));
    assert!(why("Notes").is_ok());
    let said: Vec<String> = ola.role_choices().into_iter().filter_map(|choice| choice.blocked).collect();
    assert!(!said.is_empty() && said.iter().all(|text| !text.contains("Memberships")), "{said:?}");
    let refused = ola.set_status(&email("rae"), Status::Revoked).unwrap_err().to_string();
    assert!(refused.contains("more than you do"), "{refused}");
}

/// SPEC 002-34: what somebody holds by exception is not told to whoever can't manage user details.
#[test]
fn anothers_exception_is_told_in_no_refusal() {
    let house = house();
    let visible = Exception { visible: true, until: None };
    house.operator().set_exception(&email("dan"), "deals.pipeline", Some(visible)).unwrap();
    let change = RoleChange {
        cells: vec![(Cell::Feature("deals.access".to_owned()), CellValue::Feature(FeatureValue::Yes))],
        ..RoleChange::default()
    };
    let draft = Draft::Roles(BTreeMap::from([("Desk".to_owned(), change)]));
    let refused = house.session("mo").preview(&draft).unwrap_err().to_string();
    assert!(!refused.contains("dan@") && !refused.contains("ipeline"), "{refused}");
    assert!(refused.contains("somebody"), "{refused}");
}

/// SPEC R11: whoever may not change fields or roles learns nothing from trying.
#[test]
fn without_the_right_a_draft_answers_the_same_whatever_is_wrong_with_it() {
    let house = house();
    let ola = house.session("ola");
    let rename = |section: &str, name: &str| {
        let edit = FieldEdit::RenameSection { section: section.to_owned(), name: name.to_owned() };
        let change = FieldsChange { object: "contacts".to_owned(), edit };
        ola.save(&Draft::Fields(change)).map(drop).unwrap_err().to_string()
    };
    assert_eq!(rename("Notes", "Memberships"), rename("No such thing", "Anything"));
    let order = |name: &str| ola.save(&Draft::OrderRoles(vec![name.to_owned()])).map(drop).unwrap_err().to_string();
    assert_eq!(order("Rep"), order("No such role"));
}

/// SPEC R19, R31: a role that one's own role lists can be deleted; the list loses it.
#[test]
fn a_role_that_ones_own_role_lists_can_be_deleted() {
    let house = house();
    let lists = RoleChange { may_assign: Some(vec!["Spare".to_owned()]), ..RoleChange::default() };
    house.operator().change_roles(&BTreeMap::from([("Modeller".to_owned(), lists)])).unwrap();
    house.session("mo").delete_role("Spare", None).unwrap();
    assert!(house.session("mo").role_detail("Spare").is_err());
}

/// SPEC 002-27: the Status act changes Status under whatever name, and no other field of that name.
#[test]
fn the_status_act_finds_its_field_by_what_it_is() {
    let house = house();
    let name = Some("Stage".to_owned());
    let edit = FieldEdit::ChangeField { field: "Status".to_owned(), name, section: None, options: None };
    house.operator().change_fields(&FieldsChange { object: "contacts".to_owned(), edit }).unwrap();
    let which = Which::These(vec![house.id("rae")]);
    let act = Act::Status("Customer".to_owned());
    let adam = house.session("adam");
    let done = adam.act_on_records("contacts", &which, &act, &mut |_, _| {}, &AtomicBool::new(false)).unwrap();
    assert_eq!(done.changed, 1);
}

/// SPEC 000-02, R17: of several people, as many are let in again as there are seats.
#[test]
fn several_people_are_judged_together() {
    let house = house();
    let adam = house.session("adam");
    let all = [email("gus"), email("rob")];
    adam.set_status(&email("rob"), Status::Revoked).unwrap();
    house.apply("[account]\nseats = 16\n").unwrap();
    let many = adam.for_many(&all, &ForMany::Status(Status::Active));
    assert_eq!((many.changes, many.of, many.stay.len()), (1, 2, 1));
    adam.preview(&many.draft).unwrap();
}
