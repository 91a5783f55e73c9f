//! `roles`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::draft::{Draft, take};
use super::place::{LONGEST_NOTE, Place, Report, Table, listing};
use crate::model::text::{fold, visible};
use crate::model::{Role, RoleId, RoleType};

const KEYS: &[&str] =
    &["name", "manager", "type", "description", "icon", "features", "scopes", "sections", "may_assign"];
/// The longest icon, in characters: one emoji can be several.
const LONGEST_ICON: usize = 16;

impl Draft<'_> {
    /// Reads `roles`; answers with the roles that are listed.
    pub fn roles(&mut self, place: &Place<'_>) -> BTreeSet<RoleId> {
        let mut listed = BTreeSet::new();
        // Names first, so that a role may name one that stands below it.
        let mut tables = Vec::new();
        for item in place.items(&mut self.report) {
            let table = item.table(KEYS, &mut self.report);
            if let Some(id) = self.role_of(&table) {
                if listed.insert(id) {
                    tables.push((table, id));
                } else {
                    let place = table.get("name").unwrap_or(&table.place).clone();
                    self.report.wrong(&place, "this role is listed twice");
                }
            }
        }
        for (table, id) in &tables {
            self.role(table, *id);
        }
        for (table, id) in &tables {
            self.check_circle(table, *id);
            self.check_assignable(table);
        }
        listed
    }

    fn role_of(&mut self, table: &Table<'_>) -> Option<RoleId> {
        let place = table.need("name", &mut self.report)?;
        let name = place.name(&mut self.report)?;
        if let Some(role) = self.role_id(&name).and_then(|id| self.team.roles.get(&id)) {
            if role.is_locked() {
                let message = format!("the role “{}” is locked and can't be set by a file; take it out", role.name);
                self.report.wrong(place, message);
                return None;
            }
            return Some(role.id);
        }
        let order = self.next_order();
        let id = RoleId(take(&mut self.team.account.next.role));
        self.names.insert(fold(&name), id);
        let role = Role {
            id,
            name,
            manager: None,
            role_type: RoleType::User,
            description: String::new(),
            icon: String::new(),
            shipped: None,
            order,
            features: BTreeMap::new(),
            scopes: BTreeMap::new(),
            sections: BTreeMap::new(),
            may_assign: BTreeSet::new(),
        };
        self.team.roles.insert(id, Arc::new(role));
        Some(id)
    }

    /// New roles stand below all others.
    fn next_order(&self) -> u32 {
        let last = self.team.roles.last_key_value().map_or(0, |(_, role)| role.order.saturating_add(1));
        let top = self.base.roles.values().map(|role| role.order.saturating_add(1)).max().unwrap_or(0);
        last.max(top)
    }

    fn role(&mut self, table: &Table<'_>, id: RoleId) {
        let Some(mut shared) = self.team.roles.get(&id).cloned() else { return };
        let created = !self.base.roles.contains_key(&id);
        let role = Arc::make_mut(&mut shared);
        if let Some(place) = table.need("manager", &mut self.report).cloned()
            && let Some(manager) = self.named_role(&place)
        {
            role.manager = Some(manager);
        }
        if let Some(role_type) = table.get("type").and_then(|place| role_type(place, &mut self.report)) {
            role.role_type = role_type;
        }
        if let Some(text) = table.get("description").and_then(|place| place.note(LONGEST_NOTE, &mut self.report)) {
            role.description = text;
        }
        if let Some(text) = table.get("icon").and_then(|place| place.note(LONGEST_ICON, &mut self.report)) {
            role.icon = text;
        }
        self.cells(role, table, created);
        if let Some(place) = table.get("may_assign") {
            role.may_assign = place.items(&mut self.report).iter().filter_map(|item| self.named_role(item)).collect();
        }
        self.team.roles.insert(id, shared);
    }

    /// The role that a place names.
    pub fn named_role(&mut self, place: &Place<'_>) -> Option<RoleId> {
        let name = place.text(&mut self.report)?;
        let found = self.role_id(name);
        if found.is_none() {
            let known = listing(self.team.roles.values().map(|role| role.name.as_str()));
            let message = format!("there is no role “{}”; known: {known}", visible(name));
            self.report.wrong(place, message);
        }
        found
    }

    /// Roles of type Administrator can't be handed on (R31); asked once every type is known.
    fn check_assignable(&mut self, table: &Table<'_>) {
        let Some(place) = table.get("may_assign") else { return };
        for item in place.items(&mut Report::new("")) {
            let id = item.text(&mut Report::new("")).and_then(|name| self.role_id(name));
            let Some(role) = id.and_then(|id| self.team.roles.get(&id)) else { continue };
            if matches!(role.role_type, RoleType::AccountOwner | RoleType::Administrator) {
                let message = format!("“{}” is of type {} and can't be handed on", role.name, role.role_type.label());
                self.report.wrong(&item, message);
            }
        }
    }

    fn check_circle(&mut self, table: &Table<'_>, id: RoleId) {
        let mut line = vec![id];
        let mut at = self.team.roles.get(&id).and_then(|role| role.manager);
        while let Some(role) = at.and_then(|id| self.team.roles.get(&id)) {
            line.push(role.id);
            if role.id == id {
                let names = line.iter().filter_map(|id| self.team.roles.get(id)).map(|role| role.name.as_str());
                let message = format!("the managers go round in a circle: {}", names.collect::<Vec<_>>().join(" → "));
                let place = table.get("manager").unwrap_or(&table.place).clone();
                self.report.wrong(&place, message);
                return;
            }
            if line.len() > self.team.roles.len() {
                // A circle further up, told at one of its own roles.
                return;
            }
            at = role.manager;
        }
    }
}

fn role_type(place: &Place<'_>, report: &mut Report) -> Option<RoleType> {
    let text = place.text(report)?;
    match RoleType::from_text(text) {
        Some(RoleType::AccountOwner) => {
            report.wrong(place, "only the role Account Owner is of this type; choose administrator, user or focused");
            None
        }
        Some(role_type) => Some(role_type),
        None => {
            let shown = visible(text);
            report.wrong(place, format!("“{shown}” is no type of role; choose administrator, user or focused"));
            None
        }
    }
}
