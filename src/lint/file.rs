//! One migration as it was run: what rules are asked about.

use super::{
    change::Change,
    folder::{Mode, Tool},
};
use crate::{
    diagnostic::{Diagnostic, Place},
    prove::{Seen, State},
    settings::Policy,
    source::{Kind, Source, Token},
    step::Lock,
};
use std::{collections::BTreeMap, ops::Range};

/// A file, and what each of its statements was seen to do.
pub struct File {
    pub source: Source,
    pub mode: Mode,
    pub tool: Tool,
    pub policy: Policy,
    /// What there was before it.
    pub before: State,
    pub statements: Vec<Statement>,
}

/// A statement of it.
pub struct Statement {
    /// Bytes of the file's text.
    pub range: Range<usize>,
    pub(crate) tokens: Vec<Token>,
    /// Which transaction of the file it is in.
    pub transaction: usize,
    /// It shares that transaction with others.
    pub shares: bool,
    /// What it did; `None` where it did not run.
    pub seen: Option<Seen>,
    /// What of the state before the file it took away for good.
    pub changes: Vec<Change>,
    /// Statements of the code before that fail from here on.
    pub breaks: Vec<crate::plan::Broken>,
    pub error: Option<Failure>,
}

/// Why PostgreSQL refuses a statement.
pub struct Failure {
    pub code: String,
    pub diagnostic: Diagnostic,
}

impl File {
    pub fn place(&self, at: usize) -> Place {
        self.place_of(self.statements[at].range.clone())
    }

    pub fn place_of(&self, range: Range<usize>) -> Place {
        Place { path: self.source.path.clone(), text: self.source.text.clone(), range }
    }

    /// The name of a relation that was there before.
    pub fn name(&self, relation: u32) -> &str {
        self.before.relations.get(&relation).map_or("?", |relation| &relation.name)
    }

    /// Those that are tables, whatever else they are: not views, indexes, sequences.
    pub fn is_table(&self, relation: u32) -> bool {
        self.before.relations.get(&relation).is_some_and(|relation| "rpm".contains(relation.kind))
    }

    /// Tables that a statement read as a whole while its transaction kept others from writing to them, or
    /// from reading too.
    pub fn scanned_under_lock(&self, at: usize) -> Vec<(u32, Lock)> {
        let Some(seen) = &self.statements[at].seen else { return Vec::new() };
        let tables = seen.scanned.iter().filter(|oid| self.is_table(**oid) && !seen.rewritten.contains(oid));
        let locks = tables.map(|oid| (*oid, seen.held.get(oid).copied().unwrap_or(Lock::None)));
        locks.filter(|(_, lock)| *lock >= Lock::Share).collect()
    }

    /// Tables that a statement wrote anew.
    pub fn rewritten(&self, at: usize) -> Vec<u32> {
        let seen = self.statements[at].seen.iter();
        seen.flat_map(|seen| &seen.rewritten).copied().filter(|oid| self.is_table(*oid)).collect()
    }

    /// Tables that a statement locked at least so.
    pub fn locked(&self, at: usize, least: Lock) -> Vec<(u32, Lock)> {
        let taken = self.statements[at].seen.iter().flat_map(|seen| &seen.taken);
        let taken = taken.map(|(oid, lock)| (*oid, *lock));
        taken.filter(|(oid, lock)| *lock >= least && self.is_table(*oid)).collect()
    }

    /// Locks of the transaction that a statement is in, as they were before it.
    pub fn held_before(&self, at: usize) -> BTreeMap<u32, Lock> {
        let transaction = self.statements[at].transaction;
        let earlier =
            self.statements[..at].iter().rev().find(|statement| statement.transaction == transaction);
        earlier
            .and_then(|statement| statement.seen.as_ref())
            .map(|seen| seen.held.clone())
            .unwrap_or_default()
    }
}

impl Statement {
    /// Does it begin with these words?
    pub fn begins(&self, words: &[&str]) -> bool {
        self.tokens.len() >= words.len() && words.iter().zip(&self.tokens).all(|(word, token)| token.is(word))
    }

    /// Do these words follow each other somewhere in it?
    pub fn says(&self, words: &[&str]) -> bool {
        self.tokens
            .windows(words.len())
            .any(|some| words.iter().zip(some).all(|(word, token)| token.is(word)))
    }

    /// Is one of its names this?
    pub fn names(&self, name: &str) -> bool {
        self.tokens.iter().any(|token| match &token.kind {
            Kind::Word(found) | Kind::Quoted(found) => found == name,
            _ => false,
        })
    }
}
