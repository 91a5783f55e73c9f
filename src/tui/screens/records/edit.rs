//! A record, new or as it is, to fill in: by section, each field by its kind. What may only be
//! viewed is there and locked, with the reason; what may not be viewed isn't there (001-22, 004-24,
//! R11). Only what was changed is written.

use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{Kind, RecordId};
use crate::service::RecordDraft;
use crate::service::draft::{Draft, Saved};
use crate::service::record_form::{FormField, RecordForm};
use crate::service::records::ObjectView;
use crate::tui::editor::{Editing, Editor, Loader, Plan};
use crate::tui::effect::{Effect, Effects};
use crate::tui::overlay::{Answer, Choice, Given};
use crate::tui::toast::Toast;
use crate::tui::widget::{Field, FieldKey, Form};
use crate::tui::words::sentence;

/// The answer that names a record that was made or changed.
pub(super) const WRITTEN: &str = "records.written";
const OWNER: &str = "owner";
/// What is wrong with a new record of which nothing at all was filled in.
const NOTHING: &str = "Nothing is filled in yet. Fill in a field, or press Esc to go back.";
const EXTERNAL: &str = "external_id";

/// A record that is edited.
pub(super) struct EditRecord {
    object: ObjectView,
    id: Option<RecordId>,
    /// What names it.
    name: String,
    /// The field to begin with, by its shown name.
    first: Option<String>,
    /// As it was when it was last looked at.
    now: Option<RecordForm>,
    /// The new record, once it is made.
    made: Arc<Mutex<Option<RecordId>>>,
}

impl EditRecord {
    /// The effect that shows the editor of a new record, or of one that is there.
    pub(super) fn show(object: ObjectView, record: Option<(RecordId, String)>, first: Option<String>) -> Effects {
        let (id, name) = match record {
            Some((id, name)) => (Some(id), name),
            None => (None, format!("New {}", object.singular.to_lowercase())),
        };
        Editor::show(Self { object, id, name, first, now: None, made: Arc::default() })
    }

    fn all(&self) -> impl Iterator<Item = &FormField> {
        self.now.iter().flat_map(|now| &now.sections).flat_map(|section| &section.fields)
    }

    /// What was changed, and what is wrong with it.
    fn draft(&self, form: &Form) -> (RecordDraft, Vec<(FieldKey, String)>) {
        let (mut draft, mut faults) = (RecordDraft::default(), Vec::new());
        for typed in form.changed() {
            match typed.key.as_ref() {
                OWNER => draft.owner = Some(typed.value()),
                EXTERNAL => draft.external_id = Some(typed.value()),
                key => {
                    let Some(field) = self.all().find(|field| key_of(field) == key) else { continue };
                    if let Err(why) = field.accepts(&typed.value()) {
                        faults.push((typed.key.clone(), plain(&typed.label, &why)));
                    }
                    let name = field.field.name.clone();
                    if self.id.is_some() {
                        draft.seen.push((name.clone(), field.text.clone()));
                    }
                    draft.fields.push((name, typed.value()));
                }
            }
        }
        (draft, faults)
    }
}

/// What is wrong, without the name of the field at which it stands.
fn plain(label: &str, why: &str) -> String {
    sentence(why.strip_prefix(label).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(why))
}

/// Is nothing at all filled in?
fn is_blank(draft: &RecordDraft) -> bool {
    let typed = draft.fields.iter().map(|(_, text)| text).chain(&draft.external_id);
    typed.into_iter().all(|text| text.trim().is_empty())
}

fn key_of(field: &FormField) -> String {
    format!("field:{}", field.field.id.0)
}

/// A field as its kind is filled in.
fn input(field: &FormField) -> Field {
    let key = key_of(field);
    let (name, text) = (&field.field.name, field.text.as_str());
    let hinted = |hint: &str| Field::line(key.clone(), name).filled(text).hint(hint);
    let with_empty = |mut choices: Vec<Choice>| {
        choices.push(Choice::new("", "(empty)", ""));
        Field::choice(key.clone(), name, choices, text)
    };
    let input = match field.field.kind {
        Kind::Text => hinted(""),
        Kind::Number => hinted("A number."),
        Kind::Money => hinted("An amount, such as 1234.50."),
        Kind::Date => hinted("A day, such as 2027-01-31."),
        Kind::Email => hinted("An address for mail."),
        Kind::Phone => hinted("A telephone number."),
        Kind::YesNo => with_empty(["Yes", "No"].map(|word| Choice::new(word, word, "")).to_vec()),
        Kind::Dropdown => {
            let options = field.field.options.iter();
            with_empty(options.map(|option| Choice::new(option.label.clone(), option.label.clone(), "")).collect())
        }
    };
    match &field.locked {
        Some(why) => Field::line(key, name).filled(text).locked(why),
        None => input,
    }
}

impl Editing for EditRecord {
    type Loaded = RecordForm;

    fn crumbs(&self) -> Vec<String> {
        vec![self.object.label.clone(), self.name.clone()]
    }

    fn tab(&self) -> Option<String> {
        Some(self.object.label.clone())
    }

    fn lead(&self) -> String {
        self.now.as_ref().and_then(|now| now.closed.clone()).unwrap_or_default()
    }

    fn first(&self) -> Option<FieldKey> {
        let name = self.first.as_deref()?;
        self.all().find(|field| field.field.name == name).map(|field| key_of(field).into())
    }

    fn load(&self) -> Loader<RecordForm> {
        let (object, id) = (self.object.key.clone(), self.id);
        Box::new(move |session| session.record_form(&object, id))
    }

    fn fields(&mut self, loaded: RecordForm) -> Vec<Field> {
        let mut people: Vec<Choice> = loaded
            .people
            .iter()
            .map(|person| Choice::new(person.email.clone(), person.name.clone(), person.role.clone()))
            .collect();
        if !loaded.owner.is_empty() && people.iter().all(|choice| choice.key != loaded.owner) {
            // Whoever owned it and isn't active any more still does.
            people.push(Choice::new(loaded.owner.clone(), loaded.owner_name.clone(), "not active"));
        }
        let mut fields = Vec::new();
        for section in &loaded.sections {
            // Where nothing can be changed, the lead says so once.
            let locked = loaded.closed.is_none() && section.fields.iter().all(|field| field.locked.is_some());
            let note = if locked { " · view only" } else { "" };
            // What can't be filled in is no part of a new record.
            let open = |field: &&FormField| self.id.is_some() || loaded.closed.is_some() || field.locked.is_none();
            for (place, field) in section.fields.iter().filter(open).enumerate() {
                let input = input(field);
                fields.push(if place == 0 { input.under(&format!("{}{note}", section.name)) } else { input });
            }
        }
        let owner = Field::choice(OWNER, "Owner", people, &loaded.owner)
            .hint("Who sees and changes it follows its owner. Saving shows first what that means.")
            .under("Record");
        let external = Field::line(EXTERNAL, "External ID").filled(&loaded.external_id).hint("Its name elsewhere.");
        fields.push(match &loaded.owner_locked {
            Some(why) => owner.locked(why),
            None => owner,
        });
        fields.push(match &loaded.closed {
            Some(why) => external.locked(why),
            None => external,
        });
        self.now = Some(loaded);
        fields
    }

    fn plan(&mut self, form: &Form) -> Plan {
        let (draft, faults) = self.draft(form);
        if !faults.is_empty() {
            return Plan::Faulty(faults);
        }
        if self.id.is_none()
            && is_blank(&draft)
            && let Some(field) = form.fields.iter().find(|field| field.locked.is_none())
        {
            return Plan::Faulty(vec![(field.key.clone(), NOTHING.to_owned())]);
        }
        let object = self.object.key.clone();
        match self.id {
            _ if !form.is_changed() => Plan::Nothing,
            // Giving it away: what that means for whom is shown first (R13, B1).
            Some(id) => Plan::Draft(Draft::Record { object, id, draft }),
            None => {
                let made = Arc::clone(&self.made);
                Plan::Run(Box::new(move |session| {
                    let (id, saved) = session.create_record(&object, &draft)?;
                    *made.lock().unwrap_or_else(PoisonError::into_inner) = Some(id);
                    Ok(saved)
                }))
            }
        }
    }

    fn field_of(&self, why: &str) -> Option<FieldKey> {
        if why.starts_with(EXTERNAL) {
            return Some(EXTERNAL.into());
        }
        if why.starts_with("the owner") || why.starts_with("owner") {
            return Some(OWNER.into());
        }
        let about = |field: &&FormField| {
            let name = &field.field.name;
            why.starts_with(&format!("{name}:")) || why.contains(&format!("“{name}”"))
        };
        self.all().find(about).map(|field| key_of(field).into())
    }

    fn done(&mut self, saved: Saved) -> Effects {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner).take();
        let words = match made {
            Some(_) => format!("The new {} is there.", self.object.singular.to_lowercase()),
            None => format!("{}: saved.", self.name),
        };
        let written = made.or(self.id).map(|id| id.to_string()).into_iter().collect();
        let answer = Answer::new(WRITTEN, Given::Chosen(written));
        Effects::of(Effect::Back).and(Effect::Answer(answer)).and(Effect::Toast(Toast::saved(&words, &saved)))
    }
}
