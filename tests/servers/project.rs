//! A user's project, and a database for it.
//! Separate because several tests go from schema.sql to rows and back.

use super::{Answer, Database, Plan, Server};
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

/// A project with its first plan, and a database for it.
pub struct Project {
    pub folder: Arc<tempfile::TempDir>,
    pub plan: Plan,
    pub database: Arc<Database>,
    pub url: String,
}

pub struct Said {
    pub code: Option<i32>,
    pub talk: String,
}

impl Said {
    #[track_caller]
    pub fn ends(self, code: i32) -> Said {
        assert_eq!(self.code, Some(code), "{}", self.talk);
        self
    }
}

impl Project {
    pub fn new(server: &Arc<Server>, schema: &str) -> Project {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let database = Arc::new(server.empty());
        let project =
            Project { folder, plan: Plan::new(server.url("postgres")), url: database.url(), database };
        project.setting("");
        project.plan(schema, &[]).ends(0);
        project
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn setting(&self, setting: &str) {
        let text = format!("[package]\nname = \"shop\"\n[package.metadata.planwright]\n{setting}\n");
        fs::write(self.root().join("Cargo.toml"), text).unwrap();
    }

    /// The up file whose name begins so.
    pub fn text(&self, begins: &str) -> String {
        self.find(begins).unwrap()
    }

    pub fn find(&self, begins: &str) -> Option<String> {
        let files =
            fs::read_dir(self.root().join("generated/migrations")).unwrap().map(|file| file.unwrap().path());
        let is_up = |name: &str| name.contains(begins) && name.ends_with(".up.sql");
        let file = files.into_iter().find(|path| is_up(path.to_str().unwrap()))?;
        Some(fs::read_to_string(file).unwrap())
    }

    pub fn plan(&self, schema: &str, arguments: &[&str]) -> Said {
        fs::write(self.root().join("schema.sql"), schema).unwrap();
        let arguments = [arguments, &["-C", self.root().to_str().unwrap()]].concat();
        let logs = tempfile::tempdir().unwrap();
        let (code, talk) = match self.plan.run(&arguments, logs.path()) {
            Answer::Done { sql, talk } => (Some(0), sql + &talk),
            Answer::Refused(talk) => (Some(1), talk),
            Answer::Failed(talk) => (talk.strip_prefix("exit 2\n").map(|_| 2), talk),
        };
        Said { code, talk }
    }

    #[track_caller]
    pub fn up(&self) {
        self.migrate(&["up"]).ends(0);
    }

    /// A plan may have made several migrations.
    #[track_caller]
    pub fn undo_to_first(&self) {
        while !self.migrate(&["status"]).ends(0).talk.contains("version 1.0,") {
            self.migrate(&["undo"]).ends(0);
        }
    }

    /// Both streams.
    pub fn migrate(&self, arguments: &[&str]) -> Said {
        let mut migrate = Command::new(env!("CARGO_BIN_EXE_migrate"));
        migrate.args(arguments).args(["--database", &self.url, "-C"]).arg(self.root()).stdin(Stdio::null());
        let output = migrate.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Said { code: output.status.code(), talk: text(&output.stdout) + &text(&output.stderr) }
    }
}
