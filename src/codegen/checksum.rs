//! The checksum of a migration file: one definition for build scripts, the planner and the lock.

use sha2::{Digest, Sha256};

/// SHA-256 in lower-case hex of the text with LF line ends, as `sha256sum` prints it.
pub fn checksum(text: &str) -> String {
    Sha256::digest(lf(text)).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The same text on every machine: git may have checked it out with CRLF.
pub fn lf(text: &str) -> String {
    text.replace("\r\n", "\n")
}
