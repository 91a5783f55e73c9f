//! A cell in a few letters: a word for the value, a sign for what becomes of it, a mark for what is
//! staged. Nothing is told by colour alone.

use crate::model::{FeatureValue, Scope, SectionAccess};
use crate::service::edit_roles::CellValue;
use crate::service::matrix::{Came, Column, Lock, Reading, Tri};
use crate::tui::theme::{Theme, Tone};

/// A value in a word.
pub(super) fn value(value: CellValue, theme: &Theme) -> (&'static str, Tone) {
    match value {
        CellValue::Feature(FeatureValue::Yes) => ("Yes", Tone::Good),
        CellValue::Feature(FeatureValue::Request) => ("ask", Tone::Warn),
        CellValue::Feature(FeatureValue::No) => (theme.glyph("–", "-"), Tone::Dim),
        CellValue::Scope(Scope::None) => ("None", Tone::Dim),
        CellValue::Scope(scope) => (self::scope(scope), Tone::Text),
        CellValue::Section(SectionAccess::Hidden) => (theme.glyph("–", "-"), Tone::Dim),
        CellValue::Section(SectionAccess::View) => ("view", Tone::Text),
        CellValue::Section(SectionAccess::Edit) => ("edit", Tone::Good),
    }
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::All => "All",
        Scope::Roles => "Roles",
        Scope::Subordinates => "Subs",
        Scope::Own => "Own",
        Scope::None => "None",
    }
}

/// A cell: its mark, its word, and the tone of both.
pub(super) fn cell(reading: &Reading, theme: &Theme) -> (&'static str, String, Tone) {
    let (word, tone) = value(reading.value, theme);
    let (word, tone) = match reading.came {
        Came::AsSet => (word.to_owned(), tone),
        Came::Never => (theme.glyph("✘", "x").to_owned(), Tone::Dim),
        Came::AreaOff | Came::NoDelete => (format!("({word})"), Tone::Dim),
        Came::Focused if reading.value == CellValue::Scope(Scope::Own) => (word.to_owned(), tone),
        Came::Focused => (format!("{word}{}own", theme.glyph("→", ">")), Tone::Warn),
        Came::Within(view) => (format!("{word}{}{}", theme.glyph("∩", "&"), scope(view)), Tone::Warn),
        Came::Elsewhere(Some(of)) => (format!("={}", value(CellValue::Feature(of), theme).0), Tone::Dim),
        Came::Elsewhere(None) => ("=person".to_owned(), Tone::Dim),
    };
    match (reading.theirs, reading.base) {
        (Some(_), _) => ("!", word, Tone::Bad),
        (None, Some(_)) => ("*", word, Tone::Accent),
        (None, None) => (" ", word, tone),
    }
}

/// The heading of a group in a role: all, some, nothing, and how many.
pub(super) fn tri(tri: Tri, theme: &Theme) -> (String, Tone) {
    if tri.of == 0 {
        return (theme.glyph("✘", "x").to_owned(), Tone::Dim);
    }
    let (sign, tone) = match (tri.is_all(), tri.is_none()) {
        (true, _) => ("[x]", Tone::Good),
        (_, true) => ("[ ]", Tone::Dim),
        _ => ("[~]", Tone::Warn),
    };
    (format!("{sign} {}/{}", tri.on, tri.of), tone)
}

/// What stands under a role's name: its type, or why it can't be changed.
pub(super) fn under(column: &Column) -> &'static str {
    use crate::model::RoleType;
    match (column.lock, column.role_type()) {
        _ if column.is_locked() => "locked",
        (Some(Lock::OwnRole), _) => "yours",
        (_, RoleType::AccountOwner) => "owner",
        (_, RoleType::Administrator) => "admin",
        (_, RoleType::User) => "user",
        (_, RoleType::Focused) => "focused",
    }
}

/// Every sign and what it means, for the help.
pub(super) const LEGEND: &[(&str, &str)] = &[
    ("Yes  –  ask", "Yes, No, On request."),
    ("All Roles Subs", "All records; mine and my roles'; mine and my subordinates'."),
    ("Own  None", "Only mine; none. “Me” is whoever holds the role."),
    ("edit  view  –", "A section of fields: view and edit, view, hidden."),
    ("✘", "The role's type can never hold it."),
    ("(Yes)  (All)", "Set, but void: the area is off, or the permission to delete isn't Yes."),
    ("All∩Own", "Asks for more than view; it comes to what both cover."),
    ("All→own", "A Focused User: only what the person owns or is assigned to."),
    ("=Yes  =person", "Something else decides: creating, or each person's own setting."),
    ("*", "Staged, not saved."),
    ("!", "Staged, and changed by somebody else meanwhile: choose."),
    ("[x] [~] [ ]", "An area: all of it on, some, nothing; and how many of how many."),
    ("locked  yours", "A role that nobody changes; your own, which you don't."),
];
