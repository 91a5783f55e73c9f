//! What is kept over a restart, and what a restart needn't read.

use std::time::Duration;

use rolecall::model::UserId;
use rolecall::store::{Options, Secret, Throttle};

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
