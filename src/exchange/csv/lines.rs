//! Input with one kind of line end, so that lines can be counted: `\r\n` becomes `\n`, and the last
//! line gets an end if it has none.

use std::io::{BufRead as _, BufReader, Read, Result};

/// See the module.
pub struct Lines<R> {
    input: BufReader<R>,
    /// A `\r` was read, and what follows isn't known yet.
    held: bool,
    last: u8,
    ended: bool,
}

impl<R: Read> Lines<R> {
    /// Of this input.
    pub fn new(input: R) -> Self {
        Self { input: BufReader::new(input), held: false, last: b'\n', ended: false }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
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
            for byte in bytes {
                if written + 2 > out.len() {
                    break;
                }
                taken += 1;
                let mut put = |byte: u8| {
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
