//! From starting the program to its first frame, to a sign-in that takes keys, and to lists.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rolecall::store::Options;

use crate::measure::{Effort, median, once};
use crate::memory::measured;
use crate::pty::{Running, program};
use crate::result::{Part, Row, Unit};
use crate::{machine, sqlite, table, world};

const OWNER: &str = "olivia@paws.example";
const PASSWORD: &str = "a walk in the park";

/// Measures it.
pub fn run(effort: &Effort) -> Part {
    let mut part = Part { at: machine::now(), quick: effort.quick, ..Part::default() };
    let program = program();
    let directory = world::directory();
    let tries = if effort.quick { 5 } else { 15 };
    for records in [1_000, effort.million] {
        let of = &format!("{} contacts on disk", table::grouped(records));
        let data = directory.path().join(format!("data{records}"));
        let path = data.to_str().unwrap();
        account(&program, &data);
        let ((), filled) = once(|| {
            let store = world::store(&data, Options::default());
            let team = store.view().team().clone();
            world::fill(&store, &team, records);
            store.close().unwrap();
        });
        let (_, settled) = once(|| list(&program, path));
        eprintln!("{of}: filled in {filled:.1} s; the first start took {settled:.1} s");
        let peer = directory.path().join(format!("peer{records}.db"));
        drop(sqlite::filled(
            &peer,
            &world::store(&data, Options { index: false, ..Options::default() }).view().team().clone(),
            records,
        ));
        rows(&program, path, &peer, of, tries, &mut part);
    }
    part.notes = vec![
        "The released program in a pseudo-terminal, the store's files warm in the system's cache, closed in order \
         before. *Sign-in that takes keys*: a typed letter is on the screen. *Bare process*: the same program saying \
         its version. *Lists ready*: `rolecall records contacts --limit 50` from start to end, the exact count and 50 \
         rows printed; beside it a process-free SQLite that opens its file and answers a count and a page. *From the \
         password to the list*: the right password typed until the list of contacts is drawn; most of it is the \
         password's hash, which is slow on purpose."
            .to_owned(),
    ];
    part
}

fn rows(program: &Path, data: &str, peer: &Path, of: &str, tries: usize, part: &mut Part) {
    let mut taken: [Vec<f64>; 6] = Default::default();
    for _ in 0..tries {
        // From a small process: one that has millions of records takes long to start another.
        let figures = measured(&["start", program.to_str().unwrap(), data]);
        for (taken, figure) in taken.iter_mut().zip(figures) {
            taken.push(figure);
        }
        taken[3].push(once(|| list(program, data)).1);
        taken[4].push(once(|| drop(Command::new(program).arg("--version").output().unwrap())).1);
        taken[5].push(once(|| theirs(peer)).1);
    }
    let [first, keyed, listed, ready, bare, sqlite] = taken.each_mut().map(|seconds| median(seconds));
    let row = |what: &str, seconds: f64| Row::of(what, of, Unit::Seconds, seconds);
    part.rows.push(
        row("first frame", first)
            .over("bare process", bare)
            .aim("≤ 50 ms", first <= 50e-3)
            .unless("over it on this machine"),
    );
    part.rows.push(
        row("sign-in that takes keys", keyed)
            .over("bare process", bare)
            .aim("≤ 400 ms", keyed <= 0.4)
            .unless("over it on this machine"),
    );
    part.rows.push(
        row("lists ready: start, open, 50 rows and the exact count", ready)
            .over("bare process", bare)
            .beside("SQLite, open and ask", sqlite)
            .aim("≤ 1 s", ready <= 1.0)
            .unless("the columns are read back and the index is opened before the first answer"),
    );
    part.rows.push(row("from the password to the list", listed));
}

/// An account with one owner.
fn account(program: &Path, data: &Path) {
    let mut child = Command::new(program)
        .args(["init", "--account", "Paws Clinic", "--owner", OWNER, "--owner-name", "Olivia Hart", "--password-stdin"])
        .arg("--data")
        .arg(data)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

/// Lists fifty contacts as a command.
fn list(program: &Path, data: &str) {
    let output = Command::new(program)
        .args(["records", "contacts", "--limit", "50", "--json", "--data", data])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn theirs(peer: &Path) {
    let connection = sqlite::open(peer, "NORMAL");
    let count: i64 = connection.query_row("SELECT count(*) FROM contacts", [], |row| row.get(0)).unwrap();
    let mut page = connection.prepare("SELECT * FROM contacts ORDER BY last_key, id LIMIT 50").unwrap();
    let rows = page.query_map([], |row| row.get::<_, i64>(0)).unwrap().count();
    assert!(rows == 50 && count > 0);
}

/// Starts the program once.
pub fn child(arguments: &[String]) -> Vec<f64> {
    let [program, data] = arguments else { panic!("start PROGRAM DIRECTORY") };
    signed_in(program.as_ref(), data).to_vec()
}

/// A console from its start to the list of contacts: when its first frame is there, when a typed
/// letter is, and how long it takes from the password to the list.
fn signed_in(program: &Path, data: &str) -> [f64; 3] {
    let mut console = Running::start(program, &["--data", data]);
    let first = console.seconds_until(|text| !text.trim().is_empty());
    console.seconds_until(|text| text.contains("Sign in with your email"));
    console.press("o");
    let keyed = console.seconds_until(|text| text.lines().any(|line| line.contains("Email") && line.contains(" o")));
    console.press(&format!("{}\t{PASSWORD}", &OWNER[1..]));
    console.seconds_until(|text| text.contains("••••") || text.contains("****"));
    let typed = console.since();
    console.press("\r");
    console.seconds_until(|text| text.contains("What you may do"));
    console.press("4");
    let listed = console.seconds_until(|text| text.contains("row 1"));
    console.press("\x03");
    console.end();
    [first, keyed, listed - typed]
}
