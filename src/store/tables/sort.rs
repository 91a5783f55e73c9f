//! Sorting a whole table, and a few slots of it.

use super::key::{Probe, Reader, SortKey};
use super::query::SortBy;
use super::sorted::{Sorted, Spot};
use super::table::Table;

/// Every slot in the key's order. Slots are first put in the order of their IDs, so that a stable
/// sort by value alone leaves ties as they must be.
pub(super) fn all(table: &Table, key: &SortKey, by_id: Option<&Sorted>) -> Vec<u32> {
    let slots = match by_id {
        Some(sorted) => sorted.from(Spot::START).collect(),
        None => ids_ascending(table),
    };
    if key.by == SortBy::Id {
        return if key.descending { slots.into_iter().rev().collect() } else { slots };
    }
    by_value(&key.reader(table), &slots)
}

/// A few slots in the key's order.
pub(super) fn some(reader: &Reader<'_>, mut slots: Vec<u32>) -> Vec<u32> {
    slots.sort_unstable_by_key(|slot| reader.table.id(*slot));
    by_value(reader, &slots)
}

fn ids_ascending(table: &Table) -> Vec<u32> {
    let mut ids: Vec<(u64, u32)> = table.slots().map(|slot| (table.id(slot), slot)).collect();
    ids.sort_unstable();
    ids.into_iter().map(|(_, slot)| slot).collect()
}

fn by_value(reader: &Reader<'_>, slots: &[u32]) -> Vec<u32> {
    let descending = reader.descending;
    let mut keyed: Vec<(u64, u32)> = Vec::with_capacity(slots.len());
    let mut empty = Vec::new();
    let mut exact = true;
    for slot in slots {
        let probe = reader.probe(*slot);
        if matches!(probe, Probe::Empty) {
            empty.push(*slot);
            continue;
        }
        let (prefix, all) = probe.prefix();
        exact &= all;
        keyed.push((if descending { !prefix } else { prefix }, *slot));
    }
    if exact {
        keyed.sort_by_key(|(prefix, _)| *prefix);
    } else {
        keyed.sort_by(|(a, slot_a), (b, slot_b)| {
            a.cmp(b).then_with(|| reader.probe(*slot_a).compare(&reader.probe(*slot_b), descending))
        });
    }
    keyed.into_iter().map(|(_, slot)| slot).chain(empty).collect()
}
