//! PostgreSQL servers of the tests' own, and the program under test, seen from outside.
//! Separate because several test binaries and the benchmarks stand on it and none of it calls the library.

// Each binary that includes this module uses a part of it.
#![allow(dead_code, unused_imports, unused_macros)]

mod binaries;
mod comparison;
mod database;
mod listing;
mod program;
mod project;
mod server;
mod trials;

pub use binaries::{Binaries, client};
pub use comparison::differences;
pub use database::Database;
pub use program::{Answer, Plan, end_of};
pub use project::{Project, Said};
pub use server::{ROLES, Server};
pub(crate) use trials::tests;
pub use trials::{Test, run, trials};
