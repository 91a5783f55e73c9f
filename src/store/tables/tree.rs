//! Arrays whose clones share everything that is not changed afterwards. A clone pins what is there;
//! a write copies the one leaf that it touches, and the pointers of the leaf's neighbours.

use std::io;
use std::sync::Arc;

use super::dump::{DumpError, In, Out, Plain};

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

    /// Every leaf that exists, with its position.
    pub(super) fn each_leaf(&self, mut look: impl FnMut(usize, &L)) {
        let leaves = self.blocks.iter().flat_map(|block| &block.0).enumerate();
        leaves.for_each(|(place, leaf)| leaf.iter().for_each(|leaf| look(place, leaf)));
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

impl<L: Clone + Default> Tree<L> {
    /// Writes every leaf down.
    pub(super) fn dump(
        &self,
        out: &mut Out<'_>,
        mut leaf: impl FnMut(&L, &mut Out<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        out.size(self.blocks.len())?;
        for block in &self.blocks {
            let there = block.0.iter().enumerate().map(|(place, leaf)| u64::from(leaf.is_some()) << place).sum();
            out.one::<u64>(there)?;
            block.0.iter().flatten().try_for_each(|shared| leaf(shared, out))?;
        }
        Ok(())
    }

    /// Reads what [`Self::dump`] wrote.
    pub(super) fn restore(
        input: &mut In<'_>,
        mut leaf: impl FnMut(&mut L, &mut In<'_>) -> Result<(), DumpError>,
    ) -> Result<Self, DumpError> {
        let mut tree = Self::default();
        for _ in 0..input.size()? {
            let there: u64 = input.one()?;
            let mut block = Block(std::array::from_fn(|_| None));
            for (place, slot) in block.0.iter_mut().enumerate() {
                if there >> place & 1 == 1 {
                    let mut fresh = Arc::new(L::default());
                    leaf(Arc::make_mut(&mut fresh), input)?;
                    *slot = Some(fresh);
                }
            }
            tree.blocks.push(Arc::new(block));
        }
        Ok(tree)
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

    /// The cells of these slots, one after the other.
    pub(super) fn cells<'a>(&'a self, slots: &'a [u32]) -> impl Iterator<Item = T> + 'a
    where
        T: Copy,
    {
        let (mut place, mut leaf) = (usize::MAX, None);
        slots.iter().map(move |slot| {
            if *slot as usize / N != place {
                place = *slot as usize / N;
                leaf = self.tree.leaf(place);
            }
            leaf.and_then(|leaf| leaf.0.get(*slot as usize % N)).copied().unwrap_or(T::EMPTY)
        })
    }

    /// Writes a cell.
    pub(super) fn set(&mut self, index: u32, value: T) {
        self.change(index, |cell| *cell = value);
    }

    /// Writes many cells, neighbours mostly after each other.
    pub(super) fn set_all(&mut self, cells: &[(u32, T)])
    where
        T: Copy,
    {
        for run in cells.chunk_by(|(a, _), (b, _)| *a as usize / N == *b as usize / N) {
            let Some((first, _)) = run.first() else { continue };
            self.tree.change(*first as usize / N, |leaf| {
                for (index, value) in run {
                    if let Some(cell) = leaf.0.get_mut(*index as usize % N) {
                        *cell = *value;
                    }
                }
            });
        }
    }

    /// Changes a cell.
    pub(super) fn change<R>(&mut self, index: u32, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let index = index as usize;
        self.tree.change(index / N, |leaf| leaf.0.get_mut(index % N).map(change)).flatten()
    }
}

impl<T: Empty + Plain, const N: usize> Array<T, N> {
    /// Writes every cell down.
    pub(super) fn dump(&self, out: &mut Out<'_>) -> io::Result<()> {
        self.tree.dump(out, |leaf, out| out.all(&leaf.0))
    }

    /// Reads what [`Self::dump`] wrote.
    pub(super) fn restore(input: &mut In<'_>) -> Result<Self, DumpError> {
        Ok(Self { tree: Tree::restore(input, |leaf: &mut Cells<T, N>, input| input.fill(&mut leaf.0))? })
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
