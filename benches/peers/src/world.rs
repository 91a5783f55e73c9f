//! The team and the records that everybody is asked about.

#[path = "../../common/mod.rs"]
mod common;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rolecall::authz::{Snapshot, Subject, System};
use rolecall::model::{Actor, Change, Commit, Day, Moment, ObjectId, Reason, Record, Scope, Swap, Team, UserId};
use rolecall::service::demo::{self, Amounts};
use rolecall::store::{Options, Store};

pub use common::{Counted, facts_of, owner_of, scatter, team, until_still};

/// What is asked about.
pub const CONTACTS: ObjectId = ObjectId::CONTACTS;
/// How many people own the records of the lists.
pub const OWNERS: u32 = 1_000;
/// How many roles of their own they have.
pub const ROLES: u32 = 50;
/// The scopes that a list can have.
pub const SCOPES: [Scope; 4] = [Scope::All, Scope::Subordinates, Scope::Roles, Scope::Own];

const TODAY: Day = Day(20_778);

/// A directory on the disk that the project is built on: the one for short-lived files may be memory.
pub fn directory() -> tempfile::TempDir {
    let program = std::env::current_exe().unwrap();
    tempfile::tempdir_in(program.parent().unwrap()).unwrap()
}

/// The contacts of the lists, always the same.
pub fn contacts(team: &Team, number: u64) -> impl Iterator<Item = Record> {
    demo::records(team, Amounts { contacts: number, companies: 0, deals: 0 }, TODAY).unwrap()
}

/// Somebody with this scope, whose list holds about a fifth of the team's owners if the scope can.
pub fn somebody(snapshot: &Snapshot, scope: Scope) -> UserId {
    let users = snapshot.team().users.keys().copied();
    let with = users.filter(|user| snapshot.rights(Subject::User(*user), CONTACTS).view == scope);
    with.min_by_key(|user| (OWNERS as usize / 5).abs_diff(snapshot.reach(*user, scope).owners().count())).unwrap()
}

/// Commits as the operator.
pub fn commit(store: &Store, changes: Vec<Change>) {
    let view = store.view();
    let commit = Commit { actor: Actor::Operator, at: Moment(1), reason: Reason("bench".to_owned()), changes };
    store.commit(view.snapshot().permit_commit(Subject::Operator, commit, &view).unwrap()).unwrap();
}

/// An empty store.
pub fn store(directory: &Path, options: Options) -> Store {
    let system = System::for_the_data_directory();
    let store = Store::open(directory, options, Arc::new(|| Moment(1)), &system).unwrap();
    store.wait(Duration::from_secs(600)).unwrap();
    store
}

/// A store with the team of the lists and so many contacts, in memory and journal without an index.
pub fn filled(directory: &Path, contacts: u64) -> Store {
    let store = store(directory, Options { index: false, ..Options::default() });
    let team = team(OWNERS, ROLES);
    commit(&store, common::changes(&team));
    fill(&store, &team, contacts);
    store
}

/// A data directory with this team, and so many contacts dealt out to all of its people.
pub fn dealt_out(directory: &Path, team: &Team, contacts: u64) {
    let store = store(directory, Options { index: false, ..Options::default() });
    commit(&store, common::changes(team));
    let people = u32::try_from(team.users.len()).unwrap();
    // What is in them is made up for few, which is quicker.
    let few = self::team(OWNERS, ROLES);
    let mut records = (0..).zip(self::contacts(&few, contacts)).map(|(place, record)| {
        let owner = owner_of(place, people);
        Change::Record(Swap::made(Record { owner, assigned: Vec::new(), ..record }))
    });
    loop {
        let part: Vec<Change> = records.by_ref().take(8192).collect();
        if part.is_empty() {
            break;
        }
        commit(&store, part);
    }
    store.close().unwrap();
}

/// Brings so many contacts in.
pub fn fill(store: &Store, team: &Team, contacts: u64) {
    let mut records = self::contacts(team, contacts).map(|record| Change::Record(Swap::made(record)));
    loop {
        let part: Vec<Change> = records.by_ref().take(8192).collect();
        if part.is_empty() {
            return;
        }
        commit(store, part);
    }
}
