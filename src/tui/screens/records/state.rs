//! What a list of records knows, and how that changes.

use std::time::Duration;

use ratatui::layout::Rect;

use super::ask::Came;
use super::commands::{CLEAR, COMMANDS, FILTER, MINE, REVERSE, SEARCH, SORT};
use crate::model::RecordId;
use crate::service::ServiceError;
use crate::service::records::{FieldView, ObjectView, RecordDetail, RecordRow};
use crate::service::users::UserRow;
use crate::service::why::Question;
use crate::tui::command::{Id, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Happening, Key};
use crate::tui::job::Slot;
use crate::tui::moves;
use crate::tui::screen::{Context, Screen};
use crate::tui::widget::{Canvas, Cursor, Focus, Pages, Search, SearchStep, Sheet, split};

/// A record that was asked for, and what came.
pub(super) type Opened = (RecordId, Result<RecordDetail, ServiceError>);

/// How far loading the records is.
#[derive(Debug, Clone)]
pub(super) struct Loading {
    pub(super) done: u64,
    pub(super) total: u64,
    /// It stopped for good.
    pub(super) failed: Option<String>,
}

/// A column of the list.
pub(super) enum Column<'a> {
    /// Whose the record is.
    Owner,
    /// A field that may be viewed.
    Field(&'a FieldView),
}

/// The screen.
#[derive(Debug)]
pub struct Records {
    pub(super) object: ObjectView,
    pub(super) pages: Pages<RecordRow>,
    pub(super) cursor: Cursor,
    /// How many columns are moved out of view at the left.
    pub(super) skipped: usize,
    pub(super) search: Search,
    /// Names of columns with the value that each must have.
    pub(super) filters: Vec<(String, String)>,
    pub(super) mine: bool,
    /// By ID, if unset.
    pub(super) sort: Option<String>,
    pub(super) descending: bool,
    pub(super) focus: Focus,
    pub(super) sheet: Sheet,
    /// The record on the sheet.
    pub(super) shown: Option<RecordId>,
    pub(super) trouble: Option<String>,
    /// The store is still being loaded.
    pub(super) loading: Option<Loading>,
    pub(super) retry_at: Option<Duration>,
    /// What is shown is of the list before the last change of search, filter or order.
    pub(super) anew: bool,
    pub(super) asked: Option<u64>,
    /// The column whose value is being chosen.
    pub(super) filtering: Option<String>,
    pub(super) fetching: Slot<Came>,
    pub(super) opening: Slot<Opened>,
    pub(super) choosing: Slot<Result<Vec<UserRow>, ServiceError>>,
}

impl Records {
    /// The list of an object, of all that may be seen or of one's own.
    #[must_use]
    pub fn new(object: ObjectView, mine: bool) -> Self {
        Self {
            sort: object.fields.first().map(|view| view.field.name.clone()),
            object,
            pages: Pages::default(),
            cursor: Cursor::default(),
            skipped: 0,
            search: Search::default(),
            filters: Vec::new(),
            mine,
            descending: false,
            focus: Focus::List,
            sheet: Sheet::default(),
            shown: None,
            trouble: None,
            loading: None,
            retry_at: None,
            anew: false,
            asked: None,
            filtering: None,
            fetching: Slot::default(),
            opening: Slot::default(),
            choosing: Slot::default(),
        }
    }

    /// The columns: what names a record, its owner, the other fields.
    pub(super) fn columns(&self) -> Vec<Column<'_>> {
        let fields = &self.object.fields;
        let naming = fields.iter().take(2).take_while(|view| view.field.name.contains("Name")).count().max(1);
        let mut columns: Vec<Column<'_>> = fields.iter().map(Column::Field).collect();
        columns.insert(naming.min(columns.len()), Column::Owner);
        columns
    }

    /// The row that the cursor is on, if it is here.
    pub(super) fn current(&self) -> Option<&RecordRow> {
        self.pages.row(self.cursor.at as u64)
    }

    /// Is this not the whole list?
    pub(super) fn is_narrowed(&self) -> bool {
        !self.search.text().is_empty() || !self.filters.is_empty() || self.mine
    }

    fn command(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        match id {
            SEARCH => {
                self.focus = Focus::List;
                self.search.open();
                Effects::none()
            }
            SORT => self.pick_sort(),
            REVERSE => {
                self.descending = !self.descending;
                self.ask_anew(cx)
            }
            FILTER => self.pick_filter(),
            MINE => {
                self.mine = !self.mine;
                self.ask_anew(cx)
            }
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
            moves::LEFT => {
                self.skipped = self.skipped.saturating_sub(1);
                Effects::none()
            }
            moves::RIGHT => {
                self.skipped += 1;
                self.settle(cx);
                Effects::none()
            }
            _ => self.moved(id, cx),
        }
    }

    fn clear(&mut self, cx: &Context<'_>) -> Effects {
        self.search.clear();
        self.filters.clear();
        self.mine = false;
        self.ask_anew(cx)
    }

    fn moved(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        let area = Rect::new(0, 0, cx.body.width, cx.body.height);
        if let (Focus::Detail, (_, Some(detail))) = (self.focus, split(area, self.focus)) {
            self.sheet.moved(id, detail);
            return Effects::none();
        }
        let length = self.length();
        self.cursor.moved(id, length, Self::room(cx));
        self.ask_missing(cx).then(self.open_current(cx))
    }

    fn typed(&mut self, key: Key, cx: &Context<'_>) -> Effects {
        if !self.search.is_open() {
            return Effects::none();
        }
        match self.search.key(key) {
            SearchStep::Changed => self.ask_anew(cx),
            SearchStep::Stayed => Effects::none(),
            SearchStep::Unused => {
                let step = moves::LIST.iter().find(|spec| spec.keys.contains(&key)).map(|spec| spec.id);
                step.map(|id| self.moved(id, cx)).unwrap_or_default()
            }
        }
    }
}

impl Screen for Records {
    fn crumbs(&self) -> Vec<String> {
        let mut crumbs = vec![self.object.label.clone()];
        if self.focus == Focus::Detail {
            crumbs.push(self.object.singular.clone());
        }
        crumbs
    }

    fn tab(&self) -> Option<String> {
        Some(self.object.label.clone())
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        vec![moves::PANES, COMMANDS, moves::LIST, moves::COLUMNS]
    }

    fn blocked(&self, id: Id) -> Option<String> {
        match id {
            CLEAR if !self.is_narrowed() => Some("All are shown already.".to_owned()),
            moves::OPEN if self.focus == Focus::Detail => Some("It is open already.".to_owned()),
            moves::OPEN if self.current().is_none() => Some("There is nothing to open.".to_owned()),
            _ => None,
        }
    }

    fn why(&self) -> Option<Question> {
        Some(Question::Record { object: self.object.key.clone(), id: self.current()?.id })
    }

    fn takes_text(&self) -> bool {
        self.search.is_open()
    }

    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "keep"), ("Esc", "clear"), ("Up Down", "choose")]
    }

    fn deadline(&self) -> Option<Duration> {
        self.retry_at
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        self.ask_anew(cx)
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Command(invocation) => self.command(invocation.id, cx),
            Happening::Key(key) => self.typed(key, cx),
            Happening::Paste(text) if self.search.is_open() => {
                self.search.paste(&text);
                self.ask_anew(cx)
            }
            Happening::Reply(mut reply) => {
                if let Some(outcome) = self.fetching.take(&mut reply) {
                    return self.came(outcome, cx);
                }
                if let Some(outcome) = self.opening.take(&mut reply) {
                    self.opened(outcome);
                }
                match self.choosing.take(&mut reply) {
                    Some(outcome) => self.owners(outcome),
                    None => Effects::none(),
                }
            }
            Happening::Answer(answer) => self.answered(answer, cx),
            Happening::Refresh => {
                let now = cx.viewer.objects.iter().find(|object| object.key == self.object.key);
                if let Some(now) = now {
                    self.object = now.clone();
                }
                self.ask_again(cx)
            }
            Happening::Tick if self.retry_at.is_some_and(|at| at <= cx.now) => self.ask_again(cx),
            Happening::Tick => {
                self.settle(cx);
                self.ask_missing(cx).then(self.open_current(cx))
            }
            Happening::Paste(_) => Effects::none(),
        }
    }

    fn status(&self) -> String {
        super::view::status(self)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        super::view::draw(self, canvas, area);
    }
}
