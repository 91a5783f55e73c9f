//! A console as its carrier sees it: bytes and sizes in, frames out, and the time told from
//! outside. It owns no thread and reads no clock, so a terminal, a socket and a test carry the
//! same thing. At most one frame is drawn for all that came since the last: the latest state wins.

use std::io::{self, Write};
use std::time::Duration;

use ratatui::Terminal;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use super::backend::Screen;
use super::decode::Decoder;
use super::frame::Distance;
use crate::tui::App;
use crate::tui::event::{Event, Size};
use crate::tui::job::{Job, Reply};

/// A console over any `Write`.
pub struct Console<W: Write> {
    terminal: Terminal<Screen<W>>,
    decoder: Decoder,
    app: App,
    events: Vec<Event>,
    stale: bool,
}

impl<W: Write> Console<W> {
    /// A console of this size at this distance.
    ///
    /// # Errors
    /// Where the first bytes can't be written.
    pub fn new(out: W, size: Size, distance: Distance, app: App) -> io::Result<Self> {
        let terminal = Terminal::new(Screen::enter(out, size)?)?;
        Ok(Self { terminal, decoder: Decoder::new(distance), app, events: Vec::new(), stale: true })
    }

    /// Takes bytes of the keyboard that came at `now`.
    pub fn bytes(&mut self, bytes: &[u8], now: Duration) {
        self.decoder.feed(bytes, now, &mut self.events);
        self.tell(now);
    }

    /// Takes a new size.
    pub fn resize(&mut self, size: Size, now: Duration) {
        self.terminal.backend_mut().resize(size);
        self.events.push(Event::Resize(size));
        self.tell(now);
    }

    /// Takes the reply of a job.
    pub fn reply(&mut self, reply: Reply, now: Duration) {
        self.events.push(Event::Reply(reply));
        self.tell(now);
    }

    /// Takes the news that the store holds a new generation.
    pub fn changed(&mut self, now: Duration) {
        self.events.push(Event::Changed);
        self.tell(now);
    }

    /// Takes an event as it is, decoded elsewhere.
    pub fn event(&mut self, event: Event, now: Duration) {
        self.events.push(event);
        self.tell(now);
    }

    /// Does what waited for the time to pass. Call it at [`Console::deadline`].
    pub fn elapse(&mut self, now: Duration) {
        self.decoder.elapse(now, &mut self.events);
        if self.app.deadline().is_some_and(|deadline| deadline <= now) {
            self.events.push(Event::Tick);
        }
        self.tell(now);
    }

    /// When [`Console::elapse`] has something to do, if it has.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        [self.decoder.deadline(), self.app.deadline()].into_iter().flatten().min()
    }

    /// The jobs to run beside the console.
    #[must_use]
    pub fn take_jobs(&mut self) -> Vec<Job> {
        self.app.take_jobs()
    }

    /// Draws, if anything happened since the last frame.
    ///
    /// # Errors
    /// Where the frame can't be written: the terminal is gone.
    pub fn draw(&mut self) -> io::Result<()> {
        self.draw_seen(|_, _| {})
    }

    /// The same, and shows the frame to somebody.
    ///
    /// # Errors
    /// As [`Console::draw`].
    pub fn draw_seen(&mut self, seen: impl FnOnce(&Buffer, Option<Position>)) -> io::Result<()> {
        if !std::mem::take(&mut self.stale) {
            return Ok(());
        }
        let app = &self.app;
        let mut cursor = None;
        let frame = self.terminal.draw(|frame| {
            cursor = app.draw(frame.buffer_mut());
            if let Some(cursor) = cursor {
                frame.set_cursor_position(cursor);
            }
        })?;
        seen(frame.buffer, cursor);
        Ok(())
    }

    /// Draws everything anew next time: something else wrote on the terminal.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn repaint(&mut self) -> io::Result<()> {
        self.stale = true;
        self.terminal.clear()
    }

    /// What the person sees.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Where the bytes go.
    pub fn out_mut(&mut self) -> &mut W {
        self.terminal.backend_mut().out_mut()
    }

    /// Gives the terminal back. Also happens when the console is dropped.
    pub fn leave(&mut self) {
        self.terminal.backend_mut().leave();
    }

    fn tell(&mut self, now: Duration) {
        for event in std::mem::take(&mut self.events) {
            self.app.update(event, now);
            self.stale = true;
        }
    }
}
