//! How a new column of a domain that has checks spares a table to be written anew.
//!
//! PostgreSQL (12 to 18) writes each row to try the checks, even where all values are NULL. A domain without checks it
//! adds at once. Nobody else sees the domain so: a check goes and returns, NOT VALID, in the transaction that adds the
//! column, and holds for what is written from then on. VALIDATE reads the table while it keeps writers out, readers not.

use super::Column;
use crate::{
    catalog::Id,
    sql::{dotted, ident},
    step::{Lock, Step},
};
use serde::{Deserialize, Serialize};

/// A check of a column's domain, or of one beneath that.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Check {
    /// `[schema, domain]`
    domain: [String; 2],
    name: String,
    /// `CHECK ((VALUE > 0))`
    definition: String,
}

impl Check {
    pub(super) fn id(&self) -> Id {
        Id::new("domain_constraint", self.domain.iter().chain([&self.name]).cloned())
    }

    fn gone(&self) -> Step {
        let why = "a check of its domain, which is back before anybody else sees it gone";
        self.altered(&format!("DROP CONSTRAINT {}", ident(&self.name)), Lock::None, why)
    }

    fn back(&self) -> Step {
        let why = "the check of its domain holds for what is written as before";
        let added = format!("ADD CONSTRAINT {} {} NOT VALID", ident(&self.name), self.definition);
        self.altered(&added, Lock::None, why)
    }

    fn validated(&self) -> Step {
        let why = "the check of its domain is tried on the values of the new column";
        self.altered(&format!("VALIDATE CONSTRAINT {}", ident(&self.name)), Lock::Share, why).own()
    }

    fn altered(&self, change: &str, lock: Lock, why: &'static str) -> Step {
        Step::additive(format!("ALTER DOMAIN {} {change}", dotted(&self.domain)), lock, why)
    }
}

impl Column {
    /// The steps of which the first adds the column, without what makes that one slow; `None` where nothing does.
    pub(super) fn added_unchecked(&self, steps: &[Step]) -> Option<Vec<Step>> {
        if self.relation != "table" || self.row_type_used || self.checks.is_empty() {
            return None;
        }
        let (added, later) = steps.split_first()?;
        let all = |step: fn(&Check) -> Step| self.checks.iter().map(step);
        let added = all(Check::gone).chain([added.clone()]).chain(all(Check::back));
        Some(added.chain(later.iter().cloned()).chain(all(Check::validated)).collect())
    }
}
