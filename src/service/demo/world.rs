//! What every record of the demo is made against: the team's fields, its people, and the day.

use std::collections::BTreeMap;

use crate::model::catalog::features::CONTACTS_PRIVATE;
use crate::model::{
    Day, FeatureValue, FieldId, ObjectId, OptionId, Record, RecordId, RoleType, Status, Team, UserId, Value,
};

use super::dice::{Dice, Making, scatter};

/// One object's fields by name, and who owns its records how often.
pub(super) struct Fields {
    object: ObjectId,
    by_name: BTreeMap<String, (FieldId, BTreeMap<String, OptionId>)>,
    owners: Vec<(Option<UserId>, u32)>,
}

impl Fields {
    fn of(team: &Team, id: ObjectId) -> Self {
        let mut by_name = BTreeMap::new();
        for field in team.objects.get(&id).map(|object| object.fields.as_slice()).unwrap_or_default() {
            let options = field.options.iter().map(|option| (option.label.clone(), option.id)).collect();
            by_name.insert(field.name.clone(), (field.id, options));
        }
        Self { object: id, by_name, owners: owners(team, id) }
    }

    /// Sets a field; a team that lacks it keeps none.
    pub(super) fn set(&self, record: &mut Record, name: &str, value: Option<Value>) {
        if let (Some((field, _)), Some(_)) = (self.by_name.get(name), &value) {
            record.set(*field, value);
        }
    }

    /// Sets a dropdown to one of its options; a team that lacks either keeps nothing.
    pub(super) fn choose(&self, record: &mut Record, name: &str, label: &str) {
        if let Some((field, options)) = self.by_name.get(name)
            && let Some(option) = options.get(label)
        {
            record.set(*field, Some(Value::Option(*option)));
        }
    }
}

/// How much of an object the holders of a role own, in all: contacts, companies, deals.
const SHARES: &[(&str, [u32; 3])] = &[
    ("Vet", [34, 14, 10]),
    ("Vet Tech", [14, 0, 0]),
    ("Reception", [15, 8, 0]),
    ("Sales", [18, 50, 62]),
    ("Marketing", [6, 8, 0]),
    ("Practice Manager", [6, 12, 18]),
    ("Focused User", [3, 2, 4]),
    ("Account Manager", [2, 0, 0]),
    ("Account Owner", [2, 4, 5]),
    ("Administrator", [1, 2, 1]),
];

fn owners(team: &Team, object: ObjectId) -> Vec<(Option<UserId>, u32)> {
    let mut holders: BTreeMap<&str, u32> = BTreeMap::new();
    for user in team.users.values() {
        *holders.entry(role_name(team, user.id)).or_default() += 1;
    }
    let weight = |user: UserId| {
        let role = role_name(team, user);
        let share = SHARES.iter().find(|(name, _)| *name == role).map_or([3, 3, 3], |(_, share)| *share);
        let whole = share.get(object.index()).copied().unwrap_or(0);
        // Colleagues don't own the same number: between a half and one and a half of an even share.
        let own = 50 + u32::try_from(scatter(u64::from(user.0)) % 101).unwrap_or(50);
        whole * 1_000 * own / 100 / holders.get(role).copied().unwrap_or(1).max(1)
    };
    // R13: a new record's owner is active.
    let people = team.users.values().filter(|user| user.status == Status::Active);
    people.map(|user| (Some(user.id), weight(user.id))).collect()
}

fn role_name(team: &Team, user: UserId) -> &str {
    team.role_of(user).map_or("", |role| role.name.as_str())
}

/// Everything that the records need to know.
pub(super) struct World {
    pub(super) contacts: Fields,
    pub(super) companies: Fields,
    pub(super) deals: Fields,
    today: Day,
    nobody_else: UserId,
    focused: Vec<Option<UserId>>,
    may_be_private: Vec<UserId>,
    reports: BTreeMap<UserId, Vec<Option<UserId>>>,
}

impl World {
    /// The world of a team on a day; `None` where the team has nobody in it.
    pub(super) fn new(team: &Team, today: Day) -> Option<Self> {
        let first = team.owner().or_else(|| team.users.values().next())?.id;
        let active = || team.users.values().filter(|user| user.status == Status::Active);
        let mut reports: BTreeMap<UserId, Vec<Option<UserId>>> = BTreeMap::new();
        for user in active() {
            if let Some(manager) = user.manager {
                reports.entry(manager).or_default().push(Some(user.id));
            }
        }
        let is_focused = |user: UserId| team.role_of(user).is_some_and(|role| role.role_type == RoleType::Focused);
        let private =
            |user: UserId| team.role_of(user).is_some_and(|role| role.feature(CONTACTS_PRIVATE) == FeatureValue::Yes);
        Some(Self {
            contacts: Fields::of(team, ObjectId::CONTACTS),
            companies: Fields::of(team, ObjectId::COMPANIES),
            deals: Fields::of(team, ObjectId::DEALS),
            today,
            nobody_else: first,
            focused: active().map(|user| user.id).filter(|user| is_focused(*user)).map(Some).collect(),
            may_be_private: active().map(|user| user.id).filter(|user| private(*user)).collect(),
            reports,
        })
    }

    /// The day so many days from today; before it, if negative.
    pub(super) fn day(&self, from_today: i32) -> Day {
        Day(self.today.0.saturating_add(from_today))
    }

    /// How many companies the contact at this place may work for: as many as a demo with this
    /// contact as its last one has.
    pub(super) fn companies_before(&self, contact: u64) -> u64 {
        super::Amounts::of(contact.saturating_add(1)).companies.max(1)
    }

    /// A record with an owner, its assignees and no values yet.
    pub(super) fn blank(&self, fields: &Fields, making: Making, place: u64, dice: &mut Dice) -> Record {
        let owner = dice.weighted(&fields.owners).unwrap_or(self.nobody_else);
        let mut assigned: Vec<UserId> = Vec::new();
        let freelance = dice.pick(&self.focused).filter(|_| dice.chance(4));
        let colleague = self.reports.get(&owner).and_then(|reports| dice.pick(reports)).filter(|_| dice.chance(25));
        assigned.extend(freelance.into_iter().chain(colleague).filter(|user| *user != owner));
        assigned.sort_unstable();
        assigned.dedup();
        let private = dice.chance(4) && fields.object == ObjectId::CONTACTS && self.may_be_private.contains(&owner);
        if private {
            assigned.clear();
        }
        Record {
            id: RecordId(scatter(((making as u64) << 56) | place)),
            object: fields.object,
            owner,
            assigned,
            private,
            external_id: None,
            values: Vec::new(),
        }
    }

    /// Fills the two fields that fill themselves.
    pub(super) fn stamp(&self, fields: &Fields, record: &mut Record, created: Day, dice: &mut Dice) {
        // Most records were touched lately: the later of two throws.
        let age = self.today.0.saturating_sub(created.0).max(0);
        let changed = dice.between(0, age).max(dice.between(0, age));
        fields.set(record, "Created", Some(Value::Date(created)));
        fields.set(record, "Last Changed", Some(Value::Date(Day(created.0.saturating_add(changed)))));
    }
}
