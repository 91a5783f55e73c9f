//! R31: nobody gives what they don't hold. What a person or a role comes to is worked out as if its
//! holder were active, and compared with what the giver holds effectively, before the change.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::catalog::DecidedBy;
use crate::model::{
    FeatureId, FeatureValue, FieldId, Moment, ObjectId, Role, RoleId, RoleType, Scope, SectionId, Status, Team, User,
    UserId,
};

use super::super::classes::ObjectRights;
use super::super::compile::Snapshot;
use super::super::decide::Person;
use super::super::trace::Quiet;
use super::super::witness::Subject;

/// Whoever makes the change, with the rules before and after it.
pub(super) struct Giver<'a> {
    pub(super) now: &'a Snapshot,
    pub(super) then: &'a Snapshot,
    pub(super) me: UserId,
    mine: Holdings,
}

/// What somebody has, as far as R31 compares it.
#[derive(Default)]
pub(super) struct Holdings {
    features: BTreeSet<FeatureId>,
    objects: BTreeMap<ObjectId, ObjectRights>,
    /// With `true` where it can be changed besides being seen.
    sections: BTreeSet<(ObjectId, SectionId, bool)>,
    fields: BTreeSet<(ObjectId, FieldId, bool)>,
}

impl Holdings {
    fn rights(&self, object: ObjectId) -> ObjectRights {
        self.objects.get(&object).copied().unwrap_or(ObjectRights::NONE)
    }
}

impl<'a> Giver<'a> {
    pub(super) fn new(now: &'a Snapshot, then: &'a Snapshot, me: UserId) -> Self {
        let user = now.team().users.get(&me);
        let mine = user.and_then(|user| of_person(now.team(), user, now.made())).unwrap_or_default();
        Self { now, then, me, mine }
    }

    pub(super) fn before(&self) -> &Team {
        self.now.team()
    }

    pub(super) fn after(&self) -> &Team {
        self.then.team()
    }

    pub(super) fn holds(&self, feature: FeatureId) -> bool {
        self.now.holds(Subject::User(self.me), feature)
    }

    pub(super) fn my_role(&self) -> Option<&Role> {
        self.before().role_of(self.me).map(AsRef::as_ref)
    }

    /// The first thing among these holdings that the giver doesn't hold, by name.
    pub(super) fn lacks(&self, holdings: &Holdings) -> Option<String> {
        self.lacks_of_raise(&[], holdings)
    }

    /// The first thing in `is` that was in none of `had` and that the giver doesn't hold, by name.
    pub(super) fn lacks_of_raise(&self, had: &[&Holdings], is: &Holdings) -> Option<String> {
        let held: Vec<&Holdings> = had.iter().copied().chain([&self.mine]).collect();
        self.lacks_feature(&held, is).or_else(|| self.lacks_records(&held, is)).or_else(|| self.lacks_fields(&held, is))
    }

    fn lacks_feature(&self, held: &[&Holdings], is: &Holdings) -> Option<String> {
        let more = is.features.iter().find(|id| !held.iter().any(|held| held.features.contains(id)))?;
        self.after().catalog.feature(*more).map(|feature| format!("“{}”", feature.label))
    }

    fn lacks_records(&self, held: &[&Holdings], is: &Holdings) -> Option<String> {
        for (object, rights) in &is.objects {
            for (place, (verb, inner)) in verbs(rights).into_iter().enumerate() {
                let covered = |held: &&Holdings| {
                    verbs(&held.rights(*object)).get(place).is_some_and(|(_, outer)| covers(*outer, inner))
                };
                if !held.iter().any(covered) {
                    let label = self.after().objects.get(object).map_or("records", |object| object.label.as_str());
                    return Some(format!("{verb} {label} “{}”", inner.1.label()));
                }
            }
        }
        None
    }

    fn may_name(&self, object: ObjectId, section: SectionId) -> bool {
        self.now.may_name(Subject::User(self.me), object, section)
    }

    /// A section or a field that the same commit makes is empty, and nobody's yet.
    fn lacks_fields(&self, held: &[&Holdings], is: &Holdings) -> Option<String> {
        let (before, after) = (&self.before().objects, &self.after().objects);
        for part in is.sections.iter().filter(|part| !held.iter().any(|held| held.sections.contains(part))) {
            let (object, section, _) = part;
            if before.get(object).is_some_and(|object| object.section_position(*section).is_some()) {
                let object = after.get(object)?;
                let section = object.sections.iter().find(|known| known.id == *section)?;
                return Some(match self.may_name(object.id, section.id) {
                    true => format!("the section “{}” of {}", section.name, object.label),
                    false => format!("a section of {}", object.label),
                });
            }
        }
        for part in is.fields.iter().filter(|part| !held.iter().any(|held| held.fields.contains(part))) {
            let (object, field, _) = part;
            if before.get(object).is_some_and(|object| object.field(*field).is_some()) {
                let object = after.get(object)?;
                let field = object.field(*field)?;
                return Some(match self.may_name(object.id, field.section) {
                    true => format!("the field “{}” of {}", field.name, object.label),
                    false => format!("a field of {}", object.label),
                });
            }
        }
        None
    }

    /// Does the giver's own role list this one among those that its holders may assign?
    pub(super) fn is_listed(&self, role: &Role) -> bool {
        role.role_type != RoleType::Administrator
            && self.my_role().is_some_and(|mine| mine.may_assign.contains(&role.id))
    }

    /// May the giver put people into this role? They hold all of it, or their own role lists it.
    pub(super) fn may_assign(&self, role: RoleId) -> Result<(), String> {
        let Some(role) = self.after().roles.get(&role) else { return Ok(()) };
        if role.role_type == RoleType::AccountOwner {
            return Err("the role Account Owner moves only by transfer of ownership".to_owned());
        }
        if self.is_listed(role) {
            return Ok(());
        }
        match self.lacks(&of_role(self.after(), role)) {
            None => Ok(()),
            Some(what) => Err(format!("the role “{}” holds {what}, which you don't", role.name)),
        }
    }
}

/// What each verb asks of records: edit and delete never reach further than view (R12), so they are
/// a pair of scopes of which both must cover the record.
fn verbs(rights: &ObjectRights) -> [(&'static str, (Scope, Scope)); 3] {
    [
        ("view", (rights.view, rights.view)),
        ("create/edit", (rights.view, rights.edit)),
        ("delete", (rights.view, rights.delete)),
    ]
}

/// Does the one pair of scopes contain the other, as sets of records?
fn covers(outer: (Scope, Scope), inner: (Scope, Scope)) -> bool {
    let within = |scope: Scope| scope.contains(inner.0) || scope.contains(inner.1);
    within(outer.0) && within(outer.1)
}

/// What a role gives to a holder without exceptions.
pub(super) fn of_role(team: &Team, role: &Role) -> Holdings {
    let plain = User::plain(UserId(u32::MAX), String::new(), String::new(), role.id, Moment(0));
    holdings(team, role, &plain, Moment(0))
}

/// What a person has at a moment, as if they were active.
pub(super) fn of_person(team: &Team, user: &User, at: Moment) -> Option<Holdings> {
    let role = team.roles.get(&user.role)?;
    let active = User { status: Status::Active, ..user.clone() };
    Some(holdings(team, role, &active, at))
}

fn holdings(team: &Team, role: &Role, user: &User, now: Moment) -> Holdings {
    let person = Person::new(team, user, role, now);
    // The Talk flag is a matter of seats: it is neither held nor given.
    let counted = team.catalog.features().filter(|feature| feature.decided_by != DecidedBy::TalkFlag);
    let features = counted.filter(|feature| person.feature(feature, &mut Quiet) == FeatureValue::Yes);
    let mut holdings = Holdings { features: features.map(|feature| feature.id).collect(), ..Holdings::default() };
    for object in team.objects.values() {
        let rights = person.object(object, &mut Quiet);
        holdings.objects.insert(object.id, rights);
        for (position, section) in object.sections.iter().enumerate() {
            for (bits, write) in [(rights.see, false), (rights.write, true)] {
                if bits >> position & 1 == 1 {
                    holdings.sections.insert((object.id, section.id, write));
                    let inside = object.fields.iter().filter(|field| field.section == section.id);
                    holdings.fields.extend(inside.map(|field| (object.id, field.id, write)));
                }
            }
        }
    }
    holdings
}

/// Do all scopes of this person cover everybody's records of every object?
pub(super) fn sees_everything(snapshot: &Snapshot, user: UserId) -> bool {
    let views = snapshot.team().objects.keys().map(|object| snapshot.rights(Subject::User(user), *object).view);
    views.into_iter().all(|view| view == Scope::All)
}
