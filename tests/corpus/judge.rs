//! The corpus's own judge: are two databases equal, by pg_dump's word?
//! Separate because it is a program outside the project, and the only authority on these cases.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::servers::{Binaries, Database};

/// judge.py, and the pg_dump that it is to call.
pub struct Judge {
    program: PathBuf,
    pg_dump: PathBuf,
}

impl Judge {
    pub fn new(corpus: &Path, binaries: &Binaries) -> Judge {
        let pg_dump = binaries.pg_dump.clone().expect("the corpus needs a pg_dump of the server's version");
        Judge { program: corpus.join("judge.py"), pg_dump }
    }

    /// Ok when equal or different in the order of columns only; else the first lines of what differs.
    ///
    /// `wanted` is a file that holds a dump. The judge's whole answer is kept in `record`.
    pub fn compare(&self, candidate: &Database, wanted: &Path, record: &Path) -> Result<(), String> {
        let output = Command::new("python3")
            .arg(&self.program)
            .arg(candidate.url())
            .arg(wanted)
            .args(["--max", "50", "--pg-dump"])
            .arg(&self.pg_dump)
            .output()
            .map_err(|error| format!("python3 does not start: {error}"))?;
        let mut answer = String::from_utf8_lossy(&output.stdout).into_owned();
        answer.push_str(&String::from_utf8_lossy(&output.stderr));
        fs::write(record, &answer).expect("the output folder can be written");
        match output.status.code() {
            Some(0 | 2) => Ok(()),
            _ => Err(answer.lines().take(6).collect::<Vec<_>>().join("\n")),
        }
    }
}
