//! Editing the team: a change is made on a copy, the difference is committed. What may not be done
//! is refused at the commit, whatever the copy says.

use crate::model::{Role, RoleId, Team, User, UserId};

use super::error::ServiceError;
use super::session::Session;

impl Session {
    /// Edits a copy of the team and commits the difference; `edit` runs again where somebody else's
    /// change came between.
    pub(super) fn edit_team<T>(
        &self,
        reason: &str,
        mut edit: impl FnMut(&mut Team) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        let mut answer = None;
        self.commit(reason, |view| {
            let mut team = Team::clone(view.team());
            answer = Some(edit(&mut team)?);
            Ok(view.team().changes_to(&team))
        })?;
        answer.ok_or(ServiceError::NoAccount)
    }
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
