//! The statements that old code runs, made from the catalog by a few queries for all relations together.

use super::{Names, Refusal};
use crate::{diagnostic::Result, prove::rows::query, scratch::Database, sql::literal};
use postgres::SimpleQueryRow;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicUsize, Ordering},
};

/// One statement that code written for the schema as it was may run.
#[derive(Debug)]
pub struct Statement {
    /// Its number, and how often it was prepared: a statement stays prepared when its transaction is taken back.
    number: usize,
    tries: usize,
    /// Schema and name of what it is about.
    pub about: (String, String),
    /// The same as SQL names it.
    pub on: String,
    /// `INSERT INTO public.users (id, name)`
    pub told: String,
    /// The types of its parameters, and their values.
    types: Vec<String>,
    values: Vec<Option<String>>,
    body: String,
    /// PostgreSQL prepares it.
    prepared: bool,
    /// What makes room for the row that it writes.
    room: String,
    /// Columns that took NULL and had no default.
    nullable: BTreeSet<String>,
    pub error: Option<Refusal>,
}

impl Statement {
    /// Under a name that there is not yet.
    pub fn prepare(&mut self) -> String {
        if !self.prepared {
            return "SELECT".into();
        }
        self.tries += 1;
        let types =
            if self.types.is_empty() { String::new() } else { format!(" ({})", self.types.join(", ")) };
        format!("PREPARE {}{types} AS {}", self.name(), self.body)
    }

    pub fn execute(&mut self) -> String {
        if !self.prepared {
            return self.body.clone();
        }
        let value = |value: &Option<String>| value.as_ref().map_or("NULL".into(), |value| literal(value));
        let values: Vec<String> = self.values.iter().map(value).collect();
        let values = if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) };
        // What is deferred fails at COMMIT.
        let end = if self.body.starts_with("SELECT") { "" } else { "; SET CONSTRAINTS ALL IMMEDIATE" };
        format!("{}EXECUTE {}{values}{end}", self.room, self.name())
    }

    fn name(&self) -> String {
        format!("planwright_probe_{}_{}", self.number, self.tries)
    }

    /// Is this a column for whose sake it fails whatever it writes: a new one, or one that lost its default?
    pub fn omits(&self, column: &str) -> bool {
        !self.nullable.contains(column)
    }
}

#[derive(Debug, Default)]
struct Relation {
    about: (String, String),
    name: String,
    kind: char,
    columns: Vec<Column>,
    /// What ON CONFLICT says for each unique index and exclusion.
    arbiters: Vec<String>,
}

#[derive(Debug)]
struct Column {
    name: String,
    plain: String,
    r#type: String,
    writable: bool,
    required: bool,
    /// It takes NULL, and has no default.
    nullable: bool,
}

/// A session may be asked several times, and keeps what it has prepared.
static NUMBERS: AtomicUsize = AtomicUsize::new(0);

pub fn statements(database: &mut Database, names: Option<&Names>, alone: &str) -> Result<Vec<Statement>> {
    let relations = relations(database, names)?;
    let values = values(database, &relations, alone)?;
    let mut all = Vec::new();
    for (relation, row) in relations.values().zip(values) {
        of_relation(relation, row.as_deref(), &mut all);
    }
    for row in query(database, &within(DEFERRABLE, names))? {
        let text = |at: usize| row.get(at).unwrap_or_default().to_string();
        let sql = format!("SET CONSTRAINTS {} DEFERRED", text(3));
        all.push(plain((text(0), text(1)), text(2), sql));
    }
    for sql in [ROUTINES, NAMES, LABELS, ATTRIBUTES] {
        for row in query(database, &within(sql, names))? {
            let text = |at: usize| row.get(at).unwrap_or_default().to_string();
            all.push(plain((text(0), text(1)), text(2), text(3)));
        }
    }
    for statement in &mut all {
        statement.number = NUMBERS.fetch_add(1, Ordering::Relaxed);
    }
    Ok(all)
}

/// A statement that is run as it is.
fn plain(about: (String, String), on: String, body: String) -> Statement {
    Statement {
        number: 0,
        tries: 0,
        about,
        on,
        told: body.clone(),
        types: Vec::new(),
        values: Vec::new(),
        body,
        prepared: false,
        room: String::new(),
        nullable: BTreeSet::new(),
        error: None,
    }
}

fn of_relation(relation: &Relation, row: Option<&[Option<String>]>, all: &mut Vec<Statement>) {
    let Relation { name, columns, .. } = relation;
    let nullable = || columns.iter().filter(|one| one.nullable).map(|one| one.plain.clone()).collect();
    let base = |told: String, body: String| Statement {
        told,
        prepared: true,
        nullable: nullable(),
        ..plain(relation.about.clone(), name.clone(), body)
    };
    if relation.kind == 'S' {
        // What it counts outlives the transaction: it is put back, or the plan would find other numbers.
        // The embedded engine has 32 bits: a bigint that is only read stays where nextval writes. A sum is its own.
        let sql = format!(
            "SELECT pg_catalog.setval({0}, s.last_value, s.is_called)
             FROM (SELECT last_value + 0 AS last_value, is_called, pg_catalog.nextval({0}) FROM {name} OFFSET 0) s",
            literal(name)
        );
        all.push(plain(relation.about.clone(), name.clone(), sql));
        return;
    }
    let list =
        |columns: &[&Column]| columns.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
    let every: Vec<&Column> = columns.iter().collect();
    let read = if every.is_empty() { "SELECT".into() } else { format!("SELECT {}", list(&every)) };
    for told in [format!("{read} FROM {name}"), format!("SELECT * FROM {name}")] {
        all.push(base(told.clone(), told));
    }
    let Some(row) = row.filter(|_| "rpvf".contains(relation.kind)) else { return };
    let value = |column: &Column| {
        let at = columns.iter().position(|one| one.plain == column.plain).expect("it is one of them");
        row[at].clone()
    };
    let with = |mut statement: Statement, columns: &[&Column]| {
        statement.types = columns.iter().map(|one| one.r#type.clone()).collect();
        statement.values = columns.iter().map(|one| value(one)).collect();
        statement
    };
    // Its own row would be in the way of itself; rows that reference it are not asked.
    let room = match relation.kind {
        'r' | 'p' => format!(
            "SET LOCAL session_replication_role = replica; DELETE FROM {name}; SET LOCAL session_replication_role = origin; "
        ),
        _ => String::new(),
    };
    let writable: Vec<&Column> = columns.iter().filter(|one| one.writable).collect();
    let required: Vec<&Column> = writable.iter().copied().filter(|one| one.required).collect();
    let marks = |from: usize, count: usize| {
        (from..from + count).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ")
    };
    let insert = |columns: &[&Column], end: &str| {
        let (told, body) = match columns {
            [] => (
                format!("INSERT INTO {name}{end} DEFAULT VALUES"),
                format!("INSERT INTO {name} DEFAULT VALUES{end}"),
            ),
            _ => {
                let into = format!("INSERT INTO {name} ({})", list(columns));
                (format!("{into}{end}"), format!("{into} VALUES ({}){end}", marks(1, columns.len())))
            }
        };
        let statement = with(base(told, body), columns);
        Statement { room: room.clone(), ..statement }
    };
    all.push(insert(&writable, ""));
    if required.len() < writable.len() {
        all.push(insert(&required, ""));
    }
    for arbiter in &relation.arbiters {
        all.push(insert(&writable, &format!(" ON CONFLICT {arbiter} DO NOTHING")));
    }
    if !writable.is_empty() {
        let set: Vec<String> =
            writable.iter().enumerate().map(|(at, one)| format!("{} = ${}", one.name, at + 1)).collect();
        let told = format!("UPDATE {name} SET ({})", list(&writable));
        // One row of its own, which stays what it is.
        let own = writable
            .iter()
            .enumerate()
            .map(|(at, one)| format!("{}::text IS NOT DISTINCT FROM ${}::text", one.name, at + 1));
        let body =
            format!("UPDATE {name} SET {} WHERE {}", set.join(", "), own.collect::<Vec<_>>().join(" AND "));
        all.push(with(base(told, body), &writable));
    }
    all.push(base(format!("DELETE FROM {name}"), format!("DELETE FROM {name}")));
}

fn relations(database: &mut Database, names: Option<&Names>) -> Result<BTreeMap<u32, Relation>> {
    let mut relations: BTreeMap<u32, Relation> = BTreeMap::new();
    for row in query(database, &within(COLUMNS, names))? {
        let text = |at: usize| row.get(at).unwrap_or_default().to_string();
        let is = |at: usize| row.get(at) == Some("t");
        let relation = relations.entry(number(&row, 3)).or_insert_with(|| Relation {
            about: (text(0), text(1)),
            name: text(2),
            kind: text(4).chars().next().unwrap_or_default(),
            ..Relation::default()
        });
        if row.get(5).is_some() {
            relation.columns.push(Column {
                plain: text(5),
                name: text(6),
                r#type: text(7),
                writable: is(8),
                required: is(9),
                nullable: is(10),
            });
        }
    }
    for row in query(database, &within(ARBITERS, names))? {
        if let Some(relation) = relations.get_mut(&number(&row, 2)) {
            relation.arbiters.push(row.get(3).unwrap_or_default().to_string());
        }
    }
    Ok(relations)
}

/// The first row of each, as texts; nothing for what has none.
fn values(
    database: &mut Database,
    relations: &BTreeMap<u32, Relation>,
    alone: &str,
) -> Result<Vec<Option<Vec<Option<String>>>>> {
    let mut values = Vec::new();
    for relation in relations.values() {
        if !"rpv".contains(relation.kind) || relation.columns.is_empty() {
            values.push(None);
            continue;
        }
        let texts: Vec<String> =
            relation.columns.iter().map(|column| format!("{}::text", column.name)).collect();
        let mut sql = format!("SELECT {} FROM {} LIMIT 1", texts.join(", "), relation.name);
        if !alone.is_empty() {
            sql = format!("BEGIN;{alone} {sql}; ROLLBACK");
        }
        // A view may fail, or not be filled.
        let rows = match query(database, &sql) {
            Ok(rows) => rows,
            Err(_) if alone.is_empty() => Vec::new(),
            Err(_) => query(database, "ROLLBACK")?,
        };
        values
            .push(rows.first().map(|row| (0..texts.len()).map(|at| row.get(at).map(String::from)).collect()));
    }
    Ok(values)
}

fn number(row: &SimpleQueryRow, at: usize) -> u32 {
    crate::prove::rows::number(row.get(at).unwrap_or_default())
}

/// The query for these names only; each of them begins with schema and name.
fn within(sql: &str, names: Option<&Names>) -> String {
    let Some(names) = names else { return sql.to_string() };
    let pairs: Vec<String> =
        names.iter().map(|(schema, name)| format!("({}, {})", literal(schema), literal(name))).collect();
    format!("SELECT * FROM ({sql}) probe (a, b) WHERE (a, b) IN ({})", pairs.join(", "))
}

const COLUMNS: &str = "
    SELECT n.nspname::text, c.relname::text, pg_catalog.format('%I.%I', n.nspname, c.relname), c.oid, c.relkind,
           a.attname, pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, -1),
           a.attgenerated = '' AND a.attidentity <> 'a',
           (a.attnotnull OR t.typnotnull) AND NOT a.atthasdef AND a.attidentity = '' AND t.typdefault IS NULL,
           NOT a.attnotnull AND NOT t.typnotnull AND NOT a.atthasdef
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' AND c.oid >= 16384
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ORDER BY c.oid, a.attnum";

const ARBITERS: &str = "
    SELECT n.nspname::text, c.relname::text, c.oid,
           CASE WHEN x.indisunique THEN
               (SELECT '(' || string_agg(pg_catalog.format(CASE x.indkey[at - 1] WHEN 0 THEN '(%s)' ELSE '%s' END,
                                                            pg_catalog.pg_get_indexdef(x.indexrelid, at, true)),
                                         ', ' ORDER BY at) || ')'
                FROM pg_catalog.generate_series(1, x.indnkeyatts::integer) at)
               || coalesce(' WHERE ' || pg_catalog.pg_get_expr(x.indpred, x.indrelid), '')
           ELSE (SELECT pg_catalog.format('ON CONSTRAINT %I', k.conname) FROM pg_catalog.pg_constraint k
                 WHERE k.conindid = x.indexrelid AND k.contype = 'x' LIMIT 1) END
    FROM pg_catalog.pg_index x
    JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE (x.indisunique OR x.indisexclusion) AND x.indimmediate AND x.indisvalid AND c.oid >= 16384
      AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ORDER BY x.indexrelid";

const DEFERRABLE: &str = "
    SELECT n.nspname::text, c.relname::text, pg_catalog.format('%I.%I', n.nspname, c.relname),
           pg_catalog.format('%I.%I', n.nspname, k.conname)
    FROM pg_catalog.pg_constraint k
    JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE k.condeferrable AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ORDER BY k.oid";

// A function in C takes the server down when it is given a NULL that it does not expect. All parameters, and those without a default; by name where all have one.
const ROUTINES: &str = "
    SELECT n.nspname::text, p.proname::text, pg_catalog.format('%I.%I', n.nspname, p.proname),
           CASE WHEN p.prokind = 'p' THEN 'CALL ' ELSE 'SELECT ' || coalesce(o.names, '*') || ' FROM ' END
           || pg_catalog.format('%I.%I', n.nspname, p.proname) || '(' || coalesce(arguments.list, '') || ')'
    FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanpltrusted
    CROSS JOIN LATERAL (SELECT DISTINCT unnest(ARRAY[p.pronargs, p.pronargs - p.pronargdefaults]) AS count) many
    CROSS JOIN LATERAL (
        SELECT string_agg(
                   CASE WHEN whole.named THEN quote_ident(name) || ' => ' ELSE '' END
                   || 'NULL::' || pg_catalog.format_type(type, -1), ', ' ORDER BY at) AS list
        FROM (SELECT at, type, name, bool_and(coalesce(name, '') <> '') OVER () AS named
              FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY args (type, at)
              LEFT JOIN unnest((SELECT array_agg(i.name ORDER BY i.at)
                                FROM unnest(p.proargnames, coalesce(p.proargmodes, array_fill('i'::\"char\", ARRAY[coalesce(cardinality(p.proargnames), 0)])))
                                     WITH ORDINALITY i (name, mode, at)
                                WHERE i.mode IN ('i', 'b', 'v'))) WITH ORDINALITY names (name, place) ON place = at) whole
        WHERE at <= many.count) arguments
    LEFT JOIN LATERAL (
        SELECT string_agg(quote_ident(i.name), ', ' ORDER BY i.at) AS names
        FROM unnest(p.proargnames, p.proargmodes) WITH ORDINALITY i (name, mode, at)
        WHERE i.mode IN ('o', 'b', 't') AND i.name <> '') o ON true
    WHERE p.prokind IN ('f', 'p') AND p.oid >= 16384
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_type t
                      WHERE t.oid = ANY (p.proargtypes::oid[] || p.prorettype) AND t.typtype = 'p'
                        AND t.typname NOT IN ('void', 'record'))
    ORDER BY p.oid";

// What code names besides: types, routines by their signature, operators, collations, and what texts are searched by.
const NAMES: &str = "
    SELECT n.nspname::text, named.name::text, named.name::text,
           'SELECT ' || pg_catalog.quote_literal(named.written) || '::' || named.kind
    FROM (SELECT typnamespace AS schema, typname AS name, oid::regtype::text AS written, 'regtype' AS kind
          FROM pg_catalog.pg_type
          WHERE oid >= 16384 AND typisdefined AND typcategory <> 'A'
            AND (typrelid = 0 OR typrelid IN (SELECT oid FROM pg_catalog.pg_class WHERE relkind = 'c'))
          UNION ALL
          SELECT pronamespace, proname, oid::regprocedure::text, 'regprocedure' FROM pg_catalog.pg_proc WHERE oid >= 16384
          UNION ALL
          SELECT oprnamespace, oprname, oid::regoperator::text, 'regoperator' FROM pg_catalog.pg_operator
          WHERE oid >= 16384 AND oprcode <> 0
          UNION ALL
          SELECT collnamespace, collname, oid::regcollation::text, 'regcollation' FROM pg_catalog.pg_collation
          WHERE oid >= 16384
          UNION ALL
          SELECT cfgnamespace, cfgname, oid::regconfig::text, 'regconfig' FROM pg_catalog.pg_ts_config WHERE oid >= 16384
          UNION ALL
          SELECT dictnamespace, dictname, oid::regdictionary::text, 'regdictionary' FROM pg_catalog.pg_ts_dict
          WHERE oid >= 16384) named
    JOIN pg_catalog.pg_namespace n ON n.oid = named.schema
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ORDER BY named.kind, named.written";

const LABELS: &str = "
    SELECT n.nspname::text, t.typname::text, pg_catalog.format('%I.%I', n.nspname, t.typname),
           pg_catalog.format('SELECT %L::%I.%I', e.enumlabel, n.nspname, t.typname)
    FROM pg_catalog.pg_enum e
    JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ORDER BY t.oid, e.enumsortorder";

const ATTRIBUTES: &str = "
    SELECT n.nspname::text, c.relname::text, pg_catalog.format('%I.%I', n.nspname, c.relname),
           unnest(ARRAY[
               pg_catalog.format('SELECT %s FROM (SELECT (NULL::%I.%I).*) attributes', names.list, n.nspname, c.relname),
               pg_catalog.format('SELECT ROW(%s)::%I.%I', names.nulls, n.nspname, c.relname)])
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS list,
               string_agg('NULL::' || pg_catalog.format_type(a.atttypid, -1), ', ' ORDER BY a.attnum) AS nulls
        FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) names
    WHERE c.relkind = 'c' AND names.list IS NOT NULL
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ORDER BY c.oid";
