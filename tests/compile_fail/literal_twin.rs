//! The gate makes them.
use rolecall::authz::{Audit, Columns, Denied, NoFacts, Patch, Permit, Snapshot, Subject, View, Visible};
use rolecall::model::{Commit, ObjectId, RecordId};

pub fn permit(gate: &Snapshot, who: Subject) -> Option<Permit<View>> {
    gate.permit_view(who, ObjectId::CONTACTS, RecordId(1), &NoFacts)
}

pub fn columns(gate: &Snapshot, who: Subject) -> Option<Columns> {
    gate.columns(who, ObjectId::CONTACTS)
}

pub fn visible(gate: &Snapshot, who: Subject) -> Option<Visible> {
    gate.visible(who, ObjectId::CONTACTS)
}

pub fn patch(gate: &Snapshot, who: Subject, commit: Commit) -> Result<Patch, Denied> {
    gate.permit_commit(who, commit, &NoFacts)
}

pub fn audit(gate: &Snapshot, who: Subject) -> Option<Audit> {
    gate.audit(who)
}
