//! The team as a file (SPEC part 4, "The team file"): TOML or JSON in, the list of changes out, and
//! the other way round.
//!
//! Both formats become one tree of [`node::Node`]s that remember their line. [`plan`] reads that
//! tree against a [`Team`], works on a copy of it, and answers with the difference between the two
//! as [`Change`]s, so that applying a file twice changes nothing the second time. It judges form
//! and names; whether the one who applies it may do so is `authz`'s question.
//!
//! What isn't obvious from the format:
//!
//! - `--prune` removes, from a list that the file gives, what isn't in it: custom roles, people
//!   (who are revoked, not deleted), exceptions of a listed person, permissions of the account's
//!   own. A list that the file doesn't give at all is left alone. Cells, fields, sections and
//!   options are never pruned, nor are shipped roles and the account owner.
//! - The account owner may be listed, as `role = "Account Owner"` and with their own email, to set
//!   their details. [`export()`] lists them only if a fresh account would lack some of those.
//! - `manager = ""` (or `null` in JSON) takes a personal manager away; `seats = "unlimited"` (or
//!   `null`) a limit.
//! - A section of a role that exists keeps the cell that isn't listed, so that `edit = true` alone is
//!   refused where the role doesn't view it; `view = false` alone takes edit too, with a note. In a
//!   new role the cell that isn't listed follows the other.
//! - Keys of features may be nested: `contacts.export = "no"` under `[roles.features]` is the same
//!   as `"contacts.export" = "no"`.

mod account;
mod cells;
mod draft;
mod export;
mod fields;
mod json;
mod mention;
mod node;
mod parts;
mod place;
mod prune;
mod roles;
mod toml;
mod users;

use std::fmt;

use crate::model::{Change, Moment, Team, UserId};

pub use export::export;
pub use fields::{MOST as MOST_FIELDS, unaddressable};
pub use place::LONGEST_NAME;

/// So many errors are told of a text that isn't TOML or JSON.
const MOST_SYNTAX_ERRORS: usize = 5;

/// The two formats of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// TOML.
    Toml,
    /// JSON, without comments and trailing commas.
    Json,
}

impl Format {
    /// The format that a file's ending names; TOML where it names none.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        let json = name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("json"));
        if json { Self::Json } else { Self::Toml }
    }

    /// The format of a text without a name: no TOML file begins with a brace.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let start = text.trim_start_matches('\u{FEFF}').trim_start();
        if start.starts_with('{') { Self::Json } else { Self::Toml }
    }
}

/// Something wrong, or worth knowing, at a place of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    /// The file's name as given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The keys that lead to the place, such as `roles[0].features.contacts.export`.
    pub path: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for FileError {}

/// A file that was read, but not yet held against a team.
#[derive(Debug, Clone)]
pub struct TeamFile {
    name: String,
    root: node::Node,
}

impl TeamFile {
    /// Reads a text. The name is for messages.
    ///
    /// # Errors
    /// Where it isn't TOML or JSON; each error with its line.
    pub fn read(name: &str, text: &str, format: Format) -> Result<Self, Vec<FileError>> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let read = match format {
            Format::Toml => toml::read(text),
            Format::Json => json::read(text),
        };
        match read {
            Ok(root) => Ok(Self { name: name.to_owned(), root }),
            Err(errors) => Err(unreadable(name, errors)),
        }
    }
}

/// The first errors of a text, and how many more there are: one slip brings many after it.
fn unreadable(name: &str, mut errors: Vec<(usize, String)>) -> Vec<FileError> {
    let more = errors.len().saturating_sub(MOST_SYNTAX_ERRORS);
    errors.truncate(MOST_SYNTAX_ERRORS);
    if let (1.., Some((line, _))) = (more, errors.last()) {
        let message = match more {
            1 => "one more error follows; put these right first".to_owned(),
            _ => format!("{more} more errors follow; put these right first"),
        };
        errors.push((*line, message));
    }
    let place = |(line, message)| FileError { file: name.to_owned(), line, path: String::new(), message };
    errors.into_iter().map(place).collect()
}

/// How to read the file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Remove what the file doesn't mention.
    pub prune: bool,
}

/// Somebody whom the file revokes. Whoever applies the plan looks for records that they own: those
/// need an answer that a file can't give (R24).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// Who.
    pub user: UserId,
    /// Where the file says so; its message names the person.
    pub place: FileError,
}

impl Departure {
    /// The refusal, with what has to be answered first.
    #[must_use]
    pub fn refused(&self, needed: &[String]) -> FileError {
        let message = format!(
            "{} needs answers that a file can't give: {}; hand these over first, then apply the file again",
            self.place.message,
            needed.join("; ")
        );
        FileError { message, ..self.place.clone() }
    }
}

/// What applying a file would do.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The changes, in an order in which they can be applied. None: the team is as the file says.
    pub changes: Vec<Change>,
    /// Who is revoked by it.
    pub departures: Vec<Departure>,
    /// What is worth knowing but no error.
    pub notes: Vec<FileError>,
}

/// What a file changes in a team. Pure: the present is given.
///
/// # Errors
/// Everything that is wrong with the file, in the order of its lines. A file with any error changes
/// nothing.
pub fn plan(file: &TeamFile, team: &Team, now: Moment, options: Options) -> Result<Plan, Vec<FileError>> {
    draft::Draft::new(&file.name, team, now).run(&file.root, options)
}

#[cfg(test)]
mod random_tests;
#[cfg(test)]
mod refusal_tests;
#[cfg(test)]
mod tests;
