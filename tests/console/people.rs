//! What a person does with users, by keyboard: adding, changing, exceptions. Each through the console, each held against what the people then may.

mod leaving;

use rolecall::host::headless::Headless;
use rolecall::model::FeatureValue;
use rolecall::service::Password;
use rolecall::service::users::{UserQuery, UserRow};

use crate::harness::{Clinic, DARK, DOWN, ENTER, OWNER, OWNER_PASSWORD, RIGHT, WIDE, clinic, hides, shows};

const SAM: &str = "sam@paws.example";
const KIM: &str = "kim@paws.example";
const SAVE: &str = "\x13";

/// The console of the owner, standing at somebody.
fn at(clinic: &Clinic, viewer: &str, whom: &str) -> Headless {
    let mut console = clinic.console(viewer);
    find(&mut console, whom);
    console
}

fn find(console: &mut Headless, whom: &str) {
    console.keys("2").keys("/").keys(whom).keys(ENTER);
    shows(console, &format!("/ {whom}"));
}

fn row(clinic: &Clinic, email: &str) -> Option<UserRow> {
    clinic.engine.operator().users(&UserQuery::default()).unwrap().into_iter().find(|row| row.email == email)
}

fn feature(clinic: &Clinic, email: &str, key: &str) -> FeatureValue {
    clinic.engine.acting_as(email).unwrap().feature(key)
}

/// The text of the window on top, or of the whole, in one line: sentences are broken over lines.
fn plain(console: &Headless) -> String {
    let text = console.text();
    let inside = |line: &str| match (line.find('│'), line.rfind('│')) {
        (Some(from), Some(to)) if from < to => line[from..to].to_owned(),
        _ => line.to_owned(),
    };
    let text: Vec<String> = text.lines().map(|line| inside(line).replace(['│', '▐', '▌'], " ")).collect();
    text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
pub fn says(console: &Headless, sentence: &str) {
    assert!(plain(console).contains(sentence), "no {sentence:?} in\n{}", console.text());
}

/// The temporary password that the console shows.
#[track_caller]
fn shown_password(console: &Headless) -> Password {
    shows(console, "Temporary password");
    shows(console, "shown this once");
    let text = console.text();
    let word = text.split_whitespace().find(|word| word.len() == 24 && word.matches('-').count() == 4);
    Password::new(word.unwrap_or_else(|| panic!("no password in\n{text}")))
}

/// 001-12: the list; the one who made the account is in it as what they are.
#[test]
fn the_list_shows_oneself_as_what_one_is_001_12() {
    let clinic = clinic(5);
    let mut console = clinic.console_with(Some(OWNER), WIDE, DARK);
    console.keys("2").keys("/").keys("olivia");
    shows(&console, "Olivia Hart (you)");
    shows(&console, "Account Owner");
    shows(&console, "Account owner");
}

/// 001-13, 001-25, 003-04, 000-30, 002-08, R21: one flow from nothing to a person who can sign in.
#[test]
fn a_user_is_added_and_put_in_the_role_in_one_flow_001_13_001_25_003_04() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys("2").keys("n");
    shows(&console, "Create roles and their permissions first");
    for section in ["Contact Information", "E-mail", "User Details"] {
        shows(&console, section);
    }
    // Nothing filled in: everything that is needed says so, and nobody is added.
    console.keys(SAVE);
    shows(&console, "Type a name.");
    console
        .keys("Nia Newcomer")
        .keys(ENTER)
        .keys("nia at paws")
        .keys(ENTER)
        .keys("Nia of Paws")
        .keys(ENTER)
        .keys("no address");
    console.keys(ENTER).keys("focused");
    shows(&console, "Recommended for freelancers");
    shows(&console, "contractors and trainees.");
    console.keys(ENTER).keys("kim").keys(ENTER).keys("not a language").keys(SAVE);
    shows(&console, "isn't an email address");
    assert!(row(&clinic, "nia at paws").is_none());
    console.keys("\x15nia@paws.example").keys(SAVE);
    shows(&console, "The Reply To Email isn't an email address");
    console.keys("\x15nia@mail.example").keys(SAVE);
    shows(&console, "isn't a language tag");
    console.keys("\x15pt-BR").keys(SAVE);
    shows(&console, "Nia Newcomer");
    shows(&console, "+ Contacts");
    console.keys(ENTER);
    let password = shown_password(&console);
    console.keys("x").keys(ENTER);
    // Only who says that they have noted it closes it.
    shows(&console, password.reveal());
    shows(&console, "Press y once you have noted it.");
    console.keys("y");
    hides(&console, password.reveal());
    shows(&console, "nia@paws.example");
    let detail = clinic.engine.operator().user_detail("nia@paws.example").unwrap();
    assert_eq!((detail.row.role.as_str(), detail.row.manager_email.as_deref()), ("Focused User", Some(KIM)));
    assert_eq!(detail.email_from_name.as_deref(), Some("Nia of Paws"));
    assert_eq!(detail.reply_to.as_deref(), Some("nia@mail.example"));
    assert_eq!(detail.language.as_deref(), Some("pt-BR"));
    let entered = clinic.engine.sign_in("NIA@paws.example", &password, None).unwrap();
    assert!(entered.must_change_password, "R21");
}

/// 000-03: user names are unique, and the console says whose it is at the field.
#[test]
fn an_address_that_is_taken_is_refused_at_its_field_000_03() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys("2").keys("n").keys("Sam Again").keys(ENTER).keys("SAM@paws.example").keys(SAVE);
    shows(&console, "is somebody's already");
    console.esc();
    shows(&console, "Leave without saving?");
    console.esc();
    shows(&console, "Sam Again");
    console.esc().keys("y");
    shows(&console, "30 users");
}

/// 000-01, 002-06, 002-10, 002-15, R11: whoever lacks the right doesn't meet the acts anywhere.
#[test]
fn without_the_right_there_is_no_act_000_01_002_06() {
    let clinic = clinic(20);
    for viewer in [KIM, SAM] {
        let mut console = clinic.console_with(Some(viewer), WIDE, DARK);
        console.keys(":").keys("go to users").keys(ENTER);
        let before = console.text();
        for key in ["n", "e", "r", "m", "a", "p", "v", "D", "O", " "] {
            console.keys(key);
            assert_eq!(console.text(), before, "{viewer}: {key}");
        }
        for word in ["n new", "e edit", "v revoke", "p password", "Exceptions", "Last seen"] {
            hides(&console, word);
        }
        for command in ["new user", "reset the password", "delete for good", "revoke access"] {
            console.keys(":").keys(command);
            shows(&console, "No command has that in its name.");
            console.esc().esc();
        }
    }
}

/// 000-31…34: the example of the document. Refund Transaction, for one person alone.
#[test]
fn an_exception_makes_the_refund_appear_for_one_person_000_31_000_32_000_33_000_34() {
    let clinic = clinic(20);
    assert_eq!(feature(&clinic, SAM, "purchases.refund"), FeatureValue::No);
    let mut sam = clinic.console_with(Some(SAM), WIDE, DARK);
    hides(&sam, "Refund Transaction");
    let mut console = at(&clinic, OWNER, "sam@");
    console.keys("a");
    shows(&console, "For Sam Smith alone");
    console.keys("refund tr");
    shows(&console, "Refund Transaction");
    shows(&console, "role: No");
    console.keys(ENTER).keys("vis").keys(ENTER).keys(SAVE);
    shows(&console, "+ Purchases: Refund Transaction");
    console.keys(ENTER);
    shows(&console, "“Refund Transaction” is Visible for Sam Smith.");
    assert_eq!(feature(&clinic, SAM, "purchases.refund"), FeatureValue::Yes);
    sam.changed();
    shows(&sam, "Refund Transaction");
    // Only that user: nobody else of the role.
    for tech in clinic.engine.operator().users(&UserQuery::default()).unwrap() {
        if tech.role == "Vet Tech" && tech.email != SAM && tech.status == rolecall::model::Status::Active {
            assert_eq!(feature(&clinic, &tech.email, "purchases.refund"), FeatureValue::No, "{}", tech.email);
        }
    }
    assert_eq!(row(&clinic, SAM).unwrap().role, "Vet Tech", "001-18");
    // And away again.
    console.keys(ENTER).keys(RIGHT);
    shows(&console, "User Permission Exceptions");
    // Below the one that the demo gives.
    console.keys(DOWN).keys("D");
    says(&console, "goes back to what the role “Vet Tech” says");
    console.keys(ENTER);
    shows(&console, "The exception for “Refund Transaction” is removed.");
    assert_eq!(feature(&clinic, SAM, "purchases.refund"), FeatureValue::No);
    sam.changed();
    hides(&sam, "Refund Transaction");
}

/// R10: a typed day is that day's end; redundant and void ones say so; the area is offered too.
#[test]
fn an_exception_says_when_it_ends_and_when_it_comes_to_nothing_r10() {
    let clinic = clinic(5);
    let mut console = at(&clinic, OWNER, "sam@");
    console.keys("a").keys("can set tasks").keys(ENTER).keys("visible").keys(ENTER).keys("yesterday").keys(SAVE);
    shows(&console, "“yesterday” is no date");
    console.keys("\x152026-11-19").keys(SAVE);
    shows(&console, "is over; type a later date");
    console.keys("\x152027-01-31").keys(SAVE);
    shows(&console, "is Visible for Sam Smith.");
    console.keys(ENTER).keys("]");
    shows(&console, "Visible until 2027-01-31");
    says(&console, "redundant: the role “Vet Tech” says the same");
    // An area that is off: told first, then offered.
    console.keys("a").keys("edit own targets").keys(ENTER).keys("vis").keys(ENTER).keys(SAVE);
    shows(&console, "comes to nothing for");
    console.keys("yes").keys(ENTER).keys(SAVE);
    shows(&console, "+ Reports");
    console.keys(ENTER);
    assert_eq!(feature(&clinic, SAM, "reports.targets"), FeatureValue::Yes);
    // Holders of a locked role have none.
    find(&mut console, "rahul");
    console.keys("a");
    says(&console, "The role “Administrator” holds every permission; its holders have no exceptions.");
    hides(&console, "New exception");
}

/// 003-20, 003-24: a change of role counts at once in another console, and the note says for how many.
#[test]
fn a_role_change_counts_at_once_and_says_how_many_sessions_took_it_003_20_003_24() {
    let clinic = clinic(40);
    let mut sam = clinic.console(SAM);
    let mut again = clinic.console(SAM);
    shows(&sam, "Vet Tech");
    let mut console = at(&clinic, OWNER, "sam@");
    console.keys("r").keys("reception").keys(ENTER);
    shows(&console, "The role “Reception” for Sam Smith.");
    shows(&console, "Sam Smith");
    console.keys(ENTER);
    says(&console, "Sam Smith holds “Reception” now. 2 other sessions took it at once.");
    for console in [&mut sam, &mut again] {
        console.changed();
        shows(console, "Sam Smith · Reception");
        hides(console, "Vet Tech");
    }
}

/// 001-16, R4: a manager of one's own, chosen and taken away.
#[test]
fn a_manager_is_chosen_and_taken_away_001_16() {
    let clinic = clinic(40);
    let mut console = at(&clinic, OWNER, "sam@");
    console.keys("m").keys("marco").keys(ENTER);
    shows(&console, "Sam Smith reports to Marco Bianchi.");
    console.keys(ENTER);
    assert_eq!(row(&clinic, SAM).unwrap().manager.as_deref(), Some("Marco Bianchi"));
    console.keys("m").keys("by the role").keys(ENTER).keys(ENTER);
    assert_eq!(row(&clinic, SAM).unwrap().manager, None);
    // A circle is refused in words.
    find(&mut console, "kim@");
    console.keys("m").keys("lukas").keys(ENTER);
    shows(&console, "circle of managers");
}

/// 001-14, 001-15, 003-20: the details of somebody, changed; what is typed isn't lost by Esc.
#[test]
fn details_are_edited_001_14_001_15() {
    let clinic = clinic(5);
    let mut console = at(&clinic, OWNER, "sam@");
    console.keys("e");
    shows(&console, "Sam Smith");
    console.keys(ENTER).keys(ENTER).keys("Sam Smith, Paws").keys(ENTER).keys("sam at paws").keys(SAVE);
    shows(&console, "isn't an email address");
    console.keys("\x15desk@paws.example").keys(SAVE);
    shows(&console, "Sam Smith is changed.");
    let detail = clinic.engine.operator().user_detail(SAM).unwrap();
    assert_eq!(detail.email_from_name.as_deref(), Some("Sam Smith, Paws"));
    assert_eq!(detail.reply_to.as_deref(), Some("desk@paws.example"));
    console.keys(ENTER);
    shows(&console, "desk@paws.example");
}

/// R31: nobody gives what they don't hold, and hears so before and at the save.
#[test]
fn nobody_gives_what_they_lack_r31() {
    let clinic = clinic(20);
    let file = "[[roles]]\nname = \"Office\"\nmanager = \"Account Owner\"\ntype = \"administrator\"\n[roles.features]\n\"users.manage\" = \"yes\"\n\"users.edit\" = \"yes\"\n[[users]]\nemail = \"otto@paws.example\"\nname = \"Otto Office\"\nrole = \"Office\"\n";
    clinic
        .engine
        .operator()
        .apply_team("test", file, rolecall::exchange::team_file::Format::Toml, false)
        .map(drop)
        .unwrap_or_else(|error| panic!("{error}"));
    let mut otto = at(&clinic, "otto@paws.example", "kim@");
    for key in ["e", "r", "p", "v"] {
        otto.keys(key);
        shows(&otto, "They hold");
        shows(&otto, "which you don't");
    }
    otto.keys("n")
        .keys("Mia")
        .keys(ENTER)
        .keys("mia@paws.example")
        .keys(ENTER)
        .keys(ENTER)
        .keys(ENTER)
        .keys("practice");
    shows(&otto, "You can't give it");
    otto.keys(ENTER).keys(SAVE);
    shows(&otto, "which you don't");
    assert!(row(&clinic, "mia@paws.example").is_none());
}

/// Several at once: those for whom it may be done are changed, the others are named.
#[test]
fn several_are_changed_at_once_and_the_others_are_named() {
    let clinic = clinic(20);
    let mut console = clinic.console(OWNER);
    console.keys("2").keys(" ").keys(" ").keys("/").keys("o").keys(ENTER);
    shows(&console, "[ ]");
    console.keys("c").keys("/").keys("olivia").keys(ENTER).keys(" ");
    console.keys("c");
    shows(&console, "1 chosen");
    console.keys("g").keys(" ").keys(" ");
    shows(&console, "3 chosen");
    console.keys("v").keys("revoke").keys(ENTER);
    says(&console, "2 of 3 are revoked; the others stay as they are: Olivia Hart");
    console.keys(ENTER);
    shows(&console, "2 of 3 revoked.");
    console.esc();
    hides(&console, "chosen");
}

/// 003-19, 000-12: Records Owned counts what the viewer may see, and Enter opens that list.
#[test]
fn records_owned_counts_what_the_viewer_may_see_and_opens_it_003_19() {
    let clinic = clinic(300);
    for viewer in [OWNER, KIM, SAM] {
        let seen = clinic.engine.acting_as(viewer).unwrap().records_owned("lukas@paws.example").unwrap();
        let mut console = at(&clinic, viewer, "lukas@");
        console.keys(ENTER);
        while !console.text().contains("as far as you may see them") {
            console.keys("]");
        }
        let (theirs, visible) = (seen[0].owned.unwrap(), seen[0].visible.unwrap());
        shows(&console, &format!("{theirs} of {}", rolecall::tui::words::number(visible)));
        console.keys(ENTER);
        shows(&console, "Records Owned by ");
        shows(&console, &format!("{theirs} contact"));
    }
}

/// R27: outside people say so in the list, whatever room there is.
#[test]
fn outside_people_say_so_r27() {
    let clinic = clinic(5);
    let mut console = at(&clinic, OWNER, "paula");
    shows(&console, "outside");
    console.keys(ENTER);
    shows(&console, "an account manager; takes no seat");
}

/// R16: what somebody is doing stays in sight when their right to it goes, and can't be saved.
#[test]
fn a_form_outlives_the_right_to_save_it_r16() {
    let clinic = clinic(5);
    let file = "[[roles]]\nname = \"Office\"\nmanager = \"Account Owner\"\ntype = \"administrator\"\n[roles.features]\n\"users.manage\" = \"yes\"\n\"users.edit\" = \"yes\"\n[[users]]\nemail = \"otto@paws.example\"\nname = \"Otto Office\"\nrole = \"Office\"\n";
    let apply = |text: &str| {
        let applied =
            clinic.engine.operator().apply_team("test", text, rolecall::exchange::team_file::Format::Toml, false);
        applied.map(drop).unwrap_or_else(|error| panic!("{error}"));
    };
    apply(file);
    let mut otto = clinic.console("otto@paws.example");
    otto.keys("2").keys("n").keys("Half A Name");
    apply("[[users]]\nemail = \"otto@paws.example\"\nrole = \"Marketing\"\n");
    otto.changed();
    shows(&otto, "Half A Name");
    shows(&otto, "You can't add users any more.");
    otto.keys(SAVE);
    assert_eq!(clinic.engine.operator().users(&UserQuery::default()).unwrap().len(), 31);
    otto.esc().keys("y");
    shows(&otto, "› Users");
    otto.keys("n");
    hides(&otto, "New user");
}

/// 001-11, B6: what is typed while the right to save it is gone stays in sight through every change of
/// others, is asked about on leaving, and is in its field when the right is given back.
#[test]
fn what_was_typed_outlives_a_right_that_goes_and_comes_back_001_11() {
    let clinic = clinic(5);
    let office = "[[roles]]\nname = \"Office\"\nmanager = \"Account Owner\"\ntype = \"administrator\"\n[roles.features]\n\"users.manage\" = \"yes\"\n\"users.edit\" = \"yes\"\n[[users]]\nemail = \"otto@paws.example\"\nname = \"Otto Office\"\nrole = \"Office\"\n[[roles]]\nname = \"Spare\"\nmanager = \"Office\"\n[[users]]\nemail = \"pat@paws.example\"\nname = \"Pat Poe\"\nrole = \"Spare\"\n";
    let apply = |text: &str| {
        let applied =
            clinic.engine.operator().apply_team("test", text, rolecall::exchange::team_file::Format::Toml, false);
        applied.map(drop).unwrap_or_else(|error| panic!("{error}"));
    };
    apply(office);
    let mut otto = at(&clinic, "otto@paws.example", "pat@");
    otto.keys("e").keys(" the Second");
    apply("[[users]]\nemail = \"otto@paws.example\"\nrole = \"Marketing\"\n");
    otto.changed();
    shows(&otto, "Pat Poe the Second");
    hides(&otto, "pat@paws.example");
    // Others go on with other things.
    apply("[[users]]\nemail = \"kim@paws.example\"\nname = \"Kim N\"\nrole = \"Practice Manager\"\n");
    otto.changed();
    shows(&otto, "Pat Poe the Second");
    otto.keys(" and Last").keys(SAVE).esc();
    shows(&otto, "Name is changed and not saved.");
    otto.esc();
    apply("[[users]]\nemail = \"otto@paws.example\"\nrole = \"Office\"\n");
    otto.changed();
    shows(&otto, "Pat Poe the Second");
    shows(&otto, "pat@paws.example");
    otto.keys("!").keys(SAVE).keys(ENTER);
    assert_eq!(row(&clinic, "pat@paws.example").unwrap().name, "Pat Poe the Second!", "{}", otto.text());
}

/// 003-19, 002-34: what somebody did, for whoever manages user details, and for oneself.
#[test]
fn activity_is_shown_to_whoever_may_know_it_003_19() {
    let clinic = clinic(20);
    clinic
        .engine
        .acting_as(KIM)
        .unwrap()
        .change_own_details(&rolecall::service::own_details::OwnDetails {
            language: Some("vi".to_owned()),
            ..Default::default()
        })
        .unwrap();
    let mut owner = clinic.console_with(Some(OWNER), WIDE, DARK);
    find(&mut owner, "kim@");
    owner.keys(ENTER).keys("[");
    shows(&owner, "Activity");
    shows(&owner, "Own details.");
    says(&owner, "language: nothing → “vi”");
    owner.keys(ENTER);
    shows(&owner, "› Activity");
    let mut kim = clinic.console_with(Some(KIM), WIDE, DARK);
    find(&mut kim, "kim@");
    kim.keys(ENTER).keys("[");
    shows(&kim, "Own details.");
    find(&mut kim, "lukas@");
    shows(&kim, "Details  Records Owned");
    hides(&kim, "Records Owned  Activity");
    // Somebody else under the cursor, somebody else's doings.
    owner.keys("2").keys("/").keys("lukas@").keys(ENTER).keys(ENTER).keys("[");
    hides(&owner, "Own details.");
}

/// R10: an end is the day that was typed, wherever it is told.
#[test]
fn the_end_of_an_exception_is_told_in_one_way_r10() {
    let clinic = clinic(5);
    let mut console = at(&clinic, OWNER, "sam@");
    console.keys(ENTER).keys("]");
    shows(&console, "Visible until 2027-01-04");
    console.keys("w");
    says(&console, "has an exception: Visible until 2027-01-04");
    hides(&console, "T00:00");
}

/// R31: where a role is chosen for somebody, those that can't be given say so, and aren't taken.
#[test]
fn a_role_that_cannot_be_given_is_marked_and_not_taken_r31() {
    let clinic = clinic(5);
    let file = "[[roles]]\nname = \"Office\"\nmanager = \"Account Owner\"\ntype = \"administrator\"\n[roles.features]\n\"users.manage\" = \"yes\"\n\"users.edit\" = \"yes\"\n[[roles]]\nname = \"Desk\"\nmanager = \"Office\"\ntype = \"user\"\n[[users]]\nemail = \"otto@paws.example\"\nname = \"Otto Office\"\nrole = \"Office\"\n[[users]]\nemail = \"mia@paws.example\"\nname = \"Mia Desk\"\nrole = \"Desk\"\n";
    let applied = clinic.engine.operator().apply_team("test", file, rolecall::exchange::team_file::Format::Toml, false);
    applied.map(drop).unwrap_or_else(|error| panic!("{error}"));
    let mut otto = at(&clinic, "otto@paws.example", "mia@");
    otto.keys("r").keys("practice");
    shows(&otto, "not for you to give");
    otto.keys(ENTER);
    shows(&otto, "You can't give it");
    shows(&otto, "! This can't be chosen; why stands below the list.");
    shows(&otto, "› practice");
    otto.keys("\x15").keys("desk");
    hides(&otto, "not for you to give");
}

/// Who is called so comes before those whose manager is: the next key acts on them.
#[test]
fn a_search_stands_on_whoever_is_called_so_001_12() {
    let clinic = clinic(5);
    let operator = clinic.engine.operator();
    let hannah = operator.users(&UserQuery::default()).unwrap().into_iter().find(|row| row.name.starts_with("Hannah"));
    let hannah = hannah.unwrap().name;
    let mut console = clinic.console(OWNER);
    // From wherever one stands: also from somebody who reports to her.
    for before in ["", "chlo"] {
        console.keys("2").keys("c").keys("/").keys(before).keys(ENTER);
        console.keys("/").keys("hannah").keys(ENTER);
        shows(&console, "Chloé Martin");
        let text = console.text();
        assert!(text.find(&hannah) < text.find("Chloé Martin"), "{text}");
        console.keys(ENTER);
        shows(&console, &format!("Users › {hannah}"));
        console.keys("\x1b").wait(std::time::Duration::from_secs(1));
    }
}

/// A second search begins another text; going along the one that is there keeps it.
#[test]
fn what_is_typed_after_a_search_is_another_search() {
    let clinic = clinic(20);
    for tab in ["2", "4"] {
        let mut console = clinic.console(OWNER);
        console.keys(tab).keys("/").keys("first words").keys(ENTER);
        shows(&console, "/ first words");
        console.keys("/").keys("other");
        shows(&console, "/ other");
        hides(&console, "first words");
        console.keys(ENTER).keys("/").keys("\x1b[Dx");
        shows(&console, "/ othexr");
        console.keys(ENTER).keys("/").keys("\x7f");
        hides(&console, "othex");
    }
}
