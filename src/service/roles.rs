//! The roles of the account: the list with its members, and one role's permissions to read
//! (003-32, 003-34).

use crate::model::catalog::DecidedBy;
use crate::model::text::fold;
use crate::model::{FeatureValue, ObjectId, Role, RoleType, Scope, Scopes, SectionAccess, SectionId, Status, Team};
use crate::store::View;

use super::error::ServiceError;
use super::session::Session;

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRow {
    /// The name.
    pub name: String,
    /// The type.
    pub role_type: RoleType,
    /// The role above it.
    pub manager: Option<String>,
    /// What it is for.
    pub description: String,
    /// A short mark.
    pub icon: String,
    /// It can't be changed (R6).
    pub locked: bool,
    /// It came with the product.
    pub shipped: bool,
    /// Active holders, by name (R29).
    pub members: Vec<Member>,
    /// Everybody who holds it, whatever their status: they need another role where it goes (R19).
    pub people: usize,
    /// The roles that its holders may assign without holding their permissions (R31).
    pub may_assign: Vec<String>,
}

/// A holder of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The name.
    pub name: String,
    /// The email.
    pub email: String,
    /// The initials.
    pub initials: String,
}

/// One role with its permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleDetail {
    /// What the list shows.
    pub row: RoleRow,
    /// Area by area.
    pub areas: Vec<RoleArea>,
}

/// A role's permissions in one area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleArea {
    /// The area's key.
    pub key: String,
    /// The area's name.
    pub label: String,
    /// The scopes, where the area has records.
    pub scopes: Option<Scopes>,
    /// Each feature with its value.
    pub features: Vec<RoleFeature>,
    /// Each section of the object with what the role may do with it.
    pub sections: Vec<(String, SectionAccess)>,
}

/// One feature in a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleFeature {
    /// The key.
    pub key: String,
    /// The name.
    pub label: String,
    /// The value, after the type's ceiling.
    pub value: FeatureValue,
    /// The type's ceiling denies it.
    pub ceiling: bool,
    /// What the value means.
    pub help: String,
    /// A role sets it, and nothing else decides it (R13, 003-23).
    pub settable: bool,
    /// It may be set to "On request".
    pub requestable: bool,
}

impl Session {
    /// The roles: shipped ones first, then the account's own in their order.
    ///
    /// # Errors
    /// None at present; the store may be asked in time.
    pub fn roles(&self) -> Result<Vec<RoleRow>, ServiceError> {
        let view = self.view();
        let team = view.team();
        let mut roles: Vec<_> = team.roles.values().collect();
        roles.sort_by_key(|role| (role.shipped.is_none(), role.order, role.id));
        Ok(roles.into_iter().map(|role| row(team, role)).collect())
    }

    /// The roles that the viewer can put on the list of those that a role's holders may assign (R31).
    #[must_use]
    pub fn listable_roles(&self) -> Vec<String> {
        let view = self.view();
        let roles = view.team().roles.values();
        let listable = roles.filter(|role| view.snapshot().may_list_role(self.subject(), role.id));
        listable.map(|role| role.name.clone()).collect()
    }

    /// One role.
    ///
    /// # Errors
    /// Where there is no such role.
    pub fn role_detail(&self, name: &str) -> Result<RoleDetail, ServiceError> {
        let view = self.view();
        let team = view.team();
        let Some(role) = team.role_named(name) else {
            return Err(ServiceError::NotFound(format!("there is no role “{name}”")));
        };
        Ok(RoleDetail { row: row(team, role), areas: self.areas(&view, role) })
    }

    /// A role's permissions, area by area. Sections that the viewer may not view are there for those
    /// alone who manage roles, as in the matrix (R32).
    pub(super) fn areas(&self, view: &View, role: &Role) -> Vec<RoleArea> {
        areas(view.team(), role, &|object, section| view.snapshot().may_name(self.subject(), object, section))
    }
}

fn areas(team: &Team, role: &Role, may_name: &dyn Fn(ObjectId, SectionId) -> bool) -> Vec<RoleArea> {
    let areas = team.catalog.areas.iter().map(|area| {
        let object = area.object.and_then(|id| team.objects.get(&id));
        let features = area.features.iter().filter_map(|id| team.catalog.feature(*id));
        RoleArea {
            key: area.key.clone(),
            label: area.label.clone(),
            scopes: area.object.map(|object| role.scopes(object)),
            features: features.map(|feature| role_feature(team, role, area.object, feature)).collect(),
            sections: object
                .iter()
                .flat_map(|object| object.sections.iter().filter(|section| may_name(object.id, section.id)))
                .map(|section| (section.name.clone(), role.section(section.id)))
                .collect(),
        }
    });
    areas.collect()
}

fn role_feature(team: &Team, role: &Role, object: Option<ObjectId>, feature: &crate::model::Feature) -> RoleFeature {
    let ceiling = !feature.ceiling.admits(role.role_type);
    let creates = || object.is_some_and(|object| role.scopes(object).edit != Scope::None);
    let value = match feature.decided_by {
        _ if ceiling => FeatureValue::No,
        // Nobody sets it: whoever may create may import (R13).
        DecidedBy::Creating if creates() => FeatureValue::Yes,
        DecidedBy::Creating => FeatureValue::No,
        DecidedBy::Role | DecidedBy::TalkFlag => role.feature(feature.id),
    };
    let help = match value {
        FeatureValue::Yes => feature.yes.clone(),
        FeatureValue::No => feature.no.clone(),
        FeatureValue::Request => "Shown with “Request permission” at its place.".to_owned(),
    };
    RoleFeature {
        key: feature.key.clone(),
        label: team.catalog.title(feature),
        value,
        ceiling,
        help,
        settable: feature.decided_by == DecidedBy::Role,
        requestable: feature.requestable,
    }
}

fn row(team: &Team, role: &Role) -> RoleRow {
    let mut members: Vec<Member> = team
        .users
        .values()
        .filter(|user| user.role == role.id && user.status == Status::Active)
        .map(|user| Member { name: user.name.clone(), email: user.email.clone(), initials: initials(&user.name) })
        .collect();
    members.sort_by_cached_key(|member| fold(&member.name));
    RoleRow {
        name: role.name.clone(),
        role_type: role.role_type,
        manager: role.manager.and_then(|id| team.roles.get(&id)).map(|role| role.name.clone()),
        description: role.description.clone(),
        icon: role.icon.clone(),
        locked: role.is_locked(),
        shipped: role.shipped.is_some(),
        members,
        people: team.users.values().filter(|user| user.role == role.id).count(),
        may_assign: role.may_assign.iter().filter_map(|id| team.roles.get(id)).map(|role| role.name.clone()).collect(),
    }
}

/// The first letters of the first and the last word of a name.
#[must_use]
pub fn initials(name: &str) -> String {
    let first = |word: &str| word.chars().next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let words: Vec<&str> = name.split_whitespace().collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => first(only),
        [start, .., end] => first(start) + &first(end),
    }
}
