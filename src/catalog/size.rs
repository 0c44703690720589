//! How large the relations of a live database are, as PostgreSQL last counted them.

use crate::{
    diagnostic::Result,
    scratch::{connect, diagnose},
};
use std::collections::BTreeMap;

/// The size of one relation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// `None` before it was first analysed.
    pub rows: Option<f64>,
    pub bytes: u64,
}

/// Every relation that people made, by its quoted name: `public.users`. A partitioned table is as large
/// as its partitions together.
///
/// # Errors
///
/// The database cannot be reached, or does not answer.
pub fn sizes(url: &str) -> Result<BTreeMap<String, Size>> {
    let mut client = connect(url)?;
    let rows = client.query(QUERY, &[]).map_err(|error| diagnose(&error, None))?;
    let size = |row: &postgres::Row| {
        let (tuples, bytes): (f64, i64) = (row.get(1), row.get(2));
        Size { rows: Some(tuples).filter(|tuples| *tuples >= 0.0), bytes: bytes.max(0).unsigned_abs() }
    };
    Ok(rows.iter().map(|row| (row.get(0), size(row))).collect())
}

/// Before 14, a table that was never analysed has no rows and no pages; since then, -1 rows.
const QUERY: &str = "
    WITH RECURSIVE leaf AS (
        SELECT c.oid AS root, c.oid FROM pg_catalog.pg_class c
        UNION ALL
        SELECT leaf.root, i.inhrelid FROM leaf JOIN pg_catalog.pg_inherits i ON i.inhparent = leaf.oid
    ), counted AS (
        SELECT leaf.root, c.relkind IN ('p', 'I') AS empty, c.relpages::bigint AS pages,
               CASE WHEN c.reltuples = 0 AND c.relpages = 0 AND c.relkind IN ('r', 'm')
                         AND pg_catalog.pg_relation_size(c.oid) > 0 THEN -1
                    ELSE c.reltuples END AS tuples
        FROM leaf JOIN pg_catalog.pg_class c ON c.oid = leaf.oid
    ), summed AS (
        SELECT root, coalesce(sum(pages), 0) AS pages,
               CASE WHEN bool_or(tuples < 0 AND NOT empty) THEN -1
                    ELSE coalesce(sum(tuples) FILTER (WHERE NOT empty), 0) END AS tuples
        FROM counted GROUP BY root
    )
    SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), s.tuples::float8,
           (s.pages * pg_catalog.current_setting('block_size')::bigint)::bigint
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN summed s ON s.root = c.oid
    WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I', 'S', 'v', 'f') AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'";
