//! Amounts: hundredths inside, a decimal text outside, and never a float between.

/// The hundredths that a decimal text names: an optional sign, digits, and at most two decimals.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(decimals) || decimals.len() > 2 || digits.ends_with('.') {
        return None;
    }
    let whole: i128 = whole.parse().ok()?;
    let decimals: i128 = match decimals.len() {
        0 => 0,
        1 => decimals.parse::<i128>().ok()? * 10,
        _ => decimals.parse().ok()?,
    };
    let hundredths = whole.checked_mul(100)?.checked_add(decimals)?;
    i64::try_from(if negative { -hundredths } else { hundredths }).ok()
}

/// An amount as its decimal text, always with two decimals.
#[must_use]
pub fn text(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let size = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_back_as_they_were_written() {
        for hundredths in [0, 1, -1, 99, 100, -12_345, i64::MAX, i64::MIN] {
            assert_eq!(parse(&text(hundredths)), Some(hundredths));
        }
        assert_eq!(parse("12"), Some(1200));
        assert_eq!(parse("12.5"), Some(1250));
        assert_eq!(parse("-0.07"), Some(-7));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "-", ".5", "5.", "1.234", "1,5", "1e5", "٣", "99999999999999999999", "1 000", "--1", "+-1"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
