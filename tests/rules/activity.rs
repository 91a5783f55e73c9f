//! Activity: what happened, as far as each may know it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rolecall::model::{Exception, Moment, Status};
use rolecall::service::activity::{ActivityEntry, ActivityQuery, Kind};
use rolecall::service::bulk::{Act, Which};
use rolecall::service::delete_user::Heirs;
use rolecall::service::draft::Draft;
use rolecall::service::edit_fields::{FieldEdit, FieldsChange};
use rolecall::service::import::ImportOptions;
use rolecall::service::people::UserChange;
use rolecall::service::{ChangeLine, RecordDraft, ServiceError, Session};

use crate::house::{GOING, House, NOW, draft, email, query};
use crate::watched::Watched;

fn ask(session: &Session, query: ActivityQuery) -> Vec<ActivityEntry> {
    session.activity(&query, &AtomicBool::new(false)).unwrap().entries
}

fn all() -> ActivityQuery {
    ActivityQuery { limit: 1_000, ..ActivityQuery::default() }
}

/// Whoever may read the audit history sees everybody's doings; everybody else their own, without
/// dense numbers (R32).
#[test]
fn everybody_sees_their_own_doings_and_auditors_everybodys_r32() {
    let house = House::full();
    house.edit("rae", "rae").unwrap();
    house.edit("rob", "rob").unwrap();
    let (rae, olga) = (ask(&house.session("rae"), all()), ask(&house.session("olga"), all()));
    assert_eq!(rae.len(), 1);
    assert!(rae.iter().all(|entry| entry.email == email("rae")));
    assert!(olga.len() > 10);
    assert!(olga.windows(2).all(|two| two[0].at >= two[1].at), "newest first");
    let of = |who: &str| ActivityQuery { person: Some(email(who)), ..all() };
    assert_eq!(ask(&house.session("olga"), of("rob")).len(), 1);
    let denied = house.session("rae").activity(&of("rob"), &AtomicBool::new(false));
    assert!(matches!(denied, Err(ServiceError::Denied(_))));
}

/// 003-19, 002-34: a person's activity is there for whoever manages user details, limited to what
/// those may see themselves.
#[test]
fn a_persons_activity_needs_users_edit_003_19_002_34() {
    let house = House::full();
    house
        .apply("[[roles]]\nname = \"Clerk\"\nmanager = \"Account Owner\"\ntype = \"administrator\"\nscopes.contacts = { view = \"own\", edit = \"own\" }\n[roles.features]\n\"users.edit\" = \"yes\"\n[[users]]\nemail = \"dee@team.example\"\nrole = \"Clerk\"\n")
        .unwrap();
    house.edit("rae", "rae").unwrap();
    let change = UserChange { name: Some("Rae R.".to_owned()), ..UserChange::default() };
    house.session("adam").save(&Draft::User { email: email("rae"), change }).unwrap();
    let seen = |who: &str, of: &str| house.session(who).activity_of(&email(of), 10, &AtomicBool::new(false));
    assert_eq!(seen("olga", "rae").unwrap().len(), 1);
    assert_eq!(seen("rae", "rae").unwrap().len(), 1);
    assert!(seen("dee", "rae").unwrap().is_empty(), "Dee doesn't see Rae's contact");
    assert_eq!(seen("dee", "adam").unwrap().len(), 1);
    assert!(seen("lea", "rae").is_err());
}

/// By kind, by time, by text, and page by page.
#[test]
fn activity_is_narrowed_by_kind_time_and_text_and_paged() {
    let house = House::full();
    let olga = house.session("olga");
    house.clock.advance(86_400_000);
    olga.set_status(&email("rita"), Status::Revoked).unwrap();
    olga.update_record("contacts", house.id("rae"), &draft(&[("Last Name", "Findling")])).unwrap();
    let kinds = |kind| ActivityQuery { kinds: BTreeSet::from([kind]), since: Some(Moment(NOW.0 + 1)), ..all() };
    assert_eq!(ask(&olga, kinds(Kind::People)).len(), 1);
    assert_eq!(ask(&olga, kinds(Kind::Records)).len(), 1);
    assert_eq!(ask(&olga, kinds(Kind::Roles)).len(), 0);
    let text = |text: &str| ActivityQuery { text: text.to_owned(), ..all() };
    assert_eq!(ask(&olga, text("FINDLING")).len(), 1);
    assert_eq!(ask(&olga, ActivityQuery { until: Some(Moment(NOW.0 + 1)), ..text("findling") }).len(), 0);
    let whole = ask(&olga, all());
    let (mut paged, mut before) = (Vec::new(), None);
    loop {
        let query = ActivityQuery { limit: 4, before, ..all() };
        let page = olga.activity(&query, &AtomicBool::new(false)).unwrap();
        paged.extend(page.entries);
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(paged, whole);
}

/// R14, R32: what a reader may not see of what happened is in nothing that they see, long change sets
/// included.
#[test]
fn what_may_not_be_seen_is_in_no_entry_r14_r32() {
    let house = House::full();
    let exception = Some(Exception { visible: true, until: None });
    house
        .operator()
        .save(&Draft::Exception { email: email("rae"), key: "contacts.private".to_owned(), exception })
        .unwrap();
    let before = ask(&house.session("olga"), all());
    let sealed = RecordDraft { private: Some(true), ..draft(&[("Last Name", "Hush")]) };
    let id = house.session("rae").create_record("contacts", &sealed).unwrap().0;
    house.session("rae").update_record("contacts", id, &draft(&[("Last Name", "Whisper")])).unwrap();
    assert_eq!(ask(&house.session("olga"), all()), before);
    assert_eq!(ask(&house.session("rae"), all()).len(), 2);
    let found = ask(&house.session("olga"), ActivityQuery { text: "hush".to_owned(), ..all() });
    assert!(found.is_empty());
}

/// R30: a deleted user's name stays in the history.
#[test]
fn the_name_of_somebody_deleted_stays_in_the_history_r30() {
    let house = House::full();
    house.apply("[[users]]\nemail = \"zed@team.example\"\nname = \"Zed Zero\"\nrole = \"Everything\"\n").unwrap();
    let zed = house.session("zed");
    zed.update_record("contacts", house.id("rae"), &draft(&[("Last Name", "By Zed")])).unwrap();
    house.operator().set_status(&email("zed"), Status::Revoked).unwrap();
    let heirs = Heirs { records: email("eve"), ..Heirs::default() };
    house.operator().save(&Draft::DeleteUser { email: email("zed"), heirs }).unwrap();
    let found = ask(&house.session("olga"), ActivityQuery { text: "by zed".to_owned(), ..all() });
    assert_eq!((found[0].actor.as_str(), found[0].email.as_str()), ("Zed Zero", ""));
    // And of whoever goes later.
    house.apply("[[users]]\nemail = \"yan@team.example\"\nname = \"Yan Young\"\nrole = \"Everything\"\n").unwrap();
    let yan = house.session("yan");
    yan.update_record("contacts", house.id("rae"), &draft(&[("Last Name", "By Yan")])).unwrap();
    house.operator().set_status(&email("yan"), Status::Revoked).unwrap();
    let heirs = Heirs { records: email("eve"), ..Heirs::default() };
    house.operator().save(&Draft::DeleteUser { email: email("yan"), heirs }).unwrap();
    let found = ask(&house.session("olga"), ActivityQuery { text: "by yan".to_owned(), ..all() });
    assert_eq!(found[0].actor, "Yan Young");
    let found = ask(&house.session("olga"), ActivityQuery { text: "by zed".to_owned(), ..all() });
    assert_eq!(found.last().unwrap().actor, "Zed Zero");
}

/// R32: to whoever reads one person's doings alone, their own or another's, a record that is gone answers
/// as one that is out of view; that one did something oneself one knows.
#[test]
fn what_is_gone_and_what_is_unseen_are_told_alike_r32() {
    let clerk = "[[roles]]\nname = \"Clerk\"\nmanager = \"Account Owner\"\ntype = \"administrator\"\n\
                 scopes.contacts = { view = \"subordinates\", edit = \"own\" }\n[roles.features]\n\"users.edit\" = \"yes\"\n\
                 [[users]]\nemail = \"lea@team.example\"\nrole = \"Clerk\"\n";
    let mut answers = Vec::new();
    for gone in [false, true] {
        let house = House::full();
        house.apply(clerk).unwrap();
        house.edit("rae", "rae").unwrap();
        let rae = house.session("rae");
        let id = house.id("rae");
        match gone {
            true => house.operator().delete_record("contacts", id).unwrap(),
            false => {
                let given = RecordDraft { owner: Some(email("dan")), ..RecordDraft::default() };
                house.operator().update_record("contacts", id, &given).unwrap();
            }
        }
        let of = ActivityQuery { person: Some(email("rae")), ..all() };
        let told = |entries: Vec<ActivityEntry>| -> Vec<_> {
            entries.into_iter().map(|entry| (entry.reason, entry.kinds, entry.lines)).collect()
        };
        answers.push((told(ask(&rae, all())), told(ask(&house.session("lea"), of))));
    }
    assert_eq!(answers[0], answers[1]);
    let (own, of_another) = &answers[0];
    assert_eq!((own.len(), own[0].0.as_str(), own[0].2.len()), (1, "change in contacts", 0));
    assert!(of_another.is_empty());
    // What one deleted oneself is told.
    let house = House::full();
    let rae = house.session("rae");
    rae.delete_record("contacts", house.id("rae")).unwrap();
    assert!(!ask(&rae, all())[0].lines.is_empty());
}

/// R14, R32: a record that was sealed took its past along, and doesn't give it back by being deleted; of
/// one that wasn't, the past stays, on every page. What comes back and goes again counts as it last went.
#[test]
fn a_sealed_record_does_not_give_its_past_back_by_going_r14_r32() {
    let house = House::full();
    house
        .apply("[[roles]]\nname = \"Rep\"\nmanager = \"Lead\"\n[roles.features]\n\"contacts.private\" = \"yes\"\n")
        .unwrap();
    let (olga, rae) = (house.session("olga"), house.session("rae"));
    house.edit("rae", "rae").unwrap();
    house.edit("rob", "rob").unwrap();
    let seal = |private: bool| {
        let sealed = RecordDraft { private: Some(private), ..draft(&[]) };
        rae.update_record("contacts", house.id("rae"), &sealed).unwrap();
    };
    let text = |text: &str| ask(&olga, ActivityQuery { text: text.to_owned(), ..all() }).len();
    let open = text("Contact of rae");
    assert!(open > 1);
    // Deleted while open, brought back, sealed, deleted.
    rae.delete_record("contacts", house.id("rae")).unwrap();
    assert_eq!(text("Contact of rae"), open + 1);
    let undoing = rae.undoing(&AtomicBool::new(false)).unwrap().unwrap();
    rae.undo(&undoing, &AtomicBool::new(false)).unwrap();
    let id = house.id("rae");
    seal(true);
    let sealed = ask(&olga, all());
    assert_eq!(text("Contact of rae"), 0);
    rae.delete_record("contacts", id).unwrap();
    assert_eq!(ask(&olga, all()), sealed);
    // The past of an open one stays, read page by page.
    let rob = text("Contact of rob");
    house.delete("rob", "rob").unwrap();
    assert_eq!(text("Contact of rob"), rob + 1);
    let (mut paged, mut before) = (Vec::new(), None);
    loop {
        let query = ActivityQuery { limit: 1, before, ..all() };
        let page = house.session("olga").activity(&query, &AtomicBool::new(false)).unwrap();
        paged.extend(page.entries);
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(paged, ask(&olga, all()));
}

/// R32: what one deleted oneself is told alike whether it is gone, or came back and went out of view.
#[test]
fn ones_own_deletion_is_told_alike_gone_or_unseen_r32() {
    let house = House::full();
    let rae = house.session("rae");
    let going = AtomicBool::new(false);
    rae.delete_record("contacts", house.id("rae")).unwrap();
    let undoing = rae.undoing(&going).unwrap().unwrap();
    rae.undo(&undoing, &going).unwrap();
    let given = RecordDraft { owner: Some(email("dan")), ..RecordDraft::default() };
    house.operator().update_record("contacts", house.id("rae"), &given).unwrap();
    let unseen = ask(&rae, all());
    assert_eq!(unseen.len(), 2);
    house.operator().delete_record("contacts", house.id("rae")).unwrap();
    assert_eq!(ask(&rae, all()), unseen);
}

/// R32: an import that takes its time is dated when it happened. Begun before midnight and done after,
/// it doesn't end a look back to midnight, neither for whoever may see it nor for anybody else.
#[test]
fn an_import_from_before_midnight_hides_nobodys_doings_after_it_r32() {
    let house = House::full();
    let hour = 3_600_000;
    let midnight = Moment(NOW.0 + hour);
    let rows: String = (0..600).map(|number| format!("Ann {number}\n")).collect();
    let csv = format!("First Name\n{rows}");
    let options = ImportOptions { file: "late.csv".to_owned(), ..ImportOptions::default() };
    let mut once = true;
    let mut meanwhile = |_| {
        if std::mem::take(&mut once) {
            house.clock.advance(2 * hour);
            house.edit("rae", "rae").unwrap();
            house.clock.advance(hour);
        }
    };
    house.session("eve").import("contacts", csv.as_bytes(), &options, &mut meanwhile, &AtomicBool::new(false)).unwrap();
    let today = || ActivityQuery { since: Some(midnight), ..all() };
    let times =
        |who: &str| ask(&house.session(who), today()).iter().map(|entry| entry.at.0 - NOW.0).collect::<Vec<_>>();
    assert_eq!(times("rae"), [2 * hour]);
    assert_eq!(times("eve"), [3 * hour]);
    assert_eq!(times("olga"), [3 * hour, 2 * hour]);
}

/// A role that was deleted is told by the name that it had, however many people left it with the same
/// entry; and whoever finds an entry by one of its later changes sees that one in it.
#[test]
fn a_deleted_role_keeps_its_name_in_what_its_many_members_are_told_of() {
    let house = House::full();
    let olga = house.session("olga");
    let person =
        |number: u32| format!("[[users]]\nemail = \"p{number}@team.example\"\nname = \"P\"\nrole = \"Crowd\"\n");
    let people: String = (0..120).map(person).collect();
    house.apply(&format!("[[roles]]\nname = \"Crowd\"\nmanager = \"Account Owner\"\n{people}")).unwrap();
    olga.delete_role("Crowd", Some("Rep")).unwrap();
    for brief in [true, false] {
        let last = ask(&olga, ActivityQuery { brief, limit: 1, ..all() }).remove(0);
        let left: Vec<_> = last.lines.iter().filter(|line| line.part == "role").collect();
        assert!(left.len() >= 8 && left.iter().all(|line| line.before == "Crowd"), "{left:?}");
    }
    let came = ask(&olga, ActivityQuery { text: "p119@team".to_owned(), brief: true, ..all() });
    assert_eq!(came.len(), 2, "added, and moved");
    for entry in came {
        let whole = olga.activity_entry(None, entry.mark, &AtomicBool::new(false)).unwrap().unwrap();
        assert!(whole.lines.iter().any(|line| format!("{line:?}").contains("p119@team")));
        assert!(whole.lines.iter().all(|line| line.part != "role" || line.before != "nothing"));
    }
}

/// Imports so many contacts as somebody, and says how many bytes the history has of each at least.
fn import_many(session: &Session, many: u64) -> u64 {
    let name = "Ann".repeat(100);
    let rows: String = (0..many).map(|number| format!("{name} {number}\n")).collect();
    let csv = format!("First Name\n{rows}");
    let (options, going) = (ImportOptions::default(), AtomicBool::new(false));
    assert_eq!(session.import("contacts", csv.as_bytes(), &options, &mut |_| {}, &going).unwrap().created, many);
    name.len() as u64
}

/// Of a deletion of thousands of records as much is read as a list shows, once it is known as what they
/// went; and whoever stops waiting for it is heard in its midst, on Home too.
#[test]
fn a_deletion_of_thousands_is_read_as_far_as_it_is_shown() {
    const MANY: u64 = 30_000;
    let disk = Watched::default();
    let house = House::full_on(Arc::new(disk.clone()));
    let (olga, eve) = (house.session("olga"), house.session("eve"));
    let whole = MANY * import_many(&eve, MANY);
    let all_contacts = Which::All { query: Box::new(query()), except: Vec::new(), at_most: None };
    let deleted = eve.act_on_records("contacts", &all_contacts, &Act::Delete, &mut |_, _| {}, &GOING).unwrap();
    assert!(deleted.changed >= MANY);
    let list = || ActivityQuery { limit: 2, brief: true, ..ActivityQuery::default() };
    // Called off while it is looked up.
    let called_off = disk.called_off_after(whole / 4);
    let (read, ended) = disk.read_by(|| olga.activity(&list(), called_off));
    assert!(matches!(ended, Err(ServiceError::Cancelled)) && read < whole / 2, "{read} of {whole}: {ended:?}");
    let called_off = disk.called_off_after(whole / 4);
    let (read, ended) = disk.read_by(|| olga.home_while(called_off));
    assert!(matches!(ended, Err(ServiceError::Cancelled)) && read < whole / 2, "{read} of {whole}: {ended:?}");
    let (read, first) = disk.read_by(|| ask(&olga, list()));
    assert!(read > whole, "it is looked up: {read} of {whole}");
    let (read, again) = disk.read_by(|| ask(&olga, list()));
    assert!(read < whole, "the headers, and the first and last part of two sets: {read} of {whole}");
    assert_eq!(again, first);
    let told: Vec<_> = again.iter().map(|entry| (entry.more, entry.lines.is_empty())).collect();
    assert_eq!(told, [(true, false); 2], "the deletion and the import, each by its first records");
}

/// 003-19: another name for a section is one change, whatever fields it holds; undo takes it back, and
/// that is one, too.
#[test]
fn another_name_for_a_section_is_one_change_003_19() {
    let house = House::full();
    let olga = house.session("olga");
    let edit = FieldEdit::RenameSection { section: "Lead Information".to_owned(), name: "Leads".to_owned() };
    olga.change_fields(&FieldsChange { object: "contacts".to_owned(), edit }).unwrap();
    let told = || ask(&olga, ActivityQuery { limit: 1, ..all() }).remove(0).lines;
    let sentences = |lines: Vec<ChangeLine>| lines.iter().map(ChangeLine::sentence).collect::<Vec<_>>();
    assert_eq!(sentences(told()), ["the fields of Contacts, section: “Lead Information” → “Leads”"]);
    let undoing = olga.undoing(&GOING).unwrap().unwrap();
    assert_eq!(undoing.sentences.len(), 1, "{:?}", undoing.sentences);
    olga.undo(&undoing, &GOING).unwrap();
    assert_eq!(sentences(told()), ["the fields of Contacts, section: “Leads” → “Lead Information”"]);
    let name = Some("Class".to_owned());
    let section = Some("Notes".to_owned());
    let edit = FieldEdit::ChangeField { field: "Membership".to_owned(), name, section, options: None };
    olga.change_fields(&FieldsChange { object: "contacts".to_owned(), edit }).unwrap();
    let words =
        "“Membership (dropdown, Memberships): None, Basic, Plus” → “Class (dropdown, Notes): None, Basic, Plus”";
    assert_eq!(sentences(told()), [format!("the fields of Contacts, field: {words}")]);
}
