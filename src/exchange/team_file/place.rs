//! Reading nodes with an eye on where they stand: every refusal names the line and the keys.

use std::borrow::Cow;

use super::FileError;
use super::node::{Kind, Node};
use crate::model::text::{self, visible};

/// The longest names that a file may give, in characters.
pub const LONGEST_NAME: usize = 120;
/// The longest description.
pub const LONGEST_NOTE: usize = 1000;
/// A file that is wrong throughout is told so this many times.
const MOST_ERRORS: usize = 200;

/// So many names are told of a list, and how many more there are.
const MOST_NAMES: usize = 20;

/// Names, one after the other.
pub fn listing<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let shown = names.iter().take(MOST_NAMES).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// What was found wrong, or worth a word.
#[derive(Debug)]
pub struct Report {
    file: String,
    /// What is wrong.
    pub errors: Vec<FileError>,
    /// What is worth knowing.
    pub notes: Vec<FileError>,
}

impl Report {
    /// Nothing yet.
    pub fn new(file: &str) -> Self {
        Self { file: file.to_owned(), errors: Vec::new(), notes: Vec::new() }
    }

    /// A message about a place.
    pub fn about(&self, place: &Place<'_>, message: impl Into<String>) -> FileError {
        FileError { file: self.file.clone(), line: place.line, path: place.path.clone(), message: message.into() }
    }

    /// Something wrong.
    pub fn wrong(&mut self, place: &Place<'_>, message: impl Into<String>) {
        let error = self.about(place, message);
        self.errors.push(error);
    }

    /// Something worth knowing.
    pub fn note(&mut self, place: &Place<'_>, message: impl Into<String>) {
        let note = self.about(place, message);
        self.notes.push(note);
    }

    /// All errors in the order of the file.
    pub fn into_errors(mut self) -> Vec<FileError> {
        self.errors.sort_by_key(|error| error.line);
        self.errors.dedup();
        let more = self.errors.len().saturating_sub(MOST_ERRORS);
        if more > 0 {
            self.errors.truncate(MOST_ERRORS);
            let line = self.errors.last().map_or(1, |last| last.line);
            let message = match more {
                1 => "one more error follows; put these right first".to_owned(),
                _ => format!("{more} more errors follow; put these right first"),
            };
            self.errors.push(FileError { file: self.file, line, path: String::new(), message });
        }
        self.errors
    }
}

/// A node, and how to get there.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// The keys that lead here.
    pub path: String,
    /// The line of the key, or of the value where there is no key.
    pub line: usize,
    /// The value.
    pub node: &'a Node,
}

impl<'a> Place<'a> {
    /// The file itself.
    pub fn root(node: &'a Node) -> Self {
        Self { path: String::new(), line: node.line, node }
    }

    /// Everything in a table, whatever its keys.
    pub fn entries(&self, report: &mut Report) -> Vec<(&'a str, Place<'a>)> {
        let Kind::Map(entries) = &self.node.kind else {
            self.expected("a table", report);
            return Vec::new();
        };
        let below = |key: &str| {
            let key = visible(key);
            let plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'@'));
            let key = if plain && !key.is_empty() { key.into_owned() } else { format!("{key:?}") };
            if self.path.is_empty() { key } else { format!("{}.{key}", self.path) }
        };
        entries
            .iter()
            .map(|entry| (&*entry.key, Place { path: below(&entry.key), line: entry.line, node: &entry.value }))
            .collect()
    }

    /// A table with these keys and no others.
    pub fn table(&self, known: &[&str], report: &mut Report) -> Table<'a> {
        let entries = self.entries(report);
        for (key, place) in &entries {
            if !known.contains(key) {
                report.wrong(place, format!("is an unknown key; known here: {}", known.join(", ")));
            }
        }
        Table { place: self.clone(), entries }
    }

    /// The members of a list.
    pub fn items(&self, report: &mut Report) -> Vec<Place<'a>> {
        let Kind::List(items) = &self.node.kind else {
            self.expected("a list", report);
            return Vec::new();
        };
        let item = |(position, node): (usize, &'a Node)| Place {
            path: format!("{}[{position}]", self.path),
            line: node.line,
            node,
        };
        items.iter().enumerate().map(item).collect()
    }

    /// A text as it stands.
    pub fn text(&self, report: &mut Report) -> Option<&'a str> {
        match &self.node.kind {
            Kind::Text(text) => Some(text),
            _ => {
                self.expected("a text", report);
                None
            }
        }
    }

    /// A name, cleaned.
    pub fn name(&self, report: &mut Report) -> Option<String> {
        let text = self.text(report)?;
        text::name(text, LONGEST_NAME).map_err(|why| report.wrong(self, why.to_string())).ok()
    }

    /// A longer text, cleaned; it may be empty.
    pub fn note(&self, longest: usize, report: &mut Report) -> Option<String> {
        let text = self.text(report)?;
        text::value(text, longest).map(Cow::into_owned).map_err(|why| report.wrong(self, why.to_string())).ok()
    }

    /// True or false.
    pub fn flag(&self, report: &mut Report) -> Option<bool> {
        match self.node.kind {
            Kind::Flag(flag) => Some(flag),
            _ => {
                self.expected("true or false", report);
                None
            }
        }
    }

    /// Is it `null`, or an empty text, which says the same in TOML?
    pub fn is_nothing(&self) -> bool {
        match &self.node.kind {
            Kind::Null => true,
            Kind::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// Is it an empty list or table?
    pub fn is_empty(&self) -> bool {
        match &self.node.kind {
            Kind::List(items) => items.is_empty(),
            Kind::Map(entries) => entries.is_empty(),
            _ => self.is_nothing(),
        }
    }

    /// Says that something else was expected here.
    pub fn expected(&self, what: &str, report: &mut Report) {
        report.wrong(self, format!("{what} is expected here, not {}", self.node.kind.described()));
    }
}

/// A table whose keys are known.
#[derive(Debug)]
pub struct Table<'a> {
    /// Where it stands.
    pub place: Place<'a>,
    entries: Vec<(&'a str, Place<'a>)>,
}

impl<'a> Table<'a> {
    /// What stands under a key.
    pub fn get(&self, key: &str) -> Option<&Place<'a>> {
        self.entries.iter().find(|(name, _)| *name == key).map(|(_, place)| place)
    }

    /// What stands under a key that can't be left out.
    pub fn need(&self, key: &str, report: &mut Report) -> Option<&Place<'a>> {
        let found = self.get(key);
        if found.is_none() && matches!(self.place.node.kind, Kind::Map(_)) {
            report.wrong(&self.place, format!("`{key}` is missing"));
        }
        found
    }
}
