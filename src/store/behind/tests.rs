//! However often it is called off, wherever the journal is by then, and however it goes on, the
//! index comes to hold what the journal says.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;

use super::*;
use crate::authz::{Heading, Subject, System};
use crate::model::shipped::new_team;
use crate::model::{Actor, Commit, Moment, ObjectId, Reason, Record, Swap, UserId};
use crate::store::{Options, Store, View};

const AT: Moment = Moment(1_800_000_000_000);

fn store(dir: &Path) -> Store {
    let options =
        Options { index: false, segment_bytes: 150, load_wait: Duration::from_secs(20), ..Options::default() };
    let store = Store::open(dir, options, Arc::new(|| AT), &System::for_the_data_directory()).unwrap();
    commit(&store, new_team("Paws", "Kim", "kim@paws.example", AT).unwrap());
    store
}

fn patch(view: &View, changes: Vec<Change>) -> crate::authz::Patch {
    let commit = Commit { actor: Actor::Operator, at: AT, reason: Reason("test".to_owned()), changes };
    view.snapshot().permit_commit(Subject::Operator, commit, view).unwrap()
}

fn commit(store: &Store, changes: Vec<Change>) {
    store.commit(patch(&store.view(), changes)).unwrap();
}

fn record(id: u64, version: usize) -> Record {
    Record {
        id: RecordId(id),
        object: if id.is_multiple_of(3) { ObjectId::CONTACTS } else { ObjectId::COMPANIES },
        owner: UserId(0),
        assigned: Vec::new(),
        private: id.is_multiple_of(3) && version.is_multiple_of(2),
        external_id: Some(format!("{id}-{version}-{}", "x".repeat(version % 7 * 90)).into()),
        values: Vec::new(),
    }
}

/// Some changes to what there is.
fn changes(random: &mut ChaCha8Rng, there: &mut BTreeMap<u64, Record>, many: usize) -> Vec<Change> {
    let mut touched = std::collections::BTreeSet::new();
    let mut made = Vec::new();
    for _ in 0..many {
        let id = random.random_range(1..30_u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        if !touched.insert(id) {
            continue;
        }
        let before = there.get(&id).cloned();
        let after = (before.is_none() || random.random_bool(0.6)).then(|| record(id, random.random_range(0..50)));
        if before == after {
            continue;
        }
        match &after {
            Some(after) => there.insert(id, after.clone()),
            None => there.remove(&id),
        };
        made.push(Change::Record(Swap { before, after }));
    }
    made
}

/// A commit, or a change set of several records of the journal.
fn happen(store: &Store, random: &mut ChaCha8Rng, there: &mut BTreeMap<u64, Record>) {
    let single = random.random_bool(0.5);
    let changes = changes(random, there, if single { 2 } else { 20 });
    if changes.is_empty() {
    } else if single {
        commit(store, changes);
    } else {
        take_in(store, changes);
    }
}

fn take_in(store: &Store, changes: Vec<Change>) {
    let view = store.view();
    let heading = Heading { actor: Actor::Operator, at: AT, reason: Reason("test".to_owned()) };
    let mut judge = view.snapshot().judge_rows(Subject::Operator, heading).unwrap();
    let mut intake = store.begin_intake(&view, &judge).unwrap();
    for change in changes {
        let Change::Record(swap) = change else { panic!("no record") };
        let admitted = judge.admit(swap, intake.facts()).unwrap();
        intake.put(admitted).unwrap();
    }
    let verdict = judge.close().unwrap();
    intake.close(&verdict).unwrap();
}

fn check(index: &Index, there: &BTreeMap<u64, Record>) {
    let mut found = BTreeMap::new();
    index.scan(|record| drop(found.insert(record.id.0, record))).unwrap();
    assert_eq!(&found, there);
    for record in there.values() {
        assert_eq!(index.rows().record(record.object, record.id).unwrap().as_ref(), Some(record));
    }
    assert_eq!(index.rows().record(ObjectId::COMPANIES, RecordId(u64::MAX)).unwrap(), None);
}

fn walk(seed: u64) -> (u32, u32, u32) {
    println!("seed {seed}");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let home = tempfile::tempdir().unwrap();
    let store = store(&home.path().join("store"));
    let (disk, journal) = (Arc::clone(&store.shared.disk), store.shared.journal_dir());
    let dir = home.path().join("index");
    let mut index = Index::open(&dir).unwrap();
    let mut there = BTreeMap::new();
    let (mut up, mut off, mut outgrown) = (0, 0, 0);
    for _ in 0..24 {
        for _ in 0..random.random_range(1..4) {
            happen(&store, &mut random, &mut there);
        }
        let generation = Arc::clone(&store.view().0);
        let RowsAt::Loaded(tables) = &generation.rows else { panic!("not loaded") };
        for _ in 0..random.random_range(1..5) {
            let pace = Pace { batch: random.random_range(2..8), few: random.random_range(1..3), in_a_part: 2 };
            let patience = random.random_range(0.3..1.0);
            let go_on = |random: &mut ChaCha8Rng| random.random_bool(patience);
            let mut replay = Replay::after(&disk, &journal, index.mark().applied, false).unwrap();
            match steps(&mut index, &mut replay, generation.point.sequence, pace, |_| go_on(&mut random)) {
                Ok(Caught::Outgrown) => {
                    outgrown += 1;
                    fill(&mut index, tables, generation.point, pace, || go_on(&mut random)).unwrap();
                }
                Ok(_) => {
                    up += 1;
                    assert_eq!(index.mark(), Mark::at(generation.point));
                    check(&index, &there);
                }
                Err(Stop::CalledOff) => off += 1,
                Err(Stop::Failed(error)) => panic!("{error}"),
            }
            if random.random_bool(0.2) {
                index.close().unwrap();
                index = Index::open(&dir).unwrap();
            }
        }
    }
    (up, off, outgrown)
}

#[test]
fn an_index_comes_to_hold_what_the_journal_says_however_often_it_is_called_off() {
    let (mut up, mut off, mut outgrown) = (0, 0, 0);
    for seed in 0..5 {
        let walked = walk(seed);
        (up, off, outgrown) = (up + walked.0, off + walked.1, outgrown + walked.2);
    }
    assert!(up > 20 && off > 20 && outgrown > 20, "{up} came up, {off} were called off, {outgrown} filled");
}

#[test]
fn a_replay_that_was_begun_at_the_end_of_the_journal_finds_what_comes_after() {
    let home = tempfile::tempdir().unwrap();
    let options = Options { index: false, load_wait: Duration::from_secs(20), ..Options::default() };
    let store = Store::open(home.path(), options, Arc::new(|| AT), &System::for_the_data_directory()).unwrap();
    commit(&store, new_team("Paws", "Kim", "kim@paws.example", AT).unwrap());
    // By now there is room ahead in the journal's file.
    (1..4).for_each(|id| commit(&store, vec![Change::Record(Swap::made(record(id, 0)))]));
    let point = store.view().0.point;
    let mut replay = Replay::after(&store.shared.disk, &store.shared.journal_dir(), point, false).unwrap();
    commit(&store, vec![Change::Record(Swap::made(record(4, 0)))]);
    let found = replay.next(store.view().0.point.sequence).unwrap();
    assert_eq!(found.unwrap().point, store.view().0.point);
}

#[test]
fn damage_that_stays_in_its_place_is_looked_for_by_the_next_start() {
    for times in [1, 2] {
        let home = tempfile::tempdir().unwrap();
        let options = Options { load_wait: Duration::from_secs(20), ..Options::default() };
        let store = Store::open(home.path(), options, Arc::new(|| AT), &System::for_the_data_directory()).unwrap();
        commit(&store, new_team("Paws", "Kim", "kim@paws.example", AT).unwrap());
        {
            let mut slot = crate::store::shared::lock(&store.shared.following);
            for _ in 0..times {
                let damaged = LoadError::Index(IndexError::Damaged("a page is wrong".to_owned()));
                *slot = slot.take().unwrap().anew(&store.shared, damaged).0;
            }
            // A store begins an index anew once.
            assert_eq!(slot.is_some(), times == 1);
        }
        store.close().unwrap();
        let held = crate::store::lock::Lock::take(home.path(), Duration::ZERO).unwrap();
        assert_eq!(held.after_crash(), times == 2);
    }
}

#[test]
fn taking_very_many_rows_out_can_be_called_off_at_each_write_and_goes_on_from_there() {
    let home = tempfile::tempdir().unwrap();
    let store = store(&home.path().join("store"));
    let of_each =
        |change: fn(Record) -> Swap<Record>| (1..200).map(|id| Change::Record(change(record(id, 0)))).collect();
    commit(&store, of_each(Swap::made));
    let mut index = Index::open(&home.path().join("index")).unwrap();
    let whole = Pace { batch: 1000, few: 1, in_a_part: 1 };
    let point = store.view().0.point;
    let mut replay = Replay::after(&store.shared.disk, &store.shared.journal_dir(), Point::START, false).unwrap();
    assert!(matches!(steps(&mut index, &mut replay, point.sequence, whole, |_| true), Ok(Caught::Up)));
    commit(&store, of_each(Swap::removed));
    let generation = Arc::clone(&store.view().0);
    let RowsAt::Loaded(tables) = &generation.rows else { panic!("not loaded") };
    let (mut off, mut last) = (0, index.len());
    while !fill(&mut index, tables, generation.point, whole, || false).unwrap() {
        assert!(index.len() < last, "nothing was done");
        (off, last) = (off + 1, index.len());
    }
    assert!(off > 0);
    assert_eq!(index.mark(), Mark::at(generation.point));
    check(&index, &BTreeMap::new());
}

#[test]
fn a_set_that_is_gone_on_with_is_not_undone_by_what_stood_before_it() {
    let home = tempfile::tempdir().unwrap();
    let store = store(&home.path().join("store"));
    commit(&store, (1..40).map(|id| Change::Record(Swap::made(record(id, 0)))).collect());
    let replay = |from: Point| Replay::after(&store.shared.disk, &store.shared.journal_dir(), from, false).unwrap();
    let mut index = Index::open(&home.path().join("index")).unwrap();
    let head = || store.view().0.point.sequence;
    let whole = Pace { batch: 100, few: 1, in_a_part: 1 };
    assert!(matches!(steps(&mut index, &mut replay(Point::START), head(), whole, |_| true), Ok(Caught::Up)));

    // A commit, and a set that changes the same record first and then others.
    let changed = |id, before, after| Change::Record(Swap::changed(record(id, before), record(id, after)));
    commit(&store, vec![changed(7, 0, 1)]);
    take_in(&store, vec![changed(7, 1, 2), changed(8, 0, 1), changed(9, 0, 1), changed(10, 0, 1)]);
    let pace = Pace { batch: 2, ..whole };
    let from = index.mark().applied;
    assert!(matches!(steps(&mut index, &mut replay(from), head(), pace, |_| false), Err(Stop::CalledOff)));
    assert!(matches!(index.mark().begun, Begun::Set(_)), "{:?}", index.mark());
    let from = index.mark().applied;
    assert!(matches!(steps(&mut index, &mut replay(from), head(), pace, |_| true), Ok(Caught::Up)));
    let there =
        (1..40).map(|id| (id, record(id, if id == 7 { 2 } else { usize::from((8..=10).contains(&id)) }))).collect();
    check(&index, &there);
}
