//! Undo: the last change that one made oneself, or the last change set, taken back by a new commit
//! (B5). What it would take back is said before, and what it would mean for whom. Undoing again goes
//! further back: an undo names what it took back, and is never what the next one takes back. It goes
//! through the same gate as every change (R22, R31), and is refused where something changed since.

mod records;

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use crate::authz::Audit;
use crate::model::change::StaleChange;
use crate::model::{Account, Actor, Change, Moment, Swap, Team};
use crate::store::{Entry, LookBack, View};

use records::{Records, unseen};

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
    /// Why it can't be taken back: something changed since, or the rules say no; and where
    /// `cancelled` turns true.
    pub fn undoing(&self, cancelled: &AtomicBool) -> Result<Option<Undoing>, ServiceError> {
        let view = self.view();
        let audit = self.own_history(&view)?;
        let Some(entry) = self.last_own(&audit, cancelled)? else { return Ok(None) };
        let what = format!("your last change, “{}”, can't be undone", entry.commit.reason.0);
        let refused = |error: ServiceError| error.about(&what);
        let changes = self.reverted(&view, &audit, &entry).map_err(refused)?;
        let impact = self.impact_of(&view, &changes).map_err(refused)?;
        let reader = Reader::new(&view, self.subject(), self.engine().store(), &audit)?;
        reader.meet(&changes);
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
    pub fn undo(&self, undoing: &Undoing, cancelled: &AtomicBool) -> Result<Saved, ServiceError> {
        let view = self.view();
        let audit = self.own_history(&view)?;
        let entry = self.last_own(&audit, cancelled)?.filter(|entry| Mark(entry.sequence) == undoing.mark);
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

    /// Nobody did anything before they were there, give or take a clock that was set. A bound on how
    /// many changes are looked at would tell how much others did (R32).
    fn here_since(&self) -> Option<Moment> {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        self.user().ok().map(|me| me.created.plus(-DAY))
    }

    /// One's last change that wasn't an undo and wasn't undone.
    fn last_own(&self, audit: &Audit, cancelled: &AtomicBool) -> Result<Option<Entry>, ServiceError> {
        let me = self.actor();
        let mut undone: HashSet<u64> = HashSet::new();
        let mut found = None;
        let back = LookBack { since: self.here_since(), ..LookBack::until(cancelled) };
        self.engine().store().look_back(audit, &back, |past| {
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

    /// The changes that lead back, last first.
    fn reverted(&self, view: &View, audit: &Audit, entry: &Entry) -> Result<Vec<Change>, ServiceError> {
        self.without_people(audit, entry)?;
        let (changes, _) = self.engine().store().changes_of(audit, entry, usize::MAX, |_| true)?;
        let reader = Reader::new(view, self.subject(), self.engine().store(), audit)?;
        if !changes.iter().all(|change| reader.may_know_of(change)) {
            return Err(unseen());
        }
        let mut records = Records::new(self, view);
        let mut team = Team::clone(view.team());
        let mut back = Vec::new();
        for change in changes.into_iter().rev() {
            let change = match change.reversed() {
                Change::Account(swap) => match account(&team.account, &swap)? {
                    Some(swap) => Change::Account(swap),
                    None => continue,
                },
                Change::Record(swap) => match records.back(swap)? {
                    Some(swap) => Change::Record(swap),
                    None => continue,
                },
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
