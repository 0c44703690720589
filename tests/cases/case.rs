//! A case as its folder describes it.
//! Separate because a folder is the whole interface: adding a case never touches Rust.
//!
//! `old.sql` and `new.sql` are what a user would write. `new.ordered.sql`, where there is one, is the same
//! in an order that psql can load. `expect.toml` may hold, one to a line:
//!
//! * `require`, `forbid`: lists of strings that the plan from old to new must, must not contain (in any
//!   letter case); `back_require`, `back_forbid`: the same from new to old.
//! * `refused`, `back_refused`: what `plan` says on stderr as it refuses (exit 1).
//! * `minimum`: the first major version of PostgreSQL that has what the case is about.
//! * `since`: the first one whose plan is as the lists say, where older ones have another way.
//! * `maximum`: the last major version that takes it.
//! * `back = false`: PostgreSQL has no way from new to old that leaves no trace.
//! * `embedded = false`: the embedded engine lacks what the case is about.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

pub struct Case {
    /// `<kind>/<case>`.
    pub name: String,
    pub minimum: u32,
    pub since: u32,
    pub maximum: u32,
    pub embedded: bool,
    pub back: bool,
    old: Side,
    new: Side,
    expectations: BTreeMap<String, Vec<String>>,
}

/// One of the two schemas, as a user writes it and as psql can load it.
pub struct Side {
    pub written: String,
    pub loaded: PathBuf,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Direction {
    Forward,
    Back,
}

/// Every case below a folder, in order of name.
pub fn read(root: &Path) -> Vec<Case> {
    let mut cases: Vec<Case> = folders(root)
        .iter()
        .flat_map(|kind| folders(kind))
        .map(|path| Case::read(path.strip_prefix(root).expect("it was found below the root"), &path))
        .collect();
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

impl Case {
    fn read(name: &Path, path: &Path) -> Case {
        let name = name.to_str().expect("cases have plain names").to_owned();
        let mut expectations = expectations(&name, &path.join("expect.toml"));
        let mut word = |key| expectations.remove(key).and_then(|mut words: Vec<String>| words.pop());
        let minimum = word("minimum").map_or(0, |text| text.parse().expect("minimum is a number"));
        let since = word("since").map_or(0, |text| text.parse().expect("since is a number"));
        let maximum = word("maximum").map_or(u32::MAX, |text| text.parse().expect("maximum is a number"));
        let mut holds = |key| word(key).is_none_or(|text| text == "true");
        let (embedded, back) = (holds("embedded"), holds("back"));
        Case {
            name,
            minimum,
            since,
            maximum,
            embedded,
            back,
            old: side(path, "old"),
            new: side(path, "new"),
            expectations,
        }
    }

    /// What the direction starts from and what it leads to.
    pub fn sides(&self, direction: Direction) -> (&Side, &Side) {
        match direction {
            Direction::Forward => (&self.old, &self.new),
            Direction::Back => (&self.new, &self.old),
        }
    }

    /// Is the plan as `expect.toml` says?
    pub fn expect(&self, direction: Direction, sql: &str) -> Result<(), String> {
        let folded = sql.to_lowercase();
        let holds = |text: &&String| folded.contains(&text.to_lowercase());
        if let Some(refusal) = self.expected(direction, "refused").first() {
            return Err(format!("this was to be refused with: {refusal}\nthe plan is:\n{sql}"));
        }
        if let Some(missing) = self.expected(direction, "require").iter().find(|text| !holds(text)) {
            return Err(format!("the plan does not say: {missing}\nthe plan is:\n{sql}"));
        }
        if let Some(present) = self.expected(direction, "forbid").iter().find(holds) {
            return Err(format!("the plan says: {present}\nthe plan is:\n{sql}"));
        }
        Ok(())
    }

    /// Was a refusal expected, with these words?
    pub fn expect_refusal(&self, direction: Direction, talk: &str) -> Result<(), String> {
        match self.expected(direction, "refused").first() {
            Some(words) if talk.contains(words.as_str()) => Ok(()),
            _ => Err(format!("refused: {talk}")),
        }
    }

    fn expected(&self, direction: Direction, key: &str) -> &[String] {
        let key = match direction {
            Direction::Forward => key.to_owned(),
            Direction::Back => format!("back_{key}"),
        };
        self.expectations.get(&key).map_or(&[], Vec::as_slice)
    }
}

impl Direction {
    pub fn name(self) -> &'static str {
        match self {
            Direction::Forward => "forward",
            Direction::Back => "back",
        }
    }
}

fn side(folder: &Path, name: &str) -> Side {
    let written = folder.join(format!("{name}.sql"));
    let ordered = folder.join(format!("{name}.ordered.sql"));
    let loaded = if ordered.exists() { ordered } else { written.clone() };
    Side { written: written.to_str().expect("cases have plain names").to_owned(), loaded }
}

/// `key = "word"`, `key = ["word", "word"]` and `key = 15`, one to a line: all of TOML that cases need.
fn expectations(case: &str, path: &Path) -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let (key, value) = line.split_once(" = ").unwrap_or_else(|| panic!("{case}: {line}"));
            assert!(KEYS.contains(&key), "{case}: expect.toml knows no {key}");
            let words = match value.contains('"') {
                true => value.split('"').skip(1).step_by(2).map(str::to_owned).collect(),
                false => vec![value.to_owned()],
            };
            (key.to_owned(), words)
        })
        .collect()
}

const KEYS: [&str; 11] = [
    "require",
    "forbid",
    "refused",
    "back_require",
    "back_forbid",
    "back_refused",
    "minimum",
    "since",
    "maximum",
    "embedded",
    "back",
];

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    entries.map(|entry| entry.expect("an entry can be read").path()).filter(|path| path.is_dir()).collect()
}
