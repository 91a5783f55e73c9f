//! A store with what a test wants in it, past the screens: whatever leaves the account valid.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rolecall::authz::{Subject, System};
use rolecall::model::{Actor, Change, Commit, Moment, Reason, Record, Team};
use rolecall::service::Engine;
use rolecall::service::clock::{Chance, Clock, FixedClock};
use rolecall::store::{ListQuery, Options, Store, View};
use tempfile::TempDir;

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

/// Everything that there is, as the journal tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub team: Team,
    pub records: Vec<Record>,
    pub now: Moment,
}

/// The state as whoever opens the directory now would find it. A store that is open isn't asked: its
/// journal is copied and read from the start.
pub fn read_anew(directory: &Path, clock: &Arc<FixedClock>) -> State {
    let copy = copied(directory);
    let store = store_at(copy.path(), clock);
    let view = store.view();
    let state = State { team: Team::clone(view.team()), records: records(&view), now: clock.now() };
    store.close().unwrap();
    state
}

/// A copy of a data directory, without its lock.
pub fn copied(directory: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_all(directory, copy.path());
    copy
}

fn copy_all(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy_all(&entry.path(), &target);
        } else if entry.file_name() != "lock" {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// Every record, whole.
fn records(view: &View) -> Vec<Record> {
    let (snapshot, operator) = (view.snapshot(), Subject::Operator);
    let mut records = Vec::new();
    for object in view.team().objects.keys() {
        let (visible, columns) =
            (snapshot.visible(operator, *object).unwrap(), snapshot.columns(operator, *object).unwrap());
        let query = ListQuery { limit: 100_000, ..ListQuery::default() };
        let page = view.page(&visible, &columns, &query, &std::sync::atomic::AtomicBool::new(false)).unwrap();
        for row in page.rows {
            let permit = snapshot.permit_edit(operator, *object, row.id, view).unwrap();
            records.push(view.row(&permit).unwrap());
        }
    }
    records
}
