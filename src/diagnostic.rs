//! What went wrong, said once and in full: every error of the planner is a list of these.

use std::{fmt, ops::Range, sync::Arc};

/// The result of everything in the planner that can fail.
pub type Result<T> = std::result::Result<T, Diagnostics>;

/// One problem: what is wrong, where, and what to do now.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Kebab-case, stable, documented: what people search for.
    pub code: &'static str,
    /// What is wrong, in lower case, without a full stop, naming objects as SQL names them.
    pub message: String,
    /// Where in the files that people edit.
    pub place: Option<Place>,
    /// Facts that explain it: PostgreSQL's DETAIL, what was found.
    pub notes: Vec<String>,
    /// What to type now.
    pub help: Vec<String>,
    /// Is the answer "no" (exit 1), or did the tool fail (exit 2)?
    pub verdict: Verdict,
}

/// How a command that printed this ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Stale, refused, unproven: exit 1.
    No,
    /// The input or the surroundings do not allow an answer: exit 2.
    Failed,
}

/// A range of bytes in a file that people edit.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// As the user would type it.
    pub path: String,
    /// The whole text of the file, LF-normalised.
    pub text: Arc<str>,
    /// Byte offsets into `text`.
    pub range: Range<usize>,
}

/// Everything that is wrong, in the order in which to read it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostic {
    /// A failure: exit 2.
    pub fn failed(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            message: message.into(),
            place: None,
            notes: Vec::new(),
            help: Vec::new(),
            verdict: Verdict::Failed,
        }
    }

    /// A refusal: exit 1.
    pub fn no(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic { verdict: Verdict::No, ..Diagnostic::failed(code, message) }
    }

    pub fn at(mut self, place: Option<Place>) -> Diagnostic {
        self.place = place;
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help.push(help.into());
        self
    }
}

impl Place {
    /// Line and column, both from 1; columns count characters.
    pub fn line_column(&self) -> (usize, usize) {
        let before = &self.text[..self.range.start.min(self.text.len())];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Diagnostics {
        Diagnostics(vec![one])
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error[{}]: {}", self.code, self.message)?;
        if let Some(place) = &self.place {
            let (line, column) = place.line_column();
            write!(f, "\n  --> {}:{line}:{column}", place.path)?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "\n  = note: {note}"))?;
        self.help.iter().try_for_each(|help| write!(f, "\n  = help: {help}"))
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, one) in self.0.iter().enumerate() {
            write!(f, "{}{one}", if at > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
