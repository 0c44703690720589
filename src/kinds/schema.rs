//! Schemas. `public` is one that every new database has already.

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, Rule::Apart, fields},
    sql::dotted,
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Schema {
    /// A new database lets everybody create in it: `public` before PostgreSQL 15.
    open: bool,
}

impl Kind for Schema {
    const NAME: &'static str = "schema";
    const RANK: u8 = 10;
    const QUERY: &'static str = "
        select 'pg_namespace'::regclass as class, n.oid as object, array[n.nspname] as path
               , n.nspname = 'public' as open -- before 15
        from pg_namespace n
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Schema { open: Apart });

    fn sql(id: &Id) -> String {
        format!("SCHEMA {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!("CREATE {}", Self::sql(id));
        let mut steps = vec![Step::additive(sql, Lock::None, "a new schema; nothing existing refers to it")];
        if id.name() == "public" {
            // What differs from a new database's is an object of its own, so it starts like that.
            let like_new: &[&str] = if self.open {
                &["GRANT CREATE, USAGE ON SCHEMA public TO PUBLIC"]
            } else {
                &["GRANT USAGE ON SCHEMA public TO PUBLIC", "ALTER SCHEMA public OWNER TO pg_database_owner"]
            };
            let step = |sql: &&str| Step::additive(*sql, Lock::None, "as a new database has it");
            steps.extend(like_new.iter().map(step));
        }
        steps
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that names the schema fails")]
    }

    fn schema<'a>(&'a self, id: &'a Id) -> Option<&'a str> {
        Some(id.name())
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), crate::sql::ident(to));
        Some(Step::breaking(sql, Lock::None, "the old name stops working at the same instant"))
    }
}
