//! The way into the store.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use arc_swap::ArcSwap;

use super::commit::{ChangeSet, CommitError, Committed};
use super::error::{Attempt as _, StoreError};
use super::files::{self, Disk};
use super::index::Index;
use super::journal::walk::damage;
use super::journal::{Journal, Point, Skim};
use super::lock::{Lock, NAME as LOCK};
use super::options::{Finding, Now, Options, Progress};
use super::replay::Replay;
use super::secrets::{Presence, Secret, Secrets, Seen, Throttle};
use super::shared::{Shared, Subscriber, lock};
use super::stamp::Stamp;
use super::view::{Generation, RowsAt, View};
use super::{checkpoint, copy, follow, load};
use crate::authz::{Patch, System, compile};
use crate::model::team::{Account, NextIds};
use crate::model::{Change, Moment, Team, UserId};

pub(super) const JOURNAL: &str = "journal";
pub(super) const INDEX: &str = "index";
pub(super) const SECRETS: &str = "secrets";

/// An open data directory.
pub struct Store {
    pub(super) shared: Arc<Shared>,
    thread: Option<JoinHandle<bool>>,
    lock: Option<Lock>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("dir", &self.shared.dir).finish_non_exhaustive()
    }
}

/// Was anything ever kept in this directory?
///
/// # Errors
/// Where it may not be looked into.
pub fn is_made(directory: &Path) -> Result<bool, StoreError> {
    match std::fs::metadata(directory.join(JOURNAL)) {
        Ok(about) => Ok(about.is_dir()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(error).attempt("look into", directory),
    }
}

impl Store {
    /// Opens a data directory, and makes it if there is none. The rules are there at once; the
    /// records are loaded meanwhile, see [`Store::loading`].
    ///
    /// # Errors
    /// Where another process has it, the journal is damaged, or the disk refuses.
    pub fn open(dir: &Path, options: Options, now: Now, _: &System) -> Result<Self, StoreError> {
        let disk = options.disk;
        refuse_foreign(disk.as_ref(), dir)?;
        files::private_dir(disk.as_ref(), dir)?;
        let held = Lock::take(dir, options.wait)?;
        let journal_dir = dir.join(JOURNAL);
        files::private_dir(disk.as_ref(), &journal_dir)?;
        let mut findings = Vec::new();
        let (from, mut team) = match checkpoint::read(disk.as_ref(), dir)? {
            Ok(Some(found)) => found,
            Ok(None) => (Point::START, empty_team()?),
            Err(problem) => {
                findings.push(Finding::Checkpoint(problem.to_string()));
                (Point::START, empty_team()?)
            }
        };
        let index = options.index.then(|| dir.join(INDEX));
        let copied = copy::sequence(disk.as_ref(), dir).unwrap_or(0);
        let known = || index.as_deref().filter(|dir| dir.exists()).map_or(0, in_index).max(copied);
        let (journal, recovered) = Journal::open(&disk, &journal_dir, from, options.segment_bytes, known)?;
        if copied > recovered.end.sequence {
            let problem = format!("the journal ends here, but the file “tables” already has change {copied}");
            let (segment, offset) = journal.end();
            return Err(damage(&journal_dir, segment, offset, recovered.end.sequence + 1, &problem));
        }
        findings.extend(recovered.torn.map(Finding::Torn));
        replay_policy(&disk, &journal_dir, from, recovered.end, &mut team)?;
        let secrets = Secrets::open(&disk, &dir.join(SECRETS))?;
        // Whoever was deleted just before a crash was not forgotten yet (R30).
        if let Err(error) = secrets.forget_all_but(|user| team.users.contains_key(&user)) {
            findings.push(Finding::Kept(error.to_string()));
        }

        let rows = load::handle();
        let snapshot = Arc::new(compile(Arc::new(team), now()).numbered(1));
        let at = RowsAt::Loading(Arc::clone(&rows));
        let shared = Arc::new(Shared {
            dir: dir.to_owned(),
            disk: Arc::clone(&disk),
            now,
            current: ArcSwap::from_pointee(Generation { number: 1, point: recovered.end, snapshot, rows: at }),
            writer: Mutex::new(journal),
            waiting: Mutex::new(Vec::new()),
            skim: Skim::of(&disk, &journal_dir),
            stamp: Stamp::default(),
            secrets,
            subscribers: Mutex::new(Vec::new()),
            progress: Mutex::new(Some(Progress { done: 0, total: 0, failed: None })),
            loaded: Condvar::new(),
            stop: Mutex::new(false),
            wake: Condvar::new(),
            findings: Mutex::new(findings),
            checkpoint: AtomicU64::new(from.sequence),
            copied: Mutex::new(None),
            pace: Mutex::default(),
            copy_from: options.copy_from,
            following: Mutex::new(None),
            after_crash: held.after_crash(),
        });
        let thread = follow::start(&shared, index, rows).attempt("start a thread for", dir)?;
        let store = Self { shared, thread: Some(thread), lock: Some(held) };
        match store.wait(options.load_wait) {
            Err(error @ StoreError::LoadFailed(_)) => Err(error),
            _ => Ok(store),
        }
    }

    /// The generation in force, pinned.
    #[must_use]
    pub fn view(&self) -> View {
        self.shared.view()
    }

    /// Commits what authz has judged; returns once it is on the medium and in force.
    ///
    /// # Errors
    /// Where it is no longer allowed, something isn't as it expects, or the disk refuses.
    pub fn commit(&self, patch: Patch) -> Result<Committed, CommitError> {
        self.shared.commit(vec![patch], None)
    }

    /// Begins a change set: several patches that happen together or not at all.
    ///
    /// # Errors
    /// Where the records can't be loaded.
    pub fn begin_set(&self) -> Result<ChangeSet, CommitError> {
        self.shared.begin_set()
    }

    /// Adds to a change set. Nothing is written before it is closed; dropped, it is as if it had
    /// never been.
    ///
    /// # Errors
    /// Where something isn't as the patch expects.
    pub fn append(&self, set: &mut ChangeSet, patch: Patch) -> Result<(), CommitError> {
        self.shared.append(set, patch)
    }

    /// Commits a change set, judged again as a whole if anything was committed meanwhile.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn close_set(&self, set: ChangeSet) -> Result<Committed, CommitError> {
        self.shared.close_set(set)
    }

    /// How far loading the records is; `None` once they are there.
    #[must_use]
    pub fn loading(&self) -> Option<Progress> {
        lock(&self.shared.progress).clone()
    }

    /// Waits for the records, at most so long.
    ///
    /// # Errors
    /// [`StoreError::Loading`] where that wasn't enough, [`StoreError::LoadFailed`] where they
    /// can't be loaded.
    pub fn wait(&self, most: Duration) -> Result<(), StoreError> {
        self.shared.wait_loaded(Some(most))
    }

    /// Calls somebody after every change, from whatever thread made it, until they answer false.
    pub fn subscribe(&self, subscriber: Subscriber) {
        lock(&self.shared.subscribers).push(subscriber);
    }

    /// Why the store takes no more changes, if it doesn't.
    #[must_use]
    pub fn read_only(&self) -> Option<String> {
        lock(&self.shared.writer).failure().map(str::to_owned)
    }

    /// What opening found and mended.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        lock(&self.shared.findings).clone()
    }

    /// A person's password, if they have one.
    ///
    /// # Errors
    /// Never yet.
    pub fn secret(&self, user: UserId) -> Result<Option<Secret>, StoreError> {
        Ok(self.shared.secrets.secret(user))
    }

    /// Gives a person a password.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn set_secret(&self, user: UserId, secret: Secret) -> Result<(), StoreError> {
        self.shared.secrets.set_secret(user, secret)
    }

    /// Forgets the password, addresses and last visit of somebody who was deleted. Where the disk
    /// refuses, that is a finding, and the next opening tries again.
    pub fn forget(&self, user: UserId) {
        if let Err(error) = self.shared.secrets.forget(user) {
            self.shared.found(Finding::Kept(error.to_string()));
        }
    }

    /// Failed sign-ins under a typed name.
    ///
    /// # Errors
    /// Never yet.
    pub fn throttle(&self, name: &str) -> Result<Throttle, StoreError> {
        Ok(self.shared.secrets.throttle(name))
    }

    /// Keeps failed sign-ins under a typed name.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn set_throttle(&self, name: &str, throttle: Throttle) -> Result<(), StoreError> {
        self.shared.secrets.set_throttle(name, throttle)
    }

    /// Somebody signed in.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn note_sign_in(&self, user: UserId, address: Option<&str>, now: Moment) -> Result<(), StoreError> {
        self.shared.secrets.note_sign_in(user, address, now)
    }

    /// When somebody was last there.
    ///
    /// # Errors
    /// Never yet.
    pub fn last_seen(&self, user: UserId) -> Result<Option<Moment>, StoreError> {
        Ok(self.presence(user).last_seen)
    }

    /// From where somebody signed in (R20).
    ///
    /// # Errors
    /// Never yet.
    pub fn addresses(&self, user: UserId) -> Result<Vec<Seen>, StoreError> {
        Ok(self.presence(user).addresses)
    }

    /// What a person chose under a name, if they did.
    #[must_use]
    pub fn preference(&self, user: UserId, name: &str) -> Option<String> {
        self.shared.secrets.preference(user, name)
    }

    /// How many names a person chose something under.
    #[must_use]
    pub fn preferences(&self, user: UserId) -> usize {
        self.shared.secrets.preferences(user)
    }

    /// Keeps what a person chose under a name; nothing takes it away.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn set_preference(&self, user: UserId, name: &str, chosen: Option<&str>) -> Result<(), StoreError> {
        self.shared.secrets.set_preference(user, name, chosen)
    }

    fn presence(&self, user: UserId) -> Presence {
        self.shared.secrets.presence(user)
    }

    /// Closes the store in order.
    ///
    /// # Errors
    /// Where the last checkpoint can't be written; nothing acknowledged is lost by that.
    pub fn close(mut self) -> Result<(), StoreError> {
        self.finish()
    }

    fn finish(&mut self) -> Result<(), StoreError> {
        let Some(thread) = self.thread.take() else { return Ok(()) };
        *lock(&self.shared.stop) = true;
        self.shared.wake.notify_all();
        let index_closed = thread.join().unwrap_or(false);
        // Where something was wrong, nothing is written that would look as if all were well.
        let loaded = lock(&self.shared.progress).is_none();
        if loaded && lock(&self.shared.writer).failure().is_none() {
            self.shared.write_checkpoint(1)?;
            lock(&self.shared.writer).trim();
            if let Some(held) = self.lock.take().filter(|_| index_closed) {
                held.close()?;
            }
        }
        Ok(())
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // Whoever wants to know closes it.
        let _ = self.finish();
    }
}

/// A directory that holds something else is not touched, and least of all closed to others.
fn refuse_foreign(disk: &dyn Disk, dir: &Path) -> Result<(), StoreError> {
    let names = match disk.names(dir) {
        // Something that isn't a directory gets its own words later.
        Err(error) if error.kind() == ErrorKind::NotADirectory => return Ok(()),
        names => names.attempt("read", dir)?,
    };
    let ours = names.iter().any(|name| name == JOURNAL || name == LOCK);
    if ours || names.iter().all(|name| name == "lost+found") {
        return Ok(());
    }
    let problem = "holds other things and no account; name a directory that is empty or isn't there yet".to_owned();
    Err(StoreError::Unfit { path: dir.to_owned(), problem })
}

fn in_index(dir: &Path) -> u64 {
    // Asked only about a bad last record: an index that can't be opened knows nothing.
    Index::open(dir).map_or(0, |index| {
        let reached = index.mark().reached;
        let _ = index.close();
        reached
    })
}

/// A directory without an account.
pub(super) fn empty_team() -> Result<Team, StoreError> {
    let next = NextIds { user: 0, role: 0, object: 0, section: 0, field: 0, permission: 0 };
    let account =
        Account { name: String::new(), time_zone: None, seats: None, agent_seats: None, permissions: Vec::new(), next };
    Team::new(account).map_err(|problem| StoreError::Replay { sequence: 0, problem: problem.to_string() })
}

/// Brings the team up to the end of the journal.
fn replay_policy(disk: &Arc<dyn Disk>, dir: &Path, from: Point, end: Point, team: &mut Team) -> Result<(), StoreError> {
    let mut replay = Replay::after(disk, dir, from, false)?;
    while let Some(happened) = replay.next(end.sequence)? {
        let sequence = happened.point.sequence;
        replay.changes::<StoreError>(&happened, |changes| {
            changes.iter().filter(|change| Change::is_policy(change)).try_for_each(|change| {
                team.apply(change).map_err(|stale| StoreError::Replay { sequence, problem: stale.to_string() })
            })
        })?;
    }
    Ok(())
}
