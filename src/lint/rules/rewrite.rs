//! Tables that are written anew: nobody reads or writes them meanwhile, and that takes as long as they are large.

use crate::lint::{
    file::{File, Statement},
    rule::{Found, Rule, Severity, each, list},
};

pub const RULES: &[Rule] = &[
    Rule {
        id: "column-rewrites-table",
        severity: Severity::Error,
        what: "A column is added in a way that writes the whole table anew: a volatile default, an identity, \
               `serial`, a stored generated column, or a domain with a condition.",
        why: "Nobody can read or write the table until every row and index is written again. A constant or stable \
              default, such as now(), costs nothing.",
        safe: "ALTER TABLE {table} ADD COLUMN c …;  then ALTER COLUMN c SET DEFAULT …, and fill c in batches",
        bad: "ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();",
        good: &[
            "ALTER TABLE users ADD COLUMN token uuid;",
            "ALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();",
            "UPDATE users SET token = gen_random_uuid() WHERE id BETWEEN 1 AND 1000 AND token IS NULL;",
        ],
        check: |file| {
            each(file, |file, at| {
                let statement = &file.statements[at];
                rewrites(file, at, statement.says(&["add"]) && !retypes(statement))
                    .map(|found| found.word("add"))
            })
        },
    },
    Rule {
        id: "type-change-rewrites",
        severity: Severity::Error,
        what: "A column's type is changed to one that is stored otherwise.",
        why: "Nobody can read or write the table until every row and index is written again; and drivers that \
              know the type of the column fail. Widening varchar or numeric costs nothing.",
        safe: "ALTER TABLE {table} ADD COLUMN c2 …;  keep both filled by a trigger, fill c2 in batches, \
               move the code to c2, drop c",
        bad: "ALTER TABLE users ALTER COLUMN age TYPE bigint;",
        good: &[
            "ALTER TABLE users ADD COLUMN age_wide bigint;",
            "UPDATE users SET age_wide = age WHERE id BETWEEN 1 AND 1000;",
        ],
        check: |file| {
            each(file, |file, at| {
                rewrites(file, at, retypes(&file.statements[at])).map(|found| found.word("type"))
            })
        },
    },
    Rule {
        id: "table-rewritten",
        severity: Severity::Error,
        what: "A table is written anew: SET LOGGED or UNLOGGED, SET TABLESPACE, SET ACCESS METHOD, CLUSTER, VACUUM FULL.",
        why: "Nobody can read or write the table meanwhile.",
        safe: "do it in a maintenance window, or copy the table online, with pg_repack for instance",
        bad: "ALTER TABLE payments SET UNLOGGED;",
        good: &["ALTER TABLE payments SET (fillfactor = 90);"],
        check: |file| {
            each(file, |file, at| {
                let statement = &file.statements[at];
                let told = statement.says(&["add"]) || retypes(statement);
                let anew = statement.begins(&["truncate"]) || statement.begins(&["refresh"]);
                rewrites(file, at, !told && !anew)
            })
        },
    },
];

fn rewrites(file: &File, at: usize, way: bool) -> Option<Found> {
    let tables = file.rewritten(at);
    let first = *tables.first()?;
    let names: Vec<String> = tables.iter().map(|table| file.name(*table).to_string()).collect();
    let found = || Found::at(at, format!("{} is written anew under ACCESS EXCLUSIVE", list(&names)));
    way.then(|| found().table(file.name(first)))
}

/// `ALTER COLUMN c TYPE t`, `SET DATA TYPE t`
pub fn retypes(statement: &Statement) -> bool {
    let tokens = &statement.tokens;
    statement.begins(&["alter", "table"])
        && (2..tokens.len()).any(|at| {
            let column = at > 2 && (tokens[at - 2].is("alter") || tokens[at - 2].is("column"));
            tokens[at].is("type") && (tokens[at - 1].is("data") || column)
        })
}
