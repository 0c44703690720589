//! A connection from a URL, and the words in which to speak of it.
//!
//! Apart so that no message can ever hold a password: messages are made of the parts, not of the URL.

use super::{Error, error::Reason};
use crate::conninfo::{Conninfo, Refused};
use postgres::{Client, Config, config::Host};

/// Connects to a `postgres://` URL or a `key=value` string.
///
/// `sslmode`, `sslrootcert`, `sslcert` and `sslkey` mean what they mean to libpq, but that an authority that the system
/// knows is taken where no `sslrootcert` is named. They need the feature `tls`.
///
/// # Errors
///
/// A string that says nothing, a server that does not answer or refuses, a certificate that is not as it was to be.
pub fn connect(url: &str) -> Result<Client, Error> {
    let mut conninfo: Conninfo = url.parse().map_err(|error| {
        Error::sql("cannot understand the database URL")(error)
            .help("a URL is like postgres://user:password@host:5432/database")
    })?;
    let config = &mut conninfo.config;
    if config.get_application_name().is_none() {
        config.application_name(concat!("planwright/", env!("CARGO_PKG_VERSION")));
    }
    let shown = describe(config);
    conninfo.connect().map_err(|refused| match refused {
        Refused::Postgres(error) => Error::sql(&format!("cannot connect to {shown}"))(error),
        Refused::Tls(problem) => {
            Error::new(Reason::Connection, format!("cannot connect to {shown} by TLS: {problem}"))
        }
    })
}

/// `role@host:port/database`, as far as they are given; never the password.
fn describe(config: &Config) -> String {
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .enumerate()
        .map(|(at, host)| {
            let host = match host {
                Host::Tcp(name) => name.clone(),
                #[cfg(unix)]
                Host::Unix(folder) => folder.display().to_string(),
            };
            let port = config.get_ports().get(at).or(config.get_ports().first()).copied().unwrap_or(5432);
            format!("{host}:{port}")
        })
        .collect();
    let user = config.get_user().map_or(String::new(), |user| format!("{user}@"));
    let database = config.get_dbname().map_or(String::new(), |name| format!("/{name}"));
    format!("postgres://{user}{}{database}", hosts.join(","))
}
