//! No witness can be written down.
use std::marker::PhantomData;
use std::sync::Arc;

use rolecall::authz::{Admitted, Audit, Columns, Heading, Patch, Permit, Subject, Verdict, View, Visible};
use rolecall::model::{Commit, ObjectId, Record, RecordId, Swap};

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
    Patch { subject: Subject::Operator, commit, generation: 0, outcome: None }
}

fn audit() -> Audit {
    Audit { whose: None }
}

fn admitted(heading: Arc<Heading>, swap: Swap<Record>) -> Admitted {
    Admitted { swap, heading }
}

fn verdict(heading: Arc<Heading>) -> Verdict {
    Verdict { subject: Subject::Operator, heading, generation: 0, admitted: 1 }
}

fn main() {}
