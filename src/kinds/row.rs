//! Rows of the tables that `-- @data` marks: reference data that a schema brings. Their identity is the table and
//! the values of its primary key, so a row with another key is another row.
//!
//! An INSERT updates a row that is there: a table may get its mark when databases have its rows already. New rows and
//! changed ones are additive, a row that goes is breaking; each statement takes ROW EXCLUSIVE.

use crate::{
    catalog::Id,
    kind::{Edit, Field, Kind, Part, Rule::*, fields, relation_slot},
    sql::{dotted, ident, idents, literal},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// What is in the columns beside the key, by name, as text.
    values: BTreeMap<String, Option<String>>,
    /// What is in those that no INSERT writes any more: it stays as it is, and comes back with the row.
    #[serde(skip)]
    rest: BTreeMap<String, Option<String>>,
    /// The columns of the primary key, in its order.
    key: Vec<String>,
    /// The name of the primary key.
    constraint: String,
    /// A column takes no value that is written, unless that is said: GENERATED ALWAYS AS IDENTITY.
    overriding: bool,
    /// Rows of marked tables that foreign keys of this one reference: schema, table, key.
    references: Vec<Option<Vec<String>>>,
    /// `[schema, table]` of each partition of the table.
    partitions: Vec<Vec<String>>,
    /// What no other row may have beside this one: the name of each unique index, and what it holds of this row. Those
    /// that hold what no INSERT writes are left out: two databases need not agree on that.
    #[serde(skip_serializing)]
    unique: Vec<Option<Vec<String>>>,
}

impl Kind for Row {
    const NAME: &'static str = "row";
    const RANK: u8 = 68;
    const QUERY: &'static str = "select array[]::text[] as path where false";
    const DATA: Option<&'static str> = Some(
        "with marked as (
             select c.oid, c.relkind, n.nspname, c.relname, m.columns, i.indexrelid, k.conname
             from pg_catalog.json_to_recordset($1::text::json) m (\"table\" json, columns json)
             join pg_catalog.pg_class c on c.relname = m.\"table\" ->> -1 and c.relkind in ('r', 'p')
             join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                  and (json_array_length(m.\"table\") = 1 or n.nspname = m.\"table\" ->> 0)
             left join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisprimary
             left join pg_catalog.pg_constraint k on k.conindid = i.indexrelid and k.contype = 'p'
         ), key as (
             select m.oid, m.indexrelid, g.position, a.attnum, a.attname
             from marked m
             join pg_catalog.pg_index i on i.indexrelid = m.indexrelid
             cross join lateral unnest(i.indkey::int2[]) with ordinality g (attnum, position)
             join pg_catalog.pg_attribute a on a.attrelid = m.oid and a.attnum = g.attnum
             where g.position <= i.indnkeyatts
         ), other as (
             select m.oid, a.attname, a.attidentity = 'a' as overriding
             from marked m
             join pg_catalog.pg_attribute a on a.attrelid = m.oid
             where a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
               and (m.columns is null or json_typeof(m.columns) = 'null'
                    or a.attname in (select json_array_elements_text(m.columns)))
         ), reference as (
             -- The key of the referenced table in its order, as this table's columns have it.
             select k.conrelid as oid, format('case when %s then array[%L, %L, %s] end',
                        string_agg(format('t.%I is not null', a.attname), ' and '), r.nspname, r.relname,
                        string_agg(format('t.%I::text', a.attname), ', ' order by p.position)) as row
             from pg_catalog.pg_constraint k
             join marked r on r.oid = k.confrelid
             join key p on p.oid = r.oid
             join lateral unnest(k.conkey, k.confkey) f (own, theirs) on f.theirs = p.attnum
             join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = f.own
             where k.contype = 'f' and k.conrelid in (select oid from marked)
             group by k.oid, k.conrelid, k.confkey, r.nspname, r.relname, r.oid
             having count(*) = cardinality(k.confkey)
                and count(*) = (select count(*) from key where key.oid = r.oid)
         ), alone as (
             -- PostgreSQL 15 brought NULLS NOT DISTINCT.
             select i.indrelid as oid, format('case when %s then array[%L, %s] end',
                        concat_ws(' and ', '(' || pg_get_expr(i.indpred, i.indrelid) || ')',
                                  case when to_jsonb(i) ->> 'indnullsnotdistinct' is distinct from 'true'
                                       then e.filled else 'true' end),
                        c.relname, e.texts) as row
             from marked m
             join pg_catalog.pg_index i on i.indrelid = m.oid and i.indisunique and not i.indisprimary
             join pg_catalog.pg_class c on c.oid = i.indexrelid
             cross join lateral (
                 select string_agg(format('coalesce((%s)::text, '''')', text), ', ' order by position) as texts,
                        string_agg(format('(%s) is not null', text), ' and ') as filled
                 from generate_series(1, i.indnkeyatts) position
                 cross join lateral pg_get_indexdef(i.indexrelid, position, false) text) e
             where not exists (
                 select from pg_catalog.pg_attribute a
                 where a.attrelid = m.oid and a.attnum > 0
                   and a.attname not in (select o.attname from other o where o.oid = m.oid)
                   and (a.attnum = any (i.indkey::int2[])
                        or exists (select from pg_catalog.pg_depend d
                                   where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
                                     and d.refobjid = m.oid and d.refobjsubid = a.attnum)))
         )
         select array[m.nspname, m.relname]::text[],
                coalesce(format(
                    'select array[%L, %L, %s]::text[] as path, json_object(%L::text[], array[%s]::text[]) as values,
                            %L::text[] as key, %L as constraint, %L::bool as overriding,
                            to_json(array[%s]::json[]) as references, %L::json as partitions,
                            to_json(array[%s]::json[]) as unique
                     from %s %I.%I t',
                    m.nspname, m.relname, k.texts, coalesce(o.names, '{}'), o.texts, k.names, m.conname,
                    coalesce(o.overriding, false), f.rows, p.partitions, u.rows,
                    case when m.relkind = 'r' then 'only' end, m.nspname, m.relname), ''),
                case when k.names is null then 'it has no primary key'
                     when k.unwritten is not null
                     then 'no INSERT writes ' || k.unwritten || ', a column of its primary key' end,
                array(select attname::text from other o where o.oid = m.oid order by attname),
                array(select a.attname::text from pg_catalog.pg_attribute a
                      where a.attrelid = m.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                        and a.attname not in (select o.attname from other o where o.oid = m.oid))
         from marked m
         left join lateral (
             select string_agg(format('t.%I::text', attname), ', ' order by position) as texts,
                    array_agg(attname::text order by position) as names,
                    min(attname) filter (where attname not in (select o.attname from other o where o.oid = m.oid))
                        as unwritten
             from key where key.oid = m.oid) k on true
         left join lateral (
             select string_agg(format('t.%I::text', attname), ', ' order by attname)
                        filter (where not is_key) as texts,
                    array_agg(attname::text order by attname) filter (where not is_key) as names,
                    bool_or(overriding) as overriding
             from (select *, other.attname in (select key.attname from key where key.oid = m.oid) as is_key
                   from other where other.oid = m.oid) o) o on true
         left join lateral (
             select string_agg('to_json(' || row || ')', ', ') as rows
             from reference where reference.oid = m.oid) f on true
         left join lateral (
             select string_agg('to_json(' || row || ')', ', ') as rows
             from alone where alone.oid = m.oid) u on true
         left join lateral (
             select coalesce(json_agg(json_build_array(pn.nspname, pc.relname)), '[]') as partitions
             from pg_catalog.pg_partition_tree(m.oid) tree
             join pg_catalog.pg_class pc on pc.oid = tree.relid
             join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace
             where tree.parentrelid is not null) p on true",
    );
    const FIELDS: &'static [Field<Self>] = fields!(Row {
        values: Alter(update),
        rest: Apart,
        key: Apart,
        constraint: Apart,
        overriding: Apart,
        references: Apart,
        partitions: Apart,
        unique: Apart,
    });

    fn sql(id: &Id) -> String {
        format!("ROW ({}) OF {}", texts(id), dotted(&id.path[..2]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let keys = id.path[2..].iter().map(|text| literal(text));
        let values: Vec<String> = keys.chain(self.all().map(|(_, text)| value(text))).collect();
        let set = self.values.keys().map(|name| format!("{0} = excluded.{0}", ident(name)));
        let set = match set.collect::<Vec<_>>().join(", ") {
            set if set.is_empty() => "NOTHING".to_string(),
            set => format!("UPDATE SET {set}"),
        };
        let sql = format!(
            "INSERT INTO {} ({}) {}VALUES ({}) ON CONFLICT ({}) DO {set}",
            dotted(&id.path[..2]),
            idents(&self.columns()),
            if self.overriding { "OVERRIDING SYSTEM VALUE " } else { "" },
            values.join(", "),
            idents(&self.key),
        );
        vec![Step::additive(sql, Lock::RowExclusive, "it is data: statements see one more row")]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("DELETE FROM {}{}", dotted(&id.path[..2]), self.here(id));
        let why = "it is data: statements that count on the row no longer find it";
        vec![Step::breaking(sql, Lock::RowExclusive, why).loses(Self::describe(id))]
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        let rows = self.references.iter().flatten().map(|path| Id::new(Self::NAME, path.iter().cloned()));
        [id.of("table", 2)].into_iter().chain(rows.filter(|row| row != id)).collect()
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![id.of("table", 2)]
    }

    fn comes_after(&self, id: &Id) -> Vec<Id> {
        let of = |name: &str| {
            id.path[..2].iter().map(String::as_str).chain([name]).map(String::from).collect::<Vec<_>>()
        };
        let columns = self.columns().into_iter().map(|name| Id::new("column", of(name)));
        let partitions = self.partitions.iter().map(|path| Id::new("partition", path.iter().cloned()));
        columns.chain([Id::new("constraint", of(&self.constraint))]).chain(partitions).collect()
    }

    fn fills(&self, id: &Id) -> Vec<Id> {
        let column = |name| Id::new("column", id.path[..2].iter().chain([name]).cloned());
        self.all().filter(|(_, value)| value.is_some()).map(|(name, _)| column(name)).collect()
    }

    fn slots(&self, id: &Id) -> Vec<Vec<String>> {
        let of = |held: &Vec<String>| {
            let mut slot =
                relation_slot(&Id::new("index", [&id.path[0], &held[0]].map(String::clone))).remove(0);
            slot.extend_from_slice(&held[1..]);
            slot
        };
        self.unique.iter().flatten().map(of).collect()
    }

    fn changed<'a>(&'a self, id: &Id, before: &'a Self) -> Vec<(Id, &'a str, &'a str)> {
        let both =
            self.values.iter().filter_map(|(name, value)| Some((name, before.values.get(name)?, value)));
        let changed = both.filter_map(|(name, old, new)| Some((name, old.as_deref()?, new.as_deref()?)));
        let changed = changed.filter(|(_, old, new)| old != new);
        let column = |name: &String| Id::new("column", id.path[..2].iter().chain([name]).cloned());
        changed.map(|(name, old, new)| (column(name), old, new)).collect()
    }

    fn columns(&self) -> Vec<&str> {
        self.key.iter().chain(self.all().map(|(name, _)| name)).map(String::as_str).collect()
    }

    fn narrow(&mut self, is_compared: &dyn Fn(&str) -> bool) {
        let all = std::mem::take(&mut self.values).into_iter().chain(std::mem::take(&mut self.rest));
        (self.values, self.rest) = all.partition(|(name, _)| is_compared(name));
    }

    fn describe(id: &Id) -> String {
        format!("row ({}) of {}", texts(id), dotted(&id.path[..2]))
    }
}

impl Row {
    fn all(&self) -> impl Iterator<Item = (&String, &Option<String>)> {
        self.values.iter().chain(&self.rest)
    }

    /// The condition that only this row meets.
    fn here(&self, id: &Id) -> String {
        let equal = self.key.iter().zip(&id.path[2..]);
        let equal = equal.map(|(name, text)| format!("{} = {}", ident(name), literal(text)));
        format!(" WHERE {}", equal.collect::<Vec<_>>().join(" AND "))
    }
}

fn update(edit: &Edit<Row>) -> Vec<Step> {
    let changed = edit.new.values.iter().filter(|(name, text)| edit.old.values.get(*name) != Some(text));
    let set: Vec<String> = changed.map(|(name, text)| format!("{} = {}", ident(name), value(text))).collect();
    if set.is_empty() {
        return Vec::new();
    }
    let table = dotted(&edit.id.path[..2]);
    let sql = format!("UPDATE {table} SET {}{}", set.join(", "), edit.new.here(edit.id));
    vec![Step::additive(sql, Lock::RowExclusive, "it is data: statements read the new values")]
}

fn value(text: &Option<String>) -> String {
    text.as_deref().map_or("NULL".to_string(), literal)
}

/// The values of the key, as messages say them.
fn texts(id: &Id) -> String {
    id.path[2..].join(", ")
}
