//! Expressions as PostgreSQL writes them, in the spelling that it keeps.
//!
//! What `pg_get_expr` and its like print is not always what they print once that text was read back:
//! `status IN ('a', 'b')` over a `varchar` is first `(ARRAY['a'::character varying, …])::text[]`, and
//! from then on `ARRAY[('a'::character varying)::text, …]`, because the parser hands the cast of an
//! array constructor down to its elements (transformTypeCast, all versions). Both are one thing.

//! Written without the cast, as an array of the elements' own type, it becomes the first again.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, ops::Deref};

/// Text that PostgreSQL deparsed. It derefs to what is to be written so that PostgreSQL prints the same again.
#[derive(Clone, Debug, Default)]
pub struct Expression {
    printed: String,
    /// Where that is not what was printed.
    written: Option<Box<str>>,
}

impl Deref for Expression {
    type Target = str;

    fn deref(&self) -> &str {
        self.written.as_deref().unwrap_or(&self.printed)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        let either = self.written.is_some() || other.written.is_some();
        self.printed == other.printed || either && kept(&self.printed) == kept(&other.printed)
    }
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.printed.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Expression, D::Error> {
        let printed = String::deserialize(from)?;
        let written = casts(&printed, &|elements, _| elements.join(", "));
        let written = (written != printed).then(|| written.into());
        Ok(Expression { printed, written })
    }
}

/// The spelling that stays the same when it is read back.
fn kept(text: &str) -> String {
    let cast = |element: &String, r#type: &str| format!("({element})::{type}");
    casts(text, &|elements, r#type| {
        elements.iter().map(|element| cast(element, r#type)).collect::<Vec<_>>().join(", ")
    })
}

/// Replaces each cast of an array constructor; `inside` says by which elements.
fn casts(text: &str, inside: &dyn Fn(&[String], &str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(CONSTRUCTOR) {
        // Everything up to here is copied, strings as a whole: what looks like a constructor may be in one.
        let before = skip_to(rest, at);
        out.push_str(&rest[..before]);
        rest = &rest[before..];
        if before > at {
            continue;
        }
        match cast(rest) {
            Some((elements, r#type, end)) => {
                let elements: Vec<String> = elements.iter().map(|element| casts(element, inside)).collect();
                out.push_str(&format!("ARRAY[{}]", inside(&elements, r#type)));
                rest = &rest[end..];
            }
            None => {
                out.push_str(CONSTRUCTOR);
                rest = &rest[CONSTRUCTOR.len()..];
            }
        }
    }
    out + rest
}

const CONSTRUCTOR: &str = "(ARRAY[";

/// `at`, or the end of the string or quoted name that it is in.
fn skip_to(text: &str, at: usize) -> usize {
    let mut here = 0;
    while here < at {
        here += step(&text[here..]);
    }
    here
}

/// How long the next token is: a whole string or quoted name, else one character.
fn step(text: &str) -> usize {
    let first = text.chars().next().map_or(0, char::len_utf8);
    match text.as_bytes().first() {
        // A doubled quote is two strings side by side, which comes to the same.
        Some(quote @ (b'\'' | b'"')) => text[1..].find(char::from(*quote)).map_or(text.len(), |end| end + 2),
        Some(b'$') => {
            let tag = text[1..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(0) + 1;
            if !text[tag..].starts_with('$') {
                return first;
            }
            let tag = &text[..=tag];
            text[tag.len()..].find(tag).map_or(text.len(), |end| end + 2 * tag.len())
        }
        _ => first,
    }
}

/// Reads `(ARRAY[a, b])::text[]`: its elements, the type without `[]`, and where it ends.
fn cast(text: &str) -> Option<(Vec<&str>, &str, usize)> {
    let mut elements = Vec::new();
    let (mut here, mut depth) = (CONSTRUCTOR.len(), 0usize);
    let mut start = here;
    loop {
        match text.as_bytes().get(here)? {
            b'(' | b'[' => depth += 1,
            b',' if depth == 0 => {
                elements.push(text[start..here].trim());
                start = here + 1;
            }
            b']' if depth == 0 => break,
            b')' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        here += step(&text[here..]);
    }
    elements.push(text[start..here].trim());
    let after = text[here..].strip_prefix("])::")?;
    let name = text.len() - after.len();
    let mut end = name;
    while !text[end..].starts_with("[]") {
        match text.as_bytes().get(end)? {
            byte if byte.is_ascii_alphanumeric() || b"_\" .(,)".contains(byte) || *byte >= 128 => {}
            _ => return None,
        }
        end += step(&text[end..]);
    }
    // `ARRAY[]` has to be told its type.
    let all = elements.iter().all(|element| !element.is_empty());
    all.then_some((elements, &text[name..end], end + 2))
}

#[cfg(test)]
mod tests {
    use super::Expression;

    fn expression(text: &str) -> Expression {
        serde_json::from_value(text.into()).expect("any text is one")
    }

    #[test]
    fn both_spellings_are_one_and_each_is_written_so_that_it_stays() {
        let first = expression(
            "CHECK (((status)::text = ANY ((ARRAY['it''s, [so]'::character varying, 'b'::character varying])::text[])))",
        );
        let kept = expression(
            "CHECK (((status)::text = ANY (ARRAY[('it''s, [so]'::character varying)::text, ('b'::character varying)::text])))",
        );
        assert_eq!(first, kept);
        assert_eq!(
            &*first,
            "CHECK (((status)::text = ANY (ARRAY['it''s, [so]'::character varying, 'b'::character varying])))"
        );
        assert_eq!(
            &*kept,
            "CHECK (((status)::text = ANY (ARRAY[('it''s, [so]'::character varying)::text, ('b'::character varying)::text])))"
        );
        let other = "CHECK (((status)::text = ANY ((ARRAY['c'::character varying])::text[])))";
        assert_ne!(first, expression(other));
    }

    #[test]
    fn a_type_may_have_a_quoted_name_and_a_size() {
        for (text, written) in [
            ("(ARRAY[a, b])::\"My type\"[]", "ARRAY[a, b]"),
            ("((ARRAY[1, 2])::numeric(10,2)[])", "(ARRAY[1, 2])"),
            ("(ARRAY[f(a, ')]')])::character varying[]", "ARRAY[f(a, ')]')]"),
        ] {
            assert_eq!(&*expression(text), written);
        }
    }

    #[test]
    fn strings_and_bodies_stay_as_they_are() {
        for text in [
            "('(ARRAY[1])::text[]'::text || x)",
            "AS $f$ select (ARRAY[1])::text[] $f$",
            "\"(ARRAY[1])::text[]\"",
            "(ARRAY[]::text[])",
            "((ARRAY[a, b])[1])",
        ] {
            assert_eq!(&*expression(text), text);
        }
    }
}
