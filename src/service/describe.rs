//! A change in words: what it is about, and what was and is. Names are looked up in the team of
//! today, and in the change itself for what is gone since (R30).

use crate::exchange::value;
use crate::model::time::shown_end;
use crate::model::{
    Change, Field, FieldId, Object, ObjectId, Record, Role, RoleId, SectionId, Swap, Team, User, UserId, Value,
};

use super::record_name::{Naming, name_of};

/// One thing that a change did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeLine {
    /// What it is about, such as `the role “Sales”`.
    pub subject: String,
    /// Which part of it; empty where the whole was made or removed.
    pub part: String,
    /// What was there; empty if nothing.
    pub before: String,
    /// What is there afterwards; empty if nothing.
    pub after: String,
}

struct Lines<'a> {
    subject: String,
    found: &'a mut Vec<ChangeLine>,
}

impl ChangeLine {
    /// The line as a sentence: what was made, removed, or changed from one thing to another.
    #[must_use]
    pub fn sentence(&self) -> String {
        let quoted = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("“{text}”") };
        match (self.part.is_empty(), self.after.is_empty()) {
            (true, false) => format!("{}: made", self.subject),
            (true, true) => format!("{}: removed", self.subject),
            (false, _) => {
                format!("{}, {}: {} → {}", self.subject, self.part, quoted(&self.before), quoted(&self.after))
            }
        }
    }
}

impl Lines<'_> {
    fn part(&mut self, part: &str, before: impl Into<String>, after: impl Into<String>) {
        let (before, after) = (before.into(), after.into());
        if before != after {
            self.found.push(ChangeLine { subject: self.subject.clone(), part: part.to_owned(), before, after });
        }
    }

    /// The whole of it was made or removed: the line has no part.
    fn whole<T>(&mut self, swap: &Swap<T>) {
        let word = |there: bool| if there { "there" } else { "" };
        self.part("", word(swap.before.is_some()), word(swap.after.is_some()));
    }
}

/// What whoever reads a change may know of it.
pub(super) trait Sight {
    /// May they view this field of this record?
    fn may_read(&self, record: &Record, field: FieldId) -> bool;
    /// May they know of this section (R32)?
    fn may_name(&self, object: ObjectId, section: SectionId) -> bool;
    /// What a role is or was called that isn't there, or isn't there yet.
    fn other_role(&self, role: RoleId) -> Option<String>;
}

/// A change in words, as far as whoever reads it may know.
pub(super) fn describe(team: &Team, change: &Change, sight: &dyn Sight) -> Vec<ChangeLine> {
    let mut found = Vec::new();
    match change {
        Change::Account(swap) => account(swap, &mut found),
        Change::Role(swap) => role(team, swap.before.as_deref(), swap.after.as_deref(), sight, &mut found),
        Change::User(swap) => user(team, swap.before.as_deref(), swap.after.as_deref(), sight, &mut found),
        Change::Object(swap) => object(swap.before.as_deref(), swap.after.as_deref(), sight, &mut found),
        Change::Record(swap) => record(team, swap, sight, &mut found),
    }
    found
}

fn account(swap: &Swap<crate::model::Account>, found: &mut Vec<ChangeLine>) {
    let mut lines = Lines { subject: "the account".to_owned(), found };
    let seats = |number: Option<u32>| number.map_or("unlimited".to_owned(), |number| number.to_string());
    let (before, after) = (swap.before.as_ref(), swap.after.as_ref());
    let text = |pick: &dyn Fn(&crate::model::Account) -> String| {
        (before.map(pick).unwrap_or_default(), after.map(pick).unwrap_or_default())
    };
    let parts: [(&str, (String, String)); 5] = [
        ("name", text(&|account| account.name.clone())),
        ("time zone", text(&|account| account.time_zone.clone().unwrap_or_default())),
        ("seats", text(&|account| seats(account.seats))),
        ("agent seats", text(&|account| seats(account.agent_seats))),
        (
            "permissions",
            text(&|account| account.permissions.iter().map(|p| p.key.clone()).collect::<Vec<_>>().join(", ")),
        ),
    ];
    for (part, (before, after)) in parts {
        lines.part(part, before, after);
    }
}

fn role(team: &Team, before: Option<&Role>, after: Option<&Role>, sight: &dyn Sight, found: &mut Vec<ChangeLine>) {
    let Some(subject) = after.or(before) else { return };
    let mut lines = Lines { subject: format!("the role “{}”", subject.name), found };
    let (Some(before), Some(after)) = (before, after) else {
        lines.whole(&Swap { before, after });
        return;
    };
    let there = |id| team.roles.get(&id).map(|role| role.name.clone()).or_else(|| sight.other_role(id));
    let name = |id: Option<RoleId>| id.and_then(there).unwrap_or_default();
    lines.part("name", &before.name, &after.name);
    lines.part("manager", name(before.manager), name(after.manager));
    lines.part("type", before.role_type.label(), after.role_type.label());
    lines.part("description", &before.description, &after.description);
    for feature in team.catalog.features() {
        lines.part(&team.catalog.title(feature), before.feature(feature.id).label(), after.feature(feature.id).label());
    }
    for object in team.objects.values() {
        let (was, is) = (before.scopes(object.id), after.scopes(object.id));
        lines.part(&format!("view {}", object.label), was.view.label(), is.view.label());
        lines.part(&format!("create/edit {}", object.label), was.edit.label(), is.edit.label());
        lines.part(&format!("delete {}", object.label), was.delete.label(), is.delete.label());
        for section in object.sections.iter().filter(|section| sight.may_name(object.id, section.id)) {
            let word = |role: &Role| match role.section(section.id) {
                crate::model::SectionAccess::Hidden => "hidden",
                crate::model::SectionAccess::View => "view",
                crate::model::SectionAccess::Edit => "view and edit",
            };
            lines.part(&format!("section “{}” of {}", section.name, object.label), word(before), word(after));
        }
    }
    let list = |role: &Role| role.may_assign.iter().map(|id| name(Some(*id))).collect::<Vec<_>>().join(", ");
    lines.part("may assign", list(before), list(after));
}

fn user(team: &Team, before: Option<&User>, after: Option<&User>, sight: &dyn Sight, found: &mut Vec<ChangeLine>) {
    let Some(subject) = after.or(before) else { return };
    let mut lines = Lines { subject: subject.email.clone(), found };
    let (Some(before), Some(after)) = (before, after) else {
        lines.whole(&Swap { before, after });
        return;
    };
    let role = |user: &User| {
        let there = team.roles.get(&user.role).map(|role| role.name.clone());
        there.or_else(|| sight.other_role(user.role)).unwrap_or_default()
    };
    let manager = |user: &User| user.manager.map(|id| person(team, id)).unwrap_or_default();
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    lines.part("email", &before.email, &after.email);
    lines.part("name", &before.name, &after.name);
    lines.part("role", role(before), role(after));
    lines.part("status", before.status.token(), after.status.token());
    lines.part("manager", manager(before), manager(after));
    lines.part("language", optional(&before.language), optional(&after.language));
    lines.part("email 'From' name", optional(&before.email_from_name), optional(&after.email_from_name));
    lines.part("reply to", optional(&before.reply_to), optional(&after.reply_to));
    lines.part("account manager", yes(before.account_manager), yes(after.account_manager));
    lines.part("Talk access", yes(before.talk_access), yes(after.talk_access));
    let zone = team.account.time_zone.as_deref();
    for feature in team.catalog.features() {
        let word = |user: &User| {
            user.exceptions.get(&feature.id).map(|exception| {
                let until =
                    exception.until.map(|until| format!(" until {}", shown_end(until, zone))).unwrap_or_default();
                format!("{}{until}", exception.token())
            })
        };
        let (was, is) = (word(before), word(after));
        lines.part(&format!("exception “{}”", feature.label), was.unwrap_or_default(), is.unwrap_or_default());
    }
}

fn object(before: Option<&Object>, after: Option<&Object>, sight: &dyn Sight, found: &mut Vec<ChangeLine>) {
    let Some(subject) = after.or(before) else { return };
    let mut lines = Lines { subject: format!("the fields of {}", subject.label), found };
    let (Some(before), Some(after)) = (before, after) else {
        lines.whole(&Swap { before, after });
        return;
    };
    let known = |section: SectionId| sight.may_name(after.id, section);
    let named = |object: &Object, id: SectionId| object.sections.iter().find(|s| s.id == id).map(|s| s.name.clone());
    for section in both(&before.sections, &after.sections, |section| section.id).filter(|section| known(section.id)) {
        let name = |object: &Object| named(object, section.id).unwrap_or_default();
        lines.part("section", name(before), name(after));
    }
    for field in both(&before.fields, &after.fields, |field| field.id) {
        let word = |object: &Object| {
            object.field(field.id).filter(|field| known(field.section)).map(|field| {
                // Under its last name on both sides: another name is one change, and told above.
                let section = named(after, field.section).or_else(|| named(before, field.section)).unwrap_or_default();
                let options: Vec<&str> = field.options.iter().map(|option| option.label.as_str()).collect();
                let options = if options.is_empty() { String::new() } else { format!(": {}", options.join(", ")) };
                format!("{} ({}, {section}){options}", field.name, field.kind.token())
            })
        };
        lines.part("field", word(before).unwrap_or_default(), word(after).unwrap_or_default());
    }
}

/// What was there, and then what is there only now.
fn both<'a, T, I: PartialEq>(was: &'a [T], is: &'a [T], id: impl Fn(&T) -> I) -> impl Iterator<Item = &'a T> {
    was.iter().chain(is.iter().filter(move |new| !was.iter().any(|old| id(old) == id(new))))
}

fn record(team: &Team, swap: &Swap<Record>, sight: &dyn Sight, found: &mut Vec<ChangeLine>) {
    let Some(subject) = swap.subject() else { return };
    let object = team.objects.get(&subject.object);
    let mut lines = Lines { subject: record_subject(team, subject, sight), found };
    let (before, after) = (swap.before.as_ref(), swap.after.as_ref());
    if before.is_none() || after.is_none() {
        lines.whole(swap);
    }
    let owner = |record: Option<&Record>| record.map(|record| person(team, record.owner)).unwrap_or_default();
    lines.part("owner", owner(before), owner(after));
    let assigned = |record: Option<&Record>| {
        record.map(|r| r.assigned.iter().map(|id| person(team, *id)).collect::<Vec<_>>().join(", ")).unwrap_or_default()
    };
    lines.part("assigned to", assigned(before), assigned(after));
    let private = |record: Option<&Record>| record.filter(|record| record.private).map_or("", |_| "private");
    lines.part("private", private(before), private(after));
    let external =
        |record: Option<&Record>| record.and_then(|r| r.external_id.clone()).map(String::from).unwrap_or_default();
    lines.part("external_id", external(before), external(after));
    for field in object.iter().flat_map(|object| &object.fields).filter(|field| sight.may_read(subject, field.id)) {
        let shown = |record: Option<&Record>| {
            let value: Option<&Value> = record.and_then(|record| record.value(field.id));
            value.map(|value| value::shown(field, value)).unwrap_or_default()
        };
        lines.part(&field.name, shown(before), shown(after));
    }
}

/// A record that is seen, by its object and its name: `contact “Ann Lee”`.
pub(super) fn record_subject(team: &Team, record: &Record, sight: &dyn Sight) -> String {
    let object = team.objects.get(&record.object);
    let singular = object.map_or("record", |object| object.singular.as_str());
    let name = object.and_then(|object| {
        let fields = object.fields.iter().filter(|field| sight.may_read(record, field.id));
        let text = |field: &Field| record.value(field.id).map(|text| value::shown(field, text));
        name_of(fields.map(|field| (Naming::of(object, field), field)), text)
    });
    let name = name.map_or_else(|| record.id.to_string(), |name| format!("“{name}”"));
    format!("{} {name}", singular.to_lowercase())
}

pub(super) fn person(team: &Team, id: UserId) -> String {
    team.users.get(&id).map_or_else(|| "somebody who is gone".to_owned(), |user| user.email.clone())
}
