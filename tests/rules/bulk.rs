//! Acts on one record or on many (R13, R14, R32, R34), through a session.

use std::sync::atomic::AtomicBool;

use rolecall::service::bulk::{Act, Outcome, Which};
use rolecall::service::{ServiceError, Session};

use crate::house::{House, OWNERS, email, query, set};

fn act(session: &Session, which: &Which, act: &Act) -> Result<Outcome, ServiceError> {
    session.act_on_records("contacts", which, act, &mut |_, _| {}, &AtomicBool::new(false))
}

fn all() -> Which {
    Which::All { query: Box::new(query()), except: Vec::new(), at_most: None }
}

fn assign(who: &str) -> Act {
    Act::Assign { add: vec![email(who)], remove: Vec::new() }
}

/// SPEC R32: n of m counts what the actor sees; what may be changed is, the rest stays.
#[test]
fn n_of_m_counts_what_is_seen_and_changes_what_may_be() {
    let house = House::full();
    house.contact("rae-2", "rae", &[]);
    // Rex sees everything and may change nothing; Lea changes what she sees of her own people.
    let refused = act(&house.session("rex"), &all(), &assign("fay")).unwrap_err();
    assert!(matches!(refused, ServiceError::Denied(_)), "{refused}");
    let done = act(&house.session("lea"), &all(), &assign("fay")).unwrap();
    assert_eq!((done.of, done.changed, done.left), (4, 4, None));
    let again = act(&house.session("lea"), &all(), &assign("fay")).unwrap();
    assert_eq!((again.of, again.changed, again.same), (4, 0, 4));
    // SPEC R34, R8: being assigned lets a Focused User see them, and nobody else.
    assert_eq!(house.list("fay"), set(&["fay", "lea", "rae", "rae-2", "rob"]));
    // By name, an unseen one doesn't even count.
    let ids = OWNERS.iter().map(|owner| house.id(owner)).collect();
    let done = act(&house.session("rae"), &Which::These(ids), &assign("fay"));
    assert_eq!(done.unwrap(), Outcome { of: 1, same: 1, ..Outcome::default() });
}

/// SPEC R32: over two houses that differ only in what the actor doesn't see, everything is the same.
#[test]
fn what_is_not_seen_has_no_effect_on_what_an_act_says() {
    let say = |house: &House| {
        let mut said = Vec::new();
        for what in [assign("fay"), Act::Delete, Act::Status("Lead".to_owned())] {
            said.push(format!("{:?}", act(&house.session("rae"), &all(), &what)));
            let one = Which::These(vec![house.id("rita")]);
            said.push(format!("{:?}", act(&house.session("rae"), &one, &what)));
        }
        said
    };
    let (plain, fuller) = (House::full(), House::full());
    for number in 0..5 {
        fuller.contact(&format!("hidden-{number}"), "rita", &[]);
    }
    let (one, other) = (say(&plain), say(&fuller));
    assert_eq!(one, other);
    assert!(one[1].contains("no such record"), "{one:?}");
}

/// SPEC R13, 002-28: several contacts at once need "Bulk update contact owner", one doesn't; the new
/// owner is an active user.
#[test]
fn a_bulk_change_of_owner_needs_its_own_permission() {
    let house = House::full();
    house.contact("rae-2", "rae", &[]);
    let both = Which::These(vec![house.id("rae"), house.id("rae-2")]);
    let to = |who: &str| Act::Owner(email(who));
    let refused = act(&house.session("rae"), &both, &to("rob")).unwrap_err();
    assert!(refused.to_string().contains("Bulk update contact owner"), "{refused}");
    for who in ["ivy", "gus"] {
        let one = Which::These(vec![house.id("rae")]);
        let refused = act(&house.session("rae"), &one, &to(who)).unwrap_err();
        assert!(refused.to_string().contains("isn't active"), "{refused}");
    }
    let one = act(&house.session("rae"), &Which::These(vec![house.id("rae")]), &to("rob")).unwrap();
    assert_eq!(one.changed, 1);
    assert_eq!(house.list("rob"), set(&["rob", "rae"]));
    let both = Which::These(vec![house.id("rae"), house.id("rae-2")]);
    assert_eq!(act(&house.session("olga"), &both, &to("rita")).unwrap().changed, 2);
    assert_eq!(house.list("rita"), set(&["rita", "rae", "rae-2"]));
}

/// SPEC R14: only the owner seals, holding the permission; others' contacts in the same act are left.
#[test]
fn only_ones_own_are_sealed_and_the_rest_is_left() {
    let house = House::full();
    house
        .apply("[[roles]]\nname = \"Lead\"\nmanager = \"Account Owner\"\n[roles.features]\n\"contacts.private\" = \"yes\"\n")
        .unwrap();
    let done = act(&house.session("lea"), &all(), &Act::Private(true)).unwrap();
    assert_eq!((done.of, done.changed), (3, 1));
    assert!(done.left.unwrap().contains("only a contact's owner can make it private"));
    assert!(!house.list("olga").contains("lea"));
    let refused = act(&house.session("rae"), &all(), &Act::Private(true)).unwrap_err();
    assert!(refused.to_string().contains("Own private contacts"), "{refused}");
}

/// SPEC 000-26: deleting needs the scope and the permission.
#[test]
fn deleting_many_leaves_what_may_not_be_deleted() {
    let house = House::full();
    let refused = act(&house.session("dan"), &all(), &Act::Delete).unwrap_err();
    assert!(matches!(refused, ServiceError::Denied(_)), "{refused}");
    let done = act(&house.session("lea"), &all(), &Act::Delete).unwrap();
    assert_eq!((done.of, done.changed), (3, 3));
    assert!(house.list("lea").is_empty());
    assert_eq!(house.list("leo"), set(&["leo", "rita"]));
}

/// 000-26, R32: whoever agrees to a number of records deletes no more than those; the number is of what
/// they see.
#[test]
fn no_more_are_deleted_than_were_asked_about_000_26_r32() {
    let house = House::full();
    let told = |at_most, except: &[&str]| Which::All {
        query: Box::new(query()),
        except: except.iter().map(|name| house.id(name)).collect(),
        at_most: Some(at_most),
    };
    let asked = house.list("lea").len() as u64;
    // What comes where they don't see it is nothing to them.
    house.contact("hidden", "rita", &[]);
    house.contact("newer", "rae", &[]);
    let refused = act(&house.session("lea"), &told(asked, &[]), &Act::Delete).unwrap_err();
    assert!(
        refused.to_string().contains("the list changed: 4 are chosen now, 3 were when you were asked"),
        "{refused}"
    );
    assert_eq!(house.list("lea").len() as u64, asked + 1);
    // Nor are they given away (R13).
    let refused = act(&house.session("olga"), &told(asked, &[]), &Act::Owner(email("rob"))).unwrap_err();
    assert!(refused.to_string().contains("nothing was changed"), "{refused}");
    // Other acts go on by what the list holds, as they say afterwards of how many.
    assert_eq!(act(&house.session("lea"), &told(asked, &[]), &assign("fay")).unwrap().of, asked + 1);
    // One that is taken out counts on neither side, and fewer are no reason to ask again.
    let done = act(&house.session("lea"), &told(asked, &["newer"]), &Act::Delete).unwrap();
    assert_eq!((done.of, done.changed), (asked, asked));
    assert_eq!(house.list("lea"), set(&["newer"]));
    assert_eq!(act(&house.session("lea"), &told(asked, &[]), &Act::Delete).unwrap().changed, 1);
}

/// The whole is one change: called off on the way, nothing of it stays; done, one undo takes it back.
#[test]
fn an_act_on_many_is_one_change_that_can_be_called_off() {
    let house = House::full();
    for number in 0..700 {
        house.contact(&format!("many-{number}"), "rae", &[]);
    }
    let owner = house.session("olga");
    let called = AtomicBool::new(false);
    let mut seen = Vec::new();
    let mut told = |done: u64, of: u64| {
        seen.push((done, of));
        called.store(true, std::sync::atomic::Ordering::Relaxed);
    };
    let refused = owner.act_on_records("contacts", &all(), &Act::Owner(email("rob")), &mut told, &called);
    assert!(matches!(refused, Err(ServiceError::Cancelled)), "{refused:?}");
    assert!(!seen.is_empty());
    assert_eq!(house.list("rob"), set(&["rob"]));
    let many = Which::All {
        query: Box::new(rolecall::service::records::RecordQuery {
            filters: vec![("owner".to_owned(), email("rae"))],
            ..query()
        }),
        except: vec![house.id("rae")],
        at_most: None,
    };
    let done = act(&owner, &many, &Act::Owner(email("rob"))).unwrap();
    assert_eq!((done.of, done.changed), (700, 700));
    let now = house.operator().records(&rolecall::service::records::RecordQuery {
        filters: vec![("owner".to_owned(), email("rob"))],
        ..query()
    });
    assert_eq!(now.unwrap().total, 701);
}

/// One that is named twice is one, and what others do meanwhile stands.
#[test]
fn an_act_counts_each_record_once_and_leaves_what_others_did_meanwhile() {
    let house = House::full();
    for number in 0..700 {
        house.contact(&format!("many-{number}"), "rae", &[]);
    }
    let twice = Which::These(vec![house.id("rae"), house.id("rob"), house.id("rae")]);
    let done = act(&house.session("olga"), &twice, &Act::Owner(email("rita"))).unwrap();
    assert_eq!((done.of, done.changed), (2, 2));
    let (owner, other, mut once) = (house.session("olga"), house.session("olga"), false);
    let mut meanwhile = |_: u64, _: u64| {
        if !std::mem::replace(&mut once, true) {
            // One that the act is about as well, and one that it isn't.
            act(&other, &Which::These(vec![house.id("many-3")]), &Act::Private(false)).unwrap();
            act(&other, &Which::These(vec![house.id("many-3")]), &assign("fay")).unwrap();
            house.contact("newer", "lea", &[]);
        }
    };
    let done =
        owner.act_on_records("contacts", &all(), &Act::Owner(email("rob")), &mut meanwhile, &AtomicBool::new(false));
    let done = done.unwrap();
    assert_eq!(done.left, None);
    assert_eq!(house.list("rob").len() as u64, done.changed + done.same);
    assert!(house.list("fay").contains("many-3"), "the other one's change stands");
}

/// SPEC B1: what is shown before is what happens, for the same records.
#[test]
fn the_preview_counts_just_what_happens() {
    let house = House::full();
    for (who, to) in [("olga", "rita"), ("lea", "rob"), ("rae", "rob"), ("eve", "dan")] {
        let session = house.session(who);
        let what = Act::Owner(email(to));
        let preview = session.preview_on_records("contacts", &all(), &what, &AtomicBool::new(false));
        let done = act(&session, &all(), &what);
        match (preview, done) {
            (Ok((_, shown)), Ok(done)) => assert_eq!(shown, Outcome { mark: None, ..done }, "{who}"),
            (Err(shown), Err(done)) => assert_eq!(shown.to_string(), done.to_string(), "{who}"),
            other => panic!("{who}: {other:?}"),
        }
    }
}

/// How each likes their console is their own, and bounded.
#[test]
fn preferences_are_each_persons_own_and_bounded() {
    let house = House::full();
    let (rae, rob) = (house.session("rae"), house.session("rob"));
    rae.keep_preference("look", "light").unwrap();
    assert_eq!(rae.preference("look").as_deref(), Some("light"));
    assert_eq!(rob.preference("look"), None);
    let generation = rae.generation();
    rae.keep_preference("look", "").unwrap();
    assert_eq!(rae.preference("look"), None);
    assert_eq!(rae.generation(), generation, "no new generation of rules");
    assert!(rae.keep_preference("look", &"x".repeat(10_000)).is_err());
    for number in 0..64 {
        rae.keep_preference(&format!("p{number}"), "x").unwrap();
    }
    assert!(rae.keep_preference("one too many", "x").is_err());
    assert!(rae.keep_preference("p1", "y").is_ok());
    house.apply("[[users]]\nemail = \"rob@team.example\"\nrole = \"Rep\"\nstatus = \"revoked\"\n").ok();
    house.operator().keep_preference("look", "light").unwrap();
    assert_eq!(house.operator().preference("look"), None, "the operator is nobody");
}
