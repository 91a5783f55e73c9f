//! The same change for several people: those for whom it may be made, all in one step, and for each
//! of the others why not.

use super::Draft;
use crate::model::Status;
use crate::service::error::ServiceError;
use crate::service::people::UserChange;
use crate::service::session::Session;

/// What is changed of several people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForMany {
    /// Their role.
    Role(String),
    /// Whether they can sign in.
    Status(Status),
}

/// A change of several people, as far as it may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Many {
    /// The change of all for whom it may be made.
    pub draft: Draft,
    /// How many they are.
    pub changes: usize,
    /// How many were asked for.
    pub of: usize,
    /// The others, by name, each with the reason.
    pub stay: Vec<(String, String)>,
}

impl ForMany {
    fn of(&self, email: &str) -> Draft {
        let email = email.to_owned();
        match self {
            Self::Role(role) => {
                let change = UserChange { role: Some(role.clone()), ..UserChange::default() };
                Draft::User { email, change }
            }
            Self::Status(status) => Draft::Status { email, status: *status },
        }
    }
}

impl Session {
    /// Sorts people into those for whom a change may be made and those for whom it may not.
    #[must_use]
    pub fn for_many(&self, emails: &[String], what: &ForMany) -> Many {
        let view = self.view();
        let (mut drafts, mut stay) = (Vec::new(), Vec::new());
        for email in emails {
            let draft = what.of(email);
            let tried = draft.changes(self, &view).and_then(|changes| match changes.is_empty() {
                true => Err(ServiceError::Invalid("nothing changes for them".to_owned())),
                false => self.permit(&view, changes).map(drop),
            });
            match tried {
                Ok(()) => drafts.push(draft),
                Err(why) => {
                    let name = view.team().user_by_email(email).map(|user| user.name.clone());
                    let why = why.to_string();
                    let why = why.strip_prefix(&format!("{email}: ")).unwrap_or(&why).to_owned();
                    stay.push((name.unwrap_or_else(|| email.clone()), why));
                }
            }
        }
        Many { changes: drafts.len(), of: emails.len(), draft: Draft::Together(drafts), stay }
    }
}
