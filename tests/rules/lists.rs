//! Whose records: scopes, owners, reporting lines.

use crate::house::{House, OWNERS, contacts, draft, email, query, set};

/// SPEC 004-14, 000-22.
#[test]
fn all_sees_every_contact() {
    let house = House::full();
    assert_eq!(house.list("eve"), set(OWNERS));
    assert_eq!(house.list("rex"), set(OWNERS));
    assert_eq!(house.list("olga"), set(OWNERS));
    assert_eq!(house.list("adam"), set(OWNERS));
}

/// SPEC 004-15, 000-23, R3: my roles are those who hold exactly my role.
#[test]
fn my_roles_sees_what_holders_of_the_same_role_own() {
    let house = House::full();
    assert_eq!(house.list("dan"), set(&["dan", "dee"]));
    assert_eq!(house.list("dee"), set(&["dan", "dee"]));
}

/// SPEC 004-16, 000-10, 000-23, R4: two managers with one role, each with their own people.
#[test]
fn my_subordinates_sees_those_who_report_to_me_and_not_to_another_manager() {
    let house = House::full();
    assert_eq!(house.list("lea"), set(&["lea", "rae", "rob"]));
    assert_eq!(house.list("leo"), set(&["leo", "rita"]));
}

/// SPEC 004-17, 000-23.
#[test]
fn owned_by_me_sees_what_i_own() {
    let house = House::full();
    assert_eq!(house.list("rae"), set(&["rae"]));
    assert_eq!(house.list("rita"), set(&["rita"]));
}

/// SPEC 000-07, 000-10: without personal managers the role tree counts, through all its levels.
#[test]
fn subordination_runs_through_the_whole_role_tree() {
    let house = House::bare();
    let roles = ["Sales Head", "Sales Lead", "Sales Rep"];
    let mut file = String::new();
    for (place, role) in roles.iter().enumerate() {
        let manager = if place == 0 { "Account Owner" } else { roles[place - 1] };
        file += &format!("[[roles]]\nname = \"{role}\"\nmanager = \"{manager}\"\n");
        file += "scopes.contacts = { view = \"subordinates\", edit = \"none\" }\n";
    }
    for (who, role) in [("hal", roles[0]), ("liz", roles[1]), ("ray", roles[2])] {
        file += &format!("[[users]]\nemail = \"{who}@team.example\"\nrole = \"{role}\"\n");
    }
    house.apply(&file).unwrap();
    for who in ["hal", "liz", "ray", "olga"] {
        house.contact(who, who, &[]);
    }
    assert_eq!(house.list("hal"), set(&["hal", "liz", "ray"]));
    assert_eq!(house.list("liz"), set(&["liz", "ray"]));
    assert_eq!(house.list("ray"), set(&["ray"]));
}

/// SPEC 000-24, 000-25, R12.
#[test]
fn create_and_edit_follow_their_scope() {
    let house = House::full();
    for (who, own, colleague, stranger) in [
        ("eve", true, true, true),
        ("dan", true, true, false),
        ("lea", true, true, false),
        ("rae", true, false, false),
        ("rex", false, false, false),
    ] {
        let (mate, other) = match who {
            "dan" => ("dee", "rae"),
            "lea" => ("rob", "rita"),
            "rae" => ("rob", "dan"),
            _ => ("dan", "rita"),
        };
        for (record, expected) in [(who, own), (mate, colleague), (other, stranger)] {
            assert_eq!(house.may(who, "contacts.edit", Some(record)), expected, "{who} editing {record}'s");
            assert_eq!(house.edit(who, record).is_ok(), expected, "{who} editing {record}'s");
        }
    }
    // Any value but None allows creating; the creator is the owner (R13).
    for who in ["eve", "dan", "lea", "rae"] {
        let id = house.session(who).create_record("contacts", &draft(&[("First Name", "New")])).unwrap().0;
        let made = house.operator().record("contacts", &id.to_string()).unwrap();
        assert_eq!(made.row.owner, email(who));
        assert!(house.may(who, "contacts.create", None));
    }
    // None: view only.
    let refused = house.session("rex").create_record("contacts", &draft(&[("First Name", "New")]));
    assert!(refused.is_err());
    assert!(!house.may("rex", "contacts.create", None));
    assert!(!house.session("rex").objects().iter().any(|object| object.key == "contacts" && object.may_create));
}

/// SPEC 000-26: both the delete scope and `may_delete`, and never further than view (R12).
#[test]
fn delete_follows_its_scope() {
    let house = House::full();
    for (who, record, expected) in [
        ("rae", "rob", false),
        ("rae", "rae", true),
        ("lea", "rita", false),
        ("lea", "rob", true),
        ("dan", "dan", false),
        ("rex", "rex", false),
        ("eve", "rita", true),
    ] {
        assert_eq!(house.may(who, "contacts.delete", Some(record)), expected, "{who} deleting {record}'s");
        assert_eq!(house.delete(who, record).is_ok(), expected, "{who} deleting {record}'s");
    }
    let gone = house.operator().record("contacts", "ext:rita");
    assert!(gone.is_err(), "{gone:?}");
    // The scope alone isn't enough.
    house
        .apply(
            "[[roles]]\nname = \"Everything\"\nmanager = \"Account Owner\"\nfeatures.\"contacts.may_delete\" = \"no\"",
        )
        .unwrap();
    assert!(house.delete("eve", "leo").is_err());
}

/// SPEC 000-11, 000-13, 000-27: the owner decides, at once, in a session that is already open.
#[test]
fn a_new_owner_changes_who_sees_and_edits_at_once() {
    let house = House::full();
    let (rae, rita) = (house.session("rae"), house.session("rita"));
    let id = house.id("rae");
    assert!(rae.record("contacts", &id.to_string()).is_ok());
    assert!(rita.record("contacts", &id.to_string()).is_err());

    let mut given = draft(&[]);
    given.owner = Some(email("rita"));
    rae.update_record("contacts", id, &given).unwrap();

    assert!(rae.record("contacts", &id.to_string()).is_err());
    assert_eq!(contacts(&rae).total, 0);
    let now = rita.record("contacts", &id.to_string()).unwrap();
    assert_eq!((now.row.owner, now.row.may_edit), (email("rita"), true));
    assert_eq!(house.list("lea"), set(&["lea", "rob"]));
    assert_eq!(house.list("leo"), set(&["leo", "rita", "rae"]));
}

/// SPEC 000-11: exactly one owner, who is an active user of the account (R13).
#[test]
fn an_owner_is_a_user_who_is_active() {
    let house = House::full();
    for who in ["nobody@team.example", "gus@team.example", "ivy@team.example", ""] {
        let mut given = draft(&[]);
        given.owner = Some(who.to_owned());
        assert!(house.session("rae").update_record("contacts", house.id("rae"), &given).is_err(), "{who}");
    }
}

/// SPEC 000-12: Records Owned, changing with the owner.
#[test]
fn records_owned_counts_what_i_own_as_soon_as_it_changes() {
    let house = House::full();
    let rae = house.session("rae");
    let owned = || rae.home().unwrap().owned.iter().find(|count| count.object == "contacts").unwrap().owned;
    assert_eq!(owned(), Some(1));
    let mut given = draft(&[]);
    given.owner = Some(email("rae"));
    house.operator().update_record("contacts", house.id("rob"), &given).unwrap();
    assert_eq!(owned(), Some(2));
    let mut mine = query();
    mine.filters = vec![("owner".to_owned(), email("rae"))];
    assert_eq!(rae.records(&mine).unwrap().total, 2);
}

/// SPEC 004-13 to 17, R32: search, filters and sorting never reach further than the list.
#[test]
fn search_filter_and_sort_stay_inside_the_list() {
    let house = House::full();
    house.contact("secret", "rita", &[("Last Name", "Zanzibar"), ("Lead Score", "99")]);
    let lea = house.session("lea");
    let mut search = query();
    search.search = Some("zanzibar".to_owned());
    assert_eq!(lea.records(&search).unwrap().total, 0);
    assert_eq!(house.session("leo").records(&search).unwrap().total, 1);
    let mut filter = query();
    filter.filters = vec![("Lead Score".to_owned(), "99".to_owned())];
    assert_eq!(lea.records(&filter).unwrap().total, 0);
    let mut sorted = query();
    sorted.sort = Some("Lead Score".to_owned());
    sorted.descending = true;
    assert_eq!(lea.records(&sorted).unwrap().total, 3);
}
