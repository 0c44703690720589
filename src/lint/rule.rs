//! What a rule is, and the list of all.
//!
//! To add one, write it into a file of `rules` and that file's list here; docs/rules.md follows by
//! `cargo test --test lint`.

use super::{file::File, rules};

/// One rule with its page.
pub struct Rule {
    /// Kebab-case: what is searched for, and allowed by name.
    pub id: &'static str,
    pub severity: Severity,
    /// What triggers it, in one sentence.
    pub what: &'static str,
    /// What happens then.
    pub why: &'static str,
    /// The safe way; `{table}` is the one that it is about.
    pub safe: &'static str,
    /// A file that triggers this rule and no other.
    pub bad: &'static str,
    /// Files that do the same and trigger none.
    pub good: &'static [&'static str],
    pub check: fn(&File) -> Vec<Found>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It stops or breaks something, or it loses something.
    Error,
    /// It may, or it is a habit that ends badly.
    Warning,
}

/// Where a rule is broken and how that was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// None where it is the whole file.
    pub statement: Option<usize>,
    /// What was measured.
    pub message: String,
    pub table: Option<String>,
    /// Facts besides.
    pub notes: Vec<String>,
    /// The word of the statement that it is about.
    pub word: Option<&'static str>,
}

/// All rules, in the order of docs/rules.md.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let lists: [&[Rule]; 9] = [
        rules::rewrite::RULES,
        rules::scan::RULES,
        rules::index::RULES,
        rules::lock::RULES,
        rules::partition::RULES,
        rules::loss::RULES,
        rules::compatibility::RULES,
        rules::transaction::RULES,
        rules::comment::RULES,
    ];
    lists.into_iter().flatten()
}

pub fn named(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

impl Found {
    pub fn at(statement: usize, message: impl Into<String>) -> Found {
        let statement = Some(statement);
        Found { statement, message: message.into(), table: None, notes: Vec::new(), word: None }
    }

    pub fn table(self, table: impl Into<String>) -> Found {
        Found { table: Some(table.into()), ..self }
    }

    pub fn word(self, word: &'static str) -> Found {
        Found { word: Some(word), ..self }
    }
}

/// Asks a question of each statement.
pub fn each(file: &File, question: impl Fn(&File, usize) -> Option<Found>) -> Vec<Found> {
    (0..file.statements.len()).filter_map(|at| question(file, at)).collect()
}

/// `a, b and 3 more`
pub fn list(names: &[String]) -> String {
    const SHOWN: usize = 4;
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] if names.len() <= SHOWN => format!("{} and {last}", all.join(", ")),
        _ => format!("{} and {} more", names[..SHOWN - 1].join(", "), names.len() - SHOWN + 1),
    }
}
