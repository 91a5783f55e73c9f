//! May somebody do something with a record: rolecall, Cedar, casbin, regorus, and bare arrays.

use std::hint::black_box;
use std::sync::Arc;

use rolecall::authz::{RecordFacts, Snapshot, compile};
use rolecall::model::{Moment, RecordAction};

use crate::engines::bare::Bare;
use crate::engines::{ACTIONS, Case, Engine, Question, casbin, cedar, rego};
use crate::measure::{Contender, Effort};
use crate::result::{Part, Row, Unit};
use crate::world::{self, CONTACTS, facts_of, owner_of, scatter};
use crate::{machine, table};

struct Size {
    of: &'static str,
    people: u32,
    roles: u32,
    records: u64,
    full: bool,
}

const SIZES: [Size; 2] = [
    Size { of: "1,000 people, 50 roles, 100k records", people: 1_000, roles: 50, records: 100_000, full: false },
    Size { of: "100k people, 10k roles, 10M records", people: 100_000, roles: 10_000, records: 10_000_000, full: true },
];

/// So few pairs stay in every cache.
const HOT: usize = 64;
/// So many pairs are asked of engines that need microseconds, and compared one by one.
const ASKED: usize = 2_048;
/// So many, all over the place, of those that need nanoseconds.
const RANDOM: usize = 1 << 16;

/// Measures it.
pub fn run(effort: &Effort) -> Part {
    let mut part = Part { at: machine::now(), quick: effort.quick, ..Part::default() };
    // All of it takes gigabytes.
    let sizes = if effort.million < 1_000_000 { &SIZES[..1] } else { &SIZES[..] };
    for size in sizes {
        part.rows.extend(at(size, effort));
    }
    part.notes = [
        "Cedar, casbin and regorus are general: each runs any policy that somebody writes in its language, Cedar \
         with proofs about its own semantics. rolecall knows one set of rules and compiles it into arrays, and that \
         is what the ratio buys.",
        "Cedar (cedar-policy 4): twelve policies that read a role's scopes from its entity and one that seals \
         private records; reporting lines are the entity hierarchy. *Per request* makes the request and the slice of \
         entities that it needs, people and roles kept as entities, as its documentation shows for applications with \
         records of their own. *Resident* has all people, roles and records as entities and every request ready, \
         and only decides. At the full size, the records in question are resident, not all ten million.",
        "casbin 2: one matcher over twelve rules, as its performance page advises (few rules, roles grouped under \
         them), reporting lines as a role hierarchy; requests are ready strings. *Cached* is its CachedEnforcer, \
         which keeps answers; a hot question is then a look-up of itself.",
        "regorus 0.14: one Rego policy, data loaded, inputs ready; reporting lines are expanded into sets beforehand. \
         Its README shows the interpreter; *compiled* is its virtual machine, reused, which it benchmarks itself by. \
         The aim was set by the interpreter and is judged by the machine.",
        "*Table* answers the same questions from plain arrays that hold just this case; *look-ups* only reads the \
         record, both people's places and the asker's rights, and answers nothing.",
    ]
    .map(str::to_owned)
    .to_vec();
    part
}

fn at(size: &Size, effort: &Effort) -> Vec<Row> {
    let team = Arc::new(world::team(size.people, size.roles));
    let snapshot = compile(Arc::clone(&team), Moment(0));
    let facts: Vec<RecordFacts> = (0..size.records).map(|place| facts_of(place, size.people)).collect();
    let pair = |place: u64, action: RecordAction| Question {
        me: owner_of(place.wrapping_mul(77), size.people),
        action,
        record: usize::try_from(scatter(place ^ 0xabcd) % size.records).unwrap(),
    };
    let questions: Vec<Question> = (0..ASKED).map(|place| pair(place as u64 / 3, ACTIONS[place % 3])).collect();
    let case = Case { team: &team, facts: &facts, questions: &questions };
    let mut bare = Bare::new(&case, &snapshot);
    let mut per_request = cedar::PerRequest::new(&case);
    let mut resident = cedar::Resident::new(&case, !size.full);
    let mut plain = casbin::plain(&case);
    let mut cached = casbin::cached(&case);
    let mut rego = rego::Interpreted::new(&case);
    let mut compiled = rego::Compiled::new(&case);
    agree(
        &snapshot,
        &case,
        &mut [
            ("table", &mut bare),
            ("Cedar per request", &mut per_request),
            ("Cedar resident", &mut resident),
            ("casbin", &mut plain),
            ("casbin cached", &mut cached),
            ("regorus", &mut rego),
            ("regorus compiled", &mut compiled),
        ],
    );

    let mut rows = Vec::new();
    for (hot, number) in [(true, HOT), (false, ASKED)] {
        let [ours, table, by_request, by_resident, by_casbin, by_cache, by_rego, by_machine] = effort.compare([
            &mut Asked::new(number, |place| may(&snapshot, &facts, &questions[place])),
            &mut Asked::new(number, |place| bare.ask(place)),
            &mut Asked::new(number, |place| per_request.ask(place)),
            &mut Asked::new(number, |place| resident.ask(place)),
            &mut Asked::new(number, |place| plain.ask(place)),
            &mut Asked::new(number, |place| cached.ask(place)),
            &mut Asked::new(number, |place| rego.ask(place)),
            &mut Asked::new(number, |place| compiled.ask(place)),
        ]);
        let what = if hot {
            format!("{HOT} pairs again and again (hot)")
        } else {
            format!("{} pairs in turn", table::grouped(ASKED as u64))
        };
        let row = Row::of(what, size.of, Unit::Seconds, ours)
            .beside("Cedar per request", by_request)
            .beside("Cedar resident", by_resident)
            .beside("casbin", by_casbin)
            .beside("casbin cached", by_cache)
            .beside("regorus", by_rego)
            .beside("regorus compiled", by_machine)
            .over("table", table);
        rows.push(if hot && !size.full { judged(row) } else { row });
    }
    rows.extend(random(size, &snapshot, &facts, &team, effort, &pair));
    rows
}

/// Pairs all over the place, beside bare look-ups of the same pairs.
fn random(
    size: &Size,
    snapshot: &Snapshot,
    facts: &[RecordFacts],
    team: &rolecall::model::Team,
    effort: &Effort,
    pair: &dyn Fn(u64, RecordAction) -> Question,
) -> [Row; 2] {
    let questions: Vec<Question> = (0..RANDOM).map(|place| pair(place as u64, RecordAction::View)).collect();
    let case = Case { team, facts, questions: &questions };
    let mut bare = Bare::new(&case, snapshot);
    agree(snapshot, &case, &mut [("table", &mut bare)]);
    let arrays = Bare::new(&case, snapshot);
    let [together, single, table, touched] = effort.compare([
        &mut Together { snapshot, facts, questions: &questions, next: 0 },
        &mut Asked::new(RANDOM, |place| may(snapshot, facts, &questions[place])),
        &mut Asked::new(RANDOM, |place| bare.ask(place)),
        &mut Asked::new(RANDOM, |place| arrays.touch(place)),
    ]);
    let of = |how: &str, ours: f64| {
        let what = format!("{} pairs all over the place, {how}", table::grouped(RANDOM as u64));
        Row::of(what, size.of, Unit::Seconds, ours).over("look-ups", touched).over("table", table)
    };
    let (together, single) = (of("as a batch", together), of("one by one", single));
    if !size.full {
        return [together, single];
    }
    let (batch, times) = (together.times("look-ups").recip(), single.times("look-ups").recip());
    let why = format!(
        "{batch:.2}× as a batch: what a decision reads is fetched ahead for some hundreds, and this machine still waits \
         for more lines of memory than the look-ups do"
    );
    let together = together.aim("≤ 2× the bare look-ups", batch <= 2.0).unless(&why);
    // It is told and not judged: nobody asks 65,536 questions without a batch.
    let single = single.note(format!(
        "{times:.2}×: each decision is some dozens of instructions long, so that fewer of them wait for memory at once"
    ));
    [together, single]
}

/// Asks the questions as `rolecall check --batch` does: many together.
struct Together<'a> {
    snapshot: &'a Snapshot,
    facts: &'a [RecordFacts],
    questions: &'a [Question],
    next: usize,
}

impl Contender for Together<'_> {
    fn work(&mut self, times: u64) {
        let mut left = usize::try_from(times).unwrap();
        while left > 0 {
            let number = left.min(self.questions.len() - self.next);
            let some = &self.questions[self.next..self.next + number];
            let asked =
                some.iter().map(|question| (question.me, question.action, (&self.facts[question.record]).into()));
            self.snapshot.may_each(CONTACTS, asked, |may| _ = black_box(may));
            left -= number;
            self.next = (self.next + number) % self.questions.len();
        }
    }
}

fn judged(row: Row) -> Row {
    let met = row.ours <= 15e-9
        && row.times("Cedar per request") >= 1_000.0
        && row.times("Cedar resident") >= 300.0
        && row.times("casbin") >= 1_000.0
        && row.times("regorus compiled") >= 1_000.0;
    let mut short = Vec::new();
    if row.ours > 15e-9 {
        short.push("more than 15 ns on this machine".to_owned());
    }
    let wanted =
        [("Cedar per request", 1_000.0), ("Cedar resident", 300.0), ("casbin", 1_000.0), ("regorus compiled", 1_000.0)];
    short.extend(
        wanted
            .iter()
            .filter(|(name, times)| row.times(name) < *times)
            .map(|(name, times)| out_of_reach(&row, name, *times)),
    );
    row.aim(
        "≤ 15 ns; ≥ 1,000× faster than Cedar per request, ≥ 300× than resident, ≥ 1,000× than casbin and regorus",
        met,
    )
    .note(short.join("; "))
}

/// By how much an engine is missed, and how much even plain arrays would leave to reach.
fn out_of_reach(row: &Row, name: &str, times: f64) -> String {
    let shown = |seconds: f64| table::shown(seconds, Unit::Seconds);
    let (theirs, bare) = (row.times(name) * row.ours, row.times("table") * row.ours);
    let wanted = theirs / times;
    let beside = if bare > wanted { "more than that" } else { "not much less" };
    format!(
        "{name} by less than {}×: it takes {}, so that a check would have to take {}, and the table, plain arrays \
         that hold just this case, takes {}, {beside}",
        table::grouped(times as u64),
        shown(theirs),
        shown(wanted),
        shown(bare)
    )
}

#[inline]
fn may(snapshot: &Snapshot, facts: &[RecordFacts], question: &Question) -> bool {
    snapshot.may(question.me, question.action, CONTACTS, &facts[question.record])
}

/// Everybody must say the same about each pair.
fn agree(snapshot: &Snapshot, case: &Case<'_>, engines: &mut [(&str, &mut dyn Engine)]) {
    let mut allowed = 0;
    for (place, question) in case.questions.iter().enumerate() {
        let ours = may(snapshot, case.facts, question);
        allowed += usize::from(ours);
        for (name, engine) in engines.iter_mut() {
            assert_eq!(engine.ask(place), ours, "{name} disagrees about {question:?}");
        }
    }
    let share = allowed * 100 / case.questions.len();
    assert!((5..95).contains(&share), "{share} % of the answers are yes: that compares nothing");
    eprintln!("{} pairs, {} engines, one answer each; {share} % are yes", case.questions.len(), engines.len() + 1);
}

/// Asks the questions in turn.
struct Asked<F> {
    number: usize,
    next: usize,
    ask: F,
}

impl<T, F: FnMut(usize) -> T> Asked<F> {
    fn new(number: usize, ask: F) -> Self {
        Self { number, next: 0, ask }
    }
}

impl<T, F: FnMut(usize) -> T> Contender for Asked<F> {
    fn work(&mut self, times: u64) {
        for _ in 0..times {
            black_box((self.ask)(self.next));
            self.next += 1;
            if self.next == self.number {
                self.next = 0;
            }
        }
    }
}
