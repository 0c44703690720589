//! Planwright plans PostgreSQL schema changes.
//!
//! People edit `schema.sql`; [`cli::plan`] works out how to get there and writes the next numbered
//! migration, proven by running it; [`codegen`] embeds the migrations; [`runtime`] applies them.
//!
//! ```text
//! schema.sql ─source─▶ Statements ─scratch─▶ ┐
//!                                            ├─catalog─▶ Catalog (desired) ─┐
//! schema.lock, migrations, or a database ──▶ ┘           Catalog (current) ─┴─diff─▶ Changes
//! Changes ─order─▶ steps ─plan─▶ Stages ─prove─▶ Plan ─files─▶ generated/
//! generated/ ─codegen─▶ generated/migrations.rs ─runtime─▶ databases
//! ```
//!
//! A service takes `default-features = false, features = ["runtime"]`, its build script
//! `features = ["codegen"]`; the default features are those of the commands `plan` and `migrate`.

extern crate self as planwright;

#[cfg(feature = "planner")]
mod backfill;
#[cfg(feature = "planner")]
mod bridge;
pub mod bundle;
#[cfg(feature = "planner")]
mod cast;
#[cfg(feature = "planner")]
pub mod catalog;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "codegen")]
pub mod codegen;
#[cfg(feature = "runtime")]
mod conninfo;
#[cfg(feature = "planner")]
mod deparsed;
#[cfg(feature = "planner")]
pub mod diagnostic;
#[cfg(feature = "planner")]
pub mod diff;
#[cfg(feature = "planner")]
pub mod expand;
#[cfg(feature = "planner")]
pub mod files;
#[cfg(feature = "planner")]
mod kind;
#[cfg(feature = "planner")]
mod kinds;
#[cfg(feature = "planner")]
pub mod lint;
#[cfg(feature = "runtime")]
#[rustfmt::skip]
#[path = "../generated/migrations.rs"]
mod migrations;
#[cfg(feature = "planner")]
pub mod order;
#[cfg(feature = "planner")]
pub mod plan;
#[cfg(feature = "planner")]
mod privilege;
#[cfg(feature = "planner")]
pub mod prove;
#[cfg(feature = "planner")]
pub mod rename;
#[cfg(feature = "planner")]
pub mod report;
#[cfg(feature = "runtime")]
pub mod runtime;
#[cfg(feature = "planner")]
pub mod scratch;
#[cfg(feature = "planner")]
pub mod settings;
#[cfg(feature = "planner")]
pub mod source;
#[cfg(feature = "planner")]
mod sql;
#[cfg(feature = "planner")]
pub mod step;

pub use bundle::{Bundle, Migration};
#[cfg(feature = "runtime")]
pub use runtime::Migrator;
