//! The records of one object: a list of any length with its exact number, searched as one types,
//! sorted and narrowed by the columns that may be viewed; one record section by section; and what
//! can be done with one or with many.

mod acts;
mod ask;
mod columns;
mod commands;
mod detail;
mod edit;
mod export;
mod narrow;
mod narrowing;
mod select;
mod state;
mod sure;
mod view;

pub use commands::COMMANDS;
pub use state::Records;
