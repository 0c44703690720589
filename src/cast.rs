//! Which of PostgreSQL's own types it casts to which, and which it compares: what `pg_cast` and the operator
//! families of btree have for them in every version.
//!
//! Separate because a plan is written before there is a database to ask. Any type can be had from text and
//! turned into it, so that between others text is the way.

/// Does `value::to` work where `value` is of the type `from`? Types are named as `format_type` names them.
///
/// Of types that somebody made only casts from and to text are known.
pub fn is_known(from: &str, to: &str) -> bool {
    let (from, to) = (plain(from), plain(to));
    match (from.strip_suffix("[]"), to.strip_suffix("[]")) {
        (Some(from), Some(to)) => is_known(from, to),
        _ => from == to || is_string(&from) || is_string(&to) || listed(&from, &to),
    }
}

/// Does PostgreSQL turn values of one into the other by itself, refusing what does not fit, where a cast would cut
/// it off?
pub fn assigns(from: &str, to: &str) -> bool {
    let (from, to) = (plain(from), plain(to));
    let is = |names: &[&str], name: &str| names.contains(&name.trim_end_matches("[]"));
    let both = |names: &[&str]| is(names, &from) && is(names, &to);
    from == to || (both(TEXTS) || both(NUMBERS)) && from.ends_with("[]") == to.ends_with("[]")
}

const TEXTS: &[&str] = &["text", "character varying", "character"];
const NUMBERS: &[&str] = &["smallint", "integer", "bigint", "numeric", "real", "double precision"];

/// The names of the two types without their lengths, where they differ: those are what the wire protocol tells.
pub fn names_differ(from: &str, to: &str) -> Option<(String, String)> {
    let names = (plain(from), plain(to));
    (names.0 != names.1).then_some(names)
}

/// What becomes of values of one type in a column of another.
#[derive(Debug, PartialEq)]
pub enum Fit {
    /// Each stays what it is, and goes over the wire as before.
    All,
    /// Those that do not fit are refused; the condition finds them, where one can.
    Some(Option<String>),
    /// Digits are lost, and nothing is refused.
    Rounded,
    /// It is another type to whoever reads it.
    Another,
}

/// What becomes of the values of a column.
pub fn fit(from: &str, to: &str, column: &str) -> Fit {
    if let (Some(from), Some(to)) = (from.strip_suffix("[]"), to.strip_suffix("[]")) {
        return match fit(from, to, column) {
            Fit::Some(_) => Fit::Some(None),
            fit => fit,
        };
    }
    let (had, has) = (modifiers(from), modifiers(to));
    let length = |had: &[i32], has: &[i32], function: &str| match (had.first(), has.first()) {
        (_, None) => Fit::All,
        (Some(had), Some(has)) if had <= has => Fit::All,
        (_, Some(has)) => Fit::Some(Some(format!("{function}({column}) > {has}"))),
    };
    match (&*plain(from), &*plain(to)) {
        ("text" | "character varying", "text" | "character varying") => length(&had, &has, "char_length"),
        ("character", "character") => length(&had, &has, "char_length"),
        ("bit varying", "bit varying") => length(&had, &has, "length"),
        ("numeric", "numeric") => match (&had[..], &has[..]) {
            (_, []) => Fit::All,
            ([.., had], [.., has]) if had > has => Fit::Rounded,
            ([], _) => Fit::Rounded,
            ([had, before], [has, after]) if had - before <= has - after => Fit::All,
            (_, [has, after]) => {
                let digits = has - after;
                Fit::Some(Some(format!("abs({column}) >= 1e{digits} AND {column} <> 'NaN'")))
            }
            _ => Fit::Another,
        },
        (one, other) if one == other && TIMES.contains(&one) => match (had.first(), has.first()) {
            (had, Some(has)) if had.unwrap_or(&6) > has => Fit::Rounded,
            _ => Fit::All,
        },
        _ => Fit::Another,
    }
}

/// Is each value of one stored as it would be in a column of the other, so that no row is written anew?
pub fn stays(from: &str, to: &str) -> bool {
    let numeric = |name: &str| plain(name) == "numeric";
    let scale = |name: &str| modifiers(name).get(1).copied();
    let is_other = numeric(from) && numeric(to) && scale(to).is_some() && scale(from) != scale(to);
    let padded = plain(to) == "character";
    fit(from, to, "") == Fit::All && !from.ends_with("[]") && !is_other && !padded
}

/// Can a trigger turn each value of one into the other and back, whatever the settings of the session that writes it
/// are? Going there it never fails.
pub fn widens(from: &str, to: &str) -> bool {
    // Each has all values of those before it.
    const NUMBERS: [&[&str]; 2] =
        [&["smallint", "integer", "bigint", "numeric"], &["smallint", "integer", "double precision"]];
    const TEXTS: &[&str] = &["text", "character varying"];
    let (plainly, bare) = (plain(from), modifiers(to).is_empty());
    let place = |list: &[&str], name: &str| list.iter().position(|known| *known == name);
    let number = |list: &&[&str]| place(list, &plainly).zip(place(list, to)).is_some_and(|(a, b)| a < b);
    let told = ["smallint", "integer", "bigint", "numeric", "boolean", "uuid", "inet", "character"];
    let text = bare && TEXTS.contains(&to) && told.contains(&&*plainly);
    NUMBERS.iter().any(number) || text || (&*plainly, to) == ("real", "double precision") || {
        plainly == "numeric" && plain(to) == "numeric" && fit(from, to, "") == Fit::All && !stays(from, to)
    }
}

/// Types whose modifier is the number of digits of a second, six unless said.
const TIMES: &[&str] = &[
    "timestamp without time zone",
    "timestamp with time zone",
    "time without time zone",
    "time with time zone",
    "interval",
];

/// What is in parentheses: 10 and 2 of `numeric(10,2)`.
fn modifiers(name: &str) -> Vec<i32> {
    let inside = name.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inside, _)| inside);
    let numbers = inside.filter(|_| !name.starts_with('"')).into_iter().flat_map(|inside| inside.split(','));
    numbers.filter_map(|number| number.trim().parse().ok()).collect()
}

/// Can a foreign key be from one of these types to the other, either way?
pub fn compares(one: &str, other: &str) -> bool {
    // The families of operators that a key of several types can use.
    const FAMILIES: [&[&str]; 4] = [
        &["smallint", "integer", "bigint"],
        &["real", "double precision"],
        &["text", "character varying"],
        &["date", "timestamp without time zone", "timestamp with time zone"],
    ];
    let (one, other) = (plain(one), plain(other));
    one == other || FAMILIES.iter().any(|family| family.contains(&&*one) && family.contains(&&*other))
}

/// Without what is in parentheses: `timestamp(3) without time zone` is a `timestamp without time zone`.
fn plain(name: &str) -> String {
    match (name.find('('), name.find(')')) {
        (Some(from), Some(to)) if !name.starts_with('"') => format!("{}{}", &name[..from], &name[to + 1..]),
        _ => name.to_string(),
    }
}

fn is_string(name: &str) -> bool {
    matches!(name, "text" | "character varying" | "character" | "bpchar" | "name")
}

fn listed(from: &str, to: &str) -> bool {
    // Among these, each to each.
    const ALIKE: [&[&str]; 4] = [NUMBERS, &["inet", "cidr"], &["macaddr", "macaddr8"], &["json", "jsonb"]];
    let has = |list: &[&str], name| list.contains(&name);
    ALIKE.iter().any(|list| has(list, from) && has(list, to))
        || CASTS.iter().any(|(source, targets)| has(source, from) && has(targets, to))
}

const CASTS: [(&[&str], &[&str]); 21] = [
    (&["\"char\"", "boolean"], &["integer"]),
    (&["integer"], &["\"char\"", "boolean", "bit", "money", "oid"]),
    (&["bigint"], &["bit", "money", "oid"]),
    (&["smallint"], &["oid"]),
    (&["oid"], &["integer", "bigint"]),
    (&["numeric"], &["money"]),
    (&["money"], &["numeric"]),
    (&["bit"], &["bit varying", "integer", "bigint"]),
    (&["bit varying"], &["bit"]),
    (&["date"], &["timestamp without time zone", "timestamp with time zone"]),
    (
        &["timestamp without time zone", "timestamp with time zone"],
        &["date", "time without time zone", "timestamp without time zone", "timestamp with time zone"],
    ),
    (&["timestamp with time zone", "time without time zone"], &["time with time zone"]),
    (&["time with time zone", "interval"], &["time without time zone"]),
    (&["time without time zone"], &["interval"]),
    (&["jsonb"], &["boolean", "numeric", "smallint", "integer", "bigint", "real", "double precision"]),
    (&["box"], &["circle", "lseg", "point", "polygon"]),
    (&["circle", "polygon"], &["box", "circle", "point", "polygon"]),
    (&["lseg"], &["point"]),
    (&["point"], &["box"]),
    (&["path"], &["polygon"]),
    (&["polygon"], &["path"]),
];

#[cfg(test)]
mod tests {
    use super::{Fit, compares, fit, is_known, stays, widens};

    #[test]
    fn storage() {
        for (from, to, expected) in [
            ("character varying(20)", "text", true),
            ("character varying(20)[]", "text[]", false),
            ("character(5)", "character(9)", false),
            ("numeric(8,2)", "numeric(10,2)", true),
            ("numeric(8,2)", "numeric", true),
            ("numeric(8,2)", "numeric(10,3)", false),
            ("time(3) without time zone", "time without time zone", true),
            ("text", "character varying(10)", false),
        ] {
            assert_eq!(stays(from, to), expected, "{from} to {to}");
        }
    }

    #[test]
    fn widenings() {
        for (from, to, expected) in [
            ("integer", "bigint", true),
            ("bigint", "integer", false),
            ("smallint", "numeric", true),
            ("integer", "numeric(4,0)", false),
            ("bigint", "double precision", false),
            ("integer", "text", true),
            ("integer", "character varying(3)", false),
            ("text", "integer", false),
            ("timestamp without time zone", "timestamp with time zone", false),
            ("date", "text", false),
            ("numeric(8,2)", "numeric(10,3)", true),
            ("numeric(8,2)", "numeric(10,2)", false),
            ("character varying(20)", "text", false),
        ] {
            assert_eq!(widens(from, to), expected, "{from} to {to}");
        }
    }

    #[test]
    fn fits() {
        let refused = |condition: &str| Fit::Some(Some(condition.to_string()));
        for (from, to, expected) in [
            ("character varying(20)", "character varying(40)", Fit::All),
            ("character varying(20)", "text", Fit::All),
            ("text", "character varying(10)", refused("char_length(a) > 10")),
            ("character varying(20)[]", "character varying(10)[]", Fit::Some(None)),
            ("numeric(8,2)", "numeric(10,3)", Fit::All),
            ("numeric(8,2)", "numeric(6,2)", refused("abs(a) >= 1e4 AND a <> 'NaN'")),
            ("numeric(8,2)", "numeric(10,1)", Fit::Rounded),
            ("numeric", "numeric(10,2)", Fit::Rounded),
            ("timestamp(3) without time zone", "timestamp without time zone", Fit::All),
            ("interval", "interval(3)", Fit::Rounded),
            ("integer", "bigint", Fit::Another),
            ("character(5)", "text", Fit::Another),
        ] {
            assert_eq!(fit(from, to, "a"), expected, "{from} to {to}");
        }
    }

    #[test]
    fn casts() {
        for (from, to) in [
            ("integer", "bigint"),
            ("numeric(10,2)", "integer"),
            ("public.mood", "text"),
            ("character varying(20)", "public.mood"),
            ("timestamp(3) without time zone", "date"),
            ("integer[]", "bigint[]"),
        ] {
            assert!(is_known(from, to), "{from} to {to}");
        }
        assert!(compares("character varying(20)", "text") && !compares("integer", "numeric"));
        for (from, to) in [
            ("smallint", "uuid"),
            ("integer", "json"),
            ("boolean", "bigint"),
            ("public.mood", "integer"),
            ("integer[]", "uuid[]"),
            ("integer", "integer[]"),
        ] {
            assert!(!is_known(from, to), "{from} to {to}");
        }
    }
}
