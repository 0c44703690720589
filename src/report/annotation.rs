//! Lines that GitHub Actions shows at the files of a pull request: its workflow commands.

use crate::diagnostic::Diagnostic;
use std::fmt;

/// How much an annotation matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Notice,
    Warning,
    Error,
}

/// One line, whatever the words hold. `at` is a path from the top of the repository and a line.
pub fn line(level: Level, at: Option<(&str, usize)>, title: &str, message: &str) -> String {
    let at = at.map_or(String::new(), |(path, line)| format!("file={},line={line},", property(path)));
    format!("::{level} {at}title={}::{}\n", property(title), data(message))
}

/// What is wrong, with its notes and what to do.
pub fn diagnostic(level: Level, diagnostic: &Diagnostic, at: impl Fn(&str) -> String) -> String {
    let mut message = diagnostic.message.clone();
    diagnostic.notes.iter().for_each(|note| message += &format!("\nnote: {note}"));
    diagnostic.help.iter().for_each(|help| message += &format!("\nhelp: {help}"));
    let place = diagnostic.place.as_ref().map(|place| (at(&place.path), place.line_column().0));
    line(level, place.as_ref().map(|(path, line)| (path.as_str(), *line)), diagnostic.code, &message)
}

/// The runner undoes exactly these.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::Notice => "notice",
            Level::Warning => "warning",
            Level::Error => "error",
        })
    }
}
