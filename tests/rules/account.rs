//! The account owner: made with the account, never removed, handed over with a password.

use rolecall::service::Password;
use rolecall::service::setup::NewAccount;
use rolecall::service::users::UserQuery;

use crate::house::{House, email};

const PASSWORD: &str = "a heron by the mill pond";

/// Olga with a password of her own.
fn signed_in(house: &House) -> rolecall::service::Session {
    let temporary = house.operator().reset_password(&email("olga")).unwrap();
    let olga = house.engine.sign_in(&email("olga"), &temporary, None).unwrap();
    assert!(olga.must_change_password, "R21");
    olga.session.change_password(&temporary, &Password::new(PASSWORD)).unwrap();
    house.engine.sign_in(&email("olga"), &Password::new(PASSWORD), None).unwrap().session
}

/// SPEC 002-02, 000-09.
#[test]
fn whoever_makes_the_account_owns_it() {
    let house = House::bare();
    let users = house.operator().users(&UserQuery::default()).unwrap();
    assert_eq!(users.len(), 1);
    assert_eq!((users[0].email.as_str(), users[0].role.as_str()), ("olga@team.example", "Account Owner"));
    let again = NewAccount {
        account: "Other".to_owned(),
        owner_name: "Mallory".to_owned(),
        owner_email: email("mallory"),
        password: None,
    };
    assert!(house.engine.create_account(&again).is_err(), "there is one account");
}

/// SPEC 000-03: each with a password of their own.
#[test]
fn everybody_signs_in_with_their_own_password() {
    let house = House::full();
    signed_in(&house);
    let theirs = house.operator().reset_password(&email("rae")).unwrap();
    assert!(house.engine.sign_in(&email("rae"), &Password::new(PASSWORD), None).is_err());
    assert!(house.engine.sign_in(&email("rob"), &theirs, None).is_err());
    let rae = house.engine.sign_in("RAE@team.example", &theirs, None).unwrap();
    assert!(rae.must_change_password);
    // One answer, whatever is wrong.
    let unknown = house.engine.sign_in("nobody@team.example", &theirs, None).unwrap_err().to_string();
    let wrong = house.engine.sign_in(&email("dan"), &theirs, None).unwrap_err().to_string();
    assert_eq!(unknown, wrong);
}

/// SPEC 002-03, R22: on the path that there is today, the file.
#[test]
fn nobody_removes_or_demotes_the_account_owner() {
    let house = House::full();
    for change in ["status = \"revoked\"", "manager = \"lea@team.example\""] {
        let file = format!("[[users]]\nemail = \"{}\"\nrole = \"Account Owner\"\n{change}", email("olga"));
        assert!(house.apply(&file).is_err(), "{change}");
    }
    let demoted = format!("[[users]]\nemail = \"{}\"\nrole = \"Rep\"", email("olga"));
    assert!(house.apply(&demoted).is_err());
    assert_eq!(house.session("olga").me().role, "Account Owner");
}

/// SPEC 003-15, R7: both roles in one step, with the owner's own password.
#[test]
fn after_a_transfer_there_is_exactly_one_owner() {
    let house = House::full();
    let olga = signed_in(&house);
    assert!(olga.transfer_ownership(&email("lea"), &Password::new("not the password")).is_err());
    assert!(olga.transfer_ownership(&email("gus"), &Password::new(PASSWORD)).is_err(), "not to somebody who left");
    assert!(house.session("adam").transfer_ownership(&email("adam"), &Password::new(PASSWORD)).is_err());
    olga.transfer_ownership(&email("rae"), &Password::new(PASSWORD)).unwrap();

    let users = house.operator().users(&UserQuery::default()).unwrap();
    let role = |who: &str| users.iter().find(|row| row.email == email(who)).unwrap().role.clone();
    assert_eq!(users.iter().filter(|row| row.role == "Account Owner").count(), 1);
    assert_eq!((role("rae").as_str(), role("olga").as_str()), ("Account Owner", "Administrator"));
    let rae = house.operator().user_detail(&email("rae")).unwrap();
    assert!(rae.row.manager.is_none() && rae.exceptions.unwrap().is_empty(), "the owner never has a manager");
    assert_eq!(house.list("rae"), house.list("eve"), "at once");
}

/// SPEC 002-05: an administrator holds everything but deleting the account, and touches neither the
/// owner nor themselves.
#[test]
fn an_administrator_is_nearly_the_owner() {
    let house = House::full();
    let adam = house.session("adam");
    assert!(!house.may("adam", "account.delete", None) && house.may("olga", "account.delete", None));
    for key in ["users.manage", "users.edit", "roles.manage", "account.billing", "audit.view"] {
        assert!(house.may("adam", key, None), "{key}");
    }
    assert!(adam.reset_password(&email("olga")).is_err(), "R31: the owner is touched by the owner alone");
    assert!(adam.transfer_ownership(&email("adam"), &Password::new(PASSWORD)).is_err());
    for (who, change) in
        [("adam", "status = \"revoked\""), ("olga", "status = \"revoked\""), ("adam", "manager = \"rae@team.example\"")]
    {
        let role = if who == "adam" { "Administrator" } else { "Account Owner" };
        let file = format!("[[users]]\nemail = \"{}\"\nrole = \"{role}\"\n{change}", email(who));
        let tried = adam.apply_team("team.toml", &file, rolecall::exchange::team_file::Format::Toml, false);
        assert!(tried.is_err(), "{who}: {change}");
    }
    let demoted = format!("[[users]]\nemail = \"{}\"\nrole = \"Rep\"", email("adam"));
    let tried = adam.apply_team("team.toml", &demoted, rolecall::exchange::team_file::Format::Toml, false);
    assert!(tried.is_err(), "nobody demotes themselves");
}
