//! One page that stands by itself: no script, nothing loaded.

use super::{Around, FINDS, Shown, Step, back, facts, words};
use crate::bundle::{Class, Direction};

pub fn html(migrations: &[Shown<'_>], around: &Around) -> String {
    let title = match migrations {
        [] => "no migration".to_string(),
        [one] => one.pair.stem(),
        [first, .., last] => format!("{} to {}", first.pair.stem(), last.pair.stem()),
    };
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        escaped(&title)
    );
    migrations.iter().for_each(|shown| out += &migration(shown));
    out += &format!("<footer>\n<p>{}</p>\n", escaped(words::QUEUE));
    if super::says_times(migrations) {
        out += &format!("<p>{}</p>\n", escaped(words::ESTIMATE));
    }
    if around.rows.is_some() {
        out += "<p>Numbers of rows are those that the database knows without counting.</p>\n";
    }
    out + "</footer>\n</body>\n</html>\n"
}

const STYLE: &str = "
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --warn: #b35900; --bad: #c0262d; --good: #1a7f37 }
@media (prefers-color-scheme: dark) { :root { --warn: #e3a008; --bad: #ff7b72; --good: #56d364 } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
section.step, section.back { border-top: 1px solid var(--line); padding: .5rem 0 }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin: .5rem 0 }
pre { background: var(--soft); padding: .75rem; overflow-x: auto; border-radius: 4px }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; unicode-bidi: plaintext }
.class { font-weight: 600 } .additive { color: var(--good) } .data-dependent { color: var(--warn) }
.breaking, .loses { color: var(--bad) }
footer { border-top: 1px solid var(--line); font-size: .875rem; opacity: .8 }
";

fn migration(shown: &Shown<'_>) -> String {
    let (header, down) = (&shown.pair.header, &shown.pair.down_header);
    let proved = header.proved.iter().map(|engine| format!(", proven on {}", escaped(engine)));
    let mut out = format!(
        "<article>\n<h1>{}</h1>\n<p>{}, version {}, {}{}</p>\n",
        escaped(&shown.pair.stem()),
        class(header.class),
        header.version,
        words::mode(header.mode),
        proved.collect::<String>()
    );
    if !header.baseline.is_empty() {
        out += "<p>A baseline: on a database that has all of it, only its row of history is made.</p>\n";
    }
    shown.steps.iter().for_each(|step| out += &one(shown, step));
    shown.rest.iter().for_each(|statement| out += &sql(statement.sql));
    out += "<section class=\"back\">\n<h2>The way back</h2>\n<ul>\n";
    for (loses, told) in back(down) {
        let class = if loses { " class=\"loses\"" } else { "" };
        out += &format!("<li{class}>{}</li>\n", escaped(&told));
    }
    let file = escaped(&shown.file(Direction::Down));
    out += &format!("<li><code>{file}</code>, {}</li>\n</ul>\n", words::mode(down.mode));
    shown.down.iter().for_each(|statement| out += &sql(statement.sql));
    out + "</section>\n</article>\n"
}

fn one(shown: &Shown<'_>, step: &Step<'_>) -> String {
    let told = step.told;
    let title = if step.is_text() { &told.why } else { &step.title() };
    let mut out = format!("<section class=\"step\">\n<h2>{}. {}</h2>\n<ul>\n", step.number, escaped(title));
    out += &format!("<li>{}", class(told.class));
    if !step.is_text() {
        out += &format!(": {}</li>\n", escaped(&told.why));
        told.place.iter().for_each(|(path, line)| {
            out += &format!("<li><code>{}:{line}</code></li>\n", escaped(path));
        });
        for (label, value) in facts(shown, step) {
            out += &match label {
                "" => format!("<li>{}</li>\n", escaped(&value)),
                FINDS => format!("<li>{label}{}</li>\n", sql(&value)),
                "loses " => format!("<li class=\"loses\">{label}<code>{}</code></li>\n", escaped(&value)),
                _ => format!("<li>{label}<code>{}</code></li>\n", escaped(&value)),
            };
        }
    }
    out += "</ul>\n";
    step.sql.iter().for_each(|text| out += &sql(text));
    out + "</section>\n"
}

fn class(class: Class) -> String {
    format!("<span class=\"class {class}\">{class}</span>")
}

fn sql(text: &str) -> String {
    format!("<pre><code>{};</code></pre>\n", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in words::visible(text).chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            c => out.push(c),
        }
    }
    out
}
