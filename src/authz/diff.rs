//! The impact of a change (B1): who gains and who loses which features, sections and how many
//! records, exactly — the difference of all decisions before and after.

use std::collections::HashMap;

use crate::model::{FeatureId, FeatureValue, ObjectId, RecordAction, Scope, SectionId, UserId};

use super::compile::{ObjectRights, Snapshot};
use super::facts::{Asking, Facts, OwnerCount, RecordFacts};
use super::reach::Reach;
use super::witness::Subject;

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

/// A record that the same change touches: what decided access to it, and what will. `None` where it
/// isn't there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Moved {
    /// The object.
    pub object: ObjectId,
    /// Before.
    pub before: Option<RecordFacts>,
    /// Afterwards.
    pub after: Option<RecordFacts>,
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
    let mut users: Vec<UserId> = before.team().users.keys().chain(after.team().users.keys()).copied().collect();
    users.sort_unstable();
    users.dedup();
    let mut objects: Vec<ObjectId> = before.team().objects.keys().chain(after.team().objects.keys()).copied().collect();
    objects.sort_unstable();
    objects.dedup();
    let moving = Moving::of(moved);
    let counted = objects.iter().map(|object| {
        let mut counts = facts.owner_counts(&Asking::new(), *object);
        moving.leave_out(*object, &mut counts);
        (*object, counts)
    });
    let counts = counted.collect();
    let comparing = Comparing { before, after, facts, same_places: same_places(before, after), counts, moving };
    users.into_iter().filter_map(|user| comparing.person(user, &objects)).collect()
}

/// Does everybody stand where they stood? Then equal scopes reach equally far.
fn same_places(before: &Snapshot, after: &Snapshot) -> bool {
    let places = |snapshot: &Snapshot| {
        let people: Vec<_> = snapshot.team().users.values().map(|user| (user.id, user.role, user.manager)).collect();
        let roles: Vec<_> = snapshot.team().roles.values().map(|role| (role.id, role.manager)).collect();
        (people, roles)
    };
    places(before) == places(after)
}

struct Comparing<'a> {
    before: &'a Snapshot,
    after: &'a Snapshot,
    facts: &'a dyn Facts,
    same_places: bool,
    /// The records that stay where they are.
    counts: HashMap<ObjectId, Vec<OwnerCount>>,
    moving: Moving<'a>,
}

/// The records that move, alike ones together.
struct Moving<'a>(HashMap<ObjectId, HashMap<&'a Moved, u64>>);

impl<'a> Moving<'a> {
    fn of(moved: &'a [Moved]) -> Self {
        let mut alike: HashMap<ObjectId, HashMap<&Moved, u64>> = HashMap::new();
        for moved in moved {
            *alike.entry(moved.object).or_default().entry(moved).or_default() += 1;
        }
        Self(alike)
    }

    fn groups(&self, object: ObjectId) -> impl Iterator<Item = (&'a Moved, u64)> + '_ {
        self.0.get(&object).into_iter().flatten().map(|(moved, count)| (*moved, *count))
    }

    fn leaving(&self, object: ObjectId) -> impl Iterator<Item = (&'a RecordFacts, u64)> + '_ {
        self.groups(object).filter_map(|(moved, count)| moved.before.as_ref().map(|facts| (facts, count)))
    }

    /// Leaves counts over those that stay.
    fn leave_out(&self, object: ObjectId, counts: &mut [OwnerCount]) {
        if !self.0.contains_key(&object) {
            return;
        }
        let mut place: HashMap<UserId, &mut OwnerCount> = counts.iter_mut().map(|count| (count.owner, count)).collect();
        for (facts, moved) in self.leaving(object) {
            let Some(count) = place.get_mut(&facts.owner) else { continue };
            let side = if facts.private { &mut count.private } else { &mut count.public };
            *side = side.saturating_sub(moved);
        }
    }

    /// Likewise, counts of what is assigned to a person.
    fn leave_out_assigned(&self, object: ObjectId, user: UserId, assigned: &mut HashMap<UserId, u64>) {
        for (facts, moved) in self.leaving(object).filter(|(facts, _)| !facts.private && facts.assigned.contains(&user))
        {
            if let Some(count) = assigned.get_mut(&facts.owner) {
                *count = count.saturating_sub(moved);
            }
        }
    }
}

impl Comparing<'_> {
    fn person(&self, user: UserId, objects: &[ObjectId]) -> Option<PersonImpact> {
        let mut impact = PersonImpact { user, features: Vec::new(), sections: Vec::new(), records: Vec::new() };
        let who = Subject::User(user);
        // A permission of the account's own may be made by the change, or gone with it.
        let gone = self.before.team().catalog.features();
        let gone = gone.filter(|feature| self.after.team().catalog.feature(feature.id).is_none());
        for feature in self.after.team().catalog.features().chain(gone) {
            let values = (self.before.feature(who, feature.id), self.after.feature(who, feature.id));
            if values.0 != values.1 {
                impact.features.push((feature.id, values.0, values.1));
            }
        }
        for object in objects {
            self.sections(user, *object, &mut impact.sections);
            self.records(user, *object, &mut impact.records);
        }
        let same = impact.features.is_empty() && impact.sections.is_empty() && impact.records.is_empty();
        (!same).then_some(impact)
    }

    fn sections(&self, user: UserId, object: ObjectId, found: &mut Vec<SectionImpact>) {
        let of = |snapshot: &Snapshot, section: SectionId| {
            let rights = snapshot.rights(Subject::User(user), object);
            let position = snapshot.team().objects.get(&object).and_then(|object| object.section_position(section));
            let bit = |bits: u64| rights.access && position.is_some_and(|position| bits >> position & 1 == 1);
            (bit(rights.see), bit(rights.write))
        };
        let sections =
            [self.before, self.after].into_iter().filter_map(|snapshot| snapshot.team().objects.get(&object));
        let mut sections: Vec<SectionId> = sections.flat_map(|object| object.sections.iter().map(|s| s.id)).collect();
        sections.sort_unstable();
        sections.dedup();
        for section in sections {
            let (was, is) = (of(self.before, section), of(self.after, section));
            if was != is {
                found.push(SectionImpact { object, section, view: (was.0, is.0), edit: (was.1, is.1) });
            }
        }
    }

    fn records(&self, user: UserId, object: ObjectId, found: &mut Vec<RecordImpact>) {
        let was = Hold::of(self.before, user, object);
        let is = Hold::of(self.after, user, object);
        let stays = was.same(&is) && (self.same_places || !was.depends_on_places());
        if stays && !self.moving.0.contains_key(&object) {
            return;
        }
        let mut assigned: HashMap<UserId, u64> = HashMap::new();
        if !stays && (was.focused || is.focused) {
            assigned.extend(self.facts.assigned_counts(&Asking::new(), object, user));
            self.moving.leave_out_assigned(object, user, &mut assigned);
        }
        let counts = if stays { None } else { self.counts.get(&object) };
        let counts = counts.map(Vec::as_slice).unwrap_or_default();
        for action in [RecordAction::View, RecordAction::Edit, RecordAction::Delete] {
            let mut impact = RecordImpact { object, action, gained: 0, lost: 0 };
            for (moved, count) in self.moving.groups(object) {
                let may = |snapshot: &Snapshot, facts: &Option<RecordFacts>| {
                    facts.as_ref().is_some_and(|facts| snapshot.may(user, action, object, facts))
                };
                match (may(self.before, &moved.before), may(self.after, &moved.after)) {
                    (false, true) => impact.gained += count,
                    (true, false) => impact.lost += count,
                    _ => {}
                }
            }
            for count in counts {
                let assigned = assigned.get(&count.owner).copied().unwrap_or(0);
                let covered = |hold: &Hold| hold.covers(user, action, count, assigned);
                let (was, is) = (covered(&was), covered(&is));
                // What one hold covers of an owner's records contains what the other covers.
                impact.gained += is.saturating_sub(was);
                impact.lost += was.saturating_sub(is);
            }
            if impact.gained > 0 || impact.lost > 0 {
                found.push(impact);
            }
        }
    }
}

/// How far a person reaches into one object.
struct Hold {
    rights: ObjectRights,
    focused: bool,
    view: Reach,
    edit: Reach,
    delete: Reach,
}

impl Hold {
    fn of(snapshot: &Snapshot, user: UserId, object: ObjectId) -> Self {
        let rights = snapshot.rights(Subject::User(user), object);
        Self {
            rights,
            focused: snapshot.is_focused(user),
            view: snapshot.reach(user, rights.view),
            edit: snapshot.reach(user, rights.edit),
            delete: snapshot.reach(user, rights.delete),
        }
    }

    fn same(&self, other: &Self) -> bool {
        let scopes = |hold: &Self| (hold.rights.view, hold.rights.edit, hold.rights.delete, hold.focused);
        scopes(self) == scopes(other)
    }

    fn depends_on_places(&self) -> bool {
        [self.rights.view, self.rights.edit, self.rights.delete]
            .iter()
            .any(|scope| matches!(scope, Scope::Roles | Scope::Subordinates))
    }

    /// How many of one owner's records an action covers: none, those assigned, the public ones, or
    /// all of one's own.
    pub(super) fn covers(&self, me: UserId, action: RecordAction, count: &OwnerCount, assigned: u64) -> u64 {
        let one = |reach: &Reach| -> u64 {
            if matches!(reach, Reach::Nobody) {
                0
            } else if count.owner == me {
                count.public + count.private
            } else if reach.contains(count.owner) {
                count.public
            } else if self.focused {
                assigned
            } else {
                0
            }
        };
        let seen = one(&self.view);
        match action {
            RecordAction::View => seen,
            RecordAction::Edit => seen.min(one(&self.edit)),
            RecordAction::Delete => seen.min(one(&self.delete)),
        }
    }
}
