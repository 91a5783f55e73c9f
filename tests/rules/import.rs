//! Bringing records in: all of a file or nothing of it, and the same words whether it is only looked
//! at.

use std::io::{self, Read, Write as _};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rolecall::service::ServiceError;
use rolecall::service::import::ImportOptions;
use rolecall::service::records::RecordQuery;

use crate::house::House;

/// SPEC R13: what an import as a whole is refused for is said when it is only looked at, too.
#[test]
fn a_look_at_an_import_says_what_the_import_would() {
    let house = House::full();
    let rows = "external_id,owner\nrae,rob@team.example\nrob,rae@team.example\n";
    let import = |check_only: bool| {
        let options = ImportOptions { update: true, check_only, ..ImportOptions::default() };
        let eve = house.session("eve");
        eve.import("contacts", rows.as_bytes(), &options, &mut |_| {}, &AtomicBool::new(false)).unwrap_err().to_string()
    };
    assert_eq!(import(true), import(false));
}

/// SPEC R13: an import that is called off has no outcome, also where it would change nothing.
#[test]
fn an_import_that_is_called_off_has_no_outcome() {
    let house = House::full();
    for check_only in [false, true] {
        let options = ImportOptions { check_only, ..ImportOptions::default() };
        // Called off behind the last row, where an input that is called off ends.
        let called_off = AtomicBool::new(true);
        let ended = house.session("eve").import("contacts", &b"external_id\n"[..], &options, &mut |_| {}, &called_off);
        assert!(matches!(ended, Err(ServiceError::Cancelled)), "{check_only}: {ended:?}");
    }
}

/// SPEC part 4: an import of a file that can't be read to its end brings in nothing of it, strict or
/// not, and says where that was.
#[test]
fn a_file_that_breaks_off_is_not_imported_by_half() {
    struct Broken<'a>(&'a [u8]);
    impl Read for Broken<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            match self.0.read(into)? {
                0 => Err(io::Error::other("the cable was pulled")),
                read => Ok(read),
            }
        }
    }
    let house = House::full();
    let contacts = RecordQuery { object: "contacts".to_owned(), ..RecordQuery::default() };
    let count = || house.session("eve").records(&contacts).unwrap().total;
    let before = count();
    let rows: String = (0..2000).map(|number| format!("Ann {number}\n")).collect();
    for check_only in [false, true] {
        let options = ImportOptions { check_only, ..ImportOptions::default() };
        let text = format!("First Name\n{rows}");
        let going = AtomicBool::new(false);
        let ended = house
            .session("eve")
            .import("contacts", Broken(text.as_bytes()), &options, &mut |_| {}, &going)
            .unwrap_err();
        assert!(
            ended.to_string().contains("line 2002: the file can't be read any further: the cable was pulled"),
            "{ended}"
        );
    }
    assert_eq!(count(), before);
}

/// An input of so many bytes: a beginning, and then the same again and again. It counts what is read, and
/// turns a flag in the midst of it.
struct Endless<'a> {
    beginning: &'a [u8],
    again: &'a [u8],
    of: u64,
    read: &'a AtomicU64,
    called_off: &'a AtomicBool,
    after: u64,
}

impl Read for Endless<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let at = self.read.load(Ordering::Relaxed);
        let left = usize::try_from(self.of - at).unwrap().min(into.len());
        let bytes = (at..).map(|at| {
            let at = usize::try_from(at).unwrap();
            let behind = at.saturating_sub(self.beginning.len());
            self.beginning.get(at).copied().unwrap_or(self.again[behind % self.again.len()])
        });
        into[..left].iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = byte);
        self.read.fetch_add(left as u64, Ordering::Relaxed);
        self.called_off.fetch_or(at >= self.after, Ordering::Relaxed);
        Ok(left)
    }
}

const MIB: u64 = 1 << 20;

/// Imports such an input of 20 MiB, called off after so many bytes: how it ended, and how much was read.
fn import_endless(beginning: &str, again: &str, after: u64) -> (ServiceError, u64) {
    let house = House::full();
    let (read, called_off) = (AtomicU64::new(0), AtomicBool::new(false));
    let (beginning, again) = (beginning.as_bytes(), again.as_bytes());
    let input = Endless { beginning, again, of: 20 * MIB, read: &read, called_off: &called_off, after };
    let options = ImportOptions::default();
    let ended = house.session("eve").import("contacts", input, &options, &mut |_| {}, &called_off).unwrap_err();
    (ended, read.load(Ordering::Relaxed))
}

/// SPEC part 4: a row without an end isn't read to the end of the file: it is said where it begins, which
/// quote is open, and what to do.
#[test]
fn a_row_without_an_end_is_told_with_the_line_on_which_it_begins() {
    for (beginning, again, most, said) in [
        (
            "First Name,Notes\nOne,fine\n\nTwo,x\nThree,\"oops\n",
            "Four,y\n",
            16,
            "line 5: the row that begins here has more than 16 MiB; close the quote that opens on line 5, or take it \
             out",
        ),
        (
            "First Name,Notes\nOne,\"fine\n\",\"oops\n",
            "\"\"\n",
            16,
            "line 2: the row that begins here has more than 16 MiB; close the quote that opens on line 3, or",
        ),
        ("First Name\nOne\n", "Two ", 16, "line 3: the row that begins here has more than 16 MiB; check that this is"),
        ("", "\0", 1, "line 1: the row that begins here has more than 1 MiB; check that this is a CSV file"),
        ("First Name,\"Notes\n", "One,y\n", 1, "line 1: the row that begins here has more than 1 MiB; close the quote"),
    ] {
        let (ended, read) = import_endless(beginning, again, u64::MAX);
        assert!(ended.to_string().contains(said), "{ended}");
        assert!(matches!(ended, ServiceError::Invalid(_)));
        assert!(read < (most + 1) * MIB, "{read}");
    }
}

/// SPEC part 4: an import is called off in the midst of a row too, also of the first, and has no other
/// outcome then.
#[test]
fn an_import_is_called_off_in_the_midst_of_a_row() {
    for (beginning, after) in [("First Name\nOne\n", 4 * MIB), ("", MIB / 2)] {
        let (ended, read) = import_endless(beginning, "x", after);
        assert!(matches!(ended, ServiceError::Cancelled), "{ended:?}");
        assert!(read < after + MIB / 4, "{read}");
    }
}

/// SPEC part 4: a pipe or a device is no file: nobody knows when it opens, and it can't be called off.
#[test]
fn a_console_imports_files_alone() {
    let house = House::full();
    let eve = house.session("eve");
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // Open at both ends, so that nobody waits.
    let mut open = std::fs::OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
    open.write_all(b"First Name\nAnn\n").unwrap();
    let (options, going) = (ImportOptions::default(), AtomicBool::new(false));
    for path in [pipe.to_str().unwrap(), "/dev/null"] {
        let looked = eve.import_columns("contacts", path).unwrap_err().to_string();
        assert!(looked.contains("is no file but a pipe or a device; save what it holds as a file"), "{looked}");
        let imported = eve.import_file("contacts", path, &options, &mut |_| {}, &going).unwrap_err();
        assert_eq!(imported.to_string(), looked);
    }
}
