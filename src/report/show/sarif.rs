//! SARIF 2.1.0, which code scanners and editors read: one result for each finding.

use super::{
    Around, Finding, Shown,
    finding::{RULES, findings},
};
use crate::report::annotation::Level;
use serde_json::{Value, json};

pub fn sarif(migrations: &[Shown<'_>], around: &Around) -> String {
    let rules = RULES.iter().map(|(id, level, meaning)| {
        json!({
            "id": id,
            "shortDescription": { "text": meaning },
            "defaultConfiguration": { "level": word(*level) },
        })
    });
    let results: Vec<Value> =
        migrations.iter().flat_map(findings).map(|found| result(&found, around)).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "planwright",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

fn result(found: &Finding, around: &Around) -> Value {
    let at = |(path, line): &(String, usize)| {
        json!({ "physicalLocation": {
            "artifactLocation": { "uri": uri(&around.path(path)) },
            "region": { "startLine": line },
        } })
    };
    let rule = RULES.iter().position(|(id, _, _)| *id == found.rule);
    let mut related = at(&found.also);
    related["id"] = json!(1);
    related["message"] = json!({ "text": "the statement in the migration" });
    json!({
        "ruleId": found.rule,
        "ruleIndex": rule,
        "level": word(found.level),
        "message": { "text": unlinked(&format!("{}: {}", found.title, found.message)) },
        "locations": [at(&found.place)],
        "relatedLocations": [related],
        "partialFingerprints": { "planwright/v1": format!("{} {}", found.rule, found.title) },
    })
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Notice => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

/// A relative reference: what a URI does not hold is written as its bytes.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// `[text](target)` is a link in a message, unless a backslash says that it is not.
fn unlinked(text: &str) -> String {
    if !text.contains("](") {
        return text.to_string();
    }
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}
