//! What every part of an open store shares: the generation in force, the writer, who is to be told.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;

use super::behind::Following;
use super::commit::Request;
use super::copy::{Copied, Pace};
use super::error::StoreError;
use super::files::Disk;
use super::journal::{Journal, Skim};
use super::options::{Finding, Now, Progress};
use super::secrets::Secrets;
use super::stamp::Stamp;
use super::tables::Tables;
use super::view::{Generation, RowsAt, View};
use crate::model::Moment;

/// Called after every change with the new generation's number, until it answers false.
pub type Subscriber = Box<dyn FnMut(u64) -> bool + Send>;

pub(super) struct Shared {
    pub(super) dir: PathBuf,
    pub(super) disk: Arc<dyn Disk>,
    pub(super) now: Now,
    pub(super) current: ArcSwap<Generation>,
    pub(super) writer: Mutex<Journal>,
    pub(super) waiting: Mutex<Vec<Request>>,
    /// The way through the journal, for the history.
    pub(super) skim: Skim,
    /// The time of its newest entry.
    pub(super) stamp: Stamp,
    pub(super) secrets: Secrets,
    pub(super) subscribers: Mutex<Vec<Subscriber>>,
    pub(super) progress: Mutex<Option<Progress>>,
    pub(super) loaded: Condvar,
    pub(super) stop: Mutex<bool>,
    pub(super) wake: Condvar,
    pub(super) findings: Mutex<Vec<Finding>>,
    /// The sequence of the newest checkpoint.
    pub(super) checkpoint: AtomicU64,
    /// What the newest copy of the records holds, if there is one that can be used.
    pub(super) copied: Mutex<Option<Copied>>,
    pub(super) pace: Mutex<Pace>,
    /// A store with fewer records has no copy of them.
    pub(super) copy_from: u64,
    /// The index, while there is one.
    pub(super) following: Mutex<Option<Following>>,
    /// The last process ended without closing the store.
    pub(super) after_crash: bool,
    /// An index that is damaged could not be put aside, so the next start must look at all of it.
    pub(super) damage_stays: AtomicBool,
}

/// A lock that outlives a panic of somebody else.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn journal_dir(&self) -> PathBuf {
        self.dir.join("journal")
    }

    /// The generation in force, compiled anew if an exception ended since.
    pub(super) fn view(&self) -> View {
        let current = self.current.load_full();
        if !self.is_due(&current) {
            return View(current);
        }
        self.refresh();
        View(self.current.load_full())
    }

    pub(super) fn is_due(&self, generation: &Generation) -> bool {
        generation.snapshot.next_change().is_some_and(|next| (self.now)() >= next)
    }

    /// Publishes the rules anew if time has changed them.
    pub(super) fn refresh(&self) {
        let writer = lock(&self.writer);
        let current = self.current.load_full();
        if !self.is_due(&current) {
            return;
        }
        let number = current.number + 1;
        let team = Arc::clone(current.snapshot.team());
        let snapshot = current.snapshot.renewed(team, (self.now)()).numbered(number);
        let rows = current.rows.clone();
        self.current.store(Arc::new(Generation { number, point: current.point, snapshot: Arc::new(snapshot), rows }));
        drop(writer);
        self.tell();
    }

    /// Publishes the records, once they are all there.
    pub(super) fn publish_rows(&self, tables: Tables) {
        let writer = lock(&self.writer);
        let current = self.current.load_full();
        let number = current.number + 1;
        let snapshot = Arc::clone(&current.snapshot);
        let rows = RowsAt::Loaded(tables);
        self.current.store(Arc::new(Generation { number, point: current.point, snapshot, rows }));
        drop(writer);
        *lock(&self.progress) = None;
        self.loaded.notify_all();
        self.tell();
    }

    /// Tells everyone who wants to know that there is a newer generation.
    pub(super) fn tell(&self) {
        loop {
            let number = self.current.load().number;
            // Out of the lock while they are called: one may want to subscribe another.
            let mut told = std::mem::take(&mut *lock(&self.subscribers));
            told.retain_mut(|subscriber| subscriber(number));
            let mut subscribers = lock(&self.subscribers);
            told.append(&mut subscribers);
            *subscribers = told;
            drop(subscribers);
            // Whoever published meanwhile found nobody to tell.
            if self.current.load().number == number {
                break;
            }
        }
        let _stop = lock(&self.stop);
        self.wake.notify_all();
    }

    pub(super) fn set_progress(&self, done: u64, total: u64) {
        *lock(&self.progress) = Some(Progress { done, total: total.max(done), failed: None });
    }

    pub(super) fn fail_loading(&self, reason: String) {
        let mut progress = lock(&self.progress);
        let (done, total) = progress.as_ref().map_or((0, 0), |progress| (progress.done, progress.total));
        *progress = Some(Progress { done, total, failed: Some(reason) });
        drop(progress);
        self.loaded.notify_all();
    }

    /// Waits until the records are there, at most so long.
    pub(super) fn wait_loaded(&self, most: Option<Duration>) -> Result<(), StoreError> {
        let since = Instant::now();
        let mut progress = lock(&self.progress);
        loop {
            match &*progress {
                None => return Ok(()),
                Some(Progress { failed: Some(reason), .. }) => return Err(StoreError::LoadFailed(reason.clone())),
                Some(_) => {}
            }
            let left = most.map(|most| most.saturating_sub(since.elapsed()));
            if left.is_some_and(|left| left.is_zero()) {
                return Err(StoreError::Loading);
            }
            let pause = left.unwrap_or(Duration::from_secs(1));
            let (next, _) = self.loaded.wait_timeout(progress, pause).unwrap_or_else(PoisonError::into_inner);
            progress = next;
        }
    }

    /// The time of the entry that the writer, who is at it, adds next: not before the last one's.
    pub(super) fn stamp(&self, journal: &Journal, at: Moment) -> Result<Moment, StoreError> {
        self.stamp.next(journal, &self.skim, at)
    }

    /// Is the store being closed?
    pub(super) fn is_closing(&self) -> bool {
        *lock(&self.stop)
    }

    /// Waits, and answers whether the store is still to stay open then.
    pub(super) fn stays_open(&self, after: Duration) -> bool {
        let stop = lock(&self.stop);
        let waited = self.wake.wait_timeout_while(stop, after, |stop| !*stop);
        !*waited.unwrap_or_else(PoisonError::into_inner).0
    }

    pub(super) fn found(&self, finding: Finding) {
        lock(&self.findings).push(finding);
    }

    pub(super) fn checkpointed(&self) -> u64 {
        self.checkpoint.load(Ordering::SeqCst)
    }

    /// Writes the team down at the generation in force, if enough happened since the last time.
    pub(super) fn write_checkpoint(&self, at_least: u64) -> Result<(), StoreError> {
        let current = self.current.load_full();
        if current.point.sequence < self.checkpointed().saturating_add(at_least) {
            return Ok(());
        }
        super::checkpoint::write(self.disk.as_ref(), &self.dir, current.point, current.snapshot.team())?;
        self.checkpoint.store(current.point.sequence, Ordering::SeqCst);
        Ok(())
    }
}
