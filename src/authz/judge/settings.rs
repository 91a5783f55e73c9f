//! Judges changes to the account and to fields (002-12, 002-13, 002-14, 004-22, R31).

use std::collections::BTreeMap;

use crate::model::catalog::features;
use crate::model::{Account, FeatureId, Field, FieldId, Object};

use super::super::witness::Subject;
use super::Refusal;
use super::giving::Giver;

pub(super) fn judge(giver: &Giver<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    account(giver, &mut refusals);
    for object in giver.after().objects.values() {
        match giver.before().objects.get(&object.id) {
            Some(was) if was == object => {}
            Some(was) => fields(giver, was, object, &mut refusals),
            None => need(giver, features::ACCOUNT_SETTINGS, &object.label, &mut refusals),
        }
    }
    refusals
}

fn need(giver: &Giver<'_>, feature: FeatureId, place: &str, refusals: &mut Vec<Refusal>) {
    if !giver.holds(feature) {
        let label = giver.before().catalog.feature(feature).map_or("", |feature| feature.label.as_str());
        refusals.push(Refusal::new(place, format!("you need “{label}” for this")));
    }
}

fn account(giver: &Giver<'_>, refusals: &mut Vec<Refusal>) {
    let (was, is) = (&giver.before().account, &giver.after().account);
    // Counters move with whatever is added, which is judged where it is added.
    let settings = |account: &Account| (account.name.clone(), account.time_zone.clone(), account.permissions.clone());
    if settings(was) != settings(is) {
        need(giver, features::ACCOUNT_SETTINGS, "the account", refusals);
    }
    if (was.seats, was.agent_seats) != (is.seats, is.agent_seats) {
        need(giver, features::ACCOUNT_BILLING, "seats", refusals);
    }
}

fn fields(giver: &Giver<'_>, was: &Object, is: &Object, refusals: &mut Vec<Refusal>) {
    let before: BTreeMap<FieldId, &Field> = was.fields.iter().map(|field| (field.id, field)).collect();
    let after: BTreeMap<FieldId, &Field> = is.fields.iter().map(|field| (field.id, field)).collect();
    if was.sections != is.sections || before.keys().ne(after.keys()) || was.label != is.label {
        need(giver, features::ACCOUNT_SETTINGS, &is.label, refusals);
    }
    for (id, field) in &after {
        let Some(old) = before.get(id).filter(|old| **old != *field) else { continue };
        if old.section != field.section {
            moved(giver, is, old, field, refusals);
        }
        let shared_lists = old.options != field.options && ["Status", "Lead Source"].contains(&old.name.as_str());
        if shared_lists {
            need(giver, features::ACCOUNT_CUSTOMIZE, &field.name, refusals);
        } else {
            let key = format!("{}.manage_fields", is.key);
            match giver.before().catalog.by_key(&key) {
                Some(feature) => need(giver, feature.id, &field.name, refusals),
                None => need(giver, features::ACCOUNT_SETTINGS, &field.name, refusals),
            }
        }
    }
}

/// A field's new section gives the field to whoever sees that section.
fn moved(giver: &Giver<'_>, object: &Object, old: &Field, field: &Field, refusals: &mut Vec<Refusal>) {
    let rights = giver.now.rights(Subject::User(giver.me), object.id);
    let holds = [old.section, field.section].into_iter().all(|section| {
        let position = giver.before().objects.get(&object.id).and_then(|object| object.section_position(section));
        position.is_some_and(|position| rights.see >> position & 1 == 1 && rights.write >> position & 1 == 1)
    });
    if !holds {
        let text = "you can only move a field between sections that you may view and edit";
        refusals.push(Refusal::new(field.name.clone(), text));
    }
}
