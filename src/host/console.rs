//! A console as its carrier sees it: bytes and sizes in, frames out, and the time told from
//! outside. It owns no thread and reads no clock, so a terminal, a socket and a test carry the
//! same thing.
//!
//! What comes in is queued; [`Console::step`] takes one event at a time, so that a carrier can run
//! the jobs that a key started before the next key is looked at, and typing ahead works. At most
//! one frame is drawn for all that happened since the last: the latest state wins.

use std::collections::VecDeque;
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
    decoded: Vec<Event>,
    events: VecDeque<Event>,
    stale: bool,
}

impl<W: Write> Console<W> {
    /// A console of this size at this distance.
    ///
    /// # Errors
    /// Where the first bytes can't be written.
    pub fn new(out: W, size: Size, distance: Distance, app: App) -> io::Result<Self> {
        let terminal = Terminal::new(Screen::enter(out, size)?)?;
        Ok(Self {
            terminal,
            decoder: Decoder::new(distance),
            app,
            decoded: Vec::new(),
            events: VecDeque::new(),
            stale: true,
        })
    }

    /// Takes bytes of the keyboard that came at `now`.
    pub fn bytes(&mut self, bytes: &[u8], now: Duration) {
        self.decoder.feed(bytes, now, &mut self.decoded);
        self.events.extend(self.decoded.drain(..));
    }

    /// Takes a new size.
    pub fn resize(&mut self, size: Size) {
        self.terminal.backend_mut().resize(size);
        self.events.push_back(Event::Resize(size));
    }

    /// Takes the reply of a job. It is older than any key that waits.
    pub fn reply(&mut self, reply: Reply) {
        if reply.is_heard() {
            self.events.push_front(Event::Reply(reply));
        }
    }

    /// Takes the news that the store holds a new generation; many such are one.
    pub fn changed(&mut self) {
        if !self.events.iter().any(|event| matches!(event, Event::Changed)) {
            self.events.push_back(Event::Changed);
        }
    }

    /// Does what waited for the time to pass. Call it at [`Console::deadline`].
    pub fn elapse(&mut self, now: Duration) {
        self.decoder.elapse(now, &mut self.decoded);
        self.events.extend(self.decoded.drain(..));
        if self.app.deadline().is_some_and(|deadline| deadline <= now) {
            self.events.push_back(Event::Tick);
        }
    }

    /// Takes in one of the events that wait; says whether there was one.
    pub fn step(&mut self, now: Duration) -> bool {
        let Some(event) = self.events.pop_front() else { return false };
        self.app.update(event, now);
        self.stale = true;
        true
    }

    /// Do events wait?
    #[must_use]
    pub fn is_behind(&self) -> bool {
        !self.events.is_empty()
    }

    /// Is the next event a key that would act on what the screen shows, or a text for fields that are
    /// still on their way? It may wait for the jobs of the key before it; letters of a text that is
    /// there may not.
    #[must_use]
    pub fn is_key_next(&self) -> bool {
        matches!(self.events.front(), Some(Event::Key(_) | Event::Paste(_))) && !self.app.is_typing()
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
        if self.terminal.backend().is_left() || !std::mem::take(&mut self.stale) {
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

    /// Takes the terminal again after something else had it, and draws everything anew next time.
    /// What waited for the time to pass is done before that: a console that would be covered by now is.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn come_back(&mut self, size: Size, now: Duration) -> io::Result<()> {
        self.terminal.backend_mut().enter_again()?;
        self.resize(size);
        self.elapse(now);
        self.stale = true;
        self.terminal.clear()
    }

    /// Does the person want to go back to their shell for a while? Asked once, it isn't any more.
    pub fn take_suspension(&mut self) -> bool {
        self.app.take_suspension()
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

    /// Gives the terminal back; nothing is drawn until [`Console::come_back`]. Also happens when the
    /// console is dropped.
    pub fn leave(&mut self) {
        self.terminal.backend_mut().leave();
    }
}
