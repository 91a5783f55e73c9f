use super::*;
use crate::model::{FieldId, FieldOption, OptionId, SectionId};
use proptest::prelude::*;

fn field(kind: Kind) -> Field {
    let options = ["Lead", "Straße"]
        .iter()
        .zip(3u16..)
        .map(|(label, id)| FieldOption { id: OptionId(id), label: (*label).to_owned() });
    Field {
        id: FieldId(0),
        section: SectionId(0),
        name: "Thing".to_owned(),
        kind,
        options: if kind == Kind::Dropdown { options.collect() } else { Vec::new() },
        next_option: 5,
        automatic: None,
    }
}

#[test]
fn each_kind_reads_its_forms_and_shows_them() {
    let cases: &[(Kind, &str, &str, Json)] = &[
        (Kind::Text, "  Zoë\r\nline ", "Zoë\nline", Json::from("Zoë\nline")),
        (Kind::Number, "12.50", "12.5", Json::from(12.5)),
        (Kind::Number, "-0", "0", Json::from(0)),
        (Kind::Number, "1e3", "1000", Json::from(1000)),
        (Kind::Money, "1250.5", "1250.50", Json::from("1250.50")),
        (Kind::Date, "2028-02-29", "2028-02-29", Json::from("2028-02-29")),
        (Kind::YesNo, "TRUE", "Yes", Json::from(true)),
        (Kind::YesNo, "n", "No", Json::from(false)),
        (Kind::Email, "Sam@paws.example", "Sam@paws.example", Json::from("Sam@paws.example")),
        (Kind::Phone, "+49 (170) 555-01 ext 3", "+49 (170) 555-01 ext 3", Json::from("+49 (170) 555-01 ext 3")),
        (Kind::Dropdown, "STRASSE", "Straße", Json::from("Straße")),
    ];
    for (kind, typed, expected, script) in cases {
        let field = field(*kind);
        let value = parse(&field, typed).unwrap().unwrap();
        assert_eq!(&shown(&field, &value), expected);
        assert_eq!(&json(&field, &value), script);
        assert_eq!(from_json(&field, script).unwrap().as_ref(), Some(&value));
    }
}

#[test]
fn a_bad_value_names_its_field_and_what_is_expected() {
    let cases = [
        (Kind::Number, "NaN", "isn't a number"),
        (Kind::Number, "inf", "isn't a number"),
        (Kind::Number, "1e999", "isn't a number"),
        (Kind::Number, "9007199254740993", "the nearest is “9007199254740992”"),
        (Kind::Number, "-0.12345678901234567890", "too many digits"),
        (Kind::Money, "1.234", "two decimals"),
        (Kind::Date, "2027-02-29", "YYYY-MM-DD"),
        (Kind::Date, "31.1.2027", "YYYY-MM-DD"),
        (Kind::YesNo, "maybe", "neither yes nor no"),
        (Kind::Email, "sam", "no @"),
        (Kind::Email, "sam smith@paws.example", "before the @"),
        (Kind::Email, "sam@paws..example", "after the @"),
        (Kind::Phone, "call me", "isn't a phone number"),
        (Kind::Dropdown, "Nobody", "choose one of: Lead, Straße"),
        (Kind::Text, "a\u{202E}b", "invisible character U+202E"),
    ];
    for (kind, typed, expected) in cases {
        let error = parse(&field(kind), typed).unwrap_err().to_string();
        assert!(error.starts_with("Thing: ") && error.contains(expected), "{error}");
    }
}

#[test]
fn numbers_that_are_kept_exactly_are_taken_in_any_writing() {
    for typed in ["9007199254740992", "-007.50", "+.5", "12.", "0.1", "100000000000000000000", "9007199254740993e0"] {
        assert!(parse(&field(Kind::Number), typed).is_ok(), "{typed}");
    }
    // Two writings of one number, of which JSON has the even one.
    for typed in ["18694182248597.062", "18694182248597.063"] {
        assert_eq!(parse(&field(Kind::Number), typed), Ok(Some(Value::Number(18_694_182_248_597.062))));
    }
    assert!(parse(&field(Kind::Number), "18694182248597.061").is_err());
}

#[test]
fn nothing_typed_is_an_empty_field() {
    for kind in Kind::ALL {
        assert_eq!(parse(&field(kind), " \t "), Ok(None));
    }
}

#[test]
fn filters_compare_by_kind_and_text_without_case() {
    let text = field(Kind::Text);
    let value = parse(&text, "Straße").unwrap().unwrap();
    assert_eq!(filter(&text, "STRASSE").unwrap(), Some(comparable(&text, &value)));
    let amount = field(Kind::Money);
    let value = parse(&amount, "12.50").unwrap().unwrap();
    assert_eq!(filter(&amount, "12.5").unwrap(), Some(comparable(&amount, &value)));
    assert_eq!(filter(&field(Kind::Email), "SAM@").unwrap(), Some(Comparable::Text("sam@".to_owned())));
    assert_eq!(filter(&amount, "").unwrap(), None);
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic_and_what_it_takes_reads_back(typed in ".{0,60}") {
        for kind in Kind::ALL {
            let field = field(kind);
            if let Ok(Some(value)) = parse(&field, &typed) {
                let again = parse(&field, &shown(&field, &value)).unwrap();
                prop_assert_eq!(again, Some(value));
            }
        }
    }

    #[test]
    fn numbers_read_back_as_they_were(number in proptest::num::f64::NORMAL) {
        let field = field(Kind::Number);
        let value = Value::Number(number);
        prop_assert_eq!(parse(&field, &shown(&field, &value)).unwrap(), Some(value.clone()));
        prop_assert_eq!(from_json(&field, &json(&field, &value)).unwrap(), Some(value));
    }
}

/// R10: a typed date is that day's end where the account is, also where midnight doesn't exist.
#[test]
fn a_days_end_is_shown_as_it_is_typed() {
    for zone in [None, Some("Europe/Berlin"), Some("Pacific/Apia"), Some("America/Sao_Paulo")] {
        for day in ["2027-01-31", "2018-11-03", "2011-12-29", "2024-02-29"] {
            let end = super::end(day, zone).unwrap();
            prop_assert_shown(end, zone, day);
        }
    }
    assert_eq!(super::end("2027-01-31", None).unwrap().to_string(), "2027-02-01T00:00:00Z");
    assert_eq!(super::end("2027-01-31", Some("Europe/Berlin")).unwrap().to_string(), "2027-01-31T23:00:00Z");
    let moment = super::end("2027-01-31T18:00:00Z", None).unwrap();
    assert_eq!(crate::model::time::shown_end(moment, None), "2027-01-31T18:00:00Z");
    assert_eq!(super::end("tomorrow", None), None);
}

#[track_caller]
fn prop_assert_shown(end: crate::model::Moment, zone: Option<&str>, day: &str) {
    let shown = crate::model::time::shown_end(end, zone);
    assert_eq!(super::end(&shown, zone), Some(end), "{day} in {zone:?} shows as {shown}");
}
