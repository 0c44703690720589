//! The place of a table below a parent that is not partitioned: one object for each parent, so
//! that parents come and go one by one. Their order is that of the parents' columns in the child.

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, Rule::*, fields},
    sql::dotted,
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Inheritance {
    /// The kind of the child: `table` or `foreign_table`.
    relation: String,
    /// The kind of the parent.
    parent_relation: String,
    /// 1 for the first parent.
    position: i64,
}

impl Kind for Inheritance {
    const NAME: &'static str = "inheritance";
    const RANK: u8 = 61;
    const ROWS: &'static [&'static str] = &["pg_class.relkind r", "pg_class.relkind f"];
    const QUERY: &'static str = "
        select array[n.nspname, c.relname, pn.nspname, p.relname] as path,
               case when c.relkind = 'f' then 'foreign_table' else 'table' end as relation,
               case when p.relkind = 'f' then 'foreign_table' else 'table' end as parent_relation,
               i.inhseqno as position
        from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
        join pg_namespace n on n.oid = c.relnamespace
        join pg_class p on p.oid = i.inhparent
        join pg_namespace pn on pn.oid = p.relnamespace
        where c.relkind in ('r', 'f') and not c.relispartition and c.relpersistence <> 't'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] =
        fields!(Inheritance { relation: Apart, parent_relation: Apart, position: Apart });

    fn sql(id: &Id) -> String {
        format!("TABLE {}", dotted(&id.path[..2]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let why = "statements about the parent see the rows of the child from now on";
        vec![Step::data_dependent(change(id, "INHERIT"), Lock::AccessExclusive, why)]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let why = "statements about the parent no longer see the rows of the child";
        vec![Step::breaking(change(id, "NO INHERIT"), Lock::AccessExclusive, why)]
    }

    fn inline(&self, id: &Id, _: &[Part]) -> Option<Part> {
        Some(Part {
            host: self.child(id),
            slot: "inherits",
            order: self.position,
            text: dotted(&id.path[2..]),
            after: Vec::new(),
        })
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        vec![self.child(id), self.parent(id)]
    }

    fn joins(&self, id: &Id) -> Option<(Id, Id)> {
        Some((self.child(id), self.parent(id)))
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![self.child(id)]
    }

    fn describe(id: &Id) -> String {
        format!("inheritance of {} from {}", dotted(&id.path[..2]), dotted(&id.path[2..]))
    }
}

impl Inheritance {
    fn child(&self, id: &Id) -> Id {
        id.of(if self.relation == "foreign_table" { "foreign_table" } else { "table" }, 2)
    }

    fn parent(&self, id: &Id) -> Id {
        let kind = if self.parent_relation == "foreign_table" { "foreign_table" } else { "table" };
        Id::new(kind, id.path[2..].iter().cloned())
    }
}

/// Through what `host`, which is in a table, reaches `id`, which is in a child of that table.
pub(super) fn links(id: &Id, host: &Id) -> Vec<Id> {
    if id.path.len() < 2 || host.path.len() < 2 || id.path[..2] == host.path[..2] {
        return Vec::new();
    }
    let pair = id.path[..2].iter().chain(&host.path[..2]).cloned();
    vec![id.of("partition", 2), Id::new("inheritance", pair)]
}

fn change(id: &Id, word: &str) -> String {
    format!("ALTER TABLE {} {word} {}", dotted(&id.path[..2]), dotted(&id.path[2..]))
}
