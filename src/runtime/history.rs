//! The rows of `planwright.migration`: the only file that reads or writes them.
//!
//! The table is defined by `schema.sql` at the top of this crate.

use super::Error;
use crate::bundle::{Direction, Migration, Version};
use postgres::{GenericClient, types::Type};

/// One run of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub id: i64,
    pub number: u32,
    pub name: String,
    pub direction: Direction,
    pub class: String,
    pub version: Version,
    pub checksum: String,
    pub statements_done: usize,
    pub failure: Option<String>,
    /// In UTC.
    pub started_at: String,
    pub finished: bool,
    pub role: String,
    pub application: String,
}

impl Run {
    /// Was it a baseline, of which only this row was made? A migration that runs has a statement.
    pub fn is_recorded(&self) -> bool {
        self.finished && self.direction == Direction::Up && self.statements_done == 0
    }

    /// Who did it, as messages say it.
    pub fn by(&self) -> String {
        match &*self.application {
            "" => self.role.clone(),
            application => format!("{} ({application})", self.role),
        }
    }
}

/// Every run of this bundle's migrations, oldest first; none in a database that has no history.
pub fn read(client: &mut impl GenericClient, bundle: &str) -> Result<Vec<Run>, Error> {
    let fail = Error::sql("cannot read the history of migrations");
    let exists = client
        .query_typed_one("SELECT pg_catalog.to_regclass('planwright.migration') IS NOT NULL", &[])
        .map_err(&fail)?;
    if !exists.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    let rows = client.query_typed(READ, &[(&bundle, Type::TEXT)]).map_err(&fail)?;
    Ok(rows.iter().map(run).collect())
}

/// Adds the row of a run that is done, within its transaction.
pub fn finished(client: &mut impl GenericClient, entry: &Entry<'_>, statements: usize) -> Result<(), Error> {
    insert(client, entry, statements, "pg_catalog.clock_timestamp()").map(|_| ())
}

/// Adds the row of a baseline that the database has already.
pub fn recorded(client: &mut impl GenericClient, entry: &Entry<'_>) -> Result<(), Error> {
    finished(client, entry, 0)
}

/// Adds the row of a run outside a transaction, and gives its id.
pub fn started(client: &mut impl GenericClient, entry: &Entry<'_>) -> Result<i64, Error> {
    insert(client, entry, 0, "NULL")
}

/// Notes how far a run outside a transaction has come.
pub fn progress(
    client: &mut impl GenericClient,
    id: i64,
    done: usize,
    failure: Option<&str>,
) -> Result<(), Error> {
    let sql = "UPDATE planwright.migration SET statements_done = $2, failure = $3 WHERE id = $1";
    client
        .query_typed(sql, &[(&id, Type::INT8), (&count(done), Type::INT4), (&failure, Type::TEXT)])
        .map_err(Error::sql("cannot note progress in the history"))?;
    Ok(())
}

/// Notes that a run outside a transaction is done.
pub fn finish(client: &mut impl GenericClient, id: i64) -> Result<(), Error> {
    let sql = "UPDATE planwright.migration SET finished_at = pg_catalog.clock_timestamp(), failure = NULL WHERE id = $1";
    client.query_typed(sql, &[(&id, Type::INT8)]).map_err(Error::sql("cannot finish the row of history"))?;
    Ok(())
}

/// What a row says about the migration and about who runs it.
pub struct Entry<'a> {
    pub bundle: &'a str,
    pub migration: &'a Migration<'a>,
    pub direction: Direction,
    pub application: &'a str,
}

const READ: &str = "\
SELECT id, number, name, direction, class, major, patch, checksum, statements_done, failure,
       pg_catalog.to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS \"UTC\"') AS started_at,
       finished_at IS NOT NULL AS finished, role, application
FROM planwright.migration
WHERE bundle = $1
ORDER BY id";

fn run(row: &postgres::Row) -> Run {
    Run {
        id: row.get("id"),
        number: row.get::<_, i32>("number").unsigned_abs(),
        name: row.get("name"),
        direction: if row.get::<_, &str>("direction") == "up" { Direction::Up } else { Direction::Down },
        class: row.get("class"),
        version: Version {
            major: row.get::<_, i32>("major").unsigned_abs(),
            patch: row.get::<_, i32>("patch").unsigned_abs(),
        },
        checksum: row.get("checksum"),
        statements_done: row.get::<_, i32>("statements_done").unsigned_abs() as usize,
        failure: row.get("failure"),
        started_at: row.get("started_at"),
        finished: row.get("finished"),
        role: row.get("role"),
        application: row.get("application"),
    }
}

fn insert(
    client: &mut impl GenericClient,
    entry: &Entry<'_>,
    statements: usize,
    finished_at: &str,
) -> Result<i64, Error> {
    let Entry { bundle, migration, direction, application } = entry;
    let checksum = match direction {
        Direction::Up => migration.checksum,
        Direction::Down => migration.down_checksum,
    };
    let sql = format!(
        "INSERT INTO planwright.migration (bundle, number, name, direction, class, major, patch, checksum, \
         statements_done, started_at, finished_at, role, application, tool_version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, pg_catalog.now(), {finished_at}, current_user, $10, $11) \
         RETURNING id"
    );
    let row = client
        .query_typed_one(
            &sql,
            &[
                (bundle, Type::TEXT),
                (&count(migration.number as usize), Type::INT4),
                (&migration.name, Type::TEXT),
                (&direction.to_string(), Type::TEXT),
                (&migration.class.to_string(), Type::TEXT),
                (&count(migration.version.major as usize), Type::INT4),
                (&count(migration.version.patch as usize), Type::INT4),
                (&checksum, Type::TEXT),
                (&count(statements), Type::INT4),
                (application, Type::TEXT),
                (&env!("CARGO_PKG_VERSION"), Type::TEXT),
            ],
        )
        .map_err(Error::sql("cannot add to the history of migrations"))?;
    Ok(row.get(0))
}

/// PostgreSQL's integer is signed.
fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
