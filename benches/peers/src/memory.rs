//! What a million records take in memory.

use std::process::Command;
use std::sync::atomic::AtomicBool;

use rolecall::authz::Subject;
use rolecall::model::Scope;
use rolecall::store::{ListQuery, Options, SortBy};

use crate::measure::Effort;
use crate::result::{Part, Row, Unit};
use crate::world::{self, CONTACTS, OWNERS, ROLES, somebody};
use crate::{import, machine, shapes, sqlite, start, table};

/// Measures it, in a process of its own.
pub fn run(effort: &Effort) -> Part {
    let mut part = Part { at: machine::now(), quick: effort.quick, ..Part::default() };
    let directory = world::directory();
    let data = directory.path().join("data");
    drop(world::filled(&data, effort.million));
    let team = world::team(OWNERS, ROLES);
    let (rows, peer) = (directory.path().join("rows.csv"), directory.path().join("peer.db"));
    import::write_csv(&team, effort.million, &rows);
    drop(sqlite::filled(&peer, &team, effort.million));
    let size = |path: &std::path::Path| std::fs::metadata(path).unwrap().len() as f64;

    let kept = measured(&["memory", data.to_str().unwrap()])[0];
    let of = format!("{} contacts of 1,000 owners", table::grouped(effort.million));
    let row = Row::of("resident, three sorted columns in use", of, Unit::Bytes, kept)
        .beside("SQLite's file, lists' columns and indexes", size(&peer))
        .over("the rows as CSV", size(&rows));
    part.rows.push(row.aim("≤ 250 MB apart from sled's cache", kept <= 250e6).unless("over it by what the table says"));
    part.notes = vec![
        "A process of its own opens a store of a million contacts without sled, lists them by last name, by amount \
         spent and by day of creation, and says what it has resident then, the program itself included. Where the \
         index is used, sled's cache (64 MB) comes on top. SQLite's file, which its cache holds when warm, has nine \
         columns of the eighteen."
            .to_owned(),
    ];
    part
}

/// Runs this program again for some figures.
pub fn measured(arguments: &[&str]) -> Vec<f64> {
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program).arg("child").args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let figures: Result<Vec<f64>, _> = said.split_whitespace().map(str::parse).collect();
    match figures {
        Ok(figures) if !figures.is_empty() => figures,
        _ => panic!("a child for {arguments:?} said {said:?}\n{}", String::from_utf8_lossy(&output.stderr)),
    }
}

/// What a child process is asked for; it prints its figures.
pub fn child(arguments: &[String]) {
    let figures = match arguments {
        [what, path] if what == "memory" => vec![sorted(path)],
        [what, rest @ ..] if what == "import" => import::child(rest),
        [what, rest @ ..] if what == "shape" => shapes::child(rest),
        [what, rest @ ..] if what == "start" => start::child(rest),
        other => panic!("unknown child {other:?}"),
    };
    let figures: Vec<String> = figures.iter().map(f64::to_string).collect();
    println!("{}", figures.join(" "));
}

fn sorted(path: &str) -> f64 {
    let store = world::store(path.as_ref(), Options { index: false, ..Options::default() });
    let view = store.view();
    let (snapshot, goes_on) = (view.snapshot(), AtomicBool::new(false));
    let who = Subject::User(somebody(snapshot, Scope::All));
    let (visible, columns) = (snapshot.visible(who, CONTACTS).unwrap(), snapshot.columns(who, CONTACTS).unwrap());
    let object = &view.team().objects[&CONTACTS];
    for name in ["Last Name", "Total Spent", "Created"] {
        let sort = SortBy::Field(object.field_named(name).unwrap().id);
        let page = view.page(&visible, &columns, &ListQuery { sort, ..ListQuery::default() }, &goes_on).unwrap();
        assert!(page.rows.len() == 50);
    }
    status("VmRSS")
}

/// What the system says this process has, in bytes.
pub fn status(which: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(which)).unwrap();
    let kilobytes: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes * 1024.0
}
