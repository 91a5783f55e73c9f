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
