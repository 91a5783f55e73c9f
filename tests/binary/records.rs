//! `records`.

use crate::kit::Home;
use serde_json::json;

#[test]
fn the_shape_is_the_contracts() {
    let home = Home::clinic();
    let page = home.json(&["records", "contacts", "--filter", "external_id=C-1"]);
    assert_eq!(page.as_object().unwrap().keys().collect::<Vec<_>>(), ["total", "rows", "next"]);
    assert_eq!(page["total"], 1);
    assert_eq!(page["next"], json!(null));
    let row = &page["rows"][0];
    assert_eq!(row.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "external_id", "owner", "fields"]);
    assert_eq!(row["owner"], "sam@paws.example");
    assert_eq!(row["id"].as_str().unwrap().len(), 13);
    for (field, value) in [
        ("Lead Score", json!(10)),
        ("Total Spent", json!("100.50")),
        ("Last Purchase", json!("2026-01-31")),
        ("Status", json!("Lead")),
    ] {
        assert_eq!(row["fields"][field], value, "{field}");
    }
}

#[test]
fn each_sees_what_their_role_lets_them_see() {
    // 000-22…27, 004-14…17
    let home = Home::clinic();
    for (email, seen) in [
        ("sam@paws.example", &["Ann", "Bob"][..]),
        ("tess@paws.example", &["Cid"]),
        ("kim@paws.example", &["Ann", "Bob", "Cid", "Dora"]),
        ("ada@paws.example", &["Ann", "Bob", "Cid", "Dora", "Éva"]),
        ("olga@paws.example", &["Ann", "Bob", "Cid", "Dora", "Éva"]),
    ] {
        assert_eq!(home.names(&["records", "contacts", "--as", email, "--sort", "external_id"]), seen, "{email}");
        assert_eq!(home.json(&["records", "contacts", "--as", email])["total"], seen.len(), "{email}");
    }
    home.run(&["records", "deals", "--as", "sam@paws.example"]).refused(3, "");
}

#[test]
fn fields_that_may_not_be_viewed_are_absent_and_answer_like_none() {
    // R11, R32
    let home = Home::clinic();
    let page = home.json(&["records", "contacts", "--as", "sam@paws.example"]);
    for row in page["rows"].as_array().unwrap() {
        let fields = row["fields"].as_object().unwrap();
        assert!(
            fields.contains_key("Total Spent")
                && !fields.contains_key("Created")
                && !fields.contains_key("Last Changed")
        );
    }
    let told = |option: &str, name: &str| {
        let run = home.run(&["records", "contacts", "--as", "sam@paws.example", option, name]);
        assert_eq!(run.code, 1, "{run:?}");
        run.err.replace("Created", "X").replace("Nothing", "X")
    };
    assert_eq!(told("--sort", "Created"), told("--sort", "Nothing"));
    assert_eq!(told("--filter", "Created=2026-01-01"), told("--filter", "Nothing=2026-01-01"));
    assert_eq!(told("--filter", "Created=x"), told("--filter", "Nothing=x"));
    let csv = home.run(&["records", "contacts", "--csv", "--as", "sam@paws.example"]);
    assert_eq!(csv.code, 0, "an exception makes it visible: {csv:?}");
    assert!(!csv.out.contains("Created") && csv.out.lines().count() == 3, "{csv:?}");
    home.run(&["records", "contacts", "--csv", "--as", "tess@paws.example"]).refused(3, "");
}

#[test]
fn filters_search_and_order_are_by_value_and_without_case() {
    let home = Home::clinic();
    let list = |more: &[&str]| home.names(&[&["records", "contacts"], more].concat());
    assert_eq!(list(&["--filter", "last name=BAKER", "--sort", "First Name"]), ["Bob", "Cid"]);
    assert_eq!(list(&["--filter", "Last Name=baker", "--filter", "owner=TESS@paws.example"]), ["Cid"]);
    assert_eq!(list(&["--filter", "Last Name=STRASSE"]), ["Éva"]);
    assert_eq!(list(&["--filter", "Total Spent=100.5"]), ["Ann"]);
    assert_eq!(list(&["--filter", "Status="]), ["Dora"]);
    assert_eq!(list(&["--search", "DOGS.example", "--sort", "First Name:desc"]), ["Dora", "Cid", "Bob", "Ann"]);
    assert_eq!(list(&["--sort", "Lead Score"])[..3], ["Dora", "Bob", "Ann"]);
    assert_eq!(list(&["--sort", "Lead Score:desc"])[..3], ["Ann", "Bob", "Dora"], "empty last both ways");
    assert_eq!(list(&["--sort", "Last Purchase:desc"])[..2], ["Ann", "Cid"]);
    for (more, said) in [
        (["--filter", "Shoe=1"], "Shoe"),
        (["--sort", "Shoe"], "Shoe"),
        (["--filter", "Lead Score=many"], "isn't a number"),
        (["--after", "nonsense"], "cursor"),
        (["--group", "Cats"], "no group"),
    ] {
        home.run(&[&["records", "contacts"][..], &more].concat()).refused(1, said);
    }
}

#[test]
fn pages_follow_one_another_without_gap_or_repeat() {
    let home = Home::clinic();
    for sort in ["id", "First Name", "Last Name:desc", "owner", "Lead Score", "external_id:desc"] {
        let whole = home.names(&["records", "contacts", "--sort", sort]);
        let mut seen = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let mut arguments = vec!["records", "contacts", "--sort", sort, "--limit", "2"];
            if let Some(after) = &after {
                arguments.extend(["--after", after]);
            }
            let page = home.json(&arguments);
            assert_eq!(page["total"], 5);
            seen.extend(
                page["rows"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|row| row["fields"]["First Name"].as_str().unwrap().to_owned()),
            );
            match page["next"].as_str() {
                Some(next) => after = Some(next.to_owned()),
                None => break,
            }
        }
        assert_eq!(seen, whole, "{sort}");
    }
    assert_eq!(home.json(&["records", "contacts", "--limit", "0"])["total"], 5);
}

#[test]
fn the_table_is_for_people() {
    let home = Home::clinic();
    let run = home.run(&["records", "contacts", "--sort", "First Name", "--limit", "2"]);
    assert!(run.out.starts_with("ID             Owner             First Name"), "{}", run.out);
    assert!(run.out.contains("2 of 5") && run.out.contains("--after ") && !run.out.contains('\u{1b}'), "{}", run.out);
}

#[test]
fn what_begins_with_a_hyphen_is_no_option() {
    let home = Home::clinic();
    home.run(&["records", "contacts", "--after", "-VHgnonsense"]).refused(1, "cursor");
    assert_eq!(home.names(&["records", "contacts", "--search", "-nothing"]), Vec::<String>::new());
    home.run(&["records", "contacts", "--filter", "-Shoe=1"]).refused(1, "-Shoe");
    assert_eq!(home.names(&["records", "contacts", "--filter", "Lead Score=-1"]), ["Dora"]);
}

#[test]
fn lists_go_by_their_names_in_any_case() {
    let home = Home::clinic();
    assert_eq!(home.json(&["records", "Contacts"]), home.json(&["records", "contacts"]));
    home.run(&["records", "DEALS", "--as", "sam@paws.example"]).refused(3, "");
}

#[test]
fn a_question_that_is_not_understood_writes_no_first_line() {
    let home = Home::clinic();
    for more in
        [&["--filter", "Shoe=1"][..], &["--filter", "Lead Score=many"], &["--sort", "Shoe"], &["--after", "nonsense"]]
    {
        let run = home.run(&[&["records", "contacts", "--csv"], more].concat());
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{run:?}");
    }
    let none = home.run(&["records", "contacts", "--csv", "--filter", "First Name=Nobody"]);
    assert_eq!((none.code, none.out.lines().count()), (0, 1), "{none:?}");
    let none = home.run(&["records", "contacts", "--csv", "--limit", "0"]);
    assert_eq!((none.code, none.out.lines().count()), (0, 1), "{none:?}");
}

#[test]
fn a_page_without_rows_says_how_to_go_on() {
    let home = Home::clinic();
    let list = |more: &[&str]| home.json(&[&["records", "contacts", "--sort", "First Name"], more].concat());
    let none = list(&["--limit", "0"]);
    assert_eq!((none["total"].clone(), none["rows"].as_array().unwrap().len()), (5.into(), 0));
    let next = none["next"].as_str().unwrap();
    assert_eq!(list(&["--after", next]), list(&[]));
    let two = list(&["--limit", "2"]);
    let here = two["next"].as_str().unwrap();
    let none = list(&["--limit", "0", "--after", here]);
    assert_eq!(list(&["--after", none["next"].as_str().unwrap()]), list(&["--after", here]));
    // Where nothing follows, nothing does.
    assert_eq!(list(&["--limit", "0", "--filter", "First Name=Nobody"])["next"], serde_json::Value::Null);
    assert!(home.run(&["records", "contacts", "--limit", "0"]).out.contains("0 of 5; go on with --after "));
}
