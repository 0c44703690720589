//! The comments that silence other rules. What breaks these is seen only when all others were asked.

use crate::lint::rule::{Rule, Severity};

pub const RULES: &[Rule] = &[
    Rule {
        id: "allow-unused",
        severity: Severity::Warning,
        what: "`-- planwright: allow` names a rule that there is not, or that is not broken there.",
        why: "It says of the statement what is not so, and would silence what comes later.",
        safe: "remove the comment",
        bad: "-- planwright: allow loses-data (the table was never used)\nALTER TABLE users ADD COLUMN a integer;",
        good: &["-- planwright: allow loses-data (the rows were copied)\nTRUNCATE orders;"],
        check: |_| Vec::new(),
    },
    Rule {
        id: "allow-without-reason",
        severity: Severity::Warning,
        what: "`-- planwright: allow` gives no reason.",
        why: "Who reads it later cannot tell whether it still holds.",
        safe: "-- planwright: allow rule-id (why it is right here)",
        bad: "-- planwright: allow loses-data\nTRUNCATE orders;",
        good: &["-- planwright: allow loses-data (the rows were copied)\nTRUNCATE orders;"],
        check: |_| Vec::new(),
    },
];
