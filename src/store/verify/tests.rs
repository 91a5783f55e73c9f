//! While the history is checked, the index goes on being kept up.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use super::*;
use crate::model::Moment;
use crate::model::shipped::new_team;
use crate::store::Options;
use crate::store::files::{DiskFile, Mode};
use crate::store::shared::Shared;

/// Looks whether the index is free whenever the journal is opened.
#[derive(Default)]
struct Watching {
    shared: OnceLock<Weak<Shared>>,
    free: AtomicU32,
}

impl std::fmt::Debug for Watching {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watching")
    }
}

impl Disk for Watching {
    fn open(&self, path: &Path, mode: Mode) -> io::Result<Box<dyn DiskFile>> {
        if path.extension().is_some_and(|end| end == "journal")
            && let Some(shared) = self.shared.get().and_then(Weak::upgrade)
            && shared.following.try_lock().is_ok()
        {
            self.free.fetch_add(1, Ordering::SeqCst);
        }
        RealDisk.open(path, mode)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        RealDisk.make_dir(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        RealDisk.sync_dir(path)
    }

    fn names(&self, path: &Path) -> io::Result<Vec<String>> {
        RealDisk.names(path)
    }
}

#[test]
fn the_index_is_not_held_while_the_journal_is_walked() {
    let home = tempfile::tempdir().unwrap();
    let disk = Arc::new(Watching::default());
    let options = Options { load_wait: Duration::from_secs(20), disk: disk.clone(), ..Options::default() };
    let system = System::for_the_data_directory();
    let store = Store::open(home.path(), options, Arc::new(|| Moment(1)), &system).unwrap();
    let view = store.view();
    let commit = crate::model::Commit {
        actor: crate::model::Actor::Operator,
        at: Moment(1),
        reason: crate::model::Reason("init".to_owned()),
        changes: new_team("Paws", "Kim", "kim@paws.example", Moment(1)).unwrap(),
    };
    let patch = view.snapshot().permit_commit(crate::authz::Subject::Operator, commit, &view).unwrap();
    store.commit(patch).unwrap();
    // What there was to be made up is made up.
    assert!(store.verify(None, &system).unwrap().is_sound());
    disk.shared.set(Arc::downgrade(&store.shared)).unwrap();
    assert!(store.verify(None, &system).unwrap().is_sound());
    // Once to walk it, and once to go on from its end.
    assert!(disk.free.load(Ordering::SeqCst) > 1);
}
