//! Connections to servers that somebody names, and what to say when there is none.
//!
//! Separate because the URL holds a secret: this file alone reads it, and prints no part but host,
//! port, database and user.

use std::time::Duration;

use postgres::{
    Client, Config, NoTls,
    config::{Host, SslMode},
    error::SqlState,
};

use super::failure::plain;
use crate::diagnostic::{Diagnostic, Result};

/// Connects to a live database: a `postgres://` URL, or libpq's `key=value` words.
pub fn connect(url: &str) -> Result<Client> {
    open(&config(url)?)
}

pub(super) fn config(url: &str) -> Result<Config> {
    let mut config: Config = url.parse().map_err(|error| {
        Diagnostic::failed("database-url", format!("this is no database URL: {}", plain(&error)))
            .help("write it as postgres://user:password@host:5432/database")
    })?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        match std::env::var("PGHOST") {
            Ok(host) => config.host(&host),
            Err(_) => config.host("localhost"),
        };
    }
    if config.get_password().is_none()
        && let Ok(password) = std::env::var("PGPASSWORD")
    {
        config.password(password);
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(10));
    }
    config.application_name("planwright");
    Ok(config)
}

pub(super) fn open(config: &Config) -> Result<Client> {
    config.connect(NoTls).map_err(|error| refused(config, &error).into())
}

/// `host:port`, or the socket's folder.
pub(super) fn address(config: &Config) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        #[cfg(unix)]
        Some(Host::Unix(folder)) => return folder.display().to_string(),
        None => config.get_hostaddrs().first().map_or("localhost".to_string(), ToString::to_string),
    };
    format!("{host}:{}", config.get_ports().first().unwrap_or(&5432))
}

fn refused(config: &Config, error: &postgres::Error) -> Diagnostic {
    let address = address(config);
    let user = config.get_user().unwrap_or("(the user of this system)");
    let database = config.get_dbname().unwrap_or(user);
    let Some(reported) = error.as_db_error() else {
        let cause = plain(error);
        if config.get_ssl_mode() == SslMode::Require || cause.contains("TLS") {
            return Diagnostic::failed(
                "no-tls",
                format!("cannot connect to {address}: the URL asks for TLS"),
            )
            .note("this build connects without TLS")
            .help("reach the server over a tunnel or a socket, and write sslmode=disable");
        }
        if cause.contains("password") {
            return Diagnostic::failed(
                "wrong-password",
                format!("{address} asks {user} for a password and the URL has none"),
            )
            .help("write it into the URL, or set PGPASSWORD");
        }
        return Diagnostic::failed("unreachable", format!("cannot reach PostgreSQL at {address}: {cause}"))
            .help("check that the server runs, and the host and port in the URL");
    };
    let said = reported.message().to_string();
    if *reported.code() == SqlState::INVALID_PASSWORD {
        Diagnostic::failed("wrong-password", format!("{address} does not accept the password for {user}"))
            .note(said)
            .help("check the user and password in the URL, or PGPASSWORD")
    } else if *reported.code() == SqlState::INVALID_CATALOG_NAME {
        Diagnostic::failed("no-database", format!("{address} has no database \"{database}\""))
            .help("create it, or check the name at the end of the URL")
    } else if *reported.code() == SqlState::INVALID_AUTHORIZATION_SPECIFICATION {
        Diagnostic::failed("login-refused", format!("{address} does not let {user} log in: {said}"))
            .help("check the user in the URL, and pg_hba.conf on the server")
    } else {
        Diagnostic::failed("unreachable", format!("{address} refuses the connection: {said}"))
    }
}
