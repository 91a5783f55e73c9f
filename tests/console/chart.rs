//! The role chart and the user types.

use rolecall::exchange::team_file::Format;
use rolecall::tui::event::Size;

use crate::harness::{Clinic, DARK, DOWN, ENTER, OWNER, RIGHT, SMALL, UP, WIDE, clinic, hides, shows};

const LEFT: &str = "\x1b[D";

fn apply(clinic: &Clinic, file: &str) {
    let applied = clinic.engine.operator().apply_team("test", file, Format::Toml, false);
    applied.map(|_| ()).unwrap_or_else(|error| panic!("{error}"));
}

fn manager(clinic: &Clinic, role: &str) -> Option<String> {
    clinic.engine.operator().role_detail(role).unwrap().row.manager
}

/// 000-08: the way to it; 000-07, 000-09: every role below the one that manages it, Account Owner on
/// top; with how many hold it, and how many stand below.
#[test]
fn the_role_chart_stands_where_it_is_looked_for_000_07_000_08_000_09() {
    let clinic = clinic(5);
    for words in ["role chart", "administration user management", "team roles permission management"] {
        let mut console = clinic.console_with(Some(OWNER), Size { width: 160, height: 45 }, DARK);
        console.keys(":").keys(words).keys(ENTER);
        shows(&console, "Administration › User Management › Team Roles & Permission Management › Role chart");
    }
    let mut console = clinic.console("sam@paws.example");
    console.keys("3").keys("t");
    shows(&console, "… › Role chart");
    let frame = console.text();
    let depth = |name: &str| {
        let line =
            frame.lines().skip(4).find(|line| line.contains(name)).unwrap_or_else(|| panic!("no {name}\n{frame}"));
        line.chars().take_while(|letter| !letter.is_alphabetic()).count()
    };
    assert!(depth("Account Owner") < depth("Practice Manager"));
    assert!(depth("Practice Manager") < depth("Vet ") && depth("Vet ") < depth("Vet Tech"));
    let operator = clinic.engine.operator();
    let everybody: usize = operator.roles().unwrap().iter().map(|role| role.members.len()).sum();
    let top = frame.lines().find(|line| line.contains("Account Owner  locked")).unwrap();
    let numbers: Vec<usize> = top.split_whitespace().rev().take(2).map(|word| word.parse().unwrap()).collect();
    assert_eq!(numbers, [everybody - 1, 1]);
    // R11: who may not manage roles has no move.
    console.keys(DOWN).keys("m");
    hides(&console, "Moving");
}

/// 000-07, 000-10: branches open and close, a role is found by typing, Enter opens it, M its members.
#[test]
fn branches_open_and_close_and_lead_to_roles_and_people_000_10() {
    let clinic = clinic(5);
    let mut console = clinic.console(OWNER);
    console.keys("3").keys("t").keys("-");
    hides(&console, "Vet Tech");
    shows(&console, "Account Owner");
    console.keys(RIGHT);
    shows(&console, "Practice Manager");
    hides(&console, "Vet Tech");
    console.keys("/").keys("vet te");
    shows(&console, "Vet Tech");
    console.keys(ENTER).keys(LEFT);
    let line = console.text().lines().find(|line| line.starts_with(" ▌")).unwrap().to_owned();
    assert!(line.contains("Vet") && !line.contains("Tech"), "up to its manager: {line}");
    console.keys("M").keys("amara").keys(ENTER);
    shows(&console, "› Users");
    console.esc();
    shows(&console, "Role chart");
    console.keys(ENTER);
    shows(&console, "› Roles");
}

/// 000-06: a role is moved to another manager, after a look at what that means; nothing goes below
/// itself; Esc drops it.
#[test]
fn a_role_is_picked_up_and_put_under_another_manager_000_06() {
    let clinic = clinic(40);
    let mut console = clinic.console(OWNER);
    console.keys("3").keys("t").keys("/").keys("vet").keys(ENTER).keys("m");
    shows(&console, "Moving “Vet”");
    // From its manager down: its own branch isn't offered.
    console.keys(DOWN);
    let line = console.text().lines().find(|line| line.starts_with(" ▌")).unwrap().to_owned();
    assert!(line.contains("Reception"), "{line}");
    console.keys(ENTER);
    shows(&console, "“Vet”, with the roles below it, moves under “Reception”.");
    console.esc();
    assert_eq!(manager(&clinic, "Vet").as_deref(), Some("Practice Manager"));
    console.esc();
    hides(&console, "Moving");
    shows(&console, "Role chart");
    console.keys("m").keys(DOWN).keys(ENTER).keys(ENTER);
    shows(&console, "“Vet” is under “Reception” now.");
    assert_eq!(manager(&clinic, "Vet").as_deref(), Some("Reception"));
    hides(&console, "Moving");
    console.keys("g").keys("m");
    shows(&console, "Account Owner is the one role without a manager.");
    console.keys(DOWN).keys("m");
    shows(&console, "is locked: it stays where it is");
}

/// Two hundred roles, twelve deep: everything can be reached and read at 80×24.
#[test]
fn two_hundred_roles_twelve_deep_are_readable() {
    let clinic = clinic(5);
    let mut file = String::new();
    for place in 0..200 {
        let above = if place % 12 == 0 { "Account Owner".to_owned() } else { format!("Level {:03}", place - 1) };
        file.push_str(&format!("[[roles]]\nname = \"Level {place:03}\"\nmanager = \"{above}\"\n"));
    }
    apply(&clinic, &file);
    let mut console = clinic.console_with(Some(OWNER), SMALL, DARK);
    console.keys("3").keys("t");
    hides(&console, "Level 011");
    console.keys("/").keys("level 023").keys(ENTER);
    let line = console.text().lines().find(|line| line.starts_with(" ▌")).unwrap().to_owned();
    assert!(line.contains("Level 023"), "{line}");
    console.keys("+").keys("G").keys(UP);
    shows(&console, "Level 198");
    let started = std::time::Instant::now();
    for _ in 0..50 {
        console.keys(UP);
    }
    assert!(started.elapsed().as_millis() < 5_000, "50 steps took {:?}", started.elapsed());
    shows(&console, "Level 148");
    insta::assert_snapshot!("deep_chart", console.text());
}

/// 002-01, 002-09: every permission for each of the four types, with three values; 002-08.
#[test]
fn the_user_types_stand_in_a_table_002_01_002_08_002_09() {
    let clinic = clinic(5);
    let mut console = clinic.console("sam@paws.example");
    console.keys("3").keys("T");
    for shown in ["Owner", "Admin", "User", "Focused User", "✔", "✘", "Request permission"] {
        shows(&console, shown);
    }
    console.keys(RIGHT);
    shows(&console, "Focused User: Recommended for freelancers");
    shows(&console, "contractors and trainees");
    console.keys("G");
    let operator = clinic.engine.operator();
    let rows = operator.types().unwrap();
    for row in rows {
        let mut console = clinic.console_with(Some(OWNER), WIDE, DARK);
        console.keys("3").keys("T");
        let mut found = console.text();
        let is_row = |line: &&str| line.contains(&row.label) && (line.contains('✔') || line.contains('✘'));
        while !found.lines().any(|line| is_row(&line)) {
            let before = console.text();
            console.keys("\x1b[6~");
            found = console.text();
            assert_ne!(before, found, "no {}", row.label);
        }
        let line = found.lines().find(is_row).unwrap();
        let marks = line.matches("✔").count() + line.matches("✘").count() + line.matches("Request permission").count();
        assert_eq!(marks, 4, "{line}");
    }
}

#[test]
fn frames_of_the_chart_and_the_types() {
    let clinic = clinic(5);
    let mut frames = String::new();
    for size in [SMALL, WIDE] {
        let mut console = clinic.console_with(Some(OWNER), size, DARK);
        for (name, keys) in [("chart", "3t"), ("moving", "Gm"), ("types", "3T")] {
            console.keys(keys);
            frames.push_str(&format!("── {name}\n{}", console.text()));
        }
    }
    insta::assert_snapshot!("chart_and_types", frames);
}
