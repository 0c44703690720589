//! Foreign-data wrappers: how PostgreSQL reaches servers of one sort.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, foreign_options, foreign_options_between, ident},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ForeignDataWrapper {
    /// The function, as SQL names it; empty for none.
    handler: String,
    validator: String,
    options: Vec<String>,
}

impl Kind for ForeignDataWrapper {
    const NAME: &'static str = "foreign_data_wrapper";
    const RANK: u8 = 45;
    const ROWS: &'static [&'static str] = &["pg_foreign_data_wrapper"];
    const QUERY: &'static str = "
        select 'pg_foreign_data_wrapper'::regclass as class, w.oid as object, array[w.fdwname] as path,
               case when w.fdwhandler <> 0 then w.fdwhandler::regproc::text end as handler,
               case when w.fdwvalidator <> 0 then w.fdwvalidator::regproc::text end as validator,
               array(select o from unnest(w.fdwoptions) o order by o collate \"C\") as options
        from pg_foreign_data_wrapper w";
    const FIELDS: &'static [Field<Self>] = fields!(ForeignDataWrapper {
        handler: Alter(handler),
        validator: Alter(validator),
        options: Alter(options)
    });

    fn sql(id: &Id) -> String {
        format!("FOREIGN DATA WRAPPER {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let mut sql = format!("CREATE {}", Self::sql(id));
        if !self.handler.is_empty() {
            sql += &format!(" HANDLER {}", self.handler);
        }
        if !self.validator.is_empty() {
            sql += &format!(" VALIDATOR {}", self.validator);
        }
        if !self.options.is_empty() {
            sql += &format!(" OPTIONS ({})", foreign_options(&self.options));
        }
        vec![Step::additive(sql, Lock::None, "a new wrapper; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "no server can be reached through it any more")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::additive(sql, Lock::None, "queries do not name the wrapper"))
    }

    fn alike(&self, other: &Self) -> bool {
        self == other
    }
}

fn alter(edit: &Edit<ForeignDataWrapper>, change: &str) -> Vec<Step> {
    let sql = format!("ALTER {} {change}", ForeignDataWrapper::sql(edit.id));
    vec![Step::breaking(sql, Lock::None, "its foreign tables are reached otherwise from now on")]
}

fn function(word: &str, name: &str) -> String {
    if name.is_empty() { format!("NO {word}") } else { format!("{word} {name}") }
}

fn handler(edit: &Edit<ForeignDataWrapper>) -> Vec<Step> {
    alter(edit, &function("HANDLER", &edit.new.handler))
}

fn validator(edit: &Edit<ForeignDataWrapper>) -> Vec<Step> {
    alter(edit, &function("VALIDATOR", &edit.new.validator))
}

fn options(edit: &Edit<ForeignDataWrapper>) -> Vec<Step> {
    alter(edit, &format!("OPTIONS ({})", foreign_options_between(&edit.old.options, &edit.new.options)))
}
