//! The role chart (000-07, 000-08): every role below the one that manages it, with how many people
//! hold it and how many stand below. A role is moved to another manager here.

mod commands;
mod state;
mod tree;
mod view;

pub use commands::{COMMANDS, MOVES, MOVING};
pub use state::Chart;
