//! Making, changing and deleting records (R12, R13, R14).

use crate::authz::Subject;
use crate::exchange::value;
use crate::model::text;
use crate::model::{Automatic, Change, Day, Object, Record, RecordId, Swap, Team, UserId, Value};
use crate::store::View;

use super::draft::Saved;
use super::error::ServiceError;
use super::records::{Opened, no_such_record};
use super::session::Session;

/// What a record is to hold. What is unset stays as it is, or empty in a new record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordDraft {
    /// Fields by shown name, with the value as typed; an empty text empties the field.
    pub fields: Vec<(String, String)>,
    /// The owner's email; whoever makes the record, if unset.
    pub owner: Option<String>,
    /// Emails.
    pub assigned: Option<Vec<String>>,
    /// Seal it.
    pub private: Option<bool>,
    /// Its name in another system; empty takes it away.
    pub external_id: Option<String>,
    /// What fields showed when they were typed over: where one shows something else by now, nothing
    /// is changed, so that nobody's work is written over unseen.
    pub seen: Vec<(String, String)>,
}

const LONGEST_EXTERNAL_ID: usize = 200;

impl Session {
    /// Makes a record.
    ///
    /// # Errors
    /// Where it may not be made, or a value can't be taken.
    pub fn create_record(&self, object: &str, draft: &RecordDraft) -> Result<(RecordId, Saved), ServiceError> {
        let id = self.new_id();
        let reason = format!("create in {object}");
        let saved = self.commit_and_tell(&reason, |view| self.new_record(view, object, id, draft))?;
        Ok((id, saved))
    }

    fn new_record(
        &self,
        view: &View,
        object: &str,
        id: RecordId,
        draft: &RecordDraft,
    ) -> Result<Vec<Change>, ServiceError> {
        let opened = self.open_at(view.clone(), object)?;
        Ok(vec![Change::Record(Swap::made(self.fresh(&opened, id, draft)?))])
    }

    /// Changes a record. Nothing happens where nothing differs.
    ///
    /// # Errors
    /// Where it may not be changed, or a value can't be taken.
    pub fn update_record(&self, object: &str, id: RecordId, draft: &RecordDraft) -> Result<(), ServiceError> {
        self.commit(&format!("change in {object}"), |view| self.rewritten(view, object, id, draft))?;
        Ok(())
    }

    /// What changing a record comes to.
    pub(super) fn rewritten(
        &self,
        view: &View,
        object: &str,
        id: RecordId,
        draft: &RecordDraft,
    ) -> Result<Vec<Change>, ServiceError> {
        let opened = self.open_at(view.clone(), object)?;
        let before = self.editable(&opened, id)?;
        still_as_seen(&opened, &before, &draft.seen)?;
        let after = self.changed(&opened, &before, draft)?;
        Ok(if after == before { Vec::new() } else { vec![Change::Record(Swap::changed(before, after))] })
    }

    /// Deletes a record.
    ///
    /// # Errors
    /// Where it may not be deleted.
    pub fn delete_record(&self, object: &str, id: RecordId) -> Result<(), ServiceError> {
        self.commit(&format!("delete in {object}"), |view| {
            let opened = self.open_at(view.clone(), object)?;
            Ok(vec![Change::Record(Swap::removed(self.deletable(&opened, id)?))])
        })?;
        Ok(())
    }

    /// An ID that no record has had, drawn by chance (R32).
    pub(super) fn new_id(&self) -> RecordId {
        // The last number stands for "no record" in questions; clashes are refused at the commit.
        RecordId(self.engine().chance().bits().min(u64::MAX - 1))
    }

    pub(super) fn editable(&self, opened: &Opened, id: RecordId) -> Result<Record, ServiceError> {
        let (view, who) = (&opened.view, self.subject());
        if view.snapshot().permit_view(who, opened.object.id, id, view).is_none() {
            return Err(no_such_record());
        }
        let Some(permit) = view.snapshot().permit_edit(who, opened.object.id, id, view) else {
            return Err(ServiceError::Denied("you can't change this record".to_owned()));
        };
        view.row(&permit).ok_or_else(no_such_record)
    }

    pub(super) fn deletable(&self, opened: &Opened, id: RecordId) -> Result<Record, ServiceError> {
        let (view, who) = (&opened.view, self.subject());
        if view.snapshot().permit_view(who, opened.object.id, id, view).is_none() {
            return Err(no_such_record());
        }
        let Some(permit) = view.snapshot().permit_delete(who, opened.object.id, id, view) else {
            return Err(ServiceError::Denied("you can't delete this record".to_owned()));
        };
        view.row(&permit).ok_or_else(no_such_record)
    }

    fn fresh(&self, opened: &Opened, id: RecordId, draft: &RecordDraft) -> Result<Record, ServiceError> {
        Ok(self.dated(opened, self.drafted(opened, self.blank(opened, id), draft)?))
    }

    pub(super) fn changed(
        &self,
        opened: &Opened,
        before: &Record,
        draft: &RecordDraft,
    ) -> Result<Record, ServiceError> {
        Ok(stamped(opened, before, self.drafted(opened, before.clone(), draft)?, self.today()))
    }

    /// A record with nothing in it, owned by whoever makes it.
    pub(super) fn blank(&self, opened: &Opened, id: RecordId) -> Record {
        Record {
            id,
            object: opened.object.id,
            owner: self.maker(opened),
            assigned: Vec::new(),
            private: false,
            external_id: None,
            values: Vec::new(),
        }
    }

    /// Who owns what somebody makes without naming an owner: whoever makes it.
    pub(super) fn maker(&self, opened: &Opened) -> UserId {
        match self.subject() {
            Subject::User(me) => me,
            // The operator is nobody's user: what they make belongs to the account's owner.
            Subject::Operator => opened.view.team().owner().map_or(UserId(0), |owner| owner.id),
        }
    }

    /// A new record with the automatic days that nobody gave.
    pub(super) fn dated(&self, opened: &Opened, mut record: Record) -> Record {
        let today = Value::Date(self.today());
        for field in opened.object.fields.iter().filter(|field| field.automatic.is_some()) {
            if record.value(field.id).is_none() {
                record.set(field.id, Some(today.clone()));
            }
        }
        record
    }

    fn today(&self) -> Day {
        self.engine().now().day()
    }

    fn drafted(&self, opened: &Opened, mut record: Record, draft: &RecordDraft) -> Result<Record, ServiceError> {
        let team = opened.view.team();
        let writable = opened.view.snapshot().writable(self.subject(), opened.object.id);
        for (name, typed) in &draft.fields {
            let field = viewable(opened, name)?;
            let value = value::parse(field, typed).map_err(|error| ServiceError::Invalid(error.to_string()))?;
            if record.value(field.id) == value.as_ref() {
                continue;
            }
            if !writable.contains(&field.id) {
                return Err(ServiceError::Denied(format!("“{}” can be seen but not changed", field.name)));
            }
            record.set(field.id, value);
        }
        if let Some(owner) = &draft.owner {
            record.owner = person(team, "owner", owner)?;
        }
        if let Some(assigned) = &draft.assigned {
            let people: Result<Vec<UserId>, _> =
                assigned.iter().map(|email| person(team, "assigned_to", email)).collect();
            record.assigned = people?;
            record.assigned.sort_unstable();
            record.assigned.dedup();
        }
        if let Some(private) = draft.private {
            record.private = private;
        }
        if let Some(external_id) = &draft.external_id {
            record.external_id = external(external_id)?;
        }
        Ok(record)
    }
}

/// A changed record with the day of its last change, unless that was given.
pub(super) fn stamped(opened: &Opened, before: &Record, mut after: Record, today: Day) -> Record {
    let last_changed = |field: &&crate::model::Field| field.automatic == Some(Automatic::LastChanged);
    if let Some(field) = opened.object.fields.iter().find(last_changed)
        && after != *before
        && after.value(field.id) == before.value(field.id)
    {
        after.set(field.id, Some(Value::Date(today)));
    }
    after
}

fn still_as_seen(opened: &Opened, before: &Record, seen: &[(String, String)]) -> Result<(), ServiceError> {
    for (name, seen) in seen {
        let field = viewable(opened, name)?;
        let now = before.value(field.id).map(|now| value::shown(field, now)).unwrap_or_default();
        if now != *seen {
            return Err(ServiceError::Meanwhile(format!("somebody else changed “{name}” meanwhile, to “{now}”")));
        }
    }
    Ok(())
}

/// A field by its shown name; one that may not be viewed is none (R11).
pub(super) fn viewable<'a>(opened: &'a Opened, name: &str) -> Result<&'a crate::model::Field, ServiceError> {
    let object: &Object = &opened.object;
    object
        .field_named(name)
        .filter(|field| opened.columns.contains(field.id))
        .ok_or_else(|| ServiceError::Invalid(format!("{} have no field “{name}”", object.label)))
}

pub(super) fn person(team: &Team, place: &str, email: &str) -> Result<UserId, ServiceError> {
    match team.user_by_email(email) {
        Some(user) => Ok(user.id),
        None => Err(ServiceError::Invalid(format!("{place}: there is no user {email}"))),
    }
}

fn external(typed: &str) -> Result<Option<Box<str>>, ServiceError> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let name = text::name(typed, LONGEST_EXTERNAL_ID);
    name.map(|name| Some(name.into())).map_err(|bad| ServiceError::Invalid(format!("external_id {bad}")))
}
