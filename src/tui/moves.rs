//! The commands that move about in lists and between panes, the same on every screen.

use super::command::{Group, Id, Needs, Spec};
use super::event::{Code, Key};

/// One row up.
pub const UP: Id = Id("move.up");
/// One row down.
pub const DOWN: Id = Id("move.down");
/// One page up.
pub const PAGE_UP: Id = Id("move.page-up");
/// One page down.
pub const PAGE_DOWN: Id = Id("move.page-down");
/// The first row.
pub const FIRST: Id = Id("move.first");
/// The last row.
pub const LAST: Id = Id("move.last");
/// One column left.
pub const LEFT: Id = Id("move.left");
/// One column right.
pub const RIGHT: Id = Id("move.right");
/// The next pane.
pub const NEXT_PANE: Id = Id("move.next-pane");
/// Open what is chosen.
pub const OPEN: Id = Id("move.open");
/// One step back.
pub const BACK: Id = Id("move.back");
/// Choose nothing any more.
pub const UNSELECT: Id = Id("move.unselect");

const fn step(id: &'static str, title: &'static str, doc: &'static str, keys: &'static [Key]) -> Spec {
    Spec::new(id, title, "", doc).keys(keys).group(Group::Move).needs(Needs::Nothing)
}

/// Up and down a list.
pub const LIST: &[Spec] = &[
    step(UP.0, "Up", "The row above.", &[Key::plain(Code::Up), Key::char('k')]),
    step(DOWN.0, "Down", "The row below.", &[Key::plain(Code::Down), Key::char('j')]),
    step(PAGE_UP.0, "Page up", "A page back.", &[Key::plain(Code::PageUp), Key::ctrl('b')]),
    step(PAGE_DOWN.0, "Page down", "A page on.", &[Key::plain(Code::PageDown), Key::ctrl('f')]),
    step(FIRST.0, "First", "The first row.", &[Key::char('g'), Key::plain(Code::Home)]),
    step(LAST.0, "Last", "The last row.", &[Key::char('G'), Key::plain(Code::End)]),
];

/// The step in a list that a key is for, where the list isn't asked by way of the menu: while a text
/// is typed above it.
#[must_use]
pub fn in_list(key: Key) -> Option<Id> {
    LIST.iter().find(|spec| spec.keys.contains(&key)).map(|spec| spec.id)
}

/// Between columns.
pub const COLUMNS: &[Spec] = &[
    step(LEFT.0, "Left", "The columns to the left.", &[Key::plain(Code::Left), Key::char('h')]),
    step(RIGHT.0, "Right", "The columns to the right.", &[Key::plain(Code::Right), Key::char('l')]),
];

/// Out of what is chosen in a list: the step back that comes first there.
pub const CHOSEN: &[Spec] = &[Spec::new(UNSELECT.0, "Unselect", "unselect", "Nothing is chosen any more.")
    .keys(&[Key::plain(Code::Esc)])
    .group(Group::Move)
    .needs(Needs::Nothing)];

/// The commands of a list in which something is chosen: out of it and what is done with that first,
/// then moving about.
#[must_use]
pub fn with_chosen(acts: impl Iterator<Item = &'static Spec>) -> Vec<&'static [Spec]> {
    let panes = PANES.iter().filter(|spec| spec.id != BACK);
    std::iter::once(CHOSEN).chain(acts.chain(panes).map(std::slice::from_ref)).collect()
}

/// Between a list and its detail.
pub const PANES: &[Spec] = &[
    Spec::new(OPEN.0, "Open", "open", "Opens what is chosen.")
        .keys(&[Key::plain(Code::Enter)])
        .group(Group::Move)
        .needs(Needs::Nothing),
    step(NEXT_PANE.0, "Other pane", "Between the list and the detail.", &[Key::plain(Code::Tab)]),
    Spec::new(BACK.0, "Back", "back", "One step back.")
        .keys(&[Key::plain(Code::Esc)])
        .group(Group::Move)
        .needs(Needs::Nothing),
];
