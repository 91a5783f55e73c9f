//! Records that come in one after the other are judged as each by itself would be, and all of them
//! together as one commit would be.

use std::sync::Arc;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::authz::{Heading, Subject, compile};
use rolecall::model::{
    Actor, Change, Commit, Day, Field, FieldId, Reason, Record, RecordId, Status, Swap, Team, UserId, Value,
};

use crate::random::{NOW, random_record, random_value, rng, sample};
use crate::seeds::{on, seeds};
use crate::world::World;

const TEAMS: u64 = 60;
const ROWS: usize = 40;

fn commit(changes: Vec<Change>) -> Commit {
    Commit { actor: Actor::Operator, at: NOW, reason: Reason("rows".to_owned()), changes }
}

fn active(team: &Team, rng: &mut ChaCha8Rng) -> UserId {
    let active = team.users.values().filter(|user| user.status == Status::Active).map(|user| user.id);
    active.choose(rng).unwrap_or(UserId(0))
}

/// What the field can't hold, or today, which fills some by itself.
fn odd_value(rng: &mut ChaCha8Rng, field: &Field) -> Value {
    match rng.random_range(0..6) {
        0 => Value::Text("odd".into()),
        1 => Value::Number(f64::INFINITY),
        2 => Value::Date(NOW.day()),
        3 => Value::Date(Day(3)),
        _ => random_value(rng, field),
    }
}

/// A record made or changed: mostly well, with every kind of flaw now and then.
fn row(team: &Team, world: &World, rng: &mut ChaCha8Rng, me: Option<UserId>) -> Swap<Record> {
    let there = world.records.choose(rng).filter(|_| rng.random_bool(0.7)).cloned();
    let object = match &there {
        Some(record) => &team.objects[&record.object],
        None => team.objects.values().choose(rng).unwrap(),
    };
    let mut after = match &there {
        Some(record) => record.clone(),
        None => {
            let number = rng.random_range(0..40);
            let mut record = random_record(team, rng, object, number);
            record.id = RecordId(rng.random());
            // A bare record is what most people may make.
            if rng.random_bool(0.5) {
                record.values.clear();
            }
            record
        }
    };
    if there.is_none() || rng.random_bool(0.2) {
        after.owner = me.filter(|_| rng.random_bool(0.6)).unwrap_or_else(|| active(team, rng));
    }
    // 002-27, 002-28: what needs a permission where it is done to many.
    if let Some(status) = object.field(FieldId::STATUS)
        && there.is_some()
        && rng.random_bool(0.4)
    {
        after.set(status.id, Some(random_value(rng, status)));
    }
    for _ in 0..rng.random_range(0..2) {
        let field = object.fields.choose(rng).unwrap();
        let value = rng.random_bool(0.8).then(|| odd_value(rng, field));
        after.set(field.id, value);
    }
    match rng.random_range(0..20) {
        0 => after.private = !after.private,
        1 => after.owner = UserId(999),
        2 => after.owner = *team.users.keys().choose(rng).unwrap(),
        3 => after.assigned = vec![UserId(999)],
        4 => after.external_id = Some(format!("x{}", rng.random_range(0..20)).into()),
        5 => after.set(FieldId(9_999), Some(Value::YesNo(true))),
        _ => {}
    }
    Swap { before: there, after: Some(after) }
}

fn put(world: &mut World, swap: &Swap<Record>) {
    let after = swap.after.clone().unwrap();
    match world.records.iter_mut().find(|record| record.object == after.object && record.id == after.id) {
        Some(record) => *record = after,
        None => world.records.push(after),
    }
}

#[test]
fn rows_are_judged_as_each_of_them_alone_and_all_as_one_commit() {
    let (mut admitted, mut refused, mut too_many) = (0, 0, 0);
    for seed in seeds("rows_are_judged_as_each_of_them_alone_and_all_as_one_commit", TEAMS) {
        on(seed, || {
            let mut rng = rng(seed);
            let sample = sample(&mut rng);
            let snapshot = compile(Arc::new(sample.team.clone()), NOW);
            let people = sample.team.users.keys().copied().sample(&mut rng, 6);
            for who in people.into_iter().map(Subject::User).chain([Subject::Operator]) {
                let heading = Heading { actor: Actor::Operator, at: NOW, reason: Reason("rows".to_owned()) };
                let judge = snapshot.judge_rows(who, heading);
                let nothing = snapshot.permit_commit(who, commit(Vec::new()), &sample.world);
                assert_eq!(judge.as_ref().err(), nothing.as_ref().err(), "{who:?}");
                let Ok(mut judge) = judge else { continue };
                let mut world = sample.world.clone();
                let mut together = Vec::new();
                for _ in 0..ROWS {
                    let me = if let Subject::User(me) = who { Some(me) } else { None };
                    let swap = row(&sample.team, &world, &mut rng, me);
                    let alone = snapshot.permit_commit(who, commit(vec![Change::Record(swap.clone())]), &world);
                    let said = judge.admit(swap.clone(), &world);
                    assert_eq!(said.as_ref().err(), alone.as_ref().err(), "{who:?}: {swap:?}");
                    if said.is_ok() {
                        put(&mut world, &swap);
                        together.push(Change::Record(swap));
                    }
                    admitted += usize::from(said.is_ok());
                    refused += usize::from(said.is_err());
                }
                // A record that takes a name that another gave up in the same commit is fine here and
                // there; the commit is judged where all of it happened.
                let whole = snapshot.permit_commit(who, commit(together.clone()), &world);
                let verdict = judge.close();
                let bulk = |said: String| Some(said).filter(|said| said.starts_with("many contacts at once"));
                let said = verdict.as_ref().err().map(ToString::to_string);
                let whole = whole.err().map(|denied| denied.to_string());
                assert_eq!(said, whole.and_then(bulk), "{who:?}");
                too_many += usize::from(said.is_some());
            }
        });
    }
    assert!(admitted > 500 && refused > 500 && too_many > 3, "{admitted} admitted, {refused} refused, {too_many}");
}
