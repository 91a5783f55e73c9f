//! A store that another process holds.

use crate::kit::Home;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn a_store_that_is_held_is_waited_for_and_then_its_holder_is_named() {
    let home = Home::clinic();
    // A batch that is asked line by line holds the store until its last question.
    let mut holder = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["check", "--batch", "-"])
        .env("ROLECALL_DATA", home.data())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lock = home.data().join("lock");
    let begin = Instant::now();
    while std::fs::read_to_string(&lock).unwrap_or_default().is_empty() {
        assert!(begin.elapsed() < Duration::from_secs(20), "the holder never took the lock");
        std::thread::sleep(Duration::from_millis(20));
    }
    let begin = Instant::now();
    let run = home.run(&["users"]);
    assert!(begin.elapsed() >= Duration::from_millis(1900), "waited only {:?}", begin.elapsed());
    run.refused(1, &format!("process {}", holder.id()));
    drop(holder.stdin.take());
    holder.wait().unwrap();
    assert_eq!(home.run(&["users"]).code, 0);
}

#[test]
fn whoever_waits_for_input_holds_nothing() {
    let home = Home::clinic();
    // A file of that name is no standard input.
    home.file("-", "First Name\nFile\n");
    for (arguments, input) in [
        (&["import", "contacts", "-"][..], "First Name\nLate\n"),
        (&["apply", "-"], "[account]\nname = \"Late Clinic\"\n"),
    ] {
        let mut waiting = Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .args(arguments)
            .env("ROLECALL_DATA", home.data())
            .current_dir(home.path(""))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Long enough for it to get to where it waits.
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(home.run(&["users"]).code, 0, "{arguments:?}");
        let mut stdin = waiting.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        let output = waiting.wait_with_output().unwrap();
        assert!(output.status.success() && output.stdout.starts_with(b"1 c"), "{arguments:?}: {output:?}");
    }
}
