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
    const ALIKE: [&[&str]; 4] = [
        &["smallint", "integer", "bigint", "numeric", "real", "double precision"],
        &["inet", "cidr"],
        &["macaddr", "macaddr8"],
        &["json", "jsonb"],
    ];
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
    use super::{compares, is_known};

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
