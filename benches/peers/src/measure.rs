//! Measuring several ways of doing the same: in turns, so that whatever else the machine does falls
//! on all of them alike, and by medians. What only computes is measured by the processor's time, which
//! a busy machine stretches less than the clock on the wall.

use std::time::{Duration, Instant};

/// How much time to spend.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// A glance.
    pub quick: bool,
    /// What stands for a million: fewer where only the way through is tried.
    pub million: u64,
    /// Rounds of each comparison.
    pub rounds: usize,
    /// How long each contender works in a round.
    pub each: Duration,
}

impl Effort {
    /// For a glance.
    pub const QUICK: Self = Self { quick: true, million: 1_000_000, rounds: 7, each: Duration::from_millis(20) };
    /// For the table.
    pub const WHOLE: Self = Self { quick: false, million: 1_000_000, rounds: 21, each: Duration::from_millis(50) };
    /// To see that everything works; the figures say nothing.
    pub const TRY: Self = Self { quick: true, million: 20_000, rounds: 3, each: Duration::from_millis(2) };

    /// The seconds of computing that each takes for one operation, by the median of rounds in which all
    /// take turns.
    pub fn compare<const N: usize>(&self, contenders: [&mut dyn Contender; N]) -> [f64; N] {
        self.compare_by(computing, contenders)
    }

    /// The same by the clock on the wall, for what waits for a disk.
    pub fn compare_waiting<const N: usize>(&self, contenders: [&mut dyn Contender; N]) -> [f64; N] {
        self.compare_by(on_the_wall, contenders)
    }

    fn compare_by<const N: usize>(&self, clock: Clock, contenders: [&mut dyn Contender; N]) -> [f64; N] {
        let contenders = contenders.map(|contender| {
            let number = enough(clock, contender, self.each);
            (contender, number)
        });
        let mut seconds: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
        let mut contenders = contenders;
        for _ in 0..self.rounds {
            for ((contender, number), seconds) in contenders.iter_mut().zip(&mut seconds) {
                let began = clock();
                contender.work(*number);
                seconds.push((clock() - began).as_secs_f64() / *number as f64);
            }
        }
        seconds.map(|mut seconds| median(&mut seconds))
    }
}

/// Something that can be done again and again.
pub trait Contender {
    /// Does it so many times.
    fn work(&mut self, times: u64);
}

impl<F: FnMut()> Contender for F {
    fn work(&mut self, times: u64) {
        for _ in 0..times {
            self();
        }
    }
}

/// Tells the time since whenever.
type Clock = fn() -> Duration;

/// The time that this thread has had on a processor.
fn computing() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.cast_unsigned(), time.tv_nsec as u32)
}

fn on_the_wall() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    Duration::new(time.tv_sec.cast_unsigned(), time.tv_nsec as u32)
}

/// How many times fill the time; warms up by the way.
fn enough(clock: Clock, contender: &mut dyn Contender, each: Duration) -> u64 {
    let mut number = 1;
    loop {
        let began = clock();
        contender.work(number);
        let took = clock() - began;
        if took * 2 >= each {
            let all = number as f64 * each.as_secs_f64() / took.as_secs_f64().max(1e-9);
            return (all.round() as u64).max(1);
        }
        number *= 2;
    }
}

/// The middle one.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The value below which so much of all lies.
pub fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = ((values.len() as f64 * part) as usize).min(values.len().saturating_sub(1));
    values.get(place).copied().unwrap_or(f64::NAN)
}

/// How long something took, once.
pub fn once<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed().as_secs_f64())
}
