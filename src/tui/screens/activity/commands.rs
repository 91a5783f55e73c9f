//! What the list of what happened can do.

use crate::tui::command::{Id, Spec};
use crate::tui::event::Key;

/// Narrow by text.
pub const SEARCH: Id = Id("activity.search");
/// Narrow by person, kind or time.
pub const FILTER: Id = Id("activity.filter");
/// Show everything again.
pub const CLEAR: Id = Id("activity.clear");

/// In the order of the foot.
pub const COMMANDS: &[Spec] = &[
    Spec::new(SEARCH.0, "Find in activity", "find", "By a word of what happened, or a name.").keys(&[Key::char('/')]),
    Spec::new(FILTER.0, "Filter activity", "filter", "By kind, by time, by person where you see others' doings.")
        .keys(&[Key::char('f')]),
    Spec::new(CLEAR.0, "Show all activity", "all", "Takes text and filters away.").keys(&[Key::char('c')]),
];
