//! Judges changes to records (R12, R13, R14, R32).

use std::collections::{BTreeSet, HashMap};

use crate::model::catalog::features;
use crate::model::value::{Kind, Value};
use crate::model::{
    Change, Commit, Day, Field, FieldId, Object, ObjectId, Record, RecordAction, RoleType, Scope, Status, Swap, UserId,
};

use super::super::compile::Snapshot;
use super::super::facts::{Asking, Facts, RecordFacts};
use super::super::witness::Subject;
use super::{Denied, Refusal};

pub(super) fn judge(now: &Snapshot, who: Subject, commit: &Commit, facts: &dyn Facts) -> Result<(), Denied> {
    let leavers = leavers(commit);
    let mut judging = Judging { now, who, facts, today: today(commit), external: HashMap::new(), leavers };
    for change in &commit.changes {
        let Change::Record(swap) = change else { continue };
        match (&swap.before, &swap.after) {
            (None, Some(after)) => judging.create(after)?,
            (Some(before), Some(after)) => judging.change(before, after)?,
            (Some(before), None) => judging.delete(before)?,
            (None, None) => {}
        }
    }
    bulk(now, who, commit)
}

/// R13, 002-27, 002-28: what one person may do to one contact after the other needs a permission of
/// its own where it is done to many at once, on whatever path. Handing over what somebody who is
/// deleted leaves behind is none of it (R24).
fn bulk(now: &Snapshot, who: Subject, commit: &Commit) -> Result<(), Denied> {
    let leavers = leavers(commit);
    let (mut owners, mut statuses) = (0, 0);
    for change in &commit.changes {
        let Change::Record(Swap { before: Some(before), after: Some(after) }) = change else { continue };
        if before.object != ObjectId::CONTACTS {
            continue;
        }
        owners += usize::from(before.owner != after.owner && !leavers.contains(&before.owner));
        statuses += usize::from(before.value(FieldId::STATUS) != after.value(FieldId::STATUS));
    }
    for (count, feature) in [(owners, features::CONTACTS_BULK_OWNER), (statuses, features::CONTACTS_BULK_STATUS)] {
        if count > 1 && !now.holds(who, feature) {
            let label = now.team().catalog.feature(feature).map_or("", |feature| feature.label.as_str());
            return Err(forbidden("many contacts at once", &format!("you need “{label}” for this")));
        }
    }
    Ok(())
}

/// Whom the commit deletes. That it may is judged with the people.
fn leavers(commit: &Commit) -> BTreeSet<UserId> {
    let gone = commit.changes.iter().filter_map(|change| match change {
        Change::User(Swap { before: Some(user), after: None }) => Some(user.id),
        _ => None,
    });
    gone.collect()
}

fn today(commit: &Commit) -> Day {
    Day::from_date(commit.at.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date())
}

struct Judging<'a> {
    now: &'a Snapshot,
    who: Subject,
    facts: &'a dyn Facts,
    today: Day,
    /// External IDs that this very commit takes.
    external: HashMap<(ObjectId, Box<str>), ()>,
    /// People whom this very commit deletes.
    leavers: BTreeSet<UserId>,
}

fn forbidden(place: &str, text: &str) -> Denied {
    Denied::Forbidden(vec![Refusal::new(place, text)])
}

fn invalid(place: &str, text: &str) -> Denied {
    Denied::Invalid(vec![Refusal::new(place, text)])
}

impl Judging<'_> {
    fn create(&mut self, after: &Record) -> Result<(), Denied> {
        let object = self.object(after.object)?;
        let rights = self.now.rights(self.who, after.object);
        if !rights.access || rights.edit == Scope::None {
            return Err(forbidden(&object.label, "you can't create records here"));
        }
        if let Subject::User(me) = self.who
            && self.role_type(me) == Some(RoleType::Focused)
            && after.owner != me
        {
            return Err(forbidden("the owner", "a Focused User is the owner of what they create"));
        }
        self.owner_is_active(after.owner)?;
        self.seal(None, after)?;
        self.external(after)?;
        self.people_exist(after)?;
        self.values(&object, None, after)
    }

    fn change(&mut self, before: &Record, after: &Record) -> Result<(), Denied> {
        let object = self.object(before.object)?;
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
            self.external(after)?;
        }
        if before.assigned != after.assigned {
            self.people_exist(after)?;
        }
        self.values(&object, Some(before), after)
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

    fn object(&self, id: ObjectId) -> Result<std::sync::Arc<Object>, Denied> {
        self.now.team().objects.get(&id).cloned().ok_or_else(|| invalid("the record", "there is no such object"))
    }

    fn role_type(&self, user: UserId) -> Option<RoleType> {
        self.now.team().role_of(user).map(|role| role.role_type)
    }

    fn owner_is_active(&self, owner: UserId) -> Result<(), Denied> {
        match self.now.team().users.get(&owner) {
            Some(user) if user.status == Status::Active => Ok(()),
            Some(user) => {
                Err(invalid("the owner", &format!("{} is {}; choose somebody active", user.email, user.status.token())))
            }
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

    fn external(&mut self, after: &Record) -> Result<(), Denied> {
        let Some(external_id) = &after.external_id else { return Ok(()) };
        let held = self.facts.external(&Asking::new(), after.object, external_id);
        let taken = held.is_some_and(|other| other != after.id)
            || self.external.insert((after.object, external_id.clone()), ()).is_some();
        // R32: the one bit that is accepted, in the same words for everybody.
        if taken { Err(invalid(&format!("external_id {external_id}"), "can't be used")) } else { Ok(()) }
    }

    fn people_exist(&self, after: &Record) -> Result<(), Denied> {
        let stays = |user: &UserId| self.now.team().users.contains_key(user) && !self.leavers.contains(user);
        if after.assigned.iter().all(stays) {
            Ok(())
        } else {
            Err(invalid("assigned_to", "names somebody who isn't in this account"))
        }
    }

    fn values(&self, object: &Object, before: Option<&Record>, after: &Record) -> Result<(), Denied> {
        let write = self.now.rights(self.who, object.id).write;
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
            let may = object.section_position(field.section).is_some_and(|position| write >> position & 1 == 1);
            if !may && !self.filled_by_itself(field, is) {
                return Err(forbidden("the field", "there is no such field that you can change"));
            }
        }
        // What a field held that is gone stays with the record, unseen, so that the field can come back.
        let kept = |id: FieldId| before.is_some_and(|before| before.value(id) == after.value(id));
        let known = after.values.iter().all(|(id, _)| object.field(*id).is_some() || kept(*id));
        if known { Ok(()) } else { Err(invalid("the record", "has a value of a field that isn't there")) }
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
