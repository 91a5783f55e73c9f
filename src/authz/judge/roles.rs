//! Judges changes to roles (R6, R31). An edit is judged by its difference, a new role, a clone or a
//! change of type by the whole role.

use crate::model::catalog::{DecidedBy, features};
use crate::model::{FeatureValue, Role, RoleId, RoleType, Scopes};

use super::super::witness::Subject;
use super::Refusal;
use super::giving::{Giver, of_role};
use super::valid::role_place;

pub(super) fn judge(giver: &Giver<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for (was, is) in giver.before().roles.apart(&giver.after().roles) {
        let was = was.map(|was| without_what_goes(giver, was));
        let is = is.map(AsRef::as_ref);
        if was.as_ref() == is {
            continue;
        }
        let Some(role) = is.or(was.as_ref()) else { continue };
        if let Some(text) = refusal(giver, was.as_ref(), is) {
            refusals.push(Refusal::new(role_place(role), text));
        }
    }
    refusals
}

/// What a role says of a section goes with the section, and a role that it lists goes from its list
/// when that is deleted; whoever deletes those changes no other role.
fn without_what_goes(giver: &Giver<'_>, role: &Role) -> Role {
    let mut role = role.clone();
    let is_there = |section| giver.after().objects.values().any(|object| object.section_position(section).is_some());
    role.sections.retain(|section, _| is_there(*section));
    role.may_assign.retain(|listed| giver.after().roles.contains_key(listed));
    role
}

/// Why the giver may not make one role of another, if they may not.
pub(super) fn refusal(giver: &Giver<'_>, was: Option<&Role>, is: Option<&Role>) -> Option<String> {
    if giver.holds(features::ROLES_MANAGE) {
        one(giver, was, is)
    } else {
        Some("you need “Manage roles and permissions” for this".to_owned())
    }
}

fn one(giver: &Giver<'_>, was: Option<&Role>, is: Option<&Role>) -> Option<String> {
    let is = is?;
    if let Some(was) = was
        && giver.my_role().is_some_and(|mine| mine.id == was.id)
        && permissions(was) != permissions(is)
    {
        return Some("nobody changes their own role".to_owned());
    }
    let holdings = of_role(giver.after(), is);
    let same_type = was.is_some_and(|was| was.role_type == is.role_type);
    let base = was.filter(|_| same_type).map(|was| of_role(giver.before(), was));
    let base: Vec<_> = base.iter().collect();
    if let Some(what) = giver.lacks_of_raise(&base, &holdings) {
        return Some(format!("this would give {what}, which you don't hold"));
    }
    if let Some(what) = planted(giver, was, is) {
        return Some(format!("this would set {what}, which you don't hold"));
    }
    assignable(giver, was, is)
}

/// What the role says more than before and the giver doesn't hold, even where a ceiling, a narrower
/// view or a switched-off area makes it void for now: it would come alive by somebody else's edit.
fn planted(giver: &Giver<'_>, was: Option<&Role>, is: &Role) -> Option<String> {
    let team = giver.after();
    for (id, value) in &is.features {
        let had = was.is_some_and(|was| was.feature(*id) == FeatureValue::Yes);
        let Some(feature) = team.catalog.feature(*id).filter(|feature| feature.decided_by == DecidedBy::Role) else {
            continue;
        };
        if *value == FeatureValue::Yes && !had && !giver.holds(*id) {
            return Some(format!("“{}”", feature.label));
        }
    }
    for object in team.objects.values() {
        let had = was.map_or(Scopes::UNLISTED, |was| was.scopes(object.id));
        let (has, mine) = (is.scopes(object.id), giver.now.rights(Subject::User(giver.me), object.id));
        let verbs = [
            ("view", had.view, has.view, mine.view),
            ("create/edit", had.edit, has.edit, mine.edit),
            ("delete", had.delete, has.delete, mine.delete),
        ];
        for (verb, had, has, reached) in verbs {
            // What the giver edits or deletes never reaches further than what they view (R12).
            let held = reached.contains(has) && mine.view.contains(has);
            if !had.contains(has) && !held {
                return Some(format!("{verb} {} “{}”", object.label, has.label()));
            }
        }
    }
    None
}

/// Everything about a role but its looks.
fn permissions(role: &Role) -> Role {
    Role { description: String::new(), icon: String::new(), order: 0, name: String::new(), ..role.clone() }
}

/// Only somebody who holds the listed roles sets the list, and never with an Administrator type.
fn assignable(giver: &Giver<'_>, was: Option<&Role>, is: &Role) -> Option<String> {
    let had = |id: &RoleId| was.is_some_and(|was| was.may_assign.contains(id));
    for id in is.may_assign.iter().filter(|id| !had(id)) {
        let Some(listed) = giver.after().roles.get(id) else { continue };
        if listed.role_type == RoleType::Administrator {
            return Some(format!("“{}” has the type Administrator and can't be listed", listed.name));
        }
        if let Some(what) = giver.lacks(&of_role(giver.after(), listed)) {
            return Some(format!("may assign “{}”: it holds {what}, which you don't", listed.name));
        }
    }
    None
}
