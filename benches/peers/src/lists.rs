//! Lists: the exact count, the first page, later ones, for each scope, beside SQLite.

use std::hint::black_box;
use std::sync::atomic::AtomicBool;

use rolecall::authz::{Columns, Subject, Visible};
use rolecall::model::{Scope, Team};
use rolecall::store::{ListQuery, Page, SortBy, View};
use rusqlite::Connection;

use crate::machine;
use crate::measure::{Effort, once};
use crate::result::{Part, Point, Row, Unit};
use crate::sqlite::{self, List};
use crate::table;
use crate::world::{self, CONTACTS, SCOPES, somebody};

const LARGE: u64 = 10_000_000;
/// How the rows begin that compare it with few.
const GROWTH: &str = "10M contacts over";

/// Measures it.
pub fn run(effort: &Effort) -> Part {
    let mut part = Part { at: machine::now(), quick: effort.quick, ..Part::default() };
    let mut sizes = vec![effort.million / 100, effort.million / 10, effort.million];
    sizes.extend((!effort.quick).then_some(LARGE));
    for records in sizes {
        at(records, effort, &mut part);
    }
    part.rows.extend(growth(&part.points));
    if effort.quick
        && let Some(before) = Part::kept("lists")
    {
        // Both sides of a growth are of one run.
        part.points.extend(before.points.into_iter().filter(|point| point.records == LARGE));
        part.rows.extend(before.rows.into_iter().filter(|row| row.of.starts_with(GROWTH)));
    }
    part.notes = [
        "SQLite is a general database: it answers any question in SQL, for any schema, from disk, for many processes. \
         rolecall keeps, for this one kind of list, a count per owner and the order of each sorted column in memory.",
        "SQLite (bundled with rusqlite 0.41): a file with a write-ahead log, `synchronous=NORMAL`, the file mapped and \
         a cache that holds all of it, statements prepared once, `ANALYZE` and `PRAGMA optimize` run; indexes on \
         (last name, ID, owner, private), (owner, last name, ID, private) and (private, owner), all covering. For \
         each question every sensible index and the planner's own choice are tried, and the quickest is measured. The \
         owners whose records somebody sees stand in a table beforehand. Its later pages come without the count, \
         which rolecall's have.",
        "The contacts have 1,000 owners. Pages are sorted by last name (case-folded), then ID, and hold IDs and six \
         shown columns. For each scope somebody asks whose list holds about a fifth of the owners, if the scope reaches so \
         far. Quick runs leave out 10M; what stands here of it is from the last whole one, with what it is compared to.",
    ]
    .map(str::to_owned)
    .to_vec();
    part
}

/// One person's list, here and there.
struct Pair<'a> {
    view: &'a View,
    visible: Visible,
    columns: Columns,
    there: List<'a>,
    first: ListQuery,
    goes_on: AtomicBool,
}

impl Pair<'_> {
    fn ask(&self, query: &ListQuery) -> Page {
        self.view.page(&self.visible, &self.columns, query, &self.goes_on).unwrap()
    }

    /// Both pages, equal.
    fn agree(&self, query: &ListQuery, theirs: &mut sqlite::Paging<'_>, team: &Team) -> Page {
        let page = self.ask(query);
        let ours = sqlite::shown_rows(&team.objects[&CONTACTS], &page.rows);
        assert_eq!(ours, theirs.ask(), "the pages differ");
        page
    }
}

fn at(records: u64, effort: &Effort, part: &mut Part) {
    let directory = world::directory();
    let (store, seconds) = once(|| world::filled(&directory.path().join("data"), records));
    eprintln!("{records} contacts made, judged and committed in {seconds:.1} s");
    let team = store.view().team().clone();
    let (connection, seconds) = once(|| sqlite::filled(&directory.path().join("peer.db"), &team, records));
    eprintln!("the same in SQLite, with indexes, in {seconds:.1} s");
    let view = store.view();
    for scope in SCOPES {
        scoped(&view, &connection, scope, records, effort, part);
    }
}

fn scoped(view: &View, connection: &Connection, scope: Scope, records: u64, effort: &Effort, part: &mut Part) {
    let (snapshot, team) = (view.snapshot(), view.team());
    let me = somebody(snapshot, scope);
    let object = &team.objects[&CONTACTS];
    let shown = sqlite::shown_fields(object).map(|field| field.id).to_vec();
    let last_name = object.field_named("Last Name").unwrap().id;
    let pair = Pair {
        view,
        visible: snapshot.visible(Subject::User(me), CONTACTS).unwrap(),
        columns: snapshot.columns(Subject::User(me), CONTACTS).unwrap(),
        there: List::of(connection, snapshot, me, scope),
        first: ListQuery { sort: SortBy::Field(last_name), limit: 50, fields: Some(shown), ..ListQuery::default() },
        goes_on: AtomicBool::new(false),
    };
    let mut count = pair.there.count();
    let mut page = pair.there.page(None, 0);
    let total = pair.agree(&pair.first, &mut page, team).total;
    assert_eq!(total, count.ask(), "the counts differ");

    let name = scope.label();
    let of = format!("{name}: {} of {} contacts", table::grouped(total), table::grouped(records));
    let only_count = ListQuery { limit: 0, ..pair.first.clone() };
    let [ours, theirs] = effort
        .compare([&mut || drop(black_box(pair.ask(&pair.first))), &mut || drop(black_box((count.ask(), page.ask())))]);
    part.points.push(Point { line: format!("rolecall, {name}"), records, listed: total, seconds: ours });
    part.points.push(Point { line: format!("SQLite, {name}"), records, listed: total, seconds: theirs });
    if records != effort.million {
        return;
    }
    let [counted, counted_there] = effort.compare([
        &mut || {
            black_box(pair.ask(&only_count).total);
        },
        &mut || {
            black_box(count.ask());
        },
    ]);
    part.rows.push(counting(&of, counted, counted_there));
    part.rows.push(first_page(&of, scope, ours, theirs));
    later(&pair, total, &of, team, effort, part);
}

fn counting(of: &str, ours: f64, theirs: f64) -> Row {
    let row = Row::of("exact count of visible records", of, Unit::Seconds, ours).beside("SQLite", theirs);
    row.aim("≤ 1 µs", ours <= 1e-6).unless("one look-up for each of the owners whose records are seen")
}

fn first_page(of: &str, scope: Scope, ours: f64, theirs: f64) -> Row {
    let row = Row::of("first page of 50 with the exact count", of, Unit::Seconds, ours).beside("SQLite", theirs);
    let wide = matches!(scope, Scope::All | Scope::Subordinates);
    let wanted = if wide { 100.0 } else { 1.0 };
    let (quick, ahead) = (ours <= 50e-6, row.times("SQLite") >= wanted);
    let aim = if wide { "≤ 50 µs; ≥ 100× faster than SQLite" } else { "≤ 50 µs; never slower than SQLite" };
    let note = match (quick, ahead) {
        (true, true) => "",
        (false, true) => "over 50 µs on this machine",
        (true, false) => "SQLite is nearer than aimed at",
        (false, false) => "over 50 µs on this machine, and SQLite is nearer than aimed at",
    };
    row.aim(aim, quick && ahead).note(note)
}

/// A page at the middle, by cursor and by position.
fn later(pair: &Pair<'_>, total: u64, of: &str, team: &Team, effort: &Effort, part: &mut Part) {
    let at_middle = ListQuery { position: Some(total / 2), ..pair.first.clone() };
    let mut by_position = pair.there.page(None, total / 2);
    let middle = pair.agree(&at_middle, &mut by_position, team);
    let [ours, theirs] =
        effort.compare([&mut || drop(black_box(pair.ask(&at_middle))), &mut || drop(black_box(by_position.ask()))]);
    let row = Row::of("page at the middle, by position", of, Unit::Seconds, ours).beside("SQLite", theirs);
    part.rows.push(row.aim("≤ 250 µs", ours <= 250e-6).unless("over it on this machine"));

    let Some(next) = middle.next.clone() else { return };
    let after = ListQuery { after: Some(next), ..pair.first.clone() };
    let shown = sqlite::shown_rows(&team.objects[&CONTACTS], &middle.rows);
    let mut by_cursor = pair.there.page(shown.last(), 0);
    pair.agree(&after, &mut by_cursor, team);
    let [ours, theirs] =
        effort.compare([&mut || drop(black_box(pair.ask(&after))), &mut || drop(black_box(by_cursor.ask()))]);
    let row = Row::of("page at the middle, by cursor", of, Unit::Seconds, ours).beside("SQLite", theirs);
    part.rows.push(row.aim("≤ 250 µs", ours <= 250e-6).unless("over it on this machine"));
}

/// How much longer ten million records take than ten thousand, or than the fewest that fill a page.
fn growth(points: &[Point]) -> Vec<Row> {
    let line = |name: &str| {
        let mut line: Vec<&Point> = points.iter().filter(|point| point.line == name && point.listed >= 50).collect();
        line.sort_by_key(|point| point.records);
        line
    };
    let rows = SCOPES.iter().filter_map(|scope| {
        let ours = line(&format!("rolecall, {}", scope.label()));
        let (small, large) = (ours.first()?, ours.last().filter(|point| point.records == LARGE)?);
        let of = format!("{GROWTH} {}; {}", table::grouped(small.records), scope.label());
        let row = Row::of("first page of 50 with the exact count", of, Unit::Seconds, large.seconds);
        let row = match line(&format!("SQLite, {}", scope.label())).last() {
            Some(theirs) if theirs.records == LARGE => row.beside("SQLite at 10M", theirs.seconds),
            _ => row,
        };
        let name = format!("at {}", table::grouped(small.records));
        Some(
            row.over(&name, small.seconds)
                .aim("≤ 3×", large.seconds <= 3.0 * small.seconds)
                .unless("what is read no longer fits the caches"),
        )
    });
    rows.collect()
}
