//! Connections to servers that somebody names, and what to say when there is none.
//!
//! Separate because the URL holds a secret: this file alone reads it, and prints no part but host,
//! port, database and user.

use std::time::Duration;

use postgres::{Client, Config, config::Host, error::SqlState};

use super::failure::plain;
use crate::{
    conninfo::{Conninfo, Refused},
    diagnostic::{Diagnostic, Result},
};

/// Connects to a live database: a `postgres://` URL, or libpq's `key=value` words.
pub fn connect(url: &str) -> Result<Client> {
    open(&conninfo(url)?)
}

pub(super) fn conninfo(url: &str) -> Result<Conninfo> {
    let mut conninfo: Conninfo = url.parse().map_err(|error| {
        Diagnostic::failed("database-url", format!("this is no database URL: {}", plain(&error)))
            .help("write it as postgres://user:password@host:5432/database")
    })?;
    let config = &mut conninfo.config;
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
    Ok(conninfo)
}

pub(super) fn open(conninfo: &Conninfo) -> Result<Client> {
    conninfo.connect().map_err(|refusal| match refusal {
        Refused::Postgres(error) => refused(&conninfo.config, &error).into(),
        Refused::Tls(problem) => {
            let address = address(&conninfo.config);
            Diagnostic::failed("tls", format!("cannot connect to {address} by TLS: {problem}")).into()
        }
    })
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
        if cause.contains("server does not support TLS") {
            return Diagnostic::failed("tls", format!("{address} does not speak TLS, which sslmode demands"))
                .help("turn `ssl` on there; over a network that you trust, write sslmode=prefer");
        }
        if error.to_string().contains("TLS handshake") {
            let problem = Diagnostic::failed("tls", format!("cannot connect to {address} by TLS: {cause}"));
            if !cause.contains("certificate") {
                return problem.help("the server must speak TLS 1.2 or 1.3: see ssl_max_protocol_version");
            }
            return problem
                .help("name the file of the authority that signed the server's certificate: sslrootcert=FILE")
                .help("sslmode=require encrypts, and asks for no proof of whom it talks to");
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
