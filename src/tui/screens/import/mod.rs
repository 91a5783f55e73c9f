//! Bringing records in from a file: which file, which column means what, what would come of it row
//! by row, and then the import itself, which runs beside the console and can be called off.

mod report;
mod state;

pub use state::{COMMANDS, Import};
