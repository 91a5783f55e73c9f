//! Roles: managers, the chart, members.

use rolecall::model::{FeatureValue, Scope, SectionAccess};
use rolecall::service::edit_roles::{Cell, CellValue, NewRole, RoleChange, Verb};
use rolecall::service::matrix::Board;

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

fn new_role(name: &str, manager: &str) -> NewRole {
    NewRole { name: name.to_owned(), manager: manager.to_owned(), ..NewRole::default() }
}

fn names(house: &House) -> Vec<String> {
    house.operator().roles().unwrap().into_iter().map(|role| role.name).collect()
}

/// SPEC 000-29, 001-04, 001-09: a role comes with its permissions, all of it at once.
#[test]
fn a_new_role_comes_with_its_permissions() {
    let house = House::full();
    let olga = house.session("olga");
    let mut new = new_role("Trainee", "Rep");
    new.cells = vec![
        (Cell::Feature("contacts.access".to_owned()), CellValue::Feature(FeatureValue::Yes)),
        (Cell::Feature("tasks.cancel".to_owned()), CellValue::Feature(FeatureValue::No)),
        (Cell::Scope("contacts".to_owned(), Verb::Edit), CellValue::Scope(Scope::Own)),
        (Cell::Section("contacts".to_owned(), "Notes".to_owned()), CellValue::Section(SectionAccess::View)),
    ];
    let sketched = Board::new(olga.sketched_matrix(&new).unwrap());
    assert!(olga.role_detail("Trainee").is_err(), "nothing applies before save");
    olga.add_role(&new).unwrap();
    let role = olga.role_detail("Trainee").unwrap();
    let saved = Board::new(olga.matrix().unwrap());
    let column = saved.matrix().columns().iter().position(|column| column.name() == "Trainee").unwrap();
    for row in 0..saved.matrix().rows().len() {
        assert_eq!(sketched.value(row, 0), saved.value(row, column), "{}", saved.matrix().rows()[row].code);
    }
    let tasks = role.areas.iter().find(|area| area.key == "tasks").unwrap();
    for feature in &tasks.features {
        let expected = if feature.key == "tasks.cancel" { FeatureValue::No } else { FeatureValue::Yes };
        assert_eq!(feature.value, expected, "{}", feature.key);
    }
    assert!(olga.add_role(&new_role("Loose", "")).is_err(), "000-06: not without a manager");
    assert!(house.session("uma").add_role(&new_role("Mine", "Rep")).is_err(), "003-26");
}

/// SPEC 003-33: the account's own roles are re-ordered, the order lasts, shipped ones don't move.
#[test]
fn own_roles_are_reordered_and_shipped_ones_are_not() {
    let house = House::full();
    let olga = house.session("olga");
    let before = names(&house);
    let order = ["Everything", "Reader", "Lead", "Desk", "Rep"].map(str::to_owned);
    olga.order_roles(&order).unwrap();
    let after = names(&house);
    assert_eq!(after[after.len() - 5..], order);
    assert_eq!(after[..after.len() - 5], before[..before.len() - 5]);
    olga.add_role(&new_role("Last", "Rep")).unwrap();
    assert_eq!(names(&house).last().map(String::as_str), Some("Last"));
    let refused = olga.order_roles(&["Sales".to_owned()]).unwrap_err().to_string();
    assert!(refused.contains("keeps its place"), "{refused}");
    let mut turned = order.to_vec();
    turned.reverse();
    assert!(house.session("uma").order_roles(&turned).is_err());
}

/// SPEC R19, 000-06: members and child roles go to the replacement in the same step.
#[test]
fn deleting_a_role_asks_for_the_one_that_takes_its_place() {
    let house = House::full();
    let olga = house.session("olga");
    let asked = olga.delete_role("Lead", None).unwrap_err().to_string();
    assert!(asked.contains("2 members") && asked.contains("1 roles") || asked.contains("1 role "), "{asked}");
    assert!(olga.delete_role("Lead", Some("Lead")).is_err());
    // The heir is a child: it moves up, so that nobody stands above themselves.
    olga.delete_role("Lead", Some("Rep")).unwrap();
    let rep = olga.role_detail("Rep").unwrap().row;
    assert_eq!(rep.manager.as_deref(), Some("Account Owner"));
    assert!(rep.members.iter().any(|member| member.name == "Lea North"));
    assert!(olga.role_detail("Lead").is_err());
    assert!(olga.delete_role("Sales", Some("Rep")).is_err(), "003-31: came with the product");
}

/// SPEC R19: nor where the heir stands two steps below.
#[test]
fn the_one_that_takes_the_place_may_stand_further_below() {
    let house = House::full();
    let olga = house.session("olga");
    for (name, manager) in [("One", "Account Owner"), ("Two", "One"), ("Three", "Two"), ("Beside", "One")] {
        olga.add_role(&new_role(name, manager)).unwrap();
    }
    olga.delete_role("One", Some("Three")).unwrap();
    let manager = |name: &str| olga.role_detail(name).unwrap().row.manager.unwrap();
    assert_eq!(
        ["Two", "Three", "Beside"].map(manager),
        ["Account Owner".to_owned(), "Two".to_owned(), "Three".to_owned()]
    );
}

/// SPEC R31: the list of roles that may be assigned is set by whoever holds them.
#[test]
fn the_roles_that_may_be_assigned_are_listed_by_whoever_holds_them() {
    let house = House::full();
    let olga = house.session("olga");
    let list = |names: &[&str]| {
        let change = RoleChange {
            may_assign: Some(names.iter().map(|name| (*name).to_owned()).collect()),
            ..RoleChange::default()
        };
        olga.change_roles(&[("Lead".to_owned(), change)].into())
    };
    list(&["Rep", "Desk"]).unwrap();
    assert_eq!(olga.role_detail("Lead").unwrap().row.may_assign, ["Rep", "Desk"]);
    assert!(list(&["Administrator"]).is_err());
    list(&[]).unwrap();
    assert!(olga.role_detail("Lead").unwrap().row.may_assign.is_empty());
}

/// SPEC R11: a viewer doesn't read in a role what sections there are that they may not view.
#[test]
fn a_role_is_read_without_the_sections_that_the_reader_may_not_view() {
    let house = House::full();
    house
        .apply(
            "[[roles]]\nname = \"Rep\"\nmanager = \"Lead\"\nsections.contacts.Notes = { view = false, edit = false }",
        )
        .unwrap();
    let sections = |who: &str| {
        let detail = house.session(who).role_detail("Desk").unwrap();
        detail.areas.into_iter().flat_map(|area| area.sections).filter(|(name, _)| name == "Notes").count()
    };
    assert_eq!((sections("olga"), sections("rae")), (1, 0));
}
