//! How long a large CSV takes to be in force, where the time goes, and how much memory it needs:
//! reading alone, reading and judging and putting into tables (which is what a look beforehand does),
//! and the whole, until the first page of it is listed; then what the index, filled behind, adds.
//! One JSON object a line. Each is a process of its own, so that its peak of memory is its own.
//!
//! `cargo bench --bench import`; add `-- 100000` for fewer rows, or `-- --quick` for a glance.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

mod common;

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use rolecall::exchange::csv::Reader;
use rolecall::exchange::team_file::Format;
use rolecall::service::Engine;
use rolecall::service::import::ImportOptions;
use rolecall::service::records::RecordQuery;
use rolecall::service::setup::NewAccount;
use rolecall::store::Options;

const ROWS: u64 = 1_000_000;
const AT_A_GLANCE: u64 = 20_000;
const PEOPLE: u64 = 1_000;

const FIRST: [&str; 12] =
    ["Anna", "Ben", "Clara", "David", "Ella", "Felix", "Grace", "José", "Jürgen", "Kim", "Olivia", "Zoe"];
const LAST: [&str; 8] = ["Smith", "Jones", "Hart", "Müller", "Garcia", "Davis", "Lopez", "Young"];
const TITLES: [&str; 5] = ["Vet", "Nurse", "Owner", "Teacher", "Driver"];
const STATUS: [&str; 4] = ["Lead", "Prospect", "Customer", "Inactive"];
const SOURCE: [&str; 5] = ["Website", "Referral", "Walk-in", "Event", "Advertisement"];

fn write_csv(path: &Path, rows: u64) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    let columns = "external_id,owner,First Name,Last Name,Email,Phone,Company,Job Title,Status,Lead Source,Lead Score,\
                   Total Spent,Last Purchase";
    writeln!(out, "{columns}").unwrap();
    for row in 0..rows {
        let dice = common::scatter(row);
        let pick = |from: &[&'static str], shift: u32| from[(dice >> shift) as usize % from.len()];
        let (first, last) = (pick(&FIRST, 0), pick(&LAST, 8));
        let (owner, company, score) = (dice % PEOPLE, (dice >> 20) % 5000, (dice >> 33) % 100);
        let (title, status, source) = (pick(&TITLES, 16), pick(&STATUS, 24), pick(&SOURCE, 28));
        let (spent, cents, year, month, day) = (dice >> 50, dice % 100, 10 + dice % 17, 1 + dice % 12, 1 + dice % 28);
        writeln!(
            out,
            "X-{row:07},u{owner}@x.example,{first},{last}{n},c{row}@mail{m}.example,+1 555 {score:03} {row:07},\
             Company {company},{title},{status},{source},{score},{spent}.{cents:02},20{year}-{month:02}-{day:02}",
            n = dice % 1000,
            m = dice % 50,
        )
        .unwrap();
    }
}

fn open(dir: &Path, index: bool) -> Arc<Engine> {
    let engine = Engine::open(dir, Options { index, ..Options::default() }).unwrap();
    while engine.loading().is_some() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let account = NewAccount {
        account: "Bench".to_owned(),
        owner_name: "Owner".to_owned(),
        owner_email: "owner@x.example".to_owned(),
        password: None,
    };
    engine.create_account(&account).unwrap();
    let people: String = (0..PEOPLE)
        .map(|number| {
            format!("[[users]]\nemail = \"u{number}@x.example\"\nname = \"User {number}\"\nrole = \"Sales\"\n")
        })
        .collect();
    engine.operator().apply_team("bench", &people, Format::Toml, false).unwrap();
    engine
}

/// A number of `/proc/self/status`, in bytes.
fn memory(name: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().find_map(|word| word.parse::<u64>().ok()).unwrap_or(0) * 1024
}

fn tell(what: &str, seconds: f64) {
    println!(
        "{}",
        serde_json::json!({"what": what, "seconds": seconds, "cpu": common::ticks() as f64 / 100.0, "peak": memory("VmHWM:")})
    );
}

fn child(what: &str, file: &Path, dir: &Path) {
    let index = what == "index";
    let engine = open(dir, index);
    let operator = engine.operator();
    let began = Instant::now();
    let seconds = || began.elapsed().as_secs_f64();
    if what == "read" {
        let mut team = common::team(1, 1);
        for number in 0..PEOPLE {
            let mut user = (**team.users.values().next().unwrap()).clone();
            user.id.0 = u32::try_from(number).unwrap() + 1;
            user.email = format!("u{number}@x.example");
            team.users.insert(user.id, Arc::new(user));
        }
        let object = Arc::clone(&team.objects[&rolecall::model::ObjectId::CONTACTS]);
        let rows = Reader::new(File::open(file).unwrap(), &object, &team, &[], &|_| true).unwrap();
        assert_eq!(rows.filter(Result::is_err).count(), 0);
        return tell("read and understood", seconds());
    }
    let options =
        ImportOptions { check_only: what == "look", file: "bench.csv".to_owned(), ..ImportOptions::default() };
    let input = File::open(file).unwrap();
    let report = operator.import("contacts", input, &options, &mut |_| {}, &AtomicBool::new(false)).unwrap();
    assert!(report.left_out.is_empty(), "{:?}", report.left_out.first.first());
    if what == "look" {
        return tell("read, judged, put into tables", seconds());
    }
    tell("the same, journaled, in force", seconds());
    let query = RecordQuery {
        object: "contacts".to_owned(),
        sort: Some("Last Name".to_owned()),
        limit: 50,
        ..RecordQuery::default()
    };
    assert_eq!(operator.records(&query).unwrap().total, report.created);
    tell("the same, and its first page by name listed", seconds());
    if index {
        tell("the same, the index filled behind", common::until_still(began));
    }
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [what, file, dir] = given.as_slice() {
        return child(what, file.as_ref(), dir.as_ref());
    }
    let quick = given.iter().any(|word| word == "--quick");
    let usual = if quick { AT_A_GLANCE } else { ROWS };
    let rows = given.iter().find_map(|word| word.parse().ok()).unwrap_or(usual);
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = dir.path().join("rows.csv");
    write_csv(&file, rows);
    println!("{}", serde_json::json!({"rows": rows, "bytes": file.metadata().unwrap().len()}));
    for what in ["read", "look", "whole", "index"] {
        let data = dir.path().join(what);
        let ran = Command::new(std::env::current_exe().unwrap()).arg(what).arg(&file).arg(&data).status().unwrap();
        assert!(ran.success(), "{what}");
        std::fs::remove_dir_all(&data).unwrap();
    }
}
