//! How a console looks: what each thing means decides its style, and the session decides what its
//! terminal can show. Nothing here is process-wide, and nothing is told by colour alone.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// Light on dark, dark on light, or as far apart as can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
    /// White and yellow on black.
    HighContrast,
}

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Any.
    True,
    /// The 256 of xterm.
    Ansi256,
    /// The terminal's own sixteen.
    Ansi16,
    /// None, or none wanted (NO_COLOR).
    None,
}

/// What lines and marks are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyphs {
    /// Box drawing and arrows.
    Unicode,
    /// Plain characters.
    Ascii,
}

/// A session's look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Light or dark.
    pub scheme: Scheme,
    /// How many colours.
    pub depth: Depth,
    /// Which characters.
    pub glyphs: Glyphs,
}

impl Look {
    /// The look that a session's environment asks for: `NO_COLOR`, `COLORTERM`, `TERM`,
    /// `COLORFGBG`, the locale, and `ROLECALL_THEME` (words out of: dark light contrast 256 16
    /// none ascii).
    #[must_use]
    pub fn from_environment(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let get = |name: &str| variable(name).filter(|value| !value.is_empty());
        let term = get("TERM").unwrap_or_default();
        let depth = if get("NO_COLOR").is_some() || term == "dumb" {
            Depth::None
        } else if get("COLORTERM").is_some_and(|v| v == "truecolor" || v == "24bit") || term.contains("direct") {
            Depth::True
        } else if term.contains("256") {
            Depth::Ansi256
        } else {
            Depth::Ansi16
        };
        let scheme = match get("COLORFGBG").as_deref().and_then(|v| v.rsplit(';').next()) {
            Some("7" | "15") => Scheme::Light,
            _ => Scheme::Dark,
        };
        let locale = get("LC_ALL").or_else(|| get("LC_CTYPE")).or_else(|| get("LANG"));
        let narrow = locale.is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            !locale.contains("utf-8") && !locale.contains("utf8")
        });
        let glyphs = if narrow || term == "dumb" { Glyphs::Ascii } else { Glyphs::Unicode };
        let mut look = Self { scheme, depth, glyphs };
        for word in get("ROLECALL_THEME").unwrap_or_default().split([',', ' ']) {
            look.wish(word);
        }
        look
    }

    fn wish(&mut self, word: &str) {
        match word {
            "dark" => self.scheme = Scheme::Dark,
            "light" => self.scheme = Scheme::Light,
            "contrast" => self.scheme = Scheme::HighContrast,
            "256" => self.depth = Depth::Ansi256,
            "16" => self.depth = Depth::Ansi16,
            "none" => self.depth = Depth::None,
            "ascii" => self.glyphs = Glyphs::Ascii,
            _ => {}
        }
    }

    /// A look that somebody chose, in the words of `ROLECALL_THEME`, to be kept for them.
    #[must_use]
    pub fn kept(self) -> String {
        let scheme = match self.scheme {
            Scheme::Dark => "dark",
            Scheme::Light => "light",
            Scheme::HighContrast => "contrast",
        };
        let depth = match self.depth {
            Depth::None => " none",
            Depth::Ansi16 => " 16",
            Depth::True | Depth::Ansi256 => "",
        };
        let glyphs = if self.glyphs == Glyphs::Ascii { " ascii" } else { "" };
        format!("{scheme}{depth}{glyphs}")
    }

    /// What somebody chose once, on this terminal: it may be another one than that on which they
    /// chose, and never shows more than it can.
    #[must_use]
    pub fn recalled(self, kept: &str) -> Self {
        let mut look = self;
        for word in kept.split(' ') {
            look.wish(word);
        }
        if self.depth == Depth::None || (self.depth == Depth::Ansi16 && look.depth != Depth::None) {
            look.depth = self.depth;
        }
        look
    }

    /// The looks that a person can switch through, with their names, on a terminal that has so many
    /// colours: who looked at fewer for a while has all of them again.
    #[must_use]
    pub fn choices(self, own: Depth) -> Vec<(&'static str, Self)> {
        let depth = if own == Depth::None { Depth::Ansi16 } else { own };
        let rich = if depth == Depth::Ansi16 { Depth::Ansi256 } else { depth };
        vec![
            ("Dark", Self { scheme: Scheme::Dark, depth: rich, ..self }),
            ("Light", Self { scheme: Scheme::Light, depth: rich, ..self }),
            ("High contrast", Self { scheme: Scheme::HighContrast, depth, ..self }),
            ("The terminal's 16 colours", Self { depth: Depth::Ansi16, ..self }),
            ("No colour", Self { depth: Depth::None, ..self }),
            ("Plain characters (ASCII)", Self { glyphs: Glyphs::Ascii, ..self }),
            ("Drawn lines and signs (Unicode)", Self { glyphs: Glyphs::Unicode, ..self }),
        ]
    }
}

/// What a piece of the screen means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary text.
    Text,
    /// What is there if one looks for it: labels, hints, units.
    Dim,
    /// A heading.
    Title,
    /// What this is about: the account, the current tab.
    Accent,
    /// A key that can be pressed.
    Key,
    /// The row or field that keys act on.
    Selected,
    /// The same where another pane has the keys.
    SelectedAway,
    /// The line at the head.
    Head,
    /// The line at the foot.
    Foot,
    /// A key on the line at the foot.
    FootKey,
    /// Lines around and between.
    Border,
    /// The line around what has the keys.
    Focus,
    /// It went well; active.
    Good,
    /// Look at this; invited.
    Warn,
    /// It went wrong; revoked.
    Bad,
    /// A field to type in.
    Field,
    /// What a search matched.
    Match,
    /// What can't be used just now.
    Off,
}

/// A look made ready to draw with.
#[derive(Debug, Clone)]
pub struct Theme {
    look: Look,
}

impl Theme {
    /// The theme of a look.
    #[must_use]
    pub fn new(look: Look) -> Self {
        Self { look }
    }

    /// The look.
    #[must_use]
    pub fn look(&self) -> Look {
        self.look
    }

    /// The style of a meaning.
    #[must_use]
    pub fn style(&self, tone: Tone) -> Style {
        match self.look.depth {
            Depth::None => plain(tone),
            Depth::Ansi16 => sixteen(tone, self.look.scheme),
            Depth::True => rich(tone, self.look.scheme, Color::Rgb),
            Depth::Ansi256 => rich(tone, self.look.scheme, nearest),
        }
    }

    /// Are lines drawn with plain characters?
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.look.glyphs == Glyphs::Ascii
    }

    /// One of two texts, by what the terminal can draw.
    #[must_use]
    pub fn glyph(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.is_ascii() { ascii } else { unicode }
    }

    /// The lines of a box.
    #[must_use]
    pub fn border(&self) -> border::Set<'static> {
        if self.is_ascii() { ASCII_BORDER } else { border::ROUNDED }
    }
}

const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// Without colour: weight, underline and reversal alone.
fn plain(tone: Tone) -> Style {
    let style = Style::new();
    match tone {
        Tone::Title | Tone::Accent | Tone::Key | Tone::Bad | Tone::Warn => style.add_modifier(Modifier::BOLD),
        Tone::Selected | Tone::Foot | Tone::Head => style.add_modifier(Modifier::REVERSED),
        Tone::FootKey => style.add_modifier(Modifier::REVERSED.union(Modifier::BOLD)),
        Tone::SelectedAway | Tone::Field | Tone::Match => style.add_modifier(Modifier::UNDERLINED),
        Tone::Dim | Tone::Off | Tone::Border => style.add_modifier(Modifier::DIM),
        Tone::Focus => style.add_modifier(Modifier::BOLD),
        Tone::Text | Tone::Good => style,
    }
}

/// With the terminal's own sixteen, on the terminal's own background.
fn sixteen(tone: Tone, scheme: Scheme) -> Style {
    let loud = scheme == Scheme::HighContrast;
    // Of a terminal's sixteen, cyan, green and yellow can hardly be read on white.
    let light = scheme == Scheme::Light;
    let style = Style::new();
    match tone {
        Tone::Text => style,
        Tone::Dim | Tone::Border | Tone::Off if loud => style,
        Tone::Dim | Tone::Border | Tone::Off => style.fg(Color::DarkGray),
        Tone::Title => style.add_modifier(Modifier::BOLD),
        Tone::Accent | Tone::Key | Tone::Focus if light => style.fg(Color::Blue).add_modifier(Modifier::BOLD),
        Tone::Accent | Tone::Key | Tone::Focus => style.fg(Color::Cyan).add_modifier(Modifier::BOLD),
        Tone::Selected | Tone::Foot | Tone::Head => style.add_modifier(Modifier::REVERSED),
        Tone::FootKey => style.add_modifier(Modifier::REVERSED.union(Modifier::BOLD)),
        Tone::SelectedAway => style.add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED)),
        Tone::Good if light => style,
        Tone::Good => style.fg(Color::Green),
        Tone::Warn if light => style.fg(Color::Magenta),
        Tone::Warn => style.fg(Color::Yellow),
        Tone::Bad => style.fg(Color::Red).add_modifier(Modifier::BOLD),
        Tone::Field => style.add_modifier(Modifier::UNDERLINED),
        Tone::Match if light => style.fg(Color::Magenta).add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED)),
        Tone::Match => style.fg(Color::Yellow).add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED)),
    }
}

type Rgb = (u8, u8, u8);

/// The colours of a scheme, by their use.
struct Colours {
    ground: Rgb,
    raised: Rgb,
    chosen: Rgb,
    text: Rgb,
    dim: Rgb,
    line: Rgb,
    accent: Rgb,
    key: Rgb,
    good: Rgb,
    warn: Rgb,
    bad: Rgb,
}

const DARK: Colours = Colours {
    ground: (0x17, 0x1a, 0x21),
    raised: (0x22, 0x27, 0x31),
    chosen: (0x2f, 0x3b, 0x52),
    text: (0xd8, 0xdc, 0xe4),
    dim: (0x92, 0x9b, 0xad),
    line: (0x3d, 0x45, 0x54),
    accent: (0x86, 0xb7, 0xff),
    key: (0x86, 0xd6, 0xc8),
    good: (0x96, 0xd1, 0x86),
    warn: (0xea, 0xc5, 0x70),
    bad: (0xf5, 0x8a, 0x8a),
};

const LIGHT: Colours = Colours {
    ground: (0xfb, 0xfa, 0xf7),
    raised: (0xec, 0xea, 0xe4),
    chosen: (0xcf, 0xde, 0xf3),
    text: (0x22, 0x28, 0x30),
    dim: (0x56, 0x5e, 0x6c),
    line: (0xc4, 0xc1, 0xb8),
    accent: (0x0a, 0x56, 0xa8),
    key: (0x0b, 0x6b, 0x5e),
    good: (0x2a, 0x6f, 0x1f),
    warn: (0x8a, 0x58, 0x00),
    bad: (0xb4, 0x23, 0x23),
};

const CONTRAST: Colours = Colours {
    ground: (0, 0, 0),
    // Of the lines at the head and the foot alone.
    raised: (0, 0, 0x80),
    chosen: (0xff, 0xff, 0x00),
    text: (0xff, 0xff, 0xff),
    dim: (0xff, 0xff, 0xff),
    line: (0xff, 0xff, 0xff),
    accent: (0xff, 0xff, 0x00),
    key: (0x00, 0xff, 0xff),
    good: (0x5f, 0xff, 0x5f),
    warn: (0xff, 0xff, 0x00),
    bad: (0xff, 0x87, 0x87),
};

fn rich(tone: Tone, scheme: Scheme, colour: impl Fn(u8, u8, u8) -> Color) -> Style {
    let colours = match scheme {
        Scheme::Dark => &DARK,
        Scheme::Light => &LIGHT,
        Scheme::HighContrast => &CONTRAST,
    };
    let loud = scheme == Scheme::HighContrast;
    let paint = |(r, g, b): Rgb| colour(r, g, b);
    let on = |fore: Rgb, back: Rgb| Style::new().fg(paint(fore)).bg(paint(back));
    let fore = |fore: Rgb| Style::new().fg(paint(fore));
    match tone {
        Tone::Text => on(colours.text, colours.ground),
        Tone::Dim => fore(colours.dim),
        Tone::Title => fore(colours.text).add_modifier(Modifier::BOLD),
        Tone::Accent => fore(colours.accent).add_modifier(Modifier::BOLD),
        Tone::Key => fore(colours.key).add_modifier(Modifier::BOLD),
        Tone::Selected if loud => on(colours.ground, colours.chosen).add_modifier(Modifier::BOLD),
        Tone::Selected => on(colours.text, colours.chosen).add_modifier(Modifier::BOLD),
        Tone::SelectedAway if loud => fore(colours.text).add_modifier(Modifier::UNDERLINED),
        Tone::SelectedAway => on(colours.text, colours.raised),
        Tone::Head | Tone::Foot => on(colours.text, colours.raised),
        Tone::FootKey => on(colours.key, colours.raised).add_modifier(Modifier::BOLD),
        Tone::Border => fore(colours.line),
        Tone::Focus => fore(colours.accent),
        Tone::Good => fore(colours.good),
        Tone::Warn => fore(colours.warn),
        Tone::Bad => fore(colours.bad).add_modifier(Modifier::BOLD),
        Tone::Field if loud => fore(colours.text).add_modifier(Modifier::UNDERLINED),
        Tone::Field => on(colours.text, colours.raised),
        Tone::Match => fore(colours.warn).add_modifier(Modifier::UNDERLINED),
        Tone::Off => fore(colours.dim),
    }
}

/// The nearest of the 256 colours of xterm: of its cube of 6×6×6, or of its greys.
fn nearest(r: u8, g: u8, b: u8) -> Color {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let step = |value: u8| (0u8..6).zip(STEPS).min_by_key(|(_, level)| level.abs_diff(value)).unwrap_or_default();
    let distance = |x: Rgb| {
        let part = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        part(x.0, r) + part(x.1, g) + part(x.2, b)
    };
    let ((red, red_level), (green, green_level), (blue, blue_level)) = (step(r), step(g), step(b));
    let cube = (16 + 36 * red + 6 * green + blue, distance((red_level, green_level, blue_level)));
    let grey = (0u8..24).map(|n| (232 + n, distance((8 + 10 * n, 8 + 10 * n, 8 + 10 * n)))).min_by_key(|(_, d)| *d);
    match grey {
        Some((index, far)) if far < cube.1 => Color::Indexed(index),
        _ => Color::Indexed(cube.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(variables: &[(&str, &str)]) -> Look {
        let get = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        Look::from_environment(&get)
    }

    #[test]
    fn the_environment_of_the_session_decides() {
        assert_eq!(look(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]).depth, Depth::None);
        assert_eq!(look(&[("NO_COLOR", ""), ("COLORTERM", "truecolor")]).depth, Depth::True);
        assert_eq!(look(&[("TERM", "xterm-256color")]).depth, Depth::Ansi256);
        assert_eq!(look(&[("TERM", "xterm")]).depth, Depth::Ansi16);
        assert_eq!(look(&[("LANG", "C")]).glyphs, Glyphs::Ascii);
        assert_eq!(look(&[("LANG", "C"), ("LC_ALL", "en_GB.UTF-8")]).glyphs, Glyphs::Unicode);
        assert_eq!(look(&[("COLORFGBG", "0;15")]).scheme, Scheme::Light);
        assert_eq!(look(&[("ROLECALL_THEME", "contrast ascii")]).scheme, Scheme::HighContrast);
    }

    #[test]
    fn without_colour_no_style_has_any() {
        let theme = Theme::new(Look { scheme: Scheme::Dark, depth: Depth::None, glyphs: Glyphs::Unicode });
        for tone in [Tone::Text, Tone::Selected, Tone::Bad, Tone::Head, Tone::Match, Tone::Off] {
            let style = theme.style(tone);
            assert_eq!((style.fg, style.bg), (None, None));
        }
    }

    /// The ratio of contrast of two colours, after the Web Content Accessibility Guidelines.
    fn contrast(one: Color, other: Color) -> f64 {
        let levels = |colour: Color| -> [u8; 3] {
            match colour {
                Color::Rgb(r, g, b) => [r, g, b],
                Color::Indexed(grey @ 232..) => [8 + 10 * (grey - 232); 3],
                Color::Indexed(index @ 16..) => {
                    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
                    let cube = index - 16;
                    [level(cube / 36), level(cube / 6 % 6), level(cube % 6)]
                }
                other => panic!("{other:?} is the terminal's own"),
            }
        };
        let light = |colour: Color| {
            let linear = levels(colour).map(|level| {
                let part = f64::from(level) / 255.0;
                if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            });
            0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        };
        let (one, other) = (light(one), light(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_text_can_be_read_on_every_ground_that_it_stands_on() {
        let grounds = [Tone::Text, Tone::Head, Tone::Foot, Tone::Field, Tone::Selected, Tone::SelectedAway];
        let plain = [Tone::Text, Tone::Dim, Tone::Title, Tone::Accent, Tone::Key, Tone::Good, Tone::Warn, Tone::Bad];
        let mut pairs: Vec<(Tone, Tone)> = grounds.iter().map(|ground| (*ground, *ground)).collect();
        pairs.extend(plain.map(|tone| (tone, Tone::Text)));
        // What stands in a line at the head and in a field, and what is staged in a cell of a range.
        pairs.extend([Tone::Title, Tone::Accent, Tone::Key, Tone::Dim].map(|tone| (tone, Tone::Head)));
        pairs.extend([(Tone::FootKey, Tone::FootKey), (Tone::Match, Tone::Text), (Tone::Off, Tone::Text)]);
        pairs.extend([Tone::Good, Tone::Warn, Tone::Bad].map(|tone| (tone, Tone::SelectedAway)));
        for scheme in [Scheme::Dark, Scheme::Light, Scheme::HighContrast] {
            for depth in [Depth::True, Depth::Ansi256] {
                let theme = Theme::new(Look { scheme, depth, glyphs: Glyphs::Unicode });
                let base = theme.style(Tone::Text);
                for (tone, ground) in &pairs {
                    let back = base.patch(theme.style(*ground)).bg.unwrap();
                    let fore = base.patch(theme.style(*ground)).patch(theme.style(*tone)).fg.unwrap();
                    let ratio = contrast(fore, back);
                    assert!(ratio >= 4.5, "{scheme:?} {depth:?}: {tone:?} on {ground:?} has {ratio:.2}");
                    let loud = scheme == Scheme::HighContrast;
                    assert!(!loud || ratio >= 7.0, "{scheme:?} {depth:?}: {tone:?} on {ground:?} has {ratio:.2}");
                    let dims = theme.style(*tone).add_modifier.contains(Modifier::DIM);
                    assert!(!dims, "{tone:?} is dimmed below its colour");
                }
                // A mark of what scrolls is no text, and is to be seen all the same.
                let thumb = base.patch(theme.style(Tone::Dim));
                assert!(contrast(thumb.fg.unwrap(), thumb.bg.unwrap()) >= 3.0);
            }
        }
    }

    #[test]
    fn sixteen_colours_follow_whether_the_terminal_is_light() {
        let look = |scheme| Look { scheme, depth: Depth::Ansi16, glyphs: Glyphs::Unicode };
        let (dark, light) = (Theme::new(look(Scheme::Dark)), Theme::new(look(Scheme::Light)));
        assert_eq!(dark.style(Tone::Warn).fg, Some(Color::Yellow));
        for tone in [Tone::Accent, Tone::Key, Tone::Good, Tone::Warn, Tone::Match, Tone::Focus] {
            let faint = [Color::Yellow, Color::Cyan, Color::Green, Color::White, Color::Gray];
            assert!(light.style(tone).fg.is_none_or(|colour| !faint.contains(&colour)), "{tone:?}");
        }
        let of = |look: Look, name: &str| {
            let choices = look.choices(Depth::True);
            choices.iter().find(|(title, _)| title.contains(name)).unwrap().1
        };
        assert_eq!(of(look(Scheme::Light), "16").scheme, Scheme::Light);
        // From fewer colours back to all that the terminal has.
        assert_eq!(of(look(Scheme::Light), "Dark").depth, Depth::True);
    }

    #[test]
    fn colours_of_256_are_near() {
        assert_eq!(nearest(0, 0, 0), Color::Indexed(16));
        assert_eq!(nearest(255, 255, 255), Color::Indexed(231));
        assert_eq!(nearest(0x80, 0x80, 0x80), Color::Indexed(244));
    }
}
