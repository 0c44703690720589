//! Written by `cargo test --test fresh`; do not edit. One line for each file in this folder.

use crate::kind::{AnyKind, Of};

mod cluster;
mod column;
mod column_default;
mod comment;
mod constraint;
mod constraint_index;
mod index;
mod index_partition;
mod inheritance;
mod partition;
mod replica_identity;
mod schema;
mod statistics;
mod table;

/// Every kind, by name.
pub static ALL: &[&dyn AnyKind] = &[
    &Of::<cluster::Cluster>::NEW,
    &Of::<column::Column>::NEW,
    &Of::<column_default::ColumnDefault>::NEW,
    &Of::<comment::Comment>::NEW,
    &Of::<constraint::Constraint>::NEW,
    &Of::<constraint_index::ConstraintIndex>::NEW,
    &Of::<index::Index>::NEW,
    &Of::<index_partition::IndexPartition>::NEW,
    &Of::<inheritance::Inheritance>::NEW,
    &Of::<partition::Partition>::NEW,
    &Of::<replica_identity::ReplicaIdentity>::NEW,
    &Of::<schema::Schema>::NEW,
    &Of::<statistics::Statistics>::NEW,
    &Of::<table::Table>::NEW,
];
