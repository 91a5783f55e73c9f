//! What can go wrong for whoever uses the console, in words that say what to do next.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::authz::Denied;
use crate::store::StoreError;

/// A use case that did not happen. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The rules say no.
    #[error("{0}")]
    Denied(String),
    /// There is no such thing, or none that may be known of (R32).
    #[error("{0}")]
    NotFound(String),
    /// What was given can't be taken.
    #[error("{0}")]
    Invalid(String),
    /// Several things that were given can't be taken.
    #[error("{}", .0.join("\n"))]
    InvalidList(Vec<String>),
    /// A field was named for an action that is about none.
    #[error("a field goes with the view, edit and create of records, and {0} is none of them")]
    NoField(String),
    /// There is no account in the data directory yet.
    #[error("there is no account here yet")]
    NoAccount,
    /// There is one already.
    #[error("there is an account here already")]
    AccountExists,
    /// Somebody else changed the same thing first.
    #[error("{0}")]
    Meanwhile(String),
    /// The records are still being loaded.
    #[error("the records are still being loaded")]
    Loading,
    /// It was called off.
    #[error("cancelled")]
    Cancelled,
    /// The output can't be written.
    #[error("the output can't be written: {0}")]
    Output(#[source] std::io::Error),
    /// The store failed or refuses.
    #[error(transparent)]
    Store(StoreError),
}

impl ServiceError {
    /// The same with what it is about before it.
    #[must_use]
    pub fn about(self, what: &str) -> Self {
        match self {
            Self::Denied(why) => Self::Denied(format!("{what}: {why}")),
            Self::NotFound(why) => Self::NotFound(format!("{what}: {why}")),
            Self::Invalid(why) => Self::Invalid(format!("{what}: {why}")),
            Self::InvalidList(whys) => Self::Invalid(format!("{what}: {}", whys.join("; "))),
            Self::Meanwhile(why) => Self::Meanwhile(format!("{what}: {why}")),
            other => other,
        }
    }

    /// Does it say no, rather than that something broke off or isn't there yet?
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Denied(_)
                | Self::NotFound(_)
                | Self::Invalid(_)
                | Self::InvalidList(_)
                | Self::NoField(_)
                | Self::Meanwhile(_)
        )
    }

    /// What to do about it, where the message doesn't say so already.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Denied(_) => Some("ask somebody who administers the account"),
            Self::NoAccount => {
                Some("run `rolecall init --account NAME --owner EMAIL --owner-name NAME`, or just `rolecall`")
            }
            Self::NoField(_) => Some("leave the field out, or ask for the view or the edit of it"),
            Self::AccountExists => Some("choose another data directory with --data"),
            Self::Meanwhile(_) => Some("look at it again and repeat the change"),
            Self::Loading => Some("try again in a moment"),
            _ => None,
        }
    }
}

/// Ends what nobody waits for any more.
pub(super) fn not_yet(cancelled: &AtomicBool) -> Result<(), ServiceError> {
    if cancelled.load(Ordering::Relaxed) { Err(ServiceError::Cancelled) } else { Ok(()) }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Cancelled => Self::Cancelled,
            error => Self::Store(error),
        }
    }
}

impl From<Denied> for ServiceError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Absent => Self::NotFound("no such record".to_owned()),
            Denied::Forbidden(refusals) => Self::Denied(join(&refusals)),
            Denied::Invalid(refusals) => Self::InvalidList(refusals.iter().map(ToString::to_string).collect()),
        }
    }
}

fn join(refusals: &[crate::authz::Refusal]) -> String {
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
