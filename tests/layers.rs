//! The invariants of ARCHITECTURE.md, held to the text of the code.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Every source file, relative to `src`, with its text.
fn files() -> Vec<(String, String)> {
    fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("the folder can be listed") {
            let path = entry.expect("the folder can be listed").path();
            if path.is_dir() {
                collect(&path, out);
            } else {
                out.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let relative = |path: &PathBuf| path.strip_prefix(&root).expect("it is below src").display().to_string();
    paths.iter().map(|path| (relative(path), fs::read_to_string(path).expect("sources are UTF-8"))).collect()
}

fn kinds() -> Vec<String> {
    let names = files().into_iter().filter_map(|(path, _)| {
        path.strip_prefix("kinds/").and_then(|name| name.strip_suffix(".rs")).map(String::from)
    });
    // What is below a kind's own folder is a part of that kind.
    names.filter(|name| name != "mod" && !name.contains('/')).collect()
}

/// Fails with every line of the chosen files that holds one of the words.
fn nowhere(words: &[String], chosen: impl Fn(&str) -> bool, invariant: &str) {
    let mut found = Vec::new();
    for (path, text) in files().iter().filter(|(path, _)| chosen(path)) {
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            if words.iter().any(|word| line.contains(word.as_str())) {
                found.push(format!("src/{path}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{invariant}:\n{}", found.join("\n"));
}

fn below<'a>(stages: &'a [&'a str]) -> impl Fn(&str) -> bool + 'a {
    move |path| {
        stages.iter().any(|stage| path == format!("{stage}.rs") || path.starts_with(&format!("{stage}/")))
    }
}

const STAGES: &[&str] = &[
    "catalog", "diff", "order", "plan", "prove", "rename", "lint", "files", "report", "cli", "scratch",
    "source",
];

#[test]
fn stages_name_no_kind() {
    let words: Vec<String> = kinds().iter().map(|kind| format!("kinds::{kind}")).collect();
    nowhere(&words, below(STAGES), "a stage names a kind");
    let made: Vec<String> = kinds()
        .iter()
        .flat_map(|kind| [format!("Id::new(\"{kind}\""), format!("kind == \"{kind}\"")])
        .collect();
    nowhere(&made, below(STAGES), "a stage knows a kind by its word");
}

#[test]
fn only_the_list_and_the_trait_know_all_kinds() {
    nowhere(
        &["kinds::ALL".into()],
        |path| !["kind.rs", "catalog/read.rs"].contains(&path),
        "a file goes through the kinds by itself",
    );
}

#[test]
fn runtime_and_codegen_stand_alone() {
    let modules = STAGES.iter().chain(&["kind", "kinds", "sql", "step", "diagnostic"]);
    let words: Vec<String> =
        modules.flat_map(|name| [format!("crate::{name}::"), format!("crate::{{{name}")]).collect();
    nowhere(&words, below(&["runtime", "codegen", "bundle"]), "it imports from the planner");
    let crates: Vec<String> =
        ["sqlparser", "petgraph", "clap", "pglite_oxide"].iter().map(|name| format!("{name}::")).collect();
    nowhere(
        &crates,
        below(&["runtime", "codegen", "bundle"]),
        "it links what services and build scripts should not",
    );
}

#[test]
fn only_files_and_codegen_write() {
    let words = ["fs::write", "File::create", "fs::rename", "fs::remove_file"].map(String::from);
    // Scratch has folders of its own, outside the project.
    nowhere(&words, |path| !below(&["files", "codegen", "scratch"])(path), "a file is written elsewhere");
}

#[test]
fn only_scratch_catalog_prove_and_runtime_talk_to_a_database() {
    let words = [".batch_execute(", ".simple_query(", ".query_one(", ".query_opt("].map(String::from);
    nowhere(
        &words,
        |path| !below(&["scratch", "catalog", "prove", "runtime"])(path),
        "a database is spoken to elsewhere",
    );
}

#[test]
fn only_report_and_cli_print() {
    // A build script speaks to cargo on its stdout.
    let words = ["println!", "eprintln!", "print!("].map(String::from);
    nowhere(&words, |path| !below(&["report", "cli", "codegen"])(path), "something is printed elsewhere");
}

#[test]
fn no_order_is_a_hash_maps() {
    nowhere(&["HashMap".into(), "HashSet".into()], |_| true, "its order differs from run to run");
}

#[test]
fn every_kind_has_a_case() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    // PostgreSQL brings no provider of security labels, and without one no label can be set.
    let wanted = kinds().into_iter().filter(|kind| kind != "security_label");
    let without: Vec<String> = wanted.filter(|kind| !cases.join(kind).is_dir()).collect();
    assert!(without.is_empty(), "these kinds have no folder in tests/cases: {without:?}");
}
