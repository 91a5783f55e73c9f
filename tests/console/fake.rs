//! A team on hand-made data, behind the same door as the real one.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rolecall::model::*;
use rolecall::service::demo;
use rolecall::tui::desk::*;

pub struct Fake {
    pub team: Team,
    pub records: Vec<Record>,
}

#[derive(Clone)]
pub struct Me_ {
    fake: Arc<Fake>,
    id: UserId,
}

pub fn clinic(contacts: u64) -> Arc<Fake> {
    let now = Moment(1_800_000_000_000);
    let account = Account {
        name: "Paws Clinic".into(),
        time_zone: None,
        seats: None,
        agent_seats: None,
        permissions: vec![],
        next: NextIds { user: 0, role: 0, object: 0, section: 0, field: 0, permission: 1000 },
    };
    let mut team = Team::new(account).unwrap();
    for change in shipped::new_team("Paws Clinic", "Olivia Hart", "olivia@paws.example", now).unwrap() {
        team.apply(&change).unwrap();
    }
    let roles: Vec<RoleId> = team.roles.keys().copied().collect();
    let names = ["Kim Ortega", "Sam Smith", "Zoë Lindqvist", "山田 花子", "Rahul Mehta", "Grace Oyelaran-Featherstonehaugh", "Ben Carter", "Freya Nord", "ev\u{202E}il"];
    let owner = team.users.values().next().unwrap().clone();
    for (n, name) in names.iter().enumerate() {
        let id = UserId(owner.id.0 + 1 + n as u32);
        let user = User {
            id,
            email: format!("{}@paws.example", name.split(' ').next().unwrap().to_lowercase()),
            name: (*name).into(),
            role: roles[(n % (roles.len() - 1)) + 1],
            status: [Status::Active, Status::Active, Status::Invited, Status::Active, Status::Revoked][n % 5],
            manager: (n % 3 == 0).then_some(owner.id),
            account_manager: n == 6,
            ..(*owner).clone()
        };
        team.users.insert(id, Arc::new(user));
    }
    let records = demo::records(&team, demo::Amounts::of(contacts), Day(20_500)).map(Iterator::collect).unwrap_or_default();
    Arc::new(Fake { team, records })
}

pub fn engine(fake: &Arc<Fake>) -> Engine {
    Arc::new(Door_(Arc::clone(fake)))
}

struct Door_(Arc<Fake>);

impl Door_ {
    fn session(&self, email: &str) -> Option<Session> {
        let user = self.0.team.user_by_email(email)?;
        Some(Arc::new(Me_ { fake: Arc::clone(&self.0), id: user.id }))
    }
}

impl Door for Door_ {
    fn has_account(&self) -> bool {
        !self.0.team.users.is_empty()
    }
    fn account_name(&self) -> String {
        self.0.team.account.name.clone()
    }
    fn create_account(&self, _new: &NewAccount) -> Result<Option<Password>, ServiceError> {
        Err(ServiceError::Invalid("not here".into()))
    }
    fn sign_in(&self, email: &str, password: &Password, _: Option<&str>) -> Result<SignedIn, SignInError> {
        match (password.reveal(), self.session(email)) {
            ("right", Some(session)) => Ok(SignedIn { session, must_change_password: false }),
            ("temporary", Some(session)) => Ok(SignedIn { session, must_change_password: true }),
            ("slow", _) => Err(SignInError::Wait { seconds: 4 }),
            _ => Err(SignInError::Wrong),
        }
    }
    fn personas(&self) -> Vec<Persona> {
        let team = &self.0.team;
        let active = team.users.values().filter(|user| user.status == Status::Active);
        active.map(|u| Persona { email: u.email.clone(), name: u.name.clone(), role: team.roles[&u.role].name.clone() }).collect()
    }
    fn become_persona(&self, email: &str) -> Result<Session, ServiceError> {
        self.session(email).ok_or_else(|| ServiceError::NotFound("there is no such user".into()))
    }
    fn subscribe(&self, _tell: Box<dyn FnMut(u64) -> bool + Send>) {}
    fn loading(&self) -> Option<Loading> {
        None
    }
}

impl Me_ {
    fn user(&self) -> &User {
        &self.fake.team.users[&self.id]
    }
    fn role(&self, user: &User) -> &Role {
        &self.fake.team.roles[&user.role]
    }
    fn row(&self, user: &User) -> UserRow {
        let manager = user.manager.and_then(|id| self.fake.team.users.get(&id));
        UserRow {
            email: user.email.clone(),
            name: user.name.clone(),
            role: self.role(user).name.clone(),
            role_type: self.role(user).role_type,
            status: user.status,
            manager: manager.map(|m| m.name.clone()),
            manager_email: manager.map(|m| m.email.clone()),
            last_seen: (user.id.0 % 2 == 0).then_some(Moment(1_799_990_000_000)),
            account_manager: user.account_manager,
            is_me: user.id == self.id,
        }
    }
    fn role_row(&self, role: &Role) -> RoleRow {
        let members = self.fake.team.users.values().filter(|u| u.role == role.id && u.status == Status::Active);
        RoleRow {
            name: role.name.clone(),
            role_type: role.role_type,
            manager: role.manager.map(|id| self.fake.team.roles[&id].name.clone()),
            description: role.description.clone(),
            icon: role.icon.clone(),
            locked: role.is_locked(),
            shipped: role.shipped.is_some(),
            members: members
                .map(|u| Member { name: u.name.clone(), email: u.email.clone(), initials: u.name.chars().take(2).collect() })
                .collect(),
        }
    }
    fn record_row(&self, record: &Record) -> RecordRow {
        let owner = &self.fake.team.users[&record.owner];
        RecordRow {
            id: record.id,
            external_id: record.external_id.as_deref().map(Into::into),
            owner: owner.email.clone(),
            owner_name: owner.name.clone(),
            assigned: vec![],
            private: record.private,
            values: record.values.clone(),
        }
    }
    fn object(&self, key: &str) -> Result<&Arc<Object>, ServiceError> {
        self.fake.team.object_by_key(key).ok_or_else(|| ServiceError::Invalid("no such list".into()))
    }
    fn fields(&self, object: &Object) -> Vec<FieldView> {
        let section = |id: SectionId| object.sections.iter().find(|s| s.id == id).unwrap().name.clone();
        object.fields.iter().map(|f| FieldView { field: f.clone(), section: section(f.section), writable: true }).collect()
    }
}

impl Desk for Me_ {
    fn is_live(&self) -> bool {
        true
    }
    fn me(&self) -> Me {
        let user = self.user();
        Me {
            account: self.fake.team.account.name.clone(),
            email: user.email.clone(),
            name: user.name.clone(),
            role: self.role(user).name.clone(),
            role_type: self.role(user).role_type,
        }
    }
    fn feature(&self, _key: &str) -> FeatureValue {
        if self.role(self.user()).is_locked() { FeatureValue::Yes } else { FeatureValue::No }
    }
    fn home(&self) -> Result<Home, ServiceError> {
        let areas = self.fake.team.catalog.areas.iter().take(6).map(|area| AreaSummary {
            area: area.label.clone(),
            sentences: vec![format!("see all {}", area.label.to_lowercase())],
            features: area.features.iter().filter_map(|id| self.fake.team.catalog.feature(*id)).map(|f| f.label.clone()).collect(),
            on_request: vec!["Save to Google Contacts".into()],
        });
        let owned = self.fake.team.objects.values().map(|object| OwnedCount {
            object: object.key.clone(),
            label: object.label.clone(),
            owned: Some(self.fake.records.iter().filter(|r| r.object == object.id && r.owner == self.id).count() as u64),
            visible: Some(self.fake.records.iter().filter(|r| r.object == object.id).count() as u64),
        });
        Ok(Home { me: self.me(), manager: None, areas: areas.collect(), owned: owned.collect() })
    }
    fn users(&self, query: &UserQuery) -> Result<Vec<UserRow>, ServiceError> {
        let text = query.text.to_lowercase();
        let all = self.fake.team.users.values().map(|user| self.row(user));
        Ok(all
            .filter(|row| row.name.to_lowercase().contains(&text) || row.email.contains(&text))
            .filter(|row| query.roles.is_empty() || query.roles.contains(&row.role))
            .collect())
    }
    fn user_detail(&self, email: &str) -> Result<UserDetail, ServiceError> {
        let user = self.fake.team.user_by_email(email).ok_or_else(|| ServiceError::NotFound("nobody".into()))?;
        Ok(UserDetail {
            row: self.row(user),
            language: None,
            email_from_name: None,
            reply_to: None,
            exceptions: Some(vec![]),
            addresses: None,
            reports: vec!["Sam Smith".into()],
        })
    }
    fn roles(&self) -> Result<Vec<RoleRow>, ServiceError> {
        Ok(self.fake.team.roles.values().map(|role| self.role_row(role)).collect())
    }
    fn role_detail(&self, name: &str) -> Result<RoleDetail, ServiceError> {
        let role = self.fake.team.role_named(name).ok_or_else(|| ServiceError::NotFound("no role".into()))?;
        let areas = self.fake.team.catalog.areas.iter().map(|area| RoleArea {
            key: area.key.clone(),
            label: area.label.clone(),
            scopes: area.object.map(|o| role.scopes(o)),
            features: area
                .features
                .iter()
                .filter_map(|id| self.fake.team.catalog.feature(*id))
                .map(|f| RoleFeature {
                    key: f.key.clone(),
                    label: f.label.clone(),
                    value: role.feature(f.id),
                    ceiling: !f.ceiling.admits(role.role_type),
                    help: String::new(),
                })
                .collect(),
            sections: vec![],
        });
        Ok(RoleDetail { row: self.role_row(role), areas: areas.collect() })
    }
    fn objects(&self) -> Vec<ObjectView> {
        let all = self.fake.team.objects.values();
        all.map(|object| ObjectView {
            key: object.key.clone(),
            label: object.label.clone(),
            singular: object.singular.clone(),
            fields: self.fields(object),
            may_create: true,
            may_export: true,
        })
        .collect()
    }
    fn records_until(&self, query: &RecordQuery, _: &AtomicBool) -> Result<RecordsPage, ServiceError> {
        let object = self.object(&query.object)?;
        let fields = self.fields(object);
        let text = |record: &Record, name: &str| match name {
            "owner" => self.fake.team.users[&record.owner].email.clone(),
            _ => {
                let view = fields.iter().find(|f| f.field.name == name).unwrap();
                record.value(view.field.id).map(|v| view.shown(v)).unwrap_or_default()
            }
        };
        let search = query.search.clone().unwrap_or_default().to_lowercase();
        let mut rows: Vec<&Record> = self
            .fake
            .records
            .iter()
            .filter(|r| r.object == object.id)
            .filter(|r| search.is_empty() || fields.iter().any(|f| text(r, &f.field.name).to_lowercase().contains(&search)))
            .filter(|r| query.filters.iter().all(|(name, value)| text(r, name).eq_ignore_ascii_case(value)))
            .collect();
        if let Some(sort) = &query.sort {
            rows.sort_by_cached_key(|r| (text(r, sort), r.id));
        }
        if query.descending {
            rows.reverse();
        }
        let from = query.position.unwrap_or(0) as usize;
        Ok(RecordsPage {
            total: rows.len() as u64,
            rows: rows.into_iter().skip(from).take(query.limit).map(|r| self.record_row(r)).collect(),
            next: None,
            fields,
            generation: 1,
        })
    }
    fn record(&self, object: &str, name: &str) -> Result<RecordDetail, ServiceError> {
        let object = self.object(object)?;
        let record = self.fake.records.iter().find(|r| r.id.to_string() == name && r.object == object.id);
        let record = record.ok_or_else(|| ServiceError::NotFound("no such record".into()))?;
        let fields = self.fields(object);
        let mut sections = Vec::new();
        for section in &object.sections {
            let mine = fields.iter().filter(|f| f.field.section == section.id);
            let fields = mine.map(|f| (f.field.name.clone(), record.value(f.field.id).map(|v| f.shown(v)).unwrap_or_default()));
            sections.push(SectionView { name: section.name.clone(), writable: true, fields: fields.collect() });
        }
        let title = sections[0].fields[0].1.clone();
        Ok(RecordDetail { title, row: self.record_row(record), sections, may_edit: true, may_delete: true })
    }
    fn change_password(&self, _: &Password, new: &Password) -> Result<(), ServiceError> {
        if new.reveal().len() < 12 { Err(ServiceError::Invalid("the password needs at least 12 characters".into())) } else { Ok(()) }
    }
}

#[allow(dead_code)]
pub fn nobody() -> BTreeSet<String> {
    BTreeSet::new()
}
