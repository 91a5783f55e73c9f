//! Sorting a whole table, which can be called off between its steps, and a few slots of it.

use super::key::{Probe, Reader, SortKey};
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
