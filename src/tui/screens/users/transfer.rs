//! Handing the ownership over, with the owner's own password again (R7, 002-04, 003-14).

use crate::service::draft::Saved;
use crate::service::{Password, ServiceError};
use crate::tui::editor::{Editing, Loader, Plan};
use crate::tui::effect::{Effect, Effects};
use crate::tui::toast::Toast;
use crate::tui::widget::{Field, FieldKey, Form};

/// The form that asks for the password.
#[derive(Debug)]
pub(super) struct Transfer {
    email: String,
    name: String,
}

impl Transfer {
    pub(super) fn of(email: &str, name: &str) -> Self {
        Self { email: email.to_owned(), name: name.to_owned() }
    }
}

impl Editing for Transfer {
    type Loaded = ();

    fn crumbs(&self) -> Vec<String> {
        vec!["Users".to_owned(), self.name.clone(), "Transfer of ownership".to_owned()]
    }

    fn tab(&self) -> Option<String> {
        Some("Users".to_owned())
    }

    fn lead(&self) -> String {
        format!(
            "{0} becomes the account owner and loses their manager and exceptions; you become an Administrator. \
             Only {0} can give the ownership back.",
            self.name
        )
    }

    fn verb(&self) -> &'static str {
        "hand over"
    }

    fn load(&self) -> Loader<()> {
        let email = self.email.clone();
        Box::new(move |session| match session.user_detail(&email)?.acts.own {
            Some(why) => Err(ServiceError::Denied(why)),
            None => Ok(()),
        })
    }

    fn fields(&mut self, (): ()) -> Vec<Field> {
        vec![Field::secret("password", "Your password").hint("To be sure that it is you.")]
    }

    fn plan(&mut self, form: &Form) -> Plan {
        let password = Password::new(form.text("password"));
        if password.reveal().is_empty() {
            return Plan::Faulty(vec![("password".into(), "Type the password that you sign in with.".to_owned())]);
        }
        let to = self.email.clone();
        Plan::Run(Box::new(move |session| session.transfer_ownership(&to, &password)))
    }

    fn field_of(&self, why: &str) -> Option<FieldKey> {
        ["password", "try again"].iter().any(|words| why.contains(words)).then(|| "password".into())
    }

    fn done(&mut self, saved: Saved) -> Effects {
        let said = format!("{} is the account owner now; you are an Administrator.", self.name);
        Effects::of(Effect::Back).and(Effect::Toast(Toast::saved(&said, &saved)))
    }
}
