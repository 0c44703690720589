//! Column defaults: apart from columns, because a default may call a function that needs the table.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnDefault {
    expression: crate::deparsed::Expression,
    /// It gives another value for each row, so that PostgreSQL writes all of a table anew to add the column.
    volatile: bool,
    /// The column takes no NULL.
    required: bool,
    /// The parent is a partitioned table, to which the table is attached with its defaults.
    attached: bool,
    /// `[schema, table]` of each parent that has the same default for the column and brings the column: one that
    /// was made for its table too keeps its default when the parent's goes.
    parents: Vec<Vec<String>>,
}

impl Kind for ColumnDefault {
    const NAME: &'static str = "column_default";
    const RANK: u8 = 64;
    const ROWS: &'static [&'static str] = &["pg_attrdef"];
    const QUERY: &'static str = "
        select 'pg_attrdef'::regclass as class, d.oid as object,
               array[n.nspname, c.relname, a.attname] as path,
               pg_get_expr(d.adbin, d.adrelid) as expression,
               position('funcid' in d.adbin::text) > 0
                   and exists (select from unnest(string_to_array(d.adbin::text, 'funcid ')) with ordinality f(node, at)
                               join pg_proc p on p.oid = split_part(node, ' ', 1)::oid and p.provolatile = 'v'
                               where at > 1) as volatile,
               a.attnotnull as required,
               p.parents is not null and c.relispartition as attached,
               p.parents
        from pg_attrdef d
        join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
        join pg_class c on c.oid = d.adrelid
        join pg_namespace n on n.oid = c.relnamespace
        left join lateral (
            select json_agg(json_build_array(pn.nspname, pc.relname) order by i.inhseqno) as parents
            from pg_inherits i
            join pg_class pc on pc.oid = i.inhparent
            join pg_namespace pn on pn.oid = pc.relnamespace
            join pg_attribute pa on pa.attrelid = pc.oid and pa.attname = a.attname and pa.attnum > 0
            join pg_attrdef pd on pd.adrelid = pc.oid and pd.adnum = pa.attnum
            where i.inhrelid = c.oid and a.attinhcount > 0 and not a.attislocal
              and pg_get_expr(pd.adbin, pd.adrelid) = pg_get_expr(d.adbin, d.adrelid)
        ) p on true
        where a.attgenerated = '' and c.relkind in ('r', 'p', 'f') and c.relpersistence <> 't'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(ColumnDefault {
        expression: Alter(set),
        volatile: Apart,
        required: Apart,
        attached: Apart,
        parents: Apart
    });

    fn sql(id: &Id) -> String {
        format!("COLUMN {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let why = "it concerns only future inserts that omit the column";
        vec![Step::additive(self.set(id), Lock::AccessExclusive, why)]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("{} DROP DEFAULT", alter(id));
        vec![match self.required {
            true => Step::breaking(sql, Lock::AccessExclusive, "inserts that omit the column fail"),
            false => {
                let why = "inserts that omit the column store NULL from now on";
                Step::data_dependent(sql, Lock::AccessExclusive, why)
            }
        }]
    }

    fn inline(&self, id: &Id, _: &[Part]) -> Option<Part> {
        let by_parent = !self.parents.is_empty() && !self.attached;
        let text = if by_parent { String::new() } else { format!("DEFAULT {}", self.expression) };
        let slot = if self.volatile { VOLATILE } else { "value" };
        Some(Part { host: id.of("column", 3), slot, order: 0, text, after: Vec::new() })
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        vec![id.of("column", 3)]
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![id.of("column", 3)]
    }

    fn comes_with(&self, id: &Id) -> Vec<Id> {
        let of =
            |parent: &Vec<String>| Id::new("column", parent.iter().map(String::as_str).chain([id.name()]));
        self.parents.iter().map(of).collect()
    }

    fn through(&self, id: &Id, host: &Id) -> Vec<Id> {
        super::inheritance::links(id, host)
    }

    fn describe(id: &Id) -> String {
        format!("default of column {}", dotted(&id.path))
    }
}

/// The slot of a default that gives another value for each row.
pub(super) const VOLATILE: &str = "volatile value";

impl ColumnDefault {
    fn set(&self, id: &Id) -> String {
        format!("{} SET DEFAULT {}", alter(id), self.expression)
    }
}

fn set(edit: &Edit<ColumnDefault>) -> Vec<Step> {
    let why = "inserts that omit the column store another value from now on";
    vec![Step::data_dependent(edit.new.set(edit.id), Lock::AccessExclusive, why)]
}

/// ONLY, because each child has a default of its own, which the plan states.
fn alter(id: &Id) -> String {
    format!("ALTER TABLE ONLY {} ALTER COLUMN {}", dotted(&id.path[..2]), ident(id.name()))
}
