//! The place of a partition's index in that of the partitioned table. PostgreSQL joins matching
//! indexes by itself when a partition is attached, and parts them when it is detached; nothing
//! else parts them.

use super::index::part_of;
use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, Rule::*, fields},
    sql::dotted,
    step::{Class::Additive, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IndexPartition {
    /// `[schema, table]` of the partition.
    table: Vec<String>,
    /// The path of the index, as an `index` or, if longer, as a `constraint_index`.
    index: Vec<String>,
    /// The path of the partitioned table's index.
    parent: Vec<String>,
}

impl Kind for IndexPartition {
    const NAME: &'static str = "index_partition";
    const RANK: u8 = 92;
    const ROWS: &'static [&'static str] = &["pg_class.relkind I"];
    const QUERY: &'static str = "
        select array[n.nspname, c.relname] as path,
               json_build_array(n.nspname, t.relname) as table,
               case when k.oid is null then json_build_array(n.nspname, c.relname)
                    else json_build_array(n.nspname, t.relname, k.conname) end as index,
               case when pk.oid is null then json_build_array(pn.nspname, p.relname)
                    else json_build_array(pn.nspname, pt.relname, pk.conname) end as parent
        from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
        join pg_namespace n on n.oid = c.relnamespace
        join pg_index x on x.indexrelid = c.oid
        join pg_class t on t.oid = x.indrelid
        join pg_class p on p.oid = i.inhparent
        join pg_namespace pn on pn.oid = p.relnamespace
        join pg_index px on px.indexrelid = p.oid
        join pg_class pt on pt.oid = px.indrelid
        left join pg_constraint k
               on k.conindid = c.oid and k.conrelid = t.oid and k.contype in ('p', 'u', 'x')
        left join pg_constraint pk
               on pk.conindid = p.oid and pk.conrelid = pt.oid and pk.contype in ('p', 'u', 'x')
        where c.relkind in ('i', 'I') and c.relpersistence <> 't'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(IndexPartition {
        table: Apart,
        index: Apart,
        parent: Recreate(Additive, "statements see no difference"),
    });

    fn sql(id: &Id) -> String {
        format!("INDEX {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let parent = [&self.parent[0], &self.parent[self.parent.len() - 1]].map(String::clone);
        let sql = format!("ALTER INDEX {} ATTACH PARTITION {}", dotted(&parent), dotted(&id.path));
        vec![Step::additive(sql, Lock::AccessExclusive, "statements see no difference")]
    }

    fn drop(&self, _: &Id) -> Vec<Step> {
        Vec::new()
    }

    fn needs(&self, _: &Id) -> Vec<Id> {
        vec![self.attachment(), index(&self.index), index(&self.parent)]
    }

    fn comes_with(&self, _: &Id) -> Vec<Id> {
        vec![self.attachment()]
    }

    fn held_by(&self, _: &Id) -> Vec<Id> {
        part_of(&self.parent).into_iter().collect()
    }

    fn completes(&self, _: &Id) -> Vec<Id> {
        vec![index(&self.parent)]
    }

    fn describe(id: &Id) -> String {
        format!("attachment of index {}", dotted(&id.path))
    }
}

impl IndexPartition {
    fn attachment(&self) -> Id {
        Id::new("partition", self.table.iter().cloned())
    }
}

fn index(path: &[String]) -> Id {
    Id::new(if path.len() == 2 { "index" } else { "constraint_index" }, path.iter().cloned())
}
