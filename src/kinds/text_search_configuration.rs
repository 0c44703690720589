//! Text search configurations: which dictionaries look at which kind of token.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TextSearchConfiguration {
    parser: String,
    /// Kind of token and its dictionaries: `asciiword`, `public.names, english_stem`.
    mappings: Vec<(String, String)>,
}

impl Kind for TextSearchConfiguration {
    const NAME: &'static str = "text_search_configuration";
    const RANK: u8 = 48;
    const ROWS: &'static [&'static str] = &["pg_ts_config"];
    const QUERY: &'static str = "
        select 'pg_ts_config'::regclass as class, c.oid as object, array[n.nspname, c.cfgname] as path,
               quote_ident(pn.nspname) || '.' || quote_ident(p.prsname) as parser,
               m.mappings
        from pg_ts_config c
        join pg_namespace n on n.oid = c.cfgnamespace
        join pg_ts_parser p on p.oid = c.cfgparser
        join pg_namespace pn on pn.oid = p.prsnamespace
        cross join lateral (
            select json_agg(json_build_array(t.alias, t.dictionaries) order by t.tokid) as mappings
            from (select y.tokid, y.alias,
                         string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno) as dictionaries
                  from ts_token_type(c.cfgparser) y
                  join pg_ts_config_map m on m.mapcfg = c.oid and m.maptokentype = y.tokid
                  group by y.tokid, y.alias) t) m
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(TextSearchConfiguration {
        parser: Recreate(Breaking, "the parser of a text search configuration cannot be changed in place"),
        mappings: Alter(mappings),
    });

    fn sql(id: &Id) -> String {
        format!("TEXT SEARCH CONFIGURATION {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!("CREATE {} (PARSER = {})", Self::sql(id), self.parser);
        let why = "a new text search configuration; nothing existing refers to it";
        let mut steps = vec![Step::additive(sql, Lock::None, why)];
        let mapped = map(id, "ADD", &self.mappings).into_iter();
        steps.extend(mapped.map(|step| Step::additive(step.sql, step.lock, why)));
        steps
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that names the configuration fails")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::None, "the old name stops working at the same instant"))
    }
}

/// One statement for each run of tokens that have the same dictionaries.
fn map(id: &Id, word: &str, mappings: &[(String, String)]) -> Vec<Step> {
    let alter = TextSearchConfiguration::sql(id);
    let runs = mappings.chunk_by(|(_, one), (_, other)| one == other);
    runs.map(|run| {
        let tokens: Vec<&String> = run.iter().map(|(token, _)| token).collect();
        let tokens = crate::sql::idents(&tokens);
        let sql = format!("ALTER {alter} {word} MAPPING FOR {tokens} WITH {}", run[0].1);
        Step::data_dependent(sql, Lock::None, "texts are searched otherwise from now on")
    })
    .collect()
}

fn mappings(edit: &Edit<TextSearchConfiguration>) -> Vec<Step> {
    let (old, new) = (&edit.old.mappings, &edit.new.mappings);
    let has = |list: &[(String, String)], token: &String| list.iter().any(|(other, _)| other == token);
    let gone: Vec<&String> = old.iter().map(|(token, _)| token).filter(|token| !has(new, token)).collect();
    let of = |known: bool| -> Vec<(String, String)> {
        let differ = new.iter().filter(|mapping| !old.contains(mapping));
        differ.filter(|(token, _)| has(old, token) == known).cloned().collect()
    };
    let mut steps = Vec::new();
    if !gone.is_empty() {
        let alter = TextSearchConfiguration::sql(edit.id);
        let sql = format!("ALTER {alter} DROP MAPPING FOR {}", crate::sql::idents(&gone));
        steps.push(Step::data_dependent(sql, Lock::None, "texts are searched otherwise from now on"));
    }
    steps.extend(map(edit.id, "ALTER", &of(true)));
    steps.extend(map(edit.id, "ADD", &of(false)));
    steps
}
