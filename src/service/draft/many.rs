//! The same change for several people: those for whom it may be made, all in one step, and for each
//! of the others why not.

use super::Draft;
use crate::model::Status;
use crate::service::error::ServiceError;
use crate::service::people::UserChange;
use crate::service::session::Session;
use crate::store::View;

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
        let (mut changing, mut stay) = (Vec::new(), Vec::new());
        let mut leave = |email: &str, why: &ServiceError| {
            let name = view.team().user_by_email(email).map(|user| user.name.clone());
            let why = why.to_string();
            let why = why.strip_prefix(&format!("{email}: ")).unwrap_or(&why).to_owned();
            stay.push((name.unwrap_or_else(|| email.to_owned()), why));
        };
        for email in emails {
            let draft = what.of(email);
            match draft.changes(self, &view) {
                Ok(changes) if changes.is_empty() => {
                    leave(email, &ServiceError::Invalid("nothing changes for them".to_owned()));
                }
                Ok(_) => changing.push((email, draft)),
                Err(why) => leave(email, &why),
            }
        }
        // All together is what happens: seats and the last user manager count over the whole.
        let all: Vec<Draft> = changing.iter().map(|(_, draft)| draft.clone()).collect();
        let drafts = match self.would_permit(&view, &all) {
            Ok(()) => all,
            Err(_) => {
                let mut drafts = Vec::new();
                for (email, draft) in changing {
                    drafts.push(draft);
                    if let Err(why) = self.would_permit(&view, &drafts) {
                        leave(email, &why);
                        drafts.pop();
                    }
                }
                drafts
            }
        };
        Many { changes: drafts.len(), of: emails.len(), draft: Draft::Together(drafts), stay }
    }

    fn would_permit(&self, view: &View, drafts: &[Draft]) -> Result<(), ServiceError> {
        let changes = Draft::Together(drafts.to_vec()).changes(self, view)?;
        self.permit(view, changes).map(drop)
    }
}
