//! Scopes over records (R1, R3, R4, R8, R12, R14, R34), sections and fields.

use rolecall::model::{
    Field, Object, ObjectId, Record, RecordAction, RoleType, Scope, Scopes, SectionAccess, SectionId, User,
};

use super::Oracle;
use super::features::is_locked;

impl<'a> Oracle<'a> {
    pub fn object(&self, id: ObjectId) -> &'a Object {
        &self.team.objects[&id]
    }

    /// What the role sets, before anything else.
    pub fn scopes(&self, user: &User, area: &str) -> Scopes {
        let role = self.role(user);
        let object = self.team.objects.values().find(|object| object.key == area).unwrap();
        if is_locked(role) {
            return Scopes { view: Scope::All, edit: Scope::All, delete: Scope::All };
        }
        // Part 4: "for unlisted scopes `own` for view and `none` for edit and delete".
        *role.scopes.get(&object.id).unwrap_or(&Scopes { view: Scope::Own, edit: Scope::None, delete: Scope::None })
    }

    /// The scope of one action as it counts (R9: None without access; deleting needs `may_delete`).
    pub fn scope(&self, user: &User, action: RecordAction, object: ObjectId) -> Scope {
        let area = self.object(object).key.as_str();
        if !self.has_area(user, area) {
            return Scope::None;
        }
        let scopes = self.scopes(user, area);
        match action {
            RecordAction::View => scopes.view,
            RecordAction::Edit => scopes.edit,
            RecordAction::Delete if self.holds(user, &format!("{area}.may_delete")) => scopes.delete,
            RecordAction::Delete => Scope::None,
        }
    }

    /// Is the record in the set that a scope names for somebody?
    pub fn covers(&self, user: &User, scope: Scope, record: &Record) -> bool {
        if scope == Scope::None {
            return false;
        }
        // R14: sealed from everyone else, whatever they hold; its assignees get nothing.
        if record.private {
            return record.owner == user.id;
        }
        // R8: a Focused User's scopes mean what they own or are assigned to.
        if self.role(user).role_type == RoleType::Focused {
            return record.owner == user.id || record.assigned.contains(&user.id);
        }
        record.owner == user.id
            || match scope {
                Scope::All => true,
                Scope::Roles => self.user(record.owner).role == user.role,
                Scope::Subordinates => self.is_subordinate(record.owner, user.id),
                Scope::Own | Scope::None => false,
            }
    }

    /// R12: edit and delete never reach further than view.
    pub fn may(&self, user: &User, action: RecordAction, record: &Record) -> bool {
        let within = |action| self.covers(user, self.scope(user, action, record.object), record);
        within(RecordAction::View) && within(action)
    }

    /// What somebody may do with a section's fields, on records that they may do it with.
    pub fn section(&self, user: &User, object: ObjectId, section: SectionId) -> SectionAccess {
        let role = self.role(user);
        if !self.has_area(user, &self.object(object).key) {
            return SectionAccess::Hidden;
        }
        if is_locked(role) {
            return SectionAccess::Edit;
        }
        // Part 4: "unlisted sections may be viewed and edited".
        *role.sections.get(&section).unwrap_or(&SectionAccess::Edit)
    }

    pub fn may_view_field(&self, user: &User, object: ObjectId, field: &Field) -> bool {
        self.section(user, object, field.section) != SectionAccess::Hidden
    }

    pub fn may_edit_field(&self, user: &User, object: ObjectId, field: &Field) -> bool {
        self.section(user, object, field.section) == SectionAccess::Edit
    }

    /// The fields that somebody may read.
    pub fn columns(&self, user: &User, object: ObjectId) -> Vec<&'a Field> {
        self.object(object).fields.iter().filter(|field| self.may_view_field(user, object, field)).collect()
    }
}
