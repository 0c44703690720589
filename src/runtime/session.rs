//! The settings of the session in which migrations run, and putting back those of the user's.
//!
//! Apart because a migration may change any of them, and the connection is not ours.

use super::Error;
use postgres::{
    Client, GenericClient,
    types::{ToSql, Type},
};

/// A value with its type. All queries of the runtime are typed: they are sent whole, with no prepared
/// statement that a connection pooler could leave behind in another session.
pub type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// What every statement of a migration runs under, on scratch as on a real database.
///
/// `check_function_bodies`: a function may name what a later statement creates, as in pg_dump.
pub const SETTINGS: &[(&str, &str)] = &[
    ("check_function_bodies", "off"),
    ("client_min_messages", "warning"),
    ("search_path", "public"),
    ("standard_conforming_strings", "on"),
    ("statement_timeout", "0"),
];

/// What a session had before, to be put back; a migration written by hand or by pg_dump sets these.
pub struct Session {
    values: Vec<String>,
}

const KEPT: &[&str] = &[
    "application_name",
    "check_function_bodies",
    "client_min_messages",
    "default_table_access_method",
    "default_tablespace",
    "idle_in_transaction_session_timeout",
    "lock_timeout",
    "role",
    "row_security",
    "search_path",
    "session_replication_role",
    "standard_conforming_strings",
    "statement_timeout",
];

impl Session {
    pub fn remember(client: &mut Client) -> Result<Session, Error> {
        let list: Vec<_> = KEPT.iter().map(|name| format!("current_setting('{name}')")).collect();
        let row = client
            .query_typed_one(&format!("SELECT {}", list.join(", ")), &[])
            .map_err(Error::sql("cannot read the settings of the session"))?;
        Ok(Session { values: (0..KEPT.len()).map(|at| row.get(at)).collect() })
    }

    /// The user's own `application_name`.
    pub fn application(&self) -> &str {
        &self.values[0]
    }

    /// Puts everything back, whatever ran in between. `role` first: it decides what else may be set.
    pub fn put_back(&self, client: &mut impl GenericClient) -> Result<(), Error> {
        let mut all: Vec<(&str, &str)> =
            KEPT.iter().copied().zip(self.values.iter().map(|value| &**value)).collect();
        all.sort_by_key(|(name, _)| *name != "role");
        set(client, &all, false)
    }
}

/// Sets them for the session, or for the transaction only.
pub fn set(client: &mut impl GenericClient, settings: &[(&str, &str)], local: bool) -> Result<(), Error> {
    for (name, value) in settings {
        // Only a superuser may set it, even to what it is.
        let sql = match *name {
            "session_replication_role" => "SELECT set_config($1, $2, $3) WHERE current_setting($1) <> $2",
            _ => "SELECT set_config($1, $2, $3)",
        };
        let values: &[Parameter<'_>] = &[(name, Type::TEXT), (value, Type::TEXT), (&local, Type::BOOL)];
        client.query_typed(sql, values).map_err(Error::sql("cannot set the session up"))?;
    }
    Ok(())
}
