//! The index that CLUSTER sorts a table or materialized view by. The mark is the index's own: it
//! goes with the index.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Cluster {
    /// `table` or `materialized_view`.
    relation: String,
    /// The path of the index, as an `index` or, if longer, as a `constraint_index`.
    index: Vec<String>,
}

impl Kind for Cluster {
    const NAME: &'static str = "cluster";
    const RANK: u8 = 94;
    const ROWS: &'static [&'static str] = &["pg_class.relkind i", "pg_class.relkind I"];
    const QUERY: &'static str = "
        select array[n.nspname, c.relname] as path,
               case c.relkind when 'm' then 'materialized_view' else 'table' end as relation,
               case when k.oid is not null then json_build_array(n.nspname, c.relname, k.conname)
                    else json_build_array(n.nspname, ic.relname) end as index
        from pg_index x
        join pg_class c on c.oid = x.indrelid
        join pg_namespace n on n.oid = c.relnamespace
        join pg_class ic on ic.oid = x.indexrelid
        left join pg_constraint k on k.conindid = x.indexrelid and k.conrelid = c.oid and k.contype in ('p', 'u', 'x')
        where x.indisclustered and c.relkind in ('r', 'm', 'p') and c.relpersistence <> 't'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Cluster { relation: Apart, index: Alter(set) });

    fn sql(id: &Id) -> String {
        format!("TABLE {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        vec![self.step(id, &format!("CLUSTER ON {}", ident(self.index.last().map_or("", String::as_str))))]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        vec![self.step(id, "SET WITHOUT CLUSTER")]
    }

    fn needs(&self, _: &Id) -> Vec<Id> {
        vec![self.index()]
    }

    fn dropped_with(&self, _: &Id) -> Vec<Id> {
        vec![self.index()]
    }

    fn describe(id: &Id) -> String {
        format!("cluster mark of {}", dotted(&id.path))
    }
}

impl Cluster {
    fn index(&self) -> Id {
        let kind = if self.index.len() == 2 { "index" } else { "constraint_index" };
        Id::new(kind, self.index.iter().cloned())
    }

    fn step(&self, id: &Id, change: &str) -> Step {
        let word = if self.relation == "materialized_view" { "MATERIALIZED VIEW" } else { "TABLE" };
        let sql = format!("ALTER {word} {} {change}", dotted(&id.path));
        Step::additive(sql, Lock::ShareUpdateExclusive, "only CLUSTER looks at it")
    }
}

fn set(edit: &Edit<Cluster>) -> Vec<Step> {
    edit.new.create(edit.id, &[])
}
