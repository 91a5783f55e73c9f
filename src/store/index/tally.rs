//! What shows that a row was lost: a count and a sum for each object, and the same worked out from
//! the journal.

use std::collections::BTreeMap;

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
        self.count = self.count.wrapping_add(1);
        self.sum ^= row_hash(key, value);
    }

    pub(super) fn take(&mut self, key: &[u8], value: &[u8]) {
        self.count = self.count.wrapping_sub(1);
        self.sum ^= row_hash(key, value);
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
    let tally = tallies.entry(record.object).or_default();
    tally.count += 1;
    tally.sum ^= hash_of(record)?;
    Ok(())
}

fn hash_of(record: &Record) -> Result<u128, IndexError> {
    let key = row_key(record.object, record.id);
    Ok(row_hash(&key, &codec::write_record(&key, record).map_err(damaged)?))
}

fn row_hash(key: &[u8], value: &[u8]) -> u128 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key);
    hasher.update(value);
    u128::from_le_bytes(hasher.finalize().as_bytes().first_chunk().copied().unwrap_or_default())
}

/// What an index should hold, worked out from changes: a hash for each row.
#[derive(Debug, Default)]
pub struct Expected(BTreeMap<(ObjectId, RecordId), u128>);

impl Expected {
    /// Takes a change in.
    ///
    /// # Errors
    /// Never for what the model can hold.
    pub fn apply(&mut self, change: &Change) -> Result<(), IndexError> {
        let (Change::Record(swap), Some((object, id))) = (change, change.record()) else { return Ok(()) };
        match &swap.after {
            Some(after) => {
                self.0.insert((object, id), hash_of(after)?);
            }
            None => {
                self.0.remove(&(object, id));
            }
        }
        Ok(())
    }

    /// Counts and sums.
    #[must_use]
    pub fn tallies(&self) -> Tallies {
        let mut tallies = Tallies::new();
        for ((object, _), hash) in &self.0 {
            let tally = tallies.entry(*object).or_default();
            tally.count += 1;
            tally.sum ^= hash;
        }
        tallies
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
