//! Deleting somebody for good: who takes over is asked in the same step (003-22, R24).

use super::form;
use super::sheets::owned_in_words;
use crate::model::Status;
use crate::service::ServiceError;
use crate::service::delete_user::{Heirs, NextManager};
use crate::service::draft::{Draft, Saved};
use crate::service::home::OwnedCount;
use crate::service::person_choices::PersonChoice;
use crate::service::users::UserDetail;
use crate::tui::editor::{Editing, Loader, Plan};
use crate::tui::effect::{Effect, Effects};
use crate::tui::toast::Toast;
use crate::tui::widget::{Field, FieldKey, Form};

/// The key of the role tree, which is an answer: an empty one is none.
const ROLE_TREE: &str = "role tree";

/// The form that asks.
#[derive(Debug)]
pub(super) struct Delete {
    email: String,
    name: String,
    owned: String,
    /// What the review says.
    says: String,
}

/// What it is made of.
pub(super) struct Loaded {
    detail: UserDetail,
    owned: Vec<OwnedCount>,
    people: Vec<PersonChoice>,
}

impl Delete {
    pub(super) fn of(email: &str, name: &str) -> Self {
        Self { email: email.to_owned(), name: name.to_owned(), owned: String::new(), says: String::new() }
    }
}

impl Editing for Delete {
    type Loaded = Loaded;

    fn crumbs(&self) -> Vec<String> {
        vec!["Users".to_owned(), format!("Delete {}", self.name)]
    }

    fn tab(&self) -> Option<String> {
        Some("Users".to_owned())
    }

    fn lead(&self) -> String {
        let owned =
            if self.owned.is_empty() { String::new() } else { format!("{} that you may see, and ", self.owned) };
        format!(
            "{} goes for good; only the history keeps the name. What they own goes to one person: {owned}private \
             records and groups, if any.",
            self.name
        )
    }

    fn verb(&self) -> &'static str {
        "delete"
    }

    fn load(&self) -> Loader<Loaded> {
        let email = self.email.clone();
        Box::new(move |session| {
            let detail = session.user_detail(&email)?;
            if let Some(why) = detail.acts.delete.clone() {
                return Err(ServiceError::Denied(why));
            }
            Ok(Loaded { owned: session.records_owned(&email)?, people: session.person_choices(), detail })
        })
    }

    fn fields(&mut self, loaded: Loaded) -> Vec<Field> {
        let Loaded { detail, owned, people } = loaded;
        self.owned = owned_in_words(&owned);
        let active = people.iter().filter(|person| person.status == Status::Active).cloned().collect();
        let heir = form::people(active, Some(&self.email));
        let mut fields =
            vec![Field::choice("heir", "Who takes over", heir, "").hint("Somebody active. Type to find them.")];
        if !detail.reports.is_empty() {
            let names: Vec<&str> = detail.reports.iter().map(|member| member.name.as_str()).collect();
            let reports = format!("Of {}.", names.join(", "));
            let managers = form::managers_or(ROLE_TREE, people, Some(&self.email));
            fields.push(Field::choice("manager", "New manager", managers, "").hint(&reports));
        }
        fields
    }

    fn plan(&mut self, form: &Form) -> Plan {
        let heir = form.text("heir");
        if heir.is_empty() {
            return Plan::Faulty(vec![("heir".into(), format!("Choose who takes over what {} owns.", self.name))]);
        }
        let manager = match (form.field("manager"), form.text("manager")) {
            (None, _) => NextManager::Unanswered,
            (Some(_), "") => {
                let why = format!("Choose whom the people who report to {} report to now.", self.name);
                return Plan::Faulty(vec![("manager".into(), why)]);
            }
            (Some(_), ROLE_TREE) => NextManager::RoleTree,
            (Some(_), email) => NextManager::Person(email.to_owned()),
        };
        let name = form.field("heir").map(|field| field.shown().into_owned()).unwrap_or_default();
        self.says = format!(
            "{} ({}) is deleted for good: that can't be undone. {name} takes over everything they own, sealed things \
             included; the history says so.",
            self.name, self.email
        );
        let heirs = Heirs { records: heir.to_owned(), manager };
        Plan::Draft(Draft::DeleteUser { email: self.email.clone(), heirs })
    }

    fn saying(&self) -> Option<String> {
        Some(self.says.clone())
    }

    fn field_of(&self, why: &str) -> Option<FieldKey> {
        why.contains("manager").then(|| "manager".into())
    }

    fn done(&mut self, saved: Saved) -> Effects {
        let said = format!("{} is deleted.", self.name);
        Effects::of(Effect::Back).and(Effect::Toast(Toast::saved(&said, &saved)))
    }
}
