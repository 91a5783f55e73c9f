//! Disk full, read-only, a failing disk, a second process: a clear word, and nothing lost.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use rolecall::store::{CommitError, Options, StoreError};

use crate::faults::{FaultDisk, Plan};
use crate::team::*;

#[test]
fn a_disk_that_fails_at_any_write_refuses_the_change_and_keeps_the_rest() {
    for kind in [ErrorKind::StorageFull, ErrorKind::ReadOnlyFilesystem, ErrorKind::Other] {
        for lasting in [true, false] {
            for step in 1..8 {
                let home = tempfile::tempdir().unwrap();
                let disk = FaultDisk::new(Plan::Count);
                let with = Options { disk: Arc::new(disk.clone()), ..options() };
                let store = open_with(home.path(), with).unwrap();
                found(&store).unwrap();
                commit(&store, "one", vec![made(1)]).unwrap();
                let before = holds(&store, 0..700);
                let at = disk.operations() + step;
                disk.plan(if lasting { Plan::RefuseFrom(at, kind) } else { Plan::Refuse(at, kind) });
                let refused = commit(&store, "many", (2..600).map(made).collect());
                let Err(error) = refused else { continue };
                assert!(matches!(error, CommitError::Store(StoreError::Io { .. })), "{error}");
                if kind == ErrorKind::StorageFull {
                    assert!(error.to_string().contains("free some space"), "{error}");
                }
                assert_eq!(holds(&store, 0..700), before, "reading goes on");
                let error = commit(&store, "another", vec![made(650)]).unwrap_err();
                assert!(matches!(error, CommitError::Store(StoreError::ReadOnly(_))), "{error}");
                assert!(store.read_only().is_some());
                drop(store);
                let store = open(home.path());
                let after = holds(&store, 0..700);
                if !lasting {
                    assert_eq!(after, before, "{kind:?} at {step}: what was refused doesn't come back");
                }
                assert_eq!(after.rows[1], before.rows[1]);
                commit(&store, "again", vec![made(650)]).unwrap();
            }
        }
    }
}

#[test]
fn a_directory_that_cannot_be_written_can_be_read() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    found(&store).unwrap();
    commit(&store, "one", vec![made(1)]).unwrap();
    let before = holds(&store, 0..3);
    store.close().unwrap();
    let disk = FaultDisk::new(Plan::RefuseFrom(1, ErrorKind::ReadOnlyFilesystem));
    let store = open_with(home.path(), Options { disk: Arc::new(disk), ..options() }).unwrap();
    assert_eq!(holds(&store, 0..3), before);
    let error = commit(&store, "two", vec![made(2)]).unwrap_err().to_string();
    assert!(error.contains("read-only"), "{error}");
}

#[test]
fn a_second_opener_is_told_who_holds_the_store() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    let error = open_with(home.path(), options()).unwrap_err().to_string();
    assert!(error.contains(&format!("process {}", std::process::id())), "{error}");
    let waiting = Options { wait: Duration::from_secs(5), ..options() };
    std::thread::scope(|scope| {
        let second = scope.spawn(|| open_with(home.path(), waiting).is_ok());
        std::thread::sleep(Duration::from_millis(60));
        drop(store);
        assert!(second.join().unwrap(), "whoever waits gets in");
    });
}

#[test]
fn with_a_torn_end_on_a_full_disk_everything_acknowledged_can_be_read() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    found(&store).unwrap();
    commit(&store, "one", vec![made(1)]).unwrap();
    let before = holds(&store, 0..3);
    store.close().unwrap();
    let journal = home.path().join("journal/00000000000000000001.journal");
    let mut bytes = std::fs::read(&journal).unwrap();
    bytes.extend_from_slice(b"RCJ1 half a record");
    std::fs::write(&journal, &bytes).unwrap();
    let disk = FaultDisk::new(Plan::RefuseFrom(1, ErrorKind::StorageFull));
    let store = open_with(home.path(), Options { disk: Arc::new(disk), ..options() }).unwrap();
    assert_eq!(holds(&store, 0..3), before);
    let error = commit(&store, "two", vec![made(2)]).unwrap_err().to_string();
    assert!(error.contains("free some space"), "{error}");
    drop(store);
    assert_eq!(std::fs::read(&journal).unwrap(), bytes, "nothing was cut");
    let store = open(home.path());
    assert_eq!(store.findings().len(), 1);
    commit(&store, "two", vec![made(2)]).unwrap();
}

#[test]
fn a_directory_with_other_things_in_it_is_left_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("documents");
    std::fs::create_dir(&dir).unwrap();
    std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(dir.join("letter.txt"), "dear").unwrap();
    let error = open_with(&dir, options()).unwrap_err().to_string();
    assert!(error.contains("holds other things"), "{error}");
    assert_eq!(std::fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o755);
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
    assert!(open_with(&dir.join("letter.txt"), options()).unwrap_err().to_string().contains("is not a directory"));
}
