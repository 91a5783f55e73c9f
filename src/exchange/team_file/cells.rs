//! A role's cells: features, scopes, sections, and what an unlisted one means.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::node::Kind;
use super::place::{Place, Table};
use crate::model::catalog::{Area, DecidedBy};
use crate::model::text::visible;
use crate::model::{Feature, FeatureId, FeatureValue, ObjectId, Role, Scope, Scopes, SectionAccess, Team};

impl Draft<'_> {
    /// Reads `features`, `scopes` and `sections` into a role.
    pub fn cells(&mut self, role: &mut Role, table: &Table<'_>, created: bool) {
        let features = table.get("features").map(|place| self.features(role, place)).unwrap_or_default();
        let scopes = table.get("scopes").map(|place| self.scopes(role, place)).unwrap_or_default();
        for (id, value) in &features {
            if self.team.catalog.feature(*id).is_some_and(|feature| feature.decided_by == DecidedBy::Role) {
                set_feature(role, *id, *value);
            }
        }
        for (object, scopes) in &scopes {
            if *scopes == Scopes::UNLISTED {
                role.scopes.remove(object);
            } else {
                role.scopes.insert(*object, *scopes);
            }
        }
        if created {
            infer(role, &features, &scopes, &self.team);
        }
        if let Some(place) = table.get("sections") {
            self.sections(role, place, created);
        }
    }

    /// Keys of features with their places; `contacts.export` and `contacts` → `export` are the same.
    pub fn feature_places<'a>(
        &mut self,
        place: &Place<'a>,
        is_value: impl Fn(&Place<'a>) -> bool,
    ) -> Vec<(FeatureId, Place<'a>)> {
        let mut found: Vec<(FeatureId, Place<'a>)> = Vec::new();
        for (key, place) in place.entries(&mut self.report) {
            let nested = matches!(place.node.kind, Kind::Map(_)) && !is_value(&place);
            let leaves: Vec<(String, Place<'a>)> = if nested {
                let below = place.entries(&mut self.report);
                below.into_iter().map(|(rest, place)| (format!("{key}.{rest}"), place)).collect()
            } else {
                vec![(key.to_owned(), place)]
            };
            for (key, place) in leaves {
                match self.team.catalog.by_key(&key).map(|feature| feature.id) {
                    None => self.report.wrong(&place, unknown_feature(&key, &self.team)),
                    Some(id) if found.iter().any(|(other, _)| *other == id) => {
                        self.report.wrong(&place, format!("{key} is listed twice"));
                    }
                    Some(id) => found.push((id, place)),
                }
            }
        }
        found
    }

    fn features(&mut self, role: &Role, place: &Place<'_>) -> BTreeMap<FeatureId, FeatureValue> {
        let mut values = BTreeMap::new();
        for (id, place) in self.feature_places(place, |_| false) {
            let Some(text) = place.text(&mut self.report) else { continue };
            let Some(value) = FeatureValue::from_text(text) else {
                let shown = visible(text);
                self.report.wrong(&place, format!("“{shown}” is no value of a feature; write yes, no or request"));
                continue;
            };
            let Some(feature) = self.team.catalog.feature(id) else { continue };
            match (feature.decided_by, value) {
                (DecidedBy::Role, FeatureValue::Request) if !feature.requestable => {
                    let message = format!("{} can't be requested; write yes or no", feature.key);
                    self.report.wrong(&place, message);
                }
                (DecidedBy::Role, _) => {
                    if value != FeatureValue::No && !feature.ceiling.admits(role.role_type) {
                        let kind = role.role_type.label();
                        let message =
                            format!("{} is beyond the type {kind} and has no effect in this role", feature.key);
                        self.report.note(&place, message);
                    }
                    values.insert(id, value);
                }
                // Changes nothing, but is a feature that its area lists.
                (DecidedBy::Creating, FeatureValue::Yes) => {
                    values.insert(id, value);
                }
                (DecidedBy::Creating, _) => {
                    let message =
                        format!("{} is Yes for whoever may create records and can't be set; leave it out", feature.key);
                    self.report.wrong(&place, message);
                }
                (DecidedBy::TalkFlag, _) => {
                    let message =
                        format!("{} has no effect in a role; set `talk_access` of each person instead", feature.key);
                    self.report.note(&place, message);
                }
            }
        }
        values
    }

    fn scopes(&mut self, role: &Role, place: &Place<'_>) -> BTreeMap<ObjectId, Scopes> {
        let mut listed = BTreeMap::new();
        for (key, place) in place.entries(&mut self.report) {
            let Some(object) = self.object(key, &place) else { continue };
            let table = place.table(&["view", "edit", "delete"], &mut self.report);
            let mut scopes = role.scopes(object);
            if let Some(place) = table.get("view") {
                match self.scope(place) {
                    Some(Scope::None) => {
                        let message = format!("view can't be none; to hide {key} altogether set {key}.access to no");
                        self.report.wrong(place, message);
                    }
                    Some(scope) => scopes.view = scope,
                    None => {}
                }
            }
            if let Some(scope) = table.get("edit").and_then(|place| self.scope(place)) {
                scopes.edit = scope;
            }
            if let Some(scope) = table.get("delete").and_then(|place| self.scope(place)) {
                scopes.delete = scope;
            }
            if !place.is_empty() {
                listed.insert(object, scopes);
            }
        }
        listed
    }

    fn scope(&mut self, place: &Place<'_>) -> Option<Scope> {
        let text = place.text(&mut self.report)?;
        let scope = Scope::from_text(text);
        if scope.is_none() {
            let shown = visible(text);
            let message = format!("“{shown}” is no scope; write all, roles, subordinates, own or none");
            self.report.wrong(place, message);
        }
        scope
    }

    fn sections(&mut self, role: &mut Role, place: &Place<'_>, created: bool) {
        for (key, place) in place.entries(&mut self.report) {
            let Some(object) = self.object(key, &place) else { continue };
            let mut seen = std::collections::HashSet::new();
            for (name, place) in place.entries(&mut self.report) {
                let Some(object) = self.team.objects.get(&object) else { continue };
                let Some(section) = object.section_named(name).map(|section| section.id) else {
                    let known: Vec<&str> = object.sections.iter().map(|section| section.name.as_str()).collect();
                    let message = format!("{key} has no section of this name; known: {}", known.join(", "));
                    self.report.wrong(&place, message);
                    continue;
                };
                if !seen.insert(section) {
                    self.report.wrong(&place, "this section is listed twice");
                    continue;
                }
                let stays = (!created).then(|| role.section(section));
                match self.section_access(stays, &place) {
                    Some(SectionAccess::Edit) => {
                        role.sections.remove(&section);
                    }
                    Some(access) => {
                        role.sections.insert(section, access);
                    }
                    None => {}
                }
            }
        }
    }

    /// Of a new role's section, a cell that isn't listed follows the other one; of one that exists, it
    /// stays as it is, but for an edit whose view is taken away (R12), which is noted. Nothing is given
    /// that isn't listed.
    fn section_access(&mut self, stays: Option<SectionAccess>, place: &Place<'_>) -> Option<SectionAccess> {
        let table = place.table(&["view", "edit"], &mut self.report);
        let view = table.get("view").and_then(|place| place.flag(&mut self.report));
        let edit = table.get("edit").and_then(|place| place.flag(&mut self.report));
        match (view, edit) {
            (Some(false), Some(true)) => {
                self.report.wrong(place, "edit needs view: set view to true, or edit to false");
                None
            }
            (Some(false), None) if stays == Some(SectionAccess::Edit) => {
                self.report.note(place, "edit is off too: it needs view");
                Some(SectionAccess::Hidden)
            }
            (None, Some(true)) if stays == Some(SectionAccess::Hidden) => {
                self.report.wrong(
                    place,
                    "edit needs view, and view is off and stays so unless it is listed: set it to true too",
                );
                None
            }
            (Some(false), _) => Some(SectionAccess::Hidden),
            (_, Some(true)) => Some(SectionAccess::Edit),
            (Some(true), Some(false)) => Some(SectionAccess::View),
            (Some(true), None) => Some(stays.map_or(SectionAccess::Edit, |stays| stays.max(SectionAccess::View))),
            (None, Some(false)) => Some(stays.map_or(SectionAccess::View, |stays| stays.min(SectionAccess::View))),
            (None, None) => None,
        }
    }

    fn object(&mut self, key: &str, place: &Place<'_>) -> Option<ObjectId> {
        let found = self.team.object_by_key(key).map(|object| object.id);
        if found.is_none() {
            let known: Vec<&str> = self.team.objects.values().map(|object| object.key.as_str()).collect();
            self.report.wrong(place, format!("there are no records of this name; known: {}", known.join(", ")));
        }
        found
    }
}

/// What a new role has where its file lists nothing: an area's access follows from what is listed
/// of the area, and its `may_delete` from the delete scope.
fn infer(
    role: &mut Role,
    features: &BTreeMap<FeatureId, FeatureValue>,
    scopes: &BTreeMap<ObjectId, Scopes>,
    team: &Team,
) {
    for area in &team.catalog.areas {
        let scope = area.object.and_then(|object| scopes.get(&object));
        if let Some(access) = area.access.filter(|access| !features.contains_key(access)) {
            let wanted = |id: &FeatureId| features.get(id).is_some_and(|value| *value != FeatureValue::No);
            if scope.is_some() || area.features.iter().any(wanted) {
                set_feature(role, access, FeatureValue::Yes);
            }
        }
        let may_delete = may_delete(area, team).filter(|feature| !features.contains_key(&feature.id));
        if let (Some(feature), Some(scopes)) = (may_delete, scope)
            && scopes.delete != Scope::None
        {
            set_feature(role, feature.id, FeatureValue::Yes);
        }
    }
}

fn may_delete<'a>(area: &Area, team: &'a Team) -> Option<&'a Feature> {
    team.catalog.by_key(&format!("{}.may_delete", area.key))
}

fn set_feature(role: &mut Role, id: FeatureId, value: FeatureValue) {
    if value == FeatureValue::No {
        role.features.remove(&id);
    } else {
        role.features.insert(id, value);
    }
}

fn unknown_feature(key: &str, team: &Team) -> String {
    let key = visible(key);
    let prefix = |key: &str| key.split_once('.').map(|(prefix, _)| prefix.to_owned());
    let known = |admits: &dyn Fn(&Feature) -> bool| -> Vec<&str> {
        team.catalog.features().filter(|feature| admits(feature)).map(|feature| feature.key.as_str()).collect()
    };
    // An area's key, or what the keys of its features begin with, which may be something else.
    let area = key.split_once('.').and_then(|(area, _)| team.catalog.area(area));
    let near = match area {
        Some(area) => known(&|feature| area.features.contains(&feature.id)),
        None => known(&|feature| prefix(&key).is_some_and(|given| prefix(&feature.key).as_ref() == Some(&given))),
    };
    if !near.is_empty() {
        let of = area.map(|area| format!(" in {}", area.label)).unwrap_or_default();
        return format!("there is no feature {key}; known{of}: {}", near.join(", "));
    }
    let mut prefixes: Vec<String> = Vec::new();
    for found in team.catalog.features().filter_map(|feature| prefix(&feature.key)) {
        if !prefixes.contains(&found) {
            prefixes.push(found);
        }
    }
    format!("there is no feature {key}; features begin with one of: {}", prefixes.join(", "))
}
