//! `check`, one question and many.

use crate::kit::Home;
use serde_json::Value as Json;

#[test]
fn the_exit_code_is_the_answer() {
    let home = Home::clinic();
    for (email, action, allowed) in [
        ("sam@paws.example", "contacts.access", true),
        ("sam@paws.example", "contacts.view", true),
        ("sam@paws.example", "contacts.edit", true),
        ("sam@paws.example", "contacts.create", true),
        ("sam@paws.example", "contacts.delete", true),
        ("sam@paws.example", "contacts.export", true),
        ("sam@paws.example", "contacts.import", true),
        ("tess@paws.example", "contacts.export", false),
        ("kim@paws.example", "contacts.delete", false),
        ("ada@paws.example", "contacts.create", false),
        ("ada@paws.example", "contacts.import", false),
        ("sam@paws.example", "deals.view", false),
        ("sam@paws.example", "users.manage", false),
        ("ada@paws.example", "roles.manage", true),
        ("ada@paws.example", "account.delete", false),
        ("olga@paws.example", "account.delete", true),
        ("gone@paws.example", "contacts.view", false),
    ] {
        let run = home.run(&["check", "--as", email, action]);
        assert_eq!(run.code, if allowed { 0 } else { 3 }, "{email} {action}: {run:?}");
        let told = home.run(&["check", "--as", email, action, "--json"]);
        let told: Json = serde_json::from_str(&told.out).unwrap();
        assert_eq!(told["allowed"], allowed);
        assert!(told["reason"].is_string());
    }
}

#[test]
fn records_and_fields_can_be_asked_about() {
    let home = Home::clinic();
    let page = home.json(&["records", "contacts", "--filter", "external_id=C-1"]);
    let id = page["rows"][0]["id"].as_str().unwrap();
    for (email, rest, allowed) in [
        ("sam@paws.example", &["contacts.view", "--record", id][..], true),
        ("sam@paws.example", &["contacts.view", "--record", "ext:C-1"], true),
        ("sam@paws.example", &["contacts.edit", "--record", "ext:C-1"], true),
        ("sam@paws.example", &["contacts.delete", "--record", "ext:C-1"], true),
        ("sam@paws.example", &["contacts.view", "--record", "ext:C-3"], false),
        ("tess@paws.example", &["contacts.view", "--record", id], false),
        ("kim@paws.example", &["contacts.edit", "--record", id], true),
        ("kim@paws.example", &["contacts.delete", "--record", id], false),
        ("sam@paws.example", &["contacts.edit", "--record", id, "--field", "Status"], true),
        ("sam@paws.example", &["contacts.edit", "--record", id, "--field", "Total Spent"], false),
        ("sam@paws.example", &["contacts.view", "--record", id, "--field", "total spent"], true),
        ("sam@paws.example", &["contacts.view", "--record", id, "--field", "Created"], false),
        ("sam@paws.example", &["contacts.create", "--field", "Status"], true),
        ("sam@paws.example", &["contacts.create", "--field", "Total Spent"], false),
    ] {
        let run = home.run(&[&["check", "--as", email], rest].concat());
        assert_eq!(run.code, if allowed { 0 } else { 3 }, "{email} {rest:?}: {run:?}");
    }
}

#[test]
fn a_record_out_of_view_answers_as_one_that_does_not_exist() {
    // R32
    let home = Home::clinic();
    let told = |record: &str| {
        let run = home.run(&["check", "--as", "tess@paws.example", "contacts.edit", "--record", record, "--json"]);
        (run.code, run.out, run.err)
    };
    assert_eq!(told("ext:C-1"), told("ext:no such record"));
    assert_eq!(told("ext:C-1"), told("0000000000000"));
    assert_eq!(told("ext:C-1"), told("no id at all"));
}

#[test]
fn what_can_not_be_answered_is_an_error() {
    let home = Home::clinic();
    home.run(&["check", "--as", "nobody@paws.example", "contacts.view"]).refused(1, "there is no user");
    home.run(&["check", "--as", "sam@paws.example", "contacts.fly"]).refused(1, "no action");
    assert!(
        home.run(&["check", "--as", "sam@paws.example", "fly", "--json"]).error()["error"]
            .as_str()
            .unwrap()
            .contains("no action")
    );
}

#[test]
fn explain_tells_the_layers_and_marks_the_deciding_one() {
    let home = Home::clinic();
    let told = home.json(&["check", "--as", "sam@paws.example", "contacts.export", "--explain"]);
    let steps = told["explanation"].as_array().unwrap();
    assert_eq!(steps.iter().filter(|step| step["deciding"] == true).count(), 1);
    assert!(steps.iter().any(|step| step["layer"] == "exception"), "{told}");
    assert!(
        home.run(&["check", "--as", "sam@paws.example", "contacts.export", "--explain"]).out.contains("> exception")
    );
}

#[test]
fn a_batch_is_answered_line_by_line_in_order() {
    let home = Home::clinic();
    let lines = concat!(
        r#"{"as": "sam@paws.example", "action": "contacts.export"}"#,
        "\n",
        r#"{"as": "tess@paws.example", "action": "contacts.export"}"#,
        "\n",
        r#"{"as": "tess@paws.example", "action": "contacts.view", "record": "ext:C-3", "field": "Status"}"#,
        "\n",
    );
    let run = home.run_with(&["check", "--batch", "-"], lines);
    assert_eq!(run.code, 0, "{run:?}");
    let allowed: Vec<bool> =
        run.out.lines().map(|line| serde_json::from_str::<Json>(line).unwrap()["allowed"].as_bool().unwrap()).collect();
    assert_eq!(allowed, [true, false, true]);
}

#[test]
fn a_line_that_can_not_be_answered_gives_an_error_in_its_place() {
    let home = Home::clinic();
    let mut lines: Vec<u8> = Vec::new();
    for line in [
        &br#"{"as": "sam@paws.example", "action": "contacts.export"}"#[..],
        b"garbage",
        b"",
        b"\xFF\xFE",
        br#"{"as": "nobody@paws.example", "action": "contacts.export"}"#,
        br#"{"as": "sam@paws.example", "action": "contacts.fly"}"#,
        br#"{"as": "sam@paws.example"}"#,
        br#"["sam@paws.example", "contacts.view", null, null]"#,
        br#"{"as": "sam@paws.example", "action": "contacts.view", "colour": "red"}"#,
        br#"{"as": "sam@paws.example", "action": "contacts.view"}"#,
    ] {
        lines.extend(line);
        lines.push(b'\n');
    }
    lines.extend(b"\n\n");
    let file = home.file("questions.jsonl", &lines);
    let run = home.run(&["check", "--batch", &file]);
    assert_eq!(run.code, 1, "{run:?}");
    let told: Vec<Json> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told.len(), 10, "{run:?}");
    for (position, answer) in told.iter().enumerate() {
        let good = position == 0 || position == 9;
        assert_eq!(answer["allowed"], good, "{answer}");
        assert_eq!(answer.get("error").is_some(), !good, "{answer}");
    }
}

/// A socket whose other end is closed with something unread in it fails once what it holds was read.
#[cfg(target_os = "linux")]
#[test]
fn where_reading_a_batch_fails_what_was_asked_before_is_answered() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    let home = Home::clinic();
    let (mut asking, mut asked) = std::os::unix::net::UnixStream::pair().unwrap();
    let question = "{\"as\": \"sam@paws.example\", \"action\": \"contacts.export\"}\n";
    // The last one isn't whole, so that more is read before any is answered.
    write!(asking, "{question}{question}{{").unwrap();
    asked.write_all(b"unread").unwrap();
    drop(asking);
    let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["check", "--batch", "-"])
        .env("ROLECALL_DATA", home.data())
        .stdin(Stdio::from(std::os::fd::OwnedFd::from(asked)))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard input can't be read"), "{output:?}");
    let answers: Vec<Json> = output.stdout.split(|byte| *byte == b'\n').flat_map(serde_json::from_slice).collect();
    assert_eq!(answers.len(), 2, "{output:?}");
    assert!(answers.iter().all(|answer| answer["allowed"] == true), "{output:?}");
}

#[test]
fn the_answer_in_words_is_said_once() {
    let home = Home::clinic();
    assert_eq!(home.run(&["check", "--as", "sam@paws.example", "contacts.export"]).out, "allowed\n");
    assert!(home.run(&["check", "--as", "tess@paws.example", "contacts.export"]).out.starts_with("denied: "));
}

#[test]
fn a_field_goes_with_view_and_edit_alone() {
    let home = Home::clinic();
    // Sam may all of these, and not view the field.
    for action in ["contacts.export", "contacts.access", "contacts.delete", "contacts.import"] {
        let asked = ["check", "--as", "sam@paws.example", action];
        assert_eq!(home.run(&asked).code, 0, "{action}");
        let with_field = [&asked[..], &["--field", "Created"]].concat();
        home.run(&with_field).refused(2, "--field goes with view and edit");
        let told = home.run(&[&with_field[..], &["--json"]].concat());
        assert_eq!(told.code, 2, "{told:?}");
        assert!(told.error()["error"].as_str().unwrap().contains(action), "{told:?}");
        let line = format!("{{\"as\": \"sam@paws.example\", \"action\": \"{action}\", \"field\": \"Created\"}}\n");
        let run = home.run_with(&["check", "--batch", "-"], line);
        assert_eq!(run.code, 1, "{run:?}");
        let answer: Json = serde_json::from_str(&run.out).unwrap();
        assert_eq!(answer["allowed"], false);
        assert!(answer["error"].as_str().unwrap().contains("field"), "{answer}");
    }
}

#[test]
fn a_batch_may_begin_with_a_mark_of_its_encoding_and_says_what_it_expects() {
    let home = Home::clinic();
    let question = r#"{"as": "sam@paws.example", "action": "contacts.export"}"#;
    let run = home.run_with(&["check", "--batch", "-"], format!("\u{FEFF}{question}\n\"text\"\n7\n"));
    assert_eq!(run.code, 1, "{run:?}");
    let told: Vec<Json> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told[0]["allowed"], true, "{run:?}");
    for answer in &told[1..] {
        let error = answer["error"].as_str().unwrap();
        assert!(error.contains("expected an object such as {\"as\": EMAIL, \"action\": ACTION}"), "{error}");
    }
}
