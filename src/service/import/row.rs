//! What one row comes to: a record made or changed, or a line that says why not.

use crate::authz::{Admitted, RowJudge};
use crate::exchange::csv::{Draft, Problem};
use crate::model::{FieldId, Record, Swap, UserId, Value};
use crate::service::error::ServiceError;
use crate::service::records::Opened;
use crate::service::session::Session;
use crate::service::write_record::stamped;
use crate::store::{CommitError, Intake};

use super::ImportReport;

/// An import under way.
pub(super) struct Importing<'a> {
    session: &'a Session,
    opened: &'a Opened,
    update: bool,
    /// Who owns what names no owner.
    owner: UserId,
    writable: Vec<FieldId>,
    /// Fields that fill themselves, and with what.
    automatic: Vec<FieldId>,
    today: Value,
    pub(super) judge: RowJudge<'a>,
    pub(super) intake: Intake,
    pub(super) report: ImportReport,
}

/// Why a row makes no record.
enum Left {
    /// Something with this row; the others go on.
    Out(String),
    /// Something with everything.
    All(ServiceError),
}

impl<'a> Importing<'a> {
    /// Of rows of this object.
    pub(super) fn new(
        session: &'a Session,
        opened: &'a Opened,
        update: bool,
        judge: RowJudge<'a>,
        intake: Intake,
    ) -> Self {
        let mut writable = opened.view.snapshot().writable(session.subject(), opened.object.id);
        writable.sort_unstable();
        let automatic = opened.object.fields.iter().filter(|field| field.automatic.is_some());
        Self {
            session,
            opened,
            update,
            owner: session.maker(opened),
            writable,
            automatic: automatic.map(|field| field.id).collect(),
            today: Value::Date(judge.heading().at.day()),
            judge,
            intake,
            report: ImportReport::default(),
        }
    }

    /// Takes a row in. What is wrong with it alone is answered.
    ///
    /// # Errors
    /// What is wrong with more than this row.
    pub(super) fn row(&mut self, row: Result<Draft, Problem>) -> Result<Option<Problem>, ServiceError> {
        let (line, taken) = match row {
            Ok(draft) => (draft.line, self.take(draft)),
            Err(problem) => (problem.line, Err(Left::Out(problem.message))),
        };
        match taken {
            Ok(count) => *count += 1,
            Err(Left::Out(message)) => return Ok(Some(Problem::new(line, message))),
            Err(Left::All(error)) => return Err(error),
        }
        Ok(None)
    }

    /// The number that counts what became of the row.
    fn take(&mut self, draft: Draft) -> Result<&mut u64, Left> {
        let external_id = draft.external_id.clone();
        if self.update {
            self.twice(external_id.as_deref())?;
        }
        let (admitted, made) = match self.admitted(draft) {
            Ok(Some(admitted)) => admitted,
            Ok(None) => return Ok(&mut self.report.unchanged),
            // A new record can't have what an earlier row brought, so it is enough to look now.
            Err(error) => return Err(self.twice(external_id.as_deref()).err().unwrap_or(Left::Out(error.to_string()))),
        };
        self.intake.put(admitted).map_err(|error: CommitError| Left::All(error.into()))?;
        Ok(if made { &mut self.report.created } else { &mut self.report.updated })
    }

    /// What the row comes to, if it changes anything, and whether it makes something new.
    fn admitted(&mut self, draft: Draft) -> Result<Option<(Admitted, bool)>, ServiceError> {
        let (swap, made) = match self.existing(&draft)? {
            Some(before) => {
                let filled = self.changed(before.clone(), draft)?;
                let after = stamped(self.opened, &before, filled, self.judge.heading().at.day());
                if after == before {
                    return Ok(None);
                }
                (Swap::changed(before, after), false)
            }
            None => (Swap::made(self.fresh(draft)?), true),
        };
        Ok(Some((self.judge.admit(swap, self.intake.facts())?, made)))
    }

    /// Refuses what an earlier row of the file brought or changed.
    fn twice(&self, external_id: Option<&str>) -> Result<(), Left> {
        match external_id.filter(|external_id| self.intake.took(self.opened.object.id, external_id)) {
            Some(external_id) => Err(Left::Out(format!("external_id “{external_id}”: is in this file twice"))),
            None => Ok(()),
        }
    }

    /// The record that the row changes, where it may.
    fn existing(&self, draft: &Draft) -> Result<Option<Record>, ServiceError> {
        let (Some(external_id), true) = (&draft.external_id, self.update) else { return Ok(None) };
        let Opened { view, object, .. } = self.opened;
        let found = view.snapshot().find_external(self.session.subject(), object.id, external_id, view);
        match found {
            Some(permit) => self.session.editable(self.opened, permit.id()).map(Some),
            None => Ok(None),
        }
    }

    fn fresh(&self, draft: Draft) -> Result<Record, ServiceError> {
        let mut values = Vec::with_capacity(draft.values.len() + self.automatic.len());
        for (id, value) in draft.values {
            let Some(value) = value else { continue };
            self.write(id)?;
            values.push((id, value));
        }
        for id in &self.automatic {
            if !values.iter().any(|(given, _)| given == id) {
                values.push((*id, self.today.clone()));
            }
        }
        values.sort_unstable_by_key(|(id, _)| *id);
        Ok(Record {
            id: self.session.new_id(),
            object: self.opened.object.id,
            owner: draft.owner.unwrap_or(self.owner),
            assigned: draft.assigned.unwrap_or_default(),
            private: draft.private.unwrap_or(false),
            external_id: draft.external_id,
            values,
        })
    }

    fn changed(&self, mut record: Record, draft: Draft) -> Result<Record, ServiceError> {
        for (id, value) in draft.values {
            if record.value(id) != value.as_ref() {
                self.write(id)?;
                record.set(id, value);
            }
        }
        record.external_id = draft.external_id.or(record.external_id);
        record.owner = draft.owner.unwrap_or(record.owner);
        record.assigned = draft.assigned.unwrap_or(record.assigned);
        record.private = draft.private.unwrap_or(record.private);
        Ok(record)
    }

    fn write(&self, id: FieldId) -> Result<(), ServiceError> {
        if self.writable.binary_search(&id).is_ok() {
            return Ok(());
        }
        let name = self.opened.object.field(id).map_or("", |field| field.name.as_str());
        Err(ServiceError::Denied(format!("“{name}” can be seen but not changed")))
    }
}
