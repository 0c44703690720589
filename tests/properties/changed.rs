//! What differs between two databases, by the word of the program itself: which attributes it sees change.

use planwright::{
    catalog::{self, Catalog, Marked},
    diff::{Cause, diff},
};

use super::servers::Database;

pub fn read(database: &Database, marked: &[Marked]) -> Catalog {
    let mut client = postgres::Client::connect(&database.url(), postgres::NoTls).expect("the server answers");
    catalog::with_rows(&mut client, marked).expect("a superuser can read the catalog")
}

/// The objects that differ in something, and in what; of other kinds than `kind` with that before it.
pub fn changed(kind: &str, old: &Catalog, new: &Catalog) -> Vec<(String, Vec<String>)> {
    let changes = diff(old, new);
    let altered = changes.alters.iter().map(|(id, alter)| (id, alter.fields.clone()));
    let rebuilt = changes.drops.iter().filter_map(|(id, change)| match &change.cause {
        Cause::Rebuilt { fields, .. } => Some((id, fields.clone())),
        Cause::Wanted => Some((id, vec!["being there"])),
        Cause::Carried(_) => None,
    });
    let made = changes.creates.iter().filter_map(|(id, change)| match &change.cause {
        Cause::Wanted => Some((id, vec!["being there"])),
        _ => None,
    });
    let all = altered.chain(rebuilt).chain(made).filter(|(_, fields)| !fields.is_empty());
    all.map(|(id, mut fields)| {
        fields.sort();
        let named =
            |field| if id.kind == kind { String::from(field) } else { format!("{}.{field}", id.kind) };
        (id.to_string(), fields.into_iter().map(named).collect())
    })
    .collect()
}
