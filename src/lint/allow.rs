//! `-- planwright: allow rule-id (reason)`: what its author knows about and means.
//!
//! Separate because comments say nothing of what a statement does.

use super::{file::File, rule};
use crate::diagnostic::Place;
use std::ops::Range;

/// One such comment.
#[derive(Debug)]
pub struct Allow {
    pub rule: String,
    pub reason: String,
    pub place: Place,
    /// The statements that it is about.
    statements: Range<usize>,
    used: bool,
}

const WORDS: &str = "planwright: allow";

/// The comments of a file that allow something. One that a blank line parts from the first statement is about
/// the whole file; others are about the statement that they stand in or before.
pub fn read(file: &File, comments: &[Range<usize>]) -> Vec<Allow> {
    let text = &file.source.text;
    let statements = &file.statements;
    let mut allows = Vec::new();
    for comment in comments {
        let inside =
            text[comment.clone()].trim_start_matches("--").trim_start_matches("/*").trim_end_matches("*/");
        let Some(rest) = inside.trim().strip_prefix(WORDS) else { continue };
        let rest = rest.trim();
        let (rule, reason) = match rest.split_once('(') {
            Some((rule, reason)) => (rule.trim(), reason.trim().trim_end_matches(')').trim()),
            None => (rest, ""),
        };
        let next = statements.iter().position(|statement| statement.range.end > comment.start);
        let next = next.unwrap_or(statements.len());
        let blank = statements.get(next).is_some_and(|statement| {
            statement.range.start > comment.end
                && text[comment.end..statement.range.start].lines().skip(1).any(|line| line.trim().is_empty())
        });
        let whole = next == 0 && blank;
        allows.push(Allow {
            rule: rule.to_string(),
            reason: reason.to_string(),
            place: Place { path: file.source.path.clone(), text: text.clone(), range: comment.clone() },
            statements: if whole { 0..usize::MAX } else { next..next + 1 },
            used: false,
        });
    }
    allows
}

/// Is this rule allowed to be broken there? A finding about no statement is about the file.
pub fn allowed(allows: &mut [Allow], rule: &str, statement: Option<usize>) -> bool {
    let mut found = false;
    for allow in allows.iter_mut().filter(|allow| allow.rule == rule) {
        if statement.map_or(allow.statements.end == usize::MAX, |at| allow.statements.contains(&at)) {
            allow.used = true;
            found = true;
        }
    }
    found
}

/// What is wrong with a comment once all rules were asked: the rule's id and the message.
pub fn wrong(allow: &Allow) -> Option<(&'static str, String)> {
    let Allow { rule, .. } = allow;
    if rule::named(rule).is_none() {
        return Some(("allow-unused", format!("there is no rule `{rule}`")));
    }
    if !allow.used {
        return Some(("allow-unused", format!("`{rule}` is allowed here and not broken")));
    }
    allow.reason.is_empty().then(|| ("allow-without-reason", format!("`{rule}` is allowed without a reason")))
}
