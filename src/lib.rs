//! Planwright plans PostgreSQL schema changes.

extern crate self as planwright;

pub mod bundle;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "codegen")]
pub mod codegen;
#[cfg(feature = "planner")]
pub mod diagnostic;
#[cfg(feature = "runtime")]
#[rustfmt::skip]
#[path = "../generated/migrations.rs"]
mod migrations;
#[cfg(feature = "runtime")]
pub mod runtime;

pub use bundle::{Bundle, Migration};
#[cfg(feature = "runtime")]
pub use runtime::Migrator;
