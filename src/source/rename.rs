//! `-- @renamed from=old_name`: which object each such comment stands at.
//!
//! Separate because comments are nothing to the rest of this stage.

use std::ops::Range;

use super::{
    Statements,
    name::elements,
    token::{Kind, Token, tokens},
};
use crate::diagnostic::{Diagnostic, Place};

/// One `-- @renamed from=old` and the thing it stands at.
#[derive(Clone, Debug, PartialEq)]
pub struct Rename {
    /// As PostgreSQL stores it.
    pub from: String,
    /// What is called so now: the parts of its name as written, the schema only if it was.
    pub target: Vec<String>,
    /// The annotation.
    pub place: Place,
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
    for comment in comments.iter().filter(|comment| text[(*comment).clone()].contains("@renamed")) {
        let place = all.place_of(source, comment.clone());
        let found =
            from(&text[comment.clone()]).and_then(|from| Ok((from, target(all, &text, comment, first)?)));
        match found {
            Ok((from, target)) => all.renames.push(Rename { from, target, place }),
            Err(message) => problems.push(
                Diagnostic::failed("stray-annotation", message)
                    .at(Some(place))
                    .help("write `-- @renamed from=old_name` on the line of the new name, or on a line of its own before it"),
            ),
        }
    }
}

/// The old name in `-- @renamed from=old`.
fn from(comment: &str) -> Result<String, String> {
    let malformed = || Err("this annotation does not say `@renamed from=old_name`".to_string());
    let inside =
        comment.trim_start_matches(['-', '/', '*', ' ', '\t']).trim_end_matches(['*', '/', ' ', '\t']);
    let Some(rest) = inside.strip_prefix("@renamed") else { return malformed() };
    let tokens = tokens(rest);
    match tokens.as_slice() {
        [word, equals, name] if word.is("from") && equals.is_symbol('=') => match &name.kind {
            Kind::Word(name) | Kind::Quoted(name) | Kind::Text(name) => Ok(name.clone()),
            _ => malformed(),
        },
        [word, equals, _, dot, ..] if word.is("from") && equals.is_symbol('=') && dot.is_symbol('.') => {
            Err("a rename keeps the schema; `from=` takes the old name alone".to_string())
        }
        _ => malformed(),
    }
}

/// The name of what a comment stands at.
pub(super) fn target(
    all: &Statements,
    text: &str,
    comment: &Range<usize>,
    first: usize,
) -> Result<Vec<String>, String> {
    let statements = &all.statements[first..];
    let next = statements.partition_point(|statement| statement.range.end <= comment.start);
    let line = text[..comment.start].rfind('\n').map_or(0, |at| at + 1);
    let alone = text[line..comment.start].trim().is_empty();
    if let Some(statement) = statements.get(next).filter(|statement| statement.range.start < comment.start) {
        let range = statement.range.clone();
        let at = comment.start - range.start;
        let inside = element(&tokens(&text[range]), at, alone)
            .ok_or("this annotation stands at nothing that has a name")?;
        let own =
            statement.provides.first().ok_or("this annotation stands in a statement that creates nothing")?;
        return Ok(own.parts.iter().cloned().chain(inside).collect());
    }
    // After a statement on its last line, else before the next one.
    let trailed = next
        .checked_sub(1)
        .map(|before| &statements[before])
        .filter(|before| !alone && before.range.end > line);
    let statement = trailed
        .or(statements.get(next))
        .ok_or("this annotation stands at nothing: no statement follows it")?;
    let own =
        statement.provides.first().ok_or("this annotation stands at a statement that creates nothing")?;
    Ok(own.parts.clone())
}

/// The name of the element that a comment at this byte stands at; empty when it means the whole statement.
fn element(tokens: &[Token], at: usize, alone: bool) -> Option<Option<String>> {
    let next = tokens.partition_point(|token| token.range.start < at);
    let elements = elements(tokens);
    let opens = elements.first()?.tokens.start;
    let around = |token: usize| elements.iter().find(|element| element.tokens.contains(&token));
    if alone {
        return around(next).and_then(|element| element.name.clone()).map(Some);
    }
    // The last token on the line; a comma ends the element before it.
    let mut last = next.checked_sub(1)?;
    if tokens[last].is_symbol(',') {
        last -= 1;
    }
    match around(last) {
        Some(element) => element.name.clone().map(Some),
        None if last < opens => Some(None),
        None => None,
    }
}
