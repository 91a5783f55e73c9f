//! Tables that go on beside those in force, for an intake. They keep no orders up: whatever comes in,
//! each order that is in use is brought up to date once, before they are published, from the order
//! in force. So nobody sorts anew because much came in.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{ObjectId, RecordId, Team};

use super::Tables;
use super::key::SortKey;
use super::marks::Marks;
use super::order::Order;
use super::query::QueryError;
use super::scan::Scan;
use super::table::Table;

impl Tables {
    /// Goes on as a branch, without orders, and leaves those of what it came from alone.
    pub fn branch(&mut self) {
        for table in self.objects.values_mut() {
            let table = Arc::make_mut(table);
            table.drop_orders();
            table.touched = Some(Marks::default());
        }
    }

    /// Others changed this record in the tables from which this branch comes; `theirs` are those
    /// tables as they are now, and the same change was put in here.
    pub fn also_changed(&mut self, theirs: &Self, object: ObjectId, id: RecordId) {
        if let Some(slot) = theirs.table(object).and_then(|table| table.find(id))
            && let Some(table) = self.objects.get_mut(&object)
        {
            Arc::make_mut(table).touch(slot);
        }
    }

    /// Gives some objects of a branch the orders that lists of them are sorted by in the tables
    /// from which it comes, as those are now. Every change since the branching must have been put in or told
    /// ([`Self::also_changed`]). Orders that are there already stay.
    ///
    /// # Errors
    /// Where it was called off.
    pub fn carry_orders(
        &mut self,
        theirs: &Self,
        objects: &BTreeSet<ObjectId>,
        team: &Team,
        scan: Scan<'_>,
    ) -> Result<(), QueryError> {
        for object in objects {
            let (Some(theirs), Some(table)) = (theirs.table(*object), self.objects.get_mut(object)) else { continue };
            for (by, descending) in theirs.sorts_in_use() {
                let fits = |key: &SortKey| key.is(by, descending) && key.fits(table, team);
                if table.orders.iter().any(|order| fits(&order.key)) {
                    continue;
                }
                scan.pause()?;
                let old = theirs.order_at_hand(by, descending, fits);
                let order = match (old, &table.touched) {
                    (Some(old), Some(touched)) if touched.count() <= few(table) => old.moved(theirs, table, touched),
                    (Some(old), Some(touched)) => old.caught_up(table, touched, scan)?,
                    _ => match SortKey::new(by, descending, *object, team) {
                        Some(key) => Order::build(table, key, None, scan)?,
                        None => continue,
                    },
                };
                let orders = &mut Arc::make_mut(table).orders;
                orders.retain(|order| !order.key.is(by, descending));
                orders.push(Arc::new(order));
            }
        }
        Ok(())
    }

    /// The tables as they are to be published: of these objects from this branch, which has
    /// everything that happened to them, of the others those in force.
    #[must_use]
    pub fn merged(mut self, theirs: &Self, objects: &BTreeSet<ObjectId>) -> Self {
        self.objects.retain(|object, _| objects.contains(object));
        for table in self.objects.values_mut() {
            Arc::make_mut(table).touched = None;
        }
        for (object, table) in &theirs.objects {
            self.objects.entry(*object).or_insert_with(|| Arc::clone(table));
        }
        self
    }
}

/// Up to so many slots are quicker moved one by one than sorted in between all others.
fn few(table: &Table) -> u64 {
    table.len() / if cfg!(all(test, debug_assertions)) { 8 } else { 256 }
}

impl Table {
    /// A slot may no longer be as it was when this branch began.
    pub(super) fn touch(&mut self, slot: u32) {
        if let Some(touched) = &mut self.touched {
            touched.mark(slot);
        }
    }
}
