//! Reads a database: one query for each kind and a few for all, in one snapshot.

use super::{
    Catalog, Found, Id, Map, Marked, Object, Set, depend,
    snapshot::{self, Snapshot},
    text,
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Result},
    kind::{self, AnyKind, Body},
    kinds::ALL,
};
use postgres::{Client, SimpleQueryRow, Transaction};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::mpsc,
    thread,
};

/// The catalog of the database that `client` is connected to.
///
/// Everything is read in one repeatable-read transaction that only reads, with `search_path` set
/// to `pg_catalog`, so that every name in a definition is qualified.
///
/// # Errors
///
/// When the role may not read a catalog, or the connection breaks.
pub fn read(client: &mut Client) -> Result<Catalog> {
    with_rows(client, &[])
}

/// The same, and the rows of these tables.
///
/// # Errors
///
/// As above, and when the role may not read a table.
pub fn with_rows(client: &mut Client, marked: &[Marked]) -> Result<Catalog> {
    see(client, marked, false)
}

/// The same from a session of ours, which keeps the queries and answers faster the next time.
///
/// # Errors
///
/// As above.
pub fn again(client: &mut Client, marked: &[Marked]) -> Result<Catalog> {
    see(client, marked, true)
}

fn see(client: &mut Client, marked: &[Marked], keep: bool) -> Result<Catalog> {
    let reading = |error| failed(&error);
    let mut snapshot = Snapshot::begin(client, keep).map_err(reading)?;
    let version = snapshot.version;
    let columns = ALL.iter().flat_map(|kind| kind.query().lines()).filter_map(noted).collect();
    let made = ALL.iter().flat_map(|kind| kind.rows()).copied().collect();
    let there = snapshot.look(&columns, &made).map_err(reading)?;
    let classes = &there.classes;
    let dependencies = depend::read(&mut snapshot, classes).map_err(reading)?;
    // While PostgreSQL works on one query, the answer to the one before becomes objects.
    let (assembly, found) = thread::scope(|scope| {
        let (answers, asked) = mpsc::channel();
        let assembled = scope.spawn(|| {
            let mut assembly = Assembly::new(&dependencies);
            for (kind, answer) in asked {
                let answer: Vec<SimpleQueryRow> = answer;
                assembly.take(kind, rows(kind, &answer, classes));
            }
            assembly
        });
        for kind in ALL.iter().filter(|kind| there.may_hold(kind.rows())) {
            let text = for_role(&for_version(kind.query(), version), &there.unreadable);
            let answer = snapshot.ask(kind.name(), &text).map_err(|error| unread(*kind, &error))?;
            answers.send((*kind, answer)).expect("the other thread takes until this end is dropped");
        }
        let found = data(&mut snapshot.transaction, marked, |kind, answer| {
            answers.send((kind, answer)).expect("the other thread takes until this end is dropped");
        })?;
        drop(answers);
        Result::Ok((assembled.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), found))
    })?;
    let (mut catalog, uncovered) = assembly.finish(version);
    catalog.marked = found;
    catalog.uncovered = depend::names(&mut snapshot.transaction, &uncovered).map_err(reading)?;
    snapshot.end().map_err(reading)?;
    Ok(catalog)
}

/// What is read: the name of each kind, and its query as a server of that `server_version_num` gets it.
///
/// A role that may not read every column gets some of them without a line or two.
pub fn queries(version: u32) -> impl Iterator<Item = (&'static str, String)> {
    ALL.iter().map(move |kind| (kind.name(), for_version(kind.query(), version)))
}

/// How rows are read: the queries of kinds whose objects are rows of users' tables.
pub(super) fn data_queries() -> impl Iterator<Item = &'static str> {
    ALL.iter().filter_map(|kind| kind.data())
}

/// What is compared: the name of each kind, and its attributes.
pub fn attributes() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    ALL.iter().map(|kind| (kind.name(), kind.fields()))
}

/// Is a difference in that attribute of that kind a difference?
pub fn is_compared(kind: &str, attribute: &str) -> bool {
    kind::named(kind).is_some_and(|kind| kind.compared(attribute))
}

/// Is this server of that major version or a later one?
pub fn at_least(version: u32, major: u32) -> bool {
    version / 10_000 >= major
}

/// Where PostgreSQL keeps an object: `pg_depend`'s classid, objid and objsubid.
pub(super) type Address = (u32, u32, i32);

struct Row {
    address: Option<Address>,
    target: Option<Address>,
    path: Vec<String>,
    body: Box<dyn Body>,
}

fn unread(kind: &dyn AnyKind, error: &postgres::Error) -> Diagnostics {
    let mut diagnostics = failed(error);
    diagnostics.0[0].notes.push(format!("while reading {}s", kind.name().replace('_', " ")));
    diagnostics
}

/// Reads what is in marked tables, each by a query of its own.
fn data(
    transaction: &mut Transaction,
    marked: &[Marked],
    mut answered: impl FnMut(&'static dyn AnyKind, Vec<SimpleQueryRow>),
) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    if marked.is_empty() {
        return Ok(found);
    }
    // Equal values have equal texts, whatever the session that reads them.
    let settings = "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';
                    SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL row_security = off";
    transaction.batch_execute(settings).map_err(|error| failed(&error))?;
    let marked = serde_json::to_string(marked).expect("names are JSON");
    for kind in ALL {
        let Some(queries) = kind.data() else { continue };
        let tables = transaction.query(queries, &[&marked]).map_err(|error| failed(&error))?;
        for table in &tables {
            let one = Found {
                table: table.get(0),
                indistinct: table.get(2),
                written: table.get(3),
                unwritten: table.get(4),
            };
            if one.indistinct.is_none() {
                let answer = transaction.simple_query(table.get(1));
                let answer = answer.map_err(|error| unread(*kind, &error))?;
                answered(*kind, answer.into_iter().filter_map(snapshot::row).collect());
            }
            found.push(one);
        }
    }
    Ok(found)
}

fn rows(kind: &dyn AnyKind, answer: &[SimpleQueryRow], classes: &BTreeMap<String, u32>) -> Vec<Row> {
    let Some(first) = answer.first() else { return Vec::new() };
    let place = |name: &str| first.columns().iter().position(|column| column.name() == name);
    let address = ["class", "object", "sub"].map(place);
    let target = ["target_class", "target_object", "target_sub"].map(place);
    let path = place("path");
    let read = |row: &SimpleQueryRow| {
        let path = path.and_then(|at| row.get(at)).map(text::array).transpose()?;
        Ok(Row {
            address: address_of(row, address, classes),
            target: address_of(row, target, classes),
            path: path.unwrap_or_default(),
            body: kind.take(row)?,
        })
    };
    let read = |row| {
        read(row).unwrap_or_else(|error: serde::de::value::Error| {
            panic!("the query of {} returns what its struct takes: {error} in {row:?}", kind.name())
        })
    };
    answer.iter().map(read).collect()
}

/// A `regclass` is shown by name.
fn address_of(
    row: &SimpleQueryRow,
    [class, object, sub]: [Option<usize>; 3],
    classes: &BTreeMap<String, u32>,
) -> Option<Address> {
    let class = row.get(class?)?;
    let class = class.parse().ok().or_else(|| classes.get(class).copied())?;
    let sub = sub.and_then(|at| row.get(at)?.parse().ok()).unwrap_or_default();
    Some((class, row.get(object?)?.parse().ok()?, sub))
}

/// Keeps the lines that this version understands.
fn for_version(query: &str, version: u32) -> String {
    let holds = |note: &str| match note.trim().split_once(' ') {
        Some(("since", major)) => major.parse().is_ok_and(|major| at_least(version, major)),
        Some(("before", major)) => !major.parse().is_ok_and(|major| at_least(version, major)),
        _ => true,
    };
    let keep = |line: &&str| line.split("-- ").skip(1).all(holds);
    query.lines().filter(keep).collect::<Vec<_>>().join("\n")
}

/// Keeps the lines that read what the role may read.
fn for_role(query: &str, unreadable: &BTreeSet<String>) -> String {
    let keep = |line: &&str| !noted(line).is_some_and(|column| unreadable.contains(column));
    query.lines().filter(keep).collect::<Vec<_>>().join("\n")
}

/// `pg_subscription.oid`, of a line that reads it where the role may.
fn noted(line: &str) -> Option<&str> {
    Some(line.rsplit_once("-- readable ")?.1.trim())
}

/// Objects, as answers come in.
struct Assembly<'a> {
    dependencies: &'a depend::Dependencies,
    ids: Map<Address, Id>,
    objects: Vec<Object>,
    /// What is named by what it hangs on, which may not have come yet.
    hanging: Vec<(&'static dyn AnyKind, Address, Row)>,
}

impl<'a> Assembly<'a> {
    fn new(dependencies: &'a depend::Dependencies) -> Assembly<'a> {
        Assembly { dependencies, ids: Map::default(), objects: Vec::new(), hanging: Vec::new() }
    }

    fn take(&mut self, kind: &'static dyn AnyKind, rows: impl IntoIterator<Item = Row>) {
        for mut row in rows {
            if let Some(target) = row.target {
                self.hanging.push((kind, target, row));
                continue;
            }
            let id = Id::new(kind.name(), std::mem::take(&mut row.path));
            if let Some(address) = row.address {
                if self.dependencies.belongs_to_extension(address) {
                    continue;
                }
                self.ids.insert(address, id.clone());
            }
            self.add(kind, id, row.body);
        }
    }

    fn add(&mut self, kind: &dyn AnyKind, id: Id, body: Box<dyn Body>) {
        self.objects.push(Object {
            needs: kind.needs(&id, &*body).into_iter().collect(),
            dropped_with: kind.dropped_with(&id, &*body).into_iter().collect(),
            comes_with: kind.comes_with(&id, &*body).into_iter().collect(),
            id,
            body,
        });
    }

    /// The objects, and the addresses of what no kind reads.
    fn finish(mut self, version: u32) -> (Catalog, Vec<Address>) {
        for (kind, target, row) in std::mem::take(&mut self.hanging) {
            // What hangs on a system object or on an extension's is not ours.
            let Some(target) = self.ids.get(&target) else { continue };
            let path = std::iter::once(target.kind.to_string()).chain(target.path.iter().cloned());
            let id = Id::new(kind.name(), path.chain(row.path));
            self.add(kind, id, row.body);
        }
        let Assembly { dependencies, ids, mut objects, .. } = self;
        let places = drop_homeless(&mut objects);
        let resolver = depend::Resolver::new(&ids, dependencies);
        resolver.connect(&mut objects, &places);
        tie_to_shells(&mut objects, &places);
        (Catalog::of(version, objects, &places), dependencies.uncovered(&resolver))
    }
}

/// What hangs on nothing that is ours (a default of an extension's table, its place among
/// partitions) is not ours either. The ids of the others, in their order.
fn drop_homeless(objects: &mut Vec<Object>) -> Set<Id> {
    loop {
        let mut known = Set::default();
        objects.retain(|object| known.insert(object.id.clone()));
        let has_home = |object: &Object| {
            object.dropped_with.is_empty() || object.dropped_with.iter().any(|host| known.contains(host))
        };
        let before = objects.len();
        objects.retain(has_home);
        if objects.len() == before {
            return known;
        }
    }
}

/// An object and what it needs that need each other can only go at once.
fn tie_to_shells(objects: &mut [Object], places: &Set<Id>) {
    let mut ties = Vec::new();
    for object in objects.iter().filter(|object| kind::of(&object.id).shell(object).is_some()) {
        let mutual = |place: &usize| objects[*place].needs.contains(&object.id);
        let needs = object.needs.iter().filter_map(|need| places.get_index_of(need));
        ties.extend(needs.filter(mutual).map(|place| (place, object.id.clone())));
    }
    for (part, whole) in ties {
        objects[part].dropped_with.insert(whole);
    }
}

pub(super) fn failed(error: &postgres::Error) -> Diagnostics {
    let mut diagnostic = Diagnostic::failed("catalog", "the catalog of the database cannot be read");
    match error.as_db_error() {
        Some(db) => {
            diagnostic = diagnostic.note(format!("PostgreSQL says: {} ({})", db.message(), db.code().code()));
            diagnostic.notes.extend(db.detail().map(String::from));
            diagnostic.help.extend(db.hint().map(String::from));
            if db.code() == &postgres::error::SqlState::INSUFFICIENT_PRIVILEGE {
                diagnostic = diagnostic.help(
                    "connect as a role that may read pg_catalog: every role may, unless that was revoked",
                );
            }
        }
        None => diagnostic = diagnostic.note(error.to_string()),
    }
    diagnostic.into()
}
