//! Routines that know no table, and what is made of them: aggregates, operators, casts.

use std::rc::Rc;

use super::{
    super::model::{Draw, Key, Schema, is_first},
    one,
    types::{self, Type},
};

/// What a routine is.
struct Routine {
    word: &'static str,
    name: String,
    /// Without names and defaults: what tells it from others of the same name.
    inputs: String,
    sql: String,
    /// It takes an integer, always gives the same, and nothing else has its name.
    result: Option<Type>,
}

fn of(schema: &Schema, key: Key) -> Rc<Routine> {
    schema.once(key, || routine_of(schema, key))
}

fn routine_of(schema: &Schema, key: Key) -> Routine {
    let draw = schema.draw(key);
    let home = schema.home(key, &draw);
    let form = draw.below(9);
    let own = format!("{home}.{}", schema.name(key));
    let volatility = draw.pick(&[" IMMUTABLE", " STABLE", "", " VOLATILE"]);
    let mut options = details(&draw);
    let plpgsql = draw.once_in(2);
    let variant = draw.below(3);
    let kind = types::any(schema, key, &draw);
    let function = |name: String, inputs: &str, signature: String, returns: &str, body: String| {
        let sql =
            format!("CREATE FUNCTION {name}({signature}) RETURNS {returns} {body}{volatility}{options}");
        Routine { word: "FUNCTION", name, inputs: inputs.into(), sql, result: None }
    };
    let body = |query: &str| match plpgsql {
        true => format!("LANGUAGE plpgsql AS $$ BEGIN RETURN {query}; END $$"),
        false => format!("LANGUAGE sql AS $$ SELECT {query} $$"),
    };
    match form {
        0..=2 => {
            let result = types::named(["integer", "bigint", "integer"][variant]);
            let volatility = " IMMUTABLE";
            // A body that PostgreSQL reads when it is made comes last.
            let (before, after) = match (plpgsql, variant) {
                (false, 2) => (String::new(), format!("RETURN x + {variant}")),
                _ => (body(&format!("x + {variant}")), String::new()),
            };
            options = options.replace(" SECURITY DEFINER", "");
            let sql = format!(
                "CREATE FUNCTION {own}(x integer) RETURNS {} {before}{volatility}{options} {after}",
                result.sql
            );
            Routine { word: "FUNCTION", name: own, inputs: "integer".into(), sql, result: Some(result) }
        }
        3 => {
            let name = format!("{home}.overload_{variant}");
            let inputs = kind.sql.clone();
            function(name, &inputs, format!("one {inputs}"), "integer", body("1"))
        }
        4 => {
            let signature =
                format!("one {0} DEFAULT {1}, two text DEFAULT 'x'", kind.sql, kind.values[variant % 2]);
            let inputs = format!("{}, text", kind.sql);
            function(own, &inputs, signature, &kind.sql, body("one"))
        }
        5 => {
            let columns = ["a integer", "a integer, b text", "b text"][variant];
            let body = if variant == 1 {
                "1, 'x'::text"
            } else if variant == 0 {
                "2"
            } else {
                "'y'::text"
            };
            function(
                own,
                "integer",
                "one integer".into(),
                &format!("TABLE ({columns})"),
                format!("LANGUAGE sql AS $$ SELECT {body} $$ ROWS 10"),
            )
        }
        6 => {
            let mode = ["OUT two integer", "INOUT two integer", "OUT three integer"][variant];
            let inputs = if variant == 1 { format!("{}, integer", kind.sql) } else { kind.sql.clone() };
            let sql = format!(
                "CREATE FUNCTION {own}(one {}, {mode}) LANGUAGE sql AS $$ SELECT 1 $${volatility}{options}",
                kind.sql
            );
            Routine { word: "FUNCTION", name: own, inputs, sql, result: None }
        }
        7 => {
            let sql = format!(
                "CREATE PROCEDURE {own}(one {}) LANGUAGE plpgsql AS $$ BEGIN PERFORM {variant}; END $$",
                kind.sql
            );
            Routine { word: "PROCEDURE", name: own, inputs: kind.sql, sql, result: None }
        }
        _ => {
            let returns = format!("SETOF {}", kind.sql);
            let body = format!("LANGUAGE sql AS $$ SELECT {} $$", kind.values[variant % 2]);
            function(own, "", String::new(), &returns, body)
        }
    }
}

fn details(draw: &Draw) -> String {
    let mut all = String::new();
    all += draw.pick(&["", "", "", " STRICT"]);
    all += draw.pick(&["", "", "", " PARALLEL SAFE", " PARALLEL RESTRICTED"]);
    all += draw.pick(&[
        "",
        "",
        "",
        " COST 7",
        " LEAKPROOF",
        " SET search_path TO pg_catalog",
        " SECURITY DEFINER",
    ]);
    all
}

pub fn routine(schema: &Schema, key: Key) -> Vec<String> {
    let identity = |key| {
        let routine = of(schema, key);
        (routine.name.clone(), routine.inputs.clone())
    };
    one(is_first(&schema.all("routine"), key, identity).then(|| of(schema, key).sql.clone()))
}

/// How SQL names it after COMMENT ON, and whether it can be called by anybody without harm to others.
pub fn spoken(schema: &Schema, key: Key) -> Option<(&'static str, String)> {
    let routine = of(schema, key);
    Some((routine.word, format!("{}({})", routine.name, routine.inputs)))
}

pub fn is_called(schema: &Schema, key: Key) -> bool {
    of(schema, key).result.is_some()
}

/// Functions of one integer that indexes may call, and what they return.
pub fn callable(schema: &Schema, key: Key) -> Vec<(String, Type)> {
    let routines = schema.before(key, &["routine"]).into_iter().map(|key| of(schema, key));
    routines.filter_map(|routine| Some((routine.name.clone(), routine.result.clone()?))).collect()
}

pub fn aggregate(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let name = format!("{}.{}", schema.home(key, &draw), schema.name(key));
    let step = draw.pick(&["int4pl", "int4larger", "int4smaller"]);
    let start = draw.pick(&["", ", INITCOND = '0'", ", INITCOND = '5'"]);
    let combine = draw.pick(&["", ", COMBINEFUNC = int4pl", ", COMBINEFUNC = int4larger, PARALLEL = SAFE"]);
    let callable = callable(schema, key);
    let last = match (draw.below(3), callable.first()) {
        (2, Some((call, _))) => format!(", FINALFUNC = {call}"),
        _ => String::new(),
    };
    vec![format!("CREATE AGGREGATE {name}(integer) (SFUNC = {step}, STYPE = integer{last}{combine}{start})")]
}

/// `public.@#@`, which no other has.
pub fn symbol(schema: &Schema, key: Key, draw: &Draw) -> String {
    let signs: Vec<char> = "@#%&|".chars().collect();
    let number = usize::from(key.number);
    format!("{}.@{}{}", schema.home(key, draw), signs[number / 5 % 5], signs[number % 5])
}

pub fn operator(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let symbol = symbol(schema, key, &draw);
    let function = draw.pick(&["int4eq", "int4lt", "int4ne"]);
    let restrict = draw.pick(&["", ", RESTRICT = eqsel", ", RESTRICT = neqsel, JOIN = neqjoinsel"]);
    let commuted = format!(", COMMUTATOR = OPERATOR({symbol})");
    let more = match (draw.below(4), function) {
        (1, _) => &commuted,
        (2, "int4eq") => ", HASHES",
        (3, "int4eq") => ", MERGES",
        _ => "",
    };
    vec![format!(
        "CREATE OPERATOR {symbol} (FUNCTION = {function}, LEFTARG = integer, RIGHTARG = integer{restrict}{more})"
    )]
}

pub fn family(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let name = format!("{}.{}", schema.home(key, &draw), schema.name(key));
    let method = draw.pick(&["btree", "hash"]);
    vec![format!("CREATE OPERATOR FAMILY {name} USING {method}")]
}

pub fn class(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let name = format!("{}.{}", schema.home(key, &draw), schema.name(key));
    let function = draw.pick(&[
        "btint4cmp(integer, integer)",
        "btint4cmp(integer, integer), FUNCTION 2 (integer, integer) btint4sortsupport(internal)",
    ]);
    vec![format!(
        "CREATE OPERATOR CLASS {name} FOR TYPE integer USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, \
         OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 {function}"
    )]
}

pub fn cast(schema: &Schema, key: Key) -> Vec<String> {
    let parts = |key: Key| {
        let draw = schema.draw(key);
        let from = draw.one(&schema.before(key, &["enumeration", "composite", "range"]))?;
        Some((
            types::of(schema, from)?.sql,
            draw.pick(&["text", "integer"]),
            draw.pick(&["", " AS ASSIGNMENT"]),
        ))
    };
    let first = is_first(&schema.all("cast"), key, |key| parts(key).map(|(from, to, _)| (from, to)));
    one(parts(key)
        .filter(|_| first)
        .map(|(from, to, context)| format!("CREATE CAST ({from} AS {to}) WITH INOUT{context}")))
}

pub fn transform(schema: &Schema, key: Key) -> Vec<String> {
    let parts = |key: Key| {
        let draw = schema.draw(key);
        (draw.pick(&["integer", "point"]), draw.pick(&["sql", "plpgsql"]))
    };
    let draw = schema.draw(key);
    draw.skip(2);
    let back = draw.pick(&["", ", TO SQL WITH FUNCTION int4recv(internal)"]);
    let (kind, language) = parts(key);
    let back = if kind == "integer" { back } else { "" };
    one(is_first(&schema.all("transform"), key, parts).then(|| {
        format!("CREATE TRANSFORM FOR {kind} LANGUAGE {language} (FROM SQL WITH FUNCTION prsd_lextype(internal){back})")
    }))
}

/// The name that a trigger calls.
pub fn trigger_name(schema: &Schema, key: Key) -> String {
    format!("{}.{}", schema.home(key, &schema.draw(key)), schema.name(key))
}

pub fn trigger_function(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    let home = schema.home(key, &draw);
    let result = draw.pick(&["new", "coalesce(new, old)", "null"]);
    let options = draw.pick(&["", " SECURITY DEFINER", " SET search_path TO pg_catalog"]);
    vec![format!(
        "CREATE FUNCTION {home}.{}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN {result}; END $${options}",
        schema.name(key)
    )]
}
