//! How many rows the tables of a live database hold, as far as it knows without counting.
//!
//! Apart from the catalog because it says nothing of the schema.

use crate::{diagnostic::Result, scratch::diagnose};
use postgres::Client;
use std::collections::BTreeMap;

/// The rows of each table and materialized view, by schema and name; those of a partitioned table are its partitions'.
///
/// # Errors
///
/// PostgreSQL refuses to be asked.
pub fn sizes(client: &mut Client) -> Result<BTreeMap<Vec<String>, u64>> {
    // What was never analysed has -1 since PostgreSQL 14, and no pages before; a row takes 100 bytes then.
    let sql = "
        WITH RECURSIVE counted AS (
            SELECT c.oid, CASE WHEN c.reltuples > 0 THEN c.reltuples::bigint
                               WHEN c.relkind = 'p' THEN 0
                               ELSE pg_catalog.pg_relation_size(c.oid) / 100 END AS rows
            FROM pg_catalog.pg_class c
            WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384
        ), inside(root, oid) AS (
            SELECT oid, oid FROM counted
            UNION ALL SELECT inside.root, i.inhrelid FROM pg_catalog.pg_inherits i JOIN inside ON i.inhparent = inside.oid
        )
        SELECT n.nspname::text, c.relname::text, sum(counted.rows)::bigint
        FROM inside
        JOIN counted ON counted.oid = inside.oid
        JOIN pg_catalog.pg_class c ON c.oid = inside.root
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        GROUP BY n.nspname, c.relname";
    let rows = client.query(sql, &[]).map_err(|error| diagnose(&error, None))?;
    let one = |row: &postgres::Row| (vec![row.get(0), row.get(1)], row.get::<_, i64>(2).unsigned_abs());
    Ok(rows.iter().map(one).collect())
}
