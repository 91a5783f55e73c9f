//! Random teams and records: every list against the plainest possible one, over every way to get it.

use std::collections::BTreeMap;

use rand::{Rng, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::authz::{Columns, Snapshot, Subject, Visible, compile};
use crate::model::{
    Change, Day, Field, FieldId, FieldOption, Kind, Moment, Object, ObjectId, OptionId, Record, RecordId, Role, RoleId,
    RoleType, Scope, Scopes, SectionAccess, Swap, Team, User, UserId, Value,
};
use std::sync::Arc;

use super::audience::Audience;
use super::key::SortKey;
use super::order::Order;
use super::sorted::Spot;
use super::walk::{Start, Walk};
use super::*;

const CONTACTS: ObjectId = ObjectId::CONTACTS;
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
struct World {
    rng: ChaCha8Rng,
    team: Team,
    snapshot: Snapshot,
    tables: Tables,
    model: BTreeMap<RecordId, Record>,
}

impl World {
    fn new(seed: u64) -> Self {
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

    fn change(&mut self) {
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
                return;
            }
        }
        match after {
            Some(after) => self.model.insert(id, after),
            None => self.model.remove(&id),
        };
    }

    fn asker(&mut self) -> (Visible, Columns) {
        let people: Vec<UserId> = self.team.users.keys().copied().collect();
        let who = match self.rng.random_range(0..=people.len()) {
            0 => Subject::Operator,
            n => Subject::User(people[n - 1]),
        };
        let visible = self.snapshot.visible(who, CONTACTS).unwrap();
        (visible, self.snapshot.columns(who, CONTACTS).unwrap())
    }

    fn sort(&mut self, columns: &Columns) -> SortBy {
        match self.rng.random_range(0..6) {
            0 => SortBy::Id,
            1 => SortBy::Owner,
            2 => SortBy::ExternalId,
            _ => SortBy::Field(columns.fields()[self.rng.random_range(0..columns.fields().len())]),
        }
    }

    fn query(&mut self, columns: &Columns) -> ListQuery {
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
            let value = self.filter_value(by);
            query.filters.push(Filter { by, value });
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

    fn ids(page: &Page) -> Vec<RecordId> {
        page.rows.iter().map(|row| row.id).collect()
    }
}

/// A page and every page after it; debug builds hold each against the plainest list.
fn pages_join(world: &World, tables: &Tables, visible: &Visible, columns: &Columns, query: &ListQuery) {
    let table = tables.table(CONTACTS).unwrap();
    let whole: Vec<RecordId> =
        brute::list(table, visible, columns, query, &world.team).into_iter().map(|record| record.id).collect();
    let start = usize::try_from(query.position.unwrap_or(0)).unwrap();
    let expected: Vec<RecordId> = whole.iter().copied().skip(start).collect();
    let mut query = query.clone();
    let mut met = Vec::new();
    loop {
        let page = tables.page(visible, columns, &query, &world.team, Scan::default()).unwrap();
        assert_eq!(page.total, whole.len() as u64);
        met.extend(World::ids(&page));
        for row in &page.rows {
            assert!(row.values.iter().all(|(field, _)| columns.contains(*field)));
            let record = table.record(table.find(row.id).unwrap()).unwrap();
            assert!(row.values.iter().all(|(field, value)| record.value(*field) == Some(value)));
            let shown = record.values.iter().filter(|(field, _)| columns.contains(*field)).count();
            assert_eq!(row.values.len(), shown);
        }
        match page.next {
            Some(next) => query.after = Some(next.to_string().parse().unwrap()),
            None if query.limit == 0 => return,
            None => break,
        }
    }
    assert_eq!(met, expected, "pages have gaps or repeats");
}

#[test]
fn lists_are_what_the_plainest_means_give_while_records_change() {
    for seed in 0..10 {
        let mut world = World::new(seed);
        if world.model.is_empty() {
            continue;
        }
        let mut pinned: Option<(Tables, BTreeMap<RecordId, Record>)> = None;
        for round in 0..40 {
            let (visible, columns) = world.asker();
            let query = world.query(&columns);
            if world.tables.table(CONTACTS).is_some() {
                pages_join(&world, &world.tables, &visible, &columns, &query);
            }
            if let Some((tables, model)) = &pinned {
                pages_join(&world, tables, &visible, &columns, &query);
                let records: BTreeMap<_, _> = tables.records().map(|record| (record.id, record)).collect();
                assert_eq!(&records, model, "seed {seed}: a pinned generation changed");
            }
            if round % 20 == 7 {
                pinned = Some((world.tables.clone(), world.model.clone()));
            }
            for _ in 0..world.rng.random_range(0..12) {
                world.change();
            }
            let records: BTreeMap<_, _> = world.tables.records().map(|record| (record.id, record)).collect();
            assert_eq!(records, world.model, "seed {seed}");
        }
    }
}

#[test]
fn both_walks_and_every_position_agree() {
    for seed in 100..130 {
        let mut world = World::new(seed);
        let (visible, columns) = world.asker();
        let Some(table) = world.tables.table(CONTACTS).cloned() else { continue };
        for _ in 0..10 {
            let (by, descending) = (world.sort(&columns), world.rng.random());
            let key = SortKey::new(by, descending, CONTACTS, &world.team).unwrap();
            let order = Order::build(&table, key, None);
            let mut audience = Audience::new(&visible);
            if world.rng.random_bool(0.3) {
                let owner = UserId(world.rng.random_range(0..3));
                audience.narrow(owner);
            }
            let total = audience.total(&table);
            let walk = Walk { table: &table, order: &order, audience: &audience, total };
            let reader = order.key.reader(&table);
            let (whole, _): (Vec<u32>, bool) = walk.along(Spot::START, 0, usize::MAX, u64::MAX);
            assert_eq!(whole.len() as u64, total, "seed {seed}: the count is not the list's length");
            let runs = audience.width().map(|_| audience.runs(&table, &order));
            if let Some(runs) = &runs {
                assert_eq!(walk.merge(&reader, runs, Start::First, 0, usize::MAX), whole);
            }
            for position in 0..whole.len() + 1 {
                let (spot, skip) = audience.locate(&table, &order, position as u64);
                assert_eq!(walk.along(spot, skip, usize::MAX, u64::MAX).0, whole[position..], "seed {seed}");
                assert_eq!(walk.slots(Start::At(position as u64), 5), whole[position..(position + 5).min(whole.len())]);
                if let (Some(runs), Some(slot)) = (&runs, position.checked_sub(1).map(|at| whole[at])) {
                    let start = Start::After(reader.probe(slot), table.id(slot));
                    assert_eq!(walk.merge(&reader, runs, start, 0, usize::MAX), whole[position..]);
                    assert_eq!(walk.slots(start, 5), whole[position..(position + 5).min(whole.len())]);
                }
            }
        }
    }
}

#[test]
fn orders_that_are_kept_up_equal_orders_built_anew() {
    for seed in 200..215 {
        let mut world = World::new(seed);
        for _ in 0..30 {
            let (visible, columns) = world.asker();
            let query =
                ListQuery { sort: world.sort(&columns), descending: world.rng.random(), ..ListQuery::default() };
            let behind = world.tables.clone();
            for _ in 0..world.rng.random_range(0..4) {
                world.change();
            }
            // Built by a reader that is behind, then met by one that isn't.
            let _ = behind.page(&visible, &columns, &query, &world.team, Scan::default()).unwrap();
            let _ = world.tables.page(&visible, &columns, &query, &world.team, Scan::default()).unwrap();
            world.change();
            let Some(table) = world.tables.table(CONTACTS) else { continue };
            for order in &table.orders {
                let fresh = Order::build(table, order.key.clone(), None);
                let all = |order: &Order| order.global.from(Spot::START).collect::<Vec<_>>();
                assert_eq!(all(order), all(&fresh), "seed {seed}");
                for person in 0..20 {
                    let run =
                        |run: Option<&super::sorted::Sorted>| run.map(|run| run.from(Spot::START).collect::<Vec<_>>());
                    assert_eq!(run(order.of_owner(person)), run(fresh.of_owner(person)), "seed {seed}");
                    assert_eq!(run(order.of_assignee(person)), run(fresh.of_assignee(person)), "seed {seed}");
                }
                if let Some(tallies) = &order.tallies {
                    for (leaf, tally) in order.global.leaves().zip(tallies) {
                        let public =
                            |owner: u32| leaf.iter().filter(|s| table.seat(**s) == Some((owner, false))).count();
                        for (owner, count) in (0..).zip(&tally.by_owner) {
                            assert_eq!(public(owner), usize::from(*count), "seed {seed}");
                        }
                        assert_eq!(tally.public as usize, leaf.iter().filter(|s| !table.is_private(**s)).count());
                    }
                    assert_eq!(tallies.len(), order.global.leaves().len());
                }
            }
        }
    }
}

#[test]
fn a_field_that_may_not_be_viewed_answers_as_one_that_does_not_exist() {
    let mut world = World::new(1);
    let hidden = {
        let role = Arc::make_mut(world.team.roles.get_mut(&RoleId(500)).unwrap());
        let section = world.team.objects[&CONTACTS].sections[1].id;
        role.sections.insert(section, SectionAccess::Hidden);
        let fields = &world.team.objects[&CONTACTS].fields;
        fields.iter().find(|field| field.section == section).unwrap().id
    };
    let me = UserId(1);
    Arc::make_mut(world.team.users.get_mut(&me).unwrap()).role = RoleId(500);
    world.snapshot = compile(Arc::new(world.team.clone()), Moment(1));
    let visible = world.snapshot.visible(Subject::User(me), CONTACTS).unwrap();
    let columns = world.snapshot.columns(Subject::User(me), CONTACTS).unwrap();
    for field in [hidden, FieldId(77_777)] {
        let sorted = ListQuery { sort: SortBy::Field(field), ..ListQuery::default() };
        let filter = Filter { by: SortBy::Field(field), value: "no such kind of value".into() };
        let filtered = ListQuery { filters: vec![filter], ..ListQuery::default() };
        for query in [sorted, filtered] {
            let answer = world.tables.page(&visible, &columns, &query, &world.team, Scan::default());
            assert_eq!(answer, Err(QueryError::NoSuchField));
        }
    }
}

#[test]
fn a_cursor_that_is_tampered_with_or_of_another_list_is_refused() {
    let world = World::new(7);
    let visible = world.snapshot.visible(Subject::Operator, CONTACTS).unwrap();
    let columns = world.snapshot.columns(Subject::Operator, CONTACTS).unwrap();
    let mut query = ListQuery { sort: SortBy::Field(FieldId(1000)), limit: 3, ..ListQuery::default() };
    let text =
        world.tables.page(&visible, &columns, &query, &world.team, Scan::default()).unwrap().next.unwrap().to_string();
    for place in 0..text.len() {
        let mut broken = text.clone().into_bytes();
        broken[place] = if broken[place] == b'A' { b'B' } else { b'A' };
        if let Ok(cursor) = String::from_utf8(broken).unwrap().parse::<Cursor>() {
            query.after = Some(cursor);
            assert_eq!(
                world.tables.page(&visible, &columns, &query, &world.team, Scan::default()),
                Err(QueryError::Cursor)
            );
        }
        assert_eq!(text[..place].parse::<Cursor>().err().unwrap_or(QueryError::Cursor), QueryError::Cursor);
    }
    query.after = Some(text.parse().unwrap());
    assert!(world.tables.page(&visible, &columns, &query, &world.team, Scan::default()).is_ok());
    query.descending = true;
    assert_eq!(world.tables.page(&visible, &columns, &query, &world.team, Scan::default()), Err(QueryError::Cursor));
    query = ListQuery { after: query.after, ..ListQuery::default() };
    assert_eq!(world.tables.page(&visible, &columns, &query, &world.team, Scan::default()), Err(QueryError::Cursor));
}

#[test]
fn a_change_that_expects_something_else_is_refused_and_changes_nothing() {
    let mut world = World::new(3);
    let before = world.model.values().next().unwrap().clone();
    let other = Record { private: !before.private, ..before.clone() };
    for swap in [
        Swap::changed(other.clone(), before.clone()),
        Swap::removed(other),
        Swap::made(before.clone()),
        Swap::removed(Record { id: RecordId(12), ..before.clone() }),
    ] {
        let refused = world.tables.apply(&Change::Record(swap));
        assert!(matches!(refused, Err(ChangeRefused::Stale(_))), "{refused:?}");
    }
    let records: BTreeMap<_, _> = world.tables.records().map(|record| (record.id, record)).collect();
    assert_eq!(records, world.model);
}

#[test]
fn a_scan_can_be_cancelled() {
    let world = World::new(9);
    let visible = world.snapshot.visible(Subject::Operator, CONTACTS).unwrap();
    let columns = world.snapshot.columns(Subject::Operator, CONTACTS).unwrap();
    let query = ListQuery { search: Some("a".into()), ..ListQuery::default() };
    let cancel = std::sync::atomic::AtomicBool::new(true);
    let scan = Scan { cancel: Some(&cancel), between: &|| {} };
    let answer = world.tables.page(&visible, &columns, &query, &world.team, scan);
    assert_eq!(answer, Err(QueryError::Cancelled));
}

#[test]
fn what_is_written_down_comes_back_and_damage_is_noticed() {
    for seed in 300..310 {
        let mut world = World::new(seed);
        for _ in 0..50 {
            world.change();
        }
        let mut bytes = Vec::new();
        world.tables.dump(&mut bytes).unwrap();
        let mut restored = Tables::restore(&mut bytes.as_slice()).unwrap();
        let records: BTreeMap<_, _> = restored.records().map(|record| (record.id, record)).collect();
        assert_eq!(records, world.model);
        for record in world.model.values() {
            assert_eq!(restored.record(CONTACTS, record.id).as_ref(), Some(record));
            let external = record.external_id.as_deref();
            assert_eq!(external.and_then(|text| restored.find_external(CONTACTS, text)), external.map(|_| record.id));
        }
        std::mem::swap(&mut world.tables, &mut restored);
        for _ in 0..50 {
            let (visible, columns) = world.asker();
            let query = world.query(&columns);
            if world.tables.table(CONTACTS).is_some() {
                pages_join(&world, &world.tables, &visible, &columns, &query);
            }
            world.change();
        }
        for _ in 0..100 {
            let mut broken = bytes.clone();
            let place = world.rng.random_range(0..broken.len());
            broken[place] ^= 1 << world.rng.random_range(0..8);
            assert!(Tables::restore(&mut broken.as_slice()).is_err());
            assert!(Tables::restore(&mut &bytes[..place]).is_err());
        }
    }
}
