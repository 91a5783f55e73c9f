//! From a hash to a slot: open addressing over a shared array, so that a write copies one leaf.
//! Keys live in the columns; whoever looks up says how a slot compares and hashes.

use super::tree::Array;

const FREE: u32 = u32::MAX;
const GONE: u32 = u32::MAX - 1;

/// A set of slots, found by hash.
#[derive(Clone, Default)]
pub(super) struct Lookup {
    cells: Array<u32>,
    mask: u32,
    live: u32,
    /// Cells that aren't free: live ones and those whose slot is gone.
    used: u32,
}

#[allow(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
fn start(hash: u64, mask: u32) -> u32 {
    ((hash ^ (hash >> 32)) as u32) & mask
}

impl Lookup {
    /// The slot with this hash that `is` recognises.
    pub(super) fn find(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        if self.live == 0 {
            return None;
        }
        let mut place = start(hash, self.mask);
        for _ in 0..=self.mask {
            match self.cells.get(place) {
                FREE => return None,
                GONE => {}
                slot if is(slot) => return Some(slot),
                _ => {}
            }
            place = (place + 1) & self.mask;
        }
        None
    }

    /// Adds a slot that isn't in the set. `hash_of` is asked when the set has to grow.
    pub(super) fn insert(&mut self, hash: u64, slot: u32, hash_of: impl Fn(u32) -> u64) {
        if u64::from(self.used + 1) * 4 > (u64::from(self.mask) + 1) * 3 || self.mask == 0 {
            self.grow(self.live + 1, hash_of);
        }
        self.put(hash, slot);
    }

    /// Makes room for this many slots in all.
    pub(super) fn reserve(&mut self, slots: u32, hash_of: impl Fn(u32) -> u64) {
        if u64::from(slots) * 4 > (u64::from(self.mask) + 1) * 3 {
            self.grow(slots, hash_of);
        }
    }

    fn grow(&mut self, slots: u32, hash_of: impl Fn(u32) -> u64) {
        let size = (u64::from(slots) * 3 / 2).next_power_of_two().clamp(64, 1 << 31);
        let old = std::mem::take(self);
        self.mask = u32::try_from(size - 1).unwrap_or(u32::MAX >> 1);
        if old.mask == 0 {
            return;
        }
        for place in 0..=old.mask {
            let slot = old.cells.get(place);
            if slot < GONE {
                self.put(hash_of(slot), slot);
            }
        }
    }

    fn put(&mut self, hash: u64, slot: u32) {
        let mut place = start(hash, self.mask);
        for _ in 0..=self.mask {
            let there = self.cells.get(place);
            if there >= GONE {
                self.cells.set(place, slot);
                self.live += 1;
                self.used += u32::from(there == FREE);
                return;
            }
            place = (place + 1) & self.mask;
        }
    }

    /// Takes a slot out.
    pub(super) fn remove(&mut self, hash: u64, slot: u32) {
        if self.live == 0 {
            return;
        }
        let mut place = start(hash, self.mask);
        for _ in 0..=self.mask {
            let there = self.cells.get(place);
            if there == FREE {
                return;
            }
            if there == slot {
                self.cells.set(place, GONE);
                self.live -= 1;
                return;
            }
            place = (place + 1) & self.mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_and_what_was_taken_out_is_not() {
        let hash = |slot: u32| u64::from(slot % 7).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut lookup = Lookup::default();
        for round in 0..4 {
            for slot in 0..500 {
                lookup.insert(hash(slot), slot, hash);
            }
            for slot in 0..500 {
                assert_eq!(lookup.find(hash(slot), |s| s == slot), Some(slot), "round {round}");
            }
            for slot in 0..500 {
                lookup.remove(hash(slot), slot);
                assert_eq!(lookup.find(hash(slot), |s| s == slot), None);
            }
        }
    }
}
