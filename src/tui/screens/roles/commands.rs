//! What the list of roles can do. What doesn't apply to a role has no command there (003-31).

use crate::tui::command::{Danger, Group, Id, Needs, Spec};
use crate::tui::console;
use crate::tui::event::{Code, Key};

/// The next member.
pub const NEXT_MEMBER: Id = Id("roles.next-member");
/// The member before, or the role itself.
pub const MEMBER_BEFORE: Id = Id("roles.member-before");
/// A new role.
pub const NEW: Id = Id("roles.new");
/// A new role with the permissions of this one.
pub const CLONE: Id = Id("roles.clone");
/// Change what it is called, its manager, its type.
pub const EDIT: Id = Id("roles.edit");
/// Another manager.
pub const MANAGER: Id = Id("roles.manager");
/// Delete.
pub const DELETE: Id = Id("roles.delete");
/// One place up.
pub const UP: Id = Id("roles.up");
/// One place down.
pub const DOWN: Id = Id("roles.down");
/// Its permissions in the matrix.
pub const MATRIX: Id = Id("roles.matrix");
/// The role chart.
pub const CHART: Id = Id("roles.chart");
/// The user types.
pub const TYPES: Id = Id("roles.types");
/// Find a role by typing.
pub const FIND: Id = Id("roles.find");
/// The Field Editor.
pub const FIELDS: Id = Id("roles.fields");

const MANAGES: Needs = Needs::Feature("roles.manage");

/// Of every role that isn't locked.
pub const EDITABLE: &[Spec] = &[
    Spec::new(EDIT.0, "Edit the role", "edit", "Its name, manager, type, description and icon.")
        .keys(&[Key::char('e')])
        .needs(MANAGES)
        .danger(Danger::Changes),
    Spec::new(MANAGER.0, "Change the Role Manager", "", "Puts the role, with those below it, under another one.")
        .keys(&[Key::char('m')])
        .needs(MANAGES)
        .danger(Danger::Changes),
];

/// Of the account's own roles.
pub const CUSTOM: &[Spec] =
    &[Spec::new(DELETE.0, "Delete the role", "delete", "Asks which role takes its place, where somebody holds it.")
        .keys(&[Key::char('D'), Key::plain(Code::Delete)])
        .needs(MANAGES)
        .danger(Danger::Destroys)];

/// Of all roles, and of the list.
pub const COMMANDS: &[Spec] = &[
    Spec::new(
        NEW.0,
        "New role",
        "new",
        "A role of your own, with its permissions; nothing applies before it is saved.",
    )
    .keys(&[Key::char('n')])
    .needs(MANAGES)
    .danger(Danger::Changes),
    Spec::new(MATRIX.0, "Permissions in the matrix", "permissions", "Every permission of every role, at this one.")
        .keys(&[Key::char('p')]),
    Spec::new(CHART.0, "Role chart", "chart", "Every role below the one that manages it.").keys(&[Key::char('t')]),
    Spec::new(FIND.0, "Find a role", "find", "Goes to the next role with this in its name, as you type.")
        .keys(&[Key::char('/')]),
    Spec::new(CLONE.0, "Clone the role", "clone", "A new role that starts with the permissions of this one.")
        .keys(&[Key::char('C')])
        .needs(MANAGES)
        .danger(Danger::Changes),
    Spec::new(UP.0, "Move the role up", "", "One place up among the roles of your own.")
        .keys(&[Key::char('K')])
        .needs(MANAGES)
        .danger(Danger::Changes),
    Spec::new(DOWN.0, "Move the role down", "", "One place down among the roles of your own.")
        .keys(&[Key::char('J')])
        .needs(MANAGES)
        .danger(Danger::Changes),
    Spec::new(TYPES.0, "Table of the user types", "", "What each of the four types can hold.").keys(&[Key::char('T')]),
    Spec::new(
        FIELDS.0,
        "Field Editor: who sees which section",
        "",
        "Sections, fields, and who may view and edit them.",
    )
    .keys(&[Key::char('F')])
    .needs(console::FIELD_EDITOR),
];

/// Along the members of a role (003-34).
pub const MEMBERS: &[Spec] = &[
    Spec::new(NEXT_MEMBER.0, "Next member", "", "Along the members of the role; Enter opens the person.")
        .keys(&[Key::plain(Code::Right), Key::char('l')])
        .group(Group::Move),
    Spec::new(MEMBER_BEFORE.0, "Member before", "", "Back along the members, to the role itself.")
        .keys(&[Key::plain(Code::Left), Key::char('h')])
        .group(Group::Move),
];
