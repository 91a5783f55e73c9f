//! The working copy: the file is read into it part by part, and what differs at the end is the plan.

use std::collections::HashMap;

use super::node::Node;
use super::place::{Place, Report};
use super::{Departure, FileError, Options, Plan};
use crate::model::text::fold;
use crate::model::{Moment, RoleId, Team, UserId};

const PARTS: &[&str] =
    &["account", "permissions", "fields", "roles", "users", "groups", "routers", "forms", "relationships"];
/// Parts of the format whose meaning comes later; empty ones are fine.
const LATER: &[&str] = &["groups", "routers", "forms", "relationships"];

/// The team as the file wants it, so far.
pub struct Draft<'a> {
    /// The team as it is.
    pub base: &'a Team,
    /// The team as it will be.
    pub team: Team,
    /// The present.
    pub now: Moment,
    /// What was found.
    pub report: Report,
    /// Who goes.
    pub departures: Vec<Departure>,
    /// Roles by their folded names.
    pub names: HashMap<String, RoleId>,
    /// People by their emails.
    pub emails: HashMap<String, UserId>,
}

impl<'a> Draft<'a> {
    /// Nothing read yet.
    pub fn new(file: &str, base: &'a Team, now: Moment) -> Self {
        Self {
            base,
            team: base.clone(),
            now,
            report: Report::new(file),
            departures: Vec::new(),
            names: base.roles.values().map(|role| (fold(&role.name), role.id)).collect(),
            emails: base.users.values().map(|user| (user.email.clone(), user.id)).collect(),
        }
    }

    /// The role with this name.
    pub fn role_id(&self, name: &str) -> Option<RoleId> {
        self.names.get(&fold(name.trim())).copied()
    }

    /// The person with this email.
    pub fn user_id(&self, email: &str) -> Option<UserId> {
        self.emails.get(&fold(email.trim())).copied()
    }

    /// Reads the file and answers with the difference.
    pub fn run(mut self, root: &Node, options: Options) -> Result<Plan, Vec<FileError>> {
        let file = Place::root(root).table(PARTS, &mut self.report);
        if let Some(place) = file.get("account") {
            self.account(place);
        }
        if let Some(place) = file.get("permissions") {
            self.permissions(place, options.prune);
        }
        if let Some(place) = file.get("fields") {
            self.fields(place);
        }
        let roles = file.get("roles").map(|place| self.roles(place));
        let users = file.get("users").map(|place| self.users(place, options.prune));
        if let Some(place) = file.get("account") {
            self.note_seats(place);
        }
        for key in LATER {
            if let Some(place) = file.get(key).filter(|place| !place.is_empty()) {
                self.report.wrong(place, format!("{key} are not available yet; leave the list empty or out"));
            }
        }
        if options.prune {
            if let (Some(place), Some(listed)) = (file.get("users"), &users) {
                self.prune_users(place, listed);
            }
            if let (Some(place), Some(listed)) = (file.get("roles"), &roles) {
                self.prune_roles(place, listed);
            }
        }
        self.finish()
    }

    fn finish(mut self) -> Result<Plan, Vec<FileError>> {
        self.check_departures();
        if !self.report.errors.is_empty() {
            return Err(self.report.into_errors());
        }
        let changes = self.base.changes_to(&self.team);
        Ok(Plan { changes, departures: self.departures, notes: self.report.notes })
    }
}

/// The next number of a counter.
pub fn take(counter: &mut u32) -> u32 {
    let number = *counter;
    *counter = counter.saturating_add(1);
    number
}
