//! CHECK constraints of domains: apart from those of tables, which SQL names and alters otherwise.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, fields},
    sql::{dotted, ident},
    step::{
        Class::{Additive, DataDependent},
        Lock, Step,
    },
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DomainConstraint {
    /// `CHECK ((VALUE > 0))`
    definition: crate::deparsed::Expression,
    not_valid: bool,
}

impl Kind for DomainConstraint {
    const NAME: &'static str = "domain_constraint";
    const RANK: u8 = 29;
    const ROWS: &'static [&'static str] = &["pg_type.typtype d"];
    const QUERY: &'static str = "
        select 'pg_constraint'::regclass as class, k.oid as object,
               array[n.nspname, t.typname, k.conname] as path,
               regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') as definition,
               not k.convalidated as not_valid
        from pg_constraint k
        join pg_type t on t.oid = k.contypid
        join pg_namespace n on n.oid = t.typnamespace
        where k.contypid <> 0 and k.contype = 'c'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(DomainConstraint {
        definition: Recreate(DataDependent, "code that writes what the new condition excludes fails"),
        not_valid: When(validate),
    });

    fn sql(id: &Id) -> String {
        format!("CONSTRAINT {} ON DOMAIN {}", ident(id.name()), dotted(&id.path[..2]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let suffix = if self.not_valid { " NOT VALID" } else { "" };
        let sql = format!("{} ADD {}{suffix}", alter(id), self.clause(id));
        let lock = if self.not_valid { Lock::None } else { Lock::Share };
        let why = "code that writes what the condition excludes fails from now on";
        vec![Step::data_dependent(sql, lock, why)]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("{} DROP CONSTRAINT {}", alter(id), ident(id.name()));
        vec![Step::additive(sql, Lock::None, "it only weakens a guarantee")]
    }

    fn inline(&self, id: &Id, _: &[Part]) -> Option<Part> {
        let text = self.clause(id);
        let part = Part { host: id.of("domain", 2), slot: "constraint", order: 0, text, after: Vec::new() };
        (!self.not_valid).then_some(part)
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        vec![id.of("domain", 2)]
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![id.of("domain", 2)]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("{} RENAME CONSTRAINT {} TO {}", alter(id), ident(id.name()), ident(to));
        Some(Step::additive(sql, Lock::None, "only messages name it"))
    }

    fn alike(&self, other: &Self) -> bool {
        self == other
    }

    fn describe(id: &Id) -> String {
        format!("constraint {} of domain {}", ident(id.name()), dotted(&id.path[..2]))
    }
}

impl DomainConstraint {
    fn clause(&self, id: &Id) -> String {
        format!("CONSTRAINT {} {}", ident(id.name()), self.definition)
    }
}

fn alter(id: &Id) -> String {
    format!("ALTER DOMAIN {}", dotted(&id.path[..2]))
}

fn validate(edit: &Edit<DomainConstraint>) -> Rule<DomainConstraint> {
    if edit.new.not_valid {
        return Recreate(Additive, "what is written is checked as before");
    }
    Alter(|edit| {
        let sql = format!("{} VALIDATE CONSTRAINT {}", alter(edit.id), ident(edit.id.name()));
        let why = "what is written is checked as before; it fails if an old value does not comply";
        vec![Step::data_dependent(sql, Lock::Share, why)]
    })
}
