//! The store's front door is open.
use rolecall::store::{Store, View};

pub fn view(store: &Store) -> View {
    store.view()
}
