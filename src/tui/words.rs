//! Small words and numbers, the same on every screen.

use crate::model::RoleType;
use crate::model::team::Status;
use crate::model::time::Moment;
use crate::tui::theme::Tone;

pub use crate::model::text::number;

/// A number of things: `1 contact`, `2 contacts`.
#[must_use]
pub fn count(how_many: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(how_many), if how_many == 1 { one } else { many })
}

/// A moment to the minute, in UTC: `2027-01-31 14:05`.
#[must_use]
pub fn minute(moment: Moment) -> String {
    moment.timestamp().to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string()
}

/// A status in a word and its tone.
#[must_use]
pub fn status(status: Status) -> (&'static str, Tone) {
    match status {
        Status::Active => ("active", Tone::Good),
        Status::Invited => ("invited", Tone::Warn),
        Status::Revoked => ("revoked", Tone::Bad),
    }
}

/// A message as a sentence: a capital first, but for an address, the name of a column or a path, which
/// stay as they are; a stop last.
#[must_use]
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    // A stop or a colon may end the first word; in it, it is a file's ending.
    let is_name = |word: &str| word.contains(['@', '_', '/']) || word.trim_end_matches(['.', '…']).contains('.');
    let is_name = text.split_whitespace().next().is_some_and(is_name);
    let mut shown: String = match is_name {
        true => String::new(),
        false => letters.next().into_iter().flat_map(char::to_uppercase).collect(),
    };
    shown.push_str(letters.as_str());
    if !shown.ends_with(['.', '!', '?', '…']) && !shown.is_empty() {
        shown.push('.');
    }
    shown
}

/// Whom somebody reports to who has no manager of their own (R4, 000-09).
pub fn without_manager(role_type: RoleType) -> &'static str {
    if role_type == RoleType::AccountOwner { "nobody" } else { "by the role tree" }
}

/// What a type of role is for, in a sentence (002-01…08).
#[must_use]
pub fn type_help(role_type: RoleType) -> &'static str {
    match role_type {
        RoleType::AccountOwner => "Everything, without limits; it is one person's.",
        RoleType::Administrator => "Can hold any part of the administration but deleting the account.",
        RoleType::User => "For people who do the work; no part of the administration.",
        RoleType::Focused => {
            "Reaches only records they own or are assigned to. Recommended for freelancers, contractors and trainees."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_sentences() {
        assert_eq!(number(0), "0");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(count(1, "deal", "deals"), "1 deal");
        assert_eq!(sentence("email or password is wrong"), "Email or password is wrong.");
        assert_eq!(sentence("tin@x.example: the role is not yours"), "tin@x.example: the role is not yours.");
        for path in ["/tmp/a can't be written", "contacts.csv: there is no such folder", "a/b is a folder"] {
            assert_eq!(sentence(path), format!("{path}."));
        }
        assert_eq!(sentence("denied."), "Denied.");
        assert_eq!(minute(Moment(1_800_000_000_000)), "2027-01-15 08:00");
    }
}
