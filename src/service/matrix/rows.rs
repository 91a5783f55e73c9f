//! The rows of the matrix: what there is to permit, area by area, each with the values that it can
//! have and what they mean (000-28).

use std::ops::Range;

use super::key::RowKey;
use crate::model::catalog::{Area, DecidedBy, Feature};
use crate::model::{FeatureValue, Object, Scope, SectionAccess, Team};
use crate::service::edit_roles::{Cell, CellValue, Verb};

/// What stands before an object's name in the heading of its sections.
pub(super) const FIELDS_OF: &str = "Fields of ";

/// A group of rows under one heading: an area, or the field sections of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The area's key, or the object's with `/` for its sections.
    pub key: String,
    /// The heading.
    pub label: String,
    /// What it is about.
    pub help: String,
    /// Its rows.
    pub rows: Range<usize>,
    /// The row of the permission that switches the area on (R1).
    pub access: Option<usize>,
}

/// One permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it sets.
    pub key: RowKey,
    /// The same by names, as it is saved.
    pub cell: Cell,
    /// What a command calls it: `contacts.export`, `contacts.view`, `contacts/Memberships`.
    pub code: String,
    /// The name on screens.
    pub label: String,
    /// Which group it is in.
    pub group: usize,
    /// The values that it can have, each with its meaning, in the order in which they are gone
    /// through.
    pub values: Vec<(CellValue, String)>,
    /// What decides it, where that isn't the role.
    pub elsewhere: Option<Elsewhere>,
    /// The types of role that can hold it at all.
    pub ceiling: crate::model::catalog::Ceiling,
}

/// What decides a permission, where that isn't the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elsewhere {
    /// It follows creating (R13).
    Creating,
    /// It is set for each person (003-23).
    Person,
}

impl Row {
    /// What a value means here.
    #[must_use]
    pub fn meaning(&self, value: CellValue) -> &str {
        self.values.iter().find(|(known, _)| *known == value).map_or("", |(_, meaning)| meaning)
    }

    /// Can the row have this value at all?
    #[must_use]
    pub fn takes(&self, value: CellValue) -> bool {
        self.values.iter().any(|(known, _)| *known == value)
    }

    /// The value after this one, round and round.
    #[must_use]
    pub fn next(&self, value: CellValue) -> CellValue {
        let at = self.values.iter().position(|(known, _)| *known == value).map_or(0, |at| at + 1);
        self.values.get(at).or(self.values.first()).map_or(value, |(value, _)| *value)
    }
}

/// All rows of a team. `shown` says which sections of an object there are for whoever looks.
pub(super) fn rows(team: &Team, shown: &dyn Fn(&Object, usize) -> bool) -> (Vec<Group>, Vec<Row>) {
    let mut making = Making { team, groups: Vec::new(), rows: Vec::new() };
    for area in &team.catalog.areas {
        let object = area.object.and_then(|id| team.objects.get(&id));
        making.area(area, object.map(AsRef::as_ref));
        if let Some(object) = object {
            making.sections(object, shown);
        }
    }
    (making.groups, making.rows)
}

struct Making<'a> {
    team: &'a Team,
    groups: Vec<Group>,
    rows: Vec<Row>,
}

impl Making<'_> {
    fn help(&self, of: &str, token: &str) -> String {
        self.team.catalog.scope_help(of, token).unwrap_or_default().to_owned()
    }

    fn push(&mut self, key: RowKey, cell: Cell, code: String, label: &str, values: Vec<(CellValue, String)>) {
        let (group, label) = (self.groups.len(), label.to_owned());
        let ceiling = crate::model::catalog::Ceiling::Anyone;
        self.rows.push(Row { key, cell, code, label, group, values, elsewhere: None, ceiling });
    }

    fn area(&mut self, area: &Area, object: Option<&Object>) {
        let start = self.rows.len();
        let mut access = None;
        let features: Vec<&Feature> = area.features.iter().filter_map(|id| self.team.catalog.feature(*id)).collect();
        // The access first, then whose records, then the rest.
        for feature in features.iter().filter(|feature| Some(feature.id) == area.access) {
            access = Some(self.rows.len());
            self.feature(feature);
        }
        if let Some(object) = object {
            self.scopes(object);
        }
        for feature in features.iter().filter(|feature| Some(feature.id) != area.access) {
            self.feature(feature);
        }
        self.groups.push(Group {
            key: area.key.clone(),
            label: area.label.clone(),
            help: area.help.clone(),
            rows: start..self.rows.len(),
            access,
        });
    }

    fn feature(&mut self, feature: &Feature) {
        let mut values = vec![
            (CellValue::Feature(FeatureValue::No), feature.no.clone()),
            (CellValue::Feature(FeatureValue::Yes), feature.yes.clone()),
        ];
        if feature.requestable {
            values.push((CellValue::Feature(FeatureValue::Request), self.help("feature", "request")));
        }
        let cell = Cell::Feature(feature.key.clone());
        self.push(RowKey::Feature(feature.id), cell, feature.key.clone(), &self.team.catalog.title(feature), values);
        if let Some(row) = self.rows.last_mut() {
            row.ceiling = feature.ceiling;
            row.elsewhere = match feature.decided_by {
                DecidedBy::Role => None,
                DecidedBy::Creating => Some(Elsewhere::Creating),
                DecidedBy::TalkFlag => Some(Elsewhere::Person),
            };
        }
    }

    fn scopes(&mut self, object: &Object) {
        // From the narrowest to the widest.
        const ORDER: [Scope; 5] = [Scope::None, Scope::Own, Scope::Subordinates, Scope::Roles, Scope::All];
        for verb in Verb::ALL {
            let of = |scope: &Scope| (CellValue::Scope(*scope), self.help(verb.token(), scope.token()));
            // R1: a view of None is the area's access switched off.
            let values = ORDER.iter().filter(|scope| verb != Verb::View || **scope != Scope::None).map(of).collect();
            let cell = Cell::Scope(object.key.clone(), verb);
            let code = format!("{}.{}", object.key, verb.token());
            self.push(RowKey::Scope(object.id, verb), cell, code, verb.label(), values);
        }
    }

    fn sections(&mut self, object: &Object, shown: &dyn Fn(&Object, usize) -> bool) {
        let start = self.rows.len();
        for (_, section) in object.sections.iter().enumerate().filter(|(place, _)| shown(object, *place)) {
            let of = |(access, token): (SectionAccess, &str)| (CellValue::Section(access), self.help("section", token));
            let order =
                [(SectionAccess::Hidden, "hidden"), (SectionAccess::View, "view"), (SectionAccess::Edit, "edit")];
            let values = order.into_iter().map(of).collect();
            let cell = Cell::Section(object.key.clone(), section.name.clone());
            let code = format!("{}/{}", object.key, section.name);
            self.push(RowKey::Section(object.id, section.id), cell, code, &section.name, values);
        }
        if start < self.rows.len() {
            self.groups.push(Group {
                key: format!("{}/", object.key),
                label: format!("{FIELDS_OF}{}", object.label),
                help: self.help("about", "section"),
                rows: start..self.rows.len(),
                access: None,
            });
        }
    }
}
