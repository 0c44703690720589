//! The name of the project that a `generated/` folder belongs to.
//!
//! Apart because `build.rs`, `plan` and `migrate` must all find the same one: the history in a
//! database is kept by it.

use super::Error;
use std::{fs, io::ErrorKind, path::Path};

/// What a project without a manifest is called: the name of its folder differs between machines.
const UNNAMED: &str = "schema";

/// `name` of `[package.metadata.planwright]`, which survives a renaming of the package, or of
/// `[package]` in the `Cargo.toml` beside the folder.
pub fn name(generated: &Path) -> Result<String, Error> {
    let manifest = generated.parent().unwrap_or(Path::new("")).join("Cargo.toml");
    match fs::read_to_string(&manifest) {
        Ok(text) => Ok(["[package.metadata.planwright]", "[package]"]
            .iter()
            .find_map(|section| name_in(&text, section))
            .unwrap_or(UNNAMED)
            .to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(UNNAMED.to_owned()),
        Err(error) => Err(Error::file("cannot read", &manifest)(error)),
    }
}

/// Cargo lets nobody inherit or compute a package's name, so that it stands on a line of its own.
fn name_in<'a>(manifest: &'a str, section: &str) -> Option<&'a str> {
    let lines = manifest.lines().map(str::trim).skip_while(|line| *line != section).skip(1);
    lines.take_while(|line| !line.starts_with('[')).find_map(|line| {
        let (key, value) = line.split_once('=')?;
        let value = value.trim();
        let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        (key.trim() == "name").then(|| value[1..].split(quote).next())?
    })
}
