//! Which rows a table is to have: the INSERTs into tables that `-- @data` marks.
//!
//! Separate because every other statement says what there is, and these say what is in it.

use super::{Says, Statements, name, token::tokens};
use crate::diagnostic::Place;

/// A table whose rows are planned too.
#[derive(Clone, Debug, PartialEq)]
pub struct Data {
    /// Its name as written, the schema only if it was.
    pub table: Vec<String>,
    /// The columns whose values are written; all of them where an INSERT names none.
    pub columns: Option<Vec<String>>,
    pub place: Place,
}

impl Statements {
    /// The tables that are marked.
    pub fn data(&self) -> Vec<Data> {
        let inserts = self.inserts();
        let marked = self.annotations.iter().filter_map(|annotation| match &annotation.says {
            Says::Data(table) => Some((table, &annotation.place)),
            _ => None,
        });
        let data = |(table, place): (&Vec<String>, &Place)| {
            let into = inserts.iter().filter(|insert| is_same(&insert.table, table));
            let columns = into.map(|insert| insert.columns.as_deref()).collect::<Option<Vec<_>>>();
            let columns = columns.filter(|lists| !lists.is_empty()).map(|lists| {
                let mut all = lists.concat();
                all.sort();
                all.dedup();
                all
            });
            Data { table: table.clone(), columns, place: place.clone() }
        };
        marked.map(data).collect()
    }

    /// Where a COPY brings rows to a marked table: they are not read.
    pub fn copied(&self) -> Option<Place> {
        let data = self.data();
        let is_marked = |place: &&Place| {
            let copied = name::qualified(&tokens(&place.text[place.range.clone()]), 1);
            copied.is_some_and(|(table, _)| data.iter().any(|data| is_same(&table, &data.table)))
        };
        self.rows.iter().find(is_marked).cloned()
    }

    /// The INSERTs into tables that are not.
    pub fn unplanned(&self) -> Vec<Place> {
        let data = self.data();
        let is_planned = |insert: &Insert| data.iter().any(|data| is_same(&insert.table, &data.table));
        let inserts = self.inserts().into_iter().filter(|insert| !is_planned(insert));
        inserts.map(|insert| self.place(insert.statement)).collect()
    }

    fn inserts(&self) -> Vec<Insert> {
        let is_insert = |at: &usize| self.statements[*at].words.first().is_some_and(|word| word == "INSERT");
        (0..self.statements.len()).filter(is_insert).filter_map(|at| insert(at, self.text(at))).collect()
    }
}

struct Insert {
    statement: usize,
    table: Vec<String>,
    columns: Option<Vec<String>>,
}

/// `INSERT INTO schema.table [AS alias] [(a, b)] …`
fn insert(statement: usize, text: &str) -> Option<Insert> {
    let tokens = tokens(text);
    let (table, mut at) = name::qualified(&tokens, 2)?;
    if tokens.get(at).is_some_and(|token| token.is("as")) {
        at += 2;
    }
    let listed = tokens.get(at).is_some_and(|token| token.is_symbol('('));
    let listed = listed && !tokens.get(at + 1).is_some_and(|token| token.is("select") || token.is("with"));
    let columns = listed.then(|| {
        let inside = tokens[at + 1..].iter().take_while(|token| !token.is_symbol(')'));
        inside.filter_map(|token| token.name().map(String::from)).collect()
    });
    Some(Insert { statement, table, columns })
}

/// Do both name one table, of which one may leave out the schema?
fn is_same(one: &[String], other: &[String]) -> bool {
    one.ends_with(other) || other.ends_with(one)
}

#[cfg(test)]
mod tests {
    use crate::source::{Source, Statements, parse};

    fn read(text: &str) -> Statements {
        parse(vec![Source { path: "schema.sql".into(), text: text.into() }]).unwrap()
    }

    #[test]
    fn what_inserts_name_is_planned() {
        let all = read(
            "-- @data\nCREATE TABLE app.t (a int PRIMARY KEY, b text, c text);
             INSERT INTO app.t (a, b) VALUES (1, 'x'); INSERT INTO t (c, a) SELECT 'y', 2; INSERT INTO u VALUES (1);",
        );
        let data = all.data();
        assert_eq!(data.len(), 1);
        assert_eq!(data[0].table, ["app", "t"]);
        assert_eq!(data[0].columns.as_deref(), Some(&["a".to_string(), "b".into(), "c".into()][..]));
        assert_eq!(all.unplanned().len(), 1);
    }

    #[test]
    fn an_insert_without_a_list_names_all_columns() {
        let all =
            read("-- @data\nCREATE TABLE t (a int PRIMARY KEY, b text); INSERT INTO t VALUES (1, 'x');");
        assert_eq!(all.data()[0].columns, None);
    }
}
