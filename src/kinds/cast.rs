//! Casts. The names of the two types, as SQL writes them, are the identity.

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, Rule::*, fields},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Cast {
    /// `WITH FUNCTION public.f(integer)`, `WITH INOUT` or `WITHOUT FUNCTION`
    method: String,
    /// `AS ASSIGNMENT`, `AS IMPLICIT`; empty for an explicit one.
    context: String,
}

impl Kind for Cast {
    const NAME: &'static str = "cast";
    const RANK: u8 = 56;
    // PostgreSQL makes the cast from a range to its multirange by itself.
    const ROWS: &'static [&'static str] = &["pg_cast"];
    const QUERY: &'static str = "
        select 'pg_cast'::regclass as class, c.oid as object,
               array[format_type(c.castsource, null), format_type(c.casttarget, null)] as path,
               case c.castmethod when 'f' then 'WITH FUNCTION ' || c.castfunc::regprocedure
                                 when 'i' then 'WITH INOUT' else 'WITHOUT FUNCTION' end as method,
               case c.castcontext when 'a' then 'AS ASSIGNMENT' when 'i' then 'AS IMPLICIT' end as context
        from pg_cast c
        where c.oid >= 16384
          and not exists (select from pg_depend d
                          where d.classid = 'pg_cast'::regclass and d.objid = c.oid and d.deptype = 'i')";
    const FIELDS: &'static [Field<Self>] =
        fields!(Cast { method: Recreate(Breaking, ANEW), context: Recreate(Breaking, ANEW) });

    fn sql(id: &Id) -> String {
        format!("CAST ({} AS {})", id.path[0], id.path[1])
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let context = if self.context.is_empty() { String::new() } else { format!(" {}", self.context) };
        let sql = format!("CREATE {} {}{context}", Self::sql(id), self.method);
        let why = "a new cast; an implicit one may make calls ambiguous that were not";
        vec![match self.context.as_str() {
            "AS IMPLICIT" => Step::breaking(sql, Lock::None, why),
            _ => Step::additive(sql, Lock::None, "a new cast; nothing existing refers to it"),
        }]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that casts between the types fails")]
    }

    fn schema<'a>(&'a self, _: &'a Id) -> Option<&'a str> {
        None
    }

    fn describe(id: &Id) -> String {
        format!("cast from {} to {}", id.path[0], id.path[1])
    }
}

const ANEW: &str = "a cast cannot be changed in place";
