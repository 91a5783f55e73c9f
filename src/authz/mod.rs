//! Who may do what: the one module that decides. Pure: no I/O, no clock, no global. Everything
//! above gets a yes only as a value that this module alone can make (a *witness*), and the store
//! does nothing without one.

mod cell;
mod check;
mod classes;
mod compile;
mod decide;
mod diff;
mod facts;
mod grants;
mod judge;
mod lines;
mod reach;
mod record;
mod renew;
mod role;
mod seen;
mod standing;
mod trace;
mod witness;

pub use cell::RoleCell;
pub use check::{Action, Asked, Decision, UnknownAction};
pub use classes::ObjectRights;
pub use compile::{Snapshot, compile};
pub use diff::{Moved, PersonImpact, RecordImpact, SectionImpact, diff, diff_moving, diff_moving_for};
pub use facts::{Asking, Fact, Facts, NoFacts, OwnerCount, RecordFacts};
pub use judge::{Denied, Heading, Refusal, RowJudge, validate};
pub use lines::Lines;
pub use reach::Reach;
pub use role::RoleRights;
pub use seen::{Past, Seen};
pub use trace::{Explanation, Layer, Step};
pub use witness::{
    Admitted, Audit, Columns, Delete, Departure, Edit, Patch, Permit, Subject, System, Verdict, View, Visible,
};
