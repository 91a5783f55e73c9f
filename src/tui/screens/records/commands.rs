//! What a list of records can do.

use crate::tui::command::{Id, Spec};
use crate::tui::event::Key;

/// Search in what is shown.
pub const SEARCH: Id = Id("records.search");
/// Sort by a column.
pub const SORT: Id = Id("records.sort");
/// The other way round.
pub const REVERSE: Id = Id("records.reverse");
/// Only those with a value.
pub const FILTER: Id = Id("records.filter");
/// Only mine.
pub const MINE: Id = Id("records.mine");
/// All of them again.
pub const CLEAR: Id = Id("records.clear");

/// In the order of the foot.
pub const COMMANDS: &[Spec] = &[
    Spec::new(SEARCH.0, "Search", "search", "In every column that you may view, as you type.").keys(&[Key::char('/')]),
    Spec::new(FILTER.0, "Filter by a value", "filter", "Only records with this value in a column.")
        .keys(&[Key::char('f')]),
    Spec::new(SORT.0, "Sort by a column", "sort", "The same column again turns the order round.")
        .keys(&[Key::char('s')]),
    Spec::new(REVERSE.0, "Turn the order round", "", "Last first.").keys(&[Key::char('r')]),
    Spec::new(MINE.0, "Only what I own", "mine", "Records Owned; again for all.").keys(&[Key::char('m')]),
    Spec::new(CLEAR.0, "Show all", "all", "Takes search and filters away.").keys(&[Key::char('c')]),
];
