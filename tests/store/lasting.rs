//! What is kept over a restart, and what a restart needn't read.

use std::sync::Arc;
use std::time::Duration;

use rolecall::model::UserId;
use rolecall::store::{Options, Secret, Throttle};

use crate::faults::{FaultDisk, Plan};
use crate::team::*;

#[test]
fn everything_is_there_after_a_restart_however_it_ended() {
    for index in [true, false] {
        let home = tempfile::tempdir().unwrap();
        let with = || Options { index, ..options() };
        let store = open_with(home.path(), with()).unwrap();
        found(&store).unwrap();
        commit(&store, "many", (0..1_200).map(made).collect()).unwrap();
        commit(&store, "rename", vec![renamed(&store.view(), "Kim Lee")]).unwrap();
        commit(&store, "change", vec![changed(7)]).unwrap();
        store.set_secret(UserId(0), Secret { password_hash: Some("$x".into()), ..Secret::default() }).unwrap();
        store.set_throttle("kim", Throttle { failures: 4, wait_until: Some(AT) }).unwrap();
        let before = holds(&store, 0..1_201);
        store.close().unwrap();
        for round in 0..3 {
            if round == 1 {
                std::fs::remove_file(home.path().join("team")).unwrap();
            }
            let store = open_with(home.path(), with()).unwrap();
            assert_eq!(holds(&store, 0..1_201), before);
            assert_eq!(store.findings(), Vec::new());
            assert_eq!(store.secret(UserId(0)).unwrap().unwrap().password_hash.as_deref(), Some("$x"));
            assert_eq!(store.throttle("kim").unwrap().failures, 4);
        }
    }
}

/// R30: whoever was deleted just before a crash is forgotten at the next start.
#[test]
fn what_was_kept_of_people_who_are_gone_goes_at_the_next_start() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    found(&store).unwrap();
    for user in [UserId(0), UserId(9)] {
        store.set_secret(user, Secret { password_hash: Some("$kept".into()), ..Secret::default() }).unwrap();
        store.set_preference(user, "look", Some("dark")).unwrap();
    }
    store.close().unwrap();
    let store = open(home.path());
    assert!(store.secret(UserId(0)).unwrap().is_some() && store.preference(UserId(0), "look").is_some());
    assert!(store.secret(UserId(9)).unwrap().is_none() && store.preference(UserId(9), "look").is_none());
    assert_eq!(store.findings(), Vec::new());
    let bytes = std::fs::read(home.path().join("secrets")).unwrap();
    assert_eq!(bytes.windows(5).filter(|five| five == b"$kept").count(), 1);
}

/// R30: a deletion that happened doesn't fail because the disk refuses afterwards; it is a finding.
#[test]
fn what_can_not_be_forgotten_now_is_a_finding() {
    let home = tempfile::tempdir().unwrap();
    let disk = FaultDisk::new(Plan::Count);
    let store = open_with(home.path(), Options { disk: Arc::new(disk.clone()), ..options() }).unwrap();
    found(&store).unwrap();
    store.set_secret(UserId(9), Secret { password_hash: Some("$x".into()), ..Secret::default() }).unwrap();
    disk.plan(Plan::RefuseFrom(disk.operations(), std::io::ErrorKind::StorageFull));
    store.forget(UserId(9));
    let said: Vec<String> = store.findings().iter().map(ToString::to_string).collect();
    assert!(said.len() == 1 && said[0].contains("could not be removed"), "{said:?}");
    drop(store);
    assert!(open(home.path()).secret(UserId(9)).unwrap().is_none());
}

#[test]
fn single_records_are_found_before_all_are_loaded() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    found(&store).unwrap();
    commit(&store, "many", (0..3_000).map(made).collect()).unwrap();
    store.close().unwrap();
    let store = open_with(home.path(), Options { load_wait: Duration::ZERO, ..options() }).unwrap();
    assert_eq!(store.view().team().users.len(), 1, "the rules are there at once");
    let mut seen = 0;
    loop {
        let view = store.view();
        let row = row(&view, 2_999);
        if let Some(row) = row {
            assert_eq!(row, record(2_999, "first"));
            seen += 1;
        }
        if view.is_loaded() {
            break;
        }
    }
    assert!(seen > 0);
}

#[test]
fn an_index_that_was_left_behind_goes_on_where_it_stopped() {
    let home = tempfile::tempdir().unwrap();
    let store = open_with(home.path(), Options { index: false, copy_from: 1, ..options() }).unwrap();
    found(&store).unwrap();
    commit(&store, "many", (0..40_000).map(made).collect()).unwrap();
    store.close().unwrap();
    // The records are there from their copy; the index is only being made, and is called off.
    for _ in 0..3 {
        let store = open_with(home.path(), Options { copy_from: 1, ..options() }).unwrap();
        assert!(store.view().is_loaded());
        store.close().unwrap();
    }
    let store = open_with(home.path(), Options { copy_from: 1, ..options() }).unwrap();
    let report = store.verify(None, &system()).unwrap();
    assert_eq!((report.problems, report.rows), (Vec::new(), 40_000));
    assert_eq!(store.findings(), Vec::new());
}
