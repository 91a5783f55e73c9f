//! The store neither reads nor writes a row without a witness, or with the wrong one.
use std::sync::atomic::AtomicBool;

use rolecall::authz::{Columns, Permit, View as ToView};
use rolecall::model::{Commit, ObjectId, Record, RecordId};
use rolecall::store::{ListQuery, MayChange, Page, Row, Store, View};

fn commit(store: &Store, commit: Commit) {
    let _ = store.commit(commit);
}

fn row_by_id(view: &View) -> Option<Record> {
    view.row(RecordId(1))
}

fn whole_row_for_a_look(view: &View, permit: &Permit<ToView>) -> Option<Record> {
    view.row(permit)
}

fn read_everything(view: &View, permit: &Permit<ToView>) -> Option<Row> {
    view.read(permit, ObjectId::CONTACTS)
}

fn page(view: &View, columns: &Columns, query: &ListQuery) -> Option<Page> {
    view.page(ObjectId::CONTACTS, columns, query, &AtomicBool::new(false)).ok()
}

struct Forged;

impl MayChange for Forged {
    fn object(&self) -> ObjectId {
        ObjectId::CONTACTS
    }

    fn id(&self) -> RecordId {
        RecordId(1)
    }
}

fn main() {}
