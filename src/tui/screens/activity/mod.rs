//! Activity: what happened, newest first. Everybody's for whoever may read the audit history, one's
//! own for everybody else.

mod ask;
mod commands;
mod narrow;
mod state;
mod view;

pub use commands::COMMANDS;
pub use state::Activity;
