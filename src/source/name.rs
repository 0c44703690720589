//! What a statement creates and what it mentions, told from its tokens alone.
//!
//! Separate from `order`, which uses it, because where the name stands in a statement is the one
//! thing about PostgreSQL's grammar that this stage knows. A wrong guess here costs nothing but
//! order: what is still missing when a statement runs is retried.

use std::collections::BTreeSet;

use super::token::{Kind, Token, tokens};

/// Something that a statement creates.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The words of its kind as SQL spells them: `TABLE`, `MATERIALIZED VIEW`, `CONSTRAINT`.
    pub class: String,
    /// Schema if written, owner if it has one, name: as PostgreSQL stores them.
    pub parts: Vec<String>,
}

/// Something that a statement mentions. Bodies of functions are left out: PostgreSQL reads them when they are called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    pub parts: Vec<String>,
    pub strength: Strength,
}

/// How sure it is that the mentioned thing has to exist first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// A word that may as well be a column or a keyword.
    Maybe,
    /// Where only the name of another object can stand.
    Sure,
}

/// What stands between `CREATE` and the words of the kind.
const MODIFIERS: &[&str] = &[
    "or",
    "replace",
    "global",
    "local",
    "temp",
    "temporary",
    "unlogged",
    "unique",
    "recursive",
    "trusted",
    "procedural",
    "default",
    "constraint",
];

/// Kinds that are spelled with several words.
const PHRASES: &[&[&str]] = &[
    &["materialized", "view"],
    &["foreign", "table"],
    &["foreign", "data", "wrapper"],
    &["event", "trigger"],
    &["text", "search", "configuration"],
    &["text", "search", "dictionary"],
    &["text", "search", "parser"],
    &["text", "search", "template"],
    &["operator", "class"],
    &["operator", "family"],
    &["user", "mapping"],
    &["access", "method"],
];

/// Kinds whose names are unique only within the table that `ON` or `TO` names.
const OWNED: &[&str] = &["trigger", "policy", "rule"];

/// After these words only the name of an object can stand.
const BEFORE_NAME: &[&str] = &[
    "references",
    "from",
    "join",
    "on",
    "into",
    "update",
    "only",
    "inherits",
    "of",
    "table",
    "type",
    "function",
    "procedure",
    "routine",
    "aggregate",
    "execute",
    "like",
    "returns",
    "setof",
    "collate",
    "domain",
    "sequence",
    "view",
    "index",
    "schema",
    "to",
    "using",
    "parser",
    "template",
    "as",
    "partition",
    "server",
    "wrapper",
    "publication",
    "language",
    "handler",
    "validator",
    "dictionary",
    "operator",
    "in",
];

/// What a statement creates, itself first, and what it mentions besides.
pub(super) fn names(tokens: &[Token]) -> (Vec<Name>, Vec<Reference>) {
    let mut provides = Vec::new();
    let mut own = BTreeSet::new();
    if tokens.first().is_some_and(|token| token.is("create")) {
        create(tokens, None, &mut provides, &mut own);
    } else if tokens.first().is_some_and(|token| token.is("alter")) {
        alter(tokens, &mut provides);
    }
    let mut references = references(tokens, &own);
    // What is created in a schema needs the schema.
    let schemas =
        provides.iter().filter_map(|name| name.parts.split_last()).filter(|(_, schema)| schema.len() == 1);
    references
        .extend(schemas.map(|(_, schema)| Reference { parts: schema.to_vec(), strength: Strength::Sure }));
    (provides, references)
}

/// The index of the token after `CREATE … kind [IF NOT EXISTS]`, and the kind.
pub(super) fn created(tokens: &[Token]) -> Option<(usize, String)> {
    let mut at = 1;
    while MODIFIERS.iter().any(|word| is(tokens, at, word)) && !is(tokens, at + 1, "on") {
        at += 1;
    }
    let phrase = PHRASES
        .iter()
        .find(|phrase| phrase.iter().enumerate().all(|(offset, word)| is(tokens, at + offset, word)));
    let length = phrase.map_or(1, |phrase| phrase.len());
    let class: Vec<&str> = tokens.get(at..at + length)?.iter().map_while(word).collect();
    at += length;
    if is(tokens, at, "concurrently") {
        at += 1;
    }
    if is(tokens, at, "if") && is(tokens, at + 1, "not") && is(tokens, at + 2, "exists") {
        at += 3;
    }
    Some((at, class.join(" ")))
}

/// A possibly qualified name, and the index of the token after it.
pub(super) fn qualified(tokens: &[Token], start: usize) -> Option<(Vec<String>, usize)> {
    let mut parts = vec![tokens.get(start)?.name()?.to_string()];
    let mut at = start + 1;
    while tokens.get(at).is_some_and(|token| token.is_symbol('.')) {
        let Some(name) = tokens.get(at + 1).and_then(Token::name) else { break };
        parts.push(name.to_string());
        at += 2;
    }
    Some((parts, at))
}

fn create(tokens: &[Token], schema: Option<&str>, provides: &mut Vec<Name>, own: &mut BTreeSet<usize>) {
    let Some((at, class)) = created(tokens) else { return };
    let name = |parts| Name { class: class.to_ascii_uppercase(), parts };
    let within = |mut parts: Vec<String>| {
        if let (1, Some(schema)) = (parts.len(), schema) {
            parts.insert(0, schema.to_string());
        }
        parts
    };
    match class.as_str() {
        "cast" | "transform" | "user mapping" => {}
        "schema" => {
            let named = !is(tokens, at, "authorization");
            let Some((parts, next)) = qualified(tokens, if named { at } else { at + 1 }) else { return };
            own.extend(at..next);
            provides.push(name(parts.clone()));
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            // CREATE SCHEMA may hold the first objects of the schema.
            for inner in (next..tokens.len()).filter(|&inner| is(tokens, inner, "create")) {
                let mut inside = BTreeSet::new();
                create(&tokens[inner..], parts.first().copied(), provides, &mut inside);
                own.extend(inside.iter().map(|at| at + inner));
            }
        }
        "index" => {
            let named = !is(tokens, at, "on");
            let Some((mut parts, next)) = qualified(tokens, at).filter(|_| named) else { return };
            own.extend(at..next);
            // An index is in the schema of its table, and is never written with one.
            let on = if is(tokens, next + 1, "only") { next + 2 } else { next + 1 };
            if let Some((table, _)) = qualified(tokens, on)
                && let [schema, _] = table.as_slice()
            {
                parts.insert(0, schema.clone());
            }
            provides.push(name(within(parts)));
        }
        class if OWNED.contains(&class) => {
            let Some((parts, next)) = qualified(tokens, at) else { return };
            own.extend(at..next);
            let opens = if class == "rule" { "to" } else { "on" };
            let on = (next..tokens.len()).find(|&at| is(tokens, at, opens));
            let Some((mut owner, _)) = on.and_then(|on| qualified(tokens, on + 1)) else { return };
            owner.extend(parts);
            provides.push(name(owner));
        }
        _ => {
            let Some((parts, next)) = qualified(tokens, at) else { return };
            own.extend(at..next);
            let parts = within(parts);
            provides.push(name(parts.clone()));
            if class.ends_with("table") {
                provides.extend(sequences(&parts, tokens));
            }
        }
    }
}

/// The sequences that `serial` and identity columns bring.
fn sequences(table: &[String], tokens: &[Token]) -> Vec<Name> {
    let (schema, table) = table.split_at(table.len() - 1);
    let mut found = Vec::new();
    for element in elements(tokens) {
        let serial = |token: &Token| {
            ["serial", "bigserial", "smallserial", "serial4", "serial8", "serial2", "identity"]
                .iter()
                .any(|word| token.is(word))
        };
        if let Some(column) = element.name.filter(|_| tokens[element.tokens.clone()].iter().any(serial)) {
            let mut parts = schema.to_vec();
            parts.push(format!("{}_{}_seq", table[0], column));
            found.push(Name { class: "SEQUENCE".into(), parts });
        }
    }
    found
}

/// What `ALTER … ADD` and `ALTER … RENAME` bring.
fn alter(tokens: &[Token], provides: &mut Vec<Name>) {
    let Some((mut at, _)) = created(tokens) else { return };
    while ["if", "exists", "only"].iter().any(|word| is(tokens, at, word)) {
        at += 1;
    }
    let Some((owner, next)) = qualified(tokens, at) else { return };
    let mut depth = 0;
    for at in next..tokens.len() {
        match tokens[at].kind {
            Kind::Symbol('(') => depth += 1,
            Kind::Symbol(')') => depth -= 1,
            _ => {}
        }
        if depth != 0 || !is(tokens, at, "add") {
            continue;
        }
        let mut inner = at + 1;
        let class = if is(tokens, inner, "constraint") { "CONSTRAINT" } else { "COLUMN" };
        while ["column", "constraint", "if", "not", "exists"].iter().any(|word| is(tokens, inner, word)) {
            inner += 1;
        }
        let unnamed = UNNAMED.iter().chain(&["value", "generated"]).any(|word| is(tokens, inner, word));
        if let Some(name) = tokens.get(inner).filter(|_| !unnamed).and_then(Token::name) {
            let mut parts = owner.clone();
            parts.push(name.to_string());
            provides.push(Name { class: class.into(), parts });
        }
    }
}

/// One of the things in the parentheses of `CREATE TABLE` or `CREATE TYPE`.
pub(super) struct Element {
    /// As PostgreSQL stores it; none for a constraint without a name, or a LIKE.
    pub name: Option<String>,
    /// The token that names it, or its first.
    pub at: usize,
    /// All its tokens, without the comma.
    pub tokens: std::ops::Range<usize>,
}

/// How an element begins that is no column and has no name.
const UNNAMED: &[&str] = &["primary", "unique", "check", "foreign", "exclude", "like"];

/// The elements of what a `CREATE` creates; empty when it has none.
pub(super) fn elements(tokens: &[Token]) -> Vec<Element> {
    let Some(open) = opening(tokens) else { return Vec::new() };
    let mut elements = Vec::new();
    let mut depth = 0;
    let mut start = open + 1;
    for at in open..tokens.len() {
        match tokens[at].kind {
            Kind::Symbol('(') => depth += 1,
            Kind::Symbol(')') => depth -= 1,
            _ => {}
        }
        let ends = depth == 0 || depth == 1 && tokens[at].is_symbol(',');
        if ends && at > start {
            let first = &tokens[start];
            let (name, named) = match &first.kind {
                Kind::Word(word) if word == "constraint" => (tokens[start + 1].name(), start + 1),
                Kind::Word(word) if UNNAMED.contains(&word.as_str()) => (None, start),
                Kind::Text(value) => (Some(value.as_str()), start),
                _ => (first.name(), start),
            };
            elements.push(Element { name: name.map(String::from), at: named, tokens: start..at });
        }
        if ends {
            start = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    elements
}

/// The parenthesis that opens the elements: `CREATE TABLE t (`, `CREATE TYPE t AS ENUM (`.
fn opening(tokens: &[Token]) -> Option<usize> {
    let (at, class) = created(tokens).filter(|_| tokens[0].is("create"))?;
    let (_, mut open) = qualified(tokens, at)?;
    if class == "type" {
        open += usize::from(is(tokens, open, "as"));
        open += usize::from(is(tokens, open, "enum"));
    } else if !class.ends_with("table") {
        return None;
    }
    tokens.get(open).filter(|token| token.is_symbol('(')).map(|_| open)
}

fn references(tokens: &[Token], own: &BTreeSet<usize>) -> Vec<Reference> {
    let mut found = BTreeSet::new();
    // The first word is the verb.
    let mut at = 1;
    while at < tokens.len() {
        let token = &tokens[at];
        match &token.kind {
            _ if own.contains(&at) => {}
            Kind::Word(_) | Kind::Quoted(_) => {
                let (parts, next) = qualified(tokens, at).expect("a word is a name");
                let before = at.checked_sub(1).map(|before| &tokens[before]);
                let follows = |token: &Token| BEFORE_NAME.iter().any(|word| token.is(word));
                let called = tokens.get(next).is_some_and(|token| token.is_symbol('('));
                // `column type`: a name right after a name is a type.
                let typed = at >= 2
                    && before.is_some_and(|token| token.name().is_some())
                    && (tokens[at - 2].is_symbol('(') || tokens[at - 2].is_symbol(','));
                let cast = before.is_some_and(|token| token.is_symbol(':'));
                let sure = parts.len() > 1 || called || typed || cast || before.is_some_and(follows);
                found.insert(Reference {
                    parts,
                    strength: if sure { Strength::Sure } else { Strength::Maybe },
                });
                at = next;
                continue;
            }
            // nextval('s.q'), 't'::regclass: a string that is read as a name when the statement runs.
            Kind::Text(text) => {
                let called = at >= 2
                    && tokens[at - 1].is_symbol('(')
                    && ["nextval", "setval", "currval"].iter().any(|word| tokens[at - 2].is(word));
                let cast = matches!(tokens.get(at + 2), Some(Token { kind: Kind::Word(word), .. })
                    if tokens[at + 1].is_symbol(':') && word.starts_with("reg"));
                if called || cast {
                    let inner = self::tokens(text);
                    if let Some((parts, _)) = qualified(&inner, 0) {
                        found.insert(Reference { parts, strength: Strength::Sure });
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
    found.into_iter().collect()
}

fn is(tokens: &[Token], at: usize, word: &str) -> bool {
    tokens.get(at).is_some_and(|token| token.is(word))
}

fn word(token: &Token) -> Option<&str> {
    match &token.kind {
        Kind::Word(word) => Some(word),
        _ => None,
    }
}
