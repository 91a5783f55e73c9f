//! Cuts the bytes of a keyboard into whole frames: one character, one escape sequence, one paste.
//! A frame is complete when it leaves here, so that whoever decodes it never waits and never holds
//! anything; nothing here grows beyond its cap, whatever is sent.

use std::time::Duration;

/// The longest escape sequence that is kept; longer ones are dropped whole.
pub const LONGEST_SEQUENCE: usize = 256;
/// The longest paste that is kept; the rest of a longer one is dropped.
pub const LONGEST_PASTE: usize = 64 * 1024;
/// How long a paste may stall before it is given up.
const PASTE_STALL: Duration = Duration::from_secs(10);
/// An unfinished sequence is given up after this many times the wait for a lone Esc.
const SEQUENCE_STALL: u32 = 10;
const ESC: u8 = 0x1B;
const PASTE_END: &[u8] = b"\x1b[201~";

/// How long a lone Esc is held back, because it may be the start of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// The terminal is on this machine.
    Local,
    /// There is a network between.
    Network,
}

impl Distance {
    /// The wait itself.
    #[must_use]
    pub fn wait(self) -> Duration {
        match self {
            Self::Local => Duration::from_millis(50),
            Self::Network => Duration::from_millis(150),
        }
    }
}

/// One whole thing that a keyboard sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A character, a control, a lone Esc, Alt with a character, or a control sequence.
    Keys(Vec<u8>),
    /// A bracketed paste without its brackets; `cut` if it was longer than the cap.
    Paste {
        /// What was pasted.
        bytes: Vec<u8>,
        /// The rest was dropped.
        cut: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between frames.
    Ground,
    /// In a character of several bytes; `usize` are still to come.
    Character(usize),
    /// After Esc.
    Escape,
    /// After `ESC [`.
    Control,
    /// A number of bytes belong to the sequence, whatever they are; then it ends.
    Counted(usize),
    /// In a string that ends with ST, or with BEL: a terminal's reply. Never a key.
    String,
    /// In a string, after Esc.
    StringEscape,
    /// In a control sequence that grew too long.
    Discard,
    /// In a bracketed paste.
    Paste,
}

/// The framer. Feed it bytes and the time; take frames.
#[derive(Debug)]
pub struct Framer {
    wait: Duration,
    state: State,
    held: Vec<u8>,
    cut: bool,
    last: Duration,
}

impl Framer {
    /// A framer for a terminal at this distance.
    #[must_use]
    pub fn new(distance: Distance) -> Self {
        Self { wait: distance.wait(), state: State::Ground, held: Vec::new(), cut: false, last: Duration::ZERO }
    }

    /// Takes bytes that came at `now`, on whatever clock the caller keeps.
    pub fn feed(&mut self, bytes: &[u8], now: Duration, out: &mut Vec<Frame>) {
        self.elapse(now, out);
        for byte in bytes {
            self.byte(*byte, out);
        }
        self.last = now;
    }

    /// When [`Framer::elapse`] has something to do, if it has.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        let wait = match self.state {
            State::Ground => return None,
            State::Paste => PASTE_STALL,
            State::Escape => self.wait,
            State::Control | State::Counted(_) | State::String if self.held.len() == 2 => self.wait,
            _ => self.wait * SEQUENCE_STALL,
        };
        Some(self.last + wait)
    }

    /// Ends what waited long enough: a lone Esc is the Esc key, `ESC [` alone is Alt with `[`,
    /// anything else is given up.
    pub fn elapse(&mut self, now: Duration, out: &mut Vec<Frame>) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        let typed = matches!(self.state, State::Escape)
            || (matches!(self.state, State::Control | State::Counted(_) | State::String) && self.held.len() == 2);
        if typed {
            self.emit(out);
        } else {
            self.reset();
        }
    }

    /// How many bytes are held back.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.held.len()
    }

    fn reset(&mut self) {
        self.held.clear();
        self.cut = false;
        self.state = State::Ground;
    }

    fn emit(&mut self, out: &mut Vec<Frame>) {
        out.push(Frame::Keys(std::mem::take(&mut self.held)));
        self.reset();
    }

    /// Gives up what is held and looks at the byte as if it came alone.
    fn afresh(&mut self, byte: u8, out: &mut Vec<Frame>) {
        self.reset();
        self.ground(byte, out);
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<Frame>) {
        match self.state {
            State::Ground => self.ground(byte, out),
            State::Character(left) => self.character(byte, left, out),
            State::Escape => self.escape(byte, out),
            State::Control => self.control(byte, out),
            State::Counted(left) => self.counted(byte, left, out),
            State::String => self.string(byte),
            State::StringEscape if byte == b'\\' => self.reset(),
            State::StringEscape => {
                self.afresh(ESC, out);
                self.byte(byte, out);
            }
            State::Discard => match byte {
                ESC => self.afresh(byte, out),
                0x40..=0x7E => self.reset(),
                _ => {}
            },
            State::Paste => self.paste(byte, out),
        }
    }

    fn ground(&mut self, byte: u8, out: &mut Vec<Frame>) {
        self.held.push(byte);
        match byte {
            ESC => self.state = State::Escape,
            0x00..=0x7F => self.emit(out),
            _ => match following(byte) {
                Some(left) => self.state = State::Character(left),
                None => self.reset(),
            },
        }
    }

    fn character(&mut self, byte: u8, left: usize, out: &mut Vec<Frame>) {
        if byte & 0xC0 != 0x80 {
            return self.afresh(byte, out);
        }
        self.held.push(byte);
        if left > 1 {
            self.state = State::Character(left - 1);
        } else {
            self.emit(out);
        }
    }

    fn escape(&mut self, byte: u8, out: &mut Vec<Frame>) {
        match byte {
            // Two of them: the first was the key.
            ESC => {
                self.emit(out);
                self.ground(ESC, out);
            }
            b'[' => self.introduce(byte, State::Control),
            b'O' => self.introduce(byte, State::Counted(1)),
            b'P' | b']' | b'X' | b'^' | b'_' => self.introduce(byte, State::String),
            0x00..=0x7F => {
                self.held.push(byte);
                self.emit(out);
            }
            _ => match following(byte) {
                Some(left) => self.introduce(byte, State::Character(left)),
                None => self.reset(),
            },
        }
    }

    fn introduce(&mut self, byte: u8, state: State) {
        self.held.push(byte);
        self.state = state;
    }

    fn control(&mut self, byte: u8, out: &mut Vec<Frame>) {
        let first = self.held.len() == 2;
        match byte {
            // The Linux console's function keys have one more letter, an old mouse report three bytes.
            b'[' if first => self.introduce(byte, State::Counted(1)),
            b'M' if first => self.introduce(byte, State::Counted(3)),
            0x20..=0x3F if self.held.len() >= LONGEST_SEQUENCE => self.state = State::Discard,
            0x20..=0x3F => self.held.push(byte),
            0x40..=0x7E => {
                self.held.push(byte);
                match self.held.as_slice() {
                    b"\x1b[200~" => {
                        self.held.clear();
                        self.state = State::Paste;
                    }
                    b"\x1b[201~" => self.reset(),
                    _ => self.emit(out),
                }
            }
            _ => self.afresh(byte, out),
        }
    }

    fn counted(&mut self, byte: u8, left: usize, out: &mut Vec<Frame>) {
        if byte == ESC {
            return self.afresh(byte, out);
        }
        self.held.push(byte);
        if left > 1 {
            self.state = State::Counted(left - 1);
        } else if self.held.starts_with(b"\x1b[M") {
            self.reset();
        } else {
            self.emit(out);
        }
    }

    fn string(&mut self, byte: u8) {
        match byte {
            0x07 => self.reset(),
            ESC => self.state = State::StringEscape,
            _ if self.held.len() < LONGEST_SEQUENCE => self.held.push(byte),
            _ => {}
        }
    }

    fn paste(&mut self, byte: u8, out: &mut Vec<Frame>) {
        self.held.push(byte);
        if self.held.ends_with(PASTE_END) {
            self.held.truncate(self.held.len() - PASTE_END.len());
            let cut = self.cut || self.held.len() > LONGEST_PASTE;
            self.held.truncate(LONGEST_PASTE);
            out.push(Frame::Paste { bytes: std::mem::take(&mut self.held), cut });
            self.reset();
        } else if self.held.len() >= LONGEST_PASTE + 2 * PASTE_END.len() {
            // Over the cap: keep the cap, and just enough of the end to know it when it comes.
            let excess = self.held.len() - LONGEST_PASTE - PASTE_END.len();
            self.held.drain(LONGEST_PASTE..LONGEST_PASTE + excess);
            self.cut = true;
        }
    }
}

/// How many bytes follow this one in its character; none if no character starts with it.
fn following(byte: u8) -> Option<usize> {
    match byte {
        0xC2..=0xDF => Some(1),
        0xE0..=0xEF => Some(2),
        0xF0..=0xF4 => Some(3),
        _ => None,
    }
}
