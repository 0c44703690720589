//! A catalog as the files that people edit: `schema.sql`, and with `--split` a file for each object.
//!
//! Apart from scripts, which run once and are read by nobody.

use crate::{
    catalog::{Catalog, Id},
    files::Written,
    kind,
    order::Section,
    plan::Plan,
};
use std::collections::BTreeMap;

/// What the files say beside the statements.
#[derive(Default)]
pub struct Words {
    /// The first lines of `schema.sql`.
    pub head: String,
    /// What stands before an object.
    pub notes: BTreeMap<Id, String>,
    /// Why PostgreSQL is not to check bodies.
    pub unchecked: Option<&'static str>,
}

/// The whole schema in `schema.sql`.
pub fn whole(sections: &[Section], words: &Words) -> Vec<Written> {
    let all: Vec<&Section> = sections.iter().collect();
    vec![(SCHEMA.into(), text(&words.head, &all, words) + nothing(sections))]
}

/// What is in a schema in `schema/<schema>/<kind>/<name>.sql`, the rest in `schema.sql`.
pub fn split(sections: &[Section], words: &Words, catalog: &Catalog) -> Vec<Written> {
    // Some file systems take upper and lower case for one.
    let mut files: BTreeMap<String, (String, Vec<&Section>)> = BTreeMap::new();
    files.insert(SCHEMA.into(), (SCHEMA.into(), Vec::new()));
    for section in sections {
        let path = path(&section.about, catalog);
        files.entry(path.to_lowercase()).or_insert((path, Vec::new())).1.push(section);
    }
    let written = files.into_values().map(|(path, sections)| {
        let head = if path == SCHEMA { &*words.head } else { "" };
        let text = text(head, &sections, words);
        (path, text)
    });
    let mut written: Vec<Written> = written.collect();
    written[0].1 += nothing(sections);
    written
}

/// A file without statements is no schema.
fn nothing(sections: &[Section]) -> &'static str {
    if sections.is_empty() { "CREATE SCHEMA IF NOT EXISTS public;\n" } else { "" }
}

/// What `plan init` says when it is done.
pub fn summary(plan: &Plan, sources: usize, migrations: &[Written], is_crate: bool) -> String {
    let mut text = match sources {
        1 => "wrote schema.sql\n".to_string(),
        more => format!("wrote schema.sql and {} files in schema/\n", more - 1),
    };
    let ups = migrations.iter().filter_map(|(path, _)| path.strip_suffix(".up.sql"));
    ups.for_each(|stem| {
        text += &format!("wrote {stem}.{{up,down}}.sql, proven up, down and up on {}\n", plan.proved)
    });
    text += "a database that has all of this gets the row of history only, from `cargo run --bin migrate -- up`\n";
    if !is_crate {
        text += "next: make it a crate, `cargo init --bin` and the lines of the README, \"In your program\"; then ";
    } else {
        text += "next: ";
    }
    text + "review it with `git diff`, commit it, and from now on edit schema.sql and run `cargo run --bin plan`"
}

const SCHEMA: &str = "schema.sql";

fn text(head: &str, sections: &[&Section], words: &Words) -> String {
    let mut blocks: Vec<String> = Vec::new();
    blocks.extend((!head.is_empty()).then(|| head.to_string()));
    let has_bodies = sections.iter().flat_map(|section| &section.steps).any(|placed| placed.unchecked);
    let unchecked = words.unchecked.filter(|_| has_bodies);
    blocks.extend(unchecked.map(|why| format!("-- {why}\nSET check_function_bodies = off;\n")));
    for section in sections {
        let note = words.notes.get(&section.about).filter(|_| section.makes());
        let steps = section.steps.iter().map(|placed| format!("{};\n", placed.step.sql));
        blocks.push(note.cloned().into_iter().chain(steps).collect());
    }
    blocks.join("\n")
}

/// Where an object has its file.
fn path(id: &Id, catalog: &Catalog) -> String {
    let schema = catalog.get(id).and_then(|object| kind::of(id).schema(object));
    match schema.filter(|_| id.path.len() > 1) {
        Some(schema) => format!("schema/{}/{}/{}.sql", file_name(schema), id.kind, file_name(&id.path[1])),
        None => SCHEMA.into(),
    }
}

/// What every file system takes as a name.
fn file_name(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "_-".contains(c) { c } else { '_' };
    name.chars().map(plain).collect()
}

impl Section {
    /// Is the object itself made here, and not only something that belongs to it?
    fn makes(&self) -> bool {
        self.steps.iter().any(|placed| placed.id == self.about)
    }
}
