//! Written by `cargo test --test fresh`; do not edit. One line for each file in this folder.

use crate::kind::{AnyKind, Of};

mod access_method;
mod aggregate;
mod attribute;
mod base_type;
mod cast;
mod cluster;
mod collation;
mod column;
mod column_default;
mod comment;
mod composite_type;
mod constraint;
mod constraint_index;
mod conversion;
mod default_privilege;
mod domain;
mod domain_constraint;
mod domain_not_null_constraint;
mod enumeration;
mod event_trigger;
mod extension;
mod extension_dependency;
mod foreign_data_wrapper;
mod foreign_table;
mod function;
mod grant;
mod identity;
mod index;
mod index_partition;
mod inheritance;
mod language;
mod materialized_view;
mod not_null_constraint;
mod operator;
mod operator_class;
mod operator_family;
mod owned_by;
mod owner;
mod partition;
mod policy;
mod procedure;
mod publication;
mod publication_schema;
mod publication_table;
mod range_type;
mod replica_identity;
mod row;
mod row_security;
mod rule;
mod schema;
mod security_label;
mod sequence;
mod server;
mod shell_type;
mod statistics;
mod subscription;
mod table;
mod text_search_configuration;
mod text_search_dictionary;
mod text_search_parser;
mod text_search_template;
mod transform;
mod trigger;
mod user_mapping;
mod view;
mod view_column;

/// Every kind, by name.
pub static ALL: &[&dyn AnyKind] = &[
    &Of::<access_method::AccessMethod>::NEW,
    &Of::<aggregate::Aggregate>::NEW,
    &Of::<attribute::Attribute>::NEW,
    &Of::<base_type::BaseType>::NEW,
    &Of::<cast::Cast>::NEW,
    &Of::<cluster::Cluster>::NEW,
    &Of::<collation::Collation>::NEW,
    &Of::<column::Column>::NEW,
    &Of::<column_default::ColumnDefault>::NEW,
    &Of::<comment::Comment>::NEW,
    &Of::<composite_type::CompositeType>::NEW,
    &Of::<constraint::Constraint>::NEW,
    &Of::<constraint_index::ConstraintIndex>::NEW,
    &Of::<conversion::Conversion>::NEW,
    &Of::<default_privilege::DefaultPrivilege>::NEW,
    &Of::<domain::Domain>::NEW,
    &Of::<domain_constraint::DomainConstraint>::NEW,
    &Of::<domain_not_null_constraint::DomainNotNullConstraint>::NEW,
    &Of::<enumeration::Enumeration>::NEW,
    &Of::<event_trigger::EventTrigger>::NEW,
    &Of::<extension::Extension>::NEW,
    &Of::<extension_dependency::ExtensionDependency>::NEW,
    &Of::<foreign_data_wrapper::ForeignDataWrapper>::NEW,
    &Of::<foreign_table::ForeignTable>::NEW,
    &Of::<function::Function>::NEW,
    &Of::<grant::Grant>::NEW,
    &Of::<identity::Identity>::NEW,
    &Of::<index::Index>::NEW,
    &Of::<index_partition::IndexPartition>::NEW,
    &Of::<inheritance::Inheritance>::NEW,
    &Of::<language::Language>::NEW,
    &Of::<materialized_view::MaterializedView>::NEW,
    &Of::<not_null_constraint::NotNullConstraint>::NEW,
    &Of::<operator::Operator>::NEW,
    &Of::<operator_class::OperatorClass>::NEW,
    &Of::<operator_family::OperatorFamily>::NEW,
    &Of::<owned_by::OwnedBy>::NEW,
    &Of::<owner::Owner>::NEW,
    &Of::<partition::Partition>::NEW,
    &Of::<policy::Policy>::NEW,
    &Of::<procedure::Procedure>::NEW,
    &Of::<publication::Publication>::NEW,
    &Of::<publication_schema::PublicationSchema>::NEW,
    &Of::<publication_table::PublicationTable>::NEW,
    &Of::<range_type::RangeType>::NEW,
    &Of::<replica_identity::ReplicaIdentity>::NEW,
    &Of::<row::Row>::NEW,
    &Of::<row_security::RowSecurity>::NEW,
    &Of::<rule::Rule>::NEW,
    &Of::<schema::Schema>::NEW,
    &Of::<security_label::SecurityLabel>::NEW,
    &Of::<sequence::Sequence>::NEW,
    &Of::<server::Server>::NEW,
    &Of::<shell_type::ShellType>::NEW,
    &Of::<statistics::Statistics>::NEW,
    &Of::<subscription::Subscription>::NEW,
    &Of::<table::Table>::NEW,
    &Of::<text_search_configuration::TextSearchConfiguration>::NEW,
    &Of::<text_search_dictionary::TextSearchDictionary>::NEW,
    &Of::<text_search_parser::TextSearchParser>::NEW,
    &Of::<text_search_template::TextSearchTemplate>::NEW,
    &Of::<transform::Transform>::NEW,
    &Of::<trigger::Trigger>::NEW,
    &Of::<user_mapping::UserMapping>::NEW,
    &Of::<view::View>::NEW,
    &Of::<view_column::ViewColumn>::NEW,
];
