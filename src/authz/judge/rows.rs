//! Judges changes of records that come in one after the other, as many as they may be: each by
//! itself, by the same code as a commit, and all of them by what counts over the whole (R13).

use std::sync::Arc;

use crate::model::{Actor, Commit, Moment, Reason, Record, Swap};

use super::super::compile::Snapshot;
use super::super::facts::Facts;
use super::super::witness::{Admitted, Subject, Verdict};
use super::records::Judging;
use super::{Denied, inactive};

/// Who brings records in, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: Moment,
    /// In a few words.
    pub reason: Reason,
}

impl Heading {
    /// A commit of some changes under this heading.
    #[must_use]
    pub fn over(&self, changes: Vec<crate::model::Change>) -> Commit {
        Commit { actor: self.actor, at: self.at, reason: self.reason.clone(), changes }
    }
}

/// The judge of records that come in one after the other.
#[derive(Debug)]
pub struct RowJudge<'a> {
    judging: Judging<'a>,
    who: Subject,
    heading: Arc<Heading>,
    generation: u64,
    admitted: u64,
}

impl Snapshot {
    /// A judge of records that come in one after the other. `facts`, whenever they are asked, hold
    /// what was admitted before.
    ///
    /// # Errors
    /// Where the subject may do nothing at all.
    pub fn judge_rows(&self, who: Subject, heading: Heading) -> Result<RowJudge<'_>, Denied> {
        RowJudge::new(self, who, Arc::new(heading))
    }
}

impl<'a> RowJudge<'a> {
    pub(in crate::authz) fn new(now: &'a Snapshot, who: Subject, heading: Arc<Heading>) -> Result<Self, Denied> {
        inactive(now, who)?;
        let judging = Judging::new(now, who, heading.at);
        Ok(Self { judging, who, heading, generation: now.generation(), admitted: 0 })
    }

    /// Under which heading; each judge has its own.
    #[must_use]
    pub fn heading(&self) -> &Arc<Heading> {
        &self.heading
    }

    /// The generation of the rules by which it judges.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Judges one change by itself. What it refuses counts for nothing afterwards.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn admit(&mut self, swap: Swap<Record>, facts: &dyn Facts) -> Result<Admitted, Denied> {
        self.again(&swap, facts)?;
        Ok(Admitted::new(swap, &self.heading))
    }

    /// Judges a change again that was admitted under other rules.
    ///
    /// # Errors
    /// What stands in the way now.
    pub fn again(&mut self, swap: &Swap<Record>, facts: &dyn Facts) -> Result<(), Denied> {
        self.judging.one(swap, facts)?;
        self.admitted += 1;
        Ok(())
    }

    /// Judges everything that was admitted, taken together.
    ///
    /// # Errors
    /// What may not be done to so many at once.
    pub fn close(self) -> Result<Verdict, Denied> {
        self.judging.together()?;
        Ok(Verdict::new(self.who, self.heading, self.generation, self.admitted))
    }
}
