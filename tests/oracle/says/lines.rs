//! Reporting lines, by R4's own words.

use std::collections::BTreeSet;

use rolecall::model::{RoleId, User, UserId};

use super::Oracle;

impl Oracle<'_> {
    /// The roles strictly above a role in the role tree.
    pub fn strict_ancestors(&self, role: RoleId) -> BTreeSet<RoleId> {
        let mut above = BTreeSet::new();
        let mut at = self.team.roles[&role].manager;
        while let Some(role) = at {
            if !above.insert(role) {
                break;
            }
            at = self.team.roles[&role].manager;
        }
        above
    }

    /// Everyone who stands above somebody on their reporting line.
    pub fn line(&self, start: &User) -> BTreeSet<UserId> {
        let mut above = BTreeSet::new();
        let mut at = start;
        while let Some(manager) = at.manager {
            if !above.insert(manager) {
                break;
            }
            at = self.user(manager);
        }
        let ancestors = self.strict_ancestors(at.role);
        for person in self.team.users.values() {
            if ancestors.contains(&person.role) {
                above.insert(person.id);
            }
        }
        above
    }

    /// "v is a subordinate of u when u stands above v on v's reporting line."
    pub fn is_subordinate(&self, v: UserId, u: UserId) -> bool {
        self.line(self.user(v)).contains(&u)
    }
}
