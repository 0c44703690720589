//! Text search: parsers, templates, dictionaries and configurations.

use super::{
    super::model::{Key, Schema},
    one,
};

fn name(schema: &Schema, key: Key) -> String {
    format!("{}.{}", schema.home(key, &schema.draw(key)), schema.name(key))
}

pub fn parser(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    draw.skip(1);
    let headline = draw.pick(&["", ", HEADLINE = prsd_headline"]);
    one(Some(format!(
        "CREATE TEXT SEARCH PARSER {} (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, \
         LEXTYPES = prsd_lextype{headline})",
        name(schema, key)
    )))
}

pub fn template(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    draw.skip(1);
    let functions = draw.pick(&[
        "INIT = dsimple_init, LEXIZE = dsimple_lexize",
        "INIT = dsynonym_init, LEXIZE = dsynonym_lexize",
    ]);
    one(Some(format!("CREATE TEXT SEARCH TEMPLATE {} ({functions})", name(schema, key))))
}

pub fn dictionary(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    draw.skip(1);
    let options = draw.pick(&[
        "TEMPLATE = simple",
        "TEMPLATE = simple, accept = false",
        "TEMPLATE = snowball, language = english",
        "TEMPLATE = snowball, language = german",
    ]);
    one(Some(format!("CREATE TEXT SEARCH DICTIONARY {} ({options})", name(schema, key))))
}

pub fn configuration(schema: &Schema, key: Key) -> Vec<String> {
    let draw = schema.draw(key);
    draw.skip(1);
    let copied = draw.once_in(2);
    let dictionary =
        draw.one(&schema.before(key, &["dictionary"])).map(|dictionary| name(schema, dictionary));
    let dictionary = dictionary.unwrap_or("pg_catalog.simple".into());
    let sql = |source: &str| format!("CREATE TEXT SEARCH CONFIGURATION {} ({source})", name(schema, key));
    if copied {
        return vec![sql("COPY = pg_catalog.german")];
    }
    let tokens = draw.pick(&["asciiword", "asciiword, word", "word, email"]);
    vec![
        sql("PARSER = pg_catalog.\"default\""),
        format!(
            "ALTER TEXT SEARCH CONFIGURATION {} ADD MAPPING FOR {tokens} WITH {dictionary}",
            name(schema, key)
        ),
    ]
}
