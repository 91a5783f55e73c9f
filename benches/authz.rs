//! How long a decision takes, beside the bare look-ups that any decision needs; how long a team
//! takes to compile; how long the impact of a role edit takes. Aims are in `benches/README.md`.
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

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rolecall::authz::{Fact, RecordFacts, Snapshot, Subject, compile, diff};
use rolecall::model::{Moment, ObjectId, RecordAction, Scope, UserId};
use rolecall::service::Engine;
use rolecall::service::draft::Draft;
use rolecall::service::edit_roles::{Cell, CellValue, RoleChange, Verb};
use rolecall::store::Options;

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

/// The highest bit says that the record is private.
const PRIVATE: u32 = 1 << 31;

fn seat(facts: &RecordFacts) -> u32 {
    facts.owner.0 | if facts.private { PRIVATE } else { 0 }
}

fn fact(seat: u32) -> Fact<'static> {
    Fact { owner: UserId(seat & !PRIVATE), private: seat & PRIVATE != 0, assigned: &[] }
}

/// May a user see a record: one pair again and again, and pairs all over the place.
fn check(c: &mut Criterion) {
    for size in SIZES {
        let team = Arc::new(common::team(size.people, size.roles));
        let snapshot = compile(Arc::clone(&team), Moment(0));
        // A record's facts as the store's tables hold them: the owner's number and a bit.
        let seats: Vec<u32> = (0..size.records).map(|place| seat(&common::facts_of(place, size.people))).collect();
        let mut group = c.benchmark_group(format!("check/{}", size.name));

        let (me, seat) = (UserId(7), seats[11]);
        group.bench_function("hot", |b| {
            b.iter(|| snapshot.may(black_box(me), RecordAction::Edit, CONTACTS, fact(black_box(seat))));
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
                let may = |(me, record): &(UserId, usize)| {
                    snapshot.may(*me, RecordAction::View, CONTACTS, fact(seats[*record]))
                };
                black_box(&pairs).iter().filter(|pair| may(pair)).count()
            });
        });
        group.bench_function("random pairs, as a batch", |b| {
            b.iter(|| {
                let asked = black_box(&pairs).iter();
                let mut number = 0;
                let asked = asked.map(|(me, record)| (*me, RecordAction::View, fact(seats[*record])));
                snapshot.may_each(CONTACTS, asked, |may| number += usize::from(may));
                number
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
                    let fact = fact(seats[*record]);
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
        // A change of one role, on a snapshot that is there.
        let (snapshot, mut edited) = (compile(Arc::clone(&team), Moment(0)), (*team).clone());
        let mut role = (**edited.roles.values().last().unwrap()).clone();
        role.scopes.get_mut(&CONTACTS).unwrap().view = Scope::Own;
        edited.roles.insert(role.id, Arc::new(role));
        let edited = Arc::new(edited);
        group.bench_function(format!("{}, one role changed", size.name), |b| {
            b.iter(|| snapshot.renewed(Arc::clone(&edited), Moment(0)));
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

/// The same as somebody meets it who changes a cell of the matrix: the draft worked out, judged,
/// compiled and put into words; by the operator, and by the account owner, of whose permissions each
/// gift is a part. With `save`, its commit as well.
fn preview(c: &mut Criterion) {
    let mut group = c.benchmark_group("preview of a role edit, 100k records");
    group.sample_size(10);
    for size in SIZES {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let team = common::team(size.people, size.roles);
        common::filled(dir.path(), &team, 100_000);
        let engine = Engine::open(dir.path(), Options { index: false, ..Options::default() }).unwrap();
        while engine.loading().is_some() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let role = team.roles.values().find(|role| role.scopes(CONTACTS).view == Scope::Own && role.shipped.is_none());
        let name = role.unwrap().name.clone();
        let edit = |scope: Scope| {
            let cells = vec![(Cell::Scope("contacts".to_owned(), Verb::View), CellValue::Scope(scope))];
            let change = RoleChange { cells, ..RoleChange::default() };
            Draft::Roles(BTreeMap::from([(name.clone(), change)]))
        };
        for (who, session) in
            [("operator", engine.operator()), ("owner", engine.acting_as("owner@bench.example").unwrap())]
        {
            assert!(!session.preview(&edit(Scope::All)).unwrap().is_nothing());
            group.bench_function(format!("{}, {who}", size.name), |b| {
                b.iter(|| session.preview(&edit(Scope::All)).unwrap().people.len());
            });
            let mut turn = [Scope::All, Scope::Own].into_iter().cycle();
            group.bench_function(format!("{}, {who}, save", size.name), |b| {
                b.iter(|| session.save(&edit(turn.next().unwrap())).unwrap());
            });
            session.save(&edit(Scope::Own)).unwrap();
        }
    }
    group.finish();
}

criterion_group!(benches, check, visible, compiling, impact, preview);
criterion_main!(benches);
