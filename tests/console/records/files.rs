//! Rows in and lists out, as files.

use std::os::unix::fs::PermissionsExt as _;

use super::{CTRL_S, CTRL_U, FREYA, GRACE, KIM, SAM, contacts, listed};
use crate::harness::{ENTER, OWNER, clinic, hides, shows};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn put(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }
}

/// 002-31: whoever may create imports; columns are mapped, bad rows are told with their lines before
/// and after, and nothing happens before that was seen.
#[test]
fn an_import_shows_what_would_come_of_it_before_it_happens_002_31() {
    let folder = Folder::new();
    let file = folder.put(
        "spring.csv",
        "first_name,Last Name,E-mail,Shoe Size\nAnn,Importee,ann@x.example,38\nBob,Importee,bob at x,42\nCid,Importee,,40\n",
    );
    let clinic = clinic(20);
    let mut console = contacts(&clinic, KIM);
    let total = listed(&clinic, KIM, &[]).total;
    console.keys("i").keys(CTRL_U).keys(&file[..file.len() - 5]).keys("\t");
    shows(&console, "spring.csv");
    console.keys(ENTER);
    shows(&console, "‹ First Name ›");
    shows(&console, "‹ Email ›");
    shows(&console, "‹ (leave out) ›");
    console.keys(CTRL_S);
    shows(&console, "Nothing has happened yet.");
    shows(&console, "Made          2 contacts");
    shows(&console, "line 3");
    shows(&console, "isn't an email address");
    assert_eq!(listed(&clinic, KIM, &[]).total, total);
    console.keys(ENTER);
    shows(&console, "spring.csv: 2 made, 1 left out.");
    shows(&console, "This is what came of it.");
    assert_eq!(listed(&clinic, KIM, &[]).total, total + 2);
    assert_eq!(listed(&clinic, KIM, &[("Last Name", "Importee"), ("owner", KIM)]).total, 2);
}

/// What is wrong with thousands of rows is told once, before and after, with the first lines.
#[test]
fn rows_with_the_same_thing_wrong_are_told_together_002_31() {
    let folder = Folder::new();
    let rows: String = (0..4000).map(|number| format!("x{number},Row {number},\n")).collect();
    let known = folder.put("known.csv", &format!("external_id,First Name,Email\n{rows}"));
    let also = format!("{rows}y1,Ann,ann at x\ny2,Bob,\ny3,Cid,cid at x\n");
    let again = folder.put("again.csv", &format!("external_id,First Name,Email\n{also}"));
    let clinic = clinic(20);
    let mut console = contacts(&clinic, OWNER);
    console.keys("i").keys(CTRL_U).keys(&known).keys(ENTER).keys(CTRL_S);
    console.wait(std::time::Duration::from_secs(20));
    console.keys(ENTER);
    shows(&console, "4,000 made");
    console.keys("i").keys(CTRL_U).keys(&again).keys(ENTER).keys(CTRL_S);
    for done in [false, true] {
        console.wait(std::time::Duration::from_secs(20));
        shows(&console, if done { "This is what came of it." } else { "Nothing has happened yet." });
        shows(&console, "4,000 rows    external_id “…”: can't be used.");
        shows(&console, "lines 2, 3, 4 and 3,997 more");
        shows(&console, "2 rows        Email: “…” isn't an email address; it has no @.");
        shows(&console, "lines 4,002 and 4,004");
        // Below that, row by row.
        shows(&console, "The first of them");
        shows(&console, "line 2        external_id “x0”: can't be used.");
        console.keys(ENTER);
    }
}

/// The same where another file was named, which isn't read yet: neither it nor the one before is
/// brought in by the next Enter.
#[test]
fn a_file_that_is_not_read_yet_is_not_imported_by_what_another_one_showed_002_31() {
    let folder = Folder::new();
    let one = folder.put("one.csv", "First Name,Last Name\nAnn,Importee\n");
    let other = folder.put("other.csv", "First Name,Last Name\nBob,Otherly\nCid,Otherly\n");
    let clinic = clinic(20);
    let mut console = contacts(&clinic, KIM);
    let total = listed(&clinic, KIM, &[]).total;
    console.keys("i").keys(CTRL_U).keys(&one).keys(ENTER).keys(CTRL_S);
    shows(&console, "Made          1 contact");
    console.keys("i").hold_jobs();
    console.keys(CTRL_U).keys(&other).keys(ENTER).keys(ENTER);
    shows(&console, "still being read");
    console.run_jobs();
    assert_eq!(listed(&clinic, KIM, &[]).total, total);
    shows(&console, "other.csv");
    console.keys(CTRL_S);
    shows(&console, "Made          2 contacts");
    console.keys(ENTER);
    assert_eq!(listed(&clinic, KIM, &[("Last Name", "Otherly")]).total, 2);
    assert_eq!(listed(&clinic, KIM, &[]).total, total + 2);
}

/// A folder that is slow to answer holds no key up: what is typed meanwhile stands there, Tab is done
/// when the names have come, and what was typed over in the meantime isn't touched.
#[test]
fn the_names_of_files_are_looked_for_beside_the_console() {
    let folder = Folder::new();
    let file = folder.put("spring.csv", "First Name,Last Name\nAnn,Importee\n");
    folder.put("winter.csv", "First Name,Last Name\nBob,Importee\n");
    let (start, clinic) = (file[..file.len() - 8].to_owned(), clinic(20));
    let names = |console: &rolecall::host::headless::Headless| {
        ["spring.csv", "winter.csv"].map(|name| console.text().matches(name).count())
    };
    let mut console = contacts(&clinic, KIM);
    console.hold_jobs().keys("i").keys(CTRL_U).keys(folder.path(""));
    assert_eq!(names(&console), [0, 0], "nobody has looked");
    console.run_held();
    assert_eq!(names(&console), [1, 1]);
    // What is known narrows at once.
    console.keys("sp");
    assert_eq!(names(&console), [1, 0]);
    console.run_jobs().keys(CTRL_U).hold_jobs().keys(&start).keys("\t");
    assert_eq!(names(&console), [0, 0], "{}", console.text());
    console.run_jobs();
    assert_eq!(names(&console), [2, 0], "completed, and the only one that there is: {}", console.text());
    console.keys(CTRL_U).hold_jobs().keys(&start).keys("\t").keys("x").run_jobs();
    assert_eq!(names(&console), [0, 0], "{}", console.text());
}

#[test]
fn all_or_nothing_imports_nothing_where_a_row_is_bad_and_update_changes_known_ones() {
    let folder = Folder::new();
    let file = folder.put("a.csv", "external_id,First Name,Lead Score\nx1,Ann,1\nx2,Bob,many\n");
    let clinic = clinic(20);
    let mut console = contacts(&clinic, OWNER);
    console.keys("i").keys(CTRL_U).keys(&file).keys(ENTER);
    // The last field: all or nothing.
    strictly(&mut console);
    console.keys("yes").keys(ENTER).keys(CTRL_S);
    shows(&console, "Nothing would be imported");
    console.keys(ENTER);
    shows(&console, "you asked for all or nothing");
    assert_eq!(listed(&clinic, OWNER, &[("external_id", "x1")]).total, 0);
    // Back to the columns, which are as they were left.
    console.keys("e");
    shows(&console, "All or nothing* ‹ Yes ›");
    strictly(&mut console);
    console.keys("no").keys(ENTER).keys(CTRL_S).keys(ENTER);
    assert_eq!(listed(&clinic, OWNER, &[("external_id", "x1")]).total, 1);
}

/// Goes to the field about all or nothing.
fn strictly(console: &mut rolecall::host::headless::Headless) {
    while !console.text().contains("One row that can't be taken stops the whole") {
        console.keys("\t");
    }
}

#[test]
fn an_import_that_is_called_off_leaves_nothing_and_one_that_ends_elsewhere_is_told_there() {
    let rows: String = (0..3000).map(|number| format!("Row {number},Called\n")).collect();
    let folder = Folder::new();
    let file = folder.put("many.csv", &format!("First Name,Last Name\n{rows}"));
    let clinic = clinic(10);
    let mut console = contacts(&clinic, KIM);
    console.keys("i").keys(CTRL_U).keys(&file).keys(ENTER).keys(CTRL_S);
    shows(&console, "3,000 contacts");
    console.hold_jobs();
    console.keys(ENTER);
    shows(&console, "The import is under way.");
    console.keys("\x18").run_jobs();
    shows(&console, "was called off; nothing of it stays.");
    assert_eq!(listed(&clinic, KIM, &[("Last Name", "Called")]).total, 0);
    console.keys("i").keys(ENTER).keys(CTRL_S);
    console.wait(std::time::Duration::from_secs(20));
    console.hold_jobs();
    console.keys(ENTER).keys("1");
    shows(&console, "Importing many.csv…");
    console.run_jobs();
    shows(&console, "What you may do");
    shows(&console, "many.csv: 3,000 made.");
    assert_eq!(listed(&clinic, KIM, &[("Last Name", "Called")]).total, 3000);
}

/// 001-08, R11: the file holds just the list as it is narrowed, and no field that may not be viewed.
#[test]
fn an_export_holds_the_list_as_narrowed_and_no_hidden_field_001_08() {
    let folder = Folder::new();
    let path = folder.path("out.csv");
    let clinic = clinic(120);
    let mut console = contacts(&clinic, SAM);
    console.keys("fstatus\r").keys("lead \r");
    let expected = listed(&clinic, SAM, &[("Status", "Lead")]);
    console.keys("x");
    shows(&console, &format!("{} contact", expected.total));
    console.keys(CTRL_U).keys(&path).keys(ENTER);
    shows(&console, "written to");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut lines = text.lines();
    let head = lines.next().unwrap();
    for hidden in ["Membership", "Member Since", "Created", "Last Changed"] {
        assert!(!head.contains(hidden), "{head}");
    }
    assert!(head.contains("Status") && head.contains("owner"));
    assert_eq!(lines.count() as u64, expected.total);
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "only its writer reads it");
    assert_eq!(std::fs::read_dir(folder.0.path()).unwrap().count(), 1, "nothing half-written is left");
}

#[test]
fn a_file_that_is_there_is_not_written_over_without_asking() {
    let folder = Folder::new();
    let path = folder.put("precious.csv", "precious");
    let clinic = clinic(20);
    let mut console = contacts(&clinic, OWNER);
    console.keys("x").keys(CTRL_U).keys(&path).keys(ENTER);
    shows(&console, "Write over the file?");
    console.keys(ENTER).esc();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    console.keys("x").keys(CTRL_U).keys(&path).keys(ENTER).keys("y");
    shows(&console, "written to");
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("First Name"));
}

/// What was typed stays, as it was typed, with what is wrong with it.
#[test]
fn a_file_that_cannot_be_written_is_asked_for_again_with_what_was_typed() {
    let folder = Folder::new();
    let clinic = clinic(20);
    let mut console = contacts(&clinic, OWNER);
    console.keys("x").keys(CTRL_U).keys("none of these/x.csv").keys(ENTER);
    shows(&console, "Export to");
    crate::people::says(&console, "“none of these/x.csv” can't be written: there is no such folder.");
    console.keys(CTRL_U).keys(folder.path("").trim_end_matches('/')).keys(ENTER);
    shows(&console, "Export to");
    crate::people::says(&console, "is a folder; name a file in it.");
    assert_eq!(std::fs::read_dir(folder.0.path()).unwrap().count(), 0, "nothing is left of the tries");
    console.keys("/list.csv").keys(ENTER);
    shows(&console, "written to");
    assert_eq!(std::fs::read_dir(folder.0.path()).unwrap().count(), 1);
}

/// 001-08: what was asked about is what is written: where somebody deletes the field that the list was
/// narrowed by, the whole list isn't it.
#[test]
fn an_export_is_of_the_list_that_was_asked_about_or_of_none_001_08() {
    use rolecall::service::draft::Draft;
    use rolecall::service::edit_fields::{FieldEdit, FieldsChange};
    let folder = Folder::new();
    let (fresh, there) = (folder.path("out.csv"), folder.put("there.csv", "precious"));
    for path in [fresh, there] {
        let clinic = clinic(60);
        let was = std::fs::read_to_string(&path).ok();
        let mut console = contacts(&clinic, OWNER);
        console.keys("fmembership\r").keys("plus \r").keys("x").keys(CTRL_U).keys(&path);
        if was.is_some() {
            console.keys(ENTER);
            shows(&console, "Write over the file?");
        }
        let edit = FieldEdit::DeleteField { field: "Membership".to_owned() };
        let gone = Draft::Fields(FieldsChange { object: "contacts".to_owned(), edit });
        clinic.engine.acting_as(OWNER).unwrap().save(&gone).unwrap();
        console.changed().keys(if was.is_some() { "y" } else { ENTER });
        crate::people::says(&console, "no file was written");
        assert_eq!(std::fs::read_to_string(&path).ok(), was);
        // What is shown now can be asked for.
        console.keys("x").keys(CTRL_U).keys(&path).keys(ENTER).keys("y");
        shows(&console, "written to");
    }
}

/// R16: whoever loses the right on the way gets no file.
#[test]
fn r16_whoever_may_no_longer_export_gets_no_file() {
    let folder = Folder::new();
    let path = folder.path("late.csv");
    let clinic = clinic(30);
    let mut console = contacts(&clinic, KIM);
    console.keys("x").keys(CTRL_U).keys(&path);
    console.hold_jobs();
    console.keys(ENTER);
    clinic.engine.operator().apply_team(
        "t",
        "[[roles]]\nname = \"Practice Manager\"\nmanager = \"Account Owner\"\n[roles.features]\n\"contacts.export\" = \"no\"\n",
        rolecall::exchange::team_file::Format::Toml,
        false,
    ).unwrap();
    console.run_jobs();
    shows(&console, "You can't export Contacts.");
    assert!(!std::path::Path::new(&path).exists());
    assert_eq!(std::fs::read_dir(folder.0.path()).unwrap().count(), 0);
}

/// 002-31: everyone who may create contacts has Import, Focused Users too; nobody else.
#[test]
fn import_is_there_for_whoever_may_create_002_31() {
    let clinic = clinic(10);
    for who in [OWNER, KIM, SAM, GRACE, FREYA] {
        let mut console = contacts(&clinic, who);
        console.keys("i");
        shows(&console, "Import from");
    }
    let mut console = contacts(&clinic, SAM);
    console.keys(":").keys("go to companies").keys(ENTER);
    hides(&console, "› Companies");
}

#[test]
fn import_and_export_look_like_this() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spring.csv");
    std::fs::write(&path, "first_name,Last Name,E-mail\nAnn,Importee,ann@x.example\nBob,Importee,bob at x\n").unwrap();
    let clinic = clinic(20);
    let mut frames = String::new();
    for size in [crate::harness::SMALL, crate::harness::WIDE] {
        let mut console = clinic.console_with(Some(OWNER), size, crate::harness::DARK);
        console.keys("4").keys("i").keys(CTRL_U).keys(path.display().to_string()).keys(ENTER);
        frames.push_str(&console.text());
        console.keys(CTRL_S);
        frames.push_str(&console.text());
    }
    insta::assert_snapshot!("import", frames);
}

/// A file that can't be read is asked for again, with what was typed and what is wrong with it.
#[test]
fn a_wrong_path_is_asked_for_again_002_31() {
    let folder = Folder::new();
    let file = folder.put("autumn.csv", "First Name,Last Name\nAnn,Importee\n");
    let clinic = clinic(20);
    let mut console = contacts(&clinic, KIM);
    let wrong = folder.path("nonexist.csv");
    console.keys("i").keys(CTRL_U).keys(&wrong).keys(ENTER);
    shows(&console, "Import from");
    shows(&console, "nonexist.csv");
    shows(&console, "there is no such file");
    // What is typed goes into it, and the error goes.
    console.keys(CTRL_U).keys(&file);
    assert_eq!(console.text().matches("there is no such file").count(), 1, "{}", console.text());
    console.keys(ENTER);
    shows(&console, "‹ First Name ›");
}

/// What is written over is what a link leads to, and a pipe or a device stays what it is.
#[test]
fn an_export_follows_links_and_replaces_files_alone() {
    let folder = Folder::new();
    let (path, link, pipe) = (folder.put("there.csv", "old"), folder.path("link.csv"), folder.path("pipe.csv"));
    std::os::unix::fs::symlink("there.csv", &link).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let clinic = clinic(20);
    let mut console = contacts(&clinic, OWNER);
    console.keys("x").keys(CTRL_U).keys(&link).keys(ENTER).keys("y");
    shows(&console, "written to");
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("First Name"));
    console.keys("x").keys(CTRL_U).keys(&pipe).keys(ENTER);
    crate::people::says(&console, "is no file but a pipe or a device; name a file.");
    assert!(!std::fs::symlink_metadata(&pipe).unwrap().is_file());
    assert_eq!(std::fs::read_dir(folder.0.path()).unwrap().count(), 3, "nothing half-written is left");
}
