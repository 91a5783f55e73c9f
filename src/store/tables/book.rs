//! Where orders meet. A reader that needs an order which its generation doesn't have builds it from
//! what it has pinned, without a lock that anybody else needs, and leaves it here; the next change
//! takes it along, and from then on every generation has it, kept up change by change. Readers of
//! generations in between bring it up to date for themselves.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering as Atomic};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use super::key::SortKey;
use super::marks::Marks;
use super::order::Order;
use super::query::{QueryError, SortBy};
use super::scan::Scan;
use super::sorted::Spot;
use super::table::Table;

/// The most orders that are kept up for one object; the one that was longest unused goes first.
const ORDERS: usize = 8;
/// How many changed slots are remembered, so that a late order can be brought up to date.
const REMEMBERED: usize = 1 << 16;
/// How long somebody waits before they look whether they are called off.
const PATIENCE: Duration = Duration::from_millis(5);

type Built = (u64, Arc<Order>);

/// An order that one reader builds while others wait for it.
#[derive(Default)]
struct Building {
    built: OnceLock<Built>,
    /// The order as an earlier state had it, as far as it was written down: bare slots.
    sketch: Mutex<Option<Arc<Vec<u32>>>>,
    /// Somebody builds. Where they are called off, the next who waits takes over.
    busy: Mutex<bool>,
    freed: Condvar,
}

/// Somebody's turn to build, which ends with them, whatever becomes of it.
struct Turn<'a>(&'a Building);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.busy() = false;
        self.0.freed.notify_all();
    }
}

impl Building {
    fn done(built: Built) -> Self {
        Self { built: OnceLock::from(built), ..Self::default() }
    }

    fn of_sketch(slots: Vec<u32>) -> Self {
        Self { sketch: Mutex::new(Some(Arc::new(slots))), ..Self::default() }
    }

    fn sketch(&self) -> MutexGuard<'_, Option<Arc<Vec<u32>>>> {
        self.sketch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn busy(&self) -> MutexGuard<'_, bool> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for one's turn, for as long as one isn't called off.
    fn turn(&self, scan: Scan<'_>) -> Result<Turn<'_>, QueryError> {
        let mut busy = self.busy();
        while *busy {
            let (woken, _) = self.freed.wait_timeout(busy, PATIENCE).unwrap_or_else(PoisonError::into_inner);
            drop(woken);
            scan.pause()?;
            busy = self.busy();
        }
        *busy = true;
        Ok(Turn(self))
    }

    fn get(&self) -> Option<&Built> {
        self.built.get()
    }

    /// What was built, or what `build` makes if it is one's own turn.
    fn get_or_build(
        &self,
        scan: Scan<'_>,
        build: impl FnOnce() -> Result<Built, QueryError>,
    ) -> Result<&Built, QueryError> {
        if let Some(built) = self.built.get() {
            return Ok(built);
        }
        let _turn = self.turn(scan)?;
        match self.built.get() {
            Some(built) => Ok(built),
            None => build().map(|built| self.built.get_or_init(|| built)),
        }
    }
}

struct Late {
    key: SortKey,
    /// The version that the order is of, or that whoever began to build it had pinned.
    version: u64,
    cell: Arc<Building>,
}

#[derive(Default)]
struct Pages {
    /// The newest version of this book's table. Whoever changes another version starts a new book.
    head: u64,
    late: Vec<Late>,
    /// Which slot changed on the way to which version, oldest first.
    changed: VecDeque<(u64, u32)>,
    /// Changes up to this version may be forgotten.
    forgotten: u64,
}

/// The book of one object's table, shared by its generations.
#[derive(Default)]
pub(super) struct Book {
    pages: Mutex<Pages>,
    /// Orders that wait for the next change, so that changes needn't look.
    waiting: AtomicUsize,
    clock: AtomicU64,
}

impl Book {
    fn pages(&self) -> std::sync::MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages {
    /// What may have changed between two versions, if that is still known.
    fn changed(&self, from: u64, to: u64) -> Option<Marks> {
        if from < self.forgotten || from > to {
            return None;
        }
        let start = self.changed.partition_point(|(version, _)| *version <= from);
        Some(self.changed.range(start..).take_while(|(version, _)| *version <= to).map(|(_, slot)| *slot).collect())
    }
}

/// Is it worth bringing an order up to date, rather than sorting anew?
fn worth_it(changed: &Marks, table: &Table) -> bool {
    changed.count() <= 64 + table.len() / 4
}

impl Table {
    /// The order for a sort, if it is at hand.
    pub(super) fn order_at_hand(
        &self,
        by: SortBy,
        descending: bool,
        fits: impl Fn(&SortKey) -> bool,
    ) -> Option<Arc<Order>> {
        let order = self.orders.iter().find(|order| order.key.is(by, descending) && fits(&order.key));
        if let Some(order) = order {
            order.used.store(self.book.clock.fetch_add(1, Atomic::Relaxed) + 1, Atomic::Relaxed);
            return Some(Arc::clone(order));
        }
        let pages = self.book.pages();
        let built = pages.late.iter().filter(|late| late.key.is(by, descending));
        built
            .filter_map(|late| late.cell.get())
            .find(|(version, order)| *version == self.version && fits(&order.key))
            .map(|(_, order)| Arc::clone(order))
    }

    /// What lists of this table were sorted by, as far as the orders are still known: those that
    /// changes keep up, and those that readers built since.
    pub(super) fn sorts_in_use(&self) -> Vec<(SortBy, bool)> {
        let pages = self.book.pages();
        let late = pages.late.iter().filter_map(|late| late.cell.get()).map(|(_, order)| order);
        let mut sorts: Vec<(SortBy, bool)> = Vec::new();
        for order in self.orders.iter().chain(late) {
            let sort = (order.key.by, order.key.descending);
            if !sorts.contains(&sort) {
                sorts.push(sort);
            }
        }
        sorts
    }

    /// The bare slots of every order that is at hand or was read from a copy, with its key.
    pub(super) fn sketches(&self) -> Vec<(SortKey, Vec<u32>)> {
        let mut sketches: Vec<(SortKey, Vec<u32>)> = Vec::new();
        let mut add = |key: &SortKey, slots: Vec<u32>| {
            if sketches.len() < ORDERS && !sketches.iter().any(|(other, _)| other.is(key.by, key.descending)) {
                sketches.push((key.clone(), slots));
            }
        };
        for (by, descending) in self.sorts_in_use() {
            if let Some(order) = self.order_at_hand(by, descending, |_| true) {
                add(&order.key, order.global.from(Spot::START).collect());
            }
        }
        for (key, slots, changed) in self.late_sketches() {
            let slots = slots.iter().copied();
            if let Ok(slots) = super::sort::again(self, &key, slots, &changed, Scan::default()) {
                add(&key, slots);
            }
        }
        sketches
    }

    /// The orders that are there as bare slots alone, with what may have changed since. They are
    /// brought up to date without the book, which changes and other lists need meanwhile.
    fn late_sketches(&self) -> Vec<(SortKey, Arc<Vec<u32>>, Marks)> {
        let pages = self.book.pages();
        let sketches = pages.late.iter().filter_map(|late| {
            let slots = late.cell.sketch().clone()?;
            let changed = pages.changed(late.version, self.version).filter(|changed| worth_it(changed, self))?;
            Some((late.key.clone(), slots, changed))
        });
        sketches.collect()
    }

    /// What the orders are by that are there as bare slots alone.
    pub(super) fn sketched(&self) -> Vec<(SortBy, bool)> {
        let pages = self.book.pages();
        let sketched = pages.late.iter().filter(|late| late.cell.sketch().is_some());
        sketched.map(|late| (late.key.by, late.key.descending)).collect()
    }

    /// Takes in the slots of an order as they were written down: whoever needs it first makes an
    /// order of them.
    pub(super) fn take_sketch(&self, key: SortKey, slots: Vec<u32>) {
        let cell = Arc::new(Building::of_sketch(slots));
        self.book.pages().late.push(Late { key, version: self.version, cell });
    }

    /// Any order that changes keep up.
    pub(super) fn any_order(&self) -> Option<Arc<Order>> {
        if let Some(order) = self.orders.first() {
            return Some(Arc::clone(order));
        }
        let pages = self.book.pages();
        let built = pages.late.iter().filter_map(|late| late.cell.get());
        built.filter(|(version, _)| *version == self.version).map(|(_, order)| Arc::clone(order)).next()
    }

    /// The order with this key, which is built if it isn't there.
    ///
    /// # Errors
    /// Where that was called off.
    pub(super) fn order(
        &self,
        key: SortKey,
        fits: impl Fn(&SortKey) -> bool,
        scan: Scan<'_>,
    ) -> Result<Arc<Order>, QueryError> {
        let (by, descending) = (key.by, key.descending);
        if let Some(order) = self.order_at_hand(by, descending, &fits) {
            return Ok(order);
        }
        let (cell, key, changed) = {
            let mut pages = self.book.pages();
            let near = pages.late.iter().find_map(|late| {
                let near = late.key.is(by, descending) && late.version <= self.version && fits(&late.key);
                let changed = near.then(|| pages.changed(late.version, self.version)).flatten();
                changed.filter(|changed| worth_it(changed, self)).map(|changed| (late, changed))
            });
            if let Some((late, changed)) = near {
                (Arc::clone(&late.cell), late.key.clone(), changed)
            } else {
                let cell = Arc::new(Building::default());
                if pages.late.len() >= ORDERS {
                    pages.late.remove(0);
                }
                pages.late.push(Late { key: key.clone(), version: self.version, cell: Arc::clone(&cell) });
                (cell, key, Marks::default())
            }
        };
        let (version, order) = cell.get_or_build(scan, || {
            let sketch = cell.sketch().clone();
            let order = match sketch {
                Some(slots) => Order::from_earlier(self, key, slots.iter().copied(), &changed, scan)?,
                None => {
                    let by_id = self.order_at_hand(SortBy::Id, false, |_| true);
                    Order::build(self, key, by_id.as_ref().map(|order| &order.global), scan)?
                }
            };
            *cell.sketch() = None;
            let order = Arc::new(order);
            order.used.store(self.book.clock.fetch_add(1, Atomic::Relaxed) + 1, Atomic::Relaxed);
            Ok((self.version, order))
        })?;
        if let Some(late) = self.book.pages().late.iter_mut().find(|late| Arc::ptr_eq(&late.cell, &cell)) {
            // Where whoever began was called off, somebody later built it.
            late.version = *version;
        }
        self.book.waiting.fetch_add(1, Atomic::Release);
        if *version == self.version {
            return Ok(Arc::clone(order));
        }
        self.bring_up_to_date(*version, order, scan)
    }

    fn bring_up_to_date(&self, version: u64, order: &Arc<Order>, scan: Scan<'_>) -> Result<Arc<Order>, QueryError> {
        let changed = self.book.pages().changed(version, self.version);
        let fresh = match changed.filter(|changed| worth_it(changed, self)) {
            Some(changed) => order.caught_up(self, &changed, scan)?,
            None => Order::build(self, order.key.clone(), None, scan)?,
        };
        let fresh = Arc::new(fresh);
        let mut pages = self.book.pages();
        if let Some(late) =
            pages.late.iter_mut().find(|late| late.cell.get().is_some_and(|(_, o)| Arc::ptr_eq(o, order)))
        {
            // What is newer stays for those who come after.
            if late.version < self.version {
                late.version = self.version;
                late.cell = Arc::new(Building::done((self.version, Arc::clone(&fresh))));
            }
        }
        Ok(fresh)
    }

    /// Before a change: takes along what readers left in the book.
    pub(super) fn open_book(&mut self) {
        let mut ready = Vec::new();
        {
            let mut pages = self.book.pages();
            if pages.head != self.version {
                // This is a branch of another table's history: it keeps its own book.
                drop(pages);
                self.new_book();
                return;
            }
            if self.book.waiting.swap(0, Atomic::Acquire) == 0 {
                return;
            }
            let (done, waiting): (Vec<_>, Vec<_>) = pages.late.drain(..).partition(|late| late.cell.get().is_some());
            pages.late = waiting;
            for late in done {
                if let Some((version, order)) = late.cell.get() {
                    let changed = pages.changed(*version, self.version);
                    ready.push((*version, Arc::clone(order), changed));
                }
            }
        }
        for (version, order, changed) in ready {
            let order = match changed {
                _ if version == self.version => order,
                Some(changed) if worth_it(&changed, self) => match order.caught_up(self, &changed, Scan::default()) {
                    Ok(order) => Arc::new(order),
                    Err(_) => continue,
                },
                _ => continue,
            };
            self.orders.retain(|old| !old.key.is(order.key.by, order.key.descending));
            self.orders.push(order);
        }
        while self.orders.len() > ORDERS {
            let oldest = self.orders.iter().enumerate().min_by_key(|(_, order)| order.used.load(Atomic::Relaxed));
            let Some((oldest, _)) = oldest else { break };
            self.orders.remove(oldest);
        }
    }

    /// Starts a book that knows nothing of what came before.
    pub(super) fn new_book(&mut self) {
        let clock = AtomicU64::new(self.book.clock.load(Atomic::Relaxed));
        self.book = Arc::new(Book { clock, ..Book::default() });
        let mut pages = self.book.pages();
        pages.head = self.version;
        pages.forgotten = self.version;
    }

    /// After a change: writes down what changed.
    pub(super) fn close_book(&mut self, slot: u32) {
        self.version += 1;
        self.touch(slot);
        let mut pages = self.book.pages();
        pages.head = self.version;
        pages.changed.push_back((self.version, slot));
        while pages.changed.len() > REMEMBERED {
            if let Some((version, _)) = pages.changed.pop_front() {
                pages.forgotten = version;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn who_waits_for_anothers_order_can_be_called_off_and_the_next_takes_over() {
        let building = Building::default();
        let builds = || Err(QueryError::Cancelled);
        std::thread::scope(|scope| {
            let ((began, begun), (end, ended)) = (channel(), channel::<()>());
            let builder = &building;
            scope.spawn(move || {
                let called_off = builder.get_or_build(Scan::default(), || {
                    began.send(()).unwrap();
                    ended.recv().unwrap();
                    Err(QueryError::Cancelled)
                });
                assert!(called_off.is_err());
            });
            begun.recv().unwrap();
            let waits = Scan { cancel: Some(&AtomicBool::new(true)), between: &|| {}, recall: None };
            let mine = building.get_or_build(waits, || unreachable!("another builds"));
            assert!(matches!(mine, Err(QueryError::Cancelled)));
            end.send(()).unwrap();
            let asked = std::cell::Cell::new(false);
            let next = building.get_or_build(Scan::default(), || {
                asked.set(true);
                builds()
            });
            assert!(next.is_err() && asked.get(), "it is the next one's turn");
        });
    }
}
