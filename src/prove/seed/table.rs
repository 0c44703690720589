//! What has to be known about tables to fill them, read for all of them at once.

use super::value::Type;
use crate::{
    diagnostic::Result,
    prove::rows::{USER_TABLE, number, query},
    scratch::Database,
};
use postgres::SimpleQueryRow;
use std::collections::BTreeMap;

/// A table that holds rows of its own.
#[derive(Debug)]
pub(super) struct Table {
    /// `public.users`
    pub name: String,
    /// By number; generated ones are left out.
    pub columns: BTreeMap<i16, Column>,
    pub keys: Vec<Key>,
}

#[derive(Debug)]
pub(super) struct Column {
    /// Quoted where it must be.
    pub name: String,
    /// As SQL names it.
    pub type_name: String,
    /// What its domains, if any, are made of.
    pub r#type: Type,
    /// Its own type, and below a domain what that is made of.
    pub types: Vec<u32>,
    pub required: bool,
    /// Is it part of a key, or may it be by an expression?
    pub unique: bool,
}

/// A foreign key.
#[derive(Debug)]
pub(super) struct Key {
    /// The tables whose rows it may reference: all partitions of a partitioned one.
    pub parents: Vec<u32>,
    /// Numbers of its own and of the referenced columns.
    pub columns: Vec<(i16, i16)>,
    /// The statement that removes rows which reference none.
    pub weed: String,
}

pub(super) fn tables(database: &mut Database) -> Result<BTreeMap<u32, Table>> {
    let mut tables: BTreeMap<u32, Table> = BTreeMap::new();
    for row in query(database, &format!("{COLUMNS} WHERE {USER_TABLE}"))? {
        let row = Texts(&row);
        let table = tables.entry(row.number(0)).or_insert_with(|| Table {
            name: row.text(1).to_string(),
            columns: BTreeMap::new(),
            keys: Vec::new(),
        });
        if !row.0.get(2).unwrap_or_default().is_empty() {
            table.columns.insert(row.number(2), column(&row));
        }
    }
    for row in query(database, KEYS)? {
        let row = Texts(&row);
        if let Some(table) = tables.get_mut(&row.number(0)) {
            let columns = row.list(2).zip(row.list(3)).map(|(mine, theirs)| (number(mine), number(theirs)));
            let key = Key {
                parents: row.list(1).map(number).collect(),
                columns: columns.collect(),
                weed: row.text(4).to_string(),
            };
            table.keys.push(key);
        }
    }
    Ok(tables)
}

fn column(row: &Texts) -> Column {
    let letter = |at| row.text(at).chars().next().unwrap_or_default();
    let base = row.text(5).to_string();
    let typmod: i32 = row.number(8);
    // As PostgreSQL packs them (numeric.c, varchar.c).
    let (width, scale) = match (typmod, base.as_str()) {
        (0.., "numeric") => (Some(((typmod - 4) >> 16) & 0xffff), (typmod - 4) & 0x7ff),
        (0.., "varchar" | "bpchar") => (Some(typmod - 4), 0),
        (0.., "bit" | "varbit") => (Some(typmod), 0),
        _ => (None, 0),
    };
    let size = |number: i32| usize::try_from(number).unwrap_or_default();
    Column {
        name: row.text(3).to_string(),
        type_name: row.text(4).to_string(),
        r#type: Type {
            name: base,
            category: letter(6),
            form: letter(7),
            width: width.map(size),
            scale: size(scale),
            labels: serde_json::from_str(row.text(9)).expect("it was asked for as an array of json"),
            attributes: row.number(10),
        },
        types: row.list(11).map(number).collect(),
        required: row.text(12) == "t",
        unique: row.text(13) == "t",
    }
}

/// A row that was read as text.
pub(super) struct Texts<'a>(pub &'a SimpleQueryRow);

impl Texts<'_> {
    pub fn text(&self, at: usize) -> &str {
        self.0.get(at).unwrap_or_default()
    }

    pub fn number<T: std::str::FromStr>(&self, at: usize) -> T {
        number(self.text(at))
    }

    /// The elements of an array of numbers: `{1,2}`.
    pub fn list(&self, at: usize) -> impl Iterator<Item = &str> {
        let inside = self.text(at).trim_start_matches('{').trim_end_matches('}');
        inside.split(',').filter(|element| !element.is_empty())
    }
}

const COLUMNS: &str = "
    WITH RECURSIVE made_of AS (
        SELECT oid AS type, oid AS base, -1 AS typmod, false AS required, ARRAY[oid] AS types
        FROM pg_catalog.pg_type WHERE typtype <> 'd'
        UNION ALL
        SELECT d.oid, m.base, CASE WHEN d.typtypmod >= 0 THEN d.typtypmod ELSE m.typmod END,
               m.required OR d.typnotnull, d.oid || m.types
        FROM pg_catalog.pg_type d JOIN made_of m ON m.type = d.typbasetype WHERE d.typtype = 'd'
    ), labels AS (
        SELECT enumtypid, json_agg(enumlabel ORDER BY enumsortorder) AS labels FROM pg_catalog.pg_enum GROUP BY 1
    ), uniques AS (
        SELECT DISTINCT x.indrelid, key.attnum FROM pg_catalog.pg_index x, unnest(x.indkey) key (attnum)
        WHERE x.indisunique OR x.indisexclusion
    )
    SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname), a.attnum, pg_catalog.quote_ident(a.attname),
           pg_catalog.format_type(a.atttypid, a.atttypmod), t.typname, t.typcategory, t.typtype,
           CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE m.typmod END, coalesce(l.labels, '[]'),
           CASE WHEN t.typtype = 'c' THEN (SELECT count(*) FROM pg_catalog.pg_attribute part
                                           WHERE part.attrelid = t.typrelid AND part.attnum > 0 AND NOT part.attisdropped)
                ELSE 0 END,
           m.types, a.attnotnull OR m.required,
           (c.oid, a.attnum) IN (SELECT indrelid, attnum FROM uniques)
           OR c.oid IN (SELECT indrelid FROM uniques WHERE attnum = 0)
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    LEFT JOIN made_of m ON m.type = a.atttypid
    LEFT JOIN pg_catalog.pg_type t ON t.oid = m.base
    LEFT JOIN labels l ON l.enumtypid = t.oid";

// A foreign key to a partitioned table references rows of its partitions.
const KEYS: &str = "
    SELECT k.conrelid,
           CASE p.relkind WHEN 'p' THEN (SELECT array_agg(tree.relid::oid) FROM pg_catalog.pg_partition_tree(p.oid) tree
                                         WHERE tree.isleaf)
                ELSE ARRAY[p.oid] END,
           k.conkey, k.confkey,
           pg_catalog.format('DELETE FROM %s c WHERE ROW(%s) IS NOT NULL AND NOT EXISTS (SELECT FROM %s p WHERE ROW(%s) = ROW(%s))',
                             k.conrelid::regclass, pairs.mine, k.confrelid::regclass, pairs.mine, pairs.theirs)
    FROM pg_catalog.pg_constraint k
    JOIN pg_catalog.pg_class p ON p.oid = k.confrelid
    CROSS JOIN LATERAL (
        SELECT string_agg(format('c.%I', a.attname), ', ' ORDER BY at) AS mine,
               string_agg(format('p.%I', f.attname), ', ' ORDER BY at) AS theirs
        FROM unnest(k.conkey, k.confkey) WITH ORDINALITY pair(mine, theirs, at)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = mine
        JOIN pg_catalog.pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = theirs) pairs
    WHERE k.contype = 'f'
    ORDER BY k.conrelid, k.conname";
