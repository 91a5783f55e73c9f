//! The records of a random account, and their answers to what authz asks.

use std::collections::BTreeMap;

use rolecall::authz::{Asking, Facts, OwnerCount, RecordFacts};
use rolecall::model::{ObjectId, Record, RecordId, UserId};

/// All records, in a list.
#[derive(Debug, Clone, Default)]
pub struct World {
    pub records: Vec<Record>,
}

impl World {
    pub fn of(&self, object: ObjectId) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(move |record| record.object == object)
    }
}

impl Facts for World {
    fn record(&self, _: &Asking, object: ObjectId, id: RecordId) -> Option<RecordFacts> {
        self.of(object).find(|record| record.id == id).map(|record| RecordFacts {
            owner: record.owner,
            private: record.private,
            assigned: record.assigned.clone(),
        })
    }

    fn external(&self, _: &Asking, object: ObjectId, external_id: &str) -> Option<RecordId> {
        self.of(object).find(|record| record.external_id.as_deref() == Some(external_id)).map(|record| record.id)
    }

    fn owner_counts(&self, _: &Asking, object: ObjectId) -> Vec<OwnerCount> {
        let mut counts: BTreeMap<UserId, OwnerCount> = BTreeMap::new();
        for record in self.of(object) {
            let owner = record.owner;
            let count = counts.entry(owner).or_insert(OwnerCount { owner, public: 0, private: 0 });
            *(if record.private { &mut count.private } else { &mut count.public }) += 1;
        }
        counts.into_values().collect()
    }

    fn assigned_counts(&self, _: &Asking, object: ObjectId, user: UserId) -> Vec<(UserId, u64)> {
        let mut counts: BTreeMap<UserId, u64> = BTreeMap::new();
        for record in self.of(object).filter(|record| !record.private && record.assigned.contains(&user)) {
            *counts.entry(record.owner).or_default() += 1;
        }
        counts.into_iter().collect()
    }

    fn assigned_in_all(&self, _: &Asking, object: ObjectId, user: UserId) -> u64 {
        self.of(object).filter(|record| record.assigned.contains(&user)).count() as u64
    }
}
