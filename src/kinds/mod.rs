//! Written by `cargo test --test fresh`; do not edit. One line for each file in this folder.

use crate::kind::{AnyKind, Of};

mod aggregate;
mod column;
mod column_default;
mod comment;
mod event_trigger;
mod function;
mod materialized_view;
mod policy;
mod procedure;
mod row_security;
mod rule;
mod schema;
mod table;
mod trigger;
mod view;
mod view_column;

/// Every kind, by name.
pub static ALL: &[&dyn AnyKind] = &[
    &Of::<aggregate::Aggregate>::NEW,
    &Of::<column::Column>::NEW,
    &Of::<column_default::ColumnDefault>::NEW,
    &Of::<comment::Comment>::NEW,
    &Of::<event_trigger::EventTrigger>::NEW,
    &Of::<function::Function>::NEW,
    &Of::<materialized_view::MaterializedView>::NEW,
    &Of::<policy::Policy>::NEW,
    &Of::<procedure::Procedure>::NEW,
    &Of::<row_security::RowSecurity>::NEW,
    &Of::<rule::Rule>::NEW,
    &Of::<schema::Schema>::NEW,
    &Of::<table::Table>::NEW,
    &Of::<trigger::Trigger>::NEW,
    &Of::<view::View>::NEW,
    &Of::<view_column::ViewColumn>::NEW,
];
