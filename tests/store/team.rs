//! A small team, and what happens to it.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rolecall::authz::{Subject, System};
use rolecall::model::shipped::new_team;
use rolecall::model::{
    Actor, Change, Commit, FieldId, Moment, ObjectId, Reason, Record, RecordId, Swap, Team, User, UserId, Value,
};
use rolecall::store::{CommitError, Committed, Now, Options, Store, StoreError, View};

pub const AT: Moment = Moment(1_800_000_000_000);

pub fn clock() -> Now {
    Arc::new(|| AT)
}

pub fn options() -> Options {
    Options { wait: Duration::ZERO, load_wait: Duration::from_secs(20), ..Options::default() }
}

pub fn system() -> System {
    System::for_the_data_directory()
}

pub fn open_with(dir: &Path, options: Options) -> Result<Store, StoreError> {
    Store::open(dir, options, clock(), &system())
}

pub fn open(dir: &Path) -> Store {
    let store = open_with(dir, options()).unwrap();
    assert_eq!(store.loading(), None);
    store
}

pub fn commit_of(reason: &str, changes: Vec<Change>) -> Commit {
    Commit { actor: Actor::Operator, at: AT, reason: Reason(reason.to_owned()), changes }
}

pub fn commit(store: &Store, reason: &str, changes: Vec<Change>) -> Result<Committed, CommitError> {
    let view = store.view();
    let patch = view.snapshot().permit_commit(Subject::Operator, commit_of(reason, changes), &view)?;
    store.commit(patch)
}

pub fn found(store: &Store) -> Result<Committed, CommitError> {
    commit(store, "init", new_team("Paws", "Kim", "kim@paws.example", AT).unwrap())
}

pub fn record(number: u64, text: &str) -> Record {
    Record {
        id: RecordId(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
        object: ObjectId::COMPANIES,
        owner: UserId(0),
        assigned: Vec::new(),
        private: false,
        external_id: Some(format!("c-{number}").into()),
        values: Vec::new(),
    }
    .with(text)
}

trait With {
    fn with(self, text: &str) -> Self;
}

impl With for Record {
    /// The first field of companies is their name, a text.
    fn with(mut self, text: &str) -> Self {
        static NAME: OnceLock<FieldId> = OnceLock::new();
        let field = NAME.get_or_init(|| {
            let team = new_team("Paws", "Kim", "kim@paws.example", AT).unwrap();
            let field = team.iter().find_map(|change| match change {
                Change::Object(swap) => swap.after.as_ref().filter(|object| object.id == ObjectId::COMPANIES),
                _ => None,
            });
            field.unwrap().fields[0].id
        });
        self.values = vec![(*field, Value::Text(text.into()))];
        self
    }
}

pub fn made(number: u64) -> Change {
    Change::Record(Swap::made(record(number, "first")))
}

pub fn changed(number: u64) -> Change {
    Change::Record(Swap::changed(record(number, "first"), record(number, "second")))
}

pub fn renamed(view: &View, name: &str) -> Change {
    let before = view.team().users.get(&UserId(0)).unwrap();
    let after = User { name: name.to_owned(), ..(**before).clone() };
    Change::User(Swap::changed(Arc::clone(before), Arc::new(after)))
}

/// What a store holds, for comparing.
#[derive(Debug, Clone, PartialEq)]
pub struct Holds {
    pub team: Arc<Team>,
    pub rows: Vec<Option<Record>>,
}

pub fn holds(store: &Store, numbers: std::ops::Range<u64>) -> Holds {
    let view = store.view();
    assert!(view.is_loaded());
    let rows = numbers.map(|number| row(&view, number)).collect();
    Holds { team: Arc::clone(view.team()), rows }
}

pub fn row(view: &View, number: u64) -> Option<Record> {
    let id = record(number, "").id;
    let permit = view.snapshot().permit_edit(Subject::Operator, ObjectId::COMPANIES, id, view)?;
    view.row(&permit)
}
