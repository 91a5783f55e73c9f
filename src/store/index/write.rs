//! Taking changes in. They are staged by record and written page by page, in batches that stay
//! small however much is staged; what the index says of itself is true after each of them.

use std::collections::BTreeMap;

use super::super::codec;
use super::super::journal::Point;
use super::db::{Batch, Pair};
use super::tally::{row_key, tally_key};
use super::{Begun, Index, IndexError, Mark, damaged, mark, page};
use crate::model::{Change, ObjectId, Record, RecordId};

/// Rows by record; nothing where it is deleted.
pub(super) type Staged = BTreeMap<(ObjectId, RecordId), Option<Vec<u8>>>;

/// One of them.
type StagedRow = ((ObjectId, RecordId), Option<Vec<u8>>);

/// Bytes that sled gets at a time.
const MOST: usize = 1 << 20;
/// So many rows at a time are taken out of what is filled anew.
const GONE: usize = if cfg!(test) { 3 } else { 1 << 14 };
/// sled keeps in memory what it was given until it is flushed.
const FLUSH: usize = 8 << 20;

/// The page in which a record is, or would be.
struct Covering {
    first: RecordId,
    /// The page, if there is one already.
    old: Option<Pair>,
    /// Where the next one begins.
    end: Option<RecordId>,
}

impl Index {
    /// Takes a change in; it counts from the next write on.
    ///
    /// # Errors
    /// Never for what the model can hold.
    pub fn stage(&mut self, change: &Change) -> Result<(), IndexError> {
        let (Change::Record(swap), Some((object, id))) = (change, change.record()) else { return Ok(()) };
        let row = swap.after.as_ref().map(encoded).transpose()?;
        self.staged.insert((object, id), row);
        Ok(())
    }

    /// How many rows wait for the next write.
    #[must_use]
    pub fn staged(&self) -> usize {
        self.staged.len()
    }

    /// Writes everything taken in since the last time, and how far that is.
    ///
    /// # Errors
    /// Where the disk refuses; the index is to be dropped then.
    pub fn commit(&mut self, point: Point) -> Result<(), IndexError> {
        self.write(Mark::at(point))
    }

    /// Writes a part of the change set that is next: up to the journal's record `part`; `close` is
    /// its last.
    ///
    /// # Errors
    /// As [`Index::commit`].
    pub fn commit_part(&mut self, part: u64, close: u64) -> Result<(), IndexError> {
        self.write(Mark { applied: self.mark.applied, reached: close, begun: Begun::Set(part) })
    }

    /// Makes the rows of an object from one ID to another those that are given, in order, as a step
    /// of filling it anew from tables as they were at a point; `true`: it did. Where very many rows have
    /// to go first, it is called off between two writes as soon as `go_on` no longer says so, and is
    /// done again from its beginning, where fewer are left then.
    ///
    /// # Errors
    /// As [`Index::commit`].
    pub fn fill(
        &mut self,
        object: ObjectId,
        (begin, next): (RecordId, Option<RecordId>),
        rows: impl Iterator<Item = Record>,
        at: Point,
        go_on: impl FnMut() -> bool,
    ) -> Result<bool, IndexError> {
        // Whatever was taken in is in the tables.
        self.staged.clear();
        if !self.stage_gone(object, begin, next, at, go_on)? {
            return Ok(false);
        }
        for record in rows {
            let row = encoded(&record)?;
            self.staged.insert((object, record.id), Some(row));
        }
        let from = self.filling_from(at);
        let (object, next) = next.map_or((ObjectId(object.0.saturating_add(1)), RecordId(0)), |next| (object, next));
        let begun = Begun::Filling { from, object, next };
        self.write(Mark { applied: self.mark.applied, reached: at.sequence, begun })?;
        Ok(true)
    }

    /// The filling came to its end: everything is as it was when it was begun, or newer.
    ///
    /// # Errors
    /// As [`Index::commit`].
    pub fn filled(&mut self, at: Point) -> Result<(), IndexError> {
        self.write(Mark::at(self.filling_from(at)))
    }

    /// A filling goes on from where another one was called off, whose point counts.
    fn filling_from(&self, at: Point) -> Point {
        if let Begun::Filling { from, .. } = self.mark.begun { from } else { at }
    }

    /// Every row in a range goes, unless it is put there again. Of many, the first are gone before: what
    /// lies behind the beginning of a filling isn't relied on. `true`: it wasn't called off.
    fn stage_gone(
        &mut self,
        object: ObjectId,
        begin: RecordId,
        next: Option<RecordId>,
        at: Point,
        mut go_on: impl FnMut() -> bool,
    ) -> Result<bool, IndexError> {
        let within = |id: &RecordId| *id >= begin && next.is_none_or(|next| *id < next);
        let high = page::key(object, next.unwrap_or(RecordId(u64::MAX)));
        let mut here = match self.covering(object, begin)?.old {
            None => self.db.first_after(page::key(object, begin), high)?,
            old => old,
        };
        while let Some((key, value)) = here {
            let gone = page::read(&key, &value)?.into_iter().map(|(id, _)| id).filter(within);
            self.staged.extend(gone.map(|id| ((object, id), None)));
            if self.staged.len() >= GONE {
                let begun = Begun::Filling { from: self.filling_from(at), object, next: begin };
                self.write(Mark { applied: self.mark.applied, reached: at.sequence, begun })?;
                if !go_on() {
                    return Ok(false);
                }
            }
            here = self.db.first_after(page::key(object, page::begins(&key)?.1), high)?;
        }
        Ok(true)
    }

    fn write(&mut self, to: Mark) -> Result<(), IndexError> {
        let staged: Vec<StagedRow> = std::mem::take(&mut self.staged).into_iter().collect();
        // What is newer than the mark is in until it is written over.
        let to = Mark { reached: self.mark.reached.max(to.reached), ..to };
        let meanwhile = Mark { reached: to.reached, ..self.mark };
        let mut batch = Batch::default();
        let mut rest = staged.as_slice();
        while let Some(((object, id), _)) = rest.first() {
            let covering = self.covering(*object, *id)?;
            let within = |at: &(ObjectId, RecordId)| at.0 == *object && covering.end.is_none_or(|end| at.1 < end);
            let (here, later) = rest.split_at(rest.partition_point(|(at, _)| within(at)));
            self.merge(*object, &covering, here, &mut batch)?;
            rest = later;
            if batch.bytes() >= MOST {
                self.apply(std::mem::take(&mut batch), meanwhile)?;
            }
        }
        self.apply(batch, to)
    }

    /// Puts what is staged for a page into it.
    fn merge(
        &mut self,
        object: ObjectId,
        covering: &Covering,
        staged: &[StagedRow],
        batch: &mut Batch,
    ) -> Result<(), IndexError> {
        let old = covering.old.as_ref().map(|(key, value)| page::read(key, value)).transpose()?.unwrap_or_default();
        let mut old = old.into_iter().peekable();
        let mut rows: Vec<page::Entry<'_>> = Vec::with_capacity(old.len() + staged.len());
        let tally = self.tallies.entry(object).or_default();
        let mut changed = false;
        for ((_, id), after) in staged {
            while let Some(entry) = old.next_if(|(at, _)| at < id) {
                rows.push(entry);
            }
            let before = old.next_if(|(at, _)| at == id).map(|(_, row)| row);
            let after = after.as_deref();
            rows.extend(after.map(|row| (*id, row)));
            if before != after {
                changed = true;
                let key = row_key(object, *id);
                before.inspect(|row| tally.take(&key, row));
                after.inspect(|row| tally.add(&key, row));
            }
        }
        rows.extend(old);
        if !changed {
            return Ok(());
        }
        let pages = page::pages(object, covering.first, &rows);
        if let (true, Some((key, _))) = (pages.is_empty(), &covering.old) {
            batch.remove(key);
        }
        for (key, value) in pages {
            batch.insert(&key, value);
        }
        Ok(())
    }

    fn covering(&self, object: ObjectId, id: RecordId) -> Result<Covering, IndexError> {
        let here = page::key(object, id);
        let old = self.db.last(page::key(object, RecordId(0)), here)?;
        let next = self.db.first_after(here, page::key(object, RecordId(u64::MAX)))?;
        let first = old.as_ref().map_or(Ok(RecordId(0)), |(key, _)| page::begins(key).map(|(_, first)| first))?;
        let end = next.map(|(key, _)| page::begins(&key).map(|(_, first)| first)).transpose()?;
        Ok(Covering { first, old, end })
    }

    fn apply(&mut self, mut batch: Batch, mark: Mark) -> Result<(), IndexError> {
        let bytes = batch.bytes();
        for (object, tally) in &self.tallies {
            let key = tally_key(*object);
            batch.insert(&key, tally.sealed(&key));
        }
        batch.insert(mark::KEY, mark.sealed());
        self.db.apply(batch)?;
        self.mark = mark;
        self.unflushed = true;
        self.given += bytes;
        if self.given >= FLUSH {
            self.db.flush()?;
            self.given = 0;
        }
        Ok(())
    }
}

fn encoded(record: &Record) -> Result<Vec<u8>, IndexError> {
    codec::write_record(&row_key(record.object, record.id), record).map_err(damaged)
}
