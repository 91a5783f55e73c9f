//! What every team must be (R4, R5, R6, R10, R22, 000-03, 000-06).

use std::collections::{BTreeMap, BTreeSet};

use rolecall::model::{FeatureValue, RoleType, Scope, Shipped, Status, Team, User, UserId};

use super::Oracle;
use super::features::{ceiling_forbids, is_locked};

/// Is this a team that could be saved?
pub fn is_valid(team: &Team) -> bool {
    roles_are_valid(team)
        && people_are_valid(team)
        && role_managers_make_a_tree(team)
        && people_make_no_cycle(team)
        && there_is_one_owner(team)
        && fields_are_valid(team)
}

fn roles_are_valid(team: &Team) -> bool {
    let mut names = BTreeSet::new();
    let sections: BTreeSet<_> = team.objects.values().flat_map(|o| &o.sections).map(|section| section.id).collect();
    let mut valid = true;
    for role in team.roles.values() {
        valid &= names.insert(role.name.to_lowercase());
        let is_top = role.shipped == Some(Shipped::AccountOwner);
        // "A custom role's type is Administrator, User or Focused User" (R9).
        valid &= is_top == (role.role_type == RoleType::AccountOwner);
        valid &= is_top == role.manager.is_none();
        valid &= role.manager.is_none_or(|manager| team.roles.contains_key(&manager));
        valid &= role.scopes.values().all(|scopes| scopes.view != Scope::None);
        valid &= role.scopes.keys().all(|object| team.objects.contains_key(object));
        valid &= role.sections.keys().all(|section| sections.contains(section));
        for (id, value) in &role.features {
            let Some(feature) = team.catalog.feature(*id) else { return false };
            valid &= *value != FeatureValue::Request || feature.requestable;
            valid &= feature.key != "contacts.import" || *value == FeatureValue::Yes;
        }
        for id in &role.may_assign {
            valid &= team.roles.get(id).is_some_and(|listed| !is_locked(listed));
        }
    }
    valid && team.roles.values().filter(|role| role.shipped == Some(Shipped::AccountOwner)).count() == 1
}

fn people_are_valid(team: &Team) -> bool {
    let mut emails = BTreeSet::new();
    team.users.values().all(|user| {
        emails.insert(user.email.to_lowercase())
            && user.email == user.email.to_lowercase()
            && team.roles.contains_key(&user.role)
            && user.manager.is_none_or(|manager| team.users.contains_key(&manager))
            && user.exceptions.keys().all(|id| team.catalog.feature(*id).is_some())
    })
}

/// R10: "refused … on holders of the two locked roles and where the type's ceiling would make them
/// void"; what can't be set by a role can't be by an exception either.
pub fn exceptions_are_allowed(team: &Team, user: &User) -> bool {
    let role = &team.roles[&user.role];
    user.exceptions.keys().all(|id| {
        let key = team.catalog.feature(*id).unwrap().key.as_str();
        !is_locked(role) && !ceiling_forbids(role.role_type, key) && key != "contacts.import" && key != "talk.access"
    })
}

/// R6, R7, R22: always exactly one account owner, who is active and has no manager.
pub fn there_is_one_owner(team: &Team) -> bool {
    let is_owner = |user: &&std::sync::Arc<User>| team.roles[&user.role].shipped == Some(Shipped::AccountOwner);
    let owners: Vec<_> = team.users.values().filter(is_owner).collect();
    owners.len() == 1 && owners[0].status == Status::Active && owners[0].manager.is_none()
}

fn role_managers_make_a_tree(team: &Team) -> bool {
    team.roles.values().all(|role| {
        let mut at = role;
        for _ in 0..team.roles.len() {
            match at.manager {
                None => return true,
                Some(manager) => at = &team.roles[&manager],
            }
        }
        false
    })
}

/// R4: "any cycle in the graph in which each person points to their manager or, having none, to
/// every holder of a strict ancestor role" is refused. Whoever reaches themselves is on one.
pub fn people_make_no_cycle(team: &Team) -> bool {
    let oracle = Oracle::new(team, &[], rolecall::model::Moment(0));
    let mut points: BTreeMap<UserId, BTreeSet<UserId>> = BTreeMap::new();
    for user in team.users.values() {
        let to = match user.manager {
            Some(manager) => BTreeSet::from([manager]),
            None => {
                let above = oracle.strict_ancestors(user.role);
                team.users.values().filter(|other| above.contains(&other.role)).map(|other| other.id).collect()
            }
        };
        points.insert(user.id, to);
    }
    team.users.keys().all(|start| {
        let mut reached: BTreeSet<UserId> = points[start].clone();
        loop {
            let further: BTreeSet<UserId> = reached.iter().flat_map(|id| points[id].iter().copied()).collect();
            let before = reached.len();
            reached.extend(further);
            if reached.len() == before {
                return !reached.contains(start);
            }
        }
    })
}

fn fields_are_valid(team: &Team) -> bool {
    team.objects.values().all(|object| {
        let mut sections = BTreeSet::new();
        let mut fields = BTreeSet::new();
        !object.fields.is_empty()
            && object.sections.len() <= 64
            && object.sections.iter().all(|section| sections.insert(section.name.to_lowercase()))
            && object.fields.iter().all(|field| {
                let mut labels = BTreeSet::new();
                fields.insert(field.name.to_lowercase())
                    && object.sections.iter().any(|section| section.id == field.section)
                    && field.options.iter().all(|option| labels.insert(option.label.to_lowercase()))
            })
    })
}
