//! Steps → migrations: cut where a transaction must end, classified, and named after the change.

use crate::{
    bundle::{Class, Mode},
    catalog::{Catalog, Id},
    diff::Changes,
    kind::Strict,
    order::{Action, Placed},
    step::{Lock, Transaction},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// A proven way from one state to another.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// In order; each one numbered pair of files.
    pub drafts: Vec<Draft>,
    /// What proved it: `PostgreSQL 17.5 (embedded)`.
    pub proved: String,
    /// The catalog that it ends in, as the engine that proved it reads it.
    pub ends: Catalog,
    /// What waits until no program of before runs.
    pub pending: BTreeSet<Id>,
    /// Tables that it could not be proven over rows of, and why no row could be made.
    pub unseeded: BTreeMap<String, String>,
}

/// One migration without its number.
#[derive(Clone, Debug)]
pub struct Draft {
    pub name: String,
    pub class: Class,
    pub mode: Mode,
    pub up: Vec<Placed>,
    /// What each step of `up` was seen to do; empty when it was not run.
    pub measured: Vec<Measured>,
    pub down_mode: Mode,
    pub down: Vec<Placed>,
    /// The names by which to see that a database has all of this already; only a baseline has any.
    pub baseline: Vec<String>,
    /// Fingerprints of the catalog before and after.
    pub before: String,
    pub after: String,
}

/// What a step was seen to do to relations that existed before the plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// The strongest lock on each relation, by name.
    pub locks: Vec<(String, Lock)>,
    /// Relations whose storage was written anew.
    pub rewritten: Vec<String>,
    /// Relations that were read as a whole.
    pub scanned: Vec<String>,
    /// Statements of code written for the schema before, and how they fail after it.
    pub breaks: Vec<Broken>,
    /// Relations and routines whose prepared statements must be prepared again (0A000).
    pub prepare_again: Vec<String>,
    /// What PostgreSQL says where rows are in its way; it depends on the data then.
    pub fails: Option<String>,
    /// Tables whose rows triggers have changed beside what it is for.
    pub fired: Vec<String>,
    /// How many rows a live database has in its way: `no row`.
    pub found: Option<String>,
}

/// A statement of code written for the schema as it was, which fails from a step on.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// `INSERT INTO public.users (id, name)`
    pub statement: String,
    /// PostgreSQL's SQLSTATE.
    pub code: String,
    pub message: String,
    /// Other rows or other values would not fail.
    pub by_data: bool,
}

impl Measured {
    /// What it was seen to be to code written for the schema before.
    pub fn class(&self) -> Class {
        match () {
            () if self.breaks.iter().any(|broken| !broken.by_data) => Class::Breaking,
            () if self.fails.is_some() || !self.breaks.is_empty() => Class::DataDependent,
            () => Class::Additive,
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} fails ({}): {}", self.statement, self.code, self.message)
    }
}

/// Steps that run together.
#[derive(Clone, Debug)]
pub struct Stage {
    pub steps: Vec<Placed>,
    pub mode: Mode,
}

impl Plan {
    /// This and then another, which starts where this ends.
    pub fn then(mut self, next: Plan) -> Plan {
        self.drafts.extend(next.drafts);
        self.unseeded.extend(next.unseeded);
        Plan { drafts: self.drafts, unseeded: self.unseeded, ..next }
    }

    pub fn class(&self) -> Class {
        self.drafts.iter().map(|draft| draft.class).max().unwrap_or(Class::Additive)
    }

    /// The strongest measured lock, and on which relation.
    pub fn longest_lock(&self) -> Option<(Lock, &str)> {
        let locks = self.drafts.iter().flat_map(|draft| &draft.measured).flat_map(|measured| &measured.locks);
        // Of equal ones the first, so that the answer does not depend on what comes later.
        locks.map(|(name, lock)| (*lock, name.as_str())).reduce(|a, b| if b.0 > a.0 { b } else { a })
    }
}

impl Stage {
    pub fn class(&self) -> Class {
        class(&self.steps)
    }

    /// Under the policy `strict`: what does more than add tables, views and comments is breaking.
    pub fn judge_strictly(&mut self, desired: &Catalog) {
        let made = self.steps.iter().filter(|placed| placed.on_new && placed.action == Action::Create);
        let made: BTreeSet<Id> = made.map(|placed| placed.id.clone()).collect();
        for placed in &mut self.steps {
            if placed.step.class != Class::Breaking && !only_adds(placed, &made, desired) {
                placed.step.class = Class::Breaking;
                let why =
                    "the policy of this project is strict: only new tables, views and comments are additive";
                placed.step.why = why.into();
            }
        }
    }
}

/// Is it, or does it come with, something new that is additive by every policy?
fn only_adds(placed: &Placed, made: &BTreeSet<Id>, desired: &Catalog) -> bool {
    let mut next = vec![placed.id.clone()];
    let mut seen = BTreeSet::new();
    while let Some(id) = next.pop() {
        let is_made = made.contains(&id) || !placed.on_new && id == placed.id;
        match crate::kind::of(&id).strict() {
            Strict::Always => return true,
            Strict::New if placed.on_new && is_made => return true,
            _ => {}
        }
        let object = desired.get(&id).filter(|_| placed.on_new && seen.insert(id.clone()));
        // An index hangs on its table by needing it.
        next.extend(
            object.into_iter().flat_map(|object| object.dropped_with.iter().chain(&object.needs)).cloned(),
        );
    }
    false
}

/// The class of several steps is that of the worst.
pub fn class(steps: &[Placed]) -> Class {
    steps.iter().map(|placed| placed.step.class).max().unwrap_or(Class::Additive)
}

/// Cuts where PostgreSQL demands it: after what must be committed before it is used, and around what no
/// transaction may hold. And where people do: around what reads a whole table under its lock, and between
/// two tables of which each is kept from others.
pub fn cut(steps: Vec<Placed>) -> Vec<Stage> {
    use Transaction::{CommitAfter, Inside, Shared};
    let groups = groups(steps);
    let mut stages: Vec<Stage> = Vec::new();
    let mut felt: BTreeSet<Id> = BTreeSet::new();
    let mut last = Transaction::Own;
    for group in groups {
        let transaction = group[0].step.transaction;
        let on: BTreeSet<Id> = group.iter().filter_map(|placed| placed.felt_on.clone()).collect();
        let begin = match (last, transaction) {
            (Shared, Shared) => false,
            (CommitAfter, Inside) => true,
            (Inside | CommitAfter, Inside | CommitAfter) => !felt.is_empty() && !on.is_subset(&felt),
            _ => true,
        };
        if begin {
            let mode = if transaction == Transaction::Outside { Mode::None } else { Mode::Transaction };
            stages.push(Stage { steps: Vec::new(), mode });
            felt.clear();
        }
        felt.extend(on);
        last = transaction;
        stages.last_mut().expect("the first group begins one").steps.extend(group);
    }
    stages
}

/// Steps between which no transaction may end: what is taken away by one is put back by another.
fn groups(steps: Vec<Placed>) -> Vec<Vec<Placed>> {
    // What ends a transaction divides whatever it stands between.
    let divides = |placed: &Placed| placed.step.transaction != Transaction::Inside;
    let mut last: BTreeMap<(usize, Id), usize> = BTreeMap::new();
    let mut runs = Vec::with_capacity(steps.len());
    let mut run = 0;
    for (at, placed) in steps.iter().enumerate() {
        run += usize::from(divides(placed));
        runs.push(run);
        last.insert((run, placed.id.clone()), at);
        run += usize::from(divides(placed));
    }
    let mut groups: Vec<Vec<Placed>> = Vec::new();
    let mut until = None;
    for (at, placed) in steps.into_iter().enumerate() {
        let end = last[&(runs[at], placed.id.clone())];
        match groups.last_mut().filter(|_| until.is_some_and(|until| at <= until)) {
            Some(group) => group.push(placed),
            None => groups.push(vec![placed]),
        }
        until = until.max(Some(end));
    }
    groups
}

/// The mode in which a way back can run: it is one file, so what needs several transactions goes
/// without one around it.
pub fn down_mode(steps: &[Placed]) -> Mode {
    if cut(steps.to_vec()).len() > 1
        || steps.iter().any(|placed| placed.step.transaction == Transaction::Outside)
    {
        Mode::None
    } else {
        Mode::Transaction
    }
}

/// `add_users_email`, from what the user changed.
pub fn name(steps: &[Placed]) -> String {
    let wanted: Vec<&Placed> = steps.iter().filter(|placed| placed.wanted).collect();
    let paths: BTreeSet<&[String]> = wanted.iter().map(|placed| &*placed.id.path).collect();
    // What hangs on something new or gone is not the news.
    let news: Vec<&Placed> =
        wanted.iter().copied().filter(|placed| !placed.on_new || is_root(placed, &paths)).collect();
    let news = if news.is_empty() { wanted } else { news };
    // A schema that came with its first table is named by the table.
    let around = |placed: &Placed| {
        news.iter().any(|other| {
            other.id.path.len() > placed.id.path.len() && other.id.path.starts_with(&placed.id.path)
        })
    };
    let inner: Vec<&Placed> =
        news.iter().copied().filter(|placed| placed.id.path.len() > 1 || !around(placed)).collect();
    let news = if inner.is_empty() { news } else { inner };
    let key = |placed: &&Placed| (crate::kind::of(&placed.id).rank(), placed.id.clone());
    let Some(first) = news.iter().copied().min_by_key(|placed| key(placed)) else {
        return "alter_schema".into();
    };
    let verb = match first.action {
        Action::Create => "add",
        Action::Drop if !news.iter().any(|other| other.id == first.id && other.action == Action::Create) => {
            "remove"
        }
        _ => "alter",
    };
    // What hangs on any object has the kind of that in front of its path.
    let hangs = crate::kind::named(&first.id.path[0]).is_some() && first.id.path.len() > 2;
    let end = crate::kind::of(&first.id).name_at(&first.id);
    let path = &first.id.path[usize::from(hangs)..=end];
    let names = if path.len() > 1 { &path[1..] } else { path };
    let mut words = vec![verb.to_string()];
    words.extend(names.iter().map(|name| word(name)));
    words.retain(|word| !word.is_empty());
    let mut name = words.join("_");
    name.truncate(60);
    name.trim_end_matches('_').to_string()
}

/// Is it inside none of these?
fn is_root(placed: &Placed, paths: &BTreeSet<&[String]>) -> bool {
    let path = &placed.id.path;
    !(0..path.len()).any(|len| paths.contains(&path[..len]))
}

/// File names are `[a-z0-9_]+`; any other character of a name becomes an underscore.
fn word(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    name.chars().map(plain).collect::<String>().trim_matches('_').to_string()
}

/// The names by which to see that a database has what these steps make: `relation public.users`.
pub fn baseline(steps: &[Placed], catalog: &Catalog) -> Vec<String> {
    let made = steps.iter().filter(|placed| placed.action == Action::Create);
    let roots = made.filter_map(|placed| catalog.get(&placed.id)).filter(|object| object.host().is_none());
    let slots = roots.flat_map(|object| crate::kind::of(&object.id).slots(object));
    let names =
        slots.filter_map(|slot| Some(format!("{} {}", slot.first()?, crate::sql::dotted(&slot[1..]))));
    // A line of a header holds no line end.
    let names: BTreeSet<String> = names.filter(|name| !name.contains(['\n', '\r'])).collect();
    names.into_iter().collect()
}

/// How many objects are added, changed and removed, without what only moves or hangs on others.
pub fn counts(changes: &Changes) -> (usize, usize, usize) {
    let wanted = |list: &BTreeMap<crate::catalog::Id, crate::diff::Change>| {
        list.values().filter(|change| matches!(change.cause, crate::diff::Cause::Wanted)).count()
    };
    let rebuilt =
        changes.drops.values().filter(|change| matches!(change.cause, crate::diff::Cause::Rebuilt { .. }));
    (wanted(&changes.creates), changes.alters.len() + rebuilt.count(), wanted(&changes.drops))
}
