//! A console at each of its screens, driven by the bytes of a keyboard.
#![allow(dead_code, reason = "each benchmark uses a part")]

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use rolecall::host::Console;
use rolecall::host::frame::Distance;
use rolecall::model::Moment;
use rolecall::service::Engine;
use rolecall::service::clock::FixedClock;
use rolecall::service::demo::{self, Amounts};
use rolecall::tui::event::Size;
use rolecall::tui::theme::{Depth, Glyphs, Look, Scheme};
use rolecall::tui::{App, Start};

const LOOK: Look = Look { scheme: Scheme::Dark, depth: Depth::True, glyphs: Glyphs::Unicode };
/// A large terminal and the smallest that shows everything.
pub const SIZES: [Size; 2] = [Size { width: 200, height: 50 }, Size { width: 80, height: 24 }];

const DOWN: &str = "\x1b[B";
const UP: &str = "\x1b[A";
const RIGHT: &str = "\x1b[C";
const LEFT: &str = "\x1b[D";
const PAGE_DOWN: &str = "\x1b[6~";
const PAGE_UP: &str = "\x1b[5~";
const BACKSPACE: &str = "\x7f";

/// A screen.
pub struct Screen {
    /// What it is called.
    pub name: &'static str,
    /// The keys that lead to it from home.
    way: &'static str,
    /// What its frame says.
    pub says: &'static str,
    /// What is pressed there, again and again.
    pub keys: &'static [&'static str],
}

const LIST: &[&str] = &[DOWN, DOWN, PAGE_DOWN, DOWN, "G", UP, PAGE_UP, "g", "\t", DOWN, "\t"];
const GRID: &[&str] = &[DOWN, RIGHT, PAGE_DOWN, RIGHT, "G", UP, LEFT, "g"];
const PAGE: &[&str] = &[DOWN, DOWN, UP, PAGE_DOWN, PAGE_UP];

const fn screen(name: &'static str, way: &'static str, says: &'static str, keys: &'static [&'static str]) -> Screen {
    Screen { name, way, says, keys }
}

/// All of them, and the ways between.
pub const SCREENS: &[Screen] = &[
    screen("Home", "1", "What you may do", PAGE),
    screen("Users", "2", "30 users", LIST),
    screen("Roles", "3", "roles", LIST),
    screen("Contacts", "4", "row 1", LIST),
    screen("Companies", "5", "row 1", LIST),
    screen("Deals", "6", "row 1", LIST),
    screen("Activity", "7", "Activity", LIST),
    screen("Permission matrix", ":permission matrix\r", "Permissions", GRID),
    screen("Role chart", ":role chart\r", "", LIST),
    screen("User types", ":user types\r", "", LIST),
    screen("Field Editor", ":field editor\r", "", LIST),
    screen("Commands", ":", "", &["r", "o", "l", DOWN, BACKSPACE, BACKSPACE, BACKSPACE]),
    screen("from tab to tab", "1", "", &["2", "3", "4", "5", "6", "7", "1"]),
];

/// Looking for some of a large list: its answer comes beside the keys, first matches first. Nothing of
/// one round of keys is remembered in the next.
pub const SEARCHES: &[Screen] = &[
    screen(
        "Contacts: search",
        "4/",
        "",
        &["k", "o", "w", BACKSPACE, "l", BACKSPACE, BACKSPACE, BACKSPACE, "@", "x", "q"],
    ),
    screen("Contacts: filter", "4fstatus\rlead ", "", &["\r"]),
    screen(RARE, "4/", "", &["\x1b[200~alindstrom2878@mail\x1b[201~"]),
];

/// A search that finds nothing among the first records of the list, and next to nothing behind them.
pub const RARE: &str = "Contacts: rare search";

/// The demo's clinic with so many contacts, and companies and deals in proportion.
pub fn clinic(directory: &std::path::Path, contacts: u64) -> Arc<Engine> {
    let clock = Arc::new(FixedClock::at(Moment(1_795_176_000_000)));
    let engine = demo::open(directory, clock).unwrap();
    demo::fill(&engine, Amounts::of(contacts), || true).unwrap();
    engine
}

/// The clinic's owner before a terminal; jobs run as they come, and are waited for.
pub struct Seat<W: Write> {
    console: Console<W>,
    now: Duration,
}

impl<W: Write> Seat<W> {
    /// Sits down.
    pub fn take(engine: &Arc<Engine>, size: Size, out: W) -> Self {
        let opened = Arc::clone(engine);
        let app = App::new(Start {
            open: Box::new(move |_| Ok(opened)),
            persona: Some(demo::OWNER_EMAIL.to_owned()),
            look: LOOK,
            size,
            wake: Arc::new(|| true),
        });
        let console = Console::new(out, size, Distance::Local, app).unwrap();
        let mut seat = Self { console, now: Duration::ZERO };
        seat.settle();
        seat.console.draw().unwrap();
        seat
    }

    fn settle(&mut self) {
        loop {
            self.run_jobs();
            if !self.console.step(self.now) {
                return;
            }
        }
    }

    /// Jobs have threads of their own, as in a terminal, so that what they allocate is theirs.
    fn run_jobs(&mut self) {
        let jobs = self.console.take_jobs();
        let running: Vec<_> = jobs.into_iter().map(|job| std::thread::spawn(move || job.run())).collect();
        running.into_iter().for_each(|job| self.console.reply(job.join().unwrap()));
    }

    /// Presses a key, does what it asks for, and draws what comes of it.
    pub fn press(&mut self, key: &str) {
        self.console.bytes(key.as_bytes(), self.now);
        self.settle();
        self.console.draw().unwrap();
    }

    /// Presses a key and draws at once; what it asks for beside is done afterwards, unmeasured.
    pub fn press_ahead(&mut self, key: &str) {
        self.console.bytes(key.as_bytes(), self.now);
        while self.console.step(self.now) {}
        self.console.draw().unwrap();
    }

    /// Does and draws what was asked for beside, but not what that asks for in its turn.
    pub fn catch_up_first(&mut self) {
        self.run_jobs();
        while self.console.step(self.now) {}
        self.console.draw().unwrap();
    }

    /// Does and draws what was asked for beside.
    pub fn catch_up(&mut self) {
        self.settle();
        self.console.draw().unwrap();
    }

    /// Lets time pass: an Esc counts.
    fn wait(&mut self) {
        self.now += Duration::from_secs(1);
        self.console.elapse(self.now);
        self.catch_up();
    }

    /// Goes to a screen.
    pub fn go(&mut self, screen: &Screen) {
        for _ in 0..3 {
            self.press("\x1b");
            self.wait();
        }
        self.press("1");
        for key in screen.way.chars() {
            self.press(key.encode_utf8(&mut [0; 4]));
        }
        self.wait();
    }

    /// Where the frames go.
    pub fn out(&mut self) -> &mut W {
        self.console.out_mut()
    }
}
