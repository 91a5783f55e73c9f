//! Plain data can.
use rolecall::model::{ObjectId, Reason, RecordId, Scope};

fn copied<T: Clone>() {}
fn from_nothing<T: Default>() {}
fn from_bytes<T: serde::de::DeserializeOwned>() {}

pub fn main() {
    copied::<RecordId>();
    copied::<Scope>();
    from_nothing::<Vec<ObjectId>>();
    from_bytes::<Reason>();
}
