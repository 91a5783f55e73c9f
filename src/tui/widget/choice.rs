//! One thing to choose, in a picker or in a field of a form.

use super::canvas::{Canvas, fit, width};
use crate::model::text::visible;
use crate::tui::theme::Tone;

/// After the word at the right of what can't be chosen: colour alone tells nothing.
const REFUSED: &str = "· not for you to give";

/// A thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its name in code.
    pub key: String,
    /// Its name on screen.
    pub label: String,
    /// A word more, at the right.
    pub detail: String,
    /// A line about it, shown while it is the chosen one (000-28).
    pub note: String,
    /// Why it can't be chosen, if it can't; it is shown all the same.
    pub refused: Option<String>,
}

impl Choice {
    /// A thing to choose.
    pub fn new(key: impl Into<String>, label: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { key: key.into(), label: label.into(), detail: detail.into(), note: String::new(), refused: None }
    }

    /// The same with a line about it.
    #[must_use]
    pub fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// The same where it can't be chosen: marked, with the reason for a note.
    #[must_use]
    pub fn refused(self, why: &str) -> Self {
        Self { note: why.to_owned(), refused: Some(why.to_owned()), ..self }
    }

    /// What typing is compared with: all that is shown of it, and the address where that is its key.
    pub(in crate::tui) fn found_by(&self) -> String {
        let address = if self.key.contains('@') { self.key.as_str() } else { "" };
        format!("{} {} {address}", self.label, self.detail)
    }

    /// Draws it in a line of so many columns. Of a long name the end is cut off, so that the word at
    /// the right stays.
    pub(in crate::tui) fn draw(&self, canvas: &mut Canvas<'_>, (x, y): (u16, u16), columns: u16, here: bool) {
        let tone = |tone: Tone| if here { Tone::Selected } else { tone };
        let said = match self.refused {
            Some(_) => format!("{} {REFUSED}", visible(&self.detail)).trim_start().to_owned(),
            None => visible(&self.detail).into_owned(),
        };
        let detail = width(&said).min(columns / 2);
        let room = if detail == 0 { columns } else { columns.saturating_sub(detail + 2) };
        let text = if self.refused.is_some() { Tone::Off } else { Tone::Text };
        canvas.text(x, y, room, &self.label, tone(text));
        canvas.text_right(x, y, columns, &fit(&said, detail, canvas.mark()), tone(Tone::Dim));
    }
}

/// Is a space a part of a name here? Where several can be chosen, a space chooses; but where what is
/// typed goes on with a space in this name and in another that is found, it tells them apart.
pub(in crate::tui) fn takes_space<'c>(
    typed: &str,
    here: Option<&Choice>,
    found: impl Iterator<Item = &'c Choice>,
) -> bool {
    let typed = crate::model::text::fold(typed);
    if typed.trim().is_empty() {
        return false;
    }
    let on = format!("{typed} ");
    let goes_on = |choice: &Choice| crate::model::text::fold(&choice.label).contains(&on);
    here.is_some_and(goes_on) && found.filter(|choice| goes_on(choice)).nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_is_typed_where_it_tells_names_apart_and_chooses_elsewhere() {
        let all = ["Account Owner", "Account Manager", "Vet", "Vet Tech"].map(|name| Choice::new(name, name, ""));
        let takes = |typed: &str, here: usize| takes_space(typed, all.get(here), all.iter());
        assert!(takes("account", 0));
        assert!(!takes("account ", 0));
        assert!(!takes("vet", 2), "one of the two goes on with a space");
        assert!(!takes("vet", 3));
        assert!(!takes("", 0));
    }
}
