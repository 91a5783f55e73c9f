//! Many records at once, in bounded memory and without anybody waiting: an import. What comes in goes
//! into tables that nobody sees yet, and aside in parts ([`super::journal::Asides`]). The end checks
//! all of it against the generation in force, makes what was written aside a part of the journal as
//! one change set, and publishes the tables. Dropped before that, it is as if it had never been.
//!
//! Others commit meanwhile. What they did is put into the tables at the end, read from the journal;
//! where it is about the same records, or takes the same name in another system, the intake is
//! refused. Where the rules changed, everything is judged again.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::codec;
use super::commit::{CommitError, Committed};
use super::error::StoreError;
use super::journal::record::Kind;
use super::journal::{Asides, Journal, Point};
use super::open::Store;
use super::replay::Replay;
use super::shared::{Shared, lock};
use super::spool::{Spool, encoded};
use super::tables::{ChangeRefused, QueryError, Scan, Tables};
use super::view::{Generation, RowsAt, View};
use crate::authz::{Admitted, Facts, Heading, RowJudge, Verdict};
use crate::model::{Change, ObjectId, RecordId};

/// A part has so many changes at most, or about so many bytes.
const PART_CHANGES: usize = 2048;
const PART_BYTES: usize = 1 << 20;
/// So often others may be quicker; then they wait.
const PATIENCE: usize = 3;

/// What the end of an intake is at, for whoever waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// The rules changed meanwhile: so many of so many changes were judged again.
    Judging {
        /// How many were.
        done: u64,
        /// How many there are.
        of: u64,
    },
    /// The orders that lists are in are brought up to date.
    Sorting,
    /// The rest is written, and it is made a part of the journal.
    Writing,
}

/// Goes on for as long as it isn't called off.
fn not_yet(cancelled: &AtomicBool) -> Result<(), StoreError> {
    if cancelled.load(Ordering::Relaxed) { Err(StoreError::Cancelled) } else { Ok(()) }
}

/// Records on their way in.
pub struct Intake {
    shared: Arc<Shared>,
    heading: Arc<Heading>,
    base: View,
    /// How far into the journal the tables are.
    point: Point,
    /// The rules by which everything was judged.
    judged: u64,
    tables: Tables,
    /// Of what objects they are.
    objects: BTreeSet<ObjectId>,
    /// Records that were there before and are changed, as far as they have a name in another system.
    changed: HashSet<(ObjectId, RecordId)>,
    part: Vec<Change>,
    /// New records of the part, whose values the tables don't have yet: their slots and places.
    late: Vec<(u32, usize)>,
    weight: usize,
    /// The most bytes of a part, more or less.
    part_bytes: usize,
    /// Where parts go, until the first one does.
    asides: Option<Asides>,
    spool: Option<Spool>,
    count: u64,
    /// Nothing of it will be kept.
    rehearsal: bool,
}

impl std::fmt::Debug for Intake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Intake").field("count", &self.count).finish_non_exhaustive()
    }
}

impl Store {
    /// Begins to take in what a judge admits, whose rules are those of this view.
    ///
    /// # Errors
    /// Where the records are still being loaded.
    pub fn begin_intake(&self, view: &View, judge: &RowJudge<'_>) -> Result<Intake, CommitError> {
        self.intake(view, judge, false)
    }

    /// The same for a look at what would come of it: it can't be closed.
    ///
    /// # Errors
    /// As [`Store::begin_intake`].
    pub fn rehearse_intake(&self, view: &View, judge: &RowJudge<'_>) -> Result<Intake, CommitError> {
        self.intake(view, judge, true)
    }

    fn intake(&self, view: &View, judge: &RowJudge<'_>, rehearsal: bool) -> Result<Intake, CommitError> {
        let RowsAt::Loaded(tables) = &view.0.rows else { return Err(StoreError::Loading.into()) };
        // What came to light since the records were there counts as well.
        self.shared.wait_loaded(Some(Duration::ZERO))?;
        if judge.generation() != view.snapshot().generation() {
            return Err(CommitError::Stale("the rules were changed meanwhile".to_owned()));
        }
        let mut tables = tables.clone();
        tables.branch();
        let asides = lock(&self.shared.writer).aside();
        Ok(Intake {
            shared: Arc::clone(&self.shared),
            heading: Arc::clone(judge.heading()),
            base: view.clone(),
            point: view.0.point,
            judged: judge.generation(),
            tables,
            objects: BTreeSet::new(),
            changed: HashSet::new(),
            part: Vec::new(),
            late: Vec::new(),
            weight: 0,
            part_bytes: usize::try_from(asides.segment_size()).unwrap_or(usize::MAX).min(PART_BYTES),
            asides: Some(asides),
            spool: None,
            count: 0,
            rehearsal,
        })
    }
}

impl Intake {
    /// What the judge asks: the records with everything that was taken in so far.
    #[must_use]
    pub fn facts(&self) -> &dyn Facts {
        &self.tables
    }

    /// Did something that was taken in here get this name in another system, or have it?
    #[must_use]
    pub fn took(&self, object: ObjectId, external_id: &str) -> bool {
        let Some(id) = self.tables.find_external(object, external_id) else { return false };
        self.changed.contains(&(object, id)) || !self.was_there(object, id)
    }

    fn was_there(&self, object: ObjectId, id: RecordId) -> bool {
        matches!(&self.base.0.rows, RowsAt::Loaded(tables) if tables.has(object, id))
    }

    /// Takes a change in.
    ///
    /// # Errors
    /// Where something isn't as it expects, another judge admitted it, or the disk refuses.
    pub fn put(&mut self, admitted: Admitted) -> Result<(), CommitError> {
        let swap = admitted.under(&self.heading);
        let swap = swap.ok_or_else(|| CommitError::Stale("it was judged for something else".to_owned()))?;
        let named = swap.after.as_ref().is_some_and(|after| after.external_id.is_some());
        let known = swap.before.as_ref().filter(|_| named).map(|before| (before.object, before.id));
        let change = Change::Record(swap);
        if self.part.len() >= PART_CHANGES || self.weight >= self.part_bytes {
            self.spill()?;
        }
        let slot = self.tables.apply_late(&change).map_err(|stale| CommitError::Stale(stale.to_string()))?;
        self.changed.extend(known);
        self.objects.extend(change.record().map(|(object, _)| object));
        self.count += 1;
        self.weight += codec::weight(&change);
        self.late.extend(slot.map(|slot| (slot, self.part.len())));
        self.part.push(change);
        Ok(())
    }

    /// Gives the new records of the part their values.
    fn fill(&mut self) {
        let part = &self.part;
        let record = |place: usize| match part.get(place) {
            Some(Change::Record(swap)) => swap.after.as_ref(),
            _ => None,
        };
        self.tables.fill(self.late.drain(..).filter_map(|(slot, place)| Some((slot, record(place)?))));
    }

    fn spill(&mut self) -> Result<(), StoreError> {
        self.fill();
        self.weight = 0;
        if self.rehearsal {
            self.part.clear();
            return Ok(());
        }
        if let Some(asides) = self.asides.take() {
            self.spool = Some(Spool::start(asides, &self.heading)?);
        }
        let part = std::mem::take(&mut self.part);
        match &mut self.spool {
            Some(spool) => spool.push(part),
            None => Ok(()),
        }
    }

    /// Checks everything against the generation in force, and commits it as one change set.
    ///
    /// # Errors
    /// Where the verdict is over something else, something isn't as the changes expect, the rules in
    /// force say no, or the disk refuses. Nothing happened then.
    pub fn close(self, verdict: &Verdict) -> Result<Committed, CommitError> {
        self.close_while(verdict, &AtomicBool::new(false), &mut |_| {})
    }

    /// The same; `told` hears what it is at, and `cancelled` stops it for as long as nothing is in
    /// force, leaving nothing behind.
    ///
    /// # Errors
    /// As [`Intake::close`], and where it was called off.
    pub fn close_while(
        mut self,
        verdict: &Verdict,
        cancelled: &AtomicBool,
        told: &mut dyn FnMut(Closing),
    ) -> Result<Committed, CommitError> {
        if self.rehearsal || !verdict.covers(&self.heading, self.count) {
            return Err(CommitError::Stale("it was judged for something else".to_owned()));
        }
        if self.count == 0 {
            return Err(CommitError::Stale("there is nothing to change".to_owned()));
        }
        self.fill();
        told(Closing::Writing);
        let mut asides = self.spool.take().map(Spool::finish).transpose()?;
        let shared = Arc::clone(&self.shared);
        let never = AtomicBool::new(false);
        let mut tries = 0;
        let committed = loop {
            let now = shared.view().0;
            self.catch_up(&now, asides.as_ref(), verdict, cancelled, told)?;
            told(Closing::Sorting);
            self.carry_orders(&now, cancelled)?;
            told(Closing::Writing);
            let mut journal = lock(&shared.writer);
            // Damage may have come to light since the intake began.
            shared.wait_loaded(Some(Duration::ZERO))?;
            let current = shared.current.load_full();
            if shared.is_due(&current) {
                continue;
            }
            if current.number != now.number {
                tries += 1;
                if tries < PATIENCE {
                    continue;
                }
                // Others wait now, so nobody calls it off any more.
                self.catch_up(&current, asides.as_ref(), verdict, &never, told)?;
            }
            not_yet(cancelled)?;
            break self.write(&mut journal, asides.as_mut(), &current)?;
        };
        shared.tell();
        Ok(committed)
    }

    /// Brings the tables up to a generation, and judges again if it has other rules.
    fn catch_up(
        &mut self,
        now: &Generation,
        asides: Option<&Asides>,
        verdict: &Verdict,
        cancelled: &AtomicBool,
        told: &mut dyn FnMut(Closing),
    ) -> Result<(), CommitError> {
        not_yet(cancelled)?;
        if self.point != now.point {
            let RowsAt::Loaded(theirs) = &now.rows else { return Err(StoreError::Loading.into()) };
            let refused = |_: ChangeRefused| {
                let what = "others changed some of the same records meanwhile, or used one of their external IDs";
                CommitError::Stale(what.to_owned())
            };
            let mut replay = Replay::after(&self.shared.disk, &self.shared.journal_dir(), self.point, false)?;
            while let Some(happened) = replay.next(now.point.sequence)? {
                let tables = &mut self.tables;
                replay.changes(&happened, |changes| {
                    not_yet(cancelled)?;
                    tables.apply_all(changes).map_err(refused)?;
                    let records = changes.iter().filter_map(Change::record);
                    records.for_each(|(object, id)| tables.also_changed(theirs, object, id));
                    Ok::<(), CommitError>(())
                })?;
            }
            self.point = now.point;
        }
        if self.judged != now.snapshot.generation() {
            let mut judge = verdict.judge_again(&now.snapshot)?;
            let tables = &self.tables;
            let (mut done, of) = (0, self.count);
            let mut again = |changes: &[Change]| -> Result<(), CommitError> {
                not_yet(cancelled)?;
                told(Closing::Judging { done, of });
                for change in changes {
                    if let Change::Record(swap) = change {
                        judge.again(swap, tables)?;
                    }
                }
                done += changes.len() as u64;
                Ok(())
            };
            if let Some(asides) = asides {
                asides.read(|payload| {
                    let part = codec::read_commit(payload);
                    let place = || "a part that was written aside".to_owned();
                    let part = part.map_err(|source| StoreError::Codec { place: place(), source })?;
                    again(&part.changes)
                })?;
            }
            again(&self.part)?;
            judge.close()?;
            self.judged = now.snapshot.generation();
        }
        Ok(())
    }

    /// Has the orders that lists are in ready before anybody needs them.
    fn carry_orders(&mut self, now: &Generation, cancelled: &AtomicBool) -> Result<(), CommitError> {
        let RowsAt::Loaded(theirs) = &now.rows else { return Err(StoreError::Loading.into()) };
        let scan = Scan { cancel: Some(cancelled), ..Scan::default() };
        let carried = self.tables.carry_orders(theirs, &self.objects, now.snapshot.team(), scan);
        carried.map_err(|error| match error {
            QueryError::Cancelled => StoreError::Cancelled.into(),
            other => CommitError::Stale(other.to_string()),
        })
    }

    fn write(
        &mut self,
        journal: &mut Journal,
        asides: Option<&mut Asides>,
        current: &Generation,
    ) -> Result<Committed, CommitError> {
        // It happens now, however long ago it was begun.
        let at = self.shared.stamp(journal, (self.shared.now)())?;
        let heading = Heading { at, ..Heading::clone(&self.heading) };
        let RowsAt::Loaded(theirs) = &current.rows else { return Err(StoreError::Loading.into()) };
        let tables = std::mem::take(&mut self.tables).merged(theirs, &self.objects);
        let last = encoded(&heading, std::mem::take(&mut self.part))?;
        let sequence = match asides {
            Some(asides) => {
                let set = journal.adopt(asides)?;
                journal.append(Kind::Close, set, &last)?
            }
            None => journal.append(Kind::Commit, 0, &last)?,
        };
        let point = journal.sync()?;
        let number = current.number + 1;
        let (snapshot, rows) = (Arc::clone(&current.snapshot), RowsAt::Loaded(tables));
        self.shared.current.store(Arc::new(Generation { number, point, snapshot, rows }));
        Ok(Committed { sequence, generation: number })
    }
}
