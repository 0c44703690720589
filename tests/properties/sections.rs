//! `tests/properties/<kind>.sql`: two schemas in one text.
//!
//! ```sql
//! --@ storage
//! create table stored (a text);
//! alter table stored alter a set storage {{extended|external}};
//!
//! --@ not_valid: of a foreign key (since 18)
//! ```
//!
//! What is in double braces is the old and the new side; the rest is on both. A section changes one object
//! of the kind, in the attributes that its head names; what follows the colon is for people. The head
//! `column.type` says that a column changes along, in its type.

use std::collections::BTreeSet;

pub struct Sections {
    /// What comes before the first section.
    common: String,
    sections: Vec<Section>,
}

struct Section {
    attributes: Vec<String>,
    since: u32,
    text: String,
}

/// The sections that one major version has.
pub struct Pair {
    pub old: String,
    pub new: String,
    /// The attributes of each section, sorted.
    pub expected: Vec<Vec<String>>,
}

pub fn read(kind: &str, text: &str) -> Sections {
    let mut parts = text.split("--@ ");
    let common = parts.next().unwrap_or_default().to_owned();
    let section = |part: &str| {
        let (head, text) = part.split_once('\n').unwrap_or_else(|| panic!("{kind}: {part}"));
        let (head, since) = match head.split_once(" (since ") {
            Some((head, major)) => (head, major.trim_end_matches(')').parse().expect("a major version")),
            None => (head, 0),
        };
        let names = head.split(": ").next().unwrap_or(head);
        let mut attributes: Vec<String> = names.split(", ").map(str::to_owned).collect();
        attributes.sort();
        Section { attributes, since, text: text.to_owned() }
    };
    Sections { common, sections: parts.map(section).collect() }
}

impl Sections {
    /// The attributes that some section changes by themselves.
    pub fn alone(&self) -> BTreeSet<String> {
        let alone = self.sections.iter().filter(|section| section.attributes.len() == 1);
        // One of another kind says what changes along.
        alone.map(|section| section.attributes[0].clone()).filter(|name| !name.contains('.')).collect()
    }

    pub fn of(&self, major: u32) -> Pair {
        let sections = self.sections.iter().filter(|section| section.since <= major);
        let mut text = self.common.clone();
        sections.clone().for_each(|section| text += &section.text);
        let expected = sections.map(|section| section.attributes.clone()).collect();
        Pair { old: side(&text, 0), new: side(&text, 1), expected }
    }
}

/// The text with one side of each pair of braces.
fn side(text: &str, side: usize) -> String {
    let mut parts = text.split("{{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inner, rest) =
            part.split_once("}}").unwrap_or_else(|| panic!("braces that do not close: {part}"));
        let sides: Vec<&str> = inner.split('|').collect();
        assert_eq!(sides.len(), 2, "these are not two sides: {inner}");
        out += sides[side];
        out += rest;
    }
    out
}
