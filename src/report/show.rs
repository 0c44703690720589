//! `plan show`: what a reviewer must know of migrations, for whatever reads it.
//!
//! Everything here comes from the files; `words` says it, and each format arranges the same words.

mod finding;
mod html;
mod json;
mod markdown;
mod sarif;
mod text;
mod words;

use crate::{
    bundle::Direction,
    codegen::{
        Pair,
        header::{self, DownHeader},
    },
    report::annotation,
    runtime::statements::{Statement, statements},
};
use std::collections::BTreeMap;

pub use finding::{Finding, findings};
use words::Held;

/// Who or what reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    Text,
    Json,
    Markdown,
    Html,
    Sarif,
    Github,
}

/// What the files do not say.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The project's folder from the top of the repository; empty where that is the same.
    pub folder: String,
    /// How many rows the relations of a live database hold, by name.
    pub rows: Option<BTreeMap<String, u64>>,
}

/// The migrations in that format.
pub fn show(pairs: &[Pair], around: &Around, format: Format) -> String {
    let migrations: Vec<Shown> = pairs.iter().map(|pair| Shown::new(pair, around)).collect();
    match format {
        Format::Text => text::text(&migrations, around),
        Format::Json => json::json(&migrations, around),
        Format::Markdown => markdown::markdown(&migrations, around),
        Format::Html => html::html(&migrations, around),
        Format::Sarif => sarif::sarif(&migrations, around),
        Format::Github => annotations(pairs, around),
    }
}

/// What deserves a look, as lines for GitHub Actions.
pub fn annotations(pairs: &[Pair], around: &Around) -> String {
    let migrations: Vec<Shown> = pairs.iter().map(|pair| Shown::new(pair, around)).collect();
    let all = migrations.iter().flat_map(findings);
    let line = |finding: Finding| {
        let (path, line) = &finding.place;
        let title = format!("{}: {}", finding.rule, finding.title);
        annotation::line(
            finding.level,
            Some((&around.path(path), *line)),
            &words::visible(&title),
            &words::visible(&finding.message),
        )
    };
    all.map(line).collect()
}

/// One migration, taken apart.
pub struct Shown<'a> {
    pair: &'a Pair,
    steps: Vec<Step<'a>>,
    /// All statements of the up file, where they cannot be told apart by step.
    rest: Vec<Statement<'a>>,
    down: Vec<Statement<'a>>,
}

/// One step, with its statement and what holding its locks means.
struct Step<'a> {
    number: usize,
    told: &'a header::Step,
    sql: Option<&'a str>,
    /// Its line in the up file.
    line: usize,
    held: Vec<Held<'a>>,
}

impl<'a> Shown<'a> {
    fn new(pair: &'a Pair, around: &Around) -> Shown<'a> {
        let told = &pair.header.steps;
        let up = body(&pair.up);
        let apart = up.len() == told.len();
        let step = |(at, told): (usize, &'a header::Step)| Step {
            number: at + 1,
            told,
            sql: apart.then(|| up[at].sql),
            line: if apart { up[at].line } else { 1 },
            held: words::held(&pair.header, at, around.rows.as_ref()),
        };
        Shown {
            pair,
            steps: told.iter().enumerate().map(step).collect(),
            rest: if apart { Vec::new() } else { up.clone() },
            down: body(&pair.down),
        }
    }

    fn file(&self, direction: Direction) -> String {
        self.pair.migration().file(direction)
    }
}

impl Step<'_> {
    /// `alter column public.users.name`; nothing for a step of an earlier Planwright.
    fn title(&self) -> String {
        format!("{} {}", self.told.action, self.told.object).trim().to_string()
    }

    /// Has an earlier Planwright written all that is known of it as one text?
    fn is_text(&self) -> bool {
        self.told.action.is_empty()
    }
}

impl Around {
    /// A path of the project, from the top of the repository.
    fn path(&self, path: &str) -> String {
        if self.folder.is_empty() { path.to_string() } else { format!("{}/{path}", self.folder) }
    }
}

/// What there is to say of a step beside its class, each with the words before it. The value of `finds` is
/// SQL.
fn facts(shown: &Shown<'_>, step: &Step<'_>) -> Vec<(&'static str, String)> {
    let told = step.told;
    let mut facts: Vec<(&str, String)> =
        words::sentences(step.held.iter()).into_iter().map(|held| ("", held)).collect();
    if facts.is_empty() {
        facts.push(("", words::no_lock(&shown.pair.header).into()));
    }
    let lists = [("rewrites ", &told.rewrites), ("reads as a whole ", &told.scans)];
    facts.extend(
        lists
            .into_iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(label, names)| (label, names.join(", "))),
    );
    facts.extend(told.loses.iter().map(|what| ("loses ", what.clone())));
    facts.extend(told.breaks.iter().map(|one| (words::breaks(one), words::broken(one))));
    let again = Some(told.prepare_again.join(", ")).filter(|names| !names.is_empty());
    facts.extend(again.map(|names| ("statements must be prepared again that use ", names)));
    facts.extend(told.fails.iter().map(|error| ("it depends on the rows: ", error.clone())));
    facts.extend(told.finds.iter().map(|query| (FINDS, query.clone())));
    facts.extend(
        told.found.iter().map(|rows| ("when it was planned, the database had in its way ", rows.clone())),
    );
    facts
}

const FINDS: &str = "this finds the rows in its way: ";

/// What there is to say of the way back, but for its statements; which of it is a loss.
fn back(down: &DownHeader) -> Vec<(bool, String)> {
    let mut back: Vec<(bool, String)> = Vec::new();
    back.extend(down.irreversible.iter().map(|why| (true, format!("there is none: {why}"))));
    back.extend(down.loses.iter().map(|what| (true, format!("it loses {what}"))));
    if back.is_empty() {
        back.push((false, "it loses nothing".into()));
    }
    back.extend(down.costs.iter().map(|what| (false, what.clone())));
    back
}

/// Is there any time to explain?
fn says_times(migrations: &[Shown<'_>]) -> bool {
    migrations
        .iter()
        .flat_map(|shown| &shown.steps)
        .flat_map(|step| &step.held)
        .any(|held| !held.works.is_empty())
}

/// The statements of a file, without the setting that begins it.
fn body(text: &str) -> Vec<Statement<'_>> {
    let mut all = statements(text);
    let is_setting = |first: &Statement| {
        first.sql.starts_with("SET ") && first.sql.ends_with("check_function_bodies = off")
    };
    if all.first().is_some_and(is_setting) {
        all.remove(0);
    }
    all
}
