//! Filters and searches that no order answers: what is asked of a record, a chunk of records at a
//! time, between which it can be cancelled. What isn't visible is not looked at, so it can't even be
//! felt in the time that a scan takes.

use std::sync::atomic::{AtomicBool, Ordering};

use unicode_normalization::UnicodeNormalization as _;

use crate::exchange::value::{Comparable, filter as read_filter};
use crate::model::text::fold;
use crate::model::{Field, Object, RecordId, Team};

use super::audience::Audience;
use super::column::{Cells, Column};
use super::folded::Folded;
use super::query::{Filter, QueryError, SortBy};
use super::recall::Recall;
use super::search::Search;
use super::table::Table;
use super::text::{Known, Sifted, TextColumn};
use super::tree::Empty as _;

/// Records between two looks at the flag.
pub(super) const CHUNK: usize = 1024;

/// How a scan, or the making of an order, is watched over.
#[derive(Clone, Copy)]
pub struct Scan<'a> {
    /// Ends the scan when it becomes true, if there is one.
    pub cancel: Option<&'a AtomicBool>,
    /// Called between chunks, for whoever shares the thread.
    pub between: &'a dyn Fn(),
    /// What was found before, and the generation that is asked now.
    pub recall: Option<(&'a Recall, u64)>,
}

impl Default for Scan<'static> {
    /// A scan that runs to its end.
    fn default() -> Self {
        Self { cancel: None, between: &|| {}, recall: None }
    }
}

impl Scan<'_> {
    /// Between two pieces of the work: lets others in, and ends it if nobody waits any longer.
    pub(super) fn pause(&self) -> Result<(), QueryError> {
        if self.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
            return Err(QueryError::Cancelled);
        }
        (self.between)();
        Ok(())
    }
}

impl std::fmt::Debug for Scan<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scan").field("cancel", &self.cancel).finish_non_exhaustive()
    }
}

/// What a list asks for beyond what it may hold. A clone has what was learnt so far of texts that
/// repeat, and learns on by itself.
#[derive(Clone)]
pub(super) struct Question<'a> {
    /// Nothing can match.
    pub(super) nothing: bool,
    /// Only this slot can match.
    pub(super) only: Option<u32>,
    tests: Vec<Test<'a>>,
    /// Any of them; no search, if unset.
    search: Option<Search<'a>>,
}

/// Looks at one slot.
#[derive(Clone)]
enum Test<'a> {
    Text {
        texts: &'a TextColumn,
        known: Known,
        wanted: String,
    },
    NoText(&'a TextColumn),
    Value {
        column: &'a Column,
        wanted: Comparable,
    },
    Options {
        column: &'a Column,
        wanted: Vec<bool>,
    },
    EmptyField {
        column: &'a Column,
        field: &'a Field,
    },
    Owners {
        table: &'a Table,
        owners: Vec<u32>,
    },
    Slot(Option<u32>),
    /// Any of them, or none of them.
    Any {
        tests: Vec<Self>,
        not: bool,
    },
}

impl<'a> Question<'a> {
    /// Reads the filters, narrowing the audience where they name an owner. Fields that may not be
    /// viewed must have been refused before.
    pub(super) fn new(
        table: &'a Table,
        object: &'a Object,
        team: &Team,
        filters: &[Filter],
        audience: &mut Audience<'_>,
    ) -> Result<Self, QueryError> {
        let mut question = Self { nothing: false, only: None, tests: Vec::new(), search: None };
        for filter in filters {
            match (filter.by, filter.values.as_slice(), filter.not) {
                (SortBy::Id, [value], false) => question.only(record(table, value)),
                (SortBy::Owner, [value], false) => match team.user_by_email(value) {
                    Some(user) => question.nothing |= !audience.narrow(user.id),
                    None => question.nothing = true,
                },
                (SortBy::Owner, values, not) => {
                    let owners = values.iter().filter_map(|value| team.user_by_email(value)).map(|user| user.id.0);
                    let owners = vec![Test::Owners { table, owners: owners.collect() }];
                    question.tests.push(Test::Any { tests: owners, not });
                }
                (by, values, not) => {
                    let mut tests = Vec::with_capacity(values.len());
                    for value in values {
                        tests.extend(test(table, object, by, value)?);
                    }
                    match tests.pop() {
                        Some(only) if tests.is_empty() && !not => question.tests.push(only),
                        None => question.nothing |= !not,
                        Some(last) => {
                            tests.push(last);
                            question.tests.push(Test::Any { tests, not });
                        }
                    }
                }
            }
        }
        Ok(question)
    }

    fn only(&mut self, slot: Option<u32>) {
        match slot {
            Some(slot) if self.only.is_none_or(|only| only == slot) => self.only = Some(slot),
            _ => self.nothing = true,
        }
    }

    /// Adds a search over these fields for a text as [`wanted`] makes it.
    pub(super) fn search(&mut self, table: &'a Table, fields: impl Iterator<Item = &'a Field>, wanted: &str) {
        if !wanted.is_empty() {
            self.search = Some(Search::new(table, fields, wanted));
        }
    }

    /// Does the question ask for anything that the audience doesn't answer?
    pub(super) fn asks(&self) -> bool {
        self.nothing || self.only.is_some() || !self.tests.is_empty() || self.search.is_some()
    }

    /// Leaves those of a chunk's slots that match, of slots that the list may hold.
    pub(super) fn narrow_chunk(&mut self, chunk: &mut Vec<u32>) {
        for test in &mut self.tests {
            test.narrow(chunk);
        }
        if let Some(search) = &mut self.search {
            search.narrow(chunk);
        }
    }
}

/// A text as it is searched for.
pub(super) fn wanted(typed: &str) -> String {
    fold(&typed.nfc().collect::<String>())
}

fn record(table: &Table, typed: &str) -> Option<u32> {
    typed.trim().parse::<RecordId>().ok().and_then(|id| table.find(id))
}

/// What one value of a filter asks of a record; nothing where no record can have it.
fn test<'a>(table: &'a Table, object: &'a Object, by: SortBy, typed: &str) -> Result<Option<Test<'a>>, QueryError> {
    let id = match by {
        SortBy::Field(id) => id,
        SortBy::ExternalId => return Ok(Some(text(table.externals(), typed))),
        SortBy::Id | SortBy::Owner => return Ok(Some(Test::Slot(record(table, typed)))),
    };
    let field = object.field(id).ok_or(QueryError::NoSuchField)?;
    let wanted = read_filter(field, typed).map_err(|why| QueryError::BadValue(why.to_string()))?;
    let Some(column) = table.column(field.id) else {
        // Nobody ever filled it in.
        let everything = Test::Any { tests: Vec::new(), not: true };
        return Ok(wanted.is_none().then_some(everything));
    };
    Ok(Some(match (wanted, &column.cells) {
        (None, _) => Test::EmptyField { column, field },
        (Some(Comparable::Text(wanted)), Cells::Text(texts)) => Test::Text { texts, known: texts.known(), wanted },
        (Some(Comparable::Option(label)), Cells::Option(_)) => {
            Test::Options { column, wanted: options(field, |folded| folded == label) }
        }
        (Some(wanted), _) => Test::Value { column, wanted },
    }))
}

fn text<'a>(texts: &'a TextColumn, wanted: &str) -> Test<'a> {
    let wanted = self::wanted(wanted.trim());
    if wanted.is_empty() { Test::NoText(texts) } else { Test::Text { texts, known: texts.known(), wanted } }
}

pub(super) fn options(field: &Field, wanted: impl Fn(&str) -> bool) -> Vec<bool> {
    let mut marks = vec![false; field.options.iter().map(|o| usize::from(o.id.0) + 1).max().unwrap_or(0)];
    for option in &field.options {
        if let Some(mark) = marks.get_mut(usize::from(option.id.0)) {
            *mark = wanted(&fold(&option.label));
        }
    }
    marks
}

impl Test<'_> {
    /// Leaves those of a chunk's slots that pass.
    fn narrow(&mut self, slots: &mut Vec<u32>) {
        let Self::Text { texts, known, wanted } = self else {
            slots.retain(|slot| self.hits(*slot));
            return;
        };
        let wanted = Folded::of(wanted);
        let (mut hits, mut sifted) = (vec![false; slots.len()], Sifted::default());
        texts.sift(slots, &mut sifted);
        known.answer(texts, &sifted, &mut hits, |text| text.folded.is(wanted));
        sifted.mark(&mut hits, |text| text.is(wanted));
        let mut hits = hits.into_iter();
        slots.retain(|_| hits.next().unwrap_or(false));
    }

    fn hits(&self, slot: u32) -> bool {
        match self {
            Self::Text { texts, wanted, .. } => texts.get(slot).is_some_and(|text| text.folded.is(Folded::of(wanted))),
            Self::NoText(texts) => texts.get(slot).is_none(),
            Self::Owners { table, owners } => table.seat(slot).is_some_and(|(owner, _)| owners.contains(&owner)),
            Self::Slot(only) => *only == Some(slot),
            Self::Any { tests, not } => tests.iter().any(|test| test.hits(slot)) != *not,
            Self::EmptyField { column, field } => match &column.cells {
                Cells::Text(texts) => texts.get(slot).is_none(),
                Cells::Option(cells) => !field.options.iter().any(|option| option.id.0 == cells.get(slot)),
                Cells::Number(cells) => cells.get(slot).is_nan(),
                Cells::Money(cells) => cells.get(slot) == i64::EMPTY,
                Cells::Date(cells) => cells.get(slot) == i32::EMPTY,
                Cells::YesNo(cells) => cells.get(slot) == u8::EMPTY,
            },
            Self::Options { column, wanted } => match &column.cells {
                Cells::Option(cells) => wanted.get(usize::from(cells.get(slot))).copied().unwrap_or(false),
                _ => false,
            },
            Self::Value { column, wanted } => match (&column.cells, wanted) {
                (Cells::Number(cells), Comparable::Number(wanted)) => cells.get(slot).total_cmp(wanted).is_eq(),
                (Cells::Money(cells), Comparable::Money(wanted)) => cells.get(slot) == *wanted && *wanted != i64::EMPTY,
                (Cells::Date(cells), Comparable::Date(wanted)) => cells.get(slot) == wanted.0 && wanted.0 != i32::EMPTY,
                (Cells::YesNo(cells), Comparable::YesNo(wanted)) => cells.get(slot) == u8::from(*wanted),
                _ => false,
            },
        }
    }
}
