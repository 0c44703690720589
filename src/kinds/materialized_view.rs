//! Materialized views. Their columns and indexes are objects of their own.

use super::view::{LONGER, reads_alike};
use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule, Rule::*, Strict, fields},
    sql::{dotted, ident},
    step::{
        Class::{Additive, Breaking, DataDependent},
        Lock, Step,
    },
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MaterializedView {
    /// `email text pg_catalog."default"`: name, type and collation of each.
    columns: Vec<String>,
    definition: crate::deparsed::Expression,
    /// Storage parameters, those of its TOAST table with their prefix: `fillfactor=70`.
    options: crate::sql::Options,
    /// Empty for the default.
    access_method: String,
    tablespace: String,
    /// Made `WITH NO DATA`, so that reading it fails.
    unpopulated: bool,
}

impl Kind for MaterializedView {
    const NAME: &'static str = "materialized_view";
    const RANK: u8 = 104;
    const STRICT: Strict = Strict::New;
    const ROWS: &'static [&'static str] = &["pg_class.relkind m"];
    const QUERY: &'static str = "
        select 'pg_class'::regclass as class, c.oid as object, array[n.nspname, c.relname] as path,
               a.columns, btrim(pg_get_viewdef(c.oid), E' ;\\n') as definition,
               c.reloptions || array(select 'toast.' || o from unnest(t.reloptions) o) as options,
               case when m.amname <> 'heap' then m.amname end as access_method,
               s.spcname as tablespace,
               not c.relispopulated as unpopulated
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        cross join lateral (
            select array_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                                       nullif(a.attcollation, 0)::regcollation) order by a.attnum) as columns
            from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0) a
        left join pg_class t on t.oid = c.reltoastrelid
        left join pg_am m on m.oid = c.relam
        left join pg_tablespace s on s.oid = c.reltablespace
        where c.relkind = 'm' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(MaterializedView {
        columns: When(query),
        definition: When(query),
        options: Alter(options),
        access_method: Alter(access_method),
        tablespace: Alter(tablespace),
        unpopulated: Alter(refresh),
    });

    fn sql(id: &Id) -> String {
        format!("MATERIALIZED VIEW {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let mut sql = format!("CREATE {}", Self::sql(id));
        if !self.access_method.is_empty() {
            sql += &format!(" USING {}", ident(&self.access_method));
        }
        if !self.options.is_empty() {
            sql += &format!(" WITH ({})", crate::sql::options(&self.options));
        }
        if !self.tablespace.is_empty() {
            sql += &format!(" TABLESPACE {}", ident(&self.tablespace));
        }
        sql += &format!(" AS\n{}", self.definition);
        if self.unpopulated {
            sql += "\nWITH NO DATA";
        }
        vec![Step::additive(sql, Lock::None, "a new materialized view; nothing existing refers to it")]
    }

    fn lists_columns(&self) -> bool {
        self.definition.lists_columns()
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        vec![Step::breaking(sql, Lock::AccessExclusive, "code that uses the materialized view fails")]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        let sql = format!("ALTER {} RENAME TO {}", Self::sql(id), ident(to));
        Some(Step::breaking(sql, Lock::AccessExclusive, "the old name stops working at the same instant"))
    }

    fn slots(&self, id: &Id) -> Vec<Vec<String>> {
        crate::kind::relation_slot(id)
    }
}

/// PostgreSQL changes no query in place.
fn query(edit: &Edit<MaterializedView>) -> Rule<MaterializedView> {
    if !reads_alike(&edit.old.columns, &edit.new.columns) {
        Recreate(Breaking, "code that decodes the old columns fails")
    } else if edit.old.definition != edit.new.definition {
        Recreate(DataDependent, "it is made again at once, with the rows that its query finds then")
    } else {
        Recreate(Additive, LONGER)
    }
}

fn options(edit: &Edit<MaterializedView>) -> Vec<Step> {
    crate::kind::options_changed(
        &MaterializedView::sql(edit.id),
        &edit.old.options,
        &edit.new.options,
        Lock::ShareUpdateExclusive,
    )
}

fn access_method(edit: &Edit<MaterializedView>) -> Vec<Step> {
    let method = if edit.new.access_method.is_empty() { "heap" } else { &edit.new.access_method };
    stored_anew(edit, &format!("SET ACCESS METHOD {}", ident(method)))
}

fn tablespace(edit: &Edit<MaterializedView>) -> Vec<Step> {
    let space = if edit.new.tablespace.is_empty() { "pg_default" } else { &edit.new.tablespace };
    stored_anew(edit, &format!("SET TABLESPACE {}", ident(space)))
}

fn stored_anew(edit: &Edit<MaterializedView>, change: &str) -> Vec<Step> {
    let sql = format!("ALTER {} {change}", MaterializedView::sql(edit.id));
    vec![Step::additive(sql, Lock::AccessExclusive, "statements see no difference, but its rows are copied")]
}

fn refresh(edit: &Edit<MaterializedView>) -> Vec<Step> {
    let sql = format!("REFRESH {}", MaterializedView::sql(edit.id));
    vec![if edit.new.unpopulated {
        let why = "reading it fails until somebody refreshes it";
        Step::breaking(format!("{sql} WITH NO DATA"), Lock::AccessExclusive, why)
    } else {
        Step::additive(sql, Lock::AccessExclusive, "reading it starts to work")
    }]
}
