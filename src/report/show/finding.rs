//! What of a migration deserves a look by itself, each at its line: results of SARIF, annotations of GitHub.

use super::{Shown, Step, words};
use crate::{
    bundle::{Class, Direction},
    report::annotation::Level,
};

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Kebab-case and stable; one of `RULES`.
    pub rule: &'static str,
    pub level: Level,
    /// `0007_alter_users, drop column public.users.name`
    pub title: String,
    pub message: String,
    /// A path relative to the project, and a line: that of what people edit, where there is one.
    pub place: (String, usize),
    /// The statement in the migration.
    pub also: (String, usize),
}

/// Each rule, how much it matters and what it means.
pub const RULES: [(&str, Level, &str); 6] = [
    ("breaking", Level::Warning, "Code written for the schema before may fail."),
    (
        "data-dependent",
        Level::Notice,
        "It depends on the rows that there are, and on those that are written.",
    ),
    ("data-loss", Level::Warning, "What is stored is lost for good."),
    ("long-lock", Level::Warning, "Statements wait while a relation is read or written as a whole."),
    ("irreversible", Level::Warning, "There is no way back."),
    ("way-back-loses", Level::Notice, "Going back loses what is stored."),
];

/// All that a migration has, in the order of its steps.
pub fn findings<'a>(shown: &'a Shown<'a>) -> Vec<Finding> {
    let mut found: Vec<Finding> = shown.steps.iter().flat_map(|step| of_step(shown, step)).collect();
    let down = shown.file(Direction::Down);
    let header = &shown.pair.down_header;
    let mut add = |rule, message: String| {
        let place = (down.clone(), 1);
        found.push(finding(
            rule,
            format!("{}, the way back", shown.pair.stem()),
            message,
            place.clone(),
            place,
        ));
    };
    if let Some(why) = &header.irreversible {
        add("irreversible", format!("there is no way back: {why}"));
    }
    if !header.loses.is_empty() {
        add("way-back-loses", format!("going back loses {}", header.loses.join(", ")));
    }
    found
}

fn of_step(shown: &Shown<'_>, step: &Step<'_>) -> Vec<Finding> {
    let told = step.told;
    let also = (shown.file(Direction::Up), step.line);
    let place = told.place.clone().unwrap_or_else(|| also.clone());
    let mut found = Vec::new();
    let mut add = |rule, message: String| {
        let title = format!("{}, {}", shown.pair.stem(), step.title());
        let title = title.trim_end_matches(", ").to_string();
        found.push(finding(rule, title, message, place.clone(), also.clone()));
    };
    let mut why = told.why.clone();
    told.breaks.iter().for_each(|one| why += &format!("\n{}{}", words::breaks(one), words::broken(one)));
    told.fails.iter().for_each(|error| why += &format!("\nwhere rows are in its way: {error}"));
    told.finds.iter().for_each(|query| why += &format!("\nthis finds them: {query}"));
    match told.class {
        Class::Breaking => add("breaking", why),
        Class::DataDependent => add("data-dependent", why),
        // Rows that the proof made up were in its way all the same.
        Class::Additive if told.fails.is_some() => add("data-dependent", why),
        Class::Additive => {}
    }
    told.loses.iter().for_each(|what| add("data-loss", format!("it loses {what}")));
    let long = words::sentences(step.held.iter().filter(|held| held.is_long()));
    if !long.is_empty() {
        add("long-lock", long.join("\n"));
    }
    found
}

fn finding(
    rule: &'static str,
    title: String,
    message: String,
    place: (String, usize),
    also: (String, usize),
) -> Finding {
    let known = RULES.iter().find(|(name, _, _)| *name == rule);
    let level = known.expect("every rule is in the list").1;
    Finding { rule, level, title, message, place, also }
}
