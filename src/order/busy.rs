//! Which tables are so big that nobody may be kept waiting for all of their rows.
//!
//! Apart from the order, which is the same for all of them but for what this says.

use crate::{
    catalog::{Catalog, Id},
    diff::Changes,
    kind,
};
use std::collections::BTreeMap;

/// The tables that people use while a plan runs.
#[derive(Clone, Debug, Default)]
pub enum Busy {
    /// None: it runs where nobody waits.
    #[default]
    Nothing,
    /// All that exist: how many rows they hold is not known.
    All,
    /// Those with more rows than `small`; the rows by schema and name.
    Known { rows: BTreeMap<Vec<String>, u64>, small: u64 },
}

impl Busy {
    /// Is it there before the plan, and does it stay?
    pub(super) fn holds(&self, changes: &Changes, table: &Id) -> bool {
        let stays = changes.old.contains(table) && !changes.drops.contains_key(table);
        self.is_big(table) && stays && !changes.written.contains(table)
    }

    /// The relation that was there before the plan on which a lock taken for an object is felt.
    pub(super) fn felt_on(&self, changes: &Changes, id: &Id) -> Option<Id> {
        let on = felt(changes.old, id).or_else(|| felt(changes.new, id))?;
        let root = changes.old.root(on)?;
        self.is_big(root).then(|| on.clone())
    }

    fn is_big(&self, table: &Id) -> bool {
        match self {
            Busy::Nothing => false,
            Busy::All => true,
            // What is not counted holds no rows of its own.
            Busy::Known { rows, small } => rows.get(&*table.path).is_some_and(|rows| rows > small),
        }
    }
}

/// What an object hangs on in the end, or on the way there by itself.
fn felt<'a>(catalog: &'a Catalog, id: &Id) -> Option<&'a Id> {
    let mut object = catalog.get(id)?;
    for _ in 0..16 {
        match object.host().and_then(|host| catalog.get(host)) {
            Some(host) if !kind::of(&object.id).is_felt_alone() => object = host,
            _ => break,
        }
    }
    Some(&object.id)
}
