//! One statement of a plan, with what a reviewer and the runtime must know about it.

use crate::catalog::Id;
use std::{borrow::Cow, fmt};

pub use crate::bundle::Class;

/// One statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Without a semicolon at the end.
    pub sql: String,
    pub class: Class,
    /// The strongest lock that it is known to take on what it changes.
    pub lock: Lock,
    /// Why it has that class, in one sentence.
    pub why: Cow<'static, str>,
    pub transaction: Transaction,
    /// What is lost for good: `the rows of public.users`.
    pub loses: Option<String>,
    /// What is out of reach, and lost once the trash is emptied: `the rows of public.users in planwright_trash`.
    pub discards: Option<String>,
    /// Finds the rows that are in its way.
    pub finds: Option<String>,
    /// How the same is done where people use what it is done to.
    pub online: Option<Online>,
    /// Nothing that comes after it in a plan relies on it, so that it can wait until all else is done.
    pub late: bool,
    /// It relies on nothing that comes before it in a plan, so that it can be done before all else.
    pub early: bool,
    /// It updates rows that there are, and the triggers on them do what they do.
    pub fires: bool,
}

/// The same change without keeping anybody waiting for all rows of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Online {
    /// The table, if it was there before and holds many rows.
    pub table: Id,
    pub steps: Vec<Step>,
    /// What PostgreSQL would look at all rows for is taken aside, and put back when the steps are done.
    pub aside: bool,
    /// The steps where it takes the place of another in one transaction; none where they are the same.
    pub together: Vec<Step>,
}

/// PostgreSQL's table locks, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lock {
    None,
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

/// How a step stands to the transaction around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transaction {
    Inside,
    /// It holds a lock that nobody minds while it reads a whole table; another's, beside it, they would.
    Own,
    /// The same, and beside others of its like nobody minds. It changes nothing that is compared: `ANALYZE`.
    Shared,
    /// PostgreSQL refuses it in a transaction block (25001).
    Outside,
    /// What it makes can be used only once it is committed: `ALTER TYPE … ADD VALUE` (55P04).
    CommitAfter,
}

impl Step {
    pub fn additive(sql: impl Into<String>, lock: Lock, why: impl Into<Cow<'static, str>>) -> Step {
        Step {
            sql: sql.into(),
            class: Class::Additive,
            lock,
            why: why.into(),
            transaction: Transaction::Inside,
            loses: None,
            discards: None,
            finds: None,
            online: None,
            late: false,
            early: false,
            fires: false,
        }
    }

    /// Code that runs now keeps working if the rows allow it; `finds` says which do not.
    pub fn data_dependent(sql: impl Into<String>, lock: Lock, why: impl Into<Cow<'static, str>>) -> Step {
        Step { class: Class::DataDependent, ..Step::additive(sql, lock, why) }
    }

    pub fn breaking(sql: impl Into<String>, lock: Lock, why: impl Into<Cow<'static, str>>) -> Step {
        Step { class: Class::Breaking, ..Step::additive(sql, lock, why) }
    }

    pub fn loses(mut self, what: impl Into<String>) -> Step {
        self.loses = Some(what.into());
        self
    }

    pub fn discards(mut self, what: impl Into<String>) -> Step {
        self.discards = Some(what.into());
        self
    }

    pub fn finds(mut self, query: impl Into<String>) -> Step {
        self.finds = Some(query.into());
        self
    }

    /// What to do instead where `table` is there already and holds many rows.
    pub fn online(mut self, table: Id, steps: Vec<Step>) -> Step {
        self.online = Some(Online { table, steps, aside: false, together: Vec::new() });
        self
    }

    /// Online, without what PostgreSQL would look at all rows for meanwhile.
    pub fn aside(mut self) -> Step {
        self.online.iter_mut().for_each(|online| online.aside = true);
        self
    }

    /// Online, by these steps where it takes the place of another in one transaction.
    pub fn together(mut self, steps: Vec<Step>) -> Step {
        self.online.iter_mut().for_each(|online| online.together.clone_from(&steps));
        self
    }

    pub fn fires(mut self) -> Step {
        self.fires = true;
        self
    }

    pub fn early(mut self) -> Step {
        self.early = true;
        self
    }

    pub fn late(mut self) -> Step {
        self.late = true;
        self
    }

    pub fn own(mut self) -> Step {
        self.transaction = Transaction::Own;
        self
    }

    pub fn shared(mut self) -> Step {
        self.transaction = Transaction::Shared;
        self
    }

    pub fn commit_after(mut self) -> Step {
        self.transaction = Transaction::CommitAfter;
        self
    }

    pub fn outside(mut self) -> Step {
        self.transaction = Transaction::Outside;
        self
    }

    /// Is data gone from where it was, for good or not?
    pub fn takes_data(&self) -> bool {
        self.loses.is_some() || self.discards.is_some()
    }
}

impl Lock {
    /// From the word that `pg_locks.mode` has for it: `AccessExclusiveLock`.
    pub fn from_mode(mode: &str) -> Lock {
        match mode {
            "AccessShareLock" => Lock::AccessShare,
            "RowShareLock" => Lock::RowShare,
            "RowExclusiveLock" => Lock::RowExclusive,
            "ShareUpdateExclusiveLock" => Lock::ShareUpdateExclusive,
            "ShareLock" => Lock::Share,
            "ShareRowExclusiveLock" => Lock::ShareRowExclusive,
            "ExclusiveLock" => Lock::Exclusive,
            "AccessExclusiveLock" => Lock::AccessExclusive,
            _ => Lock::None,
        }
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Lock::None => "no lock",
            Lock::AccessShare => "ACCESS SHARE",
            Lock::RowShare => "ROW SHARE",
            Lock::RowExclusive => "ROW EXCLUSIVE",
            Lock::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Lock::Share => "SHARE",
            Lock::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Lock::Exclusive => "EXCLUSIVE",
            Lock::AccessExclusive => "ACCESS EXCLUSIVE",
        })
    }
}
