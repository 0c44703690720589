//! What differs between two databases, by the word of pg_dump.
//! Separate from the planner's own reading of a catalog, so that a blind spot there shows here.

use std::collections::{BTreeMap, BTreeSet};

/// One entry of a dump: pg_dump's header line, and the text below it.
type Entries = BTreeMap<String, Vec<String>>;

/// The `SET default_...` lines in force where an entry begins.
type Settings = BTreeMap<String, String>;

/// The differences between two outputs of `pg_dump --schema-only`, one paragraph each; none when equal.
///
/// The order of entries and the order of columns within a table are not differences: pg_dump writes
/// entries in the order of their making, and ALTER TABLE adds columns only at the end.
pub fn differences(found: &str, wanted: &str) -> Vec<String> {
    let (found, wanted) = (entries(found), entries(wanted));
    let headers: BTreeSet<&String> = found.keys().chain(wanted.keys()).collect();
    headers
        .into_iter()
        .filter(|header| found.get(*header) != wanted.get(*header))
        .map(|header| describe(header, found.get(header), wanted.get(header)))
        .collect()
}

fn describe(header: &str, found: Option<&Vec<String>>, wanted: Option<&Vec<String>>) -> String {
    let text = |side: Option<&Vec<String>>| side.map_or("nothing".into(), |texts| texts.join("\n"));
    format!("{header}\n  found:\n{}\n  wanted:\n{}", text(found), text(wanted))
}

fn entries(dump: &str) -> Entries {
    let mut entries = Entries::new();
    let mut settings = Settings::new();
    let mut open: Option<(String, Settings)> = None;
    let mut body = Vec::new();
    for line in dump.lines().chain(["-- Name: end of the dump"]) {
        if let Some(name) = line.strip_prefix("-- Name: ") {
            if let Some((header, settings)) = open.replace((name.to_owned(), settings.clone())) {
                let text = canonical(&header, &body, &settings);
                entries.entry(header).or_default().push(text);
            }
            body.clear();
        } else if let Some((name, value)) = default_setting(line) {
            // pg_dump writes a default before the entry that needs it: it belongs to the text to come.
            settings.insert(name.to_owned(), value.to_owned());
        } else if !matches!(line, "" | "--" | "-- PostgreSQL database dump complete")
            && !line.starts_with("\\restrict")
            && !line.starts_with("\\unrestrict")
        {
            body.push(line);
        }
    }
    entries.values_mut().for_each(|texts| texts.sort());
    entries
}

/// The name and value of `SET default_tablespace` and `SET default_table_access_method`.
fn default_setting(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("SET default_table")?;
    line.strip_prefix("SET ")?.strip_suffix(';')?.split_once(" = ")
}

/// The text of an entry with its lines sorted where their order says nothing.
fn canonical(header: &str, body: &[&str], settings: &Settings) -> String {
    let is = |kind: &str| header.contains(&format!("; Type: {kind};"));
    let table = is("TABLE") || is("MATERIALIZED VIEW");
    let partitioned = body.iter().any(|line| line.starts_with("PARTITION BY "));
    let composite = is("TYPE") && body.first().is_some_and(|line| line.ends_with(" AS ("));
    let mut lines: Vec<String> = body.iter().map(|line| (*line).to_owned()).collect();
    if is("TABLE") || is("FOREIGN TABLE") || is("ACL") || is("DEFAULT ACL") || composite {
        lines = lines.iter().map(|line| line.trim_end_matches(',').to_owned()).collect();
        lines.sort();
    }
    // The columns of statistics are in the order of the table's, too.
    if is("STATISTICS") || is("pg_statistic_ext") {
        lines = lines.iter().map(|line| in_order_of_name(line)).collect();
    }
    if table
        && !partitioned
        && let Some(method) = settings.get("default_table_access_method")
    {
        lines.push(format!("access method {method}"));
    }
    if (table || is("INDEX"))
        && let Some(tablespace) = settings.get("default_tablespace")
    {
        lines.push(format!("tablespace {tablespace}"));
    }
    lines.join("\n")
}

/// `CREATE STATISTICS s ON a, b FROM t` with what it is ON sorted.
fn in_order_of_name(line: &str) -> String {
    let Some((head, rest)) = line.split_once(" ON ") else { return line.to_owned() };
    let Some((list, table)) = rest.rsplit_once(" FROM ") else { return line.to_owned() };
    let mut names: Vec<&str> = list.split(", ").collect();
    names.sort_unstable();
    format!("{head} ON {} FROM {table}", names.join(", "))
}
