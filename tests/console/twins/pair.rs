//! Two stores that are the same to one person.

use std::sync::{Arc, OnceLock};

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::exchange::team_file::Format;
use rolecall::host::headless::Headless;
use rolecall::model::{
    Day, Exception, Field, Kind, Object, ObjectId, Record, RecordAction, RecordId, Status, Team, User, UserId, Value,
};
use rolecall::service::clock::{Chance, FixedClock};
use rolecall::service::records::RecordQuery;
use rolecall::service::{Engine, Password, demo, passwords};
use rolecall::store::Secret;
use rolecall::tui::{App, Start};

use super::past::Past;
use crate::harness::{DARK, SMALL, noon};
use crate::planted::{State, engine_at, read_anew, store_at};
use crate::says::Oracle;
use rolecall::tui::event::Size;

/// Beside the demo's people: one who holds a part of the administration, and sees little else.
const OFFICE: &str = r#"
[[roles]]
name = "Office"
manager = "Account Owner"
type = "administrator"
[roles.features]
"users.manage" = "yes"
"users.edit" = "yes"
"roles.manage" = "yes"
"account.settings" = "yes"
"audit.view" = "yes"
"contacts.manage_fields" = "yes"
"contacts.private" = "yes"
"contacts.may_delete" = "yes"
"contacts.export" = "yes"
"deals.access" = "no"
[roles.scopes]
contacts = { view = "own", edit = "own", delete = "own" }
companies = { view = "roles", edit = "own", delete = "none" }
[roles.sections.contacts]
"Purchase Information" = { view = false, edit = false }
"Clinic Notes" = { view = true, edit = false }
[[users]]
email = "iris@paws.example"
name = "Iris Holm"
role = "Office"
[[users]]
email = "otis@paws.example"
name = "Otis Reed"
role = "Office"
"#;

/// The team that every pair starts from.
pub fn base() -> Team {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data");
    let clock = Arc::new(FixedClock::at(noon()));
    let engine = demo::open(&path, clock.clone()).unwrap();
    engine.operator().apply_team("test", OFFICE, Format::Toml, false).unwrap();
    drop(engine);
    let store = store_at(&path, &clock);
    let team = Team::clone(store.view().team());
    store.close().unwrap();
    team
}

/// One of two.
pub struct Twin {
    // Dropped first: the engine still writes in the directory while it closes.
    pub engine: Arc<Engine>,
    pub clock: Arc<FixedClock>,
    directory: tempfile::TempDir,
}

impl Twin {
    /// A store with a past, that its viewer signs in at.
    pub fn of(past: Past, seen: &Seen<'_>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(noon()));
        let path = directory.path().join("data");
        past.happen(&path, &clock, seen.team, (seen.viewer.id, secret()));
        Self { engine: engine_at(&path, &clock, false), clock, directory }
    }

    /// Everything that there is, read anew.
    pub fn state(&self) -> State {
        read_anew(&self.directory.path().join("data"), &self.clock)
    }

    pub fn console(&self, viewer: &str, size: Size) -> Headless {
        let engine = Arc::clone(&self.engine);
        let app = App::new(Start {
            open: Box::new(move |_| Ok(engine)),
            persona: None,
            look: DARK,
            size,
            wake: Arc::new(|| true),
        });
        let mut console = Headless::new(app, size).unwrap();
        console.run_jobs();
        console.keys(viewer).keys("\r").keys(PASSWORD).keys("\r");
        crate::harness::shows(&console, "What you may do");
        console
    }
}

impl Twin {
    /// Everything that the viewer can take out as a file.
    pub fn taken_out(&self, viewer: &str) -> Vec<String> {
        let Ok(session) = self.engine.acting_as(viewer) else { return Vec::new() };
        let export = |object: &str| {
            let query = RecordQuery { object: object.to_owned(), ..RecordQuery::default() };
            let mut bytes = Vec::new();
            let outcome = session.export_csv(&query, &mut bytes).map_err(|error| error.to_string());
            format!("{object} {outcome:?}\n{}", String::from_utf8_lossy(&bytes))
        };
        ["contacts", "companies", "deals"].map(export).into()
    }
}

/// Everybody's; a hash of it is dear, and one does for all.
const PASSWORD: &str = "a walk in the park";

fn secret() -> Secret {
    static HASH: OnceLock<String> = OnceLock::new();
    let hash = HASH.get_or_init(|| passwords::hash(&Password::new(PASSWORD), &Chance::seeded(1)).unwrap());
    Secret { password_hash: Some(hash.clone()), ..Secret::default() }
}

pub struct Pair {
    pub viewer: &'static str,
    pub first: Twin,
    pub second: Twin,
    /// What the viewer may have heard of: words that are in what they see, and in what they don't.
    pub words: Vec<String>,
    /// The small window that everything works in, or one with room for list and detail.
    pub size: Size,
}

const ROOMY: Size = Size { width: 160, height: 45 };

const NAMES: [&str; 12] =
    ["Anna", "Bell", "Zoë", "Marquez", "Li", "O'Neill", "Ibrahim", "Straße", "Adeyemi", "Nkosi", "山田", "Bo"];

impl Pair {
    pub fn of(base: &Team, viewer: &'static str, rng: &mut ChaCha8Rng) -> Self {
        let records = records(base, rng);
        let seen = Seen { team: base, records: &records, viewer: base.user_by_email(viewer).unwrap() };
        let mut twin = || Twin::of(Past::of(&seen, &mut ChaCha8Rng::seed_from_u64(rng.random())), &seen);
        let (first, second) = (twin(), twin());
        let words = words(base, &records);
        let size = if rng.random() { SMALL } else { ROOMY };
        Self { viewer, first, second, words, size }
    }
}

/// What somebody may have heard of.
pub fn words(base: &Team, records: &[Record]) -> Vec<String> {
    let mut words: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    words.extend(records.iter().take(4).map(|record| record.id.to_string()));
    words.extend(base.users.values().take(6).flat_map(|user| [user.email.clone(), user.name.clone()]));
    words.extend(base.roles.values().map(|role| role.name.clone()));
    let fields = base.objects.values().flat_map(|object| &object.fields);
    words.extend(fields.map(|field| field.name.clone()));
    words.extend(["2026-01-31", "12", "x", "yes", "customer", "a bone in the garden", "h1", ""].map(str::to_owned));
    words
}

/// What one person sees of an account, by the oracle.
pub struct Seen<'a> {
    pub team: &'a Team,
    pub records: &'a [Record],
    pub viewer: &'a User,
}

impl Seen<'_> {
    pub fn oracle(&self) -> Oracle<'_> {
        Oracle::new(self.team, self.records, noon())
    }

    pub fn sees(&self, record: &Record) -> bool {
        self.oracle().may(self.viewer, RecordAction::View, record)
    }

    pub fn hidden_fields(&self, object: ObjectId) -> Vec<&Field> {
        let oracle = self.oracle();
        let fields = self.team.objects[&object].fields.iter();
        fields.filter(|field| !oracle.may_view_field(self.viewer, object, field)).collect()
    }

    /// 002-34: exceptions, addresses, activity and last sign-ins of others need it.
    pub fn knows_people(&self) -> bool {
        self.oracle().holds(self.viewer, "users.edit")
    }

    /// Somebody else's record that the viewer doesn't see; nothing where they see whatever there is.
    pub fn hidden_record(&self, rng: &mut ChaCha8Rng, object: &Object) -> Option<Record> {
        (0..30).find_map(|_| {
            let record = record(self.team, rng, object, "h");
            (!self.sees(&record)).then_some(record)
        })
    }
}

pub fn records(team: &Team, rng: &mut ChaCha8Rng) -> Vec<Record> {
    let mut records = Vec::new();
    for object in team.objects.values() {
        for _ in 0..rng.random_range(0..22) {
            records.push(record(team, rng, object, "v"));
        }
    }
    records
}

/// The personas own more than others, so that there is something to see.
fn record(team: &Team, rng: &mut ChaCha8Rng, object: &Object, mark: &str) -> Record {
    let active: Vec<UserId> =
        team.users.values().filter(|user| user.status == Status::Active).map(|user| user.id).collect();
    let persona = ["olivia", "kim", "sam", "freya", "iris", "ben"].choose(rng).unwrap();
    let persona = team.user_by_email(&format!("{persona}@paws.example")).unwrap().id;
    let owner = if rng.random_bool(0.35) { persona } else { *active.choose(rng).unwrap() };
    let mut assigned: Vec<UserId> = active.iter().copied().filter(|_| rng.random_bool(0.06)).collect();
    assigned.sort_unstable();
    let id = RecordId(rng.random());
    let mut record = Record {
        id,
        object: object.id,
        owner,
        assigned,
        private: object.id == ObjectId::CONTACTS && rng.random_bool(0.25),
        // One bit is accepted: a clash is refused. Nobody here types these.
        external_id: rng.random_bool(0.4).then(|| format!("{mark}{id}").into()),
        values: Vec::new(),
    };
    for field in &object.fields {
        record.set(field.id, any_value(rng, field));
    }
    record
}

pub fn any_value(rng: &mut ChaCha8Rng, field: &Field) -> Option<Value> {
    rng.random_bool(0.75).then(|| match field.kind {
        Kind::Text | Kind::Email | Kind::Phone => {
            Value::Text(format!("{} {}", NAMES.choose(rng).unwrap(), rng.random_range(0..30)).into())
        }
        Kind::Number => Value::Number(f64::from(rng.random_range(-3..40))),
        Kind::Money => Value::Money(rng.random_range(-500..90_000)),
        Kind::Date => Value::Date(Day(rng.random_range(20_300..20_700))),
        Kind::YesNo => Value::YesNo(rng.random()),
        Kind::Dropdown if field.options.is_empty() => Value::Text("none".into()),
        Kind::Dropdown => Value::Option(field.options.choose(rng).unwrap().id),
    })
}

pub fn change_hidden(rng: &mut ChaCha8Rng, record: &mut Record, fields: &[&Field]) {
    for field in fields {
        let value = any_value(rng, field);
        record.set(field.id, value);
    }
}

/// An exception that could be there, on something that only concerns its person.
pub fn any_exception(
    rng: &mut ChaCha8Rng,
    team: &Team,
    user: &User,
) -> Option<(rolecall::model::FeatureId, Exception)> {
    let keys = ["contacts.export", "contacts.vcard", "tasks.cancel", "purchases.refund", "reports.targets"];
    let id = team.catalog.by_key(keys.choose(rng).unwrap()).unwrap().id;
    let until = rng.random_bool(0.3).then(|| noon().plus(rng.random_range(1..90) * 86_400_000));
    let exception = Exception { visible: rng.random(), until };
    let mut tried = user.clone();
    tried.exceptions.insert(id, exception);
    crate::says::exceptions_are_allowed(team, &tried).then_some((id, exception))
}
