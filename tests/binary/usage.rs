//! Wrong usage, help, and the way out.

use crate::kit::{Home, OWNER, run};
use std::process::{Command, Stdio};

#[test]
fn wrong_usage_exits_with_2_and_says_what_is_right() {
    let home = Home::empty();
    for arguments in [
        &["frobnicate"][..],
        &["records"],
        &["records", "contacts", "--limit", "many"],
        &["records", "contacts", "--filter", "nonsense"],
        &["records", "horses"],
        &["import", "horses", "x.csv"],
        &["import", "contacts", "x.csv", "--map", "nonsense"],
        &["check", "contacts.view"],
        &["check", "--as", "x@y.example"],
        &["check", "--batch", "-", "--as", "x@y.example"],
        &["init", "--account", "x"],
        &["verify", "--head", "zz"],
        &["records", "contacts", "--csv", "--json"],
        &["--as", "x@y.example"],
        &["man", "frobnicate"],
        // A demo is thrown away: it takes no directory.
        &["demo", "--data", "kept"],
        &["demo", "--data=kept"],
    ] {
        home.run(arguments).refused(2, "");
        let with_json: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
        let told = home.run(&with_json);
        assert_eq!(told.code, 2, "{told:?}");
        assert!(!told.error()["error"].as_str().unwrap().is_empty(), "{told:?}");
    }
    assert!(!home.data().exists(), "wrong usage leaves no trace");
}

#[test]
fn without_an_account_every_command_says_to_run_init() {
    for prepared in [false, true] {
        let home = Home::empty();
        if prepared {
            std::fs::create_dir(home.data()).unwrap();
        }
        let file = home.file("team.toml", "");
        let csv = home.file("x.csv", "First Name\nAnn\n");
        for arguments in [
            &["records", "contacts"][..],
            &["users"],
            &["roles"],
            &["audit"],
            &["export"],
            &["apply", &file],
            &["import", "contacts", &csv],
            &["check", "--as", "x@y.example", "contacts.view"],
            &["passwd", "x@y.example"],
        ] {
            home.run(arguments).refused(1, "rolecall init");
            let told: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
            assert!(home.run(&told).error()["hint"].as_str().unwrap().contains("rolecall init"));
        }
    }
}

#[test]
fn what_is_written_wrong_is_told_in_words_with_the_way_out() {
    let home = Home::clinic();
    for command in [&["records", "contacts"][..], &["audit"]] {
        home.run(&[command, &["--limit", "many"]].concat()).refused(2, "give a whole number, such as 50");
    }
    let file = home.file("team.toml", "");
    home.run(&["users", "--data", &file]).refused(1, "that is a file");
    let told = home.run(&["passwd", "sam@paws.example", "--as", OWNER]);
    told.refused(3, "leave out --as");
}

#[test]
fn help_version_completions_and_the_manual_page_need_no_data_directory() {
    for (arguments, said) in [
        (&["--help"][..], "Exit codes"),
        (&["--version"], "rolecall 0."),
        (&["records", "--help"], "Examples"),
        (&["completions", "bash"], "_rolecall"),
        (&["completions", "zsh"], "#compdef"),
        (&["completions", "fish"], "complete -c rolecall"),
        (&["man"], ".TH rolecall 1"),
        (&["man", "records"], ".TH rolecall-records 1"),
    ] {
        let run = run(None, arguments, b"");
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.out.contains(said), "“{said}” is missing in {}", run.out);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let home = Home::clinic();
    for arguments in [&["export"][..], &["records", "contacts", "--json"], &["records", "contacts", "--csv"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .args(arguments)
            .env("ROLECALL_DATA", home.data())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        assert!(output.status.success());
    }
}

#[test]
fn the_data_option_wins_over_the_environment() {
    let (one, other) = (Home::new(), Home::empty());
    let data = one.data();
    let run = other.run(&["users", "--data", data.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(!other.data().exists());
}

#[test]
fn without_either_the_platforms_data_directory_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["init", "--account", "Paws", "--owner", "olga@paws.example", "--owner-name", "Olga"])
        .env("ROLECALL_DATA", "")
        .env("HOME", folder.path())
        .env_remove("XDG_DATA_HOME")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let there = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(there, 1, "everything is in the home directory");
}

#[test]
fn a_console_without_a_terminal_is_refused_in_words() {
    Home::new().run(&[]).refused(1, "terminal");
}

#[test]
fn somebody_unknown_or_gone_acts_for_nobody() {
    let home = Home::clinic();
    home.run(&["users", "--as", "nobody@paws.example"]).refused(1, "there is no user nobody@paws.example");
    home.run(&["users", "--as", "gone@paws.example"]).refused(3, "revoked");
}

/// Runs it as somebody who may not enter the data directory: a superuser may enter every one.
fn as_nobody(home: &Home, arguments: &[&str]) -> crate::kit::Run {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    // Where everybody may run it from.
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = folder.path().join("rolecall");
    std::fs::copy(env!("CARGO_BIN_EXE_rolecall"), &program).unwrap();
    let mut command = Command::new(&program);
    command.args(arguments).env("ROLECALL_DATA", home.data()).current_dir("/").stdin(Stdio::null());
    let superuser = rustix::process::geteuid().is_root();
    if superuser {
        command.uid(65534).gid(65534);
    } else {
        std::fs::set_permissions(home.data(), std::fs::Permissions::from_mode(0o000)).unwrap();
    }
    let output = command.output().unwrap();
    if !superuser {
        std::fs::set_permissions(home.data(), std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    crate::kit::Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_data_directory_that_may_not_be_entered_is_no_empty_one() {
    let home = Home::clinic();
    for arguments in [&["users"][..], &["records", "contacts"], &["verify"], &["check", "--as", OWNER, "contacts.view"]]
    {
        let run = as_nobody(&home, arguments);
        run.refused(1, "Permission denied");
        run.refused(1, "--data DIR");
        assert!(!run.err.contains("no account"), "{run:?}");
    }
    let told = as_nobody(&home, &["users", "--json"]);
    assert!(told.error()["hint"].as_str().unwrap().contains("--data DIR"), "{told:?}");
    as_nobody(&home, &["init", "--account", "x", "--owner", OWNER, "--owner-name", "O"])
        .refused(1, "Permission denied");
}

#[test]
fn help_as_other_programs_have_it() {
    for (asked, same) in [(&["help"][..], &["--help"][..]), (&["help", "records"], &["records", "--help"])] {
        let (help, told) = (run(None, asked, b""), run(None, same, b""));
        assert_eq!((help.code, help.out), (0, told.out), "{asked:?}");
    }
    assert_eq!(run(None, &["help", "frobnicate"], b"").code, 2);
}

#[test]
fn titles_of_manual_pages_name_the_program() {
    for page in [&["man"][..], &["man", "records"]] {
        let told = run(None, page, b"").out;
        let title = told.lines().find(|line| line.starts_with(".TH ")).unwrap().to_owned();
        assert!(title.contains(" 1 \"\" \"rolecall 0.") && title.ends_with("\""), "{title}");
    }
}

#[test]
fn a_demo_for_somebody_who_is_not_in_it_opens_no_console() {
    let home = Home::empty();
    home.run(&["demo", "--as", "nobody@x.example"]).refused(1, "there is no user nobody@x.example");
    let told = home.run(&["demo", "--as", "nobody@x.example", "--json"]).error();
    assert!(told["hint"].as_str().unwrap().contains("--as"), "{told}");
    for (gone, status) in [("tariq@paws.example", "invited"), ("peter@paws.example", "revoked")] {
        home.run(&["demo", "--as", gone]).refused(3, status);
    }
    // Whoever is in it gets as far as the terminal that isn't there.
    home.run(&["demo", "--as", "kim@paws.example"]).refused(1, "terminal");
}
