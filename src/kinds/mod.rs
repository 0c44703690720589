//! Written by `cargo test --test fresh`; do not edit. One line for each file in this folder.

use crate::kind::{AnyKind, Of};

mod column;
mod column_default;
mod comment;
mod default_privilege;
mod foreign_data_wrapper;
mod foreign_table;
mod grant;
mod owner;
mod publication;
mod publication_schema;
mod publication_table;
mod schema;
mod security_label;
mod server;
mod subscription;
mod table;
mod user_mapping;

/// Every kind, by name.
pub static ALL: &[&dyn AnyKind] = &[
    &Of::<column::Column>::NEW,
    &Of::<column_default::ColumnDefault>::NEW,
    &Of::<comment::Comment>::NEW,
    &Of::<default_privilege::DefaultPrivilege>::NEW,
    &Of::<foreign_data_wrapper::ForeignDataWrapper>::NEW,
    &Of::<foreign_table::ForeignTable>::NEW,
    &Of::<grant::Grant>::NEW,
    &Of::<owner::Owner>::NEW,
    &Of::<publication::Publication>::NEW,
    &Of::<publication_schema::PublicationSchema>::NEW,
    &Of::<publication_table::PublicationTable>::NEW,
    &Of::<schema::Schema>::NEW,
    &Of::<security_label::SecurityLabel>::NEW,
    &Of::<server::Server>::NEW,
    &Of::<subscription::Subscription>::NEW,
    &Of::<table::Table>::NEW,
    &Of::<user_mapping::UserMapping>::NEW,
];
