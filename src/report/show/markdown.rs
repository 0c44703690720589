//! For a comment on a pull request: a table, and each step to be opened.
//!
//! GitHub's Markdown has no one way to quote: what is code is in `<code>` with everything that could mean
//! something as an entity, which holds in a table and in a heading too; SQL is fenced by more backticks
//! than it has.

use super::{Around, FINDS, Shown, Step, back, facts, words};
use crate::bundle::Direction;

pub fn markdown(migrations: &[Shown<'_>], around: &Around) -> String {
    let mut out = String::new();
    for shown in migrations {
        out += &migration(shown);
    }
    out += &format!("{}\n", prose(words::QUEUE));
    if super::says_times(migrations) {
        out += &format!("{}\n", prose(words::ESTIMATE));
    }
    if around.rows.is_some() {
        out += "Numbers of rows are those that the database knows without counting.\n";
    }
    out
}

fn migration(shown: &Shown<'_>) -> String {
    let (header, down) = (&shown.pair.header, &shown.pair.down_header);
    let proved = header.proved.iter().map(|engine| format!(", proven on {}", prose(engine)));
    let mut out = format!(
        "### {}\n\n**{}**, version {}, {}{}\n\n",
        code(&shown.pair.stem()),
        header.class,
        header.version,
        words::mode(header.mode),
        proved.collect::<String>()
    );
    if !header.baseline.is_empty() {
        out += "A baseline: on a database that has all of it, only its row of history is made.\n\n";
    }
    if !shown.steps.is_empty() {
        out += "| | change | class | locks | where |\n|--:|---|---|---|---|\n";
        shown.steps.iter().for_each(|step| out += &row(step));
        out.push('\n');
    }
    shown.steps.iter().for_each(|step| out += &one(shown, step));
    if !shown.rest.is_empty() {
        let statements = shown.rest.iter().map(|statement| fenced(statement.sql));
        out += &details("The statements", &statements.collect::<String>());
    }
    let mut inside = String::new();
    back(down).iter().for_each(|(_, told)| inside += &format!("* {}\n", prose(told)));
    let told = match (&down.irreversible, down.loses.is_empty()) {
        (Some(_), _) => "there is none",
        (None, true) => "it loses nothing",
        (None, false) => "it loses what is stored",
    };
    inside += &format!("\n{}, {}\n\n", code(&shown.file(Direction::Down)), words::mode(down.mode));
    shown.down.iter().for_each(|statement| inside += &fenced(statement.sql));
    out + &details(&format!("The way back: {told}"), &inside)
}

fn row(step: &Step<'_>) -> String {
    let told = step.told;
    let change = if step.is_text() { prose(&told.why) } else { code(&step.title()) };
    let locks: Vec<String> =
        step.held.iter().map(|held| format!("{} on {}", held.lock, code(held.relation))).collect();
    let place = told.place.iter().map(|(path, line)| code(&format!("{path}:{line}"))).collect::<String>();
    let loses = if told.loses.is_some() { ", **loses data**" } else { "" };
    format!("| {} | {change} | {}{loses} | {} | {place} |\n", step.number, told.class, locks.join("<br>"))
}

fn one(shown: &Shown<'_>, step: &Step<'_>) -> String {
    let told = step.told;
    let mut inside = String::new();
    if !step.is_text() {
        inside += &format!("* {}: {}\n", told.class, prose(&told.why));
        for (label, value) in facts(shown, step) {
            inside += &match label {
                FINDS => format!("* {label}\n\n{}", fenced(&value)),
                _ => format!("* {label}{}\n", if label.is_empty() { prose(&value) } else { code(&value) }),
            };
        }
    }
    inside.push('\n');
    step.sql.iter().for_each(|sql| inside += &fenced(sql));
    let title = if step.is_text() { prose(&told.why) } else { code(&step.title()) };
    details(&format!("{}. {title}", step.number), &inside)
}

/// Blank lines around it make what is inside Markdown again.
fn details(summary: &str, inside: &str) -> String {
    format!("<details><summary>{summary}</summary>\n\n{inside}\n</details>\n\n")
}

fn fenced(sql: &str) -> String {
    let sql = words::visible(sql);
    let longest = sql.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}sql\n{sql};\n{fence}\n\n")
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", entities(text))
}

/// Somebody whose name stands after an `@` is told of it, unless it is code.
fn prose(text: &str) -> String {
    entities(text).replace("&#64;", "<code>&#64;</code>")
}

fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in words::visible(text).chars() {
        match c {
            '\n' | '\t' => out.push(' '),
            c if c.is_alphanumeric() || !c.is_ascii() || " .,()=;".contains(c) => out.push(c),
            c => out += &format!("&#{};", u32::from(c)),
        }
    }
    out
}
