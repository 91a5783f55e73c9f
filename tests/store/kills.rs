//! Killed at any write, and with the power going: nothing acknowledged is lost, nothing is there by
//! half, and the store opens by itself.

use std::path::Path;
use std::sync::Arc;

use rolecall::model::Change;
use rolecall::store::{Options, Store};

use crate::faults::{FaultDisk, Plan};
use crate::sweep::Sweep;
use crate::team::*;

const ROWS: std::ops::Range<u64> = 0..700;

/// Everything that can be committed, one after the other. Returns what the store held after each
/// commit that was acknowledged.
fn story(dir: &Path, disk: &FaultDisk) -> Vec<Holds> {
    let mut acknowledged = Vec::new();
    // Small files, so that the change of files is swept too.
    let options = Options { disk: Arc::new(disk.clone()), segment_bytes: 2_000, copy_from: 1, ..options() };
    let Ok(store) = open_with(dir, options) else { return acknowledged };
    let mut go = |store: &Store, change: &dyn Fn(&Store) -> Vec<Change>| {
        // Whoever is told that the store takes no more stops.
        if store.read_only().is_none() && commit(store, "story", change(store)).is_ok() {
            acknowledged.push(holds(store, ROWS));
        }
    };
    go(&store, &|_| rolecall::model::shipped::new_team("Paws", "Kim", "kim@paws.example", AT).unwrap());
    for number in 0..3 {
        go(&store, &|_| vec![made(number)]);
    }
    go(&store, &|store| vec![renamed(&store.view(), "Kim Lee")]);
    go(&store, &|_| (3..600).map(made).collect());
    go(&store, &|_| vec![changed(0), changed(500)]);
    go(&store, &|_| vec![Change::Record(rolecall::model::Swap::removed(record(1, "first")))]);
    acknowledged
}

const SWEEP: Sweep = Sweep {
    story,
    rows: ROWS,
    commits: 8,
    operations: 35,
    goes_on: |store, _| commit(store, "goes on", vec![made(699)]).is_ok(),
};

/// The same in one file with room ahead, where several records share a sync after some that didn't.
fn story_in_room(dir: &Path, disk: &FaultDisk) -> Vec<Holds> {
    let mut acknowledged = Vec::new();
    let options = Options { disk: Arc::new(disk.clone()), index: false, ..options() };
    let Ok(store) = open_with(dir, options) else { return acknowledged };
    let team = || rolecall::model::shipped::new_team("Paws", "Kim", "kim@paws.example", AT).unwrap();
    // A set of three records of the journal, for which there is room.
    let many = || (3..1_100).map(made).collect();
    for changes in [team(), vec![made(0)], vec![made(1)], vec![made(2)], many(), vec![changed(0)], vec![changed(1)]] {
        if store.read_only().is_none() && commit(&store, "story", changes).is_ok() {
            acknowledged.push(holds(&store, 0..1_100));
        }
    }
    acknowledged
}

const SWEEP_IN_ROOM: Sweep = Sweep {
    story: story_in_room,
    rows: 0..1_100,
    commits: 7,
    operations: 25,
    goes_on: |store, _| commit(store, "goes on", vec![made(1_200)]).is_ok(),
};

#[test]
fn in_room_that_was_reserved_nothing_acknowledged_is_lost_either() {
    SWEEP_IN_ROOM.run(false);
    SWEEP_IN_ROOM.run(true);
}

#[test]
fn killed_at_any_write_nothing_acknowledged_is_lost() {
    SWEEP.run(false);
}

#[test]
fn with_the_power_cut_at_any_write_nothing_acknowledged_is_lost() {
    SWEEP.run(true);
}

#[test]
fn torn_at_every_byte_the_last_record_is_cut_kept_and_reported() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let disk = FaultDisk::tight(Plan::Count);
    let options = Options { disk: Arc::new(disk.clone()), index: false, ..options() };
    let store = open_with(&dir, options.clone()).unwrap();
    found(&store).unwrap();
    commit(&store, "one", vec![made(1)]).unwrap();
    let journal = dir.join("journal/00000000000000000001.journal");
    let before = std::fs::metadata(&journal).unwrap().len();
    let kept = holds(&store, 0..3);
    commit(&store, "two", vec![made(2)]).unwrap();
    // The process ends without a checkpoint.
    disk.plan(Plan::Kill(disk.operations() + 1));
    drop(store);
    let whole = std::fs::read(&journal).unwrap();
    assert!(!dir.join("team").exists());
    assert!(before < whole.len() as u64);
    for (length, room) in (before..whole.len() as u64).flat_map(|length| [(length, 0), (length, 1000)]) {
        let written = &whole[before as usize..length as usize];
        let bytes = [&whole[..length as usize], &vec![0; room]].concat();
        // What the record ends with is zeros too, and then it is there as a whole.
        if bytes.starts_with(&whole) {
            continue;
        }
        std::fs::write(&journal, &bytes).unwrap();
        let options = Options { index: false, ..crate::team::options() };
        let store = open_with(&dir, options).unwrap();
        assert_eq!(holds(&store, 0..3), kept, "{length}");
        let torn = length > before;
        assert_eq!(store.findings().len(), usize::from(torn), "{length}");
        drop(store);
        let left = if torn { before } else { before + room as u64 };
        assert_eq!(std::fs::metadata(&journal).unwrap().len(), left);
        std::fs::remove_file(dir.join("team")).unwrap();
        let aside = dir.join("journal/torn-4-0");
        let aside = if aside.exists() { aside } else { dir.join("journal/torn-3-0") };
        if torn {
            let kept = std::fs::read(&aside).unwrap();
            assert!(kept == written || (room > 0 && kept.starts_with(written)), "{length}");
            std::fs::remove_file(&aside).unwrap();
        }
    }
}
