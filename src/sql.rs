//! Names and literals as SQL: the only place that quotes.

use sha2::{Digest, Sha256};

/// What the name of something ends with that is made beside another, to take its place.
pub const AFTER: &str = "_planwright_after";

/// What the name of something ends with whose place another takes.
pub const BEFORE: &str = "_planwright_before";

/// A name and what it ends with, in the 63 bytes that PostgreSQL keeps of one. Names that begin alike stay apart.
///
/// ```text
/// orders_pkey → orders_pkey_planwright_old
/// index_of_everything_that_anybody_has_ever_ordered_by_day → index_of_everything_that_anybody_has__2f1c90aa_planwright_old
/// ```
pub fn clipped(name: &str, ending: &str) -> String {
    let room = 63 - ending.len();
    if name.len() <= room {
        return format!("{name}{ending}");
    }
    let hash: String = Sha256::digest(name).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let mut end = room - 1 - hash.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{hash}{ending}", &name[..end])
}

/// An identifier, always quoted right: `users`, `"Order"`, `"a""b"`.
pub fn ident(name: &str) -> String {
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && KEYWORDS.binary_search(&name).is_err();
    if plain { name.to_string() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// Several identifiers joined by dots: `public.users`.
pub fn dotted(path: &[String]) -> String {
    path.iter().map(|name| ident(name)).collect::<Vec<_>>().join(".")
}

/// A routine by its schema, its name and the types of its parameters: `public.area(integer, text)`.
pub fn routine(path: &[String]) -> String {
    format!("{}({})", dotted(&path[..2]), path[2])
}

/// Types as `oidvectortypes` lists them, one by one: a name may hold a comma.
pub fn types(list: &str) -> Vec<&str> {
    let (mut types, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in list.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                types.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    if !list.is_empty() {
        types.push(list[start..].trim());
    }
    types
}

/// Several identifiers joined by commas: `a, "B"`.
pub fn idents<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| ident(name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// A string literal, right whatever `standard_conforming_strings` says: `'it''s'`, `E'a\\b'`.
pub fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if text.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

/// Storage parameters as `reloptions` holds them, for `WITH (…)`: `fillfactor='70', toast.x='1'`.
pub fn options(options: &[String]) -> String {
    options.iter().map(|option| one_option(option)).collect::<Vec<_>>().join(", ")
}

/// Storage parameters in the order in which they were set, which is no difference but which pg_dump shows.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Options(Vec<String>);

impl PartialEq for Options {
    fn eq(&self, other: &Options) -> bool {
        let sorted = |options: &Options| {
            let mut options = options.0.clone();
            options.sort();
            options
        };
        sorted(self) == sorted(other)
    }
}

impl std::ops::Deref for Options {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

/// What to SET and what to RESET to get from one list of storage parameters to another.
pub fn options_between(old: &[String], new: &[String]) -> (String, String) {
    let name = |option: &String| option.split('=').next().unwrap_or_default().to_string();
    let names = |options: &[String]| options.iter().map(name).collect::<Vec<_>>();
    let mut set: Vec<String> = new.iter().filter(|option| !old.contains(option)).cloned().collect();
    let mut reset: Vec<String> = names(old).into_iter().filter(|old| !names(new).contains(old)).collect();
    // SET puts what it changes last. Where that gives another order, all are set anew.
    let kept =
        old.iter().filter(|option| !names(&set).contains(&name(option)) && !reset.contains(&name(option)));
    if !kept.chain(&set).eq(new) {
        (set, reset) = (new.to_vec(), names(old));
    }
    (options(&set), reset.iter().map(|name| option_name(name)).collect::<Vec<_>>().join(", "))
}

/// Options of a foreign object as its catalog holds them, for `OPTIONS (…)`: `host 'a', port '1'`.
pub fn foreign_options(options: &[String]) -> String {
    let one = |option: &String| {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        format!("{} {}", ident(name), literal(value))
    };
    options.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The list that gets from one list of such options to another: `ADD a '1', SET b '2', DROP c`.
pub fn foreign_options_between(old: &[String], new: &[String]) -> String {
    let split = |option: &String| {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        (name.to_string(), value.to_string())
    };
    let old: std::collections::BTreeMap<String, String> = old.iter().map(split).collect();
    let new: std::collections::BTreeMap<String, String> = new.iter().map(split).collect();
    let mut changes = Vec::new();
    for (name, value) in &new {
        match old.get(name) {
            None => changes.push(format!("ADD {} {}", ident(name), literal(value))),
            Some(before) if before != value => {
                changes.push(format!("SET {} {}", ident(name), literal(value)))
            }
            Some(_) => {}
        }
    }
    changes.extend(
        old.keys().filter(|name| !new.contains_key(*name)).map(|name| format!("DROP {}", ident(name))),
    );
    changes.join(", ")
}

fn one_option(option: &str) -> String {
    let (name, value) = option.split_once('=').unwrap_or((option, ""));
    format!("{}={}", option_name(name), literal(value))
}

/// The options of a TOAST table are named with their prefix: `toast.autovacuum_enabled`.
fn option_name(name: &str) -> String {
    match name.split_once('.') {
        Some((prefix, rest)) => format!("{}.{}", ident(prefix), ident(rest)),
        None => ident(name),
    }
}

/// PostgreSQL 18's keywords that are not free as a name everywhere (reserved, type-function and
/// column-name categories of kwlist.h), sorted. Quoting one too many is harmless.
const KEYWORDS: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "merge_action",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_and_texts_are_quoted() {
        assert_eq!(ident("users"), "users");
        assert_eq!(ident("user"), "\"user\"");
        assert_eq!(ident("\"; drop table x; --"), "\"\"\"; drop table x; --\"");
        assert_eq!(ident("größe"), "\"größe\"");
        assert_eq!(ident("1st"), "\"1st\"");
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\'b"), "E'a\\\\''b'");
    }

    #[test]
    fn types_are_split_outside_of_names() {
        assert_eq!(types(""), Vec::<&str>::new());
        assert_eq!(types("integer, public.\"a, \"\"b\"[]"), ["integer", "public.\"a, \"\"b\"[]"]);
    }

    #[test]
    fn keywords_are_sorted() {
        assert!(KEYWORDS.is_sorted());
    }
}
