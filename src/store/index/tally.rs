//! What shows that a row was lost: a count and a sum for each object, and the same worked out from
//! the journal.

use std::collections::BTreeMap;

use super::super::codec;
use super::{IndexError, damaged};
use crate::model::{Change, ObjectId, RecordId};

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
}

/// Tallies of all objects.
pub type Tallies = BTreeMap<ObjectId, Tally>;

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
                let key = row_key(object, id);
                let value = codec::write_record(&key, after).map_err(damaged)?;
                self.0.insert((object, id), row_hash(&key, &value));
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

/// The key of a row.
pub fn row_key(object: ObjectId, id: RecordId) -> [u8; 13] {
    let mut key = [b'r'; 13];
    let (_, rest) = key.split_at_mut(1);
    let (front, back) = rest.split_at_mut(4);
    front.copy_from_slice(&object.0.to_be_bytes());
    back.copy_from_slice(&id.0.to_be_bytes());
    key
}

/// The key of a look-up.
pub(super) fn external_key(object: ObjectId, external_id: &str) -> Vec<u8> {
    [b"x".as_slice(), &object.0.to_be_bytes(), external_id.as_bytes()].concat()
}

/// The key of a tally.
pub(super) fn tally_key(object: ObjectId) -> [u8; 5] {
    let [a, b, c, d] = object.0.to_be_bytes();
    [b'c', a, b, c, d]
}
