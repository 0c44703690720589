//! `docs/kinds.md`: what is known about each kind, as its own file and its plans on a real server say it.
//!
//! Separate from the list of kinds in `tests/fresh.rs` because a rule is code: what it answers is seen only
//! where something changes, which is what the sections are for.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use planwright::{
    bundle::Class,
    catalog::{Catalog, Id, attributes, is_compared},
    diff::{Cause, diff},
    order::{Action, Placed, order},
    step::Lock,
};

/// Every kind's rows.
pub type Page = BTreeMap<&'static str, BTreeSet<Row>>;

/// One change, and what it costs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    change: Change,
    how: String,
    class: Class,
    lock: Lock,
    why: String,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Added,
    Dropped,
    /// These attributes, by their place among all.
    Fields(Vec<(usize, &'static str)>),
}

const DIRECTORY: &str = env!("CARGO_MANIFEST_DIR");

/// The rows that two states of a kind's objects show.
pub fn rows(kind: &'static str, before: &Catalog, after: &Catalog) -> Result<BTreeSet<Row>, String> {
    let mut rows = BTreeSet::new();
    for (old, new) in [(before, after), (after, before)] {
        changed(kind, old, new, &mut rows)?;
    }
    for catalog in [before, after] {
        for id in catalog.objects.keys().filter(|id| id.kind == kind) {
            let without = without(catalog, id);
            for (from, to, action, change) in [
                (&without, catalog, Action::Create, Change::Added),
                (catalog, &without, Action::Drop, Change::Dropped),
            ] {
                let steps = steps(from, to)?;
                let own: Vec<&Placed> =
                    steps.iter().filter(|placed| placed.id == *id && placed.action == action).collect();
                rows.extend(row(change, "", &own));
            }
        }
    }
    // One example is enough.
    let mut seen = BTreeSet::new();
    rows.retain(|row| seen.insert((row.change.clone(), row.class, row.lock, row.why.clone())));
    Ok(rows)
}

/// Writes the page, or says that it is stale where nothing may be written.
pub fn write(page: &Page) -> Result<(), String> {
    let mut text = fs::read_to_string(Path::new(DIRECTORY).join("tests/properties/page.md"))
        .expect("the page has a beginning");
    for (kind, fields) in attributes() {
        text += &section(kind, &fields, page.get(kind).unwrap_or(&BTreeSet::new()));
    }
    let path = Path::new(DIRECTORY).join("docs/kinds.md");
    if fs::read_to_string(&path).ok().as_deref() == Some(&text) {
        return Ok(());
    }
    if std::env::var_os("CI").is_some() {
        return Err("docs/kinds.md is stale: run `cargo test --test properties` on PostgreSQL 18".into());
    }
    fs::create_dir_all(path.parent().expect("it is in docs")).expect("the folder can be written");
    fs::write(path, text).expect("the folder can be written");
    Err("docs/kinds.md was stale: it is rewritten now, commit it".into())
}

/// What becomes of objects of this kind that differ.
fn changed(kind: &'static str, old: &Catalog, new: &Catalog, rows: &mut BTreeSet<Row>) -> Result<(), String> {
    let changes = diff(old, new);
    let placed = steps(old, new)?;
    let own = |id: &Id| placed.iter().filter(|placed| placed.id == *id).collect::<Vec<_>>();
    let (_, all) = attributes().find(|(name, _)| *name == kind).expect("it is a kind");
    let fields = |fields: &[&'static str]| {
        let place =
            |field: &&'static str| (all.iter().position(|one| one == field).expect("it is one"), *field);
        let mut fields: Vec<_> = fields.iter().map(place).collect();
        fields.sort_unstable();
        Change::Fields(fields)
    };
    for (id, alter) in changes.alters.iter().filter(|(id, alter)| id.kind == kind && !alter.fields.is_empty())
    {
        rows.extend(row(fields(&alter.fields), "", &own(id)));
    }
    for (id, change) in changes.drops.iter().filter(|(id, _)| id.kind == kind) {
        if let Cause::Rebuilt { fields: differing, .. } = &change.cause {
            rows.extend(row(fields(differing), "rebuilt", &own(id)));
        }
    }
    Ok(())
}

fn row(change: Change, how: &str, steps: &[&Placed]) -> Option<Row> {
    let first = steps.first()?;
    let statement = first.step.sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = statement.chars().take(90).collect();
    let more = if short.len() < statement.len() { " …" } else { "" };
    let how = if how.is_empty() { format!("`{short}{more}`") } else { how.to_owned() };
    let mut why: Vec<&str> = Vec::new();
    for placed in steps {
        if !why.contains(&&*placed.step.why) {
            why.push(&placed.step.why);
        }
    }
    let lost = steps.iter().any(|placed| placed.step.loses.is_some());
    Some(Row {
        change,
        how,
        class: steps.iter().map(|placed| placed.step.class).max()?,
        lock: steps.iter().map(|placed| placed.step.lock).max()?,
        why: why.join("; ") + if lost { " (**loses data**)" } else { "" },
    })
}

/// The catalog without an object and all that cannot be without it.
fn without(catalog: &Catalog, id: &Id) -> Catalog {
    let mut less = catalog.clone();
    let mut gone = BTreeSet::from([id.clone()]);
    loop {
        let before = gone.len();
        for object in less.objects.values() {
            let mut hosts = object.needs.iter().chain(&object.dropped_with);
            if hosts.any(|host| gone.contains(host)) {
                gone.insert(object.id.clone());
            }
        }
        if gone.len() == before {
            break;
        }
    }
    less.objects.retain(|id, _| !gone.contains(id));
    less
}

fn steps(from: &Catalog, to: &Catalog) -> Result<Vec<Placed>, String> {
    order(diff(from, to)).map_err(|diagnostics| diagnostics.to_string())
}

fn section(kind: &str, fields: &[&str], rows: &BTreeSet<Row>) -> String {
    let file = Path::new(DIRECTORY).join("src/kinds").join(format!("{kind}.rs"));
    let source = fs::read_to_string(file).expect("a kind has a file");
    let about = source.lines().map_while(|line| line.strip_prefix("//!"));
    let about: Vec<&str> = about.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    let mut text = format!("\n## {}\n\n{}\n", kind.replace('_', " "), about.join("\n"));
    let list = |compared: bool| {
        let names = fields.iter().filter(|field| is_compared(kind, field) == compared);
        names.map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ")
    };
    match list(true).as_str() {
        "" => text += "\nCompared: only whether it is there.\n",
        names => text += &format!("\nCompared: {names}.\n"),
    }
    if !list(false).is_empty() {
        text += &format!("Read besides: {}.\n", list(false));
    }
    if !rows.is_empty() {
        text += "\n| change | how | class | lock | why |\n|---|---|---|---|---|\n";
    }
    for Row { change, how, class, lock, why } in rows {
        let change = match change {
            Change::Added => "added".to_owned(),
            Change::Dropped => "dropped".to_owned(),
            Change::Fields(fields) => {
                fields.iter().map(|(_, field)| format!("`{field}`")).collect::<Vec<_>>().join(", ")
            }
        };
        let cells = [change, how.clone(), class.to_string(), lock.to_string(), why.clone()];
        text += &format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
    }
    text
}
