//! How values are stored and known to the planner, and the options of a foreign table's column.
//!
//! Separate because they say where and how values are kept, not which a column takes.

use super::Column;
use crate::{
    catalog::Id,
    kind::Edit,
    sql::{dotted, ident},
    step::{Lock, Step},
};

impl Column {
    /// What only ALTER can say.
    pub(super) fn settings(&self, id: &Id) -> Vec<Step> {
        let bare = Column {
            position: self.position,
            relation: self.relation.clone(),
            r#type: self.r#type.clone(),
            ..Column::default()
        };
        let edit = Edit { id, old: &bare, new: self };
        let [storage_of_parent, compression_of_parent] =
            [self.parent_storage, self.parent_compression].map(|differs| differs && !self.attached);
        let mut steps = Vec::new();
        for (differs, alter) in [
            (!self.storage.is_empty() || storage_of_parent, storage as fn(&Edit<Column>) -> Vec<Step>),
            (!self.compression.is_empty() || compression_of_parent, compression),
            (self.statistics.is_some(), statistics),
            (!self.options.is_empty(), options),
        ] {
            if differs {
                steps.extend(alter(&edit));
            }
        }
        steps
    }
}

pub(super) fn alter_column(edit: &Edit<Column>, change: &str, lock: Lock, why: &'static str) -> Vec<Step> {
    let sql = format!(
        "ALTER TABLE ONLY {} ALTER COLUMN {} {change}",
        dotted(&edit.id.path[..2]),
        ident(edit.id.name())
    );
    vec![Step::additive(sql, lock, why)]
}

pub(super) fn storage(edit: &Edit<Column>) -> Vec<Step> {
    // PostgreSQL 16 knows DEFAULT; older ones want the type's own by name.
    let storage = match (edit.new.storage.as_str(), edit.new.type_storage.as_str()) {
        ("", "") => "EXTENDED",
        // It has been another type of that name.
        ("", "PLAIN") => return Vec::new(),
        ("", own) => own,
        (storage, _) => storage,
    };
    alter_column(
        edit,
        &format!("SET STORAGE {storage}"),
        Lock::AccessExclusive,
        "it says how values are stored from now on",
    )
}

pub(super) fn compression(edit: &Edit<Column>) -> Vec<Step> {
    let method = if edit.new.compression.is_empty() { "default" } else { &edit.new.compression };
    alter_column(
        edit,
        &format!("SET COMPRESSION {method}"),
        Lock::AccessExclusive,
        "it says how values are stored from now on",
    )
}

pub(super) fn statistics(edit: &Edit<Column>) -> Vec<Step> {
    let target = edit.new.statistics.unwrap_or(-1);
    alter_column(
        edit,
        &format!("SET STATISTICS {target}"),
        Lock::ShareUpdateExclusive,
        "only the planner looks at it",
    )
}

pub(super) fn options(edit: &Edit<Column>) -> Vec<Step> {
    let (set, reset) = crate::sql::options_between(&edit.old.options, &edit.new.options);
    [("RESET", reset), ("SET", set)]
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
        .flat_map(|(word, list)| {
            alter_column(
                edit,
                &format!("{word} ({list})"),
                Lock::ShareUpdateExclusive,
                "only the planner looks at it",
            )
        })
        .collect()
}

pub(super) fn foreign_options(edit: &Edit<Column>) -> Vec<Step> {
    let change = crate::sql::foreign_options_between(&edit.old.foreign_options, &edit.new.foreign_options);
    let sql = format!(
        "ALTER FOREIGN TABLE {} ALTER COLUMN {} OPTIONS ({change})",
        dotted(&edit.id.path[..2]),
        ident(edit.id.name())
    );
    vec![Step::breaking(sql, Lock::AccessExclusive, "the column is read from elsewhere from now on")]
}

/// `ALTER TABLE public.users`, which PostgreSQL takes for foreign tables too.
pub(super) fn table(id: &Id) -> String {
    format!("ALTER TABLE {}", dotted(&id.path[..2]))
}
