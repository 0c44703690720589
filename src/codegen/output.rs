//! When and how `generated/migrations.rs` is written, and what cargo is told about it.
//!
//! Apart from the text, because all of this is about files, cargo and CI.

use super::{Error, Folder, folder::list, lf, project, text};
use similar::TextDiff;
use std::{
    env, fs,
    fs::File,
    io::ErrorKind,
    path::{Path, PathBuf},
    process,
    time::SystemTime,
};

/// What [`refresh`] did.
#[derive(Debug)]
pub enum Outcome {
    Unchanged,
    Written,
    /// The folder cannot be bundled, and `migrations.rs` now says so.
    Broken(Error),
}

/// The one call in a project's `build.rs`.
pub fn build() {
    let project = env::var_os("CARGO_MANIFEST_DIR").expect("cargo tells a build script where its package is");
    let generated = Path::new(&project).join("generated");
    // Some services set it to the empty string or to false on machines of people.
    let ci = env::var("CI").is_ok_and(|ci| !matches!(&*ci, "" | "0" | "false"));
    println!("cargo::rerun-if-env-changed=CI");
    match refresh(&generated, ci) {
        Ok(Outcome::Unchanged | Outcome::Written) => {}
        Ok(Outcome::Broken(error)) => {
            error.to_string().lines().for_each(|line| println!("cargo::warning={line}"));
        }
        Err(error) => {
            eprintln!("{error}");
            process::exit(1);
        }
    }
    for path in watched(&generated) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// Makes `migrations.rs` what the folder says, touching nothing when it already is; in CI, fails
/// instead of writing.
pub fn refresh(generated: &Path, ci: bool) -> Result<Outcome, Error> {
    let (text, outcome) = match generate(generated) {
        Ok(text) => (text, Outcome::Written),
        Err(error @ Error::Broken(_)) if !ci => {
            (text::broken(&project::name(generated)?, &error), Outcome::Broken(error))
        }
        Err(error) => return Err(error),
    };
    let Some(diff) = difference(generated, &text)? else {
        return Ok(match outcome {
            Outcome::Written => Outcome::Unchanged,
            other => other,
        });
    };
    if ci {
        return Err(Error::Stale { diff });
    }
    replace(generated, &text)?;
    Ok(outcome)
}

/// The text that `migrations.rs` should have.
pub fn generate(generated: &Path) -> Result<String, Error> {
    Ok(text::bundle(&Folder::read(generated)?))
}

/// Fails when `migrations.rs` is not what the folder says; writes nothing.
pub fn check(generated: &Path) -> Result<(), Error> {
    match difference(generated, &generate(generated)?)? {
        Some(diff) => Err(Error::Stale { diff }),
        None => Ok(()),
    }
}

/// Makes `migrations.rs` what the folder says. True when that changed it.
pub fn write(generated: &Path) -> Result<bool, Error> {
    let text = generate(generated)?;
    let stale = difference(generated, &text)?.is_some();
    if stale {
        replace(generated, &text)?;
    }
    Ok(stale)
}

const BUNDLE: &str = "migrations.rs";

/// A unified diff from the file to the text; `None` when they are equal.
fn difference(generated: &Path, text: &str) -> Result<Option<String>, Error> {
    let path = generated.join(BUNDLE);
    let found = match fs::read(&path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Error::file("cannot read", &path)(error)),
    };
    let found = lf(&found);
    Ok((found != text).then(|| {
        TextDiff::from_lines(&found, text)
            .unified_diff()
            .header("generated/migrations.rs (as it is)", "generated/migrations.rs (as it should be)")
            .to_string()
    }))
}

/// Writes beside the file and renames, so that nobody ever reads half of it.
fn replace(generated: &Path, text: &str) -> Result<(), Error> {
    let path = generated.join(BUNDLE);
    let temporary = generated.join(format!(".{BUNDLE}.{}", process::id()));
    fs::create_dir_all(generated).map_err(Error::file("cannot create", generated))?;
    let written = fs::write(&temporary, text)
        .and_then(|()| match newest_input(generated) {
            // A watched file that is newer than the build script's run makes cargo run it once more.
            Some(newest) => File::options().write(true).open(&temporary)?.set_modified(newest),
            None => Ok(()),
        })
        .and_then(|()| fs::rename(&temporary, &path));
    written.map_err(|error| {
        // What cannot be removed here could not be written either; the first error is the one to tell.
        let _ = fs::remove_file(&temporary);
        Error::file("cannot write", &path)(error)
    })
}

fn newest_input(generated: &Path) -> Option<SystemTime> {
    let migrations = list(&generated.join("migrations")).unwrap_or_default();
    let inputs = migrations.into_iter().chain([generated.join("schema.lock")]);
    inputs.filter_map(|input| fs::metadata(input).ok()?.modified().ok()).max()
}

/// Cargo runs a build script on every build when a path that it watches does not exist.
fn watched(generated: &Path) -> Vec<PathBuf> {
    let migrations = generated.join("migrations");
    let folder = if migrations.exists() { migrations } else { generated.to_owned() };
    [folder, generated.join("schema.lock"), generated.join(BUNDLE)]
        .into_iter()
        .filter(|path| path.exists())
        .chain([generated.with_file_name("Cargo.toml")])
        .collect()
}
