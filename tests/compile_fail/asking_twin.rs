//! Whoever asks has been asked by authz.
use rolecall::authz::{Asking, Facts, OwnerCount, RecordFacts};
use rolecall::model::{ObjectId, RecordId, UserId};
use rolecall::store::View;

pub fn record(view: &View, asking: &Asking) -> Option<RecordFacts> {
    view.record(asking, ObjectId::CONTACTS, RecordId(1))
}

pub fn external(view: &View, asking: &Asking) -> Option<RecordId> {
    view.external(asking, ObjectId::CONTACTS, "a-1")
}

pub fn counts(view: &View, asking: &Asking) -> Vec<OwnerCount> {
    view.owner_counts(asking, ObjectId::CONTACTS)
}

pub fn assigned(view: &View, asking: &Asking) -> Vec<(UserId, u64)> {
    view.assigned_counts(asking, ObjectId::CONTACTS, UserId(0))
}
