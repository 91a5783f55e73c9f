//! Sorting a whole table, which can be called off between its steps, a few slots of it, and those
//! that changed since it was sorted.

use super::key::{Probe, Reader, SortKey};
use super::marks::Marks;
use super::query::{QueryError, SortBy};
use super::scan::{CHUNK, Scan};
use super::sorted::{Sorted, Spot};
use super::table::Table;

/// Groups up to this size are sorted by comparing.
const FEW: usize = 4;

/// Every slot in the key's order. Slots are first put in the order of their IDs, so that a stable
/// sort by value alone leaves ties as they must be.
pub(super) fn all(
    table: &Table,
    key: &SortKey,
    by_id: Option<&Sorted>,
    scan: Scan<'_>,
) -> Result<Vec<u32>, QueryError> {
    scan.pause()?;
    let slots = match by_id {
        Some(sorted) => sorted.from(Spot::START).collect(),
        None => ids_ascending(table),
    };
    if key.by == SortBy::Id {
        return Ok(if key.descending { slots.into_iter().rev().collect() } else { slots });
    }
    by_value(&key.reader(table), &slots, scan)
}

/// A few slots in the key's order.
pub(super) fn some(reader: &Reader<'_>, mut slots: Vec<u32>, scan: Scan<'_>) -> Result<Vec<u32>, QueryError> {
    slots.sort_unstable_by_key(|slot| reader.table.id(*slot));
    by_value(reader, &slots, scan)
}

/// What was sorted for an earlier state of a table, for a later one in which these slots may have
/// changed: those are sorted and put in between the others, which stay as they are.
pub(super) fn again(
    table: &Table,
    key: &SortKey,
    earlier: impl Iterator<Item = u32>,
    changed: &Marks,
    scan: Scan<'_>,
) -> Result<Vec<u32>, QueryError> {
    scan.pause()?;
    let kept: Vec<u32> = earlier.filter(|slot| !changed.has(*slot)).collect();
    let reader = key.reader(table);
    let fresh = some(&reader, changed.slots().filter(|slot| table.is_live(*slot)).collect(), scan)?;
    let mut sorted = Vec::with_capacity(kept.len() + fresh.len());
    let mut rest = kept.as_slice();
    for chunk in fresh.chunks(CHUNK) {
        scan.pause()?;
        for slot in chunk {
            let (probe, id) = (reader.probe(*slot), table.id(*slot));
            let before = |other: u32| reader.compare_to(other, &probe, id).is_lt();
            let (first, others) = rest.split_at_checked(leading(rest, before)).unwrap_or((rest, &[]));
            sorted.extend_from_slice(first);
            sorted.push(*slot);
            rest = others;
        }
    }
    sorted.extend_from_slice(rest);
    Ok(sorted)
}

/// How many slots at the start are before a place. It is looked for in growing steps, so that it
/// costs little both where it is near and where it is far.
fn leading(slots: &[u32], before: impl Fn(u32) -> bool) -> usize {
    let mut end = 1;
    while slots.get(end - 1).is_some_and(|slot| before(*slot)) {
        end *= 2;
    }
    let start = end / 2;
    let within = slots.get(start..end.min(slots.len())).unwrap_or_default();
    start + within.partition_point(|slot| before(*slot))
}

fn ids_ascending(table: &Table) -> Vec<u32> {
    let mut ids: Vec<(u64, u32)> = table.slots().map(|slot| (table.id(slot), slot)).collect();
    ids.sort_unstable();
    ids.into_iter().map(|(_, slot)| slot).collect()
}

fn by_value(reader: &Reader<'_>, slots: &[u32], scan: Scan<'_>) -> Result<Vec<u32>, QueryError> {
    let descending = reader.descending;
    let mut keyed: Vec<(u64, u32)> = Vec::with_capacity(slots.len());
    let mut empty = Vec::new();
    let mut texts = false;
    for chunk in slots.chunks(CHUNK) {
        scan.pause()?;
        for slot in chunk {
            let probe = reader.probe(*slot);
            if matches!(probe, Probe::Empty) {
                empty.push(*slot);
                continue;
            }
            texts |= matches!(probe, Probe::Text(_));
            let prefix = probe.prefix();
            keyed.push((if descending { !prefix } else { prefix }, *slot));
        }
    }
    keyed.sort_by_key(|(prefix, _)| *prefix);
    if texts {
        finish_texts(reader, &mut keyed, scan)?;
    }
    Ok(keyed.into_iter().map(|(_, slot)| slot).chain(empty).collect())
}

/// Texts whose first eight bytes are equal are sorted by the next eight, and so on, so that each
/// text is looked up once for each eight bytes and not once for each comparison.
fn finish_texts(reader: &Reader<'_>, keyed: &mut [(u64, u32)], scan: Scan<'_>) -> Result<(), QueryError> {
    let mut work = vec![(0..keyed.len(), 0)];
    while let Some((range, depth)) = work.pop() {
        scan.pause()?;
        let Some(group) = keyed.get_mut(range.clone()) else { continue };
        let mut start = range.start;
        for (number, equal) in group.chunk_by_mut(|(a, _), (b, _)| a == b).enumerate() {
            if number % CHUNK == CHUNK - 1 {
                scan.pause()?;
            }
            let here = start..start + equal.len();
            start = here.end;
            if equal.len() == 1 {
                continue;
            }
            if equal.len() <= FEW {
                equal.sort_by(|(_, a), (_, b)| reader.probe(*a).compare(&reader.probe(*b), reader.descending));
                continue;
            }
            let (mut longer, mut same) = (false, true);
            let mut length = None;
            for (key, slot) in equal.iter_mut() {
                let Probe::Text(text) = reader.probe(*slot) else { continue };
                longer |= text.bytes().len() > depth + 8;
                same &= *length.get_or_insert(text.bytes().len()) == text.bytes().len();
                let next = text.after(depth + 8).prefix();
                *key = if reader.descending { !next } else { next };
            }
            if longer {
                equal.sort_by_key(|(key, _)| *key);
                work.push((here, depth + 8));
            } else if !same {
                // Zero bytes at the end, which look like none.
                equal.sort_by(|(_, a), (_, b)| reader.probe(*a).compare(&reader.probe(*b), reader.descending));
            }
        }
    }
    Ok(())
}
