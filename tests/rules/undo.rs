//! Undo: one's own last change, taken back by a new commit, through the same gate (B5, R22, R31).

mod given;
mod many;
mod unseen;

use std::collections::BTreeMap;

use rolecall::model::{Exception, FeatureValue, Status};
use rolecall::service::RecordDraft;
use rolecall::service::Session;
use rolecall::service::bulk::{Act, Which};
use rolecall::service::delete_user::Heirs;
use rolecall::service::draft::Draft;
use rolecall::service::edit_roles::{Cell, CellValue, NewRole, RoleChange};
use rolecall::service::import::ImportOptions;
use rolecall::service::people::{NewUser, UserChange};
use rolecall::service::undo::TakesBack;

use crate::house::{GOING, House, OWNERS, contacts, draft, email, query};

fn undo(session: &Session) -> String {
    let undoing = session.undoing(&GOING).unwrap().expect("something to undo");
    session.undo(&undoing, &GOING).unwrap();
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
    assert!(olga.undoing(&GOING).unwrap().is_none(), "all is taken back");
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
        let undoing = olga.undoing(&GOING).unwrap().unwrap();
        assert!(!undoing.sentences.is_empty(), "{draft:?}");
        olga.undo(&undoing, &GOING).unwrap();
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
    let made = eve.create_record("contacts", &RecordDraft::default()).unwrap().0;
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
    adam.save(&cell("Rep", "contacts.export", FeatureValue::Request)).unwrap();
    let why = olga.undoing(&GOING).unwrap_err().to_string();
    assert!(why.contains("can't be undone") && why.contains("the role “Rep” was changed"), "{why}");
    undo(&adam);
    undo(&olga);
    // Between the question and the answer somebody else changes the same.
    olga.save(&named("rae", "One")).unwrap();
    let undoing = olga.undoing(&GOING).unwrap().unwrap();
    adam.save(&named("rae", "Two")).unwrap();
    assert!(olga.undo(&undoing, &GOING).is_err());
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
    let why = adam.undoing(&GOING).unwrap_err().to_string();
    assert!(why.contains("can't be undone"), "{why}");
    assert_eq!(olga.user_detail(&email("rob")).unwrap().row.name, "Robert");
}

/// R14, R32: what one may no longer see isn't shown by way of an undo; others' changes are nobody's
/// to undo but their own.
#[test]
fn an_undo_shows_nothing_that_may_not_be_seen_r14_r32() {
    let house = House::full();
    let rae = house.session("rae");
    assert!(house.session("rob").undoing(&GOING).unwrap().is_none(), "Rob changed nothing");
    rae.update_record("contacts", house.id("rae"), &draft(&[("Last Name", "Secret")])).unwrap();
    let give = Draft::Owner { object: "contacts".to_owned(), records: vec![house.id("rae")], to: email("rob") };
    house.operator().save(&give).unwrap();
    let why = rae.undoing(&GOING).unwrap_err().to_string();
    assert!(why.ends_with("the contact is no longer there, or no longer yours to see"), "{why}");
    assert!(!why.contains("Secret"));
    // A record out of view answers as one that is gone.
    house.operator().delete_record("contacts", house.id("rae")).unwrap();
    assert_eq!(rae.undoing(&GOING).unwrap_err().to_string(), why);
}

/// B1: what the undo means is said before, as for every change.
#[test]
fn an_undo_says_what_it_means_b1() {
    let house = House::full();
    let olga = house.session("olga");
    let keep = house.session("rae");
    olga.save(&cell("Rep", "contacts.export", FeatureValue::Yes)).unwrap();
    let undoing = olga.undoing(&GOING).unwrap().unwrap();
    assert_eq!(undoing.impact.headline(), "3 people lose.");
    assert_eq!(undoing.sentences, ["the role “Rep”, Can Export Lists / Export in bulk: “Yes” → “No”"]);
    assert_eq!(olga.undo(&undoing, &GOING).unwrap().sessions, 1);
    drop(keep);
}

/// R14, R24, R32: a deletion is for good, and the answer is the same whatever was left: nothing, records
/// that whoever deleted sees, or sealed ones.
#[test]
fn a_deletion_is_not_undone_whatever_was_left_r14_r32() {
    let mut answers = Vec::new();
    for left in [None, Some(false), Some(true)] {
        let house = House::full();
        house.apply("[[users]]\nemail = \"zed@team.example\"\nname = \"Zed\"\nrole = \"Rep\"\n").unwrap();
        if let Some(private) = left {
            let owned = RecordDraft { owner: Some(email("zed")), private: Some(private), ..draft(&[]) };
            house.operator().create_record("contacts", &owned).unwrap();
        }
        let adam = house.session("adam");
        adam.set_status(&email("zed"), Status::Revoked).unwrap();
        adam.delete_user(&email("zed"), &Heirs { records: email("dan"), ..Heirs::default() }).unwrap();
        answers.push(adam.undoing(&GOING).unwrap_err().to_string());
    }
    assert!(answers[0].contains("doesn't come back by an undo"), "{}", answers[0]);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

/// 003-22, R24: whoever was added goes as everybody does: revoked, then deleted with an heir.
#[test]
fn adding_somebody_is_not_undone_003_22_r24() {
    let house = House::full();
    let adam = house.session("adam");
    let new = NewUser { email: email("new"), name: "New".to_owned(), role: "Rep".to_owned(), ..NewUser::default() };
    adam.add_user(&new).unwrap();
    let why = adam.undoing(&GOING).unwrap_err().to_string();
    assert!(why.contains("revoke their access and delete them instead"), "{why}");
    assert!(adam.user_detail(&email("new")).is_ok());
}

const HIDDEN: &str = r#"
[[roles]]
name = "Rep"
manager = "Lead"
[roles.sections.contacts]
"Memberships" = { view = false, edit = false }
"Notes" = { view = true, edit = false }
"#;

/// R32: what changed since counts where the change touched it. What others wrote beside it stays, and
/// whoever undoes, not seeing it, isn't told.
#[test]
fn an_undo_looks_only_at_what_the_change_touched_r32() {
    for hidden in [None, Some("Plus"), Some("Basic")] {
        let house = House::full();
        house.apply(HIDDEN).unwrap();
        let rae = house.session("rae");
        let id = house.id("rae");
        rae.update_record("contacts", id, &draft(&[("Last Name", "New")])).unwrap();
        if let Some(membership) = hidden {
            let beside = draft(&[("Membership", membership), ("Phone", "555")]);
            house.operator().update_record("contacts", id, &beside).unwrap();
        }
        let undoing = rae.undoing(&GOING).unwrap().unwrap();
        assert!(undoing.sentences[0].ends_with("Last Name: “New” → nothing"), "{:?}", undoing.sentences);
        rae.undo(&undoing, &GOING).unwrap();
        let detail = house.operator().record("contacts", "ext:rae").unwrap();
        let shown: std::collections::BTreeMap<_, _> = detail.sections.iter().flat_map(|s| s.fields.clone()).collect();
        assert_eq!(shown["Last Name"], "");
        assert_eq!(shown["Membership"], hidden.unwrap_or_default());
        assert_eq!(shown["Phone"], hidden.map_or("", |_| "555"));
        // What the change touched was changed since.
        rae.update_record("contacts", id, &draft(&[("Last Name", "Newer")])).unwrap();
        house.operator().update_record("contacts", id, &draft(&[("Last Name", "Newest")])).unwrap();
        assert!(rae.undoing(&GOING).unwrap_err().to_string().contains("was changed since"));
    }
}

/// R32: a record that was made goes by an undo, whatever others wrote where whoever made it can't see.
#[test]
fn undoing_a_new_record_does_not_tell_what_others_wrote_unseen_r32() {
    for hidden in [false, true] {
        let house = House::full();
        house.apply(HIDDEN).unwrap();
        let rae = house.session("rae");
        let id = rae.create_record("contacts", &draft(&[("Last Name", "Made")])).unwrap().0;
        let beside = if hidden { ("Membership", "Plus") } else { ("Phone", "555") };
        house.operator().update_record("contacts", id, &draft(&[beside])).unwrap();
        assert_eq!(rae.undoing(&GOING).is_ok(), hidden, "what is in view is told, what isn't isn't");
    }
}

/// R32: a deleted record comes back by rights alone: whether it held something where whoever deleted it
/// may not write isn't told.
#[test]
fn a_deleted_record_comes_back_by_rights_alone_r32() {
    let mut answers = Vec::new();
    for fields in [&[][..], &[("Membership", "Plus")], &[("Notes", "long")]] {
        let house = House::full();
        house.apply(HIDDEN).unwrap();
        house.contact("kept", "rae", fields);
        let rae = house.session("rae");
        rae.delete_record("contacts", house.id("kept")).unwrap();
        answers.push(rae.undoing(&GOING).unwrap_err().to_string());
    }
    assert!(answers[0].contains("can change every section"), "{}", answers[0]);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

/// SPEC 000-04, B5: who goes back to a role that comes back with the same undo is said to go there.
#[test]
fn an_undo_names_the_roles_that_it_brings_back() {
    let house = House::full();
    let olga = house.session("olga");
    olga.delete_role("Desk", Some("Reader")).unwrap();
    let said = olga.undoing(&GOING).unwrap().unwrap().sentences.join("\n");
    assert!(said.contains("“Reader” → “Desk”"), "{said}");
}

fn allow(house: &House, role: &str, features: &str) {
    let file = format!("[[roles]]\nname = \"{role}\"\nmanager = \"Account Owner\"\n[roles.features]\n{features}");
    house.apply(&file).unwrap();
}

/// B5: a change that can't be undone doesn't bar the way to those before it: it is told with the
/// reason, and the next older one that can be is offered. What was undone is never offered again.
#[test]
fn what_cannot_be_undone_does_not_bar_the_way_to_older_changes_b5() {
    let house = House::full();
    let adam = house.session("adam");
    let name = || adam.user_detail(&email("rae")).unwrap().row.name;
    adam.save(&named("rae", "One")).unwrap();
    adam.save(&named("rob", "Robert")).unwrap();
    let new = NewUser { email: email("new"), name: "New".to_owned(), role: "Rep".to_owned(), ..NewUser::default() };
    adam.add_user(&new).unwrap();
    let undoing = adam.undoing(&GOING).unwrap().unwrap();
    assert_eq!(undoing.reason, "change rob@team.example");
    let [standing] = undoing.newer.as_slice() else { panic!("{:?}", undoing.newer) };
    assert_eq!(standing.reason, "add new@team.example");
    assert!(standing.why.contains("revoke their access and delete them instead"), "{}", standing.why);
    adam.undo(&undoing, &GOING).unwrap();
    assert_eq!(adam.user_detail(&email("rob")).unwrap().row.name, "Rob");
    assert_eq!(undo(&adam), "change rae@team.example");
    assert_eq!(name(), "Rae");
    let why = adam.undoing(&GOING).unwrap_err().to_string();
    assert!(why.starts_with("your last change, “add new@team.example”, can't be undone"), "{why}");
    assert!(adam.user_detail(&email("new")).is_ok());
}

/// B5: an older change whose values were written over since is stale, by whomever, and is said to be.
#[test]
fn an_older_change_that_was_written_over_says_so_b5() {
    let house = House::full();
    let eve = house.session("eve");
    let id = house.id("rae");
    eve.update_record("contacts", house.id("rob"), &draft(&[("Last Name", "Before")])).unwrap();
    eve.update_record("contacts", id, &draft(&[("Last Name", "One")])).unwrap();
    eve.update_record("contacts", id, &draft(&[("Last Name", "Two")])).unwrap();
    house.operator().update_record("contacts", id, &draft(&[("Last Name", "Three")])).unwrap();
    let undoing = eve.undoing(&GOING).unwrap().unwrap();
    let why: Vec<&str> = undoing.newer.iter().map(|standing| standing.why.as_str()).collect();
    assert_eq!(why, ["contact “Contact of rae Three” was changed since"; 2], "both, by the name that is seen");
    assert_eq!(undoing.sentences, ["contact “Contact of rob”, Last Name: “Before” → nothing"]);
    eve.undo(&undoing, &GOING).unwrap();
    let shown = house.operator().record("contacts", "ext:rae").unwrap();
    assert!(shown.sections[0].fields.contains(&("Last Name".to_owned(), "Three".to_owned())));
}

/// B5, R16: two sessions of one person: what one took back, the other doesn't take back again, and
/// what was asked about before the other went on isn't done.
#[test]
fn two_sessions_of_one_person_do_not_undo_past_each_other_b5_r16() {
    let house = House::full();
    let (here, there) = (house.session("olga"), house.session("olga"));
    let name = || here.user_detail(&email("rae")).unwrap().row.name;
    here.save(&named("rae", "One")).unwrap();
    here.save(&named("rae", "Two")).unwrap();
    let asked = here.undoing(&GOING).unwrap().unwrap();
    undo(&there);
    let why = here.undo(&asked, &GOING).unwrap_err().to_string();
    assert_eq!((why.as_str(), name().as_str()), ("it was taken back already", "One"));
    let asked = here.undoing(&GOING).unwrap().unwrap();
    there.save(&named("rob", "Robert")).unwrap();
    let why = here.undo(&asked, &GOING).unwrap_err().to_string();
    assert!(why.contains("you changed something else meanwhile"), "{why}");
    assert_eq!(name(), "One");
    assert_eq!(undo(&here), "change rob@team.example", "the other session's is the last");
    assert_eq!(undo(&there), "change rae@team.example");
    assert_eq!(name(), "Rae");
}

/// What a save says of undo is what undo does: over every kind of change.
#[test]
fn what_is_said_of_undo_is_what_it_does_r14_r24() {
    let house = House::full();
    let olga = house.session("olga");
    let new = NewUser { email: email("new"), name: "New".to_owned(), role: "Rep".to_owned(), ..NewUser::default() };
    let heirs = Heirs { records: email("dan"), ..Heirs::default() };
    let drafts = [
        (named("rae", "One"), TakesBack::Whole),
        (cell("Rep", "contacts.export", FeatureValue::Yes), TakesBack::Whole),
        (Draft::NewUser(new), TakesBack::Nothing),
        (Draft::Status { email: email("gus"), status: Status::Active }, TakesBack::Whole),
        (Draft::Status { email: email("gus"), status: Status::Revoked }, TakesBack::Whole),
        (Draft::DeleteUser { email: email("gus"), heirs }, TakesBack::Nothing),
        (named("rae", "One"), TakesBack::Nothing),
    ];
    for (draft, says) in drafts {
        let saved = olga.save(&draft).unwrap();
        assert_eq!(saved.takes_back, says, "{draft:?}");
        let first = olga.undoing(&GOING).unwrap().unwrap();
        let is_first = first.newer.is_empty() && first.stays.is_none();
        assert!(says != TakesBack::Whole || is_first, "{draft:?}: {first:?}");
    }
    let (_, saved) = olga.create_record("contacts", &draft(&[("First Name", "Ann")])).unwrap();
    assert_eq!(saved.takes_back, TakesBack::Whole);
}

/// B5, R32: what others changed beside it, on the same role or person, stays, and an exception that whoever
/// undoes may not know of doesn't stand in the way.
#[test]
fn what_others_changed_beside_it_stays_and_bars_nothing_b5_r32() {
    let house = House::full();
    let (olga, adam) = (house.session("olga"), house.session("adam"));
    olga.save(&cell("Rep", "contacts.export", FeatureValue::Yes)).unwrap();
    olga.save(&named("rae", "One")).unwrap();
    adam.save(&cell("Rep", "tasks.cancel", FeatureValue::Yes)).unwrap();
    let exception = Some(Exception { visible: true, until: None });
    adam.save(&Draft::Exception { email: email("rae"), key: "purchases.refund".to_owned(), exception }).unwrap();
    undo(&olga);
    undo(&olga);
    let rae = house.session("rae");
    assert_eq!(olga.user_detail(&email("rae")).unwrap().row.name, "Rae");
    let features = ["contacts.export", "tasks.cancel", "purchases.refund"].map(|key| rae.feature(key));
    assert_eq!(features, [FeatureValue::No, FeatureValue::Yes, FeatureValue::Yes]);
    // What is gone is said to be gone.
    olga.save(&cell("Desk", "contacts.export", FeatureValue::Yes)).unwrap();
    adam.delete_role("Desk", Some("Reader")).unwrap();
    let why = olga.undoing(&GOING).unwrap_err().to_string();
    assert!(why.ends_with("the role “Desk” is no longer there"), "{why}");
}
