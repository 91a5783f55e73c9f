//! Records at the keyboard: lists, acts on one and on many, editors, files.

mod acts;
mod counts;
mod edit;
mod files;
mod lists;
mod search;

use rolecall::host::headless::Headless;
use rolecall::service::records::{RecordQuery, RecordsPage};

use crate::harness::{Clinic, ENTER};

pub const KIM: &str = "kim@paws.example";
pub const SAM: &str = "sam@paws.example";
pub const GRACE: &str = "grace@paws.example";
pub const PRIYA: &str = "priya@paws.example";
pub const FREYA: &str = "freya@paws.example";
pub const CTRL_S: &str = "\x13";
pub const CTRL_U: &str = "\x15";

/// A console on somebody's contacts.
pub fn contacts(clinic: &Clinic, email: &str) -> Headless {
    let mut console = clinic.console(email);
    console.keys(":").keys("go to contacts").keys(ENTER);
    console
}

/// Somebody's contacts as their session lists them.
pub fn listed(clinic: &Clinic, email: &str, filters: &[(&str, &str)]) -> RecordsPage {
    let filters = filters.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
    let query = RecordQuery { object: "contacts".to_owned(), filters, limit: 10_000, ..RecordQuery::default() };
    clinic.engine.acting_as(email).unwrap().records(&query).unwrap()
}

/// The contact that the cursor is on, by the text of its row.
pub fn row(console: &Headless) -> String {
    let text = console.text();
    text.lines().find(|line| line.contains('▌')).unwrap_or_default().to_owned()
}

/// What names the contact that the cursor is on: the first words of its row.
pub fn name(console: &Headless) -> String {
    row(console).split_whitespace().skip(1).take(2).collect::<Vec<_>>().join(" ")
}
