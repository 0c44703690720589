//! What people read: everything here turns a value into text, and nothing else does.

pub mod diagnostic;
