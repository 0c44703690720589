//! docs/rules.md: a section for each rule, written from what the rule says of itself.
//!
//! Separate from `rule` because it is about words alone.

use super::rule::{Severity, all};

/// What the examples of the page are about.
pub const BASE: &str = include_str!("base.sql");

const BEGINNING: &str = "# Rules of `plan lint`

<!-- Written by `cargo test --test lint` from the files in src/lint/rules; do not edit. -->

`plan lint` runs each statement on a scratch database, on top of those before it, and judges what it was seen to do:
which locks its transaction holds, which tables it reads or writes as a whole, what code written before it misses. Only
what was there before the file counts, and only what is still so when the file ends.

A line `-- planwright: allow rule-id (reason)` before a statement silences a rule for it; at the head of a file, with a
blank line after it, for the whole file.

That a `lock_timeout` should be set is a matter of the tool that runs the files, and no rule here.
";

/// The whole page.
pub fn page() -> String {
    let mut text = BEGINNING.to_string();
    text += "\nThe examples stand on this schema:\n\n";
    text += &sql(BASE);
    for rule in all() {
        let severity = match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        text += &format!("\n## {}\n\n*{severity}* — {}\n\n{}\n\n", rule.id, rule.what, rule.why);
        text += &format!("The safe way: {}\n\nBad:\n\n{}", rule.safe.replace("{table}", "t"), sql(rule.bad));
        let files = if rule.good.len() > 1 { "Good, each a file of its own:" } else { "Good:" };
        text += &format!("\n{files}\n\n");
        text += &rule.good.iter().map(|good| sql(good)).collect::<Vec<_>>().join("\n");
    }
    text
}

fn sql(text: &str) -> String {
    format!("```sql\n{}\n```\n", text.trim_end())
}
