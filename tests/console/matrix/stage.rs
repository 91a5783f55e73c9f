//! Staging, saving, dropping, leaving.

use super::{BACKSPACE, SAVE, add_roles, at, find, holds, line, matrix, open, roles, says};
use crate::harness::{ENTER, OWNER, clinic, hides, shows};

/// 000-05: per role, which areas may be viewed, edited, deleted.
#[test]
fn each_role_says_which_areas_may_be_viewed_edited_deleted_000_05() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    for area in ["Contacts", "Companies", "Deals"] {
        for verb in ["Can view", "Can create/edit", "Can delete"] {
            shows(&console, verb);
        }
        shows(&console, area);
        console.keys("]]");
    }
    at(&mut console, "Sales User", "contacts.view");
    assert!(line(&console, "Can view").contains("Roles"), "{}", console.text());
}

/// 000-20, 000-29: a Yes is staged, nothing applies before it is saved, and then the holder has it.
#[test]
fn a_yes_counts_once_it_is_saved_and_not_before_000_20_000_29() {
    let clinic = clinic(20);
    let mut console = matrix(&clinic, OWNER);
    at(&mut console, "Vet Tech", "deals.access");
    let mut sam = clinic.console("sam@paws.example");
    hides(&sam, "Deals");
    console.keys("y");
    shows(&console, "1 staged, not saved");
    assert!(line(&console, "Access to Deals").contains("*Yes"), "{}", console.text());
    sam.changed();
    hides(&sam, "Deals");
    assert_eq!(holds(&clinic, "Vet Tech", "deals.access"), "No");
    console.keys(SAVE);
    shows(&console, "Vet Tech, Deals · Access to Deals: No → Yes");
    shows(&console, "gain");
    assert_eq!(holds(&clinic, "Vet Tech", "deals.access"), "No");
    console.keys(ENTER);
    shows(&console, "Saved: 1 cell of 1 role.");
    hides(&console, "not saved");
    assert_eq!(holds(&clinic, "Vet Tech", "deals.access"), "Yes");
    sam.changed();
    shows(&sam, "Deals");
}

/// 003-24: whoever saves is told how many other sessions took it.
#[test]
fn a_save_says_how_many_sessions_took_it_003_24() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    let _sam = clinic.console("sam@paws.example");
    at(&mut console, "Vet Tech", "deals.access");
    console.keys("y").keys(SAVE).keys(ENTER);
    shows(&console, "1 other session took it at once.");
}

/// 000-22, 000-24…26, 001-05: the options of view, create/edit and delete, in the words of R2.
#[test]
fn scopes_have_their_options_000_22_000_24_000_25_000_26_001_05() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    let three = ["Owned by me and my roles", "Owned by me and my subordinates", "Owned by me"];
    for (code, none) in [("contacts.view", false), ("contacts.edit", true), ("contacts.delete", true)] {
        at(&mut console, "Marketing", code);
        console.keys(ENTER);
        for option in three.iter().chain(&["All"]) {
            shows(&console, option);
        }
        assert_eq!(console.text().contains("n  None"), none, "{}", console.text());
        console.esc();
    }
    // 000-25: None on create/edit is view only.
    at(&mut console, "Marketing", "contacts.edit");
    console.keys("0");
    shows(&console, "None: Can only look: no record can be created or changed.");
    // View can't be None.
    at(&mut console, "Marketing", "contacts.view");
    console.keys("0");
    shows(&console, "That value doesn't fit here.");
    // Letters set each of them.
    at(&mut console, "Marketing", "contacts.delete");
    for (key, label) in [
        ("a", "All:"),
        ("r", "Owned by me and my roles:"),
        ("s", "Owned by me and my subordinates:"),
        ("o", "Owned by me:"),
        ("n", "None:"),
    ] {
        console.keys(key);
        shows(&console, label);
    }
}

/// 000-28: each permission and each option is explained where it is chosen; 001-06: "me" is whoever
/// holds the role.
#[test]
fn every_permission_and_option_is_explained_000_28_001_06() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    at(&mut console, "Marketing", "contacts.export");
    shows(&console, "Contacts · Can Export Lists / Export in bulk · Marketing");
    shows(&console, "Yes: Can take contacts out of the console as a file.");
    console.keys(ENTER);
    shows(&console, "Every way to take contacts out is absent.");
    shows(&console, "“Request permission” stands at its place");
    console.keys("r");
    assert!(line(&console, "Can Export").contains("*ask"), "{}", console.text());
    shows(&console, "Staged: was Yes, will be On request.");
    at(&mut console, "Marketing", "contacts.view");
    console.keys(ENTER);
    says(&console, "“Me” is whoever holds the role, not whoever");
    console.esc();
    console.keys("o");
    says(&console, "Owned by me: Whoever holds this role sees only the records they own.");
}

/// 001-07, 001-08: "Can set tasks" and "Can Export Lists" are Yes/No permissions.
#[test]
fn tasks_and_export_are_yes_no_permissions_001_07_001_08() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    at(&mut console, "Marketing", "tasks.set");
    console.keys("n");
    assert!(line(&console, "Can set tasks").contains("*–"), "{}", console.text());
    console.keys("y");
    hides(&console, "staged");
    at(&mut console, "Marketing", "contacts.export");
    console.keys("n").keys(SAVE).keys(ENTER);
    assert_eq!(holds(&clinic, "Marketing", "contacts.export"), "No");
    let mut ella = clinic.console("ella@paws.example");
    ella.keys(":").keys("go to contacts").keys(ENTER).keys("?");
    hides(&ella, "xport");
}

/// 001-09: a new role has the whole Task Manager; 001-10: the Administrator Tools go in one act.
#[test]
fn sections_go_in_one_act_001_09_001_10() {
    let clinic = clinic(5);
    add_roles(&clinic, &["Newcomer"]);
    let mut console = matrix(&clinic, OWNER);
    find(&mut console, "Task Manager");
    roles(&mut console, &["Newcomer"]);
    console.keys("k");
    shows(&console, "[x] 6/6");
    shows(&console, "Can Cancel");
    let admin = rolecall::service::edit_roles::NewRole {
        name: "Deputy".to_owned(),
        manager: "Account Owner".to_owned(),
        role_type: rolecall::model::RoleType::Administrator,
        clone_of: Some("Administrator".to_owned()),
        ..rolecall::service::edit_roles::NewRole::default()
    };
    clinic.engine.acting_as(OWNER).unwrap().add_role(&admin).unwrap();
    console.changed();
    find(&mut console, "Administrator Tools");
    roles(&mut console, &["Deputy"]);
    console.keys("k");
    shows(&console, "[x] 8/8");
    console.keys("n");
    shows(&console, "[ ] 0/8");
    // Deleting the account, which the type can never hold, was written there too.
    shows(&console, "9 cells set");
    console.keys("u");
    shows(&console, "[x] 8/8");
}

/// 001-11: saving is explicit; leaving warns, however one leaves.
#[test]
fn leaving_with_staged_changes_warns_001_11() {
    let clinic = clinic(5);
    for leave in ["2", "q", "@", "\x1b"] {
        let mut console = matrix(&clinic, OWNER);
        at(&mut console, "Marketing", "companies.export");
        console.keys("n");
        shows(&console, "1 staged, not saved");
        console.keys("c");
        match leave {
            "\x1b" => console.esc(),
            "@" => console.keys("@").keys("sam smith").keys(ENTER),
            key => console.keys(key),
        };
        shows(&console, "Leave without saving?");
        shows(&console, "staged change");
        assert!(!console.is_done());
        console.esc();
        shows(&console, "not saved");
        assert!(line(&console, "Export companies").contains('*'), "{}", console.text());
    }
    let mut console = matrix(&clinic, OWNER);
    at(&mut console, "Marketing", "companies.export");
    console.keys("n").keys("2").keys("y");
    shows(&console, "users");
    open(&mut console);
    hides(&console, "not saved");
}

/// 003-28: all of an area or single elements, with a box of three states; 003-29: access is on and
/// locked while anything is on.
#[test]
fn an_area_is_set_as_a_whole_or_one_by_one_003_28_003_29() {
    let clinic = clinic(5);
    add_roles(&clinic, &["Newcomer"]);
    let mut console = matrix(&clinic, OWNER);
    roles(&mut console, &["Newcomer"]);
    console.keys("g");
    shows(&console, "[ ] 0/9");
    console.keys("y");
    shows(&console, "[x] 9/9");
    console.keys("jjjjjj").keys("n");
    shows(&console, "[~] 8/9");
    console.keys("gj").keys("n");
    shows(&console, "Stays on while others of the area are on");
    assert!(line(&console, "Access to Contacts").contains("*Yes"), "{}", console.text());
    console.keys("g").keys("n");
    shows(&console, "8 cells set back; nothing is staged any more.");
    // Switching one thing on brings the access with it.
    console.keys("jjjjjj").keys("y");
    shows(&console, "2 cells set; 2 staged in all, access to the area among them.");
    shows(&console, "[~] 2/9");
}

/// 003-30: an Analyst has all of Dashboard and Reports, only views contacts, companies and activity,
/// and has nothing else.
#[test]
fn the_analyst_of_the_example_003_30() {
    let clinic = clinic(60);
    add_roles(&clinic, &["Analyst"]);
    let mut console = matrix(&clinic, OWNER);
    for line in [
        "set role=Analyst perm=tasks.* to=no",
        "role=Analyst perm=dashboard.*,reports.*,*.access to=yes",
        "role=Analyst perm=deals.access,purchases.access,tasks.access,automation.access,pages.access to=no",
        "role=Analyst perm=contacts.*,companies.* view=all edit=none delete=none",
    ] {
        console.keys("=").keys("\x15").keys(line).keys(ENTER);
        hides(&console, "Set by a line");
    }
    console.keys(SAVE).keys(ENTER);
    shows(&console, "Saved");
    let owner = clinic.engine.acting_as(OWNER).unwrap();
    let change = rolecall::service::people::UserChange { role: Some("Analyst".to_owned()), ..Default::default() };
    owner.change_user("ella@paws.example", &change).unwrap();
    let ella = clinic.engine.acting_as("ella@paws.example").unwrap();
    use rolecall::model::FeatureValue::{No, Yes};
    for (key, value) in [
        ("dashboard.access", Yes),
        ("dashboard.edit", Yes),
        ("reports.edit", Yes),
        ("reports.targets", Yes),
        ("activity.access", Yes),
        ("contacts.access", Yes),
        ("companies.access", Yes),
        ("contacts.export", No),
        ("contacts.import", No),
        ("deals.access", No),
        ("tasks.access", No),
        ("tasks.set", No),
        ("automation.access", No),
        ("pages.access", No),
        ("users.manage", No),
        ("audit.view", No),
    ] {
        assert_eq!(ella.feature(key), value, "{key}");
    }
    let mut console = clinic.console("ella@paws.example");
    hides(&console, "Deals");
    console.keys(":").keys("go to contacts").keys(ENTER);
    let all = owner.home().unwrap().owned[0].visible.unwrap();
    shows(&console, &format!("{all} contacts"));
}

/// Staged cells are taken back one by one, by act, and dropped as a whole.
#[test]
fn staged_cells_are_taken_back_one_by_one_and_dropped_as_a_whole() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    roles(&mut console, &["Marketing"]);
    console.keys("]jn").keys("jn").keys("jn");
    shows(&console, "* 3 staged, not saved");
    console.keys(BACKSPACE);
    shows(&console, "* 2 staged, not saved");
    // The last act was taking back; taking that back stages it again.
    console.keys("u");
    shows(&console, "* 3 staged, not saved");
    console.keys("u");
    shows(&console, "* 2 staged, not saved");
    console.keys("D");
    shows(&console, "Drop all that is staged?");
    console.keys("y");
    shows(&console, "Dropped: everything is as it was saved.");
    console.keys(SAVE);
    shows(&console, "Nothing is staged.");
    console.keys(BACKSPACE);
    shows(&console, "Nothing is staged.");
}

/// What is staged while a save is under way is kept.
#[test]
fn what_is_staged_during_a_save_is_kept() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    roles(&mut console, &["Marketing"]);
    console.keys("gjjjjjj").keys("n").keys(SAVE);
    console.hold_jobs().keys(ENTER);
    console.keys("j").keys("n").keys(SAVE);
    shows(&console, "It is being saved.");
    console.run_jobs();
    shows(&console, "Saved: 1 cell of 1 role.");
    shows(&console, "* 1 staged, not saved");
    assert_eq!(holds(&clinic, "Marketing", "contacts.export"), "No");
    assert_eq!(holds(&clinic, "Marketing", "contacts.vcard"), "On request");
    console.keys(SAVE).keys(ENTER);
    assert_eq!(holds(&clinic, "Marketing", "contacts.vcard"), "No");
    hides(&console, "not saved");
}

/// Copies of a column, and of a cell over a range.
#[test]
fn columns_and_cells_are_copied_and_pasted() {
    let clinic = clinic(5);
    add_roles(&clinic, &["Newcomer", "Another"]);
    let mut console = matrix(&clinic, OWNER);
    roles(&mut console, &["Marketing", "Newcomer", "Another"]);
    console.keys("|").keys("Y");
    shows(&console, "Copied:");
    console.keys("l").keys("|").keys("l").keys("P");
    shows(&console, "staged");
    hides(&console, "left as they are");
    console.keys(SAVE).keys(ENTER);
    for code in ["contacts.view", "contacts.export", "automation.autoflows", "tasks.reassign", "pages.access"] {
        for role in ["Newcomer", "Another"] {
            assert_eq!(holds(&clinic, role, code), holds(&clinic, "Marketing", code), "{code} of {role}");
        }
    }
    // A scope doesn't fit a Yes/No permission: it is left, and counted.
    console.keys("gjj").keys("Y").keys("jjjj").keys("P");
    shows(&console, "That value doesn't fit here.");
}

/// B7: the line, and what is wrong with it at its place.
#[test]
fn a_line_sets_many_cells_and_tells_its_errors_at_their_place() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    console.keys("=").keys("set role=Sales* perm=contacts.* edit=own");
    shows(&console, "Enter stages 1 cell; nothing is saved yet.");
    console.keys(ENTER);
    shows(&console, "* 1 staged, not saved");
    console.keys("=").keys("\x15").keys("set role=Sels perm=contacts.* edit=own").keys(ENTER);
    shows(&console, "No role is called “Sels”");
    let text = console.text();
    let typed = text.lines().position(|line| line.contains("role=Sels")).unwrap();
    let (at, caret) = (text.lines().nth(typed).unwrap(), text.lines().nth(typed + 1).unwrap());
    let column = |line: &str, what: &str| line.split(what).next().unwrap().chars().count();
    assert_eq!(column(caret, "^^^^"), column(at, "Sels"));
    console.keys("\x15").keys("\x1b[200~role=* perm=*\u{202E} to=yes\x1b[201~").keys(ENTER);
    shows(&console, "No permission");
    console.esc().esc();
    shows(&console, "* 1 staged, not saved");
}

/// B7: what the cells show can be typed.
#[test]
fn a_line_takes_the_words_that_cells_show() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    let alike = [
        ("perm=contacts.* edit=Subs", "perm=contacts.* edit=subordinates"),
        ("perm=contacts.export to=ask", "perm=contacts.export to=request"),
        ("perm=contacts.export to=–", "perm=contacts.export to=no"),
        ("perm=contacts/Notes to=-", "perm=contacts/Notes to=hidden"),
    ];
    for (shown, named) in alike {
        let [shown, named] = [shown, named].map(|words| {
            console.keys("=").keys("\x15").keys("set role=* ").keys(words);
            let text = console.text().replace(words, "");
            console.esc().esc();
            text
        });
        assert!(named.contains("Enter stages"), "{named}");
        assert_eq!(
            shown.split("Set by a line").nth(1).map(words_of),
            named.split("Set by a line").nth(1).map(words_of)
        );
    }
}

/// What stands below the line, whatever room the line itself takes.
fn words_of(text: &str) -> Vec<&str> {
    text.lines().skip(2).collect()
}

/// B7: the line counts what would be staged; where that is nothing it says why, and stays to be mended.
#[test]
fn a_line_that_stages_nothing_says_why_and_stays() {
    let clinic = clinic(5);
    let mut console = matrix(&clinic, OWNER);
    console.keys("=").keys("set role=\"Account Owner\" perm=contacts.export to=no").keys(ENTER);
    shows(&console, "Nothing to stage.");
    shows(&console, "1 left as they are: 1 locked.");
    shows(&console, "perm=contacts.export to=no");
    console.esc().esc();
    hides(&console, "staged, not saved");
}

/// SPEC B7: under a filter an area's heading stands for the rows that it finds, and for no others.
#[test]
fn what_the_filter_hides_is_not_painted() {
    let clinic = clinic(5);
    add_roles(&clinic, &["Zed"]);
    let mut console = matrix(&clinic, OWNER);
    at(&mut console, "Zed", "contacts.export");
    console.keys("g").keys("y");
    // The permission that is found, and the access that it needs.
    says(&console, "2 cells");
    console.keys("c");
    assert!(line(&console, "Download vCard").contains('–'), "{}", console.text());
}
