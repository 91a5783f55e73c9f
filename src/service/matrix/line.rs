//! The command line of the matrix: `set role=Sales* perm=contacts.* edit=own`. Words are `key=value`,
//! with quotes around what holds spaces; `*` stands for any letters and `?` for one. What is wrong is
//! told with its place.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Matrix;
use super::act::{Outcome, Wish};
use super::board::Board;
use super::brush::Brush;
use super::key::RowKey;
use crate::model::text::fold;
use crate::model::{FeatureValue, Scope, SectionAccess};
use crate::service::edit_roles::{CellValue, Verb};

/// What is wrong with a line, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    /// The characters that it is about.
    pub place: Range<usize>,
    /// What is wrong, and what is right.
    pub text: String,
}

/// What a line asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    cells: BTreeMap<usize, Vec<Wish>>,
}

impl Wishes {
    /// How many cells of how many roles it is about.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.cells.values().map(Vec::len).sum(), self.cells.len())
    }
}

/// How lines are written, for whoever typed another.
pub const USAGE: &str = "set role=Sales* perm=contacts.* edit=own — also view=, delete=, to=yes|no|request";

/// One `key=value`, and where both stand.
struct Word {
    key: String,
    key_at: Range<usize>,
    value: String,
    value_at: Range<usize>,
}

impl Matrix {
    /// What a line asks for.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read_line(&self, line: &str) -> Result<Wishes, LineError> {
        let words = words(line)?;
        let end = line.chars().count();
        let all = |key: &'static str| words.iter().filter(move |word| word.key == key);
        for word in &words {
            if !["role", "perm", "to", "view", "edit", "delete"].contains(&word.key.as_str()) {
                let text = format!("“{}=” is not known: role= perm= to= view= edit= delete=", word.key);
                return Err(LineError { place: word.key_at.clone(), text });
            }
        }
        let missing =
            |key: &str, text: &str| LineError { place: end..end + 1, text: format!("{key}= is missing: {text}") };
        let roles = all("role").next().ok_or_else(|| missing("role", "which roles, such as role=Sales*"))?;
        let rows = all("perm").next().ok_or_else(|| missing("perm", "which permissions, such as perm=contacts.*"))?;
        let columns = found(roles, "role", self.columns.iter().map(|column| vec![column.name()]))?;
        let places = found(rows, "permission", self.rows.iter().map(|row| vec![row.code.as_str(), &row.label]))?;
        let mut wishes = Wishes::default();
        let mut said = false;
        for word in words.iter().filter(|word| word.key != "role" && word.key != "perm") {
            said = true;
            let mut fits = 0;
            for place in &places {
                let Some(row) = self.rows.get(*place) else { continue };
                let Some(value) = value(word, row)? else { continue };
                fits += 1;
                for column in &columns {
                    wishes.cells.entry(*column).or_default().push((*place, value));
                }
            }
            if fits == 0 {
                let text = format!("none of the permissions that “{}” finds takes this", rows.value);
                return Err(LineError { place: word.value_at.clone(), text });
            }
        }
        if !said {
            return Err(missing("to", "what they are to be, such as to=yes or edit=own"));
        }
        Ok(wishes)
    }
}

impl Board {
    /// Stages what a line asks for, as one act.
    pub fn stage_line(&mut self, wishes: &Wishes) -> Outcome {
        self.stage(&wishes.cells, Outcome::default())
    }
}

/// The value that a word gives to a row: `to=` whatever fits, a verb its own scope alone. The words that
/// cells show are as good as the names.
fn value(word: &Word, row: &super::Row) -> Result<Option<CellValue>, LineError> {
    let wrong = |text: String| Err(LineError { place: word.value_at.clone(), text });
    if let Some(verb) = Verb::ALL.into_iter().find(|verb| verb.token() == word.key) {
        let Some(scope) = scope(&word.value) else {
            return wrong(format!("“{}” is no scope: all, roles, subordinates, own, none", word.value));
        };
        if verb == Verb::View && scope == Scope::None {
            return wrong("view can't be none; switch the area off instead: perm=contacts.* to=no".to_owned());
        }
        let fits = matches!(row.key, RowKey::Scope(_, of) if of == verb);
        return Ok(fits.then_some(CellValue::Scope(scope)));
    }
    let text = fold(word.value.trim());
    let section = match text.as_str() {
        "hidden" | "–" | "-" => Some(SectionAccess::Hidden),
        "view" => Some(SectionAccess::View),
        "edit" => Some(SectionAccess::Edit),
        _ => None,
    };
    let feature = match text.as_str() {
        "ask" => Some(FeatureValue::Request),
        "–" | "-" => Some(FeatureValue::No),
        text => FeatureValue::from_text(text),
    };
    let scope = scope(&text);
    if section.is_none() && feature.is_none() && scope.is_none() {
        return wrong(format!(
            "“{}” is no value: yes, no, request; all, roles, subordinates, own, none; hidden, view, edit",
            word.value
        ));
    }
    let value = match row.key {
        RowKey::Feature(_) => feature.map(CellValue::Feature),
        RowKey::Scope(..) => scope.map(CellValue::Scope),
        RowKey::Section(..) => section.map(CellValue::Section),
    };
    Ok(value.and_then(|value| Brush::Value(value).on(row)))
}

/// A scope by its name, or by the word that its cells show.
fn scope(text: &str) -> Option<Scope> {
    Scope::from_text(text).or_else(|| (fold(text.trim()) == "subs").then_some(Scope::Subordinates))
}

/// The places whose names one of the patterns matches.
fn found<'a>(word: &Word, kind: &str, names: impl Iterator<Item = Vec<&'a str>>) -> Result<Vec<usize>, LineError> {
    let patterns: Vec<Vec<char>> =
        word.value.split(',').map(|pattern| fold(pattern.trim()).chars().collect()).collect();
    let matches = |name: &&str| {
        let name: Vec<char> = fold(name).chars().collect();
        patterns.iter().any(|pattern| glob(pattern, &name))
    };
    let places: Vec<usize> =
        names.enumerate().filter(|(_, names)| names.iter().any(&matches)).map(|(place, _)| place).collect();
    if places.is_empty() {
        let text = format!("no {kind} is called “{}”; * stands for any letters", word.value);
        return Err(LineError { place: word.value_at.clone(), text });
    }
    Ok(places)
}

/// Does a pattern match a whole name? `*` any letters, `?` one.
fn glob(pattern: &[char], name: &[char]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(wanted) if *wanted == '?' || Some(wanted) == name.get(n) => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    n = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(|letter| *letter == '*')
}

/// The words of a line; a leading `set` is no word.
fn words(line: &str) -> Result<Vec<Word>, LineError> {
    let letters: Vec<char> = line.chars().collect();
    let mut found: Vec<Word> = Vec::new();
    let mut at = 0;
    let space = |at: usize| letters.get(at).is_some_and(|letter| letter.is_whitespace());
    loop {
        while space(at) {
            at += 1;
        }
        if at >= letters.len() {
            break;
        }
        let start = at;
        while at < letters.len() && !space(at) && letters.get(at) != Some(&'=') {
            at += 1;
        }
        let key: String = letters.get(start..at).unwrap_or_default().iter().collect();
        let key_at = start..at;
        if letters.get(at) != Some(&'=') {
            if found.is_empty() && fold(&key) == "set" {
                continue;
            }
            return Err(LineError { place: key_at, text: format!("“{key}” has no “=”: {USAGE}") });
        }
        if key.is_empty() {
            return Err(LineError { place: at..at + 1, text: format!("nothing stands before “=”: {USAGE}") });
        }
        at += 1;
        let quoted = letters.get(at) == Some(&'"');
        let start = at + usize::from(quoted);
        at = start;
        let ends = |at: usize| if quoted { letters.get(at) == Some(&'"') } else { space(at) };
        while at < letters.len() && !ends(at) {
            at += 1;
        }
        if quoted && at >= letters.len() {
            return Err(LineError { place: start - 1..at, text: "the quotation mark isn't closed".to_owned() });
        }
        let value: String = letters.get(start..at).unwrap_or_default().iter().collect();
        if value.trim().is_empty() {
            return Err(LineError {
                place: key_at.start..at.max(key_at.start + 1),
                text: format!("{key}= has no value"),
            });
        }
        let key = fold(&key);
        if found.iter().any(|word| word.key == key) {
            return Err(LineError { place: key_at, text: format!("{key}= stands there twice") });
        }
        found.push(Word { key, key_at, value, value_at: start..at });
        at += usize::from(quoted);
    }
    if found.is_empty() {
        return Err(LineError { place: 0..1, text: USAGE.to_owned() });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        let matches =
            |pattern: &str, name: &str| glob(&pattern.chars().collect::<Vec<_>>(), &name.chars().collect::<Vec<_>>());
        assert!(matches("sales*", "sales manager") && matches("*", "") && matches("*.ac?ess", "deals.access"));
        assert!(!matches("sales", "sales manager") && !matches("?", "") && !matches("*x", "xy"));
        assert!(matches("*a*a*", "banana") && !matches("*aa*", "banana"));
    }

    #[test]
    fn words_know_where_they_stand() {
        let found = words("  set role=\"Vet Tech\"  perm=a.*").unwrap();
        assert_eq!((found[0].value.as_str(), found[0].value_at.clone()), ("Vet Tech", 12..20));
        assert_eq!((found[1].key.as_str(), found[1].key_at.clone()), ("perm", 23..27));
        for (line, place) in [("set x", 4..5), ("role=\"a", 5..7), ("role= b", 0..5), ("a=1 a=2", 4..5), ("", 0..1)] {
            assert_eq!(words(line).err().map(|error| error.place), Some(place), "{line}");
        }
    }
}
