//! Rows that come through a pipe. What is sent slowly is read before the store is opened, so that
//! nobody waits for whoever types or sends it; of what is long, only the start is, and the rest is
//! read while it is taken in, in bounded memory.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// So many bytes are read before the store is opened.
const FIRST: u64 = 4 << 20;
/// Bytes read at a time, and how many such pieces may wait.
const PIECE: usize = 1 << 16;
const AHEAD: usize = 16;
/// How often somebody who waits for bytes looks whether it was called off.
const OFTEN: Duration = Duration::from_millis(50);

/// The start of an input, and the input where there is more.
pub struct Piped {
    start: io::Cursor<Vec<u8>>,
    rest: Option<Box<dyn Read + Send>>,
}

impl Piped {
    /// Reads the start.
    pub fn begin(mut input: Box<dyn Read + Send>) -> io::Result<Self> {
        let mut start = Vec::new();
        let read = input.by_ref().take(FIRST).read_to_end(&mut start)?;
        let rest = (read as u64 == FIRST).then_some(input);
        Ok(Self { start: io::Cursor::new(start), rest })
    }

    /// All of it. A sender who doesn't send keeps nobody from calling it off: it ends then.
    pub fn until(self, called_off: &AtomicBool) -> io::Result<impl Read + Send> {
        let rest = self.rest.map(|rest| Rest::of(rest, called_off)).transpose()?;
        Ok(self.start.chain(Either(rest)))
    }
}

/// What is read by a thread of its own, which a sender may keep for as long as they like.
struct Rest<'a> {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: io::Cursor<Vec<u8>>,
    /// The last piece was read.
    ended: bool,
    called_off: &'a AtomicBool,
}

impl<'a> Rest<'a> {
    fn of(mut input: Box<dyn Read + Send>, called_off: &'a AtomicBool) -> io::Result<Self> {
        let (send, pieces) = sync_channel(AHEAD);
        let read = move || {
            loop {
                let mut piece = vec![0; PIECE];
                let read = match input.read(&mut piece) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read,
                };
                let last = !matches!(read, Ok(length) if length > 0);
                let sent = send.send(read.map(|length| {
                    piece.truncate(length);
                    piece
                }));
                if last || sent.is_err() {
                    break;
                }
            }
        };
        std::thread::Builder::new().name("rolecall-input".to_owned()).spawn(read)?;
        Ok(Self { pieces, piece: io::Cursor::default(), ended: false, called_off })
    }
}

impl Read for Rest<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.piece.read(into)?;
            if read > 0 || into.is_empty() || self.ended {
                return Ok(read);
            }
            match self.pieces.recv_timeout(OFTEN) {
                Ok(piece) => {
                    self.piece = io::Cursor::new(piece?);
                    self.ended = self.piece.get_ref().is_empty();
                }
                Err(RecvTimeoutError::Timeout) if !self.called_off.load(Ordering::Relaxed) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(0),
                // Whoever read broke off: what is there isn't all.
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "reading it broke off before its end"));
                }
            }
        }
    }
}

/// Something to read, or nothing.
struct Either<R>(Option<R>);

impl<R: Read> Read for Either<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.as_mut().map_or(Ok(0), |rest| rest.read(into))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_input_is_read_on_and_a_sender_who_waits_can_be_called_off() {
        let long: Vec<u8> = (0..FIRST + 100_000).map(|at| at.to_le_bytes()[0]).collect();
        let going = AtomicBool::new(false);
        let mut read = Vec::new();
        let piped = Piped::begin(Box::new(io::Cursor::new(long.clone()))).unwrap();
        piped.until(&going).unwrap().read_to_end(&mut read).unwrap();
        assert!(read == long);

        let (reader, writer) = io::pipe().unwrap();
        let sending = std::thread::spawn(move || {
            let mut writer = writer;
            io::Write::write_all(&mut writer, &long).unwrap();
            writer
        });
        let piped = Piped::begin(Box::new(reader)).unwrap();
        let called_off = AtomicBool::new(true);
        let read = piped.until(&called_off).unwrap().read_to_end(&mut Vec::new()).unwrap();
        assert!(read as u64 >= FIRST);
        drop(sending.join().unwrap());
    }

    #[test]
    fn an_input_whose_reading_breaks_off_does_not_look_whole() {
        struct Breaks;
        impl Read for Breaks {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                panic!("on purpose");
            }
        }
        let going = AtomicBool::new(false);
        let piped = Piped::begin(Box::new(io::repeat(b'x').take(FIRST).chain(Breaks))).unwrap();
        let mut read = Vec::new();
        let ended = piped.until(&going).unwrap().read_to_end(&mut read);
        assert_eq!((read.len() as u64, ended.unwrap_err().kind()), (FIRST, io::ErrorKind::UnexpectedEof));
    }
}
