//! Planwright plans PostgreSQL schema changes.

#[cfg(feature = "planner")]
pub mod diagnostic;
#[cfg(feature = "planner")]
pub mod report;
#[cfg(feature = "planner")]
pub mod scratch;
#[cfg(feature = "planner")]
pub mod source;
