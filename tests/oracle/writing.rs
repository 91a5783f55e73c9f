//! Records made, changed, given away, sealed and deleted, by anybody (R12, R13, R14, R32).

use std::sync::Arc;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::authz::{Denied, Subject, compile};
use rolecall::model::{Actor, Change, Commit, Day, Reason, Record, Swap, Value};

use crate::random::{NOW, Sample, random_record, random_value, rng, sample};
use crate::says::{Answer, Oracle};
use crate::seeds::{on, seeds};

const TEAMS: u64 = 24;
const TRIES: usize = 150;

fn today() -> Day {
    Day::from_date(NOW.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// Some of a record changed: now and then what must not be.
fn altered(sample: &Sample, rng: &mut ChaCha8Rng, record: &Record) -> Record {
    let mut record = record.clone();
    let object = &sample.team.objects[&record.object];
    let people: Vec<_> = sample.team.users.keys().copied().collect();
    for _ in 0..rng.random_range(1..3) {
        match rng.random_range(0..10) {
            0..2 => record.owner = *people.choose(rng).unwrap(),
            2 => record.private = !record.private,
            3 => record.assigned = people.iter().copied().filter(|_| rng.random_bool(0.2)).collect(),
            4 => record.external_id = Some(format!("x{}", rng.random_range(0..40)).into()),
            5 => {
                let field = object.fields.iter().filter(|field| field.automatic.is_some()).choose(rng).unwrap();
                record.set(field.id, Some(Value::Date(if rng.random_bool(0.7) { today() } else { Day(3) })));
            }
            _ => {
                let field = object.fields.choose(rng).unwrap();
                let value = rng.random_bool(0.7).then(|| random_value(rng, field));
                let wrong = rng.random_bool(0.03);
                record.set(field.id, if wrong { Some(Value::YesNo(true)) } else { value });
            }
        }
    }
    record
}

#[test]
fn every_change_of_a_record_agrees() {
    let mut answers = [0; 3];
    for seed in seeds("every_change_of_a_record_agrees", TEAMS) {
        on(seed, || {
            let mut rng = rng(seed);
            let sample = sample(&mut rng);
            let snapshot = compile(Arc::new(sample.team.clone()), NOW);
            let oracle = Oracle::new(&sample.team, &sample.world.records, NOW);
            for _ in 0..TRIES {
                let user = sample.team.users.values().choose(&mut rng).unwrap();
                let who = rng.random_bool(0.9).then_some(&**user);
                let record = sample.world.records.choose(&mut rng).unwrap();
                let (was, is) = match rng.random_range(0..10) {
                    0..3 => {
                        let object = &sample.team.objects[&record.object];
                        let mut new = random_record(&sample.team, &mut rng, object, 100);
                        if rng.random_bool(0.7) {
                            new.owner = user.id;
                        }
                        // Mostly only what the maker may write.
                        if let Some(who) = who.filter(|_| rng.random_bool(0.8)) {
                            for field in &object.fields {
                                if !oracle.may_edit_field(who, object.id, field) {
                                    new.set(field.id, None);
                                }
                            }
                        }
                        if rng.random_bool(0.1) {
                            new.external_id = Some("x3".into());
                        }
                        (None, Some(new))
                    }
                    3 => (Some(record.clone()), None),
                    _ => (Some(record.clone()), Some(altered(&sample, &mut rng, record))),
                };
                let expected = oracle.write(who, was.as_ref(), is.as_ref(), today());
                let (subject, actor) = match who {
                    Some(who) => (Subject::User(who.id), Actor::User(who.id)),
                    None => (Subject::Operator, Actor::Operator),
                };
                let changes = vec![Change::Record(Swap { before: was, after: is })];
                let commit = Commit { actor, at: NOW, reason: Reason("a record".to_owned()), changes };
                let said = snapshot.permit_commit(subject, commit.clone(), &sample.world).map(drop);
                let said_answer = match &said {
                    Ok(()) => Answer::Done,
                    Err(Denied::Absent) => Answer::Absent,
                    Err(_) => Answer::Refused,
                };
                assert_eq!(said_answer, expected, "{said:?}\n{commit:#?}\nby {who:?}");
                answers[expected as usize] += 1;
            }
        });
    }
    println!("{answers:?} done, refused, absent");
    assert!(answers.iter().all(|count| *count > 100), "{answers:?}");
}

/// Several records at once: each of them, and the permission for doing it to many contacts (R13).
#[test]
fn many_changes_at_once_agree() {
    let mut answers = [0; 2];
    for seed in seeds("many_changes_at_once_agree", TEAMS) {
        on(seed, || {
            let mut rng = rng(seed);
            let sample = sample(&mut rng);
            let snapshot = compile(Arc::new(sample.team.clone()), NOW);
            let oracle = Oracle::new(&sample.team, &sample.world.records, NOW);
            let active: Vec<_> = sample.team.users.values().filter(|user| oracle.is_active(user)).collect();
            let status =
                sample.team.objects[&rolecall::model::ObjectId::CONTACTS].field_named("Status").unwrap().clone();
            for _ in 0..TRIES {
                let user: &rolecall::model::User = active.choose(&mut rng).unwrap();
                let mine: Vec<&Record> = sample
                    .world
                    .records
                    .iter()
                    .filter(|record| oracle.may(user, rolecall::model::RecordAction::Edit, record))
                    .collect();
                let (heir, gives) = (active.choose(&mut rng).unwrap().id, rng.random_bool(0.5));
                let count = rng.random_range(1..4);
                let changes: Vec<(Option<Record>, Option<Record>)> = mine
                    .sample(&mut rng, count)
                    .map(|was| {
                        let mut is = (*was).clone();
                        if gives {
                            is.owner = heir;
                        } else if is.object == rolecall::model::ObjectId::CONTACTS {
                            is.set(status.id, Some(Value::Option(status.options[0].id)));
                        }
                        (Some((*was).clone()), Some(is))
                    })
                    .collect();
                let expected = oracle.write_many(Some(user), &changes, today());
                let changes =
                    changes.into_iter().map(|(before, after)| Change::Record(Swap { before, after })).collect();
                let reason = Reason("several records".to_owned());
                let commit = Commit { actor: Actor::User(user.id), at: NOW, reason, changes };
                let said = snapshot.permit_commit(Subject::User(user.id), commit.clone(), &sample.world).map(drop);
                assert_eq!(said.is_ok(), expected, "{said:?}\n{commit:#?}\nby {user:?}");
                answers[usize::from(expected)] += 1;
            }
        });
    }
    assert!(answers.iter().all(|count| *count > 50), "{answers:?}");
}

/// A record that somebody may not see answers a change by the same words as one that isn't there,
/// whatever the change would be.
#[test]
fn changing_what_may_not_be_seen_answers_as_what_is_not_there() {
    for seed in seeds("changing_what_may_not_be_seen_answers_as_what_is_not_there", TEAMS) {
        on(seed, || {
            let mut rng = rng(seed);
            let sample = sample(&mut rng);
            let snapshot = compile(Arc::new(sample.team.clone()), NOW);
            let oracle = Oracle::new(&sample.team, &sample.world.records, NOW);
            for user in sample.team.users.values().filter(|user| oracle.is_active(user)) {
                let hidden =
                    sample.world.records.iter().filter(|r| !oracle.may(user, rolecall::model::RecordAction::View, r));
                for record in hidden {
                    let after = altered(&sample, &mut rng, record);
                    let changes = vec![Change::Record(Swap::changed(record.clone(), after))];
                    let reason = Reason("a guess".to_owned());
                    let commit = Commit { actor: Actor::User(user.id), at: NOW, reason, changes };
                    let said = snapshot.permit_commit(Subject::User(user.id), commit, &sample.world);
                    assert_eq!(said.map(drop), Err(Denied::Absent));
                }
            }
        });
    }
}
