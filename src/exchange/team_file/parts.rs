//! Which parts of a team a file speaks of, before it is held against one: whoever applies it needs a
//! right for each, or "nothing to change" would answer questions that they may not ask.

use super::TeamFile;
use super::node::Kind;

impl TeamFile {
    /// Does the file have this part, such as `roles`?
    #[must_use]
    pub fn has(&self, part: &str) -> bool {
        self.root.child(part).is_some()
    }

    /// Does the file speak of anybody's exceptions?
    #[must_use]
    pub fn has_exceptions(&self) -> bool {
        match self.root.child("users").map(|users| &users.kind) {
            Some(Kind::List(users)) => users.iter().any(|user| user.child("exceptions").is_some()),
            _ => false,
        }
    }

    /// Does the file's account speak of the number of seats?
    #[must_use]
    pub fn has_seats(&self) -> bool {
        let account = self.root.child("account");
        account.is_some_and(|account| account.child("seats").or_else(|| account.child("agent_seats")).is_some())
    }
}
