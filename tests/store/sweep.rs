//! A story told again and again, with the disk killed at each of its operations in turn: what was
//! acknowledged is there afterwards, and what was under way is there as a whole or not at all.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rolecall::store::{Store, verify};

use crate::faults::{FaultDisk, Plan};
use crate::team::*;

/// What is told, and what must be true of it.
pub struct Sweep {
    /// Commits to a store in this directory on this disk; returns what the store held after each commit
    /// that was acknowledged.
    pub story: fn(&Path, &FaultDisk) -> Vec<Holds>,
    /// The records that are looked at.
    pub rows: Range<u64>,
    /// So many commits are acknowledged where nothing goes wrong.
    pub commits: usize,
    /// It takes more operations of the disk than this.
    pub operations: u64,
    /// Looks at a store that was opened again, and whether it takes more.
    pub goes_on: fn(&Store, &Path) -> bool,
}

impl Sweep {
    /// Kills at each operation; or cuts the power there, too, so that what wasn't synced is lost.
    pub fn run(&self, power: bool) {
        let home = tempfile::tempdir().unwrap();
        let disk = FaultDisk::new(Plan::Count);
        let whole = (self.story)(&home.path().join("whole"), &disk);
        assert_eq!(whole.len(), self.commits);
        let operations = disk.operations();
        assert!(operations > self.operations, "{operations}");
        for at in 1..=operations {
            let dir = home.path().join(format!("{at}"));
            let disk = FaultDisk::new(Plan::Kill(at));
            let acknowledged = (self.story)(&dir, &disk);
            if power {
                disk.cut_power();
            }
            let store = open(&dir);
            let after = holds(&store, self.rows.clone());
            let count = acknowledged.len();
            assert!(acknowledged == whole[..count], "kill {at}");
            let last = acknowledged.last().cloned().unwrap_or(Holds {
                team: Arc::clone(open(&home.path().join("nothing")).view().team()),
                rows: vec![None; after.rows.len()],
            });
            // What was under way may be there as a whole.
            let next = whole.get(count);
            assert!(after == last || Some(&after) == next, "kill {at} of {operations}, {count} acknowledged");
            assert!((self.goes_on)(&store, &dir) || after.team.users.is_empty(), "kill {at}");
            store.close().unwrap();
            let report = verify(&dir, None, Duration::ZERO, &system()).unwrap();
            assert_eq!(report.problems, Vec::<String>::new(), "kill {at}");
            std::fs::remove_dir_all(&dir).unwrap();
        }
        println!("killed at each of {operations} operations, power cut: {power}");
    }
}
