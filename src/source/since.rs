//! What statements can say since which major version, so that an older one's error tells it.
//!
//! Separate because PostgreSQL only reports a syntax error at a word that it does not know.

use super::token::{Kind, tokens};

/// Something that a later major version brought.
#[derive(Debug, PartialEq, Eq)]
pub struct Novelty {
    /// As SQL or people name it.
    pub name: &'static str,
    /// The first major version that has it.
    pub since: u32,
    /// Can nothing else be meant by its words?
    pub certain: bool,
    /// How the statement begins, where that matters.
    begins: &'static [&'static str],
    /// What follows each other in it; of a single word the end is enough where it begins with `*`.
    words: &'static [&'static str],
}

/// From the release notes, the newest first.
const NOVELTIES: &[Novelty] = &[
    certain("NOT ENFORCED", 18, &["not", "enforced"]),
    certain("WITHOUT OVERLAPS", 18, &["without", "overlaps"]),
    likely("PERIOD", 18, &["create", "table"], &["period"]),
    likely("VIRTUAL", 18, &["create", "table"], &["virtual"]),
    likely("VIRTUAL", 18, &["alter", "table"], &["virtual"]),
    likely(
        "a NOT NULL constraint that is named or NOT VALID",
        18,
        &["alter", "table"],
        &["add", "constraint", "*", "not", "null"],
    ),
    likely("the privilege MAINTAIN", 17, &["grant"], &["maintain"]),
    likely("the provider builtin", 17, &["create", "collation"], &["builtin"]),
    likely("RULES", 16, &["create", "collation"], &["rules"]),
    likely("STORAGE in CREATE TABLE", 16, &["create", "table"], &["storage"]),
    certain("NULLS NOT DISTINCT", 15, &["nulls", "not", "distinct"]),
    certain("security_invoker", 15, &["security_invoker"]),
    certain("an unlogged sequence", 15, &["unlogged", "sequence"]),
    certain("TABLES IN SCHEMA", 15, &["tables", "in", "schema"]),
    certain("SET ACCESS METHOD", 15, &["set", "access", "method"]),
    likely("a publication's WHERE", 15, &["create", "publication"], &["where"]),
    likely("MERGE", 15, &["merge"], &["merge"]),
    certain("BEGIN ATOMIC", 14, &["begin", "atomic"]),
    certain("CREATE OR REPLACE TRIGGER", 14, &["create", "or", "replace", "trigger"]),
    likely("a procedure's OUT", 14, &["create", "procedure"], &["out"]),
    likely("COMPRESSION", 14, &["create", "table"], &["compression"]),
    likely("COMPRESSION", 14, &["alter", "table"], &["compression"]),
    likely("statistics on an expression", 14, &["create", "statistics"], &["on"]),
    likely("multirange types", 14, &[], &["*multirange"]),
    likely("multirange types", 14, &["create", "type"], &["multirange_type_name"]),
    likely("a subscription's binary and streaming", 14, &["create", "subscription"], &["binary"]),
    likely("a publication's columns", 15, &["create", "publication"], &["table"]),
    likely("BRIN's minmax_multi operator classes", 14, &["create", "index"], &["*minmax_multi_ops"]),
    likely("BRIN's bloom operator classes", 14, &["create", "index"], &["*bloom_ops"]),
];

const fn certain(name: &'static str, since: u32, words: &'static [&'static str]) -> Novelty {
    Novelty { name, since, certain: true, begins: &[], words }
}

const fn likely(
    name: &'static str,
    since: u32,
    begins: &'static [&'static str],
    words: &'static [&'static str],
) -> Novelty {
    Novelty { name, since, certain: false, begins, words }
}

/// What this major version does not have yet of what a statement asks for.
///
/// ```
/// use planwright::source::newer;
/// let statement = "CREATE TABLE t (a int UNIQUE NULLS NOT DISTINCT)";
/// assert_eq!(newer(statement, 14).map(|novelty| novelty.since), Some(15));
/// assert_eq!(newer(statement, 15), None);
/// ```
pub fn newer(statement: &str, major: u32) -> Option<&'static Novelty> {
    let mut later = NOVELTIES.iter().filter(|novelty| novelty.since > major).peekable();
    later.peek()?;
    let tokens = tokens(statement);
    let words: Vec<&str> = tokens
        .iter()
        .map(|token| match &token.kind {
            Kind::Word(word) => word.as_str(),
            _ => "",
        })
        .collect();
    let meets = |(word, asked): (&&str, &&str)| match asked.strip_prefix('*') {
        Some(end) => word.ends_with(end),
        None => word == asked,
    };
    later.find(|novelty| {
        words.starts_with(novelty.begins)
            && words.windows(novelty.words.len()).any(|window| window.iter().zip(novelty.words).all(meets))
    })
}
