//! The columns of an answer, in PostgreSQL's text form, as serde takes them: what a struct asks for says how a text is
//! read. PostgreSQL takes a third of its time to write them as JSON (15, the columns of 5,000 tables).

use postgres::SimpleQueryRow;
use serde::{
    Deserialize, Deserializer,
    de::{
        Error as _, IntoDeserializer, Visitor,
        value::{Error, MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use std::borrow::Cow;

/// What a row says; a column that is null is left out.
///
/// # Errors
///
/// A column's text is not what `T` asks for.
pub(crate) fn columns<'de, T: Deserialize<'de>>(row: &'de SimpleQueryRow) -> Result<T, Error> {
    let columns = row.columns().iter().enumerate();
    let columns = columns.filter_map(|(at, column)| Some((column.name(), Text(Some(row.get(at)?.into())))));
    T::deserialize(MapDeserializer::new(columns))
}

/// The elements of an array: `{public,"a table"}`.
///
/// # Errors
///
/// It is not one.
pub(super) fn array(text: &str) -> Result<Vec<String>, Error> {
    Vec::deserialize(Text(Some(text.into())))
}

/// A value; `None` is null.
#[derive(Clone)]
struct Text<'de>(Option<Cow<'de, str>>);

impl<'de> Text<'de> {
    fn text(self) -> Result<Cow<'de, str>, Error> {
        self.0.ok_or_else(|| Error::custom("null in an array"))
    }

    fn json(self) -> Result<serde_json::Value, Error> {
        serde_json::from_str(&self.text()?).map_err(Error::custom)
    }
}

impl<'de> IntoDeserializer<'de, Error> for Text<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! parsed {
    ($($method:ident $visit:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.text()?.parse().map_err(Error::custom)?)
        })*
    };
}

impl<'de> Deserializer<'de> for Text<'de> {
    type Error = Error;

    parsed! { deserialize_i32 visit_i32 deserialize_i64 visit_i64 deserialize_u32 visit_u32 deserialize_u64 visit_u64 }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.text()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.text()? == "t")
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_some() { visitor.visit_some(self) } else { visitor.visit_none() }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// PostgreSQL's array, or one of JSON.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.as_deref() {
            Some(text) if text.starts_with('{') => {
                visitor.visit_seq(SeqDeserializer::new(elements(text).into_iter()))
            }
            _ => self.json()?.deserialize_seq(visitor).map_err(Error::custom),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.json()?.deserialize_map(visitor).map_err(Error::custom)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.text()?.into_deserializer())
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple_struct identifier
    }
}

/// `{a,"b \"c\"",NULL,{d}}`: an array in an array is as it is written.
fn elements(text: &str) -> Vec<Text<'static>> {
    let mut elements = Vec::new();
    let (mut element, mut quoted, mut any, mut depth, mut within) = (String::new(), false, false, 0, false);
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let inner = depth > 1;
        match character {
            '\\' => {
                element.extend(inner.then_some('\\'));
                element.extend(characters.next());
            }
            '"' => {
                within = !within;
                quoted |= !inner;
                element.extend(inner.then_some('"'));
            }
            _ if within => element.push(character),
            '{' => {
                depth += 1;
                element.extend(inner.then_some('{'));
                if depth == 2 {
                    element.push('{');
                }
            }
            '}' if depth > 1 => {
                depth -= 1;
                element.push('}');
            }
            ',' | '}' if !inner => {
                any |= character == ',' || quoted || !element.is_empty();
                if any {
                    let null = !quoted && element == "NULL";
                    elements.push(Text((!null).then(|| std::mem::take(&mut element).into())));
                }
                element.clear();
                quoted = false;
            }
            _ => element.push(character),
        }
    }
    elements
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'de, T: Deserialize<'de>>(text: &'de str) -> T {
        T::deserialize(Text(Some(text.into()))).expect("it is what it is read as")
    }

    #[test]
    fn arrays_are_read() {
        assert_eq!(read::<Vec<String>>("{}"), Vec::<String>::new());
        assert_eq!(
            read::<Vec<String>>(r#"{a,"b \"c\" \\ {,}","","NULL"}"#),
            ["a", r#"b "c" \ {,}"#, "", "NULL"]
        );
        assert_eq!(
            read::<Vec<Option<String>>>(r#"{NULL,"NULL",a}"#),
            [None, Some("NULL".into()), Some("a".into())]
        );
        assert_eq!(read::<Vec<i64>>("{1,-2}"), [1, -2]);
        assert_eq!(read::<Vec<bool>>("{t,f}"), [true, false]);
        let nested = read::<Vec<Vec<String>>>(r#"{{a,"b\"}"},{"",NULLS}}"#);
        assert_eq!(nested, [vec!["a".to_string(), "b\"}".into()], vec![String::new(), "NULLS".into()]]);
        assert!(Vec::<String>::deserialize(Text(Some("{NULL}".into()))).is_err());
    }

    #[test]
    fn json_is_read() {
        assert_eq!(read::<Vec<(i64, i64)>>("[[1, 100], [2, 5]]"), [(1, 100), (2, 5)]);
        let pairs = read::<std::collections::BTreeMap<String, Option<String>>>(r#"{"a" : "{", "b" : null}"#);
        assert_eq!(
            pairs.into_iter().collect::<Vec<_>>(),
            [("a".into(), Some("{".into())), ("b".into(), None)]
        );
    }
}
