//! What there was to hold before a step: what a step adds to the account is nobody's gain.

use std::collections::BTreeSet;

use rolecall::model::{FieldId, ObjectId, SectionId, Team};

use crate::says::{Held, Holdings};

pub struct Things {
    features: BTreeSet<String>,
    objects: BTreeSet<ObjectId>,
    sections: BTreeSet<SectionId>,
    fields: BTreeSet<FieldId>,
}

impl Things {
    pub fn of(team: &Team) -> Self {
        Self {
            features: team.catalog.features().map(|feature| feature.key.clone()).collect(),
            objects: team.objects.keys().copied().collect(),
            sections: team.objects.values().flat_map(|object| &object.sections).map(|section| section.id).collect(),
            fields: team.objects.values().flat_map(|object| &object.fields).map(|field| field.id).collect(),
        }
    }

    /// Only what was there.
    pub fn only(&self, holdings: Holdings) -> Holdings {
        let there = |held: &Held| match held {
            Held::Feature(key) => self.features.contains(key),
            Held::Records(object, ..) => self.objects.contains(object),
            Held::Section(_, section, _) => self.sections.contains(section),
            Held::Field(_, field, _) => self.fields.contains(field),
        };
        holdings.into_iter().filter(there).collect()
    }
}
