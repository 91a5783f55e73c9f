//! Teams and records of any size, the same at every run, and when a process has come to rest.
#![allow(dead_code, reason = "each benchmark uses a part")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rolecall::authz::{Asking, Facts, OwnerCount, RecordFacts, Subject, System};
use rolecall::model::shipped::new_team;
use rolecall::model::{
    Account, Actor, Change, Commit, Day, FeatureValue, Moment, NextIds, ObjectId, Reason, RecordId, Role, RoleId,
    RoleType, Scope, Scopes, Status, Swap, Team, User, UserId,
};
use rolecall::service::demo::{Amounts, records};
use rolecall::store::{Options, Store};

/// A number that looks random.
pub fn scatter(place: u64) -> u64 {
    let mut z = place.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A team of so many people in so many roles of its own (besides the shipped ones). The roles stand
/// in a tree, eight below each; their scopes take turns; a third of the people have a manager of
/// their own in the role above.
pub fn team(people: u32, roles: u32) -> Team {
    let next = NextIds { user: 0, role: 0, object: 0, section: 0, field: 0, permission: 0 };
    let account =
        Account { name: String::new(), time_zone: None, seats: None, agent_seats: None, permissions: Vec::new(), next };
    let mut team = Team::new(account).unwrap();
    for change in new_team("Bench", "Owner", "owner@bench.example", Moment(0)).unwrap() {
        team.apply(&change).unwrap();
    }
    let features = [
        "contacts.access",
        "companies.access",
        "deals.access",
        "contacts.export",
        "tasks.set",
        "contacts.may_delete",
        "companies.may_delete",
        "deals.may_delete",
    ];
    let features: BTreeMap<_, _> =
        features.iter().map(|key| (team.catalog.by_key(key).unwrap().id, FeatureValue::Yes)).collect();
    let first = team.account.next.role;
    for place in 0..roles {
        let manager = if place == 0 { RoleId(0) } else { RoleId(first + (place - 1) / 8) };
        let scope = [Scope::Subordinates, Scope::Roles, Scope::Own, Scope::All][place as usize % 4];
        let scopes = Scopes { view: scope, edit: scope, delete: Scope::Own };
        let role = Role {
            id: RoleId(first + place),
            name: format!("Role {place}"),
            manager: Some(manager),
            role_type: RoleType::User,
            description: String::new(),
            icon: String::new(),
            shipped: None,
            order: place,
            features: features.clone(),
            scopes: [ObjectId::CONTACTS, ObjectId::COMPANIES, ObjectId::DEALS].map(|object| (object, scopes)).into(),
            sections: BTreeMap::new(),
            may_assign: Default::default(),
        };
        team.roles.insert(role.id, Arc::new(role));
    }
    let owner = Arc::clone(team.owner().unwrap());
    for place in 1..people {
        let at = (place - 1) % roles;
        let above = if at == 0 { None } else { Some((at - 1) / 8) };
        // Somebody in the role above: people are dealt out to the roles in turn.
        let manager = above.filter(|_| place % 3 == 0).map(|role| UserId(role + 1));
        let user = User {
            id: UserId(place),
            email: format!("user{place}@bench.example"),
            name: format!("User {place}"),
            role: RoleId(first + at),
            status: Status::Active,
            manager,
            ..(*owner).clone()
        };
        team.users.insert(user.id, Arc::new(user));
    }
    team.account.next.user = people;
    team.account.next.role = first + roles;
    team
}

/// The changes that make a team from nothing.
pub fn changes(team: &Team) -> Vec<Change> {
    let mut changes = vec![Change::Account(Swap::made(team.account.clone()))];
    changes.extend(team.objects.values().map(|object| Change::Object(Swap::made(Arc::clone(object)))));
    changes.extend(team.roles.values().map(|role| Change::Role(Swap::made(Arc::clone(role)))));
    changes.extend(team.users.values().map(|user| Change::User(Swap::made(Arc::clone(user)))));
    changes
}

/// Fills a data directory with a team and so many contacts.
pub fn filled(dir: &std::path::Path, team: &Team, contacts: u64) {
    let system = System::for_the_data_directory();
    let store = Store::open(dir, Options { index: false, ..Options::default() }, Arc::new(|| Moment(1)), &system);
    let store = store.unwrap();
    store.wait(std::time::Duration::from_secs(600)).unwrap();
    let commit = |changes: Vec<Change>| {
        let view = store.view();
        let commit = Commit { actor: Actor::Operator, at: Moment(1), reason: Reason("bench".to_owned()), changes };
        store.commit(view.snapshot().permit_commit(Subject::Operator, commit, &view).unwrap()).unwrap();
    };
    commit(changes(team));
    let amounts = Amounts { contacts, companies: 0, deals: 0 };
    let mut records = records(team, amounts, Day(20_778)).unwrap().map(|record| Change::Record(Swap::made(record)));
    loop {
        let part: Vec<Change> = records.by_ref().take(4096).collect();
        if part.is_empty() {
            return;
        }
        commit(part);
    }
}

/// Who owns the record at a place.
pub fn owner_of(place: u64, people: u32) -> UserId {
    UserId(u32::try_from(scatter(place) % u64::from(people)).unwrap())
}

/// The facts of the record at a place: one in two hundred is private.
pub fn facts_of(place: u64, people: u32) -> RecordFacts {
    RecordFacts { owner: owner_of(place, people), private: scatter(!place).is_multiple_of(200), assigned: Vec::new() }
}

/// Answers from counts alone, as the store's tables do.
pub struct Counted {
    owners: Vec<OwnerCount>,
}

impl Counted {
    /// So many records dealt out to so many people.
    pub fn new(records: u64, people: u32) -> Self {
        let mut owners: Vec<OwnerCount> =
            (0..people).map(|owner| OwnerCount { owner: UserId(owner), public: 0, private: 0 }).collect();
        for place in 0..records {
            let facts = facts_of(place, people);
            let count = &mut owners[facts.owner.index()];
            if facts.private { count.private += 1 } else { count.public += 1 }
        }
        Self { owners }
    }
}

impl Facts for Counted {
    fn record(&self, _: &Asking, _: ObjectId, _: RecordId) -> Option<RecordFacts> {
        None
    }

    fn external(&self, _: &Asking, _: ObjectId, _: &str) -> Option<RecordId> {
        None
    }

    fn owner_counts(&self, _: &Asking, object: ObjectId) -> Vec<OwnerCount> {
        if object == ObjectId::CONTACTS { self.owners.clone() } else { Vec::new() }
    }

    fn assigned_counts(&self, _: &Asking, _: ObjectId, _: UserId) -> Vec<(UserId, u64)> {
        Vec::new()
    }

    fn assigned_in_all(&self, _: &Asking, _: ObjectId, _: UserId) -> u64 {
        0
    }
}

/// The processor's time that this process has used, in ticks.
pub fn ticks() -> u64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum()
}

/// The seconds from its beginning until this process has used no processor for a while.
pub fn until_still(began: Instant) -> f64 {
    let (mut last, mut since) = (ticks(), Instant::now());
    while since.elapsed() < Duration::from_secs(2) {
        std::thread::sleep(Duration::from_millis(100));
        let now = ticks();
        if now > last + 1 {
            (last, since) = (now, Instant::now());
        }
    }
    since.duration_since(began).as_secs_f64()
}
