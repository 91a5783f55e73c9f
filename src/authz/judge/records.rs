//! Judges changes to records (R12, R13, R14, R32).

use std::collections::{BTreeSet, HashSet};

use crate::model::catalog::features;
use crate::model::value::{Kind, Value};
use crate::model::{
    Change, Commit, Day, Field, FieldId, Moment, Object, ObjectId, Record, RecordAction, Scope, Status, Swap, UserId,
};

use super::super::classes::ObjectRights;
use super::super::compile::Snapshot;
use super::super::facts::{Asking, Facts, RecordFacts};
use super::super::witness::Subject;
use super::{Denied, Refusal};

pub(super) fn judge(now: &Snapshot, who: Subject, commit: &Commit, facts: &dyn Facts) -> Result<(), Denied> {
    let mut judging = Judging::new(now, who, commit.at);
    judging.leavers = leavers(commit);
    judging.taken = Some(HashSet::new());
    for change in &commit.changes {
        let Change::Record(swap) = change else { continue };
        judging.one(swap, facts)?;
    }
    judging.together()
}

/// Whom the commit deletes. That it may is judged with the people.
fn leavers(commit: &Commit) -> BTreeSet<UserId> {
    let gone = commit.changes.iter().filter_map(|change| match change {
        Change::User(Swap { before: Some(user), after: None }) => Some(user.id),
        _ => None,
    });
    gone.collect()
}

/// Changes of records, judged one after the other. What is the same for all of them is worked out
/// once.
#[derive(Debug)]
pub(super) struct Judging<'a> {
    now: &'a Snapshot,
    who: Subject,
    today: Day,
    /// A Focused User acts.
    focused: bool,
    shapes: Vec<Shape<'a>>,
    /// External IDs that the changes so far take; nothing where the facts know that already.
    taken: Option<HashSet<(ObjectId, Box<str>)>>,
    /// People whom this very commit deletes.
    leavers: BTreeSet<UserId>,
    /// Contacts that change hands, and contacts whose status changes.
    owners: u64,
    statuses: u64,
}

/// What the subject may do with an object's records.
#[derive(Debug)]
struct Shape<'a> {
    object: &'a Object,
    rights: ObjectRights,
    /// By field; whether the subject may write it.
    fields: Vec<(FieldId, &'a Field, bool)>,
}

impl<'a> Shape<'a> {
    fn of(now: &'a Snapshot, who: Subject, id: ObjectId) -> Result<Self, Denied> {
        let object = now.team().objects.get(&id).ok_or_else(|| invalid("the record", "there is no such object"))?;
        let rights = now.rights(who, id);
        let may = |field: &Field| {
            object.section_position(field.section).is_some_and(|position| rights.write >> position & 1 == 1)
        };
        let mut fields: Vec<_> = object.fields.iter().map(|field| (field.id, field, may(field))).collect();
        fields.sort_unstable_by_key(|(id, _, _)| *id);
        Ok(Self { object, rights, fields })
    }

    fn field(&self, id: FieldId) -> Option<(&'a Field, bool)> {
        let place = self.fields.binary_search_by_key(&id, |(id, _, _)| *id).ok()?;
        self.fields.get(place).map(|(_, field, may)| (*field, *may))
    }
}

fn forbidden(place: &str, text: &str) -> Denied {
    Denied::Forbidden(vec![Refusal::new(place, text)])
}

fn invalid(place: &str, text: &str) -> Denied {
    Denied::Invalid(vec![Refusal::new(place, text)])
}

impl<'a> Judging<'a> {
    /// Judges what a subject changes at a moment.
    pub(super) fn new(now: &'a Snapshot, who: Subject, at: Moment) -> Self {
        let focused = matches!(who, Subject::User(me) if now.is_focused(me));
        let (today, shapes, leavers) = (at.day(), Vec::new(), BTreeSet::new());
        Self { now, who, today, focused, shapes, taken: None, leavers, owners: 0, statuses: 0 }
    }

    /// Judges one change by itself.
    pub(super) fn one(&mut self, swap: &Swap<Record>, facts: &dyn Facts) -> Result<(), Denied> {
        match (&swap.before, &swap.after) {
            (None, Some(after)) => self.create(after, facts),
            (Some(before), Some(after)) => {
                self.change(before, after, facts)?;
                self.count(before, after);
                Ok(())
            }
            (Some(before), None) => self.delete(before),
            (None, None) => Ok(()),
        }
    }

    /// R13, 002-27, 002-28: what one person may do to one contact after the other needs a permission
    /// of its own where it is done to many at once, on whatever path. Handing over what somebody who
    /// is deleted leaves behind is none of it (R24).
    pub(super) fn together(&self) -> Result<(), Denied> {
        let many = [(self.owners, features::CONTACTS_BULK_OWNER), (self.statuses, features::CONTACTS_BULK_STATUS)];
        for (count, feature) in many {
            if count > 1 && !self.now.holds(self.who, feature) {
                let label = self.now.team().catalog.feature(feature).map_or("", |feature| feature.label.as_str());
                return Err(forbidden("many contacts at once", &format!("you need “{label}” for this")));
            }
        }
        Ok(())
    }

    fn count(&mut self, before: &Record, after: &Record) {
        if before.object != ObjectId::CONTACTS {
            return;
        }
        self.owners += u64::from(before.owner != after.owner && !self.leavers.contains(&before.owner));
        self.statuses += u64::from(before.value(FieldId::STATUS) != after.value(FieldId::STATUS));
    }

    fn create(&mut self, after: &Record, facts: &dyn Facts) -> Result<(), Denied> {
        let place = self.shape(after.object)?;
        let Shape { object, rights, .. } = self.at(place)?;
        if !rights.access || rights.edit == Scope::None {
            return Err(forbidden(&object.label, "you can't create records here"));
        }
        if self.focused && self.who != Subject::User(after.owner) {
            return Err(forbidden("the owner", "a Focused User is the owner of what they create"));
        }
        self.owner_is_active(after.owner)?;
        self.seal(None, after)?;
        self.external(after, facts)?;
        self.people_exist(after)?;
        self.values(self.at(place)?, None, after)
    }

    fn change(&mut self, before: &Record, after: &Record, facts: &dyn Facts) -> Result<(), Denied> {
        let place = self.shape(before.object)?;
        if after.id != before.id || after.object != before.object {
            return Err(invalid("the record", "its ID can't be changed"));
        }
        if self.hands_over(before, after) {
            return if before.owner == after.owner { Ok(()) } else { self.owner_is_active(after.owner) };
        }
        self.may(RecordAction::Edit, before)?;
        if before.owner != after.owner {
            self.owner_is_active(after.owner)?;
        }
        self.seal(Some(before), after)?;
        if before.external_id != after.external_id {
            self.external(after, facts)?;
        }
        if before.assigned != after.assigned {
            self.people_exist(after)?;
        }
        self.values(self.at(place)?, Some(before), after)
    }

    /// R24: whoever may delete a person hands over what that person leaves behind, whether they see
    /// it or not, sealed or not. A new owner for what was the leaver's and no assignment to them any
    /// more: nothing else passes for it.
    fn hands_over(&self, before: &Record, after: &Record) -> bool {
        let leaves = |user: &UserId| self.leavers.contains(user);
        if !leaves(&before.owner) && !before.assigned.iter().any(leaves) {
            return false;
        }
        let owner = if leaves(&before.owner) { after.owner } else { before.owner };
        let assigned = before.assigned.iter().copied().filter(|user| !leaves(user)).collect();
        *after == Record { owner, assigned, ..before.clone() } && !leaves(&after.owner)
    }

    fn delete(&self, before: &Record) -> Result<(), Denied> {
        self.may(RecordAction::Delete, before)
    }

    /// A record out of view answers as one that isn't there.
    fn may(&self, action: RecordAction, record: &Record) -> Result<(), Denied> {
        let Subject::User(me) = self.who else { return Ok(()) };
        let facts = RecordFacts { owner: record.owner, private: record.private, assigned: record.assigned.clone() };
        if self.now.may(me, action, record.object, &facts) {
            Ok(())
        } else if self.now.may(me, RecordAction::View, record.object, &facts) {
            let text = if action == RecordAction::Delete { "you can't delete it" } else { "you can't change it" };
            Err(forbidden(&format!("the record {}", record.id), text))
        } else {
            Err(Denied::Absent)
        }
    }

    /// Where the shape of an object is.
    fn shape(&mut self, id: ObjectId) -> Result<usize, Denied> {
        if let Some(place) = self.shapes.iter().position(|shape| shape.object.id == id) {
            return Ok(place);
        }
        self.shapes.push(Shape::of(self.now, self.who, id)?);
        Ok(self.shapes.len() - 1)
    }

    fn at(&self, place: usize) -> Result<&Shape<'a>, Denied> {
        self.shapes.get(place).ok_or_else(|| invalid("the record", "there is no such object"))
    }

    fn owner_is_active(&self, owner: UserId) -> Result<(), Denied> {
        if self.now.is_active(owner) {
            return Ok(());
        }
        match self.now.team().users.get(&owner) {
            Some(user) if user.status == Status::Active => Ok(()),
            Some(user) => Err(invalid(
                "the owner",
                &format!("“{}” is {}; choose somebody active", user.email, user.status.token()),
            )),
            None => Err(invalid("the owner", "is nobody in this account")),
        }
    }

    /// R14: only the owner seals, holding "Own private contacts", and only contacts. A seal stays
    /// for the next owner.
    fn seal(&self, before: Option<&Record>, after: &Record) -> Result<(), Denied> {
        if !after.private || before.is_some_and(|before| before.private) {
            return Ok(());
        }
        if after.object != ObjectId::CONTACTS {
            return Err(invalid("private", "only contacts can be private"));
        }
        let Subject::User(me) = self.who else { return Ok(()) };
        if before.map_or(after.owner, |before| before.owner) != me || after.owner != me {
            return Err(forbidden("private", "only a contact's owner can make it private"));
        }
        if !self.now.holds(self.who, features::CONTACTS_PRIVATE) {
            return Err(forbidden("private", "you can't have private contacts"));
        }
        Ok(())
    }

    fn external(&mut self, after: &Record, facts: &dyn Facts) -> Result<(), Denied> {
        let Some(external_id) = &after.external_id else { return Ok(()) };
        let held = facts.external(&Asking::new(), after.object, external_id);
        let taken = held.is_some_and(|other| other != after.id)
            || self.taken.as_mut().is_some_and(|taken| !taken.insert((after.object, external_id.clone())));
        // R32: the one bit that is accepted, in the same words for everybody.
        if taken { Err(invalid(&format!("external_id “{external_id}”"), "can't be used")) } else { Ok(()) }
    }

    fn people_exist(&self, after: &Record) -> Result<(), Denied> {
        let stays = |user: &UserId| self.now.team().users.contains_key(user) && !self.leavers.contains(user);
        if after.assigned.iter().all(stays) {
            Ok(())
        } else {
            Err(invalid("assigned_to", "names somebody who isn't in this account"))
        }
    }

    fn values(&self, shape: &Shape<'_>, before: Option<&Record>, after: &Record) -> Result<(), Denied> {
        // Mostly all is well; what isn't is told of the first field in the order that people see.
        if self.passes(shape, before, after) {
            return Ok(());
        }
        let object = shape.object;
        for field in &object.fields {
            let (was, is) = (before.and_then(|before| before.value(field.id)), after.value(field.id));
            if was == is {
                continue;
            }
            if let Some(is) = is
                && !fits(field, is)
            {
                return Err(invalid(&field.name, &format!("the value isn't a {}", field.kind.token())));
            }
            let may = shape.field(field.id).is_some_and(|(_, may)| may);
            if !may && !self.filled_by_itself(field, is) {
                return Err(forbidden("the field", "there is no such field that you can change"));
            }
        }
        // What a field held that is gone stays with the record, unseen, so that the field can come back.
        let kept = |id: FieldId| before.is_some_and(|before| before.value(id) == after.value(id));
        let known = after.values.iter().all(|(id, _)| object.field(*id).is_some() || kept(*id));
        if known { Ok(()) } else { Err(invalid("the record", "has a value of a field that isn't there")) }
    }

    /// Is every value that differs one that its field can hold and the subject may write?
    fn passes(&self, shape: &Shape<'_>, before: Option<&Record>, after: &Record) -> bool {
        let good = |id: FieldId, is: Option<&Value>| {
            shape.field(id).is_some_and(|(field, may)| {
                is.is_none_or(|is| fits(field, is)) && (may || self.filled_by_itself(field, is))
            })
        };
        let new = after
            .values
            .iter()
            .all(|(id, is)| before.is_some_and(|before| before.value(*id) == Some(is)) || good(*id, Some(is)));
        let gone = || {
            let values = before.map(|before| before.values.as_slice()).unwrap_or_default();
            values.iter().all(|(id, _)| after.value(*id).is_some() || good(*id, None))
        };
        new && gone()
    }

    /// Automatic fields take today's date whoever acts.
    fn filled_by_itself(&self, field: &Field, value: Option<&Value>) -> bool {
        field.automatic.is_some() && value == Some(&Value::Date(self.today))
    }
}

fn fits(field: &Field, value: &Value) -> bool {
    match (field.kind, value) {
        (Kind::Text | Kind::Email | Kind::Phone, Value::Text(text)) => !text.is_empty(),
        (Kind::Number, Value::Number(number)) => number.is_finite(),
        (Kind::Money, Value::Money(_)) | (Kind::Date, Value::Date(_)) | (Kind::YesNo, Value::YesNo(_)) => true,
        (Kind::Dropdown, Value::Option(id)) => field.options.iter().any(|option| option.id == *id),
        _ => false,
    }
}
