//! The commands: arguments, words and exit codes; nothing else.

mod ahead;
mod diff;
mod expand;
mod filter;
mod from;
mod init;
mod lint;
mod migrate;
mod output;
mod plan;
mod show;
mod state;

pub use migrate::{migrate, migrate_project};
pub use plan::plan;
