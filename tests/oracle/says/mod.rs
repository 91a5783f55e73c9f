//! What SPEC part 1 says, told in sets and loops.

mod check;
mod features;
mod giving;
mod holdings;
mod lines;
mod lists;
mod records;
mod valid;
mod writing;

pub use giving::against;
#[allow(unused_imports, reason = "the walks of tests/stateful name them")]
pub use holdings::{Held, Holdings};
pub use lists::{By, shown};
pub use valid::{exceptions_are_allowed, is_valid, people_make_no_cycle};
pub use writing::Answer;

use rolecall::model::{Moment, Record, RecordId, Role, Status, Team, User, UserId};

/// One account at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Oracle<'a> {
    pub team: &'a Team,
    pub records: &'a [Record],
    pub now: Moment,
}

impl<'a> Oracle<'a> {
    pub fn new(team: &'a Team, records: &'a [Record], now: Moment) -> Self {
        Self { team, records, now }
    }

    pub fn user(&self, id: UserId) -> &'a User {
        &self.team.users[&id]
    }

    pub fn role(&self, user: &User) -> &'a Role {
        &self.team.roles[&user.role]
    }

    pub fn record(&self, id: RecordId) -> Option<&'a Record> {
        self.records.iter().find(|record| record.id == id)
    }

    /// "Somebody who isn't active may do nothing" (R8).
    pub fn is_active(&self, user: &User) -> bool {
        user.status == Status::Active
    }
}
