//! Taking a list out as a CSV file: needs the area's export, and holds just what the list shows.

use std::io::Write;
use std::sync::atomic::AtomicBool;

use crate::exchange::csv::{Out, Writer};
use crate::model::{FeatureValue, FieldId};

use super::error::ServiceError;
use super::records::{Recall, RecordQuery};
use super::session::Session;

const ROWS_AT_ONCE: usize = 2000;

impl Session {
    /// Writes the records of a query as CSV, up to its limit; answers how many.
    ///
    /// # Errors
    /// Where exporting isn't allowed, the query isn't understood, or the output can't be written.
    pub fn export_csv(&self, query: &RecordQuery, output: impl Write) -> Result<u64, ServiceError> {
        self.export_watched(query, output, &mut |_, _| {}, &AtomicBool::new(false))
    }

    /// The same; `progress` hears how many of how many are written, and `cancelled` stops it.
    pub(super) fn export_watched(
        &self,
        query: &RecordQuery,
        output: impl Write,
        progress: &mut dyn FnMut(u64, u64),
        cancelled: &AtomicBool,
    ) -> Result<u64, ServiceError> {
        let opened = self.open_at(self.view(), &query.object)?;
        let feature = format!("{}.export", query.object);
        let allowed = || match self.feature(&feature) {
            FeatureValue::Yes => Ok(()),
            _ => Err(ServiceError::Denied(format!("you can't export {}", opened.object.label))),
        };
        allowed()?;
        let fields: Vec<FieldId> = opened.columns.fields().to_vec();
        let failed = |error: std::io::Error| ServiceError::Output(error);
        let mut written: usize = 0;
        let mut part = RecordQuery { limit: ROWS_AT_ONCE.min(query.limit), ..query.clone() };
        // The parts of a search or a filter are looked for once.
        let recall = Recall::default();
        // Asked before anything is written: a query that isn't understood writes nothing.
        let mut page = self.page_of(&opened, &part, &recall, cancelled)?;
        let mut writer = Writer::new(output, &opened.object, &fields).map_err(failed)?;
        loop {
            for row in &page.rows {
                let row_out = Out {
                    external_id: row.external_id.as_deref(),
                    owner: &row.owner,
                    assigned: row.assigned.iter().map(String::as_str).collect(),
                    private: row.private,
                    values: &row.values,
                };
                writer.write(&row_out).map_err(failed)?;
                written += 1;
            }
            progress(written as u64, page.total.min(query.limit as u64));
            part.after = page.next;
            part.limit = ROWS_AT_ONCE.min(query.limit - written);
            if part.after.is_none() || part.limit == 0 {
                break;
            }
            // R16: whoever may no longer is stopped on the way.
            allowed()?;
            page = self.page_of(&opened, &part, &recall, cancelled)?;
        }
        writer.finish().map_err(failed)?;
        Ok(written as u64)
    }
}
