//! The two lists that people keep: what is excluded and why, and what functions and views show.
//! Separate because they are read the same way whatever server is asked.

use super::reading::Column;

/// A line of `excluded.txt`.
pub struct Excluded {
    pub number: usize,
    /// `pg_class.relpages`, or `pg_statistic.*` for those of its columns that are not read.
    pub name: String,
    /// Does it speak of this major version?
    pub expected: bool,
}

/// A line of `shown.txt`.
pub struct Shown {
    pub number: usize,
    /// A function's name, or a column of a system view.
    pub by: String,
    pub columns: Vec<Column>,
}

impl Excluded {
    pub fn covers(&self, column: &Column) -> bool {
        self.name == column.to_string() || self.name == format!("{}.*", column.table)
    }
}

/// `table.column: reason`, `table.*: reason`, `table.column (since 14, before 18): reason`.
pub fn excluded(major: u32) -> Vec<Excluded> {
    lines("excluded.txt", include_str!("excluded.txt"))
        .map(|line| {
            assert!(!line.rest.is_empty(), "{}:{} gives no reason", line.file, line.number);
            Excluded { number: line.number, name: line.name.into(), expected: line.holds(major) }
        })
        .collect()
}

/// `function: table.column table.column`, `view.column: table.column`, `function (since 14): table.column`.
pub fn shown(major: u32) -> Vec<Shown> {
    lines("shown.txt", include_str!("shown.txt"))
        .filter(|line| line.holds(major))
        .map(|line| {
            let column = |text: &str| {
                let (table, name) = text.split_once('.').unwrap_or_else(|| panic!("{}: {text}", line.number));
                Column { table: table.into(), name: name.into() }
            };
            let columns = line.rest.split_whitespace().map(column).collect();
            Shown { number: line.number, by: line.name.into(), columns }
        })
        .collect()
}

struct Line<'a> {
    file: &'a str,
    number: usize,
    name: &'a str,
    bounds: &'a str,
    rest: &'a str,
}

impl Line<'_> {
    fn holds(&self, major: u32) -> bool {
        let mut bounds = self.bounds.split(", ").filter(|bound| !bound.is_empty());
        bounds.all(|bound| match bound.split_once(' ').map(|(word, bound)| (word, bound.parse::<u32>())) {
            Some(("since", Ok(bound))) => major >= bound,
            Some(("before", Ok(bound))) => major < bound,
            _ => panic!("{}:{}: neither since nor before: {bound}", self.file, self.number),
        })
    }
}

fn lines<'a>(file: &'a str, text: &'a str) -> impl Iterator<Item = Line<'a>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(move |(at, line)| {
        let number = at + 1;
        let (name, rest) = line.split_once(": ").unwrap_or_else(|| panic!("{file}:{number}: {line}"));
        let (name, bounds) = name.split_once(" (").unwrap_or((name, ""));
        Line { file, number, name, bounds: bounds.trim_end_matches(')'), rest }
    })
}
