//! A database of one test's own, whatever serves it.

use postgres::{Client, Config, NoTls};
use std::path::PathBuf;

pub struct Database {
    /// Where the socket is.
    pub folder: PathBuf,
    pub name: String,
}

impl Database {
    pub fn client(&self) -> Client {
        let mut config = Config::new();
        config.host_path(&self.folder).user("postgres").dbname(&self.name).application_name("tests");
        config.connect(NoTls).unwrap()
    }
}
