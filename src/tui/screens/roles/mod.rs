//! The roles: a list with the members of each, and one role's permissions to read (003-32).

mod commands;
mod state;
mod view;

pub use commands::COMMANDS;
pub use state::Roles;
