//! Whether a team that held together still does after a change, told by what the change touched. It
//! may say no too often, and the whole is looked at then; never yes where the whole would say no.

use std::sync::Arc;

use crate::model::text::{fold, folds_to};
use crate::model::{Pair, Role, RoleType, Team, User};

use super::circles::people_cycles;
use super::valid::{no_line_back, one_object, one_role, one_user, sections};

/// Nothing is wrong with `after`, if nothing was with `before`.
pub(super) fn sound(before: &Team, after: &Team) -> bool {
    let roles: Vec<Pair<'_, Role>> = before.roles.apart(&after.roles).collect();
    let users: Vec<Pair<'_, User>> = before.users.apart(&after.users).collect();
    // What is gone may be named by anything that stays.
    let gone = roles.iter().any(|(_, is)| is.is_none()) || users.iter().any(|(_, is)| is.is_none());
    let objects = before.objects != after.objects;
    let catalog = !Arc::ptr_eq(&before.catalog, &after.catalog) && before.catalog != after.catalog;
    !gone && !catalog && (!objects || objects_hold(after)) && roles_hold(after, &roles) && users_hold(after, &users)
}

/// Roles name sections, and a section may be gone.
fn objects_hold(after: &Team) -> bool {
    let (mut problems, sections) = (Vec::new(), sections(after));
    after.objects.values().for_each(|object| one_object(object, &mut problems));
    after.roles.values().for_each(|role| one_role(after, role, &sections, &mut problems));
    problems.is_empty()
}

fn roles_hold(after: &Team, changed: &[Pair<'_, Role>]) -> bool {
    let (mut problems, sections) = (Vec::new(), sections(after));
    for (was, is) in changed {
        let Some(is) = is else { return false };
        let top = |role: &Role| role.role_type == RoleType::AccountOwner || role.is_locked();
        // Who is the one at the top, and what is locked, others depend on.
        if top(is) || was.is_some_and(|was| top(was)) {
            return false;
        }
        one_role(after, is, &sections, &mut problems);
        let named_anew = was.is_none_or(|was| was.name != is.name);
        if named_anew && is_shared(after.roles.values().map(|role| (role.id, role.name.as_str())), is.id, &is.name) {
            return false;
        }
        // A circle of people may go through a role that stands elsewhere.
        if was.is_some_and(|was| was.manager != is.manager) && !no_circle(after) {
            return false;
        }
        no_line_back(after, is, &mut problems);
    }
    problems.is_empty()
}

fn users_hold(after: &Team, changed: &[Pair<'_, User>]) -> bool {
    let mut problems = Vec::new();
    let mut moved = false;
    for (was, is) in changed {
        let Some(is) = is else { return false };
        one_user(after, is, &mut problems);
        let named_anew = was.is_none_or(|was| was.email != is.email);
        if named_anew && after.users.values().any(|user| user.id != is.id && user.email == is.email) {
            return false;
        }
        moved |= was.is_none_or(|was| (was.role, was.manager) != (is.role, is.manager));
    }
    problems.is_empty() && (!moved || no_circle(after))
}

fn no_circle(team: &Team) -> bool {
    let mut problems = Vec::new();
    people_cycles(team, &mut problems);
    problems.is_empty()
}

/// Has anything else the same name, whatever its case?
fn is_shared<'a, I: PartialEq>(mut all: impl Iterator<Item = (I, &'a str)>, mine: I, name: &str) -> bool {
    let folded = fold(name);
    all.any(|(id, name)| id != mine && folds_to(name, &folded))
}
