//! One permission for one person alone (000-31…34, 001-18, R10).

use crate::model::{Exception, FeatureValue};
use crate::service::Session;
use crate::service::draft::{Draft, Saved};
use crate::service::exceptions::ExceptionChoice;
use crate::tui::editor::{Editing, Loader, Plan};
use crate::tui::effect::{Effect, Effects};
use crate::tui::toast::Toast;
use crate::tui::widget::{Choice, Field, FieldKey, Form};
use crate::tui::words::sentence;

const VISIBLE: &str = "visible";
const NOT_VISIBLE: &str = "not visible";

/// The form about an exception.
#[derive(Debug)]
pub(super) struct ExceptionForm {
    email: String,
    name: String,
    /// The permission's key, where it is one that they have.
    key: Option<String>,
    choices: Vec<ExceptionChoice>,
    session: Option<Session>,
    /// They were told that the area is off.
    told: bool,
    done: String,
}

impl ExceptionForm {
    /// A new one, or one that they have, by the permission's key.
    pub(super) fn of(email: &str, name: &str, key: Option<&str>) -> Self {
        Self {
            email: email.to_owned(),
            name: name.to_owned(),
            key: key.map(str::to_owned),
            choices: Vec::new(),
            session: None,
            told: false,
            done: String::new(),
        }
    }

    fn chosen(&self, form: &Form) -> Option<&ExceptionChoice> {
        let key = self.key.as_deref().unwrap_or_else(|| form.text("permission"));
        self.choices.iter().find(|choice| choice.key == key)
    }
}

fn permission(choice: &ExceptionChoice) -> Choice {
    let by_role = format!("{} · role: {}", choice.area, choice.by_role.label());
    let help = if choice.by_role == FeatureValue::Yes { &choice.yes } else { &choice.no };
    Choice::new(choice.key.clone(), choice.label.clone(), by_role).note(format!("By the role now: {help}"))
}

impl Editing for ExceptionForm {
    type Loaded = (Session, Vec<ExceptionChoice>);

    fn crumbs(&self) -> Vec<String> {
        let last = if self.key.is_some() { "Exception" } else { "New exception" };
        vec!["Users".to_owned(), self.name.clone(), last.to_owned()]
    }

    fn tab(&self) -> Option<String> {
        Some("Users".to_owned())
    }

    fn lead(&self) -> String {
        format!("For {} alone; the role stays as it is.", self.name)
    }

    fn load(&self) -> Loader<Self::Loaded> {
        let email = self.email.clone();
        Box::new(move |session| Ok((session.clone(), session.exception_choices(&email)?)))
    }

    fn fields(&mut self, (session, choices): Self::Loaded) -> Vec<Field> {
        self.choices = choices;
        let existing = self.key.as_ref().and_then(|key| self.choices.iter().find(|choice| choice.key == *key));
        let has = existing.and_then(|choice| choice.has);
        let offers_area = match existing {
            Some(choice) => choice.area_off.is_some(),
            None => self.choices.iter().any(|choice| choice.area_off.is_some()),
        };
        let permission_field = match existing {
            Some(choice) => Field::line("permission", "Permission").filled(&choice.label).locked("This exception's."),
            None => Field::choice("permission", "Permission", self.choices.iter().map(permission).collect(), "")
                .hint("Type to find one."),
        };
        let values = vec![
            Choice::new(VISIBLE, "Visible", "").note("They have it although the role says No."),
            Choice::new(NOT_VISIBLE, "Not Visible", "").note("They don't have it although the role says Yes."),
        ];
        let value = match has {
            Some(Exception { visible: false, .. }) => NOT_VISIBLE,
            Some(_) => VISIBLE,
            None => "",
        };
        let until = has.and_then(|exception| exception.until).map(|until| session.end_shown(until)).unwrap_or_default();
        let zone = session.time_zone();
        self.session = Some(session);
        let mut fields = vec![
            permission_field,
            Field::choice("value", "Value", values, value),
            Field::line("until", "Until")
                .filled(&until)
                .hint(&format!("Empty, or a day such as 2027-01-31: it ends at that day's end ({zone}).")),
        ];
        if offers_area {
            fields.push(
                Field::yes_no("area", "Area too", false)
                    .hint("Where the permission's area is off for them: switch it on for them as well."),
            );
        }
        fields
    }

    fn plan(&mut self, form: &Form) -> Plan {
        let Some(session) = self.session.clone() else { return Plan::Nothing };
        let mut faults: Vec<(FieldKey, String)> = Vec::new();
        let chosen = self.chosen(form).cloned();
        if chosen.is_none() {
            faults.push(("permission".into(), "Choose a permission.".to_owned()));
        }
        let visible = match form.text("value") {
            VISIBLE => true,
            NOT_VISIBLE => false,
            _ => {
                faults.push(("value".into(), "Choose Visible or Not Visible.".to_owned()));
                false
            }
        };
        let typed = form.text("until");
        let unchanged = form.field("until").is_some_and(|field| !field.is_changed());
        let had = chosen.as_ref().and_then(|choice| choice.has);
        let until = match session.exception_end(typed) {
            _ if unchanged && had.is_some() => had.and_then(|had| had.until),
            Ok(until) => until,
            Err(why) => {
                faults.push(("until".into(), sentence(&why.to_string())));
                None
            }
        };
        let Some(chosen) = chosen.filter(|_| faults.is_empty()) else { return Plan::Faulty(faults) };
        let exception = Exception { visible, until };
        if had == Some(exception) && form.text("area") != "yes" {
            return Plan::Nothing;
        }
        let one = |key: &str, exception: Exception| Draft::Exception {
            email: self.email.clone(),
            key: key.to_owned(),
            exception: Some(exception),
        };
        let mut drafts = vec![one(&chosen.key, exception)];
        if let Some((key, label)) = chosen.area_off.as_ref().filter(|_| visible) {
            if form.text("area") == "yes" {
                drafts.insert(0, one(key, exception));
            } else if !std::mem::replace(&mut self.told, true) {
                let text = format!(
                    "“{label}” is No for {}, so this comes to nothing for now. Choose Yes to switch it on too, or save again.",
                    self.name
                );
                return Plan::Faulty(vec![("area".into(), text)]);
            }
        }
        let value = if visible { "Visible" } else { "Not Visible" };
        self.done = format!("“{}” is {value} for {}.", chosen.label, self.name);
        Plan::Draft(if drafts.len() > 1 { Draft::Together(drafts) } else { drafts.remove(0) })
    }

    fn field_of(&self, why: &str) -> Option<FieldKey> {
        why.contains(&self.email).then(|| "permission".into())
    }

    fn done(&mut self, saved: Saved) -> Effects {
        Effects::of(Effect::Back).and(Effect::Toast(Toast::saved(&self.done, &saved)))
    }
}
