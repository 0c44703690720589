//! What `plan lint` found, for people and for programs.

use super::diagnostic;
use crate::lint::{Finding, Report, Severity};
use serde_json::{Value, json};

/// Each finding with its line of the file, styled.
pub fn text(report: &Report) -> String {
    let shown = report.findings.iter().map(|finding| match finding.severity {
        Severity::Error => diagnostic::render(&finding.diagnostic().into()),
        Severity::Warning => diagnostic::warning(&finding.diagnostic()),
    });
    shown.map(|text| format!("{text}\n\n")).collect()
}

/// One object, for programs.
pub fn json(report: &Report) -> String {
    let findings: Vec<Value> = report.findings.iter().map(one).collect();
    let value = json!({
        "files": report.files,
        "statements": report.statements,
        "findings": findings,
        "left_out": report.left_out,
    });
    format!("{value:#}\n")
}

fn one(finding: &Finding) -> Value {
    let (line, column) = finding.place.line_column();
    json!({
        "file": finding.place.path,
        "line": line,
        "column": column,
        "rule": finding.rule,
        "severity": match finding.severity { Severity::Error => "error", Severity::Warning => "warning" },
        "message": finding.message,
        "notes": finding.notes,
        "safe": finding.safe,
    })
}

/// One line at the end.
pub fn sum(report: &Report) -> String {
    let count = |number: usize, what: &str| match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    };
    let files = format!("{}, {}", count(report.files, "file"), count(report.statements, "statement"));
    match report.findings.len() {
        0 => format!("nothing found in {files}"),
        found => {
            let errors = report.findings.iter().filter(|one| one.severity == Severity::Error).count();
            format!(
                "{} in {files}: {}, {}",
                count(found, "finding"),
                count(errors, "error"),
                count(found - errors, "warning")
            )
        }
    }
}
