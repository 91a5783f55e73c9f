//! The idle lock: after a while without a key the console covers everything and asks for the
//! password of whoever is signed in. What is under it stays as it is, unsaved text included, and
//! goes on hearing of changes; nothing of it shows through.

use std::time::Duration;

use ratatui::layout::{Position, Rect};

use super::App;
use crate::service::{Password, SignInError};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key};
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::theme::Tone;
use crate::tui::widget::card::card;
use crate::tui::widget::{Canvas, Input};
use crate::tui::words::sentence;

/// So long a console stays open that nobody touches.
pub(super) const IDLE: Duration = Duration::from_secs(15 * 60);

/// What lies over everything.
pub(super) struct Lock {
    /// Whose password it asks for.
    email: String,
    typed: Input,
    said: Option<String>,
    /// What a try came to, and for how many seconds no further one is answered.
    trying: Slot<(Result<(), SignInError>, Option<u64>)>,
    /// The key that was pressed once and does something at the second time.
    sure: Option<Key>,
}

const SIGN_OUT: Key = Key::ctrl('o');
const QUIT: [Key; 2] = [Key::ctrl('c'), Key::ctrl('q')];

impl App {
    /// The same console, locked after this long without a key; never, if unset.
    #[must_use]
    pub fn idle_after(mut self, idle: Option<Duration>) -> Self {
        self.idle = idle;
        self
    }

    /// When it locks, if nobody touches a key before. A demo has no passwords to ask for.
    pub(super) fn locks_at(&self) -> Option<Duration> {
        let demo = self.viewer.demo;
        self.idle.filter(|_| self.session.is_some() && self.lock.is_none() && !demo).map(|idle| self.touched + idle)
    }

    /// Locks, if it is time.
    pub(super) fn lock_if_idle(&mut self) {
        if self.locks_at().is_some_and(|at| at <= self.now) {
            let email = self.viewer.me.as_ref().map(|me| me.email.clone()).unwrap_or_default();
            let typed = Input::secret();
            self.lock = Some(Lock { email, typed, said: None, trying: Slot::default(), sure: None });
            self.toast = None;
        }
    }

    /// A key while it is locked.
    pub(super) fn key_locked(&mut self, key: Key) -> Effects {
        let session = self.session.clone();
        let Some(lock) = &mut self.lock else { return Effects::none() };
        let was_sure = lock.sure.take() == Some(key);
        if QUIT.contains(&key) || key == SIGN_OUT {
            if was_sure {
                // Said before, and nobody is here to be asked again.
                let out = if key == SIGN_OUT { Effect::Leave } else { Effect::Quit };
                self.lock = None;
                self.do_now(out);
                return Effects::none();
            }
            let word = if key == SIGN_OUT { "sign out" } else { "quit" };
            lock.said = Some(format!("Press {key} again to {word}. What isn't saved is lost."));
            lock.sure = Some(key);
            return Effects::none();
        }
        match key.code {
            Code::Enter if !lock.typed.is_empty() && !lock.trying.is_waiting() => {
                let Some(session) = session else { return Effects::none() };
                lock.said = None;
                let password = Password::new(lock.typed.text());
                lock.typed.clear();
                return Effects::run(lock.trying.start(move |_| (session.prove(&password), session.proof_waits())));
            }
            Code::Esc => lock.typed.clear(),
            _ => {
                if lock.typed.key(key) {
                    lock.said = None;
                }
            }
        }
        Effects::none()
    }

    /// A paste while it is locked.
    pub(super) fn paste_locked(&mut self, text: &str) {
        if let Some(lock) = &mut self.lock {
            lock.typed.paste(text);
        }
    }

    /// Takes the answer to a password; says whether it was one.
    pub(super) fn reply_locked(&mut self, reply: &mut Reply) -> bool {
        let Some(lock) = &mut self.lock else { return false };
        match lock.trying.take(reply) {
            Some(Ended::With((Ok(()), _))) => {
                self.lock = None;
                self.touched = self.now;
            }
            Some(Ended::With((Err(SignInError::Wrong), wait))) => {
                let wait = wait.map(|seconds| format!(" The next try is possible in {seconds} s.")).unwrap_or_default();
                lock.said = Some(format!("The password is wrong.{wait}"));
            }
            Some(Ended::With((Err(why), _))) => lock.said = Some(sentence(&why.to_string())),
            Some(Ended::Broken) => lock.said = Some("That broke off. Try again.".to_owned()),
            None => return false,
        }
        true
    }
}

impl Lock {
    /// Draws it over the whole window.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) -> Option<Position> {
        canvas.hide_cursor();
        canvas.fill(area, Tone::Text);
        let words = "Nobody was here for a while. Type your password to go on where you were.";
        let inside = card(canvas, Rect { height: area.height - 1, ..area }, "Locked", words, 5);
        canvas.text(inside.x, inside.y, inside.width, &self.email, Tone::Dim);
        let label = canvas.text(inside.x, inside.y + 2, inside.width, "Password", Tone::Accent) + 2;
        self.typed.draw(canvas, label, inside.y + 2, inside.right().saturating_sub(label), true);
        let said = if self.trying.is_waiting() { Some("One moment…") } else { self.said.as_deref() };
        if let Some(said) = said {
            canvas.text(inside.x, inside.y + 4, inside.width, said, Tone::Warn);
        }
        canvas.cursor()
    }

    /// The keys that work, for the foot.
    pub(super) fn hints() -> [(&'static str, &'static str); 3] {
        [("Enter", "unlock"), ("Ctrl-O", "sign out"), ("Ctrl-C", "quit")]
    }
}
