//! What code that was written for the schema before meets after.

use crate::{
    lint::{
        change::Change,
        file::File,
        rule::{Found, Rule, Severity, each, list},
    },
    settings::Policy,
    step::Lock,
};

pub const RULES: &[Rule] = &[
    Rule {
        id: "renames",
        severity: Severity::Error,
        what: "A table, a view, a sequence or a column has another name.",
        why: "Programs that run use the old name and fail at once, those that are deployed first use the new one.",
        safe: "for a table: rename it and CREATE VIEW with the old name in one transaction; for a column of {table}: add a \
               new one, keep both filled by a trigger, drop the old one a release later",
        bad: "ALTER TABLE users RENAME COLUMN name TO full_name;",
        good: &["ALTER TABLE users ADD COLUMN full_name varchar(40);"],
        check: |file| {
            tell(file, |change| match change {
                Change::Renamed { from, to } => Some((from, format!("{from} is {to} now"))),
                Change::ColumnRenamed { table, from, to } => {
                    Some((table, format!("{table}.{from} is {to} now")))
                }
                _ => None,
            })
        },
    },
    Rule {
        id: "drops-view",
        severity: Severity::Error,
        what: "A view is gone when the file ends, or a column of it.",
        why: "Programs that read it fail.",
        safe: "CREATE OR REPLACE VIEW {table} with all the columns that it had, and drop it when nobody reads it",
        bad: "DROP VIEW paid;",
        good: &[
            "DROP VIEW paid;\nCREATE VIEW paid AS SELECT id, total, status FROM orders WHERE status <> 'new';",
        ],
        check: |file| {
            tell(file, |change| match change {
                Change::ViewGone { view, column } if column.is_empty() => {
                    Some((view, format!("{view} is gone")))
                }
                Change::ViewGone { view, column } => {
                    Some((view, format!("{view} has no column {column} any more")))
                }
                _ => None,
            })
        },
    },
    Rule {
        id: "drops-routine",
        severity: Severity::Error,
        what: "A function or procedure is gone when the file ends, or takes other parameters.",
        why: "Programs that call it as before fail.",
        safe: "create the new one beside the old one, move the callers, drop the old one a release later",
        bad: "DROP FUNCTION area(integer);",
        good: &["CREATE FUNCTION area(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT a * b';"],
        check: |file| {
            tell(file, |change| match change {
                Change::RoutineGone { routine } => Some((routine, format!("{routine} is gone"))),
                _ => None,
            })
        },
    },
    Rule {
        id: "drops-type",
        severity: Severity::Error,
        what: "A type is gone when the file ends or has another name; or a value of an enum is.",
        why: "Programs that name it fail.",
        safe: "keep it until no code names it",
        bad: "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';",
        good: &["ALTER TYPE mood ADD VALUE 'blue';"],
        check: |file| {
            tell(file, |change| match change {
                Change::TypeGone { r#type } => Some((r#type, format!("{type} is gone"))),
                Change::LabelGone { r#type, label } => {
                    Some((r#type, format!("{type} has no value '{label}' any more")))
                }
                _ => None,
            })
        },
    },
    Rule {
        id: "drops-sequence",
        severity: Severity::Error,
        what: "A sequence is gone when the file ends.",
        why: "nextval() of it fails, and where it had come to is forgotten.",
        safe: "keep it until no code and no default names it",
        bad: "DROP SEQUENCE tickets;",
        good: &["CREATE SEQUENCE coupons;"],
        check: |file| {
            tell(file, |change| match change {
                Change::SequenceGone { sequence } => Some((sequence, format!("{sequence} is gone"))),
                _ => None,
            })
        },
    },
    Rule {
        id: "required-column",
        severity: Severity::Error,
        what: "A column is added that must not be null and has no default.",
        why: "On a table with rows it fails; and every INSERT of running code, which does not name it, fails.",
        safe: "ALTER TABLE {table} ADD COLUMN c … NOT NULL DEFAULT …, or add it without NOT NULL at first",
        bad: "ALTER TABLE users ADD COLUMN country text NOT NULL;",
        good: &["ALTER TABLE users ADD COLUMN country text NOT NULL DEFAULT 'unknown';"],
        check: |file| {
            tell(file, |change| match change {
                Change::ColumnRequired { table, column } => {
                    Some((table, format!("every INSERT into {table} must name {column} from now on")))
                }
                _ => None,
            })
        },
    },
    Rule {
        id: "default-dropped",
        severity: Severity::Error,
        what: "The default of a column that must not be null is dropped.",
        why: "Running code that leaves the column out of its INSERT fails (23502).",
        safe: "keep the default until all code names the column",
        bad: "ALTER TABLE orders ALTER COLUMN status DROP DEFAULT;",
        good: &["ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'open';"],
        check: |file| {
            tell(file, |change| match change {
                Change::DefaultDropped { table, column } => {
                    Some((table, format!("an INSERT into {table} without {column} fails from now on")))
                }
                _ => None,
            })
        },
    },
    Rule {
        id: "type-changed",
        severity: Severity::Error,
        what: "A column has another type, as drivers see it, though no row was written anew.",
        why: "Programs that decode the column by its type fail or read something else.",
        safe: "add a column of the new type to {table}, keep both filled by a trigger, move the code, drop the old one",
        bad: "ALTER TABLE users ALTER COLUMN seen TYPE timestamptz;",
        good: &["ALTER TABLE users ADD COLUMN seen_at timestamptz;"],
        check: |file| {
            let mut found = tell(file, |change| match change {
                Change::TypeChanged { table, column, from, to } => {
                    Some((table, format!("{table}.{column} is {to} and no longer {from}")))
                }
                _ => None,
            });
            found.retain(|one| one.statement.is_some_and(|at| file.rewritten(at).is_empty()));
            found
        },
    },
    Rule {
        id: "json-column",
        severity: Severity::Warning,
        what: "A column of type json is added.",
        why: "json has no equality, so SELECT DISTINCT, UNION and GROUP BY over the table's rows fail.",
        safe: "take jsonb",
        bad: "ALTER TABLE users ADD COLUMN data json;",
        good: &["ALTER TABLE users ADD COLUMN data jsonb;"],
        check: |file| {
            tell(file, |change| match change {
                Change::Json { table, column } => Some((table, format!("{table}.{column} has no equality"))),
                _ => None,
            })
        },
    },
    Rule {
        id: "drops-uniqueness",
        severity: Severity::Error,
        what: "A unique index or constraint is gone when the file ends, and no other is like it.",
        why: "ON CONFLICT over its columns fails (42P10), and duplicates come in.",
        safe: "move the code that says ON CONFLICT first; to replace the index, build the new one before",
        bad: "ALTER TABLE users DROP CONSTRAINT users_email_key;",
        good: &[
            "CREATE UNIQUE INDEX CONCURRENTLY users_email_2 ON users (email);",
            "ALTER TABLE users DROP CONSTRAINT users_email_key;",
        ],
        check: |file| {
            tell(file, |change| match change {
                Change::UniqueGone { table, index } => {
                    Some((table, format!("without {index} nothing keeps these columns of {table} unique")))
                }
                _ => None,
            })
        },
    },
    Rule {
        id: "row-security-hides-rows",
        severity: Severity::Error,
        what: "Row security is on when the file ends, and no policy lets anybody see a row.",
        why: "Queries find nothing, and nothing says so.",
        safe: "CREATE POLICY … ON {table} … first, then ENABLE ROW LEVEL SECURITY",
        bad: "ALTER TABLE users ENABLE ROW LEVEL SECURITY;",
        good: &[
            "CREATE POLICY everybody ON users USING (true);\nALTER TABLE users ENABLE ROW LEVEL SECURITY;",
        ],
        check: |file| {
            tell(file, |change| match change {
                Change::Hidden { table } => {
                    Some((table, format!("nobody but its owner sees a row of {table}")))
                }
                _ => None,
            })
        },
    },
    Rule {
        id: "privileges-revoked",
        severity: Severity::Error,
        what: "A role may do less with a relation when the file ends.",
        why: "Its queries fail (42501).",
        safe: "revoke when no program of that role does it any more",
        bad: "REVOKE SELECT ON users FROM PUBLIC;",
        good: &["GRANT INSERT ON users TO PUBLIC;"],
        check: |file| {
            tell(file, |change| match change {
                Change::PrivilegeGone { relation, role, privilege } => {
                    Some((relation, format!("{role} has no {privilege} on {relation} any more")))
                }
                _ => None,
            })
        },
    },
    Rule {
        id: "replication-changed",
        severity: Severity::Warning,
        what: "A publication is changed or dropped, or REPLICA IDENTITY is set to NOTHING.",
        why: "Subscribers miss changes; UPDATE and DELETE of a published table fail without an identity.",
        safe: "change the subscribers first",
        bad: "ALTER PUBLICATION news DROP TABLE users;",
        good: &["ALTER TABLE users REPLICA IDENTITY FULL;"],
        check: |file| {
            each(file, |file, at| {
                let statement = &file.statements[at];
                let less = ["drop", "set"].iter().any(|word| statement.says(&[word]));
                let publication = statement.begins(&["drop", "publication"])
                    || statement.begins(&["alter", "publication"]) && less;
                let unidentified = statement.changes.iter().find_map(|change| match change {
                    Change::Unidentified { table } => {
                        Some(format!("UPDATE and DELETE of {table} say no longer which row"))
                    }
                    _ => None,
                });
                let message =
                    publication.then(|| "subscribers get no changes of what it leaves out".to_string());
                Some(Found::at(at, message.or(unidentified)?))
            })
        },
    },
    Rule {
        id: "extension-changed",
        severity: Severity::Warning,
        what: "An extension is dropped or updated.",
        why: "What its functions and types do is in no file, so nothing here can tell what changes.",
        safe: "try it on a copy of the database first",
        bad: "DROP EXTENSION pg_trgm;",
        good: &["COMMENT ON EXTENSION pg_trgm IS 'similar words';"],
        check: |file| {
            each(file, |file, at| {
                let statement = &file.statements[at];
                let update = statement.begins(&["alter", "extension"]) && statement.says(&["update"]);
                let changes = statement.begins(&["drop", "extension"]) || update;
                changes.then(|| Found::at(at, "what it brings is in no file, and changes"))
            })
        },
    },
    Rule {
        id: "breaks-old-code",
        severity: Severity::Error,
        what: "A statement that worked on the schema before fails after, for a reason that no other rule tells.",
        why: "While both run, the programs of before fail.",
        safe: "make the change in two: what adds before the new code is deployed, what takes away after the old code is gone",
        bad: "-- planwright: allow loses-data (nobody wrote to it)\nALTER TABLE users DROP COLUMN note;",
        good: &["ALTER TABLE users ADD COLUMN remark text;"],
        check: |file| {
            each(file, |file, at| {
                let statement = &file.statements[at];
                let mut told = statement.changes.iter().filter(|change| {
                    !matches!(change, Change::TableDropped { .. } | Change::ColumnDropped { .. })
                });
                if told.next().is_some() {
                    return None;
                }
                let first = statement.breaks.first()?;
                let message =
                    format!("{} fails with {}: {}", short(&first.statement), first.code, first.message);
                let mut found = Found::at(at, message);
                let more = statement.breaks.iter().skip(1).take(4);
                found.notes.extend(
                    more.map(|broken| format!("{} fails with {}", short(&broken.statement), broken.code)),
                );
                Some(found)
            })
        },
    },
    Rule {
        id: "not-strict",
        severity: Severity::Error,
        what: "Under the policy `strict`, a file does more than to add tables, views and comments.",
        why: "The project says that an additive migration does nothing to what is there.",
        safe: "make a new table instead, or release it as a new major version",
        bad: "ALTER TABLE users ADD COLUMN a integer;",
        good: &["CREATE TABLE accounts (user_id bigint PRIMARY KEY);\nCREATE INDEX ON accounts (user_id);\n\
                 COMMENT ON TABLE users IS 'people';"],
        check: |file| match file.policy {
            Policy::Strict => each(file, more_than_adds),
            Policy::Compat => Vec::new(),
        },
    },
];

/// A finding for each statement with such changes, all of them in one.
fn tell<'a>(file: &'a File, question: impl Fn(&'a Change) -> Option<(&'a String, String)>) -> Vec<Found> {
    let about = |at: usize| -> Option<Found> {
        let told: Vec<(&String, String)> = file.statements[at].changes.iter().filter_map(&question).collect();
        let (table, _) = told.first()?;
        let words: Vec<String> = told.iter().map(|(_, words)| words.clone()).collect();
        Some(Found::at(at, list(&words)).table((*table).clone()))
    };
    (0..file.statements.len()).filter_map(about).collect()
}

/// A statement that names many columns, by its ends.
fn short(statement: &str) -> String {
    const SHOWN: usize = 40;
    let letters: Vec<char> = statement.chars().collect();
    if letters.len() <= 3 * SHOWN {
        return statement.to_string();
    }
    let text = |letters: &[char]| letters.iter().collect::<String>();
    format!("{} … {}", text(&letters[..SHOWN]), text(&letters[letters.len() - SHOWN..]))
}

fn more_than_adds(file: &File, at: usize) -> Option<Found> {
    let statement = &file.statements[at];
    let seen = statement.seen.as_ref()?;
    let comments = statement.begins(&["comment", "on"]);
    let creates = statement.begins(&["create"])
        && ["table", "view"].iter().any(|word| statement.tokens.iter().take(6).any(|token| token.is(word)));
    if comments || creates && statement.changes.is_empty() {
        return None;
    }
    // An enum's new value takes nothing from anybody.
    let adds_value = statement.begins(&["alter", "type"]) && statement.says(&["add", "value"]);
    let alters = ["alter", "drop"].iter().any(|word| statement.begins(&[word])) && !adds_value;
    let mut touched = seen.taken.iter().filter(|(_, lock)| **lock > Lock::RowShare);
    let what = match touched.next() {
        Some((relation, lock)) => format!("it takes {lock} on {}, which was there", file.name(*relation)),
        None if !statement.changes.is_empty() => "it takes away what was there".to_string(),
        // What is no relation takes no lock that is seen.
        None if alters && !about_new(file, at) => "it changes what was there".to_string(),
        None => return None,
    };
    Some(Found::at(at, what))
}

/// Is it about a relation that the file itself made?
fn about_new(file: &File, at: usize) -> bool {
    let Some(seen) = &file.statements[at].seen else { return false };
    let new = seen.after.relations.iter().filter(|(oid, _)| !file.before.relations.contains_key(oid));
    let statement = &file.statements[at];
    new.into_iter().any(|(_, relation)| statement.names(&relation.bare))
}
