//! With the right ones it does.
use std::sync::atomic::AtomicBool;

use rolecall::authz::{Columns, Edit, Patch, Permit, View as ToView, Visible};
use rolecall::model::Record;
use rolecall::store::{ListQuery, Page, Row, Store, View};

pub fn commit(store: &Store, patch: Patch) {
    let _ = store.commit(patch);
}

pub fn row(view: &View, permit: &Permit<Edit>) -> Option<Record> {
    view.row(permit)
}

pub fn read(view: &View, permit: &Permit<ToView>, columns: &Columns) -> Option<Row> {
    view.read(permit, columns)
}

pub fn page(view: &View, visible: &Visible, columns: &Columns, query: &ListQuery) -> Option<Page> {
    view.page(visible, columns, query, &AtomicBool::new(false)).ok()
}
