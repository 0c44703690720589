//! As whom a role logs in to a foreign server.
//!
//! Options that hold a secret are left out already by the query: they are not compared, written or
//! printed. A mapping that exists keeps its password; a new one has none until somebody sets it.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{foreign_options, foreign_options_between, ident},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

/// The path: server, role as SQL names it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UserMapping {
    options: Vec<String>,
    /// The names of those that are left out.
    secrets: Vec<String>,
}

impl Kind for UserMapping {
    const NAME: &'static str = "user_mapping";
    const RANK: u8 = 210;
    const ROWS: &'static [&'static str] = &["pg_foreign_server"];
    const QUERY: &'static str = "
        select 'pg_user_mapping'::regclass as class, m.umid as object,
               array[m.srvname, case when m.umuser = 0 then 'PUBLIC' when m.usename = current_user then 'CURRENT_USER'
                                     else quote_ident(m.usename) end] as path,
               o.options, o.secrets
        from pg_user_mappings m,
             lateral (select array_agg(o order by o collate \"C\") filter (where not secret) as options,
                             array_agg(split_part(o, '=', 1) order by o collate \"C\") filter (where secret) as secrets
                      from unnest(m.umoptions) o,
                           lateral (select split_part(o, '=', 1) ~*
                               '(pass(word|wd|phrase|code)|secret|token|credential|(api|access)_?key|scram_.*_key)(?!.*_id$)') s (secret)) o";
    const FIELDS: &'static [Field<Self>] = fields!(UserMapping { options: Alter(options), secrets: Apart });

    fn sql(id: &Id) -> String {
        format!("USER MAPPING FOR {} SERVER {}", id.name(), ident(&id.path[0]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let mut sql = format!("CREATE {}", Self::sql(id));
        if !self.options.is_empty() {
            sql += &format!(" OPTIONS ({})", foreign_options(&self.options));
        }
        vec![if self.secrets.is_empty() {
            Step::additive(sql, Lock::None, "it only lets the role log in")
        } else {
            let why = format!(
                "its {} is not written to files: add it by ALTER USER MAPPING",
                self.secrets.join(", ")
            );
            Step::additive(sql, Lock::None, why)
        }]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        let step = Step::breaking(sql, Lock::None, "the role can no longer log in to the server");
        vec![if self.secrets.is_empty() {
            step
        } else {
            let whose = format!("for {} on {}", id.name(), ident(&id.path[0]));
            step.loses(format!("the {} {whose}", self.secrets.join(", ")))
        }]
    }

    fn schema<'a>(&'a self, _: &'a Id) -> Option<&'a str> {
        None
    }

    fn describe(id: &Id) -> String {
        format!("user mapping of {} on server {}", id.name(), ident(&id.path[0]))
    }
}

fn options(edit: &Edit<UserMapping>) -> Vec<Step> {
    let change = foreign_options_between(&edit.old.options, &edit.new.options);
    let sql = format!("ALTER {} OPTIONS ({change})", UserMapping::sql(edit.id));
    vec![Step::breaking(sql, Lock::None, "the role logs in otherwise from now on")]
}
