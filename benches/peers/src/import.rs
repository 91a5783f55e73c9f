//! A million rows of CSV, here and into SQLite.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use rolecall::exchange::value::shown;
use rolecall::model::{Field, Team};
use rolecall::service::Engine;
use rolecall::service::import::ImportOptions;
use rolecall::service::records::RecordQuery;
use rolecall::store::Options;
use rusqlite::params_from_iter;

use crate::measure::{Effort, median, once};
use crate::memory::{measured, status};
use crate::result::{Part, Row, Unit};
use crate::world::{self, CONTACTS, OWNERS, ROLES};
use crate::{machine, shapes, sqlite, table};

/// Measures it.
pub fn run(effort: &Effort) -> Part {
    let mut part = Part { at: machine::now(), quick: effort.quick, ..Part::default() };
    let directory = world::directory();
    let rows = directory.path().join("rows.csv");
    write_csv(&world::team(OWNERS, ROLES), effort.million, &rows);
    let file = rows.to_str().unwrap();
    // In turns: theirs, ours, theirs.
    let rounds = if effort.quick { 1 } else { 3 };
    let (mut ours, mut plain, mut indexed, mut heaviest) = (Vec::new(), Vec::new(), Vec::new(), 0.0_f64);
    for round in 0..rounds {
        let (loaded, with_indexes) = load(&rows, &directory.path().join(format!("peer{round}.db")), effort.million);
        plain.push(loaded);
        indexed.push(with_indexes);
        let data = directory.path().join(format!("data{round}"));
        let figures = measured(&["import", data.to_str().unwrap(), file, "bare"]);
        eprintln!("imported in {:.1} s, SQLite {loaded:.1} s, with indexes {with_indexes:.1} s", figures[0]);
        ours.push(figures[0]);
        heaviest = heaviest.max(figures[1]);
        std::fs::remove_dir_all(data).unwrap();
    }
    let rate = |mut seconds: Vec<f64>| effort.million as f64 / median(&mut seconds);
    let (ours, plain, indexed) = (rate(ours), rate(plain), rate(indexed));
    let of = format!("{} contacts, 20 columns", table::grouped(effort.million));
    let row = Row::of("rows of CSV imported: journaled, in force, listable", &of, Unit::PerSecond, ours)
        .beside("SQLite, bulk load", plain)
        .beside("SQLite, with the lists' indexes", indexed);
    part.rows.push(
        row.aim("≥ a third of SQLite's bulk load", ours * 3.0 >= plain)
            .unless("each row is parsed by kind, judged, encoded, chained and put in its columns"),
    );
    let row = Row::of("the most memory meanwhile, without sled", &of, Unit::Bytes, heaviest);
    part.rows
        .push(row.aim("≤ 400 MB", heaviest <= 400e6).unless("the columns of all rows and the parts under way take it"));

    let data = directory.path().join("data-indexed");
    let figures = measured(&["import", data.to_str().unwrap(), file, "sled"]);
    let row = Row::of("sled filled behind, from the first row until all is still", &of, Unit::Seconds, figures[2]);
    part.rows.push(row.note(format!("listable after {:.1} s", figures[0])));
    let row = Row::of("the most memory meanwhile, with sled", &of, Unit::Bytes, figures[3]);
    part.rows.push(row.note("apart: it has a cache of 64 MB, and keeps what it was given until it is flushed"));
    std::fs::remove_dir_all(data).unwrap();
    part.rows.extend(shapes::rows(effort, directory.path()));
    part.notes = vec![
        "Both read the same file. SQLite parses it with the same CSV reader and inserts with one prepared statement \
         in one transaction, as its documentation advises, with a write-ahead log; its table has the same columns. \
         It checks nothing; rolecall reads each value by its field's kind, judges each row by the rules, and chains \
         the whole to the history as one change that one undo takes back. The clock stops when the rows are synced \
         and a list shows their exact number."
            .to_owned(),
        "sled holds rows by pages: each value has the rows of a range of IDs. It costs sled far less than a key for \
         each row, and less than a key for where each row stands in the journal. An index that is far behind, as after \
         an import, is filled page by page from the tables, in order; it can be called off at any page and goes on \
         from there. What a row is called elsewhere has no key: the tables look it up."
            .to_owned(),
    ];
    part
}

/// The contacts of the lists as a file that can be imported.
pub fn write_csv(team: &Team, contacts: u64, path: &Path) {
    let fields = &team.objects[&CONTACTS].fields;
    let mut writer = csv::Writer::from_writer(BufWriter::new(File::create(path).unwrap()));
    let names = fields.iter().map(|field| field.name.as_str());
    writer.write_record(names.chain(["external_id", "owner"])).unwrap();
    for (place, record) in world::contacts(team, contacts).enumerate() {
        let text = |field: &Field| record.value(field.id).map_or_else(String::new, |value| shown(field, value));
        let values = fields.iter().map(text);
        let owner = team.users[&record.owner].email.clone();
        writer.write_record(values.chain([format!("row-{place}"), owner])).unwrap();
    }
    writer.flush().unwrap();
}

/// SQLite's own load: the seconds without indexes, and with those of the lists.
fn load(rows: &Path, database: &Path, expected: u64) -> (f64, f64) {
    let connection = sqlite::open(database, "NORMAL");
    let ((), loaded) = once(|| {
        let mut reader = csv::Reader::from_reader(BufReader::new(File::open(rows).unwrap()));
        let names: Vec<String> = reader.headers().unwrap().iter().map(|name| format!("\"{name}\"")).collect();
        connection.execute_batch(&format!("CREATE TABLE contacts({}); BEGIN", names.join(","))).unwrap();
        let places: Vec<String> = (1..=names.len()).map(|place| format!("?{place}")).collect();
        let mut insert = connection.prepare(&format!("INSERT INTO contacts VALUES({})", places.join(","))).unwrap();
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).unwrap() {
            insert.execute(params_from_iter(record.iter())).unwrap();
        }
        drop(insert);
        connection.execute_batch("COMMIT").unwrap();
    });
    let ((), indexes) = once(|| {
        connection
            .execute_batch(
                "CREATE UNIQUE INDEX by_external ON contacts(external_id);
                 CREATE INDEX by_name ON contacts(\"Last Name\", owner);
                 CREATE INDEX by_owner ON contacts(owner, \"Last Name\");",
            )
            .unwrap();
    });
    let number: i64 = connection.query_row("SELECT count(*) FROM contacts", [], |row| row.get(0)).unwrap();
    assert_eq!(number, expected.cast_signed());
    (loaded, loaded + indexes)
}

/// Imports a file in this process: the seconds until it is listable, the most memory by then, the
/// seconds until nothing works any more, and the most memory by then.
pub fn child(arguments: &[String]) -> Vec<f64> {
    let [data, file, how] = arguments else { panic!("import DIRECTORY FILE bare|sled") };
    drop(world::filled(data.as_ref(), 0));
    let engine = Engine::open(data.as_ref(), Options { index: how == "sled", ..Options::default() }).unwrap();
    while engine.loading().is_some() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let operator = engine.operator();
    let began = Instant::now();
    let input = File::open(file).unwrap();
    let report =
        operator.import("contacts", input, &ImportOptions::default(), &mut |_| {}, &AtomicBool::new(false)).unwrap();
    let query = RecordQuery { object: "contacts".to_owned(), limit: 50, ..RecordQuery::default() };
    let page = operator.records(&query).unwrap();
    let listable = began.elapsed().as_secs_f64();
    assert!(report.left_out.is_empty(), "{:?}", report.left_out.first.first());
    assert_eq!(report.created, page.total);
    assert!(page.total > 0);
    let most = status("VmHWM");
    let still = if how == "sled" { world::until_still(began) } else { listable };
    vec![listable, most, still, status("VmHWM")]
}
