//! Extended statistics: what the planner knows about several columns at once, or expressions.
//!
//! PostgreSQL keeps the columns in the order of the table's, which is no difference: here they go by name.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{Class::Additive, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Statistics {
    /// `(ndistinct) ON a, b FROM public.t`
    definition: crate::deparsed::Expression,
    table: Vec<String>,
    /// Null when it is the default.
    target: Option<i64>,
}

impl Kind for Statistics {
    const NAME: &'static str = "statistics";
    const RANK: u8 = 96;
    const ROWS: &'static [&'static str] = &["pg_statistic_ext"];
    const QUERY: &'static str = "
        select 'pg_statistic_ext'::regclass as class, e.oid as object, array[n.nspname, e.stxname] as path,
               substring(ltrim(substr(pg_get_statisticsobjdef(e.oid), 1 + length(
                   'CREATE STATISTICS ' || quote_ident(n.nspname) || '.' || quote_ident(e.stxname))))
                   from '^(?:\\([a-z, ]+\\) )?ON ')
               || array_to_string(array(
                      select quote_ident(a.attname) from pg_attribute a
                      where a.attrelid = e.stxrelid and a.attnum = any (e.stxkeys) order by a.attname collate \"C\")
                  || array(select '(' || x || ')' from unnest(pg_get_statisticsobjdef_expressions(e.oid)) x) -- since 14
                  , ', ')
               || ' FROM ' || quote_ident(cn.nspname) || '.' || quote_ident(c.relname) as definition,
               array[cn.nspname, c.relname] as table,
               nullif(e.stxstattarget, -1) as target
        from pg_statistic_ext e
        join pg_namespace n on n.oid = e.stxnamespace
        join pg_class c on c.oid = e.stxrelid
        join pg_namespace cn on cn.oid = c.relnamespace
        where c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Statistics {
        definition: Recreate(Additive, "only the planner looks at them"),
        table: Apart,
        target: Alter(target),
    });

    fn sql(id: &Id) -> String {
        format!("STATISTICS {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!("CREATE {} {}", Self::sql(id), self.definition);
        let step = Step::additive(sql, Lock::ShareUpdateExclusive, "only the planner looks at them");
        std::iter::once(step).chain(self.target.map(|target| aim(id, target))).collect()
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::additive(sql, Lock::ShareUpdateExclusive, "only the planner looks at them")]
    }

    fn beside(&self, _: &Id) -> Option<Id> {
        Some(Id::new("table", self.table.iter().cloned()))
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::additive(sql, Lock::None, "statements do not name statistics"))
    }
}

fn target(edit: &Edit<Statistics>) -> Vec<Step> {
    vec![aim(edit.id, edit.new.target.unwrap_or(-1))]
}

fn aim(id: &Id, target: i64) -> Step {
    let sql = format!("ALTER {} SET STATISTICS {target}", Statistics::sql(id));
    Step::additive(sql, Lock::None, "only the planner looks at it")
}
