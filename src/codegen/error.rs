//! What codegen can fail with: every problem of the folder at once, a stale bundle, or a file system.

use std::{fmt, io, path::Path};

/// Why `generated/migrations.rs` is not what it should be.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The files under `generated/` cannot be bundled: everything that is wrong with them.
    Broken(Vec<Problem>),
    /// `generated/migrations.rs` is not what the folder says; a unified diff to what it should be.
    Stale { diff: String },
    /// A file could not be read or written.
    File { doing: String, source: io::Error },
}

/// One thing that is wrong with the files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Kebab-case and stable: what people search for.
    pub code: &'static str,
    /// What is wrong, in lower case.
    pub message: String,
    /// The files concerned, relative to the project, each with a line where there is one.
    pub places: Vec<(String, Option<usize>)>,
    /// What to do now.
    pub help: String,
}

impl Error {
    pub(super) fn file(doing: &str, path: &Path) -> impl FnOnce(io::Error) -> Error {
        let doing = format!("{doing} {}", path.display());
        move |source| Error::File { doing, source }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Broken(problems) => {
                for (at, problem) in problems.iter().enumerate() {
                    write!(f, "{}{problem}", if at > 0 { "\n" } else { "" })?;
                }
                Ok(())
            }
            Error::Stale { diff } => write!(
                f,
                "error[stale-bundle]: generated/migrations.rs is not what generated/migrations says\n\
                 {diff}  = help: run `cargo build` and commit generated/migrations.rs"
            ),
            Error::File { doing, source } => write!(f, "error[file]: {doing}: {source}"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error[{}]: {}", self.code, self.message)?;
        for (file, line) in &self.places {
            write!(f, "\n  --> {file}")?;
            line.iter().try_for_each(|line| write!(f, ":{line}"))?;
        }
        write!(f, "\n  = help: {}", self.help)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::File { source, .. } => Some(source),
            Error::Broken(_) | Error::Stale { .. } => None,
        }
    }
}
