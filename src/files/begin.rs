//! A folder that is to become a project: nothing that is there is overwritten.
//!
//! Apart from opening one that is: until its files are written, all there is of a new project is an empty
//! `schema.sql`, which says that somebody is at it, and which goes when nothing comes of it.

use super::{Project, SCHEMA, failed, lock, shown};
use crate::diagnostic::{Diagnostic, Result};
use std::{
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// The `schema.sql` that this run has made, for as long as it is empty.
pub(super) struct Begun(PathBuf);

impl Project {
    /// Takes a folder, which is made when it is missing.
    ///
    /// # Errors
    ///
    /// A schema or migrations are there already, somebody else is at it, or a file cannot be made.
    pub fn begin(root: &Path) -> Result<Project> {
        let path = root.join(SCHEMA);
        fs::create_dir_all(root).map_err(|error| failed("make the folder", root, &error))?;
        let (schema, begun) = match File::create_new(&path) {
            Ok(file) => (file, Some(Begun(path.clone()))),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                (File::open(&path).map_err(|error| failed("read", &path, &error))?, None)
            }
            Err(error) => return Err(failed("write", &path, &error).into()),
        };
        lock(&schema, root)?;
        let project = Project { root: root.to_path_buf(), _begun: begun, _schema: schema };
        project.finish()?;
        project.refuse_overwriting()?;
        Ok(project)
    }

    /// An empty `schema.sql` is what a killed run leaves.
    fn refuse_overwriting(&self) -> Result<()> {
        let is_written = !self.text(SCHEMA)?.trim().is_empty();
        let holds =
            |folder: &str| fs::read_dir(self.root.join(folder)).is_ok_and(|mut all| all.next().is_some());
        let there: Vec<&str> = [
            (SCHEMA, is_written),
            ("schema/", holds("schema")),
            ("generated/migrations/", holds("generated/migrations")),
            ("generated/schema.lock", self.root.join("generated/schema.lock").exists()),
        ]
        .into_iter()
        .filter_map(|(name, is_there)| is_there.then_some(name))
        .collect();
        if there.is_empty() {
            return Ok(());
        }
        let message =
            format!("{} has {} already, and init overwrites nothing", shown(&self.root), there.join(", "));
        Err(Diagnostic::failed("not-empty", message)
            .help("to begin anew, move what is there elsewhere; or name another folder: -C DIR")
            .help("to bring this project to what a database has: cargo run --bin plan -- diff --from schema.sql --to URL")
            .into())
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        // What was written in its place is another file.
        if fs::metadata(&self.0).is_ok_and(|schema| schema.len() == 0) {
            let _ = fs::remove_file(&self.0);
        }
    }
}
