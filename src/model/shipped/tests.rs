//! The shipped files against the words of the contract.

use super::*;
use crate::model::Status;
use crate::model::catalog::{Ceiling, DecidedBy, features as numbers};
use crate::model::team::Team;

fn fresh() -> Team {
    let changes = new_team("Paws Clinic", "Olivia Hart", "Olivia@Paws.example", Moment(1_000)).unwrap();
    let mut team = Team::new(Account {
        name: String::new(),
        time_zone: None,
        seats: None,
        agent_seats: None,
        permissions: Vec::new(),
        next: NextIds { user: 0, role: 0, object: 0, section: 0, field: 0, permission: 0 },
    })
    .unwrap();
    for change in &changes {
        team.apply(change).unwrap();
    }
    team
}

/// Key, label, requestable; one line for each feature that SPEC part 4 lists, in its order, and an
/// empty label where it gives the key alone.
const SPEC_FEATURES: &[(&str, &str, bool)] = &[
    ("contacts.import", "Import contacts", false),
    ("contacts.export", "Can Export Lists / Export in bulk", true),
    ("contacts.vcard", "Download vCard", true),
    ("contacts.google", "Save to Google Contacts", true),
    ("contacts.private", "Own private contacts", true),
    ("contacts.bulk_status", "Bulk update Status", true),
    ("contacts.bulk_owner", "Bulk update contact owner", true),
    ("contacts.manage_fields", "Manage Fields", false),
    ("contacts.may_delete", "Delete contacts", false),
    ("companies.export", "", false),
    ("companies.manage_fields", "", false),
    ("companies.may_delete", "", false),
    ("deals.pipeline", "View Pipeline page", true),
    ("deals.items", "Add/Edit deal items", true),
    ("deals.export", "", true),
    ("deals.may_delete", "Delete Deals", true),
    ("deals.manage_fields", "", false),
    ("purchases.access", "", false),
    ("purchases.refund", "Refund Transaction", false),
    ("tasks.set", "Can set tasks", false),
    ("tasks.complete", "", false),
    ("tasks.cancel", "Can Cancel", false),
    ("tasks.reassign", "", false),
    ("tasks.reschedule", "", false),
    ("dashboard.access", "", false),
    ("dashboard.edit", "", false),
    ("reports.access", "", false),
    ("reports.edit", "Create and edit reports", true),
    ("reports.targets", "Edit own targets", true),
    ("activity.access", "View Activity page", true),
    ("automation.autoflows", "Add/Edit/Delete Autoflows", true),
    ("automation.routers", "", false),
    ("automation.forms", "", false),
    ("pages.access", "", false),
    ("talk.access", "", false),
    ("users.manage", "Add User / Remove User", false),
    ("users.edit", "Manage User details and User permissions", false),
    ("roles.manage", "", false),
    ("account.billing", "Manage Billing's page", false),
    ("account.settings", "Manage Account Settings", false),
    ("account.customize", "Manage customization of Accounts", false),
    ("account.delete", "Delete Account", false),
    ("requests.answer", "", false),
    ("audit.view", "", false),
];

#[test]
fn the_catalog_holds_exactly_the_keys_of_part_4() {
    let catalog = Catalog::with(&[]).unwrap();
    let mut expected: BTreeSet<String> = SPEC_FEATURES.iter().map(|(key, _, _)| (*key).to_owned()).collect();
    // "Every area but Administrator Tools has an AREA.access."
    expected.extend(catalog.areas.iter().filter(|a| a.key != "administrator").map(|a| format!("{}.access", a.key)));
    let actual: BTreeSet<String> = catalog.features().map(|feature| feature.key.clone()).collect();
    assert_eq!(actual, expected);
    for (key, label, requestable) in SPEC_FEATURES {
        let feature = catalog.by_key(key).unwrap();
        assert_eq!(feature.requestable, *requestable, "{key}");
        assert!(label.is_empty() || feature.label == *label, "{key}: {}", feature.label);
    }
    let areas: Vec<&str> = catalog.areas.iter().map(|area| area.key.as_str()).collect();
    let expected = [
        "contacts",
        "companies",
        "deals",
        "purchases",
        "tasks",
        "dashboard",
        "reports",
        "activity",
        "automation",
        "pages",
        "talk",
        "administrator",
    ];
    assert_eq!(areas, expected);
}

#[test]
fn every_feature_stands_in_the_area_of_its_key() {
    let catalog = Catalog::with(&[]).unwrap();
    for feature in catalog.features() {
        let area = &catalog.areas[feature.area];
        assert!(area.key == "administrator" || feature.key.starts_with(&format!("{}.", area.key)), "{}", feature.key);
        assert!(!feature.label.is_empty() && !feature.yes.is_empty() && !feature.no.is_empty(), "{}", feature.key);
        assert!(feature.id.0 < FIRST_OWN_PERMISSION);
    }
    for area in &catalog.areas {
        assert_eq!(area.access.is_none(), area.key == "administrator", "{}", area.key);
        assert!(area.access.is_none() || area.features.first() == area.access.as_ref(), "access first: {}", area.key);
    }
}

/// SPEC R9 and 002-10…16.
#[test]
fn ceilings_are_those_of_r9() {
    let catalog = Catalog::with(&[]).unwrap();
    let administrators = [
        "users.manage",
        "users.edit",
        "account.billing",
        "account.settings",
        "account.customize",
        "roles.manage",
        "requests.answer",
    ];
    for feature in catalog.features() {
        let key = feature.key.as_str();
        let expected = match key {
            "account.delete" => Ceiling::Owner,
            _ if administrators.contains(&key) => Ceiling::Administrators,
            _ => Ceiling::Anyone,
        };
        assert_eq!(feature.ceiling, expected, "{key}");
        let decided_by = match key {
            "contacts.import" => DecidedBy::Creating,
            "talk.access" => DecidedBy::TalkFlag,
            _ => DecidedBy::Role,
        };
        assert_eq!(feature.decided_by, decided_by, "{key}");
    }
    assert!(!Ceiling::Owner.admits(RoleType::Administrator));
    assert!(Ceiling::Administrators.admits(RoleType::Administrator));
    assert!(!Ceiling::Administrators.admits(RoleType::User));
    assert!(Ceiling::Anyone.admits(RoleType::Focused));
}

#[test]
fn the_constants_carry_the_files_numbers() {
    let catalog = Catalog::with(&[]).unwrap();
    for (id, key) in numbers::ALL {
        assert_eq!(catalog.by_key(key).map(|feature| feature.id), Some(*id), "{key}");
    }
}

/// SPEC 000-28: every option has its explanation.
#[test]
fn every_scope_value_is_explained() {
    let catalog = Catalog::with(&[]).unwrap();
    for verb in ["view", "edit", "delete"] {
        for scope in Scope::ALL.iter().filter(|scope| verb != "view" || **scope != Scope::None) {
            assert!(catalog.scope_help(verb, scope.token()).is_some_and(|help| !help.is_empty()), "{verb} {scope:?}");
        }
    }
}

/// SPEC R2 and 001-05.
#[test]
fn scope_labels_are_spelled_one_way() {
    let labels: Vec<&str> = Scope::ALL.iter().map(|scope| scope.label()).collect();
    let expected = ["All", "Owned by me and my roles", "Owned by me and my subordinates", "Owned by me", "None"];
    assert_eq!(labels, expected);
    assert_eq!(Scope::from_text("Owned By Me and My Subordinates"), Some(Scope::Subordinates));
}

/// SPEC R18, 001-03.
#[test]
fn the_shipped_roles_are_those_of_r18() {
    let team = fresh();
    let names: Vec<&str> = team.roles.values().map(|role| role.name.as_str()).collect();
    let expected = [
        "Account Owner",
        "Administrator",
        "Sales Manager",
        "Sales",
        "Marketing",
        "Support",
        "User",
        "Focused User",
        "Read only",
        "Account Manager",
    ];
    assert_eq!(names, expected);
    for role in team.roles.values() {
        let locked = ["Account Owner", "Administrator"].contains(&role.name.as_str());
        assert_eq!(role.is_locked(), locked, "{}", role.name);
        assert!(locked || role.shipped == Some(Shipped::Editable));
        assert_eq!(role.manager.is_none(), role.name == "Account Owner", "000-06: {}", role.name);
        assert!(!role.description.is_empty() && !role.icon.is_empty());
    }
    assert_eq!(team.role_named("sales").unwrap().manager, Some(team.role_named("Sales Manager").unwrap().id));
    assert_eq!(team.role_named("Focused User").unwrap().role_type, RoleType::Focused);
    assert_eq!(team.role_named("Administrator").unwrap().role_type, RoleType::Administrator);
}

/// A shipped role asks for nothing that a person could not set: R1, R9, R12, R13.
#[test]
fn the_shipped_roles_are_valid() {
    let team = fresh();
    for role in team.roles.values() {
        assert!(!role.is_locked() || (role.features.is_empty() && role.scopes.is_empty()), "{}", role.name);
        for (id, value) in &role.features {
            let feature = team.catalog.feature(*id).unwrap();
            let at = format!("{}: {}", role.name, feature.key);
            assert!(*value != FeatureValue::Request || feature.requestable, "{at}");
            assert!(feature.ceiling.admits(role.role_type), "{at}");
            assert_eq!(feature.decided_by, DecidedBy::Role, "{at}");
            let access = team.catalog.areas[feature.area].access;
            let reachable = access.is_none_or(|access| role.feature(access) != FeatureValue::No);
            assert!(reachable, "{at} is No without its area's access");
        }
        for (object, scopes) in &role.scopes {
            let may_delete = team.catalog.by_key(&format!("{}.may_delete", team.objects[object].key)).unwrap();
            assert!(scopes.view != Scope::None, "{}", role.name);
            assert!(scopes.view.contains(scopes.edit) && scopes.view.contains(scopes.delete), "{}", role.name);
            assert_eq!(scopes.delete == Scope::None, role.feature(may_delete.id) == FeatureValue::No, "{}", role.name);
        }
    }
}

/// SPEC 002-17…29 (requestable for both), 002-16 (No) and 002-31…33 (may create, view and edit all).
#[test]
fn user_and_focused_user_start_with_the_values_of_002() {
    let team = fresh();
    let requestable = [
        "contacts.private",
        "contacts.export",
        "deals.export",
        "contacts.google",
        "contacts.vcard",
        "deals.may_delete",
        "deals.pipeline",
        "reports.targets",
        "deals.items",
        "activity.access",
        "reports.edit",
        "contacts.bulk_status",
        "contacts.bulk_owner",
        "automation.autoflows",
    ];
    for name in ["User", "Focused User"] {
        let role = team.role_named(name).unwrap();
        for feature in team.catalog.features().filter(|feature| feature.requestable) {
            assert!(requestable.contains(&feature.key.as_str()), "{}", feature.key);
            assert_eq!(role.feature(feature.id), FeatureValue::Request, "{name}: {}", feature.key);
        }
        let contacts = role.scopes(ObjectId::CONTACTS);
        assert_eq!(contacts, Scopes { view: Scope::All, edit: Scope::All, delete: Scope::None });
        assert_eq!(role.feature(team.catalog.by_key("contacts.may_delete").unwrap().id), FeatureValue::No);
        for key in ["contacts.access", "deals.access", "tasks.set"] {
            assert_eq!(role.feature(team.catalog.by_key(key).unwrap().id), FeatureValue::Yes, "{name}: {key}");
        }
    }
}

/// SPEC part 4, "Built-in sections and fields".
#[test]
fn the_objects_are_those_of_part_4() {
    let team = fresh();
    let outline = |key: &str| {
        let object = team.object_by_key(key).unwrap();
        let lines: Vec<String> = object
            .sections
            .iter()
            .map(|section| {
                let fields = object.fields.iter().filter(|field| field.section == section.id);
                let shown = fields.map(|field| match field.kind {
                    Kind::Text => field.name.clone(),
                    Kind::Dropdown => {
                        let options: Vec<&str> = field.options.iter().map(|o| o.label.as_str()).collect();
                        format!("{} (dropdown: {})", field.name, options.join(", "))
                    }
                    kind => format!("{} ({})", field.name, kind.token()),
                });
                format!("{}: {}.", section.name, shown.collect::<Vec<_>>().join(", "))
            })
            .collect();
        lines.join(" ")
    };
    assert_eq!(
        outline("contacts"),
        "Contact Information: First Name, Last Name, Email (email), Phone (phone), Company, Job Title. Lead \
         Information: Status (dropdown: Lead, Prospect, Customer, Inactive), Lead Source (dropdown: Website, \
         Referral, Walk-in, Event, Advertisement), Lead Score (number). Purchase Information: Total Spent (money), \
         Last Purchase (date), Purchases (number). Memberships: Membership (dropdown: None, Basic, Plus), Member \
         Since (date). Notes: Notes. System Information: Created (date), Last Changed (date)."
    );
    assert!(
        outline("companies").starts_with("Company Information: Name, Website, Phone (phone), Industry (dropdown: ")
    );
    assert!(
        outline("companies").ends_with("Employees (number). System Information: Created (date), Last Changed (date).")
    );
    assert_eq!(
        outline("deals"),
        "Deal Information: Name, Stage (dropdown: New, Qualified, Proposal, Won, Lost), Value (money), Close Date \
         (date). System Information: Created (date), Last Changed (date)."
    );
    let contacts = team.object_by_key("contacts").unwrap();
    assert_eq!(contacts.field_named("Status").unwrap().id, FieldId::STATUS);
    assert_eq!(contacts.field_named("Lead Source").unwrap().id, FieldId::LEAD_SOURCE);
    assert_eq!(contacts.id, ObjectId::CONTACTS);
    assert_eq!(team.object_by_key("companies").unwrap().id, ObjectId::COMPANIES);
    assert_eq!(team.object_by_key("deals").unwrap().id, ObjectId::DEALS);
    for object in team.objects.values() {
        assert_eq!(object.field_named("created").unwrap().automatic, Some(Automatic::Created));
        assert_eq!(object.field_named("last changed").unwrap().automatic, Some(Automatic::LastChanged));
        assert_eq!(object.fields.iter().filter(|field| field.automatic.is_some()).count(), 2);
    }
}

#[test]
fn numbers_are_unique_and_the_next_ones_free() {
    let team = fresh();
    let next = team.account.next;
    let sections: Vec<u32> = team.objects.values().flat_map(|o| &o.sections).map(|s| s.id.0).collect();
    let fields: Vec<u32> = team.objects.values().flat_map(|o| &o.fields).map(|f| f.id.0).collect();
    assert_eq!(sections, (0..next.section).collect::<Vec<_>>());
    assert_eq!(fields, (0..next.field).collect::<Vec<_>>());
    assert_eq!(team.roles.keys().map(|id| id.0).collect::<Vec<_>>(), (0..next.role).collect::<Vec<_>>());
    assert_eq!((next.user, next.object, next.permission), (1, 3, FIRST_OWN_PERMISSION));
}

/// SPEC 002-02, 000-03.
#[test]
fn the_creator_is_the_account_owner() {
    let team = fresh();
    let owner = team.owner().unwrap();
    assert_eq!(owner.email, "olivia@paws.example");
    assert_eq!((owner.status, owner.manager), (Status::Active, None));
    assert_eq!(team.account.name, "Paws Clinic");
    assert_eq!(new_team("A", "B", "c@d", Moment(7)).unwrap(), new_team("A", "B", "c@d", Moment(7)).unwrap());
}

#[test]
fn bad_names_and_addresses_are_refused_with_the_reason() {
    let refused =
        |account: &str, name: &str, email: &str| new_team(account, name, email, Moment(0)).unwrap_err().to_string();
    assert_eq!(refused("", "B", "c@d"), "the account's name is empty");
    assert!(refused("A", "ad\u{202E}min", "c@d").starts_with("the owner's name holds the invisible character U+202E"));
    for email in ["nobody", "@d", "c@", "c@d@e", "c c@d"] {
        assert!(refused("A", "B", email).contains("no email address"), "{email}");
    }
}

/// SPEC part 4: "not among the 3,000 most common".
#[test]
fn the_list_of_common_passwords_is_whole() {
    let list = include_str!("../../../assets/common-passwords.txt");
    let passwords: Vec<&str> = list.lines().filter(|line| !line.starts_with("# ")).collect();
    assert!(passwords.len() >= 3_000);
    assert_eq!(passwords.first(), Some(&"123456"));
    assert!(passwords.iter().filter(|password| password.chars().count() >= 12).count() >= 300);
    assert!(passwords.iter().all(|password| !password.is_empty() && *password == text::fold(password)));
    assert_eq!(passwords.iter().collect::<BTreeSet<_>>().len(), passwords.len());
}
