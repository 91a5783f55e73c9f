//! What every team must be, whoever makes it (R4, R6, R10, 000-06).

use std::collections::{BTreeSet, HashSet};

use crate::model::catalog::DecidedBy;
use crate::model::text::{fold, folds_to};
use crate::model::{FeatureValue, Object, Role, RoleId, RoleType, Scope, SectionId, Shipped, Team, User};

use super::Refusal;
use super::circles::people_cycles;

/// Everything that is wrong with a team; nothing if it is valid.
#[must_use]
pub fn validate(team: &Team) -> Vec<Refusal> {
    let mut problems = Vec::new();
    role_names(team, &mut problems);
    let sections = sections(team);
    for role in team.roles.values() {
        one_role(team, role, &sections, &mut problems);
    }
    role_cycles(team, &mut problems);
    people(team, &mut problems);
    if problems.is_empty() {
        people_cycles(team, &mut problems);
    }
    for object in team.objects.values() {
        one_object(object, &mut problems);
    }
    problems
}

pub(super) fn sections(team: &Team) -> BTreeSet<SectionId> {
    team.objects.values().flat_map(|object| object.sections.iter().map(|section| section.id)).collect()
}

pub(super) fn role_place(role: &Role) -> String {
    format!("the role “{}”", role.name)
}

fn role_names(team: &Team, problems: &mut Vec<Refusal>) {
    let mut names = BTreeSet::new();
    for role in team.roles.values() {
        if !names.insert(fold(&role.name)) {
            problems.push(Refusal::new(role_place(role), "two roles can't share a name"));
        }
    }
    let tops = team.roles.values().filter(|role| role.role_type == RoleType::AccountOwner).count();
    if tops != 1 {
        problems.push(Refusal::new("the roles", "there is always exactly one role Account Owner"));
    }
}

pub(super) fn one_role(team: &Team, role: &Role, sections: &BTreeSet<SectionId>, problems: &mut Vec<Refusal>) {
    let mut problem = |text: &str| problems.push(Refusal::new(role_place(role), text));
    let is_top = role.role_type == RoleType::AccountOwner;
    if is_top != (role.shipped == Some(Shipped::AccountOwner)) {
        problem("only the role Account Owner can have the type Account owner");
    }
    match role.manager {
        None if !is_top => problem("needs a manager; every role but Account Owner has one"),
        Some(_) if is_top => problem("can't have a manager"),
        Some(manager) if !team.roles.contains_key(&manager) => problem("its manager doesn't exist"),
        _ => {}
    }
    for (id, value) in &role.features {
        match team.catalog.feature(*id) {
            None => problem("sets a permission that doesn't exist"),
            Some(feature) if feature.decided_by == DecidedBy::Creating && *value != FeatureValue::Yes => {
                problem(&format!("“{}” can't be set: it follows creating", feature.label));
            }
            Some(feature) if *value == FeatureValue::Request && !feature.requestable => {
                problem(&format!("“{}” can't be set to On request", feature.label));
            }
            Some(_) => {}
        }
    }
    for (object, scopes) in &role.scopes {
        if !team.objects.contains_key(object) {
            problem("has scopes over an object that doesn't exist");
        }
        if scopes.view == Scope::None {
            problem("view can't be None; switch the area's access off instead");
        }
    }
    if role.sections.keys().any(|section| !sections.contains(section)) {
        problem("sets a section that doesn't exist");
    }
    if role.may_assign.iter().any(|id| team.roles.get(id).is_none_or(|role| role.is_locked())) {
        problem("may assign a role that doesn't exist or is locked");
    }
}

fn role_cycles(team: &Team, problems: &mut Vec<Refusal>) {
    let mut fine: BTreeSet<RoleId> = BTreeSet::new();
    for start in team.roles.values() {
        let mut path: Vec<&Role> = Vec::new();
        let mut at = Some(start.id);
        while let Some(role) = at.and_then(|id| team.roles.get(&id)) {
            if fine.contains(&role.id) {
                break;
            }
            if let Some(begin) = path.iter().position(|seen| seen.id == role.id) {
                let names: Vec<_> = path.iter().skip(begin).map(|role| format!("“{}”", role.name)).collect();
                problems.push(Refusal::new("the role managers", format!("form a circle: {}", names.join(" → "))));
                break;
            }
            path.push(role);
            at = role.manager;
        }
        fine.extend(path.iter().map(|role| role.id));
    }
}

/// A circle of role managers that goes through this role.
pub(super) fn no_line_back(team: &Team, role: &Role, problems: &mut Vec<Refusal>) {
    let (mut at, mut steps) = (role.manager, 0);
    while let Some(above) = at.and_then(|id| team.roles.get(&id)) {
        steps += 1;
        if above.id == role.id || steps > team.roles.len() {
            return problems.push(Refusal::new("the role managers", "form a circle"));
        }
        at = above.manager;
    }
}

fn people(team: &Team, problems: &mut Vec<Refusal>) {
    let mut emails = HashSet::with_capacity(team.users.len());
    for user in team.users.values() {
        if !emails.insert(user.email.as_str()) {
            problems.push(Refusal::new(user.email.clone(), TWICE));
        }
        one_user(team, user, problems);
    }
}

const TWICE: &str = "this email is used twice; every user signs in with their own";

/// What is wrong with somebody, beside others of the same name and circles of managers.
pub(super) fn one_user(team: &Team, user: &User, problems: &mut Vec<Refusal>) {
    let mut problem = |text: &str| problems.push(Refusal::new(user.email.clone(), text));
    if !folds_to(&user.email, &user.email) {
        problem(TWICE);
    }
    if !team.roles.contains_key(&user.role) {
        problem("their role doesn't exist");
    }
    if user.manager == Some(user.id) {
        problem("can't be their own manager");
    }
    if user.manager.is_some_and(|manager| !team.users.contains_key(&manager)) {
        problem("their manager doesn't exist");
    }
    if user.exceptions.keys().any(|feature| team.catalog.feature(*feature).is_none()) {
        problem("has an exception for a permission that doesn't exist");
    }
}

pub(super) fn one_object(object: &Object, problems: &mut Vec<Refusal>) {
    let mut problem = |text: String| problems.push(Refusal::new(format!("the fields of {}", object.label), text));
    if object.sections.len() > Object::MAX_SECTIONS {
        problem(format!("there can be at most {} sections", Object::MAX_SECTIONS));
    }
    let mut names = BTreeSet::new();
    for section in &object.sections {
        if !names.insert(fold(&section.name)) {
            problem(format!("two sections are called “{}”", section.name));
        }
    }
    let mut names = BTreeSet::new();
    for field in &object.fields {
        if !names.insert(fold(&field.name)) {
            problem(format!("two fields are called “{}”", field.name));
        }
        if object.section_position(field.section).is_none() {
            problem(format!("“{}” is in a section that doesn't exist", field.name));
        }
        let mut labels = BTreeSet::new();
        if !field.options.iter().all(|option| labels.insert(fold(&option.label))) {
            problem(format!("“{}” has an option twice", field.name));
        }
    }
    if object.fields.is_empty() {
        problem("there is no field that names the record".to_owned());
    }
}
