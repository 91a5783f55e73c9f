//! The same act on one record or on many: what may be changed is, the rest is left, and both are
//! counted over what the actor sees alone (R32). It is one change set, so that it happens as a
//! whole, can be called off before its end leaving nothing, and is undone as a whole. Like an import
//! it goes to the store record by record ([`crate::store::Intake`]), so that it takes no more room for
//! a million records than for a few.

use std::collections::HashSet;
use std::sync::atomic::AtomicBool;

use crate::authz::{Denied, Heading, RowJudge};
use crate::exchange::value;
use crate::model::catalog::features;
use crate::model::{Day, FeatureId, FieldId, ObjectId, Reason, Record, RecordId, Scope, Status, Swap, UserId, Value};
use crate::store::View;

use super::activity::Mark;
use super::error::{ServiceError, not_yet};
use super::impact::{Impact, Passing};
use super::records::{Opened, Recall, RecordQuery, no_such_record};
use super::session::Session;
use super::write_record::{person, stamped};

/// So often it is told how far it is.
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
        query: Box<RecordQuery>,
        /// The few.
        except: Vec<RecordId>,
        /// As many as whoever asks for it was told that there are. Where there are more by then, none
        /// of them is deleted or given away: nobody meant the others. It is a number and no more: where
        /// one record left the list and another came into it, the other one goes.
        at_most: Option<u64>,
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
        for _ in 0..TRIES {
            match self.act_once(object, which, act, progress, cancelled) {
                // Others were quicker with some of the same records.
                Err(ServiceError::Meanwhile(_)) => {}
                ended => return ended,
            }
        }
        Err(ServiceError::Meanwhile("others keep changing the same records".to_owned()))
    }

    fn act_once(
        &self,
        object: &str,
        which: &Which,
        act: &Act,
        progress: &mut dyn FnMut(u64, u64),
        cancelled: &AtomicBool,
    ) -> Result<Outcome, ServiceError> {
        let (view, subject) = (self.view(), self.subject());
        let opened = self.open_at(view.clone(), object)?;
        let ids = self.chosen(&opened, which, cancelled)?;
        let meant = self.meant(&opened, act, ids.len())?;
        if matches!(act, Act::Delete | Act::Owner(_)) {
            which.holds_no_more_than_was_told(ids.len())?;
        }
        let mut judge = self.judge_of(&opened, format!("{} in {object}", act.reason()))?;
        let mut intake = self.engine().store().begin_intake(&view, &judge)?;
        let mut acting = Acting::new(self, &opened, meant, &judge);
        for batch in ids.chunks(BATCH) {
            for id in batch {
                not_yet(cancelled)?;
                if let Some(admitted) = acting.on(*id, |swap| judge.admit(swap, intake.facts())) {
                    intake.put(admitted)?;
                }
            }
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
        let verdict = judge.close()?;
        if self.subject() != subject {
            return Err(ServiceError::Denied("you are no longer signed in; nothing was changed".to_owned()));
        }
        outcome.mark = Some(Mark(intake.close_while(&verdict, cancelled, &mut |_| {})?.sequence));
        Ok(outcome)
    }

    /// Who judges the records one by one, by the rules of one generation.
    fn judge_of<'a>(&self, opened: &'a Opened, reason: String) -> Result<RowJudge<'a>, ServiceError> {
        let heading = Heading { actor: self.actor(), at: self.engine().now(), reason: Reason(reason) };
        Ok(opened.view.snapshot().judge_rows(self.subject(), heading)?)
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
        let mut passing = Passing::of(self, &view, false);
        let outcome = self.judged_on(&view, object, (which, act), cancelled, |swap| passing.note(swap))?;
        match outcome {
            Outcome { changed: 0, same: 0, left: Some(why), .. } => Err(ServiceError::Denied(why)),
            outcome => Ok((self.impact_on(&view, None, passing), outcome)),
        }
    }

    /// For how many of how many records an act would happen: counted as
    /// [`Session::act_on_records`] would, and without what it would mean for whom.
    ///
    /// # Errors
    /// As the act itself; not where none of the records may be acted on, which the numbers say.
    pub fn count_on_records(
        &self,
        object: &str,
        which: &Which,
        act: &Act,
        cancelled: &AtomicBool,
    ) -> Result<Outcome, ServiceError> {
        self.judged_on(&self.view(), object, (which, act), cancelled, |_| ())
    }

    /// An act judged for each of the records, and done to none. `noted` hears what would happen.
    fn judged_on(
        &self,
        view: &View,
        object: &str,
        (which, act): (&Which, &Act),
        cancelled: &AtomicBool,
        mut noted: impl FnMut(&Swap<Record>),
    ) -> Result<Outcome, ServiceError> {
        let opened = self.open_at(view.clone(), object)?;
        let ids = self.chosen(&opened, which, cancelled)?;
        let meant = self.meant(&opened, act, ids.len())?;
        let mut judge = self.judge_of(&opened, String::new())?;
        let mut acting = Acting::new(self, &opened, meant, &judge);
        for id in &ids {
            not_yet(cancelled)?;
            acting.on(*id, |swap| {
                judge.again(&swap, view)?;
                noted(&swap);
                Ok(())
            });
        }
        if acting.outcome.of == 0 {
            return Err(no_such_record());
        }
        if acting.outcome.changed > 0 {
            judge.close()?;
        }
        Ok(acting.outcome)
    }

    /// The records that are meant, as far as they may be seen.
    fn chosen(&self, opened: &Opened, which: &Which, cancelled: &AtomicBool) -> Result<Vec<RecordId>, ServiceError> {
        match which {
            Which::These(ids) => {
                let mut once = HashSet::new();
                let ids: Vec<RecordId> = ids.iter().copied().filter(|id| once.insert(*id)).collect();
                Ok(self.seen_of(opened, &ids))
            }
            Which::All { query, except, .. } => {
                let except: HashSet<RecordId> = except.iter().copied().collect();
                let mut part = RecordQuery {
                    limit: LISTED,
                    after: None,
                    position: None,
                    fields: Some(Vec::new()),
                    ..(**query).clone()
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

impl Which {
    fn holds_no_more_than_was_told(&self, now: usize) -> Result<(), ServiceError> {
        match self {
            Self::All { at_most: Some(told), .. } if now as u64 > *told => Err(ServiceError::Denied(format!(
                "the list changed: {now} are chosen now, {told} were when you were asked; nothing was changed, look \
                 at it again"
            ))),
            _ => Ok(()),
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
    opened: &'a Opened,
    meant: Meant,
    /// The day on which the judge has it happen.
    today: Day,
    outcome: Outcome,
}

impl<'a> Acting<'a> {
    fn new(session: &'a Session, opened: &'a Opened, meant: Meant, judge: &RowJudge<'_>) -> Self {
        Self { session, opened, meant, today: judge.heading().at.day(), outcome: Outcome::default() }
    }

    /// One record: what became of it is counted. Answers what `judged` makes of the change.
    fn on<T>(&mut self, id: RecordId, judged: impl FnOnce(Swap<Record>) -> Result<T, Denied>) -> Option<T> {
        self.outcome.of += 1;
        let swap = match self.swap(id) {
            Ok(Some(swap)) => swap,
            Ok(None) => {
                self.outcome.same += 1;
                return None;
            }
            Err(why) => return self.leave(&why),
        };
        match judged(swap) {
            Ok(made) => {
                self.outcome.changed += 1;
                Some(made)
            }
            Err(denied) => self.leave(&denied.into()),
        }
    }

    fn leave<T>(&mut self, why: &ServiceError) -> Option<T> {
        self.outcome.left.get_or_insert_with(|| why.to_string());
        None
    }

    fn swap(&self, id: RecordId) -> Result<Option<Swap<Record>>, ServiceError> {
        if matches!(self.meant, Meant::Delete) {
            return Ok(Some(Swap::removed(self.session.deletable(self.opened, id)?)));
        }
        let before = self.session.editable(self.opened, id)?;
        let after = self.meant.on(before.clone());
        if after == before {
            return Ok(None);
        }
        let after = stamped(self.opened, &before, after, self.today);
        Ok(Some(Swap::changed(before, after)))
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
