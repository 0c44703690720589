//! The place of a table in a partitioned one. A partition is created as a table of its own and
//! then attached, so that its columns, checks and indexes are there for the parent to take over,
//! and it is detached, not dropped, when it only moves. What people read says `PARTITION OF` where
//! PostgreSQL makes the same of that.

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, Rule::*, fields},
    sql::dotted,
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Partition {
    /// The kind of the partition: `table` or `foreign_table`.
    relation: String,
    /// `[schema, table]`
    parent: Vec<String>,
    /// `FOR VALUES IN ('eu')` or `DEFAULT`.
    bound: crate::deparsed::Expression,
    /// A foreign key references the parent: the partition can only be dropped once detached.
    referenced: bool,
    /// PostgreSQL can detach it while people read the parent (since 14): no partition of that is the default.
    #[serde(skip_serializing)]
    concurrently: bool,
}

/// Between the parent and the bound in what CREATE TABLE carries, where its own elements go; in no name.
pub(super) const PARTITION_OF_ENDS: char = '\0';

impl Kind for Partition {
    const NAME: &'static str = "partition";
    const RANK: u8 = 90;
    const ROWS: &'static [&'static str] = &["pg_class.relkind p"];
    const QUERY: &'static str = "
        select array[n.nspname, c.relname] as path,
               case when c.relkind = 'f' then 'foreign_table' else 'table' end as relation,
               json_build_array(pn.nspname, p.relname) as parent,
               pg_get_expr(c.relpartbound, c.oid) as bound,
               c.oid in (select k.confrelid from pg_constraint k
                         where k.contype = 'f' and k.conparentid <> 0) as referenced,
               coalesce(nullif(current_setting('planwright.target', true), ''),
                        current_setting('server_version_num'))::int >= 140000
                   and p.oid in (select partrelid from pg_partitioned_table where partdefid = 0) as concurrently
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_inherits i on i.inhrelid = c.oid
        join pg_class p on p.oid = i.inhparent
        join pg_namespace pn on pn.oid = p.relnamespace
        where c.relispartition and c.relkind in ('r', 'p', 'f') and c.relpersistence <> 't'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    // Detached and attached by two objects' statements, not one's: neighbours that exchange ranges
    // must all be detached before the first is attached again.
    const FIELDS: &'static [Field<Self>] = fields!(Partition {
        relation: Apart,
        parent: Recreate(Breaking, "the rows stay in the table, which moves to another parent"),
        bound: Recreate(Breaking, "the rows stay in the table, but other rows fit it from now on"),
        referenced: Apart,
        concurrently: Apart,
    });

    fn sql(id: &Id) -> String {
        format!("TABLE {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!("{} ATTACH PARTITION {} {}", self.alter(), dotted(&id.path), self.bound);
        let why =
            "statements about the parent see its rows, and only rows within its bounds can be written to it";
        vec![Step::data_dependent(sql, Lock::AccessExclusive, why)]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("{} DETACH PARTITION {}", self.alter(), dotted(&id.path));
        let why = "the parent no longer shows its rows and refuses new ones like them";
        let step = Step::breaking(&sql, Lock::AccessExclusive, why);
        if !self.concurrently {
            return vec![step];
        }
        let online = Step::breaking(format!("{sql} CONCURRENTLY"), Lock::ShareUpdateExclusive, why);
        vec![step.online(Id::new("table", self.parent.iter().cloned()), vec![online.outside()])]
    }

    fn inline(&self, id: &Id, _: &[Part]) -> Option<Part> {
        let text = format!("{}{PARTITION_OF_ENDS}{}", dotted(&self.parent), self.bound);
        let part = Part { host: self.child(id), slot: "partition of", order: 0, text, after: Vec::new() };
        (self.relation == "table").then_some(part)
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        vec![self.child(id), Id::new("table", self.parent.iter().cloned())]
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![self.child(id)]
    }

    fn through(&self, id: &Id, _: &Id) -> Vec<Id> {
        if self.referenced { vec![id.clone()] } else { Vec::new() }
    }

    /// Two bounds may overlap.
    fn slots(&self, _: &Id) -> Vec<Vec<String>> {
        vec![[&["partition of".to_string()], &*self.parent].concat()]
    }

    fn attaches(&self, id: &Id) -> Option<(Id, Id)> {
        Some((self.child(id), Id::new("table", self.parent.iter().cloned())))
    }

    fn describe(id: &Id) -> String {
        format!("attachment of partition {}", dotted(&id.path))
    }
}

impl Partition {
    fn child(&self, id: &Id) -> Id {
        id.of(if self.relation == "foreign_table" { "foreign_table" } else { "table" }, 2)
    }

    fn alter(&self) -> String {
        format!("ALTER TABLE {}", dotted(&self.parent))
    }
}
