//! The permission catalog: areas, features, scopes and every word that explains them. The shipped
//! catalog is one file, `assets/catalog.toml`, compiled in; an account's own permissions (SPEC R33)
//! are added to it. A feature's number is what is stored, so numbers in the file are never reused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::access::{RecordAction, RoleType};
use super::ids::{FeatureId, ObjectId};

const SHIPPED: &str = include_str!("../../assets/catalog.toml");

/// The first number of an account's own permissions; the shipped ones stay below.
pub const FIRST_OWN_PERMISSION: u32 = 1000;

/// A group of permissions shown together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// The key that files and actions use, such as `contacts`.
    pub key: String,
    /// The name on screens.
    pub label: String,
    /// What the area is for.
    pub help: String,
    /// The object whose scopes belong here, if any.
    pub object: Option<ObjectId>,
    /// The Yes/No permission that switches the area on (R1); Administrator Tools have none.
    pub access: Option<FeatureId>,
    /// What deleting a record of the area's object asks besides a scope (SPEC part 4).
    pub may_delete: Option<FeatureId>,
    /// The area's features, `access` first where there is one.
    pub features: Vec<FeatureId>,
}

/// What decides a feature, apart from roles and exceptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// The role and the person's exceptions.
    Role,
    /// Yes for whoever may create records of the area's object; can't be set (R13).
    Creating,
    /// The person's own Talk flag alone (003-23).
    TalkFlag,
}

/// A Yes/No permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// The stored number.
    pub id: FeatureId,
    /// The key that files and actions use, such as `contacts.export`.
    pub key: String,
    /// The name on screens.
    pub label: String,
    /// The area's position in [`Catalog::areas`].
    pub area: usize,
    /// May it be set to "On request"?
    pub requestable: bool,
    /// The types of role that can hold it at all (R9).
    pub ceiling: Ceiling,
    /// What decides it.
    pub decided_by: DecidedBy,
    /// What a check that names a record asks of the record besides (000-38).
    pub on_record: RecordAction,
    /// What Yes means.
    pub yes: String,
    /// What No means.
    pub no: String,
}

/// Which types of role can hold a feature at all (002-10…16, R9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ceiling {
    /// Every type.
    #[default]
    Anyone,
    /// Account owner and Administrator.
    Administrators,
    /// The account owner alone.
    Owner,
}

impl Ceiling {
    /// Can a role of this type hold the feature?
    #[must_use]
    pub fn admits(self, role_type: RoleType) -> bool {
        match self {
            Self::Anyone => true,
            Self::Administrators => matches!(role_type, RoleType::AccountOwner | RoleType::Administrator),
            Self::Owner => role_type == RoleType::AccountOwner,
        }
    }
}

/// A permission of the account's own, for programs that ask `rolecall check` (R33).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPermission {
    /// Its number, from [`FIRST_OWN_PERMISSION`] up.
    pub id: FeatureId,
    /// The key, such as `portal.login`.
    pub key: String,
    /// The name on screens.
    pub label: String,
}

/// All areas and features.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    /// In the order of screens.
    pub areas: Vec<Area>,
    features: BTreeMap<FeatureId, Feature>,
    keys: BTreeMap<String, FeatureId>,
    scope_help: BTreeMap<String, BTreeMap<String, String>>,
}

/// The catalog's file does not hold together. Never met by a person: a test reads the file.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// It isn't TOML of the expected shape.
    #[error("the permission catalog can't be read: {0}")]
    Shape(#[from] toml::de::Error),
    /// Two entries share a key or a number.
    #[error("the permission catalog names {0} twice")]
    Twice(String),
}

impl Catalog {
    /// The shipped catalog with an account's own permissions.
    ///
    /// # Errors
    /// Where the file is broken or an own permission's key is taken.
    pub fn with(own: &[OwnPermission]) -> Result<Self, CatalogError> {
        let file: File = toml::from_str(SHIPPED)?;
        let mut catalog =
            Self { areas: Vec::new(), features: BTreeMap::new(), keys: BTreeMap::new(), scope_help: file.scopes };
        for area in file.area {
            catalog.add_area(area)?;
        }
        if !own.is_empty() {
            catalog.add_own(own)?;
        }
        Ok(catalog)
    }

    fn add_area(&mut self, file: FileArea) -> Result<(), CatalogError> {
        let position = self.areas.len();
        let object = match file.key.as_str() {
            "contacts" => Some(ObjectId::CONTACTS),
            "companies" => Some(ObjectId::COMPANIES),
            "deals" => Some(ObjectId::DEALS),
            _ => None,
        };
        let mut area = Area {
            key: file.key,
            label: file.label,
            help: file.help,
            object,
            access: None,
            may_delete: None,
            features: Vec::new(),
        };
        for entry in file.feature {
            let feature = Feature {
                id: FeatureId(entry.id),
                key: entry.key,
                label: entry.label,
                area: position,
                requestable: entry.requestable,
                ceiling: entry.ceiling,
                decided_by: entry.decided_by,
                on_record: if entry.edits { RecordAction::Edit } else { RecordAction::View },
                yes: entry.yes,
                no: entry.no,
            };
            if feature.key == format!("{}.access", area.key) {
                area.access = Some(feature.id);
            }
            if feature.key == format!("{}.may_delete", area.key) {
                area.may_delete = Some(feature.id);
            }
            area.features.push(feature.id);
            self.insert(feature)?;
        }
        self.areas.push(area);
        Ok(())
    }

    fn add_own(&mut self, own: &[OwnPermission]) -> Result<(), CatalogError> {
        let position = self.areas.len();
        for permission in own {
            self.insert(Feature {
                id: permission.id,
                key: permission.key.clone(),
                label: permission.label.clone(),
                area: position,
                requestable: false,
                ceiling: Ceiling::Anyone,
                decided_by: DecidedBy::Role,
                on_record: RecordAction::View,
                yes: "Other programs are told that this person may.".to_owned(),
                no: "Other programs are told that this person may not.".to_owned(),
            })?;
        }
        self.areas.push(Area {
            key: "own".to_owned(),
            label: "Other programs".to_owned(),
            help: "Permissions of your own, answered to programs that ask `rolecall check`.".to_owned(),
            object: None,
            access: None,
            may_delete: None,
            features: own.iter().map(|permission| permission.id).collect(),
        });
        Ok(())
    }

    fn insert(&mut self, feature: Feature) -> Result<(), CatalogError> {
        if self.keys.insert(feature.key.clone(), feature.id).is_some() {
            return Err(CatalogError::Twice(feature.key));
        }
        match self.features.insert(feature.id, feature) {
            Some(previous) => Err(CatalogError::Twice(format!("number {}", previous.id.0))),
            None => Ok(()),
        }
    }

    /// The feature with this key.
    #[must_use]
    pub fn by_key(&self, key: &str) -> Option<&Feature> {
        self.keys.get(key).and_then(|id| self.features.get(id))
    }

    /// The feature with this number.
    #[must_use]
    pub fn feature(&self, id: FeatureId) -> Option<&Feature> {
        self.features.get(&id)
    }

    /// Every feature, by number.
    pub fn features(&self) -> impl Iterator<Item = &Feature> {
        self.features.values()
    }

    /// The area with this key.
    #[must_use]
    pub fn area(&self, key: &str) -> Option<&Area> {
        self.areas.iter().find(|area| area.key == key)
    }

    /// The area that holds a feature.
    #[must_use]
    pub fn area_of(&self, id: FeatureId) -> Option<&Area> {
        self.feature(id).and_then(|feature| self.areas.get(feature.area))
    }

    /// A feature's label where its area isn't shown beside it: an area's access is called after the
    /// area alone, and is "Access to Contacts".
    #[must_use]
    pub fn title(&self, feature: &Feature) -> String {
        let area = self.areas.get(feature.area).filter(|area| area.access == Some(feature.id));
        match area.filter(|area| area.label == feature.label) {
            Some(area) => format!("Access to {}", area.label),
            None => feature.label.clone(),
        }
    }

    /// The area whose scopes are an object's.
    #[must_use]
    pub fn area_of_object(&self, object: ObjectId) -> Option<&Area> {
        self.areas.iter().find(|area| area.object == Some(object))
    }

    /// What a scope's value means, for the verb `view`, `edit` or `delete` (000-28).
    #[must_use]
    pub fn scope_help(&self, verb: &str, token: &str) -> Option<&str> {
        self.scope_help.get(verb).and_then(|values| values.get(token)).map(String::as_str)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    area: Vec<FileArea>,
    scopes: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileArea {
    key: String,
    label: String,
    help: String,
    #[serde(default)]
    feature: Vec<FileFeature>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileFeature {
    id: u32,
    key: String,
    label: String,
    #[serde(default)]
    requestable: bool,
    #[serde(default)]
    ceiling: Ceiling,
    #[serde(default)]
    edits: bool,
    #[serde(default = "by_role")]
    decided_by: DecidedBy,
    yes: String,
    no: String,
}

fn by_role() -> DecidedBy {
    DecidedBy::Role
}

/// The features that the console itself asks about, by number. A test holds each against the file.
pub mod features {
    use super::FeatureId;

    /// Pairs of every constant here with its key, for the test.
    pub const ALL: &[(FeatureId, &str)] = &[
        (CONTACTS_ACCESS, "contacts.access"),
        (CONTACTS_IMPORT, "contacts.import"),
        (CONTACTS_EXPORT, "contacts.export"),
        (CONTACTS_PRIVATE, "contacts.private"),
        (CONTACTS_BULK_STATUS, "contacts.bulk_status"),
        (CONTACTS_BULK_OWNER, "contacts.bulk_owner"),
        (CONTACTS_MANAGE_FIELDS, "contacts.manage_fields"),
        (USERS_MANAGE, "users.manage"),
        (USERS_EDIT, "users.edit"),
        (ROLES_MANAGE, "roles.manage"),
        (ACCOUNT_BILLING, "account.billing"),
        (ACCOUNT_SETTINGS, "account.settings"),
        (ACCOUNT_CUSTOMIZE, "account.customize"),
        (ACCOUNT_DELETE, "account.delete"),
        (REQUESTS_ANSWER, "requests.answer"),
        (AUDIT_VIEW, "audit.view"),
        (ACTIVITY_ACCESS, "activity.access"),
        (TALK_ACCESS, "talk.access"),
    ];

    macro_rules! features {
        ($($name:ident = $number:literal),+ $(,)?) => {
            $(
                #[doc = concat!("Number ", $number, " of the catalog.")]
                pub const $name: FeatureId = FeatureId($number);
            )+
        };
    }
    features! {
        CONTACTS_ACCESS = 1, CONTACTS_IMPORT = 2, CONTACTS_EXPORT = 3, CONTACTS_PRIVATE = 6,
        CONTACTS_BULK_STATUS = 7, CONTACTS_BULK_OWNER = 8, CONTACTS_MANAGE_FIELDS = 9,
        ACTIVITY_ACCESS = 70, TALK_ACCESS = 100,
        USERS_MANAGE = 120, USERS_EDIT = 121, ROLES_MANAGE = 122, ACCOUNT_BILLING = 123,
        ACCOUNT_SETTINGS = 124, ACCOUNT_CUSTOMIZE = 125, ACCOUNT_DELETE = 126,
        REQUESTS_ANSWER = 127, AUDIT_VIEW = 128,
    }
}
