//! How each likes their console: the look, the columns of a list. Kept for each person beside the
//! secrets, not in the history: it changes nothing for anybody else and makes no new generation.

use crate::authz::Subject;

use super::error::ServiceError;
use super::session::Session;

/// So many names have room for each person.
const MOST: usize = 64;
/// The longest name, in bytes.
const LONGEST_NAME: usize = 80;
/// The longest text that is kept under one, in bytes.
const LONGEST: usize = 4096;

impl Session {
    /// What this person chose under a name, if they did. The operator is nobody and chose nothing.
    #[must_use]
    pub fn preference(&self, name: &str) -> Option<String> {
        match self.subject() {
            Subject::User(me) => self.engine().store().preference(me, name),
            Subject::Operator => None,
        }
    }

    /// Keeps what this person chose under a name; an empty text takes it away.
    ///
    /// # Errors
    /// Where it is too long, there is no room for more, nobody is signed in, or the disk refuses.
    pub fn keep_preference(&self, name: &str, chosen: &str) -> Result<(), ServiceError> {
        let me = match self.subject() {
            Subject::User(me) if self.view().snapshot().is_active(me) => me,
            Subject::User(_) => return Err(ServiceError::Denied("you are no longer signed in".to_owned())),
            Subject::Operator => return Ok(()),
        };
        let store = self.engine().store();
        if name.is_empty() || name.len() > LONGEST_NAME || chosen.len() > LONGEST {
            return Err(ServiceError::Invalid("this is too long to be kept for you".to_owned()));
        }
        let fresh = !chosen.is_empty() && store.preference(me, name).is_none();
        if fresh && store.preferences(me) >= MOST {
            return Err(ServiceError::Invalid("there is no room for more of your preferences".to_owned()));
        }
        Ok(store.set_preference(me, name, (!chosen.is_empty()).then_some(chosen))?)
    }
}
