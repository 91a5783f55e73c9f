//! `init` and `passwd`.

use crate::kit::{Home, OWNER};

const INIT: &[&str] =
    &["init", "--account", "Paws Clinic", "--owner", "Olga@Paws.example", "--owner-name", "Olga Owner"];

#[test]
fn init_without_a_terminal_prints_a_temporary_password() {
    let home = Home::empty();
    let run = home.run(INIT);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.trim().len() >= 12 && run.out.lines().count() == 1, "{run:?}");
    let users = home.json(&["users"]);
    assert_eq!(users[0]["email"], OWNER, "000-03: the user name is the email, case-folded");
    assert_eq!(users[0]["role"], "Account Owner");
    assert_eq!(users[0]["status"], "active");
}

#[test]
fn init_takes_a_password_from_standard_input() {
    let home = Home::empty();
    let arguments: Vec<&str> = INIT.iter().copied().chain(["--password-stdin", "--json"]).collect();
    let told = home.run_with(&arguments, "a long and quiet evening\n").json();
    assert_eq!(told["temporary_password"], serde_json::Value::Null);
    assert_eq!(told["owner"], OWNER);
}

#[test]
fn init_refuses_weak_passwords_and_bad_names() {
    let home = Home::empty();
    let arguments: Vec<&str> = INIT.iter().copied().chain(["--password-stdin"]).collect();
    for (password, said) in
        [("", "12 characters"), ("short", "12 characters"), ("olga@paws.example", "email or the name")]
    {
        home.run_with(&arguments, format!("{password}\n")).refused(1, said);
    }
    home.run(&["init", "--account", "", "--owner", OWNER, "--owner-name", "Olga"])
        .refused(1, "account's name is empty");
    home.run(&["init", "--account", "x", "--owner", "nope", "--owner-name", "Olga"]).refused(1, "email");
    home.run(&["init", "--account", "x\u{202E}y", "--owner", OWNER, "--owner-name", "O"]).refused(1, "U+202E");
    home.run(&["init", "--account", "x", "--owner", OWNER, "--owner-name", "O", "--as", OWNER]).refused(3, "operator");
    home.run(&["users"]).refused(1, "no account");
}

#[test]
fn a_second_init_changes_nothing() {
    let home = Home::new();
    home.run(INIT).refused(1, "an account here already");
}

#[test]
fn passwd_is_the_operators_and_prints_a_temporary_password() {
    let home = Home::clinic();
    let run = home.run(&["passwd", "SAM@paws.example"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.trim().len() >= 12, "{run:?}");
    let told = home.json(&["passwd", "sam@paws.example"]);
    assert_ne!(told["temporary_password"].as_str().unwrap(), run.out.trim());
    home.run(&["passwd", "sam@paws.example", "--as", OWNER]).refused(3, "operator");
    home.run(&["passwd", "nobody@paws.example"]).refused(1, "there is no user");
    home.run(&["passwd", "gone@paws.example"]).refused(1, "revoked");
}

#[test]
fn an_init_that_is_refused_leaves_nothing_behind() {
    let home = Home::empty();
    let arguments: Vec<&str> = INIT.iter().copied().chain(["--password-stdin"]).collect();
    home.run_with(&arguments, "short\n").refused(1, "12 characters");
    assert!(!home.data().exists());
    // A store that was made before and never used is as good as none.
    let other = Home::new();
    let file = other.path("paws.backup");
    assert_eq!(other.run(&["backup", &file]).code, 0);
    assert_eq!(home.run(&["restore", &file]).code, 0);
}

/// Runs it in a shell, where its output goes elsewhere.
fn in_a_shell(home: &Home, script: &str) -> crate::kit::Run {
    let output = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_rolecall")])
        .env("ROLECALL_DATA", home.data())
        .output()
        .unwrap();
    crate::kit::Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_new_password_that_nobody_sees_is_told_of() {
    let home = Home::clinic();
    let resets = || home.json(&["audit"]).as_array().unwrap().len();
    let before = resets();
    in_a_shell(&home, "\"$0\" passwd sam@paws.example >&-").refused(1, "nothing was changed");
    assert_eq!(resets(), before, "it was looked at first");
    for more in ["", "--json"] {
        let run = in_a_shell(&home, &format!("\"$0\" passwd sam@paws.example {more} >/dev/full"));
        run.refused(1, "was replaced all the same");
        run.refused(1, "run it again");
        let run = in_a_shell(&home, &format!("( sleep 1; \"$0\" passwd sam@paws.example {more}; echo $? >&2 ) | true"));
        assert!(run.err.contains("was replaced all the same") && run.err.trim().ends_with('1'), "{run:?}");
    }
    assert_eq!(in_a_shell(&home, "\"$0\" passwd sam@paws.example >/dev/null").code, 0, "on purpose");
    let empty = Home::empty();
    let init = "\"$0\" init --account x --owner o@paws.example --owner-name O >/dev/full </dev/null";
    in_a_shell(&empty, init).refused(1, "rolecall passwd o@paws.example");
}
