//! Text search templates: the code that dictionaries are made from.

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TextSearchTemplate {
    init: String,
    lexize: String,
}

impl Kind for TextSearchTemplate {
    const NAME: &'static str = "text_search_template";
    const RANK: u8 = 46;
    const ROWS: &'static [&'static str] = &["pg_ts_template"];
    const QUERY: &'static str = "
        select 'pg_ts_template'::regclass as class, t.oid as object, array[n.nspname, t.tmplname] as path,
               case when t.tmplinit <> 0 then t.tmplinit::regproc::text end as init,
               t.tmpllexize::regproc::text as lexize
        from pg_ts_template t
        join pg_namespace n on n.oid = t.tmplnamespace
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] =
        fields!(TextSearchTemplate { init: Recreate(Breaking, ANEW), lexize: Recreate(Breaking, ANEW) });

    fn sql(id: &Id) -> String {
        format!("TEXT SEARCH TEMPLATE {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let init = if self.init.is_empty() { String::new() } else { format!("INIT = {}, ", self.init) };
        let sql = format!("CREATE {} ({init}LEXIZE = {})", Self::sql(id), self.lexize);
        vec![Step::additive(sql, Lock::None, "a new template; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that names the template fails")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::None, "the old name stops working at the same instant"))
    }
}

const ANEW: &str = "a text search template cannot be changed in place";
