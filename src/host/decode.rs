//! Bytes of a keyboard become events. The bytes are framed first (`frame`), then each whole frame
//! goes through a published parser of terminal input. That parser holds back what it does not
//! understand, so one that held something is thrown away. Replies of the terminal and sequences
//! that nobody knows are dropped; they are never typed.

use std::time::Duration;

use termina::event::{KeyCode, KeyEvent, KeyEventKind, Modifiers};

use super::frame::{Distance, Frame, Framer};
use crate::tui::event::{Code, Event, Key};

/// Decodes one console's input.
#[derive(Debug)]
pub struct Decoder {
    framer: Framer,
    frames: Vec<Frame>,
    parser: termina::Parser,
}

impl Decoder {
    /// A decoder for a terminal at this distance.
    #[must_use]
    pub fn new(distance: Distance) -> Self {
        Self { framer: Framer::new(distance), frames: Vec::new(), parser: termina::Parser::default() }
    }

    /// Takes bytes that came at `now`.
    pub fn feed(&mut self, bytes: &[u8], now: Duration, out: &mut Vec<Event>) {
        self.framer.feed(bytes, now, &mut self.frames);
        self.decode(out);
    }

    /// Ends what waited long enough, a lone Esc above all.
    pub fn elapse(&mut self, now: Duration, out: &mut Vec<Event>) {
        self.framer.elapse(now, &mut self.frames);
        self.decode(out);
    }

    /// When [`Decoder::elapse`] has something to do, if it has.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        self.framer.deadline()
    }

    fn decode(&mut self, out: &mut Vec<Event>) {
        for frame in std::mem::take(&mut self.frames) {
            match frame {
                Frame::Keys(bytes) => out.extend(self.key(&bytes).map(Event::Key)),
                Frame::Paste { bytes, .. } => {
                    let text = pasted(&bytes);
                    if !text.is_empty() {
                        out.push(Event::Paste(text));
                    }
                }
            }
        }
    }

    fn key(&mut self, bytes: &[u8]) -> Option<Key> {
        match bytes {
            // Alone at the end of their wait: the keys that sequences start with.
            [0x1B, intro @ (b'[' | b'O' | b'P' | b']' | b'X' | b'^' | b'_')] => {
                return Some(Key { alt: true, ..Key::char(char::from(*intro)) });
            }
            // Replies to questions that were never asked.
            [0x1B, b'[', b'?' | b'>' | b'=' | b'<', ..] => return None,
            _ => {}
        }
        self.parser.parse(bytes, false);
        let event = self.parser.pop();
        if event.is_none() || self.parser.pop().is_some() {
            self.parser = termina::Parser::default();
            return None;
        }
        match event {
            Some(termina::Event::Key(key)) => translate(key),
            _ => None,
        }
    }
}

/// Pasted bytes as text: line breaks of every kind become `\n`, tabs stay, other controls go.
fn pasted(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect()
}

fn translate(key: KeyEvent) -> Option<Key> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let mut ctrl = key.modifiers.contains(Modifiers::CONTROL);
    let alt = key.modifiers.intersects(Modifiers::ALT | Modifiers::META);
    let mut shift = key.modifiers.contains(Modifiers::SHIFT);
    if key.modifiers.intersects(Modifiers::SUPER | Modifiers::HYPER) {
        return None;
    }
    let code = match key.code {
        // What many terminals send for these keys.
        KeyCode::Char('h') if ctrl => {
            ctrl = false;
            Code::Backspace
        }
        KeyCode::Char('j' | 'm') if ctrl => {
            ctrl = false;
            Code::Enter
        }
        KeyCode::Char(character) if character.is_control() => return None,
        KeyCode::Char(character) => {
            shift = false;
            Code::Char(character)
        }
        KeyCode::Enter => Code::Enter,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Tab if shift => Code::BackTab,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Escape => Code::Esc,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::Insert => Code::Insert,
        KeyCode::Delete => Code::Delete,
        KeyCode::Function(number) => Code::F(number),
        _ => return None,
    };
    if code == Code::BackTab {
        shift = false;
    }
    Some(Key { code, ctrl, alt, shift })
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
