//! The table: a block for each form, a word and what it says on each line.
//!
//! `form` names it; `since` is the first major version that has it; `given` is run before, `run` is the statement. What is
//! seen then:
//!
//! * `refused`: the SQLSTATE, and nothing else; what is refused in a transaction (25001) runs outside of one;
//! * `locks`, stronger than a reader's: RS, RX, SUX, S, SRX, X, AX; those on indexes where they are stronger than on their table;
//! * `scans`, `rewrites`: what is read and what is written as a whole;
//! * `again`: whose statements must be prepared again; `breaks`: how code of before fails; `depends`: how it may, by what the rows hold;
//! * `class`: that of the plan for the same change; `more`: what that does beyond the statement;
//! * `waits`: what is read or written as a whole while others wait, though the plan knows that they are there.
//!
//! `| 15 …` is what it is from that version on. What follows ` -- ` is why.

use std::{fs, path::Path};

#[derive(Clone, Debug, Default)]
pub struct Form {
    pub file: String,
    pub name: String,
    pub since: u32,
    pub given: Vec<String>,
    pub run: String,
    facts: Vec<(String, String)>,
}

/// All forms of all files.
pub fn all() -> Vec<Form> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms");
    let entries =
        fs::read_dir(folder).expect("it is here").map(|entry| entry.expect("it can be listed").path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    files.sort();
    files.iter().flat_map(|file| read(file)).collect()
}

fn read(file: &Path) -> Vec<Form> {
    let text = fs::read_to_string(file).expect("it was listed");
    let name = file.file_stem().expect("it has a name").to_string_lossy();
    text.split("\n\n").filter(|block| !block.trim().is_empty()).map(|block| form(&name, block)).collect()
}

fn form(file: &str, block: &str) -> Form {
    let mut form = Form { file: file.to_string(), ..Form::default() };
    for line in block.lines() {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "form" => form.name = rest.to_string(),
            "since" => form.since = rest.parse().expect("a version is a number"),
            "given" => form.given.push(rest.to_string()),
            "run" => form.run = rest.to_string(),
            word if WORDS.contains(&word) => form.facts.push((word.to_string(), rest.to_string())),
            _ => panic!("tests/forms/{file}.txt: no line begins with {word}"),
        }
    }
    assert!(!form.name.is_empty() && !form.run.is_empty(), "tests/forms/{file}.txt: {block}");
    form
}

const WORDS: &[&str] =
    &["refused", "locks", "scans", "rewrites", "again", "breaks", "depends", "class", "more", "waits"];

impl Form {
    /// What it says from this version on; nothing is nothing.
    fn says(&self, word: &str, major: u32) -> String {
        let Some((_, text)) = self.facts.iter().find(|(known, _)| known == word) else {
            return String::new();
        };
        let text = text.split(" -- ").next().unwrap_or_default();
        let mut says = "";
        for (at, part) in text.split(" | ").enumerate() {
            let (since, part) =
                if at == 0 { ("0", part) } else { part.split_once(' ').expect("a version first") };
            if since.parse::<u32>().expect("a version first") <= major {
                says = part;
            }
        }
        if says == "none" { String::new() } else { says.to_string() }
    }

    /// Where what was found is not what the table says.
    pub fn disagreements(&self, major: u32, found: &[(&str, String)]) -> Vec<String> {
        let differs = |word: &&str| {
            let (said, found) = (self.says(word, major), found_of(found, word));
            (said != found).then(|| format!("{word}: the table says {said:?}, found {found:?}"))
        };
        WORDS.iter().filter_map(differs).collect()
    }
}

fn found_of(found: &[(&str, String)], word: &str) -> String {
    found.iter().find(|(known, _)| *known == word).map(|(_, text)| text.clone()).unwrap_or_default()
}

/// How the table would have to say it.
pub fn block(form: &Form, found: &[(&str, String)]) -> String {
    let lines = WORDS.iter().map(|word| (word, found_of(found, word))).filter(|(_, text)| !text.is_empty());
    lines.fold(format!("form {}\nrun {}\n", form.name, form.run), |text, (word, says)| {
        text + &format!("{word} {says}\n")
    })
}
