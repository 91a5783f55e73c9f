//! The four types and what each can hold (002).

use rolecall::model::{FeatureValue, RoleType};

use crate::house::{House, draft, email, query, set};

/// Owner, Administrator, User, Focused User of the house.
const FOUR: [&str; 4] = ["olga", "adam", "uma", "fay"];

fn row(house: &House, key: &str) -> [FeatureValue; 4] {
    FOUR.map(|who| house.feature(who, key))
}

/// SPEC 002-01.
#[test]
fn there_are_exactly_four_types() {
    let house = House::full();
    let types: Vec<RoleType> = FOUR.iter().map(|who| house.session(who).me().role_type).collect();
    assert_eq!(types, [RoleType::AccountOwner, RoleType::Administrator, RoleType::User, RoleType::Focused]);
    assert_eq!(RoleType::ALL.len(), 4);
    let fifth = house.apply("[[roles]]\nname = \"Guest\"\nmanager = \"Account Owner\"\ntype = \"guest\"");
    assert!(fifth.is_err());
    let second = house.apply("[[roles]]\nname = \"Boss\"\nmanager = \"Account Owner\"\ntype = \"owner\"");
    assert!(second.is_err(), "the owner's type is the owner's role alone");
}

/// SPEC 002-10 to 15: the fixed rows.
#[test]
fn the_fixed_rows_of_the_table() {
    use FeatureValue::{No, Yes};
    let house = House::full();
    assert_eq!(row(&house, "users.manage"), [Yes, Yes, No, No], "002-10");
    assert_eq!(row(&house, "account.delete"), [Yes, No, No, No], "002-11");
    assert_eq!(row(&house, "account.billing"), [Yes, Yes, No, No], "002-12");
    assert_eq!(row(&house, "account.settings"), [Yes, Yes, No, No], "002-13");
    assert_eq!(row(&house, "account.customize"), [Yes, Yes, No, No], "002-14");
    assert_eq!(row(&house, "users.edit"), [Yes, Yes, No, No], "002-15");
    assert_eq!(row(&house, "contacts.may_delete"), [Yes, Yes, No, No], "002-16");
}

/// SPEC 002-09, 002-17 to 29: the rows that can be asked for.
#[test]
fn the_requestable_rows_of_the_table() {
    use FeatureValue::{Request, Yes};
    let house = House::full();
    for key in [
        "contacts.private",
        "contacts.export",
        "deals.export",
        "contacts.google",
        "contacts.vcard",
        "deals.may_delete",
        "deals.pipeline",
        "reports.targets",
        "deals.items",
        "activity.access",
        "reports.edit",
        "contacts.bulk_status",
        "contacts.bulk_owner",
        "automation.autoflows",
    ] {
        assert_eq!(row(&house, key), [Yes, Yes, Request, Request], "{key}");
    }
}

/// SPEC 002-10 to 15, R9: ceilings hold whatever a file says.
#[test]
fn a_role_cannot_be_given_more_than_its_type_can_hold() {
    let house = House::full();
    for key in [
        "users.manage",
        "users.edit",
        "roles.manage",
        "account.billing",
        "account.settings",
        "account.customize",
        "requests.answer",
        "account.delete",
    ] {
        for role_type in ["user", "focused"] {
            let file = format!(
                "[[roles]]\nname = \"Greedy\"\nmanager = \"Account Owner\"\ntype = \"{role_type}\"\nfeatures.\"{key}\" = \"yes\""
            );
            let _ = house.apply(&file);
            if house.operator().role_detail("Greedy").is_ok() {
                house.apply(&format!("[[users]]\nemail = \"{}\"\nrole = \"Greedy\"", email("greg"))).unwrap();
                assert_eq!(house.feature("greg", key), FeatureValue::No, "{key} for {role_type}");
            }
        }
    }
    let file = "[[roles]]\nname = \"Half\"\nmanager = \"Account Owner\"\ntype = \"administrator\"\nfeatures.\"users.edit\" = \"yes\"";
    house.apply(file).unwrap();
    house.apply(&format!("[[users]]\nemail = \"{}\"\nrole = \"Half\"", email("hank"))).unwrap();
    assert_eq!(house.feature("hank", "users.edit"), FeatureValue::Yes);
    assert_eq!(house.feature("hank", "users.manage"), FeatureValue::No, "R6: just what is set on it");
}

/// SPEC 002-16, R9: "Delete Contacts" is no ceiling; a role may grant it.
#[test]
fn deleting_contacts_can_be_granted_by_a_role() {
    let house = House::full();
    assert!(!house.may("uma", "contacts.delete", Some("uma")));
    assert!(house.may("eve", "contacts.delete", Some("uma")));
    let asked =
        "[[roles]]\nname = \"User\"\nmanager = \"Account Owner\"\nfeatures.\"contacts.may_delete\" = \"request\"";
    assert!(house.apply(asked).is_err(), "it can't be requested");
}

/// SPEC 002-07, R8: owned or assigned, by whatever way it is tried.
#[test]
fn a_focused_user_reaches_what_they_own_or_are_assigned_to_and_nothing_else() {
    let house = House::full();
    let mut shared = draft(&[("First Name", "Shared"), ("Last Name", "Quokka")]);
    shared.owner = Some(email("rita"));
    shared.assigned = Some(vec![email("fay")]);
    shared.external_id = Some("shared".to_owned());
    house.operator().create_record("contacts", &shared).unwrap();
    house.contact("hidden", "rita", &[("Last Name", "Wombat")]);

    // The role says view All; the type says otherwise.
    assert_eq!(house.list("fay"), set(&["fay", "shared"]));
    let fay = house.session("fay");
    for (text, found) in [("quokka", 1), ("wombat", 0)] {
        let mut search = query();
        search.search = Some(text.to_owned());
        assert_eq!(fay.records(&search).unwrap().total, found, "{text}");
    }
    let absent = fay.record("contacts", "ext:hidden").unwrap_err().to_string();
    assert_eq!(absent, fay.record("contacts", "ext:nonsense").unwrap_err().to_string());
    assert!(house.edit("fay", "shared").is_ok() && house.edit("fay", "hidden").is_err());
    let counts = fay.home().unwrap();
    let contacts = counts.owned.iter().find(|count| count.object == "contacts").unwrap();
    assert_eq!((contacts.owned, contacts.visible), (Some(1), Some(2)));
    // Creating stays possible and makes the user the owner.
    let id = fay.create_record("contacts", &draft(&[("First Name", "Mine")])).unwrap().0;
    assert_eq!(fay.record("contacts", &id.to_string()).unwrap().row.owner, email("fay"));
    // Assignment gives nobody else anything.
    let mut assigned = draft(&[]);
    assigned.assigned = Some(vec![email("fay"), email("rae")]);
    house.operator().update_record("contacts", house.id("shared"), &assigned).unwrap();
    assert_eq!(house.list("rae"), set(&["rae"]));
}

/// SPEC 002-32.
#[test]
fn users_and_focused_users_add_view_and_update_contacts() {
    let house = House::full();
    for who in ["uma", "fay"] {
        let session = house.session(who);
        let id = session.create_record("contacts", &draft(&[("First Name", "New")])).unwrap().0;
        session.update_record("contacts", id, &draft(&[("Status", "Lead")])).unwrap();
        assert_eq!(session.record("contacts", &id.to_string()).unwrap().row.owner, email(who));
    }
    assert!(house.edit("uma", "rita").is_ok(), "a shared database");
}
