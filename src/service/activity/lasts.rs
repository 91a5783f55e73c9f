//! As what records that are gone last were: their past is told to whoever could see them then. One
//! that was sealed before it went took its past along, and doesn't give it back by going (R14, R32).

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::authz::{Audit, RecordFacts};
use crate::model::{Change, ObjectId, RecordId, Swap};
use crate::service::error::ServiceError;
use crate::store::{Entry, LookBack, Store};

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

    /// Looks for deletions from the newest change down to this one.
    pub(super) fn look(
        &self,
        store: &Store,
        audit: &Audit,
        down_to: u64,
        cancelled: &AtomicBool,
    ) -> Result<(), ServiceError> {
        let mut known = self.lock();
        let looked = known.looked;
        let newer = deletions(store, audit, None, looked.map_or(down_to, |(_, last)| last + 1), cancelled)?;
        let older = match looked {
            Some((first, _)) if first > down_to => deletions(store, audit, Some(first), down_to, cancelled)?,
            _ => Found::default(),
        };
        let last = newer.newest.or(looked.map(|(_, last)| last));
        known.looked = last.map(|last| (looked.map_or(down_to, |(first, _)| first.min(down_to)), last));
        for (record, sequence, facts) in newer.gone.into_iter().chain(older.gone) {
            let kept = known.facts.entry(record).or_insert_with(|| (sequence, facts.clone()));
            if kept.0 < sequence {
                *kept = (sequence, facts);
            }
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A record that is gone, the number of the change that deleted it, and as what.
type Gone = ((ObjectId, RecordId), u64, RecordFacts);

#[derive(Default)]
struct Found {
    gone: Vec<Gone>,
    newest: Option<u64>,
}

/// The records deleted before a change, down to another.
fn deletions(
    store: &Store,
    audit: &Audit,
    before: Option<u64>,
    down_to: u64,
    cancelled: &AtomicBool,
) -> Result<Found, ServiceError> {
    let (mut found, mut failed) = (Found::default(), None);
    let back = LookBack { before, since: None, cancelled };
    store.look_back(audit, &back, |past| {
        if past.sequence < down_to {
            return ControlFlow::Break(());
        }
        found.newest = found.newest.or(Some(past.sequence));
        match deleted(store, audit, &past) {
            Ok(gone) => found.gone.extend(gone),
            Err(error) => failed = Some(error),
        }
        if failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    failed.map_or(Ok(found), Err)
}

fn deleted(store: &Store, audit: &Audit, past: &Entry) -> Result<Vec<Gone>, ServiceError> {
    if past.erased {
        return Ok(Vec::new());
    }
    let removes = |change: &Change| matches!(change, Change::Record(Swap { before: Some(_), after: None }));
    let (changes, _) = store.changes_of(audit, past, usize::MAX, removes)?;
    let gone = changes.into_iter().filter_map(|change| match change {
        Change::Record(Swap { before: Some(was), .. }) => {
            let facts = RecordFacts { owner: was.owner, private: was.private, assigned: was.assigned };
            Some(((was.object, was.id), past.sequence, facts))
        }
        _ => None,
    });
    Ok(gone.collect())
}
