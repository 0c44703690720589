//! What lies in the trash, and dropping it for good.
//!
//! Migrations move tables there and back with the procedures of `schema.sql` at the top of this crate; here is
//! who looks after what they leave.

use super::{
    Error, Event, Patience,
    lock::Held,
    retry::Retry,
    session::{self, Session},
};
use postgres::{GenericClient, types::Type};
use std::{fmt, time::Duration};

/// A table in the trash.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trashed {
    /// What it was called: `public.users`.
    pub table: String,
    /// What it is called now, with its schema.
    pub trash_name: String,
    /// When it was dropped, in UTC.
    pub discarded_at: String,
    pub discarded_by: String,
    pub age: Duration,
    /// With its partitions, indexes and what is stored out of line.
    pub bytes: u64,
    /// How many rows, as PostgreSQL last estimated it; counted where it did not and the table is small.
    pub rows: Option<u64>,
    /// Publications of all tables, which publish it still: a subscriber that refreshes looks for it.
    pub published_by: Vec<String>,
    id: i64,
}

/// What lies in the trash of a database, oldest first; reads only.
pub fn read(client: &mut impl GenericClient) -> Result<Vec<Trashed>, Error> {
    let fail = Error::sql("cannot read what is in the trash");
    // A role that may only read the history sees no trash.
    let exists = "SELECT coalesce(pg_catalog.has_table_privilege(pg_catalog.to_regclass('planwright.trash'), 'select')
                                  AND pg_catalog.has_table_privilege(pg_catalog.to_regclass('planwright.trash_part'), 'select'),
                                  false)";
    if !client.query_typed_one(exists, &[]).map_err(&fail)?.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    let rows = client.query_typed(READ, &[]).map_err(&fail)?;
    rows.iter().map(|row| trashed(client, row)).collect()
}

/// Drops what has been in the trash for so long, each table in a transaction of its own.
pub fn purge(
    held: &mut Held<'_>,
    older_than: Duration,
    session: &Session,
    patience: &Patience,
    listen: &dyn Fn(&Event),
) -> Result<Vec<Trashed>, Error> {
    let mut purged = Vec::new();
    for trashed in read(&mut **held)?.into_iter().filter(|trashed| trashed.age >= older_than) {
        let mut dropped = false;
        let retry = Retry { what: format!("the purge of {}", trashed.trash_name), patience, listen };
        retry.run(held, |held| {
            dropped = drop(held, &trashed, session, patience)?;
            Ok(())
        })?;
        if dropped {
            listen(&Event::Purged(trashed.clone()));
            purged.push(trashed);
        }
    }
    Ok(purged)
}

/// False where somebody else was faster, to restore it or to drop it.
fn drop(
    held: &mut Held<'_>,
    trashed: &Trashed,
    session: &Session,
    patience: &Patience,
) -> Result<bool, Error> {
    let doing = format!("cannot drop {}", trashed.trash_name);
    let fail = Error::sql(&doing);
    let mut transaction = held.transaction().map_err(&fail)?;
    session::set(&mut transaction, session::SETTINGS, true)?;
    session::set(&mut transaction, &[("lock_timeout", &patience.lock_timeout())], true)?;
    let sql = "UPDATE planwright.trash SET purged_at = pg_catalog.clock_timestamp()
               WHERE id = $1 AND restored_at IS NULL AND purged_at IS NULL RETURNING id";
    if transaction.query_typed_opt(sql, &[(&trashed.id, Type::INT8)]).map_err(&fail)?.is_none() {
        return Ok(false);
    }
    // Whoever has made something on it there is told what it is, and it stays.
    transaction.batch_execute(&format!("DROP TABLE {}", trashed.trash_name)).map_err(&fail)?;
    session.put_back(&mut transaction)?;
    transaction.commit().map_err(&fail)?;
    Ok(true)
}

/// A table of no more bytes is counted.
const COUNTED: i64 = 64 << 20;

/// Before 14, no rows and no estimate are both 0.
const READ: &str = "\
SELECT t.id, pg_catalog.format('%I.%I', t.schema, t.name) AS name,
       pg_catalog.format('%I.%I', t.trash_schema, t.trash_name) AS trash_name,
       pg_catalog.to_char(t.discarded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS \"UTC\"') AS discarded_at,
       t.discarded_by, pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - t.discarded_at) AS age,
       coalesce(m.bytes, 0) AS bytes, m.rows, p.names AS published_by,
       NOT c.relforcerowsecurity AND pg_catalog.has_schema_privilege(n.oid, 'usage')
           AND pg_catalog.has_table_privilege(c.oid, 'select') AS shows_rows
FROM planwright.trash t
JOIN pg_catalog.pg_namespace n ON n.nspname = t.trash_schema
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.trash_name
CROSS JOIN LATERAL (
    SELECT pg_catalog.sum(pg_catalog.pg_total_relation_size(o.oid::pg_catalog.regclass))::bigint AS bytes,
           CASE WHEN pg_catalog.min(o.reltuples) > 0 THEN pg_catalog.sum(o.reltuples)::bigint END AS rows
    FROM pg_catalog.pg_class o
    WHERE o.relkind = 'r' AND (o.oid = c.oid OR o.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(c.oid)))) m
CROSS JOIN LATERAL (
    SELECT pg_catalog.array_agg(DISTINCT a.pubname::text) AS names FROM pg_catalog.pg_publication_tables a
    WHERE a.schemaname = t.trash_schema AND a.tablename IN (
        SELECT q.trash_name FROM planwright.trash_part q WHERE q.trash = t.id AND q.kind = 'table')) p
WHERE t.restored_at IS NULL AND t.purged_at IS NULL
ORDER BY t.id";

fn trashed(client: &mut impl GenericClient, row: &postgres::Row) -> Result<Trashed, Error> {
    let trash_name: String = row.get("trash_name");
    let (bytes, mut rows): (i64, Option<i64>) = (row.get("bytes"), row.get("rows"));
    // Row security that is forced hides rows from the owner too.
    if rows.is_none() && bytes <= COUNTED && row.get("shows_rows") {
        let count = format!("SELECT pg_catalog.count(*) FROM {trash_name}");
        rows = match client.query_typed_one(&count, &[]) {
            Ok(row) => Some(row.get(0)),
            Err(error) => return Err(Error::sql(&format!("cannot count the rows of {trash_name}"))(error)),
        };
    }
    Ok(Trashed {
        table: row.get("name"),
        trash_name,
        discarded_at: row.get("discarded_at"),
        discarded_by: row.get("discarded_by"),
        age: Duration::from_secs_f64(row.get::<_, f64>("age").max(0.0)),
        bytes: bytes.unsigned_abs(),
        rows: rows.map(i64::unsigned_abs),
        published_by: row.get::<_, Option<Vec<String>>>("published_by").unwrap_or_default(),
        id: row.get("id"),
    })
}

impl fmt::Display for Trashed {
    /// `public.users, dropped 2026-11-22 10:00:00 UTC by app: 3 rows, 48 kB in planwright_trash."…_users"`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Trashed { table, trash_name, discarded_at, discarded_by, bytes, rows, published_by, .. } = self;
        let rows = rows.map_or("rows not counted".to_owned(), |rows| match rows {
            1 => "1 row".to_owned(),
            rows => format!("{rows} rows"),
        });
        write!(
            f,
            "{table}, dropped {discarded_at} by {discarded_by}: {rows}, {} in {trash_name}",
            size(*bytes)
        )?;
        match published_by.is_empty() {
            true => Ok(()),
            false => write!(f, ", published by {}", published_by.join(", ")),
        }
    }
}

/// As `pg_size_pretty` says it.
fn size(bytes: u64) -> String {
    let mut size = bytes;
    for unit in ["bytes", "kB", "MB", "GB"] {
        if size < 10 * 1024 {
            return format!("{size} {unit}");
        }
        size = size.div_ceil(1024);
    }
    format!("{size} TB")
}
