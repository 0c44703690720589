//! What people read: everything here turns a value into text, and nothing else does.

pub mod annotation;
pub mod diagnostic;
pub mod lint;
pub mod refusal;
pub mod schema;
pub mod script;
pub mod show;
pub mod summary;
