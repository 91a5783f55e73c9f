//! The people of the team: a list to narrow by text and by roles, one person's detail in tabs, and
//! everything that can be done with somebody.

mod acts;
mod commands;
mod delete;
mod detail;
mod exception;
mod form;
mod person;
mod secret;
mod sheets;
mod state;
mod transfer;
mod view;

pub use commands::COMMANDS;
pub(super) use form::{language, mail};
pub use state::Users;

use crate::tui::route::Route;

/// The records of an object that somebody owns.
fn records_of(object: &str, email: &str) -> Route {
    Route::Records { object: object.to_owned(), owner: Some(email.to_owned()) }
}
