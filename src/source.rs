//! Reads `schema.sql`: its statements, where each stands, what each creates and needs.
//!
//! Separate from `scratch`, which runs them: nothing here knows a database, and nothing here decides
//! what SQL means. A statement that this stage cannot read is kept whole and run as it is.

mod annotation;
mod data;
mod locate;
mod name;
mod order;
mod read;
mod rename;
mod since;
mod split;
pub(crate) mod token;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

pub use annotation::{Annotation, Says};
pub use data::Data;
pub use name::{Name, Reference, Strength};
pub(crate) use read::source;
pub use read::{holds_sql, read};
pub use rename::Rename;
pub use since::{Novelty, newer};
pub(crate) use token::{Kind, Token, tokens};

use crate::{
    catalog::Id,
    diagnostic::{Diagnostic, Diagnostics, Place, Result},
};

/// One file of SQL, with LF line ends.
#[derive(Clone, Debug)]
pub struct Source {
    /// As the user would type it.
    pub path: String,
    pub text: Arc<str>,
}

/// One statement: where it is, and what its tokens tell of it.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Index into [`Statements::sources`].
    pub source: usize,
    /// Bytes of the source's text, without the `;`.
    pub range: Range<usize>,
    /// Its first words in upper case, as far as nothing else is between them.
    pub words: Vec<String>,
    /// What it creates, itself first.
    pub provides: Vec<Name>,
    /// What else it mentions.
    pub references: Vec<Reference>,
    /// Which session settings are in force: index into [`Statements::settings`].
    pub settings: usize,
}

/// One `SET`, `RESET` or `SELECT set_config` line.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    pub source: usize,
    pub range: Range<usize>,
    /// What is set, in lower case.
    pub variable: String,
}

/// All that the files say.
#[derive(Clone, Debug, Default)]
pub struct Statements {
    pub sources: Vec<Source>,
    /// In the order of the files, without the lines that set session settings.
    pub statements: Vec<Statement>,
    pub renames: Vec<Rename>,
    pub annotations: Vec<Annotation>,
    /// Where rows stand that are left out: after a `COPY … FROM stdin`.
    pub rows: Vec<Place>,
    /// The lists of settings that hold for some statement; the first is empty.
    pub settings: Vec<Vec<Setting>>,
    /// Statements by the last part of each name that they create.
    providers: BTreeMap<String, Vec<usize>>,
}

/// Reads texts, all their problems at once.
pub fn parse(sources: Vec<Source>) -> Result<Statements> {
    let mut all = Statements { sources, settings: vec![Vec::new()], ..Statements::default() };
    let mut problems = Vec::new();
    for index in 0..all.sources.len() {
        let source = all.sources[index].clone();
        match split::split(&source.text) {
            Ok(split) => all.add(index, &source.text, split, &mut problems),
            Err(uncut) => {
                let place = Place { path: source.path, text: source.text, range: uncut.range };
                problems.push(Diagnostic::failed(uncut.code, uncut.message).at(Some(place)).help(uncut.help));
            }
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(Diagnostics(problems)) }
}

/// A text cut and not read: its statements, settings among them, and its comments.
pub(crate) struct Cut {
    /// Each from its first token to its last, without the `;`.
    pub statements: Vec<Range<usize>>,
    /// Each with its marks.
    pub comments: Vec<Range<usize>>,
    /// Each `COPY … FROM stdin` that rows follow.
    pub rows: Vec<Range<usize>>,
}

/// Cuts a text that may be in any order and of any tool.
pub(crate) fn cut(source: &Source) -> Result<Cut> {
    match split::split(&source.text) {
        Ok(split::Split { statements, comments, rows }) => Ok(Cut { statements, comments, rows }),
        Err(uncut) => {
            let place = Place { path: source.path.clone(), text: source.text.clone(), range: uncut.range };
            Err(Diagnostic::failed(uncut.code, uncut.message).at(Some(place)).help(uncut.help).into())
        }
    }
}

/// The tokens of each statement in a text; of none when it cannot be cut.
pub(crate) fn statements_of(text: &str) -> Vec<Vec<Token>> {
    let statements = split::split(text).map(|split| split.statements).unwrap_or_default();
    statements.into_iter().map(|range| tokens(&text[range])).collect()
}

impl Statements {
    /// In which order to run the statements: that of the files, but what a statement needs comes before it.
    pub fn order(&self) -> Vec<usize> {
        order::order(self)
    }

    /// The statements that each statement needs, as far as their text tells.
    pub(crate) fn needs(&self) -> BTreeMap<usize, BTreeSet<usize>> {
        order::needs(self)
    }

    pub fn text(&self, statement: usize) -> &str {
        let Statement { source, range, .. } = &self.statements[statement];
        &self.sources[*source].text[range.clone()]
    }

    pub fn place(&self, statement: usize) -> Place {
        let Statement { source, range, .. } = &self.statements[statement];
        self.place_of(*source, range.clone())
    }

    /// The last parenthesis of a statement that nothing closes.
    pub fn unclosed(&self, statement: usize) -> Option<Place> {
        let mut open = Vec::new();
        for token in token::tokens(self.text(statement)) {
            match token.kind {
                token::Kind::Symbol('(') => open.push(token.range),
                token::Kind::Symbol(')') => drop(open.pop()),
                _ => {}
            }
        }
        let range = open.pop()?;
        let Statement { source, range: whole, .. } = &self.statements[statement];
        Some(self.place_of(*source, whole.start + range.start..whole.start + range.end))
    }

    /// Where an object is written: `path` is its identity from the outermost name to the innermost, as in
    /// `["public", "users", "email"]`. `None` when no statement creates it.
    pub fn locate(&self, path: &[&str]) -> Option<Place> {
        locate::locate(self, path)
    }

    /// Where an object is written; what has another name now is shown under that, what is gone where its owner is,
    /// what hangs on another where that is.
    pub fn nearest(&self, id: &Id) -> Option<Place> {
        // What hangs on any object has the kind of that in front of its path.
        let hangs = id.path.len() > 2 && crate::kind::named(&id.path[0]).is_some();
        let mut path: Vec<&str> = id.path[usize::from(hangs)..].iter().map(String::as_str).collect();
        let (last, outer) = path.split_last()?;
        let named = self.renames.iter().find_map(|rename| {
            let (name, host) = rename.target.split_last()?;
            let host: Vec<&str> = host.iter().map(String::as_str).collect();
            (rename.from == *last && outer.ends_with(&host)).then_some(name)
        });
        if let Some(name) = named {
            path.pop();
            path.push(name);
        }
        (1..=path.len())
            .rev()
            .find_map(|len| self.locate(&path[..len]).filter(|_| len > 1 || path.len() == 1))
    }

    /// Statements that create something of this name, whatever its schema or kind.
    pub(crate) fn providers(&self, name: &str) -> &[usize] {
        self.providers.get(name).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn place_of(&self, source: usize, range: Range<usize>) -> Place {
        let Source { path, text } = &self.sources[source];
        Place { path: path.clone(), text: text.clone(), range }
    }

    pub(crate) fn setting_text(&self, setting: &Setting) -> &str {
        &self.sources[setting.source].text[setting.range.clone()]
    }

    fn add(&mut self, source: usize, text: &str, split: split::Split, problems: &mut Vec<Diagnostic>) {
        let rows: Vec<Place> = split.rows.iter().map(|range| self.place_of(source, range.clone())).collect();
        self.rows.extend(rows);
        let first = self.statements.len();
        let mut in_force: Vec<Setting> = Vec::new();
        let mut settings = 0;
        for range in split.statements {
            let tokens = tokens(&text[range.clone()]);
            if let Some(variable) = setting(&tokens) {
                in_force.retain(|earlier| earlier.variable != variable && variable != "all");
                in_force.push(Setting { source, range, variable });
                settings = self.settings_index(&in_force);
                continue;
            }
            let (provides, references) = name::names(&tokens);
            let index = self.statements.len();
            for name in &provides {
                let last = name.parts.last().expect("a name has a part").clone();
                let providers = self.providers.entry(last).or_default();
                if providers.last() != Some(&index) {
                    providers.push(index);
                }
            }
            let words = words(&tokens);
            self.statements.push(Statement { source, range, words, provides, references, settings });
        }
        rename::collect(self, source, &split.comments, first, problems);
        annotation::collect(self, source, &split.comments, first, problems);
    }

    /// The same list in force again is the same index: switching settings costs a round trip.
    fn settings_index(&mut self, in_force: &[Setting]) -> usize {
        let same = |one: &Setting, other: &Setting| self.setting_text(one) == self.setting_text(other);
        let known = self.settings.iter().position(|settings| {
            settings.len() == in_force.len()
                && settings.iter().zip(in_force).all(|(one, other)| same(one, other))
        });
        known.unwrap_or_else(|| {
            self.settings.push(in_force.to_vec());
            self.settings.len() - 1
        })
    }
}

/// What a line sets for the rest of the session; `None` for every other statement.
fn setting(tokens: &[Token]) -> Option<String> {
    let word = |at: usize| tokens.get(at).and_then(Token::name).unwrap_or("");
    match word(0) {
        "set" if ["transaction", "constraints"].contains(&word(1)) => None,
        "set" if word(1) == "session" && word(2) == "characteristics" => None,
        "set" | "reset" => {
            let scope = ["session", "local"].contains(&word(1)) && word(2) != "authorization";
            let at = if scope { 2 } else { 1 };
            let longer = ["time", "session"].contains(&word(at));
            let (mut parts, next) = name::qualified(tokens, at)?;
            if longer {
                parts.push(word(next).to_string());
            }
            Some(parts.join("."))
        }
        "select" => {
            let (function, next) = name::qualified(tokens, 1)?;
            let called = function.last().is_some_and(|name| name == "set_config");
            match tokens.get(next + 1).map(|token| &token.kind) {
                Some(Kind::Text(variable)) if called => Some(variable.to_ascii_lowercase()),
                _ => None,
            }
        }
        _ => None,
    }
}

fn words(tokens: &[Token]) -> Vec<String> {
    let unquoted = |token: &Token| match &token.kind {
        Kind::Word(word) => Some(word.to_ascii_uppercase()),
        _ => None,
    };
    tokens.iter().take(8).map_while(unquoted).collect()
}
