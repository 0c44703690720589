//! Rewrite rules of tables and views, but for the one that makes a view a view.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rule {
    /// The whole statement.
    definition: crate::deparsed::Expression,
    /// `DISABLE`, `ENABLE REPLICA`, `ENABLE ALWAYS`; empty when it is simply enabled.
    firing: String,
}

impl Kind for Rule {
    const NAME: &'static str = "rule";
    const RANK: u8 = 140;
    const ROWS: &'static [&'static str] = &["pg_rewrite"];
    const QUERY: &'static str = "
        select 'pg_rewrite'::regclass as class, r.oid as object, array[n.nspname, c.relname, r.rulename] as path,
               rtrim(pg_get_ruledef(r.oid), ';') as definition,
               case r.ev_enabled when 'D' then 'DISABLE' when 'R' then 'ENABLE REPLICA' when 'A' then 'ENABLE ALWAYS'
               end as firing
        from pg_rewrite r
        join pg_class c on c.oid = r.ev_class
        join pg_namespace n on n.oid = c.relnamespace
        where r.rulename <> '_RETURN' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Rule { definition: Alter(replace), firing: Alter(fire) });

    fn sql(id: &Id) -> String {
        format!("RULE {} ON {}", ident(id.name()), dotted(&id.path[..2]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let step = Step::breaking(self.definition.to_string(), Lock::AccessExclusive, REWRITES);
        let fires = (!self.firing.is_empty()).then(|| self.fires(id));
        std::iter::once(step).chain(fires).collect()
    }

    fn acts(&self) -> bool {
        true
    }

    fn lists_columns(&self) -> bool {
        self.definition.lists_columns()
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::AccessExclusive, REWRITES)]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        let why = "its name decides only when it applies among others";
        Some(Step::additive(sql, Lock::AccessExclusive, why))
    }

    fn describe(id: &Id) -> String {
        format!("rule {} on {}", ident(id.name()), dotted(&id.path[..2]))
    }
}

impl Rule {
    fn fires(&self, id: &Id) -> Step {
        let firing = if self.firing.is_empty() { "ENABLE" } else { &self.firing };
        let sql = format!("ALTER TABLE {} {firing} RULE {}", dotted(&id.path[..2]), ident(id.name()));
        Step::breaking(sql, Lock::AccessExclusive, REWRITES)
    }
}

const REWRITES: &str = "the running code's statements on the relation mean something else from now on";

fn replace(edit: &Edit<Rule>) -> Vec<Step> {
    let sql = edit.new.definition.replacen("CREATE RULE", "CREATE OR REPLACE RULE", 1);
    vec![Step::breaking(sql, Lock::AccessExclusive, REWRITES)]
}

fn fire(edit: &Edit<Rule>) -> Vec<Step> {
    vec![edit.new.fires(edit.id)]
}
