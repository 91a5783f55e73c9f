//! No row is taken in that no judge admitted, and none twice.
use std::sync::Arc;

use rolecall::authz::{Admitted, Heading};
use rolecall::model::{Record, Swap};
use rolecall::store::{CommitError, Intake};

fn unjudged(intake: &mut Intake, swap: Swap<Record>) -> Result<(), CommitError> {
    intake.put(swap)
}

fn constructor(heading: &Arc<Heading>, swap: Swap<Record>) -> Admitted {
    Admitted::new(swap, heading)
}

fn again(intake: &mut Intake, admitted: Admitted) -> Result<(), CommitError> {
    intake.put(admitted)?;
    intake.put(admitted)
}

fn main() {}
