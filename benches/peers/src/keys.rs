//! From a key press to the frame that it makes, written to a terminal: on each screen, with few
//! records and many, beside a bare write of the same bytes.

#[path = "../../common/console.rs"]
mod console;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::time::Instant;

use rolecall::tui::event::Size;

use self::console::{RARE, SCREENS, SEARCHES, SIZES, Screen, Seat};
use crate::measure::{Effort, once, quantile};
use crate::result::{Part, Row, Unit};
use crate::{machine, pty, table, world};

/// A terminal that remembers what was written to it since it was last asked, and how long it took that.
struct Out {
    terminal: File,
    frame: Vec<u8>,
    seconds: f64,
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (written, seconds) = once(|| self.terminal.write_all(bytes));
        written?;
        self.seconds += seconds;
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a key may take until its frame is written, in seconds.
const AIM: f64 = 2e-3;

/// What the keys of one screen took, each list in the order of the keys.
#[derive(Default)]
struct Taken {
    ours: Vec<f64>,
    /// The same without what the terminal itself took for the frame.
    before_write: Vec<f64>,
    bare: Vec<f64>,
    bytes: Vec<f64>,
    /// What was asked for beside the keys: until something of it was shown, and until all of it was.
    first: Vec<f64>,
    whole: Vec<f64>,
}

/// What a key asks of the store.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// It is a part of the key's frame.
    Awaited,
    /// It comes beside the keys.
    Beside,
    /// The same, and each round of keys begins on the screen anew.
    Anew,
}

/// A seat at a terminal, and what its screen shows.
struct Watched {
    seat: Seat<Out>,
    seen: vt100::Parser,
    bare: File,
}

impl Watched {
    fn new(seat: Seat<Out>, size: Size) -> Self {
        let seen = vt100::Parser::new(size.height.try_into().unwrap(), size.width.try_into().unwrap(), 0);
        Self { seat, seen, bare: pty::bare() }
    }

    fn frame(&mut self) -> Vec<u8> {
        let out = self.seat.out();
        out.seconds = 0.0;
        let frame = std::mem::take(&mut out.frame);
        self.seen.process(&frame);
        frame
    }

    fn go(&mut self, screen: &Screen) {
        self.seat.go(screen);
        self.frame();
        let text = self.seen.screen().contents();
        assert!(text.contains(screen.says), "this isn't {}:\n{text}", screen.name);
    }

    /// Presses the keys of a screen.
    fn measure(&mut self, screen: &Screen, keys: usize, answer: Answer) -> Taken {
        self.go(screen);
        let mut taken = Taken::default();
        for (place, key) in screen.keys.iter().cycle().take(keys).enumerate() {
            if answer == Answer::Anew && place > 0 && place.is_multiple_of(screen.keys.len()) {
                self.go(screen);
            }
            let began = Instant::now();
            match answer {
                Answer::Awaited => self.seat.press(key),
                Answer::Beside | Answer::Anew => self.seat.press_ahead(key),
            }
            let ours = began.elapsed().as_secs_f64();
            taken.ours.push(ours);
            taken.before_write.push(ours - self.seat.out().seconds);
            let frame = self.frame();
            let began = Instant::now();
            self.bare.write_all(&frame).unwrap();
            taken.bare.push(began.elapsed().as_secs_f64());
            taken.bytes.push(frame.len() as f64);
            if answer != Answer::Awaited {
                let (_, first) = once(|| self.seat.catch_up_first());
                let (_, rest) = once(|| self.seat.catch_up());
                taken.first.push(first);
                taken.whole.push(first + rest);
                self.frame();
            }
        }
        assert!(taken.bytes.iter().any(|length| *length > 0.0), "nothing was drawn on {}", screen.name);
        taken
    }
}

/// Measures it.
pub fn run(effort: &Effort) -> Part {
    let keys = if effort.quick { 400 } else { 2_000 };
    let mut part = Part { at: machine::now(), quick: effort.quick, ..Part::default() };
    // As in the console itself: the frame doesn't wait for what is read from the history.
    let reads = |screen: &Screen| screen.name.starts_with("from") || screen.name == "Activity";
    let beside = |screen: &Screen| if reads(screen) { Answer::Beside } else { Answer::Awaited };
    let screens = || {
        let screens = SCREENS.iter().map(|screen| (screen, beside(screen)));
        screens.chain(SEARCHES.iter().map(|screen| (screen, Answer::Anew)))
    };
    let mut taken: BTreeMap<(u16, &str, u64), Taken> = BTreeMap::new();
    let amounts = [1_000, effort.million];
    for records in amounts {
        let directory = world::directory();
        let (engine, seconds) = once(|| console::clinic(&directory.path().join("data"), records));
        eprintln!("a clinic with {} contacts, in {seconds:.1} s", table::grouped(records));
        for size in SIZES {
            let out = Out { terminal: pty::bare(), frame: Vec::new(), seconds: 0.0 };
            let mut watched = Watched::new(Seat::take(&engine, size, out), size);
            // Orders and texts are built on first use, the index is filled and the orders are written down
            // behind.
            for (screen, answer) in screens() {
                drop(watched.measure(screen, screen.keys.len() * 2, answer));
            }
            world::until_still(Instant::now());
            for (screen, answer) in screens() {
                // What reads a large list anew takes its time, and less of it will do.
                let keys = if answer == Answer::Awaited || screen.name == "Activity" { keys } else { keys / 4 };
                let (screened, seconds) = once(|| watched.measure(screen, keys, answer));
                taken.insert((size.width, screen.name, records), screened);
                if seconds > 3.0 {
                    eprintln!("{} at {}×{}: {keys} keys in {seconds:.0} s", screen.name, size.width, size.height);
                }
            }
        }
    }
    for size in SIZES {
        for (screen, _) in screens() {
            let mut find = |records| taken.remove(&(size.width, screen.name, records)).unwrap();
            let (few, many) = (find(amounts[0]), find(amounts[1]));
            part.rows.extend(judged(screen.name, size, effort.million, few, many));
        }
    }
    part.notes = vec![format!(
        "Each key goes in as the bytes of a keyboard and out as a frame written to a pseudo-terminal that is \
         read at once; what a key asks of the store is waited for, but on the way from tab to tab, in \
         Activity and for searches and filters, whose answers come beside the keys and have rows of their \
         own. On each screen {keys} keys, for tabs and searches a quarter: up, down, by pages, to the ends, \
         from pane to pane; in fields, letters. *Bare write*: the same bytes of the same frames, each written \
         to another pseudo-terminal right after. *Until it is handed to the terminal*: the same keys without \
         their frame's own write. The list of 1M contacts stands beside 150k companies and 200k deals, all \
         still. *First matches* are the first rows of the list as it is in the end, shown while the rest is \
         counted; where there are few, they may be known only with the whole. Each search begins on a fresh \
         list that remembers nothing, and what is typed on narrows what was found."
    )];
    part
}

fn judged(name: &str, size: Size, million: u64, mut few: Taken, mut many: Taken) -> Vec<Row> {
    let of = |what: &str| format!("{}×{}, {} contacts: {what}", size.width, size.height, table::grouped(million));
    let p99 = quantile(&mut many.ours, 0.99);
    let before_write = quantile(&mut many.before_write, 0.99);
    let note = format!(
        "p99 {} until it is handed to the terminal; p50 {}, bare {}, {:.1} kB",
        table::shown(before_write, Unit::Seconds),
        table::shown(quantile(&mut many.ours, 0.5), Unit::Seconds),
        table::shown(quantile(&mut many.bare, 0.5), Unit::Seconds),
        quantile(&mut many.bytes, 0.5) / 1000.0
    );
    let row = Row::of(name, of("p99"), Unit::Seconds, p99)
        .over("with 1,000 contacts", quantile(&mut few.ours, 0.99))
        .over("bare write", quantile(&mut many.bare, 0.99));
    let why = if before_write <= AIM {
        "the terminal took the rest: the kernel hands frames on in the time of whoever writes them"
    } else {
        "more than a hundredth of the keys take longer"
    };
    let mut rows = vec![row.aim("≤ 2 ms p99", p99 <= AIM).note(note).unless(why)];
    if many.first.is_empty() {
        return rows;
    }
    let answer = |what: &str, few: &mut Vec<f64>, many: &mut Vec<f64>| {
        let seconds = quantile(many, 0.99);
        let row = Row::of(format!("{name}: {what}"), of("p99"), Unit::Seconds, seconds);
        let note = format!("p50 {}", table::shown(quantile(many, 0.5), Unit::Seconds));
        (row.over("with 1,000 contacts", quantile(few, 0.99)), seconds, note)
    };
    let why = match name {
        RARE => "more than a hundredth of them take longer: whatever is visible is looked at, all columns of it",
        _ => "more than a hundredth of them take longer",
    };
    let aimed = |(row, seconds, note): (Row, f64, String)| row.aim("≤ 100 ms", seconds <= 0.1).note(note).unless(why);
    if name == RARE {
        rows.push(aimed(answer("first matches, with the whole answer", &mut few.whole, &mut many.whole)));
        return rows;
    }
    let what = if name.starts_with("Contacts:") { "first matches" } else { "what is shown then" };
    rows.push(aimed(answer(what, &mut few.first, &mut many.first)));
    let (row, _, note) = answer("the whole answer", &mut few.whole, &mut many.whole);
    rows.push(row.note(note));
    rows
}
