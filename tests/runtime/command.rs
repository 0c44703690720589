//! The command `migrate` on a project's folder.

use std::{fs, path::Path, process::Command};
use tempfile::TempDir;

pub struct Project {
    folder: TempDir,
    url: String,
}

#[derive(Debug)]
pub struct Said {
    pub stdout: String,
    pub stderr: String,
    code: Option<i32>,
}

impl Project {
    pub fn new(socket: &Path, database: &str) -> Project {
        let folder = TempDir::new().unwrap();
        fs::create_dir_all(folder.path().join("generated/migrations")).unwrap();
        let host = socket.display().to_string().replace('/', "%2F");
        Project { folder, url: format!("postgres://postgres@{host}/{database}") }
    }

    pub fn migration(&self, stem: &str, class: &str, version: &str, up: &str, down: &str) {
        let file = |half: &str| self.folder.path().join(format!("generated/migrations/{stem}.{half}.sql"));
        let mode = "-- mode: transaction\n\n";
        let up = format!("-- planwright: 1\n-- class: {class}\n-- version: {version}\n{mode}{up}\n");
        fs::write(file("up"), up).unwrap();
        fs::write(file("down"), format!("-- planwright: 1\n{mode}{down}\n")).unwrap();
    }

    pub fn migrate(&self, arguments: &[&str]) -> Said {
        self.run(Command::new(MIGRATE).env("DATABASE_URL", &self.url).args(arguments))
    }

    pub fn without_database(&self, arguments: &[&str]) -> Said {
        self.run(Command::new(MIGRATE).env_remove("DATABASE_URL").args(arguments))
    }

    fn run(&self, command: &mut Command) -> Said {
        let output = command.current_dir(self.folder.path()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code() }
    }
}

impl Said {
    pub fn ends(self, code: i32) -> Said {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }
}

const MIGRATE: &str = env!("CARGO_BIN_EXE_migrate");
