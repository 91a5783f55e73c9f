//! Bringing records in from CSV (SPEC part 4). Every bad row is reported with its line and left
//! out, or, if strict, nothing is imported at all. The whole import is one change set.
//!
//! Rows flow: one thread reads and understands them, this one judges them and hands them to the
//! store, which writes them aside. So a file may be as long as it likes, and nothing of it is there
//! for anybody before its end.

mod left_out;
mod row;

use std::collections::HashSet;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;

use crate::authz::Heading;
use crate::exchange::csv::{ASSIGNED_TO, CsvError, EXTERNAL_ID, OWNER, PRIVATE, Problem, Reader, Row, guess, header};
use crate::model::{ObjectId, Reason};

use super::activity::Mark;
use super::error::{ServiceError, not_yet};
use super::records::Opened;
use super::session::Session;
use crate::store::Closing;
pub use left_out::{Affected, Cause, LeftOut};
use row::Importing;

/// Rows handed from one thread to the other at a time, and how many such batches may wait.
const BATCH: usize = 512;
const AHEAD: usize = 4;

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
    /// Everything that a column can fill, with a word about it: what may be seen but not changed isn't
    /// among it.
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
    /// Rows that were left out: how many, why, and the first of them.
    pub left_out: LeftOut,
    /// Where it is in the history, once it happened.
    pub mark: Option<Mark>,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportProgress {
    /// Rows looked at.
    pub rows: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Bytes in all, where that is known.
    pub of: Option<u64>,
    /// All rows are in, and this is what its end is at.
    pub closing: Option<Closing>,
}

/// What is told of an import under way.
#[derive(Debug, Clone, Copy)]
pub enum Told<'a> {
    /// How far it is.
    Progress(ImportProgress),
    /// A row that is left out.
    LeftOut(&'a Problem),
}

impl ImportProgress {
    /// How much of it is done, in hundredths, where that is known.
    #[must_use]
    pub fn percent(&self) -> Option<u64> {
        match self.closing {
            Some(Closing::Judging { done, of }) => return done.saturating_mul(100).checked_div(of),
            Some(_) => return Some(100),
            None => {}
        }
        self.of.map(|of| self.bytes.saturating_mul(100).checked_div(of).unwrap_or(100).min(100))
    }

    /// What its end is at, in a few words.
    #[must_use]
    pub fn at_the_end(&self) -> Option<&'static str> {
        self.closing.map(|closing| match closing {
            Closing::Judging { .. } => "the rules changed: judging again",
            Closing::Sorting => "sorting the lists",
            Closing::Writing => "writing",
        })
    }
}

type Rows = Vec<Row>;

impl Session {
    /// The columns of a file, what they seem to hold, and what they can.
    ///
    /// # Errors
    /// Where importing isn't allowed, or the file or its first line can't be read.
    pub fn import_columns(&self, object: &str, path: &str) -> Result<ImportColumns, ServiceError> {
        let opened = self.importing(object)?;
        let names = header(io::BufReader::new(self.readable(path)?))
            .map_err(|error| ServiceError::Invalid(error.to_string()))?;
        let writable = opened.view.snapshot().writable(self.subject(), opened.object.id);
        let may_write = |field| opened.columns.contains(field) && writable.contains(&field);
        let mut columns: Vec<(String, Option<String>)> = Vec::new();
        let mut taken: HashSet<String> = HashSet::new();
        for name in names {
            let means = guess(&name, &opened.object, &may_write).filter(|means| taken.insert(means.clone()));
            columns.push((name, means));
        }
        let fields = self.field_views(&opened).into_iter().filter(|view| view.writable);
        let mut targets: Vec<(String, String)> = fields.map(|view| (view.field.name, view.section)).collect();
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

    /// Imports rows. `progress` hears how far it is; `cancelled` stops it at any row, and at its end
    /// for as long as nothing is in force, leaving nothing behind.
    ///
    /// # Errors
    /// Where importing isn't allowed, the columns aren't understood, a strict import has a bad
    /// row, or the store refuses.
    pub fn import(
        &self,
        object: &str,
        input: impl Read + Send,
        options: &ImportOptions,
        progress: &mut dyn FnMut(ImportProgress),
        cancelled: &AtomicBool,
    ) -> Result<ImportReport, ServiceError> {
        let mut told = |told: Told<'_>| {
            if let Told::Progress(so_far) = told {
                progress(so_far);
            }
        };
        self.import_telling(object, input, options, &mut told, cancelled)
    }

    /// The same, telling of each row that is left out as it is met: the report has the first ones.
    ///
    /// # Errors
    /// As [`Session::import`].
    pub fn import_telling(
        &self,
        object: &str,
        input: impl Read + Send,
        options: &ImportOptions,
        told: &mut dyn FnMut(Told<'_>),
        cancelled: &AtomicBool,
    ) -> Result<ImportReport, ServiceError> {
        let opened = self.importing(object)?;
        if !opened.view.is_loaded() {
            return Err(ServiceError::Loading);
        }
        let subject = self.subject();
        let team = opened.view.team().clone();
        let may_view = |field| opened.columns.contains(field);
        let bytes = AtomicU64::new(0);
        let input = Counted { input, bytes: &bytes, cancelled };
        let rows = Reader::new(input, &opened.object, &team, &options.map, &may_view);
        // What is called off ends early, so that what was seen of it is no outcome.
        not_yet(cancelled)?;
        let rows = rows.map_err(|error| ServiceError::Invalid(error.to_string()))?;
        let reason = Reason(format!("import {object} from {}", options.file));
        let heading = Heading { actor: self.actor(), at: self.engine().now(), reason };
        let judge = opened.view.snapshot().judge_rows(subject, heading)?;
        let store = self.engine().store();
        let intake = if options.check_only {
            store.rehearse_intake(&opened.view, &judge)?
        } else {
            store.begin_intake(&opened.view, &judge)?
        };
        let mut importing = Importing::new(self, &opened, options.update, judge, intake);
        let mut so_far = ImportProgress::default();
        std::thread::scope(|scope| {
            let (send, receive) = sync_channel::<Result<Rows, CsvError>>(AHEAD);
            scope.spawn(move || read(rows, |batch| send.send(batch).is_ok()));
            for batch in receive {
                not_yet(cancelled)?;
                // Half a file is no file: what was read of it stays out as well.
                for row in batch.map_err(|error| ServiceError::Invalid(error.to_string()))? {
                    not_yet(cancelled)?;
                    if let Some(problem) = importing.row(row)? {
                        told(Told::LeftOut(&problem));
                        importing.report.left_out.note(problem);
                    }
                    so_far.rows += 1;
                }
                so_far.bytes = bytes.load(Ordering::Relaxed);
                told(Told::Progress(so_far));
            }
            Ok::<(), ServiceError>(())
        })?;
        not_yet(cancelled)?;
        let Importing { mut report, judge, intake, .. } = importing;
        let verdict = judge.close()?;
        if options.strict && !options.check_only && report.left_out.count > 0 {
            return Err(ServiceError::InvalidList(report.left_out.lines(&options.file)));
        }
        if options.check_only || report.created + report.updated == 0 {
            return Ok(report);
        }
        if self.subject() != subject {
            return Err(ServiceError::Denied("you are no longer signed in".to_owned()));
        }
        let mut ending = |closing| told(Told::Progress(ImportProgress { closing: Some(closing), ..so_far }));
        report.mark = Some(Mark(intake.close_while(&verdict, cancelled, &mut ending)?.sequence));
        Ok(report)
    }
}

/// Reads rows in batches, for as long as they are taken.
fn read(mut rows: impl Iterator<Item = Result<Row, CsvError>>, mut take: impl FnMut(Result<Rows, CsvError>) -> bool) {
    loop {
        let batch: Result<Rows, CsvError> = rows.by_ref().take(BATCH).collect();
        let ends = batch.as_ref().map_or(true, Vec::is_empty);
        if !take(batch) || ends {
            break;
        }
    }
}

/// An input that tells how much of it was read, and breaks off where nobody waits for the rest: the
/// next row may be far away.
struct Counted<'a, R> {
    input: R,
    bytes: &'a AtomicU64,
    cancelled: &'a AtomicBool,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(io::Error::other("it was called off"));
        }
        let read = self.input.read(into)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
