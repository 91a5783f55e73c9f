//! One line that stages many cells; what is wrong with it is shown at its place.

use super::paint;
use crate::service::matrix::{Board, LineError, Outcome};
use ratatui::layout::Rect;

use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key};
use crate::tui::overlay::{Answer, Given, Overlay};
use crate::tui::theme::Tone;
use crate::tui::widget::canvas::{centred, wrap};
use crate::tui::widget::{Canvas, Input};
use crate::tui::words::{count, sentence};

const WIDTH: u16 = 76;

/// The overlay.
pub(super) struct SetLine {
    tag: &'static str,
    board: Board,
    input: Input,
    error: Option<LineError>,
    /// What Enter would stage, once the line can be read.
    outcome: Option<Outcome>,
}

impl SetLine {
    /// An empty line, or the last one again.
    pub(super) fn new(tag: &'static str, board: Board, last: &str) -> Self {
        let mut input = Input::new();
        input.set(last);
        let mut line = Self { tag, board, input, error: None, outcome: None };
        line.look();
        line
    }

    fn changed(&mut self) -> Effects {
        self.error = None;
        self.look();
        Effects::none()
    }

    /// Tries the line on a board of its own: what counts is what would be staged.
    fn look(&mut self) {
        let wishes = self.board.matrix().read_line(self.input.text());
        self.outcome = wishes.ok().map(|wishes| self.board.clone().stage_line(&wishes));
    }

    fn enter(&mut self) -> Effects {
        if let Err(error) = self.board.matrix().read_line(self.input.text()) {
            self.error = Some(error);
            return Effects::none();
        }
        // Where nothing would come of it, why stands below the line, which stays to be mended.
        if self.outcome.as_ref().is_none_or(|outcome| outcome.changed == 0) {
            return Effects::none();
        }
        let value = Given::Filled(vec![("line".into(), self.input.text().to_owned())]);
        Effects::of(Effect::Close).and(Effect::Answer(Answer::new(self.tag, value)))
    }
}

impl Overlay for SetLine {
    fn key(&mut self, key: Key) -> Effects {
        match key.code {
            Code::Esc if !self.input.is_empty() => {
                self.input.clear();
                self.changed()
            }
            Code::Esc => Effects::of(Effect::Close),
            Code::Enter => self.enter(),
            _ => {
                if self.input.key(key) {
                    return self.changed();
                }
                Effects::none()
            }
        }
    }

    fn paste(&mut self, text: &str) -> Effects {
        self.input.paste(text);
        self.changed()
    }

    fn stays(&self) -> bool {
        !self.input.is_empty()
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let inner = canvas.window(centred(canvas.area(), WIDTH, 9), "Set by a line");
        self.input.draw(canvas, inner.x, inner.y, inner.width, true);
        let y = inner.y + 1;
        if let Some(error) = &self.error {
            let place = u16::try_from(error.place.start).unwrap_or(u16::MAX);
            let long = u16::try_from(error.place.len().max(1)).unwrap_or(1);
            // Where the line is longer than the window, the words alone say it.
            if place < inner.width {
                let carets = "^".repeat(usize::from(long.min(inner.width - place)));
                canvas.text(inner.x + place, y, inner.width - place, &carets, Tone::Bad);
            }
            for (y, line) in (y + 1..inner.bottom()).zip(wrap(&sentence(&error.text), inner.width)) {
                canvas.text(inner.x, y, inner.width, &line, Tone::Bad);
            }
            return;
        }
        match &self.outcome {
            Some(outcome) => {
                let left = paint::left(outcome).map(|left| format!(" {left}.")).unwrap_or_default();
                let (text, tone) = match outcome.changed {
                    0 => (format!("Nothing to stage. {}{left}", paint::why(outcome, 1)), Tone::Warn),
                    cells => {
                        let cells = count(cells as u64, "cell", "cells");
                        (format!("Enter stages {cells}; nothing is saved yet.{left}"), Tone::Good)
                    }
                };
                let below = Rect { y: y + 1, height: inner.bottom().saturating_sub(y + 1), ..inner };
                canvas.paragraph(below, &text, tone);
            }
            None => {
                let lines = [
                    "set role=Sales* perm=contacts.* edit=own",
                    "set role=\"Vet Tech\",Vet perm=contacts.export,*.vcard to=request",
                    "set role=* perm=contacts/Notes to=view",
                    "role= perm= take names with * and ?; view= edit= delete= a scope;",
                    "to= takes yes no request, a scope, or hidden view edit.",
                ];
                for (y, line) in (y + 1..inner.bottom()).zip(lines) {
                    canvas.text(inner.x, y, inner.width, line, Tone::Dim);
                }
            }
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "stage"), ("Esc", if self.input.is_empty() { "leave" } else { "clear" })]
    }
}
