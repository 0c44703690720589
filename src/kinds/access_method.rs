//! Access methods for tables and indexes.

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, Rule::*, fields},
    sql::dotted,
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AccessMethod {
    /// `INDEX` or `TABLE`
    r#type: String,
    handler: String,
}

impl Kind for AccessMethod {
    const NAME: &'static str = "access_method";
    const RANK: u8 = 18;
    const ROWS: &'static [&'static str] = &["pg_am"];
    const QUERY: &'static str = "
        select 'pg_am'::regclass as class, a.oid as object, array[a.amname] as path,
               case a.amtype when 'i' then 'INDEX' else 'TABLE' end as type,
               a.amhandler::regproc::text as handler
        from pg_am a
        where a.oid >= 16384";
    const FIELDS: &'static [Field<Self>] =
        fields!(AccessMethod { r#type: Recreate(Breaking, ANEW), handler: Recreate(Breaking, ANEW) });

    fn sql(id: &Id) -> String {
        format!("ACCESS METHOD {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!("CREATE {} TYPE {} HANDLER {}", Self::sql(id), self.r#type, self.handler);
        vec![Step::additive(sql, Lock::None, "a new access method; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that names the access method fails")]
    }
}

const ANEW: &str = "an access method cannot be changed in place";
