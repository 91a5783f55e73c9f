//! A commit until it is acknowledged, beside appending and syncing the same number of bytes, and
//! beside SQLite.

use std::cell::RefCell;
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use rolecall::model::{Change, Record, Swap};
use rolecall::store::{Options, Store};
use rusqlite::params;

use crate::measure::Effort;
use crate::result::{Part, Row, Unit};
use crate::sqlite;
use crate::world::{self, OWNERS, ROLES};
use crate::{machine, table};

/// So much room has the bare file that has some.
const ROOM: u64 = 256 << 10;

/// Measures it.
pub fn run(effort: &Effort) -> Part {
    let mut part = Part { at: machine::now(), quick: effort.quick, ..Part::default() };
    let directory = world::directory();
    let data = directory.path().join("data");
    let store = world::filled(&data, 0);
    let again = |store: Store| {
        // A store that is closed has no room reserved ahead.
        store.close().unwrap();
        world::store(&data, Options { index: false, ..Options::default() })
    };
    let team = store.view().team().clone();
    let contacts = RefCell::new(world::contacts(&team, 50_000_000));
    let next = || contacts.borrow_mut().next().unwrap();
    let made = |record: Record| vec![Change::Record(Swap::made(record))];

    let journal = data.join("journal");
    let store = again(store);
    let (before, number) = (size(&journal), 500);
    (0..number).for_each(|_| world::commit(&store, made(next())));
    let store = again(store);
    let each = usize::try_from((size(&journal) - before) / number).unwrap();
    let bytes = vec![0x5a_u8; each];
    let mut file = std::fs::File::create(directory.path().join("bare")).unwrap();
    // The same into room that the file has already, as the journal's own file.
    let (mut roomy, mut at) = (std::fs::File::create(directory.path().join("roomy")).unwrap(), u64::MAX);

    // SQLite with as strong a promise: the log is synced at each commit.
    let connection = sqlite::open(&directory.path().join("peer.db"), "FULL");
    connection.execute_batch("CREATE TABLE contacts(id INTEGER PRIMARY KEY, owner INTEGER, row BLOB)").unwrap();
    let mut insert = connection.prepare("INSERT INTO contacts VALUES(?1, ?2, ?3)").unwrap();
    let row = vec![0x5a_u8; 154];

    // A sync is slow and uneven: more rounds, fewer commits in each.
    let effort = Effort { rounds: effort.rounds * 3, each: effort.each, ..*effort };
    let [ours, bare, written, theirs] = effort.compare_waiting([
        &mut || world::commit(&store, made(next())),
        &mut || {
            file.write_all(&bytes).unwrap();
            file.sync_data().unwrap();
        },
        &mut || {
            if at > ROOM {
                at = 0;
                roomy = std::fs::File::create(directory.path().join("roomy")).unwrap();
                roomy.write_all(&vec![0; 2 * ROOM as usize]).unwrap();
                roomy.sync_all().unwrap();
            }
            roomy.write_all_at(&bytes, at).unwrap();
            roomy.sync_data().unwrap();
            at += bytes.len() as u64;
        },
        &mut || {
            let record = next();
            insert.execute(params![record.id.0.cast_signed(), record.owner.0, row]).unwrap();
        },
    ]);
    let of = format!("one contact, {each} bytes of journal");
    let met = ours <= 1.2 * bare;
    let row = Row::of("a change judged, synced, in force", of, Unit::Seconds, ours)
        .over("append and fdatasync", bare)
        .over("write into room and fdatasync", written)
        .beside("SQLite", theirs)
        .aim("≤ 1.2× of a bare append and fdatasync", met)
        .unless(&format!(
            "{} go to judging, encoding, hashing, the tables and publishing; this disk answers a sync so quickly that \
             they count",
            table::shown(ours - written, Unit::Seconds)
        ));
    part.rows.push(row);
    part.notes = vec![format!(
        "The same number of bytes is appended to a bare file and synced with `fdatasync`. The journal reserves \
             room ahead, so that a sync of it writes no new length; *into room* writes the bare bytes into a file \
             that is long enough already. SQLite inserts a row of \
             154 bytes with a write-ahead log and `synchronous=FULL`, which promises as much: acknowledged means on \
             the medium. rolecall besides judges the change by the rules, chains it to the history and publishes it \
             to every session ({OWNERS} people, {ROLES} roles). A disk decides most of this; only the ratio counts."
    )];
    part
}

/// The bytes of every file below.
fn size(directory: &Path) -> u64 {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| {
            let about = entry.metadata().unwrap();
            if about.is_dir() { size(&entry.path()) } else { about.len() }
        })
        .sum()
}
