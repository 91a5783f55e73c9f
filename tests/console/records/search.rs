//! A search or a filter over a list that takes a while: its first matches are there before they are
//! counted, and are the ones that stay; a further key calls off what is under way.

use std::time::Duration;

use rolecall::host::headless::Headless;
use rolecall::service::records::{RecordQuery, RecordsPage};

use super::{KIM, contacts, listed};
use crate::harness::{Clinic, ENTER, OWNER, clinic, hides, shows};

/// What a search finds in the end, in the order that a list of contacts comes in.
fn found(clinic: &Clinic, email: &str, search: &str) -> RecordsPage {
    let query = RecordQuery {
        object: "contacts".to_owned(),
        search: Some(search.to_owned()),
        sort: Some("First Name".to_owned()),
        limit: 10_000,
        ..RecordQuery::default()
    };
    clinic.engine.acting_as(email).unwrap().records(&query).unwrap()
}

/// The rows of the list: what stands below the columns' names.
fn rows(console: &Headless) -> Vec<String> {
    let text = console.text();
    let body = text.lines().skip(5).take(16).map(|line| line.trim_matches(['▌', '▐', '│', ' ']).to_owned());
    body.take_while(|line| !line.is_empty()).collect()
}

/// A console whose list of contacts is there, and whose jobs wait from now on.
fn waiting(clinic: &Clinic, email: &str) -> Headless {
    let mut console = contacts(clinic, email);
    console.hold_jobs();
    console
}

#[test]
fn first_matches_are_there_before_they_are_counted_and_are_the_ones_that_stay() {
    let clinic = clinic(400);
    for who in [OWNER, KIM] {
        let whole = found(&clinic, who, "a");
        let mut console = waiting(&clinic, who);
        console.keys("/a").run_held();
        shows(&console, "At least ");
        shows(&console, "counting…");
        hides(&console, &format!("{} contacts match", whole.total));
        let first = rows(&console);
        assert!(first.len() > 3 && (first.len() as u64) < whole.total, "{first:?}");
        console.run_jobs();
        shows(&console, &format!("{} contacts match", whole.total));
        hides(&console, "counting…");
        assert!(rows(&console).starts_with(&first), "{first:#?}\n{}", console.text());
    }
}

#[test]
fn nothing_was_found_only_when_everything_was_looked_at() {
    let clinic = clinic(400);
    let mut console = waiting(&clinic, OWNER);
    console.keys("/nothing is called this").run_held();
    shows(&console, "No contacts that match so far; still looking…");
    hides(&console, "No contacts match.");
    console.run_jobs();
    shows(&console, "No contacts match. Press Esc to show all again.");
    hides(&console, "so far");
}

#[test]
fn what_is_still_counted_can_be_walked_and_the_row_is_kept_when_the_count_comes() {
    let clinic = clinic(400);
    let mut console = waiting(&clinic, OWNER);
    console.keys("/a").keys(ENTER).run_held();
    console.keys("jjj");
    let here = super::row(&console);
    // How many that would be isn't known yet.
    console.keys("A");
    shows(&console, "What matches is still being counted; one moment.");
    hides(&console, "selected");
    console.run_jobs();
    assert_eq!(super::row(&console), here);
    console.keys("A").wait(Duration::from_secs(30));
    shows(&console, &format!("{} selected", found(&clinic, OWNER, "a").total));
}

#[test]
fn a_further_key_calls_off_the_search_that_is_under_way() {
    let clinic = clinic(400);
    let mut console = waiting(&clinic, OWNER);
    console.keys("/a").run_held();
    shows(&console, "counting…");
    // The count of the first letter still waits while the second is typed.
    console.keys("n").run_jobs();
    shows(&console, &format!("{} contacts match", found(&clinic, OWNER, "an").total));
    console.hold_jobs();
    console.keys("\x7f").run_held();
    console.esc().run_jobs();
    hides(&console, "counting…");
    hides(&console, "contacts match");
    shows(&console, &format!("{} contacts · row 1", listed(&clinic, OWNER, &[]).total));
}

#[test]
fn records_that_change_meanwhile_do_not_keep_a_search_from_being_done() {
    let clinic = clinic(400);
    let mut console = waiting(&clinic, OWNER);
    console.keys("/a").run_held();
    for _ in 0..3 {
        let record = found(&clinic, OWNER, "a").rows[0].id;
        clinic.engine.operator().delete_record("contacts", record).unwrap();
        console.changed();
    }
    shows(&console, "counting…");
    console.run_jobs();
    shows(&console, &format!("{} contacts match", found(&clinic, OWNER, "a").total));
}

/// R11, R16: what was under way under other rules is never shown.
#[test]
fn r16_a_search_under_way_does_not_outlast_the_rules_that_it_was_asked_under() {
    let clinic = clinic(400);
    let mut console = waiting(&clinic, KIM);
    console.keys("/a").run_held();
    shows(&console, "counting…");
    let file = "[[roles]]\nname = \"Practice Manager\"\nmanager = \"Administrator\"\n[roles.scopes]\ncontacts = { view = \"own\", edit = \"own\", delete = \"none\" }\n";
    clinic.engine.operator().apply_team("test", file, rolecall::exchange::team_file::Format::Toml, false).unwrap();
    console.changed().run_jobs();
    shows(&console, &format!("{} contact", found(&clinic, KIM, "a").total));
    assert!(rows(&console).len() as u64 <= found(&clinic, KIM, "a").total);
}

/// R16: nor does what was found: of a list that takes long, the first rows under the new rules are in its
/// place before all of them are counted, and what is selected of it waits for that.
#[test]
fn r16_rows_that_may_no_longer_be_seen_go_before_the_rest_is_counted() {
    let clinic = clinic(400);
    let mut console = contacts(&clinic, KIM);
    console.keys("/a").keys(ENTER).keys("jj").keys("A");
    let before = rows(&console);
    console.hold_jobs();
    let file = "[[roles]]\nname = \"Practice Manager\"\nmanager = \"Administrator\"\n[roles.scopes]\ncontacts = { view = \"own\", edit = \"own\", delete = \"own\" }\n";
    clinic.engine.operator().apply_team("test", file, rolecall::exchange::team_file::Format::Toml, false).unwrap();
    console.changed().run_held();
    shows(&console, "counting…");
    let own = found(&clinic, KIM, "a");
    let names: Vec<String> = own.rows.iter().map(|row| row.title(&own.fields)).collect();
    let is_of = |row: &str, name: &String| name.split(' ').all(|word| row.contains(word));
    let now = rows(&console);
    assert!(!now.is_empty() && now != before);
    assert!(now.iter().all(|row| names.iter().any(|name| is_of(row, name))), "{now:#?}\n{names:?}");
    console.keys("D");
    shows(&console, "What matches is still being counted; one moment.");
    console.run_jobs();
    hides(&console, "counting…");
    console.keys("D");
    shows(&console, &format!("Delete {} contact", names.len()));
}
