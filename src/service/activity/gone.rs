//! The names of people who were deleted: they stay in the history and nowhere else (R30).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::UserId;

/// Names that were looked up in the history.
#[derive(Debug, Default)]
pub(in crate::service) struct Gone(Mutex<HashMap<UserId, Arc<str>>>);

impl Gone {
    pub(in crate::service) fn get(&self, id: UserId) -> Option<String> {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.get(&id).map(ToString::to_string)
    }

    pub(in crate::service) fn keep(&self, id: UserId, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, name.into());
    }
}
