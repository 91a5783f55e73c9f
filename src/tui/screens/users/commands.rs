//! What the list of users can do.

use crate::tui::command::{Id, Spec};
use crate::tui::event::Key;

/// Narrow by text.
pub const SEARCH: Id = Id("users.search");
/// Narrow by roles.
pub const ROLES: Id = Id("users.roles");
/// Show everybody again.
pub const CLEAR: Id = Id("users.clear");
/// Go to the person's manager.
pub const MANAGER: Id = Id("users.manager");

/// In the order of the foot.
pub const COMMANDS: &[Spec] = &[
    Spec::new(SEARCH.0, "Find users", "find", "By part of a name, email, role or manager.").keys(&[Key::char('/')]),
    Spec::new(ROLES.0, "Filter by roles", "roles", "Only those who hold one of the roles you choose.")
        .keys(&[Key::char('f')]),
    Spec::new(CLEAR.0, "Show all users", "all", "Takes text and roles away.").keys(&[Key::char('c')]),
    Spec::new(MANAGER.0, "Go to the manager", "manager", "The line of the person's own manager.")
        .keys(&[Key::char('m')]),
];
