//! The demo's people see what its team file says.

use std::sync::Arc;

use rolecall::model::Moment;
use rolecall::service::clock::FixedClock;
use rolecall::service::demo::{self, Amounts};
use rolecall::service::records::RecordQuery;
use rolecall::service::users::UserQuery;
use rolecall::service::{Engine, Password, RecordDraft, SignInError};

fn clinic(dir: &tempfile::TempDir) -> Arc<Engine> {
    let clock = Arc::new(FixedClock::at(Moment(1_790_000_000_000)));
    let engine = demo::open(dir.path(), clock).unwrap();
    demo::fill(&engine, Amounts::USUAL, || true).unwrap();
    engine
}

fn contacts() -> RecordQuery {
    RecordQuery { object: "contacts".to_owned(), limit: 10, ..RecordQuery::default() }
}

#[test]
fn the_demo_fills_and_lists() {
    let dir = tempfile::tempdir().unwrap();
    let engine = clinic(&dir);
    let operator = engine.operator();
    let page = operator.records(&contacts()).unwrap();
    assert_eq!(page.total, 2000);
    assert_eq!(page.rows.len(), 10);
    let owner = demo::first_session(&engine).unwrap();
    assert!(owner.records(&contacts()).unwrap().total <= 2000, "others' private contacts are sealed (R14)");
    let sam = engine.become_persona("sam@paws.example").unwrap();
    let page = sam.records(&RecordQuery { sort: Some("Last Name".to_owned()), ..contacts() }).unwrap();
    assert!(page.total < 2000);
    assert!(page.fields.iter().all(|view| view.section != "System Information"), "001-24");
    assert!(sam.records(&RecordQuery { sort: Some("Created".to_owned()), ..contacts() }).is_err());
    assert!(owner.users(&UserQuery::default()).unwrap().len() >= 30);
    assert_eq!(owner.home().unwrap().owned.len(), 3);
}

#[test]
fn a_person_signs_in_with_the_right_password_alone() {
    let dir = tempfile::tempdir().unwrap();
    let engine = clinic(&dir);
    let wrong = engine.sign_in(demo::OWNER_EMAIL, &Password::new("not the one at all"), None);
    assert!(matches!(wrong, Err(SignInError::Wrong)));
    let right = engine.sign_in(demo::OWNER_EMAIL, &Password::new("a walk in the park"), None).unwrap();
    assert_eq!(right.session.me().email, demo::OWNER_EMAIL);
}

#[test]
fn a_record_is_made_changed_and_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let engine = clinic(&dir);
    let owner = demo::first_session(&engine).unwrap();
    let draft = RecordDraft { fields: vec![("First Name".to_owned(), "Ada".to_owned())], ..RecordDraft::default() };
    let id = owner.create_record("contacts", &draft).unwrap().0;
    let seen = owner.record("contacts", &id.to_string()).unwrap();
    assert_eq!(seen.row.owner, demo::OWNER_EMAIL);
    let change = RecordDraft { owner: Some("sam@paws.example".to_owned()), ..RecordDraft::default() };
    owner.update_record("contacts", id, &change).unwrap();
    assert_eq!(owner.record("contacts", &id.to_string()).unwrap().row.owner, "sam@paws.example");
    owner.delete_record("contacts", id).unwrap();
    assert!(owner.record("contacts", &id.to_string()).is_err());
}
