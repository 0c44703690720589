//! What a project says of itself in `[package.metadata.planwright]` of its `Cargo.toml`.
//!
//! Apart from the commands because it holds for every plan of the project, whoever runs it.
//!
//! ```toml
//! [package.metadata.planwright]
//! policy = "strict"         # what an additive migration may hold; "compat" unless said
//! small_table_rows = 1000   # a table of so many rows may be locked while all of it is read; 5000 unless said
//! postgresql = 13           # the oldest major version that the migrations run on
//! trash = "off"             # drop tables at once; else the schema where dropped tables wait to be purged
//! ```

use crate::diagnostic::{Diagnostic, Place, Result};
use serde::{Deserialize, Deserializer, de::Error};
use std::{fs, io::ErrorKind, ops::RangeInclusive, path::Path, sync::Arc};

/// The major versions of PostgreSQL that Planwright knows.
const SUPPORTED: RangeInclusive<u32> = 13..=18;

/// The settings of a project.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// By which histories know the project; `codegen` reads it too.
    pub name: Option<String>,
    pub policy: Policy,
    /// A table of no more rows is changed the plain way.
    pub small_table_rows: u64,
    /// The oldest major version that the migrations run on; where nobody says, the engine's, and 14 for the embedded one.
    #[serde(deserialize_with = "major")]
    pub postgresql: Option<u32>,
    /// The schema where dropped tables wait to be purged, or `off`.
    pub trash: String,
}

/// What makes a change additive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// Code written for the schema before keeps working.
    #[default]
    Compat,
    /// It only adds tables, views and comments.
    Strict,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            name: None,
            policy: Policy::default(),
            small_table_rows: 5_000,
            postgresql: None,
            trash: "planwright_trash".into(),
        }
    }
}

impl Settings {
    /// The settings of the project in this folder; what they are where it says nothing.
    ///
    /// # Errors
    ///
    /// A `Cargo.toml` that cannot be read, or a setting that there is not, at its line.
    pub fn read(folder: &Path) -> Result<Settings> {
        let path = folder.join("Cargo.toml");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Settings::default()),
            Err(error) => {
                return Err(
                    Diagnostic::failed("file", format!("cannot read {}: {error}", path.display())).into()
                );
            }
        };
        Settings::parse(&text, &path)
    }

    fn parse(text: &str, path: &Path) -> Result<Settings> {
        let manifest: Manifest = toml::from_str(text).map_err(|error| {
            let place = Place {
                path: path.display().to_string(),
                text: Arc::from(text),
                range: error.span().unwrap_or(0..0),
            };
            Diagnostic::failed("settings", error.message().to_string())
                .at(Some(place))
                .help("the settings are name, policy, small_table_rows, postgresql and trash")
        })?;
        Ok(manifest.package.metadata.planwright)
    }

    /// The schema where dropped tables go; `None` where they are dropped at once.
    pub fn trash(&self) -> Option<&str> {
        Some(self.trash.as_str()).filter(|trash| *trash != "off")
    }
}

fn major<'de, D: Deserializer<'de>>(value: D) -> std::result::Result<Option<u32>, D::Error> {
    let major = u32::deserialize(value)?;
    let known = SUPPORTED.contains(&major);
    if known { Ok(Some(major)) } else { Err(Error::custom("a major version of PostgreSQL is 13 to 18")) }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Manifest {
    package: Package,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Package {
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    planwright: Settings,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_as_always() {
        let text = "[package]\nname = \"shop\"\n[package.metadata.planwright]\npolicy = \"strict\"\n";
        let settings = Settings::parse(text, Path::new("Cargo.toml")).expect("it is right");
        assert_eq!(settings, Settings { policy: Policy::Strict, ..Settings::default() });
    }

    #[test]
    fn a_version_that_there_is_not_is_told_at_its_line() {
        let text = "[package.metadata.planwright]\npostgresql = 12\n";
        let error = Settings::parse(text, Path::new("Cargo.toml")).unwrap_err().to_string();
        assert!(error.contains("13 to 18") && error.contains("Cargo.toml:2"), "{error}");
    }

    #[test]
    fn a_setting_that_there_is_not_is_told_at_its_line() {
        let text = "[package.metadata.planwright]\npolice = \"strict\"\n";
        let error = Settings::parse(text, Path::new("Cargo.toml")).unwrap_err().to_string();
        assert!(error.contains("police") && error.contains("Cargo.toml:2"), "{error}");
    }
}
