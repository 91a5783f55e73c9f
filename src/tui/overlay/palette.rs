//! The palette: every command that works here, found by typing any part of it.

use ratatui::layout::Rect;

use super::{Overlay, list_step};
use crate::tui::command::{Command, Danger, Group, Menu};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key};
use crate::tui::fuzzy::Fuzzy;
use crate::tui::theme::Tone;
use crate::tui::toast::Toast;
use crate::tui::widget::{Canvas, Cursor, Input};

/// The palette.
#[derive(Debug)]
pub struct Palette {
    commands: Vec<Command>,
    typed: Input,
    found: Vec<usize>,
    cursor: Cursor,
}

const ROWS: u16 = 14;

impl Palette {
    /// The palette over what a menu offers; moving about is left out.
    #[must_use]
    pub fn new(menu: &Menu) -> Self {
        let commands: Vec<Command> = menu
            .commands()
            .iter()
            .filter(|command| command.group != Group::Move)
            .filter(|command| command.invocation.id != crate::tui::console::PALETTE)
            .cloned()
            .collect();
        let found = (0..commands.len()).collect();
        Self { commands, typed: Input::new(), found, cursor: Cursor::default() }
    }

    fn narrow(&mut self) {
        let texts = self.commands.iter().map(|command| {
            let name = format!("{} {}", command.title, command.invocation.id.0);
            // The role chart is found by the way to it (000-08), others by what they do.
            (name, format!("{} {}", command.also, command.doc))
        });
        self.found = Fuzzy::new(self.typed.text()).ranked_beside(texts);
        self.cursor = Cursor::default();
    }

    fn current(&self) -> Option<&Command> {
        self.found.get(self.cursor.at).and_then(|index| self.commands.get(*index))
    }

    fn run(&self) -> Effects {
        match self.current() {
            None => Effects::none(),
            Some(Command { blocked: Some(why), .. }) => Effects::of(Effect::Toast(Toast::warn(why.clone()))),
            Some(command) => Effects::of(Effect::Close).and(Effect::Invoke(command.invocation.clone())),
        }
    }
}

impl Overlay for Palette {
    fn key(&mut self, key: Key) -> Effects {
        if let Some(step) = list_step(key) {
            self.cursor.moved(step, self.found.len(), ROWS);
            return Effects::none();
        }
        match key.code {
            Code::Esc => return Effects::of(Effect::Close),
            Code::Backspace if self.typed.is_empty() => return Effects::of(Effect::Close),
            Code::Enter => return self.run(),
            _ => {
                if self.typed.key(key) {
                    self.narrow();
                }
            }
        }
        Effects::none()
    }

    fn paste(&mut self, text: &str) -> Effects {
        self.typed.paste(text);
        self.narrow();
        Effects::none()
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let whole = canvas.area();
        let width = 72.min(whole.width.saturating_sub(2));
        let height = (ROWS + 5).min(whole.height.saturating_sub(2));
        let area = Rect { x: whole.x + (whole.width - width) / 2, y: whole.y + 1, width, height };
        let inner = canvas.window(area, "What do you want to do?");
        let prompt = canvas.text(inner.x, inner.y, 2, canvas.theme().glyph("› ", "> "), Tone::Key);
        self.typed.draw(canvas, prompt, inner.y, inner.width.saturating_sub(2), true);
        canvas.rule(inner.x, inner.y + 1, inner.width);
        let list = Rect { y: inner.y + 2, height: inner.height.saturating_sub(3), ..inner };
        if self.found.is_empty() {
            canvas.text(
                list.x,
                list.y,
                list.width,
                "No command has that in its name. Backspace takes letters away.",
                Tone::Dim,
            );
        }
        canvas.scrollbar(Rect { width: list.width + 1, ..list }, self.found.len(), self.cursor.top);
        for line in 0..list.height {
            let position = self.cursor.top + usize::from(line);
            let Some(command) = self.found.get(position).and_then(|index| self.commands.get(*index)) else { break };
            self.line(canvas, Rect { y: list.y + line, height: 1, ..list }, command, position == self.cursor.at);
        }
        if let Some(command) = self.current() {
            let (text, tone) = match &command.blocked {
                Some(why) => (why.as_str(), Tone::Warn),
                None => (command.doc.as_ref(), Tone::Dim),
            };
            canvas.text(inner.x, inner.bottom().saturating_sub(1), inner.width, text, tone);
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "run"), ("Up Down", "choose"), ("Esc", "leave")]
    }
}

impl Palette {
    fn line(&self, canvas: &mut Canvas<'_>, area: Rect, command: &Command, here: bool) {
        let tone = match (here, command.blocked.is_some()) {
            (true, _) => Tone::Selected,
            (false, true) => Tone::Off,
            (false, false) => Tone::Text,
        };
        if here {
            canvas.fill(area, Tone::Selected);
        }
        let mark = match (here, command.danger) {
            (true, _) => canvas.theme().glyph("▌", ">"),
            (false, Danger::Destroys) => "!",
            (false, _) => " ",
        };
        canvas.text(area.x, area.y, 1, mark, if here { Tone::Selected } else { Tone::Bad });
        let used = canvas.text(area.x + 2, area.y, area.width.saturating_sub(2), &command.title, tone);
        let left = area.right().saturating_sub(used + 2);
        let keys = if command.blocked.is_some() { "not now".to_owned() } else { command.keys_shown() };
        let key_tone = if command.blocked.is_some() { Tone::Off } else { Tone::Key };
        canvas.text_right(used + 2, area.y, left, &keys, if here { Tone::Selected } else { key_tone });
    }
}
