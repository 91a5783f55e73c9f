//! The way back from one change: the changes that lead there, and what stays as it is. Changes of
//! the team go back whole or not at all; records go back one by one, since none of them depends on
//! another.

use std::collections::{BTreeMap, BTreeSet};

use crate::authz::Audit;
use crate::model::change::StaleChange;
use crate::model::{Account, Change, ObjectId, RecordId, Swap, Team};
use crate::store::{Entry, View};

use super::records::Records;
use super::stays::{Noun, Stays, refusal};
use crate::service::activity::Reader;
use crate::service::error::ServiceError;
use crate::service::session::Session;

/// The way back from a change.
pub(super) struct Back {
    /// The changes that lead there, last first.
    pub(super) changes: Vec<Change>,
    /// Why records stay, one for each that does.
    pub(super) stays: Vec<Stays>,
    /// How many records the change was about.
    pub(super) of: usize,
    /// What they are called.
    pub(super) noun: Noun,
}

impl Session {
    /// What leads back from a change, by the rules of one generation; of a big one, only what is
    /// among its first `most` changes.
    pub(super) fn way_back(
        &self,
        view: &View,
        audit: &Audit,
        entry: &Entry,
        most: usize,
    ) -> Result<Back, ServiceError> {
        self.without_people(audit, entry)?;
        let (changes, _) = self.engine().store().changes_of(audit, entry, most, |_| true)?;
        let reader = Reader::new(view, self.subject(), self.engine().store(), audit)?;
        let policy = changes.iter().any(Change::is_policy);
        let noun = noun(view.team(), &changes);
        let of = changes.iter().filter_map(Change::record).collect::<BTreeSet<_>>().len();
        let mut records = Records::new(self, view, &reader);
        let mut team = Team::clone(view.team());
        let mut stays: BTreeMap<(ObjectId, RecordId), Stays> = BTreeMap::new();
        let mut back = Vec::new();
        for change in changes.into_iter().rev() {
            let change = match change.reversed() {
                Change::Account(swap) => match account(&team.account, &swap)? {
                    Some(swap) => Change::Account(swap),
                    None => continue,
                },
                Change::Record(swap) => {
                    let Some(id) = swap.subject().map(|record| (record.object, record.id)) else { continue };
                    if stays.contains_key(&id) {
                        continue;
                    }
                    match self.record_back(&reader, &mut records, swap) {
                        Ok(Some(swap)) => Change::Record(swap),
                        Ok(None) => continue,
                        Err(why) => {
                            stays.insert(id, why);
                            continue;
                        }
                    }
                }
                other => other,
            };
            team.apply(&change).map_err(|stale| match stale {
                StaleChange::Meanwhile(what) => ServiceError::Meanwhile(format!("{what} was changed since")),
                other @ StaleChange::Catalog(_) => ServiceError::Meanwhile(other.to_string()),
            })?;
            back.push(change);
        }
        if !policy {
            back.retain(|change: &Change| change.record().is_none_or(|id| !stays.contains_key(&id)));
            self.keep_permitted(view, &mut back, &mut stays)?;
        }
        let stays: Vec<Stays> = stays.into_values().collect();
        if !stays.is_empty() && (policy || back.is_empty()) {
            return Err(refusal(&stays, of, &noun));
        }
        if back.is_empty() {
            return Err(ServiceError::Meanwhile("everything is as it was before it".to_owned()));
        }
        Ok(Back { changes: back, stays, of, noun })
    }

    fn record_back(
        &self,
        reader: &Reader<'_>,
        records: &mut Records<'_>,
        swap: Swap<crate::model::Record>,
    ) -> Result<Option<Swap<crate::model::Record>>, Stays> {
        let given = matches!((&swap.before, &swap.after), (Some(left), Some(was)) if left.owner != was.owner);
        let unseen = if given { Stays::Given } else { Stays::Unseen };
        let change = Change::Record(swap);
        // What isn't seen any more isn't looked at any further (R32).
        if !reader.may_know_of(&change) {
            return Err(unseen);
        }
        let Change::Record(swap) = change else { return Ok(None) };
        records.back(swap).map_err(|why| if why == Stays::Unseen { unseen } else { why })
    }

    /// Leaves out the records that the rules don't let back, one by one.
    fn keep_permitted(
        &self,
        view: &View,
        back: &mut Vec<Change>,
        stays: &mut BTreeMap<(ObjectId, RecordId), Stays>,
    ) -> Result<(), ServiceError> {
        if back.is_empty() {
            return Ok(());
        }
        let Err(whole) = self.permit(view, back.clone()) else { return Ok(()) };
        let before = back.len();
        back.retain(|change| match (self.permit(view, vec![change.clone()]), change.record()) {
            (Err(why), Some(id)) => {
                stays.insert(id, Stays::Refused(why.to_string()));
                false
            }
            _ => true,
        });
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
    fn without_people(&self, audit: &Audit, entry: &Entry) -> Result<(), ServiceError> {
        let comes_or_goes =
            |change: &Change| matches!(change, Change::User(swap) if swap.before.is_none() || swap.after.is_none());
        let (people, _) = self.engine().store().changes_of(audit, entry, 1, comes_or_goes)?;
        match people.first() {
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

/// What the records of a change are called, if they are of one object.
fn noun(team: &Team, changes: &[Change]) -> Noun {
    let mut objects: Vec<ObjectId> = changes.iter().filter_map(Change::record).map(|(object, _)| object).collect();
    objects.dedup();
    match objects.as_slice() {
        [only] => Noun::of(team, *only),
        _ => Noun::any(),
    }
}

/// The account set back in what the change touched. Its counters only ever go on: no number is given
/// twice.
fn account(now: &Account, back: &Swap<Account>) -> Result<Option<Swap<Account>>, ServiceError> {
    let (Some(from), Some(to)) = (&back.before, &back.after) else {
        return Err(ServiceError::Denied("an account can't be unmade".to_owned()));
    };
    let mut after = now.clone();
    let stale = || ServiceError::Meanwhile("the account was changed since".to_owned());
    macro_rules! set_back {
        ($($field:ident),+) => { $(
            if from.$field != to.$field {
                if now.$field != from.$field {
                    return Err(stale());
                }
                after.$field = to.$field.clone();
            }
        )+ };
    }
    set_back!(name, time_zone, seats, agent_seats, permissions);
    Ok((after != *now).then(|| Swap::changed(now.clone(), after)))
}
