//! `users`, `roles`, `audit`.

use crate::kit::Home;

#[test]
fn users_are_listed_with_role_status_and_manager() {
    // 002-34
    let home = Home::clinic();
    let users = home.json(&["users", "--as", "sam@paws.example"]);
    let sam = users.as_array().unwrap().iter().find(|user| user["email"] == "sam@paws.example").unwrap();
    assert_eq!(sam["role"], "Vet Tech");
    assert_eq!(sam["manager"], "kim@paws.example");
    assert_eq!(sam["status"], "active");
    let table = home.run(&["users"]).out;
    assert!(table.lines().any(|line| line.contains("gone@paws.example") && line.contains("revoked")), "{table}");
    // 003-09
    let some = home.json(&["users", "--role", "vet tech", "--role", "Team Admin"]);
    assert_eq!(some.as_array().unwrap().len(), 4);
    assert_eq!(home.json(&["users", "--search", "SMITH"]).as_array().unwrap().len(), 1);
    home.run(&["users", "--role", "Pilot"]).refused(1, "no role “Pilot”");
}

#[test]
fn one_person_is_told_as_far_as_the_asker_may_know() {
    let home = Home::clinic();
    let told = home.json(&["users", "sam@paws.example"]);
    assert_eq!(told["exceptions"][0]["feature"], "contacts.export");
    let told = home.json(&["users", "sam@paws.example", "--as", "tess@paws.example"]);
    assert!(told.get("exceptions").is_none() && told.get("addresses").is_none(), "{told}");
    home.run(&["users", "nobody@paws.example"]).refused(1, "there is no user");
}

#[test]
fn roles_are_listed_with_their_active_members() {
    let home = Home::clinic();
    let roles = home.json(&["roles"]);
    let role = |name: &str| roles.as_array().unwrap().iter().find(|role| role["name"] == name).unwrap().clone();
    assert_eq!(role("Vet Tech")["manager"], "Practice Manager");
    assert_eq!(role("Vet Tech")["members"].as_array().unwrap().len(), 2, "R29: without the revoked");
    assert_eq!(role("Administrator")["locked"], true);
    let told = home.json(&["roles", "vet tech"]);
    assert_eq!(told["features"]["contacts.vcard"], "request");
    assert_eq!(told["features"]["contacts.import"], "yes", "R13: whoever may create may import");
    assert_eq!(told["scopes"]["contacts"]["view"], "own");
    assert_eq!(told["sections"]["contacts"]["System Information"]["view"], false);
    assert!(home.run(&["roles", "Vet Tech"]).out.contains("Owned by me"));
    home.run(&["roles", "Pilot"]).refused(1, "no role “Pilot”");
}

#[test]
fn the_history_needs_its_permission() {
    let home = Home::clinic();
    let entries = home.json(&["audit"]);
    let entries = entries.as_array().unwrap();
    assert!(entries.iter().all(|entry| entry["actor"] == "operator"), "the operator's commands are logged as such");
    assert!(entries[0]["sequence"].as_u64() > entries[1]["sequence"].as_u64(), "newest first");
    assert_eq!(home.json(&["audit", "--limit", "1"]).as_array().unwrap().len(), 1);
    assert_eq!(home.run(&["audit", "--as", "ada@paws.example"]).code, 0);
    home.run(&["audit", "--as", "sam@paws.example"]).refused(3, "");
    assert!(home.run(&["audit"]).out.contains("operator"));
}

#[test]
fn when_somebody_was_last_seen_is_absent_for_those_who_may_not_know() {
    // R11
    let home = Home::clinic();
    assert!(home.run(&["users"]).out.contains("Last seen"));
    for user in home.json(&["users"]).as_array().unwrap() {
        assert!(user.as_object().unwrap().contains_key("last_seen"), "{user}");
    }
    let others = home.json(&["users", "--as", "sam@paws.example"]);
    let tess = others.as_array().unwrap().iter().find(|user| user["email"] == "tess@paws.example").unwrap();
    assert!(tess.get("last_seen").is_none(), "{tess}");
    assert!(home.json(&["users", "tess@paws.example", "--as", "sam@paws.example"]).get("last_seen").is_none());
    let any = others.as_array().unwrap().iter().any(|user| user.get("last_seen").is_some());
    assert_eq!(home.run(&["users", "--as", "sam@paws.example"]).out.contains("Last seen"), any);
}

#[test]
fn a_limit_of_the_history_counts_only_what_is_told_r32() {
    let home = Home::clinic();
    let ada: Vec<_> = home.json(&["audit", "--as", "ada@paws.example"]).as_array().unwrap().clone();
    // The clinic's records came last, and aren't all for her: the latest of the history is out of her view.
    let seal = "First Name,owner,private\nSecret,kim@paws.example,yes\n";
    for _ in 0..3 {
        assert_eq!(home.run_with(&["import", "contacts", "-", "--strict"], seal).code, 0);
    }
    for limit in [1, 2, ada.len()] {
        let told = home.json(&["audit", "--as", "ada@paws.example", "--limit", &limit.to_string()]);
        assert_eq!(told.as_array().unwrap()[..], ada[..limit], "what is hidden takes nobody's place");
    }
    assert_eq!(home.json(&["audit", "--as", "ada@paws.example", "--limit", "0"]).as_array().unwrap().len(), 0);
}

#[test]
fn an_exception_that_comes_to_nothing_is_marked_and_so_is_one_that_is_redundant_r10() {
    let home = Home::clinic();
    let file = home.file(
        "exceptions.toml",
        "[[users]]\nemail = \"tess@paws.example\"\nrole = \"Vet Tech\"\n\
         exceptions = { \"deals.export\" = \"visible\", \"contacts.export\" = \"not visible\", \"contacts.vcard\" = \"visible\" }\n",
    );
    assert_eq!(home.run(&["apply", &file]).code, 0);
    let told = home.json(&["users", "tess@paws.example"]);
    let of = |key: &str| {
        let all = told["exceptions"].as_array().unwrap();
        all.iter().find(|exception| exception["feature"] == key).unwrap().clone()
    };
    let void = of("deals.export");
    assert_eq!(void["holds"], home.run(&["check", "--as", "tess@paws.example", "deals.export"]).code == 0);
    assert!(void["void"].as_str().unwrap().contains("the area Deals is off"), "{void}");
    assert_eq!((&of("contacts.export")["redundant"], &of("contacts.export")["holds"]), (&true.into(), &true.into()));
    assert_eq!((&of("contacts.vcard")["redundant"], &of("contacts.vcard")["void"]), (&false.into(), &().into()));
    let text = home.run(&["users", "tess@paws.example"]).out;
    assert!(text.contains("Visible (comes to nothing: the area Deals is off for them)"), "{text}");
    assert!(text.contains("Not Visible (redundant: the role “Vet Tech” says the same)"), "{text}");
}
