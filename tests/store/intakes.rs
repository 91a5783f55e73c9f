//! Many records at once: an intake is there as a whole or not at all, and nobody waits for it.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, mpsc};

use rolecall::authz::{Heading, RowJudge, Subject, Verdict};
use rolecall::model::{Actor, Change, Moment, Record, Status, Swap, User, UserId};
use rolecall::store::{CommitError, Committed, Intake, LookBack, Options, Store, StoreError, View};

use crate::faults::{FaultDisk, Plan};
use crate::sweep::Sweep;
use crate::team::*;

const ROWS: std::ops::Range<u64> = 0..420;

fn heading(reason: &str) -> Heading {
    let commit = commit_of(reason, Vec::new());
    Heading { actor: commit.actor, at: commit.at, reason: commit.reason }
}

fn judge(view: &View) -> RowJudge<'_> {
    view.snapshot().judge_rows(Subject::Operator, heading("intake")).unwrap()
}

fn put(intake: &mut Intake, judge: &mut RowJudge<'_>, swap: Swap<Record>) -> Result<(), CommitError> {
    let admitted = judge.admit(swap, intake.facts())?;
    intake.put(admitted)
}

/// An intake that waits to be closed.
fn made_ready(store: &Store, numbers: std::ops::Range<u64>) -> Result<(Intake, Verdict), CommitError> {
    let view = store.view();
    let mut judge = judge(&view);
    let mut intake = store.begin_intake(&view, &judge)?;
    for number in numbers {
        put(&mut intake, &mut judge, Swap::made(record(number, "first")))?;
    }
    Ok((intake, judge.close()?))
}

fn take_in(store: &Store, numbers: std::ops::Range<u64>) -> Result<Committed, CommitError> {
    let (intake, verdict) = made_ready(store, numbers)?;
    intake.close(&verdict)
}

/// Parts of some thirty records, so that there are many.
fn small(disk: &FaultDisk) -> Options {
    Options { disk: Arc::new(disk.clone()), segment_bytes: 2_000, copy_from: 1, ..options() }
}

fn left_aside(dir: &Path) -> Vec<String> {
    let names = std::fs::read_dir(dir.join("journal")).unwrap().map(|entry| entry.unwrap().file_name());
    names.map(|name| name.into_string().unwrap()).filter(|name| name.starts_with("aside")).collect()
}

fn story(dir: &Path, disk: &FaultDisk) -> Vec<Holds> {
    let mut acknowledged = Vec::new();
    let Ok(store) = open_with(dir, small(disk)) else { return acknowledged };
    let mut go = |store: &Store, act: &dyn Fn(&Store) -> Result<Committed, CommitError>| {
        if store.read_only().is_none() && act(store).is_ok() {
            acknowledged.push(holds(store, ROWS));
        }
    };
    go(&store, &found);
    go(&store, &|store| commit(store, "before", vec![made(0)]));
    go(&store, &|store| take_in(store, 1..400));
    go(&store, &|store| commit(store, "after", vec![changed(0), changed(399)]));
    acknowledged
}

const SWEEP: Sweep = Sweep {
    story,
    rows: ROWS,
    commits: 4,
    operations: 80,
    goes_on: |store, dir| {
        assert_eq!(left_aside(dir), Vec::<String>::new());
        take_in(store, 400..420).is_ok()
    },
};

#[test]
fn killed_at_any_write_an_intake_is_there_as_a_whole_or_not_at_all() {
    SWEEP.run(false);
}

#[test]
fn with_the_power_cut_at_any_write_an_intake_is_there_as_a_whole_or_not_at_all() {
    SWEEP.run(true);
}

#[test]
fn a_disk_that_is_full_refuses_an_intake_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let disk = FaultDisk::new(Plan::Count);
    let store = open_with(home.path(), Options { copy_from: 1_000_000, index: false, ..small(&disk) }).unwrap();
    found(&store).unwrap();
    commit(&store, "before", vec![made(0)]).unwrap();
    let before = holds(&store, ROWS);
    for at in 1..8 {
        disk.plan(Plan::Refuse(disk.operations() + at, std::io::ErrorKind::StorageFull));
        let refused = made_ready(&store, 1..400).and_then(|(intake, verdict)| intake.close(&verdict));
        assert!(matches!(refused, Err(CommitError::Store(StoreError::Io { .. }))), "{at}: {refused:?}");
        disk.plan(Plan::Count);
        assert_eq!(store.read_only(), None, "{at}");
        assert_eq!(holds(&store, ROWS), before, "{at}");
        assert_eq!(left_aside(home.path()), Vec::<String>::new(), "{at}");
    }
    take_in(&store, 1..400).unwrap();
    assert_eq!(holds(&store, ROWS).rows.iter().flatten().count(), 400);
}

#[test]
fn a_thread_that_breaks_off_refuses_its_intake_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let disk = FaultDisk::new(Plan::Count);
    let store = open_with(home.path(), Options { copy_from: 1_000_000, index: false, ..small(&disk) }).unwrap();
    found(&store).unwrap();
    commit(&store, "before", vec![made(0)]).unwrap();
    let before = holds(&store, ROWS);
    for at in [2, 5] {
        // While a part is written aside.
        disk.plan(Plan::Break(disk.operations() + at));
        let refused = take_in(&store, 1..400);
        assert!(matches!(refused, Err(CommitError::Store(StoreError::Aside(_)))), "{at}: {refused:?}");
        assert!(refused.unwrap_err().to_string().contains("broke off"));
        disk.plan(Plan::Count);
        assert_eq!((store.read_only(), holds(&store, ROWS)), (None, before.clone()), "{at}");
        assert_eq!(left_aside(home.path()), Vec::<String>::new(), "{at}");
    }
    take_in(&store, 1..400).unwrap();
    assert_eq!(holds(&store, ROWS).rows.iter().flatten().count(), 400);
}

/// As a person's Ctrl-X does at the very end of an import.
#[test]
fn an_intake_can_be_called_off_at_every_step_of_its_end() {
    let home = tempfile::tempdir().unwrap();
    let store = open_with(home.path(), small(&FaultDisk::new(Plan::Count))).unwrap();
    found(&store).unwrap();
    let (before, generation) = (holds(&store, ROWS), store.view().generation());
    let mut steps = 0;
    for last in 0.. {
        let (intake, verdict) = made_ready(&store, 0..400).unwrap();
        let (called_off, mut told) = (AtomicBool::new(last == 0), 0);
        let ended = intake.close_while(&verdict, &called_off, &mut |_| {
            told += 1;
            called_off.store(told >= last, Ordering::Relaxed);
        });
        if ended.is_ok() {
            break;
        }
        steps = last;
        assert!(matches!(ended, Err(CommitError::Store(StoreError::Cancelled))), "{ended:?}");
        assert_eq!(left_aside(home.path()), Vec::<String>::new());
        assert_eq!((holds(&store, ROWS), store.view().generation()), (before.clone(), generation));
    }
    assert!(steps >= 3);
    assert_eq!(holds(&store, ROWS).rows.iter().flatten().count(), 400);
}

#[test]
fn an_intake_that_is_dropped_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let store = open_with(home.path(), small(&FaultDisk::new(Plan::Count))).unwrap();
    found(&store).unwrap();
    let (before, generation) = (holds(&store, ROWS), store.view().generation());
    drop(made_ready(&store, 0..400).unwrap());
    assert_eq!(left_aside(home.path()), Vec::<String>::new());
    assert_eq!((holds(&store, ROWS), store.view().generation()), (before, generation));
}

#[test]
fn others_commit_while_an_intake_is_under_way_and_both_are_there() {
    let home = tempfile::tempdir().unwrap();
    let options = small(&FaultDisk::new(Plan::Count));
    let store = open_with(home.path(), options.clone()).unwrap();
    found(&store).unwrap();
    commit(&store, "one", (400..410).map(made).collect()).unwrap();
    let (intake, verdict) = made_ready(&store, 0..390).unwrap();
    commit(&store, "two", vec![made(410), changed(400), Change::Record(Swap::removed(record(401, "first")))]).unwrap();
    take_in(&store, 411..413).unwrap();
    // Other rules too: it is judged again.
    commit(&store, "three", vec![renamed(&store.view(), "Kim Lee")]).unwrap();
    let committed = intake.close(&verdict).unwrap();
    assert_eq!(committed.generation, store.view().generation());
    let mut expected: Vec<Option<Record>> = ROWS.map(|number| Some(record(number, "first"))).collect();
    expected[400] = Some(record(400, "second"));
    for gone in (390..400).chain([401]).chain(413..420) {
        expected[gone] = None;
    }
    let held = holds(&store, ROWS);
    assert_eq!(held.rows, expected);
    assert_eq!(held.team.users[&UserId(0)].name, "Kim Lee");
    // It is one entry of the history, and what a new start reads is the same.
    let view = store.view();
    let audit = view.snapshot().audit(Subject::Operator).unwrap();
    let going = AtomicBool::new(false);
    let mut newest = None;
    let look = |entry| {
        newest = Some(entry);
        ControlFlow::Break(())
    };
    store.look_back(&audit, &LookBack::until(&going), look).unwrap();
    let newest = newest.unwrap();
    assert_eq!((newest.sequence, newest.commit.reason.0.as_str()), (committed.sequence, "intake"));
    let (changes, _) = store.changes_of(&audit, &newest, usize::MAX, |_| true).unwrap();
    let made: Vec<Change> = (0..390).map(made).collect();
    assert_eq!(changes, made);
    store.close().unwrap();
    let again = open_with(home.path(), Options { index: false, ..options }).unwrap();
    assert_eq!(holds(&again, ROWS), held);
}

#[test]
fn an_intake_about_what_others_changed_meanwhile_is_refused_as_a_whole() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    found(&store).unwrap();
    commit(&store, "one", vec![made(400)]).unwrap();
    let view = store.view();
    let mut judge = judge(&view);
    let mut intake = store.begin_intake(&view, &judge).unwrap();
    put(&mut intake, &mut judge, Swap::made(record(0, "first"))).unwrap();
    put(&mut intake, &mut judge, Swap::changed(record(400, "first"), record(400, "third"))).unwrap();
    let verdict = judge.close().unwrap();
    // The same record, and then the same name in another system.
    commit(&store, "two", vec![changed(400)]).unwrap();
    let before = holds(&store, ROWS);
    assert!(matches!(intake.close(&verdict), Err(CommitError::Stale(_))));
    let (intake, verdict) = made_ready(&store, 0..10).unwrap();
    let taken = Record { external_id: Some("c-5".into()), ..record(410, "first") };
    commit(&store, "three", vec![Change::Record(Swap::made(taken))]).unwrap();
    assert!(matches!(intake.close(&verdict), Err(CommitError::Stale(_))));
    assert_eq!(holds(&store, 0..10).rows, vec![None; 10]);
    assert_eq!(holds(&store, ROWS).rows[400], before.rows[400]);
}

#[test]
fn an_intake_is_judged_by_the_rules_in_force_at_its_end() {
    // R16
    let home = tempfile::tempdir().unwrap();
    let store = open_with(home.path(), small(&FaultDisk::new(Plan::Count))).unwrap();
    found(&store).unwrap();
    let owner = Arc::clone(store.view().team().users.get(&UserId(0)).unwrap());
    let role = store.view().team().roles.values().find(|role| role.name == "Sales Manager").unwrap().id;
    let eve = User { id: UserId(1), email: "eve@paws.example".into(), role, ..(*owner).clone() };
    let mut account = store.view().team().account.clone();
    account.next.user = 2;
    let counted = Change::Account(Swap::changed(store.view().team().account.clone(), account));
    commit(&store, "eve", vec![counted, Change::User(Swap::made(Arc::new(eve.clone())))]).unwrap();
    let view = store.view();
    let heading = Heading { actor: Actor::User(eve.id), ..heading("eve's") };
    let mut judge = view.snapshot().judge_rows(Subject::User(eve.id), heading).unwrap();
    let mut intake = store.begin_intake(&view, &judge).unwrap();
    for number in 0..300 {
        let mine = Record { owner: eve.id, ..record(number, "first") };
        put(&mut intake, &mut judge, Swap::made(mine)).unwrap();
    }
    let verdict = judge.close().unwrap();
    let revoked = User { status: Status::Revoked, ..eve.clone() };
    commit(&store, "gone", vec![Change::User(Swap::changed(Arc::new(eve), Arc::new(revoked)))]).unwrap();
    assert!(matches!(intake.close(&verdict), Err(CommitError::Denied(_))));
    assert_eq!(holds(&store, 0..300).rows, vec![None; 300]);
    assert_eq!(left_aside(home.path()), Vec::<String>::new());
}

#[test]
fn what_one_judge_admitted_is_not_published_by_another_ones_verdict() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    found(&store).unwrap();
    let view = store.view();
    let (mut one, mut other) = (judge(&view), judge(&view));
    let mut intake = store.begin_intake(&view, &one).unwrap();
    let admitted = other.admit(Swap::made(record(1, "first")), intake.facts()).unwrap();
    assert!(matches!(intake.put(admitted), Err(CommitError::Stale(_))));
    put(&mut intake, &mut one, Swap::made(record(1, "first"))).unwrap();
    // What was admitted and never handed in is missing: the verdict is over something else.
    let _lost = one.admit(Swap::made(record(2, "first")), intake.facts()).unwrap();
    assert!(matches!(intake.close(&one.close().unwrap()), Err(CommitError::Stale(_))));
    let (intake, _) = made_ready(&store, 0..2).unwrap();
    assert!(matches!(intake.close(&other.close().unwrap()), Err(CommitError::Stale(_))));
    let rehearsed = judge(&view);
    let rehearsal = store.rehearse_intake(&view, &rehearsed).unwrap();
    assert!(rehearsal.close(&rehearsed.close().unwrap()).is_err());
    assert_eq!(holds(&store, 0..3).rows, vec![None; 3]);
}

#[test]
fn others_do_not_wait_for_an_intake_that_takes_its_time() {
    let home = tempfile::tempdir().unwrap();
    let store = open_with(home.path(), small(&FaultDisk::new(Plan::Count))).unwrap();
    found(&store).unwrap();
    let (ready, wait) = mpsc::channel();
    let (go, gone) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let store = &store;
        scope.spawn(move || {
            let (intake, verdict) = made_ready(store, 0..300).unwrap();
            ready.send(()).unwrap();
            gone.recv().unwrap();
            intake.close(&verdict).unwrap();
        });
        wait.recv().unwrap();
        commit(store, "meanwhile", vec![made(400)]).unwrap();
        assert_eq!(row(&store.view(), 0), None);
        go.send(()).unwrap();
    });
    assert_eq!(holds(&store, ROWS).rows.iter().flatten().count(), 301);
}

#[test]
fn an_intake_is_dated_when_it_happened_and_not_before_what_others_did() {
    let home = tempfile::tempdir().unwrap();
    let clock = Arc::new(AtomicI64::new(AT.0));
    let ticking = Arc::clone(&clock);
    let options = small(&FaultDisk::new(Plan::Count));
    let now = Arc::new(move || Moment(ticking.load(Ordering::SeqCst)));
    let store = Store::open(home.path(), options, now, &system()).unwrap();
    found(&store).unwrap();
    let (large, verdict) = made_ready(&store, 0..400).unwrap();
    clock.store(AT.0 + 50, Ordering::SeqCst);
    large.close(&verdict).unwrap();
    let (one, verdict) = made_ready(&store, 400..401).unwrap();
    clock.store(AT.0 + 20, Ordering::SeqCst);
    one.close(&verdict).unwrap();
    let audit = store.view().snapshot().audit(Subject::Operator).unwrap();
    let page = store.history(&audit, None, 10).unwrap();
    let times: Vec<_> = page.entries.iter().map(|entry| entry.commit.at.0 - AT.0).collect();
    assert_eq!(times, [50, 50, 0], "a clock that was set back dates nothing before what stands");
}

/// What comes in in bulk is, value for value, what would have come in one by one.
#[test]
fn an_intake_holds_what_commits_of_its_records_would_hold() {
    let home = tempfile::tempdir().unwrap();
    let options = small(&FaultDisk::new(Plan::Count));
    let store = open_with(home.path(), options).unwrap();
    found(&store).unwrap();
    let team = Arc::clone(store.view().team());
    let amounts = rolecall::service::demo::Amounts { contacts: 900, companies: 50, deals: 70 };
    let records: Vec<Record> = rolecall::service::demo::records(&team, amounts, AT.day()).unwrap().collect();
    let (early, late) = records.split_at(120);
    commit(&store, "early", early.iter().cloned().map(|record| Change::Record(Swap::made(record))).collect()).unwrap();
    let view = store.view();
    let mut judge = judge(&view);
    let mut intake = store.begin_intake(&view, &judge).unwrap();
    let mut expected: Vec<Record> = records.clone();
    for (place, record) in late.iter().enumerate() {
        put(&mut intake, &mut judge, Swap::made(record.clone())).unwrap();
        // Now and then one that was there, in between.
        if place % 10 == 0 {
            let before = expected[place / 10].clone();
            let after = Record { external_id: Some(format!("new-{place}").into()), ..before.clone() };
            expected[place / 10] = after.clone();
            put(&mut intake, &mut judge, Swap::changed(before, after)).unwrap();
        }
    }
    intake.close(&judge.close().unwrap()).unwrap();
    let view = store.view();
    for record in expected {
        let (object, id) = (record.object, record.id);
        let permit = view.snapshot().permit_edit(Subject::Operator, object, id, &view).unwrap();
        assert_eq!(view.row(&permit), Some(record));
    }
}
