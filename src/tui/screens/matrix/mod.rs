//! The permission matrix: permissions down, roles across, everything by keyboard (B7). What is
//! changed here is staged first, is looked at as a whole, and saved as a whole (000-29, 001-11).

mod choose;
mod commands;
mod edit;
mod foot;
mod grid;
mod lines;
mod paint;
mod save;
mod set_line;
mod state;
mod view;
mod walk;
mod words;

pub use commands::{CHANGES, LOOKS, MOVES, UNDOES};
pub use state::MatrixScreen;
