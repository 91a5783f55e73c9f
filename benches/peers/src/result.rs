//! What was measured, and how it is kept between runs.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One part of the table.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Part {
    /// When it was measured, in UTC.
    pub at: String,
    /// Was it a quick run?
    pub quick: bool,
    /// Its rows, in order.
    pub rows: Vec<Row>,
    /// What its reader should know: how each peer was used.
    pub notes: Vec<String>,
    /// First-page times, for the plot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<Point>,
}

/// One comparison.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    /// What was asked.
    pub what: String,
    /// Of how much.
    pub of: String,
    /// What it took here.
    pub ours: f64,
    /// Seconds or bytes.
    pub unit: Unit,
    /// What it took elsewhere.
    pub peers: Vec<Peer>,
    /// What is aimed at.
    pub aim: String,
    /// Is it met? Nothing where no aim was set.
    pub met: Option<bool>,
    /// Why not, or what else to know.
    pub note: String,
}

/// What figures are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Time.
    Seconds,
    /// Memory.
    Bytes,
    /// Work in a time.
    PerSecond,
}

/// Somebody who was asked the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Peer {
    /// Who.
    pub name: String,
    /// What it took them.
    pub value: f64,
    /// A bare operation that nobody can do without, rather than another engine: the ratio is turned
    /// round.
    pub bare: bool,
}

/// One point of the plot.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Point {
    /// Which line it lies on.
    pub line: String,
    /// How many records.
    pub records: u64,
    /// How many of them are in the list.
    #[serde(default)]
    pub listed: u64,
    /// How long the first page took, in seconds.
    pub seconds: f64,
}

impl Row {
    /// A row without peers or aim yet.
    pub fn of(what: impl Into<String>, of: impl Into<String>, unit: Unit, ours: f64) -> Self {
        Self {
            what: what.into(),
            of: of.into(),
            ours,
            unit,
            peers: Vec::new(),
            aim: String::new(),
            met: None,
            note: String::new(),
        }
    }

    /// Beside another engine.
    pub fn beside(mut self, name: &str, value: f64) -> Self {
        self.peers.push(Peer { name: name.to_owned(), value, bare: false });
        self
    }

    /// Beside a bare operation.
    pub fn over(mut self, name: &str, value: f64) -> Self {
        self.peers.push(Peer { name: name.to_owned(), value, bare: true });
        self
    }

    /// How many times as much a peer took.
    pub fn times(&self, name: &str) -> f64 {
        self.peers.iter().find(|peer| peer.name == name).map_or(f64::NAN, |peer| peer.value / self.ours)
    }

    /// With an aim.
    pub fn aim(mut self, aim: &str, met: bool) -> Self {
        self.aim = aim.to_owned();
        self.met = Some(met);
        self
    }

    /// With why the aim isn't met, where it isn't.
    pub fn unless(mut self, why: &str) -> Self {
        if self.met == Some(false) {
            self.note = if self.note.is_empty() { why.to_owned() } else { format!("{why}; {}", self.note) };
        }
        self
    }

    /// With a remark.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

impl Part {
    fn path(name: &str) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("results").join(format!("{name}.json"))
    }

    /// Keeps the part for later tables.
    pub fn keep(&self, name: &str) {
        let path = Self::path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, serde_json::to_string_pretty(self).unwrap() + "\n").unwrap();
    }

    /// What the part said last.
    pub fn kept(name: &str) -> Option<Self> {
        let text = std::fs::read_to_string(Self::path(name)).ok()?;
        Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("results of {name}: {error}")))
    }
}
