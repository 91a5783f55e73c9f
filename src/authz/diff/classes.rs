//! What differs between two classes: features, sections, and how far each reaches into each object.
//! Worked out once for all the people who go from the one to the other.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::authz::classes::{Class, ObjectRights};
use crate::authz::compile::Snapshot;
use crate::model::{FeatureId, FeatureValue, Object, ObjectId, RoleType, Scope, SectionId};

use super::SectionImpact;

/// A class on one side, if there is one.
type Side<'a> = (&'a Snapshot, Option<&'a Class>);

/// What differs between two classes.
pub(super) struct ClassChange {
    pub(super) features: Vec<(FeatureId, FeatureValue, FeatureValue)>,
    pub(super) sections: Vec<SectionImpact>,
    /// Every object, changed or not.
    pub(super) objects: Vec<ObjectChange>,
    /// Does a scope depend on where people stand?
    pub(super) places: bool,
}

/// One object, before and after.
pub(super) struct ObjectChange {
    pub(super) object: ObjectId,
    pub(super) sides: [Held; 2],
    /// Do the scopes differ by themselves?
    pub(super) differs: bool,
    /// Is there a scope over subordinates?
    pub(super) lines: bool,
    /// Is there a scope over a role's holders?
    pub(super) roles: bool,
}

/// How far a class reaches into an object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) view: Scope,
    pub(super) edit: Scope,
    pub(super) delete: Scope,
    pub(super) focused: bool,
}

fn rights((_, class): Side<'_>, object: ObjectId) -> ObjectRights {
    class.map_or(ObjectRights::NONE, |class| *class.object(object))
}

impl ClassChange {
    pub(super) fn of(sides: [Side<'_>; 2], objects: &BTreeSet<ObjectId>) -> Self {
        let features = features(sides);
        let sections = objects.iter().flat_map(|object| sections(sides, *object)).collect();
        let objects: Vec<ObjectChange> = objects.iter().map(|object| ObjectChange::of(sides, *object)).collect();
        let places = objects.iter().any(|object| object.lines || object.roles);
        Self { features, sections, objects, places }
    }
}

impl ObjectChange {
    fn of(sides: [Side<'_>; 2], object: ObjectId) -> Self {
        let sides = sides.map(|side| {
            let ObjectRights { view, edit, delete, .. } = rights(side, object);
            let focused = side.1.is_some_and(|class| class.role_type == RoleType::Focused);
            Held { view, edit, delete, focused }
        });
        let any = |scope: Scope| sides.iter().any(|held| [held.view, held.edit, held.delete].contains(&scope));
        let (lines, roles) = (any(Scope::Subordinates), any(Scope::Roles));
        let [was, is] = sides;
        Self { object, sides, differs: was != is, lines, roles }
    }
}

fn features([before, after]: [Side<'_>; 2]) -> Vec<(FeatureId, FeatureValue, FeatureValue)> {
    let (old, new) = (&before.0.team().catalog, &after.0.team().catalog);
    if let (Some(was), Some(is)) = (before.1, after.1)
        && was.features_alike(is)
    {
        return Vec::new();
    }
    let value = |(_, class): Side<'_>, id| class.map_or(FeatureValue::No, |class| class.feature(id));
    // A permission of the account's own may be made by the change, or gone with it.
    let gone = old.features().filter(|feature| new.feature(feature.id).is_none());
    let all = new.features().chain(gone);
    let values = all.map(|feature| (feature.id, value(before, feature.id), value(after, feature.id)));
    values.filter(|(_, was, is)| was != is).collect()
}

fn sections([before, after]: [Side<'_>; 2], object: ObjectId) -> Vec<SectionImpact> {
    let (old, new) = (before.0.team().objects.get(&object), after.0.team().objects.get(&object));
    let (was, is) = (rights(before, object), rights(after, object));
    let alike = match (old, new) {
        (Some(old), Some(new)) => Arc::ptr_eq(old, new) && was == is,
        (None, None) => true,
        _ => false,
    };
    if alike {
        return Vec::new();
    }
    let both = [old, new].into_iter().flatten();
    let sections: BTreeSet<SectionId> = both.flat_map(|object| object.sections.iter().map(|s| s.id)).collect();
    let may = |object: Option<&Arc<Object>>, rights: &ObjectRights, section: SectionId| {
        let position = object.and_then(|object| object.section_position(section));
        let bit = |bits: u64| rights.access && position.is_some_and(|position| bits >> position & 1 == 1);
        (bit(rights.see), bit(rights.write))
    };
    let impacts = sections.into_iter().map(|section| {
        let (was, is) = (may(old, &was, section), may(new, &is, section));
        SectionImpact { object, section, view: (was.0, is.0), edit: (was.1, is.1) }
    });
    impacts.filter(|impact| impact.view.0 != impact.view.1 || impact.edit.0 != impact.edit.1).collect()
}
