//! TOML into nodes, and a file's tree into TOML that people like to read.

use serde_json::{Map, Value as Json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::node::{Entry, Kind, Lines, Node};

/// The tree of a text, or its errors with their lines.
pub fn read(text: &str) -> Result<Node, Vec<(usize, String)>> {
    let lines = Lines::of(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let told = errors.iter().map(|error| {
            let line = lines.at(error.span().map_or(0, |span| span.start));
            (line, format!("isn't TOML here: {}", error.message()))
        });
        return Err(told.collect());
    }
    Ok(Node { line: 1, kind: map(table.get_ref(), &lines) })
}

fn map(table: &DeTable<'_>, lines: &Lines) -> Kind {
    let entries = table.iter().map(|(key, value)| Entry {
        key: key.get_ref().to_string(),
        line: lines.at(key.span().start),
        value: node(value, lines),
    });
    Kind::Map(entries.collect())
}

fn node(value: &Spanned<DeValue<'_>>, lines: &Lines) -> Node {
    let kind = match value.get_ref() {
        DeValue::String(text) => Kind::Text(text.to_string()),
        DeValue::Integer(number) => Kind::Number(number.to_string()),
        DeValue::Float(number) => Kind::Number(number.to_string()),
        DeValue::Boolean(flag) => Kind::Flag(*flag),
        DeValue::Datetime(moment) => Kind::Text(moment.to_string()),
        DeValue::Array(items) => Kind::List(items.iter().map(|item| node(item, lines)).collect()),
        DeValue::Table(table) => map(table, lines),
    };
    Node { line: lines.at(value.span().start), kind }
}

/// A file's text: scalars first, then a headed table for each table and each member of a list, and
/// whatever stands deeper in one line.
pub fn write(file: &Map<String, Json>) -> String {
    let mut text = String::new();
    write_table(&mut text, "", file);
    text
}

fn write_table(text: &mut String, path: &str, table: &Map<String, Json>) {
    let is_headed = |value: &Json| match value {
        Json::Object(_) => true,
        Json::Array(items) => items.first().is_some_and(Json::is_object),
        _ => false,
    };
    for (key, value) in table.iter().filter(|(_, value)| !is_headed(value)) {
        text.push_str(&format!("{} = {}\n", written_key(key), inline(value)));
    }
    for (key, value) in table.iter().filter(|(_, value)| is_headed(value)) {
        let path = if path.is_empty() { written_key(key) } else { format!("{path}.{}", written_key(key)) };
        match value {
            Json::Object(below) if holds_tables_of_tables(below) => write_table(text, &path, below),
            Json::Object(below) => {
                text.push_str(&format!("\n[{path}]\n"));
                write_flat(text, below);
            }
            Json::Array(items) => {
                for item in items.iter().filter_map(Json::as_object) {
                    text.push_str(&format!("\n[[{path}]]\n"));
                    write_table(text, &path, item);
                }
            }
            _ => {}
        }
    }
}

fn holds_tables_of_tables(table: &Map<String, Json>) -> bool {
    table.values().any(|value| match value {
        Json::Object(below) => below.values().any(Json::is_object),
        Json::Array(items) => items.first().is_some_and(Json::is_object),
        _ => false,
    })
}

fn write_flat(text: &mut String, table: &Map<String, Json>) {
    for (key, value) in table {
        text.push_str(&format!("{} = {}\n", written_key(key), inline(value)));
    }
}

fn written_key(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if bare { key.to_owned() } else { written_text(key) }
}

fn written_text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn inline(value: &Json) -> String {
    match value {
        Json::String(text) => written_text(text),
        Json::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Json::Object(table) if table.is_empty() => "{}".to_owned(),
        Json::Object(table) => {
            let pairs = table.iter().map(|(key, value)| format!("{} = {}", written_key(key), inline(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        Json::Null => "\"\"".to_owned(),
        other => other.to_string(),
    }
}
