//! Rows in pages: each value in sled holds the rows of a range of IDs, in order, a few dozen of
//! them. Measured with a million rows of 200 bytes: a key for each row took sled 20 to 40 seconds
//! and half a gigabyte of memory to several (a key of its own for what a row is called elsewhere
//! as much again), and a scan three seconds; pages took two seconds, a tenth of a gigabyte, and a
//! fifth of a second.

use super::super::codec::{self, Kind};
use super::{IndexError, damaged};
use crate::model::{ObjectId, RecordId};

/// The most bytes of a page, unless one row alone has more.
const FULL: usize = 8 << 10;
/// What a page has after a cut: room for some rows more.
const CUT: usize = 6 << 10;
/// An ID and a length before each row.
const BEFORE: usize = 12;
/// Before every page's key.
pub(super) const PREFIX: u8 = b'p';

/// A row's place in its page, and its bytes.
pub(super) type Entry<'a> = (RecordId, &'a [u8]);

/// The key of the page that begins with an ID. An object's first page begins with 0.
pub(super) fn key(object: ObjectId, first: RecordId) -> [u8; 13] {
    super::tally::keyed(PREFIX, object, first)
}

/// The object and the first ID of a page.
pub(super) fn begins(key: &[u8]) -> Result<(ObjectId, RecordId), IndexError> {
    let split = key.split_first().and_then(|(_, rest)| rest.split_first_chunk::<4>());
    let (object, first) = split.ok_or_else(|| damaged("a page's key is too short"))?;
    let first = first.try_into().map_err(|_| damaged("a page's key has the wrong length"))?;
    Ok((ObjectId(u32::from_be_bytes(*object)), RecordId(u64::from_be_bytes(first))))
}

/// The rows of a page.
///
/// # Errors
/// Where it is damaged.
pub(super) fn read<'a>(key: &[u8], value: &'a [u8]) -> Result<Vec<Entry<'a>>, IndexError> {
    let mut rest = codec::unseal(Kind::Page, 1, key, value).map_err(damaged)?;
    let mut last = begins(key)?.1;
    let mut rows = Vec::new();
    while !rest.is_empty() {
        let torn = || damaged("a page ends within a row");
        let (id, tail) = rest.split_first_chunk::<8>().ok_or_else(torn)?;
        let (length, tail) = tail.split_first_chunk::<4>().ok_or_else(torn)?;
        let (row, tail) = tail.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(torn)?;
        let id = RecordId(u64::from_be_bytes(*id));
        if id < last || (id == last && !rows.is_empty()) {
            return Err(damaged("the rows of a page are out of order"));
        }
        last = id;
        rows.push((id, row));
        rest = tail;
    }
    Ok(rows)
}

fn write(key: &[u8], rows: &[Entry<'_>]) -> Vec<u8> {
    let mut payload = Vec::with_capacity(rows.iter().map(weight).sum());
    for (id, row) in rows {
        payload.extend_from_slice(&id.0.to_be_bytes());
        payload.extend_from_slice(&u32::try_from(row.len()).unwrap_or(u32::MAX).to_le_bytes());
        payload.extend_from_slice(row);
    }
    codec::seal(Kind::Page, 1, key, &payload)
}

fn weight(entry: &Entry<'_>) -> usize {
    BEFORE + entry.1.len()
}

/// The pages that rows make: one, or several where they are too many for one. The first begins with
/// `first`, the others with their first rows.
pub(super) fn pages(object: ObjectId, first: RecordId, rows: &[Entry<'_>]) -> Vec<([u8; 13], Vec<u8>)> {
    let all: usize = rows.iter().map(weight).sum();
    let most = if all > FULL { all.div_ceil(all.div_ceil(CUT)) } else { FULL };
    let mut pages = Vec::new();
    let (mut begun, mut weighs, mut first) = (0, 0, first);
    for (place, entry) in rows.iter().enumerate() {
        if weighs > 0 && weighs + weight(entry) / 2 > most {
            let key = key(object, first);
            pages.push((key, write(&key, rows.get(begun..place).unwrap_or_default())));
            (begun, weighs, first) = (place, 0, entry.0);
        }
        weighs += weight(entry);
    }
    let rest = rows.get(begun..).unwrap_or_default();
    if !rest.is_empty() {
        let key = key(object, first);
        pages.push((key, write(&key, rest)));
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    static BYTES: [u8; 50_000] = [7; 50_000];

    fn rows(lengths: &[usize]) -> Vec<Entry<'static>> {
        lengths.iter().enumerate().map(|(at, length)| (RecordId(at as u64 * 3 + 5), &BYTES[..*length])).collect()
    }

    #[test]
    fn pages_hold_all_rows_in_order_and_few_bytes_more_than_they_should() {
        for lengths in
            [vec![], vec![0], vec![200; 10], vec![200; 500], vec![3000; 7], vec![50_000, 1, 50_000], vec![1; 9000]]
        {
            let rows = rows(&lengths);
            let pages = pages(ObjectId(3), RecordId(0), &rows);
            let mut found: Vec<Entry<'_>> = Vec::new();
            for (place, (key, value)) in pages.iter().enumerate() {
                let read = read(key, value).unwrap();
                let first = begins(key).unwrap().1;
                assert!(place == 0 && first == RecordId(0) || read[0].0 == first);
                assert!(value.len() <= FULL + 200 || read.len() <= 3, "{} bytes in {} rows", value.len(), read.len());
                found.extend(read);
            }
            assert_eq!(found, rows);
        }
    }

    #[test]
    fn a_page_under_anothers_key_or_with_a_changed_bit_is_seen() {
        let rows = rows(&[20; 5]);
        let (key, value) = pages(ObjectId(3), RecordId(0), &rows).remove(0);
        assert!(read(&super::key(ObjectId(4), RecordId(0)), &value).is_err());
        for bit in 0..value.len() * 8 {
            let mut hurt = value.clone();
            hurt[bit / 8] ^= 1 << (bit % 8);
            assert!(read(&key, &hurt).is_err(), "bit {bit}");
        }
    }
}
