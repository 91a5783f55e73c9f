//! From a hash to a slot: open addressing over a shared array, so that a write copies one leaf.
//! Keys live in the columns; whoever looks up says how a slot compares and hashes. The bits of a
//! cell that its slot doesn't need hold a part of the hash, so that hardly any key is looked at in
//! vain.

use super::tree::Array;

const FREE: u32 = u32::MAX;
const GONE: u32 = u32::MAX - 1;

/// A set of slots, found by hash.
#[derive(Clone, Default)]
pub(super) struct Lookup {
    cells: Array<u32>,
    mask: u32,
    /// How many low bits of a cell are the slot.
    bits: u32,
    live: u32,
    /// Cells that aren't free: live ones and those whose slot is gone.
    used: u32,
}

/// The bits that slots up to this one need, so that none looks like a free cell.
fn bits_for(slot: u32) -> u32 {
    (u32::BITS - slot.saturating_add(2).leading_zeros()).clamp(8, 31)
}

impl Lookup {
    #[allow(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
    fn start(&self, hash: u64) -> u32 {
        ((hash ^ (hash >> 32)) as u32) & self.mask
    }

    #[allow(clippy::cast_possible_truncation, reason = "the high half is what is wanted")]
    fn cell(&self, hash: u64, slot: u32) -> u32 {
        ((hash >> 32) as u32) << self.bits | slot
    }

    /// The slot with this hash that `is` recognises.
    pub(super) fn find(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        if self.live == 0 {
            return None;
        }
        let low = (1 << self.bits) - 1;
        let tag = self.cell(hash, 0);
        let mut place = self.start(hash);
        for _ in 0..=self.mask {
            match self.cells.get(place) {
                FREE => return None,
                cell if cell & !low == tag && cell != GONE && is(cell & low) => return Some(cell & low),
                _ => {}
            }
            place = (place + 1) & self.mask;
        }
        None
    }

    /// Adds a slot that isn't in the set. `hash_of` is asked when the set has to grow.
    pub(super) fn insert(&mut self, hash: u64, slot: u32, hash_of: impl Fn(u32) -> u64) {
        let full = u64::from(self.used + 1) * 4 > (u64::from(self.mask) + 1) * 3;
        if full || self.mask == 0 || bits_for(slot) > self.bits {
            self.grow(self.live + 1, bits_for(slot), hash_of);
        }
        self.put(hash, slot);
    }

    /// How many slots there are.
    pub(super) fn len(&self) -> u32 {
        self.live
    }

    /// Makes room for this many slots in all.
    pub(super) fn reserve(&mut self, slots: u32, hash_of: impl Fn(u32) -> u64) {
        if u64::from(slots) * 4 > (u64::from(self.mask) + 1) * 3 {
            self.grow(slots, bits_for(slots), hash_of);
        }
    }

    fn grow(&mut self, slots: u32, bits: u32, hash_of: impl Fn(u32) -> u64) {
        let old = std::mem::take(self);
        let size = (u64::from(slots) * 3 / 2).next_power_of_two().clamp(64, 1 << 31);
        self.mask = u32::try_from(size - 1).unwrap_or(u32::MAX >> 1).max(old.mask);
        self.bits = bits.max(old.bits);
        if old.mask == 0 {
            return;
        }
        let low = (1 << old.bits) - 1;
        for place in 0..=old.mask {
            let cell = old.cells.get(place);
            if cell < GONE {
                self.put(hash_of(cell & low), cell & low);
            }
        }
    }

    fn put(&mut self, hash: u64, slot: u32) {
        let mut place = self.start(hash);
        for _ in 0..=self.mask {
            let there = self.cells.get(place);
            if there >= GONE {
                self.cells.set(place, self.cell(hash, slot));
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
        let cell = self.cell(hash, slot);
        let mut place = self.start(hash);
        for _ in 0..=self.mask {
            let there = self.cells.get(place);
            if there == FREE {
                return;
            }
            if there == cell {
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
            lookup.insert(hash(3_000_000), 3_000_000, hash);
            assert_eq!(lookup.find(hash(3_000_000), |s| s == 3_000_000), Some(3_000_000));
            assert_eq!(lookup.find(hash(7), |s| s == 7), Some(7));
            lookup.remove(hash(3_000_000), 3_000_000);
            for slot in 0..500 {
                lookup.remove(hash(slot), slot);
                assert_eq!(lookup.find(hash(slot), |s| s == slot), None);
            }
        }
    }
}
