//! Foreign tables: apart from tables, which hold rows. Their columns are columns like any other.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, Strict, fields},
    sql::{dotted, foreign_options, foreign_options_between, ident},
    step::{Class::Breaking, Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ForeignTable {
    server: String,
    options: Vec<String>,
}

impl Kind for ForeignTable {
    const NAME: &'static str = "foreign_table";
    const RANK: u8 = 61;
    const STRICT: Strict = Strict::New;
    const ROWS: &'static [&'static str] = &["pg_class.relkind f"];
    const QUERY: &'static str = "
        select 'pg_class'::regclass as class, c.oid as object, array[n.nspname, c.relname] as path,
               s.srvname as server, array(select o from unnest(f.ftoptions) o order by o collate \"C\") as options
        from pg_foreign_table f
        join pg_class c on c.oid = f.ftrelid
        join pg_namespace n on n.oid = c.relnamespace
        join pg_foreign_server s on s.oid = f.ftserver";
    const FIELDS: &'static [Field<Self>] = fields!(ForeignTable {
        server: Recreate(Breaking, "a foreign table cannot change its server"),
        options: Alter(options),
    });

    fn sql(id: &Id) -> String {
        format!("FOREIGN TABLE {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, parts: &[Part]) -> Vec<Step> {
        let of = |slot| parts.iter().filter(move |part| part.slot == slot).map(|part| part.text.as_str());
        let elements = of("element").filter(|text| !text.is_empty()).collect::<Vec<_>>();
        let parents = of("inherits").collect::<Vec<_>>();
        let mut sql = format!("CREATE {}", Self::sql(id));
        if elements.is_empty() {
            sql += " ()";
        } else {
            sql += &format!(" (\n    {}\n)", elements.join(",\n    "));
        }
        if !parents.is_empty() {
            sql += &format!(" INHERITS ({})", parents.join(", "));
        }
        sql += &format!(" SERVER {}", ident(&self.server));
        if !self.options.is_empty() {
            sql += &format!(" OPTIONS ({})", foreign_options(&self.options));
        }
        vec![Step::additive(sql, Lock::None, "a new table; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(
            sql,
            Lock::AccessExclusive,
            "code that uses the table fails; its rows stay on the server",
        )]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::AccessExclusive, "the old name stops working at the same instant"))
    }

    fn slots(&self, id: &Id) -> Vec<Vec<String>> {
        crate::kind::relation_slot(id)
    }

    fn alike(&self, other: &Self) -> bool {
        self == other
    }
}

fn options(edit: &Edit<ForeignTable>) -> Vec<Step> {
    let change = foreign_options_between(&edit.old.options, &edit.new.options);
    let sql = format!("ALTER {} OPTIONS ({change})", ForeignTable::sql(edit.id));
    vec![Step::breaking(sql, Lock::AccessExclusive, "the table is read from elsewhere from now on")]
}
