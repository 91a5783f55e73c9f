//! How long a list takes: the exact count, the first page, a later one, a search; for each scope.
//!
//! `cargo bench --bench lists`; add `-- --quick` for a glance.
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
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use rolecall::authz::{Columns, Snapshot, Subject, System, Visible};
use rolecall::model::{Actor, Change, Commit, Day, Moment, ObjectId, Reason, Scope, Swap, UserId};
use rolecall::service::demo::{Amounts, records};
use rolecall::store::{ListQuery, Options, SortBy, Store};

const CONTACTS: ObjectId = ObjectId::CONTACTS;
const TODAY: Day = Day(20_778);
const PEOPLE: u32 = 1_000;

/// Somebody with this scope whose list holds about a fifth of the team's owners, if there is one.
fn somebody(snapshot: &Snapshot, scope: Scope) -> UserId {
    let users = snapshot.team().users.keys().copied();
    let with = users.filter(|user| snapshot.rights(Subject::User(*user), CONTACTS).view == scope);
    with.min_by_key(|user| (PEOPLE as usize / 5).abs_diff(snapshot.reach(*user, scope).owners().count())).unwrap()
}

/// A store with a thousand people and so many contacts, in memory and journal without an index.
fn filled(contacts: u64, dir: &std::path::Path) -> Store {
    let system = System::for_the_data_directory();
    let options = Options { index: false, ..Options::default() };
    let store = Store::open(dir, options, Arc::new(|| Moment(1)), &system).unwrap();
    store.wait(Duration::from_secs(600)).unwrap();
    let commit = |changes: Vec<Change>| {
        let view = store.view();
        let commit = Commit { actor: Actor::Operator, at: Moment(1), reason: Reason("bench".to_owned()), changes };
        store.commit(view.snapshot().permit_commit(Subject::Operator, commit, &view).unwrap()).unwrap();
    };
    let team = common::team(PEOPLE, 50);
    commit(common::changes(&team));
    let amounts = Amounts { contacts, companies: 0, deals: 0 };
    let mut records = records(&team, amounts, TODAY).unwrap().map(|record| Change::Record(Swap::made(record)));
    loop {
        let part: Vec<Change> = records.by_ref().take(4096).collect();
        if part.is_empty() {
            return store;
        }
        commit(part);
    }
}

fn lists(c: &mut Criterion) {
    let goes_on = AtomicBool::new(false);
    for size in [10_000_u64, 1_000_000] {
        let began = Instant::now();
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let store = filled(size, dir.path());
        eprintln!("{size} contacts made, judged and committed in {:.2?}", began.elapsed());
        let view = store.view();
        let (snapshot, team) = (view.snapshot(), view.team());

        let last_name = team.objects[&CONTACTS].field_named("Last Name").unwrap().id;
        let spent = team.objects[&CONTACTS].field_named("Total Spent").unwrap().id;
        // The columns that a list shows before it is scrolled sideways.
        let shown = ["First Name", "Last Name", "Email", "Phone", "Company", "Status"];
        let shown = shown.map(|name| team.objects[&CONTACTS].field_named(name).unwrap().id).to_vec();
        let first =
            ListQuery { sort: SortBy::Field(last_name), limit: 50, fields: Some(shown), ..ListQuery::default() };
        let mut group = c.benchmark_group(format!("lists/{size} contacts"));
        for scope in [Scope::All, Scope::Subordinates, Scope::Roles, Scope::Own] {
            let who = Subject::User(somebody(snapshot, scope));
            let visible: Visible = snapshot.visible(who, CONTACTS).unwrap();
            let columns: Columns = snapshot.columns(who, CONTACTS).unwrap();
            let page = |query: &ListQuery| view.page(&visible, &columns, query, &goes_on).unwrap();
            let name = scope.token();

            let began = Instant::now();
            let total = page(&first).total;
            eprintln!("{name}: {total} contacts; the first question took {:.2?}", began.elapsed());

            let count = ListQuery { limit: 0, ..first.clone() };
            group.bench_function(format!("{name}: count"), |b| b.iter(|| page(black_box(&count)).total));
            group.bench_function(format!("{name}: first page"), |b| b.iter(|| page(black_box(&first)).rows.len()));

            let by_money = ListQuery { sort: SortBy::Field(spent), descending: true, ..first.clone() };
            page(&by_money);
            group.bench_function(format!("{name}: first page by money, down"), |b| {
                b.iter(|| page(black_box(&by_money)).rows.len());
            });

            let middle = ListQuery { position: Some(total / 2), ..first.clone() };
            group.bench_function(format!("{name}: page at the middle, by position"), |b| {
                b.iter(|| page(black_box(&middle)).rows.len());
            });
            if let Some(next) = page(&middle).next {
                let later = ListQuery { after: Some(next), ..first.clone() };
                group.bench_function(format!("{name}: page at the middle, by cursor"), |b| {
                    b.iter(|| page(black_box(&later)).rows.len());
                });
            }
            let search = ListQuery { search: Some("kowal".to_owned()), ..first.clone() };
            group.sample_size(10);
            group.bench_function(format!("{name}: search"), |b| b.iter(|| page(black_box(&search)).total));
            group.sample_size(100);
        }
        group.finish();
    }
}

criterion_group!(benches, lists);
criterion_main!(benches);
