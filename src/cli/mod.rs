//! The commands: arguments, words and exit codes; nothing else.

mod migrate;

pub use migrate::{migrate, migrate_project};
