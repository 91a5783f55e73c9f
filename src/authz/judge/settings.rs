//! Judges changes to the account and to fields (002-12, 002-13, 002-14, 004-22). What a field's new
//! section gives to whom is judged with everything else that is gained.

use std::collections::BTreeMap;

use crate::model::catalog::features;
use crate::model::{Account, FeatureId, Field, FieldId, Object};

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
