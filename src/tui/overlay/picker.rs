//! A list to choose from, one or several, narrowed by typing.

use std::collections::BTreeSet;

use ratatui::layout::Rect;

use super::{Answer, Given, Overlay, list_step};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key};
use crate::tui::fuzzy::Fuzzy;
use crate::tui::theme::Tone;
use crate::tui::toast::Toast;
use crate::tui::widget::canvas::{centred, wrap};
use crate::tui::widget::choice::takes_space;
use crate::tui::widget::{Canvas, Choice, Cursor, Input};

/// The list.
#[derive(Debug)]
pub struct Picker {
    tag: &'static str,
    title: String,
    choices: Vec<Choice>,
    /// What typing is compared with, for each of the choices; made at the first letter.
    labels: Vec<String>,
    /// So many rows tell about the chosen one.
    foot: u16,
    /// Several can be chosen: these are.
    several: Option<BTreeSet<String>>,
    /// Where none was chosen, Enter takes the one under the cursor.
    or_here: bool,
    filter: Input,
    found: Vec<usize>,
    cursor: Cursor,
}

impl Picker {
    /// A list of which one is chosen.
    #[must_use]
    pub fn one(tag: &'static str, title: &str, choices: Vec<Choice>, current: Option<&str>) -> Self {
        let at = current.and_then(|key| choices.iter().position(|choice| choice.key == key)).unwrap_or(0);
        let found = (0..choices.len()).collect();
        let mut picker = Self {
            tag,
            title: title.to_owned(),
            labels: Vec::new(),
            foot: foot(&choices),
            choices,
            several: None,
            or_here: false,
            filter: Input::new(),
            found,
            cursor: Cursor::new(at, 0),
        };
        picker.settle();
        picker
    }

    /// A list of which several are chosen; these are to begin with.
    #[must_use]
    pub fn several(tag: &'static str, title: &str, choices: Vec<Choice>, chosen: BTreeSet<String>) -> Self {
        Self { several: Some(chosen), ..Self::one(tag, title, choices, None) }
    }

    /// The same where choosing none means nothing: Enter then takes the one under the cursor. Whoever
    /// took away what was chosen to begin with means none.
    #[must_use]
    pub fn or_here(self) -> Self {
        Self { or_here: self.several.as_ref().is_some_and(BTreeSet::is_empty), ..self }
    }

    const ROWS: u16 = 14;

    fn rows(&self) -> u16 {
        u16::try_from(self.choices.len()).unwrap_or(Self::ROWS).clamp(1, Self::ROWS)
    }

    fn settle(&mut self) {
        self.cursor.settle(self.found.len(), self.rows());
    }

    fn narrow(&mut self) {
        if self.labels.len() != self.choices.len() {
            self.labels = self.choices.iter().map(Choice::found_by).collect();
        }
        self.found = Fuzzy::new(self.filter.text()).ranked(self.labels.iter());
        self.cursor = Cursor::default();
        self.settle();
    }

    fn current(&self) -> Option<&Choice> {
        self.found.get(self.cursor.at).and_then(|index| self.choices.get(*index))
    }

    /// Does a space tell the one under the cursor from another that is found? Else it chooses.
    fn takes_space(&self) -> bool {
        let found = self.found.iter().filter_map(|index| self.choices.get(*index));
        takes_space(self.filter.text(), self.current(), found)
    }

    /// Chooses the one under the cursor, or no longer.
    fn toggle(&mut self) {
        let Some((key, chosen)) = self.current().map(|choice| choice.key.clone()).zip(self.several.as_mut()) else {
            return;
        };
        if !chosen.remove(&key) {
            chosen.insert(key.clone());
        }
        // What was typed found this one; the next is looked for anew.
        if self.filter.is_empty() {
            self.cursor.moved(crate::tui::moves::DOWN, self.found.len(), self.rows());
        } else {
            self.filter.clear();
            self.narrow();
            self.cursor.at = self.choices.iter().position(|choice| choice.key == key).unwrap_or(0);
            self.settle();
        }
    }

    fn submit(&self) -> Effects {
        let keys: Vec<String> = match &self.several {
            Some(chosen) if !(self.or_here && chosen.is_empty()) => {
                self.choices.iter().filter(|c| chosen.contains(&c.key)).map(|c| c.key.clone()).collect()
            }
            _ => match self.current() {
                Some(choice) if choice.refused.is_some() => {
                    return Effects::toast(Toast::warn("This can't be chosen; why stands below the list."));
                }
                Some(choice) => vec![choice.key.clone()],
                None => return Effects::none(),
            },
        };
        Effects::of(Effect::Close).and(Effect::Answer(Answer::new(self.tag, Given::Chosen(keys))))
    }
}

/// The rows for what is told about a choice: as many as the longest takes, and an empty one; none where
/// nothing is told about any.
fn foot(choices: &[Choice]) -> u16 {
    let notes = choices.iter().map(|choice| &choice.note).filter(|note| !note.is_empty());
    let lines = notes.map(|note| wrap(note, 72).len()).max().map(|lines| lines.min(3));
    lines.map_or(0, |lines| 1 + u16::try_from(lines).unwrap_or(1))
}

impl Overlay for Picker {
    fn key(&mut self, key: Key) -> Effects {
        if let Some(step) = list_step(key) {
            self.cursor.moved(step, self.found.len(), self.rows());
            return Effects::none();
        }
        match key.code {
            Code::Esc if !self.filter.is_empty() => {
                self.filter.clear();
                self.narrow();
            }
            Code::Esc => return Effects::of(Effect::Close),
            Code::Enter => return self.submit(),
            Code::Tab if self.several.is_some() => self.toggle(),
            Code::Char(' ') if self.several.is_some() && (key.ctrl || !self.takes_space()) => self.toggle(),
            _ => {
                if self.filter.key(key) {
                    self.narrow();
                }
            }
        }
        Effects::none()
    }

    fn paste(&mut self, text: &str) -> Effects {
        self.filter.paste(text);
        self.narrow();
        Effects::none()
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let foot = self.foot;
        let wide = if foot > 0 { 76 } else { 62 };
        let inner = canvas.window(centred(canvas.area(), wide, self.rows() + 4 + foot), &self.title);
        if let Some(choice) = self.current() {
            let height = foot.saturating_sub(1);
            let place = Rect { y: inner.bottom().saturating_sub(height), height, ..inner };
            canvas.paragraph(place, &choice.note, Tone::Dim);
        }
        let prompt = canvas.text(inner.x, inner.y, 2, canvas.theme().glyph("› ", "> "), Tone::Key);
        self.filter.draw(canvas, prompt, inner.y, inner.width.saturating_sub(2), true);
        let area = Rect { y: inner.y + 2, height: inner.height.saturating_sub(2 + foot), ..inner };
        if self.found.is_empty() {
            canvas.text(area.x, area.y, area.width, "Nothing by that name. Esc shows all again.", Tone::Dim);
        }
        canvas.scrollbar(Rect { width: area.width + 1, ..area }, self.found.len(), self.cursor.top);
        for line in 0..area.height {
            let position = self.cursor.top + usize::from(line);
            let Some(choice) = self.found.get(position).and_then(|index| self.choices.get(*index)) else { break };
            let y = area.y + line;
            let here = position == self.cursor.at;
            let tone = if here { Tone::Selected } else { Tone::Text };
            if here {
                canvas.fill(Rect { y, height: 1, ..area }, tone);
            }
            let mark = canvas.theme().glyph(if here { "▌" } else { " " }, if here { ">" } else { " " });
            let mut x = canvas.text(area.x, y, 1, mark, if here { Tone::Selected } else { Tone::Key }) + 1;
            if let Some(chosen) = &self.several {
                let on = chosen.contains(&choice.key);
                x = canvas.text(x, y, 4, if on { "[x] " } else { "[ ] " }, tone);
            }
            // Clear of the mark of what scrolls.
            choice.draw(canvas, (x, y), area.right().saturating_sub(x + 1), here);
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        match self.several {
            Some(_) => {
                let toggle = if self.takes_space() { "Tab" } else { "Space" };
                let away = if self.filter.is_empty() { "leave" } else { "show all" };
                vec![(toggle, "choose"), ("Enter", "done"), ("Esc", away)]
            }
            None => vec![("Enter", "choose"), ("Esc", if self.filter.is_empty() { "leave" } else { "show all" })],
        }
    }
}
