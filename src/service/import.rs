//! Bringing records in from CSV (SPEC part 4). Every bad row is reported with its line and left
//! out, or, if strict, nothing is imported at all. The whole import is one change set.

use std::collections::HashSet;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::exchange::csv::{ASSIGNED_TO, Draft, EXTERNAL_ID, OWNER, PRIVATE, Problem, Reader, guess, header};
use crate::model::{Change, ObjectId, Record, Swap};

use super::activity::Mark;
use super::error::ServiceError;
use super::records::Opened;
use super::session::Session;

/// How to import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Columns that go by another name: column, field.
    pub map: Vec<(String, String)>,
    /// Import nothing if any row is bad.
    pub strict: bool,
    /// A row whose external ID names a record that may be edited changes it.
    pub update: bool,
    /// The file's name, for the history.
    pub file: String,
    /// Say what would come of it, and change nothing.
    pub check_only: bool,
}

/// The columns of a file, and what they can hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportColumns {
    /// Each column with what it seems to hold, in order.
    pub columns: Vec<(String, Option<String>)>,
    /// Everything that a column can hold, with a word about it.
    pub targets: Vec<(String, String)>,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Records made.
    pub created: u64,
    /// Records changed.
    pub updated: u64,
    /// Rows that were there already, just so.
    pub unchanged: u64,
    /// Rows that were left out, with their lines.
    pub problems: Vec<Problem>,
    /// Where it is in the history, once it happened.
    pub mark: Option<Mark>,
}

struct Importing<'a> {
    session: &'a Session,
    opened: &'a Opened,
    update: bool,
    taken: HashSet<Box<str>>,
    report: ImportReport,
}

impl Session {
    /// The columns of a file, what they seem to hold, and what they can.
    ///
    /// # Errors
    /// Where importing isn't allowed, or the file or its first line can't be read.
    pub fn import_columns(&self, object: &str, path: &str) -> Result<ImportColumns, ServiceError> {
        let opened = self.importing(object)?;
        let names = header(std::io::BufReader::new(self.readable(path)?))
            .map_err(|error| ServiceError::Invalid(error.to_string()))?;
        let may_view = |field| opened.columns.contains(field);
        let mut columns: Vec<(String, Option<String>)> = Vec::new();
        for name in names {
            let means = guess(&name, &opened.object, &may_view);
            let taken = columns.iter().any(|(_, other)| other.is_some() && *other == means);
            columns.push((name, means.filter(|_| !taken)));
        }
        let fields = self.field_views(&opened).into_iter();
        let mut targets: Vec<(String, String)> = fields
            .map(|view| (view.field.name, if view.writable { view.section } else { "view only".to_owned() }))
            .collect();
        let others =
            [(EXTERNAL_ID, "its name elsewhere"), (OWNER, "an email"), (ASSIGNED_TO, "emails, with ; between")];
        let private = (opened.object.id == ObjectId::CONTACTS).then_some((PRIVATE, "yes or no"));
        targets.extend(others.into_iter().chain(private).map(|(name, about)| (name.to_owned(), about.to_owned())));
        Ok(ImportColumns { columns, targets })
    }

    /// The object, for whoever may import there.
    fn importing(&self, object: &str) -> Result<Opened, ServiceError> {
        let opened = self.open_at(self.view(), object)?;
        if opened.view.snapshot().rights(self.subject(), opened.object.id).edit == crate::model::Scope::None {
            return Err(ServiceError::Denied(format!("you can't create records in {}", opened.object.label)));
        }
        Ok(opened)
    }

    /// Imports rows. `progress` hears how many rows were read; `cancelled` stops it, leaving
    /// nothing behind.
    ///
    /// # Errors
    /// Where importing isn't allowed, the columns aren't understood, a strict import has a bad
    /// row, or the store refuses.
    pub fn import(
        &self,
        object: &str,
        input: impl Read,
        options: &ImportOptions,
        progress: &mut dyn FnMut(u64),
        cancelled: &AtomicBool,
    ) -> Result<ImportReport, ServiceError> {
        let opened = self.importing(object)?;
        let team = opened.view.team().clone();
        let may_view = |field| opened.columns.contains(field);
        let rows = Reader::new(input, &opened.object, &team, &options.map, &may_view)
            .map_err(|error| ServiceError::Invalid(error.to_string()))?;
        let mut importing = Importing {
            session: self,
            opened: &opened,
            update: options.update,
            taken: HashSet::new(),
            report: ImportReport::default(),
        };
        let mut changes = Vec::new();
        for (count, row) in rows.enumerate() {
            if count % 1000 == 0 {
                progress(count as u64);
                if cancelled.load(Ordering::Relaxed) {
                    return Err(ServiceError::Cancelled);
                }
            }
            changes.extend(importing.row(row));
        }
        let mut report = importing.report;
        progress(report.created + report.updated + report.unchanged + report.problems.len() as u64);
        if options.check_only {
            // What only the whole can be refused for is said now, too.
            if !changes.is_empty() {
                drop(self.permit(&opened.view, changes)?);
            }
            return Ok(report);
        }
        if options.strict && !report.problems.is_empty() {
            let lines = report.problems.iter().map(|p| format!("{}:{}: {}", options.file, p.line, p.message));
            return Err(ServiceError::InvalidList(lines.collect()));
        }
        if cancelled.load(Ordering::Relaxed) {
            return Err(ServiceError::Cancelled);
        }
        let reason = format!("import {object} from {}", options.file);
        let mut changes = Some(changes);
        let committed = self.commit(&reason, |_| match changes.take() {
            Some(changes) => Ok(changes),
            None => Err(ServiceError::Meanwhile("others changed the account during the import".to_owned())),
        })?;
        report.mark = committed.map(|committed| Mark(committed.sequence));
        Ok(report)
    }
}

impl Importing<'_> {
    fn row(&mut self, row: Result<Draft, Problem>) -> Option<Change> {
        let line = match &row {
            Ok(draft) => draft.line,
            Err(problem) => problem.line,
        };
        let result = match row {
            Ok(draft) => self.change(&draft).map_err(|error| error.to_string()),
            Err(problem) => Err(problem.message),
        };
        match result {
            Ok(Some(change)) => {
                match &change {
                    Change::Record(Swap { before: None, .. }) => self.report.created += 1,
                    _ => self.report.updated += 1,
                }
                Some(change)
            }
            Ok(None) => {
                self.report.unchanged += 1;
                None
            }
            Err(message) => {
                self.report.problems.push(Problem { line, message });
                None
            }
        }
    }

    fn change(&mut self, draft: &Draft) -> Result<Option<Change>, ServiceError> {
        if let Some(external_id) = &draft.external_id
            && self.taken.contains(external_id)
        {
            return Err(ServiceError::Invalid(format!("external_id {external_id}: is in this file twice")));
        }
        let change = match self.existing(draft)? {
            Some(before) => {
                let after = self.session.stamped(self.opened, &before, self.fill(before.clone(), draft)?);
                (after != before).then(|| Change::Record(Swap::changed(before, after)))
            }
            None => {
                let id = self.session.new_id();
                let fresh = self.session.blank(self.opened, id);
                let filled = self.fill(fresh, draft)?;
                Some(Change::Record(Swap::made(self.session.dated(self.opened, filled))))
            }
        };
        let Some(change) = change else { return Ok(None) };
        self.judge(&change)?;
        if let Some(external_id) = &draft.external_id {
            self.taken.insert(external_id.clone());
        }
        Ok(Some(change))
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

    fn fill(&self, mut record: Record, draft: &Draft) -> Result<Record, ServiceError> {
        let Opened { view, object, .. } = self.opened;
        let writable = view.snapshot().writable(self.session.subject(), object.id);
        for (id, value) in &draft.values {
            if record.value(*id) == value.as_ref() {
                continue;
            }
            if !writable.contains(id) {
                let name = object.field(*id).map_or("", |field| field.name.as_str());
                return Err(ServiceError::Denied(format!("“{name}” can be seen but not changed")));
            }
            record.set(*id, value.clone());
        }
        if let Some(external_id) = &draft.external_id {
            record.external_id = Some(external_id.clone());
        }
        if let Some(owner) = draft.owner {
            record.owner = owner;
        }
        if let Some(assigned) = &draft.assigned {
            record.assigned.clone_from(assigned);
        }
        if let Some(private) = draft.private {
            record.private = private;
        }
        Ok(record)
    }

    /// Each row is judged by itself, so that one bad row is one problem.
    fn judge(&self, change: &Change) -> Result<(), ServiceError> {
        self.session.permit(&self.opened.view, vec![change.clone()])?;
        Ok(())
    }
}
