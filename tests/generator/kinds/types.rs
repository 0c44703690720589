//! Types: PostgreSQL's own as far as columns have them, and those that schemas make.

use super::super::model::{Draw, Key, Schema};

/// What can be done with values of a type.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    pub sql: String,
    /// Two values, as expressions that always mean the same.
    pub values: [String; 2],
    /// The access methods that index it.
    pub methods: &'static [&'static str],
    pub collatable: bool,
    /// Its values can be stored outside the table.
    pub long: bool,
    /// PostgreSQL's own.
    pub is_own: bool,
}

const ORDERED: &[&str] = &["btree", "hash", "brin"];
const COMPARED: &[&str] = &["btree", "hash"];

/// Name, two values, access methods, is it collatable, is it long?
type Known = (&'static str, &'static str, &'static str, &'static [&'static str], bool, bool);

const OWN: &[Known] = &[
    ("integer", "0", "7", ORDERED, false, false),
    ("text", "'a'", "'b''c'", ORDERED, true, true),
    ("bigint", "0", "9000000000", ORDERED, false, false),
    ("timestamp with time zone", "'2020-01-01 00:00:00+00'", "'infinity'", ORDERED, false, false),
    ("numeric(10,2)", "0", "1.5", ORDERED, false, true),
    ("boolean", "true", "false", COMPARED, false, false),
    ("character varying(20)", "'a'", "'bc'", ORDERED, true, true),
    ("jsonb", "'{}'", "'[1]'", &["gin", "btree", "hash"], false, true),
    ("date", "'2020-01-01'", "'2021-12-31'", ORDERED, false, false),
    (
        "uuid",
        "'00000000-0000-0000-0000-000000000000'",
        "'00000000-0000-0000-0000-000000000001'",
        ORDERED,
        false,
        false,
    ),
    ("smallint", "0", "3", ORDERED, false, false),
    ("double precision", "0", "'NaN'", ORDERED, false, false),
    ("numeric", "0", "1e10", ORDERED, false, true),
    ("character varying", "'a'", "'b'", ORDERED, true, true),
    ("character(3)", "'a'", "'abc'", ORDERED, true, true),
    ("bytea", "'\\x00'", "'\\xff'", ORDERED, false, true),
    ("integer[]", "'{}'", "'{1,2}'", &["btree", "gin", "hash"], false, true),
    ("text[]", "'{}'", "'{a,b}'", &["btree", "gin", "hash"], true, true),
    ("interval", "'0'", "'1 day'", ORDERED, false, false),
    ("timestamp(3) without time zone", "'2020-01-01'", "'2020-02-02'", ORDERED, false, false),
    ("time without time zone", "'00:00'", "'12:30'", ORDERED, false, false),
    ("json", "'{}'", "'[]'", &[], false, true),
    ("int4range", "'empty'", "'[1,2)'", &["btree", "gist", "spgist", "hash"], false, true),
    ("inet", "'127.0.0.1'", "'::1'", ORDERED, false, true),
    ("tsvector", "''", "'a b'", &["btree", "gin", "gist"], false, true),
    ("point", "'(0,0)'", "'(1,1)'", &["gist", "spgist"], false, false),
    ("real", "0", "1", ORDERED, false, false),
    ("bit(3)", "'000'", "'101'", COMPARED, false, true),
    ("money", "0", "1", COMPARED, false, false),
    ("\"char\"", "'a'", "'b'", COMPARED, false, false),
    ("xml", "'<a/>'", "'b'", &[], false, true),
    ("oid", "0", "1", ORDERED, false, false),
    ("name", "'a'", "'b'", ORDERED, true, false),
    ("int4multirange", "'{}'", "'{[1,2)}'", &["btree", "gist", "hash"], false, true),
];

/// One of PostgreSQL's own; `count` of them come into question.
pub fn own(draw: &Draw, count: usize) -> Type {
    // Most columns are of the first few types.
    let at = if draw.once_in(3) { draw.below(OWN.len()) } else { draw.below(12) };
    known(OWN[at % count])
}

/// One of PostgreSQL's own by name.
pub fn named(name: &str) -> Type {
    known(*OWN.iter().find(|known| known.0 == name).expect("it is one of the list"))
}

fn known((sql, one, other, methods, collatable, long): Known) -> Type {
    let value = |text: &str| format!("{text}::{sql}");
    Type { sql: sql.into(), values: [value(one), value(other)], methods, collatable, long, is_own: true }
}

/// Any type that there is before that object.
pub fn any(schema: &Schema, key: Key, draw: &Draw) -> Type {
    let made: Vec<Key> = schema.before(key, &["enumeration", "domain", "composite", "range"]);
    let choice = draw.below(6);
    let built_in = own(draw, OWN.len());
    let made = draw.one(&made).and_then(|key| of(schema, key));
    match (choice, made) {
        (3 | 4, Some(made)) => made,
        (5, Some(made)) => array(&made),
        _ => built_in,
    }
}

fn array(of: &Type) -> Type {
    let sql = format!("{}[]", of.sql);
    let values = ["'{}'", "NULL"].map(|value| format!("{value}::{sql}"));
    Type { values, methods: &[], long: true, sql, ..of.clone() }
}

/// The type that an object is.
pub fn of(schema: &Schema, key: Key) -> Option<Type> {
    let draw = schema.draw(key);
    let sql = format!("{}.{}", schema.home(key, &draw), schema.name(key));
    let plain = |values: [&str; 2], methods| {
        let values = values.map(|value| format!("{value}::{sql}"));
        Type { sql: sql.clone(), values, methods, collatable: false, long: true, is_own: false }
    };
    match super::KINDS[usize::from(key.kind)].name {
        "enumeration" => {
            let labels = labels(&draw);
            let values = [labels[0], labels[labels.len() - 1]].map(|label| format!("'{label}'"));
            Some(Type { long: false, ..plain([&values[0], &values[1]], COMPARED) })
        }
        "domain" => {
            let base = base(schema, key, &draw);
            // The operators of enumerations do not take domains over them.
            let methods = if base.is_own { base.methods } else { &[] };
            let values = base.values.clone().map(|value| format!("{value}::{sql}"));
            Some(Type { values, methods, sql, is_own: false, ..base })
        }
        "composite" => {
            let commas = ",".repeat(attributes(schema, key).len() - 1);
            let value = format!("'({commas})'");
            Some(plain([&value, "NULL"], &[]))
        }
        "range" => Some(plain(["'empty'", "'(,)'"], COMPARED)),
        _ => None,
    }
}

/// What a comma may be within a label.
const LABELS: [&str; 8] = ["a", "b", "c", "d e", "f''g", "H", "i,j", "k"];

fn labels(draw: &Draw) -> Vec<&'static str> {
    let place = |(at, label): (usize, &&'static str)| {
        let value = draw.value();
        let there = at == 0 || value % 3 < 2;
        there.then_some((value / 3 % 8, *label))
    };
    let mut placed: Vec<_> = LABELS.iter().enumerate().filter_map(place).collect();
    placed.sort();
    placed.into_iter().map(|(_, label)| label).collect()
}

pub fn enumeration(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let home = schema.home(key, &draw);
    let labels: Vec<String> = labels(&draw).iter().map(|label| format!("'{label}'")).collect();
    vec![format!("CREATE TYPE {home}.{} AS ENUM ({})", schema.name(key), labels.join(", "))]
}

/// The type that a domain is over.
fn base(schema: &Schema, key: Key, draw: &Draw) -> Type {
    let made = schema.before(key, &["enumeration", "domain"]);
    let choice = draw.below(4);
    let built_in = own(draw, 20);
    match draw.one(&made).and_then(|key| of(schema, key)) {
        Some(made) if choice == 3 => made,
        _ => built_in,
    }
}

pub fn domain(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let home = schema.home(key, &draw);
    let base = base(schema, key, &draw);
    let mut sql = format!("CREATE DOMAIN {home}.{} AS {}", schema.name(key), base.sql);
    if draw.once_in(4) && base.collatable {
        sql += " COLLATE \"C\"";
    }
    match draw.below(4) {
        2 => sql += &format!(" DEFAULT {}", base.values[0]),
        3 => sql += &format!(" DEFAULT {}", base.values[1]),
        _ => {}
    }
    sql += draw.pick(&["", "", "", "", " NOT NULL"]);
    for check in schema.all("domain_check") {
        let draw = schema.draw(check);
        if draw.one(&schema.before(check, &["domain"])) == Some(key) {
            sql += &self::check(schema, check, &draw, &base);
        }
    }
    vec![sql]
}

/// A check, which is written with its domain: a domain that something has values of takes none.
fn check(schema: &Schema, key: Key, draw: &Draw, base: &Type) -> String {
    let condition = match (draw.below(3), base.methods.contains(&"btree")) {
        (0, true) => format!("VALUE <> {}", base.values[1]),
        (1, _) => "VALUE IS NOT NULL OR VALUE IS NULL".into(),
        _ => "length((VALUE)::text) < 50".into(),
    };
    format!(" CONSTRAINT {} CHECK ({condition})", schema.name(key))
}

fn attributes(schema: &Schema, key: Key) -> Vec<(String, Type)> {
    let draw = schema.draw(key);
    draw.skip(1);
    let count = 1 + draw.below(3);
    let first = draw.below(3);
    let attribute = |at: usize| (format!("a{}", (first + at) % 4), any(schema, key, &draw));
    (0..count).map(attribute).collect()
}

pub fn composite(schema: &Schema, key: Key) -> Vec<String> {
    let home = schema.home(key, &schema.draw(key));
    let attributes: Vec<String> =
        attributes(schema, key).into_iter().map(|(name, kind)| format!("{name} {}", kind.sql)).collect();
    vec![format!("CREATE TYPE {home}.{} AS ({})", schema.name(key), attributes.join(", "))]
}

pub fn range(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let home = schema.home(key, &draw);
    let subtype = draw.pick(&[
        "subtype = integer",
        "subtype = double precision, subtype_diff = float8mi",
        "subtype = text",
        "subtype = text, collation = \"C\"",
        "subtype = date",
        "subtype = numeric",
    ]);
    let multirange = match draw.once_in(3) {
        true => format!(", multirange_type_name = {home}.many_{}", key.number),
        false => String::new(),
    };
    vec![format!("CREATE TYPE {home}.{} AS RANGE ({subtype}{multirange})", schema.name(key))]
}
