//! The roles: told apart, walked, made, edited, cloned, ordered, moved and deleted.

use rolecall::host::headless::Headless;
use rolecall::model::{FeatureValue, Status};

use crate::harness::{Clinic, DARK, DOWN, ENTER, OWNER, RIGHT, TAB, WIDE, clinic, empty, hides, shows};

const LEFT: &str = "\x1b[D";
const SAVE: &str = "\x13";
const PERMISSIONS: &str = "\x0e";

/// A console on the list of roles, at this one.
fn at(clinic: &Clinic, email: &str, role: &str) -> Headless {
    let mut console = clinic.console(email);
    go(clinic, &mut console, role);
    console
}

fn go(clinic: &Clinic, console: &mut Headless, role: &str) {
    let place = names(clinic).iter().position(|name| name == role).unwrap_or_else(|| panic!("no role {role}"));
    console.keys("3").keys("g");
    for _ in 0..place {
        console.keys(DOWN);
    }
}

fn names(clinic: &Clinic) -> Vec<String> {
    clinic.engine.operator().roles().unwrap().into_iter().map(|role| role.name).collect()
}

fn manager(clinic: &Clinic, role: &str) -> Option<String> {
    clinic.engine.operator().role_detail(role).unwrap().row.manager
}

/// 003-25: default roles and roles of one's own are told apart; 003-31: what doesn't apply has no
/// command.
#[test]
fn roles_are_told_apart_and_commands_are_absent_where_they_do_not_apply_003_25_003_31() {
    let clinic = clinic(5);
    for (role, origin, edits, deletes) in [
        ("Account Owner", "locked", false, false),
        ("Administrator", "locked", false, false),
        ("Sales", "shipped", true, false),
        ("Reception", "custom", true, true),
    ] {
        let mut console = at(&clinic, OWNER, role);
        let line = console.text().lines().find(|line| line.starts_with(" ▌")).unwrap().to_owned();
        assert!(line.contains(role) && line.contains(origin), "{line}");
        console.keys("?");
        let help = console.text();
        console.keys("\x1b[6~");
        let help = help + &console.text();
        assert_eq!(help.contains("Edit the role"), edits, "{role}\n{help}");
        assert_eq!(help.contains("Delete the role"), deletes, "{role}\n{help}");
        console.esc().keys(if deletes { "" } else { "D" });
        hides(&console, "Delete the role “");
    }
    // R18: what shipped can't be deleted on any path.
    assert!(clinic.engine.operator().delete_role("Sales", Some("User")).is_err());
}

/// R11, 003-26: whoever may not manage roles meets no key for it.
#[test]
fn r11_without_the_right_there_is_nothing_to_change_roles_with() {
    let clinic = clinic(5);
    let mut console = at(&clinic, "sam@paws.example", "Reception");
    let before = console.text();
    for key in ["n", "e", "C", "D", "m", "J", "K", "F"] {
        console.keys(key);
        assert_eq!(console.text(), before, "{key}");
    }
    console.keys(":").keys("role");
    for title in ["New role", "Edit the role", "Clone", "Delete the role", "Move the role", "Field Editor"] {
        hides(&console, title);
    }
}

/// 003-34: the members of a role as initials; on focus the name, Enter opens the profile. 003-35, R29:
/// nobody who isn't active is among them.
#[test]
fn members_are_walked_one_by_one_003_34_003_35() {
    let clinic = clinic(5);
    let mut console = at(&clinic, OWNER, "Practice Manager");
    shows(&console, "KN MB");
    console.keys(RIGHT);
    shows(&console, "[KN] MB");
    shows(&console, "Kim Nguyen · kim@paws.example");
    console.keys(RIGHT).keys(RIGHT);
    shows(&console, "Marco Bianchi · marco@paws.example");
    console.keys(LEFT).keys(LEFT);
    shows(&console, " KN MB");
    hides(&console, "Kim Nguyen ·");
    console.keys(RIGHT).keys(ENTER);
    shows(&console, "› Users");
    shows(&console, "Kim Nguyen");

    let operator = clinic.engine.operator();
    let absent = operator.users(&Default::default()).unwrap().into_iter().filter(|user| user.status != Status::Active);
    let absent: Vec<_> = absent.collect();
    assert!(!absent.is_empty(), "the demo has somebody invited or revoked");
    for user in absent {
        let mut console = at(&clinic, OWNER, &user.role);
        console.keys(ENTER);
        hides(&console, &user.name);
        let members = operator.role_detail(&user.role).unwrap().row.members;
        assert!(members.iter().all(|member| member.email != user.email), "{}", user.email);
    }
}

/// 003-34: of a role's members as many initials are shown as there is room for, whole ones, and how
/// many more there are; the one that is stood on is always in view.
#[test]
fn members_that_do_not_fit_are_counted_003_34() {
    let clinic = clinic(5);
    let people: String = ('A'..='T')
        .map(|letter| {
            let email = format!("extra.{letter}@paws.example").to_lowercase();
            format!("[[users]]\nemail = \"{email}\"\nname = \"{letter}{letter} {letter}\"\nrole = \"Receptionist\"\n")
        })
        .collect();
    let role = "[[roles]]\nname = \"Receptionist\"\nmanager = \"Account Owner\"\n";
    let file = format!("[account]\nseats = 60\n{role}{people}");
    clinic.engine.operator().apply_team("t", &file, rolecall::exchange::team_file::Format::Toml, false).unwrap();
    for width in [80, 83, 87] {
        let size = rolecall::tui::event::Size { width, ..crate::harness::SMALL };
        let mut console = clinic.console_with(Some(OWNER), size, DARK);
        go(&clinic, &mut console, "Receptionist");
        for stood_on in 0..=20_usize {
            let text = console.text();
            let row = text.lines().find(|line| line.contains('▌')).unwrap();
            let shown = row.split_once("20 ").unwrap_or_else(|| panic!("{text}")).1;
            let (mut initials, mut more) = (Vec::new(), 0);
            for word in shown.trim_start_matches('…').split_whitespace() {
                match word.strip_prefix('+') {
                    Some(number) => more = number.parse().unwrap(),
                    None => initials.push(word.trim_matches(['[', ']']).chars().collect::<Vec<char>>()),
                }
            }
            assert!(initials.iter().all(|letters| letters.len() == 2 && letters[0] == letters[1]), "{row}");
            let last = initials.last().unwrap()[0] as usize - 'A' as usize;
            assert_eq!(last + 1 + more, 20, "{row}");
            if stood_on > 0 {
                let letter = char::from(b'A' + u8::try_from(stood_on - 1).unwrap());
                assert!(row.contains(&format!("[{letter}{letter}]")), "{row}");
            }
            console.keys(RIGHT);
        }
    }
}

/// A role is found by typing, as on every list.
#[test]
fn a_role_is_found_by_typing() {
    let clinic = clinic(5);
    let mut console = at(&clinic, OWNER, "Account Owner");
    let line = |console: &Headless| console.text().lines().find(|line| line.starts_with(" ▌")).unwrap().to_owned();
    console.keys("/").keys("vet");
    assert!(line(&console).contains("Vet  "), "{}", line(&console));
    console.keys(DOWN);
    assert!(line(&console).contains("Vet Tech"), "{}", line(&console));
    console.keys(ENTER).keys(ENTER);
    shows(&console, "› Roles › Vet Tech");
}

/// 003-32: opening any role, the locked ones too, shows its permissions.
#[test]
fn every_role_opens_to_its_permissions_003_32() {
    let clinic = clinic(5);
    let mut console = clinic.console_with(Some("sam@paws.example"), WIDE, DARK);
    for role in names(&clinic) {
        go(&clinic, &mut console, &role);
        console.keys(ENTER);
        shows(&console, &role);
        shows(&console, "Can create/edit");
        console.esc();
    }
}

/// 003-33: roles of one's own are re-ordered, the order lasts; shipped ones keep their place.
#[test]
fn own_roles_are_moved_and_shipped_ones_say_why_not_003_33() {
    let clinic = clinic(5);
    let before = names(&clinic);
    let mut console = at(&clinic, OWNER, "Reception");
    console.keys("K");
    shows(&console, "The order is saved. u takes it back.");
    console.keys("K");
    let mut expected = before.clone();
    let place = expected.iter().position(|name| name == "Reception").unwrap();
    let moved = expected.remove(place);
    expected.insert(place - 2, moved);
    assert_eq!(names(&clinic), expected);
    // The cursor went along, and another look shows the same.
    let line = console.text().lines().find(|line| line.starts_with(" ▌")).unwrap().to_owned();
    assert!(line.contains("Reception"), "{line}");
    console.keys("J").keys("J");
    assert_eq!(names(&clinic), before);
    let mut console = at(&clinic, OWNER, "Sales");
    console.keys("K");
    shows(&console, "came with the product and keeps its place");
    let mut console = at(&clinic, OWNER, "Practice Manager");
    console.keys("K");
    shows(&console, "the first of your own already");
}

/// 000-29, 001-04, 003-27: name, Role Manager (Account Owner too), type, description, icon,
/// permissions, one save; nothing applies before. 001-09: the Task Manager starts with Yes. 000-30: the
/// hint. 001-11: leaving warns.
#[test]
fn a_new_role_is_made_with_its_permissions_in_one_save_000_29_001_04_003_27() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys("3").keys("n");
    shows(&console, "Create roles and their permissions before you add users");
    console.keys("Trainee").keys(ENTER).keys("account o").keys(ENTER);
    shows(&console, "Account Owner");
    console.keys("focused").keys(DOWN).keys(ENTER);
    console.keys("Learns the trade").keys(ENTER).keys("T").keys(PERMISSIONS);
    shows(&console, "2 Permissions");
    // Task Manager: everything on.
    console.keys("]").keys("]");
    for _ in 0..20 {
        if console.text().lines().any(|line| line.starts_with(" ▌") && line.contains("Task")) {
            break;
        }
        console.keys("]");
    }
    let line = console.text().lines().find(|line| line.starts_with(" ▌")).unwrap().to_owned();
    assert!(line.contains("Task") && line.contains("[x] all"), "001-09: {line}");
    console.keys("n");
    let line = console.text().lines().find(|line| line.starts_with(" ▌")).unwrap().to_owned();
    assert!(line.contains("[ ] none"), "001-10's one act: {line}");
    console.keys("g").keys("y");
    // Nothing applies before it is saved, and leaving says what would be lost.
    assert!(!names(&clinic).contains(&"Trainee".to_owned()));
    console.esc().esc();
    shows(&console, "The new role is not saved");
    console.esc().keys(SAVE);
    shows(&console, "The role “Trainee” is made");
    let detail = clinic.engine.operator().role_detail("Trainee").unwrap();
    assert_eq!(detail.row.manager.as_deref(), Some("Account Owner"));
    assert_eq!((detail.row.description.as_str(), detail.row.icon.as_str()), ("Learns the trade", "T"));
    assert_eq!(detail.row.role_type, rolecall::model::RoleType::Focused);
    let value = |key: &str| {
        let features = detail.areas.iter().flat_map(|area| &area.features);
        features.clone().find(|feature| feature.key == key).map(|feature| feature.value)
    };
    assert_eq!(value("tasks.cancel"), Some(FeatureValue::No));
    assert_eq!(value("contacts.export"), Some(FeatureValue::Yes));
}

/// 000-06, 001-04: without a Role Manager there is no save.
#[test]
fn a_role_is_not_saved_without_a_manager_000_06() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys("3").keys("n").keys("Loose").keys(SAVE);
    shows(&console, "A role needs a manager");
    assert!(!names(&clinic).contains(&"Loose".to_owned()));
    console.keys("vet tech").keys(ENTER).keys(SAVE);
    shows(&console, "The role “Loose” is made");
    assert_eq!(manager(&clinic, "Loose").as_deref(), Some("Vet Tech"));
}

/// 000-29: a name that is taken is told at its field, and what was filled in stays.
#[test]
fn a_name_that_is_taken_is_told_at_its_field() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys("3").keys("n").keys("sales").keys(ENTER).keys("account o").keys(ENTER).keys(SAVE);
    shows(&console, "two roles can't share a name");
    shows(&console, "‹ Account Owner ›");
}

/// 002-08: the recommendation stands where the type is chosen.
#[test]
fn the_type_says_whom_it_is_for_002_08() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys("3").keys("n").keys("X").keys(ENTER).keys(TAB).keys("focused").keys(DOWN).keys(ENTER);
    console.keys("\x1b[Z");
    shows(&console, "freelancers");
    shows(&console, "trainees");
}

/// 001-03: the shipped roles can be edited at any time; 003-31.
#[test]
fn a_shipped_role_is_edited_and_says_how_many_took_it_001_03() {
    let clinic = clinic(5);
    let mut console = at(&clinic, OWNER, "Sales");
    console.keys("e");
    shows(&console, "Role Manager");
    console.keys(DOWN).keys(DOWN).keys(DOWN).keys("!").keys(SAVE);
    shows(&console, "“Sales” is saved.");
    assert!(clinic.engine.operator().role_detail("Sales").unwrap().row.description.ends_with('!'));
}

/// 000-06, R4: another Role Manager, after a look at what that means; what is below isn't offered.
#[test]
fn a_role_gets_another_manager_after_a_look_at_what_that_means_000_06_b1() {
    let clinic = clinic(60);
    let mut console = at(&clinic, OWNER, "Vet");
    console.keys("m").keys("vet tech");
    shows(&console, "Nothing by that name");
    console.esc().keys("reception").keys(ENTER);
    shows(&console, "“Vet”, with the roles below it, moves under “Reception”.");
    assert_eq!(manager(&clinic, "Vet").as_deref(), Some("Practice Manager"), "nothing applies before");
    console.keys(ENTER);
    shows(&console, "“Vet” is under “Reception” now.");
    assert_eq!(manager(&clinic, "Vet").as_deref(), Some("Reception"));
}

/// R19: who holds the role, and what stands below it, gets the one that takes its place, in the same
/// step; the question names the role.
#[test]
fn deleting_a_role_asks_which_one_takes_its_place_r19() {
    let clinic = clinic(20);
    let mut console = at(&clinic, OWNER, "Vet");
    console.keys("D");
    shows(&console, "“Vet” has 6 people and 1 role below it: which role takes its place?");
    console.keys("reception").keys(ENTER);
    shows(&console, "Delete the role “Vet”?");
    shows(&console, "“Reception” takes its place");
    console.esc();
    assert!(names(&clinic).contains(&"Vet".to_owned()), "Esc leaves it");
    console.keys("D").keys("reception").keys(ENTER).keys(ENTER);
    shows(&console, "The role “Vet” is deleted.");
    assert!(!names(&clinic).contains(&"Vet".to_owned()));
    assert_eq!(manager(&clinic, "Vet Tech").as_deref(), Some("Reception"));
    let operator = clinic.engine.operator();
    let amara = operator.user_detail("amara@paws.example").unwrap();
    assert_eq!(amara.row.role, "Reception");
}

/// R18: a clone starts with the permissions of the original, and is one's own.
#[test]
fn a_clone_starts_with_the_permissions_of_the_original_r18() {
    let clinic = clinic(5);
    let mut console = at(&clinic, OWNER, "Vet Tech");
    console.keys("C");
    shows(&console, "Clone of Vet Tech");
    console.keys(SAVE);
    shows(&console, "The role “Vet Tech copy” is made");
    let operator = clinic.engine.operator();
    let (original, copy) = (operator.role_detail("Vet Tech").unwrap(), operator.role_detail("Vet Tech copy").unwrap());
    assert_eq!(original.areas, copy.areas);
    assert!(!copy.row.shipped && copy.row.members.is_empty());
}

/// 000-30: on a fresh account the hint stands where roles are.
#[test]
fn a_fresh_account_is_told_to_begin_with_roles_000_30() {
    let clinic = empty();
    let new = rolecall::service::setup::NewAccount {
        account: "Paws".to_owned(),
        owner_name: "Olivia Hart".to_owned(),
        owner_email: OWNER.to_owned(),
        password: Some(rolecall::service::Password::new(crate::harness::OWNER_PASSWORD.to_owned())),
    };
    clinic.engine.create_account(&new).unwrap();
    let mut console = clinic.door();
    console.keys(OWNER).keys(ENTER).keys(crate::harness::OWNER_PASSWORD).keys(ENTER).keys("3");
    shows(&console, "Create roles and their permissions before you add users");
}

#[test]
fn frames_of_the_roles() {
    let clinic = clinic(20);
    let mut frames = String::new();
    for size in [crate::harness::SMALL, WIDE] {
        let mut console = clinic.console_with(Some(OWNER), size, DARK);
        for (name, keys) in
            [("roles", "3G"), ("member", RIGHT), ("new role", "n"), ("permissions", PERMISSIONS), ("area", "]]y")]
        {
            console.keys(keys);
            frames.push_str(&format!("── {name}\n{}", console.text()));
        }
    }
    insta::assert_snapshot!("roles", frames);
}

/// R16, 000-29: what somebody else changes is here at once, and what was filled in stays; whoever may no
/// longer manage roles saves nothing.
#[test]
fn r16_a_new_role_keeps_what_was_filled_in_while_others_change_roles() {
    let clinic = clinic(5);
    let mut console = clinic.console("rahul@paws.example");
    console.keys("3").keys("n").keys("Trainee").keys(ENTER).keys("account o").keys(ENTER).keys(PERMISSIONS).keys("a");
    let before = console.text();
    clinic.engine.operator().delete_role("Reception", Some("Vet")).unwrap();
    console.changed();
    assert_eq!(console.text(), before);
    console.esc();
    shows(&console, "Trainee");
    let user = rolecall::service::people::UserChange { role: Some("User".to_owned()), ..Default::default() };
    clinic.engine.operator().change_user("rahul@paws.example", &user).unwrap();
    console.changed().keys(SAVE);
    shows(&console, "You may no longer manage roles");
    assert!(!names(&clinic).contains(&"Trainee".to_owned()));
}

/// B1, R4: another manager for a role is reviewed also where nobody gains or loses anything, and the
/// review says under whom its holders stand, and why.
#[test]
fn another_manager_of_a_role_is_always_reviewed_b1_r4() {
    let clinic = clinic(20);
    let new = "[[roles]]\nname = \"Night\"\nmanager = \"Account Owner\"\ntype = \"user\"\n[[users]]\nemail = \"nora@paws.example\"\nname = \"Nora Night\"\nrole = \"Night\"\n";
    let applied = clinic.engine.operator().apply_team("test", new, rolecall::exchange::team_file::Format::Toml, false);
    applied.map(drop).unwrap_or_else(|error| panic!("{error}"));
    let mut console = clinic.console(OWNER);
    console.keys("3").keys("/").keys("night").keys(ENTER).keys("e").keys("\t").keys("vet").keys(ENTER).keys("\x13");
    shows(&console, "Nobody gains or loses anything.");
    let bare = "Nora Night has no manager of their own: everybody whose role is above theirs stands above them.";
    crate::people::says(&console, bare);
    let manager = |clinic: &crate::harness::Clinic, role: &str| {
        let rows = clinic.engine.operator().roles().unwrap();
        rows.into_iter().find(|row| row.name == role).unwrap().manager.unwrap()
    };
    assert_eq!(manager(&clinic, "Night"), "Account Owner", "nothing is saved before it is reviewed");
    console.keys(ENTER);
    assert_ne!(manager(&clinic, "Night"), "Account Owner");
    console.keys("3").keys("/").keys("vet tech").keys(ENTER).keys("m").keys("account owner").keys(ENTER);
    crate::people::says(&console, "have a manager of their own, who decides in the place of the role tree.");
}
