//! Names of people from several cultures, their addresses and telephone numbers.

use unicode_normalization::UnicodeNormalization as _;

use super::dice::Dice;

/// A person's name.
pub(super) struct Name {
    pub(super) given: &'static str,
    pub(super) family: &'static str,
}

type Culture = (&'static [&'static str], &'static [&'static str]);

const ENGLISH: Culture = (
    &[
        "Alice",
        "Arthur",
        "Beth",
        "Charlotte",
        "Daniel",
        "Edward",
        "Emily",
        "George",
        "Harriet",
        "Jack",
        "James",
        "Joan",
        "Lucy",
        "Margaret",
        "Noah",
        "Oliver",
        "Ruth",
        "Simon",
        "Thomas",
        "William",
    ],
    &[
        "Abbott",
        "Bailey",
        "Barker",
        "Clarke",
        "Cooper",
        "Dawson",
        "Ellis",
        "Fletcher",
        "Foster",
        "Gibson",
        "Harding",
        "Hughes",
        "Kingsley",
        "Marsh",
        "Norris",
        "O'Brien",
        "Pearce",
        "Shaw",
        "Thornton",
        "Whitfield",
    ],
);
const SPANISH: Culture = (
    &[
        "Alejandro",
        "Beatriz",
        "Camila",
        "Elena",
        "Iñigo",
        "Javier",
        "José",
        "Lucía",
        "María",
        "Pablo",
        "Rocío",
        "Tomás",
    ],
    &[
        "Álvarez",
        "Castillo",
        "Delgado",
        "Fernández",
        "García",
        "Herrera",
        "Ibáñez",
        "Morales",
        "Muñoz",
        "Ortega",
        "Vega",
    ],
);
const GERMAN: Culture = (
    &["Anke", "Dieter", "Franziska", "Greta", "Heike", "Jörg", "Jürgen", "Klaus", "Lena", "Matthias", "Sabine", "Uwe"],
    &[
        "Bauer",
        "Fischer",
        "Groß",
        "Hoffmann",
        "Krüger",
        "Lehmann",
        "Müller",
        "Schäfer",
        "Schulz",
        "Vogel",
        "Zimmermann",
    ],
);
const FRENCH: Culture = (
    &[
        "Amélie",
        "Baptiste",
        "Cécile",
        "Éloïse",
        "François",
        "Gaëlle",
        "Hélène",
        "Luc",
        "Margaux",
        "Rémi",
        "Théo",
        "Zoé",
    ],
    &["Bernard", "Chevalier", "Dubois", "Fournier", "Girard", "Lefèvre", "Marchand", "Moreau", "Pelletier", "Rousseau"],
);
const SLAVIC: Culture = (
    &[
        "Agnieszka",
        "Bartosz",
        "Dragan",
        "Irena",
        "Jiří",
        "Katarzyna",
        "Łukasz",
        "Milena",
        "Ondřej",
        "Tereza",
        "Wojciech",
    ],
    &[
        "Černý",
        "Dvořák",
        "Horvat",
        "Jovanović",
        "Kamiński",
        "Kowalczyk",
        "Lis",
        "Novotný",
        "Szymański",
        "Wójcik",
        "Žižka",
    ],
);
const NORDIC: Culture = (
    &["Astrid", "Bjørn", "Eira", "Freja", "Göran", "Håkon", "Ingrid", "Lars", "Maja", "Nils", "Signe", "Søren", "Åsa"],
    &["Andersen", "Berg", "Dahl", "Eriksson", "Hansen", "Holm", "Lindström", "Nyström", "Sørensen", "Virtanen"],
);
const INDIAN: Culture = (
    &[
        "Ananya", "Arjun", "Deepa", "Farhan", "Ishaan", "Kavya", "Lakshmi", "Manish", "Neha", "Rohan", "Sunita",
        "Vikram",
    ],
    &["Banerjee", "Chaudhary", "Desai", "Gupta", "Iyer", "Joshi", "Kapoor", "Nair", "Rao", "Reddy", "Sharma", "Singh"],
);
const CHINESE: Culture = (
    &["Bo", "Fang", "Hui", "Jian", "Jing", "Li Na", "Ming", "Qiang", "Wei", "Xiaoyu", "Yan", "Zhen"],
    &["Chen", "Gao", "Huang", "Li", "Lin", "Liu", "Sun", "Wang", "Wu", "Xu", "Zhang", "Zhou"],
);
const AFRICAN: Culture = (
    &[
        "Abena", "Adaeze", "Chidi", "Folake", "Kofi", "Kwame", "Lindiwe", "Ngozi", "Obinna", "Thabo", "Wanjiru",
        "Zanele",
    ],
    &["Abiola", "Boateng", "Dlamini", "Eze", "Kamau", "Mbeki", "Mensah", "Nkosi", "Okonkwo", "Osei", "Otieno", "Owusu"],
);
const ARABIC: Culture = (
    &["Amina", "Bilal", "Dalia", "Hassan", "Imane", "Karim", "Layla", "Mariam", "Nour", "Omar", "Samir", "Yasmin"],
    &["Abdi", "Benali", "El-Sayed", "Farouk", "Haddad", "Khalil", "Mansour", "Najjar", "Qureshi", "Saleh", "Zaman"],
);
const TURKISH: Culture = (
    &["Ayşe", "Barış", "Deniz", "Elif", "Emre", "Gökhan", "İpek", "Kerem", "Selin", "Şebnem", "Zeynep"],
    &["Aydın", "Çelik", "Demirci", "Güneş", "Kaya", "Özdemir", "Şahin", "Yıldız", "Yılmaz"],
);
const VIETNAMESE: Culture = (
    &["An", "Bình", "Dũng", "Hạnh", "Hương", "Lan", "Linh", "Minh", "Phương", "Quân", "Thảo", "Tuấn"],
    &["Bùi", "Đặng", "Đỗ", "Hoàng", "Lê", "Nguyễn", "Phạm", "Phan", "Trần", "Võ", "Vũ"],
);
const JAPANESE: Culture =
    (&["美咲", "健太", "翔太", "陽子", "大輔", "結衣"], &["田中", "佐藤", "鈴木", "高橋", "渡辺", "山本"]);
const CYRILLIC: Culture = (
    &["Анна", "Борис", "Дмитро", "Ірина", "Олена", "Тарас"],
    &["Бондаренко", "Коваленко", "Мельник", "Савченко", "Шевченко"],
);

const CULTURES: &[(Culture, u32)] = &[
    (ENGLISH, 30),
    (SPANISH, 10),
    (GERMAN, 8),
    (FRENCH, 7),
    (SLAVIC, 7),
    (NORDIC, 6),
    (INDIAN, 8),
    (CHINESE, 6),
    (AFRICAN, 6),
    (ARABIC, 5),
    (TURKISH, 3),
    (VIETNAMESE, 2),
    (JAPANESE, 1),
    (CYRILLIC, 1),
];

/// A name; both parts mostly of one culture, as people move and marry.
pub(super) fn name(dice: &mut Dice) -> Name {
    let (given, family) = dice.weighted(CULTURES);
    let family = if dice.chance(8) { dice.weighted(CULTURES).1 } else { family };
    Name { given: dice.pick(given), family: dice.pick(family) }
}

/// A family name alone, in Latin letters, as companies carry it on their sign.
pub(super) fn family(dice: &mut Dice) -> &'static str {
    let latin = CULTURES.get(..12).unwrap_or_default();
    let (_, family) = dice.weighted(latin);
    dice.pick(family)
}

/// An address for mail. All end in `.example`, which reaches nobody (RFC 2606).
pub(super) fn email(name: &Name, place: u64, domain: Option<&str>, dice: &mut Dice) -> String {
    let (given, family) = (plain(name.given), plain(name.family));
    let user = match (given.as_str(), family.as_str(), dice.below(3)) {
        ("", _, _) => format!("client{place}"),
        (given, "", _) => format!("{given}{}", place % 10_000),
        (_, _, 0) => format!("{given}.{family}{}", place % 1000),
        (_, _, 1) => format!("{family}.{given}{}", place % 1000),
        _ => format!("{}{family}{}", given.chars().take(1).collect::<String>(), place % 10_000),
    };
    let domain =
        domain.unwrap_or_else(|| dice.pick(&["mail.example", "post.example", "inbox.example", "home.example"]));
    format!("{user}@{domain}")
}

/// A telephone number from the ranges that are kept free for stories.
pub(super) fn phone(dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => format!("+44 20 7946 0{:03}", dice.below(1000)),
        1 => format!("+44 1632 960{:03}", dice.below(1000)),
        _ => {
            let area = dice.pick(&["202", "303", "404", "503", "604", "617", "718", "808", "907", "971"]);
            format!("+1 {area} 555 01{:02}", dice.below(100))
        }
    }
}

/// The lower-case Latin letters and digits of a name, accents taken off; empty where a name is
/// written in other letters.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.nfd() {
        match character {
            c if c.is_ascii_alphanumeric() => plain.push(c.to_ascii_lowercase()),
            'ß' => plain.push_str("ss"),
            'ø' | 'Ø' => plain.push('o'),
            'ł' | 'Ł' => plain.push('l'),
            'đ' | 'Đ' => plain.push('d'),
            'ı' => plain.push('i'),
            _ => {}
        }
    }
    plain
}
