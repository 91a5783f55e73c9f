//! Which parts of a team a file speaks of, before it is held against one: whoever applies it needs a
//! right for each, or "nothing to change" would answer questions that they may not ask.

use super::TeamFile;
use super::node::{Kind, Node};

impl TeamFile {
    /// Does the file have this part, such as `roles`?
    #[must_use]
    pub fn has(&self, part: &str) -> bool {
        child(&self.root, part).is_some()
    }

    /// Does the file speak of anybody's exceptions?
    #[must_use]
    pub fn has_exceptions(&self) -> bool {
        match child(&self.root, "users").map(|users| &users.kind) {
            Some(Kind::List(users)) => users.iter().any(|user| child(user, "exceptions").is_some()),
            _ => false,
        }
    }

    /// Does the file's account speak of the number of seats?
    #[must_use]
    pub fn has_seats(&self) -> bool {
        let account = child(&self.root, "account");
        account.is_some_and(|account| child(account, "seats").or_else(|| child(account, "agent_seats")).is_some())
    }
}

fn child<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    match &node.kind {
        Kind::Map(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value),
        _ => None,
    }
}
