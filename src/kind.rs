//! What a kind of object is. Each kind is one file under `kinds/`; no stage names one.

mod any;

pub use any::{AnyKind, Body, Of};

use crate::{
    catalog::{Id, Object},
    expand::{Bridge, StandIn, Twin},
    kinds::ALL,
    step::{Class, Step},
};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt;

/// Everything the program knows about one kind of object.
///
/// The implementing struct holds the object's attributes; serde fills it from the columns that
/// `QUERY` returns under the same names.
pub trait Kind:
    Clone + PartialEq + fmt::Debug + Default + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// The word for it; also the file, the test folder and the word in messages: `row_security`.
    const NAME: &'static str;
    /// Where this kind goes when dependencies leave a choice: lower is created earlier.
    const RANK: u8;
    /// What the policy `strict` takes for additive.
    const STRICT: Strict = Strict::Never;
    /// Do values of its whole hold it by its place, as text does that goes over to the whole's new form?
    const BY_PLACE: bool = false;
    /// The rows of which catalogs its objects are: `pg_cast`, or `pg_class.relkind m` for those that have
    /// that value there. Where nobody has made such a row, `QUERY` would find nothing and is not run. Left out
    /// where initdb makes objects of this kind, too, or an object is no row by itself (a comment, a grant).
    const ROWS: &'static [&'static str] = &[];
    /// Reads all objects of this kind in one go. One may paste it into psql.
    ///
    /// It returns a column for each attribute, and
    ///
    /// * `class`, `object`, `sub`: the address of the object in `pg_depend` (`sub` may be left out
    ///   when it is 0, all three for an object that has no address),
    /// * `path`: `text[]`, the names of the identity, outermost first,
    /// * or, for what hangs on any other object (a comment, a grant), `target_class`,
    ///   `target_object`, `target_sub` instead: the identity is then that of the target, its kind
    ///   first, followed by `path` if there is one.
    ///
    /// A line that ends in `-- since N` is used from major version N on, one that ends in
    /// `-- before N` on older ones, and one that ends in `-- readable pg_subscription.oid` where
    /// the role may read that column.
    const QUERY: &'static str;
    /// For objects that are rows of users' tables: reads those of the marked tables, which `$1` lists as
    /// `[{"table": ["public", "country"], "columns": ["code"]}]` in a text of JSON. It returns the name of each as
    /// `text[]`, a query for its rows like `QUERY`, why there is none where there is none, the columns that it reads and
    /// the others.
    const DATA: Option<&'static str> = None;
    /// Every attribute, and what changing it costs.
    const FIELDS: &'static [Field<Self>];

    /// How SQL names the object after `COMMENT ON` or `DROP`: `TABLE public.users`.
    fn sql(id: &Id) -> String;

    /// The statements that make it. `parts` are the clauses of objects that it carries.
    fn create(&self, id: &Id, parts: &[Part]) -> Vec<Step>;

    /// The statements that remove it.
    fn drop(&self, id: &Id) -> Vec<Step>;

    /// The statements that remove it and leave what came with it where that is: a child's column. `None` when
    /// there are none.
    fn drop_only(&self, _id: &Id) -> Option<Vec<Step>> {
        None
    }

    /// The statements that remove it where nothing that holds data is dropped at once: what does is moved to
    /// this schema, and what that may still need there is let go of first. `None` where those of `drop` do.
    fn discard(&self, _id: &Id, _trash: &str) -> Option<Vec<Step>> {
        None
    }

    /// The statement that brings back what `discard` has moved.
    fn restore(&self, _id: &Id) -> Option<Step> {
        None
    }

    /// The object whose CREATE can carry this one, and the clause that does it.
    fn inline(&self, _id: &Id, _parts: &[Part]) -> Option<Part> {
        None
    }

    /// What must exist before this object can, beyond what `pg_depend` says.
    fn needs(&self, _id: &Id) -> Vec<Id> {
        Vec::new()
    }

    /// What takes this object with it when dropped, beyond what `pg_depend` says.
    fn dropped_with(&self, _id: &Id) -> Vec<Id> {
        Vec::new()
    }

    /// What brings this object about by itself when it is created and this object's owner exists.
    fn comes_with(&self, _id: &Id) -> Vec<Id> {
        Vec::new()
    }

    /// Through what `host`, one of `comes_with` or `dropped_with`, reaches this object: the
    /// attachment of a table to its parent. What is attached anew must be complete before, and
    /// what is detached stays.
    fn through(&self, _id: &Id, _host: &Id) -> Vec<Id> {
        Vec::new()
    }

    /// What is made or changed before it, where one plan does both, though neither needs the other:
    /// an object gets its owner before its grants.
    fn comes_after(&self, _id: &Id) -> Vec<Id> {
        Vec::new()
    }

    /// Does this attribute change with that of what the object comes with?
    fn follows(&self, _before: &Self, _field: &str) -> bool {
        false
    }

    /// Was it made for itself too, so that it outlives what it comes with?
    fn stays(&self) -> bool {
        false
    }

    /// What must go for this object to go, where no statement drops it by itself.
    fn held_by(&self, _id: &Id) -> Vec<Id> {
        Vec::new()
    }

    /// What cannot be relied upon before this object is there: the index of a partitioned table
    /// before those of its partitions are attached.
    fn completes(&self, _id: &Id) -> Vec<Id> {
        Vec::new()
    }

    /// What it fills where that is made under it: a row fills a column, which can be required only then.
    fn fills(&self, _id: &Id) -> Vec<Id> {
        Vec::new()
    }

    /// The columns in which it has another value than before, with that and its own, as texts.
    fn changed<'a>(&'a self, _id: &Id, _before: &'a Self) -> Vec<(Id, &'a str, &'a str)> {
        Vec::new()
    }

    /// Is this text a value of the type?
    fn admits(&self, _text: &str) -> bool {
        true
    }

    /// The columns that a row says something about.
    fn columns(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Of what a row holds, only what is in these columns is compared.
    fn narrow(&mut self, _is_compared: &dyn Fn(&str) -> bool) {}

    /// The statement that gives it the name `to`; `None` when this kind has no name of its own.
    fn rename(_id: &Id, _to: &str) -> Option<Step> {
        None
    }

    /// Which part of the path `rename` changes.
    fn name_at(id: &Id) -> usize {
        id.path.len() - 1
    }

    /// The statement that gives an element of it (an enumerated type's value) the name `to`, which
    /// it then has here as well; `None` when it has no such element.
    fn rename_element(&mut self, _id: &Id, _from: &str, _to: &str) -> Option<Step> {
        None
    }

    /// The statement that makes its name known before what it needs is there; only kinds whose
    /// needs may need it in turn have one (a base type and its functions).
    fn shell(&self, _id: &Id) -> Option<Step> {
        None
    }

    /// Names that no two objects can have at once, where objects of several identities share them:
    /// a dropped object leaves its slots before another takes them. What begins with a slot of another object is
    /// taken only while that is there.
    fn slots(&self, _id: &Id) -> Vec<Vec<String>> {
        Vec::new()
    }

    /// Text that names objects without PostgreSQL recording that it does: a function's body.
    fn mentions(&self) -> Option<&str> {
        None
    }

    /// The part of that text whose names PostgreSQL looks up when the object is made.
    fn resolved(&self) -> Option<&str> {
        None
    }

    /// Does an ALTER let go of this, which the object needed before, as a view does that is replaced? Where not, PostgreSQL
    /// would find it again whenever the object is made.
    fn lets_go(&self, _need: &Id) -> bool {
        true
    }

    /// Does it look at what a transaction wrote only when that ends?
    fn defers(&self) -> bool {
        false
    }

    /// Does a server of this major version have it without being told, unlike newer ones?
    fn is_usual(&self, _id: &Id, _major: u32) -> bool {
        false
    }

    /// Does its text list all columns of what it reads, so that it can be made only when all are there?
    fn lists_columns(&self) -> bool {
        false
    }

    /// The schema that it is in; `None` for what is in none, and for what hangs on another object.
    fn schema<'a>(&'a self, id: &'a Id) -> Option<&'a str> {
        id.path.first().filter(|_| id.path.len() > 1).map(String::as_str)
    }

    /// The role that its target belongs to, as SQL names it; only what says so has one.
    fn role(&self) -> Option<&str> {
        None
    }

    /// What it can be while code runs that does not know it, where it would break that: a column that
    /// may be left out.
    fn relaxed(&self) -> Option<Self> {
        None
    }

    /// How code that knows it as `before` goes on while other code knows it as `after`.
    fn bridge(&self, _before: &Id, _after: &Id) -> Option<Bridge> {
        None
    }

    /// What gets its values a few at a time and then takes its place, where each would be written anew at once; or why
    /// nothing can.
    fn twin(&self, _id: &Id, _before: &Self) -> Option<Result<Twin, &'static str>> {
        None
    }

    /// The table, where one of these can be built while another with a name put aside still does its work.
    fn beside(&self, _id: &Id) -> Option<Id> {
        None
    }

    /// Does PostgreSQL look at all rows for it when what it needs changes in place, and can it be missed meanwhile?
    fn can_stand_aside(&self) -> bool {
        false
    }

    /// Does it act on what is read or written, so that it is about a column until the twin takes its place, and is then
    /// made anew in a moment?
    fn acts(&self) -> bool {
        false
    }

    /// What does the same as `of`, which has its names still, for a twin until that takes its place; this is how it is
    /// to be where the twin has its own name.
    fn stand_in(&self, _id: &Id, _of: &Id) -> Option<StandIn> {
        None
    }

    /// Which object it attaches to which: a partition to its parent.
    fn attaches(&self, _id: &Id) -> Option<(Id, Id)> {
        None
    }

    /// Which object it makes a child of which, attached or not.
    fn joins(&self, id: &Id) -> Option<(Id, Id)> {
        self.attaches(id)
    }

    /// How this object, which holds data, goes from what it needs and is replaced by a new object of the same name
    /// to that, and which kinds of dependents are in the way; `None` when it can be dropped and created again
    /// without loss.
    fn follow(&self, _id: &Id, _before: &Self) -> Option<(Vec<Step>, &'static [&'static str])> {
        None
    }

    /// What is dropped and created when this object must be: itself, or the object that it is part
    /// of, whose other dependents then follow and keep the data.
    fn rebuilt_as(&self, id: &Id) -> Id {
        id.clone()
    }

    /// What of the difference to the desired object stays, because PostgreSQL has no statement for it: a sentence.
    fn stays_other(&self, _id: &Id, _desired: &Self) -> Option<String> {
        None
    }

    /// Do they differ in nothing but in how PostgreSQL writes an expression that was read back, which it was given as
    /// it had written it before?
    fn respelled(&self, _other: &Self) -> bool {
        false
    }

    /// Is it worth asking whether one dropped and one created object are the same, renamed?
    fn alike(&self, _other: &Self) -> bool {
        false
    }

    /// Is a lock on it felt by those who use it, and not by those who use what it goes with?
    const FELT_ALONE: bool = false;

    /// Does `brings` ever bring anything?
    const BRINGS: bool = false;

    /// What PostgreSQL adds by itself to an object that is made while this one is in force: a
    /// default privilege brings a grant. It hangs on `made`; where it is not wanted, it is dropped.
    fn brings(&self, _id: &Id, _made: &Object) -> Option<Object> {
        None
    }

    /// How messages name it: `column public.users.email`.
    fn describe(id: &Id) -> String {
        format!("{} {}", Self::NAME.replace('_', " "), crate::sql::dotted(&id.path))
    }
}

/// One attribute of a kind.
pub struct Field<K: 'static> {
    pub name: &'static str,
    pub same: fn(&K, &K) -> bool,
    pub rule: Rule<K>,
}

/// An object that changes in place.
pub struct Edit<'a, K> {
    pub id: &'a Id,
    pub old: &'a K,
    pub new: &'a K,
}

/// What it costs to change an attribute.
pub enum Rule<K: 'static> {
    /// These statements do it.
    Alter(fn(&Edit<K>) -> Vec<Step>),
    /// These statements do it, once dependents of these kinds are out of the way.
    AlterWithout(&'static [&'static str], fn(&Edit<K>) -> Vec<Step>),
    /// No statement does it: drop and create, with this class for this reason.
    Recreate(Class, &'static str),
    /// It depends on what it was and what it becomes.
    When(fn(&Edit<K>) -> Rule<K>),
    /// It is not a difference: it cannot be changed and means nothing by itself.
    Apart,
}

/// Lists a kind's attributes. Leaving one out does not compile.
macro_rules! fields {
    ($kind:ident { $($name:ident : $rule:expr),* $(,)? }) => {{
        const _: fn($kind) = |$kind { $($name: _),* }| ();
        &[$($crate::kind::Field {
            name: $crate::kind::plain(stringify!($name)),
            same: |a: &$kind, b: &$kind| a.$name == b.$name,
            rule: $rule,
        }),*]
    }};
}
pub(crate) use fields;

/// `type` for `r#type`: the name by which json knows the attribute.
pub(crate) const fn plain(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// What of a kind is additive under the policy `strict`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strict {
    Never,
    /// A new one, and what is made with it.
    New,
    /// Whatever becomes of it.
    Always,
}

/// A clause of another object's CREATE.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The object whose CREATE carries it.
    pub host: Id,
    /// Which of the host's lists it goes to: `element`, `inherits`, `suffix`, …
    pub slot: &'static str,
    /// Its place in that list.
    pub order: i64,
    pub text: String,
    /// Statements for what no clause can say, right after the host's CREATE.
    pub after: Vec<Step>,
}

/// The slot of a part that says: what is there already fills the host later in the plan.
pub(crate) const FILLED_LATER: &str = "filled later";

/// The slot of a part that says: what it is on is new too, and nothing is attached to that yet.
pub(crate) const ALL_NEW: &str = "all new";

/// How one object gets from old to new.
pub enum Alteration {
    Steps { fields: Vec<&'static str>, steps: Vec<Step>, without: Vec<&'static str> },
    Recreate { fields: Vec<&'static str>, class: Class, why: &'static str },
}

/// The attributes of an object by name.
pub type Fields = serde_json::Map<String, serde_json::Value>;

/// Goes through the attributes that differ; `None` when none does.
fn alter<K: Kind>(edit: &Edit<K>, except: &[&str]) -> Option<Alteration> {
    let (mut fields, mut steps, mut without) = (Vec::new(), Vec::<Step>::new(), Vec::new());
    let mut recreate = None;
    let differs = |field: &&Field<K>| !except.contains(&field.name) && !(field.same)(edit.old, edit.new);
    for field in K::FIELDS.iter().filter(differs) {
        let mut decided;
        let mut rule = &field.rule;
        while let Rule::When(decide) = rule {
            decided = decide(edit);
            rule = &decided;
        }
        let more = match rule {
            Rule::Apart => continue,
            Rule::Recreate(class, why) => {
                recreate = recreate.max(Some((*class, *why)));
                Vec::new()
            }
            Rule::Alter(alter) => alter(edit),
            Rule::AlterWithout(kinds, alter) => {
                without.extend_from_slice(kinds);
                alter(edit)
            }
            Rule::When(_) => unreachable!("the loop above ends at another rule"),
        };
        fields.push(field.name);
        for step in more {
            // Several attributes of a function change by one CREATE OR REPLACE.
            if !steps.iter().any(|known| known.sql == step.sql) {
                steps.push(step);
            }
        }
    }
    match recreate {
        Some((class, why)) => Some(Alteration::Recreate { fields, class, why }),
        None if fields.is_empty() => None,
        None => Some(Alteration::Steps { fields, steps, without }),
    }
}

/// The kind of an object.
pub fn of(id: &Id) -> &'static dyn AnyKind {
    named(id.kind).expect("ids are made of the names of kinds")
}

/// The kind of that name.
pub fn named(name: &str) -> Option<&'static dyn AnyKind> {
    // ALL is sorted by file name, which is the kind's name.
    ALL.binary_search_by(|kind| kind.name().cmp(name)).ok().map(|at| ALL[at])
}

/// What an object hangs on whose identity is its target's, the kind first, and `extra` more names.
pub fn target(id: &Id, extra: usize) -> Option<Id> {
    let kind = named(&id.path[0])?;
    Some(Id::new(kind.name(), id.path[1..id.path.len() - extra].iter().cloned()))
}

/// Tables, views, sequences, indexes and types of one schema share their names.
pub fn relation_slot(id: &Id) -> Vec<Vec<String>> {
    vec![vec!["relation".to_string(), id.path[0].clone(), id.name().to_string()]]
}

/// What removes a type of columns, some of which may be in the trash.
pub fn released(id: &Id, drop: Vec<Step>) -> Option<Vec<Step>> {
    let sql = format!("CALL planwright.release({})", crate::sql::literal(&crate::sql::dotted(&id.path)));
    let release = Step::additive(sql, crate::step::Lock::None, "only what is in the trash lets go of it");
    Some(std::iter::once(release).chain(drop).collect())
}

/// Functions, procedures and aggregates of one schema share their names. While an old overload is
/// there, what is created in between may call it, and not the one that replaces it.
pub fn routine_slot(id: &Id) -> Vec<Vec<String>> {
    vec![vec!["routine".to_string(), id.path[0].clone(), id.path[1].clone()]]
}

/// `ALTER … SET (…)` and `ALTER … RESET (…)` for storage parameters that differ.
pub fn options_changed(sql: &str, old: &[String], new: &[String], lock: crate::step::Lock) -> Vec<Step> {
    let (set, reset) = crate::sql::options_between(old, new);
    let steps = [("RESET", reset), ("SET", set)].into_iter().filter(|(_, list)| !list.is_empty());
    let why = "statements see no difference";
    steps.map(|(word, list)| Step::additive(format!("ALTER {sql} {word} ({list})"), lock, why)).collect()
}
