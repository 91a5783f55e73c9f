//! Why an owner is within a scope or outside it, in words (R3, R4). Managers and roles are known to
//! everybody (002-34), so nothing is given away.

use crate::model::{Scope, UserId};

use super::compile::Snapshot;

impl Snapshot {
    /// How an owner stands to a person, as far as a scope asks for it; the end of a sentence.
    pub(super) fn standing(&self, me: UserId, scope: Scope, owner: UserId) -> String {
        match scope {
            Scope::Roles => self.standing_by_role(me, owner),
            Scope::Subordinates => self.standing_by_line(me, owner),
            Scope::All | Scope::Own | Scope::None => String::new(),
        }
    }

    fn standing_by_role(&self, me: UserId, owner: UserId) -> String {
        let (mine, theirs) = (self.role_name(me), self.role_name(owner));
        if self.role(me) == self.role(owner) {
            format!(", who holds the role “{theirs}” too")
        } else {
            format!(", who holds the role “{theirs}” and not “{mine}”")
        }
    }

    /// The line: from manager to manager as far as people have one of their own, then the role tree.
    fn standing_by_line(&self, me: UserId, owner: UserId) -> String {
        let line = self.line(owner);
        let top = line.last().copied().unwrap_or(owner);
        let path = |people: &[UserId]| -> String {
            let steps = people.iter().enumerate().map(|(place, who)| {
                let reports = if place == 0 { "who reports to" } else { "and so to" };
                format!(", {reports} {}", self.person_name(*who))
            });
            steps.collect()
        };
        if let Some(place) = line.iter().position(|who| *who == me) {
            return path(line.get(..=place).unwrap_or_default());
        }
        let (whose, mine) = (self.role_name(top), self.role_name(me));
        let role = if self.is_below(top, me) {
            format!("the role “{whose}” is below “{mine}”")
        } else {
            format!("the role “{whose}” is not below “{mine}”")
        };
        if line.is_empty() { format!(": {role}") } else { format!("{}, whose role decides: {role}", path(&line)) }
    }

    /// The managers above somebody, nearest first, as far as personal managers go.
    fn line(&self, who: UserId) -> Vec<UserId> {
        let users = &self.team().users;
        let mut line: Vec<UserId> = Vec::new();
        let mut at = who;
        while let Some(manager) = users.get(&at).and_then(|user| user.manager).filter(|id| users.contains_key(id)) {
            if line.len() >= users.len() {
                break;
            }
            line.push(manager);
            at = manager;
        }
        line
    }

    fn person_name(&self, who: UserId) -> &str {
        self.team().users.get(&who).map_or("nobody", |user| user.name.as_str())
    }

    fn role_name(&self, who: UserId) -> &str {
        self.team().role_of(who).map_or("none", |role| role.name.as_str())
    }
}
