//! Undo tells nothing of what whoever undoes may not see (R32).

use std::collections::BTreeMap;

use rolecall::model::{Exception, SectionAccess, Status};
use rolecall::service::draft::Draft;
use rolecall::service::edit_fields::{FieldEdit, FieldsChange};
use rolecall::service::edit_roles::{Cell, CellValue, RoleChange};
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
