//! Many at once: generations, change sets, subscribers, time.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use rolecall::authz::Subject;
use rolecall::model::catalog::features;
use rolecall::model::{Actor, Change, Commit, Exception, Moment, RoleType, Status, Swap, User, UserId};
use rolecall::store::{CommitError, LookBack, Store, StoreError, View};

use crate::team::*;

#[test]
fn a_pinned_view_stays_as_it_is() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    found(&store).unwrap();
    let old = store.view();
    commit(&store, "one", vec![made(1)]).unwrap();
    assert_eq!(row(&old, 1), None);
    assert_eq!(row(&store.view(), 1), Some(record(1, "first")));
    assert!(store.view().generation() > old.generation());
}

#[test]
fn a_commit_on_something_changed_meanwhile_is_stale() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    found(&store).unwrap();
    commit(&store, "one", vec![made(1)]).unwrap();
    let view = store.view();
    let permit = |reason: &str, change: Change| {
        view.snapshot().permit_commit(Subject::Operator, commit_of(reason, vec![change]), &view).unwrap()
    };
    let (first, second) = (permit("a", changed(1)), permit("b", changed(1)));
    let (third, fourth) = (permit("c", renamed(&view, "A")), permit("d", renamed(&view, "B")));
    store.commit(first).unwrap();
    assert!(matches!(store.commit(second), Err(CommitError::Stale(_))));
    store.commit(third).unwrap();
    assert!(store.commit(fourth).is_err());
    assert_eq!(store.view().team().users[&UserId(0)].name, "A");
}

#[test]
fn many_writers_share_the_journal_and_none_is_lost() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    found(&store).unwrap();
    let told = Arc::new(AtomicU64::new(0));
    let (send, receive) = mpsc::channel();
    let counter = Arc::clone(&told);
    store.subscribe(Box::new(move |generation| {
        counter.fetch_add(1, Ordering::SeqCst);
        send.send(generation).is_ok()
    }));
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let store = &store;
            scope.spawn(move || {
                for number in 0..25 {
                    commit(store, "row", vec![made(writer * 100 + number)]).unwrap();
                }
            });
        }
    });
    let generations: Vec<u64> = receive.try_iter().collect();
    assert!(!generations.is_empty() && generations.len() <= 200);
    assert_eq!(generations.iter().max(), Some(&store.view().generation()));
    drop(receive);
    commit(&store, "one more", vec![made(5_000)]).unwrap();
    let after = told.load(Ordering::SeqCst);
    commit(&store, "nobody listens", vec![made(5_001)]).unwrap();
    assert_eq!(told.load(Ordering::SeqCst), after, "whoever answered false is not called again");
    let before = holds(&store, 0..800);
    assert_eq!(before.rows.iter().flatten().count(), 200);
    store.close().unwrap();
    assert_eq!(holds(&open(home.path()), 0..800), before);
}

#[test]
fn a_change_set_happens_as_a_whole_or_not_at_all() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    found(&store).unwrap();
    let add = |store: &Store, numbers: std::ops::Range<u64>| {
        let mut set = store.begin_set().unwrap();
        for number in numbers {
            let view = set.view();
            let commit = commit_of("import", vec![made(number)]);
            let patch = view.snapshot().permit_commit(Subject::Operator, commit, &view).unwrap();
            store.append(&mut set, patch).unwrap();
        }
        set
    };
    drop(add(&store, 0..10));
    assert_eq!(holds(&store, 0..10).rows.iter().flatten().count(), 0);
    let done = store.close_set(add(&store, 0..600)).unwrap();
    assert_eq!(holds(&store, 0..600).rows.iter().flatten().count(), 600);

    // Something else is committed meanwhile: the set is judged again, as a whole.
    let set = add(&store, 600..700);
    commit(&store, "meanwhile", vec![made(800)]).unwrap();
    store.close_set(set).unwrap();
    let set = add(&store, 700..760);
    commit(&store, "the same", vec![made(750)]).unwrap();
    assert!(store.close_set(set).is_err());
    assert_eq!(holds(&store, 700..760).rows.iter().flatten().count(), 1);

    let audit = store.view().snapshot().audit(Subject::Operator).unwrap();
    let page = store.history(&audit, None, 2).unwrap();
    assert_eq!(page.entries[0].commit.reason.0, "the same");
    let rest = store.history(&audit, page.next, 100).unwrap();
    let set = rest.entries.iter().find(|entry| entry.sequence == done.sequence).unwrap();
    let (changes, more) = store.changes_of(&audit, set, 200, |_| true).unwrap();
    assert_eq!((changes.len(), more), (200, true));
    let all = store.changes_of(&audit, set, usize::MAX, |_| true).unwrap();
    assert_eq!((all.0.len(), all.1), (600, false));
    let (changes, more) = store.changes_of(&audit, set, 200, |change| Some(change) == all.0.last()).unwrap();
    assert_eq!((changes.len(), more), (1, false), "what is wanted is found behind what isn't");
    assert_eq!(rest.entries.last().unwrap().sequence, 1);
    assert_eq!(rest.next, None);
    let before = holds(&store, 0..900);
    drop(store);
    assert_eq!(holds(&open(home.path()), 0..900), before);
}

/// A look back ends at what is older than asked for, whoever did that, and whoever stops waiting is heard.
#[test]
fn a_look_back_is_bounded_by_time_and_can_be_called_off() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    found(&store).unwrap();
    let done = |who: Subject, actor: Actor, after: i64, number: u64| {
        let view = store.view();
        let commit = Commit { actor, at: AT.plus(after), ..commit_of(&format!("{after}"), vec![made(number)]) };
        store.commit(view.snapshot().permit_commit(who, commit, &view).unwrap()).unwrap();
    };
    let me = UserId(0);
    done(Subject::User(me), Actor::User(me), 10, 0);
    // A clock that was set back: what happened then is dated as what stands before it.
    done(Subject::Operator, Actor::Operator, 5, 1);
    done(Subject::User(me), Actor::User(me), 30, 2);
    (3..40).for_each(|number| done(Subject::Operator, Actor::Operator, 40, number));
    let audit = store.view().snapshot().audit_of(Subject::Operator, me).unwrap();
    let (going, cancelled) = (AtomicBool::new(false), AtomicBool::new(true));
    let look = |since: Option<i64>, cancelled: &AtomicBool| {
        let mut seen = Vec::new();
        let back = LookBack { since: since.map(|since| AT.plus(since)), ..LookBack::until(cancelled) };
        let looked = store.look_back(&audit, &back, |entry| {
            seen.push(entry.commit.reason.0);
            ControlFlow::Continue(())
        });
        looked.map(|()| seen)
    };
    assert_eq!(look(None, &going).unwrap(), ["30", "10"]);
    assert_eq!(look(Some(1), &going).unwrap(), ["30", "10"]);
    assert_eq!(look(Some(10), &going).unwrap(), ["30", "10"]);
    assert_eq!(look(Some(11), &going).unwrap(), ["30"]);
    assert_eq!(look(Some(35), &going).unwrap(), Vec::<String>::new());
    assert!(matches!(look(None, &cancelled), Err(StoreError::Cancelled)));
}

/// Along the history times never go back: not within a change set that took long, not where the
/// clock was set back, and not from one opening to the next.
#[test]
fn times_never_go_back_along_the_history() {
    let home = tempfile::tempdir().unwrap();
    let times = |store: &Store| -> Vec<i64> {
        let audit = store.view().snapshot().audit(Subject::Operator).unwrap();
        let page = store.history(&audit, None, 100).unwrap();
        page.entries.iter().rev().map(|entry| entry.commit.at.0 - AT.0).collect()
    };
    let at = |view: &View, after: i64, number: u64| {
        let commit = Commit { at: AT.plus(after), ..commit_of("later", vec![made(number)]) };
        view.snapshot().permit_commit(Subject::Operator, commit, view).unwrap()
    };
    let store = open(home.path());
    found(&store).unwrap();
    store.commit(at(&store.view(), 50, 0)).unwrap();
    drop(store);
    let store = open(home.path());
    store.commit(at(&store.view(), 20, 1)).unwrap();
    let mut set = store.begin_set().unwrap();
    for (after, number) in [(55, 2), (70, 3)] {
        let patch = at(&set.view(), after, number);
        store.append(&mut set, patch).unwrap();
    }
    store.close_set(set).unwrap();
    store.commit(at(&store.view(), 60, 4)).unwrap();
    assert_eq!(times(&store), [0, 50, 50, 70, 70]);
}

/// R10, R16: an exception ends by itself, without anybody committing anything.
#[test]
fn an_exception_ends_in_every_view_when_its_time_has_come() {
    let home = tempfile::tempdir().unwrap();
    let clock = Arc::new(AtomicI64::new(AT.0));
    let ticking = Arc::clone(&clock);
    let now = Arc::new(move || Moment(ticking.load(Ordering::SeqCst)));
    let store = Store::open(home.path(), options(), now, &system()).unwrap();
    found(&store).unwrap();
    let view = store.view();
    let role = view.team().roles.values().find(|role| role.name == "Sales").unwrap();
    assert_eq!(role.role_type, RoleType::User);
    let feature = features::CONTACTS_MANAGE_FIELDS;
    let until = AT.plus(60_000);
    let sam = User {
        id: UserId(view.team().account.next.user),
        email: "sam@paws.example".into(),
        name: "Sam".into(),
        role: role.id,
        status: Status::Active,
        manager: None,
        exceptions: [(feature, Exception { visible: true, until: Some(until) })].into(),
        language: None,
        email_from_name: None,
        reply_to: None,
        account_manager: false,
        talk_access: false,
        created: AT,
    };
    let id = sam.id;
    let mut account = view.team().account.clone();
    account.next.user += 1;
    let changes = vec![
        Change::Account(Swap::changed(view.team().account.clone(), account)),
        Change::User(Swap::made(Arc::new(sam))),
    ];
    commit(&store, "sam", changes).unwrap();
    let holds = |store: &Store| store.view().snapshot().holds(Subject::User(id), feature);
    let by_role = role.feature(feature) == rolecall::model::FeatureValue::Yes;
    assert!(holds(&store));
    let generation = store.view().generation();
    let (send, receive) = mpsc::channel();
    store.subscribe(Box::new(move |generation| send.send(generation).is_ok()));
    clock.store(until.0, Ordering::SeqCst);
    assert_eq!(holds(&store), by_role);
    assert!(store.view().generation() > generation);
    assert!(receive.recv_timeout(Duration::from_secs(5)).is_ok(), "screens are told");
}
