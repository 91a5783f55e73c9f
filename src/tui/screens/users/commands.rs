//! What can be done with people. What needs a permission isn't there without it (R11).

use crate::tui::command::{Danger, Group, Id, Needs, Spec};
use crate::tui::event::{Code, Key};

/// Narrow by text.
pub const SEARCH: Id = Id("users.search");
/// Narrow by roles.
pub const ROLES: Id = Id("users.roles");
/// Show everybody again.
pub const CLEAR: Id = Id("users.clear");
/// Go to the person's manager.
pub const GO_MANAGER: Id = Id("users.go-manager");
/// Choose the person under the cursor, or no longer.
pub const SELECT: Id = Id("users.select");
/// The next tab of the detail.
pub const NEXT_TAB: Id = Id("users.next-tab");
/// The tab before.
pub const PREVIOUS_TAB: Id = Id("users.previous-tab");
/// Somebody new.
pub const NEW: Id = Id("users.new");
/// Change the details.
pub const EDIT: Id = Id("users.edit");
/// Another role.
pub const ROLE: Id = Id("users.role");
/// Another manager.
pub const MANAGER: Id = Id("users.manager");
/// Add an exception.
pub const EXCEPTION: Id = Id("users.exception");
/// A temporary password.
pub const RESET: Id = Id("users.reset");
/// Revoke or reactivate.
pub const ACCESS: Id = Id("users.access");
/// Delete for good.
pub const DELETE: Id = Id("users.delete");
/// Hand the ownership over.
pub const OWN: Id = Id("users.own");
/// Change the exception under the cursor.
pub const CHANGE_EXCEPTION: Id = Id("users.change-exception");
/// Remove the exception under the cursor.
pub const REMOVE_EXCEPTION: Id = Id("users.remove-exception");

const EDITS: Needs = Needs::Feature("users.edit");
const MANAGES: Needs = Needs::Feature("users.manage");

/// Finding people, in the order of the foot.
pub const FIND: &[Spec] =
    &[Spec::new(SEARCH.0, "Find users", "find", "By part of a name, email, role or manager.").keys(&[Key::char('/')])];

/// Showing fewer of them.
pub const NARROW: &[Spec] = &[
    Spec::new(ROLES.0, "Filter by roles", "roles", "Only those who hold one of the roles you choose.")
        .keys(&[Key::char('f')]),
    Spec::new(CLEAR.0, "Show all users", "all", "Takes text and roles away.").keys(&[Key::char('c')]),
    Spec::new(GO_MANAGER.0, "Jump to the manager", "", "The line of the person's own manager.").keys(&[Key::char('M')]),
];

/// Between the tabs of the detail, wherever one stands.
pub const TABS: &[Spec] =
    &[tab(NEXT_TAB, "Next tab", "", &[Key::char(']')]), tab(PREVIOUS_TAB, "Tab before", "", &[Key::char('[')])];

/// The same in the detail itself, where there are no columns to move along.
pub const TURNS: &[Spec] = &[
    tab(NEXT_TAB, "Next tab", "tabs", &[Key::plain(Code::Right), Key::char('l'), Key::char(']')]),
    tab(PREVIOUS_TAB, "Tab before", "", &[Key::plain(Code::Left), Key::char('h'), Key::char('[')]),
];

const fn tab(id: Id, title: &'static str, short: &'static str, keys: &'static [Key]) -> Spec {
    Spec::new(id.0, title, short, "Round the tabs of the detail.").keys(keys).group(Group::Move)
}

/// Adding somebody.
pub const ADD: &[Spec] = &[Spec::new(NEW.0, "New user", "new", "Adds somebody, with a role and a temporary password.")
    .keys(&[Key::char('n')])
    .needs(MANAGES)
    .danger(Danger::Changes)];

/// What is done with a person, or with several.
pub const ACTS: &[Spec] = &[
    Spec::new(EDIT.0, "Edit the user", "edit", "Contact information, role, manager, language.")
        .keys(&[Key::char('e')])
        .needs(EDITS)
        .danger(Danger::Changes),
    Spec::new(ROLE.0, "Change the role", "role", "Of this user, or of all whom you chose with Space.")
        .keys(&[Key::char('r')])
        .needs(EDITS)
        .danger(Danger::Changes),
    Spec::new(MANAGER.0, "Change the manager", "manager", "Whom this user reports to; or the role tree decides.")
        .keys(&[Key::char('m')])
        .needs(EDITS)
        .danger(Danger::Changes),
    Spec::new(
        EXCEPTION.0,
        "New user permission exception",
        "exception",
        "One permission, Visible or Not Visible, for this user alone.",
    )
    .keys(&[Key::char('a')])
    .needs(EDITS)
    .danger(Danger::Changes),
    Spec::new(RESET.0, "Reset the password", "password", "A temporary password, shown once; ends their sessions.")
        .keys(&[Key::char('p')])
        .needs(EDITS)
        .danger(Danger::Changes),
    Spec::new(ACCESS.0, "Revoke access, or give it back", "revoke", "Of this user, or of all whom you chose.")
        .keys(&[Key::char('v')])
        .needs(MANAGES)
        .danger(Danger::Changes),
    Spec::new(SELECT.0, "Choose several", "", "Then role and access are changed of all of them at once.")
        .keys(&[Key::char(' ')])
        .needs(Needs::AnyOf(&["users.edit", "users.manage"])),
    Spec::new(OWN.0, "Make them the account owner", "", "Hands the ownership over; you become an Administrator.")
        .keys(&[Key::char('O')])
        // Deleting the account is the one permission that the owner alone can hold (002-11).
        .needs(Needs::Feature("account.delete"))
        .danger(Danger::Destroys),
];

/// Deleting a person.
pub const REMOVE: &[Spec] = &[Spec::new(
    DELETE.0,
    "Delete for good",
    "",
    "Only after access was revoked. What they own goes to somebody else.",
)
.keys(&[Key::char('D'), Key::plain(Code::Delete)])
.needs(MANAGES)
.danger(Danger::Destroys)];

/// What is done with the exception that one stands on.
pub const ON_EXCEPTION: &[Spec] = &[
    Spec::new(CHANGE_EXCEPTION.0, "Change the exception", "change", "Visible, Not Visible, or another end.")
        .keys(&[Key::plain(Code::Enter), Key::char('e')])
        .needs(EDITS)
        .danger(Danger::Changes),
    Spec::new(REMOVE_EXCEPTION.0, "Remove the exception", "remove", "The user has what the role says again.")
        .keys(&[Key::char('D'), Key::plain(Code::Delete)])
        .needs(EDITS)
        .danger(Danger::Changes),
];

/// Every set, for the registry.
pub const COMMANDS: &[&[Spec]] = &[FIND, ADD, NARROW, TABS, ACTS, REMOVE, ON_EXCEPTION];
