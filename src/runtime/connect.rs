//! A connection from a URL, and the words in which to speak of it.
//!
//! Apart so that no message can ever hold a password: messages are made of the parts, not of the URL.

use super::{Error, error::Reason};
use postgres::{
    Client, Config, NoTls,
    config::{Host, SslMode},
};
use std::str::FromStr;

/// Connects to a `postgres://` URL or a `key=value` string.
///
/// Without TLS: a URL that demands it is refused.
pub fn connect(url: &str) -> Result<Client, Error> {
    let no_tls = || {
        Error::new(Reason::Connection, "the database URL asks for TLS (sslmode), which this version cannot do")
            .help("use sslmode=prefer or disable over a network that you trust, or connect through a local tunnel; a \
                   program that has its own TLS passes its own client to Migrator::up")
    };
    // postgres knows disable, prefer and require; libpq's other modes demand TLS too.
    if ["sslmode=verify-ca", "sslmode=verify-full"].iter().any(|mode| url.contains(mode)) {
        return Err(no_tls());
    }
    let mut config = Config::from_str(url).map_err(|error| {
        Error::sql("cannot understand the database URL")(error)
            .help("a URL is like postgres://user:password@host:5432/database")
    })?;
    if config.get_ssl_mode() == SslMode::Require {
        return Err(no_tls());
    }
    if config.get_application_name().is_none() {
        config.application_name(concat!("planwright/", env!("CARGO_PKG_VERSION")));
    }
    let shown = describe(&config);
    config.connect(NoTls).map_err(|error| Error::sql(&format!("cannot connect to {shown}"))(error))
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
