//! Why: decisions explained to those whom they are about, and what would turn them (B2).

use std::sync::atomic::AtomicBool;

use rolecall::model::{Exception, FeatureValue, RecordAction, Status};
use rolecall::service::draft::Draft;
use rolecall::service::edit_roles::{Cell, CellValue, RoleChange, Verb};
use rolecall::service::why::{Answer, Question, Weight, Why};
use rolecall::service::{RecordDraft, ServiceError};

use crate::house::{House, OWNERS, email};

/// A question about a house.
type Asked = Box<dyn Fn(&House) -> Question>;

fn record(house: &House, external: &str) -> Question {
    Question::Record { object: "contacts".to_owned(), id: house.id(external) }
}

fn mine(key: &str) -> Question {
    Question::Feature { user: None, key: key.to_owned() }
}

fn of(who: &str, key: &str) -> Question {
    Question::Feature { user: Some(email(who)), key: key.to_owned() }
}

fn deciding(answer: &Answer) -> &str {
    let marked: Vec<_> = answer.steps.iter().filter(|step| step.weight == Weight::Decides).collect();
    assert_eq!(marked.len(), 1, "one layer decides: {answer:?}");
    assert_eq!(marked[0].allows, answer.allowed, "and says what was decided: {answer:?}");
    &marked[0].text
}

/// The layers that would have refused as well.
fn also(answer: &Answer) -> Vec<&str> {
    let steps = answer.steps.iter().filter(|step| step.weight == Weight::Refuses);
    steps.inspect(|step| assert!(!step.allows, "{answer:?}")).map(|step| step.text.as_str()).collect()
}

/// B2: every layer that stands in the way by itself is marked, so that nobody mends the one that
/// decided and finds the next; what only follows from another, or is overridden, isn't.
#[test]
fn each_layer_that_refuses_by_itself_is_marked_b2() {
    let house = House::full();
    let desk = |delete: &str| {
        let scopes = format!("scopes.contacts = {{ view = \"roles\", edit = \"own\", delete = \"{delete}\" }}");
        let off = "[roles.features]\n\"contacts.may_delete\" = \"no\"\n\"purchases.access\" = \"no\"";
        let sections = "[roles.sections.contacts]\n\"Notes\" = { view = true, edit = false }";
        let role = "[[roles]]\nname = \"Desk\"\nmanager = \"Account Owner\"";
        house.apply(&format!("{role}\n{scopes}\n{off}\n{sections}\n")).unwrap();
    };
    let dan = || house.session("dan");
    let delete = |name: &str| dan().why(&record(&house, name)).unwrap().answers[2].clone();
    desk("none");
    assert!(deciding(&delete("dee")).contains("delete is None"));
    assert_eq!(also(&delete("dee")), ["the role “Desk” has “Delete contacts” set to No"]);
    desk("own");
    assert!(deciding(&delete("dee")).contains("does not cover the owner, Dee"));
    assert_eq!(also(&delete("dee")), ["the role “Desk” has “Delete contacts” set to No"]);
    // Where the scope would let it be, it isn't said to be None.
    assert!(deciding(&delete("dan")).contains("“Delete contacts” set to No"));
    assert!(also(&delete("dan")).is_empty(), "{:?}", delete("dan"));
    assert!(!format!("{:?}", delete("dan")).contains("delete is None"));

    let notes =
        |name: &str| Question::Field { object: "contacts".to_owned(), id: house.id(name), field: "Notes".to_owned() };
    let change = |name: &str| dan().why(&notes(name)).unwrap().answers[1].clone();
    assert!(deciding(&change("dee")).contains("does not cover the owner, Dee"));
    assert_eq!(also(&change("dee")), ["the section “Notes” can be viewed by the role “Desk”"]);
    assert!(deciding(&change("dan")).contains("the section “Notes”") && also(&change("dan")).is_empty());

    let refund = dan().why(&mine("purchases.refund")).unwrap().answers[0].clone();
    assert!(deciding(&refund).contains("is off for"), "{refund:?}");
    assert_eq!(also(&refund).len(), 1, "{refund:?}");
    assert!(also(&refund)[0].contains("“Refund Transaction” set to No"));
    // An exception is in the place of the role's value.
    for visible in [true, false] {
        let exception = Some(Exception { visible, until: None });
        let key = "contacts.export".to_owned();
        house.operator().save(&Draft::Exception { email: email("rae"), key, exception }).unwrap();
        let export = house.session("rae").why(&mine("contacts.export")).unwrap().answers[0].clone();
        assert!(deciding(&export).contains("exception") && also(&export).is_empty(), "{export:?}");
    }
}

/// B2: what the explanation says is what `check` decides, for everybody and every record that they
/// see; what they don't see is not there.
#[test]
fn an_explanation_is_the_decision_and_knows_no_more_b2_r32() {
    let house = House::full();
    for who in OWNERS {
        let session = house.session(who);
        for name in OWNERS {
            let why = session.why(&record(&house, name));
            if !house.may(who, "contacts.view", Some(name)) {
                let absent = Question::Record { object: "contacts".to_owned(), id: rolecall::model::RecordId(42) };
                assert_eq!(why.unwrap_err().to_string(), session.why(&absent).unwrap_err().to_string());
                continue;
            }
            let answers = why.unwrap().answers;
            for (answer, action) in answers.iter().zip(["view", "edit", "delete"]) {
                let action = format!("contacts.{action}");
                assert_eq!(answer.allowed, house.may(who, &action, Some(name)), "{who} {action} {name}");
                deciding(answer);
            }
        }
    }
}

/// B2: the reason says why this owner is inside a scope or outside it.
#[test]
fn the_reason_names_how_the_owner_stands_b2() {
    let house = House::full();
    let view = |who: &str, name: &str| house.session(who).why(&record(&house, name)).unwrap().answers[0].clone();
    assert!(deciding(&view("lea", "rae")).contains("which covers the owner, Rae, who reports to Lea North"));
    assert!(deciding(&view("dan", "dee")).contains("who holds the role “Desk” too"));
    assert!(deciding(&view("dan", "dan")).contains("owns it, which every scope covers"));
    let why = house.session("rex").why(&record(&house, "rae")).unwrap();
    assert!(deciding(&why.answers[1]).contains("create/edit is None"));
}

/// B2: what is said to turn a decision turns it, and what is said to be one's own to do can be done.
#[test]
fn what_would_turn_it_turns_it_b2() {
    let mut tried = 0;
    let questions: &[(&str, Asked)] = &[
        ("rex", Box::new(|house| record(house, "rae"))),
        ("dan", Box::new(|house| record(house, "dee"))),
        ("fay", Box::new(|house| record(house, "fay"))),
        ("rae", Box::new(|_| mine("contacts.export"))),
        ("rae", Box::new(|_| mine("tasks.cancel"))),
        ("olga", Box::new(|_| of("rae", "purchases.refund"))),
        ("olga", Box::new(|_| of("dan", "purchases.refund"))),
        ("adam", Box::new(|_| of("gus", "tasks.set"))),
        ("adam", Box::new(|_| of("rae", "tasks.set"))),
        ("adam", Box::new(|_| of("fay", "users.edit"))),
    ];
    for (who, question) in questions {
        let house = House::full();
        let before = house.session(who).why(&question(&house)).unwrap();
        for (place, answer) in before.answers.iter().enumerate() {
            for turn in &answer.turns {
                // A fresh house each time: one change alone is to turn it.
                let house = House::full();
                let asked = question(&house);
                let maker = if turn.yours { house.session(who) } else { house.operator() };
                for draft in &turn.drafts {
                    maker.save(draft).unwrap_or_else(|error| panic!("{who}, {}: {error}", turn.text));
                }
                let after: Result<Why, ServiceError> = house.session(who).why(&asked);
                let allowed = after.is_ok_and(|after| after.answers[place].allowed);
                assert_eq!(allowed, !answer.allowed, "{who}: {}", turn.text);
                tried += 1;
            }
        }
    }
    assert!(tried > 15, "only {tried} turns");
}

#[test]
fn whoever_no_longer_waits_gets_no_half_of_an_explanation() {
    let house = House::full();
    let (session, question) = (house.session("lea"), mine("contacts.export"));
    assert!(matches!(session.why_until(&AtomicBool::new(true), &question), Err(ServiceError::Cancelled)));
    assert_eq!(session.why_until(&AtomicBool::new(false), &question).unwrap(), session.why(&question).unwrap());
}

#[test]
fn an_exception_decides_and_can_be_ended_000_33() {
    let house = House::full();
    let exception = Some(Exception { visible: false, until: None });
    let draft = Draft::Exception { email: email("lea"), key: "contacts.export".to_owned(), exception };
    house.operator().save(&draft).unwrap();
    let mine = house.session("lea").why(&mine("contacts.export")).unwrap();
    assert!(deciding(&mine.answers[0]).contains("exception: Not Visible"));
    assert!(mine.answers[0].turns.iter().all(|turn| !turn.yours), "R31: nobody changes their own: {mine:?}");
    let olga = house.session("olga").why(&of("lea", "contacts.export")).unwrap();
    let end = olga.answers[0].turns.iter().find(|turn| turn.text.starts_with("end the exception")).unwrap();
    assert!(end.yours);
}

/// 002-34, R14: what others hold besides their role, and what is sealed, is told to nobody who may
/// not know it.
#[test]
fn an_explanation_shows_nothing_that_its_reader_may_not_see_002_34_r14() {
    let house = House::full();
    assert!(matches!(house.session("lea").why(&of("rae", "contacts.export")), Err(ServiceError::Denied(_))));
    let visible = Some(Exception { visible: true, until: None });
    let key = "contacts.private".to_owned();
    house.operator().save(&Draft::Exception { email: email("rae"), key, exception: visible }).unwrap();
    let sealed = RecordDraft { private: Some(true), ..RecordDraft::default() };
    let id = house.session("rae").create_record("contacts", &sealed).unwrap().0;
    let question = Question::Record { object: "contacts".to_owned(), id };
    assert!(house.session("rae").why(&question).is_ok());
    for who in ["olga", "adam", "lea", "rex"] {
        assert_eq!(house.session(who).why(&question).unwrap_err().to_string(), "no such record");
    }
    // A person's rights are compared with mine only before me who may know theirs.
    let why = house.session("lea").why(&Question::Person { email: email("rae") }).unwrap();
    assert!(why.answers.iter().all(|answer| !answer.allowed));
    assert!(!format!("{why:?}").contains("contacts.private") && !format!("{why:?}").contains("private"));
    let field =
        |name: &str| Question::Field { object: "contacts".to_owned(), id: house.id("rae"), field: name.to_owned() };
    house
        .apply("[[roles]]\nname = \"Rep\"\nmanager = \"Lead\"\n[roles.sections.contacts]\n\"Notes\" = { view = false, edit = false }\n")
        .unwrap();
    let (hidden, absent) = (house.session("rae").why(&field("Notes")), house.session("rae").why(&field("Nonsense")));
    assert_eq!(
        hidden.unwrap_err().to_string().replace("Notes", "x"),
        absent.unwrap_err().to_string().replace("Nonsense", "x")
    );
}

/// R12, R9, R6: a cell says what it comes to and why.
#[test]
fn a_cell_says_what_it_comes_to_r12() {
    let house = House::full();
    let cell = |role: &str, cell: Cell| {
        let why = house.session("rae").why(&Question::Cell { role: role.to_owned(), cell }).unwrap();
        (why.answers[0].headline.clone(), deciding(&why.answers[0]).to_owned())
    };
    let scope = |verb| Cell::Scope("contacts".to_owned(), verb);
    house
        .apply("[[roles]]\nname = \"Rep\"\nmanager = \"Lead\"\nscopes.contacts = { view = \"own\", edit = \"all\", delete = \"own\" }\n")
        .unwrap();
    let (headline, why) = cell("Rep", scope(Verb::Edit));
    assert!(headline.ends_with("it comes to: All ∩ Owned by me."), "{headline}");
    assert!(why.contains("never reaches further than view"), "{why}");
    let (headline, why) = cell("User", Cell::Feature("users.edit".to_owned()));
    assert!(headline.ends_with("No."), "{headline}");
    assert!(why.contains("can never hold"), "{why}");
    let (_, why) = cell("Focused User", scope(Verb::View));
    assert!(why.contains("Focused User reaches what they own or are assigned to"), "{why}");
}

#[test]
fn a_list_and_a_person_are_explained_r16_r22() {
    let house = House::full();
    let list = Question::Records { object: "contacts".to_owned(), action: RecordAction::View };
    let why = house.session("lea").why(&list).unwrap();
    assert!(deciding(&why.answers[0]).contains("“Owned by me and my subordinates”"));
    let adam = house.session("adam");
    let person = |who: &str| adam.why(&Question::Person { email: email(who) }).unwrap().answers[0].clone();
    assert!(person("rae").allowed);
    assert!(!person("olga").allowed);
    assert!(deciding(&person("adam")).contains("nobody changes their own"));
    house.operator().set_status(&email("adam"), Status::Revoked).unwrap();
    assert!(
        adam.why(&Question::Person { email: email("rae") }).is_err_and(|error| !error.to_string().is_empty())
            || !adam.is_live()
    );
}

/// R31: a role is explained as it is judged: nobody changes what they may themselves, and an edit of
/// another role by what it adds. Nothing is said of a comparison that nobody makes.
#[test]
fn a_role_is_explained_as_its_edits_are_judged_r31() {
    let house = House::full();
    house
        .apply(
            "[[roles]]\nname = \"Clerk\"\nmanager = \"Account Owner\"\ntype = \"administrator\"\n\
             scopes.contacts = { view = \"own\", edit = \"own\" }\n[roles.features]\n\"roles.manage\" = \"yes\"\n\
             [[users]]\nemail = \"dee@team.example\"\nrole = \"Clerk\"\n",
        )
        .unwrap();
    let dee = house.session("dee");
    let role = |who: &str, name: &str| {
        let why = house.session(who).why(&Question::Role { name: name.to_owned() }).unwrap();
        assert_eq!(why.answers.len(), 1);
        why.answers[0].clone()
    };
    let (own, richer) = (role("dee", "Clerk"), role("dee", "Everything"));
    assert!(!own.allowed && own.headline.starts_with("You may not") && own.turns.is_empty(), "{own:?}");
    assert!(deciding(&own).contains("nobody changes what they may themselves"), "{own:?}");
    assert!(richer.allowed, "{richer:?}");
    assert!(deciding(&richer).contains("you can give only what you hold yourself"), "{richer:?}");
    assert!(!format!("{own:?}{richer:?}").contains("rights contain"));
    // And so it is: what Dee doesn't hold she can't give, what is there she can take away.
    let set = |role: &str, key: &str, value: FeatureValue| {
        let cells = vec![(Cell::Feature(key.to_owned()), CellValue::Feature(value))];
        dee.save(&Draft::Roles([(role.to_owned(), RoleChange { cells, ..RoleChange::default() })].into()))
    };
    set("Rep", "tasks.cancel", FeatureValue::Yes).unwrap_err();
    set("Rep", "tasks.set", FeatureValue::No).unwrap();
    let refused = set("Clerk", "roles.manage", FeatureValue::No).unwrap_err().to_string();
    assert!(refused.contains("nobody changes their own role"), "{refused}");
    // Who can't manage roles can't be given a way to change their own.
    let rae = role("rae", "Rep");
    assert!(!rae.allowed && rae.turns.is_empty(), "{rae:?}");
    assert!(deciding(&role("olga", "Account Owner")).contains("is locked"));
}
