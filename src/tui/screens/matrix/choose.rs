//! The options of a cell, each with what it means (000-28); a letter or Enter chooses.

use ratatui::layout::Rect;

use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key};
use crate::tui::overlay::{Answer, Given, Overlay};
use crate::tui::theme::Tone;
use crate::tui::widget::Canvas;
use crate::tui::widget::canvas::{centred, wrap};

const WIDTH: u16 = 74;

/// One option.
#[derive(Debug)]
pub(super) struct Item {
    /// Its name in code.
    pub(super) key: String,
    /// The letter that chooses it at once.
    pub(super) letter: char,
    /// Its words.
    pub(super) label: String,
    /// What it means.
    pub(super) meaning: String,
    /// Why it can't be chosen.
    pub(super) refused: Option<String>,
}

/// The overlay.
#[derive(Debug)]
pub(super) struct Choose {
    tag: &'static str,
    title: String,
    about: String,
    items: Vec<Item>,
    current: Option<usize>,
    at: usize,
}

impl Choose {
    /// Options to choose from; `current` is the one that holds.
    pub(super) fn new(tag: &'static str, title: &str, about: &str, items: Vec<Item>, current: Option<usize>) -> Self {
        let at = current.unwrap_or(0);
        Self { tag, title: title.to_owned(), about: about.to_owned(), items, current, at }
    }

    fn choose(&self, place: usize) -> Effects {
        match self.items.get(place) {
            Some(Item { key, refused: None, .. }) => {
                let value = Given::Chosen(vec![key.clone()]);
                Effects::of(Effect::Close).and(Effect::Answer(Answer::new(self.tag, value)))
            }
            _ => Effects::none(),
        }
    }

    /// The lines of one option.
    fn lines(item: &Item) -> Vec<(String, Tone)> {
        let meaning = wrap(&item.meaning, WIDTH - 10).into_iter().map(|line| (line, Tone::Dim));
        let refused = item.refused.iter().flat_map(|why| wrap(why, WIDTH - 10)).map(|line| (line, Tone::Warn));
        meaning.filter(|(line, _)| !line.is_empty()).chain(refused).collect()
    }
}

impl Overlay for Choose {
    fn key(&mut self, key: Key) -> Effects {
        let last = self.items.len().saturating_sub(1);
        match key.code {
            Code::Esc | Code::Char('q') => return Effects::of(Effect::Close),
            Code::Enter | Code::Char(' ') => return self.choose(self.at),
            Code::Up | Code::Char('k') => self.at = self.at.saturating_sub(1),
            Code::Down | Code::Char('j') => self.at = (self.at + 1).min(last),
            Code::Home | Code::Char('g') => self.at = 0,
            Code::End | Code::Char('G') => self.at = last,
            Code::Char(letter) => {
                if let Some(place) = self.items.iter().position(|item| item.letter == letter) {
                    self.at = place;
                    return self.choose(place);
                }
            }
            _ => {}
        }
        Effects::none()
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let about = wrap(&self.about, WIDTH - 4);
        let about: Vec<&String> = about.iter().filter(|line| !line.is_empty()).collect();
        let room = canvas.area().height.saturating_sub(4);
        let all = |item: &Item| Self::lines(item).len() + 1;
        let mut height = u16::try_from(self.items.iter().map(all).sum::<usize>()).unwrap_or(u16::MAX);
        height = height.saturating_add(u16::try_from(about.len()).unwrap_or(0) + u16::from(!about.is_empty()) + 3);
        let inner = canvas.window(centred(canvas.area(), WIDTH, height.min(room)), &self.title);
        let mut y = inner.y;
        for line in &about {
            canvas.text(inner.x, y, inner.width, line, Tone::Text);
            y += 1;
        }
        y += u16::from(!about.is_empty());
        for (place, item) in self.items.iter().enumerate() {
            let here = place == self.at;
            let tone = if here { Tone::Selected } else { Tone::Text };
            if y >= inner.bottom() {
                break;
            }
            if here {
                canvas.fill(Rect { y, height: 1, ..inner }, tone);
            }
            let mark = if here { canvas.theme().glyph("▌", ">") } else { " " };
            canvas.text(inner.x, y, 1, mark, tone);
            let letter = if item.refused.is_some() { ' ' } else { item.letter };
            canvas.text(inner.x + 2, y, 2, &letter.to_string(), if here { tone } else { Tone::Key });
            let end = canvas.text(inner.x + 5, y, inner.width.saturating_sub(6), &item.label, tone);
            if self.current == Some(place) {
                canvas.text(
                    end + 2,
                    y,
                    inner.right().saturating_sub(end + 2),
                    "as it is",
                    if here { tone } else { Tone::Dim },
                );
            }
            y += 1;
            for (line, tone) in Self::lines(item) {
                if y >= inner.bottom() {
                    break;
                }
                canvas.text(inner.x + 5, y, inner.width.saturating_sub(5), &line, tone);
                y += 1;
            }
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "choose"), ("letter", "choose at once"), ("Esc", "leave it")]
    }
}
