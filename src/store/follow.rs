//! The thread beside the writer: it loads the records, then keeps the index up with the journal,
//! writes checkpoints, and has the rules compiled anew when an exception ends. It works from what
//! is published and synced, so that it may be behind, and may fail, without anybody waiting.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::behind::{self, Following};
use super::copy;
use super::error::StoreError;
use super::index::Rows;
use super::journal::Point;
use super::load::{self, Found};
use super::options::Finding;
use super::shared::{Shared, lock};

/// Commits between two checkpoints of the team.
const CHECKPOINT: u64 = 2000;
/// How long after the records are there the index is opened.
const INDEX_AFTER: Duration = Duration::from_secs(1);
/// How long closing waits for the index.
const AT_CLOSE: Duration = Duration::from_millis(500);
const LONGEST_SLEEP: Duration = Duration::from_secs(20);

/// Runs until the store is closed. `true`: everything is in order.
pub(super) fn run(shared: &Shared, index: Option<PathBuf>, rows: &OnceLock<Rows>) -> bool {
    let has_index = index.is_some();
    let head = shared.current.load().point;
    // Held until the index is there, so that a check of the store waits for it.
    let mut following = lock(&shared.following);
    let copy = copy::load(&shared.disk, &shared.dir, head);
    let ready = copy.is_some();
    if let Some((copied, tables)) = copy {
        *lock(&shared.copied) = Some(copied);
        shared.publish_rows(tables);
    }
    // With the records there, the index can wait: a short command is done by then. After a crash it
    // can't: it may know of changes that the journal lost.
    let waits = ready && index.is_some() && !shared.after_crash;
    if !waits || shared.stays_open(INDEX_AFTER) {
        open(shared, index.as_deref(), head, rows, ready, &mut following);
    }
    drop(following);
    loop {
        let stopping = sleep(shared);
        // Has the rules compiled anew if it is time.
        shared.view();
        step(shared, stopping);
        let _ = shared.write_checkpoint(CHECKPOINT);
        let _ = copy::keep(shared);
        if stopping {
            break;
        }
    }
    // What the index may have lost in a crash is in doubt until an index was held against the journal.
    match lock(&shared.following).take() {
        Some(following) => following.close(),
        None => !(has_index && (shared.after_crash || shared.damage_stays.load(Ordering::Acquire))),
    }
}

/// Gets the records, unless they are there already, and the index ready.
fn open(
    shared: &Shared,
    index: Option<&Path>,
    head: Point,
    rows: &OnceLock<Rows>,
    ready: bool,
    following: &mut Option<Following>,
) {
    match load::load(shared, index, head, rows, ready) {
        // A history that lost its end is no place to go on from. Without an index, the journal has
        // everything.
        Err(error) if ready && !matches!(error, StoreError::Damaged(_)) => {
            shared.found(Finding::NoIndex(error.to_string()))
        }
        Err(error) => shared.fail_loading(error.to_string()),
        Ok((found, tables)) => {
            *following = index.zip(found).and_then(|(dir, found)| follow(shared, dir, found));
            if let Some(tables) = tables {
                shared.publish_rows(tables);
            }
        }
    }
}

fn follow(shared: &Shared, dir: &Path, found: Found) -> Option<Following> {
    let following = Following::new(shared, dir, found.index, found.doubted);
    following.map_err(|error| shared.found(Finding::NoIndex(error.to_string()))).ok()
}

fn step(shared: &Shared, stopping: bool) {
    let mut slot = lock(&shared.following);
    let Some(mut following) = slot.take() else { return };
    let current = shared.current.load_full();
    let since = Instant::now();
    // Closing doesn't wait for long: the next start goes on from there.
    let go_on = || {
        // An exception that ends meanwhile doesn't wait for the index.
        shared.view();
        if stopping { since.elapsed() < AT_CLOSE } else { !shared.is_closing() }
    };
    *slot = match following.step(shared, &current, stopping, go_on) {
        Ok(()) => Some(following),
        Err(error) => {
            let (renewed, finding) = following.anew(shared, error);
            shared.found(finding);
            renewed
        }
    };
}

/// Sleeps until there is something to do; answers whether the store is being closed.
fn sleep(shared: &Shared) -> bool {
    let current = shared.current.load_full();
    let (behind, dirty) = match &*lock(&shared.following) {
        Some(following) => (following.is_behind(current.point.sequence), following.dirty),
        None => (false, false),
    };
    let mut pause = if dirty { behind::FLUSH } else { LONGEST_SLEEP };
    if let Some(next) = current.snapshot.next_change() {
        let left = u64::try_from(next.0.saturating_sub((shared.now)().0)).unwrap_or(0);
        pause = pause.min(Duration::from_millis(left.max(10)));
    }
    let stop = lock(&shared.stop);
    if *stop || behind || shared.current.load().number != current.number {
        return *stop;
    }
    let (stop, _) = shared.wake.wait_timeout(stop, pause).unwrap_or_else(PoisonError::into_inner);
    *stop
}

/// Starts the thread.
pub(super) fn start(
    shared: &Arc<Shared>,
    index: Option<PathBuf>,
    rows: Arc<OnceLock<Rows>>,
) -> std::io::Result<std::thread::JoinHandle<bool>> {
    let shared = Arc::clone(shared);
    std::thread::Builder::new().name("rolecall-store".to_owned()).spawn(move || {
        let ran = catch_unwind(AssertUnwindSafe(|| run(&shared, index, &rows)));
        if ran.is_err() && lock(&shared.progress).is_some() {
            // Nobody may wait for records that will not come.
            shared.fail_loading("reading them gave up; run `rolecall verify`".to_owned());
        }
        ran.unwrap_or(false)
    })
}
