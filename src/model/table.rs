//! Things by their dense number, in pages that copies share: a copy of a large team, of which one
//! person is then changed, costs a page and not the team, and two teams that share most of their
//! pages are compared by those they don't share. Every draft, preview and commit makes such a copy.

use std::fmt;
use std::ops::Index;
use std::sync::Arc;

use super::ids::{ObjectId, RoleId, UserId};

/// So many stand in a page: as few pages as a copy should count up, as short ones as a change should
/// copy.
const PAGE: usize = 256;

/// An identity that is a dense number.
pub trait Dense: Copy + Ord + fmt::Debug {
    /// The position in a table.
    fn index(self) -> usize;
}

macro_rules! dense {
    ($($id:ident),+) => { $(
        impl Dense for $id {
            fn index(self) -> usize {
                self.index()
            }
        }
    )+ };
}
dense!(UserId, RoleId, ObjectId);

type Slot<K, T> = Option<(K, Arc<T>)>;
type Page<K, T> = Arc<[Slot<K, T>; PAGE]>;

/// Things by their identity, in its order.
pub struct Table<K, T> {
    /// None where nothing stands in it.
    pages: Vec<Option<Page<K, T>>>,
    len: usize,
}

impl<K, T> Default for Table<K, T> {
    fn default() -> Self {
        Self { pages: Vec::new(), len: 0 }
    }
}

impl<K, T> Clone for Table<K, T> {
    fn clone(&self) -> Self {
        Self { pages: self.pages.clone(), len: self.len }
    }
}

impl<K: Dense, T: fmt::Debug> fmt::Debug for Table<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Dense, T: PartialEq> PartialEq for Table<K, T> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.apart(other).next().is_none()
    }
}

impl<K: Dense, T> Index<&K> for Table<K, T> {
    type Output = Arc<T>;

    fn index(&self, key: &K) -> &Arc<T> {
        match self.get(key) {
            Some(found) => found,
            None => unreachable!("there is no {key:?}"),
        }
    }
}

fn place<K: Dense>(key: K) -> (usize, usize) {
    (key.index() / PAGE, key.index() % PAGE)
}

fn slots<K, T>(page: Option<&Option<Page<K, T>>>) -> &[Slot<K, T>] {
    page.and_then(Option::as_ref).map_or(&[], |page| page.as_slice())
}

impl<K: Dense, T> Table<K, T> {
    /// One with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Is there nothing in it?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What has this identity.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&Arc<T>> {
        let (page, at) = place(*key);
        Some(&self.pages.get(page)?.as_ref()?.get(at)?.as_ref()?.1)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut Arc<T>> {
        self.get(key)?;
        let (page, at) = place(*key);
        Some(&mut Arc::make_mut(self.pages.get_mut(page)?.as_mut()?).get_mut(at)?.as_mut()?.1)
    }

    /// Has something this identity?
    #[must_use]
    pub fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// Puts something in; what had this identity before.
    pub fn insert(&mut self, key: K, thing: Arc<T>) -> Option<Arc<T>> {
        let (page, at) = place(key);
        if self.pages.len() <= page {
            self.pages.resize(page + 1, None);
        }
        let page = self.pages.get_mut(page)?.get_or_insert_with(|| Arc::new([const { None }; PAGE]));
        let was = Arc::make_mut(page).get_mut(at)?.replace((key, thing));
        self.len += usize::from(was.is_none());
        was.map(|(_, thing)| thing)
    }

    /// Takes something out.
    pub fn remove(&mut self, key: &K) -> Option<Arc<T>> {
        self.get(key)?;
        let (number, at) = place(*key);
        let page = self.pages.get_mut(number)?;
        let was = Arc::make_mut(page.as_mut()?).get_mut(at)?.take();
        if page.as_ref().is_some_and(|page| page.iter().all(Option::is_none)) {
            *page = None;
        }
        while self.pages.last().is_some_and(Option::is_none) {
            self.pages.pop();
        }
        self.len -= usize::from(was.is_some());
        was.map(|(_, thing)| thing)
    }

    /// Takes out whatever isn't wanted.
    pub fn retain(&mut self, mut wanted: impl FnMut(&K, &Arc<T>) -> bool) {
        let gone: Vec<K> = self.iter().filter(|(key, thing)| !wanted(key, thing)).map(|(key, _)| *key).collect();
        gone.iter().for_each(|key| drop(self.remove(key)));
    }

    /// Takes out everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &Arc<T>)> + ExactSizeIterator + Clone {
        let things = self.pages.iter().flatten().flat_map(|page| page.iter().flatten());
        Counted { things: things.map(|(key, thing)| (key, thing)), left: self.len }
    }

    /// Their identities.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// The things.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Arc<T>> + ExactSizeIterator + Clone {
        self.iter().map(|(_, thing)| thing)
    }

    /// Puts another in the place of each for which there is one.
    pub fn amend(&mut self, mut another: impl FnMut(&Arc<T>) -> Option<T>) {
        let others: Vec<(K, T)> = self.iter().filter_map(|(key, thing)| Some((*key, another(thing)?))).collect();
        self.extend(others.into_iter().map(|(key, thing)| (key, Arc::new(thing))));
    }

    /// One more than the highest position at which something stands.
    #[must_use]
    pub fn end(&self) -> usize {
        self.keys().next_back().map_or(0, |key| key.index() + 1)
    }

    /// The last of them.
    #[must_use]
    pub fn last_key_value(&self) -> Option<(&K, &Arc<T>)> {
        self.iter().next_back()
    }
}

/// Things of which it is known how many are left.
#[derive(Clone)]
struct Counted<I> {
    things: I,
    left: usize,
}

impl<I: Iterator> Iterator for Counted<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        let next = self.things.next()?;
        self.left -= 1;
        Some(next)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }

    fn fold<B, F: FnMut(B, I::Item) -> B>(self, init: B, f: F) -> B {
        self.things.fold(init, f)
    }
}

impl<I: DoubleEndedIterator> DoubleEndedIterator for Counted<I> {
    fn next_back(&mut self) -> Option<I::Item> {
        let next = self.things.next_back()?;
        self.left -= 1;
        Some(next)
    }
}

impl<I: Iterator> ExactSizeIterator for Counted<I> {}

/// What was there of a thing, and what is there of it afterwards.
pub type Pair<'a, T> = (Option<&'a Arc<T>>, Option<&'a Arc<T>>);

impl<K: Dense, T: PartialEq> Table<K, T> {
    /// What isn't the same in this table and a later one, in the order of the identities. What both
    /// share is told by where it is.
    pub fn apart<'a>(&'a self, after: &'a Self) -> impl Iterator<Item = Pair<'a, T>> {
        let pages = 0..self.pages.len().max(after.pages.len());
        let pages = pages.map(|number| (self.pages.get(number), after.pages.get(number)));
        let differ = pages.filter(|pages| match pages {
            (Some(Some(was)), Some(Some(is))) => !Arc::ptr_eq(was, is),
            _ => true,
        });
        differ.flat_map(|(was, is)| {
            let (was, is) = (slots(was), slots(is));
            (0..was.len().max(is.len())).filter_map(|at| {
                let side = |slots: &'a [Slot<K, T>]| slots.get(at)?.as_ref().map(|(_, thing)| thing);
                let (was, is) = (side(was), side(is));
                let same = match (was, is) {
                    (Some(was), Some(is)) => Arc::ptr_eq(was, is) || was == is,
                    (None, None) => true,
                    _ => false,
                };
                (!same).then_some((was, is))
            })
        })
    }
}

impl<K: Dense, T> FromIterator<(K, Arc<T>)> for Table<K, T> {
    fn from_iter<I: IntoIterator<Item = (K, Arc<T>)>>(things: I) -> Self {
        let mut table = Self::default();
        table.extend(things);
        table
    }
}

impl<K: Dense, T> Extend<(K, Arc<T>)> for Table<K, T> {
    fn extend<I: IntoIterator<Item = (K, Arc<T>)>>(&mut self, things: I) {
        things.into_iter().for_each(|(key, thing)| drop(self.insert(key, thing)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A table and a copy of it go ways of their own, and say what came between them.
        #[test]
        fn a_table_is_a_sorted_map_whose_copies_are_cheap(
            first in proptest::collection::vec((0_u32..700, proptest::option::of(0_u8..3)), 0..60),
            then in proptest::collection::vec((0_u32..700, proptest::option::of(0_u8..3)), 0..60),
        ) {
            let (mut table, mut map): (Table<UserId, u8>, BTreeMap<UserId, Arc<u8>>) = Default::default();
            let put = |table: &mut Table<UserId, u8>, map: &mut BTreeMap<UserId, Arc<u8>>, key, thing: Option<u8>| {
                let key = UserId(key);
                match thing.map(Arc::new) {
                    Some(thing) => prop_assert_eq!(table.insert(key, Arc::clone(&thing)), map.insert(key, thing)),
                    None => prop_assert_eq!(table.remove(&key), map.remove(&key)),
                }
                Ok(())
            };
            first.into_iter().try_for_each(|(key, thing)| put(&mut table, &mut map, key, thing))?;
            let (before, old) = (table.clone(), map.clone());
            then.into_iter().try_for_each(|(key, thing)| put(&mut table, &mut map, key, thing))?;

            for (table, map) in [(&before, &old), (&table, &map)] {
                prop_assert_eq!(table.len(), map.len());
                prop_assert!(table.iter().eq(map.iter()));
                prop_assert!(table.values().rev().eq(map.values().rev()));
                prop_assert_eq!(table.end(), map.keys().last().map_or(0, |key| key.index() + 1));
                prop_assert!((0..700).map(UserId).all(|key| table.get(&key) == map.get(&key)));
            }
            let keys = (0..700).map(UserId);
            let differ = keys.map(|key| (old.get(&key), map.get(&key))).filter(|(was, is)| was != is);
            prop_assert!(before.apart(&table).eq(differ));
            prop_assert_eq!(before == table, old == map);
        }
    }
}
