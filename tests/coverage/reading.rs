//! What the kinds' queries read, by the word of PostgreSQL.
//!
//! `pg_depend` records every column that a view uses, but not those of system tables. So the queries become
//! views over empty tables (and views of system views) of a schema `shadow` with the same names and
//! columns. Which functions they
//! call stands in the views' parse trees.

use std::{collections::BTreeSet, fmt};

use postgres::Client;

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    pub table: String,
    pub name: String,
}

pub struct Reading {
    /// Every column of every table of `pg_catalog`.
    pub catalog: BTreeSet<Column>,
    /// Those that some kind's query uses.
    pub columns: BTreeSet<Column>,
    /// The columns of system views that some kind's query uses.
    pub view_columns: BTreeSet<Column>,
    functions: BTreeSet<String>,
}

impl Reading {
    pub fn of_all_kinds(client: &mut Client) -> Reading {
        let catalog = columns(client, "c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r'");
        client.batch_execute(SHADOW).expect("the shadows can be made");
        let version: i32 = client
            .query_one("select current_setting('server_version_num')::int", &[])
            .expect("it has a version")
            .get(0);
        for (kind, query) in planwright::catalog::queries(version.try_into().expect("it is positive")) {
            let view = format!("create view reading.{kind} as {query}");
            client.batch_execute(&view).unwrap_or_else(|error| panic!("the query of {kind}: {error:?}"));
        }
        client.batch_execute("set search_path = pg_catalog").expect("a setting can be set");
        let used = columns(client, USED);
        let (columns, view_columns) = used.into_iter().partition(|column| catalog.contains(column));
        let functions = client.query(FUNCTIONS, &[]).expect("parse trees can be read");
        let functions = functions.iter().map(|row| row.get(0)).collect();
        Reading { catalog, columns, view_columns, functions }
    }

    /// Does a query use this function, or this column (`view.column`) of a system view?
    pub fn uses(&self, name: &str) -> bool {
        self.functions.contains(name) || self.view_columns.iter().any(|column| column.to_string() == name)
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.table, self.name)
    }
}

fn columns(client: &mut Client, of: &str) -> BTreeSet<Column> {
    let query = format!(
        "select c.relname::text, a.attname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
         where a.attnum > 0 and not a.attisdropped and {of}"
    );
    let rows = client.query(&query, &[]).expect("columns can be listed");
    rows.iter().map(|row| Column { table: row.get(0), name: row.get(1) }).collect()
}

/// No table can have a column of the pseudo-type `anyarray`, or of a row type that has one.
const SHADOW: &str = "
    create schema shadow;
    create schema reading;
    do $$ declare statement text; begin
        for statement in
            select case c.relkind
                when 'r' then format('create table shadow.%I (%s)', c.relname,
                                     string_agg(format('%I %s', a.attname, t.name), ', ' order by a.attnum))
                else format('create view shadow.%1$I as select %2$s from pg_catalog.%1$I', c.relname,
                            string_agg(format('%I::%s', a.attname, t.name), ', ' order by a.attnum)) end
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            cross join lateral (
                select case when format_type(a.atttypid, null) in ('anyarray', 'pg_statistic[]') then 'text'
                            else format_type(a.atttypid, a.atttypmod) end as name) t
            where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind in ('r', 'v')
            group by c.oid, c.relname, c.relkind
        loop execute statement; end loop;
    end $$;
    set search_path = shadow, pg_catalog";

const USED: &str = "
    c.relnamespace = 'shadow'::regnamespace
    and exists (select from pg_depend d
                join pg_rewrite w on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                join pg_class v on v.oid = w.ev_class and v.relnamespace = 'reading'::regnamespace
                where d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.refobjsubid = a.attnum)";

const FUNCTIONS: &str = "
    select distinct p.proname::text
    from pg_rewrite w
    join pg_class v on v.oid = w.ev_class and v.relnamespace = 'reading'::regnamespace
    cross join regexp_matches(w.ev_action::text, ':(?:funcid|aggfnoid|winfnoid) (\\d+)', 'g') f
    join pg_proc p on p.oid = f[1]::oid";
