//! What keys do on each screen.

use crate::harness::{DOWN, ENTER, OWNER, PAGE_DOWN, RIGHT, TAB, UP, WIDE, clinic, hides, shows};

#[test]
fn users_are_found_by_text_as_it_is_typed() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys("2");
    shows(&console, "30 users");
    console.keys("/").keys("smith");
    shows(&console, "1 user");
    shows(&console, "sam@paws.example");
    hides(&console, "kim@paws.example");
    console.keys(ENTER).esc();
    shows(&console, "30 users");
}

/// 003-09: filter the list to users with selected roles (several).
#[test]
fn users_are_filtered_by_several_roles_003_09() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys("2").keys("f").keys("practice").keys(" ").keys("\x15").keys("marketing").keys(" ").keys(ENTER);
    shows(&console, "Practice Manager");
    shows(&console, "Marketing");
    shows(&console, "with the roles");
    hides(&console, "Vet Tech");
    console.keys("c");
    shows(&console, "30 users");
}

/// 003-12 and 002-34: each row carries its role; last sign-ins need `users.edit`.
#[test]
fn rows_carry_the_role_and_what_the_viewer_may_know_003_12_002_34() {
    let clinic = clinic(5);
    let mut owner = clinic.console_with(Some(OWNER), WIDE, crate::harness::DARK);
    owner.keys("2");
    shows(&owner, "Account Owner");
    shows(&owner, "Last seen");
    let mut tech = clinic.console_with(Some("sam@paws.example"), WIDE, crate::harness::DARK);
    tech.keys("2");
    shows(&tech, "Account Owner");
    hides(&tech, "Last seen");
    hides(&tech, "Exceptions");
}

#[test]
fn records_show_their_exact_number_and_are_searched_as_one_types() {
    let clinic = clinic(300);
    let mut console = clinic.console(OWNER);
    console.keys("4");
    shows(&console, "contacts · row 1");
    console.keys("/").keys("dlam");
    shows(&console, "contacts match");
    shows(&console, "Dlamini");
    hides(&console, "Nkosi");
    console.keys("zzz");
    shows(&console, "No contacts match. Press Esc to show all again.");
    console.esc();
    shows(&console, "contacts · row 1");
}

#[test]
fn records_are_paged_over_their_whole_length() {
    let clinic = clinic(300);
    let mut console = clinic.console(OWNER);
    console.keys("4").keys("G");
    let total = clinic.engine.acting_as(OWNER).unwrap().home().unwrap().owned[0].visible.unwrap();
    shows(&console, &format!("{total} contacts · row {total}"));
    console.keys("g");
    shows(&console, "row 1");
    for _ in 0..10 {
        console.keys(PAGE_DOWN);
    }
    shows(&console, &format!("row {}", 10 * 16 + 1));
    hides(&console, "\n   …");
}

#[test]
fn records_are_sorted_and_filtered_by_columns_that_may_be_viewed() {
    let clinic = clinic(200);
    let mut console = clinic.console(OWNER);
    console.keys("4").keys("s").keys("last name").keys(ENTER);
    shows(&console, "Last Name ▲");
    console.keys("s").keys("last name").keys(ENTER);
    shows(&console, "Last Name ▼");
    console.keys("f").keys("status").keys(ENTER).keys("customer").keys(" ").keys(ENTER);
    shows(&console, "Status is Customer");
    shows(&console, "contacts match");
    console.keys("f").keys("owner").keys(ENTER).keys("kim").keys(" ").keys(ENTER);
    shows(&console, "Status is Customer · Records Owned by Kim");
    console.keys("f").keys("created").keys(ENTER).keys("yesterday").keys("\x13");
    shows(&console, "isn't a date");
    console.esc().esc();
    shows(&console, "The contacts that you may see");
    console.keys(RIGHT).keys(RIGHT);
    shows(&console, "← 24 columns");
}

/// R11 and 001-24: a vet tech doesn't meet the sections that are hidden from them, anywhere.
#[test]
fn r11_hidden_sections_are_absent_from_lists_pickers_and_details_001_24() {
    let clinic = clinic(100);
    let mut owner = clinic.console(OWNER);
    owner.keys("4").keys(ENTER).keys("G");
    shows(&owner, "System Information");
    let mut tech = clinic.console("sam@paws.example");
    tech.keys(":").keys("go to contacts").keys(ENTER).keys(ENTER);
    shows(&tech, "Contact Information");
    let top = tech.text();
    tech.keys("G");
    for hidden in ["System Information", "Memberships", "Member Since", "Last Changed"] {
        assert!(!top.contains(hidden), "{hidden}");
        hides(&tech, hidden);
    }
    tech.esc();
    for key in ["s", "f"] {
        tech.keys(key).keys("member");
        shows(&tech, "Nothing by that name");
        tech.esc().esc();
    }
}

#[test]
fn home_opens_records_owned_000_12() {
    let clinic = clinic(100);
    let mut console = clinic.console("kim@paws.example");
    let owned = clinic.engine.acting_as("kim@paws.example").unwrap().home().unwrap().owned[0].owned.unwrap();
    shows(&console, "Records Owned");
    console.keys(ENTER);
    shows(&console, "Records Owned");
    shows(&console, &format!("{owned} contacts match"));
    console.esc();
    hides(&console, "match");
    console.esc();
    shows(&console, "What you may do");
}

/// 003-32: opening a role shows its permissions; 003-34: members open the profile.
#[test]
fn roles_show_permissions_and_members_003_32_003_34() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys("3").keys(ENTER);
    shows(&console, "Can view");
    shows(&console, "This role is locked");
    console.esc().keys(RIGHT).keys(ENTER);
    shows(&console, "› Users");
    // Where list and detail don't fit beside each other, it opens; the step back leads to the role.
    shows(&console, "Users › Olivia Hart");
    console.esc();
    shows(&console, "› Roles");
}

/// 004-16: Kim and Marco hold the same role; each sees the people who report to them.
#[test]
fn two_managers_of_one_role_see_different_lists_004_16() {
    let clinic = clinic(300);
    let mut seen = Vec::new();
    for email in ["kim@paws.example", "marco@paws.example"] {
        let mut console = clinic.console(email);
        console.keys("4").keys("s").keys("owner").keys(ENTER);
        seen.push(console.text());
        // Whoever reports to the other is no owner in this list.
        let other = if email.starts_with("kim") { "Sofía Márquez" } else { "Lukas Weber" };
        console.keys("/").keys(&other[..5]);
        hides(&console, other);
    }
    assert!(seen[0].contains("Practice Manager") && seen[1].contains("Practice Manager"));
    assert_ne!(seen[0].lines().nth(6), seen[1].lines().nth(6));
}

#[test]
fn the_persona_switch_keeps_the_screen_and_changes_the_eyes() {
    let clinic = clinic(100);
    let mut console = clinic.console(OWNER);
    console.keys("4");
    let all = console.text();
    console.keys("@").keys("freya").keys(ENTER);
    shows(&console, "Freya Lindqvist · Focused User");
    shows(&console, "› Contacts");
    assert_ne!(all, console.text());
    console.keys(":").keys("sign in as olivia").keys(ENTER);
    assert_eq!(console.text(), all);
}

#[test]
fn the_palette_finds_by_any_part_and_says_why_a_command_is_off() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys("4").keys(":").keys("show all");
    shows(&console, "All are shown already.");
    console.keys(ENTER);
    shows(&console, "! All are shown already.");
    console.keys("\x15").keys("xyzzy");
    shows(&console, "No command has that in its name.");
    console.esc().keys(b"\x10").keys("deals").keys(ENTER);
    shows(&console, "› Deals");
}

/// Other words for a command find it, after those that are called so.
#[test]
fn the_palette_finds_by_what_a_command_does() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    let first = |console: &rolecall::host::headless::Headless| {
        let text = console.text();
        let marked = text.lines().find(|line| line.contains('▌')).unwrap_or_else(|| panic!("{text}"));
        marked.to_owned()
    };
    let words = [
        ("theme", "Change the look"),
        ("colour", "Change the look"),
        ("logout", "Sign out"),
        ("history", "Go to Activity"),
        ("audit", "Go to Activity"),
        ("exception", "Go to Users"),
        ("password", "Change my password"),
        ("look", "Change the look"),
    ];
    for (typed, found) in words {
        console.keys(":").keys(typed);
        assert!(first(&console).contains(found), "{typed}: {}", console.text());
        console.keys("\x15").keys("\x7f");
    }
}

/// Where letters are typed, the palette names no key that would be typed.
#[test]
fn the_palette_over_a_text_names_the_keys_that_work_there() {
    let clinic = clinic(5);
    let mut console = clinic.door();
    console.keys("\x10");
    let text = console.text();
    let line = |what: &str| text.lines().find(|line| line.contains(what)).unwrap_or_else(|| panic!("{text}"));
    assert!(line("Quit").contains("Ctrl-C") && !line("Quit").contains(" q "), "{text}");
    assert!(!line(" Help ").contains('?'), "{text}");
}

/// R11: a command that the viewer may not use is absent from tabs, palette, help and keys.
#[test]
fn r11_what_may_not_be_used_is_absent_everywhere() {
    let clinic = clinic(5);
    clinic
        .engine
        .operator()
        .apply_team(
            "test",
            "[[roles]]\nname = \"Vet Tech\"\nmanager = \"Vet\"\n[roles.features]\n\"deals.access\" = \"no\"\n\"companies.access\" = \"no\"\n",
            rolecall::exchange::team_file::Format::Toml,
            false,
        )
        .map(|_| ())
        .unwrap_or_else(|error| panic!("{error}"));
    let mut console = clinic.console("sam@paws.example");
    hides(&console, "Deals");
    hides(&console, "Companies");
    console.keys("?");
    hides(&console, "Deals");
    console.esc().keys(":").keys("go to deals");
    hides(&console, "Go to Deals");
    console.esc();
    for key in ["6", "7", "8", "9"] {
        console.keys(key);
        shows(&console, "What you may do");
    }
}

#[test]
fn in_a_wide_window_the_detail_follows_the_cursor() {
    let clinic = clinic(50);
    let mut console = clinic.console_with(Some(OWNER), WIDE, crate::harness::DARK);
    console.keys("2").keys(DOWN).keys(DOWN);
    let second = console.text();
    console.keys(UP);
    assert_ne!(second, console.text());
    shows(&console, "Type");
    console.keys(TAB).keys(DOWN);
    console.esc();
    shows(&console, "30 users");
}

#[test]
fn names_with_invisible_characters_are_drawn_visibly() {
    assert_eq!(rolecall::model::text::visible("ad\u{202E}min"), "ad⟨U+202E⟩min");
    // A pasted search is text, whatever is in it.
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys("2").keys("/").keys("\x1b[200~ad\u{202E}min\x1b[31m\r\nq\x1b[201~");
    shows(&console, "ad⟨U+202E⟩min[31m q");
    shows(&console, "Nobody matches.");
}

/// What was said on one screen is not there on the next, nor when somebody else looks.
#[test]
fn a_word_goes_with_the_screen_it_was_said_on() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.esc();
    shows(&console, "This is the first screen.");
    console.keys("2");
    hides(&console, "This is the first screen.");
    console.keys("1").esc();
    shows(&console, "This is the first screen.");
    console.keys("@").keys("kim").keys(ENTER);
    shows(&console, "Kim Nguyen");
    hides(&console, "This is the first screen.");
}
