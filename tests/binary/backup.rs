//! `backup`, `restore`, `verify`.

use crate::kit::Home;

#[test]
fn a_backup_restores_the_same_account() {
    let home = Home::clinic();
    let file = home.path("paws.backup");
    let made = home.json(&["backup", &file]);
    let other = Home::empty();
    let restored = other.json(&["restore", &file]);
    assert_eq!(restored["head"], made["head"]);
    assert_eq!(other.json(&["export"]), home.json(&["export"]));
    assert_eq!(other.json(&["records", "contacts"]), home.json(&["records", "contacts"]));
    let with_slash = format!("{}/", other.path("another"));
    assert_eq!(other.run(&["restore", &file, "--data", &with_slash]).code, 0);
    let head = made["head"].as_str().unwrap();
    assert_eq!(other.json(&["verify", "--head", head])["sound"], true);
}

#[test]
fn verify_finds_a_change_to_the_history() {
    let home = Home::clinic();
    let sound = home.json(&["verify"]);
    assert_eq!(sound["sound"], true);
    assert_eq!(sound["records"], 7);
    let segment = std::fs::read_dir(home.data().join("journal")).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x20;
    std::fs::write(&segment, bytes).unwrap();
    let run = home.run(&["verify"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("problem: "), "{run:?}");
}

/// What `verify` says on a data directory that isn't as it should be.
fn unsound(home: &Home, said: &[&str]) {
    let run = home.run(&["verify"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(!run.out.contains("Everything is"), "{run:?}");
    for said in said {
        assert!(run.err.contains(said), "“{said}” is missing: {run:?}");
    }
    let run = home.run(&["verify", "--json"]);
    assert_eq!(
        (run.code, run.out.contains("\"sound\":false") || run.out.contains("\"sound\": false")),
        (1, true),
        "{run:?}"
    );
}

#[test]
fn verify_finds_that_the_passwords_are_gone_and_leaves_the_file_as_it_is() {
    let home = Home::clinic();
    let secrets = home.data().join("secrets");
    let kept = std::fs::read(&secrets).unwrap();
    std::fs::write(&secrets, "").unwrap();
    unsound(&home, &["nobody can sign in", "secrets", "rolecall passwd"]);
    assert_eq!(std::fs::read(&secrets).unwrap(), b"");
    std::fs::remove_file(&secrets).unwrap();
    unsound(&home, &["nobody can sign in", "secrets", "rolecall passwd"]);
    assert!(!secrets.exists());
    std::fs::write(&secrets, &kept).unwrap();
    assert_eq!(home.json(&["verify"])["sound"], true);
}

#[test]
fn verify_finds_the_passwords_of_people_whom_the_account_never_had() {
    let (home, larger) = (Home::new(), Home::clinic());
    assert_eq!(larger.run(&["passwd", "tess@paws.example"]).code, 0);
    let foreign = std::fs::read(larger.data().join("secrets")).unwrap();
    std::fs::write(home.data().join("secrets"), &foreign).unwrap();
    unsound(&home, &["another account", "secrets", "rolecall passwd"]);
    assert_eq!(std::fs::read(home.data().join("secrets")).unwrap(), foreign);
}

#[test]
fn an_index_that_could_not_be_checked_is_not_called_sound() {
    let home = Home::clinic();
    let index = home.data().join("index");
    std::fs::remove_dir_all(&index).unwrap();
    let report = home.json(&["verify"]);
    assert_eq!(report["sound"], true, "the next start makes it: {report}");
    assert!(report["notes"].to_string().contains("there is no index"), "{report}");
    assert!(!index.exists(), "verify alters nothing");
    // It can't be opened, and whether it is damaged nobody knows.
    std::fs::create_dir_all(index.join("db")).unwrap();
    unsound(&home, &["it was not checked", "verify again"]);
}

#[test]
fn a_foreign_head_is_no_part_of_the_history() {
    let home = Home::clinic();
    let run = home.run(&["verify", "--head", &"ab".repeat(32)]);
    assert_eq!(run.code, 1, "{run:?}");
}

#[test]
fn only_the_operator_backs_up_and_only_into_an_empty_directory() {
    let home = Home::clinic();
    let file = home.path("paws.backup");
    for command in ["backup", "restore"] {
        home.run(&[command, &file, "--as", "olga@paws.example"]).refused(3, "only the operator");
    }
    home.run(&["verify", "--as", "olga@paws.example"]).refused(3, "only the operator");
    assert_eq!(home.run(&["backup", &file]).code, 0);
    home.run(&["restore", &file]).refused(1, "not empty");
    let broken = home.file("broken.backup", &std::fs::read(&file).unwrap()[..100]);
    Home::empty().run(&["restore", &broken]).refused(1, "broken.backup");
    Home::empty().run(&["restore", &home.path("none")]).refused(1, "none");
    home.run(&["backup", "/nowhere/at/all"]).refused(1, "nowhere");
}

/// The names beside a file, sorted.
fn beside(home: &Home, folder: &str) -> Vec<String> {
    let names = std::fs::read_dir(home.path(folder)).unwrap();
    let mut names: Vec<String> = names.map(|name| name.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_goes_out_follows_a_link_and_leaves_it_there() {
    let home = Home::clinic();
    for (command, more) in [("backup", &[][..]), ("export", &["--json"])] {
        let folder = home.path(command);
        std::fs::create_dir_all(format!("{folder}/real")).unwrap();
        let (link, target) = (format!("{folder}/link"), format!("{folder}/real/file"));
        std::os::unix::fs::symlink("real/file", &link).unwrap();
        // At first it leads to nothing, then to a file.
        for old in [None, Some("old")] {
            if let Some(old) = old {
                std::fs::write(&target, old).unwrap();
            }
            let run = home.run(&[&[command, link.as_str()], more].concat());
            assert_eq!(run.code, 0, "{run:?}");
            assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink(), "{command}: the link was replaced");
            assert!(std::fs::metadata(&target).unwrap().len() > 100, "{command}");
        }
        assert_eq!(beside(&home, command), ["link", "real"]);
        assert_eq!(beside(&home, &format!("{command}/real")), ["file"]);
    }
    // A link isn't a way into the data directory either.
    let link = home.path("inside");
    std::os::unix::fs::symlink(home.data().join("journal/x"), &link).unwrap();
    home.run(&["backup", &link]).refused(1, "data directory itself");
    let round = home.path("round");
    std::os::unix::fs::symlink("round", &round).unwrap();
    home.run(&["backup", &round]).refused(1, "circle");
}

#[test]
fn a_pipe_or_a_device_is_never_replaced() {
    use std::os::unix::fs::FileTypeExt as _;
    let home = Home::clinic();
    let pipe = home.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    home.run(&["backup", &pipe]).refused(1, "is no file but a pipe or a device; name a file");
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).unwrap()
    });
    assert_eq!(home.run(&["export", &pipe]).code, 0, "it is written through");
    assert_eq!(reader.join().unwrap(), home.run(&["export"]).out);
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo(), "it is still a pipe");
}

#[test]
fn what_fails_to_go_out_leaves_nothing_beside_it() {
    let home = Home::clinic();
    std::fs::create_dir(home.path("kept")).unwrap();
    for command in ["backup", "export"] {
        for path in [home.path("kept"), format!("{}/", home.path("kept")), home.path("new/")] {
            home.run(&[command, &path]).refused(1, "is a directory; name a file in it");
        }
        // A name that can't be: it gets as far as putting it there.
        home.run(&[command, &home.path(&format!("kept/{}", "x".repeat(300)))]).refused(1, "");
        assert_eq!(beside(&home, "kept"), Vec::<String>::new(), "{command}");
        assert_eq!(beside(&home, ""), ["data", "kept"], "{command}");
    }
}

/// A shell keeps the program from writing more than this many blocks into a file.
#[test]
fn a_backup_that_breaks_off_leaves_nothing_and_keeps_the_old_one() {
    let home = Home::clinic();
    std::fs::create_dir(home.path("kept")).unwrap();
    let file = home.file("kept/old", "old");
    let script = format!("trap '' XFSZ; ulimit -f 1; exec \"$0\" backup '{file}'");
    let output = std::process::Command::new("bash")
        .args(["-c", &script, env!("CARGO_BIN_EXE_rolecall")])
        .env("ROLECALL_DATA", home.data())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "old");
    assert_eq!(beside(&home, "kept"), ["old"]);
}

#[test]
fn a_directory_that_was_opened_and_never_used_takes_a_backup() {
    let home = Home::clinic();
    let file = home.path("paws.backup");
    assert_eq!(home.run(&["backup", &file]).code, 0);
    // As a console leaves it that was opened and left before there was an account.
    let other = Home::empty();
    for name in ["index", "journal"] {
        std::fs::create_dir_all(other.data().join(name)).unwrap();
    }
    std::fs::write(other.data().join("index/db"), "anything").unwrap();
    std::fs::write(other.data().join("lock"), "").unwrap();
    // Anything else in it is somebody's.
    for stray in ["journal/00000000000000000001.journal", "notes"] {
        let path = other.data().join(stray);
        std::fs::write(&path, "").unwrap();
        other.run(&["restore", &file]).refused(1, "not empty");
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(other.run(&["restore", &file]).code, 0);
    assert_eq!(other.json(&["export"]), home.json(&["export"]));
    other.run(&["restore", &file]).refused(1, "not empty");
}
