//! The team: the account, its people, their roles, and the objects with their fields. Everything
//! that decides access, and nothing that is a record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::access::{Exception, FeatureValue, RoleType, Scopes, SectionAccess};
use super::catalog::{Catalog, CatalogError, OwnPermission};
use super::ids::{FeatureId, FieldId, ObjectId, RoleId, SectionId, UserId};
use super::table::Table;
use super::time::Moment;
use super::value::{Kind, OptionId};

/// The one team that a data directory holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// IANA name of the zone in which typed dates end (R10); UTC if unset.
    pub time_zone: Option<String>,
    /// Included users (R17); unlimited if unset.
    pub seats: Option<u32>,
    /// Included agents; unlimited if unset.
    pub agent_seats: Option<u32>,
    /// Permissions of the account's own (R33).
    pub permissions: Vec<OwnPermission>,
    /// The next number that each kind of identity gets. Numbers are never reused.
    pub next: NextIds,
}

/// The next free numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each field is the next number of the identity it is named after")]
pub struct NextIds {
    pub user: u32,
    pub role: u32,
    pub object: u32,
    pub section: u32,
    pub field: u32,
    pub permission: u32,
}

/// Which of the shipped roles a role is (R18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Shipped {
    /// Locked: no edit, no delete (R6).
    AccountOwner,
    /// Locked: no edit, no delete (R6).
    Administrator,
    /// Editable, not deletable.
    Editable,
}

/// A named set of permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Its identity.
    pub id: RoleId,
    /// Its name, unique in the account.
    pub name: String,
    /// The role above it; every role but Account Owner has one (000-06).
    pub manager: Option<RoleId>,
    /// The ceiling.
    pub role_type: RoleType,
    /// What the role is for.
    pub description: String,
    /// A short mark.
    pub icon: String,
    /// Whether it came with the product.
    pub shipped: Option<Shipped>,
    /// The place of a custom role in lists (003-33).
    pub order: u32,
    /// Features that aren't No.
    pub features: BTreeMap<FeatureId, FeatureValue>,
    /// Scopes that aren't [`Scopes::UNLISTED`].
    pub scopes: BTreeMap<ObjectId, Scopes>,
    /// Sections that aren't [`SectionAccess::Edit`].
    pub sections: BTreeMap<SectionId, SectionAccess>,
    /// Roles that its holders may assign without holding their permissions (R31).
    pub may_assign: BTreeSet<RoleId>,
}

impl Role {
    /// Is it one of the two roles that can't be changed (R6)?
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(self.shipped, Some(Shipped::AccountOwner | Shipped::Administrator))
    }

    /// The value that the role itself gives a feature, before ceilings.
    #[must_use]
    pub fn feature(&self, id: FeatureId) -> FeatureValue {
        if self.is_locked() { FeatureValue::Yes } else { self.features.get(&id).copied().unwrap_or(FeatureValue::No) }
    }

    /// The scopes that the role itself gives over an object.
    #[must_use]
    pub fn scopes(&self, object: ObjectId) -> Scopes {
        if self.is_locked() { Scopes::ALL } else { self.scopes.get(&object).copied().unwrap_or(Scopes::UNLISTED) }
    }

    /// What the role may do with a section.
    #[must_use]
    pub fn section(&self, section: SectionId) -> SectionAccess {
        if self.is_locked() {
            SectionAccess::Edit
        } else {
            self.sections.get(&section).copied().unwrap_or(SectionAccess::Edit)
        }
    }
}

/// Whether a person can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Status {
    /// They can.
    Active,
    /// They have not accepted yet.
    Invited,
    /// They no longer can.
    Revoked,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Active, Self::Invited, Self::Revoked];

    /// The token that files and screens use.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Invited => "invited",
            Self::Revoked => "revoked",
        }
    }

    /// The status that a token names.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.token().eq_ignore_ascii_case(token))
    }
}

/// A person who signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Their identity, and the owner that records name.
    pub id: UserId,
    /// The user name: case-folded, unique (000-03).
    pub email: String,
    /// The name on screens.
    pub name: String,
    /// Exactly one (000-04).
    pub role: RoleId,
    /// Whether they can sign in.
    pub status: Status,
    /// A manager of their own (R4).
    pub manager: Option<UserId>,
    /// Departures from the role (R10).
    pub exceptions: BTreeMap<FeatureId, Exception>,
    /// BCP 47 language of the person (001-16).
    pub language: Option<String>,
    /// Email 'From' Name (001-14).
    pub email_from_name: Option<String>,
    /// Reply To Email (001-15).
    pub reply_to: Option<String>,
    /// An outside person without a seat (R27).
    pub account_manager: bool,
    /// The Talk flag (003-23).
    pub talk_access: bool,
    /// When they were added.
    pub created: Moment,
}

impl User {
    /// Somebody active who has a role and nothing else.
    #[must_use]
    pub fn plain(id: UserId, email: String, name: String, role: RoleId, created: Moment) -> Self {
        Self {
            id,
            email,
            name,
            role,
            status: Status::Active,
            manager: None,
            exceptions: BTreeMap::new(),
            language: None,
            email_from_name: None,
            reply_to: None,
            account_manager: false,
            talk_access: false,
            created,
        }
    }
}

/// One of a dropdown's options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldOption {
    /// Its number within the field, never reused.
    pub id: OptionId,
    /// Its name.
    pub label: String,
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its identity.
    pub id: FieldId,
    /// The section that holds it.
    pub section: SectionId,
    /// The shown name, unique in its object.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// A dropdown's options, in order.
    pub options: Vec<FieldOption>,
    /// The next number of an option.
    pub next_option: u16,
    /// Set by the console itself where nobody sets it.
    pub automatic: Option<Automatic>,
}

/// Fields that fill themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Automatic {
    /// The day on which the record was made.
    Created,
    /// The day of its last change.
    LastChanged,
}

/// A group of fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its identity.
    pub id: SectionId,
    /// Its name, unique in its object.
    pub name: String,
}

/// A kind of record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// Its identity.
    pub id: ObjectId,
    /// The key that commands and files use, such as `contacts`.
    pub key: String,
    /// The name of many, such as "Contacts".
    pub label: String,
    /// The name of one, such as "Contact".
    pub singular: String,
    /// In order. At most [`Object::MAX_SECTIONS`].
    pub sections: Vec<Section>,
    /// In order within their sections; the first names the record.
    pub fields: Vec<Field>,
}

impl Object {
    /// Section rights are held in one machine word.
    pub const MAX_SECTIONS: usize = 64;

    /// The field with this identity.
    #[must_use]
    pub fn field(&self, id: FieldId) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The field with this shown name, whatever its case.
    #[must_use]
    pub fn field_named(&self, name: &str) -> Option<&Field> {
        let folded = super::text::fold(name.trim());
        self.fields.iter().find(|field| super::text::folds_to(&field.name, &folded))
    }

    /// The section with this name, whatever its case.
    #[must_use]
    pub fn section_named(&self, name: &str) -> Option<&Section> {
        let folded = super::text::fold(name.trim());
        self.sections.iter().find(|section| super::text::folds_to(&section.name, &folded))
    }

    /// A section's position, which is its bit in section rights.
    #[must_use]
    pub fn section_position(&self, id: SectionId) -> Option<usize> {
        self.sections.iter().position(|section| section.id == id)
    }
}

/// Everything that decides access, at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Team {
    /// The account.
    pub account: Account,
    /// Its roles.
    pub roles: Table<RoleId, Role>,
    /// Its people.
    pub users: Table<UserId, User>,
    /// Its objects.
    pub objects: Table<ObjectId, Object>,
    /// The shipped catalog with the account's own permissions.
    pub catalog: Arc<Catalog>,
}

impl Team {
    /// A team of this account with nobody in it yet.
    ///
    /// # Errors
    /// Where the account's own permissions clash with the catalog.
    pub fn new(account: Account) -> Result<Self, CatalogError> {
        let catalog = Arc::new(Catalog::with(&account.permissions)?);
        Ok(Self { account, roles: Table::new(), users: Table::new(), objects: Table::new(), catalog })
    }

    /// The person with this email, whatever its case.
    #[must_use]
    pub fn user_by_email(&self, email: &str) -> Option<&Arc<User>> {
        let folded = super::text::fold(email.trim());
        self.users.values().find(|user| user.email == folded)
    }

    /// The role with this name, whatever its case.
    #[must_use]
    pub fn role_named(&self, name: &str) -> Option<&Arc<Role>> {
        let folded = super::text::fold(name.trim());
        self.roles.values().find(|role| super::text::folds_to(&role.name, &folded))
    }

    /// The object with this key, whatever its case.
    #[must_use]
    pub fn object_by_key(&self, key: &str) -> Option<&Arc<Object>> {
        self.objects.values().find(|object| object.key.eq_ignore_ascii_case(key))
    }

    /// The role that a person holds.
    #[must_use]
    pub fn role_of(&self, user: UserId) -> Option<&Arc<Role>> {
        self.users.get(&user).and_then(|user| self.roles.get(&user.role))
    }

    /// The account owner (R6).
    #[must_use]
    pub fn owner(&self) -> Option<&Arc<User>> {
        self.users
            .values()
            .find(|user| self.roles.get(&user.role).is_some_and(|role| role.shipped == Some(Shipped::AccountOwner)))
    }
}
