//! How a column of a table that people use gets its values, and then its NOT NULL.
//!
//! Apart from columns because it is about rows that there are, of which a new column's kind knows nothing.

use crate::{
    catalog::Id,
    expand::StandIn,
    sql::{AFTER, clipped, dotted, ident, literal},
    step::{Class, Lock, Step},
};

/// Gives the rows that there are the column's default.
pub fn filled(column: &Id) -> Step {
    let name = ident(column.name());
    // The default of a row may be NULL.
    let sql =
        batches(&column.path[..2], &format!("{name} = DEFAULT"), &format!("{name} IS NULL"), ["", " NULL;"]);
    Step::additive(sql, Lock::RowExclusive, "the rows that there are get the default, a few at a time")
        .outside()
        .fires()
}

/// The same in one statement.
pub fn filled_at_once(column: &Id) -> Step {
    let (table, name) = (dotted(&column.path[..2]), ident(column.name()));
    let sql = format!("UPDATE {table} SET {name} = DEFAULT WHERE {name} IS NULL");
    Step::additive(sql, Lock::RowExclusive, "the rows that there are get the default").fires()
}

/// Updates the rows of a table that are to be, some pages at a time, each in a transaction of its own that begins
/// with `first`.
///
/// It may be run again: `to_be` says which rows are left. A row takes 28 bytes of a page at least: its header and its
/// pointer.
pub fn in_batches(table: &[String], set: &str, to_be: &str, first: &str) -> String {
    let left = format!(
        "
            RAISE EXCEPTION 'rows of % are left as they were', {}
                USING HINT = 'A trigger or a rule keeps them so, or they move faster than this goes. It may be run again.';",
        literal(&dotted(table))
    );
    batches(table, set, to_be, [first, &left])
}

/// The same, with a statement for when rows are `left`.
///
/// Where the runtime keeps its tables, `planwright.backfill` says how far it has come, so that it goes on from there
/// after an interruption.
fn batches(table: &[String], set: &str, to_be: &str, [first, left]: [&str; 2]) -> String {
    let table = dotted(table);
    let first = if first.is_empty() { String::new() } else { format!("{first}\n            ") };
    format!(
        "DO $planwright$
DECLARE
    planwright_pages bigint;
    planwright_next bigint := 0;
    planwright_noted boolean := EXISTS (
        SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'planwright' AND c.relname = 'backfill' AND pg_catalog.pg_has_role(c.relowner, 'usage'));
BEGIN
    IF pg_catalog.row_security_active({regclass}) THEN
        RAISE EXCEPTION 'policies hide rows of % from %', {regclass}, current_user
            USING HINT = 'It must be run by a role with BYPASSRLS, or what is hidden is left out.';
    END IF;
    IF planwright_noted THEN
        EXECUTE 'SELECT coalesce(max(page), 0) FROM planwright.backfill WHERE relation = $1 AND work = $2'
        INTO planwright_next USING {regclass}, {work};
    END IF;
    -- A row that is updated meanwhile may move to where this has been already.
    FOR pass IN 1..10 LOOP
        WITH RECURSIVE tree(oid) AS (
            SELECT {regclass}::pg_catalog.regclass::oid
            UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid
        )
        SELECT max(pg_catalog.pg_relation_size(oid) / pg_catalog.current_setting('block_size')::bigint) INTO planwright_pages FROM tree;
        FOR planwright_page IN planwright_next..planwright_pages BY {PAGES} LOOP
            {first}IF pg_catalog.current_setting('server_version_num')::int >= 140000 THEN
                UPDATE {table} SET {set}
                WHERE {to_be} AND ctid >= pg_catalog.format('(%s,0)', planwright_page)::tid
                    AND ctid < pg_catalog.format('(%s,0)', planwright_page + {PAGES})::tid;
            ELSE
                -- It would read the whole table for a range.
                UPDATE {table} SET {set}
                WHERE {to_be} AND ctid = ANY (ARRAY(
                    SELECT pg_catalog.format('(%s,%s)', page, item)::tid
                    FROM pg_catalog.generate_series(planwright_page, planwright_page + {LAST}) page,
                        pg_catalog.generate_series(1, pg_catalog.current_setting('block_size')::int / 28) item));
            END IF;
            IF planwright_noted THEN
                EXECUTE 'INSERT INTO planwright.backfill VALUES ($1, $2, $3, $4, pg_catalog.now(), pg_catalog.now())
                    ON CONFLICT (relation, work) DO UPDATE SET page = $3, pages = $4, written_at = pg_catalog.now()'
                USING {regclass}, {work}, planwright_page + {PAGES}, planwright_pages;
            END IF;
            COMMIT;
        END LOOP;
        planwright_next := 0;
        IF NOT EXISTS (SELECT FROM {table} WHERE {to_be}) THEN
            EXIT;
        ELSIF pass = 10 THEN{left}
        END IF;
    END LOOP;
    IF planwright_noted THEN
        EXECUTE 'DELETE FROM planwright.backfill WHERE relation = $1 AND work = $2' USING {regclass}, {work};
    END IF;
END
$planwright$",
        regclass = literal(&table),
        work = literal(set),
        LAST = PAGES - 1,
    )
}

/// So many pages of 8 kB are written in one transaction.
const PAGES: u32 = 32;

/// A check that proves of a twin, as long as it has its own name, what NOT NULL then says of the column `of`.
pub fn proven(twin: &Id, of: &Id) -> StandIn {
    let mut path = of.path.to_vec();
    path[2] = clipped(of.name(), AFTER);
    // Not the name of the check that a plan adds and drops for the column itself.
    let (table, check) = (dotted(&of.path[..2]), check(&Id::new(of.kind, path)));
    let made = format!(
        "ALTER TABLE {table} ADD CONSTRAINT {} CHECK ({} IS NOT NULL)",
        ident(&check),
        ident(twin.name())
    );
    let required = |word: &str| {
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {} {word} NOT NULL", ident(of.name()));
        Step::additive(sql, Lock::AccessExclusive, "the check has proven it")
    };
    let id = Id::new("constraint", of.path[..2].iter().cloned().chain([check]));
    StandIn { id, made: Some(made), step: required("SET"), back: required("DROP"), replaces: false, turn: 0 }
}

/// The name of the check that proves NOT NULL.
fn check(column: &Id) -> String {
    clipped(&format!("{}_{}", column.path[1], column.name()), "_planwright_not_null")
}

/// Makes the column required without reading the table under a lock. Where it is a constraint that does so
/// (PostgreSQL 18), that is valid for new rows first; elsewhere PostgreSQL takes a check that is valid for proof.
pub fn required(column: &Id, plain: &Step, constrained: bool) -> Vec<Step> {
    let (table, name) = (dotted(&column.path[..2]), ident(column.name()));
    let usual = format!("{}_{}_not_null", column.path[1], column.name());
    // A longer name PostgreSQL clips in a way of its own.
    let direct = constrained && usual.len() <= 63;
    let clause = if direct { format!("NOT NULL {name}") } else { format!("CHECK ({name} IS NOT NULL)") };
    let constraint = match direct {
        true => ident(&usual),
        false => ident(&check(column)),
    };
    let added = Step {
        sql: format!("ALTER TABLE {table} ADD CONSTRAINT {constraint} {clause} NOT VALID"),
        finds: None,
        ..plain.clone()
    };
    let validated = Step {
        sql: format!("ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}"),
        lock: Lock::ShareUpdateExclusive,
        class: Class::DataDependent,
        ..plain.clone()
    };
    let mut steps = vec![added, validated.own()];
    if !direct {
        let why = "the check above has proven it";
        steps.push(Step::additive(plain.sql.clone(), Lock::AccessExclusive, why));
        let drop = format!("ALTER TABLE {table} DROP CONSTRAINT {constraint}");
        steps.push(Step::additive(drop, Lock::AccessExclusive, "the column says the same"));
    }
    steps
}
