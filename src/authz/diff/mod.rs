//! The impact of a change (B1): who gains and who loses which features, sections and how many
//! records, exactly — the difference of all decisions before and after.
//!
//! Nobody is asked about what can't differ for them. What classes give is compared once for each
//! pair of classes that somebody changes between. Owners are put into one numbering for both sides,
//! in which every scope is a few runs of places, at most narrowed to the holders of a role; so what
//! a scope covers is a difference of sums.

mod classes;
mod moving;
mod owners;
mod places;
mod weights;

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::model::{FeatureId, FeatureValue, ObjectId, RecordAction, SectionId, UserId};

use super::compile::Snapshot;
use super::facts::{Asking, Facts, RecordFacts};
use classes::{ClassChange, ObjectChange};
use moving::Moving;
use owners::Owners;
use places::{Places, ReachChange};
use weights::Weights;

/// What a change means for one person. Only what differs is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonImpact {
    /// Who.
    pub user: UserId,
    /// Features whose value changes: before, after.
    pub features: Vec<(FeatureId, FeatureValue, FeatureValue)>,
    /// Sections whose fields come into view or go.
    pub sections: Vec<SectionImpact>,
    /// Records gained and lost.
    pub records: Vec<RecordImpact>,
}

/// One section for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SectionImpact {
    /// The object.
    pub object: ObjectId,
    /// The section.
    pub section: SectionId,
    /// May view before, after.
    pub view: (bool, bool),
    /// May edit before, after.
    pub edit: (bool, bool),
}

/// One object's records for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordImpact {
    /// The object.
    pub object: ObjectId,
    /// What can be done with them.
    pub action: RecordAction,
    /// How many they gain.
    pub gained: u64,
    /// How many they lose.
    pub lost: u64,
}

/// A record that the same change touches, or several that are alike: what decided access to it, and what will. `None` where it
/// isn't there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Moved {
    /// The object.
    pub object: ObjectId,
    /// Before.
    pub before: Option<RecordFacts>,
    /// Afterwards.
    pub after: Option<RecordFacts>,
    /// How many such records there are.
    pub times: u64,
}

/// Every person for whom something differs between two snapshots over the same records.
#[must_use]
pub fn diff(before: &Snapshot, after: &Snapshot, facts: &dyn Facts) -> Vec<PersonImpact> {
    diff_moving(before, after, facts, &[])
}

/// The same where records move too: `facts` are those before the change, and `moved` are the records
/// that it gives to others, makes or takes away. Those are asked about one by one, as many at a time
/// as are alike; the rest is counted.
#[must_use]
pub fn diff_moving(before: &Snapshot, after: &Snapshot, facts: &dyn Facts, moved: &[Moved]) -> Vec<PersonImpact> {
    diff_moving_for(&|_| true, before, after, facts, moved)
}

/// The same for these people alone.
#[must_use]
pub fn diff_moving_for(
    whom: &dyn Fn(UserId) -> bool,
    before: &Snapshot,
    after: &Snapshot,
    facts: &dyn Facts,
    moved: &[Moved],
) -> Vec<PersonImpact> {
    let (moving, places) = (Moving::of(moved), Places::of(before, after));
    let objects = before.team().objects.keys().chain(after.team().objects.keys()).copied();
    let objects: BTreeSet<ObjectId> = objects.chain(moving.objects()).collect();
    let weights = |object: ObjectId| {
        let mut counts = facts.owner_counts(&Asking::new(), object);
        moving.leave_out(object, &mut counts);
        Weights::of(&places, &counts)
    };
    let mut comparing =
        Comparing { before, after, facts, objects, places: &places, moving: &moving, counted: HashMap::new() };
    let mut classes: HashMap<(u32, u32), Rc<ClassChange>> = HashMap::new();
    let mut found = Vec::new();
    // What has its class as it was has everything as it was, where nothing else moves.
    let still = places.are_the_same() && moving.objects().next().is_none();
    let people = (0..before.users_end().max(after.users_end())).filter_map(|user| u32::try_from(user).ok());
    for user in people.map(UserId).filter(|user| whom(*user)) {
        let pair = (before.row(user).class, after.row(user).class);
        if pair == (u32::MAX, u32::MAX) || still && before.shares_class(after, pair) {
            continue;
        }
        let change = classes.entry(pair).or_insert_with(|| Rc::new(comparing.classes(pair)));
        let change = Rc::clone(change);
        if let Some(impact) = comparing.person(user, &change, &weights) {
            found.push(impact);
        }
    }
    found
}

struct Comparing<'a> {
    before: &'a Snapshot,
    after: &'a Snapshot,
    facts: &'a dyn Facts,
    objects: BTreeSet<ObjectId>,
    places: &'a Places<'a>,
    moving: &'a Moving<'a>,
    /// The records that stay where they are, counted where somebody's reach asks for it.
    counted: HashMap<ObjectId, Rc<Weights>>,
}

impl Comparing<'_> {
    fn classes(&self, (before, after): (u32, u32)) -> ClassChange {
        let sides = [(self.before, before), (self.after, after)];
        ClassChange::of(sides.map(|(snapshot, class)| (snapshot, snapshot.class_numbered(class))), &self.objects)
    }

    fn person(
        &mut self,
        user: UserId,
        change: &ClassChange,
        weights: &dyn Fn(ObjectId) -> Weights,
    ) -> Option<PersonImpact> {
        let mut records = Vec::new();
        let reach = if change.places { self.places.changed_for(user) } else { ReachChange::default() };
        for object in &change.objects {
            let differs = object.differs || reach.lines && object.lines || reach.role && object.roles;
            if differs || self.moving.concerns(object.object) {
                let differs = differs.then(|| {
                    let counted = self.counted.entry(object.object);
                    Rc::clone(counted.or_insert_with(|| Rc::new(weights(object.object))))
                });
                self.records(user, object, differs.as_deref(), &mut records);
            }
        }
        if records.is_empty() && change.features.is_empty() && change.sections.is_empty() {
            return None;
        }
        let (features, sections) = (change.features.clone(), change.sections.clone());
        Some(PersonImpact { user, features, sections, records })
    }

    /// `weights` are of the records that stay, where the person's reach among them may differ.
    fn records(&self, user: UserId, change: &ObjectChange, weights: Option<&Weights>, found: &mut Vec<RecordImpact>) {
        let object = change.object;
        let mut assigned: HashMap<UserId, u64> = HashMap::new();
        if weights.is_some() && change.sides.iter().any(|side| side.focused) {
            assigned.extend(self.facts.assigned_counts(&Asking::new(), object, user));
            self.moving.leave_out_assigned(object, user, &mut assigned);
        }
        for action in [RecordAction::View, RecordAction::Edit, RecordAction::Delete] {
            let (mut gained, mut lost) = self.moving.of_person([self.before, self.after], user, object, action);
            if let Some(weights) = weights {
                let [was, is] = [false, true].map(|after| Owners::of(self.places, user, change, after, action));
                let moved = owners::compare(&was, &is, weights, &assigned, self.places);
                gained += moved.0;
                lost += moved.1;
            }
            if gained > 0 || lost > 0 {
                found.push(RecordImpact { object, action, gained, lost });
            }
        }
    }
}
