//! Text that people type: how it is compared, what is refused at the door, and how anything odd
//! that is already inside is drawn so that it can be seen.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

/// The form in which text is compared: full Unicode case folding (SPEC part 4) of the composed text,
/// which is how names and values are kept. What is typed or read may be put together otherwise.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        caseless::default_case_fold_str(&text.nfc().collect::<String>())
    }
}

/// Is a text, folded, this one? Asked of thousands of names, most of which need no copy for it.
#[must_use]
pub fn folds_to(text: &str, folded: &str) -> bool {
    if text.is_ascii() { text.eq_ignore_ascii_case(folded) && is_folded(folded) } else { fold(text) == folded }
}

fn is_folded(ascii: &str) -> bool {
    !ascii.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// Nothing in it.
    #[error("is empty")]
    Empty,
    /// Too long.
    #[error("is longer than {0} characters")]
    TooLong(usize),
    /// A character that can't be seen or that moves others about.
    #[error("holds the invisible character U+{0:04X}; remove it")]
    Invisible(u32),
    /// Accents piled on one letter.
    #[error("piles more than {MAX_MARKS} accents on one letter")]
    Piled,
}

const MAX_MARKS: usize = 4;

/// Is this a character that names and values must not hold: controls, bidi and zero-width
/// characters, line and paragraph separators, tags, private characters?
#[must_use]
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{E000}'..='\u{F8FF}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Characters that have no width of their own but belong to ordinary writing: joiners and
/// variation selectors. Names refuse them, values keep them.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

/// A name as it may be kept: trimmed, composed, without anything invisible.
///
/// # Errors
/// What is wrong with it, to follow the name of the place.
pub fn name(text: &str, longest: usize) -> Result<String, BadText> {
    let trimmed = text.trim();
    if (1..=longest).contains(&trimmed.len()) && is_ordinary(trimmed) {
        return Ok(trimmed.to_owned());
    }
    let composed: String = text.trim().nfc().collect();
    if composed.is_empty() {
        return Err(BadText::Empty);
    }
    refuse(&composed, longest, is_invisible)?;
    Ok(composed)
}

/// A field's text as it may be kept: line breaks, tabs and joiners are allowed, edges are trimmed.
/// An empty text is no error; it is an empty field.
///
/// # Errors
/// What is wrong with it, to follow the name of the place.
pub fn value(text: &str, longest: usize) -> Result<Cow<'_, str>, BadText> {
    let trimmed = text.trim();
    // Most texts are plain, and there are many: these need no look at each character.
    if trimmed.len() <= longest && trimmed.bytes().all(|byte| is_plain(byte) || matches!(byte, b'\n' | b'\t')) {
        return Ok(Cow::Borrowed(trimmed));
    }
    let composed: String = trimmed.replace("\r\n", "\n").nfc().collect();
    refuse(&composed, longest, |c| is_invisible(c) && !is_joiner(c) && c != '\n' && c != '\t')?;
    Ok(Cow::Owned(composed))
}

/// A character that is composed, visible and no accent: the printable ones of ASCII.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

fn refuse(text: &str, longest: usize, bad: impl Fn(char) -> bool) -> Result<(), BadText> {
    if text.chars().count() > longest {
        return Err(BadText::TooLong(longest));
    }
    let mut marks = 0;
    for character in text.chars() {
        if bad(character) {
            return Err(BadText::Invisible(u32::from(character)));
        }
        let is_mark = unicode_normalization::char::is_combining_mark(character);
        marks = if is_mark { marks + 1 } else { 0 };
        if marks > MAX_MARKS {
            return Err(BadText::Piled);
        }
    }
    Ok(())
}

/// Is it made of visible ASCII and spaces alone? Most texts are, and then there is nothing to spell out
/// or to measure.
#[must_use]
pub fn is_ordinary(text: &str) -> bool {
    text.bytes().all(is_plain)
}

/// A text as one line that can be trusted on a screen: line breaks become `⏎`, tabs a space, and
/// anything invisible is spelled out as `⟨U+202E⟩`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if is_ordinary(text) || !text.chars().any(is_invisible) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => shown.push('⏎'),
            '\t' => shown.push(' '),
            c if is_joiner(c) => {}
            c if is_invisible(c) => shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(c))),
            c => shown.push(c),
        }
    }
    shown.into()
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_refuse_what_cannot_be_seen() {
        assert_eq!(name("ad\u{202E}min", 80), Err(BadText::Invisible(0x202E)));
        assert_eq!(name("  ", 80), Err(BadText::Empty));
        assert_eq!(name(" Zoë ", 80), Ok("Zoë".to_owned()));
        assert_eq!(name("a\u{0301}\u{0302}\u{0303}\u{0304}\u{0305}\u{0306}", 80), Err(BadText::Piled));
    }

    /// Plain text takes a short way; it comes to the same.
    #[test]
    fn plain_text_is_kept_and_refused_as_any_other() {
        let long = "x".repeat(9);
        let samples = ["", " a b ", "a\tb", "a\r\nb", "a\rb", "a\u{7f}b", "a\u{1}b", "é", "12345678", long.as_str()];
        for sample in samples {
            let composed: String = sample.trim().replace("\r\n", "\n").nfc().collect();
            let odd = |c: char| is_invisible(c) && !is_joiner(c) && c != '\n' && c != '\t';
            let plainly = refuse(&composed, 8, odd).map(|()| composed);
            assert_eq!(value(sample, 8).map(Cow::into_owned), plainly, "{sample:?}");
            let composed: String = sample.trim().nfc().collect();
            let plainly = match composed.is_empty() {
                true => Err(BadText::Empty),
                false => refuse(&composed, 8, is_invisible).map(|()| composed),
            };
            assert_eq!(name(sample, 8), plainly, "{sample:?}");
        }
    }

    #[test]
    fn odd_text_is_drawn_visibly() {
        assert_eq!(visible("ad\u{202E}min"), "ad⟨U+202E⟩min");
        assert_eq!(visible("two\nlines"), "two⏎lines");
    }

    #[test]
    fn folding_is_full() {
        assert_eq!(fold("Straße"), fold("STRASSE"));
        assert_eq!(fold("Zoe\u{308}"), fold("ZOË"));
    }
}
