//! The judge gives it when it is asked to close.
use rolecall::authz::RowJudge;
use rolecall::store::{CommitError, Committed, Intake};

pub fn judged(intake: Intake, judge: RowJudge<'_>) -> Result<Committed, CommitError> {
    intake.close(&judge.close()?)
}
