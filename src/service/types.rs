//! The table of types (002-09): every permission, and what each of the four types has of it or can
//! ask for. A type's start values are those of the shipped role of its name.

use crate::model::catalog::{DecidedBy, Feature};
use crate::model::{Account, FeatureValue, NextIds, Role, RoleType, Scope, Team, shipped};

use super::error::ServiceError;
use super::session::Session;

/// What a type has of a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeValue {
    /// It has it.
    Has,
    /// It hasn't.
    HasNot,
    /// It may ask for it.
    Request,
}

impl TypeValue {
    /// The mark or words that the table shows.
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::Has => "✔",
            Self::HasNot => "✘",
            Self::Request => "Request permission",
        }
    }
}

/// What a type is for, and what it limits (002-02, 002-05…08, R9).
#[must_use]
pub fn about(role_type: RoleType) -> &'static str {
    match role_type {
        RoleType::AccountOwner => {
            "The one person who signed up and pays. No limits; can't be deleted, only handed over."
        }
        RoleType::Administrator => {
            "Like the owner, but can't delete the account, themselves or the owner. One of your own holds just what \
             you set on it, the Administrator Tools included."
        }
        RoleType::User => "A member of the team. Holds what the role says, but never the Administrator Tools.",
        RoleType::Focused => {
            "Recommended for freelancers, contractors and trainees: sees only records that they own or that are \
             assigned to them, and never holds the Administrator Tools."
        }
    }
}

/// One permission's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeRow {
    /// The area's name.
    pub area: String,
    /// The permission's key.
    pub key: String,
    /// The permission's name.
    pub label: String,
    /// What having it means.
    pub help: String,
    /// Its values in the order of [`RoleType::ALL`].
    pub values: [TypeValue; 4],
}

impl Session {
    /// The table of types.
    ///
    /// # Errors
    /// Where a shipped file is broken, which a test rules out.
    pub fn types(&self) -> Result<Vec<TypeRow>, ServiceError> {
        let broken = |error: &dyn std::fmt::Display| ServiceError::Invalid(error.to_string());
        let team = fresh_team().map_err(|error| broken(&error))?;
        let of_type = |role_type: RoleType| {
            let name = match role_type {
                RoleType::AccountOwner => "Account Owner",
                RoleType::Administrator => "Administrator",
                RoleType::User => "User",
                RoleType::Focused => "Focused User",
            };
            team.role_named(name).cloned()
        };
        let roles = RoleType::ALL.iter().map(|role_type| of_type(*role_type)).collect::<Option<Vec<_>>>();
        let roles = roles.ok_or_else(|| broken(&"a shipped role is missing"))?;
        let [owner, administrator, user, focused] = roles.as_slice() else { return Ok(Vec::new()) };
        let mut rows = Vec::new();
        for area in &team.catalog.areas {
            for feature in area.features.iter().filter_map(|id| team.catalog.feature(*id)) {
                let value = |role: &Role| value(&team, role, feature);
                rows.push(TypeRow {
                    area: area.label.clone(),
                    key: feature.key.clone(),
                    label: team.catalog.title(feature),
                    help: feature.yes.clone(),
                    values: [value(owner), value(administrator), value(user), value(focused)],
                });
            }
        }
        Ok(rows)
    }
}

fn value(team: &Team, role: &Role, feature: &Feature) -> TypeValue {
    if !feature.ceiling.admits(role.role_type) {
        return TypeValue::HasNot;
    }
    let held = match feature.decided_by {
        DecidedBy::Role => role.feature(feature.id),
        DecidedBy::Creating => {
            let object = team.catalog.areas.get(feature.area).and_then(|area| area.object);
            let creates = object.is_some_and(|object| role.scopes(object).edit != Scope::None);
            if creates { FeatureValue::Yes } else { FeatureValue::No }
        }
        // Set for each person, whatever their type.
        DecidedBy::TalkFlag => FeatureValue::Yes,
    };
    match held {
        FeatureValue::Yes => TypeValue::Has,
        FeatureValue::Request => TypeValue::Request,
        FeatureValue::No => TypeValue::HasNot,
    }
}

fn fresh_team() -> Result<Team, Box<dyn std::error::Error>> {
    let account = Account {
        name: String::new(),
        time_zone: None,
        seats: None,
        agent_seats: None,
        permissions: Vec::new(),
        next: NextIds { user: 0, role: 0, object: 0, section: 0, field: 0, permission: 0 },
    };
    let mut team = Team::new(account)?;
    for change in shipped::new_team("types", "Owner", "owner@types.example", crate::model::Moment(0))? {
        team.apply(&change)?;
    }
    Ok(team)
}
