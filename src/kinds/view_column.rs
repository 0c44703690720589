//! Columns of views and materialized views. They come and go with their view; what can be set on
//! one stands here, and comments and grants on columns have their target.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields},
    sql::{dotted, ident},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ViewColumn {
    /// 1 for the first column.
    position: i64,
    materialized: bool,
    /// What an insert through the view stores when it omits the column.
    default: crate::deparsed::Expression,
    /// `EXTERNAL`, …; empty when it is the type's own.
    storage: String,
    /// The type's own.
    usual_storage: String,
    compression: String,
    /// The statistics target; null when it is the default.
    statistics: Option<i64>,
    /// `n_distinct=100`
    options: Vec<String>,
}

impl Kind for ViewColumn {
    const NAME: &'static str = "view_column";
    const RANK: u8 = 106;
    const ROWS: &'static [&'static str] = &["pg_class.relkind v", "pg_class.relkind m"];
    const QUERY: &'static str = "
        select 'pg_class'::regclass as class, c.oid as object, a.attnum::int as sub,
               array[n.nspname, c.relname, a.attname] as path,
               a.attnum as position,
               c.relkind = 'm' as materialized,
               pg_get_expr(d.adbin, d.adrelid) as default,
               case when a.attstorage <> t.typstorage then
                   case a.attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end
               end as storage,
               case t.typstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end
                   as usual_storage,
               case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression, -- since 14
               nullif(a.attstattarget, -1) as statistics,
               case when a.attoptions is not null then
                   array(select o from unnest(a.attoptions) o order by o) end as options
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid
        join pg_namespace n on n.oid = c.relnamespace
        join pg_type t on t.oid = a.atttypid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where c.relkind in ('v', 'm') and c.relpersistence <> 't' and a.attnum > 0
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(ViewColumn {
        position: Apart,
        materialized: Apart,
        default: Alter(default),
        storage: Alter(storage),
        usual_storage: Apart,
        compression: Alter(compression),
        statistics: Alter(statistics),
        options: Alter(options),
    });

    fn sql(id: &Id) -> String {
        format!("COLUMN {}", dotted(&id.path))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let bare = ViewColumn { usual_storage: self.usual_storage.clone(), ..ViewColumn::default() };
        let edit = Edit { id, old: &bare, new: self };
        let mut steps = Vec::new();
        for (differs, alter) in [
            (!self.default.is_empty(), default as fn(&Edit<ViewColumn>) -> Vec<Step>),
            (!self.storage.is_empty(), storage),
            (!self.compression.is_empty(), compression),
            (self.statistics.is_some(), statistics),
            (!self.options.is_empty(), options),
        ] {
            if differs {
                steps.extend(alter(&edit));
            }
        }
        steps
    }

    /// Only its view's drop removes the column; what stands in the way of others is its default.
    fn drop(&self, id: &Id) -> Vec<Step> {
        let bare = ViewColumn::default();
        if self.default.is_empty() { Vec::new() } else { default(&Edit { id, old: self, new: &bare }) }
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        vec![self.owner(id)]
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![self.owner(id)]
    }

    fn rename(id: &Id, to: &str) -> Option<Step> {
        // ALTER TABLE takes both kinds of views.
        let sql = format!("{} RENAME COLUMN {} TO {}", alter(id), ident(id.name()), ident(to));
        Some(Step::breaking(sql, Lock::AccessExclusive, "the old name stops working at the same instant"))
    }

    fn describe(id: &Id) -> String {
        format!("column {}", dotted(&id.path))
    }
}

impl ViewColumn {
    fn owner(&self, id: &Id) -> Id {
        id.of(if self.materialized { "materialized_view" } else { "view" }, 2)
    }
}

fn alter(id: &Id) -> String {
    format!("ALTER TABLE {}", dotted(&id.path[..2]))
}

fn change(edit: &Edit<ViewColumn>, relation: &str, change: &str) -> String {
    format!("ALTER {relation} {} ALTER COLUMN {} {change}", dotted(&edit.id.path[..2]), ident(edit.id.name()))
}

fn default(edit: &Edit<ViewColumn>) -> Vec<Step> {
    vec![match &*edit.new.default {
        "" => {
            let why = "inserts through the view that omit the column store NULL or fail";
            Step::data_dependent(change(edit, "VIEW", "DROP DEFAULT"), Lock::AccessExclusive, why)
        }
        expression => {
            let why = "it concerns only future inserts through the view that omit the column";
            let sql = change(edit, "VIEW", &format!("SET DEFAULT {expression}"));
            match &*edit.old.default {
                "" => Step::additive(sql, Lock::AccessExclusive, why),
                _ => {
                    let why = "inserts through the view that omit the column store another value from now on";
                    Step::data_dependent(sql, Lock::AccessExclusive, why)
                }
            }
        }
    }]
}

fn set(edit: &Edit<ViewColumn>, what: &str, lock: Lock, why: &'static str) -> Vec<Step> {
    vec![Step::additive(change(edit, "MATERIALIZED VIEW", what), lock, why)]
}

const STORED: &str = "it says how values are stored from now on";
const PLANNED: &str = "only the planner looks at it";

fn storage(edit: &Edit<ViewColumn>) -> Vec<Step> {
    let storage = if edit.new.storage.is_empty() { &edit.new.usual_storage } else { &edit.new.storage };
    set(edit, &format!("SET STORAGE {storage}"), Lock::AccessExclusive, STORED)
}

fn compression(edit: &Edit<ViewColumn>) -> Vec<Step> {
    let method = if edit.new.compression.is_empty() { "default" } else { &edit.new.compression };
    set(edit, &format!("SET COMPRESSION {method}"), Lock::AccessExclusive, STORED)
}

fn statistics(edit: &Edit<ViewColumn>) -> Vec<Step> {
    let target = edit.new.statistics.unwrap_or(-1);
    set(edit, &format!("SET STATISTICS {target}"), Lock::ShareUpdateExclusive, PLANNED)
}

fn options(edit: &Edit<ViewColumn>) -> Vec<Step> {
    let (to_set, to_reset) = crate::sql::options_between(&edit.old.options, &edit.new.options);
    let clauses = [("RESET", to_reset), ("SET", to_set)].into_iter().filter(|(_, list)| !list.is_empty());
    clauses
        .flat_map(|(word, list)| set(edit, &format!("{word} ({list})"), Lock::ShareUpdateExclusive, PLANNED))
        .collect()
}
