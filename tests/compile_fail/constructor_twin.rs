//! What they tell is everybody's to read.
use rolecall::authz::{Columns, Patch, Permit, View, Visible};
use rolecall::model::{Commit, ObjectId, RecordId};

pub fn permit(permit: &Permit<View>) -> (ObjectId, RecordId, u64) {
    (permit.object(), permit.id(), permit.generation())
}

pub fn columns(columns: &Columns) -> ObjectId {
    columns.object()
}

pub fn visible(visible: &Visible) -> ObjectId {
    visible.object()
}

pub fn patch(patch: &Patch) -> &Commit {
    patch.commit()
}
