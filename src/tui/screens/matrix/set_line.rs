//! One line that stages many cells; what is wrong with it is shown at its place.

use std::sync::Arc;

use crate::service::matrix::{LineError, Matrix};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Code, Key};
use crate::tui::overlay::{Answer, Given, Overlay};
use crate::tui::theme::Tone;
use crate::tui::widget::canvas::{centred, wrap};
use crate::tui::widget::{Canvas, Input};
use crate::tui::words::count;

const WIDTH: u16 = 76;

/// The overlay.
pub(super) struct SetLine {
    tag: &'static str,
    matrix: Arc<Matrix>,
    input: Input,
    error: Option<LineError>,
}

impl SetLine {
    /// An empty line, or the last one again.
    pub(super) fn new(tag: &'static str, matrix: Arc<Matrix>, last: &str) -> Self {
        let mut input = Input::new();
        input.set(last);
        Self { tag, matrix, input, error: None }
    }

    fn changed(&mut self) -> Effects {
        self.error = None;
        Effects::none()
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
            Code::Enter => match self.matrix.read_line(self.input.text()) {
                Ok(_) => {
                    let value = Given::Filled(vec![("line".into(), self.input.text().to_owned())]);
                    Effects::of(Effect::Close).and(Effect::Answer(Answer { tag: self.tag, value }))
                }
                Err(error) => {
                    self.error = Some(error);
                    Effects::none()
                }
            },
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
            for (y, line) in (y + 1..inner.bottom()).zip(wrap(&error.text, inner.width)) {
                canvas.text(inner.x, y, inner.width, &line, Tone::Bad);
            }
            return;
        }
        match self.matrix.read_line(self.input.text()) {
            Ok(wishes) => {
                let (cells, roles) = wishes.size();
                let text = format!(
                    "{} of {}. Enter stages them; nothing is saved yet.",
                    count(cells as u64, "cell", "cells"),
                    count(roles as u64, "role", "roles")
                );
                canvas.text(inner.x, y + 1, inner.width, &text, Tone::Good);
            }
            Err(_) => {
                let lines = [
                    "set role=Sales* perm=contacts.* edit=own",
                    "set role=\"Vet Tech\",Vet perm=contacts.export,*.vcard to=request",
                    "set role=* perm=contacts/Notes to=view",
                    "role= and perm= take names with * and ?; view= edit= delete= take scopes,",
                    "to= takes yes no request, a scope, or hidden view edit.",
                ];
                for (y, line) in (y + 1..inner.bottom()).zip(lines) {
                    canvas.text(inner.x, y, inner.width, line, Tone::Dim);
                }
            }
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "stage"), ("Esc", "leave")]
    }
}
