//! Handing out witnesses: what may be listed, read, changed, deleted, and read of the history.

use crate::model::catalog::features;
use crate::model::{FieldId, ObjectId, RecordAction, RecordId, SectionId, UserId};

use super::compile::Snapshot;
use super::facts::{Asking, Facts, RecordFacts};
use super::witness::{Audit, Columns, Delete, Edit, Permit, Subject, View, Visible};

impl Snapshot {
    /// Which records of an object a list may hold; nothing where the object is switched off (R11).
    #[must_use]
    pub fn visible(&self, who: Subject, object: ObjectId) -> Option<Visible> {
        let Subject::User(me) = who else { return Some(Visible::operator(object)) };
        let rights = self.rights(who, object);
        rights.access.then(|| Visible::person(object, me, self.is_focused(me), self.reach(me, rights.view)))
    }

    /// May somebody learn that a section is there and what it is called, wherever it is named (R11,
    /// R32)? Whoever may view it may, and whoever manages roles, who sets who may. One that is gone
    /// is named to the latter alone.
    #[must_use]
    pub fn may_name(&self, who: Subject, object: ObjectId, section: SectionId) -> bool {
        let sees = self.may_view_section(who, object, section);
        sees || who == Subject::Operator || self.holds(who, features::ROLES_MANAGE)
    }

    /// May somebody view the fields of a section that is there (001-21)?
    #[must_use]
    pub fn may_view_section(&self, who: Subject, object: ObjectId, section: SectionId) -> bool {
        let rights = self.rights(who, object);
        let position = self.team().objects.get(&object).and_then(|object| object.section_position(section));
        rights.access && position.is_some_and(|position| rights.see >> position & 1 == 1)
    }

    /// Which fields of an object may be read; nothing where the object is switched off.
    #[must_use]
    pub fn columns(&self, who: Subject, object: ObjectId) -> Option<Columns> {
        let rights = self.rights(who, object);
        rights.access.then(|| Columns::new(object, self.fields(object, rights.see)))
    }

    /// Which fields of an object may be changed, on records that may be.
    #[must_use]
    pub fn writable(&self, who: Subject, object: ObjectId) -> Vec<FieldId> {
        let rights = self.rights(who, object);
        if rights.access { self.fields(object, rights.write) } else { Vec::new() }
    }

    fn fields(&self, object: ObjectId, sections: u64) -> Vec<FieldId> {
        let Some(object) = self.team().objects.get(&object) else { return Vec::new() };
        let may = |field: &&crate::model::Field| {
            object.section_position(field.section).is_some_and(|position| sections >> position & 1 == 1)
        };
        object.fields.iter().filter(may).map(|field| field.id).collect()
    }

    fn permit<A>(
        &self,
        who: Subject,
        action: RecordAction,
        object: ObjectId,
        id: RecordId,
        facts: &dyn Facts,
    ) -> Option<Permit<A>> {
        let found = facts.record(&Asking::new(), object, id)?;
        let may = match who {
            Subject::Operator => true,
            Subject::User(me) => self.may(me, action, object, &found),
        };
        may.then(|| Permit::new(object, id, self.generation()))
    }

    /// Permission to see a record. A record out of view answers as one that isn't there (R32).
    #[must_use]
    pub fn permit_view(&self, who: Subject, object: ObjectId, id: RecordId, facts: &dyn Facts) -> Option<Permit<View>> {
        self.permit(who, RecordAction::View, object, id, facts)
    }

    /// What decides access to a record, for whoever may see it.
    #[must_use]
    pub fn facts_for(&self, who: Subject, object: ObjectId, id: RecordId, facts: &dyn Facts) -> Option<RecordFacts> {
        self.seen(who, facts).record(&Asking::new(), object, id)
    }

    /// Permission to change a record.
    #[must_use]
    pub fn permit_edit(&self, who: Subject, object: ObjectId, id: RecordId, facts: &dyn Facts) -> Option<Permit<Edit>> {
        self.permit(who, RecordAction::Edit, object, id, facts)
    }

    /// Permission to delete a record.
    #[must_use]
    pub fn permit_delete(
        &self,
        who: Subject,
        object: ObjectId,
        id: RecordId,
        facts: &dyn Facts,
    ) -> Option<Permit<Delete>> {
        self.permit(who, RecordAction::Delete, object, id, facts)
    }

    /// The record that an external ID names, for somebody who may see it (R32).
    #[must_use]
    pub fn find_external(
        &self,
        who: Subject,
        object: ObjectId,
        external_id: &str,
        facts: &dyn Facts,
    ) -> Option<Permit<View>> {
        let id = facts.external(&Asking::new(), object, external_id)?;
        self.permit_view(who, object, id, facts)
    }

    /// The objects in which somebody owns records that aren't sealed: what R24 asks heirs for.
    #[must_use]
    pub fn owns_in(&self, user: UserId, facts: &dyn Facts) -> Vec<ObjectId> {
        let asking = Asking::new();
        let owns = |object: &ObjectId| {
            facts.owner_counts(&asking, *object).iter().any(|count| count.owner == user && count.public > 0)
        };
        self.team().objects.keys().copied().filter(owns).collect()
    }

    /// Permission to read the history.
    #[must_use]
    pub fn audit(&self, who: Subject) -> Option<Audit> {
        self.holds(who, features::AUDIT_VIEW).then(|| Audit::new(None))
    }

    /// Permission to read what one person did: one's own, or another's where one manages user details
    /// (002-34, 003-19).
    #[must_use]
    pub fn audit_of(&self, who: Subject, whose: UserId) -> Option<Audit> {
        let mine = who == Subject::User(whose) && self.is_active(whose);
        (mine || self.holds(who, features::USERS_EDIT)).then(|| Audit::new(Some(whose)))
    }
}
