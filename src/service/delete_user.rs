//! Deleting somebody for good (003-22, R24): what they own goes to an heir, whoever reported to them
//! gets another manager or, if that is said, none, what was assigned to them no longer is — all of it or nothing.
//! Sealed things go along; whoever deletes is neither shown them nor told whether there are any.

use std::sync::Arc;

use crate::model::{Change, Record, Shipped, Status, Swap, Team, User};
use crate::store::View;

use super::draft::Draft;
use super::edit_team::{user, user_id};
use super::error::ServiceError;
use super::session::Session;

/// Who takes over from somebody who is deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heirs {
    /// The email of the new owner of everything that they own, private records included. It is asked
    /// for whether or not they own anything: an answer that depended on it would tell (R32).
    pub records: String,
    /// Who leads the people who report to them. It must be answered where there are any: without a
    /// manager of their own everybody with a role above theirs sees them (R4, R24).
    pub manager: NextManager,
}

/// Who leads the people whose manager goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum NextManager {
    /// That wasn't said.
    #[default]
    Unanswered,
    /// Nobody of their own: the role tree decides.
    RoleTree,
    /// Whoever has this email.
    Person(String),
}

impl Session {
    /// Deletes somebody whose access is revoked, and hands over what they leave.
    ///
    /// # Errors
    /// Where they aren't revoked, an heir is missing, or the rules say no. Nothing is changed then.
    pub fn delete_user(&self, email: &str, heirs: &Heirs) -> Result<(), ServiceError> {
        self.save(&Draft::DeleteUser { email: email.to_owned(), heirs: heirs.clone() })?;
        Ok(())
    }

    /// The changes by which somebody goes.
    pub(super) fn departure(&self, view: &View, email: &str, heirs: &Heirs) -> Result<Vec<Change>, ServiceError> {
        let team = view.team();
        let leaver = user(team, email)?;
        may_go(team, &leaver)?;
        let departure = view.snapshot().permit_departure(self.subject(), leaver.id)?;
        let heir = heir(team, &leaver, &heirs.records)?;
        let reports: Vec<&Arc<User>> = team.users.values().filter(|user| user.manager == Some(leaver.id)).collect();
        let manager = match &heirs.manager {
            NextManager::Person(email) => Some(user_id(team, email.trim())?),
            NextManager::RoleTree => None,
            NextManager::Unanswered if reports.is_empty() => None,
            NextManager::Unanswered => return Err(unanswered(&reports)),
        };
        if manager == Some(leaver.id) {
            return Err(ServiceError::Invalid(format!("{} goes; choose another manager", leaver.name)));
        }
        let left = view.left_behind(&departure).map_err(|_| ServiceError::Loading)?;
        let mut changes: Vec<Change> = left
            .into_iter()
            .map(|before| {
                let owner = if before.owner == leaver.id { heir } else { before.owner };
                let assigned = before.assigned.iter().copied().filter(|user| *user != leaver.id).collect();
                let after = Record { owner, assigned, ..before.clone() };
                Change::Record(Swap::changed(before, after))
            })
            .collect();
        for report in reports {
            // Whoever becomes the manager of the others doesn't become their own.
            let manager = manager.filter(|manager| *manager != report.id);
            let after = User { manager, ..User::clone(report) };
            changes.push(Change::User(Swap::changed(Arc::clone(report), Arc::new(after))));
        }
        changes.extend(team.users.get(&leaver.id).cloned().map(|gone| Change::User(Swap::removed(gone))));
        Ok(changes)
    }
}

fn unanswered(reports: &[&Arc<User>]) -> ServiceError {
    let names: Vec<&str> = reports.iter().map(|report| report.name.as_str()).collect();
    let names = names.join(", ");
    ServiceError::Invalid(format!("choose a new manager for {names}, or that the role tree decides"))
}

/// What the history says about it.
pub(super) fn deletion(email: &str) -> String {
    format!("delete {}", crate::model::text::fold(email.trim()))
}

/// Can somebody be deleted at all, whoever wants it? 002-03, 002-04, 003-22.
pub(super) fn may_go(team: &Team, leaver: &User) -> Result<(), ServiceError> {
    let role = team.roles.get(&leaver.role);
    if role.is_some_and(|role| role.shipped == Some(Shipped::AccountOwner)) {
        let text = "the account owner can't be deleted; the ownership must be transferred to another user first";
        return Err(ServiceError::Denied(text.to_owned()));
    }
    if leaver.status != Status::Revoked {
        let text = format!("{} is {}; revoke their access first, then delete", leaver.name, leaver.status.token());
        return Err(ServiceError::Invalid(text));
    }
    Ok(())
}

fn heir(team: &Team, leaver: &User, email: &str) -> Result<crate::model::UserId, ServiceError> {
    let invalid = |text: String| Err(ServiceError::Invalid(text));
    if email.trim().is_empty() {
        return invalid(format!("choose who takes over what {} owns", leaver.name));
    }
    let heir = user(team, email)?;
    if heir.id == leaver.id {
        return invalid(format!("{} goes; choose somebody else to take over", leaver.name));
    }
    if heir.status != Status::Active {
        return invalid(format!("{} is {}; choose somebody active to take over", heir.name, heir.status.token()));
    }
    Ok(heir.id)
}
