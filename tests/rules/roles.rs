//! Roles: managers, the chart, members.

use crate::house::{House, email};

/// SPEC 000-06, 000-09: every role but Account Owner has a manager, which is a role.
#[test]
fn every_role_but_account_owner_has_a_manager() {
    let house = House::full();
    for role in house.session("olga").roles().unwrap() {
        assert_eq!(role.manager.is_none(), role.name == "Account Owner", "{}", role.name);
    }
    assert!(house.apply("[[roles]]\nname = \"Loose\"").is_err(), "not without a manager");
    assert!(house.apply("[[roles]]\nname = \"Loose\"\nmanager = \"Nobody\"").is_err(), "not with one that isn't there");
    assert!(house.operator().role_detail("Loose").is_err(), "nothing was kept");
}

/// SPEC 000-06, R4: no role stands above itself.
#[test]
fn a_circle_of_role_managers_is_refused() {
    let house = House::full();
    let circle = house.apply("[[roles]]\nname = \"Lead\"\nmanager = \"Rep\"").unwrap_err();
    assert!(circle.contains("Lead") && circle.contains("Rep"), "names the roles: {circle}");
    assert!(house.apply("[[roles]]\nname = \"Lead\"\nmanager = \"Lead\"").is_err());
    let lead = house.operator().role_detail("Lead").unwrap();
    assert_eq!(lead.row.manager.as_deref(), Some("Account Owner"));
}

/// SPEC R4: nor a person, by way of managers and roles together.
#[test]
fn a_circle_of_people_is_refused() {
    let house = House::full();
    let file = |who: &str, role: &str, manager: &str| {
        format!("[[users]]\nemail = \"{}\"\nrole = \"{role}\"\nmanager = \"{}\"\n", email(who), email(manager))
    };
    let direct = house.apply(&(file("dan", "Desk", "dee") + &file("dee", "Desk", "dan"))).unwrap_err();
    assert!(direct.contains("dan") || direct.contains("Dan"), "{direct}");
    // Lea has no manager of her own and stands under the owner; Rae reports to Lea.
    assert!(house.apply(&file("lea", "Lead", "rae")).is_err());
}

/// SPEC 000-04.
#[test]
fn everybody_has_exactly_one_role_and_a_role_has_many_people() {
    let house = House::full();
    let olga = house.session("olga");
    let roles = olga.roles().unwrap();
    for user in olga.users(&Default::default()).unwrap() {
        assert_eq!(roles.iter().filter(|role| role.name == user.role).count(), 1, "{}", user.email);
    }
    assert!(house.apply(&format!("[[users]]\nemail = \"{}\"", email("nora"))).is_err(), "not without a role");
    assert_eq!(olga.role_detail("Rep").unwrap().row.members.len(), 3);
}

/// SPEC 000-09, R6: one Account Owner role, of one user; locked.
#[test]
fn the_account_owner_role_is_one_persons_and_locked() {
    let house = House::full();
    let owner = house.operator().role_detail("Account Owner").unwrap();
    assert!(owner.row.locked && owner.row.manager.is_none());
    assert_eq!(owner.row.members.len(), 1);
    for role in ["Account Owner", "Administrator"] {
        assert!(house.apply(&format!("[[roles]]\nname = \"{role}\"\nmanager = \"Account Owner\"")).is_err(), "{role}");
    }
    let second = format!("[[users]]\nemail = \"{}\"\nrole = \"Account Owner\"", email("rae"));
    assert!(house.apply(&second).is_err(), "ownership never moves by a file");
}

/// SPEC 003-34, 003-35, R29: members as initials with their names, without the invited and the revoked.
#[test]
fn members_are_the_active_people_as_initials() {
    let house = House::full();
    let leads = house.session("olga").role_detail("Lead").unwrap().row.members;
    let shown: Vec<(&str, &str)> = leads.iter().map(|m| (m.initials.as_str(), m.name.as_str())).collect();
    assert_eq!(shown, [("LN", "Lea North"), ("LS", "Leo South")]);
    let reps = house.session("olga").role_detail("Rep").unwrap().row.members;
    assert!(reps.iter().all(|member| !["Ivy Later", "Gus Gone"].contains(&member.name.as_str())), "{reps:?}");
}

/// SPEC 001-05, 000-22, R2: the options are read whatever their case, as token or as shown.
#[test]
fn scopes_are_the_five_and_no_others() {
    let house = House::full();
    let with = |scope: &str| {
        house.apply(&format!(
            "[[roles]]\nname = \"Desk\"\nmanager = \"Account Owner\"\nscopes.contacts = {{ view = \"{scope}\" }}"
        ))
    };
    for scope in ["all", "roles", "subordinates", "own"] {
        assert!(with(scope).is_ok(), "{scope}");
    }
    assert!(with("none").is_err_and(|why| why.contains("contacts.access")), "R1: names the area's access");
    assert!(with("some").is_err());
}

/// SPEC 001-06: "me" is whoever holds the role: two holders of one role see different things.
#[test]
fn me_is_the_holder_of_the_role() {
    let house = House::full();
    assert_ne!(house.list("rae"), house.list("rob"));
    let help = house.session("olga").role_detail("Rep").unwrap();
    let contacts = help.areas.iter().find(|area| area.key == "contacts").unwrap();
    assert!(contacts.scopes.is_some());
}
