//! What the command line asks of the terminal: a password that nobody can read over a shoulder, and
//! how wide a list may be.

use std::io::{self, BufRead as _, Write as _};

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use zeroize::Zeroizing;

const LONGEST: usize = 4096;

/// The width of the terminal that the output goes to, if it goes to one.
#[must_use]
pub fn width() -> Option<usize> {
    tcgetwinsize(io::stdout()).ok().map(|size| usize::from(size.ws_col)).filter(|width| *width > 0)
}

/// The first line of the standard input, without its end.
///
/// # Errors
/// Where there is none, or it is no text.
pub fn line_of_input() -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::with_capacity(LONGEST));
    let mut input = io::Read::take(io::stdin().lock(), LONGEST as u64);
    input.read_line(&mut line)?;
    let length = line.trim_end_matches(['\n', '\r']).len();
    line.truncate(length);
    Ok(line)
}

/// Asks for a text that isn't shown while it is typed.
///
/// # Errors
/// Where there is no terminal, or the person breaks off.
pub fn hidden(question: &str) -> io::Result<Zeroizing<String>> {
    let mut err = io::stderr();
    let typed = {
        // First, so that nothing is shown of an answer that comes at once.
        let _quiet = Quiet::enter()?;
        err.write_all(question.as_bytes())?;
        err.flush()?;
        keys()
    };
    writeln!(err)?;
    let bytes = typed?;
    let text = std::str::from_utf8(&bytes).map_err(|_| io::Error::other("what was typed isn't UTF-8 text"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Reads keys up to Enter. The terminal sends them one by one, so that breaking off is seen here
/// and the terminal is given back as it was.
fn keys() -> io::Result<Zeroizing<Vec<u8>>> {
    let mut typed = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut key = [0];
    loop {
        let length = match rustix::io::read(io::stdin(), &mut key) {
            Err(rustix::io::Errno::INTR) => continue,
            other => other?,
        };
        match (length, key) {
            (0, _) | (_, [b'\r' | b'\n']) => return Ok(typed),
            (_, [0x04]) if typed.is_empty() => return Err(io::Error::other("nothing was typed")),
            (_, [0x03]) => return Err(io::Error::new(io::ErrorKind::Interrupted, "broken off")),
            (_, [0x15]) => typed.clear(),
            (_, [0x08 | 0x7f]) => {
                // A letter may be several bytes.
                while typed.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
            }
            (_, [byte]) if typed.len() < LONGEST => typed.push(byte),
            _ => {}
        }
    }
}

/// Nothing typed is shown, for as long as this lives.
struct Quiet {
    before: Termios,
}

impl Quiet {
    fn enter() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
        quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
        quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(io::stdin(), OptionalActions::Flush, &quiet)?;
        Ok(Self { before })
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &self.before);
    }
}
