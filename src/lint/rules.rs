//! The rules, a family a file.

pub mod comment;
pub mod compatibility;
pub mod index;
pub mod lock;
pub mod loss;
pub mod partition;
pub mod rewrite;
pub mod scan;
pub mod transaction;
