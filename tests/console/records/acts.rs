//! What is done with one record or with many.

use rolecall::host::headless::Headless;

use super::{CTRL_S, FREYA, GRACE, KIM, PRIYA, SAM, contacts, listed, name};
use crate::harness::{ENTER, OWNER, clinic, hides, shows};

/// 000-11, 000-13, R13: the new owner is one of the active users; what it means is shown before; it
/// counts at once.
#[test]
fn an_owner_is_chosen_among_the_active_users_after_a_look_at_what_it_means_000_11_000_13_r13() {
    let clinic = clinic(100);
    clinic.engine.operator().apply_team(
        "t",
        "[[users]]\nemail = \"priya@paws.example\"\nrole = \"Vet Tech\"\nmanager = \"amara@paws.example\"\nstatus = \"invited\"\n",
        rolecall::exchange::team_file::Format::Toml,
        false,
    ).map(|_| ()).unwrap_or(());
    let mut console = contacts(&clinic, SAM);
    console.keys("O").keys(" ");
    let before = listed(&clinic, SAM, &[("owner", SAM)]).total;
    console.keys("o");
    shows(&console, "New owner of ");
    console.keys("kim").keys(ENTER);
    shows(&console, "goes to Kim Nguyen.");
    shows(&console, "lose");
    shows(&console, "Only records that you may see are counted.");
    console.keys("y");
    shows(&console, "given away");
    assert_eq!(listed(&clinic, SAM, &[("owner", SAM)]).total, before - 1);
}

/// R13, 002-28: several at once need a permission of their own, and one at a time doesn't.
#[test]
fn giving_several_away_needs_bulk_update_contact_owner_r13() {
    let clinic = clinic(300);
    let mut grace = contacts(&clinic, GRACE);
    grace.keys("  ").keys("o");
    shows(&grace, "Several at once: “Bulk update contact owner” is on request: ask");
    grace.esc().keys("o");
    shows(&grace, "New owner of");
    // A vet tech hasn't got it at all: the command goes with the second one that is selected.
    let mut sam = contacts(&clinic, SAM);
    sam.keys("  ").keys("o");
    hides(&sam, "New owner of");
    sam.keys(":").keys("change the owner");
    hides(&sam, "Change the owner");
    // Whoever holds it gives both away, in one change.
    let mut kim = contacts(&clinic, KIM);
    let before = listed(&clinic, KIM, &[("owner", KIM)]).total;
    kim.keys("fowner\rsam \r").keys("  ").keys("o").keys("kim n").keys(ENTER);
    shows(&kim, "2 contacts go to Kim Nguyen.");
    kim.keys(ENTER);
    shows(&kim, "2 of 2 contacts given away.");
    assert_eq!(listed(&clinic, KIM, &[("owner", KIM)]).total, before + 2);
}

/// R32 and 004-20: those that may be changed are, the rest is left; both are counted over what is
/// seen.
#[test]
fn r32_of_several_those_that_may_be_changed_are_and_n_of_m_counts_what_is_seen() {
    let clinic = clinic(200);
    let total = listed(&clinic, SAM, &[]).total;
    let own = listed(&clinic, SAM, &[("owner", SAM)]).total;
    assert!(own > 0 && own < total);
    let mut console = contacts(&clinic, SAM);
    console.keys("*");
    shows(&console, &format!("{total} selected"));
    console.keys("a").keys("freya ").keys(ENTER);
    let already =
        listed(&clinic, SAM, &[]).rows.iter().filter(|row| row.assigned.iter().any(|who| who == FREYA)).count() as u64;
    assert_eq!(already, own);
    shows(&console, &format!("of {total} contacts assigned"));
    shows(&console, &format!("{} left", total - own));
}

/// R34, 002-07: any number of people can be assigned; a Focused User then sees the record.
#[test]
fn r34_assigning_gives_a_focused_user_the_record_and_taking_away_takes_it_002_07() {
    let clinic = clinic(100);
    let mut console = contacts(&clinic, OWNER);
    let before = listed(&clinic, FREYA, &[]).total;
    console.keys("fowner\rkim n \r").keys("a").keys("freya ").keys("\x15").keys("sam ").keys(ENTER);
    shows(&console, "assigned");
    assert_eq!(listed(&clinic, FREYA, &[]).total, before + 1);
    console.keys("a");
    shows(&console, "[x] Freya Lindqvist");
    console.keys("freya ").keys(ENTER);
    assert_eq!(listed(&clinic, FREYA, &[]).total, before);
}

/// R14: only the owner, holding "Own private contacts", seals; it says that administrators are left
/// out, and they are.
#[test]
fn r14_private_says_that_administrators_are_left_out_and_seals() {
    let clinic = clinic(100);
    let all = listed(&clinic, OWNER, &[]).total;
    let mut console = contacts(&clinic, KIM);
    console.keys("fowner\rsam \r").keys("p");
    shows(&console, "Only its owner can make a contact private.");
    console.keys("c").keys("O").keys("p");
    shows(&console, "administrators");
    console.keys(ENTER);
    shows(&console, "made private");
    shows(&console, "◈ ");
    console.wait(std::time::Duration::from_secs(20));
    shows(&console, "private: only its owner sees it");
    assert_eq!(listed(&clinic, OWNER, &[]).total, all - 1);
    console.keys("p");
    shows(&console, "no longer private");
    assert_eq!(listed(&clinic, OWNER, &[]).total, all);
    // Companies can't be sealed at all.
    console.keys(":").keys("go to companies").keys(ENTER).keys(":").keys("private");
    hides(&console, "Private on or off");
}

/// 000-26: deleting asks, naming the record or how many, and needs the scope and the permission.
#[test]
fn deleting_names_what_goes_and_leaves_what_may_not_000_26() {
    let clinic = clinic(200);
    let mut console = contacts(&clinic, KIM);
    let (total, own) = (listed(&clinic, KIM, &[]).total, listed(&clinic, KIM, &[("owner", KIM)]).total);
    console.keys("fowner\rsam \r").keys("D");
    shows(&console, "You can see this contact but not delete it.");
    console.keys("c").keys("O").keys("D");
    shows(&console, "Delete ");
    shows(&console, "is deleted.");
    // Enter alone doesn't do it.
    console.keys(ENTER).keys("y");
    shows(&console, "deleted.");
    assert_eq!(listed(&clinic, KIM, &[]).total, total - 1);
    console.keys("c").keys("*").keys("D");
    shows(&console, &format!("Delete {} contact", own - 1));
    console.keys("y");
    shows(&console, &format!("{} of {} contacts deleted", own - 1, total - 1));
    assert_eq!(listed(&clinic, KIM, &[("owner", KIM)]).total, 0);
}

/// 002-27: the status of several at once, by whoever may; undo takes the whole back.
#[test]
fn the_status_of_many_is_one_change_and_one_undo_002_27() {
    let clinic = clinic(150);
    let mut console = contacts(&clinic, GRACE);
    let total = listed(&clinic, GRACE, &[]).total;
    let leads = listed(&clinic, GRACE, &[("Status", "Lead")]).total;
    console.keys("*").keys("t").keys("lead").keys(ENTER);
    shows(&console, &format!("{} of {total} contacts changed", total - leads));
    assert_eq!(listed(&clinic, GRACE, &[("Status", "Lead")]).total, total);
    console.keys("u").keys(ENTER);
    assert_eq!(listed(&clinic, GRACE, &[("Status", "Lead")]).total, leads, "{}", console.text());
    let mut priya = contacts(&clinic, PRIYA);
    priya.keys("t");
    hides(&priya, "Status of");
}

/// B6: what ends while its person is on another screen is told there.
#[test]
fn what_ends_while_one_is_elsewhere_is_told_there_and_can_be_called_off() {
    let clinic = clinic(150);
    let total = listed(&clinic, GRACE, &[]).total;
    let mut console = contacts(&clinic, GRACE);
    console.keys("*").keys("t");
    console.hold_jobs();
    console.keys("inactive").keys(ENTER).keys("1");
    shows(&console, "Changing");
    console.run_jobs();
    shows(&console, "contacts changed");
    shows(&console, "Records Owned");
    // Called off: nothing of it stays.
    console.keys(":").keys("go to contacts").keys(ENTER).keys("*").keys("t").keys("lead");
    console.hold_jobs();
    console.keys(ENTER).keys("\x18");
    console.run_jobs();
    shows(&console, "Called off; nothing was changed.");
    assert_eq!(listed(&clinic, GRACE, &[("Status", "Inactive")]).total, total);
    // Leaving meanwhile asks.
    console.keys("*").keys("t").keys("lead").hold_jobs();
    console.keys(ENTER).keys("q");
    shows(&console, "is under way");
    console.esc();
    console.run_jobs();
}

/// R16: an act under way is decided by the rules at its end.
#[test]
fn r16_whoever_loses_the_right_meanwhile_changes_nothing() {
    let clinic = clinic(100);
    let mut console = contacts(&clinic, SAM);
    let own = listed(&clinic, SAM, &[("owner", SAM)]).total;
    console.keys("O").keys("o").keys("kim n").keys(ENTER);
    shows(&console, "goes to Kim Nguyen");
    console.hold_jobs();
    console.keys("y");
    clinic.engine.operator().apply_team(
        "t",
        "[[roles]]\nname = \"Vet Tech\"\nmanager = \"Vet\"\n[roles.scopes]\ncontacts = { view = \"roles\", edit = \"none\", delete = \"none\" }\n",
        rolecall::exchange::team_file::Format::Toml,
        false,
    ).unwrap();
    console.run_jobs();
    shows(&console, "You can't change this record.");
    assert_eq!(listed(&clinic, SAM, &[("owner", SAM)]).total, own);
}

/// 000-11: whoever is no longer active owns nothing new.
#[test]
fn nobody_who_is_not_active_is_offered_as_an_owner_000_11() {
    let clinic = clinic(30);
    let inactive: Vec<String> = clinic
        .engine
        .operator()
        .users(&rolecall::service::users::UserQuery::default())
        .unwrap()
        .into_iter()
        .filter(|user| user.status != rolecall::model::Status::Active)
        .map(|user| user.name)
        .collect();
    assert!(!inactive.is_empty());
    let mut console = contacts(&clinic, OWNER);
    console.keys("o");
    for name in inactive {
        console.keys("\x15").keys(&name);
        shows(&console, "Nothing by that name");
    }
}

/// Whoever deletes what is open is back at the list, on its row number: the next `D` isn't for a
/// record that was never opened. An undo leads back to it.
#[test]
fn after_a_deletion_in_the_detail_one_is_back_at_the_list_000_26() {
    let clinic = clinic(40);
    for row in [0, 3] {
        let mut console = contacts(&clinic, OWNER);
        console.keys("j".repeat(row));
        let (gone, next) = (name(&console), name(console.keys("j")));
        console.keys("k").keys(ENTER);
        shows(&console, "You may        see, change and delete it");
        console.keys("D").keys("y").changed();
        shows(&console, "deleted.");
        hides(&console, "You may        see");
        assert_eq!(name(&console), next);
        console.keys("u").keys(ENTER).changed();
        shows(&console, "Undone");
        assert_eq!(name(&console), gone, "row {row}");
    }
}

/// What is open stays open where another record comes before it, also at the very top; where it
/// leaves the list, what stands in its place isn't open.
#[test]
fn what_is_open_is_never_another_record() {
    let clinic = clinic(40);
    let mut console = contacts(&clinic, OWNER);
    let open = name(&console);
    console.keys(ENTER);
    let fields = vec![("First Name".to_owned(), "Aaaa".to_owned())];
    let draft = rolecall::service::RecordDraft { fields, ..Default::default() };
    clinic.engine.operator().create_record("contacts", &draft).unwrap();
    console.changed();
    shows(&console, &open);
    shows(&console, "row 2");
    let text = console.text();
    let id = text.lines().find_map(|line| line.trim().strip_prefix("ID ")?.split_whitespace().next());
    let which = rolecall::service::bulk::Which::These(vec![id.unwrap().parse().unwrap()]);
    let act = rolecall::service::bulk::Act::Delete;
    let stop = std::sync::atomic::AtomicBool::new(false);
    clinic.engine.operator().act_on_records("contacts", &which, &act, &mut |_, _| (), &stop).unwrap();
    console.changed();
    hides(&console, "You may        see");
}

/// 000-26, R32: how many of how many will be gone is said before.
#[test]
fn a_deletion_of_several_says_how_many_of_them_may_be_deleted_000_26_r32() {
    let clinic = clinic(200);
    let total = listed(&clinic, KIM, &[]).total;
    let own = listed(&clinic, KIM, &[("owner", KIM)]).total;
    assert!(own > 1 && own < total);
    let mut console = contacts(&clinic, KIM);
    console.keys("*").keys("D");
    shows(&console, &format!("Delete {own} contacts?"));
    shows(&console, &format!("{own} of {total} contacts are deleted; the"));
    console.keys("y");
    shows(&console, &format!("{own} of {total} contacts deleted"));
    // Where none may be, it says so and asks nothing.
    console.keys("*").keys("D");
    shows(&console, &format!("You may delete none of these {} contacts.", total - own));
    hides(&console, "change nothing");
    // All of them: nothing is left.
    let mut owner = contacts(&clinic, OWNER);
    owner.keys("  ").keys("D");
    shows(&owner, "2 contacts are deleted.");
    hides(&owner, "you may not delete");
}

/// While it is counted, Esc calls it off, and the console goes on.
#[test]
fn counting_what_may_be_deleted_is_called_off_by_esc() {
    let clinic = clinic(60);
    let mut console = contacts(&clinic, OWNER);
    console.keys("*").hold_jobs().keys("D");
    shows(&console, "one moment…");
    console.esc();
    shows(&console, "Called off; nothing was changed.");
    shows(&console, "Esc unselect");
    console.run_jobs();
    hides(&console, "Delete ");
}

/// With something selected the foot shows the way out and what is done with all of it.
#[test]
fn the_foot_shows_what_is_done_with_a_selection() {
    let clinic = clinic(60);
    let mut console = contacts(&clinic, OWNER);
    let foot = |console: &Headless| console.text().lines().last().unwrap_or_default().to_owned();
    console.keys("  ");
    let shown = foot(&console);
    assert!(shown.starts_with(" Esc unselect"), "{shown}");
    for key in ["o owner", "t status", "D delete"] {
        assert!(shown.contains(key), "no {key} in {shown}");
    }
    console.esc();
    hides(&console, "selected");
    assert!(!foot(&console).contains("unselect"), "{}", console.text());
    console.keys("2").keys("  ");
    let shown = foot(&console);
    for key in ["Esc unselect", "r role", "v revoke"] {
        assert!(shown.contains(key), "no {key} in {shown}");
    }
    console.esc();
    hides(&console, "chosen");
}

/// R13: what its giver couldn't take back isn't given away by Enter alone.
#[test]
fn what_cannot_be_taken_back_is_not_given_away_by_enter_r13() {
    let clinic = clinic(100);
    let mut console = contacts(&clinic, SAM);
    let before = listed(&clinic, SAM, &[("owner", SAM)]).total;
    console.keys("O").keys("o").keys("kim").keys(ENTER);
    shows(&console, "can't take this back");
    console.keys(ENTER).keys(CTRL_S);
    assert_eq!(listed(&clinic, SAM, &[("owner", SAM)]).total, before);
    console.keys("y");
    shows(&console, "given away");
    assert_eq!(listed(&clinic, SAM, &[("owner", SAM)]).total, before - 1);
}

/// R8, R34: whoever sees a record by being assigned alone is told before they leave it.
#[test]
fn whoever_leaves_a_record_is_told_what_that_means_r8_r34() {
    let clinic = clinic(100);
    contacts(&clinic, OWNER).keys("fowner\rkim n \r").keys("a").keys("freya ").keys(ENTER);
    let before = listed(&clinic, FREYA, &[]).total;
    let mut console = contacts(&clinic, FREYA);
    console.keys("fowner\rkim n \r").keys("a").keys("freya ").keys(ENTER);
    shows(&console, "is no longer assigned to you.");
    shows(&console, "can't take this back");
    console.keys(ENTER);
    assert_eq!(listed(&clinic, FREYA, &[]).total, before);
    console.keys("y");
    shows(&console, "no longer assigned to Freya Lindqvist.");
    assert_eq!(listed(&clinic, FREYA, &[]).total, before - 1);
}

/// R13, R32: the look at what it means says how many are given away, and no more are.
#[test]
fn no_more_are_given_away_than_the_review_counted_r13_r32() {
    let clinic = clinic(60);
    let (all, kims) = (listed(&clinic, OWNER, &[]).total, listed(&clinic, OWNER, &[("owner", KIM)]).total);
    let made = |many: u64| {
        for number in 0..many {
            let fields = vec![("First Name".to_owned(), format!("Newcomer {number}"))];
            let draft = rolecall::service::RecordDraft { fields, ..Default::default() };
            clinic.engine.acting_as(SAM).unwrap().create_record("contacts", &draft).unwrap();
        }
    };
    let mut console = contacts(&clinic, OWNER);
    console.keys("*").keys("o");
    shows(&console, &format!("New owner of {all} contacts"));
    made(5);
    console.changed().keys("kim n").keys(ENTER);
    shows(&console, &format!("of {} contacts go to Kim Nguyen; {kims} are left", all + 5));
    // One more is one that nobody agreed to.
    made(1);
    console.keys(ENTER);
    shows(&console, "The list changed");
    assert_eq!(listed(&clinic, OWNER, &[("owner", KIM)]).total, kims);
    console.changed().keys("*").keys("o").keys("kim n").keys(ENTER).keys(ENTER);
    assert_eq!(listed(&clinic, OWNER, &[("owner", KIM)]).total, all + 6);
}

/// R32: where nothing is given away, it is said what was the new owner's and what was left, and why.
#[test]
fn what_may_not_be_given_away_is_not_said_to_be_the_new_owners_r32() {
    let clinic = clinic(60);
    let file = "[[roles]]\nname = \"Practice Manager\"\nmanager = \"Administrator\"\n[roles.scopes]\ncontacts = { view = \"all\", edit = \"own\", delete = \"none\" }\n";
    clinic.engine.operator().apply_team("t", file, rolecall::exchange::team_file::Format::Toml, false).unwrap();
    let mut console = contacts(&clinic, KIM);
    console.keys("fowner\rsam \r").keys(" ").keys("c").keys("O").keys(" ");
    shows(&console, "2 selected");
    console.keys("o").keys("kim n").keys(ENTER);
    hides(&console, "are Kim Nguyen's already");
    shows(&console, "0 of 2 contacts given away; 1 was so already; 1 left:");
}
