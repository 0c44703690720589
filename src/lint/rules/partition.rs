//! Partitions that come and go.

use crate::{
    lint::rule::{Found, Rule, Severity, each},
    step::Lock,
};

pub const RULES: &[Rule] = &[
    Rule {
        id: "partition-created-in-place",
        severity: Severity::Warning,
        what: "CREATE TABLE … PARTITION OF a table that is in use.",
        why: "It takes ACCESS EXCLUSIVE on the partitioned table; ATTACH PARTITION lets everybody go on.",
        safe: "CREATE TABLE p (LIKE {table} INCLUDING ALL);  ALTER TABLE {table} ATTACH PARTITION p FOR VALUES …",
        bad: "CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');",
        good: &["CREATE TABLE events_2027 (LIKE events INCLUDING ALL);\n\
                 ALTER TABLE events ATTACH PARTITION events_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');"],
        check: |file| {
            each(file, |file, at| {
                let statement = &file.statements[at];
                let (table, lock) = *file.locked(at, Lock::AccessExclusive).first()?;
                let creates = statement.begins(&["create", "table"]) && statement.says(&["partition", "of"]);
                let message = format!("it takes {lock} on {}", file.name(table));
                creates.then(|| Found::at(at, message).table(file.name(table)).word("partition"))
            })
        },
    },
    Rule {
        id: "detach-not-concurrent",
        severity: Severity::Warning,
        what: "DETACH PARTITION without CONCURRENTLY.",
        why: "It takes ACCESS EXCLUSIVE on the partitioned table. CONCURRENTLY does not, but one that is interrupted \
              has to be ended with FINALIZE at once: its rows are invisible already.",
        safe: "ALTER TABLE {table} DETACH PARTITION p CONCURRENTLY, outside of a transaction and without a lock_timeout",
        bad: "ALTER TABLE events DETACH PARTITION events_2025;",
        good: &["ALTER TABLE events DETACH PARTITION events_2025 CONCURRENTLY;"],
        check: |file| {
            each(file, |file, at| {
                let statement = &file.statements[at];
                let (table, lock) = *file.locked(at, Lock::AccessExclusive).first()?;
                let plain = statement.says(&["detach", "partition"]) && !statement.says(&["finalize"]);
                let message = format!("it takes {lock} on {}", file.name(table));
                plain.then(|| Found::at(at, message).table(file.name(table)).word("detach"))
            })
        },
    },
];
