//! Answering a list's question.

use std::sync::Arc;

use crate::authz::{Columns, Visible};
use crate::model::{FieldId, Object, RecordId, Team, UserId};

use super::Tables;
use super::audience::Audience;
use super::column::Column;
use super::cursor::{Cursor, list_name};
use super::key::SortKey;
use super::matches::{Matches, gather};
use super::order::Order;
use super::query::{ListQuery, Page, QueryError, Row, SortBy};
use super::recall::{Asked, Known};
use super::scan::{Question, Scan, wanted};
use super::sort;
use super::sorted::Spot;
use super::table::Table;
use super::walk::{Start, Walk};

/// Up to so many matches are sorted by themselves, if the order isn't there already.
const FEW: u64 = if cfg!(all(test, debug_assertions)) { 12 } else { 4096 };

impl Tables {
    /// A part of a list, and how long the whole of it is. Filters and searches look at every record
    /// that may be seen, and a new order sorts all there are, which `scan` watches over.
    ///
    /// # Errors
    /// Where the question names what isn't there or may not be viewed, its cursor is of another
    /// list, or the scan was cancelled.
    pub fn page(
        &self,
        visible: &Visible,
        columns: &Columns,
        query: &ListQuery,
        team: &Team,
        scan: Scan<'_>,
    ) -> Result<Page, QueryError> {
        let nothing = Arc::new(Table::new(visible.object()));
        let table = self.table(visible.object()).unwrap_or(&nothing);
        let page = List::new(table, visible, columns, query, team)?.answer(scan)?;
        #[cfg(debug_assertions)]
        super::brute::check(table, visible, columns, query, team, &page);
        Ok(page)
    }

    /// The first rows of a list that takes long to answer, without its length: those among the first
    /// records of its order that match, however few. Nothing where the whole answer is as quick.
    ///
    /// # Errors
    /// As [`Self::page`].
    pub fn first(
        &self,
        visible: &Visible,
        columns: &Columns,
        query: &ListQuery,
        team: &Team,
        scan: Scan<'_>,
    ) -> Result<Option<Vec<Row>>, QueryError> {
        let Some(table) = self.table(visible.object()) else { return Ok(None) };
        let rows = List::new(table, visible, columns, query, team)?.begin(scan)?;
        #[cfg(debug_assertions)]
        if let Some(rows) = &rows {
            super::brute::check_first(table, visible, columns, query, team, rows);
        }
        Ok(rows)
    }
}

/// One list, as it is asked for.
pub(super) struct List<'a> {
    pub(super) table: &'a Table,
    pub(super) object: &'a Object,
    pub(super) team: &'a Team,
    visible: &'a Visible,
    pub(super) columns: &'a Columns,
    pub(super) query: &'a ListQuery,
    pub(super) audience: Audience<'a>,
    /// The text that is searched for, or nothing.
    wanted: String,
}

impl<'a> List<'a> {
    fn new(
        table: &'a Table,
        visible: &'a Visible,
        columns: &'a Columns,
        query: &'a ListQuery,
        team: &'a Team,
    ) -> Result<Self, QueryError> {
        if visible.object() != columns.object() {
            return Err(QueryError::Objects);
        }
        let object = team.objects.get(&visible.object()).ok_or(QueryError::NoSuchField)?;
        let may_name = |by: SortBy| match by {
            SortBy::Field(field) => columns.contains(field) && object.field(field).is_some(),
            _ => true,
        };
        if !may_name(query.sort) || !query.filters.iter().all(|filter| may_name(filter.by)) {
            return Err(QueryError::NoSuchField);
        }
        let wanted = query.search.as_deref().map(wanted).unwrap_or_default();
        Ok(Self { table, object, team, visible, columns, query, audience: Audience::new(visible), wanted })
    }

    /// What is asked beyond what the list may hold.
    pub(super) fn question(&mut self) -> Result<Question<'a>, QueryError> {
        let mut question = Question::new(self.table, self.object, self.team, &self.query.filters, &mut self.audience)?;
        let fields = self.object.fields.iter().filter(|field| self.columns.contains(field.id));
        question.search(self.table, fields, &self.wanted);
        Ok(question)
    }

    /// What was found before for the same question, or a wider one.
    pub(super) fn known(&self, scan: Scan<'_>) -> Known {
        let Some((recall, generation)) = scan.recall else { return Known::Nothing };
        recall.of(&self.asked(generation))
    }

    fn asked(&self, generation: u64) -> Asked {
        Asked::new(generation, self.visible, self.columns, &self.query.filters, &self.wanted)
    }

    /// The records that match, looked for only where that isn't known yet.
    fn matches(&self, question: &mut Question<'_>, scan: Scan<'_>) -> Result<Arc<Matches>, QueryError> {
        let wider = match self.known(scan) {
            Known::Exactly(matches) => return Ok(matches),
            Known::Within(wider) => Some(wider),
            Known::Nothing => None,
        };
        let matches = Arc::new(gather(question, self.table, &self.audience, wider.as_deref(), scan)?);
        if let Some((recall, generation)) = scan.recall {
            recall.keep(self.asked(generation), &matches);
        }
        Ok(matches)
    }

    fn answer(mut self, scan: Scan<'_>) -> Result<Page, QueryError> {
        let list = list_name(self.object, self.query.sort, self.query.descending);
        let after = self.query.after.as_ref().map(|cursor| cursor.place(&list)).transpose()?;
        let table = self.table;
        let mut question = self.question()?;
        let matches = if question.asks() { Some(self.matches(&mut question, scan)?) } else { None };
        let total = matches.as_ref().map_or_else(|| self.audience.total(table), |matches| matches.count);
        if total == 0 || self.query.limit == 0 {
            return Ok(Page { total, rows: Vec::new(), next: None });
        }
        let want = self.query.limit.saturating_add(1);
        let (key, mut slots) = match &matches {
            Some(matches) if matches.count <= FEW && self.order_at_hand().is_none() => {
                let key = self.key()?;
                let slots = self.among_few(&key, matches, after, want, scan)?;
                (key, slots)
            }
            Some(matches) => {
                let order = self.order(scan)?;
                (order.key.clone(), self.among_many(&order, matches, after, want))
            }
            None => {
                let order = self.order(scan)?;
                let reader = order.key.reader(table);
                let start = match (after, self.query.position) {
                    (Some((value, id)), _) => Start::After(reader.probe_of(value), id.0),
                    (None, Some(0) | None) => Start::First,
                    (None, Some(position)) => Start::At(position),
                };
                let walk = Walk { table, order: &order, audience: &self.audience, total };
                (order.key.clone(), walk.slots(start, want))
            }
        };
        let more = slots.len() > self.query.limit;
        slots.truncate(self.query.limit);
        let reader = key.reader(table);
        let next = slots
            .last()
            .filter(|_| more)
            .map(|slot| Cursor::new(&list, reader.value(*slot), RecordId(table.id(*slot))));
        let shown = self.shown();
        let rows = table.rows(&slots, &shown);
        Ok(Page { total, rows, next })
    }

    fn key(&self) -> Result<SortKey, QueryError> {
        SortKey::new(self.query.sort, self.query.descending, self.table.object, self.team)
            .ok_or(QueryError::NoSuchField)
    }

    pub(super) fn order_at_hand(&self) -> Option<Arc<Order>> {
        let fits = |key: &SortKey| key.fits(self.table, self.team);
        self.table.order_at_hand(self.query.sort, self.query.descending, fits)
    }

    fn order(&self, scan: Scan<'_>) -> Result<Arc<Order>, QueryError> {
        match self.order_at_hand() {
            Some(order) => Ok(order),
            None => {
                let key = self.key()?;
                self.table.order(key, |key| key.fits(self.table, self.team), scan)
            }
        }
    }

    /// A few matches, sorted by themselves.
    fn among_few(
        &self,
        key: &SortKey,
        matches: &Matches,
        after: Option<(&super::cursor::SortValue, RecordId)>,
        want: usize,
        scan: Scan<'_>,
    ) -> Result<Vec<u32>, QueryError> {
        let reader = key.reader(self.table);
        let sorted = sort::some(&reader, matches.slots().collect(), scan)?;
        let start = match (after, self.query.position) {
            (Some((value, id)), _) => {
                let probe = reader.probe_of(value);
                sorted.partition_point(|slot| reader.compare_to(*slot, &probe, id.0).is_le())
            }
            (None, position) => usize::try_from(position.unwrap_or(0)).unwrap_or(usize::MAX),
        };
        Ok(sorted.into_iter().skip(start).take(want).collect())
    }

    /// Many matches, met along the order.
    fn among_many(
        &self,
        order: &Order,
        matches: &Matches,
        after: Option<(&super::cursor::SortValue, RecordId)>,
        want: usize,
    ) -> Vec<u32> {
        let reader = order.key.reader(self.table);
        let (spot, skip) = match (after, self.query.position) {
            (Some((value, id)), _) => {
                let probe = reader.probe_of(value);
                (order.global.seek(|slot| reader.compare_to(slot, &probe, id.0).is_le()), 0)
            }
            (None, position) => (Spot::START, usize::try_from(position.unwrap_or(0)).unwrap_or(usize::MAX)),
        };
        order.global.from(spot).filter(|slot| matches.contains(*slot)).skip(skip).take(want).collect()
    }

    /// The columns that the page's rows have, looked up once for all of them.
    pub(super) fn shown(&self) -> Vec<(FieldId, &Column)> {
        self.table.shown(|field| {
            self.columns.contains(field) && self.query.fields.as_ref().is_none_or(|fields| fields.contains(&field))
        })
    }
}

impl Table {
    /// Some of the columns.
    pub(super) fn shown(&self, wanted: impl Fn(FieldId) -> bool) -> Vec<(FieldId, &Column)> {
        self.columns().filter(|(field, _)| wanted(*field)).collect()
    }

    /// The records of some slots with the fields that are shown, column by column: in a large table
    /// nearly each read misses the caches, and those of one column needn't wait for each other.
    pub(super) fn rows(&self, slots: &[u32], shown: &[(FieldId, &Column)]) -> Vec<Row> {
        let live: Vec<(u32, (u32, bool))> = slots.iter().filter_map(|slot| Some((*slot, self.seat(*slot)?))).collect();
        let bare = |(slot, (owner, private)): &(u32, (u32, bool))| Row {
            id: RecordId(self.id(*slot)),
            external_id: None,
            owner: UserId(*owner),
            assigned: self.assigned.of(*slot).to_vec(),
            private: *private,
            values: Vec::with_capacity(shown.len()),
        };
        let mut rows: Vec<Row> = live.iter().map(bare).collect();
        let slots: Vec<u32> = live.iter().map(|(slot, _)| *slot).collect();
        self.externals().each(&slots, |place, text| {
            if let Some(row) = rows.get_mut(place) {
                row.external_id = Some(text.shown.into());
            }
        });
        for (field, column) in shown {
            column.each(&slots, |place, value| {
                if let Some(row) = rows.get_mut(place) {
                    row.values.push((*field, value));
                }
            });
        }
        rows
    }
}
