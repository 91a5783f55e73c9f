//! `users`.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::draft::{Draft, take};
use super::node::Kind;
use super::place::{Place, Report, Table, listing};
use super::{Departure, FileError};
use crate::exchange::value::{check_email, check_language, end};
use crate::model::text::{fold, visible};
use crate::model::{Exception, Moment, RoleId, Shipped, Status, Team, User, UserId};

const KEYS: &[&str] = &[
    "email",
    "name",
    "role",
    "manager",
    "status",
    "exceptions",
    "account_manager",
    "talk_access",
    "language",
    "email_from_name",
    "reply_to",
];

impl Draft<'_> {
    /// Reads `users`; answers with the people who are listed.
    pub fn users(&mut self, place: &Place<'_>, prune: bool) -> BTreeSet<UserId> {
        let mut listed = BTreeSet::new();
        // Emails first, so that somebody may name a manager who stands below them.
        let mut tables = Vec::new();
        for item in place.items(&mut self.report) {
            let table = item.table(KEYS, &mut self.report);
            let Some(id) = self.user_of(&table) else { continue };
            if listed.insert(id) {
                tables.push((table, id));
            } else {
                let place = table.get("email").unwrap_or(&table.place).clone();
                self.report.wrong(&place, "this person is listed twice");
            }
        }
        for (table, id) in &tables {
            self.user(table, *id, prune);
        }
        for (table, id) in &tables {
            self.check_line(table, *id);
        }
        self.check_seats(place);
        listed
    }

    fn user_of(&mut self, table: &Table<'_>) -> Option<UserId> {
        let role = table.need("role", &mut self.report).cloned();
        let place = table.need("email", &mut self.report)?;
        let email = email(place, &mut self.report)?;
        if let Some(id) = self.user_id(&email) {
            return Some(id);
        }
        let id = UserId(take(&mut self.team.account.next.user));
        self.emails.insert(email.clone(), id);
        // Read again with the rest; here it decides whether there is a role to begin with.
        let role = role.and_then(|place| place.text(&mut Report::new("")).and_then(|name| self.role_id(name)));
        let role = role.unwrap_or(RoleId(u32::MAX));
        let user = User::plain(id, email.clone(), email, role, self.now);
        self.team.users.insert(id, Arc::new(user));
        Some(id)
    }

    fn user(&mut self, table: &Table<'_>, id: UserId, prune: bool) {
        let Some(mut shared) = self.team.users.get(&id).cloned() else { return };
        let is_owner = self.base.owner().is_some_and(|owner| owner.id == id);
        let user = Arc::make_mut(&mut shared);
        if let Some(name) = table.get("name").and_then(|place| place.name(&mut self.report)) {
            user.name = name;
        }
        if let Some(place) = table.get("role").cloned() {
            self.role_for(user, &place, is_owner);
        }
        if let Some(place) = table.get("manager").cloned() {
            self.manager_for(user, &place, is_owner);
        }
        if let Some(place) = table.get("status") {
            self.status_for(user, place, is_owner);
        }
        if let Some(place) = table.get("account_manager")
            && let Some(flag) = place.flag(&mut self.report)
        {
            if flag && is_owner {
                self.report.wrong(place, "the account owner can't be an account manager, who is an outside person");
            } else {
                user.account_manager = flag;
            }
        }
        if let Some(flag) = table.get("talk_access").and_then(|place| place.flag(&mut self.report)) {
            user.talk_access = flag;
        }
        self.details_for(user, table);
        if let Some(place) = table.get("exceptions") {
            self.exceptions_for(user, place, prune);
        }
        self.team.users.insert(id, shared);
    }

    fn role_for(&mut self, user: &mut User, place: &Place<'_>, is_owner: bool) {
        let Some(id) = self.named_role(place) else { return };
        let Some(role) = self.team.roles.get(&id) else { return };
        if (role.shipped == Some(Shipped::AccountOwner)) != is_owner {
            let owner = self.base.owner().map_or("somebody else", |owner| owner.email.as_str());
            let message = format!("ownership never moves by a file: the account owner is and stays {owner}");
            self.report.wrong(place, message);
            return;
        }
        // Whoever moves to a locked role leaves manager and exceptions behind (R7).
        if role.is_locked() && user.role != id {
            user.manager = None;
            user.exceptions.clear();
        }
        user.role = id;
    }

    fn manager_for(&mut self, user: &mut User, place: &Place<'_>, is_owner: bool) {
        if place.is_nothing() {
            user.manager = None;
            return;
        }
        let Some(text) = place.text(&mut self.report) else { return };
        let Some(manager) = self.user_id(text) else {
            self.report.wrong(place, format!("there is no user {}", visible(text)));
            return;
        };
        if is_owner {
            self.report.wrong(place, "the account owner has no manager");
        } else if manager == user.id {
            self.report.wrong(place, "nobody is their own manager");
        } else {
            user.manager = Some(manager);
        }
    }

    fn status_for(&mut self, user: &mut User, place: &Place<'_>, is_owner: bool) {
        let Some(text) = place.text(&mut self.report) else { return };
        let Some(status) = Status::from_token(text.trim()) else {
            let message = format!("“{}” is no status; write active, invited or revoked", visible(text));
            self.report.wrong(place, message);
            return;
        };
        let known = self.base.users.get(&user.id).map(|user| user.status);
        if is_owner && status != Status::Active {
            self.report.wrong(place, "the account owner is always active");
            return;
        }
        match (known, status) {
            (Some(Status::Active), Status::Invited) => {
                self.report.wrong(place, "has accepted already and can't be invited again; write active or revoked");
                return;
            }
            (Some(Status::Active | Status::Invited), Status::Revoked) => {
                let place = self.report.about(place, format!("revoking {}", user.email));
                self.departures.push(Departure { user: user.id, place });
            }
            _ => {}
        }
        user.status = status;
    }

    fn details_for(&mut self, user: &mut User, table: &Table<'_>) {
        if let Some(place) = table.get("language") {
            optional(place, &mut user.language, &mut self.report, check_language);
        }
        if let Some(place) = table.get("email_from_name") {
            optional(place, &mut user.email_from_name, &mut self.report, |_| Ok(()));
        }
        if let Some(place) = table.get("reply_to") {
            optional(place, &mut user.reply_to, &mut self.report, check_email);
        }
    }

    fn exceptions_for(&mut self, user: &mut User, place: &Place<'_>, prune: bool) {
        let Some(role) = self.team.roles.get(&user.role).cloned() else { return };
        let is_value = |place: &Place<'_>| match &place.node.kind {
            Kind::Map(entries) => entries.iter().any(|entry| matches!(entry.key.as_str(), "value" | "until")),
            _ => false,
        };
        let places = self.feature_places(place, is_value);
        if prune {
            user.exceptions.retain(|id, _| places.iter().any(|(listed, _)| listed == id));
        }
        for (id, place) in places {
            let Some(exception) = self.exception(&place) else { continue };
            let Some(feature) = self.team.catalog.feature(id) else { continue };
            let refusal = if role.is_locked() {
                Some(format!("“{}” is a locked role; its holders have no exceptions", role.name))
            } else if feature.decided_by != crate::model::catalog::DecidedBy::Role {
                Some(format!("{} can't have exceptions", feature.key))
            } else if exception.visible && !feature.ceiling.admits(role.role_type) {
                let kind = role.role_type.label();
                Some(format!("{} is beyond the type {kind} of the role “{}”", feature.key, role.name))
            } else {
                None
            };
            match refusal {
                Some(message) => self.report.wrong(&place, message),
                None => {
                    user.exceptions.insert(id, exception);
                }
            }
        }
    }

    fn exception(&mut self, place: &Place<'_>) -> Option<Exception> {
        let (value, until) = if matches!(place.node.kind, Kind::Map(_)) {
            let table = place.table(&["value", "until"], &mut self.report);
            (table.need("value", &mut self.report).cloned()?, table.get("until").cloned())
        } else {
            (place.clone(), None)
        };
        let text = value.text(&mut self.report)?;
        let visible = match fold(text.trim()).as_str() {
            "visible" => true,
            "not visible" => false,
            _ => {
                let shown = visible(text);
                let message = format!("“{shown}” is no exception; write visible or not visible");
                self.report.wrong(&value, message);
                return None;
            }
        };
        let until = match until.filter(|place| !place.is_nothing()) {
            Some(place) => Some(self.until(&place)?),
            None => None,
        };
        Some(Exception { visible, until })
    }

    fn until(&mut self, place: &Place<'_>) -> Option<Moment> {
        let text = place.text(&mut self.report)?;
        let moment = end(text, self.team.account.time_zone.as_deref());
        if moment.is_none() {
            let shown = visible(text);
            let message = format!(
                "“{shown}” is no end; write a date such as 2027-01-31 or a moment such as 2027-01-31T18:00:00Z"
            );
            self.report.wrong(place, message);
        }
        moment
    }

    fn check_line(&mut self, table: &Table<'_>, id: UserId) {
        let mut line = vec![id];
        let mut at = self.team.users.get(&id).and_then(|user| user.manager);
        while let Some(user) = at.and_then(|id| self.team.users.get(&id)) {
            line.push(user.id);
            if user.id == id {
                let emails = line.iter().filter_map(|id| self.team.users.get(id)).map(|user| user.email.as_str());
                let message = format!("the managers go round in a circle: {}", emails.collect::<Vec<_>>().join(" → "));
                let place = table.get("manager").unwrap_or(&table.place).clone();
                self.report.wrong(&place, message);
                return;
            }
            if line.len() > self.team.users.len() {
                return;
            }
            at = user.manager;
        }
    }

    fn check_seats(&mut self, place: &Place<'_>) {
        let (before, after) = (seats_used(self.base), seats_used(&self.team));
        if let Some(seats) = self.team.account.seats
            && after > before
            && after > seats as usize
        {
            let (seats, people) = (seats_told(seats), people_told(after));
            self.report.wrong(place, format!("the account has {seats}, and {people} would use one"));
        }
    }

    /// Fewer seats than are used take nobody's away (R17).
    pub fn note_seats(&mut self, account: &Place<'_>) {
        let place = account.entries(&mut Report::new("")).into_iter().find(|(key, _)| *key == "seats");
        let used = seats_used(&self.team);
        if let (Some((_, place)), Some(seats)) = (place, self.team.account.seats)
            && used > seats as usize
        {
            let (seats, people) = (seats_told(seats), people_told(used));
            let message =
                format!("the account has {seats} then, and {people} use one; nobody can be added before some go");
            self.report.note(&place, message);
        }
    }

    /// Refuses whoever leads people who would be left without their manager (R24).
    pub fn check_departures(&mut self) {
        if self.departures.is_empty() {
            return;
        }
        let mut led: HashMap<UserId, Vec<&str>> = HashMap::new();
        for user in self.team.users.values().filter(|user| user.status != Status::Revoked) {
            if let Some(manager) = user.manager {
                led.entry(manager).or_default().push(&user.email);
            }
        }
        let refused: Vec<FileError> = self
            .departures
            .iter()
            .filter_map(|departure| {
                let emails = led.get(&departure.user)?;
                Some(departure.refused(&[format!("another manager for {}", listing(emails.iter().copied()))]))
            })
            .collect();
        self.report.errors.extend(refused);
    }
}

/// Whoever is active or invited uses a seat, but for account managers (R17, R27).
fn seats_used(team: &Team) -> usize {
    team.users.values().filter(|user| !user.account_manager && user.status != Status::Revoked).count()
}

fn seats_told(seats: u32) -> String {
    if seats == 1 { "1 seat".to_owned() } else { format!("{seats} seats") }
}

fn people_told(people: usize) -> String {
    if people == 1 { "1 person".to_owned() } else { format!("{people} people") }
}

fn email(place: &Place<'_>, report: &mut Report) -> Option<String> {
    let text = place.text(report)?.trim();
    if let Err(problem) = check_email(text) {
        report.wrong(place, format!("“{}” {problem}", visible(text)));
        return None;
    }
    Some(fold(text))
}

fn optional(
    place: &Place<'_>,
    slot: &mut Option<String>,
    report: &mut Report,
    check: impl Fn(&str) -> Result<(), String>,
) {
    if place.is_nothing() {
        *slot = None;
    } else if let Some(text) = place.name(report) {
        match check(&text) {
            Ok(()) => *slot = Some(text),
            Err(problem) => report.wrong(place, format!("“{}” {problem}", visible(&text))),
        }
    }
}
