//! A small team over a store of its own, and short ways to ask it things.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rolecall::exchange::team_file::Format;
use rolecall::model::{FeatureValue, Moment, RecordId};
use rolecall::service::check::Question;
use rolecall::service::clock::{Chance, FixedClock};
use rolecall::service::records::{RecordQuery, RecordsPage};
use rolecall::service::setup::NewAccount;
use rolecall::service::{Engine, RecordDraft, ServiceError, Session};
use rolecall::store::Options;
use rolecall::store::files::{Disk, RealDisk};
use tempfile::TempDir;

/// 2026-11-02T09:00:00Z.
pub const NOW: Moment = Moment(1_793_610_000_000);

/// Two leads with the same role and people of their own; a desk that shares; somebody who sees all;
/// a freelancer; one who was invited and one who left.
pub const TEAM: &str = r#"
[[roles]]
name = "Lead"
manager = "Account Owner"
scopes.contacts = { view = "subordinates", edit = "subordinates", delete = "subordinates" }
scopes.companies = { view = "all", edit = "own" }
[roles.features]
"contacts.export" = "yes"
"purchases.refund" = "no"

[[roles]]
name = "Rep"
manager = "Lead"
scopes.contacts = { view = "own", edit = "own", delete = "own" }
[roles.features]
"contacts.export" = "no"
"contacts.vcard" = "request"
"purchases.access" = "yes"
"purchases.refund" = "no"
"tasks.set" = "yes"
"tasks.cancel" = "no"

[[roles]]
name = "Desk"
manager = "Account Owner"
scopes.contacts = { view = "roles", edit = "roles", delete = "none" }

[[roles]]
name = "Reader"
manager = "Account Owner"
scopes.contacts = { view = "all", edit = "none", delete = "none" }

[[roles]]
name = "Everything"
manager = "Account Owner"
scopes.contacts = { view = "all", edit = "all", delete = "all" }

[[users]]
email = "adam@team.example"
name = "Adam Admin"
role = "Administrator"
[[users]]
email = "lea@team.example"
name = "Lea North"
role = "Lead"
[[users]]
email = "leo@team.example"
name = "Leo South"
role = "Lead"
[[users]]
email = "rae@team.example"
name = "Rae"
role = "Rep"
manager = "lea@team.example"
[[users]]
email = "rob@team.example"
name = "Rob"
role = "Rep"
manager = "lea@team.example"
[[users]]
email = "rita@team.example"
name = "Rita"
role = "Rep"
manager = "leo@team.example"
[[users]]
email = "dan@team.example"
name = "Dan"
role = "Desk"
[[users]]
email = "dee@team.example"
name = "Dee"
role = "Desk"
[[users]]
email = "rex@team.example"
name = "Rex"
role = "Reader"
[[users]]
email = "eve@team.example"
name = "Eve"
role = "Everything"
[[users]]
email = "fay@team.example"
name = "Fay"
role = "Focused User"
[[users]]
email = "uma@team.example"
name = "Uma"
role = "User"
[[users]]
email = "ivy@team.example"
name = "Ivy Later"
role = "Rep"
manager = "lea@team.example"
status = "invited"
[[users]]
email = "gus@team.example"
name = "Gus Gone"
role = "Rep"
manager = "leo@team.example"
status = "revoked"
"#;

/// Nobody calls anything off.
pub static GOING: AtomicBool = AtomicBool::new(false);

/// Everybody who owns a contact in the usual house; each one's contact has their first name as its
/// external ID.
pub const OWNERS: &[&str] =
    &["olga", "adam", "lea", "leo", "rae", "rob", "rita", "dan", "dee", "rex", "eve", "fay", "uma"];

/// The address of somebody by their short name.
pub fn email(who: &str) -> String {
    format!("{who}@team.example")
}

/// A store with a team in it.
pub struct House {
    // Dropped last: the engine still writes in it while it closes.
    pub engine: Arc<Engine>,
    pub clock: Arc<FixedClock>,
    _directory: TempDir,
}

impl House {
    /// An account with its owner, Olga, and nobody else.
    pub fn bare() -> Self {
        Self::bare_on(Arc::new(RealDisk))
    }

    fn bare_on(disk: Arc<dyn Disk>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(NOW));
        let engine = Engine::open_with(
            &directory.path().join("data"),
            Options { index: false, disk, ..Options::default() },
            Arc::clone(&clock) as Arc<_>,
            Chance::seeded(7),
            false,
        )
        .unwrap();
        let new = NewAccount {
            account: "Team".to_owned(),
            owner_name: "Olga Owner".to_owned(),
            owner_email: email("olga"),
            password: None,
        };
        assert!(engine.create_account(&new).unwrap().is_some(), "a temporary password");
        Self { engine, clock, _directory: directory }
    }

    /// The usual team, with one contact for each of [`OWNERS`].
    pub fn full() -> Self {
        Self::full_on(Arc::new(RealDisk))
    }

    /// The same, on a disk of one's own.
    pub fn full_on(disk: Arc<dyn Disk>) -> Self {
        let house = Self::bare_on(disk);
        house.apply(TEAM).unwrap();
        for owner in OWNERS {
            house.contact(owner, owner, &[]);
        }
        house
    }

    pub fn operator(&self) -> Session {
        self.engine.operator()
    }

    /// Somebody's session.
    pub fn session(&self, who: &str) -> Session {
        self.engine.acting_as(&email(who)).unwrap()
    }

    /// Applies a team file as the operator; an error is its text.
    pub fn apply(&self, text: &str) -> Result<usize, String> {
        let applied = self.operator().apply_team("team.toml", text, Format::Toml, false);
        applied.map(|applied| applied.changes).map_err(|error| error.to_string())
    }

    /// Applies a team file that is the whole team: what it doesn't mention goes.
    pub fn apply_whole(&self, text: &str) -> Result<usize, String> {
        let applied = self.operator().apply_team("team.toml", text, Format::Toml, true);
        applied.map(|applied| applied.changes).map_err(|error| error.to_string())
    }

    /// Makes a contact as the operator.
    pub fn contact(&self, external: &str, owner: &str, fields: &[(&str, &str)]) -> RecordId {
        let mut draft = draft(fields);
        draft.external_id = Some(external.to_owned());
        draft.owner = Some(email(owner));
        if fields.iter().all(|(name, _)| *name != "First Name") {
            draft.fields.push(("First Name".to_owned(), format!("Contact of {owner}")));
        }
        self.operator().create_record("contacts", &draft).unwrap().0
    }

    /// The ID of a contact by its external ID.
    pub fn id(&self, external: &str) -> RecordId {
        self.operator().record("contacts", &format!("ext:{external}")).unwrap().row.id
    }

    /// The external IDs of the contacts that somebody's list holds; its number must agree, and so
    /// must opening each contact that there is by itself.
    pub fn list(&self, who: &str) -> BTreeSet<String> {
        let session = self.session(who);
        let page = contacts(&session);
        let listed: BTreeSet<String> = page.rows.iter().filter_map(|row| row.external_id.clone()).collect();
        assert_eq!(page.total, page.rows.len() as u64, "{who}'s number");
        for row in contacts(&self.operator()).rows {
            let Some(name) = row.external_id else { continue };
            let opened = session.record("contacts", &row.id.to_string());
            assert_eq!(opened.is_ok(), listed.contains(&name), "{who} opening {name}: {opened:?}");
            assert_eq!(self.may(who, "contacts.view", Some(&name)), listed.contains(&name), "{who} checking {name}");
        }
        listed
    }

    /// What `check` says about somebody.
    pub fn may(&self, who: &str, action: &str, record: Option<&str>) -> bool {
        let question = Question {
            user: email(who),
            action: action.to_owned(),
            record: record.map(|external| format!("ext:{external}")),
            field: None,
        };
        self.operator().check(&question, false).unwrap().decision.allowed
    }

    /// What a feature comes to for somebody.
    pub fn feature(&self, who: &str, key: &str) -> FeatureValue {
        self.session(who).feature(key)
    }

    /// Tries to change a contact's last name as somebody.
    pub fn edit(&self, who: &str, external: &str) -> Result<(), ServiceError> {
        self.session(who).update_record("contacts", self.id(external), &draft(&[("Last Name", who)]))
    }

    /// Tries to delete a contact as somebody.
    pub fn delete(&self, who: &str, external: &str) -> Result<(), ServiceError> {
        self.session(who).delete_record("contacts", self.id(external))
    }
}

/// Fields to write.
pub fn draft(fields: &[(&str, &str)]) -> RecordDraft {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    RecordDraft { fields, ..RecordDraft::default() }
}

/// All contacts of a session's list.
pub fn contacts(session: &Session) -> RecordsPage {
    session.records(&query()).unwrap()
}

/// The list of contacts, as it comes.
pub fn query() -> RecordQuery {
    RecordQuery { object: "contacts".to_owned(), limit: 1_000, ..RecordQuery::default() }
}

/// A set of names.
pub fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
