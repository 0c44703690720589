//! Indexes and materialized views: what is built while others wait, and what is left behind.

use crate::{
    lint::{
        file::{File, Statement},
        rule::{Found, Rule, Severity, each},
    },
    source::Token,
    step::Lock,
};

pub const RULES: &[Rule] = &[
    Rule {
        id: "index-not-concurrent",
        severity: Severity::Error,
        what: "CREATE INDEX without CONCURRENTLY on a table that is there.",
        why: "Nobody can write to the table until the index is built.",
        safe: "CREATE INDEX CONCURRENTLY … ON {table} …, outside of a transaction; drop what a failed one leaves invalid",
        bad: "CREATE INDEX orders_status ON orders (status);",
        good: &["CREATE INDEX CONCURRENTLY orders_status ON orders (status);"],
        check: |file| {
            each(file, |file, at| {
                let statement = &file.statements[at];
                let builds = statement.begins(&["create", "index"])
                    || statement.begins(&["create", "unique", "index"]);
                let (table, lock) = *file.scanned_under_lock(at).first().filter(|_| builds)?;
                let message =
                    format!("{} is read as a whole under {lock}: nobody can write to it", file.name(table));
                Some(Found::at(at, message).table(file.name(table)).word("index"))
            })
        },
    },
    Rule {
        id: "drop-index-not-concurrent",
        severity: Severity::Error,
        what: "DROP INDEX without CONCURRENTLY.",
        why: "It waits for all that use the table, and whoever comes later waits behind it.",
        safe: "DROP INDEX CONCURRENTLY …, outside of a transaction",
        bad: "DROP INDEX orders_user_id;",
        good: &["DROP INDEX CONCURRENTLY orders_user_id;"],
        check: |file| {
            each(file, |file, at| {
                let (table, lock) = *file.locked(at, Lock::AccessExclusive).first()?;
                let plain =
                    file.statements[at].begins(&["drop", "index"]) && !concurrent(&file.statements[at]);
                let message = format!("it takes {lock} on {}", file.name(table));
                plain.then(|| Found::at(at, message).table(file.name(table)).word("index"))
            })
        },
    },
    Rule {
        id: "reindex-not-concurrent",
        severity: Severity::Error,
        what: "REINDEX without CONCURRENTLY.",
        why: "Nobody can write to the table until the index is built; and every query on it waits, for it looks at \
              all its indexes.",
        safe: "REINDEX INDEX CONCURRENTLY …, outside of a transaction",
        bad: "REINDEX INDEX orders_user_id;",
        good: &["REINDEX INDEX CONCURRENTLY orders_user_id;"],
        check: |file| {
            each(file, |file, at| {
                let statement = &file.statements[at];
                let (table, lock) = *file.locked(at, Lock::Share).first()?;
                let plain = statement.begins(&["reindex"]) && !concurrent(statement);
                let message =
                    format!("it takes {lock} on {}, and ACCESS EXCLUSIVE on the index", file.name(table));
                plain.then(|| Found::at(at, message).table(file.name(table)))
            })
        },
    },
    Rule {
        id: "concurrent-index-if-not-exists",
        severity: Severity::Warning,
        what: "CREATE INDEX CONCURRENTLY IF NOT EXISTS, and nothing before it drops what may be left of that name.",
        why: "One that failed leaves an invalid index, which slows writers and serves nobody; IF NOT EXISTS takes it \
              for the index that was wanted.",
        safe: "DROP INDEX CONCURRENTLY IF EXISTS i;  CREATE INDEX CONCURRENTLY i ON …",
        bad: "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_status ON orders (status);",
        good: &[
            "DROP INDEX CONCURRENTLY IF EXISTS orders_status;",
            "CREATE INDEX CONCURRENTLY orders_status ON orders (status);",
        ],
        check: |file| {
            each(file, |file, at| {
                let statement = &file.statements[at];
                let said =
                    statement.says(&["concurrently", "if", "not", "exists"]) && statement.begins(&["create"]);
                let name = statement
                    .tokens
                    .iter()
                    .skip_while(|token| !token.is("exists"))
                    .nth(1)
                    .and_then(Token::name)?;
                let dropped = |other: &Statement| other.begins(&["drop", "index"]) && other.names(name);
                let old = file.statements[at].seen.is_some() && file.statements[..at].iter().any(dropped);
                (said && !old).then(|| {
                    Found::at(
                        at,
                        format!("an invalid index {name} of an earlier try would be taken for this one"),
                    )
                    .word("exists")
                })
            })
        },
    },
    Rule {
        id: "timeout-on-concurrent-build",
        severity: Severity::Error,
        what: "An index is built, dropped or rebuilt CONCURRENTLY while a lock_timeout is in force.",
        why: "It waits for the transactions of others, and stops nobody by that; when it gives up, an invalid index is \
              left, and a unique one may go on refusing rows.",
        safe: "SET lock_timeout = 0;  before it",
        bad: "SET lock_timeout = '2s';\nCREATE INDEX CONCURRENTLY orders_status ON orders (status);",
        good: &["SET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY orders_status ON orders (status);"],
        check: |file| {
            each(file, |file, at| {
                let statement = &file.statements[at];
                let timeout =
                    statement.seen.as_ref().is_some_and(|seen| seen.timeout) && concurrent(statement);
                let message = "a lock_timeout is in force: giving up leaves an invalid index";
                timeout.then(|| Found::at(at, message).word("concurrently"))
            })
        },
    },
    Rule {
        id: "index-dropped-first",
        severity: Severity::Warning,
        what: "An index is dropped before the one that replaces it is built.",
        why: "In between queries have neither.",
        safe: "build the new index under another name first, then DROP INDEX CONCURRENTLY the old one",
        bad: "DROP INDEX CONCURRENTLY orders_user_id;\n\
              CREATE INDEX CONCURRENTLY orders_user ON orders (user_id, status);",
        good: &["CREATE INDEX CONCURRENTLY orders_user ON orders (user_id, status);\n\
                 DROP INDEX CONCURRENTLY orders_user_id;"],
        check: |file| each(file, replaced),
    },
    Rule {
        id: "refresh-blocks-readers",
        severity: Severity::Error,
        what: "REFRESH MATERIALIZED VIEW without CONCURRENTLY.",
        why: "Nobody can read the view until its query is done.",
        safe: "REFRESH MATERIALIZED VIEW CONCURRENTLY {table}, which needs a unique index on it",
        bad: "REFRESH MATERIALIZED VIEW totals;",
        good: &["REFRESH MATERIALIZED VIEW CONCURRENTLY totals;"],
        check: |file| {
            each(file, |file, at| {
                let (view, lock) = *file.locked(at, Lock::AccessExclusive).first()?;
                let plain = file.statements[at].begins(&["refresh"]) && !concurrent(&file.statements[at]);
                let message = format!("it takes {lock} on {} until its query is done", file.name(view));
                plain.then(|| Found::at(at, message).table(file.name(view)))
            })
        },
    },
];

fn concurrent(statement: &Statement) -> bool {
    statement.says(&["concurrently"])
}

fn replaced(file: &File, at: usize) -> Option<Found> {
    let statement = &file.statements[at];
    let after = &statement.seen.as_ref()?.after;
    if !statement.begins(&["drop", "index"]) {
        return None;
    }
    let was_there = |oid: &u32| {
        let earlier = file.statements[..at].iter().rev().find_map(|one| one.seen.as_ref());
        earlier.is_none_or(|seen| seen.after.indexes.contains_key(oid))
    };
    let first = |columns: &str| columns.split_whitespace().next().map(String::from);
    let gone =
        file.before.indexes.iter().filter(|(oid, _)| was_there(oid) && !after.indexes.contains_key(oid));
    for (oid, index) in gone {
        for later in &file.statements[at + 1..] {
            let Some(seen) = &later.seen else { continue };
            let new = seen.after.indexes.iter().find(|(other, new)| {
                !file.before.indexes.contains_key(other)
                    && new.table == index.table
                    && first(&new.columns) == first(&index.columns)
            });
            if let Some((new, _)) = new {
                let new =
                    seen.after.relations.get(new).map_or("a new index", |relation| relation.bare.as_str());
                let message = format!("{} is gone before {new} is built", file.name(*oid));
                return Some(Found::at(at, message).table(file.name(index.table)));
            }
        }
    }
    None
}
