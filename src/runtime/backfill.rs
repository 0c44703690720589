//! How far the backfills of a database have come.
//!
//! A migration writes down after each batch which page of the table is next, and goes on from there when it is run
//! again; here is who reads that.

use super::Error;
use postgres::GenericClient;
use std::fmt;

/// A backfill that is under way, or was interrupted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Backfill {
    /// The table whose rows are written: `public.users`.
    pub table: String,
    /// What is set in each row: `email_new = email::text`.
    pub work: String,
    /// Pages of 8 kB that are done.
    pub done: u64,
    /// Pages that the table had when it was begun or begun again.
    pub pages: u64,
    /// When it began, in UTC.
    pub started_at: String,
    /// When the last batch was written, in UTC.
    pub written_at: String,
}

/// What is under way in a database, in the order in which it began; reads only.
pub fn read(client: &mut impl GenericClient) -> Result<Vec<Backfill>, Error> {
    let fail = Error::sql("cannot read how far backfills have come");
    let exists = "SELECT coalesce(pg_catalog.has_table_privilege(pg_catalog.to_regclass('planwright.backfill'), 'select'), false)";
    if !client.query_typed_one(exists, &[]).map_err(&fail)?.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    let rows = client.query_typed(READ, &[]).map_err(&fail)?;
    let pages = |row: &postgres::Row, column: &str| row.get::<_, i64>(column).unsigned_abs();
    let backfill = |row: &postgres::Row| Backfill {
        table: row.get("relation"),
        work: row.get("work"),
        done: pages(row, "page").min(pages(row, "pages")),
        pages: pages(row, "pages"),
        started_at: row.get("started_at"),
        written_at: row.get("written_at"),
    };
    Ok(rows.iter().map(backfill).collect())
}

const READ: &str = "
SELECT relation, work, page, pages,
       pg_catalog.to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS \"UTC\"') AS started_at,
       pg_catalog.to_char(written_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS \"UTC\"') AS written_at
FROM planwright.backfill b
ORDER BY b.started_at, relation, work";

impl fmt::Display for Backfill {
    /// `public.users SET email_new = email::text: 320 of 1000 pages, begun 2026-11-22 10:00:00 UTC, last written …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Backfill { table, work, done, pages, started_at, written_at } = self;
        write!(
            f,
            "{table} SET {work}: {done} of {pages} pages, begun {started_at}, last written {written_at}"
        )
    }
}
