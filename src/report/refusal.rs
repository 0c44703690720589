//! Why a plan is not written, and what to write instead.

use crate::{
    catalog::Id,
    diagnostic::{Diagnostic, Diagnostics},
    order::Placed,
    source::Statements,
    step::Class,
};

/// A drop and an add that may be a rename.
pub fn look_alike(old: &Id, new: &Id, schema: &Statements) -> Diagnostic {
    Diagnostic::no("look-alike", format!("{old} would be dropped and {new} added, and they look alike"))
        .at(schema.nearest(new))
        .help(format!(
            "if it was renamed, say so at its new name:   -- @renamed from={}",
            crate::sql::ident(old.name())
        ))
        .help("if they are two things:   cargo run --bin plan -- --no-renames")
}

/// Every step that may break code that runs now; `divided` is a plan that holds back what can be.
pub fn breaking<'a>(
    steps: impl Iterator<Item = &'a Placed>,
    schema: &Statements,
    divided: bool,
) -> Diagnostics {
    let steps = steps.filter(|placed| placed.step.class == Class::Breaking);
    let mut diagnostics: Vec<Diagnostic> = steps
        .map(|placed| {
            let verb = format!("{:?}", placed.action).to_lowercase();
            let mut diagnostic =
                Diagnostic::no("breaking", format!("{verb} {}: {}", placed.id, placed.step.why))
                    .at(schema.nearest(&placed.id))
                    .note(first_line(&placed.step.sql));
            if let Some(what) = &placed.step.loses {
                diagnostic = diagnostic.note(format!("it loses {what}"));
            }
            if let Some(what) = &placed.step.discards {
                diagnostic =
                    diagnostic.note(format!("it keeps {what} until `migrate purge`; undo brings them back"));
            }
            if let Some(query) = &placed.step.finds {
                diagnostic = diagnostic.note(format!("this finds the rows in its way: {query}"));
            }
            diagnostic
        })
        .collect();
    if let Some(last) = diagnostics.last_mut() {
        last.help.push("if that is meant:   cargo run --bin plan -- --allow-breaking".into());
        let divide = "to do now what breaks nothing, and the rest once the old program is gone:   cargo run --bin plan -- --expand";
        last.help.extend((!divided).then(|| divide.into()));
    }
    Diagnostics(diagnostics)
}

fn first_line(sql: &str) -> String {
    match sql.split_once('\n') {
        Some((first, _)) => format!("{first} …"),
        None => sql.to_string(),
    }
}
