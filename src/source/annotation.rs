//! `-- @ignore …`, `-- @only …` and `-- @runtime-partitions`: what a schema leaves to others; `-- @data`: what it takes
//! besides.
//!
//! Separate because comments are nothing to the rest of this stage, and a rename stands at one thing only.

use std::ops::Range;

use super::{Statements, rename};
use crate::diagnostic::{Diagnostic, Place};

/// One comment that says what no plan is to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    pub says: Says,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Says {
    /// Leave what matches this rule to others.
    Ignore(String),
    /// Leave to others what matches no such rule.
    Only(String),
    /// Partitions of this table come and go by themselves: its name as written, the schema only if it was.
    RuntimePartitions(Vec<String>),
    /// The rows of this table are what the INSERTs say: its name as written, the schema only if it was.
    Data(Vec<String>),
}

/// Reads the annotations of one source; its statements are those from `first` on.
pub(super) fn collect(
    all: &mut Statements,
    source: usize,
    comments: &[Range<usize>],
    first: usize,
    problems: &mut Vec<Diagnostic>,
) {
    let text = all.sources[source].text.clone();
    for comment in comments {
        let place = all.place_of(source, comment.clone());
        let Some((word, rest)) = annotation(&text[comment.clone()]) else { continue };
        let says = match word {
            "@ignore" => Says::Ignore(rest.to_string()),
            "@only" => Says::Only(rest.to_string()),
            "@runtime-partitions" | "@data" => match rename::target(all, &text, comment, first) {
                Ok(name) if word == "@data" => Says::Data(name),
                Ok(name) => Says::RuntimePartitions(name),
                Err(message) => {
                    let help = format!("write `-- {word}` on a line of its own before CREATE TABLE");
                    problems.push(Diagnostic::failed("stray-annotation", message).at(Some(place)).help(help));
                    continue;
                }
            },
            _ => continue,
        };
        all.annotations.push(Annotation { says, place });
    }
}

/// The word that a line comment begins with, where that is an annotation, and what follows it.
fn annotation(comment: &str) -> Option<(&str, &str)> {
    let inside = comment.strip_prefix("--")?.trim();
    let end = inside.find(char::is_whitespace).unwrap_or(inside.len());
    inside.starts_with('@').then(|| (&inside[..end], inside[end..].trim()))
}
