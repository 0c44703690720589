//! Text search parsers.

use crate::{
    catalog::Id,
    kind::{Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TextSearchParser {
    start: String,
    get_token: String,
    end: String,
    token_types: String,
    headline: String,
}

impl Kind for TextSearchParser {
    const NAME: &'static str = "text_search_parser";
    const RANK: u8 = 45;
    const ROWS: &'static [&'static str] = &["pg_ts_parser"];
    const QUERY: &'static str = "
        select 'pg_ts_parser'::regclass as class, p.oid as object, array[n.nspname, p.prsname] as path,
               p.prsstart::regproc::text as start, p.prstoken::regproc::text as get_token,
               p.prsend::regproc::text as end, p.prslextype::regproc::text as token_types,
               case when p.prsheadline <> 0 then p.prsheadline::regproc::text end as headline
        from pg_ts_parser p
        join pg_namespace n on n.oid = p.prsnamespace
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(TextSearchParser {
        start: Recreate(Breaking, ANEW),
        get_token: Recreate(Breaking, ANEW),
        end: Recreate(Breaking, ANEW),
        token_types: Recreate(Breaking, ANEW),
        headline: Recreate(Breaking, ANEW),
    });

    fn sql(id: &Id) -> String {
        format!("TEXT SEARCH PARSER {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let functions = [
            ("START", &self.start),
            ("GETTOKEN", &self.get_token),
            ("END", &self.end),
            ("LEXTYPES", &self.token_types),
            ("HEADLINE", &self.headline),
        ];
        let given = functions.iter().filter(|(_, function)| !function.is_empty());
        let given: Vec<String> = given.map(|(name, function)| format!("{name} = {function}")).collect();
        let sql = format!("CREATE {} ({})", Self::sql(id), given.join(", "));
        vec![Step::additive(sql, Lock::None, "a new parser; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that names the parser fails")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::None, "the old name stops working at the same instant"))
    }
}

const ANEW: &str = "a text search parser cannot be changed in place";
