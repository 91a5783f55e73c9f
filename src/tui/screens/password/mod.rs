//! A new password: because one wants it, or because a temporary one must be changed (R21).

use ratatui::layout::Rect;

use crate::service::{Password as Typed, ServiceError, Session};
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
pub struct Password {
    form: Form,
    /// Whose, and from which: somebody who may do nothing else before.
    forced: Option<(Session, Typed)>,
    changing: Slot<Result<(), ServiceError>>,
}

impl Password {
    /// Because one wants it.
    #[must_use]
    pub fn chosen() -> Self {
        let mut fields = vec![Field::secret("old", "Password now")];
        fields.extend(new_fields());
        Self { form: Form::new(fields), forced: None, changing: Slot::default() }
    }

    /// Because the one that they signed in with is temporary.
    #[must_use]
    pub fn forced(session: Session, temporary: Typed) -> Self {
        Self { form: Form::new(new_fields()), forced: Some((session, temporary)), changing: Slot::default() }
    }

    fn submit(&mut self, cx: &Context<'_>) -> Effects {
        self.form.forgive();
        if self.forced.is_none() && self.form.text("old").is_empty() {
            self.form.complain("old", "Type the password that you have now.");
        }
        if self.form.text("new").is_empty() {
            self.form.complain("new", "Choose a password.");
        }
        if self.form.text("new") != self.form.text("again") {
            self.form.complain("again", "The two passwords differ.");
        }
        if self.form.has_errors() || self.changing.is_waiting() {
            return Effects::none();
        }
        let (session, old) = match (&self.forced, cx.session) {
            (Some(forced), _) => forced.clone(),
            (None, Some(session)) => (session.clone(), Typed::new(self.form.text("old"))),
            (None, None) => return Effects::of(Effect::Back),
        };
        let new = Typed::new(self.form.text("new"));
        Effects::run(self.changing.start(move |_| session.change_password(&old, &new)))
    }

    fn changed(&mut self, outcome: Ended<Result<(), ServiceError>>) -> Effects {
        let done = Effect::Toast(Toast::good("Your password is changed."));
        match outcome {
            Ended::With(Ok(())) => match self.forced.take() {
                Some((session, _)) => Effects::of(Effect::Enter(session)).and(done),
                None => Effects::of(Effect::Back).and(done),
            },
            Ended::With(Err(ServiceError::Denied(why))) if self.forced.is_none() => self.refused("old", &why),
            Ended::With(Err(ServiceError::Invalid(why))) => self.refused("new", &why),
            Ended::With(Err(why)) => Effects::toast(Toast::bad(sentence(&why.to_string()))),
            Ended::Broken => Effects::toast(Toast::bad("That broke off. Try again.")),
        }
    }

    /// A refusal stands at its field; once the screen is left, it is said.
    fn refused(&mut self, key: &str, why: &str) -> Effects {
        if self.form.field(key).is_none() {
            return Effects::toast(Toast::bad(sentence(why)));
        }
        self.form.complain(key, sentence(why));
        Effects::none()
    }
}

fn new_fields() -> Vec<Field> {
    vec![
        Field::secret("new", "New password").hint("At least 12 characters; any will do."),
        Field::secret("again", "Once more"),
    ]
}

impl Screen for Password {
    fn crumbs(&self) -> Vec<String> {
        vec!["Change the password".to_owned()]
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        Vec::new()
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "next, change"), ("Tab", "next field"), ("Esc", "leave")]
    }

    fn unsaved(&self) -> Option<String> {
        self.changing.is_waiting().then(|| "Your password is being changed.".to_owned())
    }

    fn is_saving(&self) -> bool {
        self.changing.is_waiting()
    }

    fn part(&mut self) {
        self.form.fields.clear();
    }

    fn reply(&mut self, reply: &mut Reply, _cx: &Context<'_>) -> Effects {
        match self.changing.take(reply) {
            Some(outcome) => self.changed(outcome),
            None => Effects::none(),
        }
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            // It is on its way: what is typed now would be in no change, and Esc takes nothing back.
            Happening::Key(_) | Happening::Paste(_) if self.changing.is_waiting() => Effects::none(),
            Happening::Key(key) => match self.form.key(key) {
                FormStep::Submit => self.submit(cx),
                FormStep::Cancel => Effects::of(Effect::Back),
                FormStep::Stayed | FormStep::Unused => Effects::none(),
            },
            Happening::Paste(text) => {
                self.form.paste(&text);
                Effects::none()
            }
            _ => Effects::none(),
        }
    }

    fn status(&self) -> String {
        if self.changing.is_waiting() { "One moment…".to_owned() } else { String::new() }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let words = match self.forced {
            Some(_) => "Your password is a temporary one. Choose your own to go on.",
            None => "Type the one that you have, and twice the one that you want.",
        };
        let inside = card(canvas, area, "A new password", words, self.form.height(60) + 1);
        self.form.draw(canvas, inside, true);
    }
}
