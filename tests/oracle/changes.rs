//! Random changes to a team, one upon the other, as one commit.

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::model::{
    Account, Actor, Change, Commit, FeatureId, FeatureValue, Field, FieldId, FieldOption, Kind, Object, OptionId,
    OwnPermission, Reason, Record, Role, RoleId, RoleType, Scope, Section, SectionAccess, SectionId, Shipped, Status,
    Swap, Team, User, UserId,
};

use crate::random::{self, NOW, Sample};

/// A commit in the making.
pub struct Draft {
    pub team: Team,
    pub records: Vec<Record>,
    pub changes: Vec<Change>,
    pub told: Vec<String>,
}

impl Draft {
    pub fn of(sample: &Sample) -> Self {
        Self { team: sample.team.clone(), records: sample.world.records.clone(), changes: Vec::new(), told: Vec::new() }
    }

    pub fn commit(&self, actor: Actor) -> Commit {
        Commit { actor, at: NOW, reason: Reason("a random change".to_owned()), changes: self.changes.clone() }
    }

    fn make(&mut self, change: Change) {
        // A commit whose expectations fail is another test's; here every change follows the last.
        self.team.apply(&change).unwrap();
        self.changes.push(change);
    }

    pub fn user(&mut self, id: UserId, how: impl FnOnce(&mut User)) {
        let before = self.team.users[&id].clone();
        let mut after = (*before).clone();
        how(&mut after);
        self.make(Change::User(Swap::changed(before, Arc::new(after))));
    }

    pub fn add_user(&mut self, user: User) {
        self.make(Change::User(Swap::made(Arc::new(user))));
    }

    pub fn remove_user(&mut self, id: UserId) {
        let before = self.team.users[&id].clone();
        self.make(Change::User(Swap::removed(before)));
    }

    pub fn role(&mut self, id: RoleId, how: impl FnOnce(&mut Role)) {
        let before = self.team.roles[&id].clone();
        let mut after = (*before).clone();
        how(&mut after);
        self.make(Change::Role(Swap::changed(before, Arc::new(after))));
    }

    pub fn add_role(&mut self, role: Role) {
        self.make(Change::Role(Swap::made(Arc::new(role))));
    }

    pub fn remove_role(&mut self, id: RoleId) {
        let before = self.team.roles[&id].clone();
        self.make(Change::Role(Swap::removed(before)));
    }

    pub fn account(&mut self, how: impl FnOnce(&mut Account)) {
        let before = self.team.account.clone();
        let mut after = before.clone();
        how(&mut after);
        self.make(Change::Account(Swap::changed(before, after)));
    }

    pub fn object(&mut self, id: rolecall::model::ObjectId, how: impl FnOnce(&mut Object)) {
        let before = self.team.objects[&id].clone();
        let mut after = (*before).clone();
        how(&mut after);
        self.make(Change::Object(Swap::changed(before, Arc::new(after))));
    }

    pub fn record(&mut self, id: rolecall::model::RecordId, how: impl FnOnce(&mut Record)) {
        let at = self.records.iter().position(|record| record.id == id).unwrap();
        let before = self.records[at].clone();
        how(&mut self.records[at]);
        let after = self.records[at].clone();
        self.make(Change::Record(Swap::changed(before, after)));
    }

    /// One random change of policy.
    pub fn anything(&mut self, rng: &mut ChaCha8Rng) {
        if self.team.users.is_empty() || self.team.roles.is_empty() {
            return;
        }
        let from = self.changes.len();
        match rng.random_range(0..100) {
            0..38 => self.any_person(rng),
            38..80 => self.any_role(rng),
            80..92 => self.any_object(rng),
            _ => self.any_account(rng),
        }
        self.told.extend(self.changes[from..].iter().map(tell));
    }

    fn any_user_id(&self, rng: &mut ChaCha8Rng) -> UserId {
        *self.team.users.keys().choose(rng).unwrap()
    }

    fn any_role_id(&self, rng: &mut ChaCha8Rng) -> RoleId {
        *self.team.roles.keys().choose(rng).unwrap()
    }

    fn custom_role_id(&self, rng: &mut ChaCha8Rng) -> RoleId {
        let custom = self.team.roles.values().filter(|role| !role.is_locked()).map(|role| role.id);
        custom.choose(rng).unwrap_or_else(|| self.any_role_id(rng))
    }

    fn any_feature(&self, rng: &mut ChaCha8Rng) -> FeatureId {
        self.team.catalog.features().map(|feature| feature.id).choose(rng).unwrap()
    }

    fn any_person(&mut self, rng: &mut ChaCha8Rng) {
        let id = self.any_user_id(rng);
        let role = self.any_role_id(rng);
        let other = self.any_user_id(rng);
        let feature = self.any_feature(rng);
        match rng.random_range(0..14) {
            0..3 => self.user(id, |user| user.role = role),
            3 => {
                let status = *Status::ALL.choose(rng).unwrap();
                self.user(id, |user| user.status = status);
            }
            4..6 => {
                let manager = rng.random_bool(0.7).then_some(other);
                self.user(id, |user| user.manager = manager);
            }
            6 => {
                let exception = random::random_exception(rng);
                self.user(id, |user| _ = user.exceptions.insert(feature, exception));
            }
            7 => {
                let exception = random::random_exception(rng);
                let there = self.team.users[&id].exceptions.keys().choose(rng).copied();
                self.user(id, |user| {
                    if let Some(there) = there {
                        user.exceptions.insert(there, exception);
                    }
                });
            }
            8 => self.user(id, |user| user.exceptions.clear()),
            9 => self.user(id, |user| user.name.push('x')),
            10 => {
                let which = rng.random_range(0..3);
                self.user(id, |user| match which {
                    0 => user.email = format!("x{}", user.email),
                    1 => user.talk_access = !user.talk_access,
                    _ => user.account_manager = !user.account_manager,
                });
            }
            11..13 => {
                let number = self.team.users.keys().last().unwrap().0 + 1 + rng.random_range(0..2);
                let mut new = (*self.team.users[&other]).clone();
                new.id = UserId(number);
                new.email = format!("new{number}@paws.example");
                new.role = role;
                new.manager = rng.random_bool(0.3).then_some(id);
                new.status = if rng.random_bool(0.8) { Status::Active } else { Status::Invited };
                new.exceptions = random::random_exceptions(&self.team, rng, &new);
                self.add_user(new);
            }
            _ => {
                // 003-22: mostly somebody revoked.
                let revoked = self.team.users.values().filter(|user| user.status == Status::Revoked);
                let id = revoked.map(|user| user.id).choose(rng).filter(|_| rng.random_bool(0.8)).unwrap_or(id);
                let reports: Vec<UserId> =
                    self.team.users.values().filter(|user| user.manager == Some(id)).map(|user| user.id).collect();
                let heir = self.team.users[&id].manager;
                for report in reports {
                    self.user(report, |user| user.manager = heir);
                }
                let theirs = self.records.iter().filter(|r| r.owner == id || r.assigned.contains(&id));
                let theirs: Vec<_> = theirs.map(|record| record.id).collect();
                let hand_over = rng.random_bool(0.7);
                for record in theirs.into_iter().filter(|_| hand_over) {
                    self.record(record, |record| {
                        record.owner = if record.owner == id { other } else { record.owner };
                        record.assigned.retain(|user| *user != id);
                    });
                }
                self.remove_user(id);
            }
        }
    }

    fn any_role(&mut self, rng: &mut ChaCha8Rng) {
        let id = self.custom_role_id(rng);
        let other = self.any_role_id(rng);
        let feature = self.any_feature(rng);
        let object = *self.team.objects.keys().choose(rng).unwrap();
        let sections: Vec<SectionId> = self.team.objects[&object].sections.iter().map(|section| section.id).collect();
        match rng.random_range(0..20) {
            0..4 => {
                let access: Vec<FeatureId> = self.team.catalog.areas.iter().filter_map(|area| area.access).collect();
                let feature = if rng.random_bool(0.3) { *access.choose(rng).unwrap() } else { feature };
                let value = *FeatureValue::ALL.choose(rng).unwrap();
                self.role(id, |role| _ = role.features.insert(feature, value));
            }
            4..8 => {
                let mut scopes = self.team.roles[&id].scopes(object);
                let scope = *Scope::ALL.choose(rng).unwrap();
                match rng.random_range(0..3) {
                    0 => scopes.view = scope,
                    1 => scopes.edit = scope,
                    _ => scopes.delete = scope,
                }
                self.role(id, |role| _ = role.scopes.insert(object, scopes));
            }
            8..10 => {
                let section = *sections.choose(rng).unwrap();
                let access = [SectionAccess::Hidden, SectionAccess::View, SectionAccess::Edit][rng.random_range(0..3)];
                self.role(id, |role| _ = role.sections.insert(section, access));
            }
            10..12 => self.role(id, |role| role.manager = Some(other)),
            12 => {
                let types = [RoleType::Administrator, RoleType::User, RoleType::Focused];
                let role_type = types[rng.random_range(0..3)];
                self.role(id, |role| role.role_type = role_type);
            }
            13 => self.role(id, |role| {
                if !role.may_assign.remove(&other) {
                    role.may_assign.insert(other);
                }
            }),
            14 => self.role(id, |role| role.description.push('x')),
            15 => self.new_role(rng, other, false),
            16 => self.new_role(rng, other, true),
            17..19 => self.drop_role(id, other),
            _ => {
                let shipped = if rng.random_bool(0.5) { None } else { Some(Shipped::Editable) };
                self.role(id, |role| role.shipped = shipped);
            }
        }
    }

    fn new_role(&mut self, rng: &mut ChaCha8Rng, of: RoleId, clone: bool) {
        let number = self.team.roles.keys().last().unwrap().0 + 1;
        let mut role = if clone {
            let mut role = (*self.team.roles[&of]).clone();
            role.manager = role.manager.or(Some(of));
            role
        } else {
            random::random_role(&self.team, rng, of)
        };
        role.id = RoleId(number);
        role.name = format!("New role {number}");
        if rng.random_bool(0.9) {
            role.shipped = None;
            if role.role_type == RoleType::AccountOwner {
                role.role_type = RoleType::Administrator;
            }
        }
        self.add_role(role);
    }

    /// With the replacement in the same step (R19).
    fn drop_role(&mut self, id: RoleId, other: RoleId) {
        let members: Vec<UserId> =
            self.team.users.values().filter(|user| user.role == id).map(|user| user.id).collect();
        for user in members {
            self.user(user, |user| user.role = other);
        }
        let children: Vec<RoleId> =
            self.team.roles.values().filter(|role| role.manager == Some(id)).map(|role| role.id).collect();
        let above = self.team.roles[&id].manager;
        for role in children {
            self.role(role, |role| role.manager = above);
        }
        let listing: Vec<RoleId> =
            self.team.roles.values().filter(|role| role.may_assign.contains(&id)).map(|role| role.id).collect();
        for role in listing {
            self.role(role, |role| _ = role.may_assign.remove(&id));
        }
        self.remove_role(id);
    }

    fn any_object(&mut self, rng: &mut ChaCha8Rng) {
        let id = *self.team.objects.keys().choose(rng).unwrap();
        let object = self.team.objects[&id].clone();
        let section = object.sections.choose(rng).unwrap().id;
        let field = object.fields.choose(rng).unwrap().id;
        let all = self.team.objects.values();
        let next_section = all.clone().flat_map(|o| &o.sections).map(|section| section.id.0).max().unwrap() + 1;
        let next_field = all.flat_map(|o| &o.fields).map(|field| field.id.0).max().unwrap() + 1;
        let alter = |object: &mut Object, how: &mut dyn FnMut(&mut Field)| {
            object.fields.iter_mut().filter(|f| f.id == field).for_each(how);
        };
        match rng.random_range(0..9) {
            0..3 => self.object(id, |object| alter(object, &mut |field| field.section = section)),
            3 => self.object(id, |object| {
                object.sections.push(Section { id: SectionId(next_section), name: format!("Section {next_section}") });
                if next_section % 2 == 0 {
                    alter(object, &mut |field| field.section = SectionId(next_section));
                }
            }),
            4 => {
                let heir = object.sections.choose(rng).unwrap().id;
                self.object(id, |object| {
                    object.fields.iter_mut().filter(|f| f.section == section).for_each(|f| f.section = heir);
                    object.sections.retain(|s| s.id != section);
                });
                let named: Vec<RoleId> =
                    self.team.roles.values().filter(|r| r.sections.contains_key(&section)).map(|r| r.id).collect();
                for role in named {
                    self.role(role, |role| _ = role.sections.remove(&section));
                }
            }
            5 => self.object(id, |object| object.sections.reverse()),
            6 => self.object(id, |object| alter(object, &mut |field| field.name.push('x'))),
            7 => self.object(id, |object| object.fields.retain(|f| f.id != field)),
            _ => {
                let options = rng.random_bool(0.5);
                self.object(id, |object| {
                    if options {
                        alter(object, &mut |field| {
                            let id = OptionId(field.next_option);
                            field.options.push(FieldOption { id, label: format!("Option {}", id.0) });
                        });
                    } else {
                        object.fields.push(Field {
                            id: FieldId(next_field),
                            section,
                            name: format!("Field {next_field}"),
                            kind: Kind::Text,
                            options: Vec::new(),
                            next_option: 0,
                            automatic: None,
                        });
                    }
                });
            }
        }
    }

    fn any_account(&mut self, rng: &mut ChaCha8Rng) {
        let seats = u32::try_from(self.team.users.len()).unwrap() + rng.random_range(0..3) - 1;
        match rng.random_range(0..6) {
            0 => self.account(|account| account.name.push('x')),
            4 => self.drop_permission(),
            5 => self.account(|account| {
                account.permissions.iter_mut().for_each(|own| own.key.push('x'));
            }),
            1 => self.account(|account| account.seats = Some(seats)),
            2 => self.account(|account| {
                let id = FeatureId(account.next.permission);
                account.permissions.push(OwnPermission { id, key: format!("portal.new{}", id.0), label: "New".into() });
                account.next.permission += 1;
            }),
            _ => {
                let owner = self.team.owner().map_or_else(|| self.any_user_id(rng), |owner| owner.id);
                let other = self.any_user_id(rng);
                // Another change of the same draft may have taken either away.
                let shipped = |which| self.team.roles.values().find(|r| r.shipped == Some(which)).map(|role| role.id);
                let (Some(top), Some(administrator)) =
                    (shipped(Shipped::AccountOwner), shipped(Shipped::Administrator))
                else {
                    return;
                };
                let whole = rng.random_bool(0.8);
                self.user(owner, |user| user.role = administrator);
                self.user(other, |user| {
                    user.role = top;
                    if whole {
                        user.manager = None;
                        user.exceptions = BTreeMap::new();
                    }
                });
            }
        }
    }
}

impl Draft {
    /// A permission of the account's own, taken out of everything that names it.
    fn drop_permission(&mut self) {
        let Some(id) = self.team.account.permissions.first().map(|permission| permission.id) else { return };
        for role in self.team.roles.clone().values().filter(|role| role.features.contains_key(&id)) {
            self.role(role.id, |role| _ = role.features.remove(&id));
        }
        for user in self.team.users.clone().values().filter(|user| user.exceptions.contains_key(&id)) {
            self.user(user.id, |user| _ = user.exceptions.remove(&id));
        }
        self.account(|account| account.permissions.retain(|permission| permission.id != id));
    }
}

/// A change in a line, for whoever reads a failure: of a role, what differs.
fn tell(change: &Change) -> String {
    match change {
        Change::User(Swap { before: Some(was), after: Some(is) }) => format!("{}: {}", was.id.0, differing(was, is)),
        Change::Role(Swap { before: Some(was), after: Some(is) }) => format!("{}: {}", was.name, differing(was, is)),
        other => format!("{other:?}"),
    }
}

/// The lines of the longer form that differ.
fn differing(was: &impl std::fmt::Debug, is: &impl std::fmt::Debug) -> String {
    let (was, is) = (format!("{was:#?}"), format!("{is:#?}"));
    let only = |a: &str, b: &str| -> Vec<String> {
        let other: Vec<&str> = b.lines().collect();
        a.lines().filter(|line| !other.contains(line)).map(|line| line.trim().to_owned()).collect()
    };
    format!("{:?} → {:?}", only(&was, &is), only(&is, &was))
}
