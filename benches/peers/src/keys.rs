//! From a key press to the frame that it makes, written to a terminal: on each screen, with few
//! records and many, beside a bare write of the same bytes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rolecall::host::Console;
use rolecall::host::frame::Distance;
use rolecall::model::Moment;
use rolecall::service::Engine;
use rolecall::service::clock::FixedClock;
use rolecall::service::demo::{self, Amounts};
use rolecall::tui::event::Size;
use rolecall::tui::theme::{Depth, Glyphs, Look, Scheme};
use rolecall::tui::{App, Start};

use crate::measure::{Effort, once, quantile};
use crate::result::{Part, Row, Unit};
use crate::{machine, pty, table, world};

const LOOK: Look = Look { scheme: Scheme::Dark, depth: Depth::True, glyphs: Glyphs::Unicode };
const SIZES: [Size; 2] = [Size { width: 200, height: 50 }, Size { width: 80, height: 24 }];
const DOWN: &str = "\x1b[B";
const UP: &str = "\x1b[A";
const PAGE_DOWN: &str = "\x1b[6~";
const PAGE_UP: &str = "\x1b[5~";

/// A screen: its name, the keys that lead to it from home, and what its frame says.
struct Screen {
    name: &'static str,
    way: &'static str,
    says: &'static str,
    /// What is pressed there, again and again.
    keys: &'static [&'static str],
}

const MOVES: &[&str] = &[DOWN, DOWN, PAGE_DOWN, DOWN, "G", UP, PAGE_UP, "g", "\t", DOWN, "\t"];
const GRID: &[&str] = &[DOWN, "\x1b[C", PAGE_DOWN, "\x1b[C", "G", UP, "\x1b[D", "g"];

const SCREENS: &[Screen] = &[
    Screen { name: "Home", way: "1", says: "What you may do", keys: &[DOWN, DOWN, UP, PAGE_DOWN, PAGE_UP] },
    Screen { name: "Users", way: "2", says: "30 users", keys: MOVES },
    Screen { name: "Roles", way: "3", says: "Role", keys: MOVES },
    Screen { name: "Contacts", way: "4", says: "row 1", keys: MOVES },
    Screen { name: "Companies", way: "5", says: "row 1", keys: MOVES },
    Screen { name: "Deals", way: "6", says: "row 1", keys: MOVES },
    Screen { name: "Activity", way: "7", says: "", keys: MOVES },
    Screen { name: "Permission matrix", way: ":permission matrix\r", says: "", keys: GRID },
    Screen { name: "Role chart", way: ":role chart\r", says: "", keys: MOVES },
    Screen { name: "User types", way: ":user types\r", says: "", keys: MOVES },
    Screen { name: "Field Editor", way: ":field editor\r", says: "", keys: MOVES },
    Screen { name: "search in Contacts", way: "4/", says: "", keys: &["k", "o", "w", "\x7f", "\x7f", "\x7f"] },
    Screen { name: "commands", way: ":", says: "", keys: &["r", "o", "l", DOWN, "\x7f", "\x7f", "\x7f"] },
    Screen { name: "from tab to tab", way: "1", says: "", keys: &["2", "3", "4", "5", "6", "7", "1"] },
];

/// A terminal that remembers what was written to it since it was last asked.
#[derive(Clone)]
struct Out(Arc<Mutex<(File, Vec<u8>)>>);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = self.0.lock().unwrap();
        out.0.write_all(bytes)?;
        out.1.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A console in a terminal, its jobs run as they come.
struct Seat {
    console: Console<Out>,
    out: Out,
    screen: vt100::Parser,
    now: Duration,
}

impl Seat {
    fn take(engine: &Arc<Engine>, size: Size) -> Self {
        let opened = Arc::clone(engine);
        let app = App::new(Start {
            open: Box::new(move |_| Ok(opened)),
            persona: Some(demo::OWNER_EMAIL.to_owned()),
            look: LOOK,
            size,
            wake: Arc::new(|| true),
        });
        let out = Out(Arc::new(Mutex::new((pty::bare(), Vec::new()))));
        let console = Console::new(out.clone(), size, Distance::Local, app).unwrap();
        let cells = |number: u16| number.try_into().unwrap();
        let screen = vt100::Parser::new(cells(size.height), cells(size.width), 0);
        let mut seat = Self { console, out, screen, now: Duration::ZERO };
        seat.settle();
        seat.console.draw().unwrap();
        seat
    }

    fn settle(&mut self) {
        loop {
            for job in self.console.take_jobs() {
                self.console.reply(job.run());
            }
            if !self.console.step(self.now) {
                return;
            }
        }
    }

    /// Presses a key, and draws what comes of it.
    fn press(&mut self, key: &str) {
        self.console.bytes(key.as_bytes(), self.now);
        self.settle();
        self.console.draw().unwrap();
    }

    /// Lets time pass: an Esc counts, a search begins.
    fn wait(&mut self) {
        self.now += Duration::from_secs(1);
        self.console.elapse(self.now);
        self.settle();
        self.console.draw().unwrap();
    }

    fn written(&mut self) -> Vec<u8> {
        let written = std::mem::take(&mut self.out.0.lock().unwrap().1);
        self.screen.process(&written);
        written
    }

    fn go(&mut self, screen: &Screen) {
        for _ in 0..3 {
            self.press("\x1b");
            self.wait();
        }
        self.press("1");
        for key in screen.way.chars() {
            self.press(key.encode_utf8(&mut [0; 4]));
        }
        self.wait();
        self.written();
        let text = self.screen.screen().contents();
        assert!(text.contains(screen.says), "this isn't {}:\n{text}", screen.name);
    }
}

/// What the keys of one screen took.
struct Taken {
    p50: f64,
    p99: f64,
    bare50: f64,
    bare99: f64,
    bytes: f64,
}

fn measure(seat: &mut Seat, screen: &Screen, keys: usize, bare: &mut File) -> Taken {
    seat.go(screen);
    let (mut ours, mut written, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
    for key in screen.keys.iter().cycle().take(keys) {
        let began = Instant::now();
        seat.press(key);
        ours.push(began.elapsed().as_secs_f64());
        let frame = seat.written();
        let began = Instant::now();
        bare.write_all(&frame).unwrap();
        written.push(began.elapsed().as_secs_f64());
        bytes.push(frame.len() as f64);
    }
    assert!(bytes.iter().any(|length| *length > 0.0), "nothing was drawn on {}", screen.name);
    Taken {
        p50: quantile(&mut ours, 0.5),
        p99: quantile(&mut ours, 0.99),
        bare50: quantile(&mut written, 0.5),
        bare99: quantile(&mut written, 0.99),
        bytes: quantile(&mut bytes, 0.5),
    }
}

/// Measures it.
pub fn run(effort: &Effort) -> Part {
    let keys = if effort.quick { 400 } else { 2_000 };
    let mut part = Part { at: machine::now(), quick: effort.quick, ..Part::default() };
    let mut taken: BTreeMap<(usize, usize, u64), Taken> = BTreeMap::new();
    let amounts = [1_000, 1_000_000];
    for records in amounts {
        let directory = world::directory();
        let clock = Arc::new(FixedClock::at(Moment(1_795_176_000_000)));
        let engine = demo::open(&directory.path().join("data"), clock).unwrap();
        let ((), seconds) = once(|| demo::fill(&engine, Amounts::of(records), || true).unwrap());
        eprintln!("a clinic with {} contacts, in {seconds:.1} s", table::grouped(records));
        let mut bare = pty::bare();
        for (size_place, size) in SIZES.iter().enumerate() {
            let mut seat = Seat::take(&engine, *size);
            // Orders and texts that are built on first use.
            SCREENS.iter().for_each(|screen| drop(measure(&mut seat, screen, screen.keys.len() * 2, &mut bare)));
            for (place, screen) in SCREENS.iter().enumerate() {
                taken.insert((size_place, place, records), measure(&mut seat, screen, keys, &mut bare));
            }
        }
    }
    for (size_place, size) in SIZES.iter().enumerate() {
        for (place, screen) in SCREENS.iter().enumerate() {
            let [few, many] = amounts.map(|records| &taken[&(size_place, place, records)]);
            let of = format!("{}×{}, 1M contacts: p99", size.width, size.height);
            let row = Row::of(screen.name, of, Unit::Seconds, many.p99)
                .over("with 1,000 contacts", few.p99)
                .over("bare write", many.bare99)
                .note(format!(
                    "p50 {}, bare {}, {:.1} kB",
                    table::shown(many.p50, Unit::Seconds),
                    table::shown(many.bare50, Unit::Seconds),
                    many.bytes / 1000.0
                ));
            part.rows.push(row.aim("≤ 2 ms p99", many.p99 <= 2e-3));
        }
    }
    part.notes = vec![format!(
        "Each key goes in as the bytes of a keyboard and out as a frame written to a pseudo-terminal that is read at \
         once; what a key asks of the store is waited for. On each screen {keys} keys: up, down, by pages, to the \
         ends, from pane to pane; in fields, letters. *Bare write*: the same bytes of the same frames, each written \
         to another pseudo-terminal right after."
    )];
    part
}
