//! Backup and restore.

use std::time::{Duration, Instant};

use rolecall::model::UserId;
use rolecall::store::{Options, Secret, StoreError, restore, verify};

use crate::team::*;

#[test]
fn a_backup_of_an_open_store_restores_to_an_equal_one() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let file = home.path().join("rolecall.backup");
    let store = open(&dir);
    found(&store).unwrap();
    commit(&store, "many", (0..1_500).map(made).collect()).unwrap();
    store.set_secret(UserId(0), Secret { password_hash: Some("$x".into()), ..Secret::default() }).unwrap();
    let before = holds(&store, 0..1_600);
    let backup = store.backup(&file, &system()).unwrap();
    commit(&store, "later", vec![made(1_550)]).unwrap();

    let copy = home.path().join("copy");
    assert_eq!(restore(&file, &copy, &system()).unwrap(), backup);
    let restored = open(&copy);
    assert_eq!(holds(&restored, 0..1_600), before);
    assert_eq!(restored.secret(UserId(0)).unwrap().unwrap().password_hash.as_deref(), Some("$x"));
    restored.close().unwrap();
    let report = verify(&copy, Some(backup.head.hash), Duration::ZERO, &system()).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    let live = store.verify(Some(backup.head.hash), &system()).unwrap();
    assert_eq!((live.problems, live.rows), (Vec::new(), 1_501));

    assert!(matches!(restore(&file, &copy, &system()), Err(StoreError::Unfit { .. })), "not empty");
    assert!(matches!(restore(&file, &dir, &system()), Err(StoreError::Unfit { .. })));
    store.backup(&file, &system()).unwrap();
}

#[test]
fn a_backup_that_was_altered_or_cut_anywhere_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("b");
    let store = open(&home.path().join("store"));
    found(&store).unwrap();
    store.backup(&file, &system()).unwrap();
    let whole = std::fs::read(&file).unwrap();
    let into = home.path().join("into");
    for step in 0..60 {
        let mut hurt = whole.clone();
        let at = step * (whole.len() - 1) / 59;
        hurt[at] ^= 1;
        std::fs::write(&file, &hurt).unwrap();
        assert!(matches!(restore(&file, &into, &system()), Err(StoreError::Backup { .. })), "byte {at}");
        std::fs::write(&file, &whole[..at]).unwrap();
        assert!(restore(&file, &into, &system()).is_err(), "cut at {at}");
        assert!(!into.exists());
    }
}

#[test]
fn records_come_back_from_the_copy_of_their_columns_or_without_it() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let copying = || open_with(&dir, Options { copy_from: 100, ..options() }).unwrap();
    let store = copying();
    found(&store).unwrap();
    commit(&store, "many", (0..300).map(made).collect()).unwrap();
    store.close().unwrap();
    let file = dir.join("tables");
    assert!(file.exists());
    let store = copying();
    commit(&store, "few", vec![made(300), changed(7)]).unwrap();
    let before = holds(&store, 0..400);
    assert_eq!(store.verify(None, &system()).unwrap().problems, Vec::<String>::new());
    store.close().unwrap();
    let sound = std::fs::read(&file).unwrap();
    for step in 0..40 {
        let mut bytes = sound.clone();
        if step > 0 {
            let at = step * (bytes.len() - 1) / 39;
            bytes[at] ^= 4;
        }
        std::fs::write(&file, &bytes).unwrap();
        let store = copying();
        assert_eq!(holds(&store, 0..400), before, "step {step}");
        assert_eq!(store.findings(), Vec::new());
        assert_eq!(store.verify(None, &system()).unwrap().problems, Vec::<String>::new());
        store.close().unwrap();
        assert_eq!(verify(&dir, None, Duration::ZERO, &system()).unwrap().problems, Vec::<String>::new());
    }
}

#[test]
fn a_copy_that_can_not_be_written_is_told_once_and_not_tried_again_at_once() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    let copying = || open_with(&dir, Options { copy_from: 100, ..options() }).unwrap();
    let store = copying();
    found(&store).unwrap();
    // In the way of it.
    std::fs::create_dir(dir.join("tables.new")).unwrap();
    commit(&store, "many", (0..300).map(made).collect()).unwrap();
    let since = Instant::now();
    while store.findings().is_empty() {
        assert!(since.elapsed() < Duration::from_secs(20), "nothing was told");
        std::thread::sleep(Duration::from_millis(10));
    }
    std::fs::remove_dir(dir.join("tables.new")).unwrap();
    commit(&store, "more", (300..700).map(made).collect()).unwrap();
    let said: Vec<String> = store.findings().iter().map(ToString::to_string).collect();
    assert!(said.len() == 1 && said[0].contains("could not be written"), "{said:?}");
    store.close().unwrap();
    assert!(!dir.join("tables").exists());
    let store = copying();
    assert_eq!(holds(&store, 0..700).rows.iter().flatten().count(), 700);
    store.close().unwrap();
    assert!(dir.join("tables").exists());
}
