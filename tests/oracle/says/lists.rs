//! What a list holds, by looking at every record.

use rolecall::model::{ObjectId, Record, RecordAction, User};

use super::Oracle;

impl<'a> Oracle<'a> {
    /// The records of an object that somebody sees; nothing where the object is switched off (R11).
    pub fn visible(&self, user: &User, object: ObjectId) -> Option<Vec<&'a Record>> {
        self.has_area(user, &self.object(object).key).then(|| {
            let seen = |record: &&Record| record.object == object && self.may(user, RecordAction::View, record);
            self.records.iter().filter(seen).collect()
        })
    }
}
