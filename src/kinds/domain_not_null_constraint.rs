//! The constraint behind a domain's `NOT NULL`, which PostgreSQL 17 has: for what the domain does not say, that it has
//! a name of its own or a comment.

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DomainNotNullConstraint {
    /// The name that PostgreSQL makes.
    usual: String,
}

impl Kind for DomainNotNullConstraint {
    const NAME: &'static str = "domain_not_null_constraint";
    const RANK: u8 = 29;
    const ROWS: &'static [&'static str] = &["pg_type.typtype d"];
    const QUERY: &'static str = "
        select 'pg_constraint'::regclass as class, k.oid as object, array[n.nspname, t.typname, k.conname] as path,
               u.usual
        from pg_constraint k
        join pg_type t on t.oid = k.contypid
        join pg_namespace n on n.oid = t.typnamespace
        cross join lateral (
            select case when octet_length(made) <= 63 then made else '' end as usual
            from concat(t.typname, '_not_null') made) u
        where k.contype = 'n' and k.contypid <> 0
          and (rtrim(k.conname, '0123456789') <> u.usual and u.usual <> ''
               or exists (select from pg_description d
                          where d.classoid = 'pg_constraint'::regclass and d.objoid = k.oid))
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(DomainNotNullConstraint { usual: Apart });

    fn sql(id: &Id) -> String {
        format!("CONSTRAINT {} ON DOMAIN {}", ident(id.name()), dotted(&id.path[..2]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        // NOT NULL has made it, under the usual name.
        self.renamed(id, &self.usual, id.name())
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        self.renamed(id, id.name(), &self.usual)
    }

    fn inline(&self, id: &Id, _: &[Part]) -> Option<Part> {
        let text = format!("CONSTRAINT {} NOT NULL", ident(id.name()));
        Some(Part { host: id.of("domain", 2), slot: "not_null", order: 0, text, after: Vec::new() })
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        vec![id.of("domain", 2)]
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![id.of("domain", 2)]
    }

    fn describe(id: &Id) -> String {
        format!("constraint {} on domain {}", ident(id.name()), dotted(&id.path[..2]))
    }
}

impl DomainNotNullConstraint {
    fn renamed(&self, id: &Id, from: &str, to: &str) -> Vec<Step> {
        if self.usual.is_empty() || from == to {
            return Vec::new();
        }
        let domain = dotted(&id.path[..2]);
        let sql = format!("ALTER DOMAIN {domain} RENAME CONSTRAINT {} TO {}", ident(from), ident(to));
        vec![Step::additive(sql, Lock::None, "statements do not name it")]
    }
}
