//! Undo of what was given away: what goes out of one's hands is said to.

use super::*;

/// R13, R14: giving away one's private contact says beforehand that it is for good, and undo says why
/// it stays, with the way out; those that come back are offered, those that don't are counted.
#[test]
fn giving_away_ones_private_contacts_is_said_to_be_for_good_r13_r14() {
    let house = House::full();
    allow(&house, "Everything", "\"contacts.private\" = \"yes\"\n\"contacts.bulk_owner\" = \"yes\"\n");
    let eve = house.session("eve");
    let sealed = RecordDraft { private: Some(true), ..draft(&[]) };
    eve.update_record("contacts", house.id("eve"), &sealed).unwrap();
    let draft = Draft::Owner {
        object: "contacts".to_owned(),
        records: ["eve", "rae", "rob"].iter().map(|who| house.id(who)).collect(),
        to: email("dan"),
    };
    let says = "1 of these is private: once given away you can't see it or take this back.";
    assert_eq!(eve.preview(&draft).unwrap().parting.words(), [says]);
    let saved = eve.save(&draft).unwrap();
    assert_eq!(saved.takes_back, TakesBack::Part);
    let undoing = eve.undoing(&GOING).unwrap().unwrap();
    let stays = undoing.stays.clone().unwrap();
    assert!(stays.starts_with("1 of 3 contacts stays as it is"), "{stays}");
    assert!(stays.contains("whoever owns it now can give it back"), "{stays}");
    eve.undo(&undoing, &GOING).unwrap();
    let owner = |who: &str| house.operator().record("contacts", &format!("ext:{who}")).unwrap().row.owner;
    assert_eq!([owner("eve"), owner("rae"), owner("rob")], [email("dan"), email("rae"), email("rob")]);
    // Alone, by the record's own form as well.
    house
        .operator()
        .save(&Draft::Owner { object: "contacts".to_owned(), records: vec![house.id("eve")], to: email("eve") })
        .unwrap();
    let form = RecordDraft { owner: Some(email("dan")), ..RecordDraft::default() };
    let draft = Draft::Record { object: "contacts".to_owned(), id: house.id("eve"), draft: form };
    let says = "It is private: once given away you can't see it or take this back.";
    assert_eq!(eve.preview(&draft).unwrap().parting.words(), [says]);
    assert_eq!(eve.save(&draft).unwrap().takes_back, TakesBack::Nothing);
    let why = eve.undoing(&GOING).unwrap_err().to_string();
    let first = why.lines().next().unwrap_or_default();
    assert!(first.ends_with("whoever owns it now can give it back"), "{why}");
}

/// R13: so is giving away what one can't change afterwards.
#[test]
fn giving_away_what_one_reaches_only_as_its_owner_is_said_to_be_for_good_r13() {
    let house = House::full();
    let rae = house.session("rae");
    let draft = Draft::Owner { object: "contacts".to_owned(), records: vec![house.id("rae")], to: email("rob") };
    let says = "Afterwards you can't change it any more, and so can't take this back.";
    assert_eq!(rae.preview(&draft).unwrap().parting.words(), [says]);
    assert_eq!(rae.save(&draft).unwrap().takes_back, TakesBack::Nothing);
    // Whoever reaches both is told nothing of the kind.
    let draft = Draft::Owner { object: "contacts".to_owned(), records: vec![house.id("rae")], to: email("rae") };
    assert!(house.session("lea").preview(&draft).unwrap().parting.words().is_empty());
    assert_eq!(house.session("lea").save(&draft).unwrap().takes_back, TakesBack::Whole);
}

/// R14: what is made public as it is given away stays in sight of whoever sees all, and isn't said to
/// leave it.
#[test]
fn what_is_made_public_as_it_is_given_away_is_not_said_to_go_out_of_sight_r14() {
    let house = House::full();
    allow(&house, "Everything", "\"contacts.private\" = \"yes\"\n");
    let scopes = "scopes.contacts = { view = \"all\", edit = \"own\", delete = \"own\" }\n";
    house.apply(&format!("[[roles]]\nname = \"Everything\"\nmanager = \"Account Owner\"\n{scopes}")).unwrap();
    let eve = house.session("eve");
    let sealed = RecordDraft { private: Some(true), ..draft(&[]) };
    eve.update_record("contacts", house.id("eve"), &sealed).unwrap();
    let given = RecordDraft { private: Some(false), owner: Some(email("dan")), ..RecordDraft::default() };
    let draft = Draft::Record { object: "contacts".to_owned(), id: house.id("eve"), draft: given };
    let says = "Afterwards you can't change it any more, and so can't take this back.";
    assert_eq!(eve.preview(&draft).unwrap().parting.words(), [says]);
    eve.save(&draft).unwrap();
    assert!(house.may("eve", "contacts.view", Some("eve")));
}
