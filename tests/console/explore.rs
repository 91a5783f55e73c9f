//! Finds its way through a console by what the console itself offers: the commands of the registry
//! as they stand. A new screen or command is met without a word here.

use std::collections::BTreeSet;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use rolecall::host::headless::Headless;
use rolecall::tui::command::{Command, Group};
use rolecall::tui::console;
use rolecall::tui::event::{Code, Key};

/// Ways out of the session.
pub const OUT: [&str; 3] = [console::QUIT.0, console::SIGN_OUT.0, console::PERSONA.0];

/// What is asked before a file is written. Nobody answers it: the files would be real.
const WRITES: &str = "Export to";

/// The bytes that a keyboard sends for a key.
pub fn bytes(key: Key) -> Option<Vec<u8>> {
    let plain = |text: &str| Some(text.as_bytes().to_vec());
    match key.code {
        Code::Char(character) if key.ctrl => Some(vec![(character as u8) & 0x1f]),
        Code::Char(character) => plain(&character.to_string()),
        Code::Enter => plain("\r"),
        Code::Tab => plain("\t"),
        Code::BackTab => plain("\x1b[Z"),
        Code::Backspace => plain("\x7f"),
        Code::Up => plain("\x1b[A"),
        Code::Down => plain("\x1b[B"),
        Code::Right => plain("\x1b[C"),
        Code::Left => plain("\x1b[D"),
        Code::Home => plain("\x1b[H"),
        Code::End => plain("\x1b[F"),
        Code::PageUp => plain("\x1b[5~"),
        Code::PageDown => plain("\x1b[6~"),
        Code::Delete => plain("\x1b[3~"),
        Code::Insert => plain("\x1b[2~"),
        Code::Esc | Code::F(_) => None,
    }
}

/// One thing that a person does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Bytes(Vec<u8>),
    Esc,
    /// A command by its key, or by its title in the palette.
    Run(Vec<u8>),
    Resize(u32, u32),
    /// The store changed elsewhere.
    News,
}

impl Act {
    pub fn on(&self, console: &mut Headless) {
        match self {
            Self::Bytes(bytes) | Self::Run(bytes) => console.keys(bytes),
            Self::Esc => console.esc(),
            Self::Resize(width, height) => console.resize(*width, *height),
            Self::News => console.changed(),
        };
    }

    /// As whoever repeats it by hand would type it.
    pub fn told(&self) -> String {
        match self {
            Self::Bytes(bytes) | Self::Run(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
            other => format!("{other:?}"),
        }
    }
}

/// How a command is run: by its first key that can be typed, else by the palette.
pub fn run(command: &Command) -> Act {
    let key = command.keys.iter().find_map(|key| bytes(*key));
    Act::Run(key.unwrap_or_else(|| format!(":{}\r", command.title).into_bytes()))
}

/// The commands that are there now, without the ways out.
pub fn offered(console: &Headless) -> Vec<Command> {
    let menu = console.app().menu();
    menu.commands().iter().filter(|command| !OUT.contains(&command.invocation.id.0)).cloned().collect()
}

/// Names a command with what it acts on.
pub fn name(command: &Command) -> String {
    let argument = command.invocation.argument.as_deref().map(|argument| format!("({argument})"));
    format!("{}{}", command.invocation.id.0, argument.unwrap_or_default())
}

/// The screens that can be gone to from here.
pub fn places(console: &Headless) -> Vec<Command> {
    offered(console).into_iter().filter(|command| command.group == Group::Go).collect()
}

/// What a person answers when they are asked for something, typing what they may have heard of.
pub fn answer(rng: &mut ChaCha8Rng, words: &[String]) -> Act {
    let word = |rng: &mut ChaCha8Rng| words.choose(rng).cloned().unwrap_or_default().into_bytes();
    match rng.random_range(0..16) {
        0..4 => Act::Bytes(word(rng)),
        4..7 => Act::Bytes(b"\r".to_vec()),
        7 => Act::Bytes(b"\t".to_vec()),
        8 => Act::Bytes(b"\x1b[B".to_vec()),
        9 => Act::Bytes(b" ".to_vec()),
        10..13 => Act::Bytes(b"\x13".to_vec()),
        13 => Act::Bytes(b"y".to_vec()),
        14 => Act::Bytes([b"\x1b[200~pasted ", word(rng).as_slice(), b" text\x1b[201~"].concat()),
        _ => Act::Bytes(b"\x15".to_vec()),
    }
}

/// A walk through everything that a console offers: each place that can be gone to, some of the
/// commands there, each answered in some way; then whatever comes to mind. `done` is asked for the
/// next step's effect; it sees each act before the next is chosen, and ends the walk by `false`.
pub fn walk(
    console: &mut Headless,
    rng: &mut ChaCha8Rng,
    words: &[String],
    depth: Depth,
    tried: &mut BTreeSet<String>,
    mut each: impl FnMut(&mut Headless, &Act) -> bool,
) {
    let mut done = |console: &mut Headless, act: &Act| {
        each(console, act) && (!console.text().contains(WRITES) || each(console, &Act::Esc))
    };
    let mut places = places(console);
    // Where nobody was yet comes first.
    places.shuffle(rng);
    places.sort_by_key(|place| tried.contains(&name(place)));
    for place in places.into_iter().take(depth.places) {
        if !back_out(console, &mut done) || !done(console, &run(&place)) {
            return;
        }
        tried.insert(name(&place));
        for _ in 0..depth.commands {
            let commands = offered(console);
            // What wasn't tried yet comes first.
            let mut fresh: Vec<&Command> = commands.iter().filter(|command| !tried.contains(&name(command))).collect();
            fresh.retain(|command| command.group != Group::Go);
            let any: Vec<&Command> = commands.iter().filter(|command| command.group != Group::Go).collect();
            let Some(command) = fresh.choose(rng).or_else(|| any.choose(rng)).copied() else { break };
            tried.insert(name(command));
            if !done(console, &run(command)) {
                return;
            }
            for _ in 0..rng.random_range(0..=depth.answers) {
                let act = if console.app().is_typing() { answer(rng, words) } else { step(rng, console, tried) };
                if !done(console, &act) {
                    return;
                }
            }
            if rng.random_bool(0.15) && !back_out(console, &mut done) {
                return;
            }
        }
    }
    for _ in 0..depth.whatever {
        let act = match rng.random_range(0..20) {
            0 => Act::News,
            1 => Act::Resize(rng.random_range(78..170), rng.random_range(23..50)),
            2 | 3 => Act::Esc,
            _ if console.app().is_typing() => answer(rng, words),
            _ => step(rng, console, tried),
        };
        if !done(console, &act) {
            return;
        }
    }
}

/// Any of the commands that are there.
fn step(rng: &mut ChaCha8Rng, console: &Headless, tried: &mut BTreeSet<String>) -> Act {
    let commands = offered(console);
    // Mostly what wasn't tried yet.
    let fresh: Vec<&Command> = commands.iter().filter(|command| !tried.contains(&name(command))).collect();
    let fresh = fresh.choose(rng).copied().filter(|_| rng.random_bool(0.6));
    match fresh.or_else(|| commands.choose(rng)) {
        Some(command) => {
            tried.insert(name(command));
            run(command)
        }
        None => Act::Esc,
    }
}

/// Esc until nothing is asked any more; what would be lost is let go.
fn back_out(console: &mut Headless, done: &mut impl FnMut(&mut Headless, &Act) -> bool) -> bool {
    for turn in 0..8 {
        if !console.app().is_typing() && turn > 0 {
            return true;
        }
        let act = if turn > 3 && turn % 2 == 1 { Act::Bytes(b"y".to_vec()) } else { Act::Esc };
        if !done(console, &act) {
            return false;
        }
    }
    true
}

/// How far a walk goes.
#[derive(Debug, Clone, Copy)]
pub struct Depth {
    /// How many places are gone to.
    pub places: usize,
    pub commands: u32,
    pub answers: u32,
    pub whatever: u32,
}
