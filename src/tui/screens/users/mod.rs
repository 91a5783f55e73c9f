//! The people of the team: a list to narrow by text and by roles, and one person's detail.

mod commands;
mod state;
mod view;

pub use commands::COMMANDS;
pub use state::Users;
