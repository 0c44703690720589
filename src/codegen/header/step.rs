//! One step in the header of an up file, for people and for programs: what is written reads back the same.
//!
//! ```text
//! --   2. alter column public.users.name: data-dependent, schema.sql:3; code that writes NULL fails from now on
//! --      lock: ACCESS EXCLUSIVE on public.users
//! --      scans: public.users
//! ```
//!
//! Facts that there are none of have no line. A value of several lines goes on, two spaces further in.

use crate::bundle::Class;
use std::fmt;

/// What a reviewer must know about one statement of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// `create`; empty in a step that an earlier Planwright wrote, whose whole text is `why`.
    pub action: String,
    /// `table public.users`
    pub object: String,
    pub class: Class,
    /// Where the object stood in the files that people edit when this was planned: a path relative to
    /// the project, and a line from 1.
    pub place: Option<(String, usize)>,
    /// Why it has that class.
    pub why: String,
    /// Each relation that was there before, quoted as SQL does, and the lock that it takes on it.
    pub locks: Vec<(String, String)>,
    /// Relations that it writes anew.
    pub rewrites: Vec<String>,
    /// Relations that it reads as a whole.
    pub scans: Vec<String>,
    /// What is lost for good.
    pub loses: Option<String>,
    /// What code written for the schema before can no longer say.
    pub breaks: Vec<Broken>,
    /// Relations and routines whose prepared statements must be prepared again.
    pub prepare_again: Vec<String>,
    /// What PostgreSQL says where rows are in its way.
    pub fails: Option<String>,
    /// Finds those rows.
    pub finds: Option<String>,
    /// How many there were in a database when this was planned.
    pub found: Option<String>,
}

/// A statement that fails from a step on, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub statement: String,
    /// PostgreSQL's SQLSTATE.
    pub code: String,
    pub message: String,
    /// Other rows or other values would not fail.
    pub by_data: bool,
}

impl Step {
    /// A step of which no more is known.
    pub fn text(class: Class, text: impl Into<String>) -> Step {
        Step {
            action: String::new(),
            object: String::new(),
            class,
            place: None,
            why: text.into(),
            locks: Vec::new(),
            rewrites: Vec::new(),
            scans: Vec::new(),
            loses: None,
            breaks: Vec::new(),
            prepare_again: Vec::new(),
            fails: None,
            finds: None,
            found: None,
        }
    }

    /// Of its lines, the marks of the comment taken off: the first without its number, the others with
    /// all their spaces. A step that does not say its class has that of the migration.
    pub(super) fn read(lines: &[&str], class: Class) -> Step {
        let mut values: Vec<(Option<&str>, String)> = vec![(None, lines[0].to_owned())];
        for line in &lines[1..] {
            let last = &mut values.last_mut().expect("there is a first line").1;
            if let Some(more) = line.strip_prefix(DEEPER) {
                last.push('\n');
                last.push_str(more);
            } else if let Some((label, value)) = line.trim_start().split_once(": ")
                && LABELS.contains(&label)
            {
                values.push((Some(label), value.to_owned()));
            } else {
                last.push(' ');
                last.push_str(line.trim());
            }
        }
        let first = &values[0].1;
        let mut step =
            Step::first(first).unwrap_or_else(|| Step::text(class_in(first).unwrap_or(class), plain(first)));
        for (label, value) in &values[1..] {
            step.fact(label.expect("only the first has none"), value);
        }
        step
    }

    /// `create table public.users: additive, schema.sql:1; a new table`
    fn first(line: &str) -> Option<Step> {
        let (head, rest) = split(line, ": ")?;
        let (action, object) = head.split_once(' ')?;
        let (told, why) = split(rest, "; ")?;
        let (class, place) = match told.split_once(", ") {
            Some((class, place)) => {
                let (path, line) = place.rsplit_once(':')?;
                (class, Some((plain(path), line.parse().ok()?)))
            }
            None => (told, None),
        };
        Some(Step {
            action: action.to_owned(),
            object: plain(object),
            place,
            ..Step::text(Class::read(class)?, plain(why))
        })
    }

    fn fact(&mut self, label: &str, value: &str) {
        let names = || listed(value).iter().map(|name| plain(name)).collect();
        match label {
            "lock" => {
                let locks = listed(value).into_iter().filter_map(|one| one.split_once(" on "));
                self.locks = locks.map(|(lock, name)| (plain(name), lock.to_owned())).collect();
            }
            "rewrites" => self.rewrites = names(),
            "scans" => self.scans = names(),
            "loses" => self.loses = Some(plain(value)),
            "fails" => self.fails = Some(plain(value)),
            "finds" => self.finds = Some(plain(value)),
            "found" => self.found = Some(plain(value)),
            "prepare again" => self.prepare_again = names(),
            "breaks" | "may break" => self.breaks.push(Broken {
                statement: plain(value),
                code: String::new(),
                message: String::new(),
                by_data: label == "may break",
            }),
            _ => {
                let (code, message) = value.split_once(' ').unwrap_or((value, ""));
                if let Some(broken) = self.breaks.last_mut() {
                    (broken.code, broken.message) = (code.to_owned(), plain(message));
                }
            }
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.action.is_empty() {
            return write_value(f, &self.why);
        }
        let place = match &self.place {
            Some((path, line)) => format!(", {}:{line}", escaped(path, "; ")),
            None => String::new(),
        };
        let first = format!(
            "{} {}: {}{place}; {}",
            self.action,
            escaped(&self.object, ": "),
            self.class,
            escaped(&self.why, "")
        );
        f.write_str(&first.replace('\n', NEXT))?;
        let locks: Vec<String> = self.locks.iter().map(|(name, lock)| format!("{lock} on {name}")).collect();
        for (label, list) in [("lock", &locks), ("rewrites", &self.rewrites), ("scans", &self.scans)] {
            if !list.is_empty() {
                write_fact(f, label, &list.join(", "))?;
            }
        }
        self.loses.iter().try_for_each(|what| write_fact(f, "loses", what))?;
        for Broken { statement, code, message, by_data } in &self.breaks {
            write_fact(f, if *by_data { "may break" } else { "breaks" }, statement)?;
            write_fact(f, "with", &format!("{code} {message}"))?;
        }
        if !self.prepare_again.is_empty() {
            write_fact(f, "prepare again", &self.prepare_again.join(", "))?;
        }
        self.fails.iter().try_for_each(|error| write_fact(f, "fails", error))?;
        self.finds.iter().try_for_each(|query| write_fact(f, "finds", query))?;
        self.found.iter().try_for_each(|rows| write_fact(f, "found", rows))
    }
}

const LABELS: [&str; 11] = [
    "lock",
    "rewrites",
    "scans",
    "loses",
    "breaks",
    "may break",
    "with",
    "prepare again",
    "fails",
    "finds",
    "found",
];

/// What a line begins with that goes on with the value before it.
const DEEPER: &str = "        ";
const NEXT: &str = "\n--        ";

fn write_fact(f: &mut fmt::Formatter<'_>, label: &str, value: &str) -> fmt::Result {
    write!(f, "\n--      {label}: ")?;
    write_value(f, value)
}

fn write_value(f: &mut fmt::Formatter<'_>, value: &str) -> fmt::Result {
    f.write_str(&escaped(value, "").replace('\n', NEXT))
}

/// PostgreSQL ends a comment at CR as well as at LF. A backslash stands before what would else mean
/// something, itself included where it would.
fn escaped(text: &str, mark: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        match c {
            '\r' => out.push_str("\\r"),
            '\\' if rest.is_empty() || rest.starts_with(['\\', 'r', ':', ';', '\r']) => out.push_str("\\\\"),
            _ => {
                if !mark.is_empty() && text[at..].starts_with(mark) {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
    out
}

/// The text that [`escaped`] was given.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match rest.peek() {
            Some('r') if c == '\\' => out.push('\r'),
            Some(&next @ ('\\' | ':' | ';')) if c == '\\' => out.push(next),
            _ => {
                out.push(c);
                continue;
            }
        }
        rest.next();
    }
    out
}

/// Cuts at the first mark without a backslash before it.
fn split<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let mut backslash = false;
    let at = text.char_indices().find(|&(at, c)| {
        let found = !backslash && text[at..].starts_with(mark);
        backslash = c == '\\' && !backslash;
        found
    });
    let (at, _) = at?;
    Some((&text[..at], &text[at + mark.len()..]))
}

/// The members of a list; a comma inside a quoted name or a routine's parameters is none between them.
fn listed(text: &str) -> Vec<&str> {
    let (mut members, mut start, mut quoted, mut depth) = (Vec::new(), 0, false, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 && text[at..].starts_with(", ") => {
                members.push(&text[start..at]);
                start = at + 2;
            }
            _ => {}
        }
    }
    members.push(&text[start..]);
    members
}

/// The class that a step of an earlier Planwright says: `create index public.i: additive, SHARE on …`.
fn class_in(text: &str) -> Option<Class> {
    let (_, rest) = text.split_once(": ")?;
    Class::read(rest.split([',', ';']).next()?)
}
