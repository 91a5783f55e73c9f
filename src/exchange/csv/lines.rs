//! Input with one kind of line end, so that lines can be counted: `\r\n` becomes `\n`, and the last
//! line gets an end if it has none. On the way it follows the quotes, because whoever reads the rows
//! can't tell a quote that was never closed from a very long cell; and it counts how long a row is,
//! because they hold all of it.

use std::io::{BufRead as _, BufReader, Error, Read, Result};

/// So many bytes are read at a time.
const BUFFER: usize = 64 << 10;

const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// The longest row, in bytes.
const LONGEST: u64 = 16 << 20;
/// The longest first row: each of its cells is a column, which takes more room than a cell.
const LONGEST_FIRST: u64 = 1 << 20;

/// Where in a cell the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    Plain,
    Quoted,
    /// A quote within quotes: the end of them, or the first of two that mean one.
    MaybeOver,
}

/// A row that is longer than rows may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// How many MiB it may have.
    pub mebibytes: u64,
    /// The line on which a quote opens in it that isn't closed as far as it was read.
    pub quote: Option<u64>,
}

/// What is known of the quotes so far, and of the row that is read.
struct Quotes {
    at: At,
    /// The line on which the row begins.
    began: u64,
    /// How many bytes of the row have gone by, and how many may.
    row: u64,
    most: u64,
    /// The line now read, from 1.
    line: u64,
    /// The line on which the last quote opened.
    opened: u64,
    /// How much of a mark of the encoding, which belongs to no cell, has gone by.
    mark: usize,
}

impl Quotes {
    fn pass(&mut self, byte: u8) {
        if BOM.get(self.mark) == Some(&byte) {
            self.mark += 1;
            return;
        }
        self.mark = BOM.len();
        self.at = match (self.at, byte) {
            (At::Quoted, b'"') => At::MaybeOver,
            (At::Quoted, _) | (At::MaybeOver, b'"') => At::Quoted,
            (_, b',' | b'\r' | b'\n') => At::Start,
            (At::Start, b'"') => {
                self.opened = self.line;
                At::Quoted
            }
            _ => At::Plain,
        };
        self.line += u64::from(byte == b'\n');
        self.row += 1;
        if self.at != At::Quoted && matches!(byte, b'\r' | b'\n') {
            // An empty line is no row.
            if self.row > 1 {
                self.most = LONGEST;
            }
            (self.began, self.row) = (self.line, 0);
        }
    }

    fn too_long(&self) -> Option<TooLong> {
        let quote = (self.at == At::Quoted).then_some(self.opened);
        (self.row > self.most).then_some(TooLong { line: self.began, mebibytes: self.most >> 20, quote })
    }
}

impl Quotes {
    /// Passes bytes that hold no quote.
    fn pass_plain(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        // What came before matters to the first byte, a mark of the encoding to the first three, and the
        // first row is another than those after it.
        while self.mark < BOM.len() || self.at == At::MaybeOver || self.most == LONGEST_FIRST {
            let Some((first, after)) = rest.split_first() else { return };
            self.pass(*first);
            rest = after;
        }
        let Some(last) = rest.last() else { return };
        self.line += memchr::memchr_iter(b'\n', rest).count() as u64;
        self.row += rest.len() as u64;
        if self.at != At::Quoted {
            self.at = if matches!(last, b',' | b'\r' | b'\n') { At::Start } else { At::Plain };
            if let Some(end) = memchr::memrchr(b'\n', rest) {
                (self.began, self.row) = (self.line, (rest.len() - 1 - end) as u64);
            }
        }
    }
}

/// See the module.
pub struct Lines<R> {
    input: BufReader<R>,
    /// A `\r` was read, and what follows isn't known yet.
    held: bool,
    last: u8,
    ended: bool,
    quotes: Quotes,
}

impl<R: Read> Lines<R> {
    /// Of this input.
    pub fn new(input: R) -> Self {
        let quotes = Quotes { at: At::Start, began: 1, row: 0, most: LONGEST_FIRST, line: 1, opened: 1, mark: 0 };
        Self { input: BufReader::with_capacity(BUFFER, input), held: false, last: b'\n', ended: false, quotes }
    }

    /// The line on which a quote opens that the end of the input leaves open. Known only once the
    /// end is reached, which is while the row with that quote is read, and no sooner.
    pub fn unclosed(&self) -> Option<u64> {
        (self.ended && self.quotes.at == At::Quoted).then_some(self.quotes.opened)
    }

    /// The row that is read, if it is longer than rows may be: nothing more is read then.
    pub fn too_long(&self) -> Option<TooLong> {
        self.quotes.too_long()
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        if self.too_long().is_some() {
            return Err(Error::other("a row is too long"));
        }
        let mut written = 0;
        // Two bytes may come of one: a `\r` held back, and what follows it.
        while written + 2 <= out.len() && !self.ended {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() {
                self.ended = true;
                let tail: &[u8] = match (self.held, self.last) {
                    (true, _) => b"\r\n",
                    (false, b'\n') => b"",
                    _ => b"\n",
                };
                for (slot, byte) in out.iter_mut().skip(written).zip(tail) {
                    *slot = *byte;
                    written += 1;
                }
                break;
            }
            let mut taken = 0;
            while let Some(byte) = bytes.get(taken).filter(|_| written + 2 <= out.len()) {
                // What stands before it is handed over first.
                if self.quotes.too_long().is_some() {
                    break;
                }
                let rest = bytes.get(taken..).unwrap_or_default();
                // Most bytes are neither a quote nor a line's end of two: they go as they are, unless the row
                // might become too long in their midst.
                let by_one = self.held || self.quotes.row + rest.len() as u64 > self.quotes.most;
                let plain = if by_one { 0 } else { memchr::memchr2(b'"', b'\r', rest).unwrap_or(rest.len()) };
                let (plain, _) = rest.split_at(plain.min(out.len() - written));
                if let (Some(last), Some(room)) = (plain.last(), out.get_mut(written..written + plain.len())) {
                    room.copy_from_slice(plain);
                    self.quotes.pass_plain(plain);
                    self.last = *last;
                    written += plain.len();
                    taken += plain.len();
                    continue;
                }
                taken += 1;
                let mut put = |byte: u8| {
                    self.quotes.pass(byte);
                    if let Some(slot) = out.get_mut(written) {
                        *slot = byte;
                        written += 1;
                    }
                };
                if self.held && *byte != b'\n' {
                    put(b'\r');
                }
                self.held = *byte == b'\r';
                if !self.held {
                    put(*byte);
                }
                self.last = *byte;
            }
            self.input.consume(taken);
            if written > 0 {
                break;
            }
        }
        Ok(written)
    }
}
