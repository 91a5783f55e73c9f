//! Records as CSV: the columns are the fields' shown names, plus `external_id`, `owner` (an email),
//! `assigned_to` (emails, `;` between) and `private` (SPEC part 4).
//!
//! Cells that a spreadsheet would run as a formula are written with a `'` in front, and reading
//! takes that one off again, so that what was written reads back.

mod guard;
mod lines;
mod read;
mod write;

pub use guard::{guarded, unguarded};
pub use lines::TooLong;
pub use read::{CsvError, Draft, Problem, Reader, Row, guess, header};
pub use write::{Out, Writer};

/// The columns that aren't fields.
pub const EXTERNAL_ID: &str = "external_id";
/// The owner's email.
pub const OWNER: &str = "owner";
/// The emails of the people to whom the record is assigned.
pub const ASSIGNED_TO: &str = "assigned_to";
/// Whether only the owner sees the record.
pub const PRIVATE: &str = "private";

/// The longest `external_id`, in characters.
pub const LONGEST_EXTERNAL_ID: usize = 200;

#[cfg(test)]
mod tests;
