//! Somebody new, and somebody's details: one form (001-12…16, 003-04, 003-20).

use super::form;
use super::secret::Secret;
use crate::model::FeatureValue;
use crate::service::draft::{Draft, Saved};
use crate::service::people::{NewUser, UserChange};
use crate::service::person_choices::{PersonChoice, RoleChoice};
use crate::service::users::UserDetail;
use crate::service::{ServiceError, Session};
use crate::tui::editor::{Editing, Loader, Plan};
use crate::tui::effect::{Effect, Effects};
use crate::tui::route::Route;
use crate::tui::toast::Toast;
use crate::tui::widget::{Field, FieldKey, Form};

/// The form about a person.
#[derive(Debug, Default)]
pub(super) struct Person {
    /// Whom it is about: email and name; nobody yet, if they are new.
    who: Option<(String, String)>,
    /// Whom it is about to add.
    added: Option<(String, String)>,
    session: Option<Session>,
}

/// What it is made of.
pub(super) struct Loaded {
    session: Session,
    detail: Option<UserDetail>,
    roles: Vec<RoleChoice>,
    people: Vec<PersonChoice>,
}

impl Person {
    /// About somebody who is there.
    pub(super) fn of(email: &str, name: &str) -> Self {
        Self { who: Some((email.to_owned(), name.to_owned())), ..Self::default() }
    }

    fn email(&self) -> Option<&str> {
        self.who.as_ref().map(|(email, _)| email.as_str())
    }
}

impl Editing for Person {
    type Loaded = Loaded;

    fn crumbs(&self) -> Vec<String> {
        let last = self.who.as_ref().map_or("New user", |(_, name)| name.as_str());
        vec!["Users".to_owned(), last.to_owned()]
    }

    fn tab(&self) -> Option<String> {
        Some("Users".to_owned())
    }

    fn lead(&self) -> String {
        match self.who {
            Some(_) => String::new(),
            // 000-30.
            None => "Create roles and their permissions first, so that new users only ever have what they should. \
                     They get a temporary password, shown once; exceptions can be added right after."
                .to_owned(),
        }
    }

    fn verb(&self) -> &'static str {
        if self.who.is_some() { "save" } else { "add the user" }
    }

    fn load(&self) -> Loader<Loaded> {
        let email = self.email().map(str::to_owned);
        Box::new(move |session| {
            let detail = match email {
                Some(email) => Some(session.user_detail(&email)?),
                None if session.feature("users.manage") != FeatureValue::Yes => {
                    return Err(ServiceError::Denied("you can't add users any more".to_owned()));
                }
                None => None,
            };
            if let Some(why) = detail.as_ref().and_then(|detail| detail.acts.edit.clone()) {
                return Err(ServiceError::Denied(why));
            }
            let (roles, people) = (session.role_choices(), session.person_choices());
            Ok(Loaded { session: session.clone(), detail, roles, people })
        })
    }

    fn fields(&mut self, loaded: Loaded) -> Vec<Field> {
        let Loaded { session, detail, roles, people } = loaded;
        self.session = Some(session);
        let text = |of: fn(&UserDetail) -> Option<&String>| detail.as_ref().and_then(of).cloned().unwrap_or_default();
        let [from, reply_to] = form::mail(&text(|d| d.email_from_name.as_ref()), &text(|d| d.reply_to.as_ref()));
        vec![
            Field::line("name", "Name").filled(&text(|d| Some(&d.row.name))).under("Contact Information"),
            Field::line("email", "Email").hint("They sign in with it.").filled(&text(|d| Some(&d.row.email))),
            from,
            reply_to,
            Field::choice("role", "Role", form::roles(roles), &text(|d| Some(&d.row.role)))
                .hint("Type to find one, or go through them with the arrows.")
                .under("User Details"),
            Field::choice(
                "manager",
                "Manager",
                form::managers(people, self.email()),
                &text(|d| d.row.manager_email.as_ref()),
            ),
            form::language(&text(|d| d.language.as_ref())),
        ]
    }

    fn plan(&mut self, form: &Form) -> Plan {
        let mut change = UserChange::default();
        for field in form.fields.iter().filter(|field| self.who.is_none() || field.is_changed()) {
            let text = Some(field.text().to_owned());
            match field.key.as_ref() {
                "name" => change.name = text,
                "email" => change.email = text,
                "role" => change.role = text,
                "manager" => change.manager = text,
                "language" => change.language = text,
                "email_from_name" => change.email_from_name = text,
                "reply_to" => change.reply_to = text,
                _ => {}
            }
        }
        if change == UserChange::default() {
            return Plan::Nothing;
        }
        let missing = [
            ("name", change.name.as_deref(), "Type a name."),
            ("email", change.email.as_deref(), "Type an email address."),
            ("role", change.role.as_deref(), "Choose a role."),
        ];
        let missing = missing.into_iter().filter(|(_, typed, _)| typed.is_some_and(|typed| typed.trim().is_empty()));
        let mut faults: Vec<(FieldKey, String)> =
            missing.map(|(field, _, text)| (FieldKey::from(field), text.to_owned())).collect();
        if let Some(session) = &self.session {
            let wrong = session.wrong_in(self.email(), &change);
            let wrong =
                wrong.into_iter().map(|(field, why)| (FieldKey::from(field), crate::tui::words::sentence(&why)));
            let more: Vec<_> = wrong.filter(|(field, _)| faults.iter().all(|(known, _)| known != field)).collect();
            faults.extend(more);
        }
        if !faults.is_empty() {
            // The first on the form gets the keys.
            faults.sort_by_key(|(key, _)| form.fields.iter().position(|field| field.key == *key));
            return Plan::Faulty(faults);
        }
        Plan::Draft(match self.email() {
            Some(email) => Draft::User { email: email.to_owned(), change },
            None => {
                let new = NewUser {
                    email: change.email.unwrap_or_default(),
                    name: change.name.unwrap_or_default(),
                    role: change.role.unwrap_or_default(),
                    manager: change.manager,
                    email_from_name: change.email_from_name,
                    reply_to: change.reply_to,
                    language: change.language,
                    account_manager: false,
                };
                self.added = Some((new.email.clone(), new.name.clone()));
                Draft::NewUser(new)
            }
        })
    }

    fn field_of(&self, why: &str) -> Option<FieldKey> {
        let about = [
            ("somebody's already", "email"),
            ("subordinate", "manager"),
            ("manager", "manager"),
            ("this would let", "manager"),
            ("the role “", "role"),
            ("role", "role"),
        ];
        about.into_iter().find(|(words, _)| why.contains(words)).map(|(_, field)| field.into())
    }

    fn done(&mut self, saved: Saved) -> Effects {
        let said = |text: &str| Effect::Toast(Toast::saved(text, &saved));
        match (self.added.take(), saved.password.clone()) {
            (Some((email, name)), password) => {
                let email = email.trim().to_lowercase();
                let shown = Effects::of(Effect::Go(Route::Users { email: Some(email) }))
                    .and(said(&format!("{} is added.", name.trim())));
                match password {
                    Some(password) => shown.and(Effect::Open(Box::new(Secret::new(name.trim(), password)))),
                    None => shown,
                }
            }
            (None, _) => {
                let name = self.who.as_ref().map_or("", |(_, name)| name);
                Effects::of(Effect::Back).and(said(&format!("{name} is changed.")))
            }
        }
    }
}
