//! One yes is one yes: no witness can be copied, made from nothing, or read from bytes.
use rolecall::authz::{Asking, Audit, Columns, Delete, Departure, Edit, Patch, Permit, System, View, Visible};

fn copied<T: Clone>() {}
fn from_nothing<T: Default>() {}
fn from_bytes<T: serde::de::DeserializeOwned>() {}

fn main() {
    copied::<Permit<View>>();
    copied::<Permit<Edit>>();
    copied::<Permit<Delete>>();
    copied::<Visible>();
    copied::<Columns>();
    copied::<Patch>();
    copied::<Audit>();
    copied::<Asking>();
    copied::<Departure>();
    copied::<System>();
    from_nothing::<Permit<View>>();
    from_nothing::<Visible>();
    from_nothing::<Columns>();
    from_nothing::<Patch>();
    from_nothing::<Audit>();
    from_nothing::<Asking>();
    from_nothing::<Departure>();
    from_nothing::<System>();
    from_bytes::<Permit<View>>();
    from_bytes::<Visible>();
    from_bytes::<Columns>();
    from_bytes::<Patch>();
    from_bytes::<Audit>();
    from_bytes::<Asking>();
    from_bytes::<Departure>();
    from_bytes::<System>();
}
