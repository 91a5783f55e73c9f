//! A million records: how long, how big. Not a part of every run:
//! `cargo test --test store -- --ignored --nocapture million`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rolecall::model::{Change, Day, Swap};
use rolecall::service::demo::{Amounts, records};
use rolecall::store::Options;

use crate::team::*;

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or("0 0");
    line.split_whitespace().nth(1).unwrap_or("0").parse::<u64>().unwrap_or(0) / 1024
}

/// Processor time so far, in milliseconds: the wall clock tells little on a busy machine.
fn spent() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum::<u64>() * 10
}

fn folder(path: &std::path::Path) -> u64 {
    std::fs::read_dir(path)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| {
            let about = entry.metadata().unwrap();
            if about.is_dir() { folder(&entry.path()) } else { about.len() }
        })
        .sum()
}

#[test]
#[ignore = "takes minutes"]
fn a_million_records() {
    let count: u32 = std::env::var("RECORDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    if std::env::var("KEPT").is_err() {
        let store = open(home.path());
        found(&store).unwrap();
        let team = Arc::clone(store.view().team());
        let amounts = Amounts { contacts: count as _, companies: 0, deals: 0 };
        let mut coming = records(&team, amounts, Day(20_778)).unwrap();
        let since = Instant::now();
        let mut done = 0;
        loop {
            let part: Vec<Change> =
                coming.by_ref().take(50_000).map(|record| Change::Record(Swap::made(record))).collect();
            if part.is_empty() {
                break;
            }
            done += part.len();
            commit(&store, "load", part).unwrap();
            println!("{done} committed after {:?}, {} MB resident", since.elapsed(), resident());
        }
        let since = Instant::now();
        store.close().unwrap();
        println!("closed after {:?}, {} MB resident", since.elapsed(), resident());
    }
    for name in ["journal", "index"] {
        println!("{name}: {} MB", folder(&home.path().join(name)) >> 20);
    }
    for round in 0..3 {
        let before = resident();
        let cpu = spent();
        let since = Instant::now();
        let store = open_with(home.path(), Options { load_wait: Duration::ZERO, ..options() }).unwrap();
        let opened = since.elapsed();
        store.wait(Duration::from_secs(300)).unwrap();
        let (took, cpu) = (since.elapsed(), spent() - cpu);
        println!("open {opened:?}, loaded {took:?}, {cpu} ms of processor, {before} to {} MB", resident());
        assert_eq!(store.findings(), Vec::new());
        let since = Instant::now();
        for number in 0..200 {
            commit(&store, "one", vec![made(round * 1_000 + number)]).unwrap();
        }
        println!("a commit: {:?}", since.elapsed() / 200);
        let since = Instant::now();
        store.close().unwrap();
        println!("closed after {:?}", since.elapsed());
    }
    if std::env::var("REBUILD").is_ok() {
        std::fs::remove_dir_all(home.path().join("index")).unwrap();
        let since = Instant::now();
        let store = open_with(home.path(), Options { load_wait: Duration::ZERO, ..options() }).unwrap();
        store.wait(Duration::from_secs(600)).unwrap();
        println!("built anew: loaded after {:?}, {} MB", since.elapsed(), resident());
    }
}
