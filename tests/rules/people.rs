//! The people: who is listed, what is told of whom.

use std::collections::BTreeSet;

use rolecall::model::Status;
use rolecall::service::users::UserQuery;

use crate::house::{House, email, set};

fn emails(house: &House, who: &str, query: &UserQuery) -> BTreeSet<String> {
    house.session(who).users(query).unwrap().into_iter().map(|row| row.email).collect()
}

/// SPEC 000-03: the user name is the address, whatever its case, and unique.
#[test]
fn user_names_are_addresses_and_unique() {
    let house = House::full();
    assert_eq!(house.engine.acting_as("RAE@Team.Example").unwrap().me().email, email("rae"));
    let twice = "[[users]]\nemail = \"new@team.example\"\nrole = \"Rep\"\n[[users]]\nemail = \"NEW@team.example\"\nrole = \"Rep\"";
    assert!(house.apply(twice).is_err());
    assert!(house.apply("[[users]]\nemail = \"no address\"\nrole = \"Rep\"").is_err());
    let before = emails(&house, "olga", &UserQuery::default()).len();
    house.apply("[[users]]\nemail = \"RAE@TEAM.EXAMPLE\"\nrole = \"Rep\"").unwrap();
    assert_eq!(emails(&house, "olga", &UserQuery::default()).len(), before, "the same person");
}

/// SPEC 002-34: everybody sees the others, with name, role, email, status and manager, and no more.
#[test]
fn everybody_sees_the_other_users() {
    let house = House::full();
    let everybody = emails(&house, "olga", &UserQuery::default());
    assert_eq!(everybody.len(), 15);
    for who in ["fay", "rae", "rex"] {
        assert_eq!(emails(&house, who, &UserQuery::default()), everybody, "{who}");
        let detail = house.session(who).user_detail(&email("rob")).unwrap();
        assert_eq!(detail.row.manager.as_deref(), Some("Lea North"));
        assert_eq!((detail.row.role.as_str(), detail.row.status), ("Rep", Status::Active));
        assert!(detail.exceptions.is_none() && detail.addresses.is_none() && detail.row.last_seen.is_none(), "{who}");
    }
    let detail = house.session("adam").user_detail(&email("rob")).unwrap();
    assert!(detail.exceptions.is_some() && detail.addresses.is_some(), "with users.edit");
}

/// SPEC 003-09: several roles at once.
#[test]
fn the_list_can_be_narrowed_to_several_roles() {
    let house = House::full();
    let query = UserQuery { text: String::new(), roles: set(&["lead", "Desk"]) };
    let expected: BTreeSet<String> = ["lea", "leo", "dan", "dee"].into_iter().map(email).collect();
    assert_eq!(emails(&house, "rae", &query), expected);
    let query = UserQuery { text: "north".to_owned(), roles: set(&["Lead"]) };
    assert_eq!(emails(&house, "rae", &query), BTreeSet::from([email("lea")]));
}

/// SPEC 003-12: each line carries its role, the owner's included.
#[test]
fn each_line_carries_the_label_of_its_role() {
    let house = House::full();
    for row in house.session("uma").users(&UserQuery::default()).unwrap() {
        assert!(!row.role.is_empty(), "{}", row.email);
        assert_eq!(row.role == "Account Owner", row.email == email("olga"));
    }
}

/// SPEC 003-19: profile, as far as the reader may know it.
#[test]
fn opening_a_user_shows_their_profile() {
    let house = House::full();
    let lea = house.session("adam").user_detail(&email("lea")).unwrap();
    assert_eq!((lea.row.name.as_str(), lea.row.role.as_str()), ("Lea North", "Lead"));
    assert_eq!(
        lea.reports.iter().map(|member| member.name.as_str()).collect::<BTreeSet<_>>(),
        BTreeSet::from(["Ivy Later", "Rae", "Rob"])
    );
    assert!(house.session("adam").user_detail("nobody@team.example").is_err());
}

/// SPEC 001-16: role, manager of one's own, language.
#[test]
fn user_details_hold_role_manager_and_language() {
    let house = House::full();
    let file = format!(
        "[[users]]\nemail = \"{}\"\nrole = \"Desk\"\nmanager = \"{}\"\nlanguage = \"pt-BR\"",
        email("dan"),
        email("leo")
    );
    house.apply(&file).unwrap();
    let dan = house.session("adam").user_detail(&email("dan")).unwrap();
    assert_eq!(dan.row.manager_email, Some(email("leo")));
    assert_eq!(dan.language.as_deref(), Some("pt-BR"));
    assert_eq!(house.list("leo"), set(&["leo", "rita", "dan"]), "the manager counts at once");
    assert_eq!(house.session("rae").user_detail(&email("dan")).unwrap().language, None, "002-34");
    assert!(
        house.apply(&format!("[[users]]\nemail = \"{0}\"\nrole = \"Desk\"\nmanager = \"{0}\"", email("dan"))).is_err()
    );
}

/// SPEC 000-37, R27: an outside person goes through the same gate and takes no seat.
#[test]
fn account_managers_go_through_the_gate_and_take_no_seat() {
    let house = House::full();
    let seats = "[account]\nname = \"Team\"\nseats = 14\n";
    house.apply(seats).unwrap();
    let outside =
        "[[users]]\nemail = \"pam@agency.example\"\nname = \"Pam\"\nrole = \"Reader\"\naccount_manager = true";
    house.apply(outside).unwrap();
    let inside = format!("[[users]]\nemail = \"{}\"\nrole = \"Reader\"", email("zoe"));
    let full = house.apply(&inside).unwrap_err();
    assert!(full.contains("14"), "000-02: says how many seats there are: {full}");
    let pam = house.engine.acting_as("pam@agency.example").unwrap();
    assert!(pam.create_record("contacts", &crate::house::draft(&[("First Name", "X")])).is_err());
    assert!(pam.records(&crate::house::query()).unwrap().total > 0);
    assert!(pam.user_detail("pam@agency.example").unwrap().row.account_manager);
}

/// SPEC R8, R16: somebody who isn't active may do nothing, in a session that is open as well.
#[test]
fn somebody_who_is_not_active_may_do_nothing() {
    let house = House::full();
    for who in ["ivy", "gus"] {
        assert!(house.engine.acting_as(&email(who)).is_err(), "{who}");
        assert!(!house.may(who, "contacts.view", None));
    }
}
