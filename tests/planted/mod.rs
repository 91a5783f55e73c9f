//! A store with what a test wants in it, past the screens: whatever leaves the account valid.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rolecall::authz::{Subject, System};
use rolecall::model::{Actor, Change, Commit, Moment, Reason, Team};
use rolecall::service::Engine;
use rolecall::service::clock::{Chance, Clock, FixedClock};
use rolecall::store::{Options, Store};

/// Everything is there once it is open, and nothing is kept beside the journal.
pub fn options() -> Options {
    Options { index: false, wait: Duration::ZERO, load_wait: Duration::from_secs(60), ..Options::default() }
}

pub fn store_at(directory: &Path, clock: &Arc<FixedClock>) -> Store {
    let clock = Arc::clone(clock);
    Store::open(directory, options(), Arc::new(move || clock.now()), &System::for_the_data_directory()).unwrap()
}

/// An engine with always the same chance. A demo's lets anybody be seen as anybody.
pub fn engine_at(directory: &Path, clock: &Arc<FixedClock>, demo: bool) -> Arc<Engine> {
    Engine::open_with(directory, options(), Arc::clone(clock) as Arc<_>, Chance::seeded(7), demo).unwrap()
}

/// Commits, as the operator.
pub fn commit(store: &Store, at: Moment, reason: &str, changes: impl FnOnce(&Team) -> Vec<Change>) {
    let view = store.view();
    let changes = changes(view.team());
    let commit = Commit { actor: Actor::Operator, at, reason: Reason(reason.to_owned()), changes };
    let patch = view.snapshot().permit_commit(Subject::Operator, commit, &view);
    store.commit(patch.unwrap_or_else(|denied| panic!("{reason}: {denied}"))).unwrap();
}
