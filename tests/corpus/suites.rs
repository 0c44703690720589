//! What is in the corpus folder: which cases, which roles they need.
//! Separate because it is the only file that knows how the folder is laid out.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// How many neighbouring history steps one thread takes at a time: each reuses a state of the one before.
const NEIGHBOURS: usize = 12;

/// Two states of a schema and what is asked about them.
pub struct Case {
    pub suite: &'static str,
    /// The suite and the folders below it, as in `pairs/apgdiff/add_index`.
    pub name: String,
    pub question: Question,
}

pub enum Question {
    /// From nothing to the file, back to nothing, and no difference at the end.
    Whole(PathBuf),
    /// A project begun with the file's database: nothing to do, and the same once more.
    Begin(PathBuf),
    /// A folder of migrations is linted without a fault; where a list is given, so named ones break the strict rule,
    /// and no other.
    Lint { migrations: PathBuf, strict: Option<&'static str> },
    /// From the one to the other, and from the other to the one.
    Both { old: PathBuf, new: PathBuf },
}

impl Case {
    /// The case that begins a project with what this one ends in.
    fn begun(&self) -> Option<Case> {
        let path = match &self.question {
            Question::Whole(path) | Question::Both { new: path, .. } => path.clone(),
            Question::Begin(_) | Question::Lint { .. } => return None,
        };
        // All of big must be met.
        let suite = if self.suite == "big" { "big" } else { "init" };
        Some(Case { suite, name: format!("init/{}", self.name), question: Question::Begin(path) })
    }
}

/// Cases that one thread should run one after another.
pub type Batch = Vec<Case>;

/// The cases of the folder, with every `every`th step of each history, and the roles to create first.
pub fn read(corpus: &Path, every: usize) -> (Vec<Batch>, BTreeSet<String>) {
    let (mut batches, mut roles) = pairs(corpus);
    // pg_dump names the owner of supabase-auth's objects; it is in no index.
    roles.insert("supabase_auth_admin".to_owned());
    batches.splice(0..0, big(corpus));
    batches.extend(history(corpus, every.max(1)));
    batches.extend(lint(corpus));
    let begun = batches.iter().flatten().filter_map(Case::begun);
    let mut begun: BTreeMap<String, Case> = begun.map(|case| (case.name.clone(), case)).collect();
    // Of histories less: neighbouring states hardly differ.
    let mut at = 0;
    begun.retain(|name, case| {
        at += 1;
        case.suite == "big" || at % (if name.contains("/history/") { 10 } else { every.max(1) }) == 0
    });
    batches.extend(begun.into_values().map(|case| vec![case]));
    (batches, roles)
}

fn big(corpus: &Path) -> Vec<Batch> {
    let case = |path: PathBuf| Case {
        suite: "big",
        name: format!("big/{}", name_of(&path)),
        question: Question::Whole(path),
    };
    entries(&corpus.join("big")).into_iter().map(|path| vec![case(path)]).collect()
}

/// lily's rule is that of the policy `strict`; `lily.txt` says which of its patches break it.
fn lint(corpus: &Path) -> Vec<Batch> {
    let case = |project: PathBuf| {
        let name = name_of(&project).to_owned();
        let strict = (name == "lily").then_some(include_str!("lily.txt"));
        let question = Question::Lint { migrations: project.join("migrations"), strict };
        Case { suite: "lint", name: format!("lint/{name}"), question }
    };
    entries(&corpus.join("history")).into_iter().map(|project| vec![case(project)]).collect()
}

fn pairs(corpus: &Path) -> (Vec<Batch>, BTreeSet<String>) {
    let folder = corpus.join("pairs");
    let index = fs::read_to_string(folder.join("index.json")).expect("pairs/index.json can be read");
    let index: serde_json::Value = serde_json::from_str(&index).expect("pairs/index.json is JSON");
    let (mut batches, mut roles) = (Vec::new(), BTreeSet::new());
    for entry in index["pairs"].as_array().expect("pairs/index.json lists pairs") {
        let word = |key: &str| entry[key].as_str().expect("a pair has a suite and a case").to_owned();
        let (suite, case) = (word("suite"), word("case"));
        let needed = entry["roles"].as_array().into_iter().flatten();
        roles.extend(needed.filter_map(|role| role.as_str().map(str::to_owned)));
        let path = folder.join(&suite).join(&case);
        let question = Question::Both { old: path.join("old.sql"), new: path.join("new.sql") };
        batches.push(vec![Case { suite: "pairs", name: format!("pairs/{suite}/{case}"), question }]);
    }
    (batches, roles)
}

fn history(corpus: &Path, every: usize) -> Vec<Batch> {
    let mut batches = Vec::new();
    for project in entries(&corpus.join("history")) {
        let states = entries(&project.join("states"));
        let mut steps: Vec<Case> = states
            .windows(2)
            .step_by(every)
            .map(|states| Case {
                suite: "history",
                name: format!("history/{}/{}", name_of(&project), name_of(&states[1])),
                question: Question::Both { old: states[0].clone(), new: states[1].clone() },
            })
            .collect();
        while !steps.is_empty() {
            let rest = steps.split_off(steps.len().min(NEIGHBOURS));
            batches.push(std::mem::replace(&mut steps, rest));
        }
    }
    batches
}

/// What is in a folder, in order of name.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = read.map(|entry| entry.expect("an entry can be read").path()).collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> &str {
    path.file_stem().and_then(|name| name.to_str()).expect("the corpus has plain names")
}
