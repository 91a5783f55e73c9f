//! The judge admits each of them.
use rolecall::authz::{Denied, RowJudge};
use rolecall::model::{Record, Swap};
use rolecall::store::{CommitError, Intake};

pub fn judged(intake: &mut Intake, judge: &mut RowJudge<'_>, swap: Swap<Record>) -> Result<(), CommitError> {
    let admitted = judge.admit(swap, intake.facts())?;
    intake.put(admitted)
}

pub fn refused(intake: &Intake, judge: &mut RowJudge<'_>, swap: Swap<Record>) -> Option<Denied> {
    judge.admit(swap, intake.facts()).err()
}
