//! The help: every key that works here, with what it does.

use super::Overlay;
use crate::tui::command::{Command, Group, Menu};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key, Size};
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;
use crate::tui::widget::canvas::{centred, wrap};

/// Where the columns stand: keys, titles, explanations, and the end.
const TITLE: u16 = 18;
const DOC: u16 = 39;
const WIDTH: u16 = 78;
const MOVING: &str = "Moving about";

/// The help overlay.
#[derive(Debug)]
pub struct Help {
    lines: Vec<Line>,
    top: usize,
    /// So many lines are in view.
    rows: u16,
}

/// Around the lines.
const FRAME: u16 = 2;

#[derive(Debug, Default)]
struct Line {
    heading: &'static str,
    keys: String,
    title: String,
    doc: String,
    /// A text from the titles' column to the end.
    wide: String,
    blocked: bool,
}

impl Help {
    /// The help over what a menu offers.
    #[must_use]
    pub fn new(menu: &Menu) -> Self {
        let mut lines: Vec<Line> = Vec::new();
        for (group, heading) in [
            (Group::Screen, "On this screen"),
            (Group::Move, MOVING),
            (Group::Go, "Other screens"),
            (Group::Console, "The console"),
        ] {
            let commands: Vec<&Command> = menu.commands().iter().filter(|command| command.group == group).collect();
            if commands.is_empty() {
                continue;
            }
            if !lines.is_empty() {
                lines.push(Line::default());
            }
            lines.push(Line { heading, ..Line::default() });
            lines.extend(commands.into_iter().flat_map(command_lines));
        }
        Self { lines, top: 0, rows: Size::FULL.height - 2 * FRAME }
    }

    /// With the screen's signs after its keys.
    #[must_use]
    pub fn with_signs(mut self, signs: &[(&'static str, &'static str)]) -> Self {
        if signs.is_empty() {
            return self;
        }
        let mut lines = vec![Line { heading: "Signs", ..Line::default() }];
        for (sign, meaning) in signs {
            let mut texts = wrap(meaning, WIDTH - TITLE - 6).into_iter();
            let first = texts.next().unwrap_or_default();
            lines.push(Line { keys: (*sign).to_owned(), wide: first, ..Line::default() });
            lines.extend(texts.map(|wide| Line { wide, ..Line::default() }));
        }
        lines.push(Line::default());
        // Before everything about moving, which people know.
        let at = self.lines.iter().position(|line| line.heading == MOVING).unwrap_or(self.lines.len());
        self.lines.splice(at..at, lines);
        self
    }
}

/// A command's lines: its title or its explanation may need two.
fn command_lines(command: &Command) -> Vec<Line> {
    let keys = if command.keys.is_empty() { ":".to_owned() } else { command.keys_shown() };
    let (doc, blocked) = match &command.blocked {
        Some(why) => (why.as_str(), true),
        None => (command.doc.as_ref(), false),
    };
    let mut lines: Vec<Line> =
        wrap(doc, WIDTH - DOC - 4).into_iter().map(|doc| Line { doc, blocked, ..Line::default() }).collect();
    for (place, title) in wrap(&command.title, DOC - TITLE - 2).into_iter().enumerate() {
        match lines.get_mut(place) {
            Some(line) => line.title = title,
            None => lines.push(Line { title, ..Line::default() }),
        }
    }
    if let Some(first) = lines.first_mut() {
        first.keys = keys;
    }
    lines
}

impl Overlay for Help {
    fn sized(&mut self, size: Size) {
        self.rows = size.height.saturating_sub(2 * FRAME).max(1);
    }

    fn key(&mut self, key: Key) -> Effects {
        let last = self.lines.len().saturating_sub(usize::from(self.rows));
        let page = usize::from(self.rows.saturating_sub(1)).max(1);
        self.top = match key.code {
            Code::Up | Code::Char('k') => self.top.saturating_sub(1),
            Code::Down | Code::Char('j') => (self.top + 1).min(last),
            Code::PageUp => self.top.saturating_sub(page),
            Code::PageDown | Code::Char(' ') => (self.top + page).min(last),
            Code::Home | Code::Char('g') => 0,
            Code::End | Code::Char('G') => last,
            Code::Esc | Code::Char('q' | '?') | Code::Enter => return Effects::of(Effect::Close),
            _ => self.top,
        };
        Effects::none()
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let whole = canvas.area();
        let lines = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
        let height = lines.saturating_add(FRAME).min(whole.height.saturating_sub(FRAME));
        let inner = canvas.window(centred(whole, WIDTH, height), "Keys and commands");
        // The window may have become larger since the last key.
        let top = self.top.min(self.lines.len().saturating_sub(usize::from(inner.height)));
        for (y, line) in (inner.y..inner.bottom()).zip(self.lines.iter().skip(top)) {
            canvas.text(inner.x, y, inner.width, line.heading, Tone::Title);
            canvas.text(inner.x + 1, y, TITLE - 2, &line.keys, Tone::Key);
            canvas.text(inner.x + TITLE, y, DOC - TITLE - 1, &line.title, Tone::Text);
            canvas.text(inner.x + TITLE, y, inner.width.saturating_sub(TITLE), &line.wide, Tone::Text);
            let tone = if line.blocked { Tone::Warn } else { Tone::Dim };
            canvas.text(inner.x + DOC, y, inner.width.saturating_sub(DOC), &line.doc, tone);
        }
        if top + usize::from(inner.height) < self.lines.len() {
            let more = canvas.theme().glyph(" ↓ more ", " v more ");
            canvas.text_right(inner.x, inner.bottom(), inner.width, more, Tone::Key);
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Up Down", "scroll"), ("Esc", "close")]
    }
}
