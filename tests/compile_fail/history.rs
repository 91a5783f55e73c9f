//! The data directory, its copies and its history ask for a witness each.
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rolecall::authz::Columns;
use rolecall::model::Moment;
use rolecall::store::{Options, Store, restore, verify};

fn open(dir: &Path) {
    let _ = Store::open(dir, Options::default(), Arc::new(|| Moment(0)), &());
}

fn copies(store: &Store, dir: &Path) {
    let _ = store.backup(dir, &());
    let _ = restore(dir, dir, &());
    let _ = verify(dir, None, Duration::ZERO, &());
}

fn history(store: &Store, columns: &Columns) {
    let _ = store.history(columns, None, 10);
}

fn main() {}
