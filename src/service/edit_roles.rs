//! Making, changing and deleting roles (000-29, 003-27, 003-31, 003-33, R18, R19).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::text;
use crate::model::{FeatureValue, Role, RoleId, RoleType, Scope, Scopes, SectionAccess, Team, User};

use super::draft::Draft;
use super::edit_team::{role, role_id, take};
use super::error::ServiceError;
use super::matrix::RowKey;
use super::people::move_to;
use super::session::Session;

/// A new role with its permissions: nothing of it holds before it is saved (000-29).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRole {
    /// The name.
    pub name: String,
    /// The role above it.
    pub manager: String,
    /// The type.
    pub role_type: RoleType,
    /// What it is for.
    pub description: String,
    /// A short mark.
    pub icon: String,
    /// The role whose permissions it starts with.
    pub clone_of: Option<String>,
    /// What departs from the permissions that it starts with.
    pub cells: Vec<(Cell, CellValue)>,
    /// The roles that its holders may assign without holding their permissions (R31).
    pub may_assign: Vec<String>,
}

impl Default for NewRole {
    fn default() -> Self {
        Self {
            name: String::new(),
            manager: String::new(),
            role_type: RoleType::User,
            description: String::new(),
            icon: String::new(),
            clone_of: None,
            cells: Vec::new(),
            may_assign: Vec::new(),
        }
    }
}

/// One cell of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// A feature, by its key.
    Feature(String),
    /// A scope: the object's key, and view, edit or delete.
    Scope(String, Verb),
    /// A section: the object's key and the section's name.
    Section(String, String),
}

/// One of an object's three scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// View.
    View,
    /// Create and edit.
    Edit,
    /// Delete.
    Delete,
}

impl Verb {
    /// View first.
    pub const ALL: [Self; 3] = [Self::View, Self::Edit, Self::Delete];

    /// The word that files and commands use.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Edit => "edit",
            Self::Delete => "delete",
        }
    }

    /// The words of screens (000-22, 000-24, 000-26).
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::View => "Can view",
            Self::Edit => "Can create/edit",
            Self::Delete => "Can delete",
        }
    }

    /// This one of three scopes.
    #[must_use]
    pub fn of(self, scopes: Scopes) -> Scope {
        match self {
            Self::View => scopes.view,
            Self::Edit => scopes.edit,
            Self::Delete => scopes.delete,
        }
    }

    /// This one of three scopes, to change it.
    pub fn of_mut(self, scopes: &mut Scopes) -> &mut Scope {
        match self {
            Self::View => &mut scopes.view,
            Self::Edit => &mut scopes.edit,
            Self::Delete => &mut scopes.delete,
        }
    }
}

/// What a cell is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellValue {
    /// Of a feature.
    Feature(FeatureValue),
    /// Of a scope.
    Scope(Scope),
    /// Of a section.
    Section(SectionAccess),
}

impl CellValue {
    /// The words that screens use (R2).
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Feature(value) => value.label(),
            Self::Scope(scope) => scope.label(),
            Self::Section(SectionAccess::Hidden) => "Hidden",
            Self::Section(SectionAccess::View) => "View",
            Self::Section(SectionAccess::Edit) => "View and edit",
        }
    }
}

/// What to change of a role; what is unset stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleChange {
    /// The name.
    pub name: Option<String>,
    /// The role above it.
    pub manager: Option<String>,
    /// The type.
    pub role_type: Option<RoleType>,
    /// What it is for.
    pub description: Option<String>,
    /// A short mark.
    pub icon: Option<String>,
    /// The roles that its holders may assign without holding their permissions (R31).
    pub may_assign: Option<Vec<String>>,
    /// Cells of the matrix.
    pub cells: Vec<(Cell, CellValue)>,
    /// What cells held when they were looked at: where one holds something else by now, nothing is
    /// changed.
    pub expected: Vec<(Cell, CellValue)>,
}

const LONGEST_NAME: usize = 120;
const LONGEST_DESCRIPTION: usize = 1000;
const LONGEST_ICON: usize = 16;

impl Session {
    /// Makes a role. A new role starts with the Task Manager on (001-09) and nothing else, unless it
    /// is a clone.
    ///
    /// # Errors
    /// Where a value can't be taken, or the rules say no.
    pub fn add_role(&self, new: &NewRole) -> Result<(), ServiceError> {
        self.save(&Draft::NewRole(new.clone()))?;
        Ok(())
    }

    /// Changes roles, all of them or none: what the matrix stages, or a single role's form.
    ///
    /// # Errors
    /// As [`Session::add_role`].
    pub fn change_roles(&self, changes: &BTreeMap<String, RoleChange>) -> Result<(), ServiceError> {
        self.save(&Draft::Roles(changes.clone()))?;
        Ok(())
    }

    /// Deletes a role; its members and child roles go to the replacement in the same step (R19).
    ///
    /// # Errors
    /// Where it has members or child roles and no replacement is named, or the rules say no.
    pub fn delete_role(&self, name: &str, replacement: Option<&str>) -> Result<(), ServiceError> {
        let replacement = replacement.map(str::to_owned);
        self.save(&Draft::DeleteRole { name: name.to_owned(), replacement })?;
        Ok(())
    }

    /// Puts the account's own roles into this order (003-33).
    ///
    /// # Errors
    /// As [`Session::add_role`].
    pub fn order_roles(&self, names: &[String]) -> Result<(), ServiceError> {
        self.save(&Draft::OrderRoles(names.to_vec()))?;
        Ok(())
    }
}

/// A new role as far as its permissions go: its type, its cells, and what it is a clone of.
pub(super) fn sketch(team: &Team, new: &NewRole) -> Result<Role, ServiceError> {
    let mut role = Role {
        id: RoleId(team.account.next.role),
        role_type: new.role_type,
        name: new.name.clone(),
        ..start(team, new.clone_of.as_deref())?
    };
    for (cell, value) in &new.cells {
        set(team, &mut role, cell, *value)?;
    }
    Ok(role)
}

/// A new role in a copy of the team.
pub(super) fn insert(team: &mut Team, new: &NewRole) -> Result<(), ServiceError> {
    let id = RoleId(take(&mut team.account.next.role));
    let order = team.roles.values().map(|role| role.order).max().unwrap_or(0).saturating_add(1);
    let blank = Role { id, order, name: String::new(), ..start(team, new.clone_of.as_deref())? };
    let change = RoleChange {
        name: Some(new.name.clone()),
        manager: Some(new.manager.clone()),
        role_type: Some(new.role_type),
        description: Some(new.description.clone()),
        icon: Some(new.icon.clone()),
        may_assign: Some(new.may_assign.clone()),
        cells: new.cells.clone(),
        ..RoleChange::default()
    };
    let role = changed(team, blank, &change)?;
    team.roles.insert(id, Arc::new(role));
    Ok(())
}

/// Changed roles in a copy of the team.
pub(super) fn change(team: &mut Team, changes: &BTreeMap<String, RoleChange>) -> Result<(), ServiceError> {
    // By identity, because a name in the list may be another role's new one.
    let named: Result<Vec<Role>, _> = changes.keys().map(|name| role(team, name)).collect();
    for (before, change) in named?.into_iter().zip(changes.values()) {
        let after = changed(team, before, change)?;
        team.roles.insert(after.id, Arc::new(after));
    }
    Ok(())
}

/// A copy of the team without a role; whoever and whatever was below it has the replacement (R19).
pub(super) fn delete(team: &mut Team, name: &str, replacement: Option<&str>) -> Result<(), ServiceError> {
    let gone = role(team, name)?;
    if gone.shipped.is_some() {
        return Err(ServiceError::Denied(format!("“{}” came with the product and can't be deleted", gone.name)));
    }
    let members: Vec<_> = team.users.values().filter(|user| user.role == gone.id).cloned().collect();
    let children: Vec<_> = team.roles.values().filter(|role| role.manager == Some(gone.id)).cloned().collect();
    if !(members.is_empty() && children.is_empty()) {
        let Some(replacement) = replacement.filter(|name| !name.trim().is_empty()) else {
            return Err(ServiceError::Invalid(format!(
                "“{}” has {} members and {} roles below it; name the role that takes its place",
                gone.name,
                members.len(),
                children.len()
            )));
        };
        let heir = role(team, replacement)?;
        if heir.id == gone.id {
            return Err(ServiceError::Invalid("a role can't take its own place".to_owned()));
        }
        for user in members {
            let mut user = User::clone(&user);
            move_to(&mut user, &heir);
            team.users.insert(user.id, Arc::new(user));
        }
        let heirs_line = above(team, heir.id);
        for child in children {
            // The child under which the heir stands, or the heir itself, moves up to where the
            // deleted role was: below the heir it would stand above itself.
            let carries_heir = child.id == heir.id || heirs_line.contains(&child.id);
            let manager = if carries_heir { gone.manager } else { Some(heir.id) };
            team.roles.insert(child.id, Arc::new(Role { manager, ..Role::clone(&child) }));
        }
    }
    team.roles.amend(|role| {
        role.may_assign.contains(&gone.id).then(|| {
            let mut kept = Role::clone(role);
            kept.may_assign.remove(&gone.id);
            kept
        })
    });
    team.roles.remove(&gone.id);
    Ok(())
}

/// The account's own roles in another order, in a copy of the team. Those that aren't named keep
/// their order after those that are.
pub(super) fn order(team: &mut Team, names: &[String]) -> Result<(), ServiceError> {
    let mut order: Vec<RoleId> = Vec::new();
    for name in names {
        let role = role(team, name)?;
        if role.shipped.is_some() {
            return Err(ServiceError::Denied(format!(
                "“{}” came with the product and keeps its place; only roles of your own are moved",
                role.name
            )));
        }
        order.push(role.id);
    }
    let mut rest: Vec<&Arc<Role>> =
        team.roles.values().filter(|role| role.shipped.is_none() && !order.contains(&role.id)).collect();
    rest.sort_by_key(|role| (role.order, role.id));
    let rest: Vec<RoleId> = rest.into_iter().map(|role| role.id).collect();
    let shipped = team.roles.values().filter(|role| role.shipped.is_some()).map(|role| role.order);
    let first = shipped.max().map_or(0, |last| last.saturating_add(1));
    for (place, id) in (first..).zip(order.into_iter().chain(rest)) {
        if let Some(role) = team.roles.get_mut(&id).filter(|role| role.order != place) {
            *role = Arc::new(Role { order: place, ..Role::clone(role) });
        }
    }
    Ok(())
}

/// The roles above one, up to the top.
fn above(team: &Team, role: RoleId) -> Vec<RoleId> {
    let mut line = Vec::new();
    let mut at = team.roles.get(&role).and_then(|role| role.manager);
    while let Some(id) = at.filter(|id| !line.contains(id)) {
        line.push(id);
        at = team.roles.get(&id).and_then(|role| role.manager);
    }
    line
}

/// What a new role starts with: the Task Manager, or what another role holds.
fn start(team: &Team, clone_of: Option<&str>) -> Result<Role, ServiceError> {
    let Some(name) = clone_of else { return Ok(beginning(team)) };
    let original = role(team, name)?;
    let is_locked = original.is_locked();
    let copy = Role { shipped: None, may_assign: BTreeSet::new(), ..original };
    Ok(if is_locked { unlocked(team, copy) } else { copy })
}

fn beginning(team: &Team) -> Role {
    let tasks = team.catalog.area("tasks").map(|area| area.features.clone()).unwrap_or_default();
    Role {
        id: RoleId(0),
        name: String::new(),
        manager: None,
        role_type: RoleType::User,
        description: String::new(),
        icon: String::new(),
        shipped: None,
        order: 0,
        features: tasks.into_iter().map(|feature| (feature, FeatureValue::Yes)).collect(),
        scopes: BTreeMap::new(),
        sections: BTreeMap::new(),
        may_assign: BTreeSet::new(),
    }
}

/// A locked role holds everything without saying so; its clone says so, and can be edited.
fn unlocked(team: &Team, mut role: Role) -> Role {
    use crate::model::catalog::DecidedBy;
    let can_be_set = team.catalog.features().filter(|feature| feature.decided_by == DecidedBy::Role);
    role.features = can_be_set.map(|feature| (feature.id, FeatureValue::Yes)).collect();
    role.scopes = team.objects.keys().map(|object| (*object, Scopes::ALL)).collect();
    role
}

fn changed(team: &Team, mut role: Role, change: &RoleChange) -> Result<Role, ServiceError> {
    let bad = |place: &str, bad: text::BadText| ServiceError::Invalid(format!("the {place} {bad}"));
    if let Some(name) = &change.name {
        role.name = text::name(name, LONGEST_NAME).map_err(|error| bad("name", error))?;
    }
    if let Some(manager) = &change.manager {
        role.manager = Some(role_id(team, manager)?);
    }
    if let Some(role_type) = change.role_type {
        role.role_type = role_type;
    }
    if let Some(description) = &change.description {
        role.description =
            text::value(description, LONGEST_DESCRIPTION).map_err(|error| bad("description", error))?.into_owned();
    }
    if let Some(icon) = &change.icon {
        role.icon = text::value(icon, LONGEST_ICON).map_err(|error| bad("icon", error))?.into_owned();
    }
    if let Some(names) = &change.may_assign {
        let listed: Result<BTreeSet<RoleId>, _> = names.iter().map(|name| role_id(team, name)).collect();
        role.may_assign = listed?;
    }
    for (cell, value) in &change.expected {
        let key = RowKey::of(team, cell).map_err(ServiceError::Meanwhile)?;
        if key.value_in(&role) != *value {
            let text = format!("somebody else changed “{}” meanwhile; nothing was changed", role.name);
            return Err(ServiceError::Meanwhile(text));
        }
    }
    for (cell, value) in &change.cells {
        set(team, &mut role, cell, *value)?;
    }
    Ok(role)
}

fn set(team: &Team, role: &mut Role, cell: &Cell, value: CellValue) -> Result<(), ServiceError> {
    let key = RowKey::of(team, cell).map_err(ServiceError::Invalid)?;
    if !key.put(role, value) {
        return Err(ServiceError::Invalid("the value is of another kind of cell".to_owned()));
    }
    Ok(())
}
