//! Expressions as PostgreSQL writes them, in the spelling that it keeps.
//!
//! What `pg_get_expr` and its like print is not always what they print once that text was read back:
//! `status IN ('a', 'b')` over a `varchar` is first `(ARRAY['a'::character varying, …])::text[]`, and
//! from then on `ARRAY[('a'::character varying)::text, …]`, because the parser hands the cast of an
//! array constructor down to its elements (transformTypeCast, all versions). Both are one thing.

use serde::{Deserialize, Deserializer};

/// For serde: a text that PostgreSQL deparsed.
pub fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(kept(&String::deserialize(from)?))
}

/// The spelling that stays the same when it is read back.
fn kept(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(CONSTRUCTOR) {
        // Everything up to here is copied, strings as a whole: what looks like a constructor may be in one.
        let before = skip_to(rest, at);
        if before > at {
            out.push_str(&rest[..before]);
            rest = &rest[before..];
            continue;
        }
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match cast(rest) {
            Some((elements, r#type, end)) => {
                let cast: Vec<String> =
                    elements.iter().map(|element| format!("({})::{type}", kept(element))).collect();
                out.push_str(&format!("ARRAY[{}]", cast.join(", ")));
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
    use super::kept;

    #[test]
    fn the_cast_of_an_array_goes_to_its_elements() {
        let first = "CHECK (((status)::text = ANY ((ARRAY['it''s, [so]'::character varying, 'b'::character varying])::text[])))";
        let kept_one = "CHECK (((status)::text = ANY (ARRAY[('it''s, [so]'::character varying)::text, ('b'::character varying)::text])))";
        assert_eq!(kept(first), kept_one);
        assert_eq!(kept(kept_one), kept_one);
    }

    #[test]
    fn a_type_may_have_a_quoted_name_and_a_size() {
        assert_eq!(kept("(ARRAY[a, b])::\"My type\"[]"), "ARRAY[(a)::\"My type\", (b)::\"My type\"]");
        assert_eq!(
            kept("((ARRAY[1, 2])::numeric(10,2)[])"),
            "(ARRAY[(1)::numeric(10,2), (2)::numeric(10,2)])"
        );
        assert_eq!(kept("(ARRAY[f(a, 'x')])::character varying[]"), "ARRAY[(f(a, 'x'))::character varying]");
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
            assert_eq!(kept(text), text);
        }
    }
}
