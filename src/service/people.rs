//! Adding people, changing them, letting them go (001-13, 001-16, 001-18, 003-20…22, R21, R31).

use std::sync::Arc;

use crate::exchange::value::{check_email, check_language};
use crate::model::text::{self, fold};
use crate::model::{Exception, Moment, Role, RoleId, Status, Team, User, UserId};

use super::draft::Draft;
use super::edit_team::{role, role_id, take, user, user_id};
use super::error::ServiceError;
use super::passwords::Password;
use super::session::Session;

/// Somebody to add.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewUser {
    /// The email, which is the user name.
    pub email: String,
    /// The name on screens.
    pub name: String,
    /// The role's name.
    pub role: String,
    /// A manager's email.
    pub manager: Option<String>,
    /// Email 'From' Name (001-14).
    pub email_from_name: Option<String>,
    /// Reply To Email (001-15).
    pub reply_to: Option<String>,
    /// BCP 47 language (001-16).
    pub language: Option<String>,
    /// An outside person without a seat (R27).
    pub account_manager: bool,
}

/// What to change of a person; what is unset stays as it is, and an empty text takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserChange {
    /// The email.
    pub email: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The role's name.
    pub role: Option<String>,
    /// The manager's email.
    pub manager: Option<String>,
    /// Email 'From' Name.
    pub email_from_name: Option<String>,
    /// Reply To Email.
    pub reply_to: Option<String>,
    /// BCP 47 language.
    pub language: Option<String>,
    /// The Talk flag (003-23).
    pub talk_access: Option<bool>,
}

impl UserChange {
    /// Each thing that is changed, as a change by itself.
    fn field_by_field(&self) -> Vec<(&'static str, Self)> {
        let nothing = Self::default;
        let fields = [
            ("email", self.email.clone().map(|email| Self { email: Some(email), ..nothing() })),
            ("name", self.name.clone().map(|name| Self { name: Some(name), ..nothing() })),
            ("role", self.role.clone().map(|role| Self { role: Some(role), ..nothing() })),
            ("manager", self.manager.clone().map(|manager| Self { manager: Some(manager), ..nothing() })),
            ("language", self.language.clone().map(|language| Self { language: Some(language), ..nothing() })),
            ("email_from_name", self.email_from_name.clone().map(|n| Self { email_from_name: Some(n), ..nothing() })),
            ("reply_to", self.reply_to.clone().map(|reply_to| Self { reply_to: Some(reply_to), ..nothing() })),
        ];
        fields.into_iter().filter_map(|(field, change)| Some((field, change?))).collect()
    }
}

const LONGEST: usize = 120;

impl Session {
    /// Adds somebody, active, with a temporary password that is shown once (R21).
    ///
    /// # Errors
    /// Where a value can't be taken, or the rules say no.
    pub fn add_user(&self, new: &NewUser) -> Result<Password, ServiceError> {
        let saved = self.save(&Draft::NewUser(new.clone()))?;
        saved.password.ok_or(ServiceError::NoAccount)
    }

    /// Changes somebody's details, role or manager.
    ///
    /// # Errors
    /// As [`Session::add_user`].
    pub fn change_user(&self, email: &str, change: &UserChange) -> Result<(), ServiceError> {
        self.save(&Draft::User { email: email.to_owned(), change: change.clone() })?;
        Ok(())
    }

    /// What can't be taken of a change, each with the name of its field: `email`, `name`, `role`,
    /// `manager`, `language`, `email_from_name`, `reply_to`. Nobody is named, for somebody new.
    #[must_use]
    pub fn wrong_in(&self, email: Option<&str>, change: &UserChange) -> Vec<(&'static str, String)> {
        let view = self.view();
        let team = view.team();
        let somebody = email.and_then(|email| user(team, email).ok());
        let nobody = || User::plain(UserId(u32::MAX), String::new(), String::new(), RoleId(0), Moment(0));
        let before = somebody.unwrap_or_else(nobody);
        let alone = change.field_by_field().into_iter();
        let tried = alone.map(|(field, change)| (field, changed(team, before.clone(), &change)));
        tried.filter_map(|(field, tried)| Some((field, tried.err()?.to_string()))).collect()
    }

    /// Sets, changes or (with `None`) removes an exception (000-31…33).
    ///
    /// # Errors
    /// Where there is no such feature, or the rules say no.
    pub fn set_exception(&self, email: &str, key: &str, exception: Option<Exception>) -> Result<(), ServiceError> {
        self.save(&Draft::Exception { email: email.to_owned(), key: key.to_owned(), exception })?;
        Ok(())
    }

    /// Takes somebody's access away at once, or gives it back (003-21, 003-22). What they own stays
    /// theirs for now (R24).
    ///
    /// # Errors
    /// Where the rules say no: the owner, oneself, or somebody who holds more than one does.
    pub fn set_status(&self, email: &str, status: Status) -> Result<(), ServiceError> {
        self.save(&Draft::Status { email: email.to_owned(), status })?;
        Ok(())
    }

    /// A temporary password for somebody who lost theirs (001-17). Ends their sessions.
    ///
    /// # Errors
    /// Where the rules say no.
    pub fn give_temporary_password(&self, email: &str) -> Result<Password, ServiceError> {
        let view = self.view();
        let target = user(view.team(), email)?;
        view.snapshot().may_touch(self.subject(), target.id)?;
        if target.status == Status::Revoked {
            return Err(ServiceError::Invalid(format!("{} is revoked; reactivate them first", target.name)));
        }
        self.temporary_password(&target)
    }
}

pub(super) fn insert(team: &mut Team, new: &NewUser, now: Moment) -> Result<UserId, ServiceError> {
    let id = UserId(take(&mut team.account.next.user));
    let role = role_id(team, &new.role)?;
    let plain =
        User { account_manager: new.account_manager, ..User::plain(id, String::new(), String::new(), role, now) };
    let rest = UserChange {
        email: Some(new.email.clone()),
        name: Some(new.name.clone()),
        manager: new.manager.clone(),
        email_from_name: new.email_from_name.clone(),
        reply_to: new.reply_to.clone(),
        language: new.language.clone(),
        ..UserChange::default()
    };
    let user = changed(team, plain, &rest)?;
    team.users.insert(id, Arc::new(user));
    Ok(id)
}

pub(super) fn change(team: &mut Team, email: &str, change: &UserChange) -> Result<(), ServiceError> {
    let before = user(team, email)?;
    let after = changed(team, before, change)?;
    team.users.insert(after.id, Arc::new(after));
    Ok(())
}

pub(super) fn set_exception(
    team: &mut Team,
    email: &str,
    key: &str,
    exception: Option<Exception>,
) -> Result<(), ServiceError> {
    let mut after = user(team, email)?;
    let Some(feature) = team.catalog.by_key(key).map(|feature| feature.id) else {
        return Err(ServiceError::Invalid(format!("there is no permission {key}")));
    };
    match exception {
        Some(exception) => after.exceptions.insert(feature, exception),
        None => after.exceptions.remove(&feature),
    };
    team.users.insert(after.id, Arc::new(after));
    Ok(())
}

pub(super) fn set_status(team: &mut Team, email: &str, status: Status) -> Result<(), ServiceError> {
    let after = User { status, ..user(team, email)? };
    team.users.insert(after.id, Arc::new(after));
    Ok(())
}

pub(super) fn changed(team: &Team, mut user: User, change: &UserChange) -> Result<User, ServiceError> {
    if let Some(typed) = &change.email {
        user.email = email(team, user.id, typed)?;
    }
    if let Some(name) = &change.name {
        user.name = text::name(name, LONGEST).map_err(|bad| ServiceError::Invalid(format!("the name {bad}")))?;
    }
    if let Some(name) = &change.role {
        let role = role(team, name)?;
        move_to(&mut user, &role);
    }
    if let Some(manager) = &change.manager {
        user.manager = if manager.trim().is_empty() { None } else { Some(user_id(team, manager)?) };
    }
    set(&mut user.language, change.language.as_deref(), "the language", check_language)?;
    set(&mut user.email_from_name, change.email_from_name.as_deref(), "the Email 'From' Name", |_| Ok(()))?;
    set(&mut user.reply_to, change.reply_to.as_deref(), "the Reply To Email", check_email)?;
    if let Some(talk_access) = change.talk_access {
        user.talk_access = talk_access;
    }
    Ok(user)
}

/// A move to a locked role clears what such roles never have (R7, R10).
pub(super) fn move_to(user: &mut User, role: &Role) {
    if user.role != role.id && role.is_locked() {
        user.exceptions.clear();
        user.manager = None;
    }
    user.role = role.id;
}

fn email(team: &Team, id: UserId, typed: &str) -> Result<String, ServiceError> {
    let email = fold(typed.trim());
    check_email(&email).map_err(|why| ServiceError::Invalid(format!("the email {why}")))?;
    if team.user_by_email(&email).is_some_and(|other| other.id != id) {
        return Err(ServiceError::Invalid(format!("{email} is somebody's already")));
    }
    Ok(email)
}

/// Sets or takes away a text that may be missing.
fn set(
    slot: &mut Option<String>,
    typed: Option<&str>,
    place: &str,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<(), ServiceError> {
    let Some(typed) = typed else { return Ok(()) };
    let invalid = |why: String| ServiceError::Invalid(format!("{place} {why}"));
    *slot = match typed.trim() {
        "" => None,
        text => {
            let text = text::name(text, LONGEST).map_err(|bad| invalid(bad.to_string()))?;
            check(&text).map_err(invalid)?;
            Some(text)
        }
    };
    Ok(())
}
