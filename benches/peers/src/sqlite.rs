//! SQLite, as its documentation advises: a write-ahead log, prepared statements kept, statistics
//! gathered, the whole file mapped and cached, and for each question the best of its indexes.

use std::collections::BTreeMap;
use std::path::Path;

use rolecall::authz::{Snapshot, Subject};
use rolecall::exchange::value::shown;
use rolecall::model::text::fold;
use rolecall::model::{Field, FieldId, Object, Record, Scope, Team, UserId};
use rusqlite::types::Value as Cell;
use rusqlite::{Connection, Statement, params};

use crate::measure::{median, once};
use crate::world::{self, CONTACTS};

/// The columns that a list shows before it is scrolled sideways.
pub const SHOWN: [&str; 6] = ["First Name", "Last Name", "Email", "Phone", "Company", "Status"];

/// A record as both sides show it.
pub type ShownRow = (u64, [Option<String>; 6]);

/// A connection with the settings that the documentation advises for speed without losing a commit
/// to a crash of the program.
pub fn open(path: &Path, sync: &str) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous={sync}; PRAGMA temp_store=MEMORY;
             PRAGMA cache_size=-524288; PRAGMA mmap_size=17179869184;"
        ))
        .unwrap();
    connection.set_prepared_statement_cache_capacity(64);
    connection
}

/// The fields that are shown, in order.
pub fn shown_fields(object: &Object) -> [&Field; 6] {
    SHOWN.map(|name| object.field_named(name).unwrap())
}

/// What somebody reads of a field.
pub fn text(field: &Field, record: &Record) -> Option<String> {
    record.value(field.id).map(|value| shown(field, value))
}

/// The contacts of a list, with every index that a question could want.
pub fn filled(path: &Path, team: &Team, contacts: u64) -> Connection {
    let connection = open(path, "NORMAL");
    connection
        .execute_batch(
            "CREATE TABLE contacts(id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, private INTEGER NOT NULL,
               last_key, first TEXT, last TEXT, email TEXT, phone TEXT, company TEXT, status TEXT);
             CREATE TEMP TABLE vis(owner INTEGER PRIMARY KEY);",
        )
        .unwrap();
    let object = &team.objects[&CONTACTS];
    let fields = shown_fields(object);
    connection.execute_batch("BEGIN").unwrap();
    {
        let mut insert = connection.prepare("INSERT INTO contacts VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)").unwrap();
        for record in world::contacts(team, contacts) {
            let [first, last, email, phone, company, status] = fields.map(|field| text(field, &record));
            let key = last_key(last.as_deref());
            let (id, owner) = (row_id(record.id.0), record.owner.0);
            insert
                .execute(params![id, owner, record.private, key, first, last, email, phone, company, status])
                .unwrap();
        }
    }
    connection
        .execute_batch(
            "COMMIT;
             CREATE INDEX by_name ON contacts(last_key, id, owner, private);
             CREATE INDEX by_owner ON contacts(owner, last_key, id, private);
             CREATE INDEX by_private ON contacts(private, owner);
             ANALYZE; PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);",
        )
        .unwrap();
    connection
}

/// IDs are unsigned there and signed here; their order stays.
fn row_id(id: u64) -> i64 {
    (id ^ (1 << 63)).cast_signed()
}

/// Text sorts by its folded form, and what is empty comes last: a blob does, after every text.
fn last_key(last: Option<&str>) -> Cell {
    last.map_or(Cell::Blob(vec![0xff]), |last| Cell::Text(fold(last)))
}

/// One person's list.
pub struct List<'c> {
    connection: &'c Connection,
    me: u32,
    all: bool,
}

/// How a page can be reached.
const WALKS: [&str; 3] = ["INDEXED BY by_name", "INDEXED BY by_owner", ""];

impl<'c> List<'c> {
    /// Puts the owners whose records somebody sees into a table of their own.
    pub fn of(connection: &'c Connection, snapshot: &Snapshot, me: UserId, scope: Scope) -> Self {
        assert_eq!(snapshot.rights(Subject::User(me), CONTACTS).view, scope);
        connection.execute_batch("DELETE FROM vis").unwrap();
        let mut insert = connection.prepare("INSERT INTO vis VALUES(?1)").unwrap();
        for owner in snapshot.reach(me, scope).owners() {
            insert.execute([owner.0]).unwrap();
        }
        Self { connection, me: me.0, all: scope == Scope::All }
    }

    /// How many records the list has, by the quickest way.
    pub fn count(&self) -> Counting<'c> {
        let whose = if self.all { "" } else { "AND owner IN (SELECT owner FROM vis)" };
        let ways = ["INDEXED BY by_private", ""].map(|by| {
            format!(
                "SELECT (SELECT count(*) FROM contacts {by} WHERE private=0 {whose})
                      + (SELECT count(*) FROM contacts {by} WHERE private=1 AND owner=?1)"
            )
        });
        let [one, two] = ways.map(|sql| Counting { statement: self.connection.prepare(&sql).unwrap(), me: self.me });
        quickest(vec![one, two], |counting| {
            counting.ask();
        })
    }

    /// A page: the first, the one after a place, or the one at a position, by the quickest way.
    pub fn page(&self, after: Option<&ShownRow>, position: u64) -> Paging<'c> {
        let owners = if self.all { "private=0" } else { "private=0 AND owner IN (SELECT owner FROM vis)" };
        let later = if after.is_some() { "AND (last_key, id) > (?3, ?4)" } else { "AND ?3 IS NULL AND ?4 IS NULL" };
        let ways = WALKS.iter().map(|by| {
            // By owner, the owner has to stand outside the choice of what is private.
            let whose = match (*by, self.all) {
                ("INDEXED BY by_owner", false) => {
                    "owner IN (SELECT owner FROM vis) AND (private=0 OR owner=?1)".to_owned()
                }
                _ => format!("({owners} OR owner=?1)"),
            };
            // An index can't serve what it doesn't begin with.
            let by = if self.all && *by == "INDEXED BY by_owner" { "" } else { by };
            let sql = format!(
                "SELECT id, first, last, email, phone, company, status FROM contacts {by}
                 WHERE {whose} {later} ORDER BY last_key, id LIMIT 50 OFFSET ?2"
            );
            Paging {
                statement: self.connection.prepare(&sql).unwrap(),
                me: self.me,
                position,
                key: after.map_or(Cell::Null, |(_, fields)| last_key(fields[1].as_deref())),
                id: after.map(|(id, _)| row_id(*id)),
            }
        });
        quickest(ways.collect(), |paging| drop(paging.ask()))
    }
}

/// The quickest of several ways of asking the same.
fn quickest<T>(ways: Vec<T>, ask: impl Fn(&mut T)) -> T {
    let timed = ways.into_iter().map(|mut way| {
        let mut seconds: Vec<f64> = (0..3).map(|_| once(|| ask(&mut way)).1).collect();
        (median(&mut seconds), way)
    });
    timed.min_by(|(a, _), (b, _)| a.total_cmp(b)).unwrap().1
}

/// A prepared count.
pub struct Counting<'c> {
    statement: Statement<'c>,
    me: u32,
}

impl Counting<'_> {
    /// Counts.
    pub fn ask(&mut self) -> u64 {
        self.statement.query_row([self.me], |row| row.get::<_, i64>(0)).unwrap().cast_unsigned()
    }
}

/// A prepared page.
pub struct Paging<'c> {
    statement: Statement<'c>,
    me: u32,
    position: u64,
    key: Cell,
    id: Option<i64>,
}

impl Paging<'_> {
    /// Reads it.
    pub fn ask(&mut self) -> Vec<ShownRow> {
        let given = params![self.me, self.position.cast_signed(), self.key, self.id];
        let rows = self.statement.query_map(given, |row| {
            let text = |column: usize| row.get::<_, Option<String>>(column);
            let id = row.get::<_, i64>(0)?.cast_unsigned() ^ (1 << 63);
            Ok((id, [text(1)?, text(2)?, text(3)?, text(4)?, text(5)?, text(6)?]))
        });
        rows.unwrap().map(Result::unwrap).collect()
    }
}

/// A page of rolecall's as it is shown, to be compared.
pub fn shown_rows(object: &Object, rows: &[rolecall::store::Row]) -> Vec<ShownRow> {
    let fields: BTreeMap<FieldId, &Field> = object.fields.iter().map(|field| (field.id, field)).collect();
    let ids = shown_fields(object).map(|field| field.id);
    let texts = |row: &rolecall::store::Row| ids.map(|id| row.value(id).map(|value| shown(fields[&id], value)));
    rows.iter().map(|row| (row.id.0, texts(row))).collect()
}
