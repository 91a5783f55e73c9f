//! One's own details, which everybody may change (002-35).

use std::sync::Arc;

use crate::exchange::value::check_email;
use crate::model::text;
use crate::model::{Change, Swap, User};

use super::error::ServiceError;
use super::people::set;
use super::session::Session;

/// What to change; what is unset stays as it is, and an empty text takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnDetails {
    /// The name on screens.
    pub name: Option<String>,
    /// BCP 47 language.
    pub language: Option<String>,
    /// Email 'From' Name (001-14).
    pub email_from_name: Option<String>,
    /// Reply To Email (001-15).
    pub reply_to: Option<String>,
}

const LONGEST: usize = 120;

impl Session {
    /// Changes one's own details.
    ///
    /// # Errors
    /// Where a value can't be taken.
    pub fn change_own_details(&self, details: &OwnDetails) -> Result<(), ServiceError> {
        let me = self.user()?.id;
        self.commit("own details", |view| {
            let Some(before) = view.team().users.get(&me) else {
                return Err(ServiceError::NotFound("you are no longer here".to_owned()));
            };
            let mut after = User::clone(before);
            if let Some(name) = &details.name {
                after.name =
                    text::name(name, LONGEST).map_err(|bad| ServiceError::Invalid(format!("the name {bad}")))?;
            }
            set(&mut after.language, details.language.as_deref(), "the language")?;
            set(&mut after.email_from_name, details.email_from_name.as_deref(), "the Email 'From' Name")?;
            set(&mut after.reply_to, details.reply_to.as_deref(), "the Reply To Email")?;
            if let Some(reply_to) = details.reply_to.as_deref().filter(|typed| !typed.trim().is_empty()) {
                check_email(reply_to.trim())
                    .map_err(|why| ServiceError::Invalid(format!("the Reply To Email {why}")))?;
            }
            let same = after == **before;
            Ok(if same { Vec::new() } else { vec![Change::User(Swap::changed(Arc::clone(before), Arc::new(after)))] })
        })?;
        Ok(())
    }
}
