//! As what records that are gone last were: their past is told to whoever could see them then. One
//! that was sealed before it went took its past along, and doesn't give it back by going (R14, R32).
//!
//! They are kept as long as the engine lives. Each list of what happened and each offer to undo asks
//! them about every deletion that it comes by, and who may know of it is said nowhere else: without them
//! each would walk the history down to there again. Nothing of what a record held is among them,
//! and nobody's name (R30).

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::authz::{Audit, RecordFacts};
use crate::model::{Change, ObjectId, RecordId, Swap};
use crate::service::error::ServiceError;
use crate::store::{LookBack, Store};

/// What was looked up in the history, once for everybody who may read all of it.
#[derive(Debug, Default)]
pub(in crate::service) struct Lasts(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The number of the change that deleted a record, and as what.
    facts: HashMap<(ObjectId, RecordId), (u64, RecordFacts)>,
    /// The first and the last change that were looked at, with all between.
    looked: Option<(u64, u64)>,
}

impl Lasts {
    /// What a record last was that isn't there, as far as was looked.
    pub(super) fn get(&self, object: ObjectId, id: RecordId) -> Option<RecordFacts> {
        self.lock().facts.get(&(object, id)).map(|(_, facts)| facts.clone())
    }

    /// Looks for deletions from the newest change down to this one. `walk` finds those before a change,
    /// down to another: it may take as long as the history is, so that nobody else waits for it.
    pub(super) fn look<E>(
        &self,
        down_to: u64,
        walk: impl Fn(Option<u64>, u64) -> Result<Deletions, E>,
    ) -> Result<(), E> {
        loop {
            let looked = self.lock().looked;
            let newer = walk(None, looked.map_or(down_to, |(_, last)| last + 1))?;
            let older = match looked {
                Some((first, _)) if first > down_to => walk(Some(first), down_to)?,
                _ => Deletions::default(),
            };
            let Some(last) = newer.newest.or(looked.map(|(_, last)| last)) else { return Ok(()) };
            let first = looked.map_or(down_to, |(first, _)| first.min(down_to));
            if self.lock().keep((first, last), newer.gone.into_iter().chain(older.gone)) {
                return Ok(());
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Keeps the deletions from one change to another. They are refused where others looked meanwhile
    /// and changes lie in between that nobody looked at: a record may have come back in those and gone
    /// again as something else.
    fn keep(&mut self, (first, last): (u64, u64), gone: impl Iterator<Item = Gone>) -> bool {
        let (known_first, known_last) = self.looked.unwrap_or((first, last));
        if first > known_last + 1 || known_first > last + 1 {
            return false;
        }
        self.looked = Some((first.min(known_first), last.max(known_last)));
        for (record, sequence, facts) in gone {
            let kept = self.facts.entry(record).or_insert_with(|| (sequence, facts.clone()));
            if kept.0 < sequence {
                *kept = (sequence, facts);
            }
        }
        true
    }
}

/// A record that is gone, the number of the change that deleted it, and as what.
type Gone = ((ObjectId, RecordId), u64, RecordFacts);

/// Deletions that a walk through the history found.
#[derive(Debug, Default)]
pub(super) struct Deletions {
    gone: Vec<Gone>,
    /// The newest change that was looked at.
    newest: Option<u64>,
}

/// The records deleted before a change, down to another.
pub(super) fn deletions(
    store: &Store,
    audit: &Audit,
    before: Option<u64>,
    down_to: u64,
    cancelled: &AtomicBool,
) -> Result<Deletions, ServiceError> {
    let (mut found, mut failed) = (Deletions::default(), None);
    let back = LookBack { before, since: None, cancelled };
    store.look_back(audit, &back, |past| {
        if past.sequence < down_to {
            return ControlFlow::Break(());
        }
        found.newest = found.newest.or(Some(past.sequence));
        let looked = store.each_change(audit, &past, cancelled, |change| {
            // Of a record no more is kept than who may see it: a set may delete millions.
            if let Change::Record(Swap { before: Some(was), after: None }) = change {
                let facts = RecordFacts { owner: was.owner, private: was.private, assigned: was.assigned };
                found.gone.push(((was.object, was.id), past.sequence, facts));
            }
            ControlFlow::Continue(())
        });
        failed = looked.err();
        if failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    failed.map_or(Ok(found), |error| Err(error.into()))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::model::UserId;

    /// A record of this number that went with a change.
    fn gone(record: u64, sequence: u64, private: bool) -> Gone {
        let facts = RecordFacts { owner: UserId(0), private, assigned: Vec::new() };
        ((ObjectId::CONTACTS, RecordId(record)), sequence, facts)
    }

    /// The walk through a history with these deletions, whose newest change has this number.
    fn walk(history: &[Gone], newest: u64, before: Option<u64>, down_to: u64) -> Result<Deletions, Infallible> {
        let last = before.map_or(newest, |before| before - 1).min(newest);
        let within = history.iter().filter(|(_, sequence, _)| (down_to..=last).contains(sequence));
        Ok(Deletions { gone: within.cloned().collect(), newest: (last >= down_to).then_some(last) })
    }

    fn private(lasts: &Lasts, record: u64) -> Option<bool> {
        lasts.get(ObjectId::CONTACTS, RecordId(record)).map(|facts| facts.private)
    }

    #[test]
    fn whoever_walks_the_history_keeps_nobody_from_what_is_known() {
        let (lasts, history) = (Lasts::default(), [gone(1, 5, false), gone(2, 8, true)]);
        lasts.look(7, |before, down_to| walk(&history, 9, before, down_to)).unwrap();
        let inside = |before, down_to| {
            // Another reader asks, and looks further back, before this one has come to its end.
            assert_eq!(private(&lasts, 2), Some(true));
            lasts.look(3, |before, down_to| walk(&history, 9, before, down_to)).unwrap();
            walk(&history, 9, before, down_to)
        };
        lasts.look(4, inside).unwrap();
        assert_eq!((private(&lasts, 1), private(&lasts, 2)), (Some(false), Some(true)));
        assert_eq!(lasts.lock().looked, Some((3, 9)));
    }

    /// A contact that went while open, came back, was sealed and went again, R14: between what two readers
    /// looked at lies the change that counts.
    #[test]
    fn what_two_looked_at_counts_only_with_all_between_r14() {
        let (lasts, history) = (Lasts::default(), [gone(1, 5, false), gone(1, 10, true)]);
        let walks = std::cell::Cell::new(0);
        let slow = |before, down_to| {
            walks.set(walks.get() + 1);
            // It began when change 7 was the newest, and goes on for so long that another has looked at
            // the newest of 20 alone.
            if walks.get() == 1 {
                lasts.look(15, |before, down_to| walk(&history, 20, before, down_to)).unwrap();
                return walk(&history, 7, before, down_to);
            }
            walk(&history, 20, before, down_to)
        };
        lasts.look(4, slow).unwrap();
        assert_eq!((private(&lasts, 1), lasts.lock().looked), (Some(true), Some((4, 20))));
    }
}
