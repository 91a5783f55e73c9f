//! With the program's own witness, or the gate's, they answer.
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rolecall::authz::{Audit, System};
use rolecall::model::Moment;
use rolecall::store::{Options, Store, restore, verify};

pub fn open(dir: &Path, system: &System) {
    let _ = Store::open(dir, Options::default(), Arc::new(|| Moment(0)), system);
}

pub fn copies(store: &Store, dir: &Path, system: &System) {
    let _ = store.backup(dir, system);
    let _ = restore(dir, dir, system);
    let _ = verify(dir, None, Duration::ZERO, system);
}

pub fn history(store: &Store, audit: &Audit) {
    let _ = store.history(audit, None, 10);
}
