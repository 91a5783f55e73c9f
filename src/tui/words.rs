//! Small words and numbers, the same on every screen.

use crate::model::team::Status;
use crate::model::time::Moment;
use crate::tui::theme::Tone;

/// A number with its thousands set apart: `12,345`.
#[must_use]
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

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

/// The first letters of the first and last word of a name: `SS` for Sam Smith.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_initials() {
        assert_eq!(number(0), "0");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(count(1, "deal", "deals"), "1 deal");
        assert_eq!(initials("Sam van der Smith"), "SS");
        assert_eq!(initials("zoë"), "Z");
        assert_eq!(minute(Moment(1_800_000_000_000)), "2027-01-15 08:00");
    }
}
