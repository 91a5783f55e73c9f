//! Committing: judge again what was judged under older rules, check that everything is as the
//! change expects, write, sync, publish. Whoever gets the writer takes everybody who waits along,
//! so that they share one sync.

use std::sync::{Arc, Mutex};

use super::codec;
use super::error::StoreError;
use super::journal::record::Kind;
use super::journal::{Journal, Point};
use super::shared::{Shared, lock};
use super::tables::Tables;
use super::view::{Generation, RowsAt, View};
use crate::authz::{Denied, Patch, Snapshot};
use crate::model::{Actor, Change, Commit, Moment, Reason};

/// A commit with more changes or bytes is written as a change set.
const PART_CHANGES: usize = 512;
const PART_BYTES: usize = 1 << 20;

/// A commit that is on the medium and in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Its number in the journal.
    pub sequence: u64,
    /// The first generation that has it.
    pub generation: u64,
}

/// A commit that did not happen.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Something isn't as the change expects.
    #[error("{0}")]
    Stale(String),
    /// The rules in force say no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store can't.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Somebody who waits for the writer.
pub(super) struct Request {
    patches: Vec<Patch>,
    /// Judged while the records weren't all there.
    early: bool,
    /// What the patches come to on top of a generation, worked out beforehand.
    prepared: Option<(u64, Work)>,
    answer: Arc<Mutex<Option<Result<Committed, CommitError>>>>,
}

/// The state on which the next patch is put.
#[derive(Debug, Clone)]
pub(super) struct Work {
    snapshot: Arc<Snapshot>,
    tables: Tables,
    /// Records changed since the rules were published: what was judged of them may be out of date.
    moved: bool,
}

/// Commits that will happen together or not at all, judged one after the other.
#[derive(Debug)]
pub struct ChangeSet {
    base: Arc<Generation>,
    work: Work,
    patches: Vec<Patch>,
}

impl ChangeSet {
    /// Rules and records as they would be with everything in the set so far. For judging the next
    /// patch, and for nothing else.
    #[must_use]
    pub fn view(&self) -> View {
        let number = self.base.number + 1;
        let rows = RowsAt::Loaded(self.work.tables.clone());
        let snapshot = Arc::clone(&self.work.snapshot);
        View(Arc::new(Generation { number, point: self.base.point, snapshot, rows }))
    }
}

impl Shared {
    /// Begins a change set.
    pub(super) fn begin_set(&self) -> Result<ChangeSet, CommitError> {
        self.wait_loaded(None)?;
        let base = self.view().0;
        let RowsAt::Loaded(tables) = &base.rows else { return Err(StoreError::Loading.into()) };
        let work = Work { snapshot: Arc::clone(&base.snapshot), tables: tables.clone(), moved: false };
        Ok(ChangeSet { base, work, patches: Vec::new() })
    }

    /// Adds to a change set; nothing is written before it is closed.
    pub(super) fn append(&self, set: &mut ChangeSet, mut patch: Patch) -> Result<(), CommitError> {
        self.put(&mut set.work, &mut patch, set.base.number + 1, false)?;
        set.patches.push(patch);
        Ok(())
    }

    /// Commits, and returns once that is on the medium and published.
    pub(super) fn commit(&self, patches: Vec<Patch>, set: Option<(u64, Work)>) -> Result<Committed, CommitError> {
        let early = !self.view().is_loaded();
        self.wait_loaded(None)?;
        let answer = Arc::new(Mutex::new(None));
        lock(&self.waiting).push(Request { patches, early, prepared: set, answer: Arc::clone(&answer) });
        let mut journal = lock(&self.writer);
        let theirs = lock(&answer).take();
        if let Some(result) = theirs {
            return result;
        }
        let requests = std::mem::take(&mut *lock(&self.waiting));
        let published = self.commit_all(&mut journal, requests);
        drop(journal);
        if published {
            self.tell();
        }
        let mine = lock(&answer).take();
        mine.unwrap_or_else(|| Err(StoreError::ReadOnly("the writer gave up".to_owned()).into()))
    }

    pub(super) fn close_set(&self, set: ChangeSet) -> Result<Committed, CommitError> {
        let ChangeSet { base, work, patches } = set;
        self.commit(patches, Some((base.number, work)))
    }

    fn commit_all(&self, journal: &mut Journal, requests: Vec<Request>) -> bool {
        let base = self.current.load_full();
        let RowsAt::Loaded(tables) = &base.rows else { return false };
        let moved = base.number != base.snapshot.generation();
        let mut work = Work { snapshot: Arc::clone(&base.snapshot), tables: tables.clone(), moved };
        let number = base.number + 1;
        let mut done = Vec::new();
        for request in requests {
            let Request { mut patches, early, prepared, answer } = request;
            let ready = prepared.filter(|(on, _)| *on == base.number && done.is_empty()).map(|(_, work)| work);
            match self.take(journal, &mut work, &mut patches, early, ready, number) {
                Ok(sequence) => done.push((answer, sequence)),
                Err(error) => *lock(&answer) = Some(Err(error)),
            }
        }
        if done.is_empty() {
            return false;
        }
        let point = match journal.sync() {
            Ok(point) => point,
            Err(error) => {
                let reason = error.to_string();
                let mut first = Some(error);
                for (answer, _) in done {
                    let error = first.take().unwrap_or_else(|| StoreError::ReadOnly(reason.clone()));
                    *lock(&answer) = Some(Err(error.into()));
                }
                return false;
            }
        };
        self.publish(&work, number, point);
        for (answer, sequence) in done {
            *lock(&answer) = Some(Ok(Committed { sequence, generation: number }));
        }
        true
    }

    fn publish(&self, work: &Work, number: u64, point: Point) {
        let rows = RowsAt::Loaded(work.tables.clone());
        let snapshot = Arc::clone(&work.snapshot);
        self.current.store(Arc::new(Generation { number, point, snapshot, rows }));
    }

    /// One request: on top of the work so far, or not at all.
    fn take(
        &self,
        journal: &mut Journal,
        work: &mut Work,
        patches: &mut [Patch],
        early: bool,
        ready: Option<Work>,
        number: u64,
    ) -> Result<u64, CommitError> {
        if let Some(reason) = journal.failure() {
            return Err(StoreError::ReadOnly(reason.to_owned()).into());
        }
        let due = work.snapshot.next_change().is_some_and(|next| (self.now)() >= next);
        let next = match ready.filter(|_| !due) {
            Some(ready) => ready,
            None => {
                let mut next = work.clone();
                if due {
                    let team = Arc::clone(next.snapshot.team());
                    next.snapshot = Arc::new(next.snapshot.renewed(team, (self.now)()).numbered(number));
                }
                let judge = early || patches.len() > 1;
                for patch in &mut *patches {
                    self.put(&mut next, patch, number, judge)?;
                }
                next
            }
        };
        let (Some(first), Some(last)) = (patches.first(), patches.iter().map(|patch| patch.commit().at).max()) else {
            return Err(CommitError::Stale("there is nothing to change".to_owned()));
        };
        let at = self.stamp(journal, last)?;
        let sequence = write(journal, first.commit(), at, patches)?;
        *work = next;
        Ok(sequence)
    }

    /// Puts a patch on top of a state.
    fn put(&self, work: &mut Work, patch: &mut Patch, number: u64, judge: bool) -> Result<(), CommitError> {
        let policy = patch.commit().changes.iter().any(Change::is_policy);
        if judge || patch.generation() != work.snapshot.generation() || (policy && work.moved) {
            patch.judge_again(&work.snapshot, &work.tables)?;
        }
        let rules = if policy { Some(self.rules_after(work, patch)?) } else { None };
        let (changes, mut tables) = (&patch.commit().changes, work.tables.clone());
        tables.apply_all(changes).map_err(|stale| CommitError::Stale(stale.to_string()))?;
        work.moved |= changes.iter().any(|change| !change.is_policy());
        work.tables = tables;
        if let Some(rules) = rules {
            work.snapshot = Arc::new(rules.numbered(number));
        }
        Ok(())
    }

    /// The rules after a patch: mostly those that judging it worked out.
    fn rules_after(&self, work: &Work, patch: &mut Patch) -> Result<Snapshot, CommitError> {
        let now = (self.now)();
        if let Some(rules) = patch.take_outcome(work.snapshot.team(), now) {
            return Ok(rules);
        }
        let mut team = (**work.snapshot.team()).clone();
        let applied = patch.commit().changes.iter().try_for_each(|change| team.apply(change));
        applied.map_err(|stale| CommitError::Stale(stale.to_string()))?;
        Ok(work.snapshot.renewed(Arc::new(team), now))
    }
}

/// Writes patches as one commit, or as a change set if they are too much for one record.
fn write(journal: &mut Journal, head: &Commit, at: Moment, patches: &[Patch]) -> Result<u64, StoreError> {
    let changes: Vec<&Change> = patches.iter().flat_map(|patch| &patch.commit().changes).collect();
    let mut parts: Vec<Vec<Change>> = vec![Vec::new()];
    let mut bytes = 0;
    for change in changes {
        let weight = codec::weight(change);
        let full = parts.last().is_some_and(|part| part.len() >= PART_CHANGES || bytes + weight > PART_BYTES);
        if full && bytes > 0 {
            parts.push(Vec::new());
            bytes = 0;
        }
        bytes += weight;
        if let Some(part) = parts.last_mut() {
            part.push(change.clone());
        }
    }
    let last = parts.len() - 1;
    let set = if last > 0 { journal.next() } else { 0 };
    let mut sequence = 0;
    for (number, changes) in parts.into_iter().enumerate() {
        let kind = match number {
            0 if last == 0 => Kind::Commit,
            number if number == last => Kind::Close,
            _ => Kind::Part,
        };
        let part = part(head.actor, at, &head.reason, changes);
        let payload = codec::write_commit(&part)
            .map_err(|source| StoreError::Codec { place: "this change".to_owned(), source })?;
        sequence = journal.append(kind, set, &payload)?;
    }
    Ok(sequence)
}

fn part(actor: Actor, at: Moment, reason: &Reason, changes: Vec<Change>) -> Commit {
    Commit { actor, at, reason: reason.clone(), changes }
}
