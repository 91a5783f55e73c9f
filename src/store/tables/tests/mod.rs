//! Every list against the plainest possible one, over every way to get it.

mod kept_orders;
mod world;

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::RngExt as _;

use crate::authz::{Columns, Subject, Visible, compile};
use crate::model::{Change, FieldId, Moment, Record, RecordId, RoleId, SectionAccess, Swap, UserId};

use super::audience::Audience;
use super::key::SortKey;
use super::order::Order;
use super::sorted::Spot;
use super::walk::{Start, Walk};
use super::*;
use world::{CONTACTS, World};

/// A page and every page after it; debug builds hold each against the plainest list.
fn pages_join(world: &World, tables: &Tables, visible: &Visible, columns: &Columns, query: &ListQuery) {
    let table = tables.table(CONTACTS).unwrap();
    let whole: Vec<RecordId> =
        brute::list(table, visible, columns, query, &world.team).into_iter().map(|record| record.id).collect();
    let start = usize::try_from(query.position.unwrap_or(0)).unwrap();
    let expected: Vec<RecordId> = whole.iter().copied().skip(start).collect();
    let mut query = query.clone();
    let mut met = Vec::new();
    loop {
        let page = tables.page(visible, columns, &query, &world.team, Scan::default()).unwrap();
        assert_eq!(page.total, whole.len() as u64);
        met.extend(World::ids(&page));
        for row in &page.rows {
            assert!(row.values.iter().all(|(field, _)| columns.contains(*field)));
            let record = table.record(table.find(row.id).unwrap()).unwrap();
            assert!(row.values.iter().all(|(field, value)| record.value(*field) == Some(value)));
            let shown = record.values.iter().filter(|(field, _)| columns.contains(*field)).count();
            assert_eq!(row.values.len(), shown);
        }
        match page.next {
            Some(next) => query.after = Some(next.to_string().parse().unwrap()),
            None if query.limit == 0 => return,
            None => break,
        }
    }
    assert_eq!(met, expected, "pages have gaps or repeats");
}

#[test]
fn lists_are_what_the_plainest_means_give_while_records_change() {
    for seed in 0..10 {
        let mut world = World::new(seed);
        if world.model.is_empty() {
            continue;
        }
        let mut pinned: Option<(Tables, BTreeMap<RecordId, Record>)> = None;
        for round in 0..40 {
            let (visible, columns) = world.asker();
            let query = world.query(&columns);
            if world.tables.table(CONTACTS).is_some() {
                pages_join(&world, &world.tables, &visible, &columns, &query);
            }
            if let Some((tables, model)) = &pinned {
                pages_join(&world, tables, &visible, &columns, &query);
                let records: BTreeMap<_, _> = tables.records().map(|record| (record.id, record)).collect();
                assert_eq!(&records, model, "seed {seed}: a pinned generation changed");
            }
            if round % 20 == 7 {
                pinned = Some((world.tables.clone(), world.model.clone()));
            }
            for _ in 0..world.rng.random_range(0..12) {
                world.change();
            }
            let records: BTreeMap<_, _> = world.tables.records().map(|record| (record.id, record)).collect();
            assert_eq!(records, world.model, "seed {seed}");
        }
    }
}

#[test]
fn both_walks_and_every_position_agree() {
    for seed in 100..130 {
        let mut world = World::new(seed);
        let (visible, columns) = world.asker();
        let Some(table) = world.tables.table(CONTACTS).cloned() else { continue };
        for _ in 0..10 {
            let (by, descending) = (world.sort(&columns), world.rng.random());
            let key = SortKey::new(by, descending, CONTACTS, &world.team).unwrap();
            let order = Order::build(&table, key, None, Scan::default()).unwrap();
            let mut audience = Audience::new(&visible);
            if world.rng.random_bool(0.3) {
                let owner = UserId(world.rng.random_range(0..3));
                audience.narrow(owner);
            }
            let total = audience.total(&table);
            let walk = Walk { table: &table, order: &order, audience: &audience, total };
            let reader = order.key.reader(&table);
            let (whole, _): (Vec<u32>, bool) = walk.along(Spot::START, 0, usize::MAX, u64::MAX);
            assert_eq!(whole.len() as u64, total, "seed {seed}: the count is not the list's length");
            let runs = audience.width().map(|_| audience.runs(&table, &order));
            if let Some(runs) = &runs {
                assert_eq!(walk.merge(&reader, runs, Start::First, 0, usize::MAX), whole);
            }
            for position in 0..whole.len() + 1 {
                let (spot, skip) = audience.locate(&table, &order, position as u64);
                assert_eq!(walk.along(spot, skip, usize::MAX, u64::MAX).0, whole[position..], "seed {seed}");
                assert_eq!(walk.slots(Start::At(position as u64), 5), whole[position..(position + 5).min(whole.len())]);
                if let (Some(runs), Some(slot)) = (&runs, position.checked_sub(1).map(|at| whole[at])) {
                    let start = Start::After(reader.probe(slot), table.id(slot));
                    assert_eq!(walk.merge(&reader, runs, start, 0, usize::MAX), whole[position..]);
                    assert_eq!(walk.slots(start, 5), whole[position..(position + 5).min(whole.len())]);
                }
            }
        }
    }
}

#[test]
fn orders_that_are_kept_up_equal_orders_built_anew() {
    for seed in 200..215 {
        let mut world = World::new(seed);
        for _ in 0..30 {
            let (visible, columns) = world.asker();
            let query =
                ListQuery { sort: world.sort(&columns), descending: world.rng.random(), ..ListQuery::default() };
            let behind = world.tables.clone();
            for _ in 0..world.rng.random_range(0..4) {
                world.change();
            }
            // Built by a reader that is behind, then met by one that isn't.
            let _ = behind.page(&visible, &columns, &query, &world.team, Scan::default()).unwrap();
            let _ = world.tables.page(&visible, &columns, &query, &world.team, Scan::default()).unwrap();
            world.change();
            let Some(table) = world.tables.table(CONTACTS) else { continue };
            for order in &table.orders {
                as_built_anew(table, order, seed);
            }
        }
    }
}

/// Everything of an order that is kept up, against one that is built from nothing.
fn as_built_anew(table: &super::table::Table, order: &Order, seed: u64) {
    let fresh = Order::build(table, order.key.clone(), None, Scan::default()).unwrap();
    let all = |order: &Order| order.global.from(Spot::START).collect::<Vec<_>>();
    assert_eq!(all(order), all(&fresh), "seed {seed}");
    for person in 0..20 {
        let run = |run: Option<&super::sorted::Sorted>| run.map(|run| run.from(Spot::START).collect::<Vec<_>>());
        assert_eq!(run(order.of_owner(person)), run(fresh.of_owner(person)), "seed {seed}");
        assert_eq!(run(order.privates_of(person)), run(fresh.privates_of(person)), "seed {seed}");
        assert_eq!(run(order.of_assignee(person)), run(fresh.of_assignee(person)), "seed {seed}");
    }
    let Some(tallies) = &order.tallies else { return };
    for (leaf, tally) in order.global.leaves().zip(tallies) {
        let public = |owner: u32| leaf.iter().filter(|s| table.seat(**s) == Some((owner, false))).count();
        for (owner, count) in (0..).zip(&tally.by_owner) {
            assert_eq!(public(owner), usize::from(*count), "seed {seed}");
        }
        assert_eq!(tally.public as usize, leaf.iter().filter(|s| !table.is_private(**s)).count());
    }
    assert_eq!(tallies.len(), order.global.leaves().len());
}

#[test]
fn a_field_that_may_not_be_viewed_answers_as_one_that_does_not_exist() {
    let mut world = World::new(1);
    let hidden = {
        let role = Arc::make_mut(world.team.roles.get_mut(&RoleId(500)).unwrap());
        let section = world.team.objects[&CONTACTS].sections[1].id;
        role.sections.insert(section, SectionAccess::Hidden);
        let fields = &world.team.objects[&CONTACTS].fields;
        fields.iter().find(|field| field.section == section).unwrap().id
    };
    let me = UserId(1);
    Arc::make_mut(world.team.users.get_mut(&me).unwrap()).role = RoleId(500);
    world.snapshot = compile(Arc::new(world.team.clone()), Moment(1));
    let visible = world.snapshot.visible(Subject::User(me), CONTACTS).unwrap();
    let columns = world.snapshot.columns(Subject::User(me), CONTACTS).unwrap();
    for field in [hidden, FieldId(77_777)] {
        let sorted = ListQuery { sort: SortBy::Field(field), ..ListQuery::default() };
        let filter = Filter::is(SortBy::Field(field), "no such kind of value");
        let filtered = ListQuery { filters: vec![filter], ..ListQuery::default() };
        for query in [sorted, filtered] {
            let answer = world.tables.page(&visible, &columns, &query, &world.team, Scan::default());
            assert_eq!(answer, Err(QueryError::NoSuchField));
        }
    }
}

#[test]
fn a_cursor_that_is_tampered_with_or_of_another_list_is_refused() {
    let world = World::new(7);
    let visible = world.snapshot.visible(Subject::Operator, CONTACTS).unwrap();
    let columns = world.snapshot.columns(Subject::Operator, CONTACTS).unwrap();
    let mut query = ListQuery { sort: SortBy::Field(FieldId(1000)), limit: 3, ..ListQuery::default() };
    let text =
        world.tables.page(&visible, &columns, &query, &world.team, Scan::default()).unwrap().next.unwrap().to_string();
    for place in 0..text.len() {
        let mut broken = text.clone().into_bytes();
        broken[place] = if broken[place] == b'A' { b'B' } else { b'A' };
        if let Ok(cursor) = String::from_utf8(broken).unwrap().parse::<Cursor>() {
            query.after = Some(cursor);
            assert_eq!(
                world.tables.page(&visible, &columns, &query, &world.team, Scan::default()),
                Err(QueryError::Cursor)
            );
        }
        assert_eq!(text[..place].parse::<Cursor>().err().unwrap_or(QueryError::Cursor), QueryError::Cursor);
    }
    query.after = Some(text.parse().unwrap());
    assert!(world.tables.page(&visible, &columns, &query, &world.team, Scan::default()).is_ok());
    query.descending = true;
    assert_eq!(world.tables.page(&visible, &columns, &query, &world.team, Scan::default()), Err(QueryError::Cursor));
    query = ListQuery { after: query.after, ..ListQuery::default() };
    assert_eq!(world.tables.page(&visible, &columns, &query, &world.team, Scan::default()), Err(QueryError::Cursor));
}

#[test]
fn a_change_that_expects_something_else_is_refused_and_changes_nothing() {
    let mut world = World::new(3);
    let before = world.model.values().next().unwrap().clone();
    let other = Record { private: !before.private, ..before.clone() };
    for swap in [
        Swap::changed(other.clone(), before.clone()),
        Swap::removed(other),
        Swap::made(before.clone()),
        Swap::removed(Record { id: RecordId(12), ..before.clone() }),
    ] {
        let refused = world.tables.apply(&Change::Record(swap));
        assert!(matches!(refused, Err(ChangeRefused::Stale(_))), "{refused:?}");
    }
    let records: BTreeMap<_, _> = world.tables.records().map(|record| (record.id, record)).collect();
    assert_eq!(records, world.model);
}

#[test]
fn a_scan_can_be_cancelled() {
    let world = World::new(9);
    let visible = world.snapshot.visible(Subject::Operator, CONTACTS).unwrap();
    let columns = world.snapshot.columns(Subject::Operator, CONTACTS).unwrap();
    let query = ListQuery { search: Some("a".into()), ..ListQuery::default() };
    let cancel = std::sync::atomic::AtomicBool::new(true);
    let scan = Scan { cancel: Some(&cancel), between: &|| {}, recall: None };
    let answer = world.tables.page(&visible, &columns, &query, &world.team, scan);
    assert_eq!(answer, Err(QueryError::Cancelled));
}

#[test]
fn making_an_order_can_be_called_off_at_any_step_and_the_next_who_asks_has_it() {
    let world = World::new(11);
    let visible = world.snapshot.visible(Subject::Operator, CONTACTS).unwrap();
    let columns = world.snapshot.columns(Subject::Operator, CONTACTS).unwrap();
    let field = *columns.fields().first().unwrap();
    for sort in [SortBy::Id, SortBy::Owner, SortBy::Field(field)] {
        let query = ListQuery { sort, ..ListQuery::default() };
        let (called_off, looks) = (std::sync::atomic::AtomicBool::new(false), std::cell::Cell::new(0));
        let mut answers = Vec::new();
        for last in 0.. {
            called_off.store(false, std::sync::atomic::Ordering::Relaxed);
            looks.set(0);
            let look = || {
                looks.set(looks.get() + 1);
                called_off.store(looks.get() > last, std::sync::atomic::Ordering::Relaxed);
            };
            let scan = Scan { cancel: Some(&called_off), between: &look, recall: None };
            answers.push(world.tables.page(&visible, &columns, &query, &world.team, scan));
            if answers.last().unwrap().is_ok() {
                break;
            }
        }
        let made = answers.pop().unwrap().unwrap();
        assert!(!answers.is_empty() && answers.iter().all(|answer| *answer == Err(QueryError::Cancelled)), "{sort:?}");
        let fresh = Tables::restore(&mut dumped(&world.tables).as_slice()).unwrap();
        let plain = fresh.page(&visible, &columns, &query, &world.team, Scan::default());
        assert_eq!(Ok(made), plain, "{sort:?}");
    }
}

fn dumped(tables: &Tables) -> Vec<u8> {
    let mut bytes = Vec::new();
    tables.dump(&mut bytes).unwrap();
    bytes
}

#[test]
fn what_is_written_down_comes_back_and_damage_is_noticed() {
    for seed in 300..310 {
        let mut world = World::new(seed);
        for _ in 0..50 {
            world.change();
        }
        let bytes = dumped(&world.tables);
        let mut restored = Tables::restore(&mut bytes.as_slice()).unwrap();
        let records: BTreeMap<_, _> = restored.records().map(|record| (record.id, record)).collect();
        assert_eq!(records, world.model);
        for record in world.model.values() {
            assert_eq!(restored.record(CONTACTS, record.id).as_ref(), Some(record));
            let external = record.external_id.as_deref();
            assert_eq!(external.and_then(|text| restored.find_external(CONTACTS, text)), external.map(|_| record.id));
        }
        std::mem::swap(&mut world.tables, &mut restored);
        for _ in 0..50 {
            let (visible, columns) = world.asker();
            let query = world.query(&columns);
            if world.tables.table(CONTACTS).is_some() {
                pages_join(&world, &world.tables, &visible, &columns, &query);
            }
            world.change();
        }
        for _ in 0..100 {
            let mut broken = bytes.clone();
            let place = world.rng.random_range(0..broken.len());
            broken[place] ^= 1 << world.rng.random_range(0..8);
            assert!(Tables::restore(&mut broken.as_slice()).is_err());
            assert!(Tables::restore(&mut &bytes[..place]).is_err());
        }
    }
}

/// Debug builds hold each page and each beginning against the plainest list; what is remembered of
/// one reader's questions, at one generation, must not be felt in another's.
#[test]
fn r32_lists_begin_as_they_are_in_the_end_and_what_was_found_before_changes_no_answer() {
    let (mut begun, mut in_part) = (0, 0);
    for seed in 300..308 {
        let mut world = World::new(seed);
        let recall = Recall::default();
        for generation in 0..4 {
            let scan = Scan { recall: Some((&recall, generation)), ..Scan::default() };
            for _ in 0..4 {
                let (visible, columns) = world.asker();
                let mut query = ListQuery { position: None, limit: 9, ..world.query(&columns) };
                let text = query.search.take().unwrap_or_else(|| ["anna", "st", "10", "o"][seed as usize % 4].into());
                // Typed on letter by letter, and taken back again.
                let ends = || (1..=text.len()).filter(|end| text.is_char_boundary(*end));
                let typed: Vec<&str> = ends().chain(ends().rev()).map(|end| &text[..end]).collect();
                for typed in typed {
                    query.search = Some(typed.to_owned());
                    let first = world.tables.first(&visible, &columns, &query, &world.team, scan).unwrap();
                    let page = world.tables.page(&visible, &columns, &query, &world.team, scan).unwrap();
                    let forgetful =
                        world.tables.page(&visible, &columns, &query, &world.team, Scan::default()).unwrap();
                    assert_eq!(page, forgetful, "seed {seed}: what was remembered changed the answer");
                    if let Some(first) = first {
                        assert_eq!(first, page.rows[..first.len()], "seed {seed}: it began otherwise");
                        begun += 1;
                        in_part += usize::from(first.len() < page.rows.len());
                    }
                    let again = world.tables.first(&visible, &columns, &query, &world.team, scan).unwrap();
                    assert_eq!(again, None, "what is known is answered at once");
                }
            }
            world.change();
        }
    }
    assert!(begun > 50 && in_part > 5, "{begun} begun, {in_part} in part");
}
