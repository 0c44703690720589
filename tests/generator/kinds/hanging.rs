//! What hangs on other objects: comments, owners, privileges, and the privileges of objects to come.

use super::{
    super::model::{Key, Schema, is_first},
    KINDS, constraints, queries, routines, tables, types, views,
};

/// How SQL names an object: `TABLE`, `public.t`.
fn spoken(schema: &Schema, key: Key) -> Option<(&'static str, String)> {
    let kind = &KINDS[usize::from(key.kind)];
    let home = || schema.home(key, &schema.draw(key));
    let inside = || format!("{}.{}", home(), schema.name(key));
    let own = |word| Some((word, schema.name(key)));
    let spoken = match kind.name {
        "schema" => own("SCHEMA"),
        "wrapper" => own("FOREIGN DATA WRAPPER"),
        "server" => own("SERVER"),
        "publication" => own("PUBLICATION"),
        "event" => own("EVENT TRIGGER"),
        "language" => own("LANGUAGE"),
        "collation" => Some(("COLLATION", inside())),
        "conversion" => Some(("CONVERSION", inside())),
        "dictionary" => Some(("TEXT SEARCH DICTIONARY", inside())),
        "configuration" => Some(("TEXT SEARCH CONFIGURATION", inside())),
        "domain" => Some(("DOMAIN", inside())),
        "enumeration" | "composite" | "range" => Some(("TYPE", types::of(schema, key)?.sql)),
        "sequence" => Some(("SEQUENCE", inside())),
        "statistics" => Some(("STATISTICS", inside())),
        "aggregate" => Some(("AGGREGATE", format!("{}(integer)", inside()))),
        "operator" => {
            let symbol = routines::symbol(schema, key, &schema.draw(key));
            Some(("OPERATOR", format!("{symbol}(integer, integer)")))
        }
        "routine" => routines::spoken(schema, key),
        "query" => {
            queries::of(schema, key).map(|query| ("FUNCTION", format!("{}({})", query.name, query.inputs)))
        }
        "trigger_function" => Some(("FUNCTION", format!("{}()", inside()))),
        "table" | "data" | "foreign_table" | "view" | "materialized" => {
            views::relation(schema, key).map(|relation| (relation.word, relation.sql))
        }
        "key" => constraints::named(schema, key).map(|(table, name)| {
            ("CONSTRAINT", format!("{name} ON {}", tables::of(schema, table).sql.clone()))
        }),
        _ => None,
    };
    spoken.filter(|_| !schema.written(key).is_empty())
}

/// What can belong to somebody.
const OWNED: &[&str] = &[
    "SCHEMA",
    "FOREIGN DATA WRAPPER",
    "SERVER",
    "PUBLICATION",
    "COLLATION",
    "CONVERSION",
    "TEXT SEARCH DICTIONARY",
    "TEXT SEARCH CONFIGURATION",
    "DOMAIN",
    "TYPE",
    "SEQUENCE",
    "STATISTICS",
    "AGGREGATE",
    "OPERATOR",
    "FUNCTION",
    "PROCEDURE",
    "TABLE",
    "FOREIGN TABLE",
    "VIEW",
    "MATERIALIZED VIEW",
];

fn targets(schema: &Schema, key: Key) -> Vec<(Key, &'static str, String)> {
    let before = schema.objects().range(..key).map(|(key, _)| *key);
    before.filter_map(|key| spoken(schema, key).map(|(word, name)| (key, word, name))).collect()
}

pub fn comment(schema: &Schema, key: Key) -> Vec<String> {
    let target = |key: Key| {
        let draw = schema.draw(key);
        let on_column = draw.once_in(4);
        let targets: Vec<_> = targets(schema, key);
        let (target, word, name) = draw.one(&targets)?;
        let columns = views::relation(schema, target).map(|relation| relation.columns).unwrap_or_default();
        match (on_column, draw.one(&columns)) {
            (true, Some(column)) => Some(("COLUMN", format!("{name}.{}", column.name))),
            _ => Some((word, name)),
        }
    };
    let first = is_first(&schema.all("comment"), key, target);
    super::one(target(key).filter(|_| first).map(|(word, name)| {
        let draw = schema.draw(key);
        draw.skip(3);
        let text = draw.pick(&["one", "it''s; two", "three\nlines\nof -- text"]);
        format!("COMMENT ON {word} {name} IS '{text}'")
    }))
}

fn given(schema: &Schema, key: Key) -> Option<(Key, &'static str, String)> {
    let mut targets = targets(schema, key);
    targets.retain(|(_, word, _)| OWNED.contains(word));
    // The owner of an event trigger and of a wrapper must be a superuser.
    targets.retain(|(_, word, _)| *word != "FOREIGN DATA WRAPPER");
    // An owner asks for the rows that a foreign key references, and may not look into every schema.
    targets.retain(|(key, ..)| KINDS[usize::from(key.kind)].name != "data");
    schema.draw(key).one(&targets)
}

/// Does somebody else own it?
pub fn is_given_away(schema: &Schema, target: Key) -> bool {
    schema.all("owner").into_iter().any(|key| given(schema, key).is_some_and(|(given, ..)| given == target))
}

pub fn owner(schema: &Schema, key: Key) -> Vec<String> {
    let target = |key| given(schema, key).map(|(target, ..)| target);
    let first = is_first(&schema.all("owner"), key, target);
    let draw = schema.draw(key);
    draw.skip(1);
    let role = draw.pick(&["planwright_writer", "\"planwright \"\"odd\"\" ; role\""]);
    super::one(
        given(schema, key)
            .filter(|_| first)
            .map(|(_, word, name)| format!("ALTER {word} {name} OWNER TO {role}")),
    )
}

pub fn grant(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let targets: Vec<(Key, &str, String)> = targets(schema, key)
        .into_iter()
        .filter_map(|(key, word, name)| {
            let word = match word {
                "TABLE" | "VIEW" | "MATERIALIZED VIEW" | "FOREIGN TABLE" => "TABLE",
                "DOMAIN" | "TYPE" => "TYPE",
                "FUNCTION" | "AGGREGATE" => "FUNCTION",
                "SERVER" => "FOREIGN SERVER",
                "SCHEMA" | "SEQUENCE" | "FOREIGN DATA WRAPPER" | "PROCEDURE" => word,
                _ => return None,
            };
            Some((key, word, name))
        })
        .collect();
    let Some((target, word, name)) = draw.one(&targets) else { return Vec::new() };
    let choices: &[&str] = match word {
        "TABLE" => &[
            "SELECT",
            "SELECT, INSERT",
            "ALL",
            "UPDATE, DELETE, TRUNCATE",
            "SELECT (column)",
            "UPDATE (column)",
        ],
        "SEQUENCE" => &["USAGE", "SELECT, UPDATE", "ALL"],
        "SCHEMA" => &["USAGE", "CREATE", "ALL"],
        "FUNCTION" | "PROCEDURE" => &["EXECUTE"],
        _ => &["USAGE"],
    };
    let mut rights = draw.pick(choices).to_owned();
    if rights.contains("column") {
        let columns = views::relation(schema, target).map(|relation| relation.columns).unwrap_or_default();
        rights = match draw.one(&columns) {
            Some(column) => rights.replace("column", &column.name),
            None => "SELECT".into(),
        };
    }
    let role = draw.pick(&["planwright_reader", "PUBLIC", "planwright_reader WITH GRANT OPTION"]);
    let called = KINDS[usize::from(target.kind)].name == "routine" && routines::is_called(schema, target);
    match draw.below(6) {
        // What an index calls, its table's owner must be able to call.
        5 if ["FUNCTION", "TYPE"].contains(&word) && !called && word == "FUNCTION" => {
            vec![format!("REVOKE ALL ON {word} {name} FROM PUBLIC")]
        }
        _ => vec![format!("GRANT {rights} ON {word} {name} TO {role}")],
    }
}

pub fn default_privilege(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let home = draw.one(&schema.before(key, &["schema"])).map(|home| schema.name(home));
    let within = match (draw.below(2), home) {
        (1, Some(home)) => format!(" IN SCHEMA {home}"),
        _ => String::new(),
    };
    let grant = draw.pick(&[
        "SELECT ON TABLES",
        "EXECUTE ON FUNCTIONS",
        "USAGE ON SEQUENCES",
        "USAGE ON TYPES",
        "INSERT, UPDATE ON TABLES",
    ]);
    let role = draw.pick(&["planwright_reader", "planwright_writer"]);
    vec![format!("ALTER DEFAULT PRIVILEGES{within} GRANT {grant} TO {role}")]
}
