//! `plan show`: migrations as a reviewer wants them, from their files.

use super::output::{in_repository, print};
use crate::{
    catalog,
    codegen::{Folder, Pair},
    diagnostic::{Diagnostic, Result},
    files,
    report::show::{Around, Format, show},
    scratch::connect,
    sql::dotted,
};
use clap::Args;
use std::{collections::BTreeMap, path::Path};

#[derive(Args)]
pub(super) struct Arguments {
    /// Which: 7, 3..5 (both included), 3.. or ..5; the newest where nothing is said.
    #[arg(value_name = "NUMBERS", value_parser = numbers)]
    numbers: Option<Numbers>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Ask this database how many rows its tables hold, to estimate how long each lock is held.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

/// From the first to the last, both included.
#[derive(Clone, Copy)]
struct Numbers {
    first: u32,
    last: u32,
}

pub(super) fn run(arguments: &Arguments, folder: &Path) -> Result<()> {
    let all = Folder::read(&folder.join("generated")).map_err(files::broken)?.pairs;
    let chosen = chosen(all, arguments.numbers, folder)?;
    let around = Around {
        folder: in_repository(&folder.to_string_lossy()),
        rows: arguments.database.as_deref().map(rows).transpose()?,
    };
    print(&show(&chosen, &around, arguments.format))
}

/// How many rows each relation holds, by its name as SQL writes it.
fn rows(url: &str) -> Result<BTreeMap<String, u64>> {
    let sizes = catalog::sizes(&mut connect(url)?)?;
    Ok(sizes.into_iter().map(|(path, rows)| (dotted(&path), rows)).collect())
}

fn chosen(all: Vec<Pair>, numbers: Option<Numbers>, folder: &Path) -> Result<Vec<Pair>> {
    let Some(newest) = all.last().map(|pair| pair.number) else {
        let message = format!("there is no migration in {}", folder.join("generated/migrations").display());
        return Err(Diagnostic::failed("no-migration", message)
            .help("write the first one: cargo run --bin plan")
            .help("or name the project's folder: -C DIR")
            .into());
    };
    let Numbers { first, last } = numbers.unwrap_or(Numbers { first: newest, last: newest });
    let chosen: Vec<Pair> = all.into_iter().filter(|pair| (first..=last).contains(&pair.number)).collect();
    if chosen.is_empty() {
        let message = format!("there is no such migration; the newest is {newest}");
        return Err(Diagnostic::failed("no-migration", message).into());
    }
    Ok(chosen)
}

fn numbers(text: &str) -> std::result::Result<Numbers, String> {
    let number = |text: &str, open: u32| match text {
        "" => Some(open),
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
        _ => None,
    };
    let (first, last) = match text.split_once("..") {
        Some((first, last)) => (number(first, 1), number(last, u32::MAX)),
        None => (number(text, 0), number(text, 0)),
    };
    match (first, last) {
        (Some(first), Some(last)) if first <= last && last > 0 => Ok(Numbers { first, last }),
        _ => Err("write a number, as in 7, or two, as in 3..5".into()),
    }
}
