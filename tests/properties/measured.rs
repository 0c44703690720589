//! What each rule declares, against what the proof measures: class and locks of every step.
//!
//! `unseen.txt` says which changes no statement of old code can show, and why; there the declared class holds.
//!
//! Separate from the changes themselves because it judges the rules, not where the statements lead.

use std::collections::BTreeMap;

use planwright::{
    bundle::Class,
    catalog::{Catalog, Id},
    diff::diff,
    order::{Placed, order},
    step::Lock,
};
use serde_json::Value;

/// The steps of a plan, as `plan diff --format json` tells it.
pub fn steps(json: &str) -> Result<Vec<Value>, String> {
    let document: Value = serde_json::from_str(json).map_err(|error| format!("{error}: {json}"))?;
    let migrations = document["migrations"].as_array().expect("a plan has migrations");
    Ok(migrations.iter().flat_map(|one| one["steps"].as_array().cloned().unwrap_or_default()).collect())
}

/// Where a rule says something else than was measured.
pub fn disagreements(before: &Catalog, after: &Catalog, steps: &[Value]) -> Result<Vec<String>, String> {
    let declared = order(diff(before, after)).map_err(|diagnostics| diagnostics.to_string())?;
    let mut by_sql: BTreeMap<&str, Vec<&Placed>> = BTreeMap::new();
    declared.iter().rev().for_each(|placed| by_sql.entry(&placed.step.sql).or_default().push(placed));
    let unseen = unseen();
    let mut wrong = Vec::new();
    // What is dropped and made again is one change.
    let mut changes: BTreeMap<&Id, Vec<(&Placed, &Value)>> = BTreeMap::new();
    for step in steps {
        let sql = step["sql"].as_str().unwrap_or_default();
        // What PostgreSQL did by itself is corrected by steps that no order foresees.
        let Some(placed) = by_sql.get_mut(sql).and_then(Vec::pop) else { continue };
        changes.entry(&placed.id).or_default().push((placed, step));
        let lock = lock(step);
        if !placed.on_new && lock != placed.step.lock && !unseen.contains(&(placed.id.kind, "lock")) {
            wrong.push(format!("{}: {} declared, {lock} measured: {sql}", placed.id.kind, placed.step.lock));
        }
    }
    for (id, steps) in changes {
        let declared = steps.iter().map(|(placed, _)| placed.step.class).max().expect("it has a step");
        let measured = steps.iter().map(|(_, step)| class(step)).max().expect("it has a step");
        let known = steps.iter().any(|(placed, _)| {
            unseen.iter().any(|(kind, why)| *kind == id.kind && placed.step.why.contains(why))
        });
        if measured > declared || measured < declared && !known {
            wrong.push(format!("{}: {declared} declared, {measured} measured: {id}", id.kind));
            for (placed, step) in steps {
                wrong.push(format!("    {}: {}{}", placed.step.sql, placed.step.why, told(step)));
            }
        }
    }
    Ok(wrong)
}

fn class(step: &Value) -> Class {
    let breaks = step["breaks"].as_array().cloned().unwrap_or_default();
    match () {
        () if breaks.iter().any(|broken| broken["by_data"] == false) => Class::Breaking,
        // The rows that it loses were seen to be gone.
        () if !step["loses"].is_null() => Class::Breaking,
        () if !breaks.is_empty() || !step["fails_on_rows"].is_null() => Class::DataDependent,
        () => Class::Additive,
    }
}

fn told(step: &Value) -> String {
    let breaks = step["breaks"].as_array().cloned().unwrap_or_default();
    breaks.iter().map(|broken| format!("\n    {}: {}", broken["statement"], broken["message"])).collect()
}

/// The strongest lock on anything that was there.
fn lock(step: &Value) -> Lock {
    let locks = step["measured_locks"].as_array().cloned().unwrap_or_default();
    let named = |word: &str| {
        let modes = [
            "RowShare",
            "RowExclusive",
            "ShareUpdateExclusive",
            "Share",
            "ShareRowExclusive",
            "Exclusive",
            "AccessExclusive",
        ];
        let all = modes.iter().map(|mode| Lock::from_mode(&format!("{mode}Lock")));
        all.into_iter().find(|lock| lock.to_string() == word).unwrap_or(Lock::None)
    };
    locks.iter().map(|one| named(one["lock"].as_str().unwrap_or_default())).max().unwrap_or(Lock::None)
}

/// Kind and the beginning of why, each followed by the reason.
fn unseen() -> Vec<(&'static str, &'static str)> {
    let lines = include_str!("unseen.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut parts = line.split(" | ");
            match (parts.next(), parts.next(), parts.next()) {
                (Some(kind), Some(why), Some(reason)) if !reason.is_empty() => (kind, why),
                _ => panic!("unseen.txt gives no reason: {line}"),
            }
        })
        .collect()
}
