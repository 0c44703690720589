//! `GENERATED … AS IDENTITY`, with the sequence inside it.
//!
//! The sequence has a name that grants and comments use, so a name that is not the default one
//! (table, column, seq) is the last part of the path.

use super::sequence::{Counter, options_changed};
use crate::{
    catalog::Id,
    expand::StandIn,
    kind::{ALL_NEW, Edit, Field, Kind, Part, Rule::*, fields},
    sql::{AFTER, BEFORE, clipped, dotted, ident, literal},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// `ALWAYS` or `BY DEFAULT`
    generated: String,
    /// The name that its sequence really has.
    sequence: String,
    /// As those of a sequence.
    options: Vec<String>,
    /// That of the column, and so of the sequence.
    r#type: String,
    /// The table has children, to which PostgreSQL adds no column with an identity.
    has_children: bool,
}

impl Kind for Identity {
    const NAME: &'static str = "identity";
    const RANK: u8 = 63;
    const ROWS: &'static [&'static str] = &["pg_class.relkind S"];
    const QUERY: &'static str = "
        select 'pg_class'::regclass as class, c.oid as object,
               array[n.nspname, t.relname, a.attname]
                   || array_remove(array[nullif(c.relname, t.relname || '_' || a.attname || '_seq')], null) as path,
               case a.attidentity when 'a' then 'ALWAYS' else 'BY DEFAULT' end as generated,
               c.relname as sequence,
               array_remove(array[
                   case when s.seqincrement <> 1 then 'INCREMENT BY ' || s.seqincrement end,
                   case when s.seqmin <> d.least then 'MINVALUE ' || s.seqmin end,
                   case when s.seqmax <> d.greatest then 'MAXVALUE ' || s.seqmax end,
                   case when s.seqstart <> case when s.seqincrement > 0 then s.seqmin else s.seqmax end
                        then 'START WITH ' || s.seqstart end,
                   case when s.seqcache <> 1 then 'CACHE ' || s.seqcache end,
                   case when s.seqcycle then 'CYCLE' end], null) as options,
               format_type(s.seqtypid, null) as type,
               t.relhassubclass and exists (select from pg_inherits h where h.inhparent = t.oid)
                   and t.relkind <> 'p' -- since 17
                   as has_children
        from pg_sequence s
        join pg_class c on c.oid = s.seqrelid
        join pg_depend o on o.classid = 'pg_class'::regclass and o.objid = c.oid and o.objsubid = 0
             and o.refclassid = 'pg_class'::regclass and o.refobjsubid > 0 and o.deptype = 'i'
        join pg_class t on t.oid = o.refobjid
        join pg_namespace n on n.oid = t.relnamespace
        join pg_attribute a on a.attrelid = o.refobjid and a.attnum = o.refobjsubid
        cross join lateral (
            select case when s.seqincrement > 0 then 1 else - b.bound - 1 end as least,
                   case when s.seqincrement > 0 then b.bound else -1 end as greatest
            from (select case s.seqtypid when 'smallint'::regtype then 32767
                                         when 'integer'::regtype then 2147483647
                                         else 9223372036854775807 end as bound) b) d
        where c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
    const FIELDS: &'static [Field<Self>] = fields!(Identity {
        generated: Alter(generated),
        sequence: Alter(sequence),
        options: Alter(options),
        r#type: Apart,
        has_children: Apart,
    });

    fn sql(id: &Id) -> String {
        format!("SEQUENCE {}", dotted(&[id.path[0].clone(), named(id)]))
    }

    fn create(&self, id: &Id, _: &[Part]) -> Vec<Step> {
        let sql = format!("{} ADD {}", alter(id), self.clause(id));
        let counter = Counter::of(&self.typed());
        let end = if counter.increment < 0 { "min" } else { "max" };
        let value = format!("{end}({})", ident(&id.path[2]));
        // Values that the bounds exclude cannot meet those that the sequence hands out.
        let advance = format!(
            "SELECT pg_catalog.setval({}, {value}) FROM {} HAVING {value} BETWEEN {} AND {}",
            literal(&dotted(&[id.path[0].clone(), self.sequence.clone()])),
            dotted(&id.path[..2]),
            counter.least,
            counter.greatest
        );
        let given = match self.generated.as_str() {
            "ALWAYS" => {
                Step::breaking(sql, Lock::AccessExclusive, "inserts that give the column a value fail")
            }
            _ => Step::additive(sql, Lock::AccessExclusive, "inserts that omit the column now get a value"),
        };
        vec![
            given,
            Step::additive(
                advance,
                Lock::RowExclusive,
                "the sequence goes on after the values that are there",
            ),
        ]
    }

    fn drop(&self, id: &Id) -> Vec<Step> {
        let sql = format!("{} DROP IDENTITY", alter(id));
        vec![Step::breaking(sql, Lock::AccessExclusive, "inserts that omit the column fail")]
    }

    /// PostgreSQL adds no such column to a table that has children.
    fn inline(&self, id: &Id, parts: &[Part]) -> Option<Part> {
        let host = id.of("column", 3);
        let part = Part { host, slot: "value", order: 0, text: self.clause(id), after: Vec::new() };
        (!self.has_children || parts.iter().any(|part| part.slot == ALL_NEW)).then_some(part)
    }

    fn needs(&self, id: &Id) -> Vec<Id> {
        vec![id.of("column", 3)]
    }

    fn dropped_with(&self, id: &Id) -> Vec<Id> {
        vec![id.of("column", 3)]
    }

    fn slots(&self, id: &Id) -> Vec<Vec<String>> {
        vec![vec!["relation".into(), id.path[0].clone(), named(id)]]
    }

    /// The twin has one only when the column that it stands beside has none any more.
    fn stand_in(&self, id: &Id, _: &Id) -> Option<StandIn> {
        let named = |end: &str| clipped(&id.path[2], end);
        let twin = Id::new("column", id.path[..2].iter().cloned().chain([named(AFTER)]));
        let (table, before) = (dotted(&id.path[..2]), named(BEFORE));
        let sequence = |column: &str| {
            format!("pg_catalog.pg_get_serial_sequence({}, {})", literal(&table), literal(column))
        };
        let [_, advance] = &self.create(id, &[])[..] else { return None };
        let sql = format!(
            "DO $planwright$
DECLARE
    old text := {old};
    given record;
BEGIN
    IF old IS NOT NULL THEN
        EXECUTE 'SELECT last_value, is_called FROM ' || old INTO given;
    END IF;
    ALTER TABLE {table} ALTER COLUMN {old_column} DROP IDENTITY IF EXISTS;
    {alter} ADD {clause};
    -- What was given out is not given out again.
    IF old IS NULL THEN
        PERFORM{advance};
    ELSE
        PERFORM pg_catalog.setval({new}, given.last_value, given.is_called);
    END IF;
END
$planwright$",
            old = sequence(&before),
            new = sequence(&id.path[2]),
            old_column = ident(&before),
            alter = alter(id),
            clause = self.clause(id),
            advance = advance.sql.trim_start_matches("SELECT"),
        );
        let step = Step::additive(sql, Lock::AccessExclusive, "the old column had it until now");
        Some(StandIn { id: twin, made: None, step, back: self.drop(id).pop()?, replaces: false, turn: 1 })
    }

    fn describe(id: &Id) -> String {
        format!("identity of column {}", dotted(&id.path[..3]))
    }
}

impl Identity {
    /// `GENERATED ALWAYS AS IDENTITY (START WITH 10)`
    fn clause(&self, id: &Id) -> String {
        let name = id.path.get(3).map(|name| dotted(&[id.path[0].clone(), name.clone()]));
        let name = name.map(|name| format!("SEQUENCE NAME {name}"));
        let options = name.into_iter().chain(self.options.iter().cloned()).collect::<Vec<_>>().join(" ");
        let options = if options.is_empty() { options } else { format!(" ({options})") };
        format!("GENERATED {} AS IDENTITY{options}", self.generated)
    }

    /// The options as those of a sequence that says its type.
    fn typed(&self) -> Vec<String> {
        let named = (self.r#type != "bigint").then(|| format!("AS {}", self.r#type));
        named.into_iter().chain(self.options.iter().cloned()).collect()
    }
}

/// The name of the sequence by the identity alone.
fn named(id: &Id) -> String {
    id.path.get(3).cloned().unwrap_or_else(|| format!("{}_{}_seq", id.path[1], id.path[2]))
}

fn alter(id: &Id) -> String {
    format!("ALTER TABLE {} ALTER COLUMN {}", dotted(&id.path[..2]), ident(&id.path[2]))
}

fn generated(edit: &Edit<Identity>) -> Vec<Step> {
    let sql = format!("{} SET GENERATED {}", alter(edit.id), edit.new.generated);
    vec![if edit.new.generated == "ALWAYS" {
        Step::breaking(sql, Lock::AccessExclusive, "inserts that give the column a value fail")
    } else {
        Step::additive(sql, Lock::AccessExclusive, "it only lets inserts give the column a value")
    }]
}

fn sequence(edit: &Edit<Identity>) -> Vec<Step> {
    let old = dotted(&[edit.id.path[0].clone(), edit.old.sequence.clone()]);
    let sql = format!("ALTER SEQUENCE {old} RENAME TO {}", ident(&edit.new.sequence));
    vec![Step::breaking(sql, Lock::AccessExclusive, "code that names the sequence fails")]
}

fn options(edit: &Edit<Identity>) -> Vec<Step> {
    let name = dotted(&[edit.id.path[0].clone(), edit.new.sequence.clone()]);
    options_changed(&name, &edit.old.typed(), &edit.new.typed())
}
