//! `account` and `permissions`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::draft::{Draft, take};
use super::node::Kind;
use super::place::{LONGEST_NAME, Place, Report};
use crate::model::catalog::FIRST_OWN_PERMISSION;
use crate::model::{Catalog, FeatureId, OwnPermission, Role, User, text};

const VERBS: &[&str] = &["access", "view", "edit", "create", "delete"];

impl Draft<'_> {
    /// Reads `account`.
    pub fn account(&mut self, place: &Place<'_>) {
        let table = place.table(&["name", "time_zone", "seats", "agent_seats"], &mut self.report);
        let account = &mut self.team.account;
        if let Some(name) = table.get("name").and_then(|place| place.name(&mut self.report)) {
            account.name = name;
        }
        if let Some(place) = table.get("seats") {
            limit(place, &mut account.seats, &mut self.report);
        }
        if let Some(place) = table.get("agent_seats") {
            limit(place, &mut account.agent_seats, &mut self.report);
        }
        if let Some(place) = table.get("time_zone") {
            if place.is_nothing() {
                account.time_zone = None;
            } else if let Some(zone) = place.text(&mut self.report) {
                match jiff::tz::TimeZone::get(zone.trim()) {
                    Ok(known) => account.time_zone = Some(known.iana_name().unwrap_or(zone.trim()).to_owned()),
                    Err(_) => {
                        let shown = text::visible(zone);
                        self.report
                            .wrong(place, format!("“{shown}” isn't a time zone; write one such as Europe/Berlin"));
                    }
                }
            }
        }
    }

    /// Reads `permissions`, the account's own (R33).
    pub fn permissions(&mut self, place: &Place<'_>, prune: bool) {
        let mut listed = BTreeSet::new();
        for item in place.items(&mut self.report) {
            let table = item.table(&["key", "label"], &mut self.report);
            let Some(key_place) = table.need("key", &mut self.report).cloned() else { continue };
            let Some(key) = key_place.text(&mut self.report) else { continue };
            if let Err(problem) = check_key(key, &self.team.catalog) {
                self.report.wrong(&key_place, problem);
                continue;
            }
            if !listed.insert(key.to_owned()) {
                self.report.wrong(&key_place, format!("{key} is listed twice"));
                continue;
            }
            let label = table.get("label").and_then(|place| place.name(&mut self.report));
            self.permission(key, label);
        }
        if prune {
            self.team.account.permissions.retain(|own| listed.contains(&own.key));
        }
        match Catalog::with(&self.team.account.permissions) {
            Ok(catalog) => self.team.catalog = Arc::new(catalog),
            Err(problem) => self.report.wrong(place, problem.to_string()),
        }
        self.forget_features();
    }

    fn permission(&mut self, key: &str, label: Option<String>) {
        let account = &mut self.team.account;
        if let Some(own) = account.permissions.iter_mut().find(|own| own.key == key) {
            if let Some(label) = label {
                own.label = label;
            }
            return;
        }
        account.next.permission = account.next.permission.max(FIRST_OWN_PERMISSION);
        let id = FeatureId(take(&mut account.next.permission));
        let label = label.unwrap_or_else(|| key.to_owned());
        account.permissions.push(OwnPermission { id, key: key.to_owned(), label });
    }

    /// Takes permissions that are gone out of roles and exceptions.
    fn forget_features(&mut self) {
        let catalog = Arc::clone(&self.team.catalog);
        self.team.roles.amend(|role| {
            role.features.keys().any(|id| catalog.feature(*id).is_none()).then(|| {
                let mut role = Role::clone(role);
                role.features.retain(|id, _| catalog.feature(*id).is_some());
                role
            })
        });
        self.team.users.amend(|user| {
            user.exceptions.keys().any(|id| catalog.feature(*id).is_none()).then(|| {
                let mut user = User::clone(user);
                user.exceptions.retain(|id, _| catalog.feature(*id).is_some());
                user
            })
        });
    }
}

fn limit(place: &Place<'_>, slot: &mut Option<u32>, report: &mut Report) {
    match &place.node.kind {
        Kind::Null => *slot = None,
        Kind::Text(text) if text.eq_ignore_ascii_case("unlimited") => *slot = None,
        Kind::Number(number) => match number.parse() {
            Ok(seats) => *slot = Some(seats),
            Err(_) => report.wrong(place, format!("{number} isn't a number of seats; write a whole number from 0 up")),
        },
        _ => place.expected("a whole number or \"unlimited\"", report),
    }
}

fn check_key(key: &str, catalog: &Catalog) -> Result<(), String> {
    let sound = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    if key.len() > LONGEST_NAME || !key.split('.').all(sound) {
        let shown = text::visible(key);
        return Err(format!("“{shown}” can't be a key; write lower-case letters, digits and _, such as portal.login"));
    }
    if catalog.by_key(key).is_some_and(|feature| feature.id.0 < FIRST_OWN_PERMISSION) {
        return Err(format!("{key} is a permission of the console itself; choose another key"));
    }
    let (area, rest) = key.split_once('.').unwrap_or((key, ""));
    if VERBS.contains(&rest) && catalog.area(area).is_some_and(|area| area.key != "own") {
        return Err(format!("{key} is an action of the console itself; choose another key"));
    }
    Ok(())
}
