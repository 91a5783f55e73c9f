//! Backup, restore and verify: for whoever can read and write the data directory.

use std::path::Path;
use std::time::Duration;

use crate::store::{self, ChainHash};

use super::engine::Engine;
use super::error::ServiceError;
use super::session::Session;
use crate::model::catalog::features;

/// A backup as it was made or restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// The head of its history, for `verify --head`.
    pub head: String,
    /// How long the file is.
    pub bytes: u64,
}

/// What checking found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// The head of the history.
    pub head: String,
    /// Commits in it.
    pub commits: u64,
    /// Records.
    pub records: u64,
    /// Everything that is wrong; nothing if the store is sound.
    pub problems: Vec<String>,
    /// What is no damage, but worth knowing: the next start sees to it.
    pub notes: Vec<String>,
}

impl From<store::Backup> for BackupReport {
    fn from(backup: store::Backup) -> Self {
        Self { head: backup.head.hash.to_string(), bytes: backup.bytes }
    }
}

impl Session {
    /// Writes a whole, consistent copy; changes go on meanwhile.
    ///
    /// # Errors
    /// Where this isn't the operator, or the file can't be written.
    pub fn backup(&self, to: &Path) -> Result<BackupReport, ServiceError> {
        if !self.is_operator() {
            return Err(ServiceError::Denied("only the operator makes backups".to_owned()));
        }
        let target = store::backup_place(to)?;
        // A backup inside the data directory would be lost with it, or overwrite a part of it.
        let home = |path: &Path| path.canonicalize().ok();
        let own = home(self.engine().directory());
        if own.is_some() && target.ancestors().skip(1).any(|above| home(above) == own) {
            return Err(ServiceError::Invalid("a backup can't be kept in the data directory itself".to_owned()));
        }
        Ok(self.engine().store().backup(to, &super::engine::system())?.into())
    }
}

impl Engine {
    /// Puts a backup into an empty data directory.
    ///
    /// # Errors
    /// Where the directory isn't empty, or the file is damaged.
    pub fn restore(from: &Path, directory: &Path) -> Result<BackupReport, ServiceError> {
        let directory = &std::path::absolute(directory).map_err(ServiceError::Output)?;
        Ok(store::restore(from, directory, &super::engine::system())?.into())
    }

    /// Was anything ever kept in this directory?
    ///
    /// # Errors
    /// Where it may not be looked into.
    pub fn is_made(directory: &Path) -> Result<bool, ServiceError> {
        Ok(store::is_made(directory)?)
    }

    /// Checks every row, the index and the history's chain. `head`, as a backup printed it, must be
    /// a point of the history.
    ///
    /// # Errors
    /// Where there is nothing to check, it is in use, or `head` is no head. Damage is no error but
    /// a problem in the report.
    pub fn verify(directory: &Path, head: Option<&str>, wait: Duration) -> Result<VerifyReport, ServiceError> {
        let head = head
            .map(|text| text.parse::<ChainHash>().map_err(|error| ServiceError::Invalid(error.to_string())))
            .transpose()?;
        let report = store::verify(directory, head, wait, &super::engine::system())?;
        let mut problems = report.problems;
        // Setting up gives the owner a password, so that somebody always has one.
        if problems.is_empty() && report.commits > 0 && report.with_password == 0 {
            problems.push(format!(
                "nobody who is active has a password, so nobody can sign in: {} is missing, empty or another \
                 account's; restore the last good backup, or give everyone a new password by `rolecall passwd`",
                directory.join("secrets").display()
            ));
        }
        Ok(VerifyReport {
            head: report.head.hash.to_string(),
            commits: report.commits,
            records: report.rows,
            problems,
            notes: report.notes,
        })
    }
}

impl Session {
    /// What opening the data directory found and mended, for whoever manages the account's settings.
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        match self.holds(&self.view(), features::ACCOUNT_SETTINGS) {
            true => self.engine().findings(),
            false => Vec::new(),
        }
    }
}
