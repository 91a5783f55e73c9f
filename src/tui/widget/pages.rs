//! A long list of which only parts are held: pages of rows around where one stands.

use std::collections::BTreeMap;

/// So many rows are fetched at once.
pub const PAGE: u64 = 100;
/// So many pages are held.
const HELD: usize = 8;

/// The parts of a list that are here.
#[derive(Debug, Clone)]
pub struct Pages<T> {
    /// How many rows the list has; unknown before the first page came.
    total: Option<u64>,
    /// Only what the list begins with is here; how many rows it has is being counted.
    counting: bool,
    pages: BTreeMap<u64, Vec<T>>,
    generation: u64,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self { total: None, counting: false, pages: BTreeMap::new(), generation: 0 }
    }
}

impl<T> Pages<T> {
    /// How many rows the list has, once that is known.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Is only what the list begins with here, while its rows are still being counted?
    #[must_use]
    pub fn is_counting(&self) -> bool {
        self.counting
    }

    /// The generation that its rows are of.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// How many rows the list has at least.
    #[must_use]
    pub fn at_least(&self) -> u64 {
        self.total.unwrap_or_else(|| self.pages.get(&0).map_or(0, |page| page.len() as u64))
    }

    /// A row, if it is here.
    #[must_use]
    pub fn row(&self, index: u64) -> Option<&T> {
        let page = self.pages.get(&(index / PAGE))?;
        page.get(usize::try_from(index % PAGE).ok()?)
    }

    /// Takes a page. One of another generation pushes out all that was here.
    pub fn take(&mut self, page: u64, rows: Vec<T>, total: u64, generation: u64) {
        if generation != self.generation || self.total != Some(total) {
            self.pages.clear();
        }
        self.generation = generation;
        (self.total, self.counting) = (Some(total), false);
        self.pages.insert(page, rows);
        while self.pages.len() > HELD {
            let far = self.pages.keys().copied().max_by_key(|other| other.abs_diff(page));
            match far {
                Some(far) => self.pages.remove(&far),
                None => break,
            };
        }
    }

    /// Takes what a list begins with, before it is known how long it is.
    pub fn begin(&mut self, rows: Vec<T>, generation: u64) {
        *self = Self { total: None, counting: true, pages: BTreeMap::from([(0, rows)]), generation };
    }

    /// The first page that these rows need and that isn't here.
    #[must_use]
    pub fn missing(&self, from: u64, to: u64) -> Option<u64> {
        let last = match self.total {
            // The whole is on its way.
            None if self.counting => return None,
            None => return Some(from / PAGE),
            Some(0) => return None,
            Some(total) => to.min(total - 1),
        };
        (from / PAGE..=last / PAGE).find(|page| !self.pages.contains_key(page))
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_come_when_needed_and_far_ones_go() {
        let mut pages = Pages::default();
        assert_eq!(pages.missing(0, 20), Some(0));
        for page in 0..20 {
            pages.take(page, (page * PAGE..(page + 1) * PAGE).collect(), 5000, 1);
        }
        assert_eq!(pages.row(1950), Some(&1950));
        assert_eq!(pages.row(0), None);
        assert_eq!(pages.missing(1950, 2010), Some(20));
        assert_eq!(pages.missing(4990, 9999), Some(49));
        pages.take(3, vec![7], 5000, 2);
        assert_eq!((pages.row(300), pages.row(1950)), (Some(&7), None));
    }

    #[test]
    fn a_beginning_says_how_many_at_least_and_never_how_many() {
        let mut pages = Pages::default();
        pages.take(0, vec![1, 2, 3], 3, 1);
        pages.begin(vec![4, 5], 1);
        assert_eq!((pages.total(), pages.at_least(), pages.is_counting()), (None, 2, true));
        assert_eq!((pages.row(1), pages.row(2), pages.missing(0, 20)), (Some(&5), None, None));
        pages.take(0, vec![4, 5, 6], 700, 1);
        assert_eq!((pages.total(), pages.at_least(), pages.is_counting()), (Some(700), 700, false));
    }
}
