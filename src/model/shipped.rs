//! What every account starts with: the built-in objects and the shipped roles (SPEC R18 and part 4),
//! from `assets/objects.toml` and `assets/roles.toml`, which are compiled in. The same account, owner
//! and moment always give the same changes, with the same numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;

use super::access::{FeatureValue, RoleType, Scope, Scopes};
use super::catalog::{Catalog, CatalogError, FIRST_OWN_PERMISSION};
use super::change::{Change, Swap};
use super::ids::{FeatureId, FieldId, ObjectId, RoleId, SectionId, UserId};
use super::team::{Account, Automatic, Field, FieldOption, NextIds, Object, Role, Section, Shipped, User};
use super::text::{self, BadText};
use super::time::Moment;
use super::value::{Kind, OptionId};

const OBJECTS: &str = include_str!("../../assets/objects.toml");
const ROLES: &str = include_str!("../../assets/roles.toml");

/// The longest name of an account, a person or an address.
const LONGEST_NAME: usize = 120;
const LONGEST_EMAIL: usize = 254;

/// The account can't be made.
#[derive(Debug, thiserror::Error)]
pub enum ShippedError {
    /// The account's name is refused.
    #[error("the account's name {0}")]
    AccountName(BadText),
    /// The owner's name is refused.
    #[error("the owner's name {0}")]
    OwnerName(BadText),
    /// The owner's address is refused.
    #[error("the owner's email {0}")]
    OwnerEmail(BadText),
    /// The owner's address is no address.
    #[error("“{0}” is no email address; it needs a name, an @ and a domain")]
    NoAddress(String),
    /// A shipped file is no TOML of the expected shape. Never met by a person: a test reads it.
    #[error("the shipped roles or objects can't be read: {0}")]
    Shape(#[from] toml::de::Error),
    /// A shipped file names something that isn't there. Never met by a person: a test reads it.
    #[error("the shipped {file} name “{name}”, which isn't there")]
    Unknown {
        /// Which file.
        file: &'static str,
        /// What it names.
        name: String,
    },
    /// The catalog is broken. Never met by a person: a test reads it.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// The changes that make a fresh account: the account itself, its objects, its roles and its owner,
/// in this order. They apply to a team with nothing in it.
///
/// # Errors
/// Where a name or the address is refused.
pub fn new_team(
    account_name: &str,
    owner_name: &str,
    owner_email: &str,
    created: Moment,
) -> Result<Vec<Change>, ShippedError> {
    let name = text::name(account_name, LONGEST_NAME).map_err(ShippedError::AccountName)?;
    let owner_name = text::name(owner_name, LONGEST_NAME).map_err(ShippedError::OwnerName)?;
    let email = address(owner_email)?;

    let objects = objects()?;
    let roles = roles(&Catalog::with(&[])?)?;
    let owner_role = roles
        .iter()
        .find(|role| role.shipped == Some(Shipped::AccountOwner))
        .map(|role| role.id)
        .ok_or_else(|| unknown("roles", "Account Owner"))?;
    let owner = User::plain(UserId(0), email, owner_name, owner_role, created);
    let account = Account {
        name,
        time_zone: None,
        seats: None,
        agent_seats: None,
        permissions: Vec::new(),
        next: next(&objects, &roles),
    };

    let mut changes = vec![Change::Account(Swap::made(account))];
    changes.extend(objects.into_iter().map(|object| Change::Object(Swap::made(Arc::new(object)))));
    changes.extend(roles.into_iter().map(|role| Change::Role(Swap::made(Arc::new(role)))));
    changes.push(Change::User(Swap::made(Arc::new(owner))));
    Ok(changes)
}

/// An address as it is kept: case-folded, because it is the user name (000-03).
fn address(text: &str) -> Result<String, ShippedError> {
    let email = text::fold(&text::name(text, LONGEST_EMAIL).map_err(ShippedError::OwnerEmail)?);
    let whole = email.split_once('@').is_some_and(|(user, domain)| {
        !user.is_empty() && !domain.is_empty() && !domain.contains('@') && !email.contains(char::is_whitespace)
    });
    if whole { Ok(email) } else { Err(ShippedError::NoAddress(email)) }
}

/// The first free numbers after the shipped objects and roles and the owner.
fn next(objects: &[Object], roles: &[Role]) -> NextIds {
    let sections = objects.iter().flat_map(|object| &object.sections).map(|section| section.id.0 + 1);
    let fields = objects.iter().flat_map(|object| &object.fields).map(|field| field.id.0 + 1);
    NextIds {
        user: 1,
        role: roles.iter().map(|role| role.id.0 + 1).max().unwrap_or(0),
        object: objects.iter().map(|object| object.id.0 + 1).max().unwrap_or(0),
        section: sections.max().unwrap_or(0),
        field: fields.max().unwrap_or(0),
        permission: FIRST_OWN_PERMISSION,
    }
}

fn unknown(file: &'static str, name: &str) -> ShippedError {
    ShippedError::Unknown { file, name: name.to_owned() }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ObjectsFile {
    object: Vec<FileObject>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileObject {
    key: String,
    label: String,
    singular: String,
    section: Vec<FileSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSection {
    name: String,
    fields: Vec<FileField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileField {
    name: String,
    kind: String,
    #[serde(default)]
    options: Vec<String>,
    automatic: Option<FileAutomatic>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum FileAutomatic {
    Created,
    LastChanged,
}

/// The built-in objects, numbered in the file's order.
fn objects() -> Result<Vec<Object>, ShippedError> {
    let file: ObjectsFile = toml::from_str(OBJECTS)?;
    // The list first: zip asks its left side first, so that no number is lost at the end of a list.
    let (mut sections, mut fields) = ((0..).map(SectionId), (0..).map(FieldId));
    let mut objects = Vec::new();
    for (id, entry) in (0..).map(ObjectId).zip(file.object) {
        let mut object = Object {
            id,
            key: entry.key,
            label: entry.label,
            singular: entry.singular,
            sections: Vec::new(),
            fields: Vec::new(),
        };
        for (section, section_id) in entry.section.into_iter().zip(sections.by_ref()) {
            object.sections.push(Section { id: section_id, name: section.name });
            for (field, field_id) in section.fields.into_iter().zip(fields.by_ref()) {
                object.fields.push(field_of(field_id, section_id, field)?);
            }
        }
        objects.push(object);
    }
    Ok(objects)
}

fn field_of(id: FieldId, section: SectionId, entry: FileField) -> Result<Field, ShippedError> {
    let kind = Kind::from_token(&entry.kind).ok_or_else(|| unknown("objects", &entry.kind))?;
    let options: Vec<FieldOption> =
        (0..).map(OptionId).zip(entry.options).map(|(option, label)| FieldOption { id: option, label }).collect();
    let next_option = options.last().map_or(0, |option| option.id.0 + 1);
    let automatic = entry.automatic.map(|automatic| match automatic {
        FileAutomatic::Created => Automatic::Created,
        FileAutomatic::LastChanged => Automatic::LastChanged,
    });
    Ok(Field { id, section, name: entry.name, kind, options, next_option, automatic })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RolesFile {
    role: Vec<FileRole>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRole {
    name: String,
    manager: Option<String>,
    #[serde(rename = "type")]
    role_type: String,
    #[serde(default)]
    locked: bool,
    icon: String,
    description: String,
    #[serde(default)]
    features: BTreeMap<String, String>,
    #[serde(default)]
    scopes: BTreeMap<String, FileScopes>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileScopes {
    view: String,
    edit: String,
    delete: String,
}

/// The shipped roles, numbered in the file's order. A manager stands before the roles under it.
fn roles(catalog: &Catalog) -> Result<Vec<Role>, ShippedError> {
    let file: RolesFile = toml::from_str(ROLES)?;
    let mut roles: Vec<Role> = Vec::new();
    for (number, entry) in (0..).zip(file.role) {
        let manager = match &entry.manager {
            Some(name) => {
                let above = roles.iter().find(|role| role.name == *name);
                Some(above.map(|role| role.id).ok_or_else(|| unknown("roles", name))?)
            }
            None => None,
        };
        let role_type = RoleType::from_text(&entry.role_type).ok_or_else(|| unknown("roles", &entry.role_type))?;
        let shipped = match (entry.locked, role_type) {
            (true, RoleType::AccountOwner) => Shipped::AccountOwner,
            (true, _) => Shipped::Administrator,
            (false, _) => Shipped::Editable,
        };
        roles.push(Role {
            id: RoleId(number),
            name: entry.name,
            manager,
            role_type,
            description: entry.description,
            icon: entry.icon,
            shipped: Some(shipped),
            order: number,
            features: features(catalog, &entry.features)?,
            scopes: scopes(catalog, &entry.scopes)?,
            sections: BTreeMap::new(),
            may_assign: BTreeSet::new(),
        });
    }
    Ok(roles)
}

fn features(
    catalog: &Catalog,
    listed: &BTreeMap<String, String>,
) -> Result<BTreeMap<FeatureId, FeatureValue>, ShippedError> {
    let mut features = BTreeMap::new();
    for (key, text) in listed {
        let feature = catalog.by_key(key).ok_or_else(|| unknown("roles", key))?;
        let value = FeatureValue::from_text(text).ok_or_else(|| unknown("roles", text))?;
        // A role keeps only what isn't No.
        if value != FeatureValue::No {
            features.insert(feature.id, value);
        }
    }
    Ok(features)
}

fn scopes(
    catalog: &Catalog,
    listed: &BTreeMap<String, FileScopes>,
) -> Result<BTreeMap<ObjectId, Scopes>, ShippedError> {
    let scope = |text: &str| Scope::from_text(text).ok_or_else(|| unknown("roles", text));
    let mut scopes = BTreeMap::new();
    for (key, entry) in listed {
        let object = catalog.area(key).and_then(|area| area.object).ok_or_else(|| unknown("roles", key))?;
        let value = Scopes { view: scope(&entry.view)?, edit: scope(&entry.edit)?, delete: scope(&entry.delete)? };
        if value != Scopes::UNLISTED {
            scopes.insert(object, value);
        }
    }
    Ok(scopes)
}

#[cfg(test)]
mod tests;
