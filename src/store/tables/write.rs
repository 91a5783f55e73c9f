//! Changes. Each is compared with the present first; orders that it touches are kept up.

use std::sync::Arc;

use crate::model::{Change, Record, RecordId, Swap};

use super::Tables;
use super::order::Order;
use super::query::SortBy;
use super::table::{Table, changed_fields};

/// The tables can't take a change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefused {
    /// The record is not what the change expects.
    #[error("the record {0} was changed meanwhile; look at it again and repeat the change")]
    Stale(RecordId),
    /// Another record has this name in another system. The text says no more than that (R32).
    #[error("this external_id can't be used; choose another one")]
    ExternalTaken,
    /// More records than a table has room for.
    #[error("there is no room for more records of this kind")]
    TooMany,
}

impl Tables {
    /// Takes a change of a record; other changes leave the tables as they are.
    ///
    /// # Errors
    /// Where what the change expects isn't there; the tables are then as they were.
    pub fn apply(&mut self, change: &Change) -> Result<(), ChangeRefused> {
        match change {
            Change::Record(swap) => self.swap(swap),
            _ => Ok(()),
        }
    }

    /// Takes the changes of a commit, in order. Orders that so many changes would keep busy for
    /// longer than sorting anew are dropped; the next reader that needs them builds them.
    ///
    /// # Errors
    /// As [`Self::apply`]; the tables may then hold a part of the changes and must be dropped.
    pub fn apply_all<'c>(
        &mut self,
        changes: impl IntoIterator<Item = &'c Change, IntoIter: Clone>,
    ) -> Result<(), ChangeRefused> {
        let changes = changes.into_iter();
        let mut counts = std::collections::BTreeMap::new();
        for (object, _) in changes.clone().filter_map(Change::record) {
            *counts.entry(object).or_insert(0u64) += 1;
        }
        for (object, count) in counts {
            if let Some(table) = self.objects.get_mut(&object)
                && table.is_much(count)
            {
                Arc::make_mut(table).drop_orders();
            }
        }
        changes.into_iter().try_for_each(|change| self.apply(change))
    }

    fn swap(&mut self, swap: &Swap<Record>) -> Result<(), ChangeRefused> {
        let Some(subject) = swap.subject() else { return Ok(()) };
        let object = subject.object;
        let table = self.objects.entry(object).or_insert_with(|| Arc::new(Table::new(object)));
        let slot = table.find(subject.id);
        let present = slot.and_then(|slot| table.record(slot));
        if present != swap.before {
            return Err(ChangeRefused::Stale(subject.id));
        }
        if swap.before == swap.after {
            return Ok(());
        }
        if let Some(after) = &swap.after {
            table.check(after, slot)?;
        }
        let table = Arc::make_mut(table);
        table.open_book();
        match (slot, &swap.before, &swap.after) {
            (Some(slot), Some(before), Some(after)) => {
                let orders = table.take_orders(slot, |order| touches(order, before, after));
                table.replace(slot, before, after)?;
                table.put_orders(slot, orders);
                table.close_book(slot);
            }
            (Some(slot), Some(before), None) => {
                let orders = table.take_orders(slot, |_| true);
                table.remove(slot, before);
                table.orders = orders.into_iter().map(|(order, _)| order).collect();
                table.close_book(slot);
            }
            (_, _, Some(after)) => {
                let slot = table.put_checked(after);
                let orders = std::mem::take(&mut table.orders);
                table.put_orders(slot, orders.into_iter().map(|order| (order, true)).collect());
                table.close_book(slot);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Does a change of a record move it within an order, or between its runs?
fn touches(order: &Order, before: &Record, after: &Record) -> bool {
    before.owner != after.owner
        || before.private != after.private
        || before.assigned != after.assigned
        || match order.key.by {
            SortBy::Id | SortBy::Owner => false,
            SortBy::ExternalId => before.external_id != after.external_id,
            SortBy::Field(field) => changed_fields(before, after).contains(&field),
        }
}

impl Table {
    /// Takes the orders off the table, with a slot out of those that are to move it.
    fn take_orders(&mut self, slot: u32, moves: impl Fn(&Order) -> bool) -> Vec<(Arc<Order>, bool)> {
        let orders = std::mem::take(&mut self.orders);
        orders
            .into_iter()
            .map(|mut order| {
                let moved = moves(&order);
                if moved {
                    Arc::make_mut(&mut order).remove(self, slot);
                }
                (order, moved)
            })
            .collect()
    }

    /// Puts the orders back, with the slot in its new place. Orders that have no place for what it
    /// holds are dropped.
    fn put_orders(&mut self, slot: u32, orders: Vec<(Arc<Order>, bool)>) {
        for (mut order, moved) in orders {
            if moved {
                if !order.key.knows(self, slot) {
                    continue;
                }
                Arc::make_mut(&mut order).insert(self, slot);
            }
            self.orders.push(order);
        }
    }

    /// Would so many changes keep the orders busy for longer than sorting anew?
    fn is_much(&self, changes: u64) -> bool {
        changes > 1000 + self.len() / 8
    }

    /// Forgets every order, and starts a new book.
    pub(super) fn drop_orders(&mut self) {
        self.orders.clear();
        self.new_book();
    }
}
