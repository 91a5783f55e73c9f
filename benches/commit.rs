//! How long a commit takes until it is acknowledged, beside appending the same number of bytes to a
//! bare file and syncing it. A disk decides most of it: only the ratio counts.
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
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use rolecall::authz::{Patch, Subject, System};
use rolecall::model::shipped::new_team;
use rolecall::model::{Actor, Change, Commit, Day, Moment, Reason, Record, Swap};
use rolecall::service::demo::{Amounts, records};
use rolecall::store::{Options, Store};

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
    let system = System::for_the_data_directory();
    let store = Store::open(&data, Options::default(), Arc::new(|| Moment(1)), &system).unwrap();
    store.wait(Duration::from_secs(60)).unwrap();
    store.commit(patch(&store, new_team("Bench", "Owner", "owner@bench.example", Moment(0)).unwrap())).unwrap();
    let team = Arc::clone(store.view().team());
    let mut contacts = records(&team, Amounts { contacts: 50_000_000, companies: 0, deals: 0 }, Day(20_778)).unwrap();

    let journal = data.join("journal");
    let (before, number) = (size(&journal), 1_000);
    for _ in 0..number {
        store.commit(patch(&store, made(contacts.next().unwrap()))).unwrap();
    }
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

criterion_group!(benches, committing);
criterion_main!(benches);
