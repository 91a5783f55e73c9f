//! Yes, No, On request, and exceptions.

use rolecall::model::FeatureValue;
use rolecall::service::Session;

use crate::house::{House, TEAM, email, query};

fn role(features: &str) -> String {
    format!("[[roles]]\nname = \"Rep\"\nmanager = \"Lead\"\n[roles.features]\n{features}\n")
}

fn exception(who: &str, features: &str) -> String {
    format!("[[users]]\nemail = \"{}\"\nrole = \"Rep\"\nexceptions = {{ {features} }}\n", email(who))
}

/// The labels that Home names: what is there to use, and what can be asked for.
fn home(session: &Session) -> (Vec<String>, Vec<String>) {
    let home = session.home().unwrap();
    let held = home.areas.iter().flat_map(|area| area.features.iter().map(|held| held.label.clone())).collect();
    (held, home.areas.iter().flat_map(|area| area.on_request.iter().map(|asked| asked.label.clone())).collect())
}

/// SPEC 000-05: areas, by role.
#[test]
fn a_role_says_which_areas_there_are() {
    let house = House::full();
    let areas =
        |who: &str| -> Vec<String> { house.session(who).objects().into_iter().map(|object| object.key).collect() };
    assert_eq!(areas("lea"), ["contacts", "companies"]);
    assert_eq!(areas("rae"), ["contacts"]);
    assert_eq!(areas("olga"), ["contacts", "companies", "deals"]);
    let mut companies = query();
    companies.object = "companies".to_owned();
    assert!(house.session("rae").records(&companies).is_err());
    assert!(!house.may("rae", "companies.view", None) && !house.may("rae", "companies.access", None));
}

/// SPEC 000-20.
#[test]
fn yes_lets_the_holder_use_the_feature() {
    let house = House::full();
    assert_eq!(house.feature("lea", "contacts.export"), FeatureValue::Yes);
    assert!(house.may("lea", "contacts.export", None));
    let mut out = Vec::new();
    assert_eq!(house.session("lea").export_csv(&query(), &mut out).unwrap(), 3);
    assert!(String::from_utf8(out).unwrap().contains("Contact of rae"));
}

/// SPEC 000-21, R11: absent, and refused where it is tried anyway.
#[test]
fn no_is_absent_and_refused() {
    let house = House::full();
    let rae = house.session("rae");
    assert_eq!(house.feature("rae", "contacts.export"), FeatureValue::No);
    assert!(rae.objects().iter().all(|object| object.export.value != FeatureValue::Yes));
    assert!(home(&rae).0.iter().all(|label| !label.contains("Export")));
    let mut out = Vec::new();
    assert!(rae.export_csv(&query(), &mut out).is_err());
    assert!(out.is_empty(), "nothing leaves before the refusal");
    assert!(!house.may("rae", "contacts.export", None) && !house.may("rae", "tasks.cancel", None));
}

/// SPEC 000-20, 000-21, R11: what can be asked for is named as such and can't be used.
#[test]
fn on_request_is_shown_as_such_and_not_held() {
    let house = House::full();
    let (held, on_request) = home(&house.session("rae"));
    assert!(on_request.contains(&"Download vCard".to_owned()) && !held.contains(&"Download vCard".to_owned()));
    assert!(!house.may("rae", "contacts.vcard", None));
}

/// SPEC 000-32: one person alone, either way.
#[test]
fn an_exception_grants_or_removes_for_one_person() {
    let house = House::full();
    house.apply(&exception("rae", r#""purchases.refund" = "visible", "tasks.set" = "not visible""#)).unwrap();
    assert!(house.may("rae", "purchases.refund", None) && !house.may("rob", "purchases.refund", None));
    assert!(!house.may("rae", "tasks.set", None) && house.may("rob", "tasks.set", None));
    assert_eq!(house.session("rae").me().role, "Rep", "the role stays");
}

/// SPEC 000-33: taken away again, the role's value is back.
#[test]
fn without_its_exception_a_person_has_the_roles_value() {
    let house = House::full();
    house.apply(&exception("rae", r#""contacts.export" = "visible", "tasks.set" = "not visible""#)).unwrap();
    assert!(house.may("rae", "contacts.export", None) && !house.may("rae", "tasks.set", None));
    house.apply_whole(&TEAM.replace("name = \"Rae\"", "name = \"Rae\"\nexceptions = {}")).unwrap();
    assert!(!house.may("rae", "contacts.export", None) && house.may("rae", "tasks.set", None));
}

/// SPEC 000-33, R10: with its end the role's value is back.
#[test]
fn an_exception_that_ends_gives_way_to_the_role() {
    let house = House::full();
    let until = r#""contacts.export" = { value = "visible", until = "2026-11-05" }"#;
    house.apply(&exception("rae", until)).unwrap();
    let rae = house.session("rae");
    assert_eq!(rae.feature("contacts.export"), FeatureValue::Yes);
    // The typed day counts to its end.
    house.clock.advance(3 * 24 * 3_600_000);
    assert_eq!(house.session("rae").feature("contacts.export"), FeatureValue::Yes);
    house.clock.advance(24 * 3_600_000);
    // A change makes the store look at the clock; a console does so by itself.
    house.contact("later", "rae", &[]);
    assert_eq!(house.session("rae").feature("contacts.export"), FeatureValue::No);
    assert_eq!(rae.feature("contacts.export"), FeatureValue::No);
    let mut out = Vec::new();
    assert!(rae.export_csv(&query(), &mut out).is_err());
}

/// SPEC 000-32, R10: refused on the locked roles and against a type's ceiling, with the reason.
#[test]
fn an_exception_that_could_not_hold_is_refused() {
    let house = House::full();
    let ceiling = house.apply(&exception("rae", r#""account.billing" = "visible""#)).unwrap_err();
    assert!(ceiling.contains("account.billing") || ceiling.contains("Billing"), "{ceiling}");
    let locked = format!(
        "[[users]]\nemail = \"{}\"\nrole = \"Administrator\"\nexceptions = {{ \"contacts.export\" = \"not visible\" }}",
        email("adam")
    );
    assert!(house.apply(&locked).is_err());
}

/// SPEC R8, R11: without the area nothing in it is left.
#[test]
fn without_its_area_a_feature_is_no() {
    let house = House::full();
    house.apply(&role("\"purchases.refund\" = \"yes\"")).unwrap();
    assert!(house.may("rob", "purchases.refund", None));
    house.apply(&role("\"purchases.access\" = \"no\"")).unwrap();
    assert!(!house.may("rob", "purchases.refund", None));
    assert_eq!(house.feature("rob", "purchases.refund"), FeatureValue::No);
}

/// SPEC 002-31: importing contacts is always there for whoever may create some.
#[test]
fn whoever_may_create_contacts_may_import_them() {
    let house = House::full();
    for (who, expected) in [("rae", true), ("uma", true), ("fay", true), ("dan", true), ("rex", false)] {
        assert_eq!(house.may(who, "contacts.import", None), expected, "{who}");
    }
    let set = house.apply(&role("\"contacts.import\" = \"no\""));
    assert!(set.is_err(), "it can't be set (R13)");
}
