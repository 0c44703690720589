//! PostgreSQL inside the process of the tests: a server for each, which has one session.

use super::database::Database;
use pglite_oxide::PgliteServer;
use tempfile::TempDir;

/// The database, and what serves it until dropped.
pub fn database() -> (Database, impl Sized) {
    let folder = TempDir::new().unwrap();
    let socket = folder.path().join(".s.PGSQL.5432");
    let server = PgliteServer::builder().temporary().unix(&socket).relaxed_durability(true).start().unwrap();
    let name = "template1".to_owned();
    (Database { folder: folder.path().to_owned(), name }, (server, folder))
}
