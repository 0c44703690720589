//! Expressions as PostgreSQL writes them, in the spelling that it keeps.
//!
//! What `pg_get_expr` and its like print is not always what they print once that text was read back:
//! `status IN ('a', 'b')` over a `varchar` is first `(ARRAY['a'::character varying, …])::text[]`, and
//! from then on `ARRAY[('a'::character varying)::text, …]`, because the parser hands the cast of an
//! array constructor down to its elements (transformTypeCast, all versions). Both are one thing. Written without the
//! cast, as an array of the elements' own type, it becomes the first again.
//!
//! `b BETWEEN 0 AND 9 AND a` is first `((b >= 0) AND (b <= 9)) AND a`, and from then on one list of three, because the
//! parser adds to a list what follows it (makeAndExpr, makeOrExpr). A cast to what it is anyway, which leaves no trace,
//! keeps the parser from it.
//!
//! The check that `DETACH PARTITION CONCURRENTLY` leaves is made of the bound, not read: it compares `(city)::text` with
//! `'a'::character varying`, and once read back with `('a'::character varying)::text`. No text becomes the first again.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{
    fmt,
    ops::{Deref, Range},
};

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
        self.printed == other.printed || is_same(&kept(&self.printed), &kept(&other.printed))
    }
}

impl Expression {
    /// Does a query in it list all columns of what it reads? PostgreSQL refuses a list that is longer than those are.
    pub fn lists_columns(&self) -> bool {
        !column_lists(&self.printed).is_empty()
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
        let written = apart(written, |list| format!("{list}::boolean"));
        let written = (written != printed).then(|| written.into());
        Ok(Expression { printed, written })
    }
}

/// One spelling for all that come to the same.
fn kept(text: &str) -> String {
    let cast = |element: &String, r#type: &str| format!("({element})::{type}");
    let text = casts(text, &|elements, r#type| {
        elements.iter().map(|element| cast(element, r#type)).collect::<Vec<_>>().join(", ")
    });
    uncast(&apart(text, |list| list[1..list.len() - 1].to_string()))
}

/// Do they differ in nothing but in how many columns they list?
fn is_same(one: &str, other: &str) -> bool {
    let (lists, others) = (column_lists(one), column_lists(other));
    if one == other || lists.len() != others.len() {
        return one == other;
    }
    let (mut here, mut there) = (0, 0);
    for (list, of_other) in lists.into_iter().zip(others) {
        let mut names = one[list.clone()].split(", ").zip(other[of_other.clone()].split(", "));
        if one[here..list.start] != other[there..of_other.start] || names.any(|(one, other)| one != other) {
            return false;
        }
        (here, there) = (list.end, of_other.end);
    }
    one[here..] == other[there..]
}

/// The lists of columns, each from its first name to its last.
fn column_lists(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut here = 0;
    while here < text.len() {
        here += step(&text[here..]);
        if text[..here].ends_with('(') && opens_column_list(&text[..here - 1]) {
            let from = here;
            while here < text.len() && !text[here..].starts_with(')') {
                here += step(&text[here..]);
            }
            found.push(from..here);
        }
    }
    found
}

/// Does a list of columns follow? It stands after a name, and that after a relation or a function: `f() g(`.
fn opens_column_list(before: &str) -> bool {
    fn last(text: &str) -> &str {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '"');
        &text[text.trim_end_matches(is_name).len()..]
    }
    // A keyword is in capitals, which a name has only in quotes.
    let is_keyword = |word: &str| word.contains(char::is_uppercase) && !word.contains('"');
    let name = last(before);
    let Some(read) = before[..before.len() - name.len()].strip_suffix(' ') else { return false };
    let of = last(read);
    let operator = || read.rfind('(').is_some_and(|open| read[..open].ends_with("OPERATOR"));
    let is_read = if of.is_empty() { read.ends_with(')') && !operator() } else { !is_keyword(of) };
    is_read && !name.is_empty() && !is_keyword(name)
}

/// Takes away the cast to `text` of each `character varying` constant.
fn uncast(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut here = 0;
    while here < text.len() {
        let rest = &text[here..];
        let (kept, length) = match cast_constant(rest) {
            Some((constant, length)) => (constant, length),
            None => (&rest[..step(rest)], step(rest)),
        };
        out.push_str(kept);
        here += length;
    }
    out
}

/// Reads `('a'::character varying(9))::text`: the constant, and where all of it ends.
fn cast_constant(text: &str) -> Option<(&str, usize)> {
    let inside = text.strip_prefix('(')?;
    let mut end = 0;
    while inside[end..].starts_with('\'') {
        end += step(&inside[end..]);
    }
    let after = inside[end..].strip_prefix("::character varying").filter(|_| end > 0)?;
    let after = after.trim_start_matches(|c: char| c.is_ascii_digit() || "()[]".contains(c));
    let constant = inside[..inside.len() - after.len()].strip_suffix(')')?;
    let cast = if constant.ends_with("[]") { "::text[]" } else { "::text" };
    let after = after.strip_prefix(cast)?;
    Some((constant, text.len() - after.len()))
}

/// Replaces each list of conditions that stands first in another one of its kind.
fn apart(text: String, with: impl Fn(&str) -> String) -> String {
    let mut lists = first_lists(&text);
    lists.sort_unstable();
    let mut out = text;
    // From the inside out, and from the end, so that what is still to be replaced stays where it is.
    while let Some((from, to)) = lists.pop() {
        let before = out.len();
        let list = with(&out[from..to]);
        out.replace_range(from..to, &list);
        // Those around it end elsewhere now.
        lists.iter_mut().filter(|list| list.1 > from).for_each(|list| list.1 = list.1 + out.len() - before);
    }
    out
}

/// Where they begin and end.
fn first_lists(text: &str) -> Vec<(usize, usize)> {
    if JOINTS.iter().all(|word| text.match_indices(word).nth(1).is_none()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut open = vec![Group::default()];
    let mut here = 0;
    while here < text.len() {
        let depth = open.len();
        let group = open.last_mut().expect("the last is never closed");
        match text.as_bytes()[here] {
            b'(' => open.push(Group { begins: here + 1, ..Group::default() }),
            b')' if depth > 1 => {
                let closed = open.pop().expect("there are two");
                let around = open.last_mut().expect("there is one more");
                if closed.begins == around.begins + 1 {
                    around.first = closed.joint.map(|joint| (joint, here + 1));
                }
            }
            b' ' if group.joint.is_none() => {
                group.joint = JOINTS.into_iter().find(|word| text[here..].starts_with(word));
                if group.joint.is_some() && group.first == group.joint.map(|joint| (joint, here)) {
                    found.push((group.begins, here));
                }
            }
            _ => {}
        }
        here += step(&text[here..]);
    }
    found
}

const JOINTS: [&str; 2] = [" AND ", " OR "];

/// What is in parentheses.
#[derive(Default)]
struct Group {
    begins: usize,
    /// What joins its parts.
    joint: Option<&'static str>,
    /// The same of the group that is its first part, and where that ends.
    first: Option<(&'static str, usize)>,
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
    fn a_list_that_stands_first_in_a_list_is_kept_apart() {
        let nested = expression("CHECK ((((b >= 0) AND (b <= 9)) AND (a OR (c <> ') AND ('::text))))");
        let flat = expression("CHECK (((b >= 0) AND (b <= 9) AND (a OR (c <> ') AND ('::text))))");
        assert_eq!(nested, flat);
        assert_eq!(&*nested, "CHECK ((((b >= 0) AND (b <= 9))::boolean AND (a OR (c <> ') AND ('::text))))");
        assert_eq!(&*flat, &flat.printed);
        assert_eq!(
            &*expression("((((a OR b) OR c) OR d) AND (((a AND b) AND c) AND d))"),
            "((((a OR b)::boolean OR c)::boolean OR d) AND (((a AND b)::boolean AND c)::boolean AND d))"
        );
        assert_ne!(expression("((a AND b) AND c)"), expression("(a AND (b AND c))"));
    }

    #[test]
    fn a_constant_may_be_compared_without_the_cast_of_its_column() {
        for (made, read) in [
            (
                "((a)::text = 'it''s'::character varying(9))",
                "((a)::text = ('it''s'::character varying(9))::text)",
            ),
            ("((a)::text > 'b'::character varying)", "((a)::text > ('b'::character varying)::text)"),
            (
                "((a)::text = ANY ('{b}'::character varying(9)[]))",
                "((a)::text = ANY (('{b}'::character varying(9)[])::text[]))",
            ),
        ] {
            assert_eq!(expression(made), expression(read));
            assert_eq!((&*expression(made), &*expression(read)), (made, read));
        }
        assert_ne!(
            expression("((a)::text = 'b'::character varying)"),
            expression("((a)::text = ('c'::character varying)::text)")
        );
        assert_ne!(expression("('b'::character varying)::integer"), expression("'b'::character varying"));
    }

    #[test]
    fn a_list_of_columns_may_be_longer() {
        let same = [
            ("FROM public.f() g(id, \"S, (x\")", "FROM public.f() g(id, \"S, (x\", y)"),
            ("FROM (u a(i)\n JOIN \"V\" b(j, k))", "FROM (u a(i, x)\n JOIN \"V\" b(j))"),
            ("FROM ROWS FROM(f(1), g('a')) h(i, j)", "FROM ROWS FROM(f(1), g('a')) h(i)"),
        ];
        for (one, other) in same {
            assert_eq!(expression(one), expression(other));
            assert!(expression(one).lists_columns());
        }
        let other = [
            ("SELECT f(a)", "SELECT f(a, b)"),
            ("WHERE (a OPERATOR(s.=) f(a))", "WHERE (a OPERATOR(s.=) f(a, b))"),
            ("SELECT 'f() g(a)'", "SELECT 'f() g(a, b)'"),
            ("FROM f(a, b)", "FROM f(a)"),
            ("WHERE ((a) AND f(a))", "WHERE ((a) AND f(a, b))"),
            ("REFERENCES public.t(a)", "REFERENCES public.t(a, b)"),
        ];
        for (one, other) in other {
            assert_ne!(expression(one), expression(other));
            assert!(!expression(one).lists_columns(), "{one}");
        }
        assert_ne!(expression("FROM f() g(a)"), expression("FROM f() g(ab)"));
        assert_ne!(expression("FROM f() g(a) WHERE x"), expression("FROM f() g(a, b) WHERE y"));
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
