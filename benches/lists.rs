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
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use rolecall::authz::{Columns, Snapshot, Subject, Visible, compile};
use rolecall::model::{Day, Moment, ObjectId, Scope, UserId};
use rolecall::service::demo::{Amounts, records};
use rolecall::store::tables::{ListQuery, SortBy, Tables};

const CONTACTS: ObjectId = ObjectId::CONTACTS;
const TODAY: Day = Day(20_778);
const PEOPLE: u32 = 1_000;

/// Somebody with this scope and a list that is not the smallest of its kind.
fn somebody(snapshot: &Snapshot, scope: Scope) -> UserId {
    let users = snapshot.team().users.keys().copied();
    let with = users.filter(|user| snapshot.rights(Subject::User(*user), CONTACTS).view == scope);
    with.max_by_key(|user| snapshot.reach(*user, scope).owners().count()).unwrap()
}

fn lists(c: &mut Criterion) {
    for size in [10_000_u64, 1_000_000] {
        let snapshot = compile(Arc::new(common::team(PEOPLE, 50)), Moment(0));
        let team = snapshot.team();
        let began = Instant::now();
        let amounts = Amounts { contacts: size, companies: 0, deals: 0 };
        let mut tables = Tables::default();
        tables.bulk_load(records(team, amounts, TODAY).unwrap(), &mut |_| {}).unwrap();
        eprintln!("{size} contacts made and loaded in {:.2?}", began.elapsed());

        let last_name = team.objects[&CONTACTS].field_named("Last Name").unwrap().id;
        let spent = team.objects[&CONTACTS].field_named("Total Spent").unwrap().id;
        let first = ListQuery { sort: SortBy::Field(last_name), limit: 50, ..ListQuery::default() };
        let mut group = c.benchmark_group(format!("lists/{size} contacts"));
        for scope in [Scope::All, Scope::Subordinates, Scope::Roles, Scope::Own] {
            let who = Subject::User(somebody(&snapshot, scope));
            let visible: Visible = snapshot.visible(who, CONTACTS).unwrap();
            let columns: Columns = snapshot.columns(who, CONTACTS).unwrap();
            let page = |query: &ListQuery| tables.page(&visible, &columns, query, team).unwrap();
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
