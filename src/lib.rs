//! Planwright plans PostgreSQL schema changes.

#[cfg(feature = "planner")]
pub mod diagnostic;
