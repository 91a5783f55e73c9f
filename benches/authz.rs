//! How long a decision takes, beside the bare look-ups that any decision needs; how long a team
//! takes to compile; how long the impact of a role edit takes. Aims are in `ARCHITECTURE.md`.
//!
//! `cargo bench --bench authz`; add `-- --quick` for a glance.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    missing_docs
)]

mod common;

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rolecall::authz::{RecordFacts, Snapshot, Subject, compile, diff};
use rolecall::model::{Moment, ObjectId, RecordAction, Scope, UserId};

const CONTACTS: ObjectId = ObjectId::CONTACTS;

struct Size {
    name: &'static str,
    people: u32,
    roles: u32,
    records: u64,
}

const SIZES: &[Size] = &[
    Size { name: "1k people, 100k records", people: 1_000, roles: 50, records: 100_000 },
    Size { name: "100k people, 10k roles, 10M records", people: 100_000, roles: 10_000, records: 10_000_000 },
];

/// May a user see a record: one pair again and again, and pairs all over the place.
fn check(c: &mut Criterion) {
    for size in SIZES {
        let team = Arc::new(common::team(size.people, size.roles));
        let snapshot = compile(Arc::clone(&team), Moment(0));
        let facts: Vec<RecordFacts> = (0..size.records).map(|place| common::facts_of(place, size.people)).collect();
        let mut group = c.benchmark_group(format!("check/{}", size.name));

        let (me, fact) = (UserId(7), &facts[11]);
        group.bench_function("hot", |b| {
            b.iter(|| snapshot.may(black_box(me), RecordAction::Edit, CONTACTS, black_box(fact)));
        });

        let pairs: Vec<(UserId, usize)> = (0..1 << 16)
            .map(|place| {
                let record = common::scatter(place ^ 0xabcd) % size.records;
                (common::owner_of(place.wrapping_mul(77), size.people), usize::try_from(record).unwrap())
            })
            .collect();
        group.throughput(Throughput::Elements(pairs.len() as u64));
        group.bench_function("random pairs", |b| {
            b.iter(|| {
                let may =
                    |(me, record): &(UserId, usize)| snapshot.may(*me, RecordAction::View, CONTACTS, &facts[*record]);
                black_box(&pairs).iter().filter(|pair| may(pair)).count()
            });
        });
        // What no decision can do without: the record's owner, the two people's places, and the
        // rights of the one who asks, each fetched from a plain array.
        let places: Vec<u32> =
            (0..size.people).map(|user| snapshot.lines().number_of(UserId(user)).unwrap_or(0)).collect();
        let rights: Vec<Scope> =
            (0..size.people).map(|user| snapshot.rights(Subject::User(UserId(user)), CONTACTS).view).collect();
        group.bench_function("random pairs, bare look-ups", |b| {
            b.iter(|| {
                let mut sum = 0_u64;
                for (me, record) in black_box(&pairs) {
                    let fact = &facts[*record];
                    sum += u64::from(places[fact.owner.index()]) ^ u64::from(places[me.index()]);
                    sum += u64::from(rights[me.index()] == Scope::All) + u64::from(fact.private);
                }
                sum
            });
        });
        group.finish();
    }
}

/// The owners that somebody's list holds, for each scope.
fn visible(c: &mut Criterion) {
    let snapshot = compile(Arc::new(common::team(1_000, 50)), Moment(0));
    let mut group = c.benchmark_group("visible/1k people");
    for scope in [Scope::All, Scope::Roles, Scope::Subordinates, Scope::Own] {
        let Some(me) = with_scope(&snapshot, scope) else { continue };
        group.bench_with_input(BenchmarkId::from_parameter(scope.token()), &me, |b, me| {
            b.iter(|| snapshot.visible(Subject::User(black_box(*me)), CONTACTS).map(|visible| visible.me()));
        });
    }
    group.finish();
}

fn with_scope(snapshot: &Snapshot, scope: Scope) -> Option<UserId> {
    let users = snapshot.team().users.keys().copied();
    users.into_iter().find(|user| snapshot.rights(Subject::User(*user), CONTACTS).view == scope)
}

fn compiling(c: &mut Criterion) {
    let mut group = c.benchmark_group("compile");
    group.sample_size(10);
    for size in SIZES {
        let team = Arc::new(common::team(size.people, size.roles));
        group.bench_function(size.name, |b| {
            b.iter_batched(|| Arc::clone(&team), |team| compile(team, Moment(0)), BatchSize::LargeInput);
        });
    }
    group.finish();
}

/// Who gains and who loses what, when one role sees everything instead of its own.
fn impact(c: &mut Criterion) {
    let mut group = c.benchmark_group("impact of a role edit, 1M records");
    group.sample_size(10);
    for size in SIZES {
        let team = Arc::new(common::team(size.people, size.roles));
        let mut edited = (*team).clone();
        let role =
            edited.roles.values().find(|role| role.scopes(CONTACTS).view == Scope::Own && role.shipped.is_none());
        let mut role = (**role.unwrap()).clone();
        role.scopes.get_mut(&CONTACTS).unwrap().view = Scope::All;
        edited.roles.insert(role.id, Arc::new(role));
        let (before, after) = (compile(team, Moment(0)), compile(Arc::new(edited), Moment(0)));
        let facts = common::Counted::new(1_000_000, size.people);
        assert!(!diff(&before, &after, &facts).is_empty());
        group.bench_function(size.name, |b| b.iter(|| diff(&before, &after, &facts).len()));
    }
    group.finish();
}

criterion_group!(benches, check, visible, compiling, impact);
criterion_main!(benches);
