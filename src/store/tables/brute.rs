//! Lists by the plainest means: every record looked at, all of them sorted, text by text. Debug
//! builds hold each page of a small table against it, and so do the tests.

use std::cmp::Ordering;

use crate::authz::{Columns, Visible};
use crate::exchange::value::{comparable, filter as read_filter, shown};
use crate::model::text::fold;
use crate::model::{Field, Object, Record, Team, Value};

use super::query::{Filter, ListQuery, Page, Row, SortBy};
use super::table::Table;

/// Up to so many records are held against this.
#[cfg(debug_assertions)]
const SMALL: u64 = 500;

/// Something comparable, and empty things last.
#[derive(Debug, PartialEq, PartialOrd)]
enum Plain {
    Text(String),
    Number(f64),
    Id(u64),
}

fn plain(record: &Record, by: SortBy, object: &Object, team: &Team) -> Option<Plain> {
    match by {
        SortBy::Id => Some(Plain::Id(record.id.0)),
        SortBy::Owner => team.users.get(&record.owner).map(|user| Plain::Text(fold(&user.email))),
        SortBy::ExternalId => record.external_id.as_deref().map(|text| Plain::Text(fold(text))),
        SortBy::Field(id) => {
            let field = object.field(id)?;
            Some(match record.value(id)? {
                Value::Text(text) => Plain::Text(fold(text)),
                Value::Number(number) => Plain::Number(*number),
                #[allow(clippy::cast_precision_loss, reason = "tests keep to small amounts")]
                Value::Money(amount) => Plain::Number(*amount as f64),
                Value::Date(day) => Plain::Number(f64::from(day.0)),
                Value::YesNo(yes) => Plain::Number(f64::from(u8::from(*yes))),
                Value::Option(option) => {
                    Plain::Text(fold(&field.options.iter().find(|known| known.id == *option)?.label))
                }
            })
        }
    }
}

fn matches(record: &Record, filter: &Filter, object: &Object, team: &Team) -> bool {
    filter.values.iter().any(|wanted| equals(record, filter.by, wanted, object, team)) != filter.not
}

fn equals(record: &Record, by: SortBy, wanted: &str, object: &Object, team: &Team) -> bool {
    match by {
        SortBy::Id => record.id.to_string() == wanted.trim().to_ascii_lowercase(),
        SortBy::Owner => team.user_by_email(wanted).is_some_and(|user| user.id == record.owner),
        SortBy::ExternalId => fold(record.external_id.as_deref().unwrap_or_default()) == fold(wanted.trim()),
        SortBy::Field(id) => {
            let Some(field) = object.field(id) else { return false };
            let has = record.value(id).filter(|value| !is_dangling(field, value));
            read_filter(field, wanted).is_ok_and(|wanted| wanted == has.map(|value| comparable(field, value)))
        }
    }
}

fn is_dangling(field: &Field, value: &Value) -> bool {
    matches!(value, Value::Option(id) if !field.options.iter().any(|option| option.id == *id))
}

/// The whole list.
pub(super) fn list(table: &Table, visible: &Visible, columns: &Columns, query: &ListQuery, team: &Team) -> Vec<Record> {
    let Some(object) = team.objects.get(&visible.object()) else { return Vec::new() };
    let searched = fold(query.search.as_deref().unwrap_or_default());
    let mut records: Vec<Record> = table
        .slots()
        .filter_map(|slot| table.record(slot))
        .filter(|record| visible.admits(record.owner, record.private, || &record.assigned))
        .filter(|record| query.filters.iter().all(|filter| matches(record, filter, object, team)))
        .filter(|record| {
            searched.is_empty()
                || object.fields.iter().filter(|field| columns.contains(field.id)).any(|field| {
                    record.value(field.id).is_some_and(|value| fold(&shown(field, value)).contains(&searched))
                })
        })
        .collect();
    records.sort_by(|a, b| {
        let by_value = match (plain(a, query.sort, object, team), plain(b, query.sort, object, team)) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => {
                let ascending = a.partial_cmp(&b).unwrap_or(Ordering::Equal);
                if query.descending { ascending.reverse() } else { ascending }
            }
        };
        by_value.then_with(|| a.id.cmp(&b.id))
    });
    records
}

/// Holds a page against the whole list.
#[cfg(debug_assertions)]
pub(super) fn check(table: &Table, visible: &Visible, columns: &Columns, query: &ListQuery, team: &Team, page: &Page) {
    if table.len() > SMALL {
        return;
    }
    let whole = list(table, visible, columns, query, team);
    assert_eq!(page.total, whole.len() as u64, "a list's total is wrong");
    let ids: Vec<_> = page.rows.iter().map(|row| row.id).collect();
    let start = match (ids.first(), &query.after, query.position) {
        (Some(first), Some(_), _) => whole.iter().position(|record| record.id == *first),
        (_, None, position) => usize::try_from(position.unwrap_or(0)).ok(),
        (None, Some(_), _) => None,
    };
    if let Some(start) = start {
        let expected: Vec<_> = whole.iter().skip(start).take(query.limit).map(|record| record.id).collect();
        assert_eq!(ids, expected, "a list's rows are wrong");
        assert_eq!(page.next.is_some(), query.limit > 0 && start + ids.len() < whole.len(), "a list's end is wrong");
    }
}

/// Holds a list's beginning against the whole list.
#[cfg(debug_assertions)]
pub(super) fn check_first(
    table: &Table,
    visible: &Visible,
    columns: &Columns,
    query: &ListQuery,
    team: &Team,
    rows: &[Row],
) {
    if table.len() > SMALL {
        return;
    }
    let whole = list(table, visible, columns, query, team);
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let begins: Vec<_> = whole.iter().take(ids.len()).map(|record| record.id).collect();
    assert_eq!(ids, begins, "a list doesn't begin as it was said to");
}
