//! The constraint behind `NOT NULL`, which PostgreSQL 18 has: for what the column does not say, that
//! it has a name of its own, a comment, is not valid, or not inherited.
//!
//! A column whose constraint is valid is not null as ever, and has it under a name that PostgreSQL
//! made unless this object says otherwise; one whose constraint is not valid is nullable but for this object.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{dotted, ident},
    step::{Class::DataDependent, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NotNullConstraint {
    column: String,
    not_valid: bool,
    no_inherit: bool,
    /// The name that PostgreSQL makes.
    usual: String,
    /// The comment on it stays where it goes by its usual name.
    commented: bool,
}

impl Kind for NotNullConstraint {
    const NAME: &'static str = "not_null_constraint";
    const RANK: u8 = 64;
    // A table that was a partition keeps the name that its constraint has from the other's name, and
    // nothing renames it before: a name that PostgreSQL could have made for the column is no other.
    const ROWS: &'static [&'static str] = &["pg_constraint.contype n"];
    const QUERY: &'static str = "
        select 'pg_constraint'::regclass as class, k.oid as object, array[n.nspname, c.relname, k.conname] as path,
               a.attname as column, not k.convalidated as not_valid, k.connoinherit as no_inherit, u.usual,
               d.objoid is not null as commented
        from pg_constraint k
        join pg_class c on c.oid = k.conrelid
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
        cross join lateral (
            select case when octet_length(made) <= 63 then made else '' end as usual,
                   case when octet_length(made) <= 63 then concat('_', a.attname, '_not_null')
                        else '_not_null' end as ending
            from concat(c.relname, '_', a.attname, '_not_null') made) u
        left join pg_description d on d.classoid = 'pg_constraint'::regclass and d.objoid = k.oid
        where k.contype = 'n' and k.conrelid <> 0 and k.conislocal and c.relkind in ('r', 'p', 'f') and c.relpersistence <> 't'
          and (right(rtrim(k.conname, '0123456789'), length(u.ending)) <> u.ending or not k.convalidated or k.connoinherit
               or d.objoid is not null)
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(NotNullConstraint {
        column: Recreate(DataDependent, "code that writes NULL to the other column fails from now on"),
        not_valid: Alter(validity),
        no_inherit: When(inheritance),
        usual: Apart,
        commented: Apart,
    });

    fn sql(id: &Id) -> String {
        format!("CONSTRAINT {} ON {}", ident(id.name()), dotted(&id.path[..2]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        if self.not_valid {
            return vec![self.added(id)];
        }
        // The column has made it, under the usual name.
        let named = (self.usual != id.name()).then(|| renamed(id, &self.usual, id.name()));
        named.into_iter().chain(self.no_inherit.then(|| inherits(id, "NO INHERIT"))).collect()
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        if self.not_valid {
            let sql = format!("{} DROP CONSTRAINT {}", table(id), ident(id.name()));
            return vec![Step::additive(sql, Lock::AccessExclusive, "it only weakens a guarantee")];
        }
        let inherited = self.no_inherit.then(|| inherits(id, "INHERIT"));
        let named = (self.usual != id.name()).then(|| renamed(id, id.name(), &self.usual));
        let silent = self.commented.then(|| {
            let sql = format!("COMMENT ON {} IS NULL", Self::sql(id));
            Step::additive(sql, Lock::None, "nothing but people reads it")
        });
        silent.into_iter().chain(inherited).chain(named).collect()
    }

    fn inline(&self, id: &Id, _: &[Part]) -> Option<Part> {
        let inherit = if self.no_inherit { " NO INHERIT" } else { "" };
        let text = format!("CONSTRAINT {} NOT NULL{inherit}", ident(id.name()));
        let part = Part { host: self.column(id), slot: "not_null", order: 0, text, after: Vec::new() };
        (!self.not_valid).then_some(part)
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        vec![self.column(id)]
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![self.column(id)]
    }

    fn describe(id: &Id) -> String {
        format!("constraint {} on {}", ident(id.name()), dotted(&id.path[..2]))
    }
}

impl NotNullConstraint {
    fn violations(&self, id: &Id) -> String {
        format!("SELECT * FROM {} WHERE {} IS NULL", dotted(&id.path[..2]), ident(&self.column))
    }

    fn column(&self, id: &Id) -> Id {
        Id::new("column", [&id.path[0], &id.path[1], &self.column].map(String::as_str))
    }

    fn added(&self, id: &Id) -> Step {
        let inherit = if self.no_inherit { " NO INHERIT" } else { "" };
        let (name, column) = (ident(id.name()), ident(&self.column));
        let sql = format!("{} ADD CONSTRAINT {name} NOT NULL {column}{inherit} NOT VALID", table(id));
        let step =
            Step::data_dependent(sql, Lock::AccessExclusive, "code that writes NULL fails from now on");
        step.finds(self.violations(id))
    }
}

fn table(id: &Id) -> String {
    format!("ALTER TABLE {}", dotted(&id.path[..2]))
}

fn renamed(id: &Id, from: &str, to: &str) -> Step {
    let sql = format!("{} RENAME CONSTRAINT {} TO {}", table(id), ident(from), ident(to));
    Step::additive(sql, Lock::AccessExclusive, "statements do not name it")
}

fn inherits(id: &Id, how: &str) -> Step {
    let sql = format!("{} ALTER CONSTRAINT {} {how}", table(id), ident(id.name()));
    match how {
        "INHERIT" => {
            let why = "code that writes NULL to its children fails from now on";
            Step::data_dependent(sql, Lock::AccessExclusive, why)
        }
        _ => Step::additive(sql, Lock::AccessExclusive, "what its children have stays"),
    }
}

/// To be not valid, the column's own has gone before.
fn validity(edit: &Edit<NotNullConstraint>) -> Vec<Step> {
    if edit.new.not_valid {
        return vec![edit.new.added(edit.id)];
    }
    let sql = format!("{} VALIDATE CONSTRAINT {}", table(edit.id), ident(edit.id.name()));
    let why = "it fails at once if a row has a NULL";
    let step = Step::data_dependent(sql, Lock::ShareUpdateExclusive, why);
    vec![step.finds(edit.new.violations(edit.id))]
}

fn inheritance(edit: &Edit<NotNullConstraint>) -> Rule<NotNullConstraint> {
    if edit.new.not_valid && !edit.old.not_valid {
        // It is added as it is to be.
        return Alter(|_| Vec::new());
    }
    Alter(|edit| vec![inherits(edit.id, if edit.new.no_inherit { "NO INHERIT" } else { "INHERIT" })])
}
