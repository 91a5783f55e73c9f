//! Random teams and records.

use std::collections::BTreeMap;

use rand::{Rng, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::authz::{Columns, Snapshot, Subject, Visible, compile};
use crate::model::{
    Change, Day, Field, FieldId, FieldOption, Kind, Moment, Object, ObjectId, OptionId, Record, RecordId, Role, RoleId,
    RoleType, Scope, Scopes, SectionAccess, Swap, Team, User, UserId, Value,
};
use std::sync::Arc;

use crate::store::tables::{ChangeRefused, Filter, ListQuery, Loader, Page, SortBy, Tables};

pub(super) const CONTACTS: ObjectId = ObjectId::CONTACTS;
const WORDS: [&str; 12] = [
    "",
    "anna",
    "Anna",
    "ANNA B",
    "Zoë",
    "zoë",
    "STRASSE",
    "straße",
    "École",
    "a",
    "10",
    "yes, a longer text that repeats",
];

fn team(rng: &mut ChaCha8Rng) -> Team {
    let changes = crate::model::shipped::new_team("Paws", "Ada", "ada@paws.example", Moment(0)).unwrap();
    let Some(Change::Account(Swap { after: Some(account), .. })) = changes.first().cloned() else { unreachable!() };
    let mut team = Team::new(account).unwrap();
    for change in &changes {
        team.apply(change).unwrap_or_default();
    }
    let mut contacts = Object::clone(&team.objects[&CONTACTS]);
    let section = contacts.sections[0].id;
    let mut add = |id: u32, kind: Kind, options: &[(u16, &str)]| {
        contacts.fields.push(Field {
            id: FieldId(1000 + id),
            section,
            name: format!("Extra {id}"),
            kind,
            options: options
                .iter()
                .map(|(id, label)| FieldOption { id: OptionId(*id), label: (*label).into() })
                .collect(),
            next_option: 99,
            automatic: None,
        });
    };
    for (id, kind) in (0..).zip(Kind::ALL) {
        add(
            id,
            kind,
            if kind == Kind::Dropdown { &[(3, "beta"), (1, "Alpha"), (2, "BETA"), (7, "gamma")] } else { &[] },
        );
    }
    team.objects.insert(CONTACTS, Arc::new(contacts));
    let base = team.roles.values().find(|role| role.name == "User").unwrap().as_ref().clone();
    let owner_role = team.owner().unwrap().role;
    let mut roles = vec![owner_role];
    for number in 0..rng.random_range(2..6u32) {
        let id = RoleId(500 + number);
        let view = [Scope::All, Scope::Roles, Scope::Subordinates, Scope::Own][rng.random_range(0..4)];
        let role = Role {
            id,
            name: format!("Role {number}"),
            manager: Some(roles[rng.random_range(0..roles.len())]),
            role_type: if rng.random_bool(0.3) { RoleType::Focused } else { RoleType::User },
            scopes: BTreeMap::from([(CONTACTS, Scopes { view, ..Scopes::ALL })]),
            sections: team.objects[&CONTACTS]
                .sections
                .iter()
                .skip(1)
                .filter(|_| rng.random_bool(0.2))
                .map(|section| (section.id, SectionAccess::Hidden))
                .collect(),
            shipped: None,
            ..base.clone()
        };
        team.roles.insert(id, Arc::new(role));
        roles.push(id);
    }
    let first = team.owner().unwrap().as_ref().clone();
    for number in 1..rng.random_range(3..16u32) {
        let id = UserId(number);
        let role = roles[rng.random_range(1..roles.len())];
        let manager = rng.random_bool(0.2).then(|| UserId(rng.random_range(0..number)));
        let email = format!("{}{number}@paws.example", ["kim", "sam", "bo"][rng.random_range(0..3)]);
        team.users.insert(id, Arc::new(User { id, role, manager, email, ..first.clone() }));
    }
    team
}

fn value(rng: &mut ChaCha8Rng, field: &Field) -> Option<Value> {
    if rng.random_bool(0.25) {
        return None;
    }
    Some(match field.kind {
        Kind::Text | Kind::Email | Kind::Phone => {
            let word = WORDS[rng.random_range(0..WORDS.len())];
            if word.is_empty() {
                return None;
            }
            Value::Text(word.into())
        }
        Kind::Number => Value::Number([-1.5, 0.0, 2.0, 10.0, 1e9][rng.random_range(0..5)]),
        Kind::Money => Value::Money([-1250, 0, 99, 1000][rng.random_range(0..4)]),
        Kind::Date => Value::Date(Day(rng.random_range(-2..3) * 700)),
        Kind::YesNo => Value::YesNo(rng.random()),
        // One that the field doesn't have, too.
        Kind::Dropdown => Value::Option(OptionId([1, 2, 3, 7, 42][rng.random_range(0..5)])),
    })
}

fn record(rng: &mut ChaCha8Rng, team: &Team, id: RecordId) -> Record {
    let people: Vec<UserId> = team.users.keys().copied().collect();
    let mut record = Record {
        id,
        object: CONTACTS,
        owner: people[rng.random_range(0..people.len())],
        assigned: people.iter().copied().filter(|_| rng.random_bool(0.1)).collect(),
        private: rng.random_bool(0.2),
        external_id: rng.random_bool(0.4).then(|| format!("X{}", id.0 % 997).into()),
        values: Vec::new(),
    };
    for field in &team.objects[&CONTACTS].fields {
        record.set(field.id, value(rng, field));
    }
    record
}

/// Tables with random records, and the records.
pub(super) struct World {
    pub(super) rng: ChaCha8Rng,
    pub(super) team: Team,
    pub(super) snapshot: Snapshot,
    pub(super) tables: Tables,
    pub(super) model: BTreeMap<RecordId, Record>,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let team = team(&mut rng);
        let snapshot = compile(Arc::new(team.clone()), Moment(1));
        let mut model = BTreeMap::new();
        for _ in 0..rng.random_range(0..200) {
            let id = RecordId(rng.next_u64());
            let mut record = record(&mut rng, &team, id);
            if model.values().any(|other: &Record| other.external_id == record.external_id) {
                record.external_id = None;
            }
            model.insert(id, record);
        }
        let mut loader = Loader::for_about([(CONTACTS, 10)]);
        model.values().for_each(|record| loader.add(record).unwrap());
        let tables = loader.finish();
        Self { rng, team, snapshot, tables, model }
    }

    /// Makes a change, and answers it unless it was refused.
    pub(super) fn change(&mut self) -> Option<Change> {
        let ids: Vec<RecordId> = self.model.keys().copied().collect();
        let pick = ids.get(self.rng.random_range(0..ids.len().max(1))).copied();
        let (id, before) = match pick {
            Some(id) if self.rng.random_bool(0.7) => (id, self.model.get(&id).cloned()),
            _ => (RecordId(self.rng.next_u64()), None),
        };
        let fresh = record(&mut self.rng, &self.team, id);
        let after = match &before {
            Some(_) if self.rng.random_bool(0.3) => None,
            // Mostly just one thing changes.
            Some(before) if self.rng.random_bool(0.7) => {
                let mut after = before.clone();
                match self.rng.random_range(0..4) {
                    0 => after.owner = fresh.owner,
                    1 => after.private = fresh.private,
                    2 => after.assigned = fresh.assigned,
                    _ => {
                        let fields = &self.team.objects[&CONTACTS].fields;
                        let field = &fields[self.rng.random_range(0..fields.len())];
                        after.set(field.id, value(&mut self.rng, field));
                    }
                }
                Some(after)
            }
            _ => Some(fresh),
        };
        let taken = after.as_ref().and_then(|after| after.external_id.clone()).is_some_and(|external| {
            self.model.values().any(|other| other.id != id && other.external_id.as_deref() == Some(&*external))
        });
        let change = Change::Record(Swap { before, after: after.clone() });
        match self.tables.apply(&change) {
            Ok(()) => assert!(!taken),
            Err(refused) => {
                assert!(taken && refused == ChangeRefused::ExternalTaken, "{refused}");
                return None;
            }
        }
        match after {
            Some(after) => self.model.insert(id, after),
            None => self.model.remove(&id),
        };
        Some(change)
    }

    pub(super) fn asker(&mut self) -> (Visible, Columns) {
        let people: Vec<UserId> = self.team.users.keys().copied().collect();
        let who = match self.rng.random_range(0..=people.len()) {
            0 => Subject::Operator,
            n => Subject::User(people[n - 1]),
        };
        let visible = self.snapshot.visible(who, CONTACTS).unwrap();
        (visible, self.snapshot.columns(who, CONTACTS).unwrap())
    }

    pub(super) fn sort(&mut self, columns: &Columns) -> SortBy {
        match self.rng.random_range(0..6) {
            0 => SortBy::Id,
            1 => SortBy::Owner,
            2 => SortBy::ExternalId,
            _ => SortBy::Field(columns.fields()[self.rng.random_range(0..columns.fields().len())]),
        }
    }

    pub(super) fn query(&mut self, columns: &Columns) -> ListQuery {
        let mut query = ListQuery {
            sort: self.sort(columns),
            descending: self.rng.random(),
            limit: self.rng.random_range(0..12),
            position: self.rng.random_bool(0.3).then(|| self.rng.random_range(0..60)),
            ..ListQuery::default()
        };
        if self.rng.random_bool(0.3) {
            query.search = Some(
                ["ANN", "e", "straSSE", "0", "2.0", "no", "nothing like it", ""][self.rng.random_range(0..8)].into(),
            );
        }
        for _ in 0..[0, 0, 1, 2][self.rng.random_range(0..4)] {
            let by = self.sort(columns);
            let values = (0..[1, 1, 0, 2, 3][self.rng.random_range(0..5)]).map(|_| self.filter_value(by)).collect();
            query.filters.push(Filter { by, values, not: self.rng.random_bool(0.2) });
        }
        query
    }

    fn filter_value(&mut self, by: SortBy) -> String {
        if self.rng.random_bool(0.15) {
            return String::new();
        }
        let ids: Vec<RecordId> = self.model.keys().copied().collect();
        let Some(id) = ids.get(self.rng.random_range(0..ids.len().max(1))) else { return "0".into() };
        let record = &self.model[id];
        let text = match by {
            SortBy::Id => id.to_string(),
            SortBy::Owner => self.team.users[&record.owner].email.clone(),
            SortBy::ExternalId => record.external_id.as_deref().unwrap_or("none").to_owned(),
            SortBy::Field(field) => {
                let field = self.team.objects[&CONTACTS].field(field).unwrap();
                record.value(field.id).map_or(String::new(), |value| crate::exchange::value::shown(field, value))
            }
        };
        if self.rng.random() { text.to_uppercase() } else { text }
    }

    pub(super) fn ids(page: &Page) -> Vec<RecordId> {
        page.rows.iter().map(|row| row.id).collect()
    }
}
