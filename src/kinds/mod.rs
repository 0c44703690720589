//! Written by `cargo test --test fresh`; do not edit. One line for each file in this folder.

use crate::kind::{AnyKind, Of};

mod access_method;
mod attribute;
mod base_type;
mod cast;
mod collation;
mod column;
mod column_default;
mod comment;
mod composite_type;
mod conversion;
mod domain;
mod domain_constraint;
mod enumeration;
mod extension;
mod identity;
mod language;
mod operator;
mod operator_class;
mod operator_family;
mod owned_by;
mod range_type;
mod schema;
mod sequence;
mod table;
mod text_search_configuration;
mod text_search_dictionary;
mod text_search_parser;
mod text_search_template;
mod transform;

/// Every kind, by name.
pub static ALL: &[&dyn AnyKind] = &[
    &Of::<access_method::AccessMethod>::NEW,
    &Of::<attribute::Attribute>::NEW,
    &Of::<base_type::BaseType>::NEW,
    &Of::<cast::Cast>::NEW,
    &Of::<collation::Collation>::NEW,
    &Of::<column::Column>::NEW,
    &Of::<column_default::ColumnDefault>::NEW,
    &Of::<comment::Comment>::NEW,
    &Of::<composite_type::CompositeType>::NEW,
    &Of::<conversion::Conversion>::NEW,
    &Of::<domain::Domain>::NEW,
    &Of::<domain_constraint::DomainConstraint>::NEW,
    &Of::<enumeration::Enumeration>::NEW,
    &Of::<extension::Extension>::NEW,
    &Of::<identity::Identity>::NEW,
    &Of::<language::Language>::NEW,
    &Of::<operator::Operator>::NEW,
    &Of::<operator_class::OperatorClass>::NEW,
    &Of::<operator_family::OperatorFamily>::NEW,
    &Of::<owned_by::OwnedBy>::NEW,
    &Of::<range_type::RangeType>::NEW,
    &Of::<schema::Schema>::NEW,
    &Of::<sequence::Sequence>::NEW,
    &Of::<table::Table>::NEW,
    &Of::<text_search_configuration::TextSearchConfiguration>::NEW,
    &Of::<text_search_dictionary::TextSearchDictionary>::NEW,
    &Of::<text_search_parser::TextSearchParser>::NEW,
    &Of::<text_search_template::TextSearchTemplate>::NEW,
    &Of::<transform::Transform>::NEW,
];
