//! `fields`: new sections, new fields, new options; a field that exists may move to another
//! section. Nothing is taken away here, because records hold values of it.

use std::collections::HashSet;
use std::sync::Arc;

use super::draft::{Draft, take};
use super::place::{LONGEST_NAME, Place, Report, Table};
use crate::model::text::{self, fold};
use crate::model::{Field, FieldId, FieldOption, Kind, NextIds, Object, OptionId, Section, SectionId};

/// Names that commands and CSV columns give another meaning.
const TAKEN: &[&str] = &["id", "external_id", "owner", "assigned_to", "private"];
/// The most fields of one object, and the most options of one dropdown.
pub const MOST: usize = 1000;

impl Draft<'_> {
    /// Reads `fields`.
    pub fn fields(&mut self, place: &Place<'_>) {
        for (key, place) in place.entries(&mut self.report) {
            let Some(object) = self.team.object_by_key(key) else {
                let known: Vec<&str> = self.team.objects.values().map(|object| object.key.as_str()).collect();
                self.report.wrong(&place, format!("there is no object of this name; known: {}", known.join(", ")));
                continue;
            };
            let mut object = Arc::clone(object);
            let mut seen = HashSet::new();
            for item in place.items(&mut self.report) {
                self.field(Arc::make_mut(&mut object), &item, &mut seen);
            }
            self.team.objects.insert(object.id, object);
        }
    }

    fn field(&mut self, object: &mut Object, item: &Place<'_>, seen: &mut HashSet<String>) {
        let report = &mut self.report;
        let table = item.table(&["section", "name", "kind", "options"], report);
        let Some(name_place) = table.need("name", report) else { return };
        let Some(name) = name_place.name(report) else { return };
        if !seen.insert(fold(&name)) {
            report.wrong(name_place, format!("the field “{name}” is listed twice"));
            return;
        }
        let section = table
            .get("section")
            .and_then(|place| place.name(report).map(|name| (place, name)))
            .and_then(|(place, name)| section(object, &name, place, &mut self.team.account.next, report));
        let kind = table.get("kind").map(|place| (place, kind(place, report)));
        let labels = options(&table, report);
        let position = object.fields.iter().position(|field| fold(&field.name) == fold(&name));
        if let Some(field) = position.and_then(|position| object.fields.get_mut(position)) {
            if let Some((place, Some(kind))) = kind
                && kind != field.kind
            {
                report.wrong(place, format!("“{}” is of kind {} and stays so", field.name, field.kind.token()));
            }
            if let Some(section) = section {
                field.section = section;
            }
            put_options(field, &labels, item, report);
            return;
        }
        // From here on the field is new.
        if let Some(why) = unaddressable(&name) {
            report.wrong(name_place, format!("“{name}” {why}; choose another name"));
            return;
        }
        if table.get("section").is_none() {
            report.wrong(item, format!("`section` is missing; the new field “{name}” needs one"));
        }
        let Some((_, Some(kind))) = kind else {
            if table.get("kind").is_none() {
                report.wrong(item, format!("`kind` is missing; the new field “{name}” needs one of: {}", kinds()));
            }
            return;
        };
        let Some(section) = section else { return };
        if object.fields.len() >= MOST {
            report.wrong(item, format!("an object has at most {MOST} fields"));
            return;
        }
        if kind == Kind::Dropdown && labels.is_empty() {
            report.wrong(item, format!("`options` is missing; the dropdown “{name}” needs at least one"));
        }
        let id = FieldId(take(&mut self.team.account.next.field));
        let mut field = Field { id, section, name, kind, options: Vec::new(), next_option: 0, automatic: None };
        put_options(&mut field, &labels, item, report);
        object.fields.push(field);
    }
}

/// Why commands couldn't name a field of this name.
#[must_use]
pub fn unaddressable(name: &str) -> Option<&'static str> {
    let folded = fold(name);
    if TAKEN.contains(&folded.as_str()) {
        return Some("has a meaning of its own in commands");
    }
    if name.contains('=') {
        return Some("can't be named in a filter, where = stands between field and value");
    }
    let ordered = [":desc", ":asc"].iter().any(|order| folded.ends_with(order));
    ordered.then_some("can't be named in an order, where :asc and :desc say which way")
}

fn section(
    object: &mut Object,
    name: &str,
    place: &Place<'_>,
    next: &mut NextIds,
    report: &mut Report,
) -> Option<SectionId> {
    if let Some(section) = object.section_named(name) {
        return Some(section.id);
    }
    if object.sections.len() >= Object::MAX_SECTIONS {
        report.wrong(place, format!("an object has at most {} sections", Object::MAX_SECTIONS));
        return None;
    }
    let id = SectionId(take(&mut next.section));
    object.sections.push(Section { id, name: name.to_owned() });
    Some(id)
}

fn kind(place: &Place<'_>, report: &mut Report) -> Option<Kind> {
    let token = place.text(report)?;
    let kind = Kind::from_token(&fold(token.trim()));
    if kind.is_none() {
        report.wrong(place, format!("“{}” is no kind of field; choose one of: {}", text::visible(token), kinds()));
    }
    kind
}

fn kinds() -> String {
    Kind::ALL.map(Kind::token).join(", ")
}

fn options(table: &Table<'_>, report: &mut Report) -> Vec<String> {
    let Some(place) = table.get("options") else { return Vec::new() };
    let mut labels: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for item in place.items(report) {
        let Some(label) = item.name(report) else { continue };
        if seen.insert(fold(&label)) {
            labels.push(label);
        } else {
            report.wrong(&item, format!("the option “{label}” is listed twice"));
        }
    }
    labels
}

/// The listed options in the file's order, then those that the file doesn't list.
fn put_options(field: &mut Field, labels: &[String], item: &Place<'_>, report: &mut Report) {
    if labels.is_empty() {
        return;
    }
    if field.kind != Kind::Dropdown {
        report.wrong(item, format!("`options` is for dropdowns; “{}” is of kind {}", field.name, field.kind.token()));
        return;
    }
    if labels.len() > MOST {
        report.wrong(item, format!("a dropdown has at most {MOST} options, of {LONGEST_NAME} characters each"));
        return;
    }
    let mut left = std::mem::take(&mut field.options);
    for label in labels {
        let known = left.iter().position(|option| fold(&option.label) == fold(label));
        let id = match known {
            Some(position) => left.remove(position).id,
            None => {
                let id = OptionId(field.next_option);
                field.next_option = field.next_option.saturating_add(1);
                id
            }
        };
        field.options.push(FieldOption { id, label: label.clone() });
    }
    field.options.append(&mut left);
}
