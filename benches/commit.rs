//! How long a commit takes until it is acknowledged, beside appending the same number of bytes to a
//! bare file and syncing it: a disk decides most of it, so only the ratio counts. What sorted columns
//! that are in use add to it. And how long a store takes to open.
//!
//! `cargo bench --bench commit`; add `-- --quick` for a glance.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    missing_docs
)]

mod common;

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use rolecall::authz::{Patch, Subject, System};
use rolecall::model::shipped::new_team;
use rolecall::model::{Actor, Change, Commit, Day, Moment, ObjectId, Reason, Record, Swap};
use rolecall::service::demo::{Amounts, records};
use rolecall::store::{ListQuery, Options, SortBy, Store};

fn patch(store: &Store, changes: Vec<Change>) -> Patch {
    let view = store.view();
    let commit = Commit { actor: Actor::Operator, at: Moment(1), reason: Reason("bench".to_owned()), changes };
    view.snapshot().permit_commit(Subject::Operator, commit, &view).unwrap()
}

fn made(record: Record) -> Vec<Change> {
    vec![Change::Record(Swap::made(record))]
}

/// The bytes of every file under the journal.
fn size(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().map(|entry| entry.unwrap());
    entries
        .map(|entry| {
            let about = entry.metadata().unwrap();
            if about.is_dir() { size(&entry.path()) } else { about.len() }
        })
        .sum()
}

fn committing(c: &mut Criterion) {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let data = dir.path().join("data");
    let open = || {
        let system = System::for_the_data_directory();
        let store = Store::open(&data, Options::default(), Arc::new(|| Moment(1)), &system).unwrap();
        store.wait(Duration::from_secs(60)).unwrap();
        store
    };
    // A store that is closed has no room reserved ahead.
    let again = |store: Store| {
        store.close().unwrap();
        open()
    };
    let store = open();
    store.commit(patch(&store, new_team("Bench", "Owner", "owner@bench.example", Moment(0)).unwrap())).unwrap();
    let team = Arc::clone(store.view().team());
    let mut contacts = records(&team, Amounts { contacts: 50_000_000, companies: 0, deals: 0 }, Day(20_778)).unwrap();

    let journal = data.join("journal");
    let store = again(store);
    let (before, number) = (size(&journal), 1_000);
    for _ in 0..number {
        store.commit(patch(&store, made(contacts.next().unwrap()))).unwrap();
    }
    let store = again(store);
    let each = usize::try_from((size(&journal) - before) / number).unwrap();
    eprintln!("a commit of one contact takes {each} bytes of journal");

    let mut group = c.benchmark_group("commit");
    group.sample_size(50);
    group.bench_function("one contact, judged, synced, published", |b| {
        b.iter_batched(
            || contacts.next().unwrap(),
            |contact| store.commit(patch(&store, made(contact))).unwrap().sequence,
            criterion::BatchSize::SmallInput,
        );
    });
    let bytes = vec![0x5a_u8; each];
    let mut file = std::fs::File::create(dir.path().join("bare")).unwrap();
    group.bench_function("the same bytes, bare append and sync", |b| {
        b.iter(|| {
            file.write_all(&bytes).unwrap();
            file.sync_data().unwrap();
        });
    });
    group.finish();
    drop(store);
}

/// A commit into a large list, with none, one and three of its columns kept sorted.
fn upkeep(c: &mut Criterion) {
    const CONTACTS: u64 = 100_000;
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let data = dir.path().join("data");
    let options = || Options { index: false, ..Options::default() };
    let open = || {
        let system = System::for_the_data_directory();
        let store = Store::open(&data, options(), Arc::new(|| Moment(1)), &system).unwrap();
        store.wait(Duration::from_secs(600)).unwrap();
        store
    };
    let store = open();
    store.commit(patch(&store, new_team("Bench", "Owner", "owner@bench.example", Moment(0)).unwrap())).unwrap();
    let team = Arc::clone(store.view().team());
    let mut contacts = records(&team, Amounts { contacts: 50_000_000, companies: 0, deals: 0 }, Day(20_778)).unwrap();
    for _ in 0..CONTACTS / 4096 {
        let part = contacts.by_ref().take(4096).flat_map(made).collect();
        store.commit(patch(&store, part)).unwrap();
    }
    let object = &team.objects[&ObjectId::CONTACTS];
    let mut group = c.benchmark_group(format!("upkeep/{CONTACTS} contacts"));
    group.sample_size(50);
    let names = ["Last Name", "Total Spent", "Created"];
    for sorted in [0, 1, 3] {
        let list = |name: &str| {
            let view = store.view();
            let (visible, columns) = (
                view.snapshot().visible(Subject::Operator, ObjectId::CONTACTS).unwrap(),
                view.snapshot().columns(Subject::Operator, ObjectId::CONTACTS).unwrap(),
            );
            let sort = SortBy::Field(object.field_named(name).unwrap().id);
            let query = ListQuery { sort, ..ListQuery::default() };
            view.page(&visible, &columns, &query, &AtomicBool::new(false)).unwrap().rows.len()
        };
        names.iter().take(sorted).for_each(|name| assert_eq!(list(name), 50));
        group.bench_function(format!("one contact, {sorted} sorted columns in use"), |b| {
            b.iter_batched(
                || contacts.next().unwrap(),
                |contact| store.commit(patch(&store, made(contact))).unwrap().sequence,
                criterion::BatchSize::SmallInput,
            );
        });
    }
    group.finish();
    store.close().unwrap();

    let mut group = c.benchmark_group(format!("start/{CONTACTS} contacts"));
    group.sample_size(10);
    group.bench_function("open until lists are ready", |b| {
        // Each is gone before the next is opened: a store has one opener.
        b.iter_custom(|times| {
            let opening = |_| {
                let began = Instant::now();
                let store = open();
                let took = began.elapsed();
                drop(store);
                took
            };
            (0..times).map(opening).sum()
        });
    });
    group.finish();
}

criterion_group!(benches, committing, upkeep);
criterion_main!(benches);
