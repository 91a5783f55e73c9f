//! `apply` and `export`.

use crate::kit::{CLINIC, Home, OWNER};

#[test]
fn applying_twice_changes_nothing_the_second_time() {
    let home = Home::clinic();
    let file = home.file("team.toml", CLINIC);
    assert_eq!(home.json(&["apply", &file])["changes"], 0);
}

#[test]
fn what_is_exported_applies_without_a_change_and_rebuilds_the_team() {
    let home = Home::clinic();
    for name in ["team.toml", "team.json"] {
        let path = home.path(name);
        assert_eq!(home.run(&["export", &path]).code, 0);
        assert_eq!(home.json(&["apply", &path])["changes"], 0);
        assert_eq!(home.json(&["apply", &path, "--prune"])["changes"], 0);
        let other = Home::new();
        assert_eq!(other.run(&["apply", &path]).code, 0);
        assert_eq!(other.json(&["export"]), home.json(&["export"]));
    }
    let text = home.run(&["export"]).out;
    assert!(text.contains("[[roles]]") && !text.contains("name = \"Administrator\""), "locked roles aren't exported");
    assert!(!text.contains(OWNER), "the owner isn't needed");
    let piped = home.run_with(&["apply", "-", "--json"], home.run(&["export", "--json"]).out);
    assert_eq!(piped.json()["changes"], 0);
}

#[test]
fn a_file_with_any_error_changes_nothing_and_names_every_place() {
    let home = Home::clinic();
    let before = home.json(&["export"]);
    let text = "[[roles]]\nname = \"New\"\nmanager = \"Nobody\"\n\n[[users]]\nemail = \"new@paws.example\"\nrole = \"Vet Tech\"\nshoe = 3\n";
    let file = home.file("bad.toml", text);
    let run = home.run(&["apply", &file]);
    run.refused(1, &format!("{file}:3: roles[0].manager: there is no role “Nobody”"));
    run.refused(1, &format!("{file}:8: users[0].shoe: is an unknown key"));
    assert!(home.run(&["apply", &file, "--json"]).error()["error"].as_str().unwrap().contains(":8: users[0].shoe"));
    assert_eq!(home.json(&["export"]), before);
}

#[test]
fn hostile_files_are_refused() {
    let home = Home::clinic();
    for (name, contents, said) in [
        ("bytes.toml", &b"a = \"\xFF\"\n"[..], "isn't UTF-8"),
        ("broken.json", b"{\"roles\": [", "isn't JSON"),
        ("broken.toml", b"[[roles", "isn't TOML"),
        ("list.json", b"[]", "a table is expected"),
        (
            "name.toml",
            "[[users]]\nemail = \"a@b.example\"\nrole = \"Vet Tech\"\nname = \"x\u{202E}y\"\n".as_bytes(),
            "U+202E",
        ),
        ("owner.toml", b"[[users]]\nemail = \"a@b.example\"\nrole = \"Account Owner\"\n", "ownership never moves"),
        ("locked.toml", b"[[roles]]\nname = \"administrator\"\nmanager = \"Account Owner\"\n", "is locked"),
    ] {
        let file = home.file(name, contents);
        home.run(&["apply", &file]).refused(1, said);
    }
    home.run(&["apply", &home.path("missing.toml")]).refused(1, "missing.toml can't be read");
    home.run(&["apply", home.data().to_str().unwrap()]).refused(1, "can't be read");
}

#[test]
fn nobody_gives_by_file_what_they_do_not_hold() {
    // R31: an administrator of a part can't make themselves or others more than they are.
    let home = Home::clinic();
    let file = home.file(
        "more.toml",
        "[[roles]]\nname = \"Vet Tech\"\nmanager = \"Practice Manager\"\nfeatures = { \"deals.access\" = \"yes\", \"deals.export\" = \"yes\" }\n",
    );
    let run = home.run(&["apply", &file, "--as", "ada@paws.example"]);
    assert_eq!(run.code, 3, "{run:?}");
    let run = home.run(&["apply", &file, "--as", "sam@paws.example"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(home.run(&["apply", &file]).code, 0, "the operator may");
    home.run(&["export", "--as", "sam@paws.example"]).refused(3, "");
}

#[test]
fn revoking_somebody_with_records_by_file_is_refused_with_what_is_needed() {
    // R24
    let home = Home::clinic();
    let sam = "[[users]]\nemail = \"sam@paws.example\"\nrole = \"Vet Tech\"\nstatus = \"revoked\"\n";
    let file = home.file("sam.toml", sam);
    home.run(&["apply", &file]).refused(1, "users[0].status: revoking sam@paws.example needs answers");
    let ada =
        home.file("ada.toml", "[[users]]\nemail = \"ada@paws.example\"\nrole = \"Team Admin\"\nstatus = \"revoked\"\n");
    let run = home.run(&["apply", &ada]);
    assert_eq!(run.code, 0, "{run:?}");
    home.run(&["users", "--as", "ada@paws.example"]).refused(3, "revoked");
}

#[test]
fn pruning_a_role_with_members_is_refused_with_what_is_needed() {
    // R19
    let home = Home::clinic();
    let file = home.file("few.toml", "roles = []\n");
    home.run(&["apply", &file, "--prune"]).refused(1, "removing the role “Vet Tech”");
    assert_eq!(home.json(&["apply", &file])["changes"], 0);
}

#[test]
fn a_file_that_is_broken_throughout_is_told_in_a_few_lines() {
    let home = Home::new();
    let file = home.file("broken.toml", "] = [\n".repeat(80));
    let run = home.run(&["apply", &file]);
    run.refused(1, "more errors follow");
    assert!(run.err.lines().count() <= 8, "{run:?}");
}

#[test]
fn an_unlisted_cell_of_a_section_stays_as_it_is() {
    let home = Home::clinic();
    let apply = |sections: &str| {
        let text = format!(
            "[[roles]]\nname = \"Vet Tech\"\nmanager = \"Practice Manager\"\nsections.contacts = {{ {sections} }}\n"
        );
        home.run_with(&["apply", "-"], text)
    };
    let section = |name: &str| home.json(&["roles", "Vet Tech"])["sections"]["contacts"][name].clone();
    let before = home.json(&["export"]);
    // It is hidden: what isn't listed makes it an edit without a view.
    apply("\"System Information\" = { edit = true }").refused(1, "edit needs view, and view is off");
    apply("\"Notes\" = { view = false, edit = true }").refused(1, "edit needs view");
    assert_eq!(home.json(&["export"]), before);
    assert_eq!(apply("\"System Information\" = { view = false }").code, 0, "it is so already");
    assert_eq!(home.json(&["export"]), before);
    let hidden = apply("\"Notes\" = { view = false }");
    assert!(hidden.code == 0 && hidden.err.contains("edit is off too: it needs view"), "{hidden:?}");
    assert_eq!((&section("Notes")["view"], &section("Notes")["edit"]), (&false.into(), &false.into()));
    assert_eq!(apply("\"Purchase Information\" = { edit = true }, \"Notes\" = { view = true }").code, 0);
    assert_eq!((&section("Purchase Information")["edit"], &section("Notes")["edit"]), (&true.into(), &false.into()));
}

#[test]
fn what_a_file_says_without_effect_is_noted() {
    let home = Home::clinic();
    let role = "[[roles]]\nname = \"Helper\"\nmanager = \"Account Owner\"\n";
    let told = home.run_with(&["apply", "-"], format!("{role}features = {{ \"users.manage\" = \"yes\" }}\n"));
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.err.contains("roles[0].features.users.manage: users.manage is beyond the type User"), "{told:?}");
    let no = home.run_with(&["apply", "-"], format!("{role}features = {{ \"users.manage\" = \"no\" }}\n"));
    assert!(no.code == 0 && no.err.is_empty(), "{no:?}");
    let of_type = format!("{role}type = \"administrator\"\nfeatures = {{ \"users.manage\" = \"yes\" }}\n");
    let fits = home.run_with(&["apply", "-"], of_type);
    assert!(fits.code == 0 && fits.err.is_empty(), "{fits:?}");
    // Six people, the revoked one among them, use five seats.
    let seats = home.run_with(&["apply", "-"], "[account]\nseats = 2\n");
    assert_eq!(seats.code, 0, "{seats:?}");
    assert!(seats.err.contains("account.seats: the account has 2 seats then, and 5 people use one"), "{seats:?}");
    let enough = home.run_with(&["apply", "-"], "[account]\nseats = 5\n");
    assert!(enough.code == 0 && enough.err.is_empty(), "{enough:?}");
}

#[test]
fn a_team_that_is_as_the_file_says_may_have_more_than_it_lists() {
    let home = Home::clinic();
    let file = home.file(
        "few.toml",
        "[[fields.contacts]]\nsection = \"Lead Information\"\nname = \"Status\"\nkind = \"dropdown\"\noptions = [\"Lead\"]\n",
    );
    let run = home.run(&["apply", &file]);
    assert_eq!(run.out, "Nothing to change: the team is as the file says; what it doesn't list stays as it is.\n");
    let run = home.run(&["apply", &file, "--prune"]);
    assert!(run.out.contains("fields and options that it doesn't list stay."), "{run:?}");
}

#[test]
fn the_account_owner_is_no_account_manager_r27() {
    let home = Home::clinic();
    let text = format!("[[users]]\nemail = \"{OWNER}\"\nrole = \"Account Owner\"\naccount_manager = true\n");
    home.run_with(&["apply", "-"], text).refused(1, "users[0].account_manager: the account owner can't be");
}

#[test]
fn a_team_is_written_as_toml_or_json_alone() {
    let home = Home::clinic();
    let file = home.path("team.yaml");
    let run = home.run(&["export", &file]);
    run.refused(2, "TOML or JSON");
    run.refused(2, ".toml or .json");
    assert!(!std::path::Path::new(&file).exists());
    assert_eq!(home.run(&["export", &home.path("TEAM.JSON")]).code, 0);
}
