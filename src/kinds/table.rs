//! Tables, plain and partitioned. Columns, constraints, row security, replica identity and the
//! place in a partition tree are objects of their own; a new table's CREATE carries what it can.

use super::partition::PARTITION_OF_ENDS;
use crate::{
    bridge,
    catalog::Id,
    expand::Bridge,
    kind::{Edit, Field, Kind, Part, Rule::*, Strict, fields},
    sql::{dotted, ident, literal},
    step::{
        Class::{Additive, Breaking},
        Lock, Step,
    },
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Table {
    /// `LIST (region)`; empty for a plain table.
    partition_key: crate::deparsed::Expression,
    unlogged: bool,
    /// The composite type it is `OF`, as SQL names it.
    of_type: String,
    /// Storage parameters, those of its TOAST table with their prefix: `fillfactor=70`.
    options: crate::sql::Options,
    /// Empty for the default.
    access_method: String,
    tablespace: String,
}

impl Kind for Table {
    const NAME: &'static str = "table";
    const RANK: u8 = 60;
    const STRICT: Strict = Strict::New;
    const ROWS: &'static [&'static str] = &["pg_class.relkind r", "pg_class.relkind p"];
    const QUERY: &'static str = "
        select 'pg_class'::regclass as class, c.oid as object, array[n.nspname, c.relname] as path,
               case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition_key,
               c.relpersistence = 'u' as unlogged,
               case when c.reloftype <> 0 then format_type(c.reloftype, null) end as of_type,
               c.reloptions || array(select 'toast.' || o from unnest(t.reloptions) o) as options,
               case when m.amname <> 'heap' then m.amname end as access_method,
               s.spcname as tablespace
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        left join pg_class t on t.oid = c.reltoastrelid
        left join pg_am m on m.oid = c.relam
        left join pg_tablespace s on s.oid = c.reltablespace
        where c.relkind in ('r', 'p') and c.relpersistence <> 't'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Table {
        partition_key: Recreate(Breaking, "a partition key cannot be changed in place"),
        unlogged: When(|edit| match edit.old.partition_key.is_empty() {
            true => Alter(persistence),
            // It says nothing about the partitions, and before PostgreSQL 18 the command does nothing.
            false => Recreate(Additive, "PostgreSQL does not change it for a partitioned table"),
        }),
        of_type: Alter(typed),
        options: Alter(options),
        access_method: Alter(access_method),
        tablespace: Alter(tablespace),
    });

    fn bridge(&self, before: &Id, after: &Id) -> Option<Bridge> {
        Some(bridge::tables(before, after))
    }

    fn sql(id: &Id) -> String {
        format!("TABLE {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, parts: &[Part]) -> Vec<Step> {
        let of = |slot| parts.iter().filter(move |part| part.slot == slot).map(|part| part.text.as_str());
        let elements = of("element").filter(|text| !text.is_empty()).collect::<Vec<_>>();
        let parents = of("inherits").collect::<Vec<_>>();
        let mut sql =
            format!("CREATE {}TABLE {}", if self.unlogged { "UNLOGGED " } else { "" }, dotted(&id.path));
        if !self.of_type.is_empty() {
            sql += &format!(" OF {}", self.of_type);
        }
        let place = of("partition of").next().and_then(|text| text.split_once(PARTITION_OF_ENDS));
        if let Some((parent, _)) = place {
            sql += &format!(" PARTITION OF {parent}");
        }
        if !elements.is_empty() {
            sql += &format!(" (\n    {}\n)", elements.join(",\n    "));
        } else if self.of_type.is_empty() && place.is_none() {
            sql += " ()";
        }
        if let Some((_, bound)) = place {
            sql += &format!(" {bound}");
        }
        if !parents.is_empty() {
            sql += &format!(" INHERITS ({})", parents.join(", "));
        }
        if !self.partition_key.is_empty() {
            sql += &format!(" PARTITION BY {}", self.partition_key);
        }
        if !self.access_method.is_empty() {
            sql += &format!(" USING {}", ident(&self.access_method));
        }
        if !self.options.is_empty() {
            sql += &format!(" WITH ({})", crate::sql::options(&self.options));
        }
        if !self.tablespace.is_empty() {
            sql += &format!(" TABLESPACE {}", ident(&self.tablespace));
        }
        vec![Step::additive(sql, Lock::None, "a new table; nothing existing refers to it")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DROP {}", Self::sql(id));
        let step = Step::breaking(
            sql,
            Lock::AccessExclusive,
            "code that uses the table fails, and its rows are gone",
        );
        vec![step.loses(format!("the rows of {}", dotted(&id.path)))]
    }

    fn discard(&self, id: &Id, trash: &str) -> Option<Vec<Step>> {
        let name = dotted(&id.path);
        let sql = format!("CALL planwright.discard({}, {})", literal(&name), literal(trash));
        let step = Step::breaking(sql, Lock::AccessExclusive, "code that uses the table fails");
        Some(vec![step.discards(format!("the rows of {name} in {}", ident(trash)))])
    }

    fn restore(&self, id: &Id) -> Option<Step> {
        let sql = format!("CALL planwright.restore({})", literal(&dotted(&id.path)));
        Some(Step::additive(sql, Lock::AccessExclusive, "the table is there again, with its rows"))
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

fn persistence(edit: &Edit<Table>) -> Vec<Step> {
    let word = if edit.new.unlogged { "UNLOGGED" } else { "LOGGED" };
    let sql = format!("ALTER {} SET {word}", Table::sql(edit.id));
    vec![Step::additive(
        sql,
        Lock::AccessExclusive,
        "statements see no difference, but the table is rewritten",
    )]
}

fn typed(edit: &Edit<Table>) -> Vec<Step> {
    let change = match edit.new.of_type.as_str() {
        "" => "NOT OF".to_string(),
        name => format!("OF {name}"),
    };
    let sql = format!("ALTER {} {change}", Table::sql(edit.id));
    vec![Step::additive(sql, Lock::AccessExclusive, "the columns stay as they are")]
}

fn options(edit: &Edit<Table>) -> Vec<Step> {
    crate::kind::options_changed(
        &Table::sql(edit.id),
        &edit.old.options,
        &edit.new.options,
        Lock::ShareUpdateExclusive,
    )
}

fn access_method(edit: &Edit<Table>) -> Vec<Step> {
    let method = if edit.new.access_method.is_empty() { "heap" } else { &edit.new.access_method };
    let sql = format!("ALTER {} SET ACCESS METHOD {}", Table::sql(edit.id), ident(method));
    vec![Step::additive(
        sql,
        Lock::AccessExclusive,
        "statements see no difference, but the table is rewritten",
    )]
}

fn tablespace(edit: &Edit<Table>) -> Vec<Step> {
    let space = if edit.new.tablespace.is_empty() { "pg_default" } else { &edit.new.tablespace };
    let sql = format!("ALTER {} SET TABLESPACE {}", Table::sql(edit.id), ident(space));
    vec![Step::additive(sql, Lock::AccessExclusive, "statements see no difference, but the table is copied")]
}
