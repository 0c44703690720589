//! What of an old row logical replication sends along, where that is not the primary key.
//!
//! A table whose identity index is dropped sends nothing, though PostgreSQL keeps the word for
//! "by index": it is read as NOTHING.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReplicaIdentity {
    /// The kind of what has it: `table` or `materialized_view`.
    relation: String,
    /// `FULL`, `NOTHING` or `INDEX`.
    mode: String,
    /// The path of the index, as an `index` or, if longer, as a `constraint_index`.
    index: Vec<String>,
}

impl Kind for ReplicaIdentity {
    const NAME: &'static str = "replica_identity";
    const RANK: u8 = 94;
    const ROWS: &'static [&'static str] = &["pg_class.relkind r", "pg_class.relkind p", "pg_class.relkind m"];
    const QUERY: &'static str = "
        select array[n.nspname, c.relname] as path,
               case c.relkind when 'm' then 'materialized_view' else 'table' end as relation,
               case when c.relreplident = 'f' then 'FULL' when x.indexrelid is not null then 'INDEX'
                    else 'NOTHING' end as mode,
               case when k.oid is not null then json_build_array(n.nspname, c.relname, k.conname)
                    when x.indexrelid is not null then json_build_array(n.nspname, ic.relname) end as index
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        left join pg_index x on x.indrelid = c.oid and x.indisreplident and c.relreplident = 'i'
        left join pg_class ic on ic.oid = x.indexrelid
        left join pg_constraint k on k.conindid = x.indexrelid and k.conrelid = c.oid and k.contype in ('p', 'u', 'x')
        where c.relkind in ('r', 'p', 'm') and c.relreplident <> 'd' and c.relpersistence <> 't'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] =
        fields!(ReplicaIdentity { relation: Apart, mode: Alter(set), index: Alter(set) });

    fn sql(id: &Id) -> String {
        format!("TABLE {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let why = match self.mode.as_str() {
            "NOTHING" => "updates and deletes fail if the table is published",
            _ => "statements see no difference; subscribers get other columns of old rows",
        };
        let sql = match self.index.last() {
            Some(index) => change(id, &format!("USING INDEX {}", ident(index))),
            None => change(id, &self.mode),
        };
        vec![Step::data_dependent(sql, Lock::AccessExclusive, why)]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let why = "updates and deletes fail if the table is published and has no primary key";
        vec![Step::data_dependent(change(id, "DEFAULT"), Lock::AccessExclusive, why)]
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        let kind = if self.index.len() == 2 { "index" } else { "constraint_index" };
        let index = (!self.index.is_empty()).then(|| Id::new(kind, self.index.iter().cloned()));
        std::iter::once(self.owner(id)).chain(index).collect()
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![self.owner(id)]
    }

    fn describe(id: &Id) -> String {
        format!("replica identity of {}", dotted(&id.path))
    }
}

impl ReplicaIdentity {
    fn owner(&self, id: &Id) -> Id {
        let kind = if self.relation == "materialized_view" { "materialized_view" } else { "table" };
        id.of(kind, 2)
    }
}

fn set(edit: &Edit<ReplicaIdentity>) -> Vec<Step> {
    edit.new.create(edit.id, &[])
}

fn change(id: &Id, identity: &str) -> String {
    format!("ALTER TABLE {} REPLICA IDENTITY {identity}", dotted(&id.path))
}
