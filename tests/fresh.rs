//! Checked-in lists that are written from the tree are what the tree says.
//!
//! A stale one is rewritten and the test fails, so that running it twice mends it.

use std::{fs, path::Path};

#[test]
fn kinds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/kinds");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("src/kinds is a folder")
        .map(|entry| {
            entry.expect("src/kinds can be listed").file_name().into_string().expect("names are UTF-8")
        })
        .filter_map(|name| name.strip_suffix(".rs").map(String::from))
        .filter(|name| name != "mod")
        .collect();
    names.sort();
    let camel = |name: &str| -> String {
        let word = |word: &str| word[..1].to_uppercase() + &word[1..];
        name.split('_').map(word).collect()
    };
    let mut text = String::from(
        "//! Written by `cargo test --test fresh`; do not edit. One line for each file in this folder.\n\n\
         use crate::kind::{AnyKind, Of};\n\n",
    );
    names.iter().for_each(|name| text += &format!("mod {name};\n"));
    text += "\n/// Every kind, by name.\npub static ALL: &[&dyn AnyKind] = &[\n";
    names.iter().for_each(|name| text += &format!("    &Of::<{name}::{}>::NEW,\n", camel(name)));
    text += "];\n";
    let path = folder.join("mod.rs");
    if fs::read_to_string(&path).ok().as_deref() != Some(&text) {
        fs::write(&path, text).expect("src/kinds can be written");
        panic!("src/kinds/mod.rs was stale: it is rewritten now, commit it");
    }
}
