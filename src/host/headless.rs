//! A console without a terminal, for tests and for whoever wants the frames themselves: bytes in,
//! a size, frames out as text with styles. The clock stands still until it is moved, and jobs run
//! when they are told to, so that the same input gives the same frames.

use std::io;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::{Modifier, Style};

use super::console::Console;
use super::frame::Distance;
use crate::tui::App;
use crate::tui::event::Size;
use crate::tui::job::Job;

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    buffer: Buffer,
    /// Where the cursor is, if it shows.
    pub cursor: Option<(u16, u16)>,
}

impl Frame {
    fn of(buffer: &Buffer, cursor: Option<Position>) -> Self {
        Self { buffer: buffer.clone(), cursor: cursor.map(|at| (at.x, at.y)) }
    }

    /// The text, a line for each row, without spaces at the ends.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for y in self.buffer.area.top()..self.buffer.area.bottom() {
            let mut line = String::new();
            let mut skip = 0;
            for x in self.buffer.area.left()..self.buffer.area.right() {
                let Some(cell) = self.buffer.cell((x, y)) else { continue };
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                line.push_str(cell.symbol());
                skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// The styles: for each row the stretches that aren't like the row's first cell of ordinary
    /// text, as `x+length style`.
    #[must_use]
    pub fn styles(&self) -> String {
        let mut text = String::new();
        for y in self.buffer.area.top()..self.buffer.area.bottom() {
            let mut runs: Vec<(u16, u16, Style)> = Vec::new();
            for x in self.buffer.area.left()..self.buffer.area.right() {
                let Some(cell) = self.buffer.cell((x, y)) else { continue };
                match runs.last_mut() {
                    Some((_, length, style)) if *style == cell.style() => *length += 1,
                    _ => runs.push((x, 1, cell.style())),
                }
            }
            let shown: Vec<String> =
                runs.iter().map(|(x, length, style)| format!("{x}+{length} {}", show(*style))).collect();
            text.push_str(&format!("{y:>2}: {}\n", shown.join(", ")));
        }
        text
    }

    /// How many columns and rows it has.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        (self.buffer.area.width, self.buffer.area.height)
    }

    /// What stands in one cell; a wide character stands in the first of its two.
    #[must_use]
    pub fn symbol_at(&self, x: u16, y: u16) -> &str {
        self.buffer.cell((x, y)).map(ratatui::buffer::Cell::symbol).unwrap_or_default()
    }

    /// The style of one cell.
    #[must_use]
    pub fn style_at(&self, x: u16, y: u16) -> Style {
        self.buffer.cell((x, y)).map(ratatui::buffer::Cell::style).unwrap_or_default()
    }
}

fn show(style: Style) -> String {
    let colour = |colour: Option<ratatui::style::Color>| match colour {
        Some(ratatui::style::Color::Reset) | None => "-".to_owned(),
        Some(colour) => colour.to_string(),
    };
    let mut shown = format!("{}/{}", colour(style.fg), colour(style.bg));
    for (modifier, letter) in
        [(Modifier::BOLD, 'b'), (Modifier::DIM, 'd'), (Modifier::UNDERLINED, 'u'), (Modifier::REVERSED, 'r')]
    {
        if style.add_modifier.contains(modifier) {
            shown.push(letter);
        }
    }
    shown
}

/// A console without a terminal.
pub struct Headless {
    console: Console<Vec<u8>>,
    now: Duration,
    frame: Frame,
    held: Vec<Job>,
    /// Jobs wait until [`Headless::run_jobs`].
    holding: bool,
}

impl Headless {
    /// A console of this size; what it starts with is drawn before its first job runs.
    ///
    /// # Errors
    /// Never; writing to memory succeeds.
    pub fn new(app: App, size: Size) -> io::Result<Self> {
        let console = Console::new(Vec::new(), size, Distance::Local, app)?;
        let empty = Frame::of(&Buffer::empty(ratatui::layout::Rect::ZERO), None);
        let mut headless = Self { console, now: Duration::ZERO, frame: empty, held: Vec::new(), holding: true };
        headless.settle();
        headless.holding = false;
        Ok(headless)
    }

    /// Presses keys, as the bytes that a keyboard sends.
    pub fn keys(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.console.bytes(bytes.as_ref(), self.now);
        self.settle()
    }

    /// Presses Esc and waits until it counts.
    pub fn esc(&mut self) -> &mut Self {
        self.keys(b"\x1b").wait(Duration::from_millis(200))
    }

    /// Takes another size.
    pub fn resize(&mut self, width: u32, height: u32) -> &mut Self {
        self.console.resize(Size::clamped(width, height));
        self.settle()
    }

    /// Lets time pass.
    pub fn wait(&mut self, time: Duration) -> &mut Self {
        let until = self.now + time;
        while let Some(deadline) = self.console.deadline().filter(|deadline| *deadline <= until) {
            self.now = self.now.max(deadline);
            self.console.elapse(self.now);
            self.settle();
            if self.console.deadline().is_some_and(|next| next <= deadline) {
                break;
            }
        }
        self.now = until;
        self.console.elapse(self.now);
        self.settle()
    }

    /// Says that the store changed.
    pub fn changed(&mut self) -> &mut Self {
        self.console.changed();
        self.settle()
    }

    /// Holds jobs back from now on, to see what is shown meanwhile.
    pub fn hold_jobs(&mut self) -> &mut Self {
        self.holding = true;
        self
    }

    /// Runs what was held back, and everything from now on at once.
    pub fn run_jobs(&mut self) -> &mut Self {
        self.holding = false;
        self.settle()
    }

    /// Runs what was held back so far, and still holds back what follows from it.
    pub fn run_held(&mut self) -> &mut Self {
        for job in std::mem::take(&mut self.held) {
            self.console.reply(job.run());
        }
        self.settle()
    }

    /// The frame as it is now.
    #[must_use]
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The text of the frame as it is now.
    #[must_use]
    pub fn text(&self) -> String {
        self.frame.text()
    }

    /// Everything that was written since this was last asked.
    pub fn written(&mut self) -> Vec<u8> {
        std::mem::take(self.console.out_mut())
    }

    /// The console itself, for whoever asks which commands it offers.
    #[must_use]
    pub fn app(&self) -> &App {
        self.console.app()
    }

    /// Has the person left?
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.console.app().is_done()
    }

    /// Takes in what waits, one event after the other, with the jobs that each starts.
    fn settle(&mut self) -> &mut Self {
        self.draw();
        self.jobs();
        while self.console.step(self.now) {
            self.jobs();
        }
        self.draw();
        self
    }

    fn jobs(&mut self) {
        self.held.extend(self.console.take_jobs());
        if self.holding {
            return;
        }
        for job in std::mem::take(&mut self.held) {
            self.console.reply(job.run());
        }
    }

    fn draw(&mut self) {
        let mut frame = None;
        let drawn = self.console.draw_seen(|buffer, cursor| frame = Some(Frame::of(buffer, cursor)));
        if let (Ok(()), Some(frame)) = (drawn, frame) {
            self.frame = frame;
        }
    }
}
