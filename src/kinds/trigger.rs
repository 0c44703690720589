//! Triggers on tables, foreign tables and views.
//!
//! A row trigger of a partitioned table has a copy on every partition, which comes and goes with
//! it. A copy is an object here only where it fires otherwise than the trigger that it copies.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{
        Class::{Breaking, DataDependent},
        Lock, Step,
    },
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Trigger {
    /// The whole statement; empty for a copy.
    definition: crate::deparsed::Expression,
    /// `DISABLE`, `ENABLE REPLICA`, `ENABLE ALWAYS`; empty when it is simply enabled.
    firing: String,
    /// How the trigger that this one copies fires.
    copied_firing: String,
    /// `[schema, table, trigger]` of what this one is a copy of, and of what that is one of.
    copy_of: Vec<Vec<String>>,
}

impl Kind for Trigger {
    const NAME: &'static str = "trigger";
    const RANK: u8 = 150;
    const ROWS: &'static [&'static str] = &["pg_trigger"];
    const QUERY: &'static str = "
        select 'pg_trigger'::regclass as class, t.oid as object, array[n.nspname, c.relname, t.tgname] as path,
               case when t.tgparentid = 0 then pg_get_triggerdef(t.oid) end as definition,
               case t.tgenabled when 'D' then 'DISABLE' when 'R' then 'ENABLE REPLICA' when 'A' then 'ENABLE ALWAYS'
               end as firing,
               case p.tgenabled when 'D' then 'DISABLE' when 'R' then 'ENABLE REPLICA' when 'A' then 'ENABLE ALWAYS'
               end as copied_firing,
               case when t.tgparentid <> 0 then
                   (select array_to_json(array_agg(json_build_array(an.nspname, ac.relname, t.tgname)))
                    from pg_partition_ancestors(t.tgrelid) a (relation)
                    join pg_class ac on ac.oid = a.relation
                    join pg_namespace an on an.oid = ac.relnamespace
                    where a.relation <> t.tgrelid) end as copy_of
        from pg_trigger t
        join pg_class c on c.oid = t.tgrelid
        join pg_namespace n on n.oid = c.relnamespace
        left join pg_trigger p on p.oid = t.tgparentid
        left join pg_constraint f on f.oid = t.tgconstraint and f.contype <> 't'
        where f.oid is null and (t.tgparentid = 0 and not t.tgisinternal or t.tgenabled <> p.tgenabled)
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Trigger {
        definition: When(|edit| match (defers(&edit.old.definition), defers(&edit.new.definition)) {
            (true, false) => Recreate(Breaking, "code that defers it fails from now on"),
            _ => Recreate(DataDependent, WRITES),
        }),
        firing: Alter(fire),
        copied_firing: Alter(fire),
        copy_of: Apart,
    });

    fn sql(id: &Id) -> String {
        format!("TRIGGER {} ON {}", ident(id.name()), dotted(&id.path[..2]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let made = (!self.definition.is_empty())
            .then(|| Step::data_dependent(self.definition.to_string(), Lock::ShareRowExclusive, WRITES));
        let fires = (!self.firing.is_empty() || made.is_none()).then(|| fires(id, &self.firing));
        made.into_iter().chain(fires).collect()
    }

    fn acts(&self) -> bool {
        true
    }

    fn defers(&self) -> bool {
        self.definition.contains("INITIALLY DEFERRED")
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        if self.definition.is_empty() {
            return vec![fires(id, &self.copied_firing)];
        }
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::AccessExclusive, "the running code's writes lose what it does")]
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        self.copied(id).collect()
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        self.copied(id).collect()
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        let why = "its name decides only when it fires among others";
        Some(Step::additive(sql, Lock::AccessExclusive, why))
    }

    fn describe(id: &Id) -> String {
        format!("trigger {} on {}", ident(id.name()), dotted(&id.path[..2]))
    }
}

impl Trigger {
    /// What a copy comes from, and the partition that it is there for.
    fn copied(&self, id: &Id) -> impl Iterator<Item = Id> {
        let triggers = self.copy_of.iter().map(|path| Id::new("trigger", path.iter().cloned()));
        let partition = ["partition", "table", "foreign_table"].map(|kind| id.of(kind, 2));
        let partition = partition.into_iter().filter(|_| !self.copy_of.is_empty());
        triggers.chain(partition)
    }
}

/// Can a transaction put it off?
fn defers(definition: &str) -> bool {
    definition.contains(" DEFERRABLE INITIALLY ") && !definition.contains(" NOT DEFERRABLE INITIALLY ")
}

const WRITES: &str = "it runs inside the running code's writes, which it may change or refuse";

fn fire(edit: &Edit<Trigger>) -> Vec<Step> {
    vec![fires(edit.id, &edit.new.firing)]
}

/// Without ONLY: copies on partitions follow, and those that differ are objects of their own.
fn fires(id: &Id, firing: &str) -> Step {
    let firing = if firing.is_empty() { "ENABLE" } else { firing };
    let sql = format!("ALTER TABLE {} {firing} TRIGGER {}", dotted(&id.path[..2]), ident(id.name()));
    match firing {
        "DISABLE" | "ENABLE REPLICA" => {
            Step::breaking(sql, Lock::ShareRowExclusive, "the running code's writes lose what it does")
        }
        _ => Step::data_dependent(sql, Lock::ShareRowExclusive, WRITES),
    }
}
