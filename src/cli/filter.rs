//! What a command leaves to others: rules given with it, annotations in files, registers in a database.

use super::state::Live;
use crate::{
    catalog::{Catalog, Filters, Found, Id, Left, Marked, Rule},
    diagnostic::{Diagnostic, Diagnostics, Result},
    diff::diff,
    kind,
    source::{Annotation, Data, Says, Statements},
};
use clap::Args;

/// Rules given with a command.
#[derive(Args, Default)]
pub(super) struct Flags {
    /// Leave what matches to others: one or more of schema=, name=, kind=, owner= with * and ?; `!` before it
    /// keeps what it matches, and the last rule that matches decides.
    #[arg(long, value_name = "RULE")]
    ignore: Vec<Rule>,
    /// Leave to others what matches none of these.
    #[arg(long, value_name = "RULE")]
    only: Vec<Rule>,
}

/// The rules of files, and after them those given with the command.
pub(super) fn rules<'a>(files: impl Iterator<Item = &'a Statements>, flags: &Flags) -> Result<Filters> {
    let mut filters = Filters::default();
    let mut problems = Vec::new();
    let mut annotations = Vec::new();
    for file in files {
        annotations.extend(&file.annotations);
        // Of two states, the one that is wanted says which rows matter.
        filters.data = marked(file).collect();
    }
    for Annotation { says, place } in annotations {
        let (rules, text) = match says {
            Says::Ignore(text) => (&mut filters.ignore, text),
            Says::Only(text) => (&mut filters.only, text),
            Says::RuntimePartitions(_) | Says::Data(_) => continue,
        };
        match text.parse() {
            Ok(rule) => rules.push(rule),
            Err(why) => problems.push(
                Diagnostic::failed("bad-rule", why)
                    .at(Some(place.clone()))
                    .help("for example: -- @ignore schema=audit name=log_*"),
            ),
        }
    }
    filters.ignore.extend(flags.ignore.iter().cloned());
    filters.only.extend(flags.only.iter().cloned());
    if problems.is_empty() { Ok(filters) } else { Err(Diagnostics(problems)) }
}

/// The tables that a file marks.
pub(super) fn marked(file: &Statements) -> impl Iterator<Item = Marked> {
    let mark = |data: Data| Marked { columns: data.columns, ..Marked::whole(data.table) };
    file.data().into_iter().map(mark)
}

/// The annotations that remember these rules.
pub(super) fn annotations(filters: &Filters) -> String {
    let lines = (filters.only.iter().map(|rule| ("only", rule)))
        .chain(filters.ignore.iter().map(|rule| ("ignore", rule)));
    lines.map(|(word, rule)| format!("-- @{word} {}\n", rule.text())).collect()
}

/// How a schema says that the partitions of a table come and go.
pub(super) const RUNTIME_PARTITIONS: &str = "-- @runtime-partitions\n";

/// The tables of a catalog of which files say that.
///
/// # Errors
///
/// An annotation at what is no table.
pub(super) fn runtime_partitions(files: &Statements, catalog: &Catalog) -> Result<Vec<Id>> {
    let mut all = Vec::new();
    for Annotation { says, place } in &files.annotations {
        let Says::RuntimePartitions(name) = says else { continue };
        let named = |id: &&Id| id.path.ends_with(name) && catalog.objects[*id].host().is_none();
        let before = all.len();
        all.extend(catalog.objects.keys().filter(named).cloned());
        if all.len() == before {
            return Err(Diagnostic::failed("stray-annotation", "this annotation stands at no table")
                .at(Some(place.clone()))
                .help("write `-- @runtime-partitions` on a line of its own before CREATE TABLE")
                .into());
        }
    }
    Ok(all)
}

/// Finds the tables whose rows are wanted, so that no other of that name is taken for one.
///
/// # Errors
///
/// A mark at what is no table, or at one whose rows cannot be told apart.
pub(super) fn data(files: &Statements, desired: &Catalog, filters: &mut Filters) -> Result<()> {
    let mut problems = Vec::new();
    if let Some(place) = files.copied() {
        let message = "the rows of this COPY are not read, and its table is marked";
        problems.push(Diagnostic::failed("data", message).at(Some(place)).help("write them as INSERTs"));
    }
    for (marked, data) in filters.data.iter_mut().zip(files.data()) {
        let found: Vec<&Id> = tables_named(&data.table, desired).collect();
        let problem = match &found[..] {
            [table] => {
                let is_it = |found: &&Found| *found.table == *table.path;
                let found = desired.marked.iter().find(is_it).expect("what is marked was read");
                match &found.indistinct {
                    None => {
                        *marked = Marked::wanted(found);
                        continue;
                    }
                    Some(why) => format!("the rows of {table} cannot be told apart: {why}"),
                }
            }
            [] => "this annotation stands at no table".into(),
            [one, other, ..] => format!("this may be {one} or {other}: write its schema"),
        };
        problems.push(Diagnostic::failed("data", problem).at(Some(data.place)).help(
            "`-- @data` stands before the CREATE TABLE of a table with a primary key that its INSERTs write",
        ));
    }
    if problems.is_empty() { Ok(()) } else { Err(Diagnostics(problems)) }
}

fn tables_named<'a>(name: &'a [String], catalog: &'a Catalog) -> impl Iterator<Item = &'a Id> {
    let named = |id: &&Id| id.path.ends_with(name) && kind::of(id).sql(id).starts_with("TABLE ");
    catalog.objects.keys().filter(named)
}

/// Learns which tables were marked in the other state, and which of their columns INSERTs wrote. The rows of tables
/// that go are theirs until then: others wait for them to be gone.
pub(super) fn was_data(was: impl Iterator<Item = Marked>, desired: &Catalog, filters: &mut Filters) {
    for gone in was {
        if let Some(marked) = filters.data.iter_mut().find(|marked| marked.table.ends_with(&gone.table)) {
            marked.was(gone.columns);
        } else if tables_named(&gone.table, desired).next().is_none() {
            filters.data.push(gone);
        }
    }
}

/// Refuses what is kept though it needs what is left to others.
pub(super) fn whole(left: Left) -> Result<Left> {
    let Some((kept, need)) = left.torn.first() else { return Ok(left) };
    let message = format!("{kept} is managed here, and needs {need}, which is left to others");
    let mut refusal = Diagnostic::no("filtered", message).help(
        "leave it to others too, or keep what it needs: a rule that begins with ! keeps what it matches",
    );
    let more = left.torn.iter().skip(1).take(20);
    refusal.notes = more.map(|(kept, need)| format!("{kept} needs {need}")).collect();
    Err(refusal.into())
}

/// A schema that is kept for what is in it is not dropped when that goes: it may hold what others have.
pub(super) fn keep_holding(left: &Left, desired: &mut Catalog) {
    for object in &left.holding {
        desired.objects.entry(object.id.clone()).or_insert_with(|| object.clone());
    }
}

/// Refuses a change that takes away, or cannot be made because of, what is left to others.
pub(super) fn refuse_reaching(live: &Live, current: &Catalog, desired: &Catalog) -> Result<()> {
    let changes = diff(current, desired);
    let gone = |id: &Id| changes.drops.contains_key(id) && !changes.creates.contains_key(id);
    let mut problems = Vec::new();
    for object in live.left.objects.values() {
        // What belongs to something dropped for good goes with it.
        if !object.dropped_with.is_empty() && object.dropped_with.iter().all(gone) {
            continue;
        }
        let in_the_way = |need: &&Id| {
            let without = changes.alters.get(*need).map(|alter| alter.without());
            changes.drops.contains_key(*need) || without.is_some_and(|kinds| kinds.contains(&object.id.kind))
        };
        if let Some(need) = object.needs.iter().chain(&object.dropped_with).find(in_the_way) {
            let message = format!("{need} cannot change: {} is left to others, and depends on it", object.id);
            problems.push(
                Diagnostic::no("filtered", message).help(
                    "take it along: keep it with a rule that begins with !, and write it into the schema",
                ),
            );
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Diagnostics(problems)) }
}
