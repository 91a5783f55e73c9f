//! `--prune`: what goes because the file doesn't mention it.

use std::collections::{BTreeSet, HashMap};

use super::Departure;
use super::draft::Draft;
use super::place::{Place, listing};
use crate::model::{Role, RoleId, Status, User, UserId};

impl Draft<'_> {
    /// Revokes everyone who isn't listed, the account owner excepted. Nobody is deleted: that is
    /// for good, and stays a step of its own (003-22).
    pub fn prune_users(&mut self, place: &Place<'_>, listed: &BTreeSet<UserId>) {
        let owner = self.base.owner().map(|owner| owner.id);
        let Self { team, report, departures, .. } = self;
        team.users.amend(|user| {
            if listed.contains(&user.id) || Some(user.id) == owner || user.status == Status::Revoked {
                return None;
            }
            let message = format!("revoking {}, whom the file doesn't mention,", user.email);
            departures.push(Departure { user: user.id, place: report.about(place, message) });
            Some(User { status: Status::Revoked, ..User::clone(user) })
        });
    }

    /// Removes custom roles that aren't listed, unless somebody or another role still needs them
    /// (R19).
    pub fn prune_roles(&mut self, place: &Place<'_>, listed: &BTreeSet<RoleId>) {
        let gone: BTreeSet<RoleId> = self
            .team
            .roles
            .values()
            .filter(|role| role.shipped.is_none() && !listed.contains(&role.id))
            .map(|role| role.id)
            .collect();
        let mut members: HashMap<RoleId, Vec<&str>> = HashMap::new();
        for user in self.team.users.values() {
            members.entry(user.role).or_default().push(&user.email);
        }
        let mut below: HashMap<RoleId, Vec<&str>> = HashMap::new();
        for role in self.team.roles.values().filter(|role| !gone.contains(&role.id)) {
            below.entry(role.manager.unwrap_or(role.id)).or_default().push(&role.name);
        }
        for id in &gone {
            let Some(role) = self.team.roles.get(id) else { continue };
            let mut needed = Vec::new();
            if let Some(members) = members.get(id) {
                needed.push(format!("another role for {}", listing(members.iter().copied())));
            }
            if let Some(below) = below.get(id) {
                needed.push(format!("another manager for {}", listing(below.iter().copied())));
            }
            if !needed.is_empty() {
                let message = format!(
                    "removing the role “{}”, which the file doesn't mention, needs {}; say so in the file",
                    role.name,
                    needed.join(" and ")
                );
                self.report.wrong(place, message);
            }
        }
        self.team.roles.retain(|id, _| !gone.contains(id));
        self.team.roles.amend(|role| {
            let may_assign = role.may_assign.difference(&gone).copied().collect();
            (!role.may_assign.is_disjoint(&gone)).then(|| Role { may_assign, ..Role::clone(role) })
        });
    }
}
