//! A store with a random team in it, and the same state read anew from its journal.

use std::sync::Arc;

use rolecall::model::{Change, Status, Swap, Team, User, UserId};
use rolecall::service::clock::FixedClock;
use rolecall::service::{Engine, Session};
use tempfile::TempDir;

use crate::planted::{State, commit, copied, engine_at, read_anew, store_at};
use crate::random::{NOW, Sample};

pub struct House {
    // Dropped first: the engine still writes in the directory while it closes.
    pub engine: Arc<Engine>,
    pub clock: Arc<FixedClock>,
    directory: TempDir,
}

impl House {
    /// A store that holds a random account.
    pub fn of(sample: &Sample) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(NOW));
        let path = directory.path().join("data");
        let store = store_at(&path, &clock);
        // Whoever left owns what they own still; it was given to them while they were here.
        let mut everyone_here = sample.team.clone();
        everyone_here.users.amend(|user| Some(User { status: Status::Active, ..User::clone(user) }));
        let records = sample.world.records.iter().cloned().map(|record| Change::Record(Swap::made(record)));
        commit(&store, NOW, "begin", |team| team.changes_to(&everyone_here));
        commit(&store, NOW, "begin", |_| unlike_each_other(records).collect());
        commit(&store, NOW, "begin", |team| team.changes_to(&sample.team));
        store.close().unwrap();
        let engine = engine_at(&path, &clock, false);
        Self { engine, clock, directory }
    }

    /// The state as whoever opens the directory now would find it. The store that is open isn't
    /// asked: its journal is copied and read from the start.
    pub fn read_anew(&self) -> State {
        read_anew(&self.directory.path().join("data"), &self.clock)
    }

    /// An engine over a copy, opened from the start.
    pub fn opened_anew(&self) -> (Arc<Engine>, TempDir) {
        let copy = copied(&self.directory.path().join("data"));
        (engine_at(copy.path(), &self.clock, false), copy)
    }

    pub fn session(&self, team: &Team, user: UserId) -> Session {
        self.engine.acting_as(&team.users[&user].email).unwrap()
    }
}

/// Random records repeat their external IDs in ways that no file could: the first keeps it.
fn unlike_each_other(changes: impl Iterator<Item = Change>) -> impl Iterator<Item = Change> {
    let mut taken = std::collections::BTreeSet::new();
    changes.map(move |change| match change {
        Change::Record(Swap { before, after: Some(mut record) }) => {
            let key = record.external_id.clone().map(|id| (record.object, rolecall::model::text::fold(&id)));
            if key.is_some_and(|key| !taken.insert(key)) {
                record.external_id = None;
            }
            Change::Record(Swap { before, after: Some(record) })
        }
        other => other,
    })
}
