//! Where in a file somebody stands of whom a message speaks. The rules judge the team as a whole
//! and know nothing of files; this finds the way back.

use super::node::{Kind, Node};
use super::{FileError, TeamFile};
use crate::model::text::fold;

impl TeamFile {
    /// The place of whom or what a refusal speaks of: the message itself, with the line and the
    /// keys (`users[3]`, `roles[0]`) of the listed person or role that it mentions, by email or by
    /// name. What stands before its first colon counts first; of several the longest name does,
    /// and of those the one that is mentioned first. `None` where nobody is mentioned.
    #[must_use]
    pub fn place_of(&self, text: &str) -> Option<FileError> {
        let subject = text.split_once(": ").map_or("", |(subject, _)| subject);
        let (line, path) = self.mentioned(subject).or_else(|| self.mentioned(text))?;
        Some(FileError { file: self.name.clone(), line, path, message: text.to_owned() })
    }

    fn mentioned(&self, text: &str) -> Option<(usize, String)> {
        let text = fold(text);
        let users = members(&self.root, "users", "email").map(|found| (found, is_of_email as fn(char) -> bool));
        let roles = members(&self.root, "roles", "name").map(|found| (found, is_of_name as fn(char) -> bool));
        let found = users.chain(roles).filter_map(|((name, line, path), is_part)| {
            let at = whole(&text, &name, is_part)?;
            Some((std::cmp::Reverse(name.len()), at, line, path))
        });
        found.min_by_key(|(length, at, _, _)| (*length, *at)).map(|(_, _, line, path)| (line, path))
    }
}

/// The members of a list: their folded names, their lines and how to get there.
fn members<'a>(root: &'a Node, list: &'a str, key: &'a str) -> impl Iterator<Item = (String, usize, String)> + 'a {
    let items = match root.child(list).map(|node| &node.kind) {
        Some(Kind::List(items)) => items.as_slice(),
        _ => &[],
    };
    items.iter().enumerate().filter_map(move |(position, item)| match item.child(key).map(|node| &node.kind) {
        Some(Kind::Text(name)) if !name.trim().is_empty() => {
            Some((fold(name.trim()), item.line, format!("{list}[{position}]")))
        }
        _ => None,
    })
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric()
}

fn is_of_email(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '@' | '-' | '_' | '+')
}

/// Where a name first stands in a text, not as a part of a longer one.
fn whole(text: &str, name: &str, is_part: fn(char) -> bool) -> Option<usize> {
    text.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).unwrap_or_default();
        let after = text.get(at + name.len()..).unwrap_or_default();
        let mut rest = after.chars();
        let goes_on = match rest.next() {
            // A full stop may end the sentence or go on with the address.
            Some('.') => rest.next().is_some_and(is_part),
            Some(next) => is_part(next),
            None => false,
        };
        !goes_on && !before.ends_with(|last| is_part(last) || (last == '.' && is_part('@')))
    })
}
