//! Written by `cargo test --test fresh`; do not edit. One line for each file in this folder.

use crate::kind::{AnyKind, Of};

mod aggregate;
mod cluster;
mod column;
mod column_default;
mod comment;
mod constraint;
mod constraint_index;
mod default_privilege;
mod event_trigger;
mod foreign_data_wrapper;
mod foreign_table;
mod function;
mod grant;
mod index;
mod index_partition;
mod inheritance;
mod materialized_view;
mod owner;
mod partition;
mod policy;
mod procedure;
mod publication;
mod publication_schema;
mod publication_table;
mod replica_identity;
mod row_security;
mod rule;
mod schema;
mod security_label;
mod server;
mod statistics;
mod subscription;
mod table;
mod trigger;
mod user_mapping;
mod view;
mod view_column;

/// Every kind, by name.
pub static ALL: &[&dyn AnyKind] = &[
    &Of::<aggregate::Aggregate>::NEW,
    &Of::<cluster::Cluster>::NEW,
    &Of::<column::Column>::NEW,
    &Of::<column_default::ColumnDefault>::NEW,
    &Of::<comment::Comment>::NEW,
    &Of::<constraint::Constraint>::NEW,
    &Of::<constraint_index::ConstraintIndex>::NEW,
    &Of::<default_privilege::DefaultPrivilege>::NEW,
    &Of::<event_trigger::EventTrigger>::NEW,
    &Of::<foreign_data_wrapper::ForeignDataWrapper>::NEW,
    &Of::<foreign_table::ForeignTable>::NEW,
    &Of::<function::Function>::NEW,
    &Of::<grant::Grant>::NEW,
    &Of::<index::Index>::NEW,
    &Of::<index_partition::IndexPartition>::NEW,
    &Of::<inheritance::Inheritance>::NEW,
    &Of::<materialized_view::MaterializedView>::NEW,
    &Of::<owner::Owner>::NEW,
    &Of::<partition::Partition>::NEW,
    &Of::<policy::Policy>::NEW,
    &Of::<procedure::Procedure>::NEW,
    &Of::<publication::Publication>::NEW,
    &Of::<publication_schema::PublicationSchema>::NEW,
    &Of::<publication_table::PublicationTable>::NEW,
    &Of::<replica_identity::ReplicaIdentity>::NEW,
    &Of::<row_security::RowSecurity>::NEW,
    &Of::<rule::Rule>::NEW,
    &Of::<schema::Schema>::NEW,
    &Of::<security_label::SecurityLabel>::NEW,
    &Of::<server::Server>::NEW,
    &Of::<statistics::Statistics>::NEW,
    &Of::<subscription::Subscription>::NEW,
    &Of::<table::Table>::NEW,
    &Of::<trigger::Trigger>::NEW,
    &Of::<user_mapping::UserMapping>::NEW,
    &Of::<view::View>::NEW,
    &Of::<view_column::ViewColumn>::NEW,
];
