//! No witness can be written down.
use std::marker::PhantomData;

use rolecall::authz::{Audit, Columns, Patch, Permit, Subject, View, Visible};
use rolecall::model::{Commit, ObjectId, RecordId};

fn permit() -> Permit<View> {
    Permit { object: ObjectId::CONTACTS, id: RecordId(1), generation: 0, action: PhantomData }
}

fn columns() -> Columns {
    Columns { object: ObjectId::CONTACTS, fields: Vec::new() }
}

fn visible(other: Visible) -> Visible {
    Visible { object: ObjectId::CONTACTS, ..other }
}

fn patch(commit: Commit) -> Patch {
    Patch { subject: Subject::Operator, commit, generation: 0 }
}

fn audit() -> Audit {
    Audit { whose: None }
}

fn main() {}
