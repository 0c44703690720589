//! The comment at the top of a migration file: written by the planner, read by everything after it.
//!
//! One file for both directions of travel, so that what is written is what is read.

mod step;

use crate::bundle::{BASELINE, Class, Mode, Version};
use std::fmt;

pub use step::{Broken, Step};

/// The head of an up file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub class: Class,
    pub version: Version,
    pub mode: Mode,
    /// Fingerprint of the catalog that it starts from.
    pub before: Option<String>,
    /// Fingerprint of the catalog that it ends in.
    pub after: Option<String>,
    /// The engine that proved it.
    pub proved: Option<String>,
    /// What a database that has all of this already has by name; empty for a migration that always runs.
    pub baseline: Vec<String>,
    pub steps: Vec<Step>,
}

/// The head of a down file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownHeader {
    pub mode: Mode,
    /// What the way back loses.
    pub loses: Vec<String>,
    /// What else is not free about it: what rows may stop, what is rebuilt.
    pub costs: Vec<String>,
    /// Why there is no way back.
    pub irreversible: Option<String>,
}

/// Why a header cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// From 1.
    pub line: usize,
    pub message: String,
}

impl Header {
    pub fn read(text: &str) -> Result<Header, Unreadable> {
        let fields = Fields::read(text)?;
        let class = fields.required("class", "additive, data-dependent or breaking", Class::read)?;
        Ok(Header {
            class,
            version: fields.required("version", "MAJOR.PATCH", Version::read)?,
            mode: fields.required("mode", "transaction or none", Mode::read)?,
            before: fields.optional("before")?,
            after: fields.optional("after")?,
            proved: fields.optional("proved")?,
            baseline: fields.all("baseline").map(|(_, value)| value.to_owned()).collect(),
            steps: fields.steps.iter().map(|lines| Step::read(lines, class)).collect(),
        })
    }
}

impl DownHeader {
    pub fn read(text: &str) -> Result<DownHeader, Unreadable> {
        let fields = Fields::read(text)?;
        Ok(DownHeader {
            mode: fields.required("mode", "transaction or none", Mode::read)?,
            loses: fields.all("loses").map(|(_, value)| value.to_owned()).collect(),
            costs: fields.all("costs").map(|(_, value)| value.to_owned()).collect(),
            irreversible: fields.optional("irreversible")?,
        })
    }
}

impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "-- planwright: {FORMAT}")?;
        writeln!(f, "-- class: {}", self.class)?;
        writeln!(f, "-- version: {}", self.version)?;
        writeln!(f, "-- mode: {}", self.mode)?;
        for (key, value) in [("before", &self.before), ("after", &self.after), ("proved", &self.proved)] {
            value.iter().try_for_each(|value| writeln!(f, "-- {key}: {}", one_line(value)))?;
        }
        self.baseline.iter().try_for_each(|name| writeln!(f, "{BASELINE}{}", one_line(name)))?;
        if !self.steps.is_empty() {
            writeln!(f, "-- steps:")?;
        }
        for (at, step) in self.steps.iter().enumerate() {
            writeln!(f, "--   {}. {step}", at + 1)?;
        }
        Ok(())
    }
}

impl fmt::Display for DownHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "-- planwright: {FORMAT}")?;
        writeln!(f, "-- mode: {}", self.mode)?;
        self.loses.iter().try_for_each(|loss| writeln!(f, "-- loses: {}", one_line(loss)))?;
        self.costs.iter().try_for_each(|cost| writeln!(f, "-- costs: {}", one_line(cost)))?;
        self.irreversible.iter().try_for_each(|why| writeln!(f, "-- irreversible: {}", one_line(why)))
    }
}

const FORMAT: u32 = 1;

/// What lines of a step begin with after its first.
const FACT: &str = "      ";

/// An identifier may hold a line end, and PostgreSQL ends a comment at CR as well as at LF: written
/// as it is, the rest of the name would run as SQL.
fn one_line(text: &str) -> String {
    text.replace('\r', "\\r").replace('\n', "\\n")
}

/// The `-- key: value` lines up to the first line that is no comment.
struct Fields<'a> {
    /// Line, key, value.
    pairs: Vec<(usize, &'a str, &'a str)>,
    /// The lines of each step.
    steps: Vec<Vec<&'a str>>,
}

impl<'a> Fields<'a> {
    fn read(text: &'a str) -> Result<Fields<'a>, Unreadable> {
        let mut fields = Fields { pairs: Vec::new(), steps: Vec::new() };
        let mut in_steps = false;
        for (at, line) in text.lines().enumerate() {
            let Some(comment) = line.strip_prefix("--") else { break };
            if in_steps && comment.starts_with("  ") {
                fields.push_step(comment);
                continue;
            }
            let pair = comment.trim().split_once(':').map(|(key, value)| (key, value.trim()));
            in_steps = pair == Some(("steps", ""));
            if let Some((key, value)) = pair
                && !in_steps
            {
                fields.pairs.push((at + 1, key, value));
            }
        }
        match fields.pairs.first() {
            Some((1, "planwright", "1")) => Ok(fields),
            Some((1, "planwright", other)) => Err(Unreadable {
                line: 1,
                message: format!("format {other} is not known to this Planwright, which writes {FORMAT}"),
            }),
            _ => Err(Unreadable {
                line: 1,
                message: format!("the first line is not `-- planwright: {FORMAT}`"),
            }),
        }
    }

    /// `1. text` opens a step; anything else goes on with the one before.
    fn push_step(&mut self, line: &'a str) {
        let numbered = line.trim_start().split_once(". ");
        let opened = numbered.filter(|(number, _)| {
            !line.starts_with(FACT) && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        match (opened, self.steps.last_mut()) {
            (Some((_, text)), _) => self.steps.push(vec![text]),
            (None, Some(last)) => last.push(line),
            (None, None) => self.steps.push(vec![line.trim()]),
        }
    }

    fn all(&self, key: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
        self.pairs.iter().filter(move |pair| pair.1 == key).map(|&(line, _, value)| (line, value))
    }

    fn one(&self, key: &'a str) -> Result<Option<(usize, &'a str)>, Unreadable> {
        let mut all = self.all(key);
        let first = all.next();
        match all.next() {
            Some((line, _)) => Err(Unreadable { line, message: format!("`{key}` is given twice") }),
            None => Ok(first),
        }
    }

    fn optional(&self, key: &'a str) -> Result<Option<String>, Unreadable> {
        Ok(self.one(key)?.map(|(_, value)| value.to_owned()))
    }

    fn required<T>(
        &self,
        key: &'a str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Unreadable> {
        let (line, value) = self.one(key)?.ok_or_else(|| Unreadable {
            line: 1,
            message: format!("the header has no `-- {key}: …` line ({expected})"),
        })?;
        read(value).ok_or_else(|| Unreadable { line, message: format!("{key} is `{value}`, not {expected}") })
    }
}
