//! What one may, as far as two moments can be held against each other: when somebody's own rights
//! change, what their console shows is looked at anew (R16).

use crate::authz::ObjectRights;
use crate::model::{FeatureValue, ObjectId};

use super::session::Session;

/// Everything that a person may at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    features: Vec<FeatureValue>,
    rights: Vec<(ObjectId, ObjectRights)>,
}

impl Session {
    /// What the subject may now.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let (view, who) = (self.view(), self.subject());
        let (snapshot, team) = (view.snapshot(), view.team());
        let features = team.catalog.features().map(|feature| snapshot.feature(who, feature.id)).collect();
        let rights = team.objects.keys().map(|object| (*object, snapshot.rights(who, *object))).collect();
        Standing { features, rights }
    }
}
