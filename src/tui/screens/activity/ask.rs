//! Asking for the history: a page at a time, with little of each entry, and all of the chosen one
//! where that is shown.

use std::time::Duration;

use ratatui::layout::Rect;

use super::state::Activity;
use crate::service::ServiceError;
use crate::service::activity::{ActivityPage, ActivityQuery, Mark};
use crate::tui::effect::Effects;
use crate::tui::job::Ended;
use crate::tui::screen::Context;
use crate::tui::theme::Tone;
use crate::tui::widget::{Line, split};
use crate::tui::words::sentence;

/// Entries fetched at once: more than the tallest terminal shows.
const PAGE: usize = 80;
/// The most that are fetched anew when something changed.
const AGAIN: usize = 500;
/// Before this many rows from the end, more are fetched.
const AHEAD: usize = 30;
/// While the records are being loaded, it is asked again after this long.
const RETRY: Duration = Duration::from_millis(200);

/// What came, and whether it goes on from what was there.
pub(super) type Fetched = (bool, Result<ActivityPage, ServiceError>);
/// An entry that was asked for, as a sheet.
pub(super) type Opened = (Mark, Result<Vec<Line>, ServiceError>);

impl Activity {
    /// Starts again at the newest.
    pub(super) fn ask_anew(&mut self, cx: &Context<'_>) -> Effects {
        self.cursor = crate::tui::widget::Cursor::default();
        self.ask(cx, PAGE, None)
    }

    /// Fetches what is shown again: something happened.
    pub(super) fn ask_again(&mut self, cx: &Context<'_>) -> Effects {
        let limit = self.rows().len().clamp(PAGE, AGAIN).max(self.cursor.at + 1);
        self.ask(cx, limit, None)
    }

    /// Fetches more where the cursor comes near the end.
    pub(super) fn ask_more(&mut self, cx: &Context<'_>) -> Effects {
        let near = self.cursor.at + AHEAD >= self.rows().len();
        match self.next.filter(|_| near && !self.fetching.is_waiting()) {
            Some(next) => self.ask(cx, PAGE, Some(next)),
            None => Effects::none(),
        }
    }

    fn ask(&mut self, cx: &Context<'_>, limit: usize, before: Option<Mark>) -> Effects {
        self.retry_at = None;
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        (self.stale, self.rules) = (false, session.rules());
        let (since, until) = self.time.bounds(session.engine().now());
        let query = ActivityQuery {
            person: self.person.clone(),
            kinds: self.kinds.clone(),
            since,
            until,
            text: self.search.text().to_owned(),
            limit,
            before,
            brief: true,
        };
        Effects::run(self.fetching.start(move |cancel| (before.is_some(), session.activity(&query, cancel.flag()))))
    }

    /// Fetches the chosen entry where it is shown and isn't here.
    pub(super) fn open_current(&mut self, cx: &Context<'_>) -> Effects {
        let (_, detail) = split(Rect::new(0, 0, cx.body.width, cx.body.height), self.focus);
        let (Some(session), Some(mark), Some(_)) =
            (cx.session.cloned(), self.current().map(|entry| entry.mark), detail)
        else {
            return Effects::none();
        };
        if self.wanted == Some(mark) {
            return Effects::none();
        }
        self.wanted = Some(mark);
        let person = self.person.clone();
        Effects::run(self.opening.start(move |cancel| {
            let entry = session.activity_entry(person.as_deref(), mark, cancel.flag());
            (mark, entry.map(|entry| entry.as_ref().map_or_else(super::view::gone, super::view::sheet)))
        }))
    }

    /// An entry is here.
    pub(super) fn opened(&mut self, outcome: Ended<Opened>) {
        let (mark, lines) = match outcome {
            Ended::With((mark, Ok(lines))) => (mark, lines),
            Ended::With((mark, Err(why))) => (mark, vec![Line::Text(sentence(&why.to_string()), Tone::Dim)]),
            Ended::Broken => {
                self.wanted = None;
                return;
            }
        };
        self.shown = Some(mark);
        self.sheet.set(lines);
    }

    /// A page is here.
    pub(super) fn came(&mut self, outcome: Ended<Fetched>, cx: &Context<'_>) {
        match outcome {
            Ended::With((goes_on, Ok(page))) => {
                if !goes_on {
                    // What may be known of the chosen entry may be something else now.
                    self.wanted = None;
                }
                let here = self.current().map(|entry| entry.mark).filter(|_| self.cursor.at > 0);
                self.next = page.next;
                self.whole = page.whole || self.person.is_some();
                match &mut self.entries {
                    Some(entries) if goes_on => entries.extend(page.entries),
                    entries => *entries = Some(page.entries),
                }
                // The same entry, wherever newer ones have moved it.
                if let Some(place) = here.and_then(|mark| self.rows().iter().position(|entry| entry.mark == mark)) {
                    self.cursor.at = place;
                }
                self.trouble = None;
                self.settle(cx);
            }
            Ended::With((_, Err(ServiceError::Loading))) => self.retry_at = Some(cx.now + RETRY),
            Ended::With((_, Err(ServiceError::Cancelled))) => {}
            Ended::With((_, Err(why))) => {
                self.entries = None;
                self.trouble = Some(sentence(&why.to_string()));
            }
            Ended::Broken => self.trouble = Some("The activity could not be shown.".to_owned()),
        }
    }
}
