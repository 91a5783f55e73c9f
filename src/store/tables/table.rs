//! One object's records. A clone pins them; changes to the original leave it alone.

use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::sync::Arc;

use crate::model::{FieldId, ObjectId, Record, RecordId, UserId};

use super::ChangeRefused;
use super::assigned::Assigned;
use super::book::Book;
use super::column::Column;
use super::counts::Counts;
use super::dump::{self, DumpError, In, Out};
use super::folded::Text;
use super::lookup::Lookup;
use super::marks::Marks;
use super::order::Order;
use super::text::TextColumn;
use super::tree::Array;

const PRIVATE: u32 = 1 << 31;
const DEAD: u32 = u32::MAX;
const NO_SLOT: u32 = u32::MAX;
/// Records and people beyond these numbers have no place in a table.
const MOST: u32 = PRIVATE - 2;

/// The table.
#[derive(Clone)]
pub(super) struct Table {
    pub(super) object: ObjectId,
    /// By slot: the record's ID, or in a dead slot the next dead one.
    ids: Array<u64>,
    /// By slot: the owner, and whether the record is private; or that the slot is dead.
    seats: Array<u32>,
    externals: TextColumn,
    columns: Vec<(FieldId, Arc<Column>)>,
    pub(super) assigned: Assigned,
    pub(super) counts: Counts,
    by_id: Lookup,
    by_external: Lookup,
    hasher: RandomState,
    live: u32,
    /// Slots ever used.
    end: u32,
    /// The first dead slot.
    dead: u32,
    /// Orders that changes keep up.
    pub(super) orders: Vec<Arc<Order>>,
    /// Where readers leave the orders that they built.
    pub(super) book: Arc<Book>,
    /// Which state of the book's table this is.
    pub(super) version: u64,
    /// Of a branch: the slots where it differs from what it came from.
    pub(super) touched: Option<Marks>,
}

fn hash_id(id: u64) -> u64 {
    id.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

impl Table {
    pub(super) fn new(object: ObjectId) -> Self {
        Self {
            object,
            ids: Array::default(),
            seats: Array::default(),
            externals: TextColumn::of_unique(),
            columns: Vec::new(),
            assigned: Assigned::default(),
            counts: Counts::default(),
            by_id: Lookup::default(),
            by_external: Lookup::default(),
            hasher: RandomState::new(),
            live: 0,
            end: 0,
            dead: NO_SLOT,
            orders: Vec::new(),
            book: Arc::default(),
            version: 0,
            touched: None,
        }
    }

    pub(super) fn len(&self) -> u64 {
        u64::from(self.live)
    }

    #[inline]
    pub(super) fn id(&self, slot: u32) -> u64 {
        self.ids.get(slot)
    }

    /// The slot's owner and whether its record is private, or nothing for a dead slot.
    #[inline]
    pub(super) fn seat(&self, slot: u32) -> Option<(u32, bool)> {
        let seat = self.seats.get(slot);
        (seat != DEAD).then_some((seat & !PRIVATE, seat & PRIVATE != 0))
    }

    #[inline]
    pub(super) fn owner(&self, slot: u32) -> u32 {
        self.seats.get(slot) & !PRIVATE
    }

    #[inline]
    pub(super) fn is_private(&self, slot: u32) -> bool {
        self.seats.get(slot) & PRIVATE != 0
    }

    pub(super) fn is_live(&self, slot: u32) -> bool {
        self.seats.get(slot) != DEAD
    }

    pub(super) fn external(&self, slot: u32) -> Option<Text<'_>> {
        self.externals.get(slot)
    }

    pub(super) fn externals(&self) -> &TextColumn {
        &self.externals
    }

    pub(super) fn column(&self, field: FieldId) -> Option<&Column> {
        let at = self.columns.binary_search_by_key(&field, |(id, _)| *id).ok()?;
        self.columns.get(at).map(|(_, column)| &**column)
    }

    pub(super) fn columns(&self) -> impl Iterator<Item = (FieldId, &Column)> {
        self.columns.iter().map(|(id, column)| (*id, &**column))
    }

    /// One more than the last slot ever used.
    pub(super) fn end(&self) -> u32 {
        self.end
    }

    /// The slots that hold a record.
    pub(super) fn slots(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.end).filter(|slot| self.is_live(*slot))
    }

    pub(super) fn find(&self, id: RecordId) -> Option<u32> {
        self.by_id.find(hash_id(id.0), |slot| self.ids.get(slot) == id.0)
    }

    pub(super) fn find_external(&self, external: &str) -> Option<u32> {
        self.by_external.find(self.hasher.hash_one(external), |slot| {
            self.externals.get(slot).is_some_and(|text| text.shown == external)
        })
    }

    /// The whole record in a slot.
    pub(super) fn record(&self, slot: u32) -> Option<Record> {
        let (owner, private) = self.seat(slot)?;
        Some(Record {
            id: RecordId(self.id(slot)),
            object: self.object,
            owner: UserId(owner),
            assigned: self.assigned.of(slot).to_vec(),
            private,
            external_id: self.external(slot).map(|text| text.shown.into()),
            values: self.columns().filter_map(|(field, column)| Some((field, column.get(slot)?))).collect(),
        })
    }

    /// Makes room for so many records more.
    pub(super) fn reserve(&mut self, more: u32) {
        let ids = &self.ids;
        self.by_id.reserve(self.live.saturating_add(more), |slot| hash_id(ids.get(slot)));
    }

    /// Puts a new record in, without regard to orders.
    pub(super) fn put(&mut self, record: &Record) -> Result<u32, ChangeRefused> {
        if self.find(record.id).is_some() {
            return Err(ChangeRefused::Stale(record.id));
        }
        self.check(record, None)?;
        Ok(self.put_checked(record))
    }

    /// The same, where it is known that there is no such record and that it can be put in.
    pub(super) fn put_checked(&mut self, record: &Record) -> u32 {
        let slot = self.seat_new(record);
        for (field, value) in &record.values {
            self.set_value(slot, *field, Some(value));
        }
        slot
    }

    /// The same without the record's values.
    pub(super) fn seat_new(&mut self, record: &Record) -> u32 {
        let slot = if self.dead == NO_SLOT {
            self.end += 1;
            self.end - 1
        } else {
            let slot = self.dead;
            self.dead = u32::try_from(self.ids.get(slot)).unwrap_or(NO_SLOT);
            slot
        };
        self.ids.set(slot, record.id.0);
        let ids = &self.ids;
        self.by_id.insert(hash_id(record.id.0), slot, |slot| hash_id(ids.get(slot)));
        self.live += 1;
        self.seats.set(slot, record.owner.0 | if record.private { PRIVATE } else { 0 });
        self.counts.add(record.owner.0, record.private);
        self.assigned.add(slot, record.owner.0, record.private, &record.assigned);
        self.set_external(slot, None, record.external_id.as_deref());
        slot
    }

    /// Changes a slot's record from what it is to what it is to be, touching only what differs.
    pub(super) fn replace(&mut self, slot: u32, before: &Record, after: &Record) -> Result<(), ChangeRefused> {
        self.check(after, Some(slot))?;
        let moved = before.owner != after.owner || before.private != after.private;
        if moved || before.assigned != after.assigned {
            self.assigned.remove(slot, before.owner.0, before.private);
            self.assigned.add(slot, after.owner.0, after.private, &after.assigned);
        }
        if moved {
            self.counts.remove(before.owner.0, before.private);
            self.counts.add(after.owner.0, after.private);
            self.seats.set(slot, after.owner.0 | if after.private { PRIVATE } else { 0 });
        }
        if before.external_id != after.external_id {
            self.set_external(slot, before.external_id.as_deref(), after.external_id.as_deref());
        }
        for field in changed_fields(before, after) {
            self.set_value(slot, field, after.value(field));
        }
        Ok(())
    }

    /// Takes a record out.
    pub(super) fn remove(&mut self, slot: u32, before: &Record) {
        self.by_id.remove(hash_id(before.id.0), slot);
        self.assigned.remove(slot, before.owner.0, before.private);
        self.counts.remove(before.owner.0, before.private);
        self.set_external(slot, before.external_id.as_deref(), None);
        for (field, _) in &before.values {
            self.set_value(slot, *field, None);
        }
        self.seats.set(slot, DEAD);
        self.ids.set(slot, u64::from(self.dead));
        self.dead = slot;
        self.live -= 1;
    }

    /// Can the record be put in, or into its own slot?
    pub(super) fn check(&self, record: &Record, own: Option<u32>) -> Result<(), ChangeRefused> {
        let taken = record.external_id.as_deref().and_then(|external| self.find_external(external));
        if taken.is_some() && taken != own {
            Err(ChangeRefused::ExternalTaken)
        } else if record.owner.0 > MOST || self.live > MOST {
            Err(ChangeRefused::TooMany)
        } else {
            Ok(())
        }
    }

    fn set_external(&mut self, slot: u32, before: Option<&str>, after: Option<&str>) {
        if let Some(before) = before {
            self.by_external.remove(self.hasher.hash_one(before), slot);
        }
        if before.is_some() || after.is_some() {
            self.externals.set(slot, after);
        }
        if let Some(after) = after {
            let (hasher, externals) = (&self.hasher, &self.externals);
            let hash_of = |slot: u32| hasher.hash_one(externals.get(slot).map_or("", |text| text.shown));
            self.by_external.insert(hasher.hash_one(after), slot, hash_of);
        }
    }

    fn set_value(&mut self, slot: u32, field: FieldId, value: Option<&crate::model::Value>) {
        let at = match (self.columns.binary_search_by_key(&field, |(id, _)| *id), value) {
            (Ok(at), _) => at,
            (Err(_), None) => return,
            (Err(at), Some(value)) => {
                self.columns.insert(at, (field, Arc::new(Column::like(value))));
                at
            }
        };
        if let Some((_, column)) = self.columns.get_mut(at) {
            Arc::make_mut(column).set(slot, value);
        }
    }

    /// A field's column, made if it isn't there.
    pub(super) fn column_mut(&mut self, field: FieldId, new: impl FnOnce() -> Column) -> Option<&mut Column> {
        let at = match self.columns.binary_search_by_key(&field, |(id, _)| *id) {
            Ok(at) => at,
            Err(at) => {
                self.columns.insert(at, (field, Arc::new(new())));
                at
            }
        };
        self.columns.get_mut(at).map(|(_, column)| Arc::make_mut(column))
    }

    /// Gives back the room that loading left over.
    pub(super) fn shrink(&mut self) {
        self.externals.shrink();
        for (_, column) in &mut self.columns {
            Arc::make_mut(column).shrink();
        }
    }
}

impl Table {
    /// Writes the records down.
    pub(super) fn dump(&self, out: &mut Out<'_>) -> io::Result<()> {
        out.all(&[self.live, self.end, self.dead, self.by_external.len()])?;
        self.ids.dump(out)?;
        self.seats.dump(out)?;
        self.assigned.dump(out)?;
        self.externals.dump(out)?;
        out.size(self.columns.len())?;
        self.columns.iter().try_for_each(|(field, column)| out.one(field.0).and_then(|()| column.dump(out)))?;
        self.dump_orders(out)
    }

    /// Reads what [`Self::dump`] wrote.
    pub(super) fn restore(object: ObjectId, input: &mut In<'_>) -> Result<Self, DumpError> {
        let mut table = Self::new(object);
        let mut numbers = [0; 4];
        input.fill(&mut numbers)?;
        let [live, end, dead, externals] = numbers;
        (table.live, table.end, table.dead) = (live, end, dead);
        table.ids = Array::restore(input)?;
        table.seats = Array::restore(input)?;
        table.assigned = Assigned::restore(input, |slot| table.seat(slot))?;
        table.externals = TextColumn::restore(input)?;
        table.columns = dump::by_field(input, |input| Ok(Arc::new(Column::restore(input)?)))?;
        let slots: Vec<u32> = table.slots().collect();
        if u32::try_from(slots.len()) != Ok(table.live) {
            return Err(DumpError::Damaged);
        }
        if externals > live {
            return Err(DumpError::Damaged);
        }
        table.by_id.reserve(live, |_| 0);
        table.by_external.reserve(externals, |_| 0);
        for slot in slots {
            let (owner, private) = table.seat(slot).unwrap_or_default();
            table.counts.add(owner, private);
            let ids = &table.ids;
            table.by_id.insert(hash_id(ids.get(slot)), slot, |slot| hash_id(ids.get(slot)));
            let (hasher, externals) = (&table.hasher, &table.externals);
            if let Some(text) = externals.get(slot) {
                let hash_of = |slot: u32| hasher.hash_one(externals.get(slot).map_or("", |text| text.shown));
                table.by_external.insert(hasher.hash_one(text.shown), slot, hash_of);
            }
        }
        table.restore_orders(input)?;
        Ok(table)
    }
}

/// The fields whose values differ.
pub(super) fn changed_fields(before: &Record, after: &Record) -> Vec<FieldId> {
    let fields = before.values.iter().chain(&after.values).map(|(field, _)| *field);
    let mut changed: Vec<FieldId> = fields.filter(|field| before.value(*field) != after.value(*field)).collect();
    changed.sort_unstable();
    changed.dedup();
    changed
}
