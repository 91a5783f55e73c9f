//! The index's directory: made ready before it is opened, put aside when it is damaged.

use std::fs;
use std::path::{Path, PathBuf};

use super::{IndexError, damaged, unavailable};

/// Gets a directory ready: a half-made snapshot that a killed process left would bar every open.
pub(super) fn prepare(dir: &Path) -> Result<(), IndexError> {
    use std::os::unix::fs::DirBuilderExt as _;
    match fs::symlink_metadata(dir) {
        Ok(found) if !found.is_dir() => return Err(damaged(format!("{} is no directory", dir.display()))),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            fs::DirBuilder::new().mode(0o700).create(dir).map_err(unavailable)?;
        }
        Err(error) => return Err(unavailable(error)),
    }
    for entry in fs::read_dir(dir).map_err(unavailable)? {
        let entry = entry.map_err(unavailable)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if entry.file_type().map_err(unavailable)?.is_symlink() {
            return Err(damaged(format!("{name} in it is a symbolic link")));
        }
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(entry.path()).map_err(unavailable)?;
        }
    }
    Ok(())
}

pub(super) fn close_to_others(dir: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_file()) {
            // The directory is closed already; this is for whoever copies the files out of it.
            let _ = fs::set_permissions(entry.path(), fs::Permissions::from_mode(0o600));
        }
    }
}

/// Puts a damaged index aside; it is never deleted.
///
/// # Errors
/// Where the disk refuses.
pub fn quarantine(dir: &Path) -> std::io::Result<PathBuf> {
    let free =
        (1_u32..).map(|number| dir.with_file_name(format!("index-damaged-{number}"))).find(|path| !path.exists());
    let aside = free.unwrap_or_default();
    fs::rename(dir, &aside)?;
    Ok(aside)
}
