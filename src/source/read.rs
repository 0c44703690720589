//! Files and folders to text.
//!
//! Separate because it is the only part of this stage that touches a disk.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Source, Statements, parse};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Result};

/// Reads files, and of folders every `*.sql` below them in the order of their paths.
pub fn read(paths: &[PathBuf]) -> Result<Statements> {
    let mut sources = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        match files(path) {
            Ok(files) => {
                for file in files {
                    source(&file)
                        .map_or_else(|problem| problems.extend(problem.0), |source| sources.push(source));
                }
            }
            Err(problem) => problems.extend(problem.0),
        }
    }
    if problems.is_empty() { parse(sources) } else { Err(Diagnostics(problems)) }
}

/// Is this a folder with a file that [`read`] would read?
pub fn holds_sql(folder: &Path) -> bool {
    folder.is_dir() && files(folder).is_ok()
}

fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut found = Vec::new();
    let mut folders = vec![path.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| unreadable(&folder, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| unreadable(&folder, &error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "sql") {
                found.push(path);
            }
        }
    }
    found.sort();
    if found.is_empty() {
        let problem = Diagnostic::failed("no-sql", format!("there is no .sql file in {}", path.display()));
        return Err(problem.help("name a file, or a folder with files that end in .sql").into());
    }
    Ok(found)
}

/// Reads one file.
pub(crate) fn source(path: &Path) -> Result<Source> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
    let path = path.display().to_string();
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Err(not_utf8(path, &error)),
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.into() };
    Ok(Source { path, text: Arc::from(text) })
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostics {
    let problem = Diagnostic::failed("unreadable", format!("cannot read {}: {error}", path.display()));
    match error.kind() {
        std::io::ErrorKind::NotFound => {
            problem.help("check the path; the schema is read from schema.sql unless another is named")
        }
        _ => problem,
    }
    .into()
}

fn not_utf8(path: String, error: &std::string::FromUtf8Error) -> Diagnostics {
    let at = error.utf8_error().valid_up_to();
    let bytes = error.as_bytes();
    let byte = bytes[at];
    let shown: Arc<str> = Arc::from(String::from_utf8_lossy(bytes).into_owned());
    let end = at + char::REPLACEMENT_CHARACTER.len_utf8();
    let line = bytes[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
    Diagnostic::failed(
        "not-utf8",
        format!("{path} is not UTF-8: byte {at} (0x{byte:02x}, line {line}) begins no character"),
    )
    .at(Some(Place { path, text: shown, range: at..end }))
    .help("convert it, e.g. with `iconv -f latin1 -t utf-8`")
    .into()
}
