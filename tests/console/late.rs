//! What comes back while its person has gone on to something else: it is shown over nothing, it is
//! no answer to anything else, and the screen that asked has it when it is in front again.

use rolecall::host::headless::Headless;
use rolecall::model::Status;
use rolecall::service::draft::Draft;
use rolecall::service::edit_fields::{FieldEdit, FieldsChange, OptionEdit, OptionsEdit};
use rolecall::service::people::UserChange;
use rolecall::service::users::UserQuery;

use crate::harness::{Clinic, DARK, DOWN, ENTER, OWNER, OWNER_PASSWORD, RIGHT, WIDE, clinic, hides, shows};
use crate::matrix;
use crate::people::says;
use crate::records::{KIM, SAM, contacts, listed, row};

const SAVE: &str = "\x13";
const COMMANDS: &str = "\x10";
/// What is said where something came too late to be shown.
const LATE: &str = "You had gone on before that could be shown. Ask for it again.";

fn total(clinic: &Clinic) -> u64 {
    listed(clinic, OWNER, &[]).total
}

fn owned(clinic: &Clinic, who: &str) -> u64 {
    listed(clinic, OWNER, &[("owner", who)]).total
}

fn status(clinic: &Clinic, email: &str) -> Status {
    let users = clinic.engine.operator().users(&UserQuery::default()).unwrap();
    users.into_iter().find(|user| user.email == email).unwrap().status
}

fn find(console: &mut Headless, whom: &str) {
    console.keys("2").keys("c").keys("/").keys(whom).keys(ENTER);
}

/// Down to this line.
fn to(console: &mut Headless, line: &str) {
    while !console.text().lines().any(|shown| shown.starts_with(" ▌") && shown.contains(line)) {
        let before = console.text();
        console.keys(DOWN);
        assert_ne!(console.text(), before, "no {line}");
    }
}

/// A console whose owner has chosen Kim to own all contacts, while what that means is worked out.
fn giving_away(clinic: &Clinic) -> Headless {
    let mut console = contacts(clinic, OWNER);
    console.keys("*").keys("o").hold_jobs();
    console.keys("kim n").keys(ENTER);
    console
}

/// R13, 000-26: a deletion that was declined is declined, whatever else is answered afterwards.
#[test]
fn what_was_declined_is_not_done_by_the_answer_to_something_else_r13_000_26() {
    let clinic = clinic(60);
    let (all, kims) = (total(&clinic), owned(&clinic, KIM));
    let mut console = giving_away(&clinic);
    console.keys("D").run_jobs();
    // Whoever began to delete gave up giving away.
    hides(&console, "Change the owner?");
    shows(&console, &format!("Delete {all} contacts?"));
    console.esc();
    hides(&console, "Change the owner?");
    console.keys(ENTER).keys("y");
    assert_eq!((total(&clinic), owned(&clinic, KIM)), (all, kims));
    // Whoever didn't gives away, and nothing else.
    let mut console = giving_away(&clinic);
    console.run_jobs();
    shows(&console, "Change the owner?");
    console.keys(ENTER);
    assert_eq!((total(&clinic), owned(&clinic, KIM)), (all, all));
}

/// R13, 000-26: whoever went on in the list answers a review that comes then with y: Enter was meant
/// for the list.
#[test]
fn a_review_that_comes_after_keys_for_the_list_wants_more_than_enter_r13_000_26() {
    let clinic = clinic(60);
    let (all, kims) = (total(&clinic), owned(&clinic, KIM));
    let mut console = giving_away(&clinic);
    console.keys(DOWN).run_jobs();
    shows(&console, "Change the owner?");
    console.keys(ENTER);
    shows(&console, "Change the owner?");
    assert_eq!(owned(&clinic, KIM), kims);
    console.keys("y");
    assert_eq!(owned(&clinic, KIM), all);
    // A question without a review is no different.
    let mut console = clinic.console(OWNER);
    find(&mut console, "sam");
    console.hold_jobs();
    console.keys("p").keys(DOWN).run_jobs();
    shows(&console, "Reset the password of Sam Smith?");
    console.keys(ENTER);
    hides(&console, "Temporary password");
    console.keys("y");
    shows(&console, "Temporary password");
}

/// R13, 000-26: Esc gives up what is being prepared before it takes anything else back.
#[test]
fn esc_calls_off_what_is_being_prepared_r13_000_26() {
    const OFF: &str = "Called off; nothing was changed.";
    let clinic = clinic(60);
    let mut console = giving_away(&clinic);
    console.esc().run_jobs();
    shows(&console, OFF);
    hides(&console, "Change the owner?");
    // What was selected still is, until Esc is pressed again.
    shows(&console, "✓");
    console.esc();
    hides(&console, "✓");
    for keys in ["v", "e"] {
        let mut console = clinic.console(OWNER);
        find(&mut console, "sam");
        console.hold_jobs();
        console.keys(keys).esc().run_jobs();
        shows(&console, OFF);
        shows(&console, "/ sam");
        hides(&console, "can't sign in any more");
        hides(&console, "Contact Information");
        assert_eq!(status(&clinic, SAM), Status::Active);
    }
    let mut console = contacts(&clinic, OWNER);
    console.keys("t").keys("lead").keys(ENTER).hold_jobs();
    console.keys("u").esc().run_jobs();
    shows(&console, OFF);
    shows(&console, "› Contacts");
    hides(&console, "This takes back your last change");
    let mut console = clinic.console(OWNER);
    console.keys("3").keys("t").keys("Gm").keys("g");
    shows(&console, "(moving)");
    console.hold_jobs();
    console.keys(ENTER).esc().run_jobs();
    shows(&console, OFF);
    shows(&console, "(moving)");
    hides(&console, "moves under");
}

/// The same the other way round: a list of people that comes while a deletion is asked about doesn't
/// lie over that, nor make its `y` a gift.
#[test]
fn people_who_come_late_are_not_laid_over_a_question_r13_000_26() {
    let clinic = clinic(60);
    let (all, kims) = (total(&clinic), owned(&clinic, KIM));
    let mut console = contacts(&clinic, OWNER);
    console.hold_jobs();
    console.keys("o").keys("D").run_jobs();
    shows(&console, "is deleted.");
    hides(&console, "New owner of");
    console.keys("kim n").keys(ENTER);
    // `n` said no.
    hides(&console, "is deleted.");
    assert_eq!((total(&clinic), owned(&clinic, KIM)), (all, kims));
    console.keys("D").keys("y");
    assert_eq!((total(&clinic), owned(&clinic, KIM)), (all - 1, kims));
}

#[test]
fn a_review_that_comes_late_lies_over_nothing_that_was_opened_meanwhile() {
    let clinic = clinic(60);
    let (all, kims) = (total(&clinic), owned(&clinic, KIM));
    let mut console = giving_away(&clinic);
    console.keys(":").keys("go to us").run_jobs();
    hides(&console, "Change the owner?");
    shows(&console, LATE);
    console.keys("ers").keys(ENTER);
    shows(&console, "› Users");
    assert_eq!((total(&clinic), owned(&clinic, KIM)), (all, kims));
    // Nor is it there when one comes back.
    console.esc();
    shows(&console, "› Contacts");
    hides(&console, "Change the owner?");
}

#[test]
fn a_review_that_comes_late_takes_no_letter_of_a_search() {
    let clinic = clinic(60);
    let (all, kims) = (total(&clinic), owned(&clinic, KIM));
    let mut console = giving_away(&clinic);
    console.keys("/").run_jobs();
    hides(&console, "Change the owner?");
    shows(&console, LATE);
    console.keys("a").keys(ENTER);
    shows(&console, "/ a");
    assert_eq!((total(&clinic), owned(&clinic, KIM)), (all, kims));
    // What the console has to ask of itself is no different.
    let mut console = contacts(&clinic, OWNER);
    console.keys("t").keys("lead").keys(ENTER);
    let leads = listed(&clinic, OWNER, &[("Status", "Lead")]).total;
    console.hold_jobs();
    console.keys("u").keys("e").run_jobs();
    hides(&console, "This takes back your last change");
    console.keys(ENTER);
    assert_eq!(listed(&clinic, OWNER, &[("Status", "Lead")]).total, leads);
}

/// R13: nor does it open on a screen that was left meanwhile.
#[test]
fn a_review_that_came_while_its_screen_was_behind_is_asked_for_again_r13() {
    let clinic = clinic(60);
    let kims = owned(&clinic, KIM);
    let mut console = giving_away(&clinic);
    console.keys("e").run_jobs();
    hides(&console, "Change the owner?");
    console.esc();
    shows(&console, LATE);
    console.keys(ENTER);
    assert_eq!(owned(&clinic, KIM), kims);
    console.esc().keys("o").keys("kim n").keys(ENTER);
    shows(&console, "Change the owner?");
}

/// R21: a temporary password, which can't be shown twice, waits until what lies over it is gone.
#[test]
fn a_temporary_password_waits_for_what_is_open_r21() {
    let clinic = clinic(20);
    let mut console = clinic.console(OWNER);
    find(&mut console, "sam");
    console.keys("p").hold_jobs();
    console.keys(ENTER).keys(":").keys("he").run_jobs();
    hides(&console, "Temporary password");
    console.keys("l").esc();
    shows(&console, "Temporary password");
    // And for its screen.
    console.keys("y").keys("p").hold_jobs();
    console.keys(ENTER).keys(":").keys("my details").keys(ENTER).run_jobs();
    hides(&console, "Temporary password");
    console.esc();
    shows(&console, "Temporary password");
}

/// R21: nor is it lost on the way to another screen, nor closed by the Enter that ends a search.
#[test]
fn a_temporary_password_outlives_a_change_of_screen_and_a_search_r21() {
    let clinic = clinic(20);
    let mut console = clinic.console(OWNER);
    find(&mut console, "sam");
    console.keys("p").hold_jobs();
    console.keys(ENTER).keys(":").run_jobs();
    hides(&console, "Temporary password");
    console.keys("go to roles").keys(ENTER);
    shows(&console, "Temporary password");
    console.keys("y");
    find(&mut console, "sam");
    console.keys("p").hold_jobs();
    console.keys(ENTER).keys("/").run_jobs();
    hides(&console, "Temporary password");
    console.keys("kim").keys(ENTER);
    shows(&console, "Temporary password");
    console.keys("y");
    hides(&console, "Temporary password");
}

/// R21: keys that were pressed before it was there, and those of a habit, don't close it.
#[test]
fn a_temporary_password_is_closed_by_whoever_noted_it_r21() {
    let clinic = clinic(20);
    let mut console = clinic.console(OWNER);
    find(&mut console, "sam");
    // All in one go, as somebody presses Enter twice, and y for good measure.
    console.keys("p").keys("\r\ry");
    shows(&console, "Temporary password");
    shows(&console, "I have noted it");
    console.keys(ENTER).esc();
    shows(&console, "Press y once you have noted it.");
    // The way out takes two steps.
    console.keys("\x03");
    shows(&console, "Ctrl-C again leaves it");
    console.keys("\x11");
    shows(&console, "Temporary password");
    console.keys("y");
    hides(&console, "Temporary password");
    console.keys("p").keys(ENTER).keys("\x03").keys("\x03");
    hides(&console, "Temporary password");
    assert!(!console.is_done());
    console.keys("\x03");
    assert!(console.is_done());
}

/// R21, R16: nor does it go with a screen that is lost while it lies over that.
#[test]
fn a_temporary_password_outlives_the_screen_under_it_r21_r16() {
    let clinic = clinic(20);
    let mut console = clinic.console("rahul@paws.example");
    find(&mut console, "sam");
    console.keys("p").hold_jobs();
    console.keys(ENTER).keys("4").keys("2").keys("4").run_jobs();
    shows(&console, "Temporary password");
    shows(&console, "› Contacts");
    let file = "[[roles]]\nname = \"Vet Tech\"\nmanager = \"Vet\"\n[roles.features]\n\"contacts.access\" = \"no\"\n\
                [[users]]\nemail = \"rahul@paws.example\"\nrole = \"Vet Tech\"\n";
    clinic.engine.operator().apply_team("test", file, rolecall::exchange::team_file::Format::Toml, false).unwrap();
    console.changed();
    hides(&console, "› Contacts");
    shows(&console, "Temporary password");
}

/// R21: nor with the list that it was asked for on, whether the reply comes before or after that is left.
#[test]
fn a_temporary_password_outlives_the_list_that_asked_for_it_r21() {
    let clinic = clinic(20);
    for [before, after] in [["3", "2"], ["32", ""]] {
        let mut console = clinic.console(OWNER);
        find(&mut console, "sam");
        console.keys("p").hold_jobs();
        console.keys(ENTER).keys(before).run_jobs();
        console.keys(after);
        shows(&console, "Temporary password");
        console.keys("y");
        hides(&console, "Temporary password");
        shows(&console, "› Users");
    }
}

/// 003-24: nor is what came of a change lost with the list that it was made on.
#[test]
fn what_came_of_a_change_is_told_on_whatever_list_one_is_by_then_003_24() {
    let clinic = clinic(20);
    let mut console = clinic.console(OWNER);
    find(&mut console, "sam");
    console.keys("v").hold_jobs();
    console.keys(ENTER).keys("32").run_jobs();
    shows(&console, "Sam Smith is revoked.");
}

/// 004-22: nor with the Field Editor; and Esc gives up a deletion that is being looked at there.
#[test]
fn what_came_of_a_deleted_field_is_told_and_esc_gives_it_up_004_22() {
    let clinic = clinic(5);
    let mut console = clinic.console_with(Some(OWNER), WIDE, DARK);
    console.keys(":").keys("field editor").keys(ENTER);
    to(&mut console, "Lead Score");
    console.hold_jobs();
    console.keys("D").esc().run_jobs();
    shows(&console, "Called off; nothing was changed.");
    shows(&console, "› Field Editor");
    hides(&console, "Delete the field");
    console.keys("D").hold_jobs();
    console.keys(ENTER).esc().run_jobs();
    hides(&console, "› Field Editor");
    shows(&console, "The field “Lead Score” is deleted.");
}

/// A console whose owner gives Sam another email, while that is saved.
fn saving(clinic: &Clinic) -> Headless {
    let mut console = clinic.console(OWNER);
    find(&mut console, "sam");
    console.keys("e").keys(DOWN).keys("\x15sammy@paws.example").hold_jobs();
    console.keys(SAVE).run_held();
    shows(&console, "One moment…");
    console
}

/// 001-11, 003-24: whoever goes away from a form that is being saved is told so, and what came of it.
#[test]
fn what_came_of_a_form_that_was_left_is_told_001_11_003_24() {
    let clinic = clinic(20);
    let mut console = saving(&clinic);
    console.keys(COMMANDS).keys("go to roles").keys(ENTER);
    says(&console, "is being saved");
    hides(&console, "not saved");
    console.keys("y").run_jobs();
    shows(&console, "› Roles");
    shows(&console, "Sam Smith is changed.");
    hides(&console, LATE);
}

/// The same of a refusal, which has no field to stand at any more.
#[test]
fn a_refusal_of_a_form_that_was_left_is_told_001_11() {
    let clinic = clinic(20);
    let mut console = saving(&clinic);
    console.keys(COMMANDS).keys("go to roles").keys(ENTER).keys("y");
    let change = UserChange { email: Some("sammy@paws.example".to_owned()), ..UserChange::default() };
    clinic.engine.operator().save(&Draft::User { email: KIM.to_owned(), change }).unwrap();
    console.run_jobs();
    shows(&console, "› Roles");
    says(&console, "Sam Smith: ");
    says(&console, "somebody's already");
}

/// Nor is the console left without being asked while something is saved, or not shown yet.
#[test]
fn leaving_the_console_while_something_is_saved_is_asked_first_r21() {
    let clinic = clinic(20);
    let mut console = clinic.console(OWNER);
    find(&mut console, "sam");
    console.keys("p").hold_jobs();
    console.keys(ENTER).keys("q");
    says(&console, "A change is still being saved");
    assert!(!console.is_done());
    console.esc();
    console.keys(":").keys("my details").keys(ENTER).run_jobs();
    console.keys("\x03");
    assert!(!console.is_done());
    console.keys("y");
    assert!(console.is_done());
}

/// A form that is saved while the palette is open takes neither the palette nor its letters along.
#[test]
fn a_save_that_ends_under_the_palette_waits_for_it() {
    let clinic = clinic(20);
    let mut console = saving(&clinic);
    console.keys(COMMANDS).keys("go t").run_jobs();
    shows(&console, "go t");
    shows(&console, "Sam Smith");
    console.keys("o roles").keys(ENTER);
    // Nothing is unsaved by then.
    shows(&console, "› Roles");
    shows(&console, "Sam Smith is changed.");
    // Whoever closes it is back on the list.
    let mut console = contacts(&clinic, OWNER);
    console.keys("e").keys("X").hold_jobs();
    console.keys(SAVE).keys(COMMANDS).keys("p").run_jobs();
    hides(&console, ": saved.");
    console.esc();
    shows(&console, "› Contacts");
    shows(&console, ": saved.");
}

/// 002-35: a password that is being changed is changed, and that is told wherever one is by then.
#[test]
fn a_password_that_is_being_changed_is_not_left_without_a_word_002_35() {
    let clinic = clinic(5);
    let changing = |old: &str| {
        let mut console = clinic.console(OWNER);
        console.keys(COMMANDS).keys("change my password").keys(ENTER);
        console.keys(old).keys(ENTER).keys("nine ducks in the rain").keys(ENTER).keys("nine ducks in the rain");
        console.hold_jobs();
        console.keys(ENTER);
        console
    };
    let mut console = changing("not it");
    console.keys("x").esc();
    shows(&console, "One moment…");
    console.keys(COMMANDS).keys("go to users").keys(ENTER);
    says(&console, "Your password is being changed.");
    console.keys("y").run_jobs();
    shows(&console, "› Users");
    says(&console, "The current password is wrong.");
    let mut console = changing(OWNER_PASSWORD);
    console.esc().run_jobs();
    shows(&console, "Your password is changed.");
}

/// R21: the temporary password that somebody signed in with is the one that they choose another for.
#[test]
fn what_is_typed_while_one_is_signed_in_changes_nothing_r21() {
    let clinic = clinic(5);
    let temporary = clinic.engine.operator().reset_password(SAM).unwrap();
    let mut console = clinic.door();
    console.keys(SAM).keys(ENTER).keys(temporary.reveal()).hold_jobs();
    console.keys(ENTER).keys("zzz").run_jobs();
    shows(&console, "Your password is a temporary one.");
    console.keys("nine ducks in the rain").keys(ENTER).keys("nine ducks in the rain").keys(ENTER);
    shows(&console, "What you may do");
}

/// What a screen begins with is there, whoever it was opened by.
#[test]
fn a_screen_that_another_persona_comes_to_begins_as_for_the_first() {
    let clinic = clinic(5);
    let mut console = contacts(&clinic, OWNER);
    console.keys(":").keys("import").keys(ENTER);
    shows(&console, "Import from");
    console.esc().keys("@").keys("rahul").keys(ENTER);
    shows(&console, "Rahul");
    shows(&console, "Import from");
    hides(&console, LATE);
}

/// What is asked for through the commands is shown over a text as well: nothing was typed since.
#[test]
fn what_the_commands_begin_over_a_text_is_shown() {
    let clinic = clinic(20);
    let mut console = contacts(&clinic, OWNER);
    console.keys("t").keys("lead").keys(ENTER).keys("e");
    console.keys(COMMANDS).keys("undo").keys(ENTER);
    shows(&console, "This takes back your last change");
    console.esc().hold_jobs();
    console.keys(COMMANDS).keys("undo").keys(ENTER).keys("x").run_jobs();
    hides(&console, "This takes back your last change");
    shows(&console, LATE);
}

/// R17: a question that takes two steps is no more asked of whoever went away in between than any other,
/// and a form doesn't open under what is typed.
#[test]
fn what_takes_two_steps_does_not_come_back_by_itself_r17() {
    let clinic = clinic(20);
    let mut console = clinic.console(OWNER);
    find(&mut console, "sam");
    console.hold_jobs();
    console.keys("v").keys(":").keys("my details").keys(ENTER).run_jobs();
    console.esc();
    shows(&console, LATE);
    console.keys(ENTER);
    assert_eq!(status(&clinic, SAM), Status::Active);
    console.esc().keys("c");
    find(&mut console, "sam");
    console.hold_jobs();
    console.keys("e").keys("/").keys("s").run_jobs();
    shows(&console, LATE);
    shows(&console, "/ s");
}

/// 003-24: a change that is saved while its person is on another screen is told when they come back.
#[test]
fn a_save_that_ended_on_another_screen_is_told_003_24() {
    let clinic = clinic(20);
    let mut console = clinic.console(OWNER);
    find(&mut console, "sam");
    console.keys("v").hold_jobs();
    console.keys(ENTER).keys(":").keys("my details").keys(ENTER).run_jobs();
    assert_eq!(status(&clinic, SAM), Status::Revoked);
    console.esc();
    shows(&console, "Sam Smith is revoked.");
    shows(&console, "revoked");
}

#[test]
fn a_list_that_was_counted_while_an_editor_was_in_front_is_counted() {
    let clinic = clinic(400);
    let mut console = contacts(&clinic, OWNER);
    console.hold_jobs();
    console.keys("/a").keys(ENTER).run_held();
    shows(&console, "counting…");
    console.keys("e").run_jobs();
    console.esc();
    hides(&console, "counting…");
    shows(&console, "contacts match");
    console.keys("A");
    shows(&console, "selected");
}

/// R11, R16: unless the rules are others by then.
#[test]
fn r16_what_came_under_other_rules_is_not_shown_when_one_comes_back() {
    let clinic = clinic(400);
    let mut console = contacts(&clinic, KIM);
    console.hold_jobs();
    console.keys("/a").keys(ENTER).run_held();
    console.keys("e").run_held();
    let file = "[[roles]]\nname = \"Practice Manager\"\nmanager = \"Administrator\"\n[roles.scopes]\ncontacts = { view = \"own\", edit = \"own\", delete = \"none\" }\n";
    clinic.engine.operator().apply_team("test", file, rolecall::exchange::team_file::Format::Toml, false).unwrap();
    console.changed().run_held();
    let before = console.text();
    console.esc();
    // What it was asked under other rules isn't taken; what is asked now is.
    hides(&console, "contacts match");
    console.run_jobs();
    hides(&console, "counting…");
    let own = listed(&clinic, KIM, &[]).rows;
    assert!(!own.is_empty() && own.iter().all(|row| row.owner == KIM), "{before}");
    shows(&console, " match");
}

#[test]
fn a_history_that_was_read_while_a_form_was_in_front_is_shown() {
    let clinic = clinic(20);
    let mut console = clinic.console(OWNER);
    console.hold_jobs();
    console.keys(":").keys("go to activity").keys(ENTER);
    console.keys(":").keys("my details").keys(ENTER).run_jobs();
    shows(&console, "› My details");
    console.esc();
    shows(&console, "› Activity");
    let entries = |console: &Headless| {
        let text = console.text();
        text.split_whitespace()
            .zip(text.split_whitespace().skip(1))
            .any(|(some, word)| some.parse::<u32>().is_ok() && word.trim_end_matches(',').starts_with("entr"))
    };
    assert!(entries(&console), "{}", console.text());
    // What happens from now on is shown as well.
    let rule = "[[users]]\nemail = \"sam@paws.example\"\nrole = \"Reception\"\n";
    clinic.engine.operator().apply_team("the rota", rule, rolecall::exchange::team_file::Format::Toml, false).unwrap();
    console.changed();
    shows(&console, "rota");
}

/// 000-06: an answer is about the role that was asked about, wherever one stands by then.
#[test]
fn a_role_that_went_while_its_manager_was_chosen_is_not_another_one_000_06() {
    let clinic = clinic(5);
    matrix::add_roles(&clinic, &["Night Shift", "Weekend Shift"]);
    let managers = || -> Vec<Option<String>> {
        let roles = clinic.engine.operator().roles().unwrap();
        roles.into_iter().filter(|role| role.name != "Night Shift").map(|role| role.manager).collect()
    };
    let before = managers();
    let mut console = clinic.console(OWNER);
    console.keys("3").keys("/").keys("night").keys(ENTER).keys("m");
    shows(&console, "The Role Manager of “Night Shift”");
    let gone = Draft::DeleteRole { name: "Night Shift".to_owned(), replacement: None };
    clinic.engine.acting_as(OWNER).unwrap().save(&gone).unwrap();
    console.changed();
    console.keys("sales").keys(ENTER);
    shows(&console, "The role “Night Shift” is not there any more");
    hides(&console, "moves under");
    console.keys(ENTER);
    assert_eq!(managers(), before);
}

/// 004-22: a field is deleted where its deletion was asked for.
#[test]
fn a_field_that_is_being_counted_is_of_the_list_that_it_was_chosen_in_004_22() {
    let clinic = clinic(20);
    let mut console = clinic.console_with(Some(OWNER), WIDE, DARK);
    console.keys(":").keys("field editor").keys(ENTER);
    to(&mut console, "Lead Score");
    console.hold_jobs();
    console.keys("D").keys(RIGHT).run_jobs();
    shows(&console, "Delete the field “Lead Score” of the contacts?");
    says(&console, "of the contacts that you may see");
    hides(&console, "of the companies");
}

/// 004-22: an option gets its new name wherever it stands by then.
#[test]
fn an_option_that_moved_while_its_name_was_typed_is_the_one_that_is_renamed_004_22() {
    let clinic = clinic(20);
    let mut console = clinic.console_with(Some(OWNER), WIDE, DARK);
    console.keys(":").keys("field editor").keys(ENTER);
    to(&mut console, "Status");
    console.keys("o");
    let owner = clinic.engine.acting_as(OWNER).unwrap();
    let options = || -> Vec<String> {
        let held = owner.field_use("contacts", "Status", &Default::default()).unwrap();
        held.options.into_iter().map(|(label, _)| label).collect()
    };
    let before = options();
    console.keys("j").keys("e");
    shows(&console, "Rename the option");
    let edit = |label: &String| OptionEdit { was: Some(label.clone()), label: label.clone() };
    let edit = FieldEdit::ChangeField {
        field: "Status".to_owned(),
        name: None,
        section: None,
        options: Some(OptionsEdit {
            kept: before.iter().skip(1).map(edit).collect(),
            removed: before.iter().take(1).cloned().collect(),
        }),
    };
    owner.save(&Draft::Fields(FieldsChange { object: "contacts".to_owned(), edit })).unwrap();
    console.changed();
    console.keys(" anew").keys(ENTER).keys(SAVE).keys(ENTER);
    let mut wanted: Vec<String> = before[1..].to_vec();
    wanted[0].push_str(" anew");
    assert_eq!(options(), wanted, "{}", console.text());
}

/// 000-20: what is staged after Ctrl-S is in no review, and is staged after the save.
#[test]
fn what_is_staged_while_a_save_is_looked_at_stays_staged_000_20() {
    let clinic = clinic(5);
    let mut console = matrix::matrix(&clinic, OWNER);
    matrix::find(&mut console, "contacts.export");
    matrix::roles(&mut console, &["Vet Tech", "Reception"]);
    console.keys("y").hold_jobs();
    console.keys(SAVE).keys(RIGHT).keys("y");
    shows(&console, "2 staged, not saved");
    console.run_jobs();
    shows(&console, "1 cell of 1 role");
    // Neither of these was meant for it.
    console.keys("y").keys(ENTER);
    shows(&console, "1 cell of 1 role");
    assert_eq!(matrix::holds(&clinic, "Vet Tech", "contacts.export"), "No");
    console.keys(SAVE);
    shows(&console, "Saved: 1 cell of 1 role.");
    shows(&console, "1 staged, not saved");
    assert_eq!(matrix::holds(&clinic, "Vet Tech", "contacts.export"), "Yes");
    assert_eq!(matrix::holds(&clinic, "Reception", "contacts.export"), "On request");
}

/// 001-11: nothing that is typed goes into no save without a word.
#[test]
fn what_is_typed_while_a_save_is_looked_at_is_not_lost_001_11() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    find(&mut console, "sam");
    console.keys("e");
    shows(&console, "Sam Smith");
    console.keys("X").hold_jobs();
    console.keys(SAVE).keys("Y");
    // It waits, and says so; what is typed isn't taken.
    shows(&console, "One moment…");
    hides(&console, "Sam SmithXY");
    // Esc goes back to the fields, and nothing is saved.
    console.esc().run_jobs();
    console.keys("Y");
    shows(&console, "Sam SmithXY");
    console.keys(SAVE);
    let names = clinic.engine.operator().users(&UserQuery::default()).unwrap();
    assert!(names.iter().any(|user| user.name == "Sam SmithXY"), "{}", console.text());
}

/// What somebody was going to undo is shown to nobody else.
#[test]
fn what_was_looked_up_for_one_person_is_not_shown_to_the_next() {
    let clinic = clinic(20);
    let mut console = contacts(&clinic, OWNER);
    console.keys("t").keys("lead").keys(ENTER);
    console.hold_jobs();
    console.keys("u").keys("@").keys("kim").keys(ENTER).run_jobs();
    shows(&console, "Kim Nguyen");
    hides(&console, "This takes back your last change");
}

/// R32: a record that was taken out of a selection stays out, whatever was being looked up meanwhile.
#[test]
fn what_was_taken_out_of_a_selection_meanwhile_stays_out_r32() {
    let clinic = clinic(60);
    let all = total(&clinic);
    let mut console = contacts(&clinic, OWNER);
    console.keys("*").keys(" ");
    shows(&console, &format!("{} selected", all - 1));
    // Somebody commits: whether the one that is taken out can still be seen is looked up.
    let one = listed(&clinic, OWNER, &[]).rows.pop().unwrap();
    let draft = rolecall::service::RecordDraft { owner: Some(SAM.to_owned()), ..Default::default() };
    clinic.engine.operator().update_record("contacts", one.id, &draft).unwrap();
    console.hold_jobs();
    console.changed();
    let second = row(&console);
    console.keys(" ").run_jobs();
    shows(&console, &format!("{} selected", all - 2));
    console.keys("D").keys("y");
    assert_eq!(total(&clinic), 2, "{second}");
}
