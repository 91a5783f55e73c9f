//! The records that a change is about, as far as an impact needs them: alike ones together, so that
//! it takes no more room for a million of them than for a thousand.

use std::collections::HashMap;

use crate::authz::{Moved, RecordFacts, Subject};
use crate::model::{Change, ObjectId, Record, RecordAction, Swap};
use crate::service::session::Session;
use crate::store::View;

use super::Parting;

type Kind = (ObjectId, Option<RecordFacts>, Option<RecordFacts>);

/// The records, told one by one.
pub(in crate::service) struct Passing<'a> {
    who: Subject,
    view: &'a View,
    /// Those that move and that whoever makes the change may see.
    moved: HashMap<Kind, u64>,
    parting: Parting,
    /// The change deletes a person: whoever does that hands over what isn't theirs.
    policy: bool,
}

impl<'a> Passing<'a> {
    /// For a change that this session makes.
    pub(in crate::service) fn of(session: &Session, view: &'a View, policy: bool) -> Self {
        let who = session.subject();
        Self { who, view, moved: HashMap::new(), parting: Parting::default(), policy }
    }

    /// All of these changes.
    pub(in crate::service) fn all(session: &Session, view: &'a View, changes: &[Change]) -> Self {
        let mut passing = Self::of(session, view, changes.iter().any(Change::is_policy));
        for change in changes {
            if let Change::Record(swap) = change {
                passing.note(swap);
            }
        }
        passing
    }

    /// One more.
    pub(in crate::service) fn note(&mut self, swap: &Swap<Record>) {
        let Some(object) = swap.subject().map(|record| record.object) else { return };
        let (before, after) = (swap.before.as_ref().map(facts), swap.after.as_ref().map(facts));
        if let (Some(before), Some(after), Subject::User(_), false) = (&before, &after, self.who, self.policy) {
            self.parting.of += 1;
            if self.may(RecordAction::Edit, object, before) && !self.may(RecordAction::Edit, object, after) {
                // Out of sight is what is private from now on, whatever it was.
                let kind = if after.private { &mut self.parting.private } else { &mut self.parting.others };
                *kind += 1;
            }
        }
        if before != after && before.as_ref().is_none_or(|facts| self.may(RecordAction::View, object, facts)) {
            *self.moved.entry((object, before, after)).or_default() += 1;
        }
    }

    fn may(&self, action: RecordAction, object: ObjectId, facts: &RecordFacts) -> bool {
        match self.who {
            Subject::Operator => true,
            Subject::User(me) => self.view.snapshot().may(me, action, object, facts),
        }
    }

    /// What the change gives out of this person's hands.
    pub(super) fn parting(&self) -> Parting {
        self.parting
    }

    /// The records that move, as far as whoever makes the change may see them.
    pub(in crate::service) fn moved(self) -> Vec<Moved> {
        self.moved.into_iter().map(|((object, before, after), times)| Moved { object, before, after, times }).collect()
    }
}

fn facts(record: &Record) -> RecordFacts {
    RecordFacts { owner: record.owner, private: record.private, assigned: record.assigned.clone() }
}
