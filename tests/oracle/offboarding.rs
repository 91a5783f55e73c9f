//! Handing over what somebody leaves behind (R14, R24): whoever may delete a person moves all of it,
//! seen or unseen, and nothing else with it.

use std::sync::Arc;

use rand::prelude::*;
use rolecall::authz::{Subject, compile};
use rolecall::model::{Actor, Change, Day, Record, Status, Swap, User, UserId};

use crate::changes::Draft;
use crate::random::{NOW, random_value, rng, sample};
use crate::says::{Answer, Oracle};
use crate::seeds::{on, seeds};

const TEAMS: u64 = 24;
const TRIES: usize = 60;

fn handed_over(record: &Record, leaver: UserId, heir: UserId) -> Record {
    let owner = if record.owner == leaver { heir } else { record.owner };
    let assigned = record.assigned.iter().copied().filter(|user| *user != leaver).collect();
    Record { owner, assigned, ..record.clone() }
}

#[test]
fn a_departure_moves_everything_and_nothing_else() {
    let (mut done, mut unseen, mut refused) = (0, 0, 0);
    for seed in seeds("a_departure_moves_everything_and_nothing_else", TEAMS) {
        on(seed, || {
            let mut rng = rng(seed);
            let sample = sample(&mut rng);
            let snapshot = compile(Arc::new(sample.team.clone()), NOW);
            let oracle = Oracle::new(&sample.team, &sample.world.records, NOW);
            let today = Day::from_date(NOW.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date());
            let active: Vec<&User> =
                sample.team.users.values().map(AsRef::as_ref).filter(|user| oracle.is_active(user)).collect();
            let managing: Vec<&&User> = active.iter().filter(|user| oracle.holds(user, "users.manage")).collect();
            for _ in 0..TRIES {
                let actor: &User = managing.choose(&mut rng).unwrap();
                // 003-22: mostly somebody revoked.
                let revoked = sample.team.users.values().filter(|user| user.status == Status::Revoked);
                let revoked = revoked.map(|user| user.id).choose(&mut rng).filter(|_| rng.random_bool(0.8));
                let leaver = revoked.unwrap_or_else(|| sample.team.users.keys().copied().choose(&mut rng).unwrap());
                // Whom nobody reports to, so that lines are another test's matter.
                let leads = sample.team.users.values().any(|user| user.manager == Some(leaver));
                let heir = sample.team.users.values().choose(&mut rng).unwrap();
                if leads || heir.id == leaver {
                    continue;
                }
                let left: Vec<&Record> = sample
                    .world
                    .records
                    .iter()
                    .filter(|record| record.owner == leaver || record.assigned.contains(&leaver))
                    .collect();
                let subject = Subject::User(actor.id);
                let judged = |changes: Vec<(Record, Record)>, removes: bool| {
                    let mut draft = Draft::of(&sample);
                    draft.changes =
                        changes.into_iter().map(|(was, is)| Change::Record(Swap::changed(was, is))).collect();
                    if removes {
                        draft.remove_user(leaver);
                    }
                    snapshot.permit_commit(subject, draft.commit(Actor::User(actor.id)), &sample.world).is_ok()
                };
                let whole = || -> Vec<(Record, Record)> {
                    left.iter().map(|record| ((*record).clone(), handed_over(record, leaver, heir.id))).collect()
                };
                let may_go = snapshot.permit_departure(subject, leaver).is_ok();
                let gives = left.iter().any(|record| record.owner == leaver);
                let expected = may_go && (!gives || heir.status == Status::Active);
                assert_eq!(judged(whole(), true), expected, "{actor:?} deletes {leaver:?}, for {heir:?}");
                done += usize::from(expected && gives);
                refused += usize::from(!expected);
                let hidden = |record: &&&Record| {
                    oracle.write(Some(actor), Some(record), Some(&handed_over(record, leaver, heir.id)), today)
                        != Answer::Done
                };
                if !expected {
                    continue;
                }
                unseen += left.iter().filter(hidden).count();
                // One that is left behind stands in the way, be it owned or only assigned.
                let owned = left.iter().position(|record| record.owner == leaver);
                let only_assigned = left.iter().position(|record| record.owner != leaver);
                for out in [owned, only_assigned].into_iter().flatten() {
                    let mut short = whole();
                    short.remove(out);
                    assert!(!judged(short, true), "{:?} is left behind", left[out]);
                }
                assert!(!left.is_empty() || judged(Vec::new(), true));
                // What isn't the leaver's, what isn't only handed over, and what is handed over
                // without a departure is judged like any other change.
                let ordinary =
                    |was: &Record, is: &Record| oracle.write(Some(actor), Some(was), Some(is), today) == Answer::Done;
                if let Some(record) = left.iter().filter(hidden).choose(&mut rng) {
                    let mut all = whole();
                    let changed = all.iter_mut().find(|(was, _)| was.id == record.id && was.object == record.object);
                    let (_, is) = changed.unwrap();
                    match rng.random_range(0..4) {
                        0 => is.private = !is.private,
                        1 => is.external_id = Some("mine now".into()),
                        2 => is.assigned.push(actor.id),
                        _ => {
                            let field = sample.team.objects[&is.object].fields.choose(&mut rng).unwrap();
                            let value = random_value(&mut rng, field);
                            if is.value(field.id) == Some(&value) {
                                continue;
                            }
                            is.set(field.id, Some(value));
                        }
                    }
                    assert!(!judged(all, true), "something rode along");
                    let one = vec![((*record).clone(), handed_over(record, leaver, heir.id))];
                    assert!(!judged(one, false), "nobody left");
                }
                let others = sample.world.records.iter().filter(|record| !left.iter().any(|l| l == record));
                if let Some(record) = others.choose(&mut rng) {
                    let taken = Record { owner: heir.id, ..record.clone() };
                    if taken != *record && !ordinary(record, &taken) {
                        let mut all = whole();
                        all.push((record.clone(), taken));
                        assert!(!judged(all, true), "somebody else's rode along");
                    }
                }
            }
        });
    }
    println!("{done} done, {unseen} records unseen by whoever did it, {refused} refused");
    assert!(done > 50 && unseen > 50 && refused > 50, "{done}, {unseen}, {refused}");
}
