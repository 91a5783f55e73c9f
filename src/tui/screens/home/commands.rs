//! What Home can do.

use crate::tui::command::Spec;
use crate::tui::moves;

/// In the order of the foot.
pub(super) const COMMANDS: &[&[Spec]] = &[moves::LIST, moves::PANES];
