//! The same act on one record or on many: what may be changed is, the rest is left, and both are
//! counted over what the actor sees alone (R32). It is one change set, so that it happens as a
//! whole, can be called off before its end leaving nothing, and is undone as a whole.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::exchange::value;
use crate::model::catalog::features;
use crate::model::{Change, FeatureId, FieldId, ObjectId, Record, RecordId, Scope, Status, Swap, UserId, Value};
use crate::store::{ChangeSet, CommitError, View};

use super::activity::Mark;
use super::error::ServiceError;
use super::impact::Impact;
use super::records::{Opened, Recall, RecordQuery, no_such_record};
use super::session::Session;
use super::write_record::person;

/// So many records are judged and put together at once.
const BATCH: usize = 256;
/// So many are listed at once.
const LISTED: usize = 2000;

/// Which records.
#[derive(Debug, Clone, PartialEq)]
pub enum Which {
    /// These.
    These(Vec<RecordId>),
    /// All that a list holds, but for a few.
    All {
        /// The list.
        query: RecordQuery,
        /// The few.
        except: Vec<RecordId>,
    },
}

/// What is to be done with each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Another owner, by email (R13).
    Owner(String),
    /// People assigned and no longer assigned, by email (R34).
    Assign {
        /// From now on.
        add: Vec<String>,
        /// No longer.
        remove: Vec<String>,
    },
    /// Sealed or not (R14).
    Private(bool),
    /// The contacts' Status, as shown; nothing empties it (002-27).
    Status(String),
    /// Gone.
    Delete,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many records that the actor sees it was asked for.
    pub of: u64,
    /// How many were changed.
    pub changed: u64,
    /// How many were just so already.
    pub same: u64,
    /// Why the first of those that were left was left.
    pub left: Option<String>,
    /// Where it is in the history, once it happened.
    pub mark: Option<Mark>,
}

/// An act, with what it names looked up.
enum Meant {
    Owner(UserId),
    Assign(Vec<UserId>, Vec<UserId>),
    Private(bool),
    Set(FieldId, Option<Value>),
    Delete,
}

impl Session {
    /// Does something with records. `progress` hears how many of how many were looked at;
    /// `cancelled` stops it, leaving nothing behind.
    ///
    /// # Errors
    /// Where none of them could be changed, by what stands in the way; where the act as such isn't
    /// allowed; where it was called off.
    pub fn act_on_records(
        &self,
        object: &str,
        which: &Which,
        act: &Act,
        progress: &mut dyn FnMut(u64, u64),
        cancelled: &AtomicBool,
    ) -> Result<Outcome, ServiceError> {
        const TRIES: usize = 4;
        let store = self.engine().store();
        for _ in 0..TRIES {
            let mut set = store.begin_set()?;
            let opened = self.open_at(set.view(), object)?;
            let ids = self.chosen(&opened, which, cancelled)?;
            let meant = self.meant(&opened, act, ids.len())?;
            let reason = format!("{} in {object}", act.reason());
            let mut acting = Acting { session: self, object, reason, meant, outcome: Outcome::default() };
            for batch in ids.chunks(BATCH) {
                if cancelled.load(Ordering::Relaxed) {
                    return Err(ServiceError::Cancelled);
                }
                acting.batch(&mut set, batch)?;
                progress(acting.outcome.of, ids.len() as u64);
            }
            let mut outcome = acting.outcome;
            if outcome.changed == 0 {
                return match outcome.left {
                    Some(why) if outcome.same == 0 => Err(ServiceError::Denied(why)),
                    _ if outcome.of == 0 => Err(no_such_record()),
                    _ => Ok(outcome),
                };
            }
            match store.close_set(set) {
                Ok(committed) => {
                    outcome.mark = Some(Mark(committed.sequence));
                    return Ok(outcome);
                }
                Err(CommitError::Stale(_)) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Err(ServiceError::Meanwhile("others keep changing the same records".to_owned()))
    }

    /// What an act would mean for whom, and for how many of how many records: the same records that
    /// [`Session::act_on_records`] would change, counted in the same way.
    ///
    /// # Errors
    /// As the act itself.
    pub fn preview_on_records(
        &self,
        object: &str,
        which: &Which,
        act: &Act,
        cancelled: &AtomicBool,
    ) -> Result<(Impact, Outcome), ServiceError> {
        let view = self.view();
        let opened = self.open_at(view.clone(), object)?;
        let ids = self.chosen(&opened, which, cancelled)?;
        let meant = self.meant(&opened, act, ids.len())?;
        let mut acting = Acting { session: self, object, reason: String::new(), meant, outcome: Outcome::default() };
        let mut changes = Vec::new();
        for batch in ids.chunks(BATCH) {
            if cancelled.load(Ordering::Relaxed) {
                return Err(ServiceError::Cancelled);
            }
            changes.extend(acting.permitted(&opened, batch));
        }
        acting.outcome.changed = changes.len() as u64;
        match acting.outcome {
            Outcome { changed: 0, same: 0, left: Some(why), .. } => Err(ServiceError::Denied(why)),
            Outcome { of: 0, .. } => Err(no_such_record()),
            outcome => Ok((self.impact_of(&view, &changes)?, outcome)),
        }
    }

    /// The records that are meant, as far as they may be seen.
    fn chosen(&self, opened: &Opened, which: &Which, cancelled: &AtomicBool) -> Result<Vec<RecordId>, ServiceError> {
        match which {
            Which::These(ids) => Ok(self.seen_of(opened, ids)),
            Which::All { query, except } => {
                let mut part = RecordQuery {
                    limit: LISTED,
                    after: None,
                    position: None,
                    fields: Some(Vec::new()),
                    ..query.clone()
                };
                let (mut ids, recall) = (Vec::new(), Recall::default());
                loop {
                    let page = self.page_of(opened, &part, &recall, cancelled)?;
                    ids.extend(page.rows.iter().map(|row| row.id).filter(|id| !except.contains(id)));
                    part.after = page.next;
                    if part.after.is_none() {
                        return Ok(ids);
                    }
                }
            }
        }
    }

    /// Looks up what an act names, and refuses it where no record could be acted on so.
    fn meant(&self, opened: &Opened, act: &Act, several: usize) -> Result<Meant, ServiceError> {
        let (view, object) = (&opened.view, &opened.object);
        let team = view.team();
        let needs = |feature: FeatureId| {
            if self.holds(view, feature) {
                return Ok(());
            }
            let label = team.catalog.feature(feature).map_or("", |feature| feature.label.as_str());
            Err(ServiceError::Denied(format!("you need “{label}” for this")))
        };
        let contacts = object.id == ObjectId::CONTACTS;
        match act {
            Act::Owner(email) => {
                if contacts && several > 1 {
                    needs(features::CONTACTS_BULK_OWNER)?;
                }
                let to = person(team, "the owner", email)?;
                match team.users.get(&to) {
                    Some(user) if user.status == Status::Active => Ok(Meant::Owner(to)),
                    _ => Err(ServiceError::Invalid(format!("{email} isn't active; choose somebody who is"))),
                }
            }
            Act::Assign { add, remove } => {
                let people = |emails: &[String]| -> Result<Vec<UserId>, ServiceError> {
                    emails.iter().map(|email| person(team, "assigned to", email)).collect()
                };
                Ok(Meant::Assign(people(add)?, people(remove)?))
            }
            Act::Private(private) => {
                if !contacts {
                    return Err(ServiceError::Invalid("only contacts can be private".to_owned()));
                }
                if *private {
                    needs(features::CONTACTS_PRIVATE)?;
                }
                Ok(Meant::Private(*private))
            }
            Act::Status(label) => {
                if contacts && several > 1 {
                    needs(features::CONTACTS_BULK_STATUS)?;
                }
                let field = opened.object.field(FieldId::STATUS).filter(|field| opened.columns.contains(field.id));
                let field = field
                    .filter(|_| contacts)
                    .ok_or_else(|| ServiceError::Invalid(format!("{} have no field “Status”", object.label)))?;
                if !view.snapshot().writable(self.subject(), object.id).contains(&field.id) {
                    return Err(ServiceError::Denied(format!("“{}” can be seen but not changed", field.name)));
                }
                let value = value::parse(field, label).map_err(|error| ServiceError::Invalid(error.to_string()))?;
                Ok(Meant::Set(field.id, value))
            }
            Act::Delete => {
                let rights = view.snapshot().rights(self.subject(), object.id);
                if rights.delete == Scope::None {
                    return Err(ServiceError::Denied(format!("you can't delete {}", object.label.to_lowercase())));
                }
                Ok(Meant::Delete)
            }
        }
    }
}

impl Act {
    fn reason(&self) -> &'static str {
        match self {
            Self::Owner(_) => "change owner",
            Self::Assign { .. } => "assign",
            Self::Private(true) => "make private",
            Self::Private(false) => "make public",
            Self::Status(_) => "change status",
            Self::Delete => "delete",
        }
    }
}

struct Acting<'a> {
    session: &'a Session,
    object: &'a str,
    reason: String,
    meant: Meant,
    outcome: Outcome,
}

impl Acting<'_> {
    fn batch(&mut self, set: &mut ChangeSet, ids: &[RecordId]) -> Result<(), ServiceError> {
        let view = set.view();
        let opened = self.session.open_at(view.clone(), self.object)?;
        let changes = self.permitted(&opened, ids);
        if changes.is_empty() {
            return Ok(());
        }
        let changed = changes.len() as u64;
        let patch = self.session.permit_for(&self.reason, &view, changes)?;
        self.session.engine().store().append(set, patch)?;
        self.outcome.changed += changed;
        Ok(())
    }

    /// The changes of a batch, without those that stand in the way of the others.
    fn permitted(&mut self, opened: &Opened, ids: &[RecordId]) -> Vec<Change> {
        let mut changes = Vec::with_capacity(ids.len());
        for id in ids {
            self.outcome.of += 1;
            match self.change(opened, *id) {
                Ok(Some(change)) => changes.push(change),
                Ok(None) => self.outcome.same += 1,
                Err(why) => self.leave(&why),
            }
        }
        if self.session.permit_for(&self.reason, &opened.view, changes.clone()).is_err() {
            changes.retain(|change| self.passes(&opened.view, change));
        }
        changes
    }

    fn passes(&mut self, view: &View, change: &Change) -> bool {
        match self.session.permit_for(&self.reason, view, vec![change.clone()]) {
            Ok(_) => true,
            Err(why) => {
                self.leave(&why);
                false
            }
        }
    }

    fn leave(&mut self, why: &ServiceError) {
        self.outcome.left.get_or_insert_with(|| why.to_string());
    }

    fn change(&self, opened: &Opened, id: RecordId) -> Result<Option<Change>, ServiceError> {
        if matches!(self.meant, Meant::Delete) {
            let before = self.session.deletable(opened, id)?;
            return Ok(Some(Change::Record(Swap::removed(before))));
        }
        let before = self.session.editable(opened, id)?;
        let after = self.meant.on(before.clone());
        if after == before {
            return Ok(None);
        }
        let after = self.session.stamped(opened, &before, after);
        Ok(Some(Change::Record(Swap::changed(before, after))))
    }
}

impl Meant {
    fn on(&self, mut record: Record) -> Record {
        match self {
            Self::Owner(to) => record.owner = *to,
            Self::Assign(add, remove) => {
                record.assigned.retain(|person| !remove.contains(person));
                record.assigned.extend(add);
                record.assigned.sort_unstable();
                record.assigned.dedup();
            }
            Self::Private(private) => record.private = *private,
            Self::Set(field, value) => record.set(*field, value.clone()),
            Self::Delete => {}
        }
        record
    }
}
