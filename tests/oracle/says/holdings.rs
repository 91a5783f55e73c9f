//! What somebody holds, as a set, so that giving, gaining and losing are set differences (R31).

use std::collections::BTreeSet;

use rolecall::model::{
    FieldId, Moment, ObjectId, RecordAction, RoleId, Scope, SectionAccess, SectionId, Status, User, UserId,
};

use super::Oracle;

/// The parts that a scope is made of: "All > {roles, subordinates} > own > None".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Own,
    /// Whoever is in both of the next two: what is left where view is one and edit the other (R12).
    RolesAndSubordinates,
    Roles,
    Subordinates,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    View,
    Edit,
    Delete,
}

/// One thing that can be held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    Feature(String),
    Records(ObjectId, Verb, Part),
    Section(ObjectId, SectionId, Verb),
    Field(ObjectId, FieldId, Verb),
}

pub type Holdings = BTreeSet<Held>;

pub fn parts(scope: Scope) -> BTreeSet<Part> {
    use Part::{All, Own, Roles, RolesAndSubordinates, Subordinates};
    match scope {
        Scope::All => BTreeSet::from([Own, RolesAndSubordinates, Roles, Subordinates, All]),
        Scope::Roles => BTreeSet::from([Own, RolesAndSubordinates, Roles]),
        Scope::Subordinates => BTreeSet::from([Own, RolesAndSubordinates, Subordinates]),
        Scope::Own => BTreeSet::from([Own]),
        Scope::None => BTreeSet::new(),
    }
}

impl Oracle<'_> {
    /// What somebody holds at a moment. Somebody who isn't active is taken as if they were: they
    /// may be let in again.
    pub fn holdings(&self, user: &User, at: Moment) -> Holdings {
        let oracle = Oracle { now: at, ..*self };
        let user = &User { status: Status::Active, ..user.clone() };
        let mut held = Holdings::new();
        // The Talk flag is a matter of seats: it is neither held nor given.
        for feature in self.team.catalog.features().filter(|feature| feature.key != "talk.access") {
            if oracle.holds(user, &feature.key) {
                held.insert(Held::Feature(feature.key.clone()));
            }
        }
        for object in self.team.objects.values() {
            let scope = |action| match oracle.scope(user, action, object.id) {
                // R8: every scope but None means their own to a Focused User.
                scope if scope != Scope::None && oracle.role(user).role_type == rolecall::model::RoleType::Focused => {
                    Scope::Own
                }
                scope => scope,
            };
            let seen = parts(scope(RecordAction::View));
            for (verb, action) in [
                (Verb::View, RecordAction::View),
                (Verb::Edit, RecordAction::Edit),
                (Verb::Delete, RecordAction::Delete),
            ] {
                // R12: never further than view.
                let reached = parts(scope(action)).intersection(&seen).copied().collect::<Vec<_>>();
                held.extend(reached.into_iter().map(|part| Held::Records(object.id, verb, part)));
            }
            for section in &object.sections {
                let access = oracle.section(user, object.id, section.id);
                let verbs: &[Verb] = match access {
                    SectionAccess::Hidden => &[],
                    SectionAccess::View => &[Verb::View],
                    SectionAccess::Edit => &[Verb::View, Verb::Edit],
                };
                for verb in verbs {
                    held.insert(Held::Section(object.id, section.id, *verb));
                    let fields = object.fields.iter().filter(|field| field.section == section.id);
                    held.extend(fields.map(|field| Held::Field(object.id, field.id, *verb)));
                }
            }
        }
        held
    }

    /// What a role gives to somebody who holds it and has no exceptions.
    pub fn role_holdings(&self, role: RoleId) -> Holdings {
        let plain = User {
            id: UserId(u32::MAX),
            email: String::new(),
            name: String::new(),
            role,
            status: Status::Active,
            manager: None,
            exceptions: std::collections::BTreeMap::new(),
            language: None,
            email_from_name: None,
            reply_to: None,
            account_manager: false,
            talk_access: false,
            created: Moment(0),
        };
        self.holdings(&plain, self.now)
    }

    /// "unless they may view All of every object".
    pub fn sees_all_of_everything(&self, user: &User) -> bool {
        let held = self.holdings(user, self.now);
        self.team.objects.keys().all(|object| held.contains(&Held::Records(*object, Verb::View, Part::All)))
    }
}
