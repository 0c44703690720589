//! What a plan does, in a few lines.

use crate::{
    bundle::Version,
    catalog::{Catalog, Id},
    diff::{Cause, diff},
    files::{Given, Written},
    plan::Plan,
    prove::{ALL, Start},
    step::Lock,
};
use std::collections::BTreeSet;

/// More lines than this are counted, not shown.
const SHOWN: usize = 20;

/// One line for each object that is added, changed or removed, without what hangs on those.
pub fn changes(start: &Start, desired: &Catalog) -> String {
    let changes = diff(&start.catalog, desired);
    let mut lines: Vec<(&Id, String)> = Vec::new();
    let alone = |id: &Id, catalog: &Catalog, all: &BTreeSet<&Id>| {
        catalog.get(id).is_none_or(|object| object.dropped_with.iter().all(|host| !all.contains(host)))
    };
    let wanted = |list: &'_ std::collections::BTreeMap<Id, crate::diff::Change>| {
        list.iter()
            .filter(|(_, change)| matches!(change.cause, Cause::Wanted))
            .map(|(id, _)| id.clone())
            .collect::<Vec<_>>()
    };
    let (added, removed) = (wanted(&changes.creates), wanted(&changes.drops));
    let (new, gone) = (added.iter().collect(), removed.iter().collect());
    lines.extend(added.iter().filter(|id| alone(id, desired, &new)).map(|id| (id, format!("+ {id}"))));
    lines.extend(
        removed.iter().filter(|id| alone(id, &start.catalog, &gone)).map(|id| (id, format!("- {id}"))),
    );
    let rebuilt = changes.drops.iter().filter_map(|(id, change)| match &change.cause {
        Cause::Rebuilt { fields, .. } => Some((id, fields)),
        _ => None,
    });
    let altered = changes
        .alters
        .iter()
        .filter(|(_, alter)| !alter.fields.is_empty())
        .map(|(id, alter)| (id, &alter.fields));
    for (id, fields) in rebuilt.chain(altered) {
        lines.push((id, format!("~ {id}: {}", fields.join(", ").replace('_', " "))));
    }
    let mut renamed: Vec<String> = start
        .renamed
        .iter()
        .filter(|one| one.before != one.after)
        .map(|one| format!("~ {}: renamed to {}", one.before, one.after.name()))
        .collect();
    lines.sort_by(|a, b| (&a.0.path, a.0.kind).cmp(&(&b.0.path, b.0.kind)));
    renamed.extend(lines.into_iter().map(|(_, line)| line));
    let more = renamed.len().saturating_sub(SHOWN);
    renamed.truncate(SHOWN);
    let mut text: String = renamed.iter().map(|line| format!("  {line}\n")).collect();
    if more > 0 {
        text += &format!("  … and {more} more\n");
    }
    text
}

/// The whole of what `plan` says when it is done.
pub fn summary(
    plan: &Plan,
    version: Version,
    changes: &str,
    files: &[Written],
    given: &Given<'_>,
    dry: bool,
) -> String {
    let mut text = String::from(changes);
    let lock = match plan.longest_lock() {
        Some((lock, relation)) if lock > Lock::RowExclusive => format!("strongest lock {lock} on {relation}"),
        _ => "no lock on anything that exists".to_string(),
    };
    let over = if plan.unseeded.contains_key(ALL) { " over empty tables" } else { "" };
    text += &format!(
        "{}, version {version}, {lock}; proven up, down and up{over} on {}\n",
        plan.class(),
        plan.proved
    );
    for draft in &plan.drafts {
        for (placed, measured) in draft.up.iter().zip(&draft.measured) {
            let Some(error) = &measured.fails else { continue };
            text += &format!("it depends on the rows: {}: {error}\n", placed.id);
            if let Some(query) = &placed.step.finds {
                text += &format!("  these are in the way: {query}\n");
            }
            if placed.step.fires {
                text += "  a trigger may refuse what fills the rows; with --offline, PostgreSQL fills them itself and fires none\n";
            }
        }
    }
    for draft in &plan.drafts {
        for (placed, measured) in draft.up.iter().zip(&draft.measured) {
            let found = measured.found.iter();
            text += &found
                .map(|rows| format!("the database has {rows} in the way of {}\n", placed.id))
                .collect::<String>();
        }
    }
    let names: Vec<&str> = plan.unseeded.keys().map(String::as_str).filter(|name| *name != ALL).collect();
    if !names.is_empty() {
        text += &format!("proven without rows in {}: none could be made\n", names.join(", "));
    }
    let steps = plan.drafts.iter().flat_map(|draft| &draft.up);
    let kept: Vec<&str> = steps.filter_map(|placed| placed.step.discards.as_deref()).collect();
    if !kept.is_empty() && given.irreversible.is_none() {
        text += &format!("undo brings back, until `migrate purge`: {}\n", kept.join(", "));
    }
    if let Some(why) = given.irreversible {
        text += &format!("there will be no way back: {why}\n");
    }
    let word = if dry { "would write" } else { "wrote" };
    for (path, _) in files.iter().filter(|(path, _)| path.ends_with(".up.sql")) {
        text += &format!("{word} {}\n", path.replace(".up.sql", ".{up,down}.sql"));
    }
    if !dry {
        text += "next: review it with `git diff`, commit it, apply it with `cargo run --bin migrate -- up`";
    }
    text.trim_end().to_string()
}
