//! For a terminal.

use super::{Around, Shown, Step, back, words};
use crate::bundle::Direction;

pub fn text(migrations: &[Shown<'_>], around: &Around) -> String {
    let mut out = String::new();
    for shown in migrations {
        out += &migration(shown);
        out.push('\n');
    }
    out += &format!("{}\n", words::QUEUE);
    if super::says_times(migrations) {
        out += &format!("{}\n", words::ESTIMATE);
    }
    if around.rows.is_some() {
        out += "Numbers of rows are those that the database knows without counting.\n";
    }
    words::visible(&out)
}

fn migration(shown: &Shown<'_>) -> String {
    let header = &shown.pair.header;
    let proved = header.proved.iter().map(|engine| format!("; proven on {engine}"));
    let mut out = format!(
        "{}: {}, version {}, {}{}\n",
        shown.pair.stem(),
        header.class,
        header.version,
        words::mode(header.mode),
        proved.collect::<String>()
    );
    if !header.baseline.is_empty() {
        out += "  a baseline: on a database that has all of it, only its row of history is made\n";
    }
    shown.steps.iter().for_each(|step| out += &one(shown, step));
    shown.rest.iter().for_each(|statement| out += &sql(statement.sql));
    let down = &shown.pair.down_header;
    out += &format!("  the way back, {}, {}:\n", shown.file(Direction::Down), words::mode(down.mode));
    back(down).iter().for_each(|(_, told)| out += &fact(told));
    shown.down.iter().for_each(|statement| out += &sql(statement.sql));
    out
}

fn one(shown: &Shown<'_>, step: &Step<'_>) -> String {
    let told = step.told;
    if step.is_text() {
        return format!("  {}. {}\n", step.number, told.why.replace('\n', "\n     "))
            + &step.sql.map(sql).unwrap_or_default();
    }
    let place = told.place.iter().map(|(path, line)| format!(", {path}:{line}")).collect::<String>();
    let title = step.title().replace('\n', "\n     ");
    let mut out = format!("  {}. {title}: {}{place}\n", step.number, told.class);
    out += &fact(&told.why);
    super::facts(shown, step).iter().for_each(|(label, value)| out += &fact(&format!("{label}{value}")));
    out + &step.sql.map(sql).unwrap_or_default()
}

fn fact(text: &str) -> String {
    format!("     {}\n", text.replace('\n', "\n       "))
}

fn sql(text: &str) -> String {
    format!("     | {};\n", text.replace('\n', "\n     | "))
}
