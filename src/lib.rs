//! Planwright plans PostgreSQL schema changes.

#[cfg(feature = "planner")]
pub mod catalog;
#[cfg(feature = "planner")]
pub mod diagnostic;
#[cfg(feature = "planner")]
pub mod diff;
#[cfg(feature = "planner")]
mod kind;
#[cfg(feature = "planner")]
mod kinds;
#[cfg(feature = "planner")]
pub mod order;
#[cfg(feature = "planner")]
mod privilege;
#[cfg(feature = "planner")]
mod sql;
#[cfg(feature = "planner")]
pub mod step;
