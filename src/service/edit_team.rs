//! Editing the team: a change is made on a copy, the difference is what a draft previews and commits.
//! What may not be done is refused there, whatever the copy says.

use crate::model::{Change, Role, RoleId, Team, User, UserId};
use crate::store::View;

use super::error::ServiceError;

/// What an edit of a copy of the team changes, and its answer.
pub(super) fn edited<T>(
    view: &View,
    edit: impl FnOnce(&mut Team) -> Result<T, ServiceError>,
) -> Result<(Vec<Change>, T), ServiceError> {
    let mut team = Team::clone(view.team());
    let answer = edit(&mut team)?;
    Ok((view.team().changes_to(&team), answer))
}

/// The next number of a counter.
pub(super) fn take(counter: &mut u32) -> u32 {
    let number = *counter;
    *counter = counter.saturating_add(1);
    number
}

pub(super) fn user(team: &Team, email: &str) -> Result<User, ServiceError> {
    let found = team.user_by_email(email).map(|user| User::clone(user));
    found.ok_or_else(|| ServiceError::NotFound(format!("there is no user {email}")))
}

pub(super) fn user_id(team: &Team, email: &str) -> Result<UserId, ServiceError> {
    user(team, email).map(|user| user.id)
}

pub(super) fn role(team: &Team, name: &str) -> Result<Role, ServiceError> {
    let found = team.role_named(name).map(|role| Role::clone(role));
    found.ok_or_else(|| ServiceError::NotFound(format!("there is no role “{name}”")))
}

pub(super) fn role_id(team: &Team, name: &str) -> Result<RoleId, ServiceError> {
    role(team, name).map(|role| role.id)
}
