//! What a role comes to by itself, before any person's exceptions, and whether somebody may make it
//! so: what the permission matrix asks about roles as they are and about drafts of them.

use std::collections::BTreeMap;

use crate::model::{FeatureId, FeatureValue, Moment, ObjectId, Role, RoleId, Team, User, UserId};

use super::classes::ObjectRights;
use super::compile::Snapshot;
use super::decide::Person;
use super::judge::Denied;
use super::trace::Quiet;
use super::witness::Subject;

/// What somebody active has who holds a role and has no exceptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRights {
    features: BTreeMap<FeatureId, FeatureValue>,
    objects: BTreeMap<ObjectId, ObjectRights>,
}

impl RoleRights {
    fn of(team: &Team, role: &Role) -> Self {
        let user = User::plain(UserId(u32::MAX), String::new(), String::new(), role.id, Moment(0));
        let person = Person::new(team, &user, role, Moment(0));
        let features = team.catalog.features().map(|feature| (feature.id, person.feature(feature, &mut Quiet)));
        let objects = team.objects.values().map(|object| (object.id, person.object(object, &mut Quiet)));
        Self { features: features.collect(), objects: objects.collect() }
    }

    /// What a feature comes to (R8).
    #[must_use]
    pub fn feature(&self, id: FeatureId) -> FeatureValue {
        self.features.get(&id).copied().unwrap_or(FeatureValue::No)
    }

    /// What may be done with an object's records, before owners are looked at.
    #[must_use]
    pub fn object(&self, id: ObjectId) -> ObjectRights {
        self.objects.get(&id).copied().unwrap_or(ObjectRights::NONE)
    }
}

impl Snapshot {
    /// What a role comes to by itself. It may be a draft that the team doesn't hold.
    #[must_use]
    pub fn role_rights(&self, role: &Role) -> RoleRights {
        RoleRights::of(self.team(), role)
    }

    /// May somebody change a role of the team so that it is like this (R31)? What it would mean for
    /// people with exceptions is judged when the change is made.
    ///
    /// # Errors
    /// Why not.
    pub fn may_change_role(&self, who: Subject, was: RoleId, is: &Role) -> Result<(), Denied> {
        super::judge::change_of_role(self, who, was, is)
    }
}
