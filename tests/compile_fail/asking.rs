//! Facts about records are given to authz alone.
use rolecall::authz::{Facts, OwnerCount, RecordFacts};
use rolecall::model::{ObjectId, RecordId, UserId};
use rolecall::store::View;

fn record(view: &View) -> Option<RecordFacts> {
    view.record(ObjectId::CONTACTS, RecordId(1))
}

fn external(view: &View) -> Option<RecordId> {
    view.external(ObjectId::CONTACTS, "a-1")
}

fn counts(view: &View) -> Vec<OwnerCount> {
    view.owner_counts(ObjectId::CONTACTS)
}

fn assigned(view: &View) -> Vec<(UserId, u64)> {
    view.assigned_counts(ObjectId::CONTACTS, UserId(0))
}

fn main() {}
