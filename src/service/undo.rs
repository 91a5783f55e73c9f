//! Undo: the last change that one made oneself, or the last change set, taken back by a new commit
//! (B5). What it would take back is said before, and what it would mean for whom. Undoing again goes
//! further back: an undo names what it took back, and is never what the next one takes back. It goes
//! through the same gate as every change (R22, R31), and is refused where something changed since.

use std::collections::HashSet;
use std::ops::ControlFlow;

use crate::authz::Audit;
use crate::model::change::StaleChange;
use crate::model::{Account, Actor, Automatic, Change, Day, Moment, Record, Swap, Team, Value};
use crate::store::{Entry, View};

use super::activity::{Mark, Reader};
use super::draft::Saved;
use super::error::ServiceError;
use super::impact::Impact;
use super::session::Session;

/// So many sentences say what will be undone.
const TOLD: usize = 40;

/// What an undo would take back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoing {
    /// Where it is in the history.
    pub mark: Mark,
    /// What was done, in a few words.
    pub reason: String,
    /// When.
    pub at: Moment,
    /// What the undo will do, a sentence each.
    pub sentences: Vec<String>,
    /// How many changes there are beyond those sentences.
    pub more: usize,
    /// What it means, for whom (B1).
    pub impact: Impact,
}

const UNDO: &str = "undo #";

/// What an undo's commit says of itself.
fn reason_of(entry: &Entry) -> String {
    format!("{UNDO}{}: {}", entry.sequence, entry.commit.reason.0)
}

/// The number of the change that an undo took back.
fn undoes(reason: &str) -> Option<u64> {
    reason.strip_prefix(UNDO)?.split_once(':')?.0.parse().ok()
}

/// A reason without the number, which not everybody may know (R32).
pub(super) fn shown_reason(reason: &str) -> String {
    match (undoes(reason), reason.split_once(": ")) {
        (Some(_), Some((_, what))) => format!("undo: {what}"),
        _ => reason.to_owned(),
    }
}

impl Session {
    /// What the next undo would take back; nothing where one changed nothing.
    ///
    /// # Errors
    /// Why it can't be taken back: something changed since, or the rules say no.
    pub fn undoing(&self) -> Result<Option<Undoing>, ServiceError> {
        let view = self.view();
        let audit = self.own_history(&view)?;
        let Some(entry) = self.last_own(&audit)? else { return Ok(None) };
        let what = format!("your last change, “{}”, can't be undone", entry.commit.reason.0);
        let refused = |error: ServiceError| error.about(&what);
        let changes = self.reverted(&view, &audit, &entry).map_err(refused)?;
        let impact = self.impact_of(&view, &changes).map_err(refused)?;
        let reader = Reader::new(&view, self.subject(), self.engine().store(), &audit)?;
        let mut sentences = Vec::new();
        let mut more = 0;
        for change in &changes {
            if sentences.len() >= TOLD {
                more += 1;
                continue;
            }
            sentences.extend(reader.lines(change).iter().map(super::describe::ChangeLine::sentence));
        }
        let (mark, at) = (Mark(entry.sequence), entry.commit.at);
        Ok(Some(Undoing { mark, reason: entry.commit.reason.0, at, sentences, more, impact }))
    }

    /// Takes it back.
    ///
    /// # Errors
    /// As [`Session::undoing`], and where it isn't one's last change any more.
    pub fn undo(&self, undoing: &Undoing) -> Result<Saved, ServiceError> {
        let view = self.view();
        let audit = self.own_history(&view)?;
        let entry = self.last_own(&audit)?.filter(|entry| Mark(entry.sequence) == undoing.mark);
        let Some(entry) = entry else {
            return Err(ServiceError::Meanwhile("this isn't your last change any more".to_owned()));
        };
        let mut made = None;
        self.commit(&reason_of(&entry), |view| {
            let changes = self.reverted(view, &audit, &entry)?;
            made = Some((view.clone(), changes.clone()));
            Ok(changes)
        })?;
        let sessions = made.map_or(0, |(before, changes)| self.took(&before, &self.view(), &changes));
        Ok(Saved { sessions, ..Saved::default() })
    }

    fn own_history(&self, view: &View) -> Result<Audit, ServiceError> {
        let audit = match self.actor() {
            Actor::User(me) => view.snapshot().audit_of(self.subject(), me),
            Actor::Operator => view.snapshot().audit(self.subject()),
        };
        audit.ok_or_else(|| ServiceError::Denied("you are no longer active".to_owned()))
    }

    /// One's last change that wasn't an undo and wasn't undone.
    fn last_own(&self, audit: &Audit) -> Result<Option<Entry>, ServiceError> {
        let me = self.actor();
        let mut undone: HashSet<u64> = HashSet::new();
        let mut found = None;
        self.engine().store().look_back(audit, None, |past| {
            let something = past.set != 0 || !past.commit.changes.is_empty();
            if past.commit.actor == me && something && !past.erased {
                match undoes(&past.commit.reason.0) {
                    Some(number) => {
                        undone.insert(number);
                    }
                    None if !undone.contains(&past.sequence) => found = Some(past),
                    None => {}
                }
            }
            if found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(found)
    }

    /// The changes that lead back, last first.
    fn reverted(&self, view: &View, audit: &Audit, entry: &Entry) -> Result<Vec<Change>, ServiceError> {
        let (changes, _) = self.engine().store().changes_of(audit, entry, usize::MAX, |_| true)?;
        // Whether all of what somebody left could be given back would tell whether any of it was sealed
        // (R14, R32): who was deleted for good never comes back by an undo.
        if changes.iter().any(|change| matches!(change, Change::User(Swap { before: Some(_), after: None }))) {
            let text = "who was deleted for good doesn't come back by an undo; add them again";
            return Err(ServiceError::Denied(text.to_owned()));
        }
        let reader = Reader::new(view, self.subject(), self.engine().store(), audit)?;
        if !changes.iter().all(|change| reader.may_know_of(change)) {
            return Err(ServiceError::Denied("a part of it is no longer yours to see".to_owned()));
        }
        let mut team = Team::clone(view.team());
        let mut back = Vec::new();
        for change in changes.into_iter().rev() {
            let change = match change.reversed() {
                Change::Record(swap) if !self.is_as_left(view, &swap, &back) => {
                    let id = swap.subject().map(|record| record.id.to_string()).unwrap_or_default();
                    return Err(ServiceError::Meanwhile(format!("the record {id} was changed since")));
                }
                Change::Account(swap) => match account(&team.account, &swap)? {
                    Some(swap) => Change::Account(swap),
                    None => continue,
                },
                Change::Record(swap) => Change::Record(self.record_back(view, swap)),
                other => other,
            };
            team.apply(&change).map_err(|stale| match stale {
                StaleChange::Meanwhile(what) => ServiceError::Meanwhile(format!("{what} was changed since")),
                other @ StaleChange::Catalog(_) => ServiceError::Meanwhile(other.to_string()),
            })?;
            back.push(change);
        }
        Ok(back)
    }

    /// Is a record as the change left it? Of one that may not be written, the gate tells.
    fn is_as_left(&self, view: &View, back: &Swap<Record>, done: &[Change]) -> bool {
        let Some(subject) = back.subject() else { return true };
        let (object, id, who) = (subject.object, subject.id, self.subject());
        if done.iter().any(|change| change.record() == Some((object, id))) {
            return true;
        }
        let edit = view.snapshot().permit_edit(who, object, id, view).and_then(|permit| view.row(&permit));
        let now =
            edit.or_else(|| view.snapshot().permit_delete(who, object, id, view).and_then(|permit| view.row(&permit)));
        now.is_none_or(|now| back.before.as_ref() == Some(&now))
    }

    /// A record as it was, but for what fills itself: that says when it was last changed, which is
    /// now, unless whoever undoes may write it as it was.
    fn record_back(&self, view: &View, swap: Swap<Record>) -> Swap<Record> {
        let Swap { before, after: Some(mut after) } = swap else { return swap };
        let Some(object) = view.team().objects.get(&after.object) else { return Swap { before, after: Some(after) } };
        let writable = view.snapshot().writable(self.subject(), after.object);
        let today = Day::from_date(self.engine().now().timestamp().to_zoned(jiff::tz::TimeZone::UTC).date());
        for field in object.fields.iter().filter(|field| field.automatic.is_some()) {
            let moved = before.as_ref().is_none_or(|before| before.value(field.id) != after.value(field.id));
            let last_changed = field.automatic == Some(Automatic::LastChanged);
            if moved && (last_changed || !writable.contains(&field.id)) {
                after.set(field.id, Some(Value::Date(today)));
            }
        }
        Swap { before, after: Some(after) }
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
