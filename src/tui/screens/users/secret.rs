//! A temporary password, shown once (R21). Whoever closes it says that they have noted it: keys that
//! were meant for what was there before it don't.

use std::cell::Cell;

use crate::service::Password;
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key};
use crate::tui::overlay::Overlay;
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;
use crate::tui::widget::canvas::{centred, wrap};

/// The window that shows it.
#[derive(Debug)]
pub(super) struct Secret {
    name: String,
    password: Password,
    /// Nobody has noted what was never drawn.
    drawn: Cell<bool>,
    /// The key before, which didn't close it.
    last: Option<Key>,
}

const LEAVING: [Key; 2] = [Key::ctrl('c'), Key::ctrl('q')];
const WORDS: &str = "It is shown this once and nowhere else. Give it to them in person or by phone. \
It is good for seven days, and they choose their own at the next sign-in.";

impl Secret {
    pub(super) fn new(name: &str, password: Password) -> Self {
        Self { name: name.to_owned(), password, drawn: Cell::new(false), last: None }
    }
}

impl Overlay for Secret {
    fn key(&mut self, key: Key) -> Effects {
        if !self.drawn.get() {
            return Effects::none();
        }
        let is_sure = LEAVING.contains(&key) && self.last == Some(key);
        let noted = matches!(key.code, Code::Char('y' | 'Y')) && !key.ctrl && !key.alt;
        if noted || is_sure {
            return Effects::of(Effect::Close);
        }
        self.last = Some(key);
        Effects::none()
    }

    /// Not by accident: only at the second time.
    fn way_out(&mut self, key: Key) -> Effects {
        self.key(key)
    }

    fn stays(&self) -> bool {
        true
    }

    fn is_shown_once(&self) -> bool {
        true
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let rows = u16::try_from(wrap(WORDS, 56).len()).unwrap_or(3) + 7;
        self.drawn.set(true);
        let inner = canvas.window(centred(canvas.area(), 62, rows), "Temporary password");
        canvas.text(inner.x, inner.y, inner.width, &self.name, Tone::Title);
        canvas.text(inner.x, inner.y + 1, inner.width, self.password.reveal(), Tone::Accent);
        let below = ratatui::layout::Rect { y: inner.y + 3, height: inner.height.saturating_sub(3), ..inner };
        let y = below.y + canvas.paragraph(below, WORDS, Tone::Text) + 1;
        let said = match self.last {
            None => {
                let x = canvas.text(inner.x, y, inner.width, "y", Tone::Key);
                canvas.text(x + 1, y, inner.width, "I have noted it", Tone::Text);
                return;
            }
            Some(key) if LEAVING.contains(&key) => format!("Press y once you have noted it; {key} again leaves it."),
            Some(_) => "Press y once you have noted it.".to_owned(),
        };
        canvas.text(inner.x, y, inner.width, &said, Tone::Warn);
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("y", "I have noted it")]
    }
}
