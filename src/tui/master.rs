//! A list and the detail of its chosen row: what every such screen keeps, and how it changes. The
//! screen brings the questions and the drawing; this keeps the cursor on the same row when the list
//! changes under it, fetches the detail only where it is shown, and never shows one row's detail
//! beside another's.

use ratatui::layout::Rect;

use super::command::Id;
use super::effect::Effects;
use super::job::{Ended, Reply, Slot};
use super::moves;
use super::screen::Context;
use super::widget::{Cursor, Focus, Sheet, Table, split};
use super::words::sentence;
use crate::service::{ServiceError, Session};

/// A row of such a list.
pub trait Row: Send + 'static {
    /// What names the row, whatever its place: an email, a name.
    fn key(&self) -> &str;
}

/// What a reply meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// The list.
    List,
    /// The detail of the chosen row.
    Detail,
    /// Something that isn't this one's.
    Other,
}

type Opened<D> = (String, Result<D, ServiceError>);

/// A list that came, and where in it a row stands that was looked for beside the console: it may be
/// long.
#[derive(Debug)]
struct Listed<R> {
    rows: Vec<R>,
    looked_for: Option<String>,
    place: Option<usize>,
}

fn place_of<R: Row>(rows: &[R], key: Option<&str>) -> Option<usize> {
    rows.iter().position(|row| Some(row.key()) == key)
}

/// A list and the detail of its chosen row.
#[derive(Debug)]
pub struct Master<R: Row, D: Send + 'static> {
    /// The rows, once they are here.
    pub rows: Option<Vec<R>>,
    /// Why they aren't.
    pub trouble: Option<String>,
    /// The chosen row.
    pub cursor: Cursor,
    /// How many columns are moved out of view at the left.
    pub skipped: usize,
    /// Which of the two has the keys.
    pub focus: Focus,
    /// The detail as a sheet, scrolled.
    pub sheet: Sheet,
    /// The last detail that came, and whose it is.
    detail: Option<(String, D)>,
    /// The rows at the head of the body that aren't the table's.
    head: u16,
    /// The rows at the head of the detail that aren't the sheet's: tabs.
    above: u16,
    /// Go to this row once the list is here.
    wanted: Option<String>,
    /// Stand at the beginning once the list is here.
    afresh: bool,
    /// Its detail was come to from another screen; the step back leads there.
    came: bool,
    listing: Slot<Result<Listed<R>, ServiceError>>,
    opening: Slot<Opened<D>>,
}

impl<R: Row, D: Send + 'static> Master<R, D> {
    /// An empty list under so many rows of something else, to stand at `wanted` when it is here.
    #[must_use]
    pub fn new(head: u16, wanted: Option<&str>) -> Self {
        Self {
            rows: None,
            trouble: None,
            cursor: Cursor::default(),
            skipped: 0,
            focus: Focus::List,
            sheet: Sheet::default(),
            detail: None,
            head,
            above: 0,
            wanted: wanted.map(str::to_owned),
            afresh: false,
            came: false,
            listing: Slot::default(),
            opening: Slot::default(),
        }
    }

    /// The same, with so many rows of tabs above the sheet of the detail.
    #[must_use]
    pub fn below_tabs(self, above: u16) -> Self {
        Self { above, ..self }
    }

    /// The chosen row.
    #[must_use]
    pub fn current(&self) -> Option<&R> {
        self.rows.as_ref().and_then(|rows| rows.get(self.cursor.at))
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.as_ref().map_or(0, Vec::len)
    }

    /// Is there no row?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The detail of the chosen row, once it is here.
    #[must_use]
    pub fn detail(&self) -> Option<&D> {
        let key = self.current()?.key();
        self.detail.as_ref().filter(|(of, _)| of == key).map(|(_, detail)| detail)
    }

    /// Stand at this row once the next list is here.
    pub fn want(&mut self, key: impl Into<String>) {
        self.wanted = Some(key.into());
    }

    /// Stand at the first row once the next list is here: it is what a search finds best.
    pub fn want_the_first(&mut self) {
        self.afresh = true;
    }

    /// Fetches the list.
    pub fn list(
        &mut self,
        cx: &Context<'_>,
        ask: impl FnOnce(&Session) -> Result<Vec<R>, ServiceError> + Send + 'static,
    ) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        let looked_for = self.row_to_stand_on();
        Effects::run(self.listing.start(move |_| {
            let rows = ask(&session)?;
            let place = place_of(&rows, looked_for.as_deref());
            Ok(Listed { rows, looked_for, place })
        }))
    }

    fn row_to_stand_on(&self) -> Option<String> {
        self.wanted.clone().or_else(|| self.current().filter(|_| !self.afresh).map(|row| row.key().to_owned()))
    }

    /// Fetches the detail of the chosen row, where it is shown. Call it after whatever may have
    /// moved the cursor, changed the focus or brought a new list.
    pub fn open(
        &mut self,
        cx: &Context<'_>,
        ask: impl FnOnce(&Session, &str) -> Result<D, ServiceError> + Send + 'static,
    ) -> Effects {
        let (Some(session), Some(row), (_, Some(_))) = (cx.session.cloned(), self.current(), self.areas(cx)) else {
            return Effects::none();
        };
        let key = row.key().to_owned();
        Effects::run(self.opening.start(move |_| {
            let detail = ask(&session, &key);
            (key, detail)
        }))
    }

    /// Is the detail that is shown another row's, or not here yet and not asked for?
    #[must_use]
    pub fn wants_detail(&self, cx: &Context<'_>) -> bool {
        self.areas(cx).1.is_some() && self.current().is_some() && self.detail().is_none() && !self.opening.is_waiting()
    }

    /// Takes a reply. After a list, [`Master::open`] is due; after a detail, the sheet is.
    pub fn reply(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Came {
        if let Some(outcome) = self.listing.take(reply) {
            self.listed(outcome, cx);
            return Came::List;
        }
        match self.opening.take(reply) {
            Some(Ended::With((key, Ok(detail)))) => self.detail = Some((key, detail)),
            Some(Ended::With((_, Err(_))) | Ended::Broken) => {
                self.detail = None;
                self.sheet.set(Vec::new());
            }
            None => return Came::Other,
        }
        Came::Detail
    }

    fn listed(&mut self, outcome: Ended<Result<Listed<R>, ServiceError>>, cx: &Context<'_>) {
        match outcome {
            Ended::With(Ok(Listed { rows, looked_for, place })) => {
                let wanted = self.row_to_stand_on();
                let coming = self.wanted.take().is_some();
                if std::mem::take(&mut self.afresh) {
                    self.cursor = Cursor::default();
                }
                // Somebody went on to another row meanwhile.
                let place = if looked_for == wanted { place } else { place_of(&rows, wanted.as_deref()) };
                if let Some(position) = place {
                    self.cursor.at = position;
                    // Who comes for one row comes for its detail, where both can't be shown.
                    if coming && self.rows.is_none() && self.areas(cx).1.is_none() {
                        (self.focus, self.came) = (Focus::Detail, true);
                    }
                }
                self.rows = Some(rows);
                self.trouble = None;
                self.settle(cx);
            }
            Ended::With(Err(why)) => {
                self.rows = None;
                self.trouble = Some(sentence(&why.to_string()));
            }
            Ended::Broken => self.trouble = Some("The list could not be shown.".to_owned()),
        }
    }

    /// Brings the cursor into the list, and the view to the cursor: the room may have changed.
    pub fn settle(&mut self, cx: &Context<'_>) {
        self.cursor.settle(self.len(), self.rows_in_view(cx));
    }

    /// How many rows of the list are in view.
    #[must_use]
    pub fn rows_in_view(&self, cx: &Context<'_>) -> u16 {
        Table::rows(cx.body.height.saturating_sub(self.head))
    }

    /// The room of the list and of the detail.
    #[must_use]
    pub fn areas(&self, cx: &Context<'_>) -> (Option<Rect>, Option<Rect>) {
        split(Rect::new(0, 0, cx.body.width, cx.body.height), self.focus)
    }

    /// Moves about; says whether the command was one of those. After it, [`Master::open`] is due.
    pub fn moved(&mut self, id: Id, cx: &Context<'_>) -> bool {
        // From a detail that was come to, the step back is the screen's, where the list isn't in view.
        let back = id == moves::BACK && self.came && self.areas(cx).0.is_none();
        match id {
            _ if back => return false,
            moves::OPEN => self.focus = Focus::Detail,
            moves::NEXT_PANE => {
                self.focus = if self.focus == Focus::List { Focus::Detail } else { Focus::List };
            }
            moves::BACK if self.focus == Focus::Detail => self.focus = Focus::List,
            _ => return self.stepped(id, cx),
        }
        self.came = false;
        true
    }

    fn stepped(&mut self, id: Id, cx: &Context<'_>) -> bool {
        if let (Focus::Detail, (_, Some(detail))) = (self.focus, self.areas(cx)) {
            let above = self.above.min(detail.height);
            let sheet = Rect { y: detail.y + above, height: detail.height - above, ..detail };
            return self.sheet.moved(id, sheet);
        }
        let (length, rows) = (self.len(), self.rows_in_view(cx));
        let moved = self.cursor.moved(id, length, rows);
        // Whoever goes to another row meanwhile stays there.
        self.afresh &= !moved;
        moved
    }

    /// Why a moving command can't be used just now.
    #[must_use]
    pub fn blocked(&self, id: Id) -> Option<String> {
        match id {
            moves::OPEN if self.focus == Focus::Detail => Some("It is open already.".to_owned()),
            moves::OPEN if self.current().is_none() => Some("There is nothing to open.".to_owned()),
            _ => None,
        }
    }
}
