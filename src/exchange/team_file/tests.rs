use super::*;
use crate::model::shipped::new_team;
use crate::model::{Change, FeatureValue, RoleType, Scope, Scopes, SectionAccess, Status};

pub const NOW: Moment = Moment(1_800_000_000_000);

/// A fresh account with an owner.
pub fn fresh() -> Team {
    let changes = new_team("Paws Clinic", "Olga Owner", "owner@paws.example", NOW).unwrap();
    let account = changes.iter().find_map(|change| match change {
        Change::Account(swap) => swap.after.clone(),
        _ => None,
    });
    let mut team = Team::new(account.unwrap()).unwrap();
    for change in changes.iter().filter(|change| !matches!(change, Change::Account(_))) {
        team.apply(change).unwrap();
    }
    team
}

fn format(text: &str) -> Format {
    Format::of_text(text)
}

pub fn planned(team: &Team, text: &str, prune: bool) -> Result<Plan, Vec<String>> {
    let told = |errors: Vec<FileError>| errors.iter().map(ToString::to_string).collect::<Vec<_>>();
    let file = TeamFile::read("team.toml", text, format(text)).map_err(told)?;
    plan(&file, team, NOW, Options { prune }).map_err(told)
}

pub fn applied(team: &Team, text: &str) -> Team {
    let mut after = team.clone();
    for change in planned(team, text, false).unwrap().changes {
        after.apply(&change).unwrap();
    }
    assert_eq!(planned(&after, text, false).unwrap().changes, [], "a second time changes nothing");
    after
}

pub fn refused(text: &str) -> String {
    planned(&applied(&fresh(), CLINIC), text, false).unwrap_err().join("\n")
}

pub const CLINIC: &str = r#"{"account": {"name": "Paws Clinic", "seats": 25, "agent_seats": 3, "time_zone": "europe/berlin"},
 "permissions": [{"key": "portal.login", "label": "Client portal"}],
 "roles": [{"name": "Vet Tech", "manager": "Vet", "type": "user", "description": "", "icon": "🐾",
   "features": {"contacts.export": "no", "tasks.cancel": "no", "deals.pipeline": "request", "portal.login": "yes"},
   "scopes": {"contacts": {"view": "own", "edit": "own", "delete": "own"}},
   "sections": {"contacts": {"System Information": {"view": false, "edit": false}, "Clinic Notes": {"edit": true}}}},
  {"name": "Vet", "manager": "Account Owner", "may_assign": ["Vet Tech"]}],
 "users": [{"email": "Sam@paws.example", "name": "Sam Smith", "role": "Vet Tech", "manager": "kim@paws.example",
   "status": "active", "exceptions": {"contacts.export": "visible", "contacts.vcard": {"value": "not visible", "until": "2027-01-31"}}},
  {"email": "kim@paws.example", "role": "Vet", "talk_access": true, "language": "de"}],
 "fields": {"contacts": [{"section": "Contact Information", "name": "Status", "kind": "dropdown", "options": ["Lead", "Customer"]},
   {"section": "Clinic Notes", "name": "Temper", "kind": "text"}]},
 "groups": [], "routers": [], "forms": [], "relationships": []}
"#;

fn role<'a>(team: &'a Team, name: &str) -> &'a crate::model::Role {
    team.role_named(name).unwrap()
}

fn feature(team: &Team, name: &str, key: &str) -> FeatureValue {
    role(team, name).feature(team.catalog.by_key(key).unwrap().id)
}

#[test]
fn the_example_of_the_contract_becomes_a_team() {
    let team = applied(&fresh(), CLINIC);
    let contacts = team.object_by_key("contacts").unwrap();
    let tech = role(&team, "vet tech");
    assert_eq!(tech.manager, Some(role(&team, "Vet").id), "a role may name one that stands below it");
    assert_eq!(tech.scopes(contacts.id), Scopes { view: Scope::Own, edit: Scope::Own, delete: Scope::Own });
    let system = contacts.section_named("System Information").unwrap();
    assert_eq!(tech.section(system.id), SectionAccess::Hidden);
    assert_eq!(tech.section(contacts.section_named("Notes").unwrap().id), SectionAccess::Edit);
    assert!(contacts.field_named("temper").is_some());
    let sam = team.user_by_email("sam@PAWS.example").unwrap();
    assert_eq!(sam.manager, Some(team.user_by_email("kim@paws.example").unwrap().id));
    assert_eq!(sam.status, Status::Active);
    let vcard = team.catalog.by_key("contacts.vcard").unwrap().id;
    // 31 January ends in Berlin an hour before it ends in UTC.
    assert_eq!(sam.exceptions[&vcard].until.unwrap().to_string(), "2027-01-31T23:00:00Z");
    assert_eq!(team.account.time_zone.as_deref(), Some("Europe/Berlin"));
    let labels: Vec<_> =
        contacts.field_named("Status").unwrap().options.iter().map(|option| option.label.as_str()).collect();
    assert_eq!(labels, ["Lead", "Customer", "Prospect", "Inactive"]);
}

#[test]
fn a_created_role_has_what_its_file_implies_and_no_more() {
    let team = applied(&fresh(), CLINIC);
    for (key, value) in [
        ("contacts.access", FeatureValue::Yes),
        ("contacts.may_delete", FeatureValue::Yes),
        ("contacts.vcard", FeatureValue::No),
        ("deals.access", FeatureValue::Yes),
        ("deals.pipeline", FeatureValue::Request),
        ("tasks.access", FeatureValue::No),
        ("companies.access", FeatureValue::No),
        ("portal.login", FeatureValue::Yes),
    ] {
        assert_eq!(feature(&team, "Vet Tech", key), value, "{key}");
    }
    assert!(role(&team, "Vet").features.is_empty());
    assert_eq!(role(&team, "Vet").role_type, RoleType::User);
    let deals = team.object_by_key("deals").unwrap().id;
    assert_eq!(role(&team, "Vet Tech").scopes(deals), Scopes::UNLISTED);
    let explicit = r#"{"roles": [{"name": "R", "manager": "Vet", "features": {"deals.access": "no", "deals.may_delete": "no"},
        "scopes": {"deals": {"delete": "all"}}}]}"#;
    let team = applied(&team, explicit);
    assert_eq!(feature(&team, "R", "deals.access"), FeatureValue::No);
    assert_eq!(feature(&team, "R", "deals.may_delete"), FeatureValue::No);
}

#[test]
fn unlisted_cells_of_a_role_that_exists_stay_as_they_are() {
    let team = applied(&fresh(), CLINIC);
    let text = "[[roles]]\nname = \"VET TECH\"\nmanager = \"Vet\"\n[roles.features]\ntasks.set = \"yes\"\n\
        [roles.scopes.contacts]\ndelete = \"Owned by me and my roles\"\n";
    let after = applied(&team, text);
    assert_eq!(role(&after, "Vet Tech").name, "Vet Tech");
    assert_eq!(feature(&after, "Vet Tech", "deals.pipeline"), FeatureValue::Request);
    assert_eq!(feature(&after, "Vet Tech", "tasks.set"), FeatureValue::Yes);
    assert_eq!(feature(&after, "Vet Tech", "tasks.access"), FeatureValue::No, "only new roles are given an access");
    let contacts = after.object_by_key("contacts").unwrap();
    assert_eq!(
        role(&after, "Vet Tech").scopes(contacts.id),
        Scopes { view: Scope::Own, edit: Scope::Own, delete: Scope::Roles }
    );
}

#[test]
fn every_error_names_its_place_and_all_are_told_at_once() {
    let text = r#"colour = "red"

[[roles]]
name = "Administrator"
manager = "Account Owner"

[[roles]]
name = "Nurse"
manager = "Nobody"
type = "boss"
[roles.features]
"contacts.export" = "maybe"
"contacts.fly" = "yes"
"tasks.cancel" = "request"
[roles.scopes.contacts]
view = "none"
edit = "some"
[roles.scopes.horses]
view = "all"
[roles.sections.contacts."System Information"]
view = false
edit = true
[roles.sections.contacts.Stable]
view = true

[[users]]
email = "nurse@paws.example"
role = "Matron"
manager = "ghost@paws.example"
[users.exceptions]
"users.manage" = "visible"
"contacts.export" = "sometimes"

[[users]]
name = "No Address"

[[groups]]
name = "Cats"
"#;
    let told = refused(text);
    for expected in [
        "team.toml:1: colour: is an unknown key",
        "team.toml:4: roles[0].name: the role “Administrator” is locked",
        "team.toml:9: roles[1].manager: there is no role “Nobody”",
        "team.toml:10: roles[1].type: “boss” is no type",
        "team.toml:12: roles[1].features.contacts.export: “maybe” is no value",
        "team.toml:13: roles[1].features.contacts.fly: there is no feature contacts.fly",
        "team.toml:14: roles[1].features.tasks.cancel: tasks.cancel can't be requested",
        "team.toml:16: roles[1].scopes.contacts.view: view can't be none; to hide contacts altogether set contacts.access to no",
        "team.toml:17: roles[1].scopes.contacts.edit: “some” is no scope",
        "team.toml:18: roles[1].scopes.horses: there are no records of this name",
        "team.toml:20: roles[1].sections.contacts.\"System Information\": edit needs view",
        "team.toml:23: roles[1].sections.contacts.Stable: contacts has no section of this name",
        "team.toml:28: users[0].role: there is no role “Matron”",
        "team.toml:29: users[0].manager: there is no user ghost@paws.example",
        "team.toml:34: users[1]: `role` is missing",
        "team.toml:34: users[1]: `email` is missing",
        "team.toml:37: groups: groups are not available yet",
    ] {
        assert!(told.contains(expected), "missing: {expected}\nin:\n{told}");
    }
}

#[test]
fn json_errors_name_their_line_too() {
    let told =
        refused("{\"users\": [\n {\"email\": \"x@paws.example\",\n  \"role\": \"Vet\",\n  \"role\": \"Vet\"}\n]}");
    assert!(told.contains("team.toml:4: the key “role” stands here for the second time"), "{told}");
    let told = refused("{\"users\": [\n {\"email\": \"x@paws.example\", \"role\": \"Vet\", \"shoe\": 44}\n]}");
    assert!(told.contains("team.toml:2: users[0].shoe: is an unknown key"), "{told}");
    for text in ["{\"users\": [],}", "{/* no */}", "{\"a\": 0x10}", "{'a': 1}", "{", "{\"users\": [] \"roles\": []}"] {
        assert!(refused(text).starts_with("team.toml:1: isn't JSON here"), "{text}");
    }
    assert!(refused("[[roles]\n").starts_with("team.toml:1: isn't TOML here"));
}

#[test]
fn who_owns_the_account_is_not_for_a_file_to_say() {
    let told = refused("[[users]]\nemail = \"sam@paws.example\"\nrole = \"Account Owner\"\n");
    assert!(told.contains("ownership never moves"), "{told}");
    let told = refused("[[users]]\nemail = \"owner@paws.example\"\nrole = \"Vet\"\n");
    assert!(told.contains("ownership never moves"), "{told}");
    let told = refused(
        "[[users]]\nemail = \"owner@paws.example\"\nrole = \"Account Owner\"\nstatus = \"revoked\"\n\
         manager = \"kim@paws.example\"\nexceptions = { \"contacts.export\" = \"not visible\" }\n",
    );
    for expected in ["always active", "has no manager", "locked role"] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
}

#[test]
fn exceptions_are_refused_where_they_would_be_void() {
    let told = refused(
        "[[users]]\nemail = \"kim@paws.example\"\nrole = \"Vet\"\n[users.exceptions]\n\"users.manage\" = \"visible\"\n\
         \"contacts.import\" = \"not visible\"\n",
    );
    assert!(told.contains("users[0].exceptions.users.manage: users.manage is beyond the type User"), "{told}");
    assert!(told.contains("contacts.import can't have exceptions"), "{told}");
}

#[test]
fn moving_to_a_locked_role_leaves_manager_and_exceptions_behind() {
    let team = applied(&fresh(), CLINIC);
    let after = applied(&team, "[[users]]\nemail = \"sam@paws.example\"\nrole = \"Administrator\"\n");
    let sam = after.user_by_email("sam@paws.example").unwrap();
    assert!(sam.exceptions.is_empty() && sam.manager.is_none());
}

#[test]
fn circles_of_managers_are_refused_by_name() {
    let told = refused("[[roles]]\nname = \"Vet\"\nmanager = \"Vet Tech\"\n");
    assert!(told.contains("roles[0].manager: the managers go round in a circle: Vet → Vet Tech → Vet"), "{told}");
    let told = refused("[[users]]\nemail = \"kim@paws.example\"\nrole = \"Vet\"\nmanager = \"sam@paws.example\"\n");
    assert!(told.contains("kim@paws.example → sam@paws.example → kim@paws.example"), "{told}");
}

#[test]
fn fields_grow_and_never_shrink() {
    let team = applied(&fresh(), CLINIC);
    let told = refused(
        r#"{"fields": {"contacts": [{"name": "Status", "kind": "text"}, {"name": "Owner", "section": "Notes", "kind": "text"},
        {"name": "Shoe", "kind": "number"}, {"name": "Hat", "section": "Notes"}, {"name": "Cap", "section": "Notes", "kind": "dropdown"}],
        "horses": []}}"#,
    );
    for expected in [
        "is of kind dropdown and stays so",
        "has a meaning of its own",
        "`section` is missing; the new field “Shoe”",
        "`kind` is missing; the new field “Hat”",
        "the dropdown “Cap” needs at least one",
        "fields.horses: there is no object",
    ] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let moved = applied(&team, r#"{"fields": {"contacts": [{"name": "TEMPER", "section": "Memberships"}]}}"#);
    let contacts = moved.object_by_key("contacts").unwrap();
    assert_eq!(contacts.field_named("Temper").unwrap().section, contacts.section_named("Memberships").unwrap().id);
}

#[test]
fn seats_limit_who_is_added() {
    let told = refused(
        r#"{"account": {"seats": 3}, "users": [{"email": "a@paws.example", "role": "Vet"}, {"email": "m@out.example", "role": "Account Manager", "account_manager": true}]}"#,
    );
    assert!(told.contains("the account has 3 seats, and 4 people would use one"), "{told}");
}

#[test]
fn revoking_says_who_goes_and_refuses_to_leave_a_team_without_its_manager() {
    let team = applied(&fresh(), CLINIC);
    let sam = "[[users]]\nemail = \"sam@paws.example\"\nrole = \"Vet Tech\"\nstatus = \"revoked\"\n";
    let plan = planned(&team, sam, false).unwrap();
    assert_eq!(plan.departures.len(), 1);
    let told = plan.departures[0].refused(&["an heir for 3 contacts".to_owned()]).to_string();
    assert!(told.starts_with("team.toml:4: users[0].status: revoking sam@paws.example needs answers"), "{told}");
    let told = refused("[[users]]\nemail = \"kim@paws.example\"\nrole = \"Vet\"\nstatus = \"revoked\"\n");
    assert!(told.contains("another manager for sam@paws.example"), "{told}");
    let new = "[[users]]\nemail = \"new@paws.example\"\nrole = \"Vet Tech\"\nstatus = \"revoked\"\n";
    assert!(planned(&team, new, false).unwrap().departures.is_empty(), "creating someone as revoked is no revocation");
}

#[test]
fn pruning_removes_what_a_given_list_leaves_out() {
    let team = applied(&fresh(), CLINIC);
    assert_eq!(planned(&team, "", true).unwrap().changes, [], "a list that isn't given is left alone");
    let told = planned(&team, "roles = []", true).unwrap_err().join("\n");
    assert!(
        told.contains("removing the role “Vet Tech”") && told.contains("another role for sam@paws.example"),
        "{told}"
    );
    let text = r#"{"roles": [{"name": "Vet", "manager": "Account Owner"}],
        "users": [{"email": "sam@paws.example", "role": "Vet", "manager": "", "exceptions": {}}], "permissions": []}"#;
    let plan = planned(&team, text, true).unwrap();
    let mut after = team.clone();
    for change in &plan.changes {
        after.apply(change).unwrap();
    }
    assert!(after.role_named("Vet Tech").is_none());
    assert!(after.role_named("Sales").is_some(), "shipped roles stay");
    assert!(role(&after, "Vet").may_assign.is_empty());
    assert_eq!(after.user_by_email("kim@paws.example").unwrap().status, Status::Revoked);
    assert!(after.user_by_email("sam@paws.example").unwrap().exceptions.is_empty());
    assert!(after.catalog.by_key("portal.login").is_none());
    assert_eq!(plan.departures.len(), 1);
    assert_eq!(planned(&after, text, true).unwrap().changes, []);
}

/// What decides access, without numbers.
fn essence(team: &Team) -> String {
    export(team, Format::Json)
}

#[test]
fn what_is_exported_applies_without_a_change_and_rebuilds_the_account() {
    let mut team = applied(&fresh(), CLINIC);
    let sales = "[[roles]]\nname = \"Sales\"\nmanager = \"Vet\"\n[roles.features]\n\"contacts.export\" = \"no\"\n\
        \"contacts.vcard\" = \"request\"\n[[users]]\nemail = \"owner@paws.example\"\nrole = \"Account Owner\"\ntalk_access = true\n";
    team = applied(&team, sales);
    for format in [Format::Toml, Format::Json] {
        let text = export(&team, format);
        for prune in [false, true] {
            assert_eq!(planned(&team, &text, prune).unwrap().changes, []);
        }
        let rebuilt = applied(&fresh(), &text);
        assert_eq!(essence(&rebuilt), essence(&team));
    }
}

#[test]
fn odd_texts_survive_the_export() {
    let text = r#"{"account": {"name": "Q \"quotes\" 'n' \\ back = [x] # y"},
        "roles": [{"name": "true", "manager": "Account Owner", "description": "two\nlines \"\"\" '''"}],
        "users": [{"email": "o'neill+x@paws.example", "role": "TRUE"}],
        "fields": {"contacts": [{"section": "A.b \"c\"", "name": "x ≠ y", "kind": "dropdown", "options": ["", "'", "[1]"]}]}}"#;
    let told = refused(text);
    assert!(told.contains("fields.contacts[0].options[0]: is empty"), "{told}");
    let team = applied(&fresh(), &text.replace("[\"\", ", "["));
    for format in [Format::Toml, Format::Json] {
        assert_eq!(essence(&applied(&fresh(), &export(&team, format))), essence(&team));
    }
}

#[test]
fn features_that_are_not_a_roles_to_give_are_explained() {
    let text = "[[roles]]\nname = \"Vet\"\nmanager = \"Account Owner\"\n[roles.features]\n\"talk.access\" = \"yes\"\n";
    let plan = planned(&applied(&fresh(), CLINIC), text, false).unwrap();
    assert_eq!(plan.changes, []);
    assert!(plan.notes[0].to_string().contains("talk.access has no effect in a role"));
    let told = refused(&text.replace("talk.access\" = \"yes", "contacts.import\" = \"no"));
    assert!(told.contains("can't be set"), "{told}");
}

#[test]
fn own_permissions_do_not_shadow_the_consoles_own() {
    for (key, expected) in [
        ("contacts.export", "of the console itself"),
        ("contacts.view", "an action of the console"),
        ("Portal Login", "can't be a key"),
        ("", "can't be a key"),
        ("a..b", "can't be a key"),
    ] {
        let told = refused(&format!("[[permissions]]\nkey = \"{key}\"\n"));
        assert!(told.contains(expected), "{key}: {told}");
    }
}

#[test]
fn keys_of_features_may_be_nested() {
    let text = r#"
[[roles]]
name = "Vet"
manager = "Account Owner"
[roles.features]
contacts.export = "yes"
tasks = { set = "yes" }
[[users]]
email = "kim@paws.example"
role = "Vet"
[users.exceptions]
contacts.vcard = { value = "visible", until = 2027-05-01T12:00:00+02:00 }
contacts.private = "visible"
"#;
    let team = applied(&applied(&fresh(), CLINIC), text);
    assert_eq!(feature(&team, "Vet", "contacts.export"), FeatureValue::Yes);
    assert_eq!(feature(&team, "Vet", "tasks.set"), FeatureValue::Yes);
    let kim = team.user_by_email("kim@paws.example").unwrap();
    assert_eq!(kim.exceptions.len(), 2);
    let vcard = team.catalog.by_key("contacts.vcard").unwrap().id;
    assert_eq!(kim.exceptions[&vcard].until.unwrap().to_string(), "2027-05-01T10:00:00Z");
    let told = refused(&text.replace("vcard", "fly").replace("tasks = {", "tasks = { fly = \"no\","));
    assert!(told.contains("features.tasks.fly: there is no feature tasks.fly"), "{told}");
    assert!(told.contains("exceptions.contacts.fly: there is no feature contacts.fly"), "{told}");
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow() {
    let deep = "[".repeat(100_000);
    assert!(TeamFile::read("x", &format!("{{\"a\": {deep}"), Format::Json).is_err());
    assert!(TeamFile::read("x", &format!("a = {deep}"), Format::Toml).is_err());
}
