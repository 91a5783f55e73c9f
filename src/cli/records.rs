//! `rolecall records`.

use clap::Args;
use serde_json::{Map, Value as Json, json};

use super::args::many;
use super::fail::{End, Fail, Outcome};
use super::shell::{Shell, counted, list};
use super::table::Table;
use crate::exchange::value;
use crate::host::prompt;
use crate::service::records::{RecordQuery, RecordRow, RecordsPage};

const AFTER: &str = "Fields go by the name on screen, whatever its case; owner, external_id and id can be named
too. Filters are combined with and; text is equal whatever its case. The total is exact;
fields that may not be viewed are absent.

Examples:
  rolecall records contacts --search smith
  rolecall records contacts --as sam@paws.example --filter 'Status=Customer' --sort 'Last Name'
  rolecall records deals --sort Value:desc --limit 10 --json
  rolecall records companies --csv > companies.csv";

const USUAL_LIMIT: usize = 50;
/// The width for a list that nobody looks at.
const USUAL_WIDTH: usize = 120;

/// Where a list begins, for whoever goes on from a page without rows.
const START: &str = "start";

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct RecordsArgs {
    /// Which list
    #[arg(value_name = "OBJECT", value_parser = list(), ignore_case = true)]
    object: String,
    /// Only the records of this group
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    /// Only records in which some field shows this text
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    search: Option<String>,
    /// Only records with this value in this field; nothing after the = for an empty one
    #[arg(long, value_name = "FIELD=VALUE", value_parser = filter, allow_hyphen_values = true)]
    filter: Vec<(String, String)>,
    /// In the order of this field [default: id]
    #[arg(long, value_name = "FIELD[:desc]")]
    sort: Option<String>,
    /// At most so many [default: 50; with --csv, all]
    #[arg(long, value_name = "N", value_parser = many)]
    limit: Option<usize>,
    /// From here on: the `next` of the page before
    // Cursors may begin with a hyphen, as what is looked for may.
    #[arg(long, value_name = "CURSOR", allow_hyphen_values = true)]
    after: Option<String>,
    /// As CSV; this is an export and needs the permission to
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

fn filter(text: &str) -> Result<(String, String), String> {
    let (field, value) = text.split_once('=').ok_or("write it as FIELD=VALUE")?;
    Ok((field.trim().to_owned(), value.to_owned()))
}

/// Runs it.
pub fn run(args: &RecordsArgs, shell: &mut Shell) -> Outcome {
    if let Some(group) = &args.group {
        return Err(Fail::new(format!("there is no group “{group}”")).hinting("groups are not available yet"));
    }
    let session = shell.session()?;
    let (sort, descending) = sort(args.sort.as_deref());
    let query = RecordQuery {
        object: args.object.clone(),
        search: args.search.clone().filter(|text| !text.is_empty()),
        filters: args.filter.clone(),
        sort,
        descending,
        limit: args.limit.unwrap_or(if args.csv { usize::MAX } else { USUAL_LIMIT }),
        after: args.after.clone().filter(|after| after != START),
        ..RecordQuery::default()
    };
    if args.csv {
        session.export_csv(&query, &mut shell.out)?;
        return Ok(End::Done);
    }
    let page = match query.limit {
        0 => none_of(session.records(&RecordQuery { limit: 1, ..query })?, args.after.as_deref()),
        _ => session.records(&query)?,
    };
    if shell.json() {
        let rows: Vec<Json> = page.rows.iter().map(|row| told(row, &page)).collect();
        shell.put_json(&json!({"total": page.total, "rows": rows, "next": page.next}))?;
    } else {
        show(&page, shell)?;
    }
    Ok(End::Done)
}

/// A page without rows: what comes next is whatever would have come here.
fn none_of(page: RecordsPage, after: Option<&str>) -> RecordsPage {
    let next = (!page.rows.is_empty()).then(|| after.unwrap_or(START).to_owned());
    RecordsPage { rows: Vec::new(), next, ..page }
}

/// `FIELD`, `FIELD:asc` or `FIELD:desc`.
fn sort(text: Option<&str>) -> (Option<String>, bool) {
    let Some(text) = text else { return (None, false) };
    match text.rsplit_once(':') {
        Some((field, order)) if order.eq_ignore_ascii_case("desc") => (Some(field.to_owned()), true),
        Some((field, order)) if order.eq_ignore_ascii_case("asc") => (Some(field.to_owned()), false),
        _ => (Some(text.to_owned()), false),
    }
}

/// A record as scripts get it; a field that is empty is null, one that may not be viewed is absent.
fn told(row: &RecordRow, page: &RecordsPage) -> Json {
    let fields: Map<String, Json> = page
        .fields
        .iter()
        .map(|view| {
            let field = &view.field;
            (field.name.clone(), row.value(field.id).map_or(Json::Null, |value| value::json(field, value)))
        })
        .collect();
    json!({"id": row.id.to_string(), "external_id": row.external_id, "owner": row.owner, "fields": fields})
}

fn show(page: &RecordsPage, shell: &mut Shell) -> Result<(), Fail> {
    let names = page.fields.iter().map(|view| view.field.name.clone());
    let mut table = Table::new(["ID".to_owned(), "Owner".to_owned()].into_iter().chain(names));
    for row in &page.rows {
        let values =
            page.fields.iter().map(|view| row.value(view.field.id).map(|value| view.shown(value)).unwrap_or_default());
        table.row([row.id.to_string(), row.owner.clone()].into_iter().chain(values));
    }
    let left_out = table.fit(prompt::width().unwrap_or(USUAL_WIDTH), 3);
    if !page.rows.is_empty() {
        table.write(&mut shell.out)?;
    }
    let mut foot = format!("{} of {}", page.rows.len(), page.total);
    if left_out > 0 && !page.rows.is_empty() {
        foot.push_str(&format!("; {} with --json", counted(left_out as u64, "more field")));
    }
    if let Some(next) = &page.next {
        foot.push_str(&format!("; go on with --after {next}"));
    }
    Ok(writeln!(shell.out, "{foot}")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_read_from_the_end() {
        assert_eq!(sort(None), (None, false));
        assert_eq!(sort(Some("Last Name")), (Some("Last Name".to_owned()), false));
        assert_eq!(sort(Some("Value:DESC")), (Some("Value".to_owned()), true));
        assert_eq!(sort(Some("Time: UTC")), (Some("Time: UTC".to_owned()), false));
    }
}
