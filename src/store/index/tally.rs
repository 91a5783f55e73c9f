//! What shows that a row was lost: a count and a sum for each object, and the same worked out from
//! the journal.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::super::codec::{self, Kind};
use super::{IndexError, damaged};
use crate::model::{Change, ObjectId, Record, RecordId};

/// Before every tally's key.
pub(super) const PREFIX: u8 = b'c';

/// How many rows an object has, and the sum of their hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// All hashes of key and value, combined so that order doesn't matter.
    pub sum: u128,
}

impl Tally {
    /// Counts a row.
    pub fn add(&mut self, key: &[u8], value: &[u8]) {
        self.put(row_hash(key, value));
    }

    pub(super) fn take(&mut self, key: &[u8], value: &[u8]) {
        self.give(row_hash(key, value));
    }

    pub(super) fn put(&mut self, hash: u128) {
        self.count = self.count.wrapping_add(1);
        self.sum ^= hash;
    }

    fn give(&mut self, hash: u128) {
        self.count = self.count.wrapping_sub(1);
        self.sum ^= hash;
    }

    pub(super) fn sealed(&self, key: &[u8]) -> Vec<u8> {
        let mut value = self.count.to_be_bytes().to_vec();
        value.extend_from_slice(&self.sum.to_be_bytes());
        codec::seal(Kind::Mark, 1, key, &value)
    }

    pub(super) fn read(key: &[u8], value: &[u8]) -> Result<(ObjectId, Self), IndexError> {
        let payload = codec::unseal(Kind::Mark, 1, key, value).map_err(damaged)?;
        let object = key.get(1..).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
        let split = payload.split_first_chunk::<8>().and_then(|(count, sum)| Some((count, sum.try_into().ok()?)));
        let both = object.zip(split).ok_or_else(|| damaged("a tally has the wrong length"))?;
        let (object, (count, sum)) = both;
        Ok((ObjectId(object), Self { count: u64::from_be_bytes(*count), sum: u128::from_be_bytes(sum) }))
    }
}

/// Tallies of all objects.
pub type Tallies = BTreeMap<ObjectId, Tally>;

/// Counts a record's row.
///
/// # Errors
/// Never for what the model can hold.
pub fn count(tallies: &mut Tallies, record: &Record) -> Result<(), IndexError> {
    let hash = hash_of(record)?;
    tallies.entry(record.object).or_default().put(hash);
    Ok(())
}

fn hash_of(record: &Record) -> Result<u128, IndexError> {
    let key = row_key(record.object, record.id);
    Ok(row_hash(&key, &codec::write_record(&key, record).map_err(damaged)?))
}

pub(super) fn row_hash(key: &[u8], value: &[u8]) -> u128 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key);
    hasher.update(value);
    u128::from_le_bytes(hasher.finalize().as_bytes().first_chunk().copied().unwrap_or_default())
}

/// A row's place: rows are in order of object and record.
pub type Place = (ObjectId, RecordId);

/// What an index should hold, worked out from changes: a hash for each row.
#[derive(Debug, Default)]
pub struct Expected {
    rows: BTreeMap<Place, u128>,
    tallies: Tallies,
}

impl Expected {
    /// Takes a change in.
    ///
    /// # Errors
    /// Never for what the model can hold.
    pub fn apply(&mut self, change: &Change) -> Result<(), IndexError> {
        let (Change::Record(swap), Some(place)) = (change, change.record()) else { return Ok(()) };
        let before = match &swap.after {
            Some(after) => {
                let hash = hash_of(after)?;
                self.tallies.entry(place.0).or_default().put(hash);
                self.rows.insert(place, hash)
            }
            None => self.rows.remove(&place),
        };
        if let (Some(hash), Some(tally)) = (before, self.tallies.get_mut(&place.0)) {
            tally.give(hash);
        }
        Ok(())
    }

    /// Counts and sums.
    #[must_use]
    pub fn tallies(&self) -> Tallies {
        let mut tallies = self.tallies.clone();
        tallies.retain(|_, tally| tally.count > 0);
        tallies
    }

    /// The rows from one place on, before another or to the end.
    pub fn between(&self, from: Place, next: Option<Place>) -> impl Iterator<Item = (Place, u128)> {
        let end = next.map_or(Bound::Unbounded, |next| Bound::Excluded(next.max(from)));
        self.rows.range((Bound::Included(from), end)).map(|(place, hash)| (*place, *hash))
    }
}

/// The key of a row: what its hash and its checksum are over besides itself.
pub fn row_key(object: ObjectId, id: RecordId) -> [u8; 13] {
    keyed(b'r', object, id)
}

pub(super) fn keyed(kind: u8, object: ObjectId, id: RecordId) -> [u8; 13] {
    let mut key = [kind; 13];
    let (_, rest) = key.split_at_mut(1);
    let (front, back) = rest.split_at_mut(4);
    front.copy_from_slice(&object.0.to_be_bytes());
    back.copy_from_slice(&id.0.to_be_bytes());
    key
}

/// The key of a tally.
pub(super) fn tally_key(object: ObjectId) -> [u8; 5] {
    let [a, b, c, d] = object.0.to_be_bytes();
    [PREFIX, a, b, c, d]
}
