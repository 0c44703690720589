//! What would ask other servers, whose rows a materialized view or a partition shows: a scratch database does not.
//!
//! Separate because it is the one place where what runs in a scratch database is not what was written.

use crate::{source::tokens, sql::literal};
use postgres::{Error, GenericClient, SimpleQueryMessage};

/// `far (oid)`: foreign tables, and what shows rows of theirs.
pub const FAR: &str = "
    WITH RECURSIVE far (oid) AS (
        SELECT ftrelid FROM pg_catalog.pg_foreign_table
        UNION
        SELECT showing.oid
        FROM far
        CROSS JOIN LATERAL (
            SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = far.oid
            UNION ALL
            SELECT w.ev_class
            FROM pg_catalog.pg_depend d
            JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
            WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass
              AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = far.oid) showing (oid))";

/// Runs one statement, but makes or refreshes a materialized view of other servers' rows without them: it is populated
/// by what PostgreSQL knows of it, and has no rows. What has such rows is not analyzed.
pub fn execute(client: &mut impl GenericClient, sql: &str) -> Result<(), Error> {
    let Some(asking) = Asking::of(sql) else { return client.batch_execute(sql) };
    if !has_foreign_tables(client)? {
        return client.batch_execute(sql);
    }
    let makes = asking.how == How::Makes;
    if makes {
        client.batch_execute(&format!("{}\nWITH NO DATA", asking.query))?;
    }
    let relation = literal(asking.relation);
    let is_far = any(client, &format!("{FAR} SELECT FROM far WHERE oid = {relation}::regclass"))?;
    match asking.how {
        How::Makes if !is_far => {
            client.batch_execute(&format!("REFRESH MATERIALIZED VIEW {}", asking.relation))
        }
        How::Refreshes | How::Analyzes if !is_far => client.batch_execute(sql),
        How::Analyzes => Ok(()),
        How::Makes | How::Refreshes => client.batch_execute(&format!(
            "UPDATE pg_catalog.pg_class SET relispopulated = true WHERE oid = {relation}::regclass"
        )),
    }
}

/// May these statements be sent at once? Not where one asks that must not, which those before it decide.
pub fn together(client: &mut impl GenericClient, texts: &[&str]) -> Result<bool, Error> {
    let asks = texts.iter().any(|text| Asking::of(text).is_some());
    Ok(!asks || !texts.iter().any(|text| is_foreign(text)) && !has_foreign_tables(client)?)
}

pub fn has_foreign_tables(client: &mut impl GenericClient) -> Result<bool, Error> {
    any(client, "SELECT FROM pg_catalog.pg_foreign_table LIMIT 1")
}

/// May it make foreign tables, were it in the body of a DO?
fn is_foreign(sql: &str) -> bool {
    let lower = sql.to_ascii_lowercase();
    lower.split("foreign").skip(1).any(|rest| !rest.trim_start().starts_with("key"))
}

fn any(client: &mut impl GenericClient, sql: &str) -> Result<bool, Error> {
    let messages = client.simple_query(sql)?;
    Ok(messages.iter().any(|message| matches!(message, SimpleQueryMessage::Row(_))))
}

/// A statement that reads all that a materialized view shows or a table has.
struct Asking<'a> {
    how: How,
    /// The name of the materialized view or table, as it was written.
    relation: &'a str,
    /// The statement without `WITH DATA`.
    query: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    Makes,
    Refreshes,
    Analyzes,
}

/// How a statement begins that asks.
const BEGINNINGS: &[(How, &[&str])] = &[
    (How::Makes, &["create", "materialized", "view", "if", "not", "exists"]),
    (How::Makes, &["create", "materialized", "view"]),
    (How::Refreshes, &["refresh", "materialized", "view", "concurrently"]),
    (How::Refreshes, &["refresh", "materialized", "view"]),
    (How::Analyzes, &["analyze"]),
];

impl Asking<'_> {
    fn of(sql: &str) -> Option<Asking<'_>> {
        let bytes = sql.as_bytes();
        let says = |word: &str| bytes.windows(word.len()).any(|at| at.eq_ignore_ascii_case(word.as_bytes()));
        if !says("materialized") && !says("analyze") {
            return None;
        }
        let mut tokens = tokens(sql);
        // A comment may follow.
        let end = tokens.pop_if(|last| last.is_symbol(';')).map_or(sql.len(), |last| last.range.start);
        let begins = |words: &[&str]| {
            words.len() <= tokens.len() && words.iter().zip(&tokens).all(|(word, token)| token.is(word))
        };
        let (how, words) = *BEGINNINGS.iter().find(|(_, words)| begins(words))?;
        let mut at = words.len();
        let first = tokens.get(at).filter(|token| token.name().is_some())?.range.start;
        while tokens.get(at + 1).is_some_and(|token| token.is_symbol('.')) {
            at += 2;
        }
        let relation = &sql[first..tokens.get(at)?.range.end];
        let is = |back: usize, word: &str| back <= tokens.len() && tokens[tokens.len() - back].is(word);
        let query = match () {
            () if is(1, "data") && is(2, "no") && is(3, "with") => return None,
            () if is(1, "data") && is(2, "with") => &sql[..tokens[tokens.len() - 2].range.start],
            () => &sql[..end],
        };
        Some(Asking { how, relation, query })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_make_foreign_tables_is_no_foreign_key() {
        assert!(is_foreign("DO $$ BEGIN IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c; END $$"));
        assert!(!is_foreign("ALTER TABLE a ADD FOREIGN\n KEY (b) REFERENCES c"));
    }

    #[test]
    fn what_asks_is_known_with_the_name_of_what_is_asked() {
        let name = |sql| Asking::of(sql).map(|asking| (asking.how, asking.relation, asking.query));
        let made = "-- rows\nCREATE MATERIALIZED VIEW a.\"B\" AS TABLE c WITH DATA; -- end";
        assert_eq!(
            name(made),
            Some((How::Makes, "a.\"B\"", "-- rows\nCREATE MATERIALIZED VIEW a.\"B\" AS TABLE c "))
        );
        let refreshed = "refresh materialized view concurrently b";
        assert_eq!(name(refreshed), Some((How::Refreshes, "b", refreshed)));
        assert_eq!(name("CREATE MATERIALIZED VIEW a AS TABLE b WITH NO DATA"), None);
        assert_eq!(name("ANALYZE a (b)"), Some((How::Analyzes, "a", "ANALYZE a (b)")));
        assert_eq!(name("EXPLAIN ANALYZE SELECT 1"), None);
        assert_eq!(name("COMMENT ON MATERIALIZED VIEW a IS 'b'"), None);
    }
}
