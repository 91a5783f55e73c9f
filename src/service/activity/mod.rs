//! What happened, newest first: everything for whoever may read the audit history, one's own doings
//! for everybody, and one person's for whoever manages user details (003-19, 002-34). Each reader is
//! told only what they may see (R14, R32).

mod gone;
mod lasts;
mod reader;

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::authz::{Audit, Subject};
use crate::model::text::fold;
use crate::model::{Actor, Change, Moment, Swap, Team, UserId};
use crate::store::{Entry, LookBack, View};

use super::describe::ChangeLine;
use super::error::ServiceError;
use super::session::Session;
use super::undo;

pub(super) use gone::Gone;
pub(super) use lasts::Lasts;
use reader::Told;
pub(super) use reader::{Reader, SHOWN};

/// What an entry can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// People: added, changed, let go, their passwords.
    People,
    /// Roles and their permissions.
    Roles,
    /// Records.
    Records,
    /// Sections and fields.
    Fields,
    /// The account itself.
    Account,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::People, Self::Roles, Self::Records, Self::Fields, Self::Account];

    /// The word that screens use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Roles => "roles",
            Self::Records => "records",
            Self::Fields => "fields",
            Self::Account => "account",
        }
    }

    /// The kind that a word names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    pub(super) fn of(change: &Change) -> Self {
        match change {
            Change::Account(_) => Self::Account,
            Change::Role(_) => Self::Roles,
            Change::User(_) => Self::People,
            Change::Object(_) => Self::Fields,
            Change::Record(_) => Self::Records,
        }
    }
}

/// A place in the history, to go on from. It shows no number.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mark(pub(super) u64);

impl std::fmt::Debug for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mark")
    }
}

/// Which part of the history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityQuery {
    /// What this person did; everybody's doings, or mine where I may know no others', if unset.
    pub person: Option<String>,
    /// Only about these; everything if empty.
    pub kinds: BTreeSet<Kind>,
    /// Not before this.
    pub since: Option<Moment>,
    /// Before this.
    pub until: Option<Moment>,
    /// With this text somewhere.
    pub text: String,
    /// The most entries.
    pub limit: usize,
    /// Only what is older than this.
    pub before: Option<Mark>,
    /// Of each entry only the first lines, for a list; [`Session::activity_entry`] has the rest.
    pub brief: bool,
}

/// Changes that a list reads of an entry, and lines that it has of it.
const BRIEF: usize = 8;
const BRIEF_LINES: usize = 64;

/// Something that happened, as far as its reader may know it. It has no number: the numbers of a
/// history tell how much happened that one doesn't see (B4, R32).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityEntry {
    /// Where it is in the history.
    pub mark: Mark,
    /// When.
    pub at: Moment,
    /// Who, by name.
    pub actor: String,
    /// Their email; empty for the operator and for whoever is gone.
    pub email: String,
    /// In a few words.
    pub reason: String,
    /// What it was about.
    pub kinds: BTreeSet<Kind>,
    /// What changed.
    pub lines: Vec<ChangeLine>,
    /// There is more of it than these lines.
    pub more: bool,
}

/// A part of the history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityPage {
    /// Newest first.
    pub entries: Vec<ActivityEntry>,
    /// Where to go on, if there is more.
    pub next: Option<Mark>,
    /// Is it everybody's?
    pub whole: bool,
}

impl Session {
    /// A part of the history.
    ///
    /// # Errors
    /// Where it may not be read, or `cancelled` turns true.
    pub fn activity(&self, query: &ActivityQuery, cancelled: &AtomicBool) -> Result<ActivityPage, ServiceError> {
        let view = self.view();
        let (audit, whose) = self.history_for(&view, query.person.as_deref())?;
        let store = self.engine().store();
        let reader = Reader::new(&view, self.subject(), self.engine(), &audit)?.until(cancelled);
        let wanted = fold(query.text.trim());
        // Whoever looks for something looks through all that is told.
        let most = if query.brief && query.kinds.is_empty() && wanted.is_empty() { BRIEF } else { SHOWN };
        let mut page = ActivityPage { entries: Vec::new(), next: None, whole: whose.is_none() };
        let mut failed = None;
        let mut visit = |past: &Entry| -> Result<ControlFlow<()>, ServiceError> {
            if cancelled.load(Ordering::Relaxed) {
                return Err(ServiceError::Cancelled);
            }
            let (at, actor) = (past.commit.at, past.commit.actor);
            let wrong = query.until.is_some_and(|until| at >= until)
                || whose.is_some_and(|whose| actor != Actor::User(whose))
                || past.erased;
            if wrong {
                return Ok(ControlFlow::Continue(()));
            }
            let Some(told) = reader.told(past, most)? else { return Ok(ControlFlow::Continue(())) };
            let mut entry = self.told_entry(&view, past, told, &audit, cancelled)?;
            let kind = query.kinds.is_empty() || !query.kinds.is_disjoint(&entry.kinds);
            if !(kind && (wanted.is_empty() || entry.has(&wanted))) {
                return Ok(ControlFlow::Continue(()));
            }
            if page.entries.len() == query.limit {
                page.next = page.entries.last().map(|entry| entry.mark);
                return Ok(ControlFlow::Break(()));
            }
            if query.brief && entry.lines.len() > BRIEF_LINES {
                entry.lines.truncate(BRIEF_LINES);
                entry.lines.shrink_to_fit();
                entry.more = true;
            }
            page.entries.push(entry);
            Ok(ControlFlow::Continue(()))
        };
        let (before, since) = (query.before.map(|mark| mark.0), query.since);
        let back = LookBack { before, since, cancelled };
        store.look_back(&audit, &back, |past| match visit(&past) {
            Ok(flow) => flow,
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        })?;
        match failed {
            Some(error) => Err(error),
            None => Ok(page),
        }
    }

    /// One entry with all that is told of it; nothing where its reader may know nothing of it.
    ///
    /// # Errors
    /// As [`Session::activity`].
    pub fn activity_entry(
        &self,
        person: Option<&str>,
        mark: Mark,
        cancelled: &AtomicBool,
    ) -> Result<Option<ActivityEntry>, ServiceError> {
        let view = self.view();
        let (audit, whose) = self.history_for(&view, person)?;
        let reader = Reader::new(&view, self.subject(), self.engine(), &audit)?.until(cancelled);
        let back = LookBack { before: Some(mark.0 + 1), since: None, cancelled };
        let mut found = None;
        self.engine().store().look_back(&audit, &back, |past| {
            found = Some(past);
            ControlFlow::Break(())
        })?;
        let about = |past: &Entry| whose.is_none_or(|whose| past.commit.actor == Actor::User(whose));
        let Some(past) = found.filter(|past| past.sequence == mark.0 && !past.erased && about(past)) else {
            return Ok(None);
        };
        // As much as a text is looked for in, so that whoever found it there sees why.
        let Some(told) = reader.told(&past, SHOWN)? else { return Ok(None) };
        self.told_entry(&view, &past, told, &audit, cancelled).map(Some)
    }

    fn told_entry(
        &self,
        view: &View,
        past: &Entry,
        told: Told,
        audit: &Audit,
        cancelled: &AtomicBool,
    ) -> Result<ActivityEntry, ServiceError> {
        let (actor, email) = self.actor_names(view.team(), past.commit.actor, audit, cancelled)?;
        Ok(ActivityEntry {
            mark: Mark(past.sequence),
            at: past.commit.at,
            actor,
            email,
            reason: undo::shown_reason(&past.commit.reason.0),
            kinds: told.kinds,
            lines: told.lines,
            more: told.more,
        })
    }

    /// What one person did last (003-19): one's own, or anybody's for whoever manages user details.
    ///
    /// # Errors
    /// As [`Session::activity`].
    pub fn activity_of(
        &self,
        email: &str,
        limit: usize,
        cancelled: &AtomicBool,
    ) -> Result<Vec<ActivityEntry>, ServiceError> {
        let query = ActivityQuery { person: Some(email.to_owned()), limit, brief: true, ..ActivityQuery::default() };
        Ok(self.activity(&query, cancelled)?.entries)
    }

    /// The history that may be read, and whose it is, unless it is everybody's.
    fn history_for(&self, view: &View, person: Option<&str>) -> Result<(Audit, Option<UserId>), ServiceError> {
        let (snapshot, who) = (view.snapshot(), self.subject());
        let whole = snapshot.audit(who);
        let whose = match (person, who) {
            (Some(email), _) => {
                let found = view.team().user_by_email(email).map(|user| user.id);
                Some(found.ok_or_else(|| ServiceError::NotFound(format!("there is no user {email}")))?)
            }
            (None, Subject::User(me)) if whole.is_none() => Some(me),
            (None, _) => None,
        };
        let audit = match whose {
            Some(whose) => whole.or_else(|| snapshot.audit_of(who, whose)),
            None => whole,
        };
        let denied = || ServiceError::Denied("what others did is for those to see who manage user details".to_owned());
        Ok((audit.ok_or_else(denied)?, whose))
    }

    /// Who did something, by name and email. The name of somebody who was deleted stays in the
    /// history (R30).
    fn actor_names(
        &self,
        team: &Team,
        actor: Actor,
        audit: &Audit,
        cancelled: &AtomicBool,
    ) -> Result<(String, String), ServiceError> {
        let Actor::User(id) = actor else { return Ok(("Operator".to_owned(), String::new())) };
        Ok(match team.users.get(&id) {
            Some(user) => (user.name.clone(), user.email.clone()),
            None => (self.gone_name(id, audit, cancelled)?, String::new()),
        })
    }

    /// The name that somebody had when they were deleted, as far as their reader may read the
    /// history. What nobody looked through yet is looked through once, for everybody in it.
    fn gone_name(&self, id: UserId, audit: &Audit, cancelled: &AtomicBool) -> Result<String, ServiceError> {
        let gone = self.engine().gone();
        // Only whoever may read what everybody did finds everybody.
        let whole = audit.admits(Actor::Operator);
        if whole && gone.get(id).is_none() {
            let known = gone.known();
            let (mut names, mut newest, mut failed) = (Vec::new(), None, None);
            let leaves = |change: &Change| matches!(change, Change::User(Swap { before: Some(_), after: None }));
            let store = self.engine().store();
            store.look_back(audit, &LookBack::until(cancelled), |past| {
                if past.sequence <= known {
                    return ControlFlow::Break(());
                }
                newest = newest.or(Some(past.sequence));
                // A deletion ends with the person, so that it is in the last part of the longest set.
                match store.last_changes_of(audit, &past, leaves) {
                    Ok(gone) => names.extend(gone.into_iter().filter_map(|change| match change {
                        Change::User(Swap { before: Some(user), .. }) => Some((user.id, user.name.clone())),
                        _ => None,
                    })),
                    Err(error) => failed = Some(error),
                }
                if failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            failed.map_or(Ok(()), Err)?;
            gone.keep(names, newest.unwrap_or(known));
        }
        Ok(gone.get(id).filter(|_| whole).unwrap_or_else(|| "somebody who is gone".to_owned()))
    }
}

impl ActivityEntry {
    /// Has it a text somewhere that its reader sees?
    fn has(&self, wanted: &str) -> bool {
        let has = |text: &str| fold(text).contains(wanted);
        has(&self.reason)
            || has(&self.actor)
            || has(&self.email)
            || self
                .lines
                .iter()
                .any(|line| has(&line.subject) || has(&line.part) || has(&line.before) || has(&line.after))
    }
}
