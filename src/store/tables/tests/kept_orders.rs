//! Orders that outlive what would have them sorted anew: an intake, and a start.

use std::collections::BTreeSet;

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

use super::*;

/// Lists by several sorts, so that their orders are in use.
fn list_by_several(world: &mut World) {
    for _ in 0..6 {
        let (visible, columns) = world.asker();
        let query = ListQuery { sort: world.sort(&columns), descending: world.rng.random(), ..ListQuery::default() };
        world.tables.page(&visible, &columns, &query, &world.team, Scan::default()).unwrap();
    }
}

#[test]
fn an_intake_brings_the_orders_in_use_up_to_date_whatever_others_changed_meanwhile() {
    let mut carried = 0;
    for seed in 400..460 {
        let mut world = World::new(seed);
        list_by_several(&mut world);
        let (team, snapshot) = (world.team.clone(), compile(Arc::new(world.team.clone()), Moment(1)));
        let rng = ChaCha8Rng::seed_from_u64(seed + 1000);
        let mut mine = World { rng, team, snapshot, tables: world.tables.clone(), model: world.model.clone() };
        mine.tables.branch();
        for _ in 0..world.rng.random_range(0..60) {
            mine.change();
        }
        assert!(mine.tables.table(CONTACTS).is_none_or(|table| table.orders.is_empty()));
        let objects = BTreeSet::from([CONTACTS]);
        // What others did comes in two portions, and they begin to list by something else.
        let refused = (0..2).any(|_| {
            let theirs: Vec<Change> = (0..world.rng.random_range(0..10)).filter_map(|_| world.change()).collect();
            if mine.tables.apply_all(&theirs).is_err() {
                return true;
            }
            for (object, id) in theirs.iter().filter_map(Change::record) {
                mine.tables.also_changed(&world.tables, object, id);
            }
            list_by_several(&mut world);
            mine.tables.carry_orders(&world.tables, &objects, &world.team, Scan::default()).unwrap();
            false
        });
        if refused {
            continue;
        }
        let Some(theirs) = world.tables.table(CONTACTS).cloned() else { continue };
        mine.tables = std::mem::take(&mut mine.tables).merged(&world.tables, &objects);
        let table = mine.tables.table(CONTACTS).unwrap();
        for (by, descending) in theirs.sorts_in_use() {
            let order = table.orders.iter().find(|order| order.key.is(by, descending)).expect("it was in use");
            as_built_anew(table, order, seed);
            carried += 1;
        }
        let (visible, columns) = world.asker();
        let query = world.query(&columns);
        mine.model = mine.tables.records().map(|record| (record.id, record)).collect();
        pages_join(&mine, &mine.tables, &visible, &columns, &query);
    }
    assert!(carried > 50, "others' changes were nearly always about the same records");
}

#[test]
fn carrying_orders_can_be_called_off() {
    let mut world = World::new(411);
    list_by_several(&mut world);
    let mut branch = world.tables.clone();
    branch.branch();
    let called_off = std::sync::atomic::AtomicBool::new(true);
    let scan = Scan { cancel: Some(&called_off), ..Scan::default() };
    let objects = BTreeSet::from([CONTACTS]);
    assert_eq!(branch.carry_orders(&world.tables, &objects, &world.team, scan), Err(QueryError::Cancelled));
}

#[test]
fn orders_come_back_with_the_records_and_are_right_after_what_changed_since() {
    let mut met = 0;
    for seed in 500..530 {
        let mut world = World::new(seed);
        list_by_several(&mut world);
        let sorts = world.tables.sorts();
        world.tables = Tables::restore(&mut dumped(&world.tables).as_slice()).unwrap();
        assert_eq!(world.tables.kept_sorts(), sorts, "seed {seed}");
        for _ in 0..world.rng.random_range(0..8) {
            world.change();
        }
        // A copy of the copy has them too, before anybody needs them.
        if seed % 2 == 0 {
            world.tables = Tables::restore(&mut dumped(&world.tables).as_slice()).unwrap();
        }
        for (_, by, descending) in sorts {
            let Some(table) = world.tables.table(CONTACTS) else { continue };
            assert!(world.tables.kept_sorts().contains(&(CONTACTS, by, descending)), "seed {seed}");
            let key = SortKey::new(by, descending, CONTACTS, &world.team).unwrap();
            let order = table.order(key, |key| key.fits(table, &world.team), Scan::default()).unwrap();
            as_built_anew(table, &order, seed);
            assert!(
                !world.tables.kept_sorts().contains(&(CONTACTS, by, descending)),
                "seed {seed}: it was sorted anew"
            );
            met += 1;
        }
        world.change();
        let (visible, columns) = world.asker();
        let query = world.query(&columns);
        if world.tables.table(CONTACTS).is_some() {
            pages_join(&world, &world.tables, &visible, &columns, &query);
        }
    }
    assert!(met > 50);
}
