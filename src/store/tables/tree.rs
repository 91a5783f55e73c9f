//! Arrays whose clones share everything that is not changed afterwards. A clone pins what is there;
//! a write copies the one leaf that it touches, and the pointers of the leaf's neighbours.

use std::sync::Arc;

/// Rows in a leaf. Few in debug builds' tests, so that small tables have many.
pub(super) const LEAF: usize = if cfg!(all(test, debug_assertions)) { 16 } else { 1024 };
/// Leaves in a block.
const FAN: usize = if cfg!(all(test, debug_assertions)) { 4 } else { 64 };

struct Block<L>([Option<Arc<L>>; FAN]);

impl<L> Clone for Block<L> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Leaves by position. Leaves that nobody wrote to don't exist.
pub(super) struct Tree<L> {
    blocks: Vec<Arc<Block<L>>>,
}

impl<L> Clone for Tree<L> {
    fn clone(&self) -> Self {
        Self { blocks: self.blocks.clone() }
    }
}

impl<L> Default for Tree<L> {
    fn default() -> Self {
        Self { blocks: Vec::new() }
    }
}

impl<L: Clone + Default> Tree<L> {
    /// The leaf at this position.
    #[inline]
    pub(super) fn leaf(&self, leaf: usize) -> Option<&L> {
        self.blocks.get(leaf / FAN)?.0.get(leaf % FAN)?.as_deref()
    }

    /// Changes the leaf at this position, which is made if it isn't there.
    pub(super) fn change<R>(&mut self, leaf: usize, change: impl FnOnce(&mut L) -> R) -> Option<R> {
        let place = leaf / FAN;
        if self.blocks.len() <= place {
            self.blocks.resize_with(place + 1, || Arc::new(Block(std::array::from_fn(|_| None))));
        }
        let block = Arc::make_mut(self.blocks.get_mut(place)?);
        let slot = block.0.get_mut(leaf % FAN)?.get_or_insert_with(|| Arc::new(L::default()));
        Some(change(Arc::make_mut(slot)))
    }

    /// Every leaf that exists, for changes that touch all.
    pub(super) fn each_leaf_mut(&mut self, mut change: impl FnMut(&mut L)) {
        for block in &mut self.blocks {
            for leaf in Arc::make_mut(block).0.iter_mut().flatten() {
                change(Arc::make_mut(leaf));
            }
        }
    }
}

/// What a cell holds before anything is written to it.
pub(super) trait Empty: Clone {
    /// That value.
    const EMPTY: Self;
}

impl Empty for u8 {
    const EMPTY: Self = Self::MAX;
}
impl Empty for u16 {
    const EMPTY: Self = Self::MAX;
}
impl Empty for u32 {
    const EMPTY: Self = Self::MAX;
}
impl Empty for u64 {
    const EMPTY: Self = Self::MAX;
}
impl Empty for i32 {
    const EMPTY: Self = Self::MIN;
}
impl Empty for i64 {
    const EMPTY: Self = Self::MIN;
}
impl Empty for f64 {
    const EMPTY: Self = Self::NAN;
}
impl<T: Clone> Empty for Option<T> {
    const EMPTY: Self = None;
}

/// A leaf of equal cells.
#[derive(Clone)]
pub(super) struct Cells<T, const N: usize>([T; N]);

impl<T: Empty, const N: usize> Default for Cells<T, N> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| T::EMPTY))
    }
}

/// A shared array of equal cells, `N` in a leaf. Grows by writing.
pub(super) struct Array<T: Empty, const N: usize = LEAF> {
    tree: Tree<Cells<T, N>>,
}

impl<T: Empty, const N: usize> Clone for Array<T, N> {
    fn clone(&self) -> Self {
        Self { tree: self.tree.clone() }
    }
}

impl<T: Empty, const N: usize> Default for Array<T, N> {
    fn default() -> Self {
        Self { tree: Tree::default() }
    }
}

impl<T: Empty, const N: usize> Array<T, N> {
    /// A cell, if its leaf was ever written to.
    #[inline]
    pub(super) fn cell(&self, index: u32) -> Option<&T> {
        let index = index as usize;
        self.tree.leaf(index / N)?.0.get(index % N)
    }

    /// A cell's value.
    #[inline]
    pub(super) fn get(&self, index: u32) -> T
    where
        T: Copy,
    {
        self.cell(index).copied().unwrap_or(T::EMPTY)
    }

    /// Writes a cell.
    pub(super) fn set(&mut self, index: u32, value: T) {
        self.change(index, |cell| *cell = value);
    }

    /// Changes a cell.
    pub(super) fn change<R>(&mut self, index: u32, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let index = index as usize;
        self.tree.change(index / N, |leaf| leaf.0.get_mut(index % N).map(change)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_keeps_what_it_saw() {
        let mut array: Array<u32> = Array::default();
        array.set(5, 1);
        array.set(70_000, 2);
        let pinned = array.clone();
        array.set(5, 9);
        array.set(200_000, 3);
        assert_eq!((pinned.get(5), pinned.get(70_000), pinned.get(200_000)), (1, 2, u32::MAX));
        assert_eq!((array.get(5), array.get(70_000), array.get(200_000)), (9, 2, 3));
    }
}
