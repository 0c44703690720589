//! `generated/` to `generated/migrations.rs`: the embedding of a project's migrations.
//!
//! Apart from the planner because build scripts compile it: a downstream crate's `build.rs` is
//!
//! ```no_run
//! planwright::codegen::build();
//! ```
//!
//! and its program includes what that writes:
//!
//! ```ignore
//! #[rustfmt::skip]
//! #[path = "../generated/migrations.rs"]
//! mod migrations;
//! ```
//!
//! The text is a pure function of the folder and of the project's name. It is written only when it
//! differs, and never when `CI` is set: there, a stale file is an error that shows the difference.
//!
//! Files that cannot be bundled must not lock anyone out of the tool that mends them, and
//! `cargo run --bin plan` compiles the whole package. So outside CI they are warnings of cargo, and
//! `migrations.rs` becomes a bundle that says what is wrong: the runtime refuses to apply it, and a
//! build without debug assertions does not compile it.

mod checksum;
mod consistency;
mod error;
mod folder;
pub mod header;
pub mod lock;
mod output;
mod project;
mod text;

pub use self::{
    checksum::{checksum, lf},
    error::{Error, Problem},
    folder::{Folder, Pair},
    output::{Outcome, build, check, generate, refresh, write},
};
