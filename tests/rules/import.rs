//! Bringing records in: all of a file or nothing of it, and the same words whether it is only looked
//! at.

use std::io::{self, Read};
use std::sync::atomic::AtomicBool;

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
