//! What the permission matrix can do. Letters set values; what the viewer may not use is absent.

use crate::tui::command::{Danger, Group, Id, Needs, Spec};
use crate::tui::event::{Code, Key};
use crate::tui::moves;

/// Choose the cell's value from its options, explained.
pub const CHOOSE: Id = Id("matrix.choose");
/// The next value.
pub const NEXT: Id = Id("matrix.next");
/// Yes.
pub const YES: Id = Id("matrix.yes");
/// No, None, hidden.
pub const NO: Id = Id("matrix.no");
/// On request, my roles, view.
pub const REQUEST: Id = Id("matrix.request");
/// All; everything of an area.
pub const ALL: Id = Id("matrix.all");
/// My subordinates.
pub const SUBORDINATES: Id = Id("matrix.subordinates");
/// My own.
pub const OWN: Id = Id("matrix.own");
/// View and edit a section.
pub const EDIT: Id = Id("matrix.edit");
/// Start a range.
pub const RANGE: Id = Id("matrix.range");
/// Choose whole rows.
pub const ROWS: Id = Id("matrix.rows");
/// Choose whole columns.
pub const COLUMNS: Id = Id("matrix.columns");
/// Copy.
pub const COPY: Id = Id("matrix.copy");
/// Paste.
pub const PASTE: Id = Id("matrix.paste");
/// A line that stages many cells.
pub const SET: Id = Id("matrix.set");
/// Take a staged cell back.
pub const UNSTAGE: Id = Id("matrix.unstage");
/// Take the last act back.
pub const UNDO: Id = Id("matrix.undo");
/// Drop all that is staged.
pub const DROP: Id = Id("matrix.drop");
/// Save what is staged.
pub const SAVE: Id = Id("matrix.save");
/// Find permissions.
pub const FIND: Id = Id("matrix.find");
/// Choose roles.
pub const ROLES: Id = Id("matrix.roles");
/// Only rows in which the roles differ.
pub const DIFFERENCES: Id = Id("matrix.differences");
/// Only rows with staged cells.
pub const STAGED: Id = Id("matrix.staged");
/// Show all again.
pub const CLEAR: Id = Id("matrix.clear");
/// Fold an area.
pub const FOLD: Id = Id("matrix.fold");
/// Fold all areas.
pub const FOLD_ALL: Id = Id("matrix.fold-all");
/// The next area.
pub const NEXT_AREA: Id = Id("matrix.next-area");
/// The area before.
pub const AREA_BEFORE: Id = Id("matrix.area-before");
/// The next staged cell.
pub const NEXT_STAGED: Id = Id("matrix.next-staged");
/// The first role.
pub const FIRST_ROLE: Id = Id("matrix.first-role");
/// The last role.
pub const LAST_ROLE: Id = Id("matrix.last-role");

const EDITS: Needs = Needs::Feature("roles.manage");

const fn edit(id: Id, title: &'static str, short: &'static str, doc: &'static str, keys: &'static [Key]) -> Spec {
    Spec::new(id.0, title, short, doc).keys(keys).needs(EDITS)
}

/// Changing cells, in the order of the foot.
pub const CHANGES: &[Spec] = &[
    edit(
        SAVE,
        "Save what is staged",
        "save",
        "Shows what it will mean, then saves all of it or nothing.",
        &[Key::ctrl('s')],
    )
    .danger(Danger::Changes),
    edit(
        CHOOSE,
        "Choose a value",
        "choose",
        "The options of the cell, each with what it means.",
        &[Key::plain(Code::Enter)],
    ),
    edit(
        NEXT,
        "Next value",
        "next value",
        "No, Yes, On request; None to All; hidden, view, edit. An area: on, off.",
        &[Key::char(' ')],
    ),
    edit(YES, "Yes", "", "y: Yes; of a section, view and edit; of an area, every permission Yes.", &[Key::char('y')]),
    edit(
        NO,
        "No",
        "",
        "n: No; of a scope, None; of a section, hidden; of an area, every permission No.",
        &[Key::char('n'), Key::char('0')],
    ),
    edit(
        REQUEST,
        "On request · my roles",
        "",
        "r: On request; of a scope, Owned by me and my roles; of a section, view.",
        &[Key::char('r')],
    ),
    edit(
        ALL,
        "All",
        "",
        "a: All records; of an area, everything: each permission Yes, each scope All.",
        &[Key::char('a')],
    ),
    edit(
        SUBORDINATES,
        "My subordinates",
        "",
        "s: Owned by me and my subordinates; of an area, all its scopes.",
        &[Key::char('s')],
    ),
    edit(OWN, "Owned by me", "", "o: Owned by me; of an area, all its scopes.", &[Key::char('o')]),
    edit(EDIT, "View and edit", "", "e: of a section, view and edit.", &[Key::char('e')]),
    edit(
        RANGE,
        "Start a range",
        "range",
        "From here to where the cursor goes; then a value, a copy or a paste.",
        &[Key::char('v')],
    ),
    edit(ROWS, "Whole rows", "", "The row in all roles shown, and those to which the cursor goes.", &[Key::char('V')]),
    edit(
        COLUMNS,
        "Whole columns",
        "",
        "All permissions shown of the role, and of those to which the cursor goes.",
        &[Key::char('|')],
    ),
    edit(COPY, "Copy", "copy", "Copies the cell, the range, the rows or the columns.", &[Key::char('Y')]),
    edit(
        PASTE,
        "Paste",
        "paste",
        "Pastes from here on, or over the range; what doesn't fit is left and counted.",
        &[Key::char('P')],
    ),
    edit(
        SET,
        "Set by a line",
        "set",
        "One line for many cells: set role=Sales* perm=contacts.* edit=own.",
        &[Key::char('=')],
    ),
    edit(
        UNSTAGE,
        "Take back this cell",
        "",
        "What was staged for the cell or the range is staged no more.",
        &[Key::plain(Code::Backspace)],
    ),
    edit(
        DROP,
        "Drop all that is staged",
        "",
        "Asks first; nothing of it was saved.",
        &[Key::char('D'), Key::plain(Code::Delete)],
    ),
    edit(STAGED, "Only staged rows", "", "Shows only permissions with staged cells, or all again.", &[Key::char('t')]),
    edit(
        NEXT_STAGED,
        "Next staged cell",
        "",
        "Goes to the next staged cell; to conflicts first.",
        &[Key::plain(Code::Tab)],
    ),
];

/// While something is staged, `u` takes back the last act of staging rather than the last change that
/// was saved.
pub const UNDOES: &[Spec] =
    &[edit(UNDO, "Take back the last act", "undo", "What was staged last is staged no more.", &[Key::char('u')])];

/// Looking, which everybody may.
pub const LOOKS: &[Spec] = &[
    Spec::new(FIND.0, "Find permissions", "find", "Shows only permissions with this in their name.")
        .keys(&[Key::char('/')]),
    Spec::new(ROLES.0, "Choose roles", "roles", "Shows only the roles that you choose.").keys(&[Key::char('f')]),
    Spec::new(DIFFERENCES.0, "Only differences", "differ", "Shows only permissions in which the roles shown differ.")
        .keys(&[Key::char('d')]),
    Spec::new(CLEAR.0, "Show all again", "", "Every permission and every role.").keys(&[Key::char('c')]),
    Spec::new(FOLD.0, "Fold the area", "fold", "Leaves only the heading of the area, or opens it again.")
        .keys(&[Key::char('z')]),
    Spec::new(FOLD_ALL.0, "Fold all areas", "", "Leaves only the headings, or opens them all.").keys(&[Key::char('Z')]),
];

const fn step(id: Id, title: &'static str, doc: &'static str, keys: &'static [Key]) -> Spec {
    Spec::new(id.0, title, "", doc).keys(keys).group(Group::Move)
}

/// Moving about: as in lists, but for Home and End, which go along a row.
pub const MOVES: &[Spec] = &[
    step(moves::UP, "Up", "The row above.", &[Key::plain(Code::Up), Key::char('k')]),
    step(moves::DOWN, "Down", "The row below.", &[Key::plain(Code::Down), Key::char('j')]),
    step(moves::LEFT, "Left", "The role to the left.", &[Key::plain(Code::Left), Key::char('h')]),
    step(moves::RIGHT, "Right", "The role to the right.", &[Key::plain(Code::Right), Key::char('l')]),
    step(moves::PAGE_UP, "Page up", "A page back.", &[Key::plain(Code::PageUp), Key::ctrl('b')]),
    step(moves::PAGE_DOWN, "Page down", "A page on.", &[Key::plain(Code::PageDown), Key::ctrl('f')]),
    step(moves::FIRST, "First", "The first row.", &[Key::char('g')]),
    step(moves::LAST, "Last", "The last row.", &[Key::char('G')]),
    step(FIRST_ROLE, "First role", "The first column.", &[Key::plain(Code::Home)]),
    step(LAST_ROLE, "Last role", "The last column.", &[Key::plain(Code::End)]),
    step(NEXT_AREA, "Next area", "The heading of the next area.", &[Key::char(']')]),
    step(AREA_BEFORE, "Area before", "The heading of this area, or of the one before.", &[Key::char('[')]),
    step(moves::BACK, "Back", "Ends the range, then one step back.", &[Key::plain(Code::Esc)]),
];
