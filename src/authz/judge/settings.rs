//! Judges changes to the account and to fields (002-12, 002-13, 002-14, 004-22). What a field's new
//! section gives to whom is judged with everything else that is gained.

use std::collections::BTreeSet;

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
    let ids = |object: &Object| object.fields.iter().map(|field| field.id).collect::<BTreeSet<FieldId>>();
    let names = |object: &Object| (object.key.clone(), object.label.clone(), object.singular.clone());
    if was.sections != is.sections || ids(was) != ids(is) || names(was) != names(is) {
        need(giver, features::ACCOUNT_SETTINGS, &is.label, refusals);
    }
    if order(was, is) != order(is, was) {
        manage(giver, is, &is.label, refusals);
    }
    for field in &is.fields {
        let Some(old) = was.field(field.id).filter(|old| *old != field) else { continue };
        // Whoever sees the new section comes to see the field.
        if old.section != field.section {
            need(giver, features::ACCOUNT_SETTINGS, &field.name, refusals);
        }
        let mut rest = Field { section: old.section, ..field.clone() };
        if field.id.is_customization() && old.options != field.options {
            need(giver, features::ACCOUNT_CUSTOMIZE, &field.name, refusals);
            (rest.options, rest.next_option) = (old.options.clone(), old.next_option);
        }
        if rest != *old {
            manage(giver, is, &field.name, refusals);
        }
    }
}

/// The fields of the one object that the other has too, in the one's order.
fn order(one: &Object, other: &Object) -> Vec<FieldId> {
    one.fields.iter().map(|field| field.id).filter(|id| other.field(*id).is_some()).collect()
}

/// Editing what is there takes the object's "Manage Fields" (004-22).
fn manage(giver: &Giver<'_>, object: &Object, place: &str, refusals: &mut Vec<Refusal>) {
    let feature = giver.before().catalog.by_key(&format!("{}.manage_fields", object.key));
    need(giver, feature.map_or(features::ACCOUNT_SETTINGS, |feature| feature.id), place, refusals);
}
