//! The Field Editor's view of the objects (001-20, 004-22): sections with their fields, who may do
//! what with a section (001-21), and how many records hold something of a field. A section that the
//! viewer may not view is absent, and its fields with it (R11).

use std::sync::atomic::AtomicBool;

use crate::model::catalog::features;
use crate::model::{Kind, SectionAccess, SectionId};
use crate::store::View;

use super::error::ServiceError;
use super::records::{Recall, RecordQuery};
use super::session::Session;

/// An object's sections and fields, with what the viewer may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldEditor {
    /// The object's key.
    pub key: String,
    /// The name of many.
    pub label: String,
    /// In order.
    pub sections: Vec<SectionEntry>,
    /// Fields that are there may be edited: "Manage Fields" (004-22).
    pub may_manage: bool,
    /// Fields and sections may be made, moved and deleted: "Manage Account Settings".
    pub may_settings: bool,
    /// Who may view and edit a section may be set: "Manage roles and permissions" (001-20).
    pub may_permit: bool,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionEntry {
    /// Its name.
    pub name: String,
    /// In order.
    pub fields: Vec<FieldEntry>,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldEntry {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// A dropdown's options, in order.
    pub options: Vec<String>,
    /// It fills itself.
    pub automatic: bool,
    /// Its text names the records of the object.
    pub names_records: bool,
    /// The options may be edited: of Status and Lead Source by whoever customizes the account, of
    /// all others by whoever manages fields (004-22).
    pub may_edit_options: bool,
}

/// What a role may do with a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionRole {
    /// The role's name.
    pub role: String,
    /// Absent, view, or view and edit.
    pub access: SectionAccess,
    /// It can't be changed (R6).
    pub locked: bool,
    /// It is the viewer's own role, which nobody changes (R31).
    pub mine: bool,
    /// The area is switched off for the role, so that the section is absent whatever it says here.
    pub area_off: bool,
}

/// How many of the records that the viewer may view hold something of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldUse {
    /// Records with any value.
    pub holding: u64,
    /// Records with each of a dropdown's options.
    pub options: Vec<(String, u64)>,
}

impl Session {
    /// An object's sections and fields.
    ///
    /// # Errors
    /// Where the object isn't there or may not be opened.
    pub fn field_editor(&self, object: &str) -> Result<FieldEditor, ServiceError> {
        let view = self.view();
        let opened = self.open_at(view.clone(), object)?;
        let object = &opened.object;
        let manage = view.team().catalog.by_key(&format!("{}.manage_fields", object.key)).map(|feature| feature.id);
        let may_manage = manage.is_some_and(|feature| self.holds(&view, feature));
        let may_customize = self.holds(&view, features::ACCOUNT_CUSTOMIZE);
        let first = object.fields.first().map(|field| field.id);
        let section = |id: SectionId| {
            let fields = object.fields.iter().filter(|field| field.section == id);
            fields
                .map(|field| FieldEntry {
                    name: field.name.clone(),
                    kind: field.kind,
                    options: field.options.iter().map(|option| option.label.clone()).collect(),
                    automatic: field.automatic.is_some(),
                    names_records: Some(field.id) == first,
                    may_edit_options: field.kind == Kind::Dropdown
                        && if field.id.is_customization() { may_customize } else { may_manage },
                })
                .collect()
        };
        let seen = object.sections.iter().filter(|section| self.may_see(&view, section.id));
        Ok(FieldEditor {
            key: object.key.clone(),
            label: object.label.clone(),
            sections: seen.map(|s| SectionEntry { name: s.name.clone(), fields: section(s.id) }).collect(),
            may_manage,
            may_settings: self.holds(&view, features::ACCOUNT_SETTINGS),
            may_permit: self.holds(&view, features::ROLES_MANAGE),
        })
    }

    /// Role by role, what each may do with a section (001-21).
    ///
    /// # Errors
    /// Where the viewer doesn't manage roles, or there is no such section that they may view.
    pub fn section_roles(&self, object: &str, section: &str) -> Result<Vec<SectionRole>, ServiceError> {
        let view = self.view();
        let team = view.team();
        if !self.holds(&view, features::ROLES_MANAGE) {
            return Err(ServiceError::Denied("you can't set who may view and edit a section".to_owned()));
        }
        let opened = self.open_at(view.clone(), object)?;
        let found = opened.object.section_named(section).filter(|section| self.may_see(&view, section.id));
        let Some(section) = found else {
            return Err(ServiceError::NotFound(format!("{} have no section “{section}”", opened.object.label)));
        };
        let access = team.catalog.area_of_object(opened.object.id).and_then(|area| area.access);
        let mine = self.role_held(&view);
        let mut roles: Vec<_> = team.roles.values().collect();
        roles.sort_by_key(|role| (role.shipped.is_none(), role.order, role.id));
        Ok(roles
            .into_iter()
            .map(|role| SectionRole {
                role: role.name.clone(),
                access: role.section(section.id),
                locked: role.is_locked(),
                mine: mine == Some(role.id),
                area_off: access.is_some_and(|access| role.feature(access) == crate::model::FeatureValue::No),
            })
            .collect())
    }

    /// How many records hold something of a field, of those that the viewer may view.
    ///
    /// # Errors
    /// Where there is no such field that may be viewed, or the records are still being loaded.
    pub fn field_use(&self, object: &str, field: &str, cancelled: &AtomicBool) -> Result<FieldUse, ServiceError> {
        let opened = self.open_at(self.view(), object)?;
        let options = super::write_record::viewable(&opened, field)?.options.clone();
        let count = |value: Option<&str>| {
            let filters = value.map(|value| (field.to_owned(), value.to_owned())).into_iter().collect();
            let query = RecordQuery { object: object.to_owned(), filters, ..RecordQuery::default() };
            self.page_of(&opened, &query, &Recall::default(), cancelled).map(|page| page.total)
        };
        let holding = count(None)?.saturating_sub(count(Some(""))?);
        let counted = options.into_iter().map(|option| Ok((option.label.clone(), count(Some(&option.label))?)));
        Ok(FieldUse { holding, options: counted.collect::<Result<_, ServiceError>>()? })
    }

    /// May the viewer view the fields of this section?
    pub(super) fn may_see(&self, view: &View, section: SectionId) -> bool {
        view.team().objects.values().any(|object| view.snapshot().may_view_section(self.subject(), object.id, section))
    }

    fn role_held(&self, view: &View) -> Option<crate::model::RoleId> {
        match self.subject() {
            crate::authz::Subject::User(me) => view.team().role_of(me).map(|role| role.id),
            crate::authz::Subject::Operator => None,
        }
    }
}
