//! Judges migrations that others wrote: runs each statement on scratch and asks the rules about what it did.
//!
//! Separate from `plan`, which writes migrations and measures its own.

mod allow;
mod change;
mod file;
mod folder;
mod page;
mod rule;
mod rules;
mod run;

use crate::{
    diagnostic::{Diagnostic, Place, Result},
    scratch::Database,
    settings::Policy,
    source::tokens,
};
use file::File;
use rule::Found;

pub use folder::{Migration, Migrations, Mode, Tool, read};
pub use page::{BASE, page};
pub use rule::{Rule, Severity, all};

/// All that was found.
#[derive(Debug, Default)]
pub struct Report {
    pub findings: Vec<Finding>,
    pub files: usize,
    pub statements: usize,
    /// What was not run or looked at, and why.
    pub left_out: Vec<String>,
}

/// A rule that is broken, and where.
#[derive(Clone, Debug)]
pub struct Finding {
    pub rule: &'static str,
    pub severity: Severity,
    pub place: Place,
    /// What was measured.
    pub message: String,
    pub notes: Vec<String>,
    /// The safe way.
    pub safe: String,
}

/// Runs migrations one after the other and judges those that are to be.
///
/// # Errors
///
/// The database is lost; a migration that does not run is a finding.
pub fn lint(database: &mut Database, migrations: &Migrations, policy: Policy) -> Result<Report> {
    let mut report = Report { left_out: migrations.left_out.clone(), ..Report::default() };
    for migration in &migrations.files {
        let ran = run::run(database, migration, policy)?;
        report.left_out.extend(ran.left_out);
        if migration.judged {
            report.files += 1;
            report.statements += ran.file.statements.len();
            report.findings.extend(judge(&ran.file, &ran.comments));
        } else {
            // What comes before has to run; nothing else is asked of it.
            let broken = rule::named("does-not-run").into_iter().flat_map(|rule| findings(&ran.file, rule));
            report.findings.extend(broken.map(|(_, finding)| finding));
        }
    }
    Ok(report)
}

fn judge(file: &File, comments: &[std::ops::Range<usize>]) -> Vec<Finding> {
    let mut allows = allow::read(file, comments);
    let mut found: Vec<Finding> = Vec::new();
    for rule in all() {
        for (statement, finding) in findings(file, rule) {
            if !allow::allowed(&mut allows, rule.id, statement) {
                found.push(finding);
            }
        }
    }
    for allow in &allows {
        let Some((id, message)) = allow::wrong(allow) else { continue };
        let rule = rule::named(id).expect("it is a rule");
        found.push(Finding {
            rule: id,
            severity: rule.severity,
            place: allow.place.clone(),
            message,
            notes: Vec::new(),
            safe: rule.safe.to_string(),
        });
    }
    found.sort_by_key(|finding| finding.place.range.start);
    found
}

fn findings(file: &File, rule: &'static Rule) -> Vec<(Option<usize>, Finding)> {
    let finding = |found: Found| {
        let safe = rule.safe.replace("{table}", found.table.as_deref().unwrap_or("t"));
        let place = place(file, &found);
        let Found { message, notes, .. } = found;
        Finding { rule: rule.id, severity: rule.severity, place, message, notes, safe }
    };
    (rule.check)(file).into_iter().map(|found| (found.statement, finding(found))).collect()
}

/// The word that it is about; the statement where there is none.
fn place(file: &File, found: &Found) -> Place {
    let Some(at) = found.statement else { return file.place_of(0..0) };
    let statement = &file.statements[at];
    if let Some(failure) = &statement.error
        && let Some(place) = &failure.diagnostic.place
    {
        return place.clone();
    }
    let whole = file.place(at);
    let Some(word) = found.word.filter(|word| !word.is_empty()) else { return whole };
    let tokens = tokens(&file.source.text[statement.range.clone()]);
    let token = tokens.iter().find(|token| token.is(word));
    // A word of the first line is seen with all of it.
    let start = statement.range.start;
    let far = token.filter(|token| file.source.text[start..start + token.range.start].contains('\n'));
    far.map_or(whole, |token| file.place_of(start + token.range.start..start + token.range.end))
}

impl Finding {
    /// As it is shown.
    pub fn diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::no(self.rule, &self.message).at(Some(self.place.clone()));
        diagnostic.notes.extend(self.notes.iter().cloned());
        diagnostic.help(format!("the safe way: {}", self.safe))
    }
}
