//! What a list of records asks for: which page, of which rows, in which order. Of a list that is
//! asked for anew and takes long, the first rows come first, and the whole behind them.

use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::Rect;

use super::state::{Loading, Records};
use crate::model::RecordId;
use crate::service::records::RecordQuery;
use crate::service::records_first::Beginning;
use crate::service::{ServiceError, Session};
use crate::tui::effect::Effects;
use crate::tui::job::Ended;
use crate::tui::screen::Context;
use crate::tui::widget::pages::PAGE;
use crate::tui::widget::{Focus, Table, split};
use crate::tui::words::sentence;

/// A page that was asked for, and what came.
pub(super) type Came = (u64, Result<Beginning, ServiceError>);

/// How often loading is looked at.
const LOOK: Duration = Duration::from_millis(100);

impl Records {
    /// The rows that fit.
    pub(super) fn room(cx: &Context<'_>) -> u16 {
        Table::rows(cx.body.height.saturating_sub(1))
    }

    /// The list is another one now: start at its top. What is shown stays until the new rows come.
    pub(super) fn ask_anew(&mut self, cx: &Context<'_>) -> Effects {
        self.list_changed();
        (self.cursor, self.wanted, self.deleted) = (Default::default(), None, None);
        self.anew = true;
        self.ask_first(cx)
    }

    /// The same list, looked at anew.
    pub(super) fn ask_again(&mut self, cx: &Context<'_>) -> Effects {
        if self.anew {
            return self.ask_first(cx);
        }
        self.ask(self.cursor.top as u64 / PAGE, self.to_stand_on(), cx)
    }

    /// The record that one stands on, to stay on it where rows came or went above. At the very top of
    /// the list one stays at the top; not where the record is open.
    fn here(&self) -> Option<RecordId> {
        self.current().map(|row| row.id).filter(|_| self.cursor.at > 0 || self.focus == Focus::Detail)
    }

    /// The records to stand on, the first of them that is in the list.
    fn to_stand_on(&self) -> Vec<RecordId> {
        match self.wanted {
            Some(wanted) => vec![wanted],
            None => self.deleted.into_iter().chain(self.here()).collect(),
        }
    }

    /// The same list under other rules: of what is here some may no longer be seen. Where the whole
    /// takes long, the rows that it begins with now come before it, in the place of what is here.
    pub(super) fn ask_under_other_rules(&mut self, cx: &Context<'_>) -> Effects {
        self.opening.cancel();
        if self.anew {
            return self.ask_first(cx);
        }
        self.wanted = self.wanted.or_else(|| self.here());
        self.ask_page(self.cursor.top as u64 / PAGE, self.to_stand_on(), true, cx)
    }

    /// Asks for what is in view and not here.
    pub(super) fn ask_missing(&mut self, cx: &Context<'_>) -> Effects {
        if self.anew && self.fetching.is_waiting() {
            return Effects::none();
        }
        let from = self.cursor.top as u64;
        match self.pages.missing(from, from + u64::from(Self::room(cx))) {
            Some(page) if self.asked != Some(page) || !self.fetching.is_waiting() => self.ask(page, Vec::new(), cx),
            _ => Effects::none(),
        }
    }

    /// The list as it is narrowed and sorted.
    pub(super) fn query(&self) -> RecordQuery {
        let search = self.search.text().trim();
        RecordQuery {
            object: self.object.key.clone(),
            search: (!search.is_empty()).then(|| search.to_owned()),
            among: self.narrowing.iter().map(|narrowing| narrowing.among.clone()).collect(),
            sort: self.sort.clone(),
            descending: self.descending,
            limit: usize::MAX,
            ..RecordQuery::default()
        }
    }

    /// Asks for the beginning of another list.
    fn ask_first(&mut self, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        self.begin_asking(0, &session);
        let (query, recall) = (self.page_query(), Arc::clone(&self.recall));
        Effects::run(self.fetching.start(move |cancel| (0, session.records_at_first(&query, &recall, cancel.flag()))))
    }

    /// The rules and the records as they are now are what is asked about.
    fn begin_asking(&mut self, page: u64, session: &Session) {
        self.asked = Some(page);
        self.rules = session.rules();
        self.retry_at = None;
        self.stale = false;
    }

    fn page_query(&self) -> RecordQuery {
        RecordQuery { limit: usize::try_from(PAGE).unwrap_or(100), ..self.query() }
    }

    /// Asks for a page; or, where the record to stay on isn't on it, for the one where that is now: the
    /// first of these that is in the list.
    fn ask(&mut self, page: u64, stay: Vec<RecordId>, cx: &Context<'_>) -> Effects {
        self.ask_page(page, stay, false, cx)
    }

    /// The same; or, of a list that takes long, its first rows before.
    fn ask_page(&mut self, page: u64, stay: Vec<RecordId>, first: bool, cx: &Context<'_>) -> Effects {
        let Some(session) = cx.session.cloned() else { return Effects::none() };
        self.begin_asking(page, &session);
        let (query, recall) = (self.page_query(), Arc::clone(&self.recall));
        let job = self.fetching.start(move |cancel| {
            let beginning = first.then(|| session.records_at_first(&query, &recall, cancel.flag()));
            if let Some(first @ (Ok(Beginning::First(_)) | Err(_))) = beginning {
                return (0, first);
            }
            let ask = |page: u64| {
                let query = RecordQuery { position: Some(page * PAGE), ..query.clone() };
                session.records_until(&query, &recall, cancel.flag())
            };
            let came = ask(page);
            let rows = came.as_ref().map(|came| came.rows.as_slice()).unwrap_or_default();
            let place = |id| session.place_of(&query, id, &recall, cancel.flag()).ok().flatten();
            let elsewhere = stay.into_iter().find_map(|id| match rows.iter().any(|row| row.id == id) {
                true => Some(page),
                false => place(id).map(|place| place / PAGE),
            });
            match elsewhere.filter(|other| *other != page && came.is_ok()) {
                Some(other) => (other, ask(other).map(Beginning::Whole)),
                None => (page, came.map(Beginning::Whole)),
            }
        });
        // What is in view is here already, while only the rest is counted.
        Effects::run(if self.pages.is_counting() { job.behind() } else { job })
    }

    /// A page came.
    pub(super) fn came(&mut self, outcome: Ended<Came>, cx: &Context<'_>) -> Effects {
        self.retry_at = None;
        match outcome {
            Ended::With((_, Ok(Beginning::First(first)))) => {
                self.anew = false;
                self.object.fields = first.fields;
                for narrowing in &mut self.narrowing {
                    narrowing.name_owners(&first.rows);
                }
                self.pages.begin(first.rows, first.generation);
                (self.trouble, self.loading) = (None, None);
                self.settle(cx);
                let page = self.cursor.top as u64 / PAGE;
                let stay = self.wanted.into_iter().collect();
                return self.ask(page, stay, cx).then(self.open_current(cx));
            }
            Ended::With((page, Ok(Beginning::Whole(came)))) => {
                let anew = std::mem::take(&mut self.anew);
                if anew {
                    self.pages.clear();
                }
                let stay = if anew { self.wanted.into_iter().collect() } else { self.to_stand_on() };
                let last = stay.last().copied();
                self.wanted = None;
                let moved = stay.iter().find_map(|id| came.rows.iter().position(|row| row.id == *id));
                if let Some(place) = moved {
                    let at = usize::try_from(page * PAGE).unwrap_or(0) + place;
                    self.cursor.top = (self.cursor.top + at).saturating_sub(self.cursor.at);
                    self.cursor.at = at;
                }
                self.object.fields = came.fields;
                for narrowing in &mut self.narrowing {
                    narrowing.name_owners(&came.rows);
                }
                let renewed = self.pages.total().is_none() || self.pages.generation() != came.generation;
                self.pages.take(page, came.rows, came.total, came.generation);
                self.trouble = None;
                self.loading = None;
                self.settle(cx);
                // What was open is in the list no more: what stands in its place was not opened.
                let is_here = || self.current().is_some_and(|row| Some(row.id) == last);
                if moved.is_none() && last.is_some() && !is_here() {
                    self.focus = Focus::List;
                }
                let next = if std::mem::take(&mut self.stale) { self.ask_again(cx) } else { self.ask_missing(cx) };
                let checked = if renewed { self.check_taken_out(cx) } else { Effects::none() };
                return next.then(checked).then(self.open_current(cx));
            }
            Ended::With((_, Err(ServiceError::Loading))) => {
                let progress = cx.engine.and_then(|engine| engine.loading());
                self.loading = progress.map(|p| Loading { done: p.done, total: p.total, failed: p.failed });
                self.retry_at = Some(cx.now + LOOK);
            }
            Ended::With((_, Err(ServiceError::Cancelled))) => {}
            Ended::With((_, Err(why))) => return self.failed(sentence(&why.to_string()), cx),
            Ended::Broken => return self.failed("The list could not be shown.".to_owned(), cx),
        }
        Effects::none()
    }

    /// There is no list, and none is on its way, unless what changed meanwhile makes another.
    fn failed(&mut self, why: String, cx: &Context<'_>) -> Effects {
        (self.anew, self.wanted) = (false, None);
        self.pages.clear();
        self.trouble = Some(why);
        if std::mem::take(&mut self.stale) { self.ask_again(cx) } else { Effects::none() }
    }

    /// How many rows there are, as far as that is known.
    pub(super) fn length(&self) -> usize {
        usize::try_from(self.pages.at_least()).unwrap_or(usize::MAX)
    }

    /// Brings cursor and columns into what there is.
    pub(super) fn settle(&mut self, cx: &Context<'_>) {
        let length = self.length();
        self.cursor.settle(length, Self::room(cx));
        self.skipped = self.skipped.min(self.columns().len().saturating_sub(2));
    }

    /// Fetches the record under the cursor, if its detail is shown.
    pub(super) fn open_current(&mut self, cx: &Context<'_>) -> Effects {
        let area = Rect::new(0, 0, cx.body.width, cx.body.height);
        let (Some(session), Some(row), (_, Some(_))) = (cx.session.cloned(), self.current(), split(area, self.focus))
        else {
            return Effects::none();
        };
        let (object, id) = (self.object.key.clone(), row.id);
        Effects::run(self.opening.start(move |_| (id, session.record(&object, &id.to_string()))))
    }

    /// A record came.
    pub(super) fn opened(&mut self, outcome: Ended<super::state::Opened>) {
        match outcome {
            Ended::With((id, Ok(detail))) => {
                self.shown = Some(id);
                self.sheet.set_keyed(super::detail::sheet(&detail));
            }
            Ended::With((id, Err(why))) => {
                self.shown = Some(id);
                let words = sentence(&why.to_string());
                self.sheet.set(vec![crate::tui::widget::Line::Text(words, crate::tui::theme::Tone::Dim)]);
                self.focus = Focus::List;
            }
            Ended::Broken => self.shown = None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::screens::records::commands::{DELETE, EXPORT, OWNER, SELECT_ALL};
    use crate::tui::stage::Stage;

    /// A list that broke off isn't being counted any more, and what changed meanwhile is asked for.
    #[test]
    fn a_list_that_broke_off_says_so_and_is_asked_for_again_only_where_something_changed() {
        let stage = Stage::new();
        let cx = stage.context();
        let mut records = Records::new(stage.viewer.objects.first().unwrap().clone(), None);
        for changed in [false, true] {
            let _job = records.ask_anew(&cx);
            records.pages.begin(Vec::new(), 1);
            records.fetching.cancel();
            records.stale = changed;
            records.wanted = Some(RecordId(1));
            records.select_all();
            let _next = records.came(Ended::Broken, &cx);
            for id in [EXPORT, SELECT_ALL, DELETE, OWNER] {
                assert_eq!(records.why_not(id).as_deref(), Some("The list could not be shown."));
            }
            assert_eq!(records.wanted, None);
            assert_eq!((records.fetching.is_waiting(), records.stale), (changed, false));
        }
    }
}
