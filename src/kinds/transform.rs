//! Transforms: how a procedural language sees a type. The type as SQL writes it is in the identity.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::ident,
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Transform {
    from_sql: String,
    to_sql: String,
}

impl Kind for Transform {
    const NAME: &'static str = "transform";
    const RANK: u8 = 58;
    const ROWS: &'static [&'static str] = &["pg_transform"];
    const QUERY: &'static str = "
        select 'pg_transform'::regclass as class, t.oid as object,
               array[format_type(t.trftype, null), l.lanname] as path,
               case when t.trffromsql <> 0 then t.trffromsql::regprocedure::text end as from_sql,
               case when t.trftosql <> 0 then t.trftosql::regprocedure::text end as to_sql
        from pg_transform t
        join pg_language l on l.oid = t.trflang
        where t.oid >= 16384";
    const FIELDS: &'static [Field<Self>] =
        fields!(Transform { from_sql: Alter(replace), to_sql: Alter(replace) });

    fn sql(id: &Id) -> String {
        format!("TRANSFORM FOR {} LANGUAGE {}", id.path[0], ident(&id.path[1]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!("CREATE {} ({})", Self::sql(id), self.functions());
        vec![Step::additive(sql, Lock::None, "functions use it only once they say so")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "functions of the language see the type otherwise")]
    }

    fn schema<'a>(&'a self, _: &'a Id) -> Option<&'a str> {
        None
    }

    fn describe(id: &Id) -> String {
        format!("transform for {} language {}", id.path[0], ident(&id.path[1]))
    }
}

impl Transform {
    fn functions(&self) -> String {
        let both = [("FROM", &self.from_sql), ("TO", &self.to_sql)];
        let given = both.iter().filter(|(_, function)| !function.is_empty());
        let given = given.map(|(word, function)| format!("{word} SQL WITH FUNCTION {function}"));
        given.collect::<Vec<_>>().join(", ")
    }
}

fn replace(edit: &Edit<Transform>) -> Vec<Step> {
    let sql = format!("CREATE OR REPLACE {} ({})", Transform::sql(edit.id), edit.new.functions());
    vec![Step::breaking(sql, Lock::None, "functions of the language see the type otherwise")]
}
