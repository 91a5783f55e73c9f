//! What the role chart can do.

use crate::tui::command::{Danger, Group, Id, Needs, Spec};
use crate::tui::event::{Code, Key};

/// Pick a role up, to put it under another manager.
pub const MOVE: Id = Id("chart.move");
/// Choose one of the members.
pub const MEMBERS: Id = Id("chart.members");
/// Find a role by typing.
pub const FIND: Id = Id("chart.find");
/// Open a branch.
pub const UNFOLD: Id = Id("chart.unfold");
/// Close a branch, or go up.
pub const FOLD: Id = Id("chart.fold");
/// Open everything.
pub const UNFOLD_ALL: Id = Id("chart.unfold-all");
/// Close everything.
pub const FOLD_ALL: Id = Id("chart.fold-all");
/// Open the role.
pub const OPEN: Id = Id("chart.open");
/// Back.
pub const BACK: Id = Id("chart.back");
/// Put down what was picked up.
pub const PUT: Id = Id("chart.put");
/// Drop what was picked up.
pub const DROP: Id = Id("chart.drop");

/// In the order of the foot.
pub const COMMANDS: &[Spec] = &[
    Spec::new(OPEN.0, "Open the role", "open", "The role with its members and permissions.")
        .keys(&[Key::plain(Code::Enter)]),
    Spec::new(MOVE.0, "Move to another manager", "move", "Picks the role up; choose its new manager and press Enter.")
        .keys(&[Key::char('m')])
        .needs(Needs::Feature("roles.manage"))
        .danger(Danger::Changes),
    Spec::new(MEMBERS.0, "Open a member", "members", "Choose one of those who hold the role.").keys(&[Key::char('M')]),
    Spec::new(FIND.0, "Find a role", "find", "Goes to the next role with this in its name, as you type.")
        .keys(&[Key::char('/')]),
    Spec::new(BACK.0, "Back", "back", "One step back.").keys(&[Key::plain(Code::Esc)]).group(Group::Move),
];

/// While a role is picked up.
pub const MOVING: &[Spec] = &[
    Spec::new(PUT.0, "Put it under this role", "put it here", "Shows what the move means, then makes it.")
        .keys(&[Key::plain(Code::Enter)])
        .needs(Needs::Feature("roles.manage"))
        .danger(Danger::Changes),
    Spec::new(DROP.0, "Drop it", "drop it", "It stays where it is.").keys(&[Key::plain(Code::Esc)]),
    Spec::new(FIND.0, "Find a role", "find", "Goes to the next role with this in its name, as you type.")
        .keys(&[Key::char('/')]),
];

/// Opening and closing branches.
pub const MOVES: &[Spec] = &[
    Spec::new(UNFOLD.0, "Open the branch", "", "Shows the roles below; when open, goes to the first of them.")
        .keys(&[Key::plain(Code::Right), Key::char('l')])
        .group(Group::Move),
    Spec::new(FOLD.0, "Close the branch", "", "Hides the roles below; when closed, goes to the role above.")
        .keys(&[Key::plain(Code::Left), Key::char('h')])
        .group(Group::Move),
    Spec::new(UNFOLD_ALL.0, "Open all branches", "", "Shows every role.").keys(&[Key::char('+')]),
    Spec::new(FOLD_ALL.0, "Close all branches", "", "Shows the roles at the top alone.").keys(&[Key::char('-')]),
];
