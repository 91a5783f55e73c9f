//! JSON into nodes. The strict parser says whether it is JSON at all; the other one knows where
//! everything stands.

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::node::{Entry, Kind, Lines, Node};

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// The tree of a text, or its errors with their lines.
pub fn read(text: &str) -> Result<Node, Vec<(usize, String)>> {
    serde_json::from_str::<serde::de::IgnoredAny>(text)
        .map_err(|error| vec![(error.line().max(1), format!("isn't JSON here: {error}"))])?;
    let lines = Lines::of(text);
    let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT)
        .map_err(|error| vec![(lines.at(error.range().start), format!("isn't JSON here: {error}"))])?;
    let mut twice = Vec::new();
    let root = match parsed.value {
        Some(value) => node(&value, &lines, &mut twice),
        None => return Err(vec![(1, "is empty".to_owned())]),
    };
    if twice.is_empty() { Ok(root) } else { Err(twice) }
}

fn node(value: &Value<'_>, lines: &Lines, twice: &mut Vec<(usize, String)>) -> Node {
    let kind = match value {
        Value::StringLit(text) => Kind::Text(text.value.to_string()),
        Value::NumberLit(number) => Kind::Number(number.value.to_owned()),
        Value::BooleanLit(flag) => Kind::Flag(flag.value),
        Value::NullKeyword(_) => Kind::Null,
        Value::Array(array) => Kind::List(array.elements.iter().map(|item| node(item, lines, twice)).collect()),
        Value::Object(object) => {
            let mut seen = std::collections::HashSet::new();
            let mut entries = Vec::with_capacity(object.properties.len());
            for property in &object.properties {
                let key = match &property.name {
                    ObjectPropName::String(text) => text.value.to_string(),
                    ObjectPropName::Word(word) => word.value.to_owned(),
                };
                let line = lines.at(property.range.start);
                if !seen.insert(key.clone()) {
                    twice.push((line, format!("the key “{key}” stands here for the second time")));
                }
                entries.push(Entry { key, line, value: node(&property.value, lines, twice) });
            }
            Kind::Map(entries)
        }
    };
    Node { line: lines.at(value.range().start), kind }
}
