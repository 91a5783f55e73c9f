//! Just enough of Rust's grammar to find the paths that a file names.

/// A word or a sign, and the line on which it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

/// Splits source into words and signs. Comments are dropped; texts and characters become `"`.
pub fn tokens(source: &str) -> Vec<Token> {
    let letters: Vec<char> = source.chars().collect();
    let (mut tokens, mut at, mut line) = (Vec::new(), 0, 1);
    let get = |place: usize| letters.get(place).copied().unwrap_or('\0');
    while at < letters.len() {
        let start = at;
        let text = match get(at) {
            '/' if get(at + 1) == '/' => {
                while at < letters.len() && get(at) != '\n' {
                    at += 1;
                }
                None
            }
            '/' if get(at + 1) == '*' => {
                let mut depth = 0;
                loop {
                    match (get(at), get(at + 1)) {
                        ('/', '*') => (depth, at) = (depth + 1, at + 2),
                        ('*', '/') => (depth, at) = (depth - 1, at + 2),
                        _ => at += 1,
                    }
                    if depth == 0 || at >= letters.len() {
                        break None;
                    }
                }
            }
            '"' => {
                at = text_end(&letters, at);
                Some("\"".to_owned())
            }
            'r' | 'b' | 'c' if raw_end(&letters, at).is_some() => {
                at = raw_end(&letters, at).unwrap();
                Some("\"".to_owned())
            }
            '\'' => {
                // A character: 'x' or an escape; anything else is a lifetime.
                if get(at + 1) == '\\' {
                    at += 3;
                    while at < letters.len() && get(at) != '\'' {
                        at += 1;
                    }
                    at += 1;
                } else if get(at + 2) == '\'' {
                    at += 3;
                } else {
                    at += 1;
                    while get(at).is_alphanumeric() || get(at) == '_' {
                        at += 1;
                    }
                }
                Some("'".to_owned())
            }
            c if c.is_alphanumeric() || c == '_' => {
                while get(at).is_alphanumeric() || get(at) == '_' {
                    at += 1;
                }
                Some(letters[start..at].iter().collect())
            }
            ':' if get(at + 1) == ':' => {
                at += 2;
                Some("::".to_owned())
            }
            c => {
                at += 1;
                (!c.is_whitespace()).then(|| c.to_string())
            }
        };
        if let Some(text) = text {
            tokens.push(Token { text, line });
        }
        line += letters[start..at.min(letters.len())].iter().filter(|letter| **letter == '\n').count();
    }
    tokens
}

fn text_end(letters: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < letters.len() && letters[at] != '"' {
        at += if letters[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The end of r"…", r#"…"#, b"…", br#"…"# and the like, if one starts here.
fn raw_end(letters: &[char], start: usize) -> Option<usize> {
    let mut at = start;
    while matches!(letters.get(at), Some('b' | 'c')) && at < start + 1 {
        at += 1;
    }
    let raw = letters.get(at) == Some(&'r');
    if !raw {
        return (at > start && letters.get(at) == Some(&'"')).then(|| text_end(letters, at));
    }
    at += 1;
    let marks = letters[at..].iter().take_while(|letter| **letter == '#').count();
    at += marks;
    if letters.get(at) != Some(&'"') {
        return None;
    }
    at += 1;
    while at < letters.len() {
        if letters[at] == '"' && letters[at + 1..].iter().take(marks).filter(|letter| **letter == '#').count() == marks
        {
            return Some(at + 1 + marks);
        }
        at += 1;
    }
    Some(at)
}

/// A path that code names, made absolute where it begins with `crate`, `self` or `super`.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    pub segments: Vec<String>,
    pub line: usize,
    /// Inside `#[cfg(test)] mod … { }`.
    pub in_test: bool,
}

/// Every path in the tokens of the module at `module` (such as `["store", "index"]`).
pub fn named(tokens: &[Token], module: &[String]) -> Vec<Named> {
    let mut found = Vec::new();
    // Inline modules: their names, the brace depth at which each ends, and whether it is a test.
    let mut inline: Vec<(String, usize, bool)> = Vec::new();
    let (mut depth, mut test_next, mut at) = (0, false, 0);
    let text = |place: usize| tokens.get(place).map_or("", |token| token.text.as_str());
    while at < tokens.len() {
        let here: Vec<String> = module.iter().cloned().chain(inline.iter().map(|(name, _, _)| name.clone())).collect();
        let in_test = inline.iter().any(|(_, _, test)| *test);
        let line = tokens[at].line;
        match text(at) {
            "#" if text(at + 1) == "[" => {
                let end = closing(tokens, at + 1, "[", "]");
                let inside: Vec<&str> = tokens[at..end].iter().map(|token| token.text.as_str()).collect();
                test_next |= inside.join("").contains("cfg(test)");
                at = end;
                continue;
            }
            "mod" if text(at + 2) == "{" => {
                inline.push((text(at + 1).to_owned(), depth, test_next));
                (depth, test_next) = (depth + 1, false);
                at += 3;
                continue;
            }
            "use" => {
                let end = (at..tokens.len()).find(|place| text(*place) == ";").unwrap_or(tokens.len());
                let mut paths = Vec::new();
                tree(tokens, at + 1, end, &[], &mut paths);
                found.extend(paths.into_iter().map(|(path, line)| Named {
                    segments: absolute(&path, &here),
                    line,
                    in_test: in_test || test_next,
                }));
                (at, test_next) = (end, false);
                continue;
            }
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                if inline.last().is_some_and(|(_, until, _)| *until == depth) {
                    inline.pop();
                }
            }
            word if is_word(word) && text(at + 1) == "::" && text(at.wrapping_sub(1)) != "::" => {
                let mut segments = vec![word.to_owned()];
                while text(at + 1) == "::" && is_word(text(at + 2)) {
                    segments.push(text(at + 2).to_owned());
                    at += 2;
                }
                found.push(Named { segments: absolute(&segments, &here), line, in_test });
            }
            ";" => test_next = false,
            _ => {}
        }
        at += 1;
    }
    found
}

fn is_word(text: &str) -> bool {
    text.chars().next().is_some_and(|letter| letter.is_alphabetic() || letter == '_')
}

/// The place after the sign that closes the one at `start`.
fn closing(tokens: &[Token], start: usize, open: &str, close: &str) -> usize {
    let mut depth = 0;
    for (place, token) in tokens.iter().enumerate().skip(start) {
        depth += usize::from(token.text == open);
        if token.text == close {
            depth -= 1;
            if depth == 0 {
                return place + 1;
            }
        }
    }
    tokens.len()
}

/// The paths of a `use` tree between two places, each with the prefix in front.
fn tree(tokens: &[Token], mut at: usize, end: usize, prefix: &[String], found: &mut Vec<(Vec<String>, usize)>) {
    while at < end {
        let mut path = prefix.to_vec();
        let line = tokens[at].line;
        let mut group = false;
        while at < end && tokens[at].text != "," {
            match tokens[at].text.as_str() {
                "{" => {
                    let close = closing(tokens, at, "{", "}");
                    tree(tokens, at + 1, close - 1, &path, found);
                    (group, at) = (true, close);
                    continue;
                }
                // `as name`: what follows is a new name, not a part of the path.
                "as" => {
                    at += 2;
                    continue;
                }
                "::" => {}
                word => path.push(word.to_owned()),
            }
            at += 1;
        }
        if !group && path.len() > prefix.len() {
            found.push((path, line));
        }
        at += 1;
    }
}

/// `crate::a`, `self::a` and `super::a` as `crate::…` from the top; others as they are.
fn absolute(path: &[String], here: &[String]) -> Vec<String> {
    let mut base = here.to_vec();
    let mut rest = path;
    match rest.first().map(String::as_str) {
        Some("self") => rest = &rest[1..],
        Some("super") => {
            while rest.first().is_some_and(|word| word == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        _ => return path.to_vec(),
    }
    std::iter::once("crate".to_owned()).chain(base).chain(rest.iter().cloned()).collect()
}
