//! What the list of roles can do.

use crate::tui::command::{Id, Spec};
use crate::tui::event::Key;

/// See the people who hold the role.
pub const MEMBERS: Id = Id("roles.members");

/// In the order of the foot.
pub const COMMANDS: &[Spec] =
    &[Spec::new(MEMBERS.0, "Open a member", "members", "Choose one of those who hold the role.")
        .keys(&[Key::char('m')])];
