//! Lists: the exact number, narrowing in words, columns of one's own, the place that is kept.

use rolecall::service::RecordDraft;

use super::{CTRL_S, FREYA, KIM, PRIYA, SAM, contacts, listed, row};
use crate::harness::{DARK, DOWN, ENTER, OWNER, WIDE, clinic, hides, shows};

/// 000-12: Records Owned is the list narrowed to an owner, in words, for me and for anybody.
#[test]
fn records_owned_is_a_narrowing_that_says_whose_000_12() {
    let clinic = clinic(200);
    let mut console = contacts(&clinic, KIM);
    console.keys("O");
    let mine = listed(&clinic, KIM, &[("owner", KIM)]).total;
    shows(&console, "Records Owned by me");
    shows(&console, &format!("{mine} contacts match"));
    console.keys("O");
    shows(&console, "The contacts that you may see");
}

#[test]
fn several_values_narrow_a_list_and_go_one_by_one() {
    let clinic = clinic(200);
    let mut console = contacts(&clinic, OWNER);
    console.keys("fstatus\r").keys("lead ").keys("\x15customer \r");
    shows(&console, "Status is Lead or Customer");
    let expected =
        listed(&clinic, OWNER, &[("Status", "Lead")]).total + listed(&clinic, OWNER, &[("Status", "Customer")]).total;
    shows(&console, &format!("{expected} contacts match"));
    console.keys("fphone\r").keys("\t").keys("is empty\r").keys(CTRL_S);
    shows(&console, "Status is Lead or Customer · Phone is empty");
    console.keys("F").keys("phone\r");
    shows(&console, "Status is Lead or Customer");
    hides(&console, "Phone is empty");
    console.keys("fstatus\r");
    shows(&console, "[x] Lead");
    console.keys("lead \r");
    shows(&console, "Status is Customer");
    console.keys("\x7f");
    shows(&console, "The contacts that you may see");
}

#[test]
fn columns_are_chosen_ordered_and_kept_for_their_person_alone() {
    let clinic = clinic(30);
    let mut console = contacts(&clinic, OWNER);
    // Owner to the front, the first name away, and the phone in.
    console.keys("v").keys("jj").keys("KK").keys("j ").keys(ENTER);
    let text = console.text();
    let head = text.lines().nth(4).unwrap().to_owned();
    assert!(head.trim_start().starts_with("Owner"), "{head}");
    hides(&console, "First Name");
    drop(console);
    let again = contacts(&clinic, OWNER);
    assert_eq!(again.text().lines().nth(4).unwrap(), head);
    let kim = contacts(&clinic, KIM);
    shows(&kim, "First Name");
}

/// R11: a column that was chosen and may no longer be viewed isn't there, and is back when it may.
#[test]
fn r11_a_chosen_column_goes_and_comes_with_the_right_to_see_it() {
    let clinic = clinic(30);
    let mut console = contacts(&clinic, SAM);
    console.keys("v").keys("G").keys("\x1b[A").keys("\x1b[A");
    console.esc();
    let hide = |view: bool| {
        let file = format!(
            "[[roles]]\nname = \"Vet Tech\"\nmanager = \"Vet\"\n[roles.sections.contacts]\n\"Lead Information\" = {{ view = {view}, edit = false }}\n"
        );
        clinic.engine.operator().apply_team("t", &file, rolecall::exchange::team_file::Format::Toml, false).unwrap();
    };
    console.keys("fstatus\r").keys("lead \r").keys("s").keys("status\r");
    shows(&console, "Status is Lead");
    hide(false);
    console.changed();
    hides(&console, "Status");
    shows(&console, "The contacts that you may see");
    hide(true);
    console.changed();
    shows(&console, "First Name ▲");
}

/// 000-13 and B6: what happens above leaves the cursor on its record.
#[test]
fn the_cursor_stays_on_its_record_while_rows_come_and_go() {
    let clinic = clinic(300);
    let mut console = contacts(&clinic, OWNER);
    for _ in 0..150 {
        console.keys(DOWN);
    }
    let before = row(&console);
    let operator = clinic.engine.operator();
    for number in 0..120 {
        let fields = vec![("First Name".to_owned(), "Aaron".to_owned()), ("Last Name".to_owned(), format!("{number}"))];
        operator.create_record("contacts", &RecordDraft { fields, ..RecordDraft::default() }).unwrap();
    }
    console.changed();
    assert_eq!(row(&console), before);
    shows(&console, "row 271");
}

/// 002-07 and R32: what is selected and goes out of view counts no more.
#[test]
fn r32_what_goes_out_of_view_is_no_longer_selected() {
    let clinic = clinic(100);
    let mut console = contacts(&clinic, FREYA);
    console.keys("   ");
    shows(&console, "3 selected");
    let first = listed(&clinic, FREYA, &[]).rows;
    let mut gone = 0;
    for row in first {
        let draft = RecordDraft { owner: Some(OWNER.to_owned()), assigned: Some(Vec::new()), ..RecordDraft::default() };
        clinic.engine.operator().update_record("contacts", row.id, &draft).unwrap();
        gone += 1;
    }
    assert!(gone >= 3);
    console.changed();
    hides(&console, "selected");
    shows(&console, "There are no contacts");
}

/// 000-21, 001-08, R11: without the permission the command is nowhere and its key does nothing;
/// on request, it says so at its place.
#[test]
fn absent_commands_are_nowhere_and_those_on_request_say_so_000_21_001_08() {
    let clinic = clinic(20);
    let mut console = contacts(&clinic, PRIYA);
    for key in ["x", "D", "p"] {
        let before = console.text();
        console.keys(key);
        assert_eq!(console.text(), before, "{key}");
    }
    console.keys(":").keys("export");
    hides(&console, "Export");
    console.esc().keys("?");
    hides(&console, "Export");
    hides(&console, "Delete");
    console.esc();
    let mut grace = contacts(&clinic, super::GRACE);
    grace.keys(":").keys("export");
    shows(&grace, "Export: Request permission");
    grace.esc().keys("x");
    // By which name to ask for it, and whom.
    shows(&grace, "“Can Export Lists / Export in bulk” is on request: ask somebody who");
    shows(&grace, "administers the account to give it to you.");
}

/// The people whom a record is assigned to are shown by name, and each line can be stood on.
#[test]
fn a_detail_names_people_and_is_walked_line_by_line_001_02() {
    let clinic = clinic(60);
    let id = listed(&clinic, OWNER, &[]).rows[0].id;
    let draft = RecordDraft { assigned: Some(vec![SAM.to_owned(), FREYA.to_owned()]), ..RecordDraft::default() };
    clinic.engine.operator().update_record("contacts", id, &draft).unwrap();
    let mut console = clinic.console_with(Some(OWNER), WIDE, DARK);
    console.keys("4").keys("f").keys("\x15");
    console.esc().keys("s").keys("external\r");
    console.keys("/").keys(listed(&clinic, OWNER, &[("id", &id.to_string())]).rows[0].title_of(&clinic)).keys(ENTER);
    shows(&console, "Assigned to");
    shows(&console, "Sam Smith, Freya Lindqvist");
    hides(&console, "sam@paws.example");
    console.keys(ENTER).keys("jjjjjj").keys("w");
    shows(&console, "First Name");
}

/// What names a row, for a search.
trait Named {
    fn title_of(&self, clinic: &crate::harness::Clinic) -> String;
}

impl Named for rolecall::service::records::RecordRow {
    fn title_of(&self, clinic: &crate::harness::Clinic) -> String {
        let fields = listed(clinic, OWNER, &[]).fields;
        let last = fields.iter().find(|view| view.field.name == "Email").unwrap();
        self.value(last.field.id).map(|value| last.shown(value)).unwrap_or_default()
    }
}

/// 004-13 to 17: the list of each persona holds just what their scope lets them see.
#[test]
fn each_list_holds_what_its_scope_reaches_004_13_004_14_004_15_004_16_004_17() {
    let clinic = clinic(200);
    for who in [OWNER, KIM, SAM, super::GRACE, FREYA] {
        let console = contacts(&clinic, who);
        let page = listed(&clinic, who, &[]);
        let words = if page.total == 1 { "1 contact ".to_owned() } else { format!("{} contacts · row 1", page.total) };
        shows(&console, &words);
    }
    // Kim sees her people's and not Marco's; Sam those of every vet tech; Grace everybody's.
    let owners = |who: &str| -> std::collections::BTreeSet<String> {
        listed(&clinic, who, &[]).rows.into_iter().map(|row| row.owner).collect()
    };
    assert!(!owners(KIM).contains("marco@paws.example") && owners(KIM).contains(SAM));
    assert!(owners(SAM).contains(PRIYA) && !owners(SAM).contains(KIM));
    assert!(owners(super::GRACE).is_superset(&owners(KIM)));
}

/// The look that somebody chose is theirs the next time, and nobody else's.
#[test]
fn the_chosen_look_is_kept_for_its_person() {
    let clinic = clinic(5);
    let ground = |console: &rolecall::host::headless::Headless| console.frame().style_at(5, 10).bg;
    let mut console = clinic.console(OWNER);
    let dark = ground(&console);
    console.keys("\x14").keys("light").keys(ENTER);
    let light = ground(&console);
    assert_ne!(dark, light);
    drop(console);
    assert_eq!(ground(&clinic.console(OWNER)), light);
    assert_eq!(ground(&clinic.console(KIM)), dark);
    // Where the terminal shows no colour, what was chosen elsewhere doesn't bring any.
    let look = rolecall::tui::theme::Look { depth: rolecall::tui::theme::Depth::None, ..DARK };
    let plain = clinic.console_with(Some(OWNER), crate::harness::SMALL, look);
    assert_eq!(ground(&plain), Some(ratatui::style::Color::Reset));
}

/// 000-22: Enter on a value takes it, where none was ticked; whoever unticks what is in force takes
/// the filter away.
#[test]
fn enter_takes_the_value_under_the_cursor_where_none_is_ticked_000_22() {
    let clinic = clinic(100);
    let leads = listed(&clinic, OWNER, &[("Status", "Lead")]).total;
    let all = listed(&clinic, OWNER, &[]).total;
    assert!(leads < all);
    let mut console = contacts(&clinic, OWNER);
    console.keys("f").keys("status").keys(ENTER);
    shows(&console, "[ ] Lead");
    console.keys("lead").keys(ENTER);
    shows(&console, &format!("{leads} contacts match"));
    console.keys("f").keys("status").keys(ENTER);
    shows(&console, "[x] Lead");
    console.keys(" ").keys(ENTER);
    shows(&console, &format!("{all} contacts · row 1"));
}

/// R32, part 4: a record that nothing names is called by its address, or else by its ID, everywhere
/// alike; by what its viewer may view, and nothing else.
#[test]
fn r32_a_record_without_a_name_is_called_by_what_its_viewer_may_view() {
    use rolecall::service::draft::Draft;
    use rolecall::service::edit_fields::{FieldEdit, FieldsChange};
    let clinic = clinic(30);
    let made = |fields: &[(&str, &str)]| {
        let fields = fields.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect();
        let draft = RecordDraft { fields, owner: Some(SAM.to_owned()), ..RecordDraft::default() };
        clinic.engine.operator().create_record("contacts", &draft).unwrap().0.to_string()
    };
    let address = "zz@nameless.example";
    let ids = [made(&[("Email", address), ("Job Title", "Zookeeper")]), made(&[("Job Title", "Zookeeper")])];
    for called in [address, ids[1].as_str()] {
        for who in [OWNER, SAM] {
            let mut console = clinic.console_with(Some(who), WIDE, DARK);
            console.keys(":").keys("go to contacts").keys(ENTER).keys("/zookeeper\r");
            if !row(&console).contains(&called[..13]) {
                console.keys("j");
            }
            assert!(row(&console).contains(&called[..13]), "{}", console.text());
            if who == OWNER {
                console.keys("D");
                shows(&console, &format!("Delete {called}?"));
                console.esc();
            }
            console.keys(ENTER);
            shows(&console, &format!("› {called}"));
        }
    }
    // The address stands in a section now that Sam may not view.
    let edit = FieldEdit::ChangeField {
        field: "Email".to_owned(),
        name: None,
        section: Some("Memberships".to_owned()),
        options: None,
    };
    let moved = Draft::Fields(FieldsChange { object: "contacts".to_owned(), edit });
    clinic.engine.acting_as(OWNER).unwrap().save(&moved).unwrap();
    let mut console = clinic.console_with(Some(SAM), WIDE, DARK);
    console.keys(":").keys("go to contacts").keys(ENTER).keys("/zookeeper\r");
    ids.iter().for_each(|id| shows(&console, &format!("{id}  ")));
    hides(&console, address);
}
