//! A kind with its type erased, so that no stage needs to know it.
//!
//! Apart from the trait that kinds implement, because nobody implements this one again.

use super::{Alteration, Edit, Fields, Kind, Part, Rule, Strict, alter};
use crate::{
    catalog::{Id, Object, text},
    expand::{Bridge, StandIn, Twin},
    step::Step,
};
use postgres::SimpleQueryRow;
use std::{any::Any, fmt, marker::PhantomData};

/// A kind with its type erased, so that no stage needs to know it.
pub trait AnyKind: Sync {
    fn name(&self) -> &'static str;
    fn rank(&self) -> u8;
    fn strict(&self) -> Strict;
    fn lets_go(&self, object: &Object, need: &Id) -> bool;
    fn by_place(&self) -> bool;
    fn rows(&self) -> &'static [&'static str];
    fn query(&self) -> &'static str;
    fn data(&self) -> Option<&'static str>;
    /// From the attributes; one that has its default may be left out.
    fn read(&self, fields: Fields) -> serde_json::Result<Box<dyn Body>>;
    fn take(&self, row: &SimpleQueryRow) -> Result<Box<dyn Body>, serde::de::value::Error>;
    fn json(&self, body: &dyn Body) -> Fields;
    fn fields(&self) -> Vec<&'static str>;
    fn compared(&self, field: &str) -> bool;
    fn sql(&self, id: &Id) -> String;
    fn describe(&self, id: &Id) -> String;
    fn create(&self, object: &Object, parts: &[Part]) -> Vec<Step>;
    fn drop(&self, object: &Object) -> Vec<Step>;
    fn drop_only(&self, object: &Object) -> Option<Vec<Step>>;
    fn discard(&self, object: &Object, trash: &str) -> Option<Vec<Step>>;
    fn restore(&self, object: &Object) -> Option<Step>;
    fn inline(&self, object: &Object, parts: &[Part]) -> Option<Part>;
    fn needs(&self, id: &Id, body: &dyn Body) -> Vec<Id>;
    fn dropped_with(&self, id: &Id, body: &dyn Body) -> Vec<Id>;
    fn comes_with(&self, id: &Id, body: &dyn Body) -> Vec<Id>;
    fn through(&self, object: &Object, host: &Id) -> Vec<Id>;
    fn comes_after(&self, object: &Object) -> Vec<Id>;
    fn stays(&self, object: &Object) -> bool;
    fn held_by(&self, object: &Object) -> Vec<Id>;
    fn completes(&self, object: &Object) -> Vec<Id>;
    fn fills(&self, object: &Object) -> Vec<Id>;
    fn changed<'a>(&self, before: &'a Object, after: &'a Object) -> Vec<(Id, &'a str, &'a str)>;
    fn admits(&self, object: &Object, text: &str) -> bool;
    fn columns<'a>(&self, object: &'a Object) -> Vec<&'a str>;
    fn narrow(&self, object: &mut Object, is_compared: &dyn Fn(&str) -> bool);
    fn follows(&self, before: &Object, after: &Object, field: &str) -> bool;
    fn respelled(&self, one: &Object, other: &Object) -> bool;
    fn stays_other(&self, object: &Object, desired: &Object) -> Option<String>;
    fn rename(&self, id: &Id, to: &str) -> Option<Step>;
    fn name_at(&self, id: &Id) -> usize;
    fn rename_element(&self, object: &mut Object, from: &str, to: &str) -> Option<Step>;
    fn shell(&self, object: &Object) -> Option<Step>;
    fn slots(&self, object: &Object) -> Vec<Vec<String>>;
    fn mentions<'a>(&self, object: &'a Object) -> Option<&'a str>;
    fn resolved<'a>(&self, object: &'a Object) -> Option<&'a str>;
    fn is_usual(&self, object: &Object, major: u32) -> bool;
    fn lists_columns(&self, object: &Object) -> bool;
    fn defers(&self, object: &Object) -> bool;
    fn schema<'a>(&self, object: &'a Object) -> Option<&'a str>;
    fn role<'a>(&self, object: &'a Object) -> Option<&'a str>;
    fn relaxed(&self, object: &Object) -> Option<Object>;
    fn bridge(&self, object: &Object, before: &Id) -> Option<Bridge>;
    fn twin(&self, object: &Object, before: &Object) -> Option<Result<Twin, &'static str>>;
    fn beside(&self, object: &Object) -> Option<Id>;
    fn acts(&self, object: &Object) -> bool;
    fn can_stand_aside(&self, object: &Object) -> bool;
    fn stand_in(&self, object: &Object, of: &Id) -> Option<StandIn>;
    fn attaches(&self, object: &Object) -> Option<(Id, Id)>;
    fn joins(&self, object: &Object) -> Option<(Id, Id)>;
    fn follow(&self, object: &Object, before: &Object) -> Option<(Vec<Step>, &'static [&'static str])>;
    fn rebuilt_as(&self, object: &Object) -> Id;
    fn alike(&self, old: &Object, new: &Object) -> bool;
    fn is_felt_alone(&self) -> bool;
    fn has_brings(&self) -> bool;
    fn brings(&self, object: &Object, made: &Object) -> Option<Object>;
    /// The differences, but for those in the fields `except`.
    fn alter(&self, old: &Object, new: &Object, except: &[&str]) -> Option<Alteration>;
}

/// A kind's own struct with its type erased.
pub trait Body: Any + fmt::Debug + Send + Sync {
    fn boxed(&self) -> Box<dyn Body>;
    fn same(&self, other: &dyn Body) -> bool;
}

impl<T: Any + fmt::Debug + Clone + PartialEq + Send + Sync> Body for T {
    fn boxed(&self) -> Box<dyn Body> {
        Box::new(self.clone())
    }

    fn same(&self, other: &dyn Body) -> bool {
        (other as &dyn Any).downcast_ref() == Some(self)
    }
}

impl Clone for Box<dyn Body> {
    fn clone(&self) -> Self {
        (**self).boxed()
    }
}

/// The one implementation of [`AnyKind`].
pub struct Of<K>(PhantomData<fn() -> K>);

impl<K: Kind> Of<K> {
    pub const NEW: Of<K> = Of(PhantomData);
}

fn body<K: Kind>(body: &dyn Body) -> &K {
    (body as &dyn Any).downcast_ref().expect("an id's kind is its body's type")
}

fn body_mut<K: Kind>(object: &mut Object) -> &mut K {
    let body: &mut dyn Any = &mut *object.body;
    body.downcast_mut().expect("an id's kind is its body's type")
}

impl<K: Kind> AnyKind for Of<K> {
    fn name(&self) -> &'static str {
        K::NAME
    }
    fn rank(&self) -> u8 {
        K::RANK
    }
    fn strict(&self) -> Strict {
        K::STRICT
    }

    fn lets_go(&self, object: &Object, need: &Id) -> bool {
        body::<K>(&*object.body).lets_go(need)
    }

    fn by_place(&self) -> bool {
        K::BY_PLACE
    }
    fn rows(&self) -> &'static [&'static str] {
        K::ROWS
    }
    fn query(&self) -> &'static str {
        K::QUERY
    }
    fn data(&self) -> Option<&'static str> {
        K::DATA
    }
    fn read(&self, fields: Fields) -> serde_json::Result<Box<dyn Body>> {
        Ok(Box::new(serde_json::from_value::<K>(fields.into())?))
    }
    fn take(&self, row: &SimpleQueryRow) -> Result<Box<dyn Body>, serde::de::value::Error> {
        Ok(Box::new(text::columns::<K>(row)?))
    }
    fn json(&self, of: &dyn Body) -> Fields {
        match serde_json::to_value(body::<K>(of)) {
            Ok(serde_json::Value::Object(map)) => map,
            _ => Fields::new(),
        }
    }
    fn fields(&self) -> Vec<&'static str> {
        K::FIELDS.iter().map(|field| field.name).collect()
    }
    fn compared(&self, field: &str) -> bool {
        K::FIELDS.iter().any(|f| f.name == field && !matches!(f.rule, Rule::Apart))
    }
    fn sql(&self, id: &Id) -> String {
        K::sql(id)
    }
    fn describe(&self, id: &Id) -> String {
        K::describe(id)
    }
    fn create(&self, object: &Object, parts: &[Part]) -> Vec<Step> {
        body::<K>(&*object.body).create(&object.id, parts)
    }
    fn drop(&self, object: &Object) -> Vec<Step> {
        body::<K>(&*object.body).drop(&object.id)
    }
    fn drop_only(&self, object: &Object) -> Option<Vec<Step>> {
        body::<K>(&*object.body).drop_only(&object.id)
    }
    fn discard(&self, object: &Object, trash: &str) -> Option<Vec<Step>> {
        body::<K>(&*object.body).discard(&object.id, trash)
    }
    fn restore(&self, object: &Object) -> Option<Step> {
        body::<K>(&*object.body).restore(&object.id)
    }
    fn inline(&self, object: &Object, parts: &[Part]) -> Option<Part> {
        body::<K>(&*object.body).inline(&object.id, parts)
    }
    fn needs(&self, id: &Id, of: &dyn Body) -> Vec<Id> {
        body::<K>(of).needs(id)
    }
    fn dropped_with(&self, id: &Id, of: &dyn Body) -> Vec<Id> {
        body::<K>(of).dropped_with(id)
    }
    fn comes_with(&self, id: &Id, of: &dyn Body) -> Vec<Id> {
        body::<K>(of).comes_with(id)
    }
    fn comes_after(&self, object: &Object) -> Vec<Id> {
        body::<K>(&*object.body).comes_after(&object.id)
    }
    fn through(&self, object: &Object, host: &Id) -> Vec<Id> {
        body::<K>(&*object.body).through(&object.id, host)
    }
    fn stays(&self, object: &Object) -> bool {
        body::<K>(&*object.body).stays()
    }
    fn held_by(&self, object: &Object) -> Vec<Id> {
        body::<K>(&*object.body).held_by(&object.id)
    }
    fn completes(&self, object: &Object) -> Vec<Id> {
        body::<K>(&*object.body).completes(&object.id)
    }
    fn fills(&self, object: &Object) -> Vec<Id> {
        body::<K>(&*object.body).fills(&object.id)
    }
    fn changed<'a>(&self, before: &'a Object, after: &'a Object) -> Vec<(Id, &'a str, &'a str)> {
        body::<K>(&*after.body).changed(&after.id, body::<K>(&*before.body))
    }
    fn admits(&self, object: &Object, text: &str) -> bool {
        body::<K>(&*object.body).admits(text)
    }
    fn columns<'a>(&self, object: &'a Object) -> Vec<&'a str> {
        body::<K>(&*object.body).columns()
    }
    fn narrow(&self, object: &mut Object, is_compared: &dyn Fn(&str) -> bool) {
        body_mut::<K>(object).narrow(is_compared);
    }
    fn stays_other(&self, object: &Object, desired: &Object) -> Option<String> {
        body::<K>(&*object.body).stays_other(&object.id, body::<K>(&*desired.body))
    }
    fn respelled(&self, one: &Object, other: &Object) -> bool {
        body::<K>(&*one.body).respelled(body::<K>(&*other.body))
    }
    fn follows(&self, before: &Object, after: &Object, field: &str) -> bool {
        body::<K>(&*after.body).follows(body::<K>(&*before.body), field)
    }
    fn rename(&self, id: &Id, to: &str) -> Option<Step> {
        K::rename(id, to)
    }
    fn name_at(&self, id: &Id) -> usize {
        K::name_at(id)
    }
    fn rename_element(&self, object: &mut Object, from: &str, to: &str) -> Option<Step> {
        let id = object.id.clone();
        body_mut::<K>(object).rename_element(&id, from, to)
    }
    fn shell(&self, object: &Object) -> Option<Step> {
        body::<K>(&*object.body).shell(&object.id)
    }
    fn slots(&self, object: &Object) -> Vec<Vec<String>> {
        body::<K>(&*object.body).slots(&object.id)
    }
    fn mentions<'a>(&self, object: &'a Object) -> Option<&'a str> {
        body::<K>(&*object.body).mentions()
    }
    fn resolved<'a>(&self, object: &'a Object) -> Option<&'a str> {
        body::<K>(&*object.body).resolved()
    }
    fn is_usual(&self, object: &Object, major: u32) -> bool {
        body::<K>(&*object.body).is_usual(&object.id, major)
    }
    fn defers(&self, object: &Object) -> bool {
        body::<K>(&*object.body).defers()
    }
    fn lists_columns(&self, object: &Object) -> bool {
        body::<K>(&*object.body).lists_columns()
    }
    fn schema<'a>(&self, object: &'a Object) -> Option<&'a str> {
        body::<K>(&*object.body).schema(&object.id)
    }
    fn role<'a>(&self, object: &'a Object) -> Option<&'a str> {
        body::<K>(&*object.body).role()
    }
    fn relaxed(&self, object: &Object) -> Option<Object> {
        let body: Box<dyn Body> = Box::new(body::<K>(&*object.body).relaxed()?);
        Some(Object { body, ..object.clone() })
    }
    fn bridge(&self, object: &Object, before: &Id) -> Option<Bridge> {
        body::<K>(&*object.body).bridge(before, &object.id)
    }
    fn twin(&self, object: &Object, before: &Object) -> Option<Result<Twin, &'static str>> {
        body::<K>(&*object.body).twin(&object.id, body::<K>(&*before.body))
    }
    fn beside(&self, object: &Object) -> Option<Id> {
        body::<K>(&*object.body).beside(&object.id)
    }
    fn acts(&self, object: &Object) -> bool {
        body::<K>(&*object.body).acts()
    }
    fn can_stand_aside(&self, object: &Object) -> bool {
        body::<K>(&*object.body).can_stand_aside()
    }
    fn stand_in(&self, object: &Object, of: &Id) -> Option<StandIn> {
        body::<K>(&*object.body).stand_in(&object.id, of)
    }
    fn joins(&self, object: &Object) -> Option<(Id, Id)> {
        body::<K>(&*object.body).joins(&object.id)
    }
    fn attaches(&self, object: &Object) -> Option<(Id, Id)> {
        body::<K>(&*object.body).attaches(&object.id)
    }
    fn follow(&self, object: &Object, before: &Object) -> Option<(Vec<Step>, &'static [&'static str])> {
        body::<K>(&*object.body).follow(&object.id, body::<K>(&*before.body))
    }
    fn rebuilt_as(&self, object: &Object) -> Id {
        body::<K>(&*object.body).rebuilt_as(&object.id)
    }
    fn alike(&self, old: &Object, new: &Object) -> bool {
        body::<K>(&*old.body).alike(body::<K>(&*new.body))
    }
    fn is_felt_alone(&self) -> bool {
        K::FELT_ALONE
    }
    fn has_brings(&self) -> bool {
        K::BRINGS
    }
    fn brings(&self, object: &Object, made: &Object) -> Option<Object> {
        body::<K>(&*object.body).brings(&object.id, made)
    }
    fn alter(&self, old: &Object, new: &Object, except: &[&str]) -> Option<Alteration> {
        let edit = Edit { id: &new.id, old: body::<K>(&*old.body), new: body::<K>(&*new.body) };
        alter(&edit, except)
    }
}
