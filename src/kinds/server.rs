//! Foreign servers. Options that hold a secret (an API key) are left out already by the query.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, foreign_options, foreign_options_between, ident, literal},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Server {
    wrapper: String,
    r#type: String,
    version: String,
    options: Vec<String>,
}

impl Kind for Server {
    const NAME: &'static str = "server";
    const RANK: u8 = 46;
    const ROWS: &'static [&'static str] = &["pg_foreign_server"];
    const QUERY: &'static str = "
        select 'pg_foreign_server'::regclass as class, s.oid as object, array[s.srvname] as path,
               w.fdwname as wrapper, s.srvtype as type, s.srvversion as version,
               array(select o from unnest(s.srvoptions) o
                     where split_part(o, '=', 1) !~* '(pass(word|wd|phrase|code)|secret|token|credential|(api|access)_?key)(?!.*_id$)'
                     order by o collate \"C\") as options
        from pg_foreign_server s
        join pg_foreign_data_wrapper w on w.oid = s.srvfdw";
    const FIELDS: &'static [Field<Self>] = fields!(Server {
        wrapper: Recreate(Breaking, "a server cannot change its wrapper"),
        r#type: Recreate(Breaking, "a server cannot change its type"),
        version: Alter(version),
        options: Alter(options),
    });

    fn sql(id: &Id) -> String {
        format!("SERVER {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let mut sql = format!("CREATE {}", Self::sql(id));
        if !self.r#type.is_empty() {
            sql += &format!(" TYPE {}", literal(&self.r#type));
        }
        if !self.version.is_empty() {
            sql += &format!(" VERSION {}", literal(&self.version));
        }
        sql += &format!(" FOREIGN DATA WRAPPER {}", ident(&self.wrapper));
        if !self.options.is_empty() {
            sql += &format!(" OPTIONS ({})", foreign_options(&self.options));
        }
        vec![Step::additive(sql, Lock::None, "a new server; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::None, "what is on the server cannot be reached any more")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::None, "functions that take the server's name fail"))
    }

    fn alike(&self, other: &Self) -> bool {
        self == other
    }
}

fn alter(edit: &Edit<Server>, change: &str) -> Vec<Step> {
    let sql = format!("ALTER {} {change}", Server::sql(edit.id));
    vec![Step::breaking(sql, Lock::None, "its foreign tables are reached otherwise from now on")]
}

fn version(edit: &Edit<Server>) -> Vec<Step> {
    let version = match edit.new.version.as_str() {
        "" => "NULL".to_string(),
        version => literal(version),
    };
    alter(edit, &format!("VERSION {version}"))
}

fn options(edit: &Edit<Server>) -> Vec<Step> {
    alter(edit, &format!("OPTIONS ({})", foreign_options_between(&edit.old.options, &edit.new.options)))
}
