//! The help: every key that works here, with what it does.

use super::Overlay;
use crate::tui::command::{Command, Group, Menu};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key};
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;
use crate::tui::widget::canvas::centred;

/// The help overlay.
#[derive(Debug)]
pub struct Help {
    lines: Vec<Line>,
    top: usize,
}

#[derive(Debug)]
enum Line {
    Heading(&'static str),
    Command(Box<Command>),
    Blank,
}

impl Help {
    /// The help over what a menu offers.
    #[must_use]
    pub fn new(menu: &Menu) -> Self {
        let mut lines = Vec::new();
        for (group, heading) in [
            (Group::Screen, "On this screen"),
            (Group::Move, "Moving about"),
            (Group::Go, "Other screens"),
            (Group::Console, "The console"),
        ] {
            let commands: Vec<&Command> = menu.commands().iter().filter(|command| command.group == group).collect();
            if commands.is_empty() {
                continue;
            }
            if !lines.is_empty() {
                lines.push(Line::Blank);
            }
            lines.push(Line::Heading(heading));
            lines.extend(commands.into_iter().cloned().map(|command| Line::Command(Box::new(command))));
        }
        Self { lines, top: 0 }
    }
}

impl Overlay for Help {
    fn key(&mut self, key: Key) -> Effects {
        let last = self.lines.len().saturating_sub(8);
        self.top = match key.code {
            Code::Up | Code::Char('k') => self.top.saturating_sub(1),
            Code::Down | Code::Char('j') => (self.top + 1).min(last),
            Code::PageUp => self.top.saturating_sub(15),
            Code::PageDown | Code::Char(' ') => (self.top + 15).min(last),
            Code::Home | Code::Char('g') => 0,
            Code::End | Code::Char('G') => last,
            Code::Esc | Code::Char('q' | '?') | Code::Enter => return Effects::of(Effect::Close),
            _ => self.top,
        };
        Effects::none()
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let whole = canvas.area();
        let height = u16::try_from(self.lines.len() + 2).unwrap_or(u16::MAX).min(whole.height.saturating_sub(2));
        let inner = canvas.window(centred(whole, 76, height), "Keys and commands");
        for (row, line) in (0..inner.height).zip(self.lines.iter().skip(self.top)) {
            let y = inner.y + row;
            match line {
                Line::Blank => {}
                Line::Heading(heading) => {
                    canvas.text(inner.x, y, inner.width, heading, Tone::Title);
                }
                Line::Command(command) => {
                    let keys = if command.keys.is_empty() { ":".to_owned() } else { command.keys_shown() };
                    canvas.text(inner.x + 1, y, 14, &keys, Tone::Key);
                    canvas.text(inner.x + 16, y, 20, &command.title, Tone::Text);
                    let (doc, tone) = match &command.blocked {
                        Some(why) => (why.as_str(), Tone::Warn),
                        None => (command.doc.as_ref(), Tone::Dim),
                    };
                    canvas.text(inner.x + 37, y, inner.width.saturating_sub(37), doc, tone);
                }
            }
        }
        let shown = self.top + usize::from(inner.height);
        if shown < self.lines.len() {
            let more = canvas.theme().glyph(" ↓ more ", " v more ");
            let y = inner.bottom();
            canvas.text_right(inner.x, y, inner.width, more, Tone::Key);
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Up Down", "scroll"), ("Esc", "close")]
    }
}
