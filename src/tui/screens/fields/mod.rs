//! The Field Editor (001-20, 004-22): the sections and fields of each object, who may view and edit a
//! section, and the options of dropdowns.

mod commands;
mod edit;
mod options;
mod permits;
mod state;
mod view;

pub use commands::{CHANGE, CHOICES, COMMANDS, MAKE, PERMIT};
pub use options::COMMANDS as OPTIONS;
pub use permits::COMMANDS as PERMITS;
pub use state::Fields;
