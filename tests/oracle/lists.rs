//! Lists as a session shows them: rows, order, totals, search, filters, cursors and positions, over
//! a store on disk, against looking at every record (R11, R32, part 4).

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::authz::{NoFacts, Subject, System};
use rolecall::model::text::fold;
use rolecall::model::{Actor, Change, Commit, Object, Reason, Record, RecordId, Status, Swap, User};
use rolecall::service::check::Question;
use rolecall::service::clock::{Chance, FixedClock};
use rolecall::service::records::RecordQuery;
use rolecall::service::{Engine, Session};
use rolecall::store::{Options, Store};

use crate::random::{NOW, Sample, Size, rng, sample_of};
use crate::says::{By, Oracle, shown};
use crate::seeds::{on, seeds};

const TEAMS: u64 = 20;

fn options() -> Options {
    Options { index: false, load_wait: Duration::from_secs(20), ..Options::default() }
}

/// Writes a random account into a directory, as the operator may: first the people, all active, so
/// that they can own; then the records; then who isn't active after all.
fn write(sample: &Sample, dir: &Path) {
    let store = Store::open(dir, options(), Arc::new(|| NOW), &System::for_the_data_directory()).unwrap();
    let commit = |changes: Vec<Change>| {
        let reason = Reason("a random account".to_owned());
        let commit = Commit { actor: Actor::Operator, at: NOW, reason, changes };
        let view = store.view();
        store.commit(view.snapshot().permit_commit(Subject::Operator, commit, &NoFacts).unwrap()).unwrap();
    };
    let team = &sample.team;
    let active = |user: &Arc<User>| Arc::new(User { status: Status::Active, ..(**user).clone() });
    let mut changes = vec![Change::Account(Swap::made(team.account.clone()))];
    changes.extend(team.objects.values().map(|object| Change::Object(Swap::made(Arc::clone(object)))));
    changes.extend(team.roles.values().map(|role| Change::Role(Swap::made(Arc::clone(role)))));
    changes.extend(team.users.values().map(|user| Change::User(Swap::made(active(user)))));
    commit(changes);
    let records = sample.world.records.iter();
    let changes: Vec<_> = records.map(|record| Change::Record(Swap::made(record.clone()))).collect();
    if !changes.is_empty() {
        commit(changes);
    }
    let inactive = team.users.values().filter(|user| user.status != Status::Active);
    let changes: Vec<_> = inactive.map(|user| Change::User(Swap::changed(active(user), Arc::clone(user)))).collect();
    if !changes.is_empty() {
        commit(changes);
    }
    store.close().unwrap();
}

/// A random account in a directory of its own.
fn account(sample: &Sample) -> (tempfile::TempDir, Arc<Engine>) {
    let dir = tempfile::tempdir().unwrap();
    write(sample, dir.path());
    let clock = Arc::new(FixedClock::at(NOW));
    let engine = Engine::open_with(dir.path(), options(), clock, Chance::seeded(1), false).unwrap();
    (dir, engine)
}

fn each_account(test: &str, check: impl Fn(&Sample, &Arc<Engine>, &Oracle<'_>, &mut ChaCha8Rng)) {
    for seed in seeds(test, TEAMS) {
        on(seed, || {
            let mut rng = rng(seed);
            let size = Size { roles: rng.random_range(0..6), people: rng.random_range(1..9), records: 25 };
            let sample = sample_of(&mut rng, size);
            let (_dir, engine) = account(&sample);
            let oracle = Oracle::new(&sample.team, &sample.world.records, NOW);
            check(&sample, &engine, &oracle, &mut rng);
        });
    }
}

/// The sessions of everybody who can have one.
fn people<'a>(sample: &'a Sample, engine: &'a Arc<Engine>) -> impl Iterator<Item = (&'a Arc<User>, Session)> {
    let active = sample.team.users.values().filter(|user| user.status == Status::Active);
    active.map(|user| (user, engine.acting_as(&user.email).unwrap()))
}

fn ids(records: &[&Record]) -> Vec<RecordId> {
    records.iter().map(|record| record.id).collect()
}

/// A column to go by, of those that the viewer may view, with the name that a person types.
fn column<'a>(oracle: &Oracle<'a>, user: &User, object: &'a Object, rng: &mut ChaCha8Rng) -> (By<'a>, String) {
    match rng.random_range(0..8) {
        0 => (By::Id, "id".to_owned()),
        1 => (By::Owner, "Owner".to_owned()),
        2 => (By::ExternalId, "external_id".to_owned()),
        _ => match oracle.columns(user, object.id).choose(rng) {
            Some(field) => (By::Field(field), field.name.to_uppercase()),
            None => (By::Id, "id".to_owned()),
        },
    }
}

/// What somebody types to find records equal to this one, in another case.
fn typed(oracle: &Oracle<'_>, record: &Record, by: By<'_>) -> String {
    match by {
        By::Id => record.id.to_string(),
        By::Owner => oracle.user(record.owner).email.to_uppercase(),
        By::ExternalId => record.external_id.as_deref().unwrap_or_default().to_uppercase(),
        By::Field(field) => {
            let text = record.value(field.id).map(|value| shown(field, value)).unwrap_or_default();
            if matches!(fold(&text.to_uppercase()), upper if upper == fold(&text)) { text.to_uppercase() } else { text }
        }
    }
}

#[test]
fn every_list_a_session_shows_agrees() {
    each_account("every_list_a_session_shows_agrees", |sample, engine, oracle, rng| {
        for (user, session) in people(sample, engine) {
            for object in sample.team.objects.values() {
                let Some(visible) = oracle.visible(user, object.id) else {
                    let query = RecordQuery { object: object.key.clone(), limit: 5, ..RecordQuery::default() };
                    assert!(session.records(&query).is_err());
                    assert!(session.objects().iter().all(|view| view.key != object.key), "R11");
                    continue;
                };
                for _ in 0..6 {
                    one_list(&session, oracle, user, object, &visible, rng);
                }
            }
        }
    });
}

fn one_list(
    session: &Session,
    oracle: &Oracle<'_>,
    user: &User,
    object: &Object,
    visible: &[&Record],
    rng: &mut ChaCha8Rng,
) {
    let object = oracle.object(object.id);
    let (by, sort) = column(oracle, user, object, rng);
    let descending = rng.random();
    let mut filters = Vec::new();
    let mut expected = visible.to_vec();
    for _ in 0..rng.random_range(0..4usize).saturating_sub(1) {
        // Values of any record, seen or not: what isn't seen is never found by them.
        let (by, name) = column(oracle, user, object, rng);
        let of: Vec<&Record> = oracle.records.iter().filter(|record| record.object == object.id).collect();
        let value = typed(oracle, of.choose(rng).unwrap(), by);
        expected.retain(|record| oracle.equals(record, by, &value));
        filters.push((name, value));
    }
    let searches = ["ann", "ß", "SS", "zoe", "0", ".", "istan", "2022-0", "a B", "xyz", "i", "ell", "lead"];
    let search = rng.random_bool(0.4).then(|| searches[rng.random_range(0..searches.len())].to_owned());
    if let Some(search) = &search {
        expected.retain(|record| oracle.found(user, record, search));
    }
    oracle.sort(&mut expected, by, descending);
    let all = RecordQuery {
        object: object.key.clone(),
        search,
        filters,
        sort: Some(sort),
        descending,
        limit: 1000,
        ..RecordQuery::default()
    };
    let page = session.records(&all).unwrap();
    let said: Vec<RecordId> = page.rows.iter().map(|row| row.id).collect();
    assert_eq!(said, ids(&expected), "{all:?} by {user:?}");
    assert_eq!(page.total, expected.len() as u64, "{all:?} by {user:?}");
    assert_eq!(page.next, None);
    let fields: Vec<_> = oracle.columns(user, object.id).iter().map(|field| field.id).collect();
    assert_eq!(page.fields.iter().map(|view| view.field.id).collect::<Vec<_>>(), fields);
    for (row, record) in page.rows.iter().zip(&expected) {
        let mut values = record.values.clone();
        values.retain(|(id, _)| fields.contains(id));
        assert_eq!(row.values, values, "R11");
        assert_eq!(row.owner, oracle.user(record.owner).email);
        assert_eq!(row.external_id.as_deref(), record.external_id.as_deref());
        assert_eq!(row.private, record.private);
    }
    by_cursors(session, &all, &said, rng);
}

/// The same list in pages, and from any position.
fn by_cursors(session: &Session, all: &RecordQuery, expected: &[RecordId], rng: &mut ChaCha8Rng) {
    let limit = rng.random_range(1..9);
    let (mut said, mut after) = (Vec::new(), None);
    loop {
        let page = session.records(&RecordQuery { limit, after, ..all.clone() }).unwrap();
        assert_eq!(page.total, expected.len() as u64);
        assert!(page.rows.len() <= limit);
        said.extend(page.rows.iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            break;
        }
        assert!(said.len() < expected.len() && page.rows.len() == limit);
    }
    assert_eq!(said, expected, "{all:?} in pages of {limit}");
    let position = rng.random_range(0..expected.len() as u64 + 2);
    let page = session.records(&RecordQuery { limit, position: Some(position), ..all.clone() }).unwrap();
    let said: Vec<RecordId> = page.rows.iter().map(|row| row.id).collect();
    let from: Vec<RecordId> = expected.iter().copied().skip(position as usize).take(limit).collect();
    assert_eq!(said, from, "{all:?} from {position}");
}

/// Sorting, filtering and asking by a field that may not be viewed answers as by one that isn't there.
#[test]
fn a_hidden_column_answers_as_none() {
    each_account("a_hidden_column_answers_as_none", |sample, engine, oracle, _| {
        for (user, session) in people(sample, engine) {
            for object in sample.team.objects.values().filter(|object| oracle.has_area(user, &object.key)) {
                for field in object.fields.iter().filter(|field| !oracle.may_view_field(user, object.id, field)) {
                    let plain = RecordQuery { object: object.key.clone(), limit: 5, ..RecordQuery::default() };
                    let ask = |name: &str| {
                        let name = name.to_owned();
                        let asked = [
                            RecordQuery { sort: Some(name.clone()), ..plain.clone() },
                            RecordQuery { filters: vec![(name.clone(), "x".to_owned())], ..plain.clone() },
                            RecordQuery { fields: Some(vec![name.clone()]), ..plain.clone() },
                        ];
                        asked.map(|query| session.records(&query).unwrap_err().to_string().replace(&name, "…"))
                    };
                    assert_eq!(ask(&field.name), ask("No such field"));
                }
            }
        }
    });
}

/// One record opened, and `check` as a command asks it, agree with the lists.
#[test]
fn opening_and_checking_agree() {
    each_account("opening_and_checking_agree", |sample, engine, oracle, rng| {
        let operator = engine.operator();
        for (user, session) in people(sample, engine) {
            for record in sample.world.records.sample(rng, 20) {
                let object = oracle.object(record.object);
                use rolecall::model::RecordAction::{Delete, Edit, View};
                let opened = session.record(&object.key, &record.id.to_string());
                assert_eq!(opened.is_ok(), oracle.may(user, View, record), "{record:?} by {user:?}");
                if let Some(external) = &record.external_id {
                    let by_name = session.record(&object.key, &format!("ext:{external}"));
                    assert_eq!(by_name.ok(), opened.as_ref().ok().cloned());
                }
                match opened {
                    Ok(opened) => {
                        assert_eq!(opened.row.may_edit, oracle.may(user, Edit, record));
                        assert_eq!(opened.row.may_delete, oracle.may(user, Delete, record));
                        let seen = opened.sections.iter().map(|section| section.fields.len()).sum::<usize>();
                        assert_eq!(seen, oracle.columns(user, object.id).len());
                    }
                    Err(error) => {
                        let absent = session.record(&object.key, &RecordId(rng.random()).to_string());
                        assert_eq!(error.to_string(), absent.unwrap_err().to_string(), "R32");
                    }
                }
                for verb in ["view", "edit", "delete"] {
                    let question = Question {
                        user: user.email.clone(),
                        action: format!("{}.{verb}", object.key),
                        record: Some(record.id.to_string()),
                        field: None,
                    };
                    let answer = operator.check(&question, true).unwrap();
                    let at = Some((record.object, record.id));
                    assert_eq!(answer.decision.allowed, oracle.check(user, &question.action, at, None));
                }
            }
        }
    });
}

/// Home's "Records Owned" counts what one owns, as soon as one may see the object (000-12).
#[test]
fn home_counts_what_one_owns() {
    each_account("home_counts_what_one_owns", |sample, engine, oracle, _| {
        for (user, session) in people(sample, engine) {
            let home = session.home().unwrap();
            let seen = sample.team.objects.values().filter(|object| oracle.has_area(user, &object.key));
            let owned = seen.map(|object| {
                let mine = sample.world.of(object.id).filter(|record| record.owner == user.id).count();
                let visible = oracle.visible(user, object.id).unwrap().len();
                (object.key.clone(), Some(mine as u64), Some(visible as u64))
            });
            let said: Vec<_> =
                home.owned.iter().map(|count| (count.object.clone(), count.owned, count.visible)).collect();
            assert_eq!(said, owned.collect::<Vec<_>>(), "{user:?}");
        }
    });
}

/// B4: two accounts that differ only in what somebody may not see answer them the same, to the
/// letter: lists, totals, cursors, records, mistakes.
#[test]
fn what_may_not_be_seen_has_no_effect() {
    each_account("what_may_not_be_seen_has_no_effect", |sample, engine, oracle, rng| {
        for (user, session) in people(sample, engine).collect::<Vec<_>>().sample(rng, 2) {
            let mut poorer = sample.clone();
            poorer.world.records.retain(|record| oracle.may(user, rolecall::model::RecordAction::View, record));
            for record in &mut poorer.world.records {
                let seen = oracle.columns(user, record.object);
                record.values.retain(|(id, _)| seen.iter().any(|field| field.id == *id));
            }
            let (_dir, other) = account(&poorer);
            let other = other.acting_as(&user.email).unwrap();
            assert_eq!(answers(session, sample), answers(&other, sample), "{user:?}");
            for object in sample.team.objects.values() {
                for _ in 0..12 {
                    let query = any_query(oracle, object, rng);
                    assert_eq!(list(session, &query), list(&other, &query), "{query:?} by {user:?}");
                }
            }
        }
    });
}

/// Everything that a session says of itself and of every record, as text.
fn answers(session: &Session, sample: &Sample) -> Vec<String> {
    let users = session.users(&rolecall::service::users::UserQuery::default());
    let mut said = vec![
        format!("{:?}", session.me()),
        format!("{:?}", session.home()),
        format!("{:?}", session.objects()),
        format!("{users:?}"),
        format!("{:?}", session.roles()),
    ];
    for record in &sample.world.records {
        let object = &sample.team.objects[&record.object].key;
        said.push(format!("{:?}", session.record(object, &record.id.to_string())));
        if let Some(external) = &record.external_id {
            said.push(format!("{:?}", session.record(object, &format!("ext:{external}"))));
        }
        let mut csv = Vec::new();
        let query = RecordQuery { object: object.clone(), limit: usize::MAX, ..RecordQuery::default() };
        let exported = session.export_csv(&query, &mut csv);
        said.push(format!("{exported:?} {}", String::from_utf8_lossy(&csv)));
    }
    said
}

/// Any question at all, of fields that may be seen or not.
fn any_query(oracle: &Oracle<'_>, object: &Object, rng: &mut ChaCha8Rng) -> RecordQuery {
    let field = |rng: &mut ChaCha8Rng| match rng.random_range(0..5) {
        0 => ["id", "owner", "external_id", "no such field"][rng.random_range(0..4)].to_owned(),
        _ => object.fields.choose(rng).unwrap().name.clone(),
    };
    let of: Vec<&Record> = oracle.records.iter().filter(|record| record.object == object.id).collect();
    let mut filters = Vec::new();
    if rng.random_bool(0.4) {
        let field = oracle.object(object.id).fields.choose(rng).unwrap();
        filters.push((field.name.clone(), typed(oracle, of.choose(rng).unwrap(), By::Field(field))));
    }
    RecordQuery {
        object: object.key.clone(),
        search: rng.random_bool(0.4).then(|| ["ann", "ss", "0", "i", "2022"][rng.random_range(0..5)].to_owned()),
        filters,
        among: Vec::new(),
        sort: rng.random_bool(0.8).then(|| field(rng)),
        descending: rng.random(),
        limit: rng.random_range(0..6),
        after: None,
        position: rng.random_bool(0.3).then(|| rng.random_range(0..20)),
        fields: rng.random_bool(0.2).then(|| vec![field(rng)]),
    }
}

/// What a session answers to a question, and to the one that goes on after it.
fn list(session: &Session, query: &RecordQuery) -> [String; 2] {
    let mut next = None;
    let mut ask = |query: &RecordQuery| match session.records(query) {
        Ok(page) => {
            next = page.next.clone();
            // Which generation it is of is for the program alone.
            format!("{:?}", rolecall::service::records::RecordsPage { generation: 0, ..page })
        }
        Err(error) => error.to_string(),
    };
    let first = ask(query);
    let second = match next.take() {
        Some(after) => match session.records(&RecordQuery { after: Some(after), ..query.clone() }) {
            Ok(page) => format!("{:?}", rolecall::service::records::RecordsPage { generation: 0, ..page }),
            Err(error) => error.to_string(),
        },
        None => String::new(),
    };
    [first, second]
}
