//! What reaches a console: keys, pasted text, a new size, the passing of time, news from the
//! store, and the replies of jobs. How bytes become keys is `host`'s business.

use std::fmt;

use super::job::Reply;
use super::overlay::Answer;

/// A key without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the key of that name")]
pub enum Code {
    /// A character, as it was typed: capitals are capitals.
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    /// F1 and up.
    F(u8),
}

/// A key as it was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The key itself.
    pub code: Code,
    /// Control was held.
    pub ctrl: bool,
    /// Alt was held, or Esc came just before.
    pub alt: bool,
    /// Shift was held, where the character doesn't say so already.
    pub shift: bool,
}

impl Key {
    /// A key alone.
    #[must_use]
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// A character alone.
    #[must_use]
    pub const fn char(character: char) -> Self {
        Self::plain(Code::Char(character))
    }

    /// A character with Control.
    #[must_use]
    pub const fn ctrl(character: char) -> Self {
        Self { code: Code::Char(character), ctrl: true, alt: false, shift: false }
    }

    /// The text that this key types, if it types any.
    #[must_use]
    pub fn text(self) -> Option<char> {
        match self.code {
            Code::Char(character) if !self.ctrl && !self.alt => Some(character),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        if self.shift && self.code != Code::BackTab {
            f.write_str("Shift-")?;
        }
        match self.code {
            Code::Char(' ') => f.write_str("Space"),
            Code::Char(character) if self.ctrl => write!(f, "{}", character.to_ascii_uppercase()),
            Code::Char(character) => write!(f, "{character}"),
            Code::BackTab => f.write_str("Shift-Tab"),
            Code::Delete => f.write_str("Del"),
            Code::Insert => f.write_str("Ins"),
            Code::PageUp => f.write_str("PgUp"),
            Code::PageDown => f.write_str("PgDn"),
            Code::F(number) => write!(f, "F{number}"),
            code => write!(f, "{code:?}"),
        }
    }
}

/// A console's size in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Size {
    /// The smallest size at which everything works.
    pub const FULL: Self = Self { width: 80, height: 24 };

    /// A size that can be drawn and held in memory, whatever a client claims.
    #[must_use]
    pub fn clamped(width: u32, height: u32) -> Self {
        let fit = |value: u32, low: u16, high: u16| {
            u16::try_from(value.clamp(u32::from(low), u32::from(high))).unwrap_or(high)
        };
        Self { width: fit(width, 20, 500), height: fit(height, 5, 200) }
    }
}

/// What a console is told.
#[derive(Debug)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted: line breaks are `\n`, other controls are gone.
    Paste(String),
    /// The console has this size now.
    Resize(Size),
    /// Time passed, and something asked to be woken at about this time.
    Tick,
    /// The store holds a new generation.
    Changed,
    /// A job ended.
    Reply(Reply),
}

/// What a screen is told: what a console is told, once keys have become commands.
#[derive(Debug)]
pub enum Happening {
    /// A command of the registry, by a key, the palette or the bar.
    Command(super::command::Invocation),
    /// A key while the screen takes text, or one that no command has.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// An overlay that the screen opened was answered.
    Answer(Answer),
    /// The store holds a new generation, or the screen is shown again: look at the data anew.
    Refresh,
    /// Time passed.
    Tick,
}
