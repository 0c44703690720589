//! Another generation expression.
//!
//! Separate because which PostgreSQL can set it in place, and at what cost, is a subject of its own.

use super::{Column, table};
use crate::{
    catalog::Id,
    kind::{Edit, Rule, Rule::*},
    sql::{dotted, ident},
    step::{Class::Breaking, Lock, Step},
};

/// Asked of a column whose values were all written anew.
pub(super) fn analyzed(id: &Id) -> Step {
    let why = "PostgreSQL forgot what it knew of the values";
    let sql = format!("ANALYZE {} ({})", dotted(&id.path[..2]), ident(id.name()));
    Step::additive(sql, Lock::ShareUpdateExclusive, why).shared().late()
}

pub(super) fn generation(edit: &Edit<Column>) -> Rule<Column> {
    let (old, new) = (edit.old, edit.new);
    match (&*old.generated, &*new.generated) {
        (_, "") if !old.is_virtual => Alter(|edit| {
            let why = "the values stay as they are; inserts that omit the column store NULL from now on";
            let sql = format!("{} ALTER COLUMN {} DROP EXPRESSION", table(edit.id), ident(edit.id.name()));
            vec![match edit.new.not_null {
                true => Step::breaking(sql, Lock::AccessExclusive, "inserts that omit the column fail"),
                false => Step::data_dependent(sql, Lock::AccessExclusive, why),
            }]
        }),
        _ if new.redefined(old) => Alter(|edit| {
            let (table, name) = (dotted(&edit.id.path[..2]), ident(edit.id.name()));
            // Children have expressions of their own.
            let sql = format!(
                "ALTER TABLE ONLY {table} ALTER COLUMN {name} SET EXPRESSION AS ({})",
                edit.new.generated
            );
            let why = "code that reads the column meets other values, and it fails at once if one of them fits no constraint";
            let step = Step::data_dependent(sql, Lock::AccessExclusive, why);
            if edit.new.is_virtual {
                return vec![step];
            }
            vec![step.clone().online(edit.new.owner(edit.id), vec![step.own(), analyzed(edit.id)])]
        }),
        ("", _) => Recreate(Breaking, "a column that exists cannot become a generated one in place"),
        _ => Recreate(Breaking, "a generation expression cannot be changed in place before PostgreSQL 17"),
    }
}

impl Column {
    /// Does PostgreSQL change its expression in place?
    pub(super) fn redefined(&self, before: &Column) -> bool {
        before.redefinable && self.redefinable && before.is_virtual == self.is_virtual
    }
}
