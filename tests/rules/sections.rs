//! Field sections: hidden, shown, editable.

use crate::house::{House, draft, query};

const SECTIONS: &str = r#"
[[roles]]
name = "Rep"
manager = "Lead"
[roles.sections.contacts]
"Lead Information" = { view = true, edit = false }
"Purchase Information" = { view = true, edit = false }
"System Information" = { view = false, edit = false }
"Memberships" = { view = false, edit = false }
"Notes" = { view = true, edit = true }
"#;

fn house() -> House {
    let house = House::full();
    house.apply(SECTIONS).unwrap();
    house.contact(
        "whole",
        "rae",
        &[("Status", "Customer"), ("Total Spent", "12.50"), ("Membership", "Plus"), ("Notes", "likes tea")],
    );
    house
}

/// SPEC 001-24, 001-21, 001-23: hidden sections take their fields away, not the record.
#[test]
fn a_vet_tech_sees_contact_lead_and_purchase_information_but_not_the_rest() {
    let house = house();
    let detail = house.session("rae").record("contacts", "ext:whole").unwrap();
    let sections: Vec<&str> = detail.sections.iter().map(|section| section.name.as_str()).collect();
    assert_eq!(sections, ["Contact Information", "Lead Information", "Purchase Information", "Notes"]);
    let fields: Vec<&str> = detail.sections.iter().flat_map(|s| &s.fields).map(|(name, _)| name.as_str()).collect();
    assert!(fields.contains(&"Total Spent"));
    for hidden in ["Membership", "Member Since", "Created", "Last Changed"] {
        assert!(!fields.contains(&hidden), "{hidden}");
    }
    // The operator still sees them.
    let whole = house.operator().record("contacts", "ext:whole").unwrap();
    assert!(whole.sections.iter().any(|section| section.name == "Memberships"));
}

/// SPEC 001-22, 001-24.
#[test]
fn view_shows_and_edit_changes() {
    let house = house();
    let rae = house.session("rae");
    let id = house.id("whole");
    let shown = |name: &str| {
        let detail = rae.record("contacts", "ext:whole").unwrap();
        let fields = detail.sections.into_iter().flat_map(|section| section.fields);
        fields.into_iter().find(|(field, _)| field == name).map(|(_, value)| value)
    };
    rae.update_record("contacts", id, &draft(&[("Notes", "likes coffee")])).unwrap();
    assert_eq!(shown("Notes").as_deref(), Some("likes coffee"));
    assert!(rae.update_record("contacts", id, &draft(&[("Status", "Lead")])).is_err());
    assert_eq!(shown("Status").as_deref(), Some("Customer"));
    // One field that may not be changed refuses the whole change.
    assert!(rae.update_record("contacts", id, &draft(&[("Notes", "x"), ("Total Spent", "1")])).is_err());
    assert_eq!(shown("Notes").as_deref(), Some("likes coffee"));
    let writable: Vec<bool> =
        rae.record("contacts", "ext:whole").unwrap().sections.iter().map(|section| section.writable).collect();
    assert_eq!(writable, [true, false, false, true]);
}

/// SPEC 001-23, R11, R32: a hidden field answers exactly as one that doesn't exist.
#[test]
fn a_hidden_field_is_no_field_in_lists_search_sort_and_filters() {
    let house = house();
    let rae = house.session("rae");
    let objects = rae.objects();
    let contacts = objects.iter().find(|object| object.key == "contacts").unwrap();
    assert!(contacts.fields.iter().all(|field| field.field.name != "Membership"));

    let mut search = query();
    search.search = Some("plus".to_owned());
    assert_eq!(rae.records(&search).unwrap().total, 0);
    assert_eq!(house.operator().records(&search).unwrap().total, 1);

    let asked = |field: &str| {
        let (mut sort, mut filter) = (query(), query());
        sort.sort = Some(field.to_owned());
        filter.filters = vec![(field.to_owned(), "Plus".to_owned())];
        let texts = [rae.records(&sort), rae.records(&filter)].map(|answer| answer.unwrap_err().to_string());
        texts.map(|text| text.replace(field, "FIELD"))
    };
    assert_eq!(asked("Membership"), asked("Nonsense"));

    let id = house.id("whole");
    let written = |field: &str| {
        let refused = rae.update_record("contacts", id, &draft(&[(field, "Plus")])).unwrap_err();
        refused.to_string().replace(field, "FIELD")
    };
    assert_eq!(written("Membership"), written("Nonsense"));
}

/// SPEC 001-21: view and edit apart for each role, and edit without view is refused (R12).
#[test]
fn sections_are_set_for_each_role_alone() {
    let house = house();
    let lea = house.session("lea").record("contacts", "ext:whole").unwrap();
    assert!(lea.sections.iter().any(|section| section.name == "Memberships" && section.writable));
    let refused = house.apply(
        "[[roles]]\nname = \"Rep\"\nmanager = \"Lead\"\nsections.contacts.Notes = { view = false, edit = true }",
    );
    assert!(refused.is_err_and(|why| why.contains("Notes") || why.contains("view")));
}
