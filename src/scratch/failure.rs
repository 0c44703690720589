//! PostgreSQL's errors, told as ours: with the place in the file that each is about.
//!
//! Separate because loading, proving and connecting all meet them.

use std::ops::Range;

use postgres::error::{DbError, ErrorPosition};

use crate::diagnostic::{Diagnostic, Place};

/// `place` is the text that was sent, as it stands in its file; PostgreSQL's position narrows it.
pub fn diagnose(error: &postgres::Error, place: Option<Place>) -> Diagnostic {
    let Some(database) = error.as_db_error() else {
        return Diagnostic::failed(
            "connection-lost",
            format!("the database did not answer: {}", plain(error)),
        )
        .at(place);
    };
    let place = place.map(|place| narrowed(place, database));
    let mut problem = Diagnostic::failed("sql-error", database.message()).at(place);
    if let Some(detail) = database.detail() {
        problem = problem.note(detail);
    }
    if let Some(context) = database.where_() {
        problem = problem.note(context);
    }
    problem = problem.note(format!("PostgreSQL reports this as {}", database.code().code()));
    if let Some(hint) = database.hint() {
        problem = problem.help(hint);
    }
    problem
}

/// What went wrong below SQL, from the innermost cause outwards; nothing of a URL is in it.
pub(super) fn plain(error: &postgres::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn narrowed(place: Place, error: &DbError) -> Place {
    let sent = &place.text[place.range.clone()];
    let (start, position) = match error.position() {
        Some(ErrorPosition::Original(position)) => (0, *position),
        // The body of a function, as it stands between its dollar quotes.
        Some(ErrorPosition::Internal { position, query }) => match sent.find(query.as_str()) {
            Some(start) => (start, *position),
            None => return place,
        },
        None => return place,
    };
    let range = token(sent, start, position as usize);
    let base = place.range.start;
    Place { range: base + range.start..base + range.end, ..place }
}

/// The word at a position, which PostgreSQL counts in characters from 1.
fn token(sent: &str, start: usize, position: usize) -> Range<usize> {
    let after = sent[start..].char_indices().nth(position.saturating_sub(1));
    let Some((offset, first)) = after else {
        let end = sent.trim_end().len();
        return end.saturating_sub(sent[..end].chars().next_back().map_or(0, char::len_utf8))..end;
    };
    let at = start + offset;
    let belongs = |character: char| character.is_alphanumeric() || character == '_';
    let rest = &sent[at..];
    let length = match first {
        '"' => rest[1..].find('"').map_or(1, |end| end + 2),
        _ if belongs(first) => rest.find(|character| !belongs(character)).unwrap_or(rest.len()),
        _ => first.len_utf8(),
    };
    at..at + length
}
