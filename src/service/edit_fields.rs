//! Editing sections, fields and options (004-22). What records hold of a field or an option that is
//! deleted stays with them unseen, so that undo brings it back; until then they count as empty.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::exchange::team_file::{LONGEST_NAME, MOST_FIELDS, unaddressable};
use crate::model::text::{self, fold};
use crate::model::{Field, FieldId, FieldOption, Kind, Object, OptionId, Role, Section, SectionId, Team};
use crate::store::View;

use super::draft::Draft;
use super::edit_team::take;
use super::error::ServiceError;
use super::session::Session;

/// What to change of an object's sections and fields, by their shown names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldsChange {
    /// The object's key.
    pub object: String,
    /// The edit.
    pub edit: FieldEdit,
}

/// One edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldEdit {
    /// A new section, the last.
    AddSection {
        /// Its name.
        name: String,
    },
    /// Another name for a section.
    RenameSection {
        /// Which.
        section: String,
        /// The new name.
        name: String,
    },
    /// A section without fields goes.
    DeleteSection {
        /// Which.
        section: String,
    },
    /// A new field, the last of its section.
    AddField {
        /// The section that holds it.
        section: String,
        /// Its name.
        name: String,
        /// What it holds; this stays.
        kind: Kind,
        /// A dropdown's options, in order.
        options: Vec<String>,
    },
    /// A field under another name, in another section, with other options; what is unset stays.
    ChangeField {
        /// Which.
        field: String,
        /// The new name.
        name: Option<String>,
        /// The new section.
        section: Option<String>,
        /// The options.
        options: Option<OptionsEdit>,
    },
    /// A field goes.
    DeleteField {
        /// Which.
        field: String,
    },
}

/// A dropdown's options as they are to be. Options that are in neither list, because somebody else
/// added them meanwhile, stay at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptionsEdit {
    /// In order.
    pub kept: Vec<OptionEdit>,
    /// Those that go, by name.
    pub removed: Vec<String>,
}

/// An option as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionEdit {
    /// Its name so far; a new option has none. Records that hold it hold it under the new name.
    pub was: Option<String>,
    /// Its name.
    pub label: String,
}

/// What an edit gives a name to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// A field that is there.
    Field,
    /// A section, or something that wasn't there.
    Whole,
}

/// The sections that whoever edits may view: what isn't in here isn't there for them (R11).
#[derive(Debug, Clone, Default)]
pub(super) struct Sight(BTreeSet<SectionId>);

impl Session {
    /// Changes an object's sections and fields.
    ///
    /// # Errors
    /// Where something isn't there, a name can't be taken, or the rules say no.
    pub fn change_fields(&self, change: &FieldsChange) -> Result<(), ServiceError> {
        self.save(&Draft::Fields(change.clone()))?;
        Ok(())
    }

    pub(super) fn sight(&self, view: &View) -> Sight {
        let sections = view.team().objects.values().flat_map(|object| &object.sections);
        Sight(sections.map(|section| section.id).filter(|section| self.may_see(view, *section)).collect())
    }
}

impl FieldsChange {
    /// The edit in a few words, for the history.
    #[must_use]
    pub fn reason(&self) -> String {
        let what = match &self.edit {
            FieldEdit::AddSection { .. } => "new section",
            FieldEdit::RenameSection { .. } => "rename a section",
            FieldEdit::DeleteSection { .. } => "delete a section",
            FieldEdit::AddField { .. } => "new field",
            FieldEdit::ChangeField { .. } => "change a field",
            FieldEdit::DeleteField { .. } => "delete a field",
        };
        // Names stand in the changes alone, where each reader's rights decide.
        format!("{what} of {}", self.object)
    }

    /// What it gives a name to, if it does.
    pub(super) fn named(&self) -> Option<Named> {
        match &self.edit {
            FieldEdit::AddSection { .. } | FieldEdit::RenameSection { .. } | FieldEdit::AddField { .. } => {
                Some(Named::Whole)
            }
            FieldEdit::ChangeField { field, name: Some(name), .. } if fold(name.trim()) != fold(field) => {
                Some(Named::Field)
            }
            FieldEdit::ChangeField { .. } | FieldEdit::DeleteSection { .. } | FieldEdit::DeleteField { .. } => None,
        }
    }

    /// Makes the edit in a copy of the team, as far as the editor sees.
    pub(super) fn apply(&self, sight: &Sight, team: &mut Team) -> Result<(), ServiceError> {
        let Some(object) = team.object_by_key(&self.object).cloned() else {
            return Err(ServiceError::Invalid(format!("there is no list “{}”", self.object)));
        };
        let mut editing = Editing { sight, team, object: Object::clone(&object) };
        match &self.edit {
            FieldEdit::AddSection { name } => editing.add_section(name)?,
            FieldEdit::RenameSection { section, name } => editing.rename_section(section, name)?,
            FieldEdit::DeleteSection { section } => editing.delete_section(section)?,
            FieldEdit::AddField { section, name, kind, options } => editing.add_field(section, name, *kind, options)?,
            FieldEdit::ChangeField { field, name, section, options } => {
                editing.change_field(field, name.as_deref(), section.as_deref(), options.as_ref())?;
            }
            FieldEdit::DeleteField { field } => editing.delete_field(field)?,
        }
        let Editing { team, object, .. } = editing;
        team.objects.insert(object.id, Arc::new(object));
        Ok(())
    }
}

struct Editing<'a> {
    sight: &'a Sight,
    team: &'a mut Team,
    object: Object,
}

fn invalid<T>(text: String) -> Result<T, ServiceError> {
    Err(ServiceError::Invalid(text))
}

fn clean(what: &str, name: &str) -> Result<String, ServiceError> {
    text::name(name, LONGEST_NAME).map_err(|bad| ServiceError::Invalid(format!("{what} {bad}")))
}

impl Editing<'_> {
    fn sees(&self, section: SectionId) -> bool {
        self.sight.0.contains(&section)
    }

    fn section(&self, name: &str) -> Result<SectionId, ServiceError> {
        let found = self.object.section_named(name).map(|section| section.id).filter(|section| self.sees(*section));
        found.ok_or_else(|| ServiceError::NotFound(format!("{} have no section “{name}”", self.object.label)))
    }

    fn field(&self, name: &str) -> Result<FieldId, ServiceError> {
        let found = self.object.field_named(name).filter(|field| self.sees(field.section)).map(|field| field.id);
        found.ok_or_else(|| ServiceError::NotFound(format!("{} have no field “{name}”", self.object.label)))
    }

    /// A free name. One that is taken where the editor doesn't see is refused without saying so.
    fn section_name(&self, typed: &str, own: Option<SectionId>) -> Result<String, ServiceError> {
        let name = clean("the section's name", typed)?;
        match self.object.section_named(&name).filter(|other| Some(other.id) != own) {
            None => Ok(name),
            Some(other) if self.sees(other.id) => invalid(format!("there is a section “{}” already", other.name)),
            Some(_) => invalid(format!("“{name}” can't be used; choose another name")),
        }
    }

    fn field_name(&self, typed: &str, own: Option<FieldId>) -> Result<String, ServiceError> {
        let name = clean("the field's name", typed)?;
        if let Some(why) = unaddressable(&name) {
            return invalid(format!("“{name}” {why}; choose another name"));
        }
        match self.object.field_named(&name).filter(|other| Some(other.id) != own) {
            None => Ok(name),
            Some(other) if self.sees(other.section) => invalid(format!("there is a field “{}” already", other.name)),
            Some(_) => invalid(format!("“{name}” can't be used; choose another name")),
        }
    }

    fn add_section(&mut self, name: &str) -> Result<(), ServiceError> {
        let name = self.section_name(name, None)?;
        if self.object.sections.len() >= Object::MAX_SECTIONS {
            return invalid(format!("an object has at most {} sections", Object::MAX_SECTIONS));
        }
        let id = SectionId(take(&mut self.team.account.next.section));
        self.object.sections.push(Section { id, name });
        Ok(())
    }

    fn rename_section(&mut self, section: &str, name: &str) -> Result<(), ServiceError> {
        let id = self.section(section)?;
        let name = self.section_name(name, Some(id))?;
        self.object.sections.iter_mut().filter(|section| section.id == id).for_each(|s| s.name.clone_from(&name));
        Ok(())
    }

    /// What roles say of the section goes with it.
    fn delete_section(&mut self, section: &str) -> Result<(), ServiceError> {
        let id = self.section(section)?;
        let fields: Vec<&str> =
            self.object.fields.iter().filter(|field| field.section == id).map(|field| field.name.as_str()).collect();
        if !fields.is_empty() {
            let text = format!("“{section}” still holds {}; move or delete its fields first", fields.join(", "));
            return invalid(text);
        }
        self.object.sections.retain(|section| section.id != id);
        self.team.roles.amend(|role| {
            role.sections.contains_key(&id).then(|| {
                let mut kept = Role::clone(role);
                kept.sections.remove(&id);
                kept
            })
        });
        Ok(())
    }

    fn add_field(&mut self, section: &str, name: &str, kind: Kind, options: &[String]) -> Result<(), ServiceError> {
        let section = self.section(section)?;
        let name = self.field_name(name, None)?;
        if self.object.fields.len() >= MOST_FIELDS {
            return invalid(format!("an object has at most {MOST_FIELDS} fields"));
        }
        if kind != Kind::Dropdown && !options.is_empty() {
            return invalid(format!("options are for dropdowns; “{name}” is a {}", kind.token()));
        }
        let id = FieldId(take(&mut self.team.account.next.field));
        let mut field = Field { id, section, name, kind, options: Vec::new(), next_option: 0, automatic: None };
        if kind == Kind::Dropdown {
            let kept = options.iter().map(|label| OptionEdit { was: None, label: label.clone() }).collect();
            set_options(&mut field, &OptionsEdit { kept, removed: Vec::new() })?;
        }
        // After the last field of its section, so that the first field goes on naming the records.
        let place = self.object.fields.iter().rposition(|other| other.section == section);
        let place = place.map_or(self.object.fields.len(), |place| place + 1);
        self.object.fields.insert(place, field);
        Ok(())
    }

    fn change_field(
        &mut self,
        field: &str,
        name: Option<&str>,
        section: Option<&str>,
        options: Option<&OptionsEdit>,
    ) -> Result<(), ServiceError> {
        let id = self.field(field)?;
        let name = name.map(|name| self.field_name(name, Some(id))).transpose()?;
        let section = section.map(|section| self.section(section)).transpose()?;
        let Some(field) = self.object.fields.iter_mut().find(|field| field.id == id) else { return Ok(()) };
        if let Some(name) = name {
            field.name = name;
        }
        if let Some(section) = section {
            field.section = section;
        }
        if let Some(options) = options {
            if field.kind != Kind::Dropdown {
                return invalid(format!("options are for dropdowns; “{}” is a {}", field.name, field.kind.token()));
            }
            set_options(field, options)?;
        }
        Ok(())
    }

    fn delete_field(&mut self, field: &str) -> Result<(), ServiceError> {
        let id = self.field(field)?;
        if self.object.fields.first().is_some_and(|first| first.id == id) {
            return invalid(format!("“{field}” names the {} and can't be deleted", self.object.label.to_lowercase()));
        }
        self.object.fields.retain(|field| field.id != id);
        Ok(())
    }
}

/// Sets a dropdown's options. An option keeps its number under another name, and a number is never
/// given twice.
fn set_options(field: &mut Field, edit: &OptionsEdit) -> Result<(), ServiceError> {
    let mut left = std::mem::take(&mut field.options);
    left.retain(|option| !edit.removed.iter().any(|gone| fold(gone) == fold(&option.label)));
    for OptionEdit { was, label } in &edit.kept {
        let label = clean("the option", label)?;
        let known = was.as_ref().and_then(|was| left.iter().position(|option| fold(&option.label) == fold(was)));
        let id = match (known, was) {
            (Some(position), _) => left.remove(position).id,
            (None, Some(was)) => {
                return Err(ServiceError::Meanwhile(format!("the option “{was}” isn't there any more")));
            }
            (None, None) if field.next_option == u16::MAX => {
                return invalid(format!("“{}” has had every option that a dropdown can have", field.name));
            }
            (None, None) => {
                let id = OptionId(field.next_option);
                field.next_option = id.0.saturating_add(1);
                id
            }
        };
        field.options.push(FieldOption { id, label });
    }
    field.options.append(&mut left);
    let mut labels = BTreeSet::new();
    if let Some(twice) = field.options.iter().find(|option| !labels.insert(fold(&option.label))) {
        return invalid(format!("the option “{}” is there twice", twice.label));
    }
    match field.options.len() {
        0 => invalid(format!("the dropdown “{}” needs at least one option", field.name)),
        many if many > MOST_FIELDS => invalid(format!("a dropdown has at most {MOST_FIELDS} options")),
        _ => Ok(()),
    }
}
