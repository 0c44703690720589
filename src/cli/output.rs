//! Where words go: the product to stdout, talk about it to stderr.

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Result, Verdict},
    report::{
        self,
        annotation::{self, Level},
    },
};
use std::{
    env,
    io::{ErrorKind, Write},
    path::{self, Path},
    process::ExitCode,
};

/// How much to say.
pub(super) struct Talk {
    pub quiet: bool,
    pub verbose: bool,
    /// Is something else than talk wanted on stdout?
    pub has_product: bool,
}

impl Talk {
    pub(super) fn say(&self, words: &str) {
        if !self.quiet {
            // Nobody can be told that stderr is closed.
            let _ = writeln!(anstream::stderr(), "{words}");
        }
    }

    pub(super) fn detail(&self, words: &str) {
        if self.verbose {
            self.say(words);
        }
    }

    /// Said even when quiet: it is about what the product leaves out.
    pub(super) fn warn(&self, diagnostic: &Diagnostic) {
        let text = report::diagnostic::warning(diagnostic);
        let _ = writeln!(anstream::stderr(), "{text}");
        self.annotate(|| annotation::diagnostic(Level::Warning, diagnostic, in_repository));
    }

    /// Lines for GitHub Actions, where this runs there. It reads both streams.
    pub(super) fn annotate(&self, lines: impl FnOnce() -> String) {
        if env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true") {
            // Whoever closed it reads no annotations.
            let _ = match self.has_product {
                true => std::io::stderr().write_all(lines().as_bytes()),
                false => std::io::stdout().write_all(lines().as_bytes()),
            };
        }
    }
}

/// A path that was typed here, from the top of the repository that GitHub Actions has checked out.
pub(super) fn in_repository(typed: &str) -> String {
    let inside = env::var_os("GITHUB_WORKSPACE").and_then(|top| {
        let absolute = path::absolute(typed).ok()?;
        // Of two ways to write the same folder the one without links is the same for both.
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let inside = real(&absolute).strip_prefix(real(Path::new(&top))).ok()?.to_path_buf();
        Some(inside.to_string_lossy().into_owned())
    });
    let plain = typed.strip_prefix("./").unwrap_or(typed);
    inside
        .unwrap_or_else(|| if plain == "." { String::new() } else { plain.trim_end_matches('/').to_string() })
}

/// A reader that has seen enough and closes the pipe is no failure.
pub(super) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Diagnostic::failed("stdout", format!("cannot write to stdout: {error}")).into())
        }
        _ => Ok(()),
    }
}

/// A product with styles, which stay only where somebody looks.
pub(super) fn product(text: &str) -> Result<()> {
    let out = anstream::stdout();
    let plain =
        !matches!(out.current_choice(), anstream::ColorChoice::Always | anstream::ColorChoice::AlwaysAnsi);
    let stripped = if plain { anstream::adapter::strip_str(text).to_string() } else { text.to_string() };
    print(&stripped)
}

/// Shows what went wrong; 0 done, 1 the answer is no, 2 failed.
pub(super) fn exit(result: Result<()>, talk: &Talk) -> ExitCode {
    let Err(diagnostics) = result else { return ExitCode::SUCCESS };
    show(&diagnostics);
    let one = |diagnostic| annotation::diagnostic(Level::Error, diagnostic, in_repository);
    talk.annotate(|| diagnostics.0.iter().map(one).collect());
    match diagnostics.0.iter().map(|diagnostic| diagnostic.verdict).max() {
        Some(Verdict::Failed) => ExitCode::from(2),
        _ => ExitCode::from(1),
    }
}

fn show(diagnostics: &Diagnostics) {
    let _ = writeln!(anstream::stderr(), "{}", report::diagnostic::render(diagnostics));
}
