//! What the list of what happened knows, and how that changes.

use std::collections::BTreeSet;
use std::time::Duration;

use ratatui::layout::Rect;

use super::ask::{Fetched, Opened};
use super::commands::{CLEAR, COMMANDS, FILTER, SEARCH};
use super::narrow::Time;
use crate::service::ServiceError;
use crate::service::activity::{ActivityEntry, Kind, Mark};
use crate::service::users::UserRow;
use crate::tui::command::{Id, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Happening, Key};
use crate::tui::job::{Reply, Slot};
use crate::tui::moves;
use crate::tui::screen::{Context, Screen};
use crate::tui::widget::{Canvas, Cursor, Focus, Search, SearchStep, Sheet, Table, split};

/// The screen.
#[derive(Debug, Default)]
pub struct Activity {
    pub(super) entries: Option<Vec<ActivityEntry>>,
    /// Where it goes on.
    pub(super) next: Option<Mark>,
    /// Others' doings are there to see.
    pub(super) whole: bool,
    pub(super) trouble: Option<String>,
    pub(super) cursor: Cursor,
    pub(super) focus: Focus,
    pub(super) sheet: Sheet,
    pub(super) search: Search,
    /// What this person did, by email.
    pub(super) person: Option<String>,
    pub(super) kinds: BTreeSet<Kind>,
    pub(super) time: Time,
    pub(super) retry_at: Option<Duration>,
    /// Something happened while a page was on its way, and under which rules that was asked for.
    pub(super) stale: bool,
    pub(super) rules: u64,
    /// The entry on the sheet, and the one that is there or on its way.
    pub(super) shown: Option<Mark>,
    pub(super) wanted: Option<Mark>,
    pub(super) fetching: Slot<Fetched>,
    pub(super) opening: Slot<Opened>,
    pub(super) choosing: Slot<Result<Vec<UserRow>, ServiceError>>,
}

impl Activity {
    /// The screen, narrowed to what a person did if one is named.
    #[must_use]
    pub fn new(person: Option<&str>) -> Self {
        Self { person: person.map(str::to_owned), ..Self::default() }
    }

    /// The entries that are here.
    pub(super) fn rows(&self) -> &[ActivityEntry] {
        self.entries.as_deref().unwrap_or_default()
    }

    /// The entry that the cursor is on.
    pub(super) fn current(&self) -> Option<&ActivityEntry> {
        self.rows().get(self.cursor.at)
    }

    /// Is anything left out?
    pub(super) fn is_narrowed(&self) -> bool {
        !self.search.text().is_empty() || self.person.is_some() || !self.kinds.is_empty() || self.time != Time::Any
    }

    fn rows_in_view(cx: &Context<'_>) -> u16 {
        Table::rows(cx.body.height.saturating_sub(1))
    }

    /// Brings the cursor to what is here now.
    pub(super) fn settle(&mut self, cx: &Context<'_>) {
        self.cursor.settle(self.rows().len(), Self::rows_in_view(cx));
    }

    fn moved(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        let area = Rect::new(0, 0, cx.body.width, cx.body.height);
        if let (Focus::Detail, (_, Some(detail))) = (self.focus, split(area, self.focus)) {
            self.sheet.moved(id, detail);
            return Effects::none();
        }
        let length = self.rows().len();
        self.cursor.moved(id, length, Self::rows_in_view(cx));
        self.settle(cx);
        self.ask_more(cx).then(self.open_current(cx))
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        match id {
            SEARCH => {
                self.focus = Focus::List;
                self.search.open();
                Effects::none()
            }
            FILTER => self.pick_filter(),
            CLEAR => self.clear(cx),
            moves::OPEN => {
                self.focus = Focus::Detail;
                self.open_current(cx)
            }
            moves::NEXT_PANE => {
                self.focus = if self.focus == Focus::List { Focus::Detail } else { Focus::List };
                self.open_current(cx)
            }
            moves::BACK if self.focus == Focus::Detail => {
                self.focus = Focus::List;
                Effects::none()
            }
            moves::BACK if self.is_narrowed() => self.clear(cx),
            moves::BACK => Effects::of(Effect::Back),
            _ => self.moved(id, cx),
        }
    }

    fn clear(&mut self, cx: &Context<'_>) -> Effects {
        self.search.clear();
        self.person = None;
        self.kinds.clear();
        self.time = Time::Any;
        self.ask_anew(cx)
    }

    fn typed(&mut self, key: Key, cx: &Context<'_>) -> Effects {
        if !self.search.is_open() {
            return Effects::none();
        }
        match self.search.key(key) {
            SearchStep::Changed => self.ask_anew(cx),
            SearchStep::Stayed => Effects::none(),
            SearchStep::Unused => {
                let step = moves::in_list(key);
                step.map(|id| self.moved(id, cx)).unwrap_or_default()
            }
        }
    }
}

impl Screen for Activity {
    fn crumbs(&self) -> Vec<String> {
        let mut crumbs = vec!["Activity".to_owned()];
        if self.focus == Focus::Detail {
            crumbs.extend(self.current().map(|entry| entry.reason.clone()));
        }
        crumbs
    }

    fn tab(&self) -> Option<String> {
        Some("Activity".to_owned())
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        vec![moves::PANES, COMMANDS, moves::LIST]
    }

    fn blocked(&self, id: Id) -> Option<String> {
        match id {
            CLEAR if !self.is_narrowed() => Some("All is shown already.".to_owned()),
            moves::OPEN if self.focus == Focus::Detail => Some("It is open already.".to_owned()),
            moves::OPEN if self.current().is_none() => Some("There is nothing to open.".to_owned()),
            _ => None,
        }
    }

    fn takes_text(&self) -> bool {
        self.search.is_open()
    }

    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        Search::HINTS.to_vec()
    }

    fn deadline(&self) -> Option<Duration> {
        self.retry_at
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        self.ask_anew(cx)
    }

    fn reply(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        if let Some(outcome) = self.fetching.take(reply) {
            self.came(outcome, cx);
            let next = if std::mem::take(&mut self.stale) { self.ask_again(cx) } else { self.ask_more(cx) };
            return next.then(self.open_current(cx));
        }
        if let Some(outcome) = self.opening.take(reply) {
            self.opened(outcome);
            return Effects::none();
        }
        match self.choosing.take(reply) {
            Some(outcome) => self.people(outcome),
            None => Effects::none(),
        }
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Command(invocation) => self.command(invocation.id, cx),
            Happening::Key(key) => self.typed(key, cx),
            Happening::Paste(text) if self.search.is_open() => {
                self.search.paste(&text);
                self.ask_anew(cx)
            }
            Happening::Paste(_) => Effects::none(),
            Happening::Answer(answer) => self.answered(&answer, cx),
            // Where things happen faster than a page is read, it still gets read.
            Happening::Refresh
                if self.fetching.is_waiting() && cx.session.is_some_and(|session| session.rules() == self.rules) =>
            {
                self.stale = true;
                Effects::none()
            }
            Happening::Refresh => self.ask_again(cx),
            Happening::Tick if self.retry_at.is_some_and(|at| at <= cx.now) => self.ask_again(cx),
            Happening::Tick => {
                self.settle(cx);
                self.open_current(cx)
            }
        }
    }

    fn status(&self) -> String {
        super::view::status(self)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        super::view::draw(self, canvas, area);
    }
}
