//! The forms of a field and of a section (004-22).

use crate::model::Kind;
use crate::service::ServiceError;
use crate::service::draft::{Draft, Saved};
use crate::service::edit_fields::{FieldEdit, FieldsChange};
use crate::service::fields::FieldEditor;
use crate::tui::editor::{Editing, Loader, Plan};
use crate::tui::effect::{Effect, Effects};
use crate::tui::toast::Toast;
use crate::tui::widget::{Choice, Field, FieldKey, Form};

const NAME: &str = "name";
const SECTION: &str = "section";
const KIND: &str = "kind";
const OPTIONS: &str = "options";

fn load(object: &str) -> Loader<FieldEditor> {
    let object = object.to_owned();
    Box::new(move |session| session.field_editor(&object))
}

fn plan(object: &str, edit: FieldEdit) -> Plan {
    Plan::Draft(Draft::Fields(FieldsChange { object: object.to_owned(), edit }))
}

fn needs_name() -> Plan {
    Plan::Faulty(vec![(NAME.into(), "It needs a name.".to_owned())])
}

fn crumbs(last: &str) -> Vec<String> {
    vec!["Field Editor".to_owned(), last.to_owned()]
}

fn done(told: String, saved: &Saved) -> Effects {
    Effects::of(Effect::Back).and(Effect::Toast(Toast::saved(&told, saved)))
}

fn sections(editor: &FieldEditor) -> Vec<Choice> {
    editor.sections.iter().map(|section| Choice::new(section.name.clone(), section.name.clone(), "")).collect()
}

/// Which field a refusal is about.
fn field_of(why: &str) -> Option<FieldKey> {
    let about = [
        ("option", OPTIONS),
        ("the dropdown", OPTIONS),
        ("which you don't hold", SECTION),
        ("name", NAME),
        ("already", NAME),
        ("can't be named", NAME),
        ("has a meaning", NAME),
    ];
    about.iter().find(|(words, _)| why.contains(words)).map(|(_, key)| (*key).into())
}

/// What is edited is not there any more: renamed, deleted, or nothing for whoever edits it (R11).
fn gone(what: &str, name: &str) -> ServiceError {
    ServiceError::NotFound(format!(
        "the {what} “{name}” is not there any more: it may have another name now. Esc goes back to look"
    ))
}

/// A field where it stands.
pub(super) struct Placed {
    editor: FieldEditor,
    /// The section that it is in.
    section: String,
}

/// A field that is there.
pub(super) struct EditField {
    object: String,
    field: String,
}

impl EditField {
    pub(super) fn new(object: String, field: String) -> Self {
        Self { object, field }
    }
}

impl Editing for EditField {
    type Loaded = Placed;

    fn crumbs(&self) -> Vec<String> {
        crumbs(&self.field)
    }

    fn load(&self) -> Loader<Placed> {
        let (object, name) = (self.object.clone(), self.field.clone());
        Box::new(move |session| {
            let editor = session.field_editor(&object)?;
            let own = editor.sections.iter().find(|section| section.fields.iter().any(|field| field.name == name));
            match own.map(|section| section.name.clone()) {
                Some(section) => Ok(Placed { editor, section }),
                None => Err(gone("field", &name)),
            }
        })
    }

    fn fields(&mut self, Placed { editor, section }: Placed) -> Vec<Field> {
        let mut fields = Vec::new();
        if editor.may_manage {
            let hint = "Records keep what they hold of it.";
            fields.push(Field::line(NAME, "Field").filled(&self.field).hint(hint));
        }
        // Whoever sees the new section comes to see the field.
        if editor.may_settings {
            let hint = "Whoever may view the section sees the field; whoever may edit it changes it.";
            fields.push(Field::choice(SECTION, "Section", sections(&editor), &section).hint(hint));
        }
        fields
    }

    fn plan(&mut self, form: &Form) -> Plan {
        let text = |key: &str| form.field(key).filter(|field| field.is_changed()).map(|field| field.text().to_owned());
        let (name, section) = (text(NAME), text(SECTION));
        if name.as_ref().is_some_and(|name| name.trim().is_empty()) {
            return needs_name();
        }
        if name.is_none() && section.is_none() {
            return Plan::Nothing;
        }
        plan(&self.object, FieldEdit::ChangeField { field: self.field.clone(), name, section, options: None })
    }

    fn field_of(&self, why: &str) -> Option<FieldKey> {
        field_of(why)
    }

    fn done(&mut self, saved: Saved) -> Effects {
        done(format!("“{}” is saved.", self.field), &saved)
    }
}

/// A field to make.
pub(super) struct NewField {
    object: String,
    section: String,
}

impl NewField {
    pub(super) fn new(object: String, section: String) -> Self {
        Self { object, section }
    }
}

impl Editing for NewField {
    type Loaded = FieldEditor;

    fn crumbs(&self) -> Vec<String> {
        crumbs("New field")
    }

    fn verb(&self) -> &'static str {
        "add the field"
    }

    fn load(&self) -> Loader<FieldEditor> {
        load(&self.object)
    }

    fn fields(&mut self, editor: FieldEditor) -> Vec<Field> {
        let kinds = Kind::ALL.map(|kind| Choice::new(kind.token(), super::state::kind(kind), "").note(about(kind)));
        vec![
            Field::line(NAME, "Field").hint("What the field is called, in forms, lists and files."),
            Field::choice(SECTION, "Section", sections(&editor), &self.section)
                .hint("Whoever may view the section sees the field; whoever may edit it changes it."),
            Field::choice(KIND, "Kind", kinds.to_vec(), Kind::Text.token()),
            Field::line(OPTIONS, "Options")
                .hint("Of a dropdown alone: its options in order, with commas between them."),
        ]
    }

    fn plan(&mut self, form: &Form) -> Plan {
        let name = form.text(NAME).to_owned();
        if name.trim().is_empty() {
            return needs_name();
        }
        let kind = Kind::from_token(form.text(KIND)).unwrap_or(Kind::Text);
        let options = form.text(OPTIONS).split(',').map(str::trim).filter(|option| !option.is_empty());
        let options: Vec<String> = options.map(str::to_owned).collect();
        plan(&self.object, FieldEdit::AddField { section: form.text(SECTION).to_owned(), name, kind, options })
    }

    fn field_of(&self, why: &str) -> Option<FieldKey> {
        field_of(why)
    }

    fn done(&mut self, saved: Saved) -> Effects {
        done("The field is added.".to_owned(), &saved)
    }
}

/// What a kind holds.
fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "Any text.",
        Kind::Number => "A number, such as 12 or 12.5.",
        Kind::Money => "An amount with two decimals.",
        Kind::Date => "A day, written 2027-01-31.",
        Kind::YesNo => "Yes or no.",
        Kind::Email => "An address for mail.",
        Kind::Phone => "A telephone number.",
        Kind::Dropdown => "One of its options.",
    }
}

/// A section that is there.
pub(super) struct EditSection {
    object: String,
    section: String,
}

impl EditSection {
    pub(super) fn new(object: String, section: String) -> Self {
        Self { object, section }
    }
}

impl Editing for EditSection {
    type Loaded = FieldEditor;

    fn crumbs(&self) -> Vec<String> {
        crumbs(&self.section)
    }

    fn load(&self) -> Loader<FieldEditor> {
        let (object, name) = (self.object.clone(), self.section.clone());
        Box::new(move |session| {
            let editor = session.field_editor(&object)?;
            match editor.sections.iter().any(|section| section.name == name) {
                true => Ok(editor),
                false => Err(gone("section", &name)),
            }
        })
    }

    fn fields(&mut self, _: FieldEditor) -> Vec<Field> {
        vec![Field::line(NAME, "Section").filled(&self.section).hint("Who may view and edit it stays as it is.")]
    }

    fn plan(&mut self, form: &Form) -> Plan {
        let name = form.text(NAME).to_owned();
        match name.trim() {
            "" => needs_name(),
            same if same == self.section => Plan::Nothing,
            _ => plan(&self.object, FieldEdit::RenameSection { section: self.section.clone(), name }),
        }
    }

    fn field_of(&self, _: &str) -> Option<FieldKey> {
        Some(NAME.into())
    }

    fn done(&mut self, saved: Saved) -> Effects {
        done("The section is renamed.".to_owned(), &saved)
    }
}

/// A section to make.
pub(super) struct NewSection {
    object: String,
}

impl NewSection {
    pub(super) fn new(object: String) -> Self {
        Self { object }
    }
}

impl Editing for NewSection {
    type Loaded = FieldEditor;

    fn crumbs(&self) -> Vec<String> {
        crumbs("New section")
    }

    fn lead(&self) -> String {
        "Every role may view and edit a new section until its Permissions (P) say otherwise.".to_owned()
    }

    fn verb(&self) -> &'static str {
        "add the section"
    }

    fn load(&self) -> Loader<FieldEditor> {
        load(&self.object)
    }

    fn fields(&mut self, _: FieldEditor) -> Vec<Field> {
        vec![Field::line(NAME, "Section").hint("What the section is called.")]
    }

    fn plan(&mut self, form: &Form) -> Plan {
        let name = form.text(NAME).to_owned();
        if name.trim().is_empty() { needs_name() } else { plan(&self.object, FieldEdit::AddSection { name }) }
    }

    fn field_of(&self, _: &str) -> Option<FieldKey> {
        Some(NAME.into())
    }

    fn done(&mut self, saved: Saved) -> Effects {
        done("The section is added.".to_owned(), &saved)
    }
}
