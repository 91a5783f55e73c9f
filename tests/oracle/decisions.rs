//! Every decision, every list, every column, every count: asked of both.

use std::collections::BTreeSet;
use std::sync::Arc;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::authz::{Action, Asked, Fact, Snapshot, Subject, compile};
use rolecall::model::{ObjectId, Record, RecordAction, RecordId, User};

use crate::random::{NOW, Sample, rng, sample};
use crate::says::Oracle;
use crate::seeds::{on, seeds};

const TEAMS: u64 = 24;

fn each_team(test: &str, check: impl Fn(&Sample, &Snapshot, &Oracle<'_>, &mut ChaCha8Rng)) {
    for seed in seeds(test, TEAMS) {
        on(seed, || {
            let mut rng = rng(seed);
            let sample = sample(&mut rng);
            let snapshot = compile(Arc::new(sample.team.clone()), NOW);
            let oracle = Oracle::new(&sample.team, &sample.world.records, NOW);
            check(&sample, &snapshot, &oracle, &mut rng);
        });
    }
}

#[test]
fn random_teams_are_valid() {
    each_team("random_teams_are_valid", |sample, _, _, _| {
        assert!(crate::says::is_valid(&sample.team));
        let problems = rolecall::authz::validate(&sample.team);
        assert!(problems.is_empty(), "{problems:?}");
    });
}

/// R8, R9, R10, R13, 000-20, 000-32, 002-09…16.
#[test]
fn features_agree() {
    each_team("features_agree", |sample, snapshot, oracle, _| {
        for user in sample.team.users.values() {
            for feature in sample.team.catalog.features() {
                let said = snapshot.feature(Subject::User(user.id), feature.id);
                assert_eq!(said, oracle.feature(user, &feature.key), "{} for {user:?}", feature.key);
            }
        }
    });
}

/// R4, 000-07, 004-16.
#[test]
fn reporting_lines_agree() {
    each_team("reporting_lines_agree", |sample, snapshot, oracle, _| {
        for v in sample.team.users.keys() {
            for u in sample.team.users.keys() {
                assert_eq!(snapshot.is_below(*v, *u), oracle.is_subordinate(*v, *u), "{v:?} below {u:?}");
            }
        }
    });
}

/// R3, R4, R8, R12, R14, R34, 000-22…27, 002-07.
#[test]
fn every_record_agrees() {
    each_team("every_record_agrees", |sample, snapshot, oracle, _| {
        for user in sample.team.users.values() {
            for record in &sample.world.records {
                for action in [RecordAction::View, RecordAction::Edit, RecordAction::Delete] {
                    let said = permitted(sample, snapshot, user, action, record);
                    assert_eq!(said, oracle.may(user, action, record), "{action:?} {record:?} by {user:?}");
                }
            }
        }
    });
}

/// A batch of questions is answered as each of them alone.
#[test]
fn many_together_are_decided_as_each_of_them_alone() {
    each_team("many_together_are_decided_as_each_of_them_alone", |sample, snapshot, _, rng| {
        for object in sample.team.objects.values() {
            let records = || sample.world.records.iter().filter(|record| record.object == object.id);
            let actions = [RecordAction::View, RecordAction::Edit, RecordAction::Delete];
            let people = sample.team.users.values().flat_map(|user| records().map(move |record| (user, record)));
            let mut pairs: Vec<_> = people.flat_map(|pair| actions.map(|action| (pair, action))).collect();
            pairs.shuffle(rng);
            let asked = pairs.iter().map(|((user, record), action)| {
                let Record { owner, private, assigned, .. } = record;
                (user.id, *action, Fact { owner: *owner, private: *private, assigned })
            });
            let mut said = Vec::new();
            snapshot.may_each(object.id, asked, |may| said.push(may));
            let alone = pairs.iter().map(|((user, record), action)| permitted(sample, snapshot, user, *action, record));
            assert_eq!(said, alone.collect::<Vec<bool>>());

            let asked = pairs.iter().map(|((user, record), action)| {
                let (action, record) = (Action::Record(object.id, *action), Some((object.id, record.id)));
                Asked { who: user.id, action, record, field: None }
            });
            let alone: Vec<_> = asked
                .clone()
                .map(|one| snapshot.check(one.who, one.action, one.record, one.field, &sample.world))
                .collect();
            assert_eq!(snapshot.check_each(&sample.world, asked), alone);
        }
    });
}

fn permitted(sample: &Sample, snapshot: &Snapshot, user: &User, action: RecordAction, record: &Record) -> bool {
    let (who, object, id, facts) = (Subject::User(user.id), record.object, record.id, &sample.world);
    match action {
        RecordAction::View => snapshot.permit_view(who, object, id, facts).is_some(),
        RecordAction::Edit => snapshot.permit_edit(who, object, id, facts).is_some(),
        RecordAction::Delete => snapshot.permit_delete(who, object, id, facts).is_some(),
    }
}

/// Lists hold exactly what `check` allows, and are absent with their area (R11, R32).
#[test]
fn every_list_agrees() {
    each_team("every_list_agrees", |sample, snapshot, oracle, _| {
        for user in sample.team.users.values() {
            for object in sample.team.objects.keys() {
                let visible = snapshot.visible(Subject::User(user.id), *object);
                let expected = oracle.visible(user, *object);
                assert_eq!(visible.is_some(), expected.is_some());
                let (Some(visible), Some(expected)) = (visible, expected) else { continue };
                assert!(!visible.sees_sealed());
                assert_eq!(visible.me(), Some(user.id));
                let admitted = |record: &&Record| visible.admits(record.owner, record.private, || &record.assigned);
                let said: Vec<RecordId> = sample.world.of(*object).filter(admitted).map(|record| record.id).collect();
                let expected: Vec<RecordId> = expected.iter().map(|record| record.id).collect();
                assert_eq!(said, expected, "{object:?} for {user:?}");
            }
        }
    });
}

/// The count that owners' counts add up to, as the store adds them (R32, 004-13).
#[test]
fn every_count_agrees() {
    each_team("every_count_agrees", |sample, snapshot, oracle, _| {
        for user in sample.team.users.values() {
            for object in sample.team.objects.keys() {
                let Some(visible) = snapshot.visible(Subject::User(user.id), *object) else { continue };
                let public = |record: &Record| record.object == *object && !record.private;
                let counted = |owned_by: &dyn Fn(&Record) -> bool| {
                    sample.world.records.iter().filter(|record| public(record) && owned_by(record)).count()
                };
                let mut total = match visible.reach().width() {
                    None => counted(&|_| true),
                    Some(width) => {
                        let owners: Vec<_> = visible.reach().owners().collect();
                        let distinct: BTreeSet<_> = owners.iter().copied().collect();
                        assert_eq!(owners.len(), distinct.len(), "no owner twice");
                        assert!(owners.len() <= width);
                        assert!(
                            sample.team.users.keys().all(|id| visible.reach().contains(*id) == distinct.contains(id))
                        );
                        counted(&|record| distinct.contains(&record.owner))
                    }
                };
                if let Some(assignee) = visible.assignee() {
                    assert_eq!(assignee, user.id);
                    let reached = |owner| visible.reach().contains(owner);
                    total += counted(&|record| record.assigned.contains(&assignee) && !reached(record.owner));
                }
                let sealed = |record: &&Record| record.object == *object && record.private && record.owner == user.id;
                if !matches!(visible.reach(), rolecall::authz::Reach::Nobody) {
                    total += sample.world.records.iter().filter(sealed).count();
                }
                assert_eq!(total, oracle.visible(user, *object).unwrap().len(), "{object:?} for {user:?}");
            }
        }
    });
}

/// R11, 001-21…23.
#[test]
fn columns_agree() {
    each_team("columns_agree", |sample, snapshot, oracle, _| {
        for user in sample.team.users.values() {
            for object in sample.team.objects.values() {
                let who = Subject::User(user.id);
                let area_is_on = oracle.has_area(user, &object.key);
                let columns = snapshot.columns(who, object.id);
                assert_eq!(columns.is_some(), area_is_on);
                let writable = snapshot.writable(who, object.id);
                for field in &object.fields {
                    let seen = columns.as_ref().is_some_and(|columns| columns.contains(field.id));
                    assert_eq!(seen, oracle.may_view_field(user, object.id, field), "{field:?} for {user:?}");
                    let written = writable.contains(&field.id);
                    assert_eq!(written, oracle.may_edit_field(user, object.id, field), "{field:?} for {user:?}");
                }
                if let Some(columns) = columns {
                    assert_eq!(columns.fields().len(), oracle.columns(user, object.id).len());
                }
            }
        }
    });
}

/// The operator sees everything, sealed records too (R14).
#[test]
fn the_operator_sees_everything() {
    each_team("the_operator_sees_everything", |sample, snapshot, _, _| {
        for object in sample.team.objects.values() {
            let visible = snapshot.visible(Subject::Operator, object.id).unwrap();
            assert!(visible.sees_sealed());
            assert!(sample.world.of(object.id).all(|r| visible.admits(r.owner, r.private, || &r.assigned)));
            let columns = snapshot.columns(Subject::Operator, object.id).unwrap();
            assert!(object.fields.iter().all(|field| columns.contains(field.id)));
        }
    });
}

/// Everything that `check` can be asked, with and without record and field; and the explanation of
/// each answer agrees with it, as does the step that is marked as deciding (B2).
#[test]
fn every_check_agrees() {
    each_team("every_check_agrees", |sample, snapshot, oracle, rng| {
        let mut keys: Vec<String> = sample.team.catalog.features().map(|feature| feature.key.clone()).collect();
        for object in sample.team.objects.values() {
            keys.extend(["view", "edit", "create", "delete"].map(|verb| format!("{}.{verb}", object.key)));
        }
        for user in sample.team.users.values() {
            for key in &keys {
                let action = Action::parse(&sample.team, key).unwrap();
                for record in some_records(sample, rng) {
                    for field in some_fields(sample, key, rng) {
                        let field = field.as_deref();
                        let said = snapshot.check(user.id, action, record, field, &sample.world);
                        let expected = oracle.check(user, key, record, field);
                        assert_eq!(said.allowed, expected, "{key} {record:?} {field:?} by {user:?}");
                        let (decision, why) = snapshot.explain(user.id, action, record, field, &sample.world);
                        assert_eq!(decision, said);
                        assert_eq!(why.allowed, said.allowed);
                        let deciding = why.steps.get(why.deciding).expect("something decided");
                        assert_eq!(deciding.allows, said.allowed, "{key} {record:?} {field:?} by {user:?}: {why:?}");
                    }
                }
            }
        }
    });
}

/// R32: a record out of view, or a field, answers exactly as one that doesn't exist.
#[test]
fn what_may_not_be_seen_answers_as_what_is_not_there() {
    each_team("what_may_not_be_seen_answers_as_what_is_not_there", |sample, snapshot, oracle, rng| {
        for user in sample.team.users.values() {
            for record in sample.world.records.iter().filter(|r| !oracle.may(user, RecordAction::View, r)) {
                let absent = RecordId(rng.random());
                let key = &sample.team.objects[&record.object].key;
                for verb in ["view", "edit", "delete", "create"] {
                    let action = Action::parse(&sample.team, &format!("{key}.{verb}")).unwrap();
                    for field in some_fields(sample, &format!("{key}.{verb}"), rng) {
                        let ask = |id| {
                            let at = Some((record.object, id));
                            snapshot.check(user.id, action, at, field.as_deref(), &sample.world)
                        };
                        assert_eq!(ask(record.id), ask(absent));
                    }
                }
                if let Some(external) = &record.external_id {
                    let who = Subject::User(user.id);
                    assert!(snapshot.find_external(who, record.object, external, &sample.world).is_none());
                }
            }
            for object in sample.team.objects.values() {
                for field in object.fields.iter().filter(|field| !oracle.may_view_field(user, object.id, field)) {
                    for verb in ["view", "edit", "create"] {
                        let action = Action::parse(&sample.team, &format!("{}.{verb}", object.key)).unwrap();
                        let ask = |name| snapshot.check(user.id, action, None, Some(name), &sample.world);
                        assert_eq!(ask(&field.name), ask("No such field"));
                    }
                }
            }
        }
    });
}

/// Between two moments named by `next_change` nothing changes by itself; exceptions end in time.
#[test]
fn the_next_change_by_time_is_announced() {
    each_team("the_next_change_by_time_is_announced", |sample, snapshot, oracle, _| {
        let all = |oracle: &Oracle<'_>| {
            let users = sample.team.users.values();
            let ask = |user| sample.team.catalog.features().map(move |feature| oracle.feature(user, &feature.key));
            users.flat_map(|user| ask(user).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        let before = all(oracle);
        let next = snapshot.next_change();
        assert!(next.is_none_or(|next| next > NOW));
        let last_same = next.map_or(NOW.plus(1_000_000_000_000), |next| next.plus(-1));
        let later = Oracle { now: last_same, ..*oracle };
        assert_eq!(before, all(&later));
        let Some(next) = next else { return };
        let later = Oracle { now: next, ..*oracle };
        let snapshot = compile(Arc::new(sample.team.clone()), next);
        for user in sample.team.users.values() {
            for feature in sample.team.catalog.features() {
                assert_eq!(snapshot.feature(Subject::User(user.id), feature.id), later.feature(user, &feature.key));
            }
        }
    });
}

fn some_records(sample: &Sample, rng: &mut ChaCha8Rng) -> Vec<Option<(ObjectId, RecordId)>> {
    let mut some = vec![None, Some((ObjectId::CONTACTS, RecordId(rng.random())))];
    let chosen = sample.world.records.sample(rng, 3);
    some.extend(chosen.map(|record| Some((record.object, record.id))));
    some
}

fn some_fields(sample: &Sample, key: &str, rng: &mut ChaCha8Rng) -> Vec<Option<String>> {
    let mut some = vec![None, Some("No such field".to_owned())];
    let area = key.split('.').next().unwrap();
    if let Some(object) = sample.team.object_by_key(area) {
        some.extend(object.fields.sample(rng, 2).map(|field| Some(field.name.to_uppercase())));
    }
    some
}
