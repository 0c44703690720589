//! Row-level security of a table: apart from the table, because it goes on once its policies are
//! there, so that nobody is locked out in between, and off before they go.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::dotted,
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RowSecurity {
    enabled: bool,
    /// It is for the table's owner too.
    forced: bool,
}

impl Kind for RowSecurity {
    const NAME: &'static str = "row_security";
    const RANK: u8 = 185;
    const ROWS: &'static [&'static str] = &["pg_class.relkind r", "pg_class.relkind p"];
    const QUERY: &'static str = "
        select array[n.nspname, c.relname] as path, c.relrowsecurity as enabled, c.relforcerowsecurity as forced
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where (c.relrowsecurity or c.relforcerowsecurity) and c.relpersistence <> 't'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and not exists (select from pg_depend d
                          where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')";
    const FIELDS: &'static [Field<Self>] =
        fields!(RowSecurity { enabled: Alter(enable), forced: Alter(force) });

    fn sql(id: &Id) -> String {
        format!("TABLE {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        between(&Edit { id, old: &RowSecurity::default(), new: self })
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        between(&Edit { id, old: self, new: &RowSecurity::default() })
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        vec![id.of("table", 2)]
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![id.of("table", 2)]
    }

    fn describe(id: &Id) -> String {
        format!("row security of table {}", dotted(&id.path))
    }
}

fn between(edit: &Edit<RowSecurity>) -> Vec<Step> {
    let enables = (edit.old.enabled != edit.new.enabled).then(|| enable(edit));
    let forces = (edit.old.forced != edit.new.forced).then(|| force(edit));
    enables.into_iter().chain(forces).flatten().collect()
}

fn enable(edit: &Edit<RowSecurity>) -> Vec<Step> {
    let sql = |word| format!("ALTER {} {word} ROW LEVEL SECURITY", RowSecurity::sql(edit.id));
    vec![if edit.new.enabled {
        let why = "roles see and write only the rows that a policy gives them; the others seem not to exist";
        Step::breaking(sql("ENABLE"), Lock::AccessExclusive, why)
    } else {
        let why = "every role with a right on the table gets all its rows";
        Step::additive(sql("DISABLE"), Lock::AccessExclusive, why)
    }]
}

fn force(edit: &Edit<RowSecurity>) -> Vec<Step> {
    let sql = |word| format!("ALTER {} {word} ROW LEVEL SECURITY", RowSecurity::sql(edit.id));
    vec![if edit.new.forced {
        let why = "the table's owner too sees and writes only the rows that a policy gives";
        Step::breaking(sql("FORCE"), Lock::AccessExclusive, why)
    } else {
        Step::additive(sql("NO FORCE"), Lock::AccessExclusive, "the table's owner gets all its rows")
    }]
}
