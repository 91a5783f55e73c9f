//! The functions that make witnesses are the gate's own.
use rolecall::authz::{Asking, Audit, Columns, Departure, Patch, Permit, Subject, View, Visible};
use rolecall::model::{Commit, ObjectId, RecordId, UserId};

fn permit() -> Permit<View> {
    Permit::new(ObjectId::CONTACTS, RecordId(1), 0)
}

fn columns() -> Columns {
    Columns::new(ObjectId::CONTACTS, Vec::new())
}

fn visible() -> Visible {
    Visible::operator(ObjectId::CONTACTS)
}

fn patch(commit: Commit) -> Patch {
    Patch::new(Subject::Operator, commit, 0)
}

fn audit() -> Audit {
    Audit::new()
}

fn departure() -> Departure {
    Departure::new(UserId(0))
}

fn asking() -> Asking {
    Asking::new()
}

fn main() {}
