//! One's own details, which everybody may change (002-35). What decides access is shown and locked:
//! nobody changes their own role or manager (R31).

use crate::service::draft::Saved;
use crate::service::own_details::OwnDetails;
use crate::service::users::UserDetail;
use crate::service::{ServiceError, Session};
use crate::tui::editor::{Editing, Loader, Plan};
use crate::tui::effect::{Effect, Effects};
use crate::tui::toast::Toast;
use crate::tui::widget::{Field, FieldKey, Form};
use crate::tui::words::{sentence, without_manager};

/// The form.
#[derive(Debug, Default)]
pub struct OwnForm {
    session: Option<Session>,
}

const LOCKED: &str = "Somebody who manages users changes this.";

impl Editing for OwnForm {
    type Loaded = (Session, UserDetail);

    fn crumbs(&self) -> Vec<String> {
        vec!["My details".to_owned()]
    }

    fn load(&self) -> Loader<Self::Loaded> {
        Box::new(|session| {
            let email = session.me().email;
            if email.is_empty() {
                return Err(ServiceError::Invalid("the operator is no user of the account".to_owned()));
            }
            Ok((session.clone(), session.user_detail(&email)?))
        })
    }

    fn fields(&mut self, (session, detail): Self::Loaded) -> Vec<Field> {
        self.session = Some(session);
        let row = &detail.row;
        let [from, reply_to] = super::users::mail(
            detail.email_from_name.as_deref().unwrap_or_default(),
            detail.reply_to.as_deref().unwrap_or_default(),
        );
        let locked = |key: &'static str, label: &str, text: &str| Field::line(key, label).filled(text).locked(LOCKED);
        vec![
            Field::line("name", "Name").filled(&row.name).under("Contact Information"),
            from,
            reply_to,
            super::users::language(detail.language.as_deref().unwrap_or_default()).under("About me"),
            locked("email", "Email", &row.email),
            locked("role", "Role", &row.role),
            locked("manager", "Manager", row.manager.as_deref().unwrap_or(without_manager(row.role_type))),
        ]
    }

    fn plan(&mut self, form: &Form) -> Plan {
        let mut details = OwnDetails::default();
        for field in form.changed() {
            let text = Some(field.text().to_owned());
            match field.key.as_ref() {
                "name" => details.name = text,
                "language" => details.language = text,
                "email_from_name" => details.email_from_name = text,
                "reply_to" => details.reply_to = text,
                _ => {}
            }
        }
        let Some(session) = self.session.as_ref().filter(|_| details != OwnDetails::default()) else {
            return Plan::Nothing;
        };
        let wrong = session.wrong_in(Some(&session.me().email), &details.as_change());
        if !wrong.is_empty() {
            let faults = wrong.into_iter().map(|(field, why)| (FieldKey::from(field), sentence(&why)));
            return Plan::Faulty(faults.collect());
        }
        Plan::Run(Box::new(move |session| session.change_own_details(&details)))
    }

    fn done(&mut self, saved: Saved) -> Effects {
        Effects::of(Effect::Back).and(Effect::Toast(Toast::saved("Your details are changed.", &saved)))
    }
}
