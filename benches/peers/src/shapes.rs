//! What sled may hold of a row, and what each way costs it: by measurement, not by belief. sled
//! alone, with nothing of rolecall around it.

use std::path::Path;

use rolecall::exchange::value::shown;
use rolecall::model::{Record, Team};

use crate::measure::{Effort, once};
use crate::memory::{measured, status};
use crate::result::{Row, Unit};
use crate::table;
use crate::world::{self, CONTACTS, OWNERS, ROLES};

/// Keys written in one batch.
const BATCH: usize = 4096;
/// Bytes of a page of rows.
const PAGE: usize = 6 << 10;
/// Bytes after which sled is flushed: it keeps until then what it was given.
const FLUSH: usize = 8 << 20;

/// The rows of the table: the time to fill sled, and the memory.
pub fn rows(effort: &Effort, directory: &Path) -> [Row; 2] {
    let ways = ["pages", "rows", "sorted", "places"];
    let figures = ways.map(|way| {
        let path = directory.join(format!("sled-{way}"));
        let figures = measured(&["shape", path.to_str().unwrap(), way, &effort.million.to_string()]);
        eprintln!("sled, {way}: {:.1} s, {:.0} MB", figures[0], figures[1] / 1e6);
        std::fs::remove_dir_all(path).unwrap();
        figures
    });
    let of = format!("{} contacts, sled alone", table::grouped(effort.million));
    let row = |what: &str, unit: Unit, at: usize| {
        Row::of(what, &of, unit, figures[0][at])
            .beside("a key for each row, as they come", figures[1][at])
            .beside("the same, in order of key", figures[2][at])
            .beside("a key for each row's place in the journal", figures[3][at])
    };
    [
        row("what sled holds of a row: pages of rows in order of ID, filled", Unit::Seconds, 0),
        row("the most memory meanwhile", Unit::Bytes, 1),
    ]
}

/// Fills sled in one of the ways: the seconds, and the most memory.
pub fn child(arguments: &[String]) -> Vec<f64> {
    let [path, way, number] = arguments else { panic!("shape DIRECTORY WAY NUMBER") };
    let team = world::team(OWNERS, ROLES);
    let mut records = world::contacts(&team, number.parse().unwrap()).collect::<Vec<_>>();
    if way == "pages" || way == "sorted" {
        records.sort_unstable_by_key(|record| record.id);
    }
    let config = sled::Config::new().path(path).cache_capacity(64 << 20).flush_every_ms(None);
    let db = config.open().unwrap();
    let before = status("VmRSS");
    let ((), seconds) = once(|| {
        if way == "pages" {
            by_pages(&db, &team, &records);
        } else {
            by_rows(&db, &team, &records, way == "places");
        }
        db.flush().unwrap();
    });
    vec![seconds, status("VmHWM") - before]
}

fn by_rows(db: &sled::Db, team: &Team, records: &[Record], places: bool) {
    let mut given = 0;
    for records in records.chunks(BATCH) {
        let mut batch = sled::Batch::default();
        for record in records {
            let row = if places { vec![7; 16] } else { bytes(team, record) };
            given += row.len();
            batch.insert(&key(record)[..], row);
        }
        db.apply_batch(batch).unwrap();
        flush(db, &mut given);
    }
}

fn by_pages(db: &sled::Db, team: &Team, records: &[Record]) {
    let (mut page, mut first, mut given) = (Vec::new(), records[0].id, 0);
    for record in records {
        if page.is_empty() {
            first = record.id;
        }
        page.extend(bytes(team, record));
        if page.len() >= PAGE {
            given += page.len();
            db.insert(first.0.to_be_bytes(), std::mem::take(&mut page)).unwrap();
            flush(db, &mut given);
        }
    }
    db.insert(first.0.to_be_bytes(), page).unwrap();
}

fn flush(db: &sled::Db, given: &mut usize) {
    if *given >= FLUSH {
        db.flush().unwrap();
        *given = 0;
    }
}

fn key(record: &Record) -> [u8; 12] {
    let mut key = [0; 12];
    key[..4].copy_from_slice(&record.object.0.to_be_bytes());
    key[4..].copy_from_slice(&record.id.0.to_be_bytes());
    key
}

/// About as many bytes as a stored row has.
fn bytes(team: &Team, record: &Record) -> Vec<u8> {
    let fields = team.objects[&CONTACTS].fields.iter();
    let values = fields.filter_map(|field| record.value(field.id).map(|value| shown(field, value)));
    values.collect::<Vec<_>>().join("\n").into_bytes()
}
