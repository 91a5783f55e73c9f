//! What Home can do.

use crate::tui::command::{Group, Spec};
use crate::tui::console::DETAILS_SPEC;
use crate::tui::event::Key;
use crate::tui::moves;

/// One's own details are a key away from who one is (002-35).
const ABOUT_ME: &[Spec] = &[DETAILS_SPEC.keys(&[Key::char('e')]).group(Group::Screen)];

/// In the order of the foot.
pub(super) const COMMANDS: &[&[Spec]] = &[moves::PANES, ABOUT_ME, moves::LIST];
