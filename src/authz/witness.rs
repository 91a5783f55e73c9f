//! Witnesses: values that show that authz said yes. Their fields are private, they can't be cloned,
//! defaulted or read from bytes, and this is the one file that makes them.

use std::marker::PhantomData;
use std::sync::Arc;

use crate::model::{Actor, Commit, FieldId, Moment, ObjectId, Record, RecordId, Swap, Team, UserId};

use super::compile::Snapshot;
use super::facts::Facts;
use super::judge::{self, Denied, Heading, RowJudge};
use super::reach::Reach;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Whoever can read and write the data directory (SPEC part 4). May do everything that leaves
    /// the team valid, and sees everything.
    Operator,
    /// A person.
    User(UserId),
}

/// Shows that the program itself acts: at start-up, for a backup, for the operator. Made only here.
#[derive(Debug)]
pub struct System(());

impl System {
    /// For opening, checking and copying a store, which whoever holds the directory may do.
    #[must_use]
    pub fn for_the_data_directory() -> Self {
        Self(())
    }
}

/// Something may be seen.
#[derive(Debug)]
pub struct View(());
/// Something may be changed.
#[derive(Debug)]
pub struct Edit(());
/// Something may be deleted.
#[derive(Debug)]
pub struct Delete(());

/// One person may do one thing with one record.
#[derive(Debug)]
pub struct Permit<A> {
    object: ObjectId,
    id: RecordId,
    generation: u64,
    action: PhantomData<A>,
}

impl<A> Permit<A> {
    pub(super) fn new(object: ObjectId, id: RecordId, generation: u64) -> Self {
        Self { object, id, generation, action: PhantomData }
    }

    /// Whose record it is.
    #[must_use]
    pub fn object(&self) -> ObjectId {
        self.object
    }

    /// The record.
    #[must_use]
    pub fn id(&self) -> RecordId {
        self.id
    }

    /// The generation of the rules under which it was made.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }
}

/// Which records of one object a list may hold.
#[derive(Debug)]
pub struct Visible {
    object: ObjectId,
    who: Who,
    reach: Reach,
}

#[derive(Debug)]
enum Who {
    Operator,
    Person { me: UserId, focused: bool },
}

impl Visible {
    pub(super) fn operator(object: ObjectId) -> Self {
        Self { object, who: Who::Operator, reach: Reach::Everyone }
    }

    pub(super) fn person(object: ObjectId, me: UserId, focused: bool, reach: Reach) -> Self {
        Self { object, who: Who::Person { me, focused }, reach }
    }

    /// The object.
    #[must_use]
    pub fn object(&self) -> ObjectId {
        self.object
    }

    /// Does the list hold a record with these facts? `assigned` is asked only where it matters.
    #[inline]
    pub fn admits<'a>(&self, owner: UserId, private: bool, assigned: impl FnOnce() -> &'a [UserId]) -> bool {
        let Who::Person { me, focused } = self.who else { return true };
        if matches!(self.reach, Reach::Nobody) {
            return false;
        }
        owner == me || (!private && (self.reach.contains(owner) || (focused && assigned().contains(&me))))
    }

    /// The owners whose public records the list holds.
    #[must_use]
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// The person whose private records the list holds; `None` where it holds everyone's (the
    /// operator) — see [`Self::sees_sealed`].
    #[must_use]
    pub fn me(&self) -> Option<UserId> {
        match self.who {
            Who::Operator => None,
            Who::Person { me, .. } => Some(me),
        }
    }

    /// Does the list hold everyone's private records (the operator's does)?
    #[must_use]
    pub fn sees_sealed(&self) -> bool {
        matches!(self.who, Who::Operator)
    }

    /// The person whose assignments widen the list, for Focused Users (R8): public records assigned
    /// to them are in it, whoever owns them.
    #[must_use]
    pub fn assignee(&self) -> Option<UserId> {
        match self.who {
            Who::Person { me, focused: true } if !matches!(self.reach, Reach::Nobody) => Some(me),
            _ => None,
        }
    }
}

/// Which fields of one object may be read, sorted by, filtered by, searched and exported.
#[derive(Debug)]
pub struct Columns {
    object: ObjectId,
    fields: Vec<FieldId>,
}

impl Columns {
    pub(super) fn new(object: ObjectId, mut fields: Vec<FieldId>) -> Self {
        fields.sort_unstable();
        Self { object, fields }
    }

    /// The object.
    #[must_use]
    pub fn object(&self) -> ObjectId {
        self.object
    }

    /// May this field be read?
    #[must_use]
    #[inline]
    pub fn contains(&self, field: FieldId) -> bool {
        self.fields.binary_search(&field).is_ok()
    }

    /// The fields, sorted by identity.
    #[must_use]
    pub fn fields(&self) -> &[FieldId] {
        &self.fields
    }
}

/// The history may be read: of every change, or of those that one person made.
#[derive(Debug)]
pub struct Audit {
    whose: Option<UserId>,
}

impl Audit {
    pub(super) fn new(whose: Option<UserId>) -> Self {
        Self { whose }
    }

    /// Is what this one did a part of it?
    #[must_use]
    pub fn admits(&self, actor: Actor) -> bool {
        self.whose.is_none_or(|whose| actor == Actor::User(whose))
    }
}

/// Somebody may be deleted, so that what they leave behind may be handed over (R24): every record
/// that they own or are assigned to, sealed ones included. Whoever has it changes nothing but owner
/// and assignment, and shows none of it to anybody: the judge refuses more.
#[derive(Debug)]
pub struct Departure {
    leaver: UserId,
}

impl Departure {
    pub(super) fn new(leaver: UserId) -> Self {
        Self { leaver }
    }

    /// Who leaves.
    #[must_use]
    pub fn leaver(&self) -> UserId {
        self.leaver
    }
}

/// A commit that authz has judged: the only thing that the store writes.
#[derive(Debug)]
pub struct Patch {
    subject: Subject,
    commit: Commit,
    generation: u64,
    /// The rules as they are after it, worked out for judging it; nothing where it changes none.
    outcome: Option<Outcome>,
}

/// The rules after a commit, and the team that it was put on.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) on: Arc<Team>,
    pub(super) rules: Arc<Snapshot>,
}

impl Patch {
    pub(super) fn new(subject: Subject, commit: Commit, generation: u64) -> Self {
        Self { subject, commit, generation, outcome: None }
    }

    pub(super) fn with(self, outcome: Option<Outcome>) -> Self {
        Self { outcome, ..self }
    }

    /// The rules as they would be after it; nothing where it changes none.
    #[must_use]
    pub fn outcome(&self) -> Option<&Arc<Snapshot>> {
        self.outcome.as_ref().map(|outcome| &outcome.rules)
    }

    /// The rules as they are after it, given away: if it is put on just the team on which it was
    /// judged, and no time has changed them since.
    pub fn take_outcome(&mut self, on: &Arc<Team>, now: Moment) -> Option<Snapshot> {
        let outcome = self.outcome.take().filter(|outcome| Arc::ptr_eq(&outcome.on, on))?;
        Arc::into_inner(outcome.rules).filter(|rules| rules.next_change().is_none_or(|next| now < next))
    }

    /// What is to be written.
    #[must_use]
    pub fn commit(&self) -> &Commit {
        &self.commit
    }

    /// The commit itself, for the store, which has written it.
    #[must_use]
    pub fn into_commit(self) -> Commit {
        self.commit
    }

    /// The generation of the rules under which it was judged.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Judges it again under the rules in force, as the store does inside its writer when they are
    /// newer than the patch (R16).
    ///
    /// # Errors
    /// What the rules in force refuse.
    pub fn judge_again(&mut self, now: &Snapshot, facts: &dyn Facts) -> Result<(), Denied> {
        self.outcome = judge::commit(now, self.subject, &self.commit, facts)?;
        Ok(())
    }
}

/// One change of a record that a [`RowJudge`] let pass by itself: what the store takes in, and
/// publishes only with the [`Verdict`] over all of them.
#[derive(Debug)]
pub struct Admitted {
    swap: Swap<Record>,
    /// Of the judge: no other has this very one.
    heading: Arc<Heading>,
}

impl Admitted {
    pub(super) fn new(swap: Swap<Record>, heading: &Arc<Heading>) -> Self {
        Self { swap, heading: Arc::clone(heading) }
    }

    /// The change itself, if it was admitted by the judge of this heading.
    #[must_use]
    pub fn under(self, heading: &Arc<Heading>) -> Option<Swap<Record>> {
        Arc::ptr_eq(&self.heading, heading).then_some(self.swap)
    }
}

/// All that one [`RowJudge`] admitted may happen together.
#[derive(Debug)]
pub struct Verdict {
    subject: Subject,
    heading: Arc<Heading>,
    generation: u64,
    admitted: u64,
}

impl Verdict {
    pub(super) fn new(subject: Subject, heading: Arc<Heading>, generation: u64, admitted: u64) -> Self {
        Self { subject, heading, generation, admitted }
    }

    /// Is it over all that the judge of this heading admitted, so many changes?
    #[must_use]
    pub fn covers(&self, heading: &Arc<Heading>, changes: u64) -> bool {
        Arc::ptr_eq(&self.heading, heading) && self.admitted == changes
    }

    /// The generation of the rules under which it was judged.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// A judge that judges all of it again under the rules in force, for the store (R16).
    ///
    /// # Errors
    /// Where the subject may no longer do anything.
    pub fn judge_again<'a>(&self, now: &'a Snapshot) -> Result<RowJudge<'a>, Denied> {
        RowJudge::new(now, self.subject, Arc::clone(&self.heading))
    }
}
