//! Version 1 of the team: the account, roles, people and objects.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{CodecError, Numbered as _, contents, from_optional, optional};
use crate::model::team::{FieldOption, NextIds, Section};
use crate::model::{
    Account, Exception, FeatureId, FeatureValue, Field, FieldId, Kind, Moment, Object, ObjectId, OptionId,
    OwnPermission, Role, RoleId, RoleType, Scope, Scopes, SectionAccess, SectionId, Status, Team, User, UserId,
};

/// The account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountV1 {
    name: String,
    time_zone: Option<String>,
    seats: Option<u32>,
    agent_seats: Option<u32>,
    permissions: Vec<(u32, String, String)>,
    next: (u32, u32, u32, u32, u32, u32),
}

impl From<&Account> for AccountV1 {
    fn from(account: &Account) -> Self {
        let own = |own: &OwnPermission| (own.id.0, own.key.clone(), own.label.clone());
        let NextIds { user, role, object, section, field, permission } = account.next;
        Self {
            name: account.name.clone(),
            time_zone: account.time_zone.clone(),
            seats: account.seats,
            agent_seats: account.agent_seats,
            permissions: account.permissions.iter().map(own).collect(),
            next: (user, role, object, section, field, permission),
        }
    }
}

impl From<AccountV1> for Account {
    fn from(account: AccountV1) -> Self {
        let own = |(id, key, label)| OwnPermission { id: FeatureId(id), key, label };
        let (user, role, object, section, field, permission) = account.next;
        Self {
            name: account.name,
            time_zone: account.time_zone,
            seats: account.seats,
            agent_seats: account.agent_seats,
            permissions: account.permissions.into_iter().map(own).collect(),
            next: NextIds { user, role, object, section, field, permission },
        }
    }
}

/// A role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoleV1 {
    id: u32,
    name: String,
    manager: Option<u32>,
    role_type: u8,
    description: String,
    icon: String,
    shipped: u8,
    order: u32,
    features: Vec<(u32, u8)>,
    scopes: Vec<(u32, u8, u8, u8)>,
    sections: Vec<(u32, u8)>,
    may_assign: Vec<u32>,
}

impl From<&Role> for RoleV1 {
    fn from(role: &Role) -> Self {
        let scope = |(object, scopes): (&ObjectId, &Scopes)| {
            (object.0, scopes.view.number(), scopes.edit.number(), scopes.delete.number())
        };
        Self {
            id: role.id.0,
            name: role.name.clone(),
            manager: role.manager.map(|role| role.0),
            role_type: role.role_type.number(),
            description: role.description.clone(),
            icon: role.icon.clone(),
            shipped: optional(role.shipped),
            order: role.order,
            features: role.features.iter().map(|(id, value)| (id.0, value.number())).collect(),
            scopes: role.scopes.iter().map(scope).collect(),
            sections: role.sections.iter().map(|(id, access)| (id.0, access.number())).collect(),
            may_assign: role.may_assign.iter().map(|role| role.0).collect(),
        }
    }
}

impl TryFrom<RoleV1> for Role {
    type Error = CodecError;

    fn try_from(role: RoleV1) -> Result<Self, CodecError> {
        let scope = |(object, view, edit, delete)| {
            let scopes = Scopes {
                view: Scope::from_number(view)?,
                edit: Scope::from_number(edit)?,
                delete: Scope::from_number(delete)?,
            };
            Ok((ObjectId(object), scopes))
        };
        let feature = |(id, value)| Ok((FeatureId(id), FeatureValue::from_number(value)?));
        let section = |(id, access)| Ok((SectionId(id), SectionAccess::from_number(access)?));
        Ok(Self {
            id: RoleId(role.id),
            name: role.name,
            manager: role.manager.map(RoleId),
            role_type: RoleType::from_number(role.role_type)?,
            description: role.description,
            icon: role.icon,
            shipped: from_optional(role.shipped)?,
            order: role.order,
            features: role.features.into_iter().map(feature).collect::<Result<_, CodecError>>()?,
            scopes: role.scopes.into_iter().map(scope).collect::<Result<_, CodecError>>()?,
            sections: role.sections.into_iter().map(section).collect::<Result<_, CodecError>>()?,
            may_assign: role.may_assign.into_iter().map(RoleId).collect(),
        })
    }
}

/// A person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserV1 {
    id: u32,
    email: String,
    name: String,
    role: u32,
    status: u8,
    manager: Option<u32>,
    exceptions: Vec<(u32, bool, Option<i64>)>,
    language: Option<String>,
    email_from_name: Option<String>,
    reply_to: Option<String>,
    account_manager: bool,
    talk_access: bool,
    created: i64,
}

impl From<&User> for UserV1 {
    fn from(user: &User) -> Self {
        let exception = |(feature, exception): (&FeatureId, &Exception)| {
            (feature.0, exception.visible, exception.until.map(|until| until.0))
        };
        Self {
            id: user.id.0,
            email: user.email.clone(),
            name: user.name.clone(),
            role: user.role.0,
            status: user.status.number(),
            manager: user.manager.map(|user| user.0),
            exceptions: user.exceptions.iter().map(exception).collect(),
            language: user.language.clone(),
            email_from_name: user.email_from_name.clone(),
            reply_to: user.reply_to.clone(),
            account_manager: user.account_manager,
            talk_access: user.talk_access,
            created: user.created.0,
        }
    }
}

impl TryFrom<UserV1> for User {
    type Error = CodecError;

    fn try_from(user: UserV1) -> Result<Self, CodecError> {
        let exception = |(feature, visible, until): (u32, bool, Option<i64>)| {
            (FeatureId(feature), Exception { visible, until: until.map(Moment) })
        };
        Ok(Self {
            id: UserId(user.id),
            email: user.email,
            name: user.name,
            role: RoleId(user.role),
            status: Status::from_number(user.status)?,
            manager: user.manager.map(UserId),
            exceptions: user.exceptions.into_iter().map(exception).collect(),
            language: user.language,
            email_from_name: user.email_from_name,
            reply_to: user.reply_to,
            account_manager: user.account_manager,
            talk_access: user.talk_access,
            created: Moment(user.created),
        })
    }
}

/// An object with its sections and fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectV1 {
    id: u32,
    key: String,
    label: String,
    singular: String,
    sections: Vec<(u32, String)>,
    fields: Vec<FieldV1>,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldV1 {
    id: u32,
    section: u32,
    name: String,
    kind: u8,
    options: Vec<(u16, String)>,
    next_option: u16,
    automatic: u8,
}

impl From<&Object> for ObjectV1 {
    fn from(object: &Object) -> Self {
        let field = |field: &Field| FieldV1 {
            id: field.id.0,
            section: field.section.0,
            name: field.name.clone(),
            kind: field.kind.number(),
            options: field.options.iter().map(|option| (option.id.0, option.label.clone())).collect(),
            next_option: field.next_option,
            automatic: optional(field.automatic),
        };
        Self {
            id: object.id.0,
            key: object.key.clone(),
            label: object.label.clone(),
            singular: object.singular.clone(),
            sections: object.sections.iter().map(|section| (section.id.0, section.name.clone())).collect(),
            fields: object.fields.iter().map(field).collect(),
        }
    }
}

impl TryFrom<ObjectV1> for Object {
    type Error = CodecError;

    fn try_from(object: ObjectV1) -> Result<Self, CodecError> {
        let field = |field: FieldV1| {
            let option = |(id, label)| FieldOption { id: OptionId(id), label };
            Ok(Field {
                id: FieldId(field.id),
                section: SectionId(field.section),
                name: field.name,
                kind: Kind::from_number(field.kind)?,
                options: field.options.into_iter().map(option).collect(),
                next_option: field.next_option,
                automatic: from_optional(field.automatic)?,
            })
        };
        Ok(Self {
            id: ObjectId(object.id),
            key: object.key,
            label: object.label,
            singular: object.singular,
            sections: object.sections.into_iter().map(|(id, name)| Section { id: SectionId(id), name }).collect(),
            fields: object.fields.into_iter().map(field).collect::<Result<_, CodecError>>()?,
        })
    }
}

/// The team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TeamV1 {
    account: AccountV1,
    roles: Vec<RoleV1>,
    users: Vec<UserV1>,
    objects: Vec<ObjectV1>,
}

impl From<&Team> for TeamV1 {
    fn from(team: &Team) -> Self {
        Self {
            account: (&team.account).into(),
            roles: team.roles.values().map(|role| (&**role).into()).collect(),
            users: team.users.values().map(|user| (&**user).into()).collect(),
            objects: team.objects.values().map(|object| (&**object).into()).collect(),
        }
    }
}

impl TryFrom<TeamV1> for Team {
    type Error = CodecError;

    fn try_from(stored: TeamV1) -> Result<Self, CodecError> {
        let mut team = Self::new(stored.account.into()).map_err(contents)?;
        for role in stored.roles {
            team.roles.insert(RoleId(role.id), Arc::new(role.try_into()?));
        }
        for user in stored.users {
            team.users.insert(UserId(user.id), Arc::new(user.try_into()?));
        }
        for object in stored.objects {
            team.objects.insert(ObjectId(object.id), Arc::new(object.try_into()?));
        }
        Ok(team)
    }
}
