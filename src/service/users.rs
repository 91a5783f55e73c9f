//! The people of the account, as everybody may see them (002-34): name, role, email, status and
//! manager. The rest needs "Manage User details and User permissions".

use std::collections::BTreeSet;

use crate::model::catalog::features;
use crate::model::text::fold;
use crate::model::{Moment, RoleType, Status, User, UserId};
use crate::store::View;

use super::acts::Acts;
use super::error::ServiceError;
use super::exceptions::{self, ExceptionView};
use super::roles::{Member, initials};
use super::session::Session;

/// Which people, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserQuery {
    /// Part of a name, email, role or manager.
    pub text: String,
    /// Only holders of these roles (003-09); everybody if empty.
    pub roles: BTreeSet<String>,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// The email, which is the user name.
    pub email: String,
    /// The name.
    pub name: String,
    /// The role's name, which labels the line (003-12).
    pub role: String,
    /// The role's type.
    pub role_type: RoleType,
    /// Active, invited or revoked.
    pub status: Status,
    /// Their own manager's name.
    pub manager: Option<String>,
    /// Their own manager's email.
    pub manager_email: Option<String>,
    /// When they last signed in; `None` if never, or if the viewer may not know.
    pub last_seen: Option<Moment>,
    /// May the viewer know when they last signed in?
    pub may_know_last_seen: bool,
    /// An outside person without a seat (R27).
    pub account_manager: bool,
    /// The viewer's own line.
    pub is_me: bool,
}

/// One person, as far as the viewer may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserDetail {
    /// What the list shows.
    pub row: UserRow,
    /// The language (001-16); for the person and those who manage details.
    pub language: Option<String>,
    /// Email 'From' Name (001-14); likewise.
    pub email_from_name: Option<String>,
    /// Reply To Email (001-15); likewise.
    pub reply_to: Option<String>,
    /// Departures from the role; `None` where the viewer may not know.
    pub exceptions: Option<Vec<ExceptionView>>,
    /// Where they signed in from; `None` where the viewer may not know.
    pub addresses: Option<Vec<AddressView>>,
    /// The people who report to them, by name, as far as personal managers say.
    pub reports: Vec<Member>,
    /// What the viewer may do with them.
    pub acts: Acts,
}

/// One address that a person signed in from (001-19).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressView {
    /// The address.
    pub address: String,
    /// The first time.
    pub first: Moment,
    /// The last time.
    pub last: Moment,
}

/// Is this in their name or email?
fn is_called(row: &UserRow, folded: &str) -> bool {
    [&row.name, &row.email].into_iter().any(|shown| fold(shown).contains(folded))
}

/// Is it in the name of their role or manager?
fn is_about(row: &UserRow, folded: &str) -> bool {
    std::iter::once(&row.role).chain(&row.manager).any(|shown| fold(shown).contains(folded))
}

impl Session {
    /// The people that match, by name; where a text is searched for, those who are called so come before
    /// those whose role or manager is.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn users(&self, query: &UserQuery) -> Result<Vec<UserRow>, ServiceError> {
        let view = self.view();
        let team = view.team();
        let text = fold(query.text.trim());
        let roles: BTreeSet<String> = query.roles.iter().map(|role| fold(role)).collect();
        let mut rows = Vec::new();
        for user in team.users.values() {
            let row = self.row(&view, user)?;
            if !roles.is_empty() && !roles.contains(&fold(&row.role)) {
                continue;
            }
            if text.is_empty() || is_called(&row, &text) || is_about(&row, &text) {
                rows.push(row);
            }
        }
        rows.sort_by_cached_key(|row| (!is_called(row, &text), fold(&row.name), row.email.clone()));
        Ok(rows)
    }

    /// One person.
    ///
    /// # Errors
    /// Where there is no such user.
    pub fn user_detail(&self, email: &str) -> Result<UserDetail, ServiceError> {
        let view = self.view();
        let team = view.team();
        let Some(user) = team.user_by_email(email) else {
            return Err(ServiceError::NotFound(format!("there is no user {email}")));
        };
        let row = self.row(&view, user)?;
        let manages = self.holds(&view, features::USERS_EDIT);
        let details = manages || row.is_me;
        let addresses = if manages { Some(self.addresses(user.id)?) } else { None };
        let reports = team.users.values().filter(|other| other.manager == Some(user.id));
        let mut reports: Vec<Member> = reports
            .map(|user| Member { name: user.name.clone(), email: user.email.clone(), initials: initials(&user.name) })
            .collect();
        reports.sort_by_cached_key(|member| fold(&member.name));
        Ok(UserDetail {
            row,
            language: user.language.clone().filter(|_| details),
            email_from_name: user.email_from_name.clone().filter(|_| details),
            reply_to: user.reply_to.clone().filter(|_| details),
            exceptions: manages.then(|| exceptions::of(team, user, self.engine().now())),
            addresses,
            reports,
            acts: self.acts(&view, user),
        })
    }

    fn addresses(&self, user: UserId) -> Result<Vec<AddressView>, ServiceError> {
        let seen = self.engine().store().addresses(user)?;
        let seen =
            seen.into_iter().map(|seen| AddressView { address: seen.address, first: seen.first, last: seen.last });
        Ok(seen.collect())
    }

    fn row(&self, view: &View, user: &User) -> Result<UserRow, ServiceError> {
        let team = view.team();
        let manager = user.manager.and_then(|id| team.users.get(&id));
        let role = team.roles.get(&user.role);
        let is_me = self.subject() == crate::authz::Subject::User(user.id);
        let may_know = is_me || self.holds(view, features::USERS_EDIT);
        Ok(UserRow {
            email: user.email.clone(),
            name: user.name.clone(),
            role: role.map(|role| role.name.clone()).unwrap_or_default(),
            role_type: role.map_or(RoleType::Focused, |role| role.role_type),
            status: user.status,
            manager: manager.map(|manager| manager.name.clone()),
            manager_email: manager.map(|manager| manager.email.clone()),
            may_know_last_seen: may_know,
            last_seen: if may_know { self.engine().store().last_seen(user.id)? } else { None },
            account_manager: user.account_manager,
            is_me,
        })
    }
}
