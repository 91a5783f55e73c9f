//! What authz asks about records. The store answers; authz itself reads nothing.

use crate::model::{ObjectId, RecordId, UserId};

/// Shows that a question about records comes from authz, which gives away only its decision.
/// The store's pinned view answers nobody else.
#[derive(Debug)]
pub struct Asking(());

impl Asking {
    pub(super) fn new() -> Self {
        Self(())
    }
}

/// What decides access to one record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RecordFacts {
    /// Who owns it.
    pub owner: UserId,
    /// Is it sealed (R14)?
    pub private: bool,
    /// Who it is assigned to (R34).
    pub assigned: Vec<UserId>,
}

/// The same, borrowed from wherever it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact<'a> {
    /// Who owns it.
    pub owner: UserId,
    /// Is it sealed (R14)?
    pub private: bool,
    /// Who it is assigned to (R34).
    pub assigned: &'a [UserId],
}

impl<'a> From<&'a RecordFacts> for Fact<'a> {
    #[inline]
    fn from(facts: &'a RecordFacts) -> Self {
        Self { owner: facts.owner, private: facts.private, assigned: &facts.assigned }
    }
}

/// How many records of an object one person owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnerCount {
    /// The owner.
    pub owner: UserId,
    /// Records that aren't private.
    pub public: u64,
    /// Private records.
    pub private: u64,
}

/// Answers about records, at one pinned generation.
pub trait Facts {
    /// The facts of one record, if it exists.
    fn record(&self, asking: &Asking, object: ObjectId, id: RecordId) -> Option<RecordFacts>;

    /// The record with this external ID, if it exists.
    fn external(&self, asking: &Asking, object: ObjectId, external_id: &str) -> Option<RecordId>;

    /// Every owner of records of an object, with counts. No owner twice.
    fn owner_counts(&self, asking: &Asking, object: ObjectId) -> Vec<OwnerCount>;

    /// The public records of an object that are assigned to a person, counted by owner.
    fn assigned_counts(&self, asking: &Asking, object: ObjectId, user: UserId) -> Vec<(UserId, u64)>;

    /// How many records of an object are assigned to a person in all, private ones included.
    fn assigned_in_all(&self, asking: &Asking, object: ObjectId, user: UserId) -> u64;
}

/// An account without records.
#[derive(Debug)]
pub struct NoFacts;

impl Facts for NoFacts {
    fn record(&self, _: &Asking, _: ObjectId, _: RecordId) -> Option<RecordFacts> {
        None
    }

    fn external(&self, _: &Asking, _: ObjectId, _: &str) -> Option<RecordId> {
        None
    }

    fn owner_counts(&self, _: &Asking, _: ObjectId) -> Vec<OwnerCount> {
        Vec::new()
    }

    fn assigned_counts(&self, _: &Asking, _: ObjectId, _: UserId) -> Vec<(UserId, u64)> {
        Vec::new()
    }

    fn assigned_in_all(&self, _: &Asking, _: ObjectId, _: UserId) -> u64 {
        0
    }
}
