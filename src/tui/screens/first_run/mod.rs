//! An empty data directory: who is the account, and who owns it?

use ratatui::layout::Rect;

use crate::service::setup::NewAccount;
use crate::service::{Password, ServiceError, Session, SignInError};
use crate::tui::command::Spec;
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::Happening;
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::screen::{Context, Screen};
use crate::tui::toast::Toast;
use crate::tui::widget::card::card;
use crate::tui::widget::{Canvas, Field, Form, FormStep};
use crate::tui::words::sentence;

/// The screen.
#[derive(Debug)]
pub struct FirstRun {
    form: Form,
    making: Slot<Result<Session, ServiceError>>,
}

impl Default for FirstRun {
    fn default() -> Self {
        Self::new()
    }
}

impl FirstRun {
    /// The screen, empty.
    #[must_use]
    pub fn new() -> Self {
        let form = Form::new(vec![
            Field::line("account", "Account").hint("The name of your team, such as Paws Clinic."),
            Field::line("name", "Your name").hint("You become its owner."),
            Field::line("email", "Your email").hint("You sign in with it."),
            Field::secret("password", "Password").hint("At least 12 characters; any will do."),
            Field::secret("again", "Once more"),
        ]);
        Self { form, making: Slot::default() }
    }

    fn submit(&mut self, cx: &Context<'_>) -> Effects {
        self.form.forgive();
        for (key, words) in [
            ("account", "Type a name for the account."),
            ("name", "Type your name."),
            ("email", "Type your email address."),
            ("password", "Choose a password."),
        ] {
            if self.form.text(key).trim().is_empty() {
                self.form.complain(key, words);
            }
        }
        if self.form.text("password") != self.form.text("again") {
            self.form.complain("again", "The two passwords differ.");
        }
        let Some(engine) = cx.engine.cloned() else { return Effects::none() };
        if self.form.has_errors() || self.making.is_waiting() {
            return Effects::none();
        }
        let password = Password::new(self.form.text("password"));
        let new = NewAccount {
            account: self.form.text("account").trim().to_owned(),
            owner_name: self.form.text("name").trim().to_owned(),
            owner_email: self.form.text("email").trim().to_owned(),
            password: Some(password.clone()),
        };
        Effects::run(self.making.start(move |_| {
            engine.create_account(&new)?;
            match engine.sign_in(&new.owner_email, &password, None) {
                Ok(signed_in) => Ok(signed_in.session),
                Err(SignInError::Service(error)) => Err(error),
                Err(other) => Err(ServiceError::Invalid(other.to_string())),
            }
        }))
    }
}

/// The field that a refusal is about, by the words with which it starts.
fn place_of(why: &str) -> Option<&'static str> {
    let places = [
        ("the account's name", "account"),
        ("the owner's name", "name"),
        ("the owner's email", "email"),
        ("the password", "password"),
        ("this is one of the most common passwords", "password"),
    ];
    places.into_iter().find(|(start, _)| why.starts_with(start)).map(|(_, field)| field)
}

impl Screen for FirstRun {
    fn crumbs(&self) -> Vec<String> {
        vec!["A new account".to_owned()]
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        Vec::new()
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "next, create"), ("Tab", "next field"), ("Ctrl-S", "create")]
    }

    fn reply(&mut self, reply: &mut Reply, _cx: &Context<'_>) -> Effects {
        match self.making.take(reply) {
            Some(Ended::With(Ok(session))) => Effects::of(Effect::Enter(session))
                .and(Effect::Toast(Toast::good("The account is made. Next: see the roles, then add people."))),
            Some(Ended::With(Err(why))) => {
                let why = why.to_string();
                match place_of(&why) {
                    Some(field) => self.form.complain(field, sentence(&why)),
                    None => return Effects::toast(Toast::bad(sentence(&why))),
                }
                Effects::none()
            }
            Some(Ended::Broken) => Effects::toast(Toast::bad("That broke off. Try again.")),
            None => Effects::none(),
        }
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Key(key) => match self.form.key(key) {
                FormStep::Submit => self.submit(cx),
                _ => Effects::none(),
            },
            Happening::Paste(text) => {
                self.form.paste(&text);
                Effects::none()
            }
            _ => Effects::none(),
        }
    }

    fn status(&self) -> String {
        if self.making.is_waiting() { "Making the account…".to_owned() } else { String::new() }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let words = "This data directory is empty. Name account and owner.";
        let rows = self.form.height(60).min(area.height.saturating_sub(6));
        let inside = card(canvas, area, "Welcome to rolecall", words, rows);
        self.form.draw(canvas, inside, true);
    }
}
