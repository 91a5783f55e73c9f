//! Who comes in and who goes, by keyboard: passwords, access, deletion, ownership.

use super::*;

/// 001-17, R21: a temporary password, shown once, which ends the other sessions.
#[test]
fn a_password_is_reset_and_shown_once_001_17_r21() {
    let clinic = clinic(5);
    let mut sam = clinic.console(SAM);
    let mut console = at(&clinic, OWNER, "sam@");
    console.keys("p");
    shows(&console, "Reset the password of Sam Smith?");
    console.keys(ENTER);
    let password = shown_password(&console);
    sam.changed();
    shows(&sam, "You are signed out");
    console.keys("y");
    hides(&console, password.reveal());
    let entered = clinic.engine.sign_in(SAM, &password, None).unwrap();
    assert!(entered.must_change_password);
    // And through the door.
    sam.keys(SAM).keys(ENTER).keys(password.reveal()).keys(ENTER);
    shows(&sam, "Choose your own to go on.");
}

/// 003-21, 003-22, R16, R24: revoked at once, listed as revoked, let in again.
#[test]
fn access_is_revoked_and_given_back_003_21_003_22() {
    let clinic = clinic(100);
    let mut sam = clinic.console(SAM);
    let mut console = at(&clinic, OWNER, "sam@");
    console.keys("D");
    shows(&console, "revoke their access first");
    console.keys("v");
    shows(&console, "Sam Smith (sam@paws.example) is signed out everywhere at once");
    says(&console, "What they own stays theirs for now");
    console.keys(ENTER);
    says(&console, "Sam Smith is revoked. 1 other session took it at once.");
    shows(&console, "revoked");
    sam.changed();
    shows(&sam, "You are signed out");
    console.keys("p");
    shows(&console, "reactivate them first");
    console.keys("v");
    shows(&console, "can sign in again");
    console.keys(ENTER);
    assert_eq!(row(&clinic, SAM).unwrap().status, rolecall::model::Status::Active);
}

/// 003-22, R24, R30: deleted only from revoked, everything to an heir in the same step.
#[test]
fn a_user_is_deleted_with_everything_handed_over_003_22_r24() {
    let clinic = clinic(200);
    let theirs = |email: &str| clinic.engine.operator().records_owned(email).unwrap()[0].owned.unwrap();
    let (of_sam, of_freya) = (theirs(SAM), theirs("freya@paws.example"));
    assert!(of_sam > 0);
    let mut console = at(&clinic, OWNER, "sam@");
    console.keys("v").keys(ENTER).keys("D");
    shows(&console, "Sam Smith goes for good");
    says(&console, "private records and groups, if any");
    console.keys(SAVE);
    shows(&console, "Choose who takes over what Sam Smith owns.");
    console.keys("freya").keys(ENTER).keys(SAVE);
    says(&console, "Sam Smith (sam@paws.example) is deleted for good: that can't be undone.");
    says(&console, "Freya Lindqvist takes over everything they own, sealed things included");
    // Esc goes back and nothing happened.
    console.esc();
    assert!(row(&clinic, SAM).is_some());
    console.keys(SAVE).keys(ENTER);
    shows(&console, "Sam Smith is deleted.");
    assert!(row(&clinic, SAM).is_none());
    assert_eq!(theirs("freya@paws.example"), of_sam + of_freya);
    shows(&console, "Nobody matches.");
}

/// R24: whoever leads a team goes only once it is said who leads it, or that the role tree decides.
#[test]
fn deleting_a_leader_asks_who_leads_the_team_r24() {
    let clinic = clinic(20);
    let reports: Vec<String> = {
        let detail = clinic.engine.operator().user_detail(KIM).unwrap();
        detail.reports.iter().map(|member| member.email.clone()).collect()
    };
    assert!(!reports.is_empty());
    let mut console = at(&clinic, OWNER, "kim@");
    console.keys("v").keys(ENTER).keys("D").keys("freya").keys(ENTER).keys(SAVE);
    shows(&console, "Choose whom the people who report to Kim");
    console.keys("role tree").keys(ENTER).keys(SAVE);
    says(&console, "is deleted for good: that can't be undone.");
    console.keys(ENTER);
    assert!(row(&clinic, KIM).is_none());
    assert!(reports.iter().all(|email| row(&clinic, email).unwrap().manager.is_none()));
}

/// 002-02, 002-03, 002-04, 002-05, R22: the owner and oneself can't be let go, and it says why.
#[test]
fn the_owner_and_oneself_are_out_of_reach_002_03_002_04_002_05_r22() {
    let clinic = clinic(5);
    let apply = "[[users]]\nemail = \"ada@paws.example\"\nname = \"Ada Admin\"\nrole = \"Administrator\"\n";
    clinic
        .engine
        .operator()
        .apply_team("test", apply, rolecall::exchange::team_file::Format::Toml, false)
        .map(drop)
        .unwrap_or_else(|error| panic!("{error}"));
    let mut owner = at(&clinic, OWNER, "olivia");
    shows(&owner, "Account Owner");
    owner.keys("D");
    says(&owner, "the ownership must be transferred to another user first");
    owner.keys("v");
    shows(&owner, "transfer the ownership first");
    owner.keys("r");
    shows(&owner, "Nobody changes their own role");
    // One's own details and password are another matter (002-35).
    owner.keys("e");
    shows(&owner, "› My details");
    owner.esc().keys("p");
    shows(&owner, "› Change the password");
    let mut ada = at(&clinic, "ada@paws.example", "olivia");
    for (key, words) in [
        ("D", "the ownership must be transferred"),
        ("v", "transfer the ownership first"),
        ("e", "Only the account owner changes the account owner."),
        ("p", "Only the account owner changes the account owner."),
        ("r", "Only the account owner changes the account owner."),
        ("m", "Only the account owner changes the account owner."),
    ] {
        ada.keys(key);
        says(&ada, words);
    }
    ada.keys("O");
    hides(&ada, "Transfer of ownership");
    find(&mut ada, "ada@");
    for (key, words) in [("v", "revoke yourself"), ("r", "their own role"), ("m", "their own role")] {
        ada.keys(key);
        assert!(plain(&ada).to_lowercase().contains(words), "{}", ada.text());
    }
    assert_eq!(row(&clinic, OWNER).unwrap().role, "Account Owner");
}

/// R7, 002-04: the owner hands over with their own password.
#[test]
fn the_ownership_is_handed_over_with_the_password_002_04() {
    let clinic = clinic(5);
    let mut console = at(&clinic, OWNER, "kim@");
    console.keys("O");
    shows(&console, "Kim Nguyen becomes the account owner");
    console.keys("not the password").keys(SAVE);
    shows(&console, "The password is wrong; the ownership stays where it is.");
    console.keys("\x15").keys(OWNER_PASSWORD).keys(SAVE);
    shows(&console, "Kim Nguyen is the account owner now");
    console.changed();
    shows(&console, "Olivia Hart · Administrator");
    assert_eq!(row(&clinic, KIM).unwrap().role, "Account Owner");
    assert_eq!(row(&clinic, OWNER).unwrap().role, "Administrator");
}
