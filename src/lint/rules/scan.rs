//! Tables that are read as a whole while a lock keeps others out.

use super::rewrite::retypes;
use crate::lint::{
    change::Change,
    file::{File, Statement},
    rule::{Found, Rule, Severity, each, list},
};

pub const RULES: &[Rule] = &[
    Rule {
        id: "not-null-scan",
        severity: Severity::Error,
        what: "SET NOT NULL (or a primary key on a column that may be null) reads the whole table under ACCESS EXCLUSIVE.",
        why: "Nobody can read or write the table until every row was looked at. A CHECK that is validated already \
              proves the same and spares that, if it still stands when SET NOT NULL runs.",
        safe: "ALTER TABLE {table} ADD CONSTRAINT k CHECK (c IS NOT NULL) NOT VALID;  \
               ALTER TABLE {table} VALIDATE CONSTRAINT k;  then SET NOT NULL, then DROP CONSTRAINT k, each by itself",
        bad: "ALTER TABLE users ALTER COLUMN age SET NOT NULL;",
        good: &[
            "ALTER TABLE users ADD CONSTRAINT age_given CHECK (age IS NOT NULL) NOT VALID;",
            "ALTER TABLE users VALIDATE CONSTRAINT age_given;",
            "ALTER TABLE users ALTER COLUMN age SET NOT NULL;",
            "ALTER TABLE users DROP CONSTRAINT age_given;",
        ],
        check: |file| scans(file, Cause::NotNull, "not"),
    },
    Rule {
        id: "constraint-validated-under-lock",
        severity: Severity::Error,
        what: "A CHECK or foreign key is added and checked at once; a new column's own CHECK is, too.",
        why: "The table is read as a whole under a lock that keeps writers out, and for a CHECK readers too.",
        safe: "ALTER TABLE {table} ADD CONSTRAINT … NOT VALID;  in the next migration: \
               ALTER TABLE {table} VALIDATE CONSTRAINT …",
        bad: "ALTER TABLE users ADD CONSTRAINT age_right CHECK (age > 0);",
        good: &[
            "ALTER TABLE users ADD CONSTRAINT age_right CHECK (age > 0) NOT VALID;",
            "ALTER TABLE users VALIDATE CONSTRAINT age_right;",
        ],
        check: |file| scans(file, Cause::Constraint, "add"),
    },
    Rule {
        id: "validated-in-same-transaction",
        severity: Severity::Error,
        what: "VALIDATE CONSTRAINT runs in the transaction that has locked the table for the ALTER before it.",
        why: "The lock of the earlier statement is held until the transaction ends, so NOT VALID has won nothing.",
        safe: "put VALIDATE CONSTRAINT into a migration of its own, after the one that adds the constraint",
        bad: "BEGIN;\nALTER TABLE users ADD CONSTRAINT age_right CHECK (age > 0) NOT VALID;\n\
              ALTER TABLE users VALIDATE CONSTRAINT age_right;\nCOMMIT;",
        good: &[
            "ALTER TABLE users ADD CONSTRAINT age_right CHECK (age > 0) NOT VALID;",
            "ALTER TABLE users VALIDATE CONSTRAINT age_right;",
        ],
        check: |file| scans(file, Cause::Validate, "validate"),
    },
    Rule {
        id: "constraint-builds-index",
        severity: Severity::Error,
        what: "A UNIQUE or PRIMARY KEY constraint builds its index.",
        why: "Nobody can read or write the table until the index is built.",
        safe: "CREATE UNIQUE INDEX CONCURRENTLY i ON {table} (…);  \
               ALTER TABLE {table} ADD CONSTRAINT … UNIQUE USING INDEX i",
        bad: "ALTER TABLE users ADD CONSTRAINT users_name_key UNIQUE (name);",
        good: &[
            "CREATE UNIQUE INDEX CONCURRENTLY users_name_key ON users (name);",
            "ALTER TABLE users ADD CONSTRAINT users_name_key UNIQUE USING INDEX users_name_key;",
        ],
        check: |file| scans(file, Cause::Unique, "add"),
    },
    Rule {
        id: "exclusion-builds-index",
        severity: Severity::Error,
        what: "An EXCLUDE constraint is added to a table that is there.",
        why: "Nobody can read or write the table until its index is built, and it can neither be NOT VALID nor take \
              an index that is there.",
        safe: "make a new table that has the constraint, and move the rows over",
        bad: "ALTER TABLE users ADD CONSTRAINT one_age EXCLUDE USING btree (age WITH =);",
        good: &["CREATE TABLE ages (age integer, EXCLUDE USING btree (age WITH =));"],
        check: |file| scans(file, Cause::Exclude, "exclude"),
    },
    Rule {
        id: "type-change-scans",
        severity: Severity::Error,
        what: "A type change that leaves the rows alone still rebuilds an index or looks at every row for a CHECK.",
        why: "Nobody can read or write the table meanwhile. Indexes on expressions and partial ones are rebuilt, those \
              of timestamps and collations too.",
        safe: "DROP INDEX CONCURRENTLY i;  ALTER TABLE {table} ALTER COLUMN … TYPE …;  CREATE INDEX CONCURRENTLY i …; \
               a CHECK is dropped before and added after, NOT VALID, then validated",
        bad: "ALTER TABLE users ALTER COLUMN nick TYPE varchar(40);",
        good: &[
            "DROP INDEX CONCURRENTLY users_nick;",
            "ALTER TABLE users ALTER COLUMN nick TYPE varchar(40);",
            "CREATE INDEX CONCURRENTLY users_nick ON users (lower(nick));",
        ],
        check: |file| scans(file, Cause::TypeChange, "type"),
    },
    Rule {
        id: "domain-constraint-scans",
        severity: Severity::Error,
        what: "A constraint of a domain is checked against the tables that use it.",
        why: "All of them are locked against writing until all of them were read; VALIDATE does that too.",
        safe: "ALTER DOMAIN … ADD CONSTRAINT … NOT VALID, with a CHECK on {table} instead: NOT VALID, then VALIDATE",
        bad: "ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE > 0);",
        good: &["ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;"],
        check: |file| scans(file, Cause::Domain, "constraint"),
    },
    Rule {
        id: "attach-partition-scans",
        severity: Severity::Error,
        what: "ATTACH PARTITION reads a table as a whole: the new partition, or the default one.",
        why: "It is locked meanwhile. A CHECK that says the same as the bounds, and is valid, spares it.",
        safe: "ALTER TABLE {table} ADD CONSTRAINT k CHECK (…the bounds…) NOT VALID;  VALIDATE CONSTRAINT k;  \
               then ATTACH PARTITION, then DROP CONSTRAINT k, each by itself",
        bad: "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
        good: &[
            "ALTER TABLE events_2026 ADD CONSTRAINT year CHECK (at >= '2026-01-01' AND at < '2027-01-01') NOT VALID;",
            "ALTER TABLE events_2026 VALIDATE CONSTRAINT year;",
            "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
            "ALTER TABLE events_2026 DROP CONSTRAINT year;",
        ],
        check: |file| scans(file, Cause::Attach, "attach"),
    },
    Rule {
        id: "backfill-under-lock",
        severity: Severity::Error,
        what: "Rows are changed or read in the transaction that has locked their table for an ALTER.",
        why: "Nobody can use the table until all rows are done.",
        safe: "commit the ALTER first, then change the rows of {table} in batches, each in a transaction of its own",
        bad: "BEGIN;\nALTER TABLE users ADD COLUMN code text;\nUPDATE users SET code = 'a';\nCOMMIT;",
        good: &[
            "ALTER TABLE users ADD COLUMN code text;",
            "UPDATE users SET code = 'a' WHERE id BETWEEN 1 AND 1000;",
        ],
        check: |file| scans(file, Cause::Backfill, ""),
    },
    Rule {
        id: "table-scanned-under-lock",
        severity: Severity::Error,
        what: "A statement of any other kind, a DO block for instance, reads a table as a whole while it is locked.",
        why: "Others wait until every row was looked at.",
        safe: "write the statements of the block one by one, each the safe way",
        bad: "DO $$ BEGIN ALTER TABLE users ADD CHECK (age > 0); END $$;",
        good: &["DO $$ BEGIN ALTER TABLE users ADD CONSTRAINT age_right CHECK (age > 0) NOT VALID; END $$;"],
        check: |file| scans(file, Cause::Other, ""),
    },
];

/// Why a statement reads a table as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    TypeChange,
    Attach,
    Validate,
    Exclude,
    Unique,
    NotNull,
    Constraint,
    Domain,
    Backfill,
    Index,
    Other,
}

impl Cause {
    pub fn of(statement: &Statement) -> Cause {
        let begins = |word: &str| statement.begins(&[word]);
        if begins("alter") && statement.tokens.get(1).is_some_and(|token| token.is("domain")) {
            return Cause::Domain;
        }
        if ["update", "delete", "insert", "merge", "with", "select"].iter().any(|word| begins(word)) {
            return Cause::Backfill;
        }
        if begins("create") || begins("reindex") || begins("refresh") || begins("cluster") {
            return Cause::Index;
        }
        if !statement.begins(&["alter", "table"]) {
            return Cause::Other;
        }
        let says = |words: &[&str]| statement.says(words);
        if retypes(statement) {
            Cause::TypeChange
        } else if says(&["attach", "partition"]) {
            Cause::Attach
        } else if says(&["validate", "constraint"]) {
            Cause::Validate
        } else if says(&["exclude"]) {
            Cause::Exclude
        } else if says(&["set", "not", "null"]) || says(&["using", "index"]) {
            Cause::NotNull
        } else if says(&["unique"]) || says(&["primary", "key"]) {
            Cause::Unique
        } else if says(&["check"]) || says(&["references"]) {
            Cause::Constraint
        } else {
            Cause::Other
        }
    }
}

/// It fails where there are rows, which is told; where there are none, nothing is read.
fn fails_on_rows(statement: &Statement) -> bool {
    statement.changes.iter().any(|change| matches!(change, Change::ColumnRequired { .. }))
}

fn scans(file: &File, cause: Cause, word: &'static str) -> Vec<Found> {
    each(file, |file, at| {
        if Cause::of(&file.statements[at]) != cause
            || !file.rewritten(at).is_empty()
            || fails_on_rows(&file.statements[at])
        {
            return None;
        }
        let scanned = file.scanned_under_lock(at);
        let (first, lock) = *scanned.first()?;
        let names: Vec<String> = scanned.iter().map(|(table, _)| file.name(*table).to_string()).collect();
        let message = format!("{} is read as a whole under {lock}", list(&names));
        Some(Found::at(at, message).table(file.name(first)).word(word))
    })
}
