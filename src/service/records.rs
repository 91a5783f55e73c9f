//! Records as they may be seen: lists with the exact number, and one record section by section.
//! What may not be viewed is absent (R11), and has no effect on anything else (R32).

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::authz::{Columns, RecordFacts, Subject, Visible};
use crate::exchange::value;
use crate::model::{
    FeatureValue, Field, FieldId, Object, ObjectId, RecordAction, RecordId, Scope, SectionId, Team, UserId, Value,
};
use crate::store::{Cursor, Filter, ListQuery, QueryError, Row, SortBy, View};

pub use crate::store::Recall;

use super::error::ServiceError;
use super::record_name::{Naming, name_of};
use super::session::Session;

/// Which records, in which order. Fields go by their shown name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordQuery {
    /// The object's key, such as `contacts`.
    pub object: String,
    /// Text that some viewable field shows.
    pub search: Option<String>,
    /// Fields, `owner`, `external_id` or `id`, with the value that each must have.
    pub filters: Vec<(String, String)>,
    /// The same with several values, or turned round.
    pub among: Vec<Among>,
    /// A field, `owner`, `external_id` or `id`; by ID if unset.
    pub sort: Option<String>,
    /// Highest first.
    pub descending: bool,
    /// The most rows.
    pub limit: usize,
    /// A cursor of an earlier page.
    pub after: Option<String>,
    /// The first row's position, counted from 0.
    pub position: Option<u64>,
    /// Only these fields; all that may be viewed, if unset.
    pub fields: Option<Vec<String>>,
}

/// One narrowing of a list: something is one of some values, or none of them. An empty value asks
/// for what is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Among {
    /// A field by its shown name, `owner`, `external_id` or `id`.
    pub field: String,
    /// The values, as typed.
    pub values: Vec<String>,
    /// None of them.
    pub not: bool,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordsPage {
    /// How many records the whole list has, exactly.
    pub total: u64,
    /// Some of them, in order.
    pub rows: Vec<RecordRow>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
    /// The fields that may be viewed, in order.
    pub fields: Vec<FieldView>,
    /// The generation that the page is of.
    pub generation: u64,
}

/// A field that may be viewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldView {
    /// The field.
    pub field: Field,
    /// Its section.
    pub section: String,
    /// May its values be changed, on records that may be?
    pub writable: bool,
    /// Is it what records are called by?
    pub naming: Naming,
}

impl FieldView {
    /// The text that a value is shown as.
    #[must_use]
    pub fn shown(&self, value: &Value) -> String {
        value::shown(&self.field, value)
    }

    /// Can this be a value of the field, to look for?
    ///
    /// # Errors
    /// Why not.
    pub fn accepts(&self, typed: &str) -> Result<(), String> {
        value::filter(&self.field, typed).map(|_| ()).map_err(|error| error.to_string())
    }
}

/// One record of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordRow {
    /// Its identity.
    pub id: RecordId,
    /// Its name in another system.
    pub external_id: Option<String>,
    /// The owner's email.
    pub owner: String,
    /// The owner's name.
    pub owner_name: String,
    /// The emails of the people it is assigned to.
    pub assigned: Vec<String>,
    /// Is it sealed?
    pub private: bool,
    /// May it be changed?
    pub may_edit: bool,
    /// May it be deleted?
    pub may_delete: bool,
    /// The viewable fields that aren't empty.
    pub values: Vec<(FieldId, Value)>,
}

impl RecordRow {
    /// The value of a field, if it may be viewed and isn't empty.
    #[must_use]
    pub fn value(&self, field: FieldId) -> Option<&Value> {
        self.values.iter().find(|(id, _)| *id == field).map(|(_, value)| value)
    }

    /// What it is called: the first field's text; a person's name goes on with the second. Where those
    /// are empty or may not be viewed, its address, or else its ID.
    #[must_use]
    pub fn title(&self, fields: &[FieldView]) -> String {
        let fields = fields.iter().map(|view| (view.naming, &view.field));
        name_of(fields, |field| self.value(field.id).map(|value| value::shown(field, value)))
            .unwrap_or_else(|| self.id.to_string())
    }
}

/// One record, section by section.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordDetail {
    /// What it is called.
    pub title: String,
    /// The record.
    pub row: RecordRow,
    /// The sections that may be viewed, in order.
    pub sections: Vec<SectionView>,
    /// The names of the people it is assigned to, in the order of the row's emails.
    pub assigned: Vec<String>,
}

/// One section of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct SectionView {
    /// Its name.
    pub name: String,
    /// May its values be changed, on this record?
    pub writable: bool,
    /// Each field with its shown text; empty ones too.
    pub fields: Vec<(String, String)>,
}

/// An object whose list may be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectView {
    /// Its key.
    pub key: String,
    /// The name of many.
    pub label: String,
    /// The name of one.
    pub singular: String,
    /// The fields that may be viewed, in order.
    pub fields: Vec<FieldView>,
    /// May records be made?
    pub may_create: bool,
    /// May any record be changed?
    pub may_edit: bool,
    /// May the list be taken out as a file?
    pub export: Permission,
    /// May records be deleted?
    pub delete: Permission,
    /// May one's own be sealed (R14)? Only contacts can be.
    pub private: Permission,
    /// May several change their status at once (002-27)?
    pub bulk_status: Permission,
    /// May several be given away at once (002-28)?
    pub bulk_owner: Permission,
}

/// What somebody has of a permission, and what it is called: whoever may ask for it must be able to
/// say for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// What they have of it.
    pub value: FeatureValue,
    /// Its label in the catalog; empty where nothing is asked for.
    pub label: String,
}

/// An object, with everything that authz says of it, at one generation.
pub(super) struct Opened {
    pub(super) view: View,
    pub(super) object: Arc<Object>,
    pub(super) visible: Visible,
    pub(super) columns: Columns,
}

impl Session {
    /// The objects that may be seen (R11).
    #[must_use]
    pub fn objects(&self) -> Vec<ObjectView> {
        let view = self.view();
        let keys = view.team().objects.values().map(|object| object.key.clone());
        keys.filter_map(|key| self.open(&key).ok()).map(|opened| self.object_view(&opened)).collect()
    }

    fn object_view(&self, opened: &Opened) -> ObjectView {
        let Opened { view, object, .. } = opened;
        let rights = view.snapshot().rights(self.subject(), object.id);
        let feature = |name: &str| {
            let feature = view.team().catalog.by_key(&format!("{}.{name}", object.key));
            Permission {
                value: feature.map_or(FeatureValue::No, |feature| view.snapshot().feature(self.subject(), feature.id)),
                label: feature.map(|feature| view.team().catalog.title(feature)).unwrap_or_default(),
            }
        };
        ObjectView {
            key: object.key.clone(),
            label: object.label.clone(),
            singular: object.singular.clone(),
            fields: self.field_views(opened),
            may_create: rights.edit != Scope::None,
            may_edit: rights.edit != Scope::None,
            export: feature("export"),
            delete: match feature("may_delete") {
                // Deleting needs both, and what no scope reaches isn't there.
                Permission { value: FeatureValue::Yes, label } if rights.delete == Scope::None => {
                    Permission { value: FeatureValue::No, label }
                }
                permission => permission,
            },
            private: feature("private"),
            bulk_status: feature("bulk_status"),
            // What needs no permission of its own is allowed with the edit itself.
            bulk_owner: match object.id {
                ObjectId::CONTACTS => feature("bulk_owner"),
                _ => Permission { value: FeatureValue::Yes, label: String::new() },
            },
        }
    }

    pub(super) fn field_views(&self, opened: &Opened) -> Vec<FieldView> {
        let Opened { view, object, columns, .. } = opened;
        let writable = view.snapshot().writable(self.subject(), object.id);
        let fields = object.fields.iter().filter(|field| columns.contains(field.id));
        fields
            .map(|field| FieldView {
                section: section_name(object, field.section),
                writable: writable.contains(&field.id),
                naming: Naming::of(object, field),
                field: field.clone(),
            })
            .collect()
    }

    pub(super) fn open(&self, key: &str) -> Result<Opened, ServiceError> {
        self.open_at(self.view(), key)
    }

    pub(super) fn open_at(&self, view: View, key: &str) -> Result<Opened, ServiceError> {
        if view.team().users.is_empty() {
            return Err(ServiceError::NoAccount);
        }
        let Some(object) = view.team().object_by_key(key).cloned() else {
            let known: Vec<&str> = view.team().objects.values().map(|object| object.key.as_str()).collect();
            return Err(ServiceError::Invalid(format!("there is no list “{key}”; there are {}", known.join(", "))));
        };
        let (visible, columns) =
            (view.snapshot().visible(self.subject(), object.id), view.snapshot().columns(self.subject(), object.id));
        match (visible, columns) {
            (Some(visible), Some(columns)) => Ok(Opened { view, object, visible, columns }),
            _ => Err(ServiceError::Denied(format!("you can't open {}", object.label))),
        }
    }

    /// A part of a list.
    ///
    /// # Errors
    /// Where the object is switched off, a field isn't there or may not be viewed, a value isn't of
    /// the field's kind, or the cursor is another list's.
    pub fn records(&self, query: &RecordQuery) -> Result<RecordsPage, ServiceError> {
        self.records_until(query, &Recall::default(), &AtomicBool::new(false))
    }

    /// The same, given up as soon as `cancelled` turns true. Whoever looks at one list for a while
    /// keeps a [`Recall`] for it: what follows from what it found before is answered from that.
    ///
    /// # Errors
    /// As [`Session::records`], and [`ServiceError::Cancelled`].
    pub fn records_until(
        &self,
        query: &RecordQuery,
        recall: &Recall,
        cancelled: &AtomicBool,
    ) -> Result<RecordsPage, ServiceError> {
        self.page_of(&self.open(&query.object)?, query, recall, cancelled)
    }

    pub(super) fn page_of(
        &self,
        opened: &Opened,
        query: &RecordQuery,
        recall: &Recall,
        cancelled: &AtomicBool,
    ) -> Result<RecordsPage, ServiceError> {
        if !self.loaded() {
            return Err(ServiceError::Loading);
        }
        let asked = list_query(opened, query)?;
        let page = opened.view.page_recalling(&opened.visible, &opened.columns, &asked, recall, cancelled);
        let page = page.map_err(query_error)?;
        Ok(RecordsPage {
            total: page.total,
            rows: page.rows.into_iter().map(|row| self.record_row(opened, row)).collect(),
            next: page.next.map(|cursor| cursor.to_string()),
            fields: self.field_views(opened),
            generation: opened.view.generation(),
        })
    }

    /// At which place of a list a record stands, counted from 0; nothing where it isn't in the list.
    ///
    /// # Errors
    /// As [`Session::records_until`].
    pub fn place_of(
        &self,
        query: &RecordQuery,
        id: RecordId,
        recall: &Recall,
        cancelled: &AtomicBool,
    ) -> Result<Option<u64>, ServiceError> {
        const AT_ONCE: usize = 5000;
        let opened = self.open(&query.object)?;
        if self.seen_of(&opened, &[id]).is_empty() {
            return Ok(None);
        }
        let mut part =
            RecordQuery { limit: AT_ONCE, after: None, position: None, fields: Some(Vec::new()), ..query.clone() };
        let mut before = 0;
        loop {
            let page = self.page_of(&opened, &part, recall, cancelled)?;
            if let Some(place) = page.rows.iter().position(|row| row.id == id) {
                return Ok(Some(before + place as u64));
            }
            before += page.rows.len() as u64;
            part.after = page.next;
            if part.after.is_none() {
                return Ok(None);
            }
        }
    }

    /// Those of some records that can still be seen.
    ///
    /// # Errors
    /// Where the object is switched off.
    pub fn still_seen(&self, object: &str, ids: &[RecordId]) -> Result<Vec<RecordId>, ServiceError> {
        Ok(self.seen_of(&self.open(object)?, ids))
    }

    /// Those of some records that a list holds.
    ///
    /// # Errors
    /// As [`Session::records_until`].
    pub fn still_listed(
        &self,
        query: &RecordQuery,
        ids: &[RecordId],
        cancelled: &AtomicBool,
    ) -> Result<Vec<RecordId>, ServiceError> {
        if !self.loaded() {
            return Err(ServiceError::Loading);
        }
        let opened = self.open(&query.object)?;
        let part = RecordQuery { limit: 0, after: None, position: None, fields: Some(Vec::new()), ..query.clone() };
        let asked = list_query(&opened, &part)?;
        let mut listed = Vec::new();
        for id in ids {
            // Asked for by its ID, each is looked up and only counted: the list isn't walked.
            let mut asked = asked.clone();
            asked.filters.push(Filter::is(SortBy::Id, id.to_string()));
            let page =
                opened.view.page_recalling(&opened.visible, &opened.columns, &asked, &Recall::default(), cancelled);
            listed.extend((page.map_err(query_error)?.total > 0).then_some(*id));
        }
        Ok(listed)
    }

    pub(super) fn seen_of(&self, opened: &Opened, ids: &[RecordId]) -> Vec<RecordId> {
        let (view, object) = (&opened.view, opened.object.id);
        let sees = |id: &&RecordId| view.snapshot().permit_view(self.subject(), object, **id, view).is_some();
        ids.iter().filter(sees).copied().collect()
    }

    pub(super) fn record_row(&self, opened: &Opened, row: Row) -> RecordRow {
        let team = opened.view.team();
        let Row { id, external_id, owner, assigned, private, values } = row;
        let emails = assigned.iter().map(|user| email(team, *user)).collect();
        let facts = RecordFacts { owner, private, assigned };
        let may = |action| match self.subject() {
            Subject::User(me) => opened.view.snapshot().may(me, action, opened.object.id, &facts),
            Subject::Operator => true,
        };
        RecordRow {
            id,
            external_id: external_id.map(String::from),
            owner: email(team, owner),
            owner_name: team.users.get(&owner).map(|user| user.name.clone()).unwrap_or_default(),
            assigned: emails,
            may_edit: may(RecordAction::Edit),
            may_delete: may(RecordAction::Delete),
            private,
            values,
        }
    }

    /// The record that a text names: an ID, or `ext:VALUE`.
    ///
    /// # Errors
    /// Where there is none, or none that may be seen: the two are the same (R32).
    pub fn record(&self, object: &str, name: &str) -> Result<RecordDetail, ServiceError> {
        let opened = self.open(object)?;
        let Opened { view, object, columns, .. } = &opened;
        let (snapshot, who) = (view.snapshot(), self.subject());
        let permit = match name.strip_prefix("ext:") {
            Some(external) => snapshot.find_external(who, object.id, external, view),
            None => name.parse().ok().and_then(|id| snapshot.permit_view(who, object.id, id, view)),
        };
        let Some(permit) = permit else {
            return Err(if view.is_loaded() { no_such_record() } else { ServiceError::Loading });
        };
        let Some(row) = view.read(&permit, columns) else { return Err(no_such_record()) };
        let row = self.record_row(&opened, row);
        let fields = self.field_views(&opened);
        let named =
            |email: &String| view.team().user_by_email(email).map_or_else(|| email.clone(), |user| user.name.clone());
        Ok(RecordDetail {
            title: row.title(&fields),
            assigned: row.assigned.iter().map(named).collect(),
            sections: sections(object, &fields, &row),
            row,
        })
    }
}

pub(super) fn no_such_record() -> ServiceError {
    ServiceError::NotFound("no such record".to_owned())
}

fn section_name(object: &Object, id: SectionId) -> String {
    object.sections.iter().find(|section| section.id == id).map(|section| section.name.clone()).unwrap_or_default()
}

fn sections(object: &Object, fields: &[FieldView], row: &RecordRow) -> Vec<SectionView> {
    let mut sections = Vec::new();
    for section in &object.sections {
        let mine: Vec<&FieldView> = fields.iter().filter(|view| view.field.section == section.id).collect();
        if mine.is_empty() {
            continue;
        }
        sections.push(SectionView {
            name: section.name.clone(),
            writable: row.may_edit && mine.iter().any(|view| view.writable),
            fields: mine
                .iter()
                .map(|view| {
                    let shown = row.value(view.field.id).map(|value| view.shown(value)).unwrap_or_default();
                    (view.field.name.clone(), shown)
                })
                .collect(),
        });
    }
    sections
}

pub(super) fn list_query(opened: &Opened, query: &RecordQuery) -> Result<ListQuery, ServiceError> {
    let by = |name: &str| sort_by(opened, name);
    let filters = query.filters.iter().map(|(name, value)| Ok(Filter::is(by(name)?, value.clone())));
    let among = query
        .among
        .iter()
        .map(|among| Ok(Filter { by: by(&among.field)?, values: among.values.clone(), not: among.not }));
    let cursor = query.after.as_deref().map(str::parse::<Cursor>).transpose().map_err(query_error)?;
    let fields = query.fields.as_ref().map(|names| {
        names.iter().map(|name| match by(name)? {
            SortBy::Field(id) => Ok(id),
            _ => Err(query_error(QueryError::NoSuchField)),
        })
    });
    Ok(ListQuery {
        search: query.search.clone().filter(|text| !text.trim().is_empty()),
        filters: filters.chain(among).collect::<Result<_, ServiceError>>()?,
        sort: query.sort.as_deref().map(by).transpose()?.unwrap_or(SortBy::Id),
        descending: query.descending,
        limit: query.limit,
        after: cursor,
        position: query.position,
        fields: fields.map(Iterator::collect::<Result<_, ServiceError>>).transpose()?,
    })
}

/// A field that may not be viewed answers exactly as one that doesn't exist.
fn sort_by(opened: &Opened, name: &str) -> Result<SortBy, ServiceError> {
    let viewable = opened.object.field_named(name).filter(|field| opened.columns.contains(field.id));
    match (viewable, name.trim().to_ascii_lowercase().as_str()) {
        (Some(field), _) => Ok(SortBy::Field(field.id)),
        (None, "id") => Ok(SortBy::Id),
        (None, "owner") => Ok(SortBy::Owner),
        (None, "external_id") => Ok(SortBy::ExternalId),
        (None, _) => Err(ServiceError::Invalid(format!("{} have no field “{name}”", opened.object.label))),
    }
}

pub(super) fn query_error(error: QueryError) -> ServiceError {
    match error {
        QueryError::Cancelled => ServiceError::Cancelled,
        QueryError::Loading => ServiceError::Loading,
        other => ServiceError::Invalid(other.to_string()),
    }
}

fn email(team: &Team, user: UserId) -> String {
    team.users.get(&user).map(|user| user.email.clone()).unwrap_or_default()
}
