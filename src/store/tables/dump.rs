//! Tables as bytes, so that a start needn't read every row: blocks of about a megabyte, each with
//! its length and checksum. What can be worked out quickly isn't written. The form is this
//! version's alone: a file of another is refused, and whoever opens the store reads the rows.

use std::io::{self, Read, Write};
use std::ops::RangeInclusive;
use std::sync::{Arc, LazyLock};

use crate::model::text::fold;
use crate::model::{FieldId, ObjectId};

use super::Tables;
use super::table::Table;
use super::tree::LEAF;

const MAGIC: u32 = u32::from_le_bytes(*b"rctb");
const VERSION: u32 = 2;

/// What the bytes depend on: their form, and how text is folded, which later releases of Unicode, of
/// what folds it and of this program may do otherwise.
fn version() -> u32 {
    static OURS: LazyLock<u32> = LazyLock::new(|| version_with(fold));
    *OURS
}

fn version_with(fold: impl Fn(&str) -> String) -> u32 {
    let unicode = unicode_normalization::UNICODE_VERSION;
    let probe: String = CASED.into_iter().flatten().collect();
    let folding = crc32fast::hash(fold(&probe).as_bytes());
    crc32fast::hash(format!("{VERSION} {} {unicode:?} {folding}", env!("CARGO_PKG_VERSION")).as_bytes())
}

/// Where characters with case are, or may come to be: without the ideographs, the syllables of Hangul
/// and what is private, which are most of Unicode and have none.
const CASED: [RangeInclusive<char>; 5] = [
    '\0'..='\u{2FFF}',
    '\u{A000}'..='\u{ABFF}',
    '\u{F900}'..='\u{12FFF}',
    '\u{16000}'..='\u{16FFF}',
    '\u{1D000}'..='\u{1EFFF}',
];

/// A block is closed at this size; what is put in last may make it longer.
const BLOCK: usize = 1 << 20;
/// No block is longer than this.
const LONGEST: u32 = 1 << 28;

/// The bytes aren't tables, or not whole.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// They can't be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// They are of another version.
    #[error("the tables were written by another version of rolecall")]
    Version,
    /// They aren't what was written.
    #[error("the tables' copy on disk is damaged")]
    Damaged,
}

/// Numbers that are written as they are.
pub(super) trait Plain: Copy {
    /// Their bytes.
    const SIZE: usize;
    /// Writes one.
    fn put(self, into: &mut Vec<u8>);
    /// Reads one from exactly its bytes.
    fn get(bytes: &[u8]) -> Option<Self>;
}

macro_rules! plain {
    ($($number:ty),+) => {$(
        impl Plain for $number {
            const SIZE: usize = size_of::<$number>();
            fn put(self, into: &mut Vec<u8>) {
                into.extend_from_slice(&self.to_le_bytes());
            }
            fn get(bytes: &[u8]) -> Option<Self> {
                Some(Self::from_le_bytes(bytes.try_into().ok()?))
            }
        }
    )+};
}
plain!(u8, u16, u32, u64, i32, i64, f64);

/// Where tables are written to.
pub(super) struct Out<'w> {
    sink: &'w mut dyn Write,
    block: Vec<u8>,
}

impl Out<'_> {
    fn close_block(&mut self) -> io::Result<()> {
        if !self.block.is_empty() {
            let length = u32::try_from(self.block.len()).ok().filter(|length| *length <= LONGEST);
            let length = length.ok_or_else(|| io::Error::other("a text is too long to be written"))?;
            self.sink.write_all(&length.to_le_bytes())?;
            self.sink.write_all(&crc32fast::hash(&self.block).to_le_bytes())?;
            self.sink.write_all(&self.block)?;
            self.block.clear();
        }
        Ok(())
    }

    pub(super) fn all<T: Plain>(&mut self, numbers: &[T]) -> io::Result<()> {
        numbers.iter().for_each(|number| number.put(&mut self.block));
        if self.block.len() >= BLOCK { self.close_block() } else { Ok(()) }
    }

    pub(super) fn one<T: Plain>(&mut self, number: T) -> io::Result<()> {
        self.all(&[number])
    }

    pub(super) fn size(&mut self, size: usize) -> io::Result<()> {
        self.one(size as u64)
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size(bytes.len())?;
        self.block.extend_from_slice(bytes);
        if self.block.len() >= BLOCK { self.close_block() } else { Ok(()) }
    }
}

/// Where tables are read from, by the same steps by which they were written.
pub(super) struct In<'r> {
    source: &'r mut dyn Read,
    block: Vec<u8>,
    at: usize,
}

impl In<'_> {
    /// The next bytes, which were put in as one.
    pub(super) fn take(&mut self, length: usize) -> Result<&[u8], DumpError> {
        if length == 0 {
            return Ok(&[]);
        }
        if self.at == self.block.len() {
            let mut head = [0; 8];
            self.source.read_exact(&mut head)?;
            let (length, check) = head.split_at(4);
            let length = u32::get(length).filter(|length| *length <= LONGEST).ok_or(DumpError::Damaged)?;
            self.block.clear();
            self.at = 0;
            (&mut *self.source).take(length.into()).read_to_end(&mut self.block)?;
            if self.block.len() as u64 != u64::from(length) || u32::get(check) != Some(crc32fast::hash(&self.block)) {
                return Err(DumpError::Damaged);
            }
        }
        let end = self.at.checked_add(length).ok_or(DumpError::Damaged)?;
        let bytes = self.block.get(self.at..end).ok_or(DumpError::Damaged)?;
        self.at = end;
        Ok(bytes)
    }

    pub(super) fn fill<T: Plain>(&mut self, numbers: &mut [T]) -> Result<(), DumpError> {
        let bytes = self.take(size_of_val(numbers))?;
        for (number, bytes) in numbers.iter_mut().zip(bytes.chunks_exact(T::SIZE)) {
            *number = T::get(bytes).ok_or(DumpError::Damaged)?;
        }
        Ok(())
    }

    pub(super) fn one<T: Plain>(&mut self) -> Result<T, DumpError> {
        T::get(self.take(T::SIZE)?).ok_or(DumpError::Damaged)
    }

    pub(super) fn size(&mut self) -> Result<usize, DumpError> {
        usize::try_from(self.one::<u64>()?).map_err(|_| DumpError::Damaged)
    }

    pub(super) fn bytes(&mut self) -> Result<&[u8], DumpError> {
        let length = self.size()?;
        self.take(length)
    }

    pub(super) fn text(&mut self) -> Result<String, DumpError> {
        let bytes = self.bytes()?;
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| DumpError::Damaged)
    }

    /// Numbers of which it was written how many there are.
    pub(super) fn list<T: Plain>(&mut self) -> Result<Vec<T>, DumpError> {
        let length = self.size()?.checked_mul(T::SIZE).ok_or(DumpError::Damaged)?;
        self.take(length)?.chunks_exact(T::SIZE).map(|bytes| T::get(bytes).ok_or(DumpError::Damaged)).collect()
    }
}

impl Out<'_> {
    /// Numbers, and before them how many there are.
    pub(super) fn list<T: Plain>(&mut self, numbers: &[T]) -> io::Result<()> {
        self.size(numbers.len())?;
        self.all(numbers)
    }
}

impl Tables {
    /// Writes all records down.
    ///
    /// # Errors
    /// Where the sink refuses.
    pub fn dump(&self, sink: &mut dyn Write) -> io::Result<()> {
        let mut out = Out { sink, block: Vec::with_capacity(BLOCK * 2) };
        out.one(MAGIC)?;
        out.one(version())?;
        out.size(LEAF)?;
        out.size(self.objects.len())?;
        for (object, table) in &self.objects {
            out.one(object.0)?;
            table.dump(&mut out)?;
        }
        out.one(MAGIC)?;
        out.close_block()
    }

    /// Reads what [`Self::dump`] wrote.
    ///
    /// # Errors
    /// Where the bytes are damaged or of another version.
    pub fn restore(source: &mut dyn Read) -> Result<Self, DumpError> {
        let mut input = In { source, block: Vec::new(), at: 0 };
        if input.one::<u32>()? != MAGIC {
            return Err(DumpError::Damaged);
        }
        if input.one::<u32>()? != version() || input.size()? != LEAF {
            return Err(DumpError::Version);
        }
        let mut tables = Self::default();
        for _ in 0..input.size()? {
            let object = ObjectId(input.one()?);
            tables.objects.insert(object, Arc::new(Table::restore(object, &mut input)?));
        }
        if input.one::<u32>()? == MAGIC { Ok(tables) } else { Err(DumpError::Damaged) }
    }
}

/// Reads so many things that are known by field.
pub(super) fn by_field<T>(
    input: &mut In<'_>,
    mut read: impl FnMut(&mut In<'_>) -> Result<T, DumpError>,
) -> Result<Vec<(FieldId, T)>, DumpError> {
    let mut all: Vec<(FieldId, T)> = Vec::new();
    for _ in 0..input.size()? {
        let field = FieldId(input.one()?);
        if all.last().is_some_and(|(last, _)| *last >= field) {
            return Err(DumpError::Damaged);
        }
        all.push((field, read(input)?));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever folds one letter otherwise finds a copy's texts under other forms than it looks for.
    #[test]
    fn a_copy_made_with_another_folding_is_of_another_version() {
        assert_eq!(version(), version_with(fold));
        for letter in ["ß", "Ꭰ", "ꭰ", "Ა", "𐐀", "𞤀", "Å"] {
            assert_ne!(version(), version_with(|text| fold(&text.replace(letter, ""))), "{letter}");
        }
        assert_ne!(version(), version_with(str::to_lowercase));
    }
}
