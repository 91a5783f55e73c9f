//! Reading.

use std::collections::HashMap;
use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};

use super::lines::{Lines, TooLong};
use super::{ASSIGNED_TO, EXTERNAL_ID, LONGEST_EXTERNAL_ID, OWNER, PRIVATE, unguarded};
use crate::exchange::value;
use crate::model::text::{self, fold, visible};
use crate::model::{Field, FieldId, Object, ObjectId, Status, Team, User, UserId, Value};

/// So many bytes are read at a time.
const BUFFER: usize = 64 << 10;

/// The most columns: more than all that an object can have, and few enough to be held against each
/// other.
const MOST_COLUMNS: usize = 2000;
/// What is wrong with a cell is told in so many characters at most: it quotes what the cell holds.
const LONGEST_PROBLEM: usize = 300;
/// And with all cells of a row.
const LONGEST_PROBLEMS: usize = 3000;

/// The file as a whole can't be read.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// Nothing in it.
    #[error("the file is empty; its first line names the columns")]
    Empty,
    /// The first line is no text.
    #[error("the first line isn't UTF-8 text; save the file as UTF-8")]
    NotUtf8,
    /// The first line never ends.
    #[error("line {0}: a quote opens here and is never closed; close it, or take it out")]
    Unclosed(u64),
    /// A row that has no end, or none that is near: all of a row is held.
    #[error("{}", too_long(.0))]
    TooLong(TooLong),
    /// A column that is no field.
    #[error(
        "line 1: there is no field “{column}”{hint}; name the field with --map '{column}=FIELD', or leave the column out with --map '{column}='"
    )]
    UnknownColumn {
        /// As the file has it.
        column: String,
        /// What else may be the matter.
        hint: &'static str,
    },
    /// Two columns mean the same.
    #[error("line 1: the columns “{first}” and “{second}” both mean {meaning}; take one out")]
    Twice {
        /// The one.
        first: String,
        /// The other.
        second: String,
        /// What both mean.
        meaning: String,
    },
    /// A first line that is hardly one.
    #[error("line 1 names {} columns, and at most {} can be read; check that this is a CSV file", text::number(*.0), text::number(MOST_COLUMNS as u64))]
    TooManyColumns(u64),
    /// A column without a name.
    #[error("line 1: column {0} has no name")]
    NoName(usize),
    /// `--map` names a column that isn't there.
    #[error("--map: the file has no column “{0}”")]
    MapColumn(String),
    /// `--map` names a field that isn't there.
    #[error("--map: there is no field “{0}”")]
    MapField(String),
    /// The file itself.
    #[error("the file can't be read: {0}")]
    Io(#[from] std::io::Error),
    /// The file itself, somewhere after its first line.
    #[error("line {line}: the file can't be read any further: {error}")]
    BrokeOff {
        /// The line up to which it was read.
        line: u64,
        /// Why.
        error: std::io::Error,
    },
}

/// A row that is left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct Problem {
    /// The line on which the row begins, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub message: String,
}

impl Problem {
    /// Of a row that begins on this line. Nothing of a long cell is kept but its beginning.
    #[must_use]
    pub fn new(line: u64, message: String) -> Self {
        Self { line, message: shortened(message, LONGEST_PROBLEMS) }
    }
}

fn shortened(mut message: String, longest: usize) -> String {
    if let Some((end, _)) = message.char_indices().nth(longest) {
        message.truncate(end);
        message.push('…');
        message.shrink_to_fit();
    }
    message
}

/// A row as it was understood, or why it is left out.
pub type Row = Result<Draft, Problem>;

/// A row that was understood. An option that isn't there has no column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    /// The line on which the row begins, from 1.
    pub line: u64,
    /// Its name in another system; an empty cell is no name.
    pub external_id: Option<Box<str>>,
    /// The owner; an empty cell leaves it to whoever imports.
    pub owner: Option<UserId>,
    /// To whom it is assigned; an empty cell is nobody.
    pub assigned: Option<Vec<UserId>>,
    /// Whether it is sealed; an empty cell says nothing.
    pub private: Option<bool>,
    /// A value for each field that has a column; `None` empties the field.
    pub values: Vec<(FieldId, Option<Value>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Field(FieldId),
    ExternalId,
    Owner,
    AssignedTo,
    Private,
    Ignored,
}

/// Reads the rows of one object, one after the other. A file that can't be read to its end is an
/// error, not a shorter file.
pub struct Reader<'a, R> {
    csv: csv::Reader<Lines<R>>,
    columns: Vec<Column>,
    object: &'a Object,
    /// By email.
    people: HashMap<&'a str, &'a User>,
    row: ByteRecord,
    ended: bool,
}

impl<'a, R: Read> Reader<'a, R> {
    /// Reads the first line. `map` holds the pairs of `--map` (an empty field leaves the column
    /// out); `has` says which fields there are for whoever imports: a field that they may not view
    /// is unknown to them.
    ///
    /// # Errors
    /// Where the columns aren't understood.
    pub fn new(
        input: R,
        object: &'a Object,
        team: &'a Team,
        map: &[(String, String)],
        has: &dyn Fn(FieldId) -> bool,
    ) -> Result<Self, CsvError> {
        let (csv, row, names) = open(input)?;
        let columns = columns(&names, object, map, has)?;
        let people = team.users.values().map(|user| (user.email.as_str(), &**user)).collect();
        Ok(Self { csv, columns, object, people, row, ended: false })
    }

    /// The fields that have a column.
    pub fn fields(&self) -> impl Iterator<Item = FieldId> {
        self.columns.iter().filter_map(|column| match column {
            Column::Field(id) => Some(*id),
            _ => None,
        })
    }

    /// The row that begins on `line` and goes on for `inside` more.
    fn draft(&self, line: u64, inside: u64) -> Result<Draft, String> {
        if self.row.len() != self.columns.len() {
            let cells = if self.row.len() == 1 { "cell" } else { "cells" };
            let quoted = match inside {
                0 => String::new(),
                _ => format!("; it goes on to line {}: is a quote not closed?", line + inside),
            };
            let columns = self.columns.len();
            return Err(format!("has {} {cells}, but the first line names {columns}{quoted}", self.row.len()));
        }
        let is_empty = |(cell, column): (&[u8], &Column)| *column == Column::Ignored || cell.trim_ascii().is_empty();
        if self.row.iter().zip(&self.columns).all(is_empty) {
            return Err("has nothing in any cell".to_owned());
        }
        let mut draft = Draft { line, values: Vec::with_capacity(self.columns.len()), ..Draft::default() };
        // All that is wrong is told at once, so that the file needs to be mended once.
        let mut wrong: Vec<String> = Vec::new();
        for (cell, column) in self.row.iter().zip(&self.columns) {
            let cell = std::str::from_utf8(cell).map_err(|_| "isn't UTF-8 text; save the file as UTF-8".to_owned());
            if let Err(message) = cell.and_then(|cell| self.cell(&mut draft, *column, unguarded(cell))) {
                let message = shortened(message, LONGEST_PROBLEM);
                if !wrong.contains(&message) {
                    wrong.push(message);
                }
            }
        }
        if wrong.is_empty() { Ok(draft) } else { Err(wrong.join("; ")) }
    }

    fn cell(&self, draft: &mut Draft, column: Column, cell: &str) -> Result<(), String> {
        let empty = cell.trim().is_empty();
        match column {
            Column::Ignored => {}
            Column::Field(id) => {
                let field = self.object.field(id).ok_or_else(|| "its field is gone".to_owned())?;
                draft.values.push((id, value::parse(field, cell).map_err(|bad| bad.to_string())?));
            }
            Column::ExternalId if empty => {}
            Column::ExternalId => {
                let name = text::name(cell, LONGEST_EXTERNAL_ID).map_err(|bad| format!("{EXTERNAL_ID}: {bad}"))?;
                draft.external_id = Some(name.into_boxed_str());
            }
            Column::Owner if empty => {}
            Column::Owner => draft.owner = Some(self.person(OWNER, cell)?),
            Column::AssignedTo => {
                let people = cell.split(';').map(str::trim).filter(|email| !email.is_empty());
                let mut people: Vec<UserId> =
                    people.map(|email| self.person(ASSIGNED_TO, email)).collect::<Result<_, _>>()?;
                people.sort_unstable();
                people.dedup();
                draft.assigned = Some(people);
            }
            Column::Private if empty => {}
            Column::Private => {
                let yes = value::yes_no(cell)
                    .ok_or_else(|| format!("{PRIVATE}: “{}” is neither yes nor no", visible(cell)))?;
                if yes && self.object.id != ObjectId::CONTACTS {
                    return Err(format!("{PRIVATE}: only contacts can be private"));
                }
                draft.private = Some(yes);
            }
        }
        Ok(())
    }

    fn person(&self, column: &str, email: &str) -> Result<UserId, String> {
        // Mostly it is written as it is kept.
        let found = self.people.get(email).or_else(|| self.people.get(fold(email.trim()).as_str()));
        match found {
            Some(user) if user.status == Status::Active => Ok(user.id),
            Some(user) => Err(format!(
                "{column}: “{}” is {}, and only active people can be named",
                user.email,
                user.status.token()
            )),
            None => Err(format!("{column}: there is no user “{}”", visible(email.trim()))),
        }
    }
}

impl<R: Read> Iterator for Reader<'_, R> {
    type Item = Result<Row, CsvError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.csv.read_byte_record(&mut self.row) {
            Ok(false) => None,
            Ok(true) => {
                if let Some(line) = self.csv.get_ref().unclosed() {
                    let message = "a quote opens here and is never closed, so that this row and whatever follows it \
                                   can't be read; close it, or take it out";
                    return Some(Ok(Err(Problem::new(line, message.to_owned()))));
                }
                // Where the row ends is certain; where it begins, blank lines would blur.
                let inside = memchr::memchr_iter(b'\n', self.row.as_slice()).count() as u64;
                let line = self.csv.position().line().saturating_sub(1 + inside).max(1);
                Some(Ok(self.draft(line, inside).map_err(|message| Problem::new(line, message))))
            }
            Err(error) => {
                // After a failed read there is nothing to go on from.
                self.ended = true;
                let line = self.csv.position().line();
                let broke_off = || CsvError::BrokeOff { line, error: broken(error) };
                Some(Err(self.csv.get_ref().too_long().map_or_else(broke_off, CsvError::TooLong)))
            }
        }
    }
}

/// The names of the columns, as the file's first line has them.
///
/// # Errors
/// Where there is no such line.
pub fn header(input: impl Read) -> Result<Vec<String>, CsvError> {
    open(input).map(|(_, _, names)| names)
}

/// What a column of this name would hold, by the name that the program has for it; nothing, if that
/// isn't plain. `E-mail` and `first_name` are plain enough.
#[must_use]
pub fn guess(column: &str, object: &Object, has: &dyn Fn(FieldId) -> bool) -> Option<String> {
    let bare = |text: &str| fold(text).chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
    let wanted = bare(column);
    let fields = object.fields.iter().filter(|field| has(field.id)).map(|field| field.name.as_str());
    let others = [EXTERNAL_ID, OWNER, ASSIGNED_TO].into_iter();
    let private = (object.id == ObjectId::CONTACTS).then_some(PRIVATE);
    let found = fields.chain(others).chain(private).find(|name| !wanted.is_empty() && bare(name) == wanted);
    found.map(str::to_owned)
}

type Opened<R> = (csv::Reader<Lines<R>>, ByteRecord, Vec<String>);

/// Reads the first line.
fn open<R: Read>(input: R) -> Result<Opened<R>, CsvError> {
    let mut csv =
        ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(BUFFER).from_reader(Lines::new(input));
    let mut row = ByteRecord::new();
    match csv.read_byte_record(&mut row) {
        Ok(true) => {}
        Ok(false) => return Err(CsvError::Empty),
        Err(error) => {
            let broken = || CsvError::Io(broken(error));
            return Err(csv.get_ref().too_long().map_or_else(broken, CsvError::TooLong));
        }
    }
    if let Some(line) = csv.get_ref().unclosed() {
        return Err(CsvError::Unclosed(line));
    }
    if row.len() > MOST_COLUMNS {
        return Err(CsvError::TooManyColumns(row.len() as u64));
    }
    let mut names = Vec::with_capacity(row.len());
    for (position, cell) in row.iter().enumerate() {
        let name = std::str::from_utf8(cell).map_err(|_| CsvError::NotUtf8)?;
        let name = if position == 0 { name.trim_start_matches('\u{FEFF}') } else { name };
        names.push(unguarded(name).trim().to_owned());
    }
    if names.iter().all(String::is_empty) {
        return Err(CsvError::Empty);
    }
    Ok((csv, row, names))
}

fn too_long(row: &TooLong) -> String {
    let TooLong { line, mebibytes, quote } = row;
    let way_out = match quote {
        Some(quote) => format!("close the quote that opens on line {quote}, or take it out"),
        None => "check that this is a CSV file, with each row on a line of its own".to_owned(),
    };
    format!("line {line}: the row that begins here has more than {mebibytes} MiB; {way_out}")
}

fn broken(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}

fn columns(
    names: &[String],
    object: &Object,
    map: &[(String, String)],
    has: &dyn Fn(FieldId) -> bool,
) -> Result<Vec<Column>, CsvError> {
    for (column, _) in map {
        if !names.iter().any(|name| fold(name) == fold(column.trim())) {
            return Err(CsvError::MapColumn(column.clone()));
        }
    }
    let known = |name: &str| meaning(name, object, has);
    let mut columns = Vec::with_capacity(names.len());
    for (position, name) in names.iter().enumerate() {
        let mapped = map.iter().find(|(column, _)| fold(column.trim()) == fold(name)).map(|(_, field)| field.trim());
        let column = match mapped {
            Some("") => Column::Ignored,
            Some(field) => known(field).ok_or_else(|| CsvError::MapField(field.to_owned()))?,
            None if name.is_empty() => return Err(CsvError::NoName(position + 1)),
            None => known(name).ok_or_else(|| unknown(name, names.len()))?,
        };
        if column != Column::Ignored
            && let Some(first) = columns.iter().position(|other| *other == column)
        {
            return Err(CsvError::Twice {
                first: names.get(first).cloned().unwrap_or_default(),
                second: name.clone(),
                meaning: mapped.unwrap_or(name).to_owned(),
            });
        }
        columns.push(column);
    }
    Ok(columns)
}

fn unknown(name: &str, columns: usize) -> CsvError {
    let hint = if columns == 1 && name.contains([';', '\t']) {
        " (the columns of a CSV file are separated by commas)"
    } else {
        ""
    };
    CsvError::UnknownColumn { column: visible(name).into_owned(), hint }
}

fn meaning(name: &str, object: &Object, has: &dyn Fn(FieldId) -> bool) -> Option<Column> {
    match fold(name).as_str() {
        EXTERNAL_ID => Some(Column::ExternalId),
        OWNER => Some(Column::Owner),
        ASSIGNED_TO => Some(Column::AssignedTo),
        PRIVATE => Some(Column::Private),
        _ => {
            let field: &Field = object.field_named(name)?;
            has(field.id).then_some(Column::Field(field.id))
        }
    }
}
