//! Values that may meet a condition, gathered from its own words.

use super::{
    Row,
    table::{Table, Texts},
    value,
};
use crate::{
    diagnostic::Result,
    prove::rows::{number, query},
    scratch::Database,
    source::token::{Kind, tokens},
};
use std::collections::BTreeSet;

/// What rows of a table or values of a domain must meet.
pub(super) struct Condition {
    /// 0 for a domain's.
    relation: u32,
    /// 0 for a table's.
    domain: u32,
    /// Empty for a partition's bound.
    name: String,
    /// The columns that it reads, where that is known.
    columns: Option<Vec<i16>>,
    text: String,
}

/// All of the database.
pub(super) fn conditions(database: &mut Database) -> Result<Vec<Condition>> {
    let rows = query(database, CONDITIONS)?;
    let condition = |row| {
        let row = Texts(row);
        Condition {
            relation: row.number(0),
            domain: row.number(1),
            name: row.text(2).to_string(),
            columns: row.0.get(3).map(|_| row.list(3).map(number).collect()),
            text: row.text(4).to_string(),
        }
    };
    Ok(rows.iter().map(condition).collect())
}

const CONDITIONS: &str = "
    SELECT k.conrelid, k.contypid, k.conname, k.conkey, pg_catalog.pg_get_constraintdef(k.oid)
    FROM pg_catalog.pg_constraint k WHERE k.contype = 'c'
    UNION ALL
    SELECT c.oid, 0, '', NULL, pg_catalog.pg_get_partition_constraintdef(c.oid)
    FROM pg_catalog.pg_class c WHERE c.relispartition AND c.relkind = 'r'";

/// More values than this are not tried for one condition.
const MOST: usize = 80;

/// Changes to the Nth row of a table after which it may meet the condition of that name, the likeliest first.
pub(super) fn candidates(
    conditions: &[Condition],
    relation: u32,
    table: &Table,
    name: &str,
    n: usize,
) -> Vec<Row> {
    let mut found = BTreeSet::new();
    let here = |condition: &&Condition| {
        condition.name == name && (condition.relation == relation || condition.domain != 0)
    };
    for condition in conditions.iter().filter(here) {
        let (literals, numbers) = words(&condition.text);
        let columns = table.columns.iter().filter(|(number, column)| match &condition.columns {
            Some(columns) => columns.contains(number),
            None if condition.domain != 0 => column.types.contains(&condition.domain),
            None => condition.text.contains(column.name.trim_matches('"')),
        });
        for (&number, column) in columns {
            // What one domain says holds for all of its columns.
            let group = if condition.domain == 0 { number } else { 0 };
            let mut add = |rank: u8, value: Option<String>| {
                found.insert((rank, group, value, number));
            };
            if !column.required {
                add(0, None);
            }
            literals.iter().for_each(|literal| add(1, Some(literal.clone())));
            for number in &numbers {
                near(number).into_iter().for_each(|value| add(2, Some(value)));
                let lengths = number.parse::<usize>().into_iter().filter(|length| (1..1000).contains(length));
                for length in lengths.filter(|_| column.r#type.category == 'S') {
                    [length, length + 1]
                        .into_iter()
                        .for_each(|length| add(3, Some(format!("{n:x<length$}"))));
                }
            }
            let usual = usual(column.r#type.category);
            usual.iter().for_each(|value| add(4, Some(value.to_string())));
            if condition.text.starts_with("satisfies_hash_partition") {
                (1..=28).for_each(|other| add(5, Some(value::plain(&column.r#type, other))));
            }
        }
    }
    let found = Vec::from_iter(found);
    let alike = found.chunk_by(|one, next| (one.0, one.1, &one.2) == (next.0, next.1, &next.2));
    alike
        .take(MOST)
        .map(|group| group.iter().map(|(.., value, number)| (*number, value.clone())).collect())
        .collect()
}

/// String literals and numbers.
fn words(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut literals, mut numbers) = (Vec::new(), Vec::new());
    for token in tokens(text) {
        let word = &text[token.range];
        match token.kind {
            Kind::Text(literal) => {
                // PostgreSQL prints a negative number as '-1'::integer.
                if literal.parse::<f64>().is_ok() {
                    numbers.push(literal.clone());
                }
                literals.push(literal);
            }
            Kind::Other if word.parse::<f64>().is_ok() => numbers.push(word.to_string()),
            _ => {}
        }
    }
    (literals, numbers)
}

/// A number and its neighbours.
fn near(number: &str) -> Vec<String> {
    if let Ok(whole) = number.parse::<i64>() {
        return [0, 1, -1]
            .iter()
            .filter_map(|by| whole.checked_add(*by))
            .map(|near| near.to_string())
            .collect();
    }
    let near = number.parse::<f64>().into_iter().flat_map(|value| [value + 1.0, value - 1.0]);
    std::iter::once(number.to_string()).chain(near.map(|value| value.to_string())).collect()
}

/// What conditions on columns of a `pg_type.typcategory` ask for most.
fn usual(category: char) -> &'static [&'static str] {
    match category {
        'S' => &[
            "a",
            "A",
            "abc",
            "a@example.com",
            "https://example.com/",
            "#000000",
            "+15555550123",
            "a-b",
            "00000",
        ],
        'N' => &["0", "1", "2", "3", "5", "10", "100"],
        'D' => &["1970-01-01", "2000-02-01", "2030-01-01"],
        'R' => &["(,)"],
        'B' => &["true", "false"],
        _ => &[],
    }
}
