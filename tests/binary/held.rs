//! A store that another process holds.

use crate::kit::Home;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn a_store_that_is_held_is_waited_for_and_then_its_holder_is_named() {
    let home = Home::clinic();
    // An import whose input never comes holds the store for as long as it waits.
    let mut holder = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["import", "contacts", "-"])
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
