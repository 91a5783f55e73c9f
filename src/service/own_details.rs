//! One's own details, which everybody may see and change (002-35).

use std::sync::Arc;

use crate::model::{Change, Swap, User};

use super::draft::Saved;
use super::error::ServiceError;
use super::people::{UserChange, changed};
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

impl OwnDetails {
    /// The same as a change of a person, which can't be one of role, manager or email.
    #[must_use]
    pub fn as_change(&self) -> UserChange {
        let Self { name, language, email_from_name, reply_to } = self.clone();
        UserChange { name, language, email_from_name, reply_to, ..UserChange::default() }
    }
}

impl Session {
    /// One's own details, all of them set; an empty text where there is nothing.
    ///
    /// # Errors
    /// Where one isn't here any more, or is the operator.
    pub fn own_details(&self) -> Result<OwnDetails, ServiceError> {
        let me = self.user()?;
        let text = |slot: &Option<String>| Some(slot.clone().unwrap_or_default());
        Ok(OwnDetails {
            name: Some(me.name.clone()),
            language: text(&me.language),
            email_from_name: text(&me.email_from_name),
            reply_to: text(&me.reply_to),
        })
    }

    /// Changes one's own details.
    ///
    /// # Errors
    /// Where a value can't be taken.
    pub fn change_own_details(&self, details: &OwnDetails) -> Result<Saved, ServiceError> {
        let me = self.user()?.id;
        let change = details.as_change();
        self.commit_and_tell("own details", |view| {
            let Some(before) = view.team().users.get(&me) else {
                return Err(ServiceError::NotFound("you are no longer here".to_owned()));
            };
            let after = changed(view.team(), User::clone(before), &change)?;
            let same = after == **before;
            Ok(if same { Vec::new() } else { vec![Change::User(Swap::changed(Arc::clone(before), Arc::new(after)))] })
        })
    }
}
