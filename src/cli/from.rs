//! The state that a plan starts from: a live database, what `schema.lock` tells, or what the migrations make.
//!
//! Apart from `plan`, because it is known in three ways, and one of them may not be believed.

use super::{
    filter,
    state::{Live, Scratch},
};
use crate::{
    catalog::{Catalog, Filters, Id, Marked, are_ours, from_facts, to_facts},
    codegen::{Folder, lock::Lock},
    diagnostic::{Diagnostic, Result},
    files::LOCK,
    kind, prove,
    scratch::Database,
};
use std::collections::{BTreeMap, BTreeSet};

/// Where the comparison starts from.
pub(super) struct From<'a> {
    pub live: Option<Live>,
    pub locked: Option<Catalog>,
    pub folder: &'a Folder,
    /// Do not believe the lock.
    pub replay: bool,
}

impl From<'_> {
    /// The state as a catalog, when that is known without a database.
    pub fn known(&self, scratch: &Scratch) -> Option<Catalog> {
        let catalog = match &self.live {
            Some(live) => &live.catalog,
            None => self.locked.as_ref().filter(|_| !self.replay)?,
        };
        (catalog.major() == scratch.engine.version() / 10_000).then(|| catalog.clone())
    }

    /// The catalog that a database in that state is built from; none where migrations are run.
    pub fn built<'a>(&'a self, known: Option<&'a Catalog>) -> Option<&'a Catalog> {
        self.live.as_ref().map(|live| &live.catalog).or(known)
    }

    /// A scratch database in that state.
    pub fn database(&self, scratch: &mut Scratch, known: Option<&Catalog>) -> Result<Database> {
        let mut database = scratch.database()?;
        match self.built(known) {
            Some(catalog) => prove::build(&mut database, catalog)?,
            None => prove::replay(&mut database, self.folder)?,
        }
        Ok(database)
    }
}

/// The catalog in `schema.lock`, and whether it is all: one that was merged by hand says less than the migrations.
pub(super) fn told(folder: &Folder) -> Result<Option<(Catalog, bool)>> {
    let Some(text) = &folder.lock else { return Ok(None) };
    // `Folder::read` has read the lines above the facts.
    let Ok((lock, _)) = Lock::read(text) else { return Ok(None) };
    if !are_ours(&lock.facts) {
        // The migrations say what is there.
        return Ok(None);
    }
    let top = text.lines().count() - lock.facts.lines().count();
    let catalog = from_facts(lock.engine, &lock.facts).map_err(|(line, why)| {
        Diagnostic::failed("lock", format!("{LOCK}:{}: {why}", top + line))
            .help(format!("restore {LOCK} from version control, or remove it: the next plan writes it anew"))
    })?;
    let is_whole = to_facts(&catalog) == lock.facts;
    Ok(Some((catalog, is_whole)))
}

/// The same without what is left to others.
pub(super) fn locked(
    told: Option<(Catalog, bool)>,
    desired: &Catalog,
    filters: &mut Filters,
) -> Option<Catalog> {
    let (mut catalog, is_whole) = told?;
    let rows = catalog.objects.values().filter(|object| kind::of(&object.id).data().is_some());
    let mut written: BTreeMap<&Id, BTreeSet<&str>> = BTreeMap::new();
    for row in rows {
        let Some(table) = row.host() else { continue };
        written.entry(table).or_default().extend(kind::of(&row.id).columns(row));
    }
    let marked = |(table, columns): (&Id, BTreeSet<&str>)| {
        let columns = columns.into_iter().map(String::from).collect();
        Marked { columns: Some(columns), ..Marked::whole(table.path.to_vec()) }
    };
    filter::was_data(written.into_iter().map(marked), desired, filters);
    // Of one that is torn apart no database can be made.
    (is_whole && filters.apply(&mut catalog).torn.is_empty()).then_some(catalog)
}
