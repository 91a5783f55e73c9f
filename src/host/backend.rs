//! Drawing over any `Write`: a frame is gathered in memory and leaves as one piece, between the
//! marks of synchronized output, and only if it changes something. Size and cursor are answered
//! from what the host said, never by asking a terminal: the terminal that could be asked would be
//! the server's own.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size as Cells};

use crate::tui::event::Size;

/// Alternate screen, bracketed paste, no cursor, a clean slate.
pub const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[0m\x1b[2J";
/// The opposite, in the opposite order; ends a frame that was broken off.
pub const LEAVE: &[u8] = b"\x1b[?2026l\x1b[0m\x1b[?25h\x1b[?2004l\x1b[?1049l";
const FRAME_BEGIN: &[u8] = b"\x1b[?2026h";
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// A ratatui backend over any `Write`. Enters the alternate screen when made and leaves it when
/// dropped, so also when a panic unwinds.
#[derive(Debug)]
pub struct Screen<W: Write> {
    out: W,
    /// The frame so far.
    gathered: Vec<u8>,
    size: Size,
    cursor: Option<Position>,
    left: bool,
}

impl<W: Write> Screen<W> {
    /// A screen of this size.
    ///
    /// # Errors
    /// Where the first bytes can't be written.
    pub fn enter(mut out: W, size: Size) -> io::Result<Self> {
        // Colour is decided by each session's theme; the library's own switch is for the whole
        // process and would follow the server's environment.
        crossterm::style::force_color_output(true);
        out.write_all(ENTER)?;
        out.flush()?;
        Ok(Self { out, gathered: Vec::new(), size, cursor: None, left: false })
    }

    /// Takes the terminal again, after it was somebody else's for a while.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn enter_again(&mut self) -> io::Result<()> {
        self.leave();
        self.gathered.clear();
        self.cursor = None;
        self.out.write_all(ENTER)?;
        self.left = false;
        self.out.flush()
    }

    /// Was the terminal given back?
    #[must_use]
    pub fn is_left(&self) -> bool {
        self.left
    }

    /// Takes a new size; the next frame is drawn for it.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
    }

    /// Where the bytes go.
    pub fn out_mut(&mut self) -> &mut W {
        &mut self.out
    }

    /// What writes into the frame; its own flushes do nothing there.
    fn frame(&mut self) -> CrosstermBackend<&mut Vec<u8>> {
        CrosstermBackend::new(&mut self.gathered)
    }

    /// Gives the terminal back. Also happens when dropped; errors are of no use then.
    pub fn leave(&mut self) {
        if !self.left {
            self.left = true;
            let _ = self.out.write_all(LEAVE);
            let _ = self.out.flush();
        }
    }
}

impl<W: Write> Drop for Screen<W> {
    fn drop(&mut self) {
        self.leave();
    }
}

impl<W: Write> Backend for Screen<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        // Drawing moves the cursor: it is hidden meanwhile and placed again afterwards.
        self.hide_cursor()?;
        self.frame().draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor.take().is_some() { self.frame().hide_cursor() } else { Ok(()) }
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    /// Also shows it: a console places its cursor only to show it.
    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor == Some(position) {
            return Ok(());
        }
        self.frame().set_cursor_position(position)?;
        if self.cursor.replace(position).is_none() { self.frame().show_cursor() } else { Ok(()) }
    }

    fn clear(&mut self) -> io::Result<()> {
        self.frame().clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.frame().clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Cells> {
        Ok(Cells::new(self.size.width, self.size.height))
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Cells::new(0, 0) })
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let mut whole = Vec::with_capacity(self.gathered.len() + FRAME_BEGIN.len() + FRAME_END.len());
        whole.extend_from_slice(FRAME_BEGIN);
        whole.append(&mut self.gathered);
        whole.extend_from_slice(FRAME_END);
        self.out.write_all(&whole)?;
        self.out.flush()
    }
}
