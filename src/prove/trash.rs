//! The trash while a plan is proven: what moves tables there is loaded, and the way back begins with bringing
//! them from there.
//!
//! Apart from the proof, because what comes back is no change between two catalogs: it is there already.

use crate::{
    catalog::{Catalog, Id, Object},
    diagnostic::Result,
    diff::diff,
    kind, migrations,
    order::{Action, Placed, order},
    scratch::{Database, diagnose},
    sql::literal,
};
use std::collections::BTreeSet;

/// Does a statement call what Planwright keeps in a database?
pub(super) fn calls(sql: &str) -> bool {
    sql.starts_with("CALL planwright.")
}

/// Makes what such statements call; the tables that come with it.
pub(super) fn install(database: &mut Database) -> Result<Vec<String>> {
    let there = super::rows::query(database, "SELECT pg_catalog.to_regclass('planwright.trash')")?;
    if there.iter().all(|row| row.get(0).is_none()) {
        for migration in migrations::BUNDLE.migrations {
            database.run(migration.up).map_err(|error| diagnose(&error, None))?;
        }
        super::run::unchecked(database)?;
    }
    let tables = "SELECT pg_catalog.format('%I.%I', schemaname, tablename) FROM pg_catalog.pg_tables
                  WHERE schemaname = 'planwright'";
    let tables = super::rows::query(database, tables)?;
    Ok(tables.iter().filter_map(|row| row.get(0)).map(String::from).collect())
}

/// What a way back begins with: what took the names of the discarded leaves, then those come back.
pub(super) fn restores(
    up: &[Placed],
    trash: Option<&str>,
    before: &Catalog,
    after: &Catalog,
) -> Result<Vec<Placed>> {
    let Some(trash) = trash else { return Ok(Vec::new()) };
    let restored = |placed: &Placed| {
        let object = before.get(&placed.id).filter(|_| placed.step.discards.is_some())?;
        // One that had stepped aside was not discarded under its own name.
        let own = kind::of(&placed.id).discard(object, trash)?;
        let step = kind::of(&placed.id).restore(object).filter(|_| own[0].sql == placed.step.sql)?;
        Some(Placed::wanted(placed.id.clone(), Action::Create, step))
    };
    let restores: Vec<Placed> = up.iter().rev().filter_map(restored).collect();
    if restores.is_empty() {
        return Ok(restores);
    }
    let roots: BTreeSet<Id> = restores.iter().map(|placed| placed.id.clone()).collect();
    let whole = with_all(before, roots.clone(), |object| object.dropped_with.iter().cloned().collect());
    let slots: BTreeSet<Vec<String>> = whole.iter().flat_map(|id| slots(&before.objects[id])).collect();
    // What was beside them before is in nobody's way.
    let takes = |object: &Object| {
        before.get(&object.id) != Some(object) && self::slots(object).iter().any(|slot| slots.contains(slot))
    };
    let takers = after.objects.values().filter(|object| takes(object)).map(|object| object.id.clone());
    let holds = |object: &Object| object.hosts().iter().chain(&object.needs).cloned().collect();
    let gone = with_all(after, takers.collect(), holds);
    // What has rows and was never away, such as the partitions of a table that is made anew, stays where it is:
    // then the old one is made anew too.
    let has_rows = |id: &Id| {
        kind::of(id).discard(&after.objects[id], trash).is_some_and(|steps| steps[0].discards.is_some())
    };
    if gone.iter().any(|id| before.contains(id) && !roots.contains(id) && has_rows(id)) {
        return Ok(Vec::new());
    }
    let mut free = after.clone();
    free.objects.retain(|id, _| !gone.contains(id));
    let mut steps = order(diff(after, &free))?;
    steps.extend(restores);
    Ok(steps)
}

/// The relations of this schema.
pub(super) fn within(database: &mut Database, schema: &str) -> Result<BTreeSet<u32>> {
    let sql = format!(
        "SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = {}",
        literal(schema)
    );
    let rows = super::rows::query(database, &sql)?;
    Ok(rows.iter().filter_map(|row| row.get(0)).map(super::rows::number).collect())
}

fn slots(object: &Object) -> Vec<Vec<String>> {
    kind::of(&object.id).slots(object)
}

/// These, what is attached to them, and all that holds on to them in this way.
fn with_all(catalog: &Catalog, mut ids: BTreeSet<Id>, holds: impl Fn(&Object) -> Vec<Id>) -> BTreeSet<Id> {
    loop {
        let objects = catalog.objects.values();
        let more = objects.clone().filter(|object| holds(object).iter().any(|id| ids.contains(id)));
        let attached = objects.filter_map(|object| kind::of(&object.id).attaches(object));
        let attached = attached.filter(|(_, to)| ids.contains(to)).map(|(child, _)| child);
        let more: Vec<Id> = more.map(|object| object.id.clone()).chain(attached).collect();
        let before = ids.len();
        ids.extend(more);
        if ids.len() == before {
            return ids;
        }
    }
}
