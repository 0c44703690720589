//! Written by `cargo test --test fresh`; do not edit. One line for each file in this folder.

use crate::kind::{AnyKind, Of};

mod column;
mod column_default;
mod comment;
mod schema;
mod table;

/// Every kind, by name.
pub static ALL: &[&dyn AnyKind] = &[
    &Of::<column::Column>::NEW,
    &Of::<column_default::ColumnDefault>::NEW,
    &Of::<comment::Comment>::NEW,
    &Of::<schema::Schema>::NEW,
    &Of::<table::Table>::NEW,
];
