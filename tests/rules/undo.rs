//! Undo: one's own last change, taken back by a new commit, through the same gate (B5, R22, R31).

use std::collections::BTreeMap;

use rolecall::model::{Exception, FeatureValue, Status};
use rolecall::service::RecordDraft;
use rolecall::service::Session;
use rolecall::service::draft::Draft;
use rolecall::service::edit_roles::{Cell, CellValue, NewRole, RoleChange};
use rolecall::service::people::UserChange;

use crate::house::{House, draft, email};

fn undo(session: &Session) -> String {
    let undoing = session.undoing().unwrap().expect("something to undo");
    session.undo(&undoing).unwrap();
    undoing.reason
}

fn cell(role: &str, key: &str, value: FeatureValue) -> Draft {
    let cells = vec![(Cell::Feature(key.to_owned()), CellValue::Feature(value))];
    Draft::Roles(BTreeMap::from([(role.to_owned(), RoleChange { cells, ..RoleChange::default() })]))
}

fn named(who: &str, name: &str) -> Draft {
    Draft::User { email: email(who), change: UserChange { name: Some(name.to_owned()), ..UserChange::default() } }
}

/// Undoing twice goes further back; an undo is never what the next one takes back; a change after an
/// undo is undone first, and then it goes on where it was.
#[test]
fn undoing_twice_goes_further_back() {
    let house = House::full();
    let olga = house.session("olga");
    let name = || olga.user_detail(&email("rae")).unwrap().row.name;
    for step in ["one", "two", "three"] {
        olga.save(&named("rae", step)).unwrap();
    }
    undo(&olga);
    assert_eq!(name(), "two");
    undo(&olga);
    assert_eq!(name(), "one");
    olga.save(&named("rae", "four")).unwrap();
    undo(&olga);
    assert_eq!(name(), "one");
    undo(&olga);
    assert_eq!(name(), "Rae");
    assert!(olga.undoing().unwrap().is_none(), "all is taken back");
}

/// Every kind of change of the team comes back as it was, and the next numbers go on.
#[test]
fn what_is_undone_is_as_it_was_before() {
    let house = House::full();
    let olga = house.session("olga");
    let state = || {
        let roles: Vec<_> = olga.roles().unwrap().into_iter().map(|row| olga.role_detail(&row.name).unwrap()).collect();
        let users: Vec<_> = house.operator().users(&rolecall::service::users::UserQuery::default()).unwrap();
        let users: Vec<_> = users.into_iter().map(|row| house.operator().user_detail(&row.email).unwrap()).collect();
        (roles, users)
    };
    let role = NewRole {
        name: "Extra".to_owned(),
        manager: "Account Owner".to_owned(),
        role_type: rolecall::model::RoleType::User,
        description: String::new(),
        icon: String::new(),
        clone_of: None,
        cells: Vec::new(),
        may_assign: Vec::new(),
    };
    let exception = Some(Exception { visible: true, until: None });
    let drafts = [
        cell("Rep", "contacts.export", FeatureValue::Yes),
        Draft::Exception { email: email("rae"), key: "purchases.refund".to_owned(), exception },
        Draft::Status { email: email("rita"), status: Status::Revoked },
        Draft::User {
            email: email("dan"),
            change: UserChange { role: Some("Lead".to_owned()), ..UserChange::default() },
        },
        Draft::NewRole(role),
        Draft::DeleteRole { name: "Desk".to_owned(), replacement: Some("Reader".to_owned()) },
    ];
    for draft in drafts {
        let before = state();
        olga.save(&draft).unwrap();
        assert_ne!(state(), before, "{draft:?}");
        let undoing = olga.undoing().unwrap().unwrap();
        assert!(!undoing.sentences.is_empty(), "{draft:?}");
        olga.undo(&undoing).unwrap();
        assert_eq!(state(), before, "{draft:?}: {:?}", undoing.sentences);
    }
}

/// Records too: made, changed, given away, deleted, and many at once.
#[test]
fn records_come_back() {
    let house = House::full();
    let eve = house.session("eve");
    let of = |who: &str| house.operator().record("contacts", &format!("ext:{who}"));
    eve.update_record("contacts", house.id("rae"), &draft(&[("Last Name", "New")])).unwrap();
    undo(&eve);
    let row = of("rae").unwrap();
    assert!(row.sections[0].fields.contains(&("Last Name".to_owned(), String::new())), "{:?}", row.sections[0]);
    eve.delete_record("contacts", house.id("rob")).unwrap();
    assert!(of("rob").is_err());
    undo(&eve);
    assert_eq!(of("rob").unwrap().row.owner, email("rob"));
    let made = eve.create_record("contacts", &RecordDraft::default()).unwrap();
    undo(&eve);
    assert!(eve.record("contacts", &made.to_string()).is_err());
    let draft = Draft::Owner {
        object: "contacts".to_owned(),
        records: vec![house.id("rae"), house.id("rob")],
        to: email("dan"),
    };
    house.session("olga").save(&draft).unwrap();
    assert_eq!(of("rae").unwrap().row.owner, email("dan"));
    undo(&house.session("olga"));
    assert_eq!((of("rae").unwrap().row.owner, of("rob").unwrap().row.owner), (email("rae"), email("rob")));
}

/// It is refused with the reason where something changed since, or the rules say no; then nothing
/// happens.
#[test]
fn an_undo_is_refused_where_something_changed_since_or_the_rules_say_no_r31() {
    let house = House::full();
    let (olga, adam) = (house.session("olga"), house.session("adam"));
    olga.save(&cell("Rep", "contacts.export", FeatureValue::Yes)).unwrap();
    adam.save(&cell("Rep", "tasks.cancel", FeatureValue::Yes)).unwrap();
    let why = olga.undoing().unwrap_err().to_string();
    assert!(why.contains("can't be undone") && why.contains("the role “Rep” was changed"), "{why}");
    undo(&adam);
    undo(&olga);
    // Between the question and the answer somebody else changes the same.
    olga.save(&named("rae", "One")).unwrap();
    let undoing = olga.undoing().unwrap().unwrap();
    adam.save(&named("rae", "Two")).unwrap();
    assert!(olga.undo(&undoing).is_err());
    assert_eq!(olga.user_detail(&email("rae")).unwrap().row.name, "Two");
    // R31: who lost the right to do it can't undo it either.
    adam.save(&named("rob", "Robert")).unwrap();
    house
        .operator()
        .save(&Draft::User {
            email: email("adam"),
            change: UserChange { role: Some("Rep".to_owned()), ..UserChange::default() },
        })
        .unwrap();
    let why = adam.undoing().unwrap_err().to_string();
    assert!(why.contains("can't be undone"), "{why}");
    assert_eq!(olga.user_detail(&email("rob")).unwrap().row.name, "Robert");
}

/// R14, R32: what one may no longer see isn't shown by way of an undo; others' changes are nobody's
/// to undo but their own.
#[test]
fn an_undo_shows_nothing_that_may_not_be_seen_r14_r32() {
    let house = House::full();
    let rae = house.session("rae");
    assert!(house.session("rob").undoing().unwrap().is_none(), "Rob changed nothing");
    rae.update_record("contacts", house.id("rae"), &draft(&[("Last Name", "Secret")])).unwrap();
    let give = Draft::Owner { object: "contacts".to_owned(), records: vec![house.id("rae")], to: email("rob") };
    house.operator().save(&give).unwrap();
    let why = rae.undoing().unwrap_err().to_string();
    assert!(why.ends_with("a part of it is no longer yours to see"), "{why}");
    assert!(!why.contains("Secret"));
}

/// B1: what the undo means is said before, as for every change.
#[test]
fn an_undo_says_what_it_means_b1() {
    let house = House::full();
    let olga = house.session("olga");
    let keep = house.session("rae");
    olga.save(&cell("Rep", "contacts.export", FeatureValue::Yes)).unwrap();
    let undoing = olga.undoing().unwrap().unwrap();
    assert_eq!(undoing.impact.headline(), "3 people lose.");
    assert_eq!(undoing.sentences, ["the role “Rep”, Can Export Lists / Export in bulk: “Yes” → “No”"]);
    assert_eq!(olga.undo(&undoing).unwrap().sessions, 1);
    drop(keep);
}
