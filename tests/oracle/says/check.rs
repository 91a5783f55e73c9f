//! `rolecall check`, by part 4's own words.

use rolecall::model::{ObjectId, RecordAction, RecordId, Scope, User};

use super::Oracle;

/// 000-38: "changing one needs the feature and edit of the record".
const CHANGES_THE_RECORD: [&str; 10] = [
    "contacts.private",
    "contacts.bulk_status",
    "contacts.bulk_owner",
    "deals.items",
    "purchases.refund",
    "tasks.set",
    "tasks.complete",
    "tasks.cancel",
    "tasks.reassign",
    "tasks.reschedule",
];

impl Oracle<'_> {
    /// May somebody do what the action's key says, with the record, with the field?
    pub fn check(&self, user: &User, key: &str, record: Option<(ObjectId, RecordId)>, field: Option<&str>) -> bool {
        if !self.is_active(user) {
            return false;
        }
        let (area, verb) = key.split_once('.').unwrap();
        let object = self.team.objects.values().find(|object| object.key == area).map(|object| object.id);
        match (object, verb) {
            (Some(object), "view" | "edit" | "create" | "delete") => {
                self.has_area(user, area)
                    && self.check_records(user, verb, object, record)
                    && self.check_field(user, verb, object, field)
            }
            _ => {
                let needed = if CHANGES_THE_RECORD.contains(&key) { RecordAction::Edit } else { RecordAction::View };
                self.holds(user, key) && record.is_none_or(|at| self.check_one(user, needed, at))
            }
        }
    }

    fn check_records(&self, user: &User, verb: &str, object: ObjectId, record: Option<(ObjectId, RecordId)>) -> bool {
        let action = match verb {
            "view" => RecordAction::View,
            "delete" => RecordAction::Delete,
            _ => RecordAction::Edit,
        };
        match record {
            // "view asks for access, create and edit for a scope other than None, delete for that
            // and `may_delete`".
            None => action == RecordAction::View || self.scope(user, action, object) != Scope::None,
            // Creating asks nothing of another record but that it isn't hidden (R32).
            Some(at) if verb == "create" => {
                self.scope(user, action, object) != Scope::None && self.check_one(user, RecordAction::View, at)
            }
            Some(at) => at.0 == object && self.check_one(user, action, at),
        }
    }

    fn check_one(&self, user: &User, action: RecordAction, (object, id): (ObjectId, RecordId)) -> bool {
        let record = self.record(id).filter(|record| record.object == object);
        record.is_some_and(|record| self.may(user, action, record))
    }

    /// "with `--field`, view and edit are asked of that field"; a field that may not be seen is one
    /// that isn't there. Creating with a field is editing it.
    fn check_field(&self, user: &User, verb: &str, object: ObjectId, field: Option<&str>) -> bool {
        let Some(name) = field else { return true };
        let fields = &self.object(object).fields;
        let field = fields.iter().find(|field| field.name.to_lowercase() == name.to_lowercase());
        match verb {
            "view" => field.is_some_and(|field| self.may_view_field(user, object, field)),
            "edit" | "create" => field.is_some_and(|field| self.may_edit_field(user, object, field)),
            _ => true,
        }
    }
}
