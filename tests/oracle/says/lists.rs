//! What a list holds and in which order, by looking at every record (R32, part 4).

use std::cmp::Ordering;

use rolecall::model::text::fold;
use rolecall::model::{Field, ObjectId, Record, RecordAction, User, Value};

use super::Oracle;

/// What a list goes by.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    Id,
    Owner,
    ExternalId,
    Field(&'a Field),
}

/// One thing of a record, so that two records can be compared by it.
#[derive(Debug, Clone, PartialEq)]
enum Thing {
    Whole(i64),
    Id(u64),
    Number(f64),
    Text(String),
}

impl Thing {
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(b),
            (Self::Id(a), Self::Id(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.partial_cmp(b).unwrap(),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            _ => panic!("a field holds values of one kind"),
        }
    }
}

/// What people see of a value.
pub fn shown(field: &Field, value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Number(number) => format!("{number}"),
        Value::Money(hundredths) => {
            let sign = if *hundredths < 0 { "-" } else { "" };
            format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
        }
        Value::Date(day) => day.date().to_string(),
        Value::YesNo(yes) => (if *yes { "Yes" } else { "No" }).to_owned(),
        Value::Option(id) => field.options.iter().find(|option| option.id == *id).unwrap().label.clone(),
    }
}

impl<'a> Oracle<'a> {
    /// The records of an object that somebody sees; nothing where the object is switched off (R11).
    pub fn visible(&self, user: &User, object: ObjectId) -> Option<Vec<&'a Record>> {
        self.has_area(user, &self.object(object).key).then(|| {
            let seen = |record: &&Record| record.object == object && self.may(user, RecordAction::View, record);
            self.records.iter().filter(seen).collect()
        })
    }

    fn thing(&self, record: &Record, by: By<'_>) -> Option<Thing> {
        match by {
            By::Id => Some(Thing::Id(record.id.0)),
            By::Owner => Some(Thing::Text(fold(&self.user(record.owner).email))),
            By::ExternalId => record.external_id.as_ref().map(|text| Thing::Text(fold(text))),
            By::Field(field) => record.value(field.id).map(|value| match value {
                // "numbers and dates as such, text by its case-folded form"
                Value::Number(number) => Thing::Number(*number),
                Value::Money(hundredths) => Thing::Whole(*hundredths),
                Value::Date(day) => Thing::Whole(i64::from(day.0)),
                Value::YesNo(yes) => Thing::Whole(i64::from(*yes)),
                Value::Text(_) | Value::Option(_) => Thing::Text(fold(&shown(field, value))),
            }),
        }
    }

    /// "equality is by kind, text case-folded"; nothing typed asks for what is empty.
    pub fn equals(&self, record: &Record, by: By<'_>, typed: &str) -> bool {
        let Some(thing) = self.thing(record, by) else { return typed.is_empty() };
        if typed.is_empty() {
            return false;
        }
        match (thing, by) {
            (Thing::Id(_), _) => record.id.to_string() == typed,
            (Thing::Number(number), _) => typed.parse() == Ok(number),
            (Thing::Whole(_), By::Field(field)) => shown(field, record.value(field.id).unwrap()) == typed,
            (Thing::Whole(_), _) => false,
            (Thing::Text(text), _) => text == fold(typed),
        }
    }

    /// "a substring of the shown text", ignoring case, in the fields that the viewer may view.
    pub fn found(&self, user: &User, record: &Record, search: &str) -> bool {
        let shown_to_them = self.columns(user, record.object).into_iter();
        let mut texts = shown_to_them.filter_map(|field| record.value(field.id).map(|value| shown(field, value)));
        texts.any(|text| fold(&text).contains(&fold(search)))
    }

    /// "Sorting is by value, empty last both ways, then by ID."
    pub fn sort(&self, records: &mut [&Record], by: By<'_>, descending: bool) {
        records.sort_by(|a, b| {
            let by_value = match (self.thing(a, by), self.thing(b, by)) {
                (Some(a), Some(b)) if descending => b.compare(&a),
                (Some(a), Some(b)) => a.compare(&b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            };
            by_value.then(a.id.cmp(&b.id))
        });
    }
}
