//! A new account: its name, its owner, and everything that every account starts with.

use crate::exchange::value::check_email;
use crate::model::text::{self, fold};
use crate::model::{Change, shipped};

use super::engine::Engine;
use super::error::ServiceError;
use super::passwords::{self, Password};
use super::session::Session;
use std::sync::Arc;

/// A new account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The account's name.
    pub account: String,
    /// The owner's name.
    pub owner_name: String,
    /// The owner's email.
    pub owner_email: String,
    /// The owner's password; a temporary one is made where it is unset.
    pub password: Option<Password>,
}

const LONGEST_NAME: usize = 120;

impl NewAccount {
    /// The account's name, the owner's name and the owner's email, as they may be kept.
    ///
    /// # Errors
    /// What can't be taken.
    pub fn check(&self) -> Result<(String, String, String), ServiceError> {
        let account = name("the account's name", &self.account)?;
        let owner_name = name("the owner's name", &self.owner_name)?;
        let email = fold(self.owner_email.trim());
        check_email(&email).map_err(|why| ServiceError::Invalid(format!("the owner's email {why}")))?;
        if let Some(password) = &self.password {
            passwords::acceptable(password, &email, &owner_name)?;
        }
        Ok((account, owner_name, email))
    }
}

impl Engine {
    /// Makes the account. Answers with the temporary password, where one was made.
    ///
    /// # Errors
    /// Where there is an account already, or a value can't be taken.
    pub fn create_account(self: &Arc<Self>, new: &NewAccount) -> Result<Option<Password>, ServiceError> {
        if self.has_account() {
            return Err(ServiceError::AccountExists);
        }
        let (account, owner_name, email) = new.check()?;
        let session = Session::new(Arc::clone(self), crate::authz::Subject::Operator);
        let now = self.now();
        session.commit("new account", |view| {
            if !view.team().users.is_empty() {
                return Err(ServiceError::AccountExists);
            }
            let changes: Vec<Change> = shipped::new_team(&account, &owner_name, &email, now)
                .map_err(|error| ServiceError::Invalid(error.to_string()))?;
            Ok(changes)
        })?;
        let owner = self.view().team().owner().map(|owner| owner.id).ok_or(ServiceError::NoAccount)?;
        let temporary = new.password.is_none().then(|| passwords::temporary(self.chance()));
        if let Some(password) = temporary.as_ref().or(new.password.as_ref()) {
            self.set_password(owner, password, temporary.is_some())?;
        }
        Ok(temporary)
    }
}

fn name(place: &str, typed: &str) -> Result<String, ServiceError> {
    text::name(typed, LONGEST_NAME).map_err(|bad| ServiceError::Invalid(format!("{place} {bad}")))
}
