//! A team that is hard to draw: the widest names that may be kept, two hundred roles, a role tree
//! twelve deep, people who report to each other in a line. As a team file, so that it can be looked
//! at by hand: `cargo run --example large_team > large.toml`, then `rolecall apply large.toml`.

use std::fmt::Write as _;

/// How many roles, beside those that come with every account.
pub const ROLES: usize = 200;
/// How deep the role tree goes below the account owner.
pub const DEPTH: usize = 12;
/// How many people, beside the account owner.
pub const PEOPLE: usize = 90;

/// Whoever it is of use to: the owner, somebody in the middle of the deepest line, a freelancer.
pub const MIDDLE: &str = "p5@paws.example";
pub const FREELANCER: &str = "p80@paws.example";

/// A name of exactly so many characters that no other has, in a way of writing that goes by its number.
pub fn name(number: usize, characters: usize) -> String {
    const WAYS: [&str; 8] = [
        "山田太郎の動物病院",
        "Ünïcödé Ñame",
        "👩🐶🐱🦜",
        "e\u{302}o\u{308}\u{323}a\u{30a}",
        "שלום עולם",
        "Wwwwwwwwww",
        "iiiiiiiiii.",
        "ｆｕｌｌ　ｗｉｄｔｈ",
    ];
    let mut text = format!("{number} ");
    while text.chars().count() < characters {
        text.push_str(WAYS[number % WAYS.len()]);
    }
    let cut: String = text.chars().take(characters).collect();
    // Edges are trimmed, and composing makes some shorter; no name ends in a space.
    cut.trim_end().to_owned()
}

/// The same with nothing but ASCII, for terminals that can't do more.
pub fn plain_name(number: usize, characters: usize) -> String {
    let text = format!("{number} {}", "Somebody With A Rather Long Name ".repeat(5));
    let cut: String = text.chars().take(characters).collect();
    cut.trim_end().to_owned()
}

/// The team file.
pub fn team_file(named: impl Fn(usize, usize) -> String) -> String {
    let length = |number: usize| if number.is_multiple_of(3) { 120 } else { 8 + number % 40 };
    let role = |number: usize| named(1000 + number, length(number));
    let plain = named(0, 100).is_ascii();
    let mut text = String::from("[account]\nname = \"Paws Clinic\"\nseats = 500\n");
    for number in 0..40 {
        let kind = ["text", "number", "date", "yesno", "money", "dropdown"][number % 6];
        let (section, field) = (named(2000 + number / 6, 60), named(3000 + number, length(number)));
        write!(text, "[[fields.contacts]]\nsection = \"{section}\"\nname = \"{field}\"\nkind = \"{kind}\"\n").unwrap();
        if kind == "dropdown" {
            let options: Vec<String> = (0..30).map(|option| format!("\"{}\"", named(4000 + option, 50))).collect();
            writeln!(text, "options = [{}]", options.join(", ")).unwrap();
        }
    }
    for number in 0..ROLES {
        let manager = match number {
            0 => "Account Owner".to_owned(),
            _ if number < DEPTH => role(number - 1),
            _ => role(number % DEPTH),
        };
        let kind = ["user", "administrator", "focused"][if number < DEPTH { 0 } else { number % 3 }];
        let (name, about) = (role(number), named(5000 + number, 300));
        write!(text, "[[roles]]\nname = \"{name}\"\nmanager = \"{manager}\"\ntype = \"{kind}\"\n").unwrap();
        write!(
            text,
            "description = \"{about}\"\nicon = \"{}\"\n",
            if plain { "XY" } else { ["✚", "山", "", "XY"][number % 4] }
        )
        .unwrap();
        let scope = ["all", "roles", "subordinates", "own"][number % 4];
        writeln!(text, "scopes.contacts = {{ view = \"{scope}\", edit = \"own\", delete = \"none\" }}").unwrap();
        writeln!(text, "features.\"companies.access\" = \"{}\"", ["yes", "no"][number % 2]).unwrap();
    }
    for number in 0..PEOPLE {
        let held = if number == 80 { "Focused User".to_owned() } else { role(number % 40) };
        write!(text, "[[users]]\nemail = \"p{number}@paws.example\"\nname = \"{}\"\n", named(number, length(number)))
            .unwrap();
        writeln!(text, "role = \"{held}\"").unwrap();
        if (1..DEPTH).contains(&number) {
            writeln!(text, "manager = \"p{}@paws.example\"", number - 1).unwrap();
        }
        let status = ["active", "active", "active", "invited", "revoked"][if number < 20 { 0 } else { number % 5 }];
        writeln!(text, "status = \"{}\"", if number == 80 { "active" } else { status }).unwrap();
        if number % 7 == 1 && number >= DEPTH {
            writeln!(text, "exceptions = {{ \"contacts.vcard\" = \"visible\", \"tasks.set\" = \"not visible\" }}")
                .unwrap();
        }
    }
    text
}
