//! Sign in with email and password.

use std::time::Duration;

use ratatui::layout::Rect;

use crate::service::{Password as Typed, SignInError, SignedIn};
use crate::tui::command::Spec;
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Happening};
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::screen::{Context, Screen};
use crate::tui::screens::password::Password;
use crate::tui::theme::Tone;
use crate::tui::toast::Toast;
use crate::tui::widget::card::card;
use crate::tui::widget::{Canvas, Field, Form, FormStep};
use crate::tui::words::sentence;

const TOO_MANY: &str = "Too many failed tries.";

/// What came of a try, and the password that it was made with.
#[derive(Debug)]
struct Tried {
    password: Typed,
    outcome: Result<SignedIn, SignInError>,
    /// For so many seconds no further try is answered.
    wait: Option<u64>,
}

/// The screen.
#[derive(Debug)]
pub struct SignIn {
    account: String,
    demo: bool,
    form: Form,
    /// The try that is under way.
    trying: Slot<Tried>,
    /// What was said to the last try.
    said: Option<String>,
    /// The next try is answered from here on.
    wait_until: Option<Duration>,
    now: Duration,
}

impl Default for SignIn {
    fn default() -> Self {
        Self::new()
    }
}

impl SignIn {
    /// The screen, empty.
    #[must_use]
    pub fn new() -> Self {
        let form = Form::new(vec![Field::line("email", "Email"), Field::secret("password", "Password")]);
        Self {
            account: String::new(),
            demo: false,
            form,
            trying: Slot::default(),
            said: None,
            wait_until: None,
            now: Duration::ZERO,
        }
    }

    fn waits(&self) -> Option<u64> {
        let left = self.wait_until?.checked_sub(self.now).filter(|left| !left.is_zero())?;
        Some(left.as_secs() + u64::from(left.subsec_nanos() > 0))
    }

    /// Says that the email is missing, where it is.
    fn wants_email(&mut self) -> bool {
        let missing = self.form.text("email").trim().is_empty();
        if missing {
            self.form.complain("email", "Type your email address.");
        }
        missing
    }

    fn submit(&mut self, cx: &Context<'_>) -> Effects {
        self.form.forgive();
        self.wants_email();
        if self.form.text("password").is_empty() {
            self.form.complain("password", "Type your password.");
        }
        let Some(engine) = cx.engine.cloned() else { return Effects::none() };
        if self.form.has_errors() || self.trying.is_waiting() {
            return Effects::none();
        }
        if self.waits().is_some() {
            self.said = Some(TOO_MANY.to_owned());
            return Effects::none();
        }
        self.said = None;
        let email = self.form.text("email").trim().to_owned();
        let password = Typed::new(self.form.text("password"));
        Effects::run(self.trying.start(move |_| {
            let outcome = engine.sign_in(&email, &password, None);
            Tried { password, outcome, wait: engine.sign_in_waits(&email) }
        }))
    }

    fn tried(&mut self, tried: Ended<Tried>, cx: &Context<'_>) -> Effects {
        let Ended::With(Tried { password, outcome, wait }) = tried else {
            return Effects::toast(Toast::bad("That broke off. Try again."));
        };
        self.wait_until = wait.map(|seconds| cx.now + Duration::from_secs(seconds));
        match outcome {
            Ok(SignedIn { session, must_change_password: false }) => return Effects::of(Effect::Enter(session)),
            Ok(SignedIn { session, .. }) => {
                self.form.clear("password");
                return Effects::of(Effect::Show(Box::new(Password::forced(session, password))));
            }
            // It wasn't looked at: what is typed is the next try.
            Err(SignInError::Wait { .. }) => self.said = Some(TOO_MANY.to_owned()),
            Err(why) => {
                self.said = Some(sentence(&why.to_string()));
                self.form.clear("password");
                self.form.go("password");
            }
        }
        Effects::none()
    }
}

impl Screen for SignIn {
    fn crumbs(&self) -> Vec<String> {
        vec!["Sign in".to_owned()]
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        Vec::new()
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "next, sign in"), ("Tab", "next field")]
    }

    fn deadline(&self) -> Option<Duration> {
        self.waits().map(|_| self.now + Duration::from_millis(250))
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        self.account.clone_from(&cx.viewer.account);
        self.demo = cx.viewer.demo;
        self.now = cx.now;
        Effects::none()
    }

    fn reply(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        match self.trying.take(reply) {
            Some(outcome) => self.tried(outcome, cx),
            None => Effects::none(),
        }
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        self.now = cx.now;
        match happening {
            // What is typed now would be in no try.
            Happening::Key(_) | Happening::Paste(_) if self.trying.is_waiting() => Effects::none(),
            // Enter says that a field is done.
            Happening::Key(key)
                if key.code == Code::Enter
                    && self.form.current().is_some_and(|field| field.key.as_ref() == "email")
                    && self.wants_email() =>
            {
                Effects::none()
            }
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

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let words = match self.demo {
            true => "Sign in with your email and your password. This is a demo: Ctrl-P and “Sign in as” need none.",
            false => "Sign in with your email and your password.",
        };
        let rows = self.form.height(60) + 3;
        let inside = card(canvas, area, &self.account, words, rows);
        self.form.draw(canvas, inside, true);
        let below = Rect { y: inside.bottom().saturating_sub(2), height: 2, ..inside };
        if self.trying.is_waiting() {
            canvas.text(below.x, below.y, below.width, "One moment…", Tone::Dim);
        } else if let Some(said) = &self.said {
            canvas.text(below.x, below.y, below.width, said, Tone::Bad);
            let words = match (self.wait_until, self.waits()) {
                (Some(_), Some(seconds)) => format!("The next try is possible in {seconds} s."),
                (Some(_), None) => "The next try is possible now.".to_owned(),
                (None, _) => String::new(),
            };
            canvas.text(below.x, below.y + 1, below.width, &words, Tone::Warn);
        }
    }
}
