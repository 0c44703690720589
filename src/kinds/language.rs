//! Procedural languages that are no extension's.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Language {
    trusted: bool,
    handler: String,
    inline: String,
    validator: String,
}

impl Kind for Language {
    const NAME: &'static str = "language";
    const RANK: u8 = 16;
    const ROWS: &'static [&'static str] = &["pg_language"];
    const QUERY: &'static str = "
        select 'pg_language'::regclass as class, l.oid as object, array[l.lanname] as path,
               l.lanpltrusted as trusted, l.lanplcallfoid::regproc::text as handler,
               case when l.laninline <> 0 then l.laninline::regproc::text end as inline,
               case when l.lanvalidator <> 0 then l.lanvalidator::regproc::text end as validator
        from pg_language l
        where l.lanispl and l.oid >= 16384";
    const FIELDS: &'static [Field<Self>] = fields!(Language {
        trusted: Alter(replace),
        handler: Alter(replace),
        inline: Alter(replace),
        validator: Alter(replace),
    });

    fn sql(id: &Id) -> String {
        format!("LANGUAGE {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!("CREATE {}", self.clause(id));
        vec![Step::additive(sql, Lock::None, "a new language; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "code that names the language fails")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::None, "the old name stops working at the same instant"))
    }
}

impl Language {
    fn clause(&self, id: &Id) -> String {
        let trusted = if self.trusted { "TRUSTED " } else { "" };
        let mut sql = format!("{trusted}{} HANDLER {}", Self::sql(id), self.handler);
        for (word, function) in [("INLINE", &self.inline), ("VALIDATOR", &self.validator)] {
            if !function.is_empty() {
                sql += &format!(" {word} {function}");
            }
        }
        sql
    }
}

fn replace(edit: &Edit<Language>) -> Vec<Step> {
    let sql = format!("CREATE OR REPLACE {}", edit.new.clause(edit.id));
    vec![Step::breaking(sql, Lock::None, "functions of the language run otherwise from now on")]
}
