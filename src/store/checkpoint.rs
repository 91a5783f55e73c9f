//! The team at one point of the journal, in a file of its own, so that signing in needn't wait for
//! the whole journal to be read.

use std::path::{Path, PathBuf};

use super::codec::{self, CodecError, Kind};
use super::error::StoreError;
use super::files::{self, Disk};
use super::journal::{ChainHash, Point};
use crate::model::Team;

const NAME: &str = "team";
const KEY: &[u8] = b"team";

/// Where it is.
#[must_use]
pub fn path(dir: &Path) -> PathBuf {
    dir.join(NAME)
}

/// The team in the file; an error of the second kind says that the file isn't to be trusted, and
/// the journal is to be read from its start.
///
/// # Errors
/// Where the file can't be read at all.
pub fn read(disk: &dyn Disk, dir: &Path) -> Result<Result<Option<(Point, Team)>, CodecError>, StoreError> {
    let Some(bytes) = files::read_whole(disk, &path(dir))? else { return Ok(Ok(None)) };
    Ok(decode(&bytes).map(Some))
}

fn decode(bytes: &[u8]) -> Result<(Point, Team), CodecError> {
    let payload = codec::unseal(Kind::Mark, 1, KEY, bytes)?;
    let (sequence, rest) = payload.split_first_chunk::<8>().ok_or(CodecError::Damaged)?;
    let (hash, team) = rest.split_first_chunk::<32>().ok_or(CodecError::Damaged)?;
    let point = Point { sequence: u64::from_le_bytes(*sequence), hash: ChainHash(*hash) };
    Ok((point, codec::read_team(team)?))
}

/// Puts a newer one in place.
///
/// # Errors
/// Where the disk refuses; the old one then stays.
pub fn write(disk: &dyn Disk, dir: &Path, point: Point, team: &Team) -> Result<(), StoreError> {
    let mut payload = point.sequence.to_le_bytes().to_vec();
    payload.extend_from_slice(&point.hash.0);
    let place = || path(dir).display().to_string();
    payload.extend(codec::write_team(team).map_err(|source| StoreError::Codec { place: place(), source })?);
    files::replace(disk, &path(dir), &codec::seal(Kind::Mark, 1, KEY, &payload))
}
