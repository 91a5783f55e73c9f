//! The names of people who were deleted: they stay in the history and nowhere else (R30).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::UserId;

/// Names that were looked up in the history.
#[derive(Debug, Default)]
pub(in crate::service) struct Gone(Mutex<Names>);

#[derive(Debug, Default)]
struct Names {
    names: HashMap<UserId, String>,
    /// Everybody who was deleted up to this change is among them.
    up_to: u64,
}

impl Gone {
    pub(super) fn get(&self, id: UserId) -> Option<String> {
        self.lock().names.get(&id).cloned()
    }

    /// Up to which change everybody is known.
    pub(super) fn known(&self) -> u64 {
        self.lock().up_to
    }

    /// Keeps names of people who were deleted; up to that change there are no others.
    pub(super) fn keep(&self, names: Vec<(UserId, String)>, up_to: u64) {
        let mut known = self.lock();
        known.names.extend(names);
        known.up_to = known.up_to.max(up_to);
    }

    fn lock(&self) -> MutexGuard<'_, Names> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
