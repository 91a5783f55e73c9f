//! Random roles.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::model::{
    FeatureId, FeatureValue, ObjectId, Role, RoleId, RoleType, Scope, Scopes, SectionAccess, SectionId, Shipped, Team,
};

#[derive(Debug, Clone, Copy)]
enum Shape {
    Deep,
    Wide,
    Chain,
    Any,
}

/// Adds roles below the two locked ones, in one of several shapes.
pub fn add_roles(team: &mut Team, rng: &mut ChaCha8Rng, count: u32) {
    let shape = [Shape::Deep, Shape::Wide, Shape::Chain, Shape::Any][rng.random_range(0..4)];
    for _ in 0..count {
        let existing: Vec<RoleId> = team.roles.keys().copied().collect();
        let last = *existing.last().unwrap();
        let manager = match shape {
            Shape::Chain => last,
            Shape::Wide => team.owner().unwrap().role,
            Shape::Deep if rng.random_bool(0.7) => last,
            Shape::Deep | Shape::Any => *existing.choose(rng).unwrap(),
        };
        let role = random_role(team, rng, manager);
        team.account.next.role += 1;
        team.roles.insert(role.id, Arc::new(role));
    }
}

/// A role with the next free number.
pub fn random_role(team: &Team, rng: &mut ChaCha8Rng, manager: RoleId) -> Role {
    let id = RoleId(team.account.next.role);
    Role {
        id,
        name: format!("Role {}", id.0),
        manager: Some(manager),
        role_type: random_type(rng),
        description: String::new(),
        icon: String::new(),
        shipped: rng.random_bool(0.15).then_some(Shipped::Editable),
        order: id.0,
        features: random_features(team, rng),
        scopes: random_scopes(team, rng),
        sections: random_sections(team, rng),
        may_assign: BTreeSet::new(),
    }
}

pub fn random_type(rng: &mut ChaCha8Rng) -> RoleType {
    match rng.random_range(0..10) {
        0..3 => RoleType::Administrator,
        3..5 => RoleType::Focused,
        _ => RoleType::User,
    }
}

/// Areas are on more often than not, or there would be little to see.
pub fn random_features(team: &Team, rng: &mut ChaCha8Rng) -> BTreeMap<FeatureId, FeatureValue> {
    let generous = rng.random_range(0.1..0.95);
    let mut features = BTreeMap::new();
    for feature in team.catalog.features() {
        let likely = if feature.key.ends_with(".access") { 0.8 } else { generous };
        let value = if rng.random_bool(likely) {
            FeatureValue::Yes
        } else if feature.requestable && rng.random_bool(0.5) {
            FeatureValue::Request
        } else {
            FeatureValue::No
        };
        // R13: it can't be set.
        if value != FeatureValue::No && feature.key != "contacts.import" {
            features.insert(feature.id, value);
        }
    }
    features
}

pub fn random_scopes(team: &Team, rng: &mut ChaCha8Rng) -> BTreeMap<ObjectId, Scopes> {
    let mut scopes = BTreeMap::new();
    for object in team.objects.keys() {
        if rng.random_bool(0.9) {
            let view = [Scope::All, Scope::Roles, Scope::Subordinates, Scope::Own][rng.random_range(0..4)];
            let edit = *Scope::ALL.choose(rng).unwrap();
            let delete = *Scope::ALL.choose(rng).unwrap();
            scopes.insert(*object, Scopes { view, edit, delete });
        }
    }
    scopes
}

pub fn random_sections(team: &Team, rng: &mut ChaCha8Rng) -> BTreeMap<SectionId, SectionAccess> {
    let mut sections = BTreeMap::new();
    let open = rng.random_range(0.2..1.0);
    for object in team.objects.values() {
        for section in &object.sections {
            if !rng.random_bool(open) {
                let access = if rng.random_bool(0.5) { SectionAccess::Hidden } else { SectionAccess::View };
                sections.insert(section.id, access);
            }
        }
    }
    sections
}

/// Some roles may assign some others without holding them (R31).
pub fn add_may_assign(team: &mut Team, rng: &mut ChaCha8Rng) {
    let custom: Vec<RoleId> = team.roles.values().filter(|role| !role.is_locked()).map(|role| role.id).collect();
    let listable: Vec<RoleId> =
        custom.iter().copied().filter(|id| team.roles[id].role_type != RoleType::Administrator).collect();
    for id in custom {
        if rng.random_bool(0.3) {
            let listed = listable.iter().copied().filter(|_| rng.random_bool(0.4)).collect();
            super::alter(team, id, |role| role.may_assign = listed);
        }
    }
}
