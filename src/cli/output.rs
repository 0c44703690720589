//! Where words go: the product to stdout, talk about it to stderr.

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Result, Verdict},
    report,
};
use std::{
    io::{ErrorKind, Write},
    process::ExitCode,
};

/// How much to say.
pub(super) struct Talk {
    pub quiet: bool,
    pub verbose: bool,
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
    }
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
pub(super) fn exit(result: Result<()>) -> ExitCode {
    let Err(diagnostics) = result else { return ExitCode::SUCCESS };
    show(&diagnostics);
    match diagnostics.0.iter().map(|diagnostic| diagnostic.verdict).max() {
        Some(Verdict::Failed) => ExitCode::from(2),
        _ => ExitCode::from(1),
    }
}

fn show(diagnostics: &Diagnostics) {
    let _ = writeln!(anstream::stderr(), "{}", report::diagnostic::render(diagnostics));
}
