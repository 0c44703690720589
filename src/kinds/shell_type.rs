//! Types that have a name and nothing else: `CREATE TYPE name`.
//!
//! On the way to a base type PostgreSQL makes one by itself; here are those that stay.

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, fields},
    sql::{dotted, ident},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ShellType {}

impl Kind for ShellType {
    const NAME: &'static str = "shell_type";
    const RANK: u8 = 23;
    const ROWS: &'static [&'static str] = &["pg_type.typtype p"];
    const QUERY: &'static str = "
        select 'pg_type'::regclass as class, t.oid as object, array[n.nspname, t.typname] as path
        from pg_type t
        join pg_namespace n on n.oid = t.typnamespace
        where t.typtype = 'p' and not t.typisdefined
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(ShellType {});

    fn sql(id: &Id) -> String {
        format!("TYPE {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!("CREATE {}", Self::sql(id));
        vec![Step::additive(sql, Lock::None, "a new name; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::additive(sql, Lock::None, "a type without a definition has no use yet")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::additive(sql, Lock::None, "a type without a definition has no use yet"))
    }

    fn slots(&self, id: &Id) -> Vec<Vec<String>> {
        crate::kind::relation_slot(id)
    }
}
