//! A schema as the generator knows it: objects that are a kind, a number and a few small values each.
//!
//! What a value means is for its kind to say, and any value means something: a reference is to one of the
//! objects that there are, an object that finds none is not written. So every set of objects is a valid schema,
//! whatever was added, taken away or changed, and edits and shrinking know nothing of SQL.

use std::{
    any::{Any, TypeId},
    cell::{Cell, RefCell},
    collections::BTreeMap,
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    rc::Rc,
};

use super::kinds::KINDS;

/// How many values an object has.
pub const VALUES: usize = 14;

pub type Values = [u8; VALUES];

/// Which kind in the list, and which of its objects. An object refers to lesser ones only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub kind: u8,
    pub number: u8,
}

/// Some kind of object that can be written as SQL.
pub struct Kind {
    pub name: &'static str,
    /// How often it is made, compared with others.
    pub weight: u32,
    /// Its statements; none where what it needs is not there.
    pub write: fn(&Schema, Key) -> Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Schema {
    objects: BTreeMap<Key, Values>,
    known: Known,
}

/// What objects were found to be, until one changes.
#[derive(Default)]
struct Known(RefCell<BTreeMap<(TypeId, Key), Rc<dyn Any>>>);

impl Clone for Known {
    fn clone(&self) -> Known {
        Known::default()
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// What is done to a schema.
#[derive(Clone, Debug)]
pub enum Edit {
    Put(Key, Values),
    Remove(Key),
    Set(Key, usize, u8),
}

impl Schema {
    pub fn new(objects: BTreeMap<Key, Values>) -> Schema {
        Schema { objects, known: Known::default() }
    }

    pub fn objects(&self) -> &BTreeMap<Key, Values> {
        &self.objects
    }

    /// Leaves out what does not fit.
    pub fn retain(&mut self, fits: impl Fn(Key) -> bool) {
        self.objects.retain(|key, _| fits(*key));
        self.known = Known::default();
    }

    /// What an object is, found out once.
    pub fn once<T: 'static>(&self, key: Key, find: impl FnOnce() -> T) -> Rc<T> {
        let at = (TypeId::of::<T>(), key);
        if let Some(known) = self.known.0.borrow().get(&at) {
            return known.clone().downcast().expect("it is kept by its type");
        }
        let found = Rc::new(find());
        self.known.0.borrow_mut().insert(at, found.clone());
        found
    }

    /// The statements, each after what it needs.
    pub fn statements(&self) -> Vec<String> {
        self.objects.keys().flat_map(|key| self.written(*key).to_vec()).collect()
    }

    /// The statements of one object.
    pub fn written(&self, key: Key) -> Rc<Vec<String>> {
        self.once(key, || (KINDS[usize::from(key.kind)].write)(self, key))
    }

    /// All objects of these kinds before that one.
    pub fn before(&self, key: Key, names: &[&str]) -> Vec<Key> {
        let of = |key: &&Key| names.contains(&KINDS[usize::from(key.kind)].name);
        self.objects.range(..key).map(|(key, _)| key).filter(of).copied().collect()
    }

    pub fn all(&self, name: &str) -> Vec<Key> {
        let of = |key: &&Key| KINDS[usize::from(key.kind)].name == name;
        self.objects.keys().filter(of).copied().collect()
    }

    /// The values of an object, one after the other.
    pub fn draw(&self, key: Key) -> Draw<'_> {
        Draw { values: &self.objects[&key], at: Cell::new(0) }
    }

    /// The name of an object's own, which no other has; one of eight needs quotes.
    pub fn name(&self, key: Key) -> String {
        let Key { kind, number } = key;
        let word = KINDS[usize::from(kind)].name;
        match number % 8 {
            7 => format!("\"{word} {number}; \"\"Ö'\""),
            _ => format!("{word}_{number}"),
        }
    }

    /// The schema that an object is in, by the next value.
    pub fn home(&self, key: Key, draw: &Draw) -> String {
        let mut homes = vec![None];
        homes.extend(self.before(key, &["schema"]).into_iter().map(Some));
        match draw.one(&homes) {
            Some(Some(home)) => self.name(home),
            _ => "public".into(),
        }
    }

    /// What an edit makes of it.
    pub fn edit(&mut self, edit: &Edit) {
        self.known = Known::default();
        match edit {
            Edit::Put(key, values) => drop(self.objects.insert(*key, *values)),
            Edit::Remove(key) => drop(self.objects.remove(key)),
            Edit::Set(key, at, value) => {
                if let Some(values) = self.objects.get_mut(key) {
                    values[*at] = *value;
                }
            }
        }
    }
}

/// Reads an object's values in order. The value 0 always means what is simplest.
pub struct Draw<'a> {
    values: &'a Values,
    at: Cell<usize>,
}

impl Draw<'_> {
    pub fn value(&self) -> u8 {
        let at = self.at.get();
        self.at.set(at + 1);
        // Who wants more gets the first again.
        self.values[at % VALUES]
    }

    /// Leaves out values that others read.
    pub fn skip(&self, count: usize) {
        self.at.set(self.at.get() + count);
    }

    /// A number below `count`.
    pub fn below(&self, count: usize) -> usize {
        usize::from(self.value()) % count
    }

    /// True once in `of` times.
    pub fn once_in(&self, of: usize) -> bool {
        self.below(of) == of - 1
    }

    pub fn pick<'b>(&self, choices: &[&'b str]) -> &'b str {
        choices[self.below(choices.len())]
    }

    /// One of these, and the same one as long as it is there, whatever becomes of the others.
    pub fn one<T: Hash + Clone>(&self, choices: &[T]) -> Option<T> {
        let value = self.value();
        choices.iter().min_by_key(|choice| mixed(&(value, choice))).cloned()
    }

    /// Some of these, at least one where there is one, in an order of its own.
    pub fn some<T: Hash + Ord + Clone>(&self, choices: &[T], most: usize) -> Vec<T> {
        let value = self.value();
        let mut sorted: Vec<&T> = choices.iter().collect();
        sorted.sort_by_key(|choice| mixed(&(value, choice)));
        sorted.into_iter().take(1 + usize::from(value) % most).cloned().collect()
    }
}

/// A number that says nothing of what it is of.
pub fn mixed(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Keeps the first of those that would be the same to PostgreSQL.
pub fn is_first<T: PartialEq>(keys: &[Key], key: Key, same: impl Fn(Key) -> T) -> bool {
    let own = same(key);
    !keys.iter().any(|other| *other < key && same(*other) == own)
}
