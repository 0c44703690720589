//! Which tables are so big that nobody may be kept waiting for all of their rows.
//!
//! Apart from the order, which is the same for all of them but for what this says.

use crate::{catalog::Id, diff::Changes};
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
        let root = changes.old.root(id).or_else(|| changes.new.root(id))?;
        (changes.old.contains(root) && self.is_big(root)).then(|| root.clone())
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
