//! Flipped bits, cut files, missing files: found and reported, or harmless.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rand::{RngExt as _, SeedableRng as _};
use rolecall::store::{Finding, Options, Store, verify};

use crate::team::*;

const ROWS: std::ops::Range<u64> = 0..1_000;

fn build(dir: &Path) -> Holds {
    let store = open(dir);
    found(&store).unwrap();
    for number in 0..20 {
        commit(&store, "row", vec![made(number)]).unwrap();
    }
    commit(&store, "many", (20..ROWS.end).map(made).collect()).unwrap();
    commit(&store, "change", (0..20).map(changed).collect()).unwrap();
    let holds = holds(&store, ROWS);
    store.close().unwrap();
    holds
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn flip(path: &Path, bit: u64) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[(bit / 8) as usize] ^= 1 << (bit % 8);
    std::fs::write(path, bytes).unwrap();
}

fn hush() {
    // sled says aloud that it panicked; that is what is being tested.
    std::panic::set_hook(Box::new(|_| {}));
}

/// What became of a damaged store.
#[derive(Debug, Default)]
struct Outcome {
    stopped: u32,
    mended: u32,
    by_verify: u32,
    harmless: u32,
}

/// Flips one bit in each of `times` places, and looks at what open and verify make of it. Zeros are
/// left alone: most of sled's files is room that isn't used yet.
fn flips(seed: u64, times: u32, clean: bool, files: impl Fn(&Path) -> Vec<PathBuf>) -> Outcome {
    println!("seed {seed}");
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let home = tempfile::tempdir().unwrap();
    let sound = home.path().join("sound");
    let holding = if clean { build(&sound) } else { build_and_crash(home.path(), &sound) };
    let mut outcome = Outcome::default();
    for round in 0..times {
        let dir = home.path().join("hurt");
        copy(&sound, &dir);
        let files = files(&dir);
        let used: Vec<(usize, usize)> = (files.iter().enumerate())
            .flat_map(|(file, path)| {
                let bytes = std::fs::read(path).unwrap();
                let used = bytes.iter().enumerate().filter(|(_, byte)| **byte != 0).map(move |(at, _)| (file, at));
                used.collect::<Vec<_>>()
            })
            .collect();
        let (file, at) = used[random.random_range(0..used.len())];
        let bit = at as u64 * 8 + random.random_range(0..8);
        flip(&files[file], bit);
        let place = format!("seed {seed}, round {round}: bit {bit} of {}", files[file].display());
        let second = home.path().join("second");
        copy(&dir, &second);
        match open_with(&dir, options()) {
            Err(error) => {
                assert!(
                    error.to_string().contains("damaged") || error.to_string().contains("can't be read"),
                    "{error}"
                );
                outcome.stopped += 1;
            }
            Ok(store) => {
                assert_eq!(holds(&store, ROWS), holding, "{place}");
                let mended = !store.findings().is_empty();
                drop(store);
                if mended {
                    outcome.mended += 1;
                } else if verify(&second, None, Duration::ZERO, &system()).unwrap().is_sound() {
                    outcome.harmless += 1;
                } else {
                    outcome.by_verify += 1;
                }
            }
        }
        std::fs::remove_dir_all(&dir).unwrap();
        std::fs::remove_dir_all(&second).unwrap();
    }
    println!("{outcome:?}");
    outcome
}

/// The same as [`build`], with the files as a kill leaves them.
fn build_and_crash(home: &Path, dir: &Path) -> Holds {
    let living = home.join("living");
    build(&living);
    let store = open(&living);
    commit(&store, "last", vec![changed(100)]).unwrap();
    // The index is written a second later at the most.
    std::thread::sleep(Duration::from_millis(1_500));
    let holds = holds(&store, ROWS);
    copy(&living, dir);
    holds
}

fn in_folder(folder: &'static str) -> impl Fn(&Path) -> Vec<PathBuf> {
    move |dir: &Path| {
        let entries = std::fs::read_dir(dir.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = entries.filter(|path| path.is_file()).collect();
        files.sort();
        files
    }
}

#[test]
fn a_flipped_bit_in_the_journal_is_found() {
    let outcome = flips(0x5EED_0001, 100, true, in_folder("journal"));
    assert_eq!(outcome.harmless + outcome.mended, 0, "every bit of the journal counts");
}

#[test]
fn a_flipped_bit_in_sleds_files_is_found_or_harmless() {
    hush();
    let mended = [(0x5EED_0002, true), (0x5EED_0004, false)].map(|(seed, clean)| {
        let outcome = flips(seed, 60, clean, in_folder("index"));
        outcome.mended + outcome.by_verify
    });
    assert!(mended.iter().sum::<u32>() > 0, "some bits must count");
}

#[test]
fn a_flipped_bit_in_the_checkpoint_or_the_secrets_is_found() {
    let outcome = flips(0x5EED_0003, 20, true, |dir| vec![dir.join("team")]);
    assert_eq!(outcome.harmless, 0);
}

#[test]
fn a_deleted_index_is_built_anew() {
    let home = tempfile::tempdir().unwrap();
    let holding = build(home.path());
    std::fs::remove_dir_all(home.path().join("index")).unwrap();
    let store = open(home.path());
    assert_eq!(holds(&store, ROWS), holding);
    store.close().unwrap();
    let report = verify(home.path(), None, Duration::ZERO, &system()).unwrap();
    assert_eq!((report.problems, report.rows), (Vec::new(), ROWS.end));
    std::fs::remove_file(home.path().join("index/db")).unwrap();
    assert_eq!(holds(&open(home.path()), ROWS), holding, "sled says Ok to an empty one");
}

#[test]
fn what_a_crash_left_in_doubt_stays_so_while_the_index_cannot_be_opened() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("crashed");
    let holding = build_and_crash(home.path(), &dir);
    let in_doubt = || !std::fs::read(dir.join("lock")).unwrap().is_empty();
    let open_once = || {
        let store = open(&dir);
        assert_eq!(holds(&store, ROWS), holding);
        let findings = store.findings();
        store.close().unwrap();
        findings
    };
    // Somebody else has the index open, as a backup program may.
    let held = sled::open(dir.join("index")).unwrap();
    let findings = open_once();
    assert!(matches!(findings.as_slice(), [Finding::NoIndex(_)]), "{findings:?}");
    assert!(in_doubt());
    drop(held);
    assert_eq!(open_once(), Vec::new());
    assert!(!in_doubt());
}

#[test]
fn a_half_made_snapshot_of_sled_bars_no_open() {
    let home = tempfile::tempdir().unwrap();
    let holding = build(home.path());
    std::fs::write(home.path().join("index/snap.000000000000FFFF.generating"), b"half").unwrap();
    let store = open(home.path());
    assert_eq!(store.findings(), Vec::new());
    assert_eq!(holds(&store, ROWS), holding);
}

#[test]
fn an_index_that_is_ahead_of_the_journal_stops_the_loading() {
    let home = tempfile::tempdir().unwrap();
    build(home.path());
    // The journal loses its last record at its very edge: nothing in it looks wrong.
    let journal = home.path().join("journal/00000000000000000001.journal");
    let bytes = std::fs::read(&journal).unwrap();
    let last = bytes.windows(4).rposition(|four| four == b"RCJ1").unwrap();
    std::fs::write(&journal, &bytes[..last]).unwrap();
    let error = open_with(home.path(), options()).unwrap_err().to_string();
    assert!(error.contains("ends before its checkpoint"), "{error}");
    std::fs::remove_file(home.path().join("team")).unwrap();
    let error = open_with(home.path(), options()).unwrap_err().to_string();
    assert!(error.contains("the index already has change"), "{error}");
}

#[test]
fn a_bad_last_record_that_is_in_use_is_damage_and_not_torn() {
    let home = tempfile::tempdir().unwrap();
    build(home.path());
    let journal = home.path().join("journal/00000000000000000001.journal");
    let size = std::fs::metadata(&journal).unwrap().len();
    flip(&journal, size * 8 - 1);
    for checkpoint in [true, false] {
        if !checkpoint {
            std::fs::remove_file(home.path().join("team")).unwrap();
        }
        let error = open_with(home.path(), options()).unwrap_err().to_string();
        assert!(error.contains("00000000000000000001.journal is damaged at byte"), "{error}");
        assert_eq!(std::fs::metadata(&journal).unwrap().len(), size, "nothing was cut");
    }
}

#[test]
fn a_missing_segment_stops_the_open() {
    let home = tempfile::tempdir().unwrap();
    build(home.path());
    let journal = home.path().join("journal/00000000000000000001.journal");
    std::fs::rename(&journal, home.path().join("journal/00000000000000000009.journal")).unwrap();
    std::fs::remove_file(home.path().join("team")).unwrap();
    assert!(open_with(home.path(), options()).is_err());
    assert!(!verify(home.path(), None, Duration::ZERO, &system()).unwrap().is_sound());
}

/// B5: whoever rewrites the history has to rewrite all of it, and the head of a backup shows that.
#[test]
fn a_rewritten_history_is_found() {
    use rolecall::store::record::{Head, decode};
    let home = tempfile::tempdir().unwrap();
    build(home.path());
    let old = verify(home.path(), None, Duration::ZERO, &system()).unwrap();
    let journal = home.path().join("journal/00000000000000000001.journal");
    let bytes = std::fs::read(&journal).unwrap();

    // One record with other contents and a right checksum, the rest as it was.
    let mut records = Vec::new();
    let mut rest = bytes.as_slice();
    while let Ok((head, payload)) = decode(rest) {
        let size = head.encode(payload).len();
        records.push((head.clone(), payload.to_vec()));
        rest = &rest[size..];
    }
    let forged = |all: bool| {
        let mut out = Vec::new();
        let mut previous = records[0].0.previous;
        for (number, (head, payload)) in records.iter().enumerate() {
            let mut payload = payload.clone();
            if number == 5 {
                payload = records[4].1.clone();
            }
            let link = if all || number == 5 { previous } else { head.previous };
            let head = if number == 5 || (all && number > 5) {
                Head::new(head.kind, head.sequence, head.set, link, head.salt, &payload)
            } else {
                head.clone()
            };
            previous = head.chain();
            out.extend(head.encode(&payload));
        }
        out
    };
    std::fs::write(&journal, forged(false)).unwrap();
    let report = verify(home.path(), None, Duration::ZERO, &system()).unwrap();
    assert!(report.problems.iter().any(|problem| problem.contains("history was changed")), "{report:?}");

    // All of it, so that the chain holds again: only the head tells.
    std::fs::write(&journal, forged(true)).unwrap();
    let report = verify(home.path(), Some(old.head.hash), Duration::ZERO, &system()).unwrap();
    assert!(report.problems.iter().any(|problem| problem.contains("rewritten")), "{report:?}");
    std::fs::write(&journal, &bytes).unwrap();
    let report = verify(home.path(), Some(old.head.hash), Duration::ZERO, &system()).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    let _: Option<Store> = None;
}

/// Has a bit of one page of the index changed in a way that sled itself doesn't see.
fn hurt_a_page(dir: &Path) {
    let index = sled::open(dir.join("index")).unwrap();
    let (key, value) = index.scan_prefix(b"p").nth(2).unwrap().unwrap();
    let mut bytes = value.to_vec();
    bytes[40] ^= 4;
    index.insert(key, bytes).unwrap();
    index.flush().unwrap();
}

/// A page that is gone, with a row that is in it.
fn lose_a_page(dir: &Path) {
    let index = sled::open(dir.join("index")).unwrap();
    let (key, _) = index.scan_prefix(b"p").nth(2).unwrap().unwrap();
    index.remove(key).unwrap();
    index.flush().unwrap();
}

/// With the records in their copy, the index isn't read at a start.
fn with_a_copy() -> Options {
    Options { copy_from: 100, ..options() }
}

fn wait_for_findings(store: &Store) -> Vec<Finding> {
    let since = Instant::now();
    while store.findings().is_empty() {
        assert!(since.elapsed() < Duration::from_secs(30), "nothing was found");
        std::thread::sleep(Duration::from_millis(10));
    }
    store.findings()
}

#[test]
fn what_verify_finds_wrong_in_the_index_the_next_start_builds_anew() {
    for hurt in [hurt_a_page, lose_a_page] {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path();
        let holding = build(dir);
        open_with(dir, with_a_copy()).unwrap().close().unwrap();
        assert!(dir.join("tables").exists());
        hurt(dir);
        let check = || verify(dir, None, Duration::ZERO, &system()).unwrap().problems;
        for _ in 0..2 {
            let problems = check();
            assert!(problems.len() == 1 && problems[0].contains("the next start puts it aside"), "{problems:?}");
        }
        assert!(!dir.join("index-damaged-1").exists(), "nothing was altered");

        let store = open_with(dir, with_a_copy()).unwrap();
        let findings = wait_for_findings(&store);
        assert!(matches!(findings.as_slice(), [Finding::IndexRebuilt { aside: Some(_), .. }]), "{findings:?}");
        assert!(dir.join("index-damaged-1").exists());
        assert_eq!(holds(&store, ROWS), holding);
        assert_eq!(store.verify(None, &system()).unwrap().problems, Vec::<String>::new());
        store.close().unwrap();
        assert_eq!(check(), Vec::<String>::new());
        let store = open_with(dir, with_a_copy()).unwrap();
        assert_eq!(store.verify(None, &system()).unwrap().problems, Vec::<String>::new());
        assert_eq!(store.findings(), Vec::new());
    }
}

#[test]
fn an_index_that_a_store_in_use_puts_aside_is_named() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path();
    let holding = build(dir);
    open_with(dir, with_a_copy()).unwrap().close().unwrap();
    hurt_a_page(dir);
    let store = open_with(dir, with_a_copy()).unwrap();
    let problems = store.verify(None, &system()).unwrap().problems;
    let aside = dir.join("index-damaged-1").display().to_string();
    assert!(problems.len() == 1 && problems[0].contains(&aside), "{problems:?}");
    assert_eq!(store.findings().iter().map(ToString::to_string).collect::<Vec<_>>(), problems);
    assert_eq!(store.verify(None, &system()).unwrap().problems, Vec::<String>::new());
    assert_eq!(holds(&store, ROWS), holding);
}

#[test]
fn a_store_that_takes_changes_meanwhile_is_found_sound() {
    let home = tempfile::tempdir().unwrap();
    build(home.path());
    let store = open(home.path());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..60 {
                let rows = 2_000 + round * 50;
                commit(&store, "more", (rows..rows + 50).map(made).collect()).unwrap();
                commit(&store, "change", (rows..rows + 50).map(changed).collect()).unwrap();
            }
            done.store(true, Ordering::SeqCst);
        });
        loop {
            let last = done.load(Ordering::SeqCst);
            assert_eq!(store.verify(None, &system()).unwrap().problems, Vec::<String>::new());
            if last {
                break;
            }
        }
    });
}

#[test]
fn after_a_kill_the_index_is_used_as_it_is() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let holding = build_and_crash(home.path(), &dir);
    let store = open(&dir);
    assert_eq!(store.findings(), Vec::new());
    assert_eq!(holds(&store, ROWS), holding);
}
