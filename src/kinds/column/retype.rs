//! Another type or collation of a column.
//!
//! Separate because how PostgreSQL gets from one type to another, and what that costs, is a subject of its own.

use super::{
    Column, analyzed,
    settings::{compression, storage},
    table,
};
use crate::{
    bridge,
    cast::{self, Fit},
    catalog::Id,
    expand::Twin,
    kind::{Edit, Rule, Rule::*},
    sql::{AFTER, clipped, dotted, ident},
    step::{Class::Breaking, Lock, Step},
};
use std::iter;

pub(super) fn retype(edit: &Edit<Column>) -> Rule<Column> {
    if !edit.new.generated.is_empty() || !edit.old.generated.is_empty() {
        return Recreate(Breaking, "a generated column of another type is computed anew");
    }
    if edit.old.partitions {
        return Recreate(Breaking, "what a table is partitioned by cannot change its type in place");
    }
    if !cast::compares(&edit.old.r#type, &edit.new.r#type) {
        return AlterWithout(IN_THE_WAY_OF_ANOTHER, retyped);
    }
    AlterWithout(IN_THE_WAY, retyped)
}

fn retyped(edit: &Edit<Column>) -> Vec<Step> {
    edit.new.retyped(edit.id, edit.old, !cast::is_known(&edit.old.r#type, &edit.new.r#type))
}

/// Another type brings its own, and what is to be otherwise is said with it.
pub(super) fn unless_retyped(edit: &Edit<Column>, alter: fn(&Edit<Column>) -> Vec<Step>) -> Rule<Column> {
    let (old, new) = (edit.old, edit.new);
    if old.r#type == new.r#type && old.collation == new.collation {
        Alter(alter)
    } else {
        Alter(|_| Vec::new())
    }
}

/// What PostgreSQL refuses to have around while a column's type changes, and defaults, which it
/// would cast to the new type where it can and refuse where it cannot.
const IN_THE_WAY: &[&str] = &[
    "column",
    "column_default",
    "function",
    "materialized_view",
    "policy",
    "procedure",
    "publication_table",
    "rule",
    "statistics",
    "trigger",
    "view",
];

/// Besides, where nothing compares the new type with the old (which may be another of the same name): what
/// compares two columns that change one after the other.
pub(super) const IN_THE_WAY_OF_ANOTHER: &[&str] = &[
    "column",
    "column_default",
    "constraint",
    "function",
    "materialized_view",
    "policy",
    "procedure",
    "publication_table",
    "rule",
    "statistics",
    "trigger",
    "view",
];

impl Column {
    pub(super) fn retyped(&self, id: &Id, old: &Column, through_text: bool) -> Vec<Step> {
        let (name, from) = (ident(id.name()), &old.r#type);
        let collation = match self.collation.as_str() {
            "" => String::new(),
            collation => format!(" COLLATE {collation}"),
        };
        let through = match through_text {
            true if from.ends_with("[]") && self.r#type.ends_with("[]") => "::text[]",
            true => "::text",
            false => "",
        };
        let mut sql = format!("{} ALTER COLUMN {name} TYPE {}{collation}", table(id), self.r#type);
        // A foreign table has no rows to convert, and PostgreSQL refuses to be told how.
        // A cast that is written out cuts off what does not fit; PostgreSQL's own way refuses it.
        if self.relation != "foreign_table" && (through_text || !cast::assigns(from, &self.r#type)) {
            sql += &format!(" USING {name}{through}::{}", self.r#type);
        }
        let mut step = self.judged(id, old, sql);
        if self.relation == "table" {
            step = step.clone().online(self.owner(id), vec![step, analyzed(id)]);
            let stays = old.collation == self.collation && cast::stays(from, &self.r#type);
            step = if stays && !through_text { step.aside() } else { step };
        }
        // The storage and the compression are the new type's own now.
        let edit = Edit { id, old: self, new: self };
        let more = [
            (!self.storage.is_empty()).then(|| storage(&edit)),
            (!self.compression.is_empty()).then(|| compression(&edit)),
        ];
        iter::once(step).chain(more.into_iter().flatten().flatten()).collect()
    }

    /// A column of the new type, where PostgreSQL would write each row of the table anew to change the one that is
    /// there; or why there cannot be one.
    pub(super) fn made_beside(&self, id: &Id, old: &Column) -> Result<Twin, &'static str> {
        let (from, to) = (&old.r#type, &self.r#type);
        let obstacles = [
            (!self.generated.is_empty() || !old.generated.is_empty(), "it is generated"),
            (!self.parents.is_empty() || !old.parents.is_empty(), "a parent of the table has it too"),
            (old.partitions, "rows are partitioned by it"),
            (self.collation != old.collation, "its collation changes as well"),
            (
                !cast::widens(from, to),
                "no trigger can turn each value of its type into one of the other and back",
            ),
        ];
        if let Some((_, why)) = obstacles.into_iter().find(|(is_in_the_way, _)| *is_in_the_way) {
            return Err(why);
        }
        let mut path = id.path.to_vec();
        path[2] = clipped(id.name(), AFTER);
        Ok(bridge::twins(id, Id::new(id.kind, path), [&format!("::{to}"), &format!("::{from}")]))
    }

    /// A change of its type or collation, by what becomes of the values.
    fn judged(&self, id: &Id, old: &Column, sql: String) -> Step {
        let lock = Lock::AccessExclusive;
        if old.collation != self.collation {
            return Step::breaking(sql, lock, "its values are ordered and compared otherwise from now on");
        }
        if old.r#type == self.r#type {
            let why = "its values go over, as text, to the type that takes the place of theirs";
            return Step::data_dependent(sql, lock, why);
        }
        let noticed = |why: &str| match cast::names_differ(&old.r#type, &self.r#type) {
            None => why.to_string(),
            Some((from, to)) => format!("{why}; a driver that checks types is told {to} instead of {from}"),
        };
        match cast::fit(&old.r#type, &self.r#type, &ident(id.name())) {
            Fit::All => {
                let why = noticed("every value fits as it is, and code reads and writes it as before");
                Step::additive(sql, lock, why)
            }
            Fit::Some(condition) => {
                let why = noticed(
                    "code that writes longer values fails from now on, and it fails at once if a row has one",
                );
                let step = Step::data_dependent(sql, lock, why);
                let query = |condition| format!("SELECT * FROM {} WHERE {condition}", dotted(&id.path[..2]));
                condition.map(query).into_iter().fold(step, Step::finds)
            }
            Fit::Rounded => {
                let why = "values are rounded, and so is what the running code writes from now on";
                let digits = format!("the last digits of {}", dotted(&id.path));
                Step::breaking(sql, lock, why).loses(digits)
            }
            Fit::Another => {
                let why = "code that decodes the old type fails, and the table may be rewritten";
                Step::breaking(sql, lock, why)
            }
        }
    }
}
