//! The vet clinic of the university's lesson (document 001), from an empty account to what the new
//! user sees, by keyboard alone.

use rolecall::host::headless::Headless;
use rolecall::model::{FeatureValue, RoleType, Scope, SectionAccess};
use rolecall::service::Session;
use rolecall::service::records::RecordQuery;

use crate::harness::{DOWN, ENTER, TAB, empty};
use crate::pty::{Terminal, directory};

const SAVE: &str = "\x13";
const PERMISSIONS: &str = "\x0e";
const OWNER: &str = "olivia@paws.example";
const OWNER_PASSWORD: &str = "a walk in the park";
const SAM: &str = "sam@paws.example";

/// Whoever sits at a console, be it a real terminal or none.
trait Seat {
    fn keys(&mut self, keys: &str) -> &mut Self;
    fn esc(&mut self) -> &mut Self;
    fn shown(&self) -> String;
    /// It is there, or comes.
    fn shows(&self, text: &str);
}

impl Seat for Headless {
    fn keys(&mut self, keys: &str) -> &mut Self {
        Self::keys(self, keys)
    }

    fn esc(&mut self) -> &mut Self {
        Self::esc(self)
    }

    fn shown(&self) -> String {
        self.text()
    }

    #[track_caller]
    fn shows(&self, text: &str) {
        crate::harness::shows(self, text);
    }
}

impl Seat for Terminal {
    fn keys(&mut self, keys: &str) -> &mut Self {
        self.press_and_see(keys);
        self
    }

    fn esc(&mut self) -> &mut Self {
        self.press_and_see("\x1b");
        self
    }

    fn shown(&self) -> String {
        self.text()
    }

    #[track_caller]
    fn shows(&self, text: &str) {
        self.wait_for(text);
    }
}

#[track_caller]
fn shows(console: &impl Seat, text: &str) {
    console.shows(text);
}

#[track_caller]
fn hides(console: &impl Seat, text: &str) {
    assert!(!console.shown().contains(text), "{text:?} in\n{}", console.shown());
}

/// The line under the cursor.
fn line(console: &impl Seat) -> String {
    console.shown().lines().find(|line| line.starts_with(" ▌")).unwrap_or_default().to_owned()
}

/// Down to the line that says so.
#[track_caller]
fn to(console: &mut impl Seat, words: &str) {
    console.keys("g");
    for _ in 0..150 {
        if line(console).contains(words) {
            return;
        }
        console.keys(DOWN);
    }
    panic!("no {words}\n{}", console.shown());
}

/// The first run: an account, its owner, and nobody else.
fn first_run(console: &mut impl Seat) {
    shows(console, "This data directory is empty");
    for text in ["Paws Clinic", "Olivia Hart", OWNER, OWNER_PASSWORD, OWNER_PASSWORD] {
        console.keys(text).keys(TAB);
    }
    console.keys(SAVE);
    shows(console, "The account is made.");
    shows(console, "Olivia Hart · Account Owner");
}

/// "Click on + New Role": its name, its manager, and just the permissions that the lesson sets.
fn new_role(console: &mut impl Seat) {
    console.keys("3").keys("n");
    // 001-04: Account Owner can be the manager.
    console.keys("Vet Tech").keys(ENTER).keys("account o").keys(ENTER);
    shows(console, "‹ Account Owner ›");
    console.keys(PERMISSIONS);
    // 001-05, 001-06: the four options, and whom "me" means.
    to(console, "Can view");
    console.keys("o");
    assert!(line(console).contains("Owned by me"), "{}", line(console));
    to(console, "Can create/edit");
    console.keys("o");
    // 001-07, 001-09: Can set tasks is Yes in a new role already, as is the whole Task Manager.
    to(console, "Can set tasks");
    assert!(line(console).contains("Yes"), "001-09: {}", line(console));
    // 001-08.
    to(console, "Can Export Lists");
    console.keys("n");
    assert!(line(console).contains("No"), "{}", line(console));
    to(console, "Can Cancel");
    console.keys("n");
    // 001-10: all off in one act.
    to(console, "Administrator Tools");
    console.keys("n");
    assert!(line(console).contains("[ ] none"), "001-10: {}", line(console));
    // 001-11, 000-29: nothing applies before it is saved, and leaving warns.
    console.keys("1");
    shows(console, "not saved");
    console.esc().keys(SAVE);
    shows(console, "The role “Vet Tech” is made");
}

/// "+ New User": contact information, e-mail, role; a temporary password that is shown once.
fn new_user(console: &mut impl Seat) -> String {
    // 001-12: the first account shows oneself as the administrator.
    console.keys("2");
    shows(console, "Olivia Hart (you)");
    console.keys("n");
    console.keys("Sam Smith").keys(ENTER).keys(SAM).keys(ENTER).keys("Sam Smith").keys(ENTER).keys("sam@mail.example");
    console.keys(ENTER).keys("vet tech").keys(ENTER).keys(SAVE);
    // What it means is shown before it is done (B1), then done.
    shows(console, "Sam Smith");
    console.keys(ENTER);
    shows(console, "Temporary password");
    let frame = console.shown();
    let password = frame.split_whitespace().find(|word| word.matches('-').count() == 4);
    let password = password.unwrap_or_else(|| panic!("no password\n{frame}")).to_owned();
    console.keys("y");
    shows(console, "Enter open");
    hides(console, &password);
    password
}

/// "Head to the Field Editor … Permissions": two sections hidden, one to write in.
fn sections(console: &mut impl Seat) {
    for (section, act) in [("System Information", "v"), ("Memberships", "v"), ("Notes", "")] {
        console.keys(":").keys("field editor").keys(ENTER);
        to(console, section);
        console.keys("P");
        to(console, "Vet Tech");
        if act.is_empty() {
            // 001-22: a role may view and edit what nobody took from it.
            assert_eq!(line(console).matches("[x]").count(), 2, "{}", line(console));
            console.esc();
            continue;
        }
        console.keys(act);
        assert_eq!(line(console).matches("[ ]").count(), 2, "{}", line(console));
        console.keys(SAVE).keys(ENTER);
        shows(console, &format!("The permissions of “{section}” are saved."));
    }
}

fn sign_in(console: &mut impl Seat, email: &str, password: &str) {
    shows(console, "Sign in with your email");
    console.keys(email).keys(ENTER).keys(password).keys(ENTER);
}

fn sign_out(console: &mut impl Seat) {
    console.keys(":").keys("sign out").keys(ENTER);
    hides(console, "Olivia");
}

/// What the new user has, asked past the screens: just what the lesson gives.
fn holds_just_that(sam: &Session, operator: &Session) {
    let role = operator.role_detail("Vet Tech").unwrap();
    assert_eq!(role.row.role_type, RoleType::User);
    let features = role.areas.iter().flat_map(|area| &area.features);
    for feature in features.filter(|feature| feature.key != "contacts.import") {
        let expected = match feature.key.as_str() {
            "tasks.cancel" => FeatureValue::No,
            key if key.starts_with("tasks.") => FeatureValue::Yes,
            "contacts.access" => FeatureValue::Yes,
            _ => FeatureValue::No,
        };
        assert_eq!(feature.value, expected, "{}", feature.key);
        if feature.key != "talk.access" {
            assert_eq!(sam.feature(&feature.key), expected, "{}", feature.key);
        }
    }
    let contacts = role.areas.iter().find(|area| area.key == "contacts").unwrap();
    assert_eq!(contacts.scopes.unwrap().view, Scope::Own);
    for (section, access) in &contacts.sections {
        let hidden = ["System Information", "Memberships"].contains(&section.as_str());
        assert_eq!(*access, if hidden { SectionAccess::Hidden } else { SectionAccess::Edit }, "{section}");
    }
}

/// From the first run to what Sam sees.
fn lesson(console: &mut impl Seat) {
    first_run(console);
    new_role(console);
    let temporary = new_user(console);
    sections(console);
    // A contact of the owner's own, which Sam isn't to see.
    console.keys("4").keys("n").keys("Whiskers").keys(SAVE);
    shows(console, "Whiskers");
    sign_out(console);

    // R21, 001-17: the temporary password is changed before anything else.
    sign_in(console, SAM, &temporary);
    shows(console, "Your password is a temporary one.");
    console.keys("a bone in the garden").keys(TAB).keys("a bone in the garden").keys(ENTER);
    shows(console, "Sam Smith · Vet Tech");
    what_sam_sees(console);
}

fn what_sam_sees(console: &mut impl Seat) {
    // Areas that are off are nowhere (001-01, R11): no tab, no command, no word.
    for absent in ["Companies", "Deals", "Automation", "Pages", "Reports", "Export"] {
        hides(console, absent);
    }
    for (words, absent) in
        [("go to", ["Companies", "Deals"]), ("new ", ["New user", "New role"]), ("field ", ["Field Editor", "Export"])]
    {
        console.keys(":").keys(words);
        for absent in absent {
            hides(console, absent);
        }
        console.esc();
    }

    // Nothing of the owner's; a contact of one's own, made here (001-05).
    console.keys("4");
    shows(console, "contacts");
    hides(console, "Whiskers");
    console.keys("n").keys("Rex").keys(SAVE);
    shows(console, "Rex");
    hides(console, "x export");

    // Every section but the two (001-23, 001-24); the one for notes can be written in (001-22).
    console.keys("4").keys(ENTER);
    shows(console, "Contact Information");
    let mut seen = console.shown();
    console.keys("G");
    shows(console, "Notes");
    seen += &console.shown();
    for shown in ["Contact Information", "Lead Information", "Purchase Information", "Notes"] {
        assert!(seen.contains(shown), "no {shown} in\n{seen}");
    }
    for hidden in ["System Information", "Membership", "Member Since", "Last Changed"] {
        assert!(!seen.contains(hidden), "{hidden} in\n{seen}");
    }
    console.keys("e").keys("Limps on the left").keys(SAVE);
    shows(console, "Limps on the left");
}

/// Document 001, from beginning to end (001-01, 001-03…12, 001-14…17, 001-20…24, 000-20, 000-21).
#[test]
fn the_vet_clinic_lesson_from_an_empty_account_to_what_the_new_user_sees() {
    let place = empty();
    let mut console = place.door();
    lesson(&mut console);
    let operator = place.engine.operator();
    holds_just_that(&place.engine.acting_as(SAM).unwrap(), &operator);
    let query = RecordQuery { object: "contacts".to_owned(), limit: 9, ..RecordQuery::default() };
    let rows = operator.records(&query).unwrap().rows;
    let notes = |id: &str| {
        let sections = operator.record("contacts", id).unwrap().sections;
        sections.into_iter().find(|section| section.name == "Notes").unwrap().fields[0].1.clone()
    };
    let of = |owner: &str| rows.iter().find(|row| row.owner == owner).map(|row| notes(&row.id.to_string()));
    assert_eq!(of(SAM).as_deref(), Some("Limps on the left"));
    assert_eq!(of(OWNER).as_deref(), Some(""));
}

/// The same with the real program in a real terminal.
#[test]
fn the_vet_clinic_lesson_in_a_terminal() {
    let (_keep, path) = directory();
    let mut terminal = Terminal::run(&["--data", &path], &[]);
    lesson(&mut terminal);
    terminal.press("\x11");
    assert_eq!(terminal.end().exit_code(), 0);
    terminal.given_back();
}
