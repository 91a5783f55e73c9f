//! `tests/README.md` maps requirements to tests. This holds the map against the tests that there are.

use std::collections::BTreeSet;
use std::path::Path;

/// The requirements that the first release touches.
const TOUCHED: &[&str] = &[
    "000-03…07",
    "000-09…13",
    "000-20…27",
    "000-32",
    "000-33",
    "000-37",
    "001-05",
    "001-06",
    "001-16",
    "001-21…24",
    "002-01…03",
    "002-05",
    "002-07",
    "002-09…16",
    "002-31",
    "002-32",
    "002-34",
    "003-09",
    "003-12",
    "003-15",
    "003-19",
    "003-34",
    "003-35",
    "004-13…17",
];

/// One line of the table: the number, the tests that it names, and whether it says that one is missing.
struct Row {
    number: String,
    tests: Vec<(String, String)>,
    missing: bool,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Numbers from a span such as `001-21…24`.
fn span(text: &str) -> Vec<String> {
    let Some((first, last)) = text.split_once('…') else { return vec![text.to_owned()] };
    let (document, low) = first.split_once('-').unwrap();
    let (low, high): (u32, u32) = (low.parse().unwrap(), last.parse().unwrap());
    (low..=high).map(|number| format!("{document}-{number:02}")).collect()
}

fn rows(table: &str) -> Vec<Row> {
    // Requirements by their number, readings (R22) and what none of the others has (B4) by theirs.
    let lines = table.lines().filter(|line| ["| 00", "| R", "| B"].iter().any(|start| line.starts_with(start)));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let named = cells[2].split('`').skip(1).step_by(2).filter_map(|code| code.split_once("::"));
            Row {
                number: cells[0].to_owned(),
                tests: named.map(|(file, name)| (file.to_owned(), name.to_owned())).collect(),
                missing: cells[2].contains("not there yet"),
            }
        })
        .collect()
}

/// What is wrong with the table.
fn complaints(table: &str, source: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let rows = rows(table);
    let mut wrong = Vec::new();
    let listed: Vec<&str> = rows.iter().map(|row| row.number.as_str()).collect();
    for number in TOUCHED.iter().flat_map(|text| span(text)) {
        match listed.iter().filter(|other| **other == number).count() {
            0 => wrong.push(format!("{number} is not listed")),
            1 => {}
            _ => wrong.push(format!("{number} is listed more than once")),
        }
    }
    for row in &rows {
        if row.tests.is_empty() && !row.missing {
            wrong.push(format!("{} names no test and doesn't say “not there yet”", row.number));
        }
        for (file, name) in &row.tests {
            match source(file) {
                None => wrong.push(format!("{}: there is no file {file}", row.number)),
                Some(text) => {
                    if !text.contains(&format!("fn {name}(")) {
                        wrong.push(format!("{}: {file} has no test {name}", row.number));
                    }
                }
            }
        }
    }
    wrong
}

#[test]
fn every_requirement_has_its_line_and_every_test_named_exists() {
    let table = std::fs::read_to_string(root().join("tests/README.md")).unwrap();
    let wrong = complaints(&table, |file| std::fs::read_to_string(root().join(file)).ok());
    assert!(wrong.is_empty(), "tests/README.md is not true:\n{}", wrong.join("\n"));
}

#[test]
fn an_untrue_table_is_found_out() {
    let all: Vec<String> = TOUCHED.iter().flat_map(|text| span(text)).collect();
    assert!(all.contains(&"000-05".to_owned()) && all.contains(&"002-16".to_owned()));
    let source = |file: &str| (file == "tests/a.rs").then(|| "fn there() {}".to_owned());
    let table = |test: &str| all.iter().map(|number| format!("| {number} | words | {test} |\n")).collect::<String>();

    assert_eq!(complaints(&table("`tests/a.rs::there`"), source), Vec::<String>::new());
    assert_eq!(complaints(&table("not there yet"), source), Vec::<String>::new());
    assert!(complaints(&table("`tests/a.rs::gone`"), source)[0].contains("has no test gone"));
    assert!(complaints(&table("`tests/b.rs::there`"), source)[0].contains("no file tests/b.rs"));
    assert!(complaints(&table("words alone"), source)[0].contains("names no test"));
    assert_eq!(complaints("", source).len(), all.iter().collect::<BTreeSet<_>>().len());
    let twice = table("not there yet") + "| 000-03 | again | not there yet |\n";
    assert_eq!(complaints(&twice, source), ["000-03 is listed more than once"]);
}
