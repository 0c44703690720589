//! What SQL needs of an engine, told from its text before any engine runs.
//!
//! Separate from the engines, each of which compares this with what it has.

use std::collections::BTreeSet;

use crate::source::{Kind, Token, statements_of};

/// What not every engine has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    pub extensions: BTreeSet<String>,
    /// Languages that it creates without an extension.
    pub languages: BTreeSet<String>,
    pub tablespaces: BTreeSet<String>,
    /// Roles to make at once; others are made when they turn out to be missing.
    pub roles: BTreeSet<String>,
    /// Files that text search dictionaries name: `german.stop`.
    pub text_search_files: BTreeSet<String>,
    /// Statements that load a library of the server's own: `CREATE CONVERSION`.
    pub libraries: BTreeSet<&'static str>,
    /// Collations of the ICU library.
    pub icu: bool,
    /// The first major version that reads this, and what in it needs that.
    pub major: Option<(u32, &'static str)>,
}

/// Options of text search dictionaries that name a file, and how that file's name ends.
const TEXT_SEARCH_FILES: &[(&str, &[&str])] = &[
    ("stopwords", &["stop"]),
    // An ispell dictionary's, a thesaurus's.
    ("dictfile", &["dict", "ths"]),
    ("afffile", &["affix"]),
    ("synonyms", &["syn"]),
    ("rules", &["rules"]),
];

/// What makes the server load a library of its own when it is created.
const LOADING: &[(&str, &str)] =
    &[("conversion", "CREATE CONVERSION"), ("subscription", "CREATE SUBSCRIPTION")];

/// Words that only this major version and later ones read.
const SINCE: &[(u32, &[&str], &str)] = &[
    (18, &["without", "overlaps"], "WITHOUT OVERLAPS"),
    (18, &["not", "enforced"], "NOT ENFORCED"),
    (15, &["nulls", "not", "distinct"], "NULLS NOT DISTINCT"),
];

/// A word of every statement that needs something.
const TELLING: &[&str] = &[
    "extension",
    "language",
    "tablespace",
    "provider",
    "search",
    "conversion",
    "subscription",
    "without",
    "enforced",
    "nulls",
    "virtual",
];

impl Requirements {
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Requirements {
        let mut all = Requirements::default();
        texts.for_each(|text| all.add(text));
        all
    }

    pub fn add(&mut self, text: &str) {
        // A live database is thousands of statements, few of which are worth taking apart.
        let lower = text.to_ascii_lowercase();
        if !TELLING.iter().any(|word| lower.contains(word)) {
            return;
        }
        for tokens in statements_of(text) {
            self.add_statement(&tokens);
        }
    }

    fn add_statement(&mut self, tokens: &[Token]) {
        let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is(word));
        let name = |at: usize| tokens.get(at).and_then(Token::name).map(String::from);
        if is(0, "create") && is(1, "extension") {
            self.extensions.extend(name(if is(2, "if") { 5 } else { 2 }));
        }
        if is(0, "create")
            && let Some(at) = (1..6).find(|&at| is(at, "language") && !is(0, "function"))
            && (1..at).all(|at| ["or", "replace", "trusted", "procedural"].iter().any(|word| is(at, word)))
        {
            self.languages.extend(name(at + 1));
        }
        let loads = |word: &str| is(0, "create") && (is(1, word) || is(1, "default") && is(2, word));
        self.libraries.extend(LOADING.iter().filter(|(word, _)| loads(word)).map(|(_, statement)| statement));
        if ["text", "search", "dictionary"].iter().enumerate().all(|(at, word)| is(at + 1, word)) {
            self.add_text_search_files(tokens);
        }
        for (at, token) in tokens.iter().enumerate() {
            let next = tokens.get(at + 1);
            if token.is("provider") && next.is_some_and(|token| token.is_symbol('=')) {
                let value = tokens.get(at + 2);
                self.icu |=
                    value.is_some_and(|value| value.is("icu") || value.kind == Kind::Text("icu".into()));
            }
            // A tablespace of its own is refused when it is loaded; this is one that must be there.
            let placed = token.is("tablespace") && at > 1 && !is(at - 1, "in") && !is(at - 1, "on");
            if placed || token.is("default_tablespace") {
                let at = if placed { at + 1 } else { at + 2 };
                let value = tokens.get(at).and_then(Token::text).map(String::from);
                let built_in = ["", "default", "pg_default", "pg_global"];
                self.tablespaces.extend(value.filter(|value| !built_in.contains(&value.as_str())));
            }
            for (major, words, spelled) in SINCE {
                let here = words.iter().enumerate().all(|(offset, word)| is(at + offset, word));
                if here && self.major.is_none_or(|(known, _)| known < *major) {
                    self.major = Some((*major, spelled));
                }
            }
            let computed = token.is("virtual") && at > 0 && tokens[at - 1].is_symbol(')');
            if computed && self.major.is_none_or(|(known, _)| known < 18) {
                self.major = Some((18, "VIRTUAL columns"));
            }
        }
    }

    fn add_text_search_files(&mut self, tokens: &[Token]) {
        for (option, endings) in TEXT_SEARCH_FILES {
            let named = tokens.windows(3).filter(|three| three[0].is(option) && three[1].is_symbol('='));
            let files = named.filter_map(|three| three[2].text()).filter(|file| {
                // As get_tsearch_config_filename() checks it.
                file.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            });
            let ended = |file| endings.iter().map(move |ending| format!("{file}.{ending}"));
            self.text_search_files.extend(files.flat_map(ended));
        }
    }
}
