//! What the store is made of can't be gone round to: neither the rows on disk nor those in memory.
use std::path::Path;

fn disk(dir: &Path) {
    let _ = rolecall::store::index::Index::open(dir);
}

fn bytes(bytes: &[u8]) {
    let _ = rolecall::store::codec::read_commit(bytes);
}

fn memory() {
    let _ = rolecall::store::tables::Tables::default();
}

fn judging() {
    let _ = rolecall::authz::witness::Permit::<rolecall::authz::View>::new;
}

fn main() {}
