//! What the Field Editor can do. Which of it is there goes by the object and by who looks: whoever
//! may not edit meets no key for it (004-22).

use crate::tui::command::{Danger, Group, Id, Needs, Spec};
use crate::tui::event::{Code, Key};

/// Who may view and edit the section.
pub const PERMISSIONS: Id = Id("fields.permissions");
/// Another name, another section.
pub const EDIT: Id = Id("fields.edit");
/// A dropdown's options.
pub const OPTIONS: Id = Id("fields.options");
/// A new field.
pub const NEW: Id = Id("fields.new");
/// A new section.
pub const NEW_SECTION: Id = Id("fields.new-section");
/// Delete the field or the section.
pub const DELETE: Id = Id("fields.delete");
/// The object before.
pub const BEFORE: Id = Id("fields.object-before");
/// The next object.
pub const NEXT: Id = Id("fields.next-object");
/// Back.
pub const BACK: Id = Id("fields.back");

/// Of a section, and of the fields in it (001-20).
pub const PERMIT: &[Spec] = &[Spec::new(
    PERMISSIONS.0,
    "Permissions of the section",
    "permissions",
    "Role by role, who may view and who may edit what is in this section.",
)
.keys(&[Key::char('P')])
.needs(Needs::Feature("roles.manage"))
.danger(Danger::Changes)];

/// Of what may be edited.
pub const CHANGE: &[Spec] = &[Spec::new(EDIT.0, "Edit", "edit", "Another name; a field's section, too.")
    .keys(&[Key::char('e'), Key::plain(Code::Enter)])
    .danger(Danger::Changes)];

/// Of a dropdown.
pub const CHOICES: &[Spec] =
    &[Spec::new(OPTIONS.0, "Options", "options", "Adds, renames, removes and orders a dropdown's options.")
        .keys(&[Key::char('o')])
        .danger(Danger::Changes)];

/// Making and deleting, for whoever manages the account's settings.
pub const MAKE: &[Spec] = &[
    Spec::new(NEW.0, "New field", "new field", "A field in this section.")
        .keys(&[Key::char('n')])
        .danger(Danger::Changes),
    Spec::new(NEW_SECTION.0, "New section", "", "A section for fields that belong together.")
        .keys(&[Key::char('N')])
        .danger(Danger::Changes),
    Spec::new(DELETE.0, "Delete", "delete", "Says how many records hold a value, and asks.")
        .keys(&[Key::char('D'), Key::plain(Code::Delete)])
        .danger(Danger::Destroys),
];

/// Between objects, and back.
pub const COMMANDS: &[Spec] = &[
    Spec::new(NEXT.0, "Next object", "", "The fields of the next object.")
        .keys(&[Key::plain(Code::Right), Key::char('l'), Key::char(']')])
        .group(Group::Move),
    Spec::new(BEFORE.0, "Object before", "", "The fields of the object before.")
        .keys(&[Key::plain(Code::Left), Key::char('h'), Key::char('[')])
        .group(Group::Move),
    Spec::new(BACK.0, "Back", "back", "One step back.").keys(&[Key::plain(Code::Esc)]).group(Group::Move),
];
