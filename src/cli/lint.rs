//! `plan lint`: judges migrations that were written by hand or by other tools.

use super::{
    output::{Talk, product},
    state::{Scratch, State},
};
use crate::{
    catalog::Filters,
    diagnostic::Result,
    lint,
    report::lint as report,
    scratch::{Choice, Requirements},
    settings::{Policy, Settings},
};
use clap::{Args, ValueEnum};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Args)]
pub(super) struct Arguments {
    /// Migrations, or folders of them: of refinery, sqlx, diesel, golang-migrate, dbmate, goose, flyway or Planwright.
    #[arg(value_name = "FILES", required = true)]
    files: Vec<PathBuf>,
    /// What there is before the first of them: a database URL, a .sql file, a folder of .sql files, or `empty`.
    #[arg(long, value_name = "STATE", default_value = "empty")]
    from: String,
    /// What a file may do: `strict` adds tables, views and comments only. [default: what Cargo.toml says]
    #[arg(long, value_enum)]
    policy: Option<Word>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Word {
    Strict,
    Compat,
}

/// 0 where nothing was found, 1 where something was.
pub(super) fn run(arguments: &Arguments, folder: &Path, choice: &Choice, talk: &Talk) -> Result<ExitCode> {
    let policy = match arguments.policy {
        Some(Word::Strict) => Policy::Strict,
        Some(Word::Compat) => Policy::Compat,
        None => Settings::read(folder)?.policy,
    };
    let migrations = lint::read(&arguments.files)?;
    let from = State::read(&arguments.from, &Filters::default())?;
    let mut requirements = Requirements::of(migrations.files.iter().map(|file| file.up.as_str()));
    from.require(&mut requirements);
    let mut scratch = match Scratch::choose(choice, requirements.clone(), from.live(), None) {
        Ok(scratch) => scratch,
        // What an extension would have brought is left out, with a word.
        Err(_) if !requirements.extensions.is_empty() => {
            requirements.extensions.clear();
            Scratch::choose(choice, requirements, from.live(), None)?
        }
        Err(error) => return Err(error),
    };
    talk.detail(&scratch.why);
    let mut database = from.database(&mut scratch)?;
    let found = lint::lint(&mut database, &migrations, policy)?;
    match arguments.format {
        Format::Text => product(&report::text(&found))?,
        Format::Json => product(&report::json(&found))?,
    }
    found.left_out.iter().for_each(|words| talk.say(&format!("left out: {words}")));
    talk.say(&report::sum(&found));
    Ok(if found.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
