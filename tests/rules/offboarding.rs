//! Letting people go: revoked, let in again, deleted for good with everything handed over.

use rolecall::model::Status;
use rolecall::service::Password;
use rolecall::service::audit::AuditQuery;
use rolecall::service::delete_user::{Heirs, NextManager};
use rolecall::service::people::{NewUser, UserChange};
use rolecall::service::records::RecordQuery;
use rolecall::service::users::UserQuery;

use crate::house::{GOING, House, contacts, draft, email, set};

fn heirs(records: &str, manager: Option<&str>) -> Heirs {
    let manager = manager.map_or(NextManager::Unanswered, |who| NextManager::Person(email(who)));
    Heirs { records: email(records), manager }
}

fn refused<T: std::fmt::Debug>(result: Result<T, rolecall::service::ServiceError>, words: &str) {
    let said = result.unwrap_err().to_string();
    assert!(said.contains(words), "{said}");
}

/// SPEC 003-21, 003-22: a revoked user can't sign in, stays listed, and can be let in again.
#[test]
fn a_revoked_user_stays_listed_and_can_be_let_in_again() {
    let house = House::full();
    let adam = house.session("adam");
    let password = adam.give_temporary_password(&email("rae")).unwrap();
    let rae = house.engine.sign_in(&email("rae"), &password, None).unwrap().session;
    adam.set_status(&email("rae"), Status::Revoked).unwrap();
    assert!(!rae.is_live(), "R16: at once");
    assert!(house.engine.sign_in(&email("rae"), &password, None).is_err());
    let row = |who: &str| adam.users(&UserQuery::default()).unwrap().into_iter().find(|row| row.email == email(who));
    assert_eq!(row("rae").unwrap().status, Status::Revoked);
    assert!(house.list("lea").contains("rae"), "R24: what they own stays theirs for now");
    let detail = adam.user_detail(&email("rae")).unwrap();
    assert!(detail.acts.revoke.is_some() && detail.acts.reset.is_some());
    assert_eq!((detail.acts.reactivate, detail.acts.delete), (None, None));
    refused(adam.give_temporary_password(&email("rae")), "reactivate");
    adam.set_status(&email("rae"), Status::Active).unwrap();
    assert!(house.engine.sign_in(&email("rae"), &password, None).is_ok());
}

/// SPEC 003-22: deleting is only from revoked; R24: it asks for an heir, whatever there is to inherit.
#[test]
fn only_the_revoked_are_deleted_and_only_with_an_heir() {
    let house = House::full();
    let adam = house.session("adam");
    refused(adam.delete_user(&email("rae"), &heirs("rob", None)), "revoke their access first");
    assert!(adam.user_detail(&email("rae")).unwrap().acts.delete.is_some());
    adam.set_status(&email("rae"), Status::Revoked).unwrap();
    refused(adam.delete_user(&email("rae"), &Heirs::default()), "who takes over");
    // Gus owns nothing: the same is asked.
    refused(adam.delete_user(&email("gus"), &Heirs::default()), "who takes over");
    refused(adam.delete_user(&email("rae"), &heirs("gus", None)), "revoked");
    refused(adam.delete_user(&email("rae"), &heirs("ivy", None)), "invited");
    refused(adam.delete_user(&email("rae"), &heirs("rae", None)), "somebody else");
    refused(adam.delete_user(&email("rae"), &heirs("nobody", None)), "no user");
    assert!(adam.user_detail(&email("rae")).is_ok(), "nothing was changed");
    adam.delete_user(&email("rae"), &heirs("rob", None)).unwrap();
    assert!(adam.user_detail(&email("rae")).is_err());
    assert!(house.list("rob").contains("rae"), "their contact has a new owner");
}

/// SPEC R24: owner, assignments and reports in one step; R30: the name stays in the history alone.
#[test]
fn everything_is_handed_over_in_one_step() {
    let house = House::full();
    let adam = house.session("adam");
    // Lea leads Rae, Rob and Ivy, owns a contact and is assigned to Dan's.
    let mut assigned = draft(&[]);
    assigned.assigned = Some(vec![email("lea"), email("fay")]);
    house.operator().update_record("contacts", house.id("dan"), &assigned).unwrap();
    adam.set_status(&email("lea"), Status::Revoked).unwrap();
    adam.delete_user(&email("lea"), &heirs("leo", Some("leo"))).unwrap();
    assert_eq!(house.list("leo"), set(&["leo", "rita", "lea", "rae", "rob"]), "what she owned and whom she led");
    let dan = house.operator().record("contacts", "ext:dan").unwrap();
    assert_eq!(dan.row.assigned, [email("fay")]);
    assert_eq!(dan.row.owner, email("dan"), "what she was only assigned to keeps its owner");
    assert!(adam.users(&UserQuery { text: "lea north".to_owned(), ..UserQuery::default() }).unwrap().is_empty());
    let page = adam.records(&RecordQuery { search: Some("Lea North".to_owned()), ..crate::house::query() });
    assert_eq!(page.unwrap().total, 0);
    let told = adam.audit(&AuditQuery { limit: 1, before: None }).unwrap();
    assert_eq!(told[0].reason, format!("delete {}", email("lea")));
    assert!(told[0].lines.iter().any(|line| line.subject.contains("Lea North") || line.subject.contains("lea@")));
    // One commit, so that it is undone as one.
    assert!(told[0].lines.len() > 4, "{:?}", told[0].lines);
}

/// SPEC R4, R24: whoever reported to somebody who goes gets another manager, or it is said that the
/// role tree decides: it isn't taken for granted, because more people see what they own then.
#[test]
fn without_another_manager_the_role_tree_decides() {
    let house = House::full();
    house.session("adam").set_status(&email("leo"), Status::Revoked).unwrap();
    let adam = house.session("adam");
    refused(adam.delete_user(&email("leo"), &heirs("lea", None)), "choose a new manager for Rita, Gus Gone");
    assert!(!house.list("lea").contains("rita"), "nothing was changed");
    let heirs = Heirs { records: email("lea"), manager: NextManager::RoleTree };
    adam.delete_user(&email("leo"), &heirs).unwrap();
    let rita = house.operator().user_detail(&email("rita")).unwrap();
    assert_eq!(rita.row.manager, None);
    assert!(house.list("lea").contains("rita"), "a Lead stands above every Rep without a manager");
}

/// SPEC R14, R24, R32: sealed contacts go to the heir, logged, and whoever deletes is neither shown
/// them nor told whether there are any.
#[test]
fn sealed_contacts_go_to_the_heir_unseen() {
    let (house, other) = (House::full(), House::full());
    let mut sealed = draft(&[("First Name", "A secret")]);
    (sealed.owner, sealed.private) = (Some(email("eve")), Some(true));
    sealed.external_id = Some("sealed".to_owned());
    house.operator().create_record("contacts", &sealed).unwrap();
    let mut said: Vec<Vec<String>> = Vec::new();
    for house in [&house, &other] {
        let adam = house.session("adam");
        let mut answers = vec![
            format!("{:?}", adam.records_owned(&email("eve")).unwrap()),
            format!("{:?}", adam.delete_user(&email("eve"), &heirs("uma", None)).map_err(|e| e.to_string())),
        ];
        adam.set_status(&email("eve"), Status::Revoked).unwrap();
        answers.push(format!("{:?}", adam.delete_user(&email("eve"), &Heirs::default()).map_err(|e| e.to_string())));
        answers.push(format!("{:?}", adam.user_detail(&email("eve")).unwrap()));
        answers.push(format!("{:?}", adam.delete_user(&email("eve"), &heirs("uma", None)).map_err(|e| e.to_string())));
        answers.push(format!("{:?}", contacts(&adam).total));
        answers.push(format!("{:?}", adam.undoing(&GOING).map_err(|error| error.to_string())));
        refused(adam.undoing(&GOING), "doesn't come back by an undo");
        answers.push(format!("{:?}", adam.records_owned(&email("uma")).unwrap()));
        assert!(adam.record("contacts", "ext:sealed").is_err());
        let told = adam.audit(&AuditQuery { limit: 3, before: None }).unwrap();
        answers
            .push(format!("{:?}", told.iter().take(2).map(|entry| (&entry.reason, &entry.lines)).collect::<Vec<_>>()));
        assert!(!answers.concat().contains("secret"));
        said.push(answers);
    }
    // The IDs of the contacts that both may see are drawn by chance; no other word may differ.
    let letters = |answers: &[String]| {
        let known: Vec<String> =
            answers.iter().map(|answer| answer.replace(|c: char| c.is_ascii_hexdigit(), "")).collect();
        known
    };
    assert_eq!(letters(&said[0]), letters(&said[1]));
    let uma = house.session("uma").record("contacts", "ext:sealed").unwrap();
    assert!(uma.row.private && uma.row.owner == email("uma"), "it stays sealed for its next owner");
    let told = house.operator().audit(&AuditQuery { limit: 1, before: None }).unwrap();
    assert!(told[0].lines.iter().any(|line| line.subject == "contact “A secret”"), "logged: {:?}", told[0].lines);
}

/// SPEC R22, 002-03, 002-04, 002-05: nobody deletes or revokes the owner or themselves.
#[test]
fn nobody_lets_the_owner_or_themselves_go() {
    let house = House::full();
    for who in ["olga", "adam", "uma"] {
        refused(house.session(who).delete_user(&email("olga"), &heirs("dan", None)), "ownership must be transferred");
        assert!(house.session(who).set_status(&email("olga"), Status::Revoked).is_err());
    }
    let of_olga = house.session("adam").user_detail(&email("olga")).unwrap().acts;
    assert!(of_olga.revoke.unwrap().contains("transfer the ownership"));
    assert!(of_olga.delete.unwrap().contains("ownership must be transferred"), "002-04: the screen says so");
    assert!(of_olga.edit.is_some() && of_olga.reset.is_some());
    let adam = house.session("adam");
    refused(adam.set_status(&email("adam"), Status::Revoked), "revoke yourself");
    let change = UserChange { role: Some("User".to_owned()), ..UserChange::default() };
    refused(adam.change_user(&email("adam"), &change), "their own role");
    let of_adam = adam.user_detail(&email("adam")).unwrap().acts;
    assert!(of_adam.edit.is_some() && of_adam.revoke.is_some() && of_adam.reset.is_some() && of_adam.delete.is_some());
    assert_eq!(house.session("olga").user_detail(&email("adam")).unwrap().acts.revoke, None);
}

/// SPEC R31: who holds less lets nobody go who holds more, and says so beforehand.
#[test]
fn whoever_holds_more_is_out_of_reach() {
    let house = House::full();
    house
        .apply(
            "[[roles]]\nname = \"Helper\"\nmanager = \"Account Owner\"\ntype = \"administrator\"\n[roles.features]\n\"users.manage\" = \"yes\"\n\"users.edit\" = \"yes\"\n[[users]]\nemail = \"hal@team.example\"\nname = \"Hal\"\nrole = \"Helper\"\n",
        )
        .unwrap();
    let hal = house.session("hal");
    for who in ["eve", "adam"] {
        let acts = hal.user_detail(&email(who)).unwrap().acts;
        let why = acts.revoke.unwrap();
        assert!(why.contains("they hold") && why.contains("which you don't"), "{why}");
        refused(hal.set_status(&email(who), Status::Revoked), "which you don't");
        refused(hal.give_temporary_password(&email(who)), "which you don't");
    }
    house.session("adam").set_status(&email("eve"), Status::Revoked).unwrap();
    refused(hal.delete_user(&email("eve"), &heirs("dan", None)), "which you don't");
    let new =
        NewUser { email: email("mel"), name: "Mel".to_owned(), role: "Everything".to_owned(), ..NewUser::default() };
    refused(hal.add_user(&new), "which you don't");
    assert!(house.session("uma").delete_user(&email("eve"), &heirs("dan", None)).is_err(), "002-10");
}

/// SPEC 000-03, R21: what is kept beside the history goes with a person; their address is free again.
#[test]
fn a_deleted_persons_password_goes_with_them() {
    let house = House::full();
    let adam = house.session("adam");
    let password = adam.give_temporary_password(&email("dee")).unwrap();
    adam.set_status(&email("dee"), Status::Revoked).unwrap();
    adam.delete_user(&email("dee"), &heirs("dan", None)).unwrap();
    let again =
        NewUser { email: email("dee"), name: "Dee Two".to_owned(), role: "Desk".to_owned(), ..NewUser::default() };
    let fresh = adam.add_user(&again).unwrap();
    assert!(house.engine.sign_in(&email("dee"), &password, None).is_err());
    assert!(house.engine.sign_in(&email("dee"), &fresh, None).is_ok());
    assert!(!house.list("dan").is_empty());
}

/// SPEC R7, 002-04: the owner goes once the ownership is another's; wrong passwords make it wait.
#[test]
fn the_owner_goes_after_a_transfer() {
    let house = House::full();
    let temporary = house.operator().reset_password(&email("olga")).unwrap();
    let olga = house.engine.sign_in(&email("olga"), &temporary, None).unwrap().session;
    let password = Password::new("a heron by the mill pond");
    olga.change_password(&temporary, &password).unwrap();
    let olga = house.engine.sign_in(&email("olga"), &password, None).unwrap().session;
    for _ in 0..3 {
        refused(olga.transfer_ownership(&email("adam"), &Password::new("wrong, all wrong")), "stays where it is");
    }
    refused(olga.transfer_ownership(&email("adam"), &password), "try again in");
    house.clock.advance(10_000);
    olga.transfer_ownership(&email("adam"), &password).unwrap();
    let adam = house.session("adam");
    adam.set_status(&email("olga"), Status::Revoked).unwrap();
    adam.delete_user(&email("olga"), &heirs("adam", None)).unwrap();
    assert_eq!(adam.me().role, "Account Owner");
}
