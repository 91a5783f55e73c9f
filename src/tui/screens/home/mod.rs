//! Who I am and what I may, in words; Records Owned.

mod commands;
mod state;
mod view;

pub use state::Home;
