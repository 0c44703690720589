//! Where a proof starts: a scratch database in the current state, with its renames done.

use super::{build, measure::Measuring, measured_by, read, run::unchecked};
use crate::{
    catalog::{Catalog, Filters, Id},
    diagnostic::Result,
    diff::diff,
    order::{Busy, Placed, order_online},
    plan::{Measured, Stage, cut},
    rename::{self, Renamed},
    scratch::{Database, diagnose},
    source::Rename,
};
use std::collections::BTreeSet;

/// A scratch database in the state that a plan starts from, and how that state reads there.
pub struct Start {
    pub database: Database,
    pub catalog: Catalog,
    /// Renames that `schema.sql` asks for, done already.
    pub renamed: Vec<Renamed>,
    /// The schema where tables are moved to instead of being dropped, if there is one.
    pub trash: Option<String>,
    /// The tables that people use meanwhile.
    pub busy: Busy,
    pub(super) filters: Filters,
    /// The state before the renames.
    pub(super) began: Catalog,
    pub(super) measuring: Measuring,
    pub(super) measured: Vec<Measured>,
}

impl Start {
    /// Reads the state that a database is in, unless it was `read`, and carries out the renames. `built` is the state
    /// that it was built from, where that was a catalog.
    ///
    /// # Errors
    ///
    /// A state that cannot be built, or a rename that cannot be: both names exist, or PostgreSQL refuses.
    pub fn new(
        mut database: Database,
        read: Option<Catalog>,
        built: Option<&Catalog>,
        renames: &[Rename],
        desired: &Catalog,
        filters: &Filters,
    ) -> Result<Start> {
        unchecked(&mut database)?;
        let filters = filters.clone();
        // Rows are read with the filters only.
        let mut catalog = match read.filter(|_| filters.data.is_empty()) {
            Some(mut catalog) => {
                filters.apply(&mut catalog);
                catalog.share(desired);
                catalog
            }
            None => super::read(&mut database, desired, &filters)?,
        };
        if let Some(built) = built {
            build::settle(&mut database, &mut catalog, built, &filters)?;
        }
        let began = catalog.clone();
        let measuring = Measuring::begin(&mut database, !catalog.objects.is_empty())?;
        let (renamed, measured, busy, trash) = (Vec::new(), Vec::new(), Busy::Nothing, None);
        let mut start =
            Start { database, catalog, renamed, busy, trash, filters, began, measuring, measured };
        start.rename(renames, desired)?;
        Ok(start)
    }

    /// Carries out renames.
    ///
    /// # Errors
    ///
    /// Both names exist, or PostgreSQL refuses.
    pub fn rename(&mut self, renames: &[Rename], desired: &Catalog) -> Result<()> {
        // A table's new name is part of its columns' identities: outer names first, then look again.
        loop {
            let due = rename::due(renames, &self.catalog, desired)?;
            if due.is_empty() {
                return Ok(());
            }
            for one in &due {
                let seen = measured_by(&mut self.measuring, &mut self.database, &one.placed());
                self.measured.push(seen.map_err(|error| diagnose(&error, one.place.clone()))?);
            }
            self.renamed.extend(due);
            self.catalog = read(&mut self.database, desired, &self.filters)?;
        }
    }

    /// Makes what stands under an old name right after a rename; returns what there is more of then.
    ///
    /// # Errors
    ///
    /// PostgreSQL refuses.
    pub fn bridge(&mut self, all: Vec<Renamed>, desired: &Catalog) -> Result<BTreeSet<Id>> {
        for one in all {
            let seen = measured_by(&mut self.measuring, &mut self.database, &one.placed());
            let told = |error| diagnose(&error, None).note(format!("the statement: {}", one.step.sql));
            self.measured.push(seen.map_err(told)?);
            self.renamed.push(one);
        }
        let before = std::mem::take(&mut self.catalog);
        self.catalog = read(&mut self.database, desired, &self.filters)?;
        Ok(self.catalog.objects.keys().filter(|id| !before.contains(id)).cloned().collect())
    }

    /// What has to be done, in order, and nothing run yet.
    pub fn stages(&self, desired: &Catalog) -> Result<Vec<Stage>> {
        let mut steps: Vec<Placed> = self.renamed.iter().map(Renamed::placed).collect();
        steps.extend(self.steps(&self.catalog, desired)?);
        Ok(cut(steps))
    }

    /// What has to be done between two states that come later.
    pub fn stages_after(&self, from: &Catalog, desired: &Catalog) -> Result<Vec<Stage>> {
        Ok(cut(self.steps(from, desired)?))
    }

    fn steps(&self, from: &Catalog, desired: &Catalog) -> Result<Vec<Placed>> {
        let mut changes = diff(from, desired);
        changes.trash = self.trash.as_deref();
        order_online(changes, &self.busy)
    }
}
