//! R31: nobody gives what they don't hold. What a person or a role comes to is worked out as if its
//! holder were active, and compared with what the giver holds effectively, before the change.

use crate::model::catalog::DecidedBy;
use crate::model::{FeatureId, FeatureValue, ObjectId, Role, RoleId, RoleType, Scope, Status, Team, User, UserId};

use super::super::compile::{ObjectRights, Snapshot};
use super::super::decide::Person;
use super::super::trace::Quiet;
use super::super::witness::Subject;

/// Whoever makes the change, with the rules before and after it.
pub(super) struct Giver<'a> {
    pub(super) now: &'a Snapshot,
    pub(super) then: &'a Snapshot,
    pub(super) me: UserId,
}

/// What somebody has, as far as R31 compares it.
pub(super) struct Holdings {
    features: Vec<FeatureId>,
    objects: Vec<(ObjectId, ObjectRights)>,
}

impl<'a> Giver<'a> {
    pub(super) fn new(now: &'a Snapshot, then: &'a Snapshot, me: UserId) -> Self {
        Self { now, then, me }
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

    fn my_rights(&self, object: ObjectId) -> ObjectRights {
        self.now.rights(Subject::User(self.me), object)
    }

    /// The first thing among these holdings that the giver doesn't hold, by name.
    pub(super) fn lacks(&self, holdings: &Holdings) -> Option<String> {
        self.lacks_of_raise(None, holdings)
    }

    /// The first thing that grows from `was` to `is` and that the giver doesn't hold, by name.
    pub(super) fn lacks_of_raise(&self, was: Option<&Holdings>, is: &Holdings) -> Option<String> {
        let catalog = &self.after().catalog;
        let had = |id: &FeatureId| was.is_some_and(|was| was.features.contains(id));
        for id in is.features.iter().filter(|id| !had(id)) {
            if !self.holds(*id) {
                return catalog.feature(*id).map(|feature| format!("“{}”", feature.label));
            }
        }
        for (object, rights) in &is.objects {
            let before = was.and_then(|was| was.objects.iter().find(|(id, _)| id == object)).map(|(_, rights)| *rights);
            if let Some(what) = self.lacks_rights(*object, before.unwrap_or(ObjectRights::NONE), *rights) {
                return Some(what);
            }
        }
        None
    }

    fn lacks_rights(&self, object: ObjectId, was: ObjectRights, is: ObjectRights) -> Option<String> {
        let mine = self.my_rights(object);
        let label = self.after().objects.get(&object).map_or("records", |object| object.label.as_str());
        let verbs = [
            ("view", was.view, is.view, mine.view),
            ("create/edit", was.edit, is.edit, mine.edit),
            ("delete", was.delete, is.delete, mine.delete),
        ];
        for (verb, was, is, mine) in verbs {
            if !was.contains(is) && !mine.contains(is) {
                return Some(format!("{verb} {label} “{}”", is.label()));
            }
        }
        if !is.access {
            return None;
        }
        // A section that the same commit makes is empty, and nobody's yet.
        let known = self.before().objects.get(&object).map_or(0, |object| object.sections.len());
        let new = u64::MAX.checked_shl(u32::try_from(known).unwrap_or(64)).unwrap_or(0);
        let sees = is.see & !was.see & !(mine.see | new);
        let writes = is.write & !was.write & !(mine.write | new);
        let position = (sees | writes).trailing_zeros() as usize;
        let object = self.after().objects.get(&object)?;
        let section = object.sections.get(position)?;
        Some(format!("the section “{}” of {}", section.name, object.label))
    }

    /// May the giver put people into this role? They hold all of it, or their own role lists it.
    pub(super) fn may_assign(&self, role: RoleId) -> Result<(), String> {
        let Some(role) = self.after().roles.get(&role) else { return Ok(()) };
        if role.role_type == RoleType::AccountOwner {
            return Err("the role Account Owner moves only by transfer of ownership".to_owned());
        }
        let listed = self.my_role().is_some_and(|mine| mine.may_assign.contains(&role.id));
        if listed && role.role_type != RoleType::Administrator {
            return Ok(());
        }
        match self.lacks(&of_role(self.after(), role)) {
            None => Ok(()),
            Some(what) => Err(format!("the role “{}” holds {what}, which you don't", role.name)),
        }
    }
}

/// What a role gives to a holder without exceptions.
pub(super) fn of_role(team: &Team, role: &Role) -> Holdings {
    let plain = User {
        id: UserId(u32::MAX),
        email: String::new(),
        name: String::new(),
        role: role.id,
        status: Status::Active,
        manager: None,
        exceptions: std::collections::BTreeMap::new(),
        language: None,
        email_from_name: None,
        reply_to: None,
        account_manager: false,
        talk_access: false,
        created: crate::model::Moment(0),
    };
    holdings(team, role, &plain, crate::model::Moment(0))
}

/// What a person has, as if they were active.
pub(super) fn of_person(snapshot: &Snapshot, user: &User) -> Option<Holdings> {
    let role = snapshot.team().roles.get(&user.role)?;
    let active = User { status: Status::Active, ..user.clone() };
    Some(holdings(snapshot.team(), role, &active, snapshot.made()))
}

fn holdings(team: &Team, role: &Role, user: &User, now: crate::model::Moment) -> Holdings {
    let person = Person { team, user, role, now };
    // The Talk flag is a matter of seats: it is neither held nor given.
    let counted = team.catalog.features().filter(|feature| feature.decided_by != DecidedBy::TalkFlag);
    let features = counted.filter(|feature| person.feature(feature, &mut Quiet) == FeatureValue::Yes);
    Holdings {
        features: features.map(|feature| feature.id).collect(),
        objects: team.objects.values().map(|object| (object.id, person.object(object, &mut Quiet))).collect(),
    }
}

/// Do all scopes of this person cover everybody's records of every object?
pub(super) fn sees_everything(snapshot: &Snapshot, user: UserId) -> bool {
    let views = snapshot.team().objects.keys().map(|object| snapshot.rights(Subject::User(user), *object).view);
    views.into_iter().all(|view| view == Scope::All)
}
