//! A cell in words: the permission, what each of its options means, where its value comes from, and
//! why it can't be changed (000-28).

use super::board::Board;
use super::key::RowKey;
use super::reading::{Came, Lock, Reading};
use super::rows::{Elsewhere, FIELDS_OF, Row};
use crate::model::FeatureValue;
use crate::service::edit_roles::{CellValue, Verb};

/// One option of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionView {
    /// The value.
    pub value: CellValue,
    /// What it means.
    pub meaning: String,
    /// Why the viewer may not choose it (R31), if they may not.
    pub refused: Option<String>,
}

/// A cell in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The permission's name, with its group's.
    pub title: String,
    /// What a command calls it.
    pub code: String,
    /// The role's name.
    pub role: String,
    /// How it reads.
    pub reading: Reading,
    /// What the value means.
    pub meaning: String,
    /// What the kind of permission is about; empty where the options say it all.
    pub about: String,
    /// Every option, in order.
    pub options: Vec<OptionView>,
    /// What there is to know besides: the source, a ceiling, a lock, what view leaves of it.
    pub notes: Vec<String>,
}

impl Lock {
    /// Why the cell can't be changed, and what can be done instead.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::ReadOnly => "You may read this, not change it: that takes “Manage roles and permissions”.".to_owned(),
            Self::LockedRole => {
                "Locked role: it holds whatever its type can hold, and can't be edited. Clone it instead.".to_owned()
            }
            Self::OwnRole => "Your own role: nobody changes their own. Ask somebody else who manages roles.".to_owned(),
            Self::Ceiling => "A role of this type can never hold it, whatever is set.".to_owned(),
            Self::Elsewhere(Elsewhere::Creating) => {
                "Can't be set: Yes for whoever may create contacts, which “Can create/edit” decides.".to_owned()
            }
            Self::Elsewhere(Elsewhere::Person) => {
                "Can't be set here: Talk access is given to each person, on the Users page.".to_owned()
            }
            Self::HeldOn(on) => format!("Stays on while others of the area are on ({on}). n on the heading ends all."),
        }
    }
}

impl Board {
    /// A cell in words.
    #[must_use]
    pub fn explain(&self, row: usize, column: usize) -> Option<Explained> {
        let (reading, role) = (self.reading(row, column)?, self.role(column)?);
        let at = self.matrix().rows().get(row)?;
        let group = self.matrix().groups().get(at.group)?;
        let catalog = &self.matrix().snapshot.team().catalog;
        let about = match at.key {
            RowKey::Feature(_) => "",
            RowKey::Scope(_, verb) => catalog.scope_help("about", verb.token()).unwrap_or_default(),
            RowKey::Section(..) => catalog.scope_help("about", "section").unwrap_or_default(),
        };
        let mut notes = Vec::new();
        if let (Some(base), None) = (reading.base, reading.theirs) {
            notes.push(format!("Staged: was {}, will be {}.", base.label(), reading.value.label()));
        }
        if let (Some(base), Some(theirs)) = (reading.base, reading.theirs) {
            notes.push(format!(
                "Changed by somebody else meanwhile: was {}, theirs {}, mine {}. Enter chooses.",
                base.label(),
                theirs.label(),
                reading.value.label()
            ));
        }
        notes.extend(self.came_words(at, &group.label, column, &reading));
        notes.extend(reading.lock.map(Lock::words).filter(|_| reading.came != Came::Never));
        Some(Explained {
            title: format!("{} · {}", group.label, at.label),
            code: at.code.clone(),
            role: role.name.clone(),
            meaning: meaning(at, &reading),
            about: about.to_owned(),
            options: self.options(row, column),
            notes,
            reading,
        })
    }

    /// What a cell can be set to, each with what it means and whether the viewer may.
    #[must_use]
    pub fn options(&self, row: usize, column: usize) -> Vec<OptionView> {
        let (Some(at), Some(role)) = (self.matrix().rows().get(row), self.role(column)) else { return Vec::new() };
        let lock = self.lock(row, column);
        let option = |(value, meaning): &(CellValue, String)| {
            let current = at.key.value_in(role) == *value;
            let refused = match lock {
                _ if current => None,
                Some(lock) => Some(lock.words()),
                None if !at.ceiling.admits(role.role_type) && *value != CellValue::Feature(FeatureValue::No) => {
                    Some(Lock::Ceiling.words())
                }
                None => {
                    let mut draft = crate::model::Role::clone(role);
                    at.key.put(&mut draft, *value);
                    self.matrix().may_change(role.id, &draft).err()
                }
            };
            OptionView { value: *value, meaning: meaning.clone(), refused }
        };
        at.values.iter().map(option).collect()
    }

    fn came_words(&self, row: &Row, group: &str, column: usize, reading: &Reading) -> Option<String> {
        let role = self.role(column)?;
        let kind = role.role_type.label();
        match reading.came {
            Came::AsSet => None,
            Came::Never => Some(format!("The type {kind} can never hold it, whatever is set.")),
            Came::AreaOff => {
                let area = group.strip_prefix(FIELDS_OF).unwrap_or(group);
                Some(format!("Void: {area} is off for this role, so this counts for nothing until it is on."))
            }
            Came::Focused => Some(format!(
                "The type {kind} narrows it: only records that the person owns or is assigned to, whatever is set here."
            )),
            Came::Within(view) => {
                let verb = match row.key {
                    RowKey::Scope(_, Verb::Delete) => "Deleting",
                    _ => "Create/edit",
                };
                Some(format!("{} ∩ {}: {verb} never reaches further than view.", reading.value.label(), view.label()))
            }
            Came::NoDelete => Some("Void: the permission to delete, below, isn't Yes in this role.".to_owned()),
            Came::Elsewhere(_) => None,
        }
    }
}

/// What the cell's value means; where something else decides, what comes of it.
fn meaning(row: &Row, reading: &Reading) -> String {
    let value = match reading.came {
        Came::Elsewhere(Some(value)) => CellValue::Feature(value),
        Came::Never => CellValue::Feature(FeatureValue::No),
        _ => reading.value,
    };
    row.meaning(value).to_owned()
}
