//! Pairs of schemas, an old one and what edits make of it, and how a pair is made smaller.
//!
//! Separate from proptest's own collections because there a schema of fifty objects shrinks one object and
//! one bit at a time, and each try takes a second: here whole groups go first.

use std::collections::BTreeMap;

use proptest::{
    array::uniform14,
    collection::vec,
    num::u8::ANY,
    strategy::{Just, NewTree, Strategy, Union, ValueTree},
    test_runner::TestRunner,
};

use super::{
    kinds::KINDS,
    model::{Edit, Key, Schema, VALUES, Values},
};

/// An old schema, and what is done to it.
#[derive(Clone, Debug)]
pub struct Pair {
    pub old: Schema,
    pub edits: Vec<Edit>,
}

impl Pair {
    pub fn new_schema(&self) -> Schema {
        let mut new = self.old.clone();
        self.edits.iter().for_each(|edit| new.edit(edit));
        new
    }
}

/// Makes pairs.
#[derive(Debug)]
pub struct Pairs;

/// Numbers of objects of one kind.
const NUMBERS: u8 = 24;

impl Strategy for Pairs {
    type Tree = Smaller;
    type Value = Pair;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let objects: BTreeMap<Key, Values> =
            vec(object(), 5..70).new_tree(runner)?.current().into_iter().collect();
        let keys: Vec<Key> = objects.keys().copied().collect();
        let known = move || proptest::sample::select(keys.clone());
        let edit = Union::new_weighted(vec![
            (3, object().prop_map(|(key, values)| Edit::Put(key, values)).boxed()),
            (2, known().prop_map(Edit::Remove).boxed()),
            (9, (known(), 0..VALUES, ANY).prop_map(|(key, at, value)| Edit::Set(key, at, value)).boxed()),
        ]);
        let edits = vec(edit, 1..16).new_tree(runner)?.current();
        Ok(Smaller::new(Pair { old: Schema::new(objects), edits }))
    }
}

fn object() -> impl Strategy<Value = (Key, Values)> {
    let kinds = (0u8..).zip(KINDS).map(|(at, kind)| (kind.weight, Just(at)));
    let key = (Union::new_weighted(kinds.collect()), 0..NUMBERS);
    // A third of the values is 0, so that what is simplest is not rare.
    let value = Union::new_weighted(vec![(1, Just(0).boxed()), (2, ANY.boxed())]);
    (key.prop_map(|(kind, number)| Key { kind, number }), uniform14(value))
}

/// A pair that fails, and what is left to try to make it smaller.
#[derive(Debug)]
pub struct Smaller {
    /// The smallest known to fail.
    pair: Pair,
    tried: Option<Pair>,
    moves: Vec<Move>,
    /// Has this round made it smaller?
    progress: bool,
}

#[derive(Clone, Debug)]
enum Move {
    Without(Vec<Key>),
    WithoutEdit(usize),
    Zero(Key, usize),
    ZeroEdit(usize),
}

impl Smaller {
    fn new(pair: Pair) -> Smaller {
        Smaller { pair, tried: None, moves: Vec::new(), progress: true }
    }

    /// The next smaller pair to try; false when nothing is left.
    fn next(&mut self) -> bool {
        loop {
            let Some(next) = self.moves.pop() else {
                if !std::mem::take(&mut self.progress) {
                    return false;
                }
                self.moves = moves(&self.pair);
                continue;
            };
            if let Some(smaller) = apply(&self.pair, &next) {
                self.tried = Some(smaller);
                return true;
            }
        }
    }
}

impl ValueTree for Smaller {
    type Value = Pair;

    fn current(&self) -> Pair {
        self.tried.as_ref().unwrap_or(&self.pair).clone()
    }

    fn simplify(&mut self) -> bool {
        if let Some(smaller) = self.tried.take() {
            self.pair = smaller;
            self.progress = true;
        }
        self.next()
    }

    fn complicate(&mut self) -> bool {
        self.tried = None;
        self.next()
    }
}

/// All that can be tried, the last first: what takes most away.
fn moves(pair: &Pair) -> Vec<Move> {
    let mut moves = Vec::new();
    for key in pair.old.objects().keys() {
        moves.extend((0..VALUES).map(|at| Move::Zero(*key, at)));
    }
    moves.extend((0..pair.edits.len()).map(Move::ZeroEdit));
    moves.extend((0..pair.edits.len()).map(Move::WithoutEdit));
    let keys: Vec<Key> = pair.old.objects().keys().copied().collect();
    let mut size = 1;
    while size <= keys.len() {
        moves.extend(keys.chunks(size).map(|keys| Move::Without(keys.to_vec())));
        size *= 2;
    }
    moves
}

/// None where it changes nothing.
fn apply(pair: &Pair, change: &Move) -> Option<Pair> {
    let mut smaller = pair.clone();
    match change {
        Move::Without(keys) => {
            let before = smaller.old.objects().len();
            smaller.old.retain(|key| !keys.contains(&key));
            (smaller.old.objects().len() < before).then_some(smaller)
        }
        Move::WithoutEdit(at) => {
            smaller.edits.get(*at)?;
            smaller.edits.remove(*at);
            Some(smaller)
        }
        Move::Zero(key, at) => {
            let was = smaller.old.objects().get(key)?[*at];
            smaller.old.edit(&Edit::Set(*key, *at, 0));
            (was != 0).then_some(smaller)
        }
        Move::ZeroEdit(at) => {
            let Edit::Put(_, values) = smaller.edits.get_mut(*at)? else { return None };
            let zero = [0; VALUES];
            (std::mem::replace(values, zero) != zero).then_some(smaller)
        }
    }
}
