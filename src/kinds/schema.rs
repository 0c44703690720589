//! Schemas. `public` is one that every new database has already.

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, fields},
    sql::dotted,
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Schema {}

impl Kind for Schema {
    const NAME: &'static str = "schema";
    const RANK: u8 = 10;
    const QUERY: &'static str = "
        select 'pg_namespace'::regclass as class, n.oid as object, array[n.nspname] as path
        from pg_namespace n
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Schema {});

    fn sql(id: &Id) -> String {
        format!("SCHEMA {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!("CREATE {}", Self::sql(id));
        vec![Step::additive(sql, Lock::None, "a new schema; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that names the schema fails")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), crate::sql::ident(to));
        Some(Step::breaking(sql, Lock::None, "the old name stops working at the same instant"))
    }
}
