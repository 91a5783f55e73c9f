//! The impact of a change (B1): the preview against the difference of every decision before and
//! after, person by person.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rand::prelude::*;
use rolecall::authz::{Moved, RecordFacts, Subject, compile, diff, diff_moving};
use rolecall::model::{FeatureValue, ObjectId, Record, RecordAction, RecordId, SectionAccess, SectionId, Team, UserId};

use crate::changes::Draft;
use crate::random::{NOW, rng, sample};
use crate::says::{Oracle, against};
use crate::seeds::{on, seeds};

const TEAMS: u64 = 20;
const CHANGES: usize = 8;

/// Everything that a person may do, asked one by one.
#[derive(Debug, PartialEq, Eq, Default)]
struct Everything {
    features: BTreeMap<String, FeatureValue>,
    sections: BTreeMap<(ObjectId, SectionId), SectionAccess>,
    records: BTreeMap<(ObjectId, u8), BTreeSet<RecordId>>,
}

const ACTIONS: [RecordAction; 3] = [RecordAction::View, RecordAction::Edit, RecordAction::Delete];

fn everything(oracle: &Oracle<'_>, user: UserId) -> Everything {
    let mut all = Everything::default();
    let Some(user) = oracle.team.users.get(&user) else { return all };
    for feature in oracle.team.catalog.features() {
        all.features.insert(feature.key.clone(), oracle.feature(user, &feature.key));
    }
    for object in oracle.team.objects.values() {
        for section in &object.sections {
            all.sections.insert((object.id, section.id), oracle.section(user, object.id, section.id));
        }
        for (place, action) in ACTIONS.into_iter().enumerate() {
            let may = oracle.records.iter().filter(|r| r.object == object.id && oracle.may(user, action, r));
            all.records.insert((object.id, place as u8), may.map(|record| record.id).collect());
        }
    }
    all
}

#[test]
fn nothing_changes_where_nothing_changes() {
    for seed in seeds("nothing_changes_where_nothing_changes", TEAMS) {
        on(seed, || {
            let sample = sample(&mut rng(seed));
            let team = Arc::new(sample.team);
            let (before, after) = (compile(Arc::clone(&team), NOW), compile(team, NOW));
            assert_eq!(diff(&before, &after, &sample.world), Vec::new());
        });
    }
}

#[test]
fn the_impact_is_the_difference_of_all_decisions() {
    let (mut impacts, mut moves) = (0, 0);
    for seed in seeds("the_impact_is_the_difference_of_all_decisions", TEAMS) {
        on(seed, || {
            let mut rng = rng(seed);
            let sample = sample(&mut rng);
            let before = Oracle::new(&sample.team, &sample.world.records, NOW);
            let snapshot = compile(Arc::new(sample.team.clone()), NOW);
            for _ in 0..CHANGES {
                let draft = valid_draft(&mut rng, &sample, &before);
                let after = Oracle::new(&draft.team, &draft.records, NOW);
                let moved = moved(&sample.world.records, &draft.records);
                moves += moved.len();
                let then = compile(Arc::new(draft.team.clone()), NOW);
                let said = diff_moving(&snapshot, &then, &sample.world, &moved);
                impacts += said.len();
                let people: BTreeSet<UserId> =
                    sample.team.users.keys().chain(draft.team.users.keys()).copied().collect();
                let mut said: BTreeMap<UserId, _> = said.into_iter().map(|impact| (impact.user, impact)).collect();
                for user in people {
                    let (was, is) = (everything(&before, user), everything(&after, user));
                    compare((&sample.team, &draft), user, &was, &is, said.remove(&user));
                }
                assert!(said.is_empty(), "{said:?}");
            }
        });
    }
    assert!(impacts > 50 && moves > 50, "only {impacts} impacts, {moves} moves");
}

/// A few changes that leave the team valid, and a few records given to others, made or taken away.
fn valid_draft(rng: &mut rand_chacha::ChaCha8Rng, sample: &crate::random::Sample, before: &Oracle<'_>) -> Draft {
    let mut draft = loop {
        let mut draft = Draft::of(sample);
        for _ in 0..rng.random_range(0..4) {
            draft.anything(rng);
        }
        if against(before, &Oracle::new(&draft.team, &draft.records, NOW), None).is_empty() {
            break draft;
        }
    };
    let people: Vec<UserId> = draft.team.users.keys().copied().collect();
    let some = rng.random_range(0..5.min(draft.records.len()));
    let ids: Vec<RecordId> = draft.records.sample(rng, some).map(|record| record.id).collect();
    for id in ids {
        let to = *people.choose(rng).unwrap();
        match rng.random_range(0..6) {
            0 => draft.records.retain(|record| record.id != id),
            1 => draft.record(id, |record| record.assigned = vec![to]),
            2 => draft.record(id, |record| record.private = !record.private && record.object == ObjectId::CONTACTS),
            _ => draft.record(id, |record| record.owner = to),
        }
    }
    draft
}

fn facts(record: &Record) -> RecordFacts {
    RecordFacts { owner: record.owner, private: record.private, assigned: record.assigned.clone() }
}

/// The records that aren't what they were.
fn moved(before: &[Record], after: &[Record]) -> Vec<Moved> {
    let all: BTreeMap<(ObjectId, RecordId), ()> =
        before.iter().chain(after).map(|record| ((record.object, record.id), ())).collect();
    let find = |records: &[Record], at: &(ObjectId, RecordId)| {
        records.iter().find(|record| (record.object, record.id) == *at).map(facts)
    };
    let moved = all.keys().map(|at| Moved { object: at.0, before: find(before, at), after: find(after, at), times: 1 });
    moved.filter(|moved| moved.before != moved.after).collect()
}

/// R14, R32: numbers that are worked out from what a reader may see are those of a world that has
/// nothing else.
#[test]
fn what_a_reader_may_not_see_counts_nowhere_r14_r32() {
    let mut impacts = 0;
    for seed in seeds("what_a_reader_may_not_see_counts_nowhere_r14_r32", TEAMS) {
        on(seed, || {
            let mut rng = rng(seed);
            let sample = sample(&mut rng);
            let before = Oracle::new(&sample.team, &sample.world.records, NOW);
            let snapshot = compile(Arc::new(sample.team.clone()), NOW);
            let people: Vec<UserId> = sample.team.users.keys().copied().collect();
            for _ in 0..CHANGES {
                let draft = valid_draft(&mut rng, &sample, &before);
                let then = compile(Arc::new(draft.team.clone()), NOW);
                let me = *people.choose(&mut rng).unwrap();
                if before.role(before.user(me)).role_type == rolecall::model::RoleType::Focused {
                    continue;
                }
                let mut seen = sample.world.clone();
                seen.records.retain(|record| before.may(before.user(me), RecordAction::View, record));
                let said = diff(&snapshot, &then, &snapshot.seen(Subject::User(me), &sample.world));
                assert_eq!(said, diff(&snapshot, &then, &seen), "{me:?} by {:#?}", draft.told);
                impacts += said.len();
            }
        });
    }
    assert!(impacts > 50, "only {impacts} impacts");
}

fn compare(
    (old, draft): (&Team, &Draft),
    user: UserId,
    was: &Everything,
    is: &Everything,
    said: Option<rolecall::authz::PersonImpact>,
) {
    let told = || format!("{user:?} by {:#?}: {said:?}", draft.told);
    let feature = |all: &Everything, key: &str| all.features.get(key).copied().unwrap_or(FeatureValue::No);
    let keys: BTreeSet<&String> = was.features.keys().chain(is.features.keys()).collect();
    let mut features: Vec<_> = keys.into_iter().map(|key| (key.clone(), feature(was, key), feature(is, key))).collect();
    features.retain(|(_, was, is)| was != is);
    let key_of = |id| draft.team.catalog.feature(id).or_else(|| old.catalog.feature(id)).unwrap().key.clone();
    let mut said_features: Vec<_> =
        said.iter().flat_map(|said| &said.features).map(|(id, was, is)| (key_of(*id), *was, *is)).collect();
    said_features.sort();
    assert_eq!(said_features, features, "{}", told());

    let section = |all: &Everything, at: &(ObjectId, SectionId)| {
        let access = all.sections.get(at).copied().unwrap_or(SectionAccess::Hidden);
        (access != SectionAccess::Hidden, access == SectionAccess::Edit)
    };
    let places: BTreeSet<_> = was.sections.keys().chain(is.sections.keys()).copied().collect();
    let mut sections: Vec<_> = places.into_iter().map(|at| (at, section(was, &at), section(is, &at))).collect();
    sections.retain(|(_, was, is)| was != is);
    let mut said_sections: Vec<_> = said
        .iter()
        .flat_map(|said| &said.sections)
        .map(|s| ((s.object, s.section), (s.view.0, s.edit.0), (s.view.1, s.edit.1)))
        .collect();
    said_sections.sort();
    assert_eq!(said_sections, sections, "{}", told());

    let none = BTreeSet::new();
    let places: BTreeSet<_> = was.records.keys().chain(is.records.keys()).copied().collect();
    let mut records = Vec::new();
    for at in places {
        let (had, has) = (was.records.get(&at).unwrap_or(&none), is.records.get(&at).unwrap_or(&none));
        let (gained, lost) = (has.difference(had).count() as u64, had.difference(has).count() as u64);
        if gained + lost > 0 {
            records.push((at, gained, lost));
        }
    }
    let place = |action| ACTIONS.iter().position(|other| *other == action).unwrap() as u8;
    let said_records = said.iter().flat_map(|said| &said.records);
    let mut said_records: Vec<_> = said_records.map(|r| ((r.object, place(r.action)), r.gained, r.lost)).collect();
    said_records.sort();
    assert_eq!(said_records, records, "{}", told());
    assert_eq!(said.is_some(), !features.is_empty() || !sections.is_empty() || !records.is_empty(), "{}", told());
}

/// A snapshot that shares what a change leaves alone says what one compiled from nothing says,
/// change after change and while exceptions end.
#[test]
fn a_renewed_snapshot_is_a_compiled_one() {
    for seed in seeds("a_renewed_snapshot_is_a_compiled_one", TEAMS) {
        on(seed, || {
            let mut rng = rng(seed);
            let sample = sample(&mut rng);
            let mut snapshot = compile(Arc::new(sample.team.clone()), NOW);
            let mut draft = Draft::of(&sample);
            for step in 0..4 * CHANGES {
                draft.anything(&mut rng);
                let now = NOW.plus(i64::try_from(step / 8).unwrap());
                let whole = compile(Arc::new(draft.team.clone()), now);
                snapshot = snapshot.renewed(Arc::new(draft.team.clone()), now);
                assert_eq!(diff(&snapshot, &whole, &sample.world), Vec::new(), "after {:#?}", draft.told);
                assert_eq!(snapshot.next_change(), whole.next_change());
                for user in draft.team.users.keys() {
                    assert!(snapshot.reaches_alike(&whole, *user), "{user:?} after {:#?}", draft.told);
                    for feature in draft.team.catalog.features() {
                        let who = Subject::User(*user);
                        assert_eq!(snapshot.feature(who, feature.id), whole.feature(who, feature.id));
                    }
                }
            }
        });
    }
}
