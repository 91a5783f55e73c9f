//! What goes through the permissions of a new role: the matrix's own letters, for the one role.

use crate::service::matrix::Brush;
use crate::tui::command::{Danger, Group, Id, Needs, Spec};
use crate::tui::event::{Code, Key};

/// Save the role with its permissions.
pub const SAVE: Id = Id("new-role.save");
/// Back to what it is called.
pub const DETAILS: Id = Id("new-role.details");
/// Choose a value from its options, explained.
pub const CHOOSE: Id = Id("new-role.choose");
/// The next value.
pub const NEXT: Id = Id("new-role.next");
/// Take back what was set here.
pub const UNSET: Id = Id("new-role.unset");
/// The next area.
pub const NEXT_AREA: Id = Id("new-role.next-area");
/// The area before.
pub const AREA_BEFORE: Id = Id("new-role.area-before");

/// What each painting command paints.
pub const BRUSHES: &[(Id, Brush)] = &[
    (Id("new-role.yes"), Brush::Yes),
    (Id("new-role.no"), Brush::No),
    (Id("new-role.request"), Brush::Request),
    (Id("new-role.all"), Brush::All),
    (Id("new-role.subordinates"), Brush::Subordinates),
    (Id("new-role.own"), Brush::Own),
    (Id("new-role.edit"), Brush::Edit),
];

const fn set(
    id: &'static str,
    title: &'static str,
    short: &'static str,
    doc: &'static str,
    keys: &'static [Key],
) -> Spec {
    Spec::new(id, title, short, doc).keys(keys).needs(Needs::Feature("roles.manage"))
}

/// Setting permissions, in the order of the foot.
pub const COMMANDS: &[Spec] = &[
    set(SAVE.0, "Save the new role", "save", "Makes the role with all of its permissions at once.", &[Key::ctrl('s')])
        .danger(Danger::Changes),
    set(
        CHOOSE.0,
        "Choose a value",
        "choose",
        "The options of the permission, each with what it means.",
        &[Key::plain(Code::Enter)],
    ),
    set(NEXT.0, "Next value", "next value", "Round the values; of a heading, all on or all off.", &[Key::char(' ')]),
    set(
        "new-role.yes",
        "Yes",
        "",
        "Yes; of a section, view and edit; of a heading, every permission.",
        &[Key::char('y')],
    ),
    set(
        "new-role.no",
        "No",
        "",
        "No; of a scope, None; of a section, hidden; of a heading, every permission.",
        &[Key::char('n'), Key::char('0')],
    ),
    set(
        "new-role.request",
        "On request · my roles",
        "",
        "On request; of a scope, Owned by me and my roles; of a section, view.",
        &[Key::char('r')],
    ),
    set(
        "new-role.all",
        "All",
        "",
        "All records; of a heading, everything: each permission Yes, each scope All.",
        &[Key::char('a')],
    ),
    set(
        "new-role.subordinates",
        "My subordinates",
        "",
        "Owned by me and my subordinates; of a heading, its scopes.",
        &[Key::char('s')],
    ),
    set("new-role.own", "Owned by me", "", "Owned by me; of a heading, its scopes.", &[Key::char('o')]),
    set("new-role.edit", "View and edit", "", "Of a section: view and edit.", &[Key::char('e')]),
    set(UNSET.0, "Take back", "", "What was set here is as it began.", &[Key::plain(Code::Backspace)]),
    Spec::new(DETAILS.0, "Name, manager and type", "details", "Back to what the role is called.").keys(&[
        Key::plain(Code::Tab),
        Key::plain(Code::BackTab),
        Key::plain(Code::Esc),
    ]),
    Spec::new(NEXT_AREA.0, "Next area", "", "The heading of the next area.").keys(&[Key::char(']')]).group(Group::Move),
    Spec::new(AREA_BEFORE.0, "Area before", "", "The heading of the area before.")
        .keys(&[Key::char('[')])
        .group(Group::Move),
];
