//! The way back from one change: the changes that lead there, and what stays as it is. Changes of
//! the team go back all of them or none; records go back one by one, since none of them depends on
//! another.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use crate::authz::Audit;
use crate::model::text::number;
use crate::model::{Change, ObjectId, Record, RecordId, Swap, Team};
use crate::store::{Entry, View};

use super::known::Known;
use super::records::Records;
use super::stays::{Noun, Stays, refusal};
use super::team;
use crate::service::activity::Reader;
use crate::service::error::{ServiceError, not_yet};
use crate::service::session::Session;

/// So many changes of one commit are looked at to tell whether they can be taken back.
const SAMPLE: usize = 10_000;
/// So many changes of one commit are taken back at most: all of them are held in memory, as they were,
/// as they go back and as they are judged, which for so many records is some hundreds of megabytes.
pub(super) const MOST: usize = 200_000;

/// The way back from a change.
pub(super) struct Back {
    /// The changes that lead there, last first.
    pub(super) changes: Vec<Change>,
    /// Why records stay, one for each that does.
    pub(super) stays: Vec<Stays>,
    /// Which those are.
    pub(super) staying: BTreeSet<(ObjectId, RecordId)>,
    /// How many records the change was about.
    pub(super) of: usize,
    /// What they are called.
    pub(super) noun: Noun,
    /// There is more of the change than was looked at.
    pub(super) more: bool,
}

impl Session {
    /// What leads back from a change, by the rules of one generation; of a big one, where only a
    /// `sample` is wanted, what is among its first changes.
    pub(super) fn way_back(
        &self,
        view: &View,
        audit: &Audit,
        entry: &Entry,
        sample: bool,
        cancelled: &AtomicBool,
    ) -> Result<Back, ServiceError> {
        let store = self.engine().store();
        self.without_people(audit, entry, cancelled)?;
        if store.has_more_than(audit, entry, MOST as u64, cancelled)? {
            return Err(too_many());
        }
        let most = if sample { SAMPLE } else { MOST };
        let (changes, more) = store.changes_while(audit, entry, most, |_| true, cancelled)?;
        let reader = Reader::new(view, self.subject(), self.engine(), audit)?;
        let known = Known::of(&reader, view.team(), &changes);
        known.all_of(&changes)?;
        let policy = changes.iter().any(Change::is_policy);
        let noun = noun(view.team(), &changes);
        let of = changes.iter().filter_map(Change::record).collect::<BTreeSet<_>>().len();
        let mut records = Records::new(self, view, &reader);
        let mut after: Cow<'_, Team> = Cow::Borrowed(view.team());
        let mut stays: BTreeMap<(ObjectId, RecordId), Stays> = BTreeMap::new();
        let mut back = Vec::new();
        for change in changes.into_iter().rev() {
            not_yet(cancelled)?;
            // What isn't seen any more isn't looked at any further (R32).
            let seen = reader.may_know_of(&change);
            let change = match change.reversed() {
                Change::Record(swap) => {
                    let Some(id) = swap.subject().map(|record| (record.object, record.id)) else { continue };
                    if stays.contains_key(&id) {
                        continue;
                    }
                    match record_back(seen, &mut records, swap) {
                        Ok(Some(swap)) => Change::Record(swap),
                        Ok(None) => continue,
                        Err(why) => {
                            stays.insert(id, why);
                            continue;
                        }
                    }
                }
                other => match team::back(&after, &known, other)? {
                    Some(change) => change,
                    None => continue,
                },
            };
            if change.is_policy() {
                team::put(after.to_mut(), &change)?;
            }
            back.push(change);
        }
        if !policy {
            back.retain(|change: &Change| change.record().is_none_or(|id| !stays.contains_key(&id)));
            self.keep_permitted(view, &mut back, &mut stays, cancelled)?;
        }
        let staying: BTreeSet<_> = stays.keys().copied().collect();
        let stays: Vec<Stays> = stays.into_values().collect();
        if !stays.is_empty() && (policy || back.is_empty()) {
            return Err(refusal(&stays, of, &noun));
        }
        if back.is_empty() {
            return Err(ServiceError::Meanwhile("everything is as it was before it".to_owned()));
        }
        Ok(Back { changes: back, stays, staying, of, noun, more })
    }

    /// Leaves out the records that the rules don't let back, one by one.
    fn keep_permitted(
        &self,
        view: &View,
        back: &mut Vec<Change>,
        stays: &mut BTreeMap<(ObjectId, RecordId), Stays>,
        cancelled: &AtomicBool,
    ) -> Result<(), ServiceError> {
        if back.is_empty() {
            return Ok(());
        }
        let Err(whole) = self.permit(view, back.clone()) else { return Ok(()) };
        let before = back.len();
        back.retain(|change| {
            if not_yet(cancelled).is_err() {
                return true;
            }
            match (self.permit(view, vec![change.clone()]), change.record()) {
                (Err(why), Some(id)) => {
                    stays.insert(id, Stays::Refused(why.to_string()));
                    false
                }
                _ => true,
            }
        });
        not_yet(cancelled)?;
        // Each alone would pass: it is the number of them that doesn't.
        if back.len() == before {
            Err(whole)
        } else if back.is_empty() {
            Ok(())
        } else {
            self.permit(view, back.clone()).map(drop)
        }
    }

    /// Nobody comes or goes by an undo. Whether all of what somebody left could be given back would
    /// tell whether any of it was sealed (R14, R32): it isn't even looked at. Who was added goes as
    /// everybody does (003-22, R24).
    fn without_people(&self, audit: &Audit, entry: &Entry, cancelled: &AtomicBool) -> Result<(), ServiceError> {
        let store = self.engine().store();
        // Whoever is deleted goes with the last change, and what changes the team ends with that: of a set
        // that ends with records nothing else is looked at, however long it is.
        let last = store.last_changes_of(audit, entry, Change::is_policy)?;
        if last.is_empty() {
            return Ok(());
        }
        let found = match last.into_iter().find(comes_or_goes) {
            None => store.changes_while(audit, entry, 1, comes_or_goes, cancelled)?.0.pop(),
            found => found,
        };
        match found {
            None => Ok(()),
            Some(Change::User(Swap { after: None, .. })) => Err(ServiceError::Denied(
                "who was deleted for good doesn't come back by an undo; add them again".to_owned(),
            )),
            Some(_) => Err(ServiceError::Denied(
                "somebody was added by it; revoke their access and delete them instead".to_owned(),
            )),
        }
    }
}

fn comes_or_goes(change: &Change) -> bool {
    matches!(change, Change::User(swap) if swap.before.is_none() || swap.after.is_none())
}

fn too_many() -> ServiceError {
    let most = number(MOST as u64);
    ServiceError::Denied(format!(
        "it changed more than {most} things, which is too much for one undo; narrow the list to them and change or \
         delete them there, or restore a backup from before it"
    ))
}

fn record_back(seen: bool, records: &mut Records<'_>, swap: Swap<Record>) -> Result<Option<Swap<Record>>, Stays> {
    let given = matches!((&swap.before, &swap.after), (Some(left), Some(was)) if left.owner != was.owner);
    let unseen = if given { Stays::Given } else { Stays::Unseen };
    if !seen {
        return Err(unseen);
    }
    records.back(swap).map_err(|why| if why == Stays::Unseen { unseen } else { why })
}

/// What the records of a change are called, if they are of one object.
fn noun(team: &Team, changes: &[Change]) -> Noun {
    let mut objects: Vec<ObjectId> = changes.iter().filter_map(Change::record).map(|(object, _)| object).collect();
    objects.dedup();
    match objects.as_slice() {
        [only] => Noun::of(team, *only),
        _ => Noun::any(),
    }
}
