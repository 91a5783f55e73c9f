//! How one of two stores came to be: the same things that the viewer may know of, in the same order,
//! between others that only the one store has.

use std::path::Path;
use std::sync::Arc;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::model::{Change, Moment, Record, Swap, Team, User, UserId, Value};
use rolecall::service::clock::FixedClock;
use rolecall::store::{Secret, Store};

use super::pair::{Seen, any_exception, change_hidden};
use crate::harness::noon;
use crate::planted::{commit, store_at};

/// Where and when somebody signed in.
type Sign = (UserId, String, Moment);

pub struct Past {
    commits: Vec<(Moment, &'static str, Vec<Change>)>,
    signs: Vec<Sign>,
}

impl Past {
    /// One past of those that the viewer can't tell from each other.
    pub fn of(seen: &Seen<'_>, rng: &mut ChaCha8Rng) -> Self {
        let mut past = Self { commits: Vec::new(), signs: Vec::new() };
        past.people(seen, rng);
        let mut all: Vec<Record> = Vec::new();
        for record in seen.records.iter().filter(|record| seen.sees(record)) {
            let mut mine = record.clone();
            change_hidden(rng, &mut mine, &seen.hidden_fields(record.object));
            all.push(mine);
        }
        let kept = seen.records.iter().filter(|record| !seen.sees(record) && rng.random_bool(0.4)).cloned();
        let mut hidden: Vec<Record> = kept.collect();
        for object in seen.team.objects.values() {
            for _ in 0..rng.random_range(0..10) {
                hidden.extend(seen.hidden_record(rng, object));
            }
        }
        hidden.shuffle(rng);
        // Some come in the same step as what is seen, some before or after, some are gone again.
        let apart = hidden.split_off(hidden.len() / 2);
        let mut together: Vec<Record> = all.iter().chain(&hidden).cloned().collect();
        together.sort_by_key(|record| record.id);
        past.step("import", together.into_iter().map(|record| Change::Record(Swap::made(record))).collect());
        past.edits(seen, rng, all, &hidden);
        for record in apart {
            past.step("a hidden one", vec![Change::Record(Swap::made(record.clone()))]);
            if rng.random_bool(0.3) {
                past.step("gone", vec![Change::Record(Swap::removed(record))]);
            }
        }
        past
    }

    fn step(&mut self, reason: &'static str, changes: Vec<Change>) {
        if !changes.is_empty() {
            self.commits.push((noon().plus(-3_600_000), reason, changes));
        }
    }

    /// What the viewer may not know of other people.
    fn people(&mut self, seen: &Seen<'_>, rng: &mut ChaCha8Rng) {
        let mut team = seen.team.clone();
        let mut others: Vec<User> = Vec::new();
        for user in team.users.values().filter(|user| user.id != seen.viewer.id && !seen.knows_people()) {
            let mut user = User::clone(user);
            if rng.random_bool(0.4)
                && let Some((feature, exception)) = any_exception(rng, seen.team, &user)
            {
                user.exceptions.insert(feature, exception);
            }
            if rng.random_bool(0.3) {
                user.language = Some(["de", "en", "fr"][rng.random_range(0..3)].to_owned());
            }
            if rng.random_bool(0.3) {
                user.reply_to = Some(format!("reply{}@paws.example", rng.random_range(0..9)));
                user.email_from_name = Some(format!("From {}", rng.random_range(0..9)));
            }
            for _ in 0..rng.random_range(0..3) {
                let address = format!("10.0.0.{}", rng.random_range(1..200));
                let before = rng.random_range(1..40) * 7_200_000;
                self.signs.push((user.id, address, noon().plus(-before)));
            }
            others.push(user);
        }
        for user in others {
            let was = team.users[&user.id].clone();
            if *was != user {
                let is = Arc::new(user);
                self.step("of others", vec![Change::User(Swap::changed(was, Arc::clone(&is)))]);
                team.users.insert(is.id, is);
            }
        }
    }

    /// Edits that the viewer may know of, with what they may not know of between and within them.
    fn edits(&mut self, seen: &Seen<'_>, rng: &mut ChaCha8Rng, mut all: Vec<Record>, hidden: &[Record]) {
        // The same dice in both stores for what is seen.
        let mut shared = ChaCha8Rng::seed_from_u64(seen.records.iter().map(|record| record.id.0 >> 8).sum());
        for record in &mut all {
            if shared.random_bool(0.4) {
                let (object, was) = (&seen.team.objects[&record.object], record.clone());
                let fields =
                    object.fields.iter().filter(|field| seen.oracle().may_view_field(seen.viewer, object.id, field));
                let field = fields.choose(&mut shared);
                if let Some(field) = field {
                    let value = super::pair::any_value(&mut shared, field);
                    record.set(field.id, value);
                }
                // Whether anything that is seen changed must not hang on what isn't.
                if *record != was {
                    if rng.random_bool(0.3) {
                        change_hidden(rng, record, &seen.hidden_fields(record.object));
                    }
                    self.step("an edit", vec![Change::Record(Swap::changed(was, record.clone()))]);
                }
            }
            if rng.random_bool(0.3) {
                let was = record.clone();
                change_hidden(rng, record, &seen.hidden_fields(record.object));
                if *record != was {
                    self.step("a hidden part", vec![Change::Record(Swap::changed(was, record.clone()))]);
                }
            }
        }
        for record in hidden {
            if rng.random_bool(0.3) {
                let (object, mut is) = (&seen.team.objects[&record.object], record.clone());
                if let Some(field) = object.fields.choose(rng) {
                    is.set(field.id, super::pair::any_value(rng, field));
                }
                if is != *record {
                    self.step("a hidden edit", vec![Change::Record(Swap::changed(record.clone(), is))]);
                }
            }
        }
    }

    /// Writes a mark into every text that the viewer may not see.
    pub fn marked(mut self, seen: &Seen<'_>, mark: &str) -> Self {
        let sign = |record: &Record| -> Record {
            let mut marked = record.clone();
            let object = &seen.team.objects[&record.object];
            let hidden = seen.hidden_fields(record.object);
            for field in &object.fields {
                let unseen = !seen.sees(record) || hidden.iter().any(|other| other.id == field.id);
                if unseen && matches!(record.value(field.id), Some(Value::Text(_))) {
                    marked.set(field.id, Some(Value::Text(mark.into())));
                }
            }
            marked
        };
        for (_, _, changes) in &mut self.commits {
            for change in changes.iter_mut() {
                if let Change::Record(swap) = change {
                    *swap = Swap { before: swap.before.as_ref().map(sign), after: swap.after.as_ref().map(sign) };
                }
            }
            changes.retain(|change| !matches!(change, Change::Record(swap) if swap.before == swap.after));
        }
        self.commits.retain(|(_, _, changes)| !changes.is_empty());
        self
    }

    /// Makes it so, in an empty directory.
    pub fn happen(self, path: &Path, clock: &Arc<FixedClock>, team: &Team, way_in: (UserId, Secret)) {
        let store: Store = store_at(path, clock);
        let start = noon().plus(-40 * 86_400_000);
        commit(&store, start, "begin", |empty| empty.changes_to(team));
        for (at, reason, changes) in self.commits {
            commit(&store, at, reason, |_| changes);
        }
        for (user, address, at) in self.signs {
            store.note_sign_in(user, Some(&address), at).unwrap();
        }
        store.set_secret(way_in.0, way_in.1).unwrap();
        store.close().unwrap();
    }
}
