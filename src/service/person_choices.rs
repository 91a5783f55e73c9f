//! What can be chosen for a person: roles, each with what speaks against it, and managers.

use crate::model::text::fold;
use crate::model::{RoleType, Shipped, Status};

use super::session::Session;

/// A role that somebody can be put into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleChoice {
    /// Its name.
    pub name: String,
    /// Its type.
    pub role_type: RoleType,
    /// What it is for.
    pub description: String,
    /// Why the viewer can't give it, if they can't (R31).
    pub blocked: Option<String>,
}

/// Somebody who can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonChoice {
    /// Their email.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their role's name.
    pub role: String,
    /// Active, invited or revoked.
    pub status: Status,
}

impl Session {
    /// The roles, in the order of their list. Account Owner isn't among them: it moves with the
    /// ownership alone (R7).
    #[must_use]
    pub fn role_choices(&self) -> Vec<RoleChoice> {
        let view = self.view();
        let team = view.team();
        let mut roles: Vec<_> =
            team.roles.values().filter(|role| role.shipped != Some(Shipped::AccountOwner)).collect();
        roles.sort_by_key(|role| (role.shipped.is_none(), role.order, role.id));
        let choices = roles.into_iter().map(|role| RoleChoice {
            name: role.name.clone(),
            role_type: role.role_type,
            description: role.description.clone(),
            blocked: view.snapshot().may_assign(self.subject(), role.id).err().map(|denied| denied.to_string()),
        });
        choices.collect()
    }

    /// The people, by name. Who is revoked isn't among them.
    #[must_use]
    pub fn person_choices(&self) -> Vec<PersonChoice> {
        let view = self.view();
        let team = view.team();
        let people = team.users.values().filter(|user| user.status != Status::Revoked);
        let mut choices: Vec<PersonChoice> = people
            .map(|user| PersonChoice {
                email: user.email.clone(),
                name: user.name.clone(),
                role: team.roles.get(&user.role).map(|role| role.name.clone()).unwrap_or_default(),
                status: user.status,
            })
            .collect();
        choices.sort_by_cached_key(|person| (fold(&person.name), person.email.clone()));
        choices
    }
}
