//! The records of one object: a list of any length with its exact number, searched as one types,
//! sorted and narrowed by the columns that may be viewed, and one record section by section.

mod ask;
mod commands;
mod narrow;
mod state;
mod view;

pub use commands::COMMANDS;
pub use state::Records;
