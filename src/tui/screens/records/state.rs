//! What a list of records knows, and how that changes.

use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::Rect;

use super::ask::Came;
use super::commands::{
    ASSIGN, CLEAR, COLUMNS, COMMANDS, DELETE, EDIT, EXPORT, FILTER, IMPORT, MINE, NEW, OWNER, PRIVATE, REVERSE, SEARCH,
    SELECT, SELECT_ALL, SORT, STATUS, WIDEN,
};
use super::edit::EditRecord;
use super::narrowing::Narrowing;
use super::select::Selection;
use crate::model::{RecordAction, RecordId};
use crate::service::ServiceError;
use crate::service::records::{FieldView, ObjectView, Recall, RecordDetail, RecordRow};
use crate::service::users::UserRow;
use crate::service::why::Question;
use crate::tui::command::{Id, Spec};
use crate::tui::effect::{Effect, Effects};
use crate::tui::event::{Happening, Key};
use crate::tui::job::{Reply, Slot};
use crate::tui::moves;
use crate::tui::route::Route;
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
    /// Its name in another system.
    External,
    /// A field that may be viewed.
    Field(&'a FieldView),
}

/// The screen.
#[derive(Debug)]
pub struct Records {
    pub(super) object: ObjectView,
    /// Who looks, by email.
    pub(super) me: String,
    pub(super) pages: Pages<RecordRow>,
    pub(super) cursor: Cursor,
    /// The columns that the viewer chose, as they are kept; all of them, if unset.
    pub(super) chosen: Option<Vec<String>>,
    /// How many columns are moved out of view at the left.
    pub(super) skipped: usize,
    pub(super) search: Search,
    /// What the list is narrowed to, all of it at once.
    pub(super) narrowing: Vec<Narrowing>,
    pub(super) selection: Selection,
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
    /// The record to stand on once it is in the list.
    pub(super) wanted: Option<RecordId>,
    /// The record that was deleted where one stands: should it come back, one stands on it again.
    pub(super) deleted: Option<RecordId>,
    /// What is shown is of the list before the last change of search, filter or order.
    pub(super) anew: bool,
    /// Records changed while a page was on its way: it is asked for again when it is here.
    pub(super) stale: bool,
    /// The rules under which the last page was asked for.
    pub(super) rules: u64,
    /// What the last searches and filters found.
    pub(super) recall: Arc<Recall>,
    pub(super) asked: Option<u64>,
    pub(super) fetching: Slot<Came>,
    pub(super) opening: Slot<Opened>,
    pub(super) choosing: Slot<Result<Vec<UserRow>, ServiceError>>,
    pub(super) checking: Slot<super::select::Checked>,
    pub(super) keeping: Slot<Result<(), ServiceError>>,
    pub(super) asking: Slot<super::acts::Asked>,
    pub(super) previewing: Slot<super::acts::Preview>,
}

impl Records {
    /// The list of an object, of all that may be seen or of what one person owns.
    #[must_use]
    pub fn new(object: ObjectView, owner: Option<&str>) -> Self {
        Self {
            sort: object.fields.first().map(|view| view.field.name.clone()),
            object,
            me: String::new(),
            pages: Pages::default(),
            cursor: Cursor::default(),
            chosen: None,
            skipped: 0,
            search: Search::default(),
            narrowing: owner.map(Narrowing::owned_by).into_iter().collect(),
            selection: Selection::default(),
            descending: false,
            focus: Focus::List,
            sheet: Sheet::default(),
            shown: None,
            trouble: None,
            loading: None,
            retry_at: None,
            wanted: None,
            deleted: None,
            anew: false,
            stale: false,
            rules: 0,
            recall: Arc::default(),
            asked: None,
            fetching: Slot::default(),
            opening: Slot::default(),
            choosing: Slot::default(),
            checking: Slot::default(),
            keeping: Slot::default(),
            asking: Slot::default(),
            previewing: Slot::default(),
        }
    }

    /// The row that the cursor is on, if it is here.
    pub(super) fn current(&self) -> Option<&RecordRow> {
        self.pages.row(self.cursor.at as u64)
    }

    /// Is this not the whole list?
    pub(super) fn is_narrowed(&self) -> bool {
        !self.search.text().is_empty() || !self.narrowing.is_empty()
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
            WIDEN => self.widen(cx),
            MINE => self.toggle_mine(cx),
            CLEAR => self.clear(cx),
            COLUMNS => self.pick_columns(),
            NEW => EditRecord::show(self.object.clone(), None, None),
            EDIT => self.edit(),
            SELECT => self.select_row(cx),
            SELECT_ALL => {
                self.select_all();
                Effects::none()
            }
            OWNER => self.ask_people(super::acts::Asking::Owner, cx),
            ASSIGN => self.ask_people(super::acts::Asking::Assigned, cx),
            STATUS => self.pick_status(),
            PRIVATE => self.ask_private(cx),
            DELETE => self.ask_delete(cx),
            EXPORT => self.ask_path(),
            IMPORT => Effects::of(Effect::Go(Route::Import { object: self.object.key.clone() })),
            moves::OPEN => {
                self.focus = Focus::Detail;
                self.open_current(cx)
            }
            moves::NEXT_PANE => {
                self.focus = if self.focus == Focus::List { Focus::Detail } else { Focus::List };
                self.open_current(cx)
            }
            moves::BACK | moves::UNSELECT => self.back(cx),
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

    /// Edits the record under the cursor, beginning with the field that one stands on.
    fn edit(&self) -> Effects {
        let Some(row) = self.current() else { return Effects::none() };
        let here = self.sheet.here().filter(|_| self.focus == Focus::Detail);
        let first = here.and_then(super::detail::field_of).map(str::to_owned);
        EditRecord::show(self.object.clone(), Some((row.id, row.title(&self.object.fields))), first)
    }

    /// One step back: out of the detail, out of the selection, out of the narrowing, away.
    fn back(&mut self, cx: &Context<'_>) -> Effects {
        if self.focus == Focus::Detail {
            self.focus = Focus::List;
            Effects::none()
        } else if self.is_choosing() {
            self.choose(Selection::default());
            Effects::none()
        } else if self.is_narrowed() {
            self.clear(cx)
        } else {
            Effects::of(Effect::Back)
        }
    }

    fn clear(&mut self, cx: &Context<'_>) -> Effects {
        self.search.clear();
        self.narrowing.clear();
        self.ask_anew(cx)
    }

    fn toggle_mine(&mut self, cx: &Context<'_>) -> Effects {
        let mine = self.narrowing.iter().any(|narrowing| narrowing.is_owned_by(&self.me));
        self.narrowing.retain(|narrowing| narrowing.among.field != super::narrowing::OWNER);
        if !mine {
            self.narrowing.push(Narrowing::owned_by(&self.me));
        }
        self.ask_anew(cx)
    }

    pub(super) fn moved(&mut self, id: Id, cx: &Context<'_>) -> Effects {
        let area = Rect::new(0, 0, cx.body.width, cx.body.height);
        if let (Focus::Detail, (_, Some(detail))) = (self.focus, split(area, self.focus)) {
            self.sheet.moved(id, detail);
            return Effects::none();
        }
        // Whoever goes elsewhere is not brought back by what is on its way.
        (self.wanted, self.deleted) = (None, None);
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
                let step = moves::in_list(key);
                step.map(|id| self.moved(id, cx)).unwrap_or_default()
            }
        }
    }

    fn replied(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        if let Some(outcome) = self.fetching.take(reply) {
            return self.came(outcome, cx);
        }
        if let Some(outcome) = self.opening.take(reply) {
            self.opened(outcome);
        }
        if let Some(outcome) = self.checking.take(reply) {
            self.checked(outcome);
        }
        if let Some(outcome) = self.keeping.take(reply) {
            return Self::kept(outcome);
        }
        if let Some(outcome) = self.previewing.take(reply) {
            return self.previewed(outcome, cx);
        }
        if let Some(outcome) = self.asking.take(reply) {
            return self.asked_people(outcome);
        }
        match self.choosing.take(reply) {
            Some(outcome) => self.owners(outcome),
            None => Effects::none(),
        }
    }

    /// May the list be narrowed and sorted by this?
    pub(super) fn knows(&self, name: &str) -> bool {
        let fields = &self.object.fields;
        matches!(name, "owner" | "external_id" | "id") || fields.iter().any(|view| view.field.name == name)
    }

    /// The store holds something else, or the rules are others.
    fn refresh(&mut self, cx: &Context<'_>) -> Effects {
        let now = cx.viewer.objects.iter().find(|object| object.key == self.object.key);
        if let Some(now) = now {
            self.object = now.clone();
        }
        // What may not be viewed any more narrows nothing, and isn't named either (R11).
        let narrowed = self.narrowing.len();
        let narrowing = std::mem::take(&mut self.narrowing);
        self.narrowing = narrowing.into_iter().filter(|narrowing| self.knows(&narrowing.among.field)).collect();
        let unsorted = self.sort.as_deref().is_some_and(|name| !self.knows(name));
        if unsorted {
            self.sort = self.object.fields.first().map(|view| view.field.name.clone());
            self.descending = false;
        }
        let same_rules = cx.session.is_some_and(|session| session.rules() == self.rules);
        let asked = if unsorted || narrowed != self.narrowing.len() {
            self.ask_anew(cx)
        } else if !same_rules {
            self.ask_under_other_rules(cx)
        } else if self.fetching.is_waiting() {
            // Where records change faster than a search is done, it still gets done.
            self.stale = true;
            Effects::none()
        } else {
            self.ask_again(cx)
        };
        asked.then(self.check_selection(cx))
    }
}

impl Screen for Records {
    fn crumbs(&self) -> Vec<String> {
        let mut crumbs = vec![self.object.label.clone()];
        if self.focus == Focus::Detail {
            crumbs.extend(self.current().map(|row| row.title(&self.object.fields)));
        }
        crumbs
    }

    fn tab(&self) -> Option<String> {
        Some(self.object.label.clone())
    }

    fn commands(&self) -> Vec<&'static [Spec]> {
        let had = || COMMANDS.iter().filter(|spec| self.has(spec.id));
        let mut commands = match self.is_choosing() && self.focus == Focus::List {
            true => moves::with_chosen(super::commands::of_several().filter(|spec| self.has(spec.id))),
            false => vec![moves::PANES],
        };
        // What is open can be changed; the list is for later.
        let (first, then): (Vec<&'static Spec>, Vec<_>) =
            had().partition(|spec| self.focus == Focus::Detail && super::commands::OF_ONE.contains(&spec.id));
        commands.extend(first.into_iter().chain(then).map(std::slice::from_ref));
        commands.extend([moves::LIST, moves::COLUMNS]);
        commands
    }

    fn blocked(&self, id: Id) -> Option<String> {
        match id {
            moves::OPEN if self.focus == Focus::Detail => Some("It is open already.".to_owned()),
            moves::OPEN if self.current().is_none() => Some("There is nothing to open.".to_owned()),
            id => self.why_not(id),
        }
    }

    fn why(&self) -> Option<Question> {
        let object = self.object.key.clone();
        let Some(row) = self.current() else { return Some(Question::Records { object, action: RecordAction::View }) };
        let here = self.sheet.here().filter(|_| self.focus == Focus::Detail && self.shown == Some(row.id));
        Some(match here.and_then(super::detail::field_of) {
            Some(field) => Question::Field { object, id: row.id, field: field.to_owned() },
            None => Question::Record { object, id: row.id },
        })
    }

    fn takes_text(&self) -> bool {
        self.search.is_open()
    }

    fn text_hints(&self) -> Vec<(&'static str, &'static str)> {
        Search::HINTS.to_vec()
    }

    fn give_up(&mut self) -> bool {
        // All of them, whichever it was.
        [self.asking.give_up(), self.previewing.give_up(), self.choosing.give_up()].contains(&true)
    }

    fn deadline(&self) -> Option<Duration> {
        self.retry_at
    }

    fn start(&mut self, cx: &Context<'_>) -> Effects {
        self.me = cx.viewer.me.as_ref().map(|me| me.email.clone()).unwrap_or_default();
        self.recall_columns(cx);
        self.ask_anew(cx)
    }

    fn reply(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Effects {
        self.replied(reply, cx)
    }

    fn update(&mut self, happening: Happening, cx: &Context<'_>) -> Effects {
        match happening {
            Happening::Command(invocation) => self.command(invocation.id, cx),
            Happening::Key(key) => self.typed(key, cx),
            Happening::Paste(text) if self.search.is_open() => {
                self.search.paste(&text);
                self.ask_anew(cx)
            }
            Happening::Answer(answer) => self.answered(answer, cx),
            Happening::Refresh => self.refresh(cx),
            Happening::Tick if self.retry_at.is_some_and(|at| at <= cx.now) => self.ask_again(cx),
            Happening::Tick => {
                self.settle(cx);
                let stale = self.shown != self.current().map(|row| row.id);
                let opened = if stale { self.open_current(cx) } else { Effects::none() };
                self.ask_missing(cx).then(opened)
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
