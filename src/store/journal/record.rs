//! One record of the journal, as bytes. Numbers are little-endian.
//!
//! | at | bytes | what |
//! |---|---|---|
//! | 0 | 4 | `RCJ1` |
//! | 4 | 4 | CRC of everything after it, the payload included |
//! | 8 | 4 | length of the payload |
//! | 12 | 1 | version of this layout |
//! | 13 | 1 | kind |
//! | 14 | 1 | flags: 1 = blanked |
//! | 15 | 1 | zero |
//! | 16 | 8 | sequence |
//! | 24 | 8 | change set, or 0 |
//! | 32 | 32 | chain hash of the record before |
//! | 64 | 16 | salt |
//! | 80 | 32 | digest of salt and payload |
//! | 112 | | payload |
//!
//! The first three fields keep their place in every version, so that an older program can tell a
//! record of a newer one from a broken one. The chain runs over the digest and not the payload: a
//! payload can be blanked, its salt with it, and everything after it still verifies.

use std::fmt;
use std::str::FromStr;

/// Bytes before the payload.
pub const HEADER: usize = 112;
/// The largest payload.
pub const MAX_PAYLOAD: usize = 16 << 20;
/// How a record begins.
pub const MAGIC: [u8; 4] = *b"RCJ1";
const VERSION: u8 = 1;
const BLANKED: u8 = 1;

/// A link of the chain: what [`Head::chain`] gives for a record, with everything before it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChainHash(pub [u8; 32]);

impl ChainHash {
    /// What the first record has before it.
    pub const START: Self = Self([0; 32]);
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is no head of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a head is 64 hexadecimal digits, as `rolecall backup` prints it")]
pub struct NotAHead;

impl FromStr for ChainHash {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).map_err(|_| NotAHead)?;
        bytes.try_into().map(Self).map_err(|_| NotAHead)
    }
}

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A commit of its own.
    Commit,
    /// A part of a change set; counts only once the set is closed.
    Part,
    /// Closes a change set, and is its last part.
    Close,
}

impl Kind {
    fn number(self) -> u8 {
        match self {
            Self::Commit => 1,
            Self::Part => 2,
            Self::Close => 3,
        }
    }

    fn from_number(number: u8) -> Option<Self> {
        [Self::Commit, Self::Part, Self::Close].into_iter().find(|kind| kind.number() == number)
    }
}

/// Everything of a record but its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What it is.
    pub kind: Kind,
    /// Has its payload been erased?
    pub blanked: bool,
    /// Its number; the first is 1.
    pub sequence: u64,
    /// The change set that it belongs to: the number of the set's first record, or 0.
    pub set: u64,
    /// The link before.
    pub previous: ChainHash,
    /// Random bytes that keep a blanked payload from being guessed by its digest.
    pub salt: [u8; 16],
    /// Digest of salt and payload.
    pub digest: [u8; 32],
}

/// Why bytes are not a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadRecord {
    /// It ends too early.
    #[error("it ends in the middle")]
    Short,
    /// It doesn't begin like one.
    #[error("no record begins there")]
    Magic,
    /// No record is that long.
    #[error("its length can't be")]
    Length,
    /// The bytes changed.
    #[error("its checksum is wrong")]
    Checksum,
    /// A newer program wrote it.
    #[error("a newer rolecall wrote it; run that version")]
    Newer,
    /// It is out of its place.
    #[error("it is number {found} where {expected} belongs")]
    Sequence {
        /// The number found.
        found: u64,
        /// The number due.
        expected: u64,
    },
    /// It doesn't follow from the record before.
    #[error("it does not follow from the record before it: the history was changed")]
    Chain,
    /// Its payload isn't what was written.
    #[error("its contents are not what was written: the history was changed")]
    Digest,
}

impl Head {
    /// A record of this payload, following `previous`.
    #[must_use]
    pub fn new(kind: Kind, sequence: u64, set: u64, previous: ChainHash, salt: [u8; 16], payload: &[u8]) -> Self {
        Self { kind, blanked: false, sequence, set, previous, salt, digest: digest(&salt, payload) }
    }

    /// The link that the next record carries.
    #[must_use]
    pub fn chain(&self) -> ChainHash {
        let mut hasher = blake3::Hasher::new_derive_key("rolecall journal chain 1");
        hasher.update(&[VERSION, self.kind.number()]);
        hasher.update(&self.sequence.to_le_bytes());
        hasher.update(&self.set.to_le_bytes());
        hasher.update(&self.previous.0);
        hasher.update(&self.digest);
        ChainHash(*hasher.finalize().as_bytes())
    }

    /// Is this payload the one that was written?
    #[must_use]
    pub fn vouches_for(&self, payload: &[u8]) -> bool {
        if self.blanked { payload.is_empty() } else { digest(&self.salt, payload) == self.digest }
    }

    /// The record without its payload: numbers, chain and digest stay.
    #[must_use]
    pub fn blank(&self) -> Self {
        Self { blanked: true, salt: [0; 16], ..self.clone() }
    }

    /// The record as bytes.
    #[must_use]
    pub fn encode(&self, payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + payload.len());
        bytes.extend_from_slice(&self.before(Sum::of(payload)));
        bytes.extend_from_slice(payload);
        bytes
    }

    /// What comes before the payload, of which only this much is at hand.
    #[must_use]
    pub fn before(&self, payload: Sum) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&payload.length.to_le_bytes());
        bytes.extend_from_slice(&[VERSION, self.kind.number(), if self.blanked { BLANKED } else { 0 }, 0]);
        bytes.extend_from_slice(&self.sequence.to_le_bytes());
        bytes.extend_from_slice(&self.set.to_le_bytes());
        bytes.extend_from_slice(&self.previous.0);
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(&self.digest);
        let mut crc = crc32fast::Hasher::new();
        crc.update(bytes.get(8..).unwrap_or_default());
        crc.combine(&crc32fast::Hasher::new_with_initial_len(payload.crc, payload.length.into()));
        if let Some(slot) = bytes.get_mut(4..8) {
            slot.copy_from_slice(&crc.finalize().to_le_bytes());
        }
        bytes
    }
}

/// What a record's head needs of its payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    crc: u32,
    length: u32,
}

impl Sum {
    /// Of this payload.
    #[must_use]
    pub fn of(payload: &[u8]) -> Self {
        Self { crc: crc32fast::hash(payload), length: u32::try_from(payload.len()).unwrap_or(u32::MAX) }
    }

    /// The payload's length.
    #[must_use]
    pub fn length(self) -> usize {
        self.length as usize
    }
}

fn digest(salt: &[u8; 16], payload: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key("rolecall journal payload 1");
    hasher.update(salt);
    hasher.update(payload);
    *hasher.finalize().as_bytes()
}

/// The length of the whole record that begins here, by its own word.
///
/// # Errors
/// Where no record begins here.
pub fn extent(bytes: &[u8]) -> Result<usize, BadRecord> {
    if !MAGIC.starts_with(bytes.get(..4.min(bytes.len())).unwrap_or_default()) {
        return Err(BadRecord::Magic);
    }
    let length: [u8; 4] = array(bytes, 8).ok_or(BadRecord::Short)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > MAX_PAYLOAD { Err(BadRecord::Length) } else { Ok(HEADER + length) }
}

/// What a record is by its header alone; nothing vouches for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outline {
    /// What it is.
    pub kind: Kind,
    /// Its number.
    pub sequence: u64,
    /// Its change set, or 0.
    pub set: u64,
    /// How long it is.
    pub extent: usize,
}

/// Reads the header of the record that begins here, without looking at its payload.
///
/// # Errors
/// Why there is no record.
pub fn outline(bytes: &[u8]) -> Result<Outline, BadRecord> {
    let extent = extent(bytes)?;
    let [version, kind, _, _] = array::<4>(bytes, 12).ok_or(BadRecord::Short)?;
    let kind = Kind::from_number(kind).filter(|_| version == VERSION).ok_or(BadRecord::Newer)?;
    let sequence = u64::from_le_bytes(array(bytes, 16).ok_or(BadRecord::Short)?);
    let set = u64::from_le_bytes(array(bytes, 24).ok_or(BadRecord::Short)?);
    Ok(Outline { kind, sequence, set, extent })
}

/// Reads the record that begins here; the checksum is looked at before anything else is believed.
///
/// # Errors
/// Why there is no record.
pub fn decode(bytes: &[u8]) -> Result<(Head, &[u8]), BadRecord> {
    let whole = bytes.get(..extent(bytes)?).ok_or(BadRecord::Short)?;
    let crc = array(whole, 4).map(u32::from_le_bytes);
    if crc != Some(crc32fast::hash(whole.get(8..).unwrap_or_default())) {
        return Err(BadRecord::Checksum);
    }
    let [version, kind, flags, _] = array::<4>(whole, 12).ok_or(BadRecord::Short)?;
    let kind = Kind::from_number(kind).filter(|_| version == VERSION && flags & !BLANKED == 0);
    let head = Head {
        kind: kind.ok_or(BadRecord::Newer)?,
        blanked: flags & BLANKED != 0,
        sequence: u64::from_le_bytes(array(whole, 16).ok_or(BadRecord::Short)?),
        set: u64::from_le_bytes(array(whole, 24).ok_or(BadRecord::Short)?),
        previous: ChainHash(array(whole, 32).ok_or(BadRecord::Short)?),
        salt: array(whole, 64).ok_or(BadRecord::Short)?,
        digest: array(whole, 80).ok_or(BadRecord::Short)?,
    };
    Ok((head, whole.get(HEADER..).unwrap_or_default()))
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> (Head, Vec<u8>) {
        let head = Head::new(Kind::Commit, 7, 0, ChainHash([3; 32]), [9; 16], b"payload");
        let bytes = head.encode(b"payload");
        (head, bytes)
    }

    #[test]
    fn a_record_reads_back_and_every_flipped_bit_is_seen() {
        let (head, bytes) = sample();
        assert_eq!(decode(&bytes), Ok((head.clone(), &b"payload"[..])));
        for bit in 0..bytes.len() * 8 {
            let mut hurt = bytes.clone();
            hurt[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(&hurt).is_err(), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length]).is_err(), "length {length}");
        }
    }

    #[test]
    fn the_layout_is_golden() {
        let (_, bytes) = sample();
        insta::assert_snapshot!("journal_record_1", data_encoding::HEXLOWER.encode(&bytes));
    }

    #[test]
    fn a_blanked_record_keeps_its_link() {
        let (head, _) = sample();
        let blank = head.blank();
        let bytes = blank.encode(b"");
        let (read, payload) = decode(&bytes).unwrap();
        assert!(read.vouches_for(payload) && read.blanked);
        assert_eq!(read.chain(), head.chain());
        assert!(!head.vouches_for(b"Payload"));
    }
}
