//! The values of fields as text and as JSON, by the field's kind (SPEC part 4, "Kinds").
//!
//! One place says what may be typed, what is shown (and so found by a search), what scripts get,
//! and when two values are equal for a filter.

use serde_json::Value as Json;

use super::money;
use crate::model::text::{self, fold};
use crate::model::{Day, Field, Kind, Moment, Value, time};

/// The longest text that a field holds, in characters.
pub const LONGEST_TEXT: usize = 4000;

/// A text that isn't a value of its field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct BadValue {
    /// The field's shown name.
    pub field: String,
    /// What is wrong with the text, and what is expected.
    pub problem: String,
}

/// A value as filters compare it: by kind, text in its folded form.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub enum Comparable {
    /// Text, email, phone: case-folded.
    Text(String),
    /// A number.
    Number(f64),
    /// Hundredths.
    Money(i64),
    /// A day.
    Date(Day),
    /// Yes or no.
    YesNo(bool),
    /// A dropdown's option, by its folded label.
    Option(String),
}

/// The value that a typed text gives a field. Nothing typed is an empty field.
///
/// # Errors
/// Where the text isn't of the field's kind; the error names the field and what is expected.
pub fn parse(field: &Field, typed: &str) -> Result<Option<Value>, BadValue> {
    let bad = |problem: String| BadValue { field: field.name.clone(), problem };
    let clean = text::value(typed, LONGEST_TEXT).map_err(|why| bad(why.to_string()))?;
    if clean.is_empty() {
        return Ok(None);
    }
    let shown = || text::visible(&clean);
    let value = match field.kind {
        Kind::Text => Value::Text(clean.into()),
        Kind::Number => {
            let number = number(&clean)
                .ok_or_else(|| bad(format!("“{}” isn't a number; write one such as 12 or 12.5", shown())))?;
            if !is_exact(&clean, number) {
                let (shown, near) = (shown(), number_text(number));
                return Err(bad(format!("“{shown}” has too many digits to be kept exactly; the nearest is “{near}”")));
            }
            Value::Number(number)
        }
        Kind::Money => money::parse(&clean).map(Value::Money).ok_or_else(|| {
            let shown = shown();
            bad(format!("“{shown}” isn't an amount; write one such as 1250 or 1250.50, at most two decimals"))
        })?,
        Kind::Date => day(&clean)
            .map(Value::Date)
            .ok_or_else(|| bad(format!("“{}” isn't a date; write it as YYYY-MM-DD, such as 2027-01-31", shown())))?,
        Kind::YesNo => {
            yes_no(&clean).map(Value::YesNo).ok_or_else(|| bad(format!("“{}” is neither yes nor no", shown())))?
        }
        Kind::Email => {
            check_email(&clean).map_err(|problem| bad(format!("“{}” {problem}", shown())))?;
            Value::Text(clean.into())
        }
        Kind::Phone => {
            check_phone(&clean).map_err(|problem| bad(format!("“{}” {problem}", shown())))?;
            Value::Text(clean.into())
        }
        Kind::Dropdown => option(field, &clean).ok_or_else(|| {
            let options: Vec<&str> = field.options.iter().map(|option| option.label.as_str()).collect();
            bad(format!("“{}” isn't an option; choose one of: {}", shown(), options.join(", ")))
        })?,
    };
    Ok(Some(value))
}

/// The value that a JSON value gives a field: in the form that [`json`] writes, or as typed text.
///
/// # Errors
/// As [`parse`].
pub fn from_json(field: &Field, given: &Json) -> Result<Option<Value>, BadValue> {
    let bad = |problem: &str| BadValue { field: field.name.clone(), problem: problem.to_owned() };
    match (field.kind, given) {
        (_, Json::Null) => Ok(None),
        (_, Json::String(typed)) => parse(field, typed),
        (Kind::YesNo, Json::Bool(yes)) => Ok(Some(Value::YesNo(*yes))),
        (Kind::Number | Kind::Money, Json::Number(number)) => parse(field, &number.to_string()),
        (Kind::Number, _) => Err(bad("a number is expected")),
        (Kind::Money, _) => Err(bad("an amount is expected, such as \"1250.50\"")),
        (Kind::YesNo, _) => Err(bad("true or false is expected")),
        _ => Err(bad("a text is expected")),
    }
}

/// What people see of a value, and what a search finds in it.
#[must_use]
pub fn shown(field: &Field, value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Number(number) => number_text(*number),
        Value::Money(hundredths) => money::text(*hundredths),
        Value::Date(day) => day.to_string(),
        Value::YesNo(yes) => if *yes { "Yes" } else { "No" }.to_owned(),
        Value::Option(id) => {
            field.options.iter().find(|option| option.id == *id).map(|option| option.label.clone()).unwrap_or_default()
        }
    }
}

/// What scripts get of a value: a number as a number, money as a decimal string, a date in
/// ISO 8601, yes/no as a boolean, everything else as text.
#[must_use]
pub fn json(field: &Field, value: &Value) -> Json {
    match value {
        Value::Number(number) => number_json(*number),
        Value::YesNo(yes) => Json::Bool(*yes),
        _ => Json::String(shown(field, value)),
    }
}

/// A value as filters compare it.
#[must_use]
pub fn comparable(field: &Field, value: &Value) -> Comparable {
    match value {
        Value::Text(text) => Comparable::Text(fold(text)),
        Value::Number(number) => Comparable::Number(*number),
        Value::Money(hundredths) => Comparable::Money(*hundredths),
        Value::Date(day) => Comparable::Date(*day),
        Value::YesNo(yes) => Comparable::YesNo(*yes),
        Value::Option(_) => Comparable::Option(fold(&shown(field, value))),
    }
}

/// What a filter's typed text is compared with; `None` asks for records where the field is empty.
/// Text, email and phone take any text, because half an address may be all that is known.
///
/// # Errors
/// As [`parse`].
pub fn filter(field: &Field, typed: &str) -> Result<Option<Comparable>, BadValue> {
    match field.kind {
        Kind::Email | Kind::Phone => {
            let clean = text::value(typed, LONGEST_TEXT)
                .map_err(|why| BadValue { field: field.name.clone(), problem: why.to_string() })?;
            Ok((!clean.is_empty()).then(|| Comparable::Text(fold(&clean))))
        }
        _ => Ok(parse(field, typed)?.map(|value| comparable(field, &value))),
    }
}

/// Yes or no, in the forms that people and files use.
#[must_use]
pub fn yes_no(text: &str) -> Option<bool> {
    match fold(text.trim()).as_str() {
        "yes" | "y" | "true" | "1" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// A calendar day in the one form that can't be misread.
#[must_use]
pub fn day(text: &str) -> Option<Day> {
    let shape = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(place, byte)| if matches!(place, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    if !shape {
        return None;
    }
    text.parse::<jiff::civil::Date>().ok().map(Day::from_date)
}

/// The moment that a text names as an end: that moment, or that day's end in a time zone, which is
/// UTC if unset (R10).
#[must_use]
pub fn end(text: &str, zone: Option<&str>) -> Option<Moment> {
    let text = text.trim();
    let Some(day) = day(text) else { return text.parse::<jiff::Timestamp>().ok().map(Moment::from_timestamp) };
    let next = day.date().tomorrow().ok()?;
    Some(Moment::from_timestamp(next.to_zoned(time::zone(zone)).ok()?.timestamp()))
}

/// Has this the shape of a language tag (001-16)?
///
/// # Errors
/// What is wrong, to follow the text.
pub fn check_language(text: &str) -> Result<(), String> {
    let sound = (2..=35).contains(&text.len())
        && text.split('-').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if sound { Ok(()) } else { Err("isn't a language tag; write one such as en or pt-BR".to_owned()) }
}

/// Is this an address for mail? Lenient where mail systems differ, strict about what can't be one.
///
/// # Errors
/// What is wrong, to follow the text.
pub fn check_email(text: &str) -> Result<(), String> {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return Err("isn't an email address; it has no @".to_owned());
    };
    let bad = |c: char| {
        c.is_whitespace()
            || text::is_invisible(c)
            || matches!(c, '@' | ',' | ';' | '<' | '>' | '(' | ')' | '"' | ':' | '\\' | '[' | ']')
    };
    let sound_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || (!c.is_ascii() && !bad(c)))
    };
    if local.is_empty() || local.chars().any(bad) || local.starts_with('.') || local.ends_with('.') {
        return Err("isn't an email address; look at the part before the @".to_owned());
    }
    if !domain.split('.').all(sound_label) {
        return Err("isn't an email address; look at the part after the @".to_owned());
    }
    if text.len() > 254 {
        return Err("is longer than an email address can be".to_owned());
    }
    Ok(())
}

/// Is this a telephone number, in whatever writing?
///
/// # Errors
/// What is wrong, to follow the text.
pub fn check_phone(text: &str) -> Result<(), String> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let known = |c: char| c.is_ascii_digit() || " +-().,/#*;:=".contains(c) || "extEXT".contains(c);
    if digits < 3 || text.chars().count() > 40 || !text.chars().all(known) {
        return Err("isn't a phone number; write digits, with spaces, + - ( ) / . or ext between".to_owned());
    }
    Ok(())
}

fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let number: f64 = if plain { text.parse().ok()? } else { return None };
    // Adding zero turns negative zero into zero.
    number.is_finite().then_some(number + 0.0)
}

/// Does a number stand for the digits that were typed, all of them? With an exponent nobody counts
/// digits. Where two shortest writings are equally near, JSON has one and what is shown the other.
fn is_exact(typed: &str, number: f64) -> bool {
    // So few digits are always kept.
    const FEW: usize = 15;
    let written = || [number.to_string(), Json::from(number).to_string()];
    typed.len() <= FEW || typed.contains(['e', 'E']) || written().iter().any(|all| digits(typed) == digits(all))
}

/// The digits before and after the point that make a difference.
fn digits(number: &str) -> (&str, &str) {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    (whole.trim_start_matches(['+', '-', '0']), decimals.trim_end_matches('0'))
}

fn option(field: &Field, label: &str) -> Option<Value> {
    let found = field.options.iter().find(|option| option.label == label);
    let found = found.or_else(|| {
        let folded = fold(label);
        field.options.iter().find(|option| fold(&option.label) == folded)
    });
    found.map(|option| Value::Option(option.id))
}

fn number_text(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-7..1e21).contains(&size) { format!("{number:e}") } else { number.to_string() }
}

#[allow(clippy::cast_possible_truncation, reason = "whole and within the range in which floats are exact")]
fn number_json(number: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT { Json::from(number as i64) } else { Json::from(number) }
}

#[cfg(test)]
#[path = "value_tests.rs"]
mod tests;
