//! The roles: a list with the members of each, one role's permissions to read (003-32), and making,
//! changing, ordering and deleting roles.

mod commands;
mod delete;
mod edit;
mod new;
mod order;
mod sheet;
mod state;
mod view;

pub use commands::{COMMANDS, CUSTOM, EDITABLE, MEMBERS};
pub use new::COMMANDS as NEW_ROLE;
pub use state::Roles;
