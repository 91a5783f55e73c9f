//! What became of a draft.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::authz::{NoFacts, diff_moving_for};
use crate::model::{Change, UserId};
use crate::service::activity::Mark;
use crate::service::error::ServiceError;
use crate::service::impact::{Passing, known_rules};
use crate::service::passwords::Password;
use crate::service::session::Session;
use crate::service::undo::TakesBack;
use crate::store::View;

/// A draft that happened.
#[derive(Debug, Clone, Default)]
pub struct Saved {
    /// How many other signed-in sessions took the change (003-24).
    pub sessions: usize,
    /// The temporary password of somebody who is new, to show once (R21).
    pub password: Option<Password>,
    /// Whether undo takes it back.
    pub takes_back: TakesBack,
}

impl Saved {
    /// How many sessions took it, as the end of a sentence that begins with what was done; empty
    /// where nobody else was there.
    #[must_use]
    pub fn took(&self) -> String {
        match self.sessions {
            0 => String::new(),
            1 => " 1 other session took it at once.".to_owned(),
            number => format!(" {number} other sessions took it at once."),
        }
    }
}

impl Session {
    /// Makes changes as [`Session::commit`] does, and tells what became of them.
    pub(in crate::service) fn commit_and_tell(
        &self,
        reason: &str,
        changes: impl FnMut(&View) -> Result<Vec<Change>, ServiceError>,
    ) -> Result<Saved, ServiceError> {
        let (saved, mark) = self.commit_and_count(reason, changes)?;
        Ok(Saved { takes_back: self.takes_back(mark), ..saved })
    }

    /// The same without whether undo takes it back, which asks the history.
    pub(in crate::service) fn commit_and_count(
        &self,
        reason: &str,
        mut changes: impl FnMut(&View) -> Result<Vec<Change>, ServiceError>,
    ) -> Result<(Saved, Option<Mark>), ServiceError> {
        let mut made = None;
        let committed = self.commit(reason, |view| {
            let changes = changes(view)?;
            made = Some((view.clone(), changes.clone()));
            Ok(changes)
        })?;
        let (Some(committed), Some((before, changes))) = (committed, made) else { return Ok(Default::default()) };
        let sessions = self.took(&before, &self.view(), &changes);
        Ok((Saved { sessions, ..Saved::default() }, Some(Mark(committed.sequence))))
    }

    /// How many other sessions a change matters to: of people whom it touches, whose rights it
    /// changes, or who see other records by it.
    pub(in crate::service) fn took(&self, before: &View, after: &View, changes: &[Change]) -> usize {
        let others = self.others();
        let moved = Passing::all(self, before, changes).moved();
        let same_rules = !changes.iter().any(Change::is_policy);
        if others.is_empty() || (same_rules && moved.is_empty()) {
            return 0;
        }
        // As far as whoever asks may know: a number must not tell of anybody's exceptions (R32).
        let (asked_under, who, same) =
            (before.snapshot(), self.subject(), Arc::ptr_eq(before.snapshot(), after.snapshot()));
        let was = &known_rules(asked_under, who, asked_under);
        let is = &if same { Arc::clone(was) } else { known_rules(asked_under, who, after.snapshot()) };
        let mut touched: BTreeSet<UserId> = changes
            .iter()
            .filter_map(|change| match change {
                Change::User(swap) => swap.subject().map(|user| user.id),
                _ => None,
            })
            .collect();
        let others_alone = |user: UserId| others.contains(&user);
        touched.extend(diff_moving_for(&others_alone, was, is, &NoFacts, &moved).into_iter().map(|impact| impact.user));
        others.iter().filter(|user| touched.contains(user) || !same && !was.reaches_alike(is, **user)).count()
    }
}
