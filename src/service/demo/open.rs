//! Opening the demo: a throw-away store with the clinic's team, signed in as its first persona.
//! The team is there at once; the records come in behind it.

use std::path::Path;
use std::sync::Arc;

use crate::exchange::team_file::Format;
use crate::model::{Change, Day, Swap};
use crate::service::clock::{Chance, Clock};
use crate::service::setup::NewAccount;
use crate::service::{Engine, Password, ServiceError, Session};
use crate::store::Options;

use super::{ACCOUNT, Amounts, OWNER_EMAIL, OWNER_NAME, PERSONAS, records, team_file};

/// Records that one commit takes in, so that a large demo is usable while it fills.
const AT_ONCE: usize = 4096;
/// The demo is the same for the same number of records.
const SEED: u64 = 2026;
/// So that the demo's owner can also sign in by hand.
const PASSWORD: &str = "a walk in the park";

/// Opens the demo's store in an empty directory, with its team and without its records.
///
/// # Errors
/// Where the directory can't be used.
pub fn open(directory: &Path, clock: Arc<dyn Clock>) -> Result<Arc<Engine>, ServiceError> {
    let options = Options { index: false, ..Options::default() };
    let engine = Engine::open_with(directory, options, clock, Chance::seeded(SEED), true)?;
    engine.create_account(&NewAccount {
        account: ACCOUNT.to_owned(),
        owner_name: OWNER_NAME.to_owned(),
        owner_email: OWNER_EMAIL.to_owned(),
        password: Some(Password::new(PASSWORD)),
    })?;
    let team = team_file(today(&engine));
    engine.operator().apply_team("the demo's team", &team, Format::Toml, false)?;
    Ok(engine)
}

/// Brings the demo's records in, a part at a time; `keep_going` says after each whether to go on.
///
/// # Errors
/// Where the store refuses.
pub fn fill(engine: &Arc<Engine>, amounts: Amounts, mut keep_going: impl FnMut() -> bool) -> Result<(), ServiceError> {
    let operator = engine.operator();
    let team = operator.view().team().clone();
    let mut records = records(&team, amounts, today(engine))
        .map_err(|error| ServiceError::Invalid(error.to_string()))?
        .map(|record| Change::Record(Swap::made(record)));
    loop {
        let part: Vec<Change> = records.by_ref().take(AT_ONCE).collect();
        if part.is_empty() || !keep_going() {
            return Ok(());
        }
        let mut part = Some(part);
        operator.commit("the demo's records", |_| {
            part.take().ok_or_else(|| ServiceError::Meanwhile("the demo's team changed while it filled".to_owned()))
        })?;
    }
}

/// The session that a demo starts with.
///
/// # Errors
/// Where the first persona isn't there.
pub fn first_session(engine: &Arc<Engine>) -> Result<Session, ServiceError> {
    engine.become_persona(PERSONAS.first().map_or(OWNER_EMAIL, |persona| persona.email))
}

fn today(engine: &Engine) -> Day {
    engine.now().day()
}
