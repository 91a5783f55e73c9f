//! A sorted list of slots in leaves, whose clones share what is not changed afterwards. It doesn't
//! know what it is sorted by: whoever seeks says which slots come before the place.

use std::sync::Arc;

/// The most slots in a leaf.
const FULL: usize = if cfg!(all(test, debug_assertions)) { 16 } else { 4096 };
/// How full leaves are at first, so that the first insertions don't split them.
const AT_FIRST: usize = FULL * 3 / 4;

/// A place in a list, before a slot or at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) leaf: usize,
    pub(super) at: usize,
}

impl Spot {
    pub(super) const START: Self = Self { leaf: 0, at: 0 };
}

/// How the leaves changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// No leaf more or less.
    Same,
    /// This leaf was split; the new one follows it.
    Split(usize),
    /// This leaf is gone.
    Gone(usize),
    /// The first leaf was made.
    First,
}

/// The list.
#[derive(Clone, Default)]
pub(super) struct Sorted {
    leaves: Vec<Arc<Vec<u32>>>,
    len: usize,
}

impl Sorted {
    /// A list of slots that are sorted already.
    pub(super) fn of(slots: Vec<u32>) -> Self {
        let len = slots.len();
        let leaves = if len <= FULL {
            if len == 0 { Vec::new() } else { vec![Arc::new(slots)] }
        } else {
            slots.chunks(AT_FIRST).map(|chunk| Arc::new(chunk.to_vec())).collect()
        };
        Self { leaves, len }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The leaves, in order.
    pub(super) fn leaves(&self) -> impl ExactSizeIterator<Item = &[u32]> + Clone {
        self.leaves.iter().map(|leaf| leaf.as_slice())
    }

    /// One leaf.
    pub(super) fn leaf(&self, leaf: usize) -> &[u32] {
        self.leaves.get(leaf).map_or(&[], |leaf| leaf.as_slice())
    }

    /// The place behind all slots of which `before` is true.
    pub(super) fn seek(&self, before: impl Fn(u32) -> bool) -> Spot {
        let leaf = self.leaves.partition_point(|leaf| leaf.last().is_some_and(|slot| before(*slot)));
        Spot { leaf, at: self.leaf(leaf).partition_point(|slot| before(*slot)) }
    }

    /// The place of the slot with this position.
    pub(super) fn nth(&self, position: usize) -> Spot {
        let mut left = position;
        for (place, leaf) in self.leaves.iter().enumerate() {
            if left < leaf.len() {
                return Spot { leaf: place, at: left };
            }
            left -= leaf.len();
        }
        Spot { leaf: self.leaves.len(), at: 0 }
    }

    /// The slots from a place on.
    pub(super) fn from(&self, spot: Spot) -> impl Iterator<Item = u32> + '_ {
        let first = self.leaf(spot.leaf).get(spot.at..).unwrap_or_default();
        let rest = self.leaves.get(spot.leaf.saturating_add(1)..).unwrap_or_default();
        first.iter().copied().chain(rest.iter().flat_map(|leaf| leaf.iter().copied()))
    }

    /// Puts a slot at a place.
    pub(super) fn insert(&mut self, spot: Spot, slot: u32) -> Shape {
        // At the end of everything: behind the last leaf's last slot.
        let (place, at) = if spot.leaf >= self.leaves.len() {
            let last = self.leaves.len().saturating_sub(1);
            (last, self.leaf(last).len())
        } else {
            (spot.leaf, spot.at)
        };
        self.len += 1;
        let Some(leaf) = self.leaves.get_mut(place) else {
            self.leaves.push(Arc::new(vec![slot]));
            return Shape::First;
        };
        let leaf = Arc::make_mut(leaf);
        leaf.insert(at.min(leaf.len()), slot);
        if leaf.len() <= FULL {
            return Shape::Same;
        }
        // Rows that come in order fill one leaf after the other; others are shared out.
        let keep = if at + 1 >= leaf.len() { AT_FIRST } else { leaf.len() / 2 };
        let right = leaf.split_off(keep);
        self.leaves.insert(place + 1, Arc::new(right));
        Shape::Split(place)
    }

    /// Takes out the slot at a place.
    pub(super) fn remove(&mut self, spot: Spot) -> Shape {
        let Some(leaf) = self.leaves.get_mut(spot.leaf) else { return Shape::Same };
        let leaf = Arc::make_mut(leaf);
        if spot.at >= leaf.len() {
            return Shape::Same;
        }
        leaf.remove(spot.at);
        self.len -= 1;
        if !leaf.is_empty() {
            return Shape::Same;
        }
        self.leaves.remove(spot.leaf);
        Shape::Gone(spot.leaf)
    }
}
