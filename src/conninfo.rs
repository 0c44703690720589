//! Connection strings, and connections by them: libpq's words for TLS, of which `postgres` knows half.
//!
//! Apart from those who connect because the words mean the same for all of them.

#[cfg(feature = "tls")]
mod tls;

use std::{env, str::FromStr};

use postgres::{
    Client, Config, NoTls,
    config::{Host, SslMode},
};

/// What a `postgres://` URL or a `key=value` string says.
#[derive(Clone)]
pub(crate) struct Conninfo {
    pub config: Config,
    #[cfg_attr(not(feature = "tls"), allow(dead_code, reason = "nobody shows a certificate"))]
    tls: Tls,
}

/// How far the server's certificate is looked at, and where the files are that PEM is read from.
#[derive(Clone, Default)]
#[cfg_attr(not(feature = "tls"), allow(dead_code, reason = "nobody shows a certificate"))]
struct Tls {
    check: Check,
    /// Whose word is taken for a server's; the system's list where it says `system` or nothing.
    sslrootcert: Option<String>,
    sslcert: Option<String>,
    sslkey: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Check {
    #[default]
    Nothing,
    /// That an authority has signed it.
    Chain,
    /// That it is this server's, too.
    Name,
}

/// Why there is no connection.
pub(crate) enum Refused {
    Postgres(postgres::Error),
    /// What is wrong here, before the server was asked.
    Tls(String),
}

impl From<postgres::Error> for Refused {
    fn from(error: postgres::Error) -> Refused {
        Refused::Postgres(error)
    }
}

impl From<Config> for Conninfo {
    fn from(config: Config) -> Conninfo {
        Conninfo { config, tls: Tls::default() }
    }
}

impl FromStr for Conninfo {
    type Err = postgres::Error;

    fn from_str(text: &str) -> Result<Conninfo, postgres::Error> {
        let (rest, mut said) = taken(text);
        let variables = [
            ("sslmode", "PGSSLMODE"),
            ("sslrootcert", "PGSSLROOTCERT"),
            ("sslcert", "PGSSLCERT"),
            ("sslkey", "PGSSLKEY"),
        ];
        let mut word = |name: &str| {
            let at = said.iter().rposition(|(said, _)| said == name);
            let (_, variable) = variables.iter().find(|(word, _)| *word == name).expect("it is one of them");
            at.map(|at| said.swap_remove(at).1)
                .or_else(|| env::var(variable).ok())
                .filter(|it| !it.is_empty())
        };
        let mut config: Config = rest.parse()?;
        let check = match word("sslmode").as_deref() {
            Some("verify-full") => Check::Name,
            Some("verify-ca") => Check::Chain,
            // It would rather be read by others than not connect.
            Some("allow") | None => Check::Nothing,
            Some(mode) => {
                config.ssl_mode(format!("sslmode={mode}").parse::<Config>()?.get_ssl_mode());
                Check::Nothing
            }
        };
        if check != Check::Nothing {
            config.ssl_mode(SslMode::Require);
        }
        let tls =
            Tls { check, sslrootcert: word("sslrootcert"), sslcert: word("sslcert"), sslkey: word("sslkey") };
        Ok(Conninfo { config, tls })
    }
}

impl Conninfo {
    /// Connects, as far from the eyes of others as the string wants it.
    pub fn connect(&self) -> Result<Client, Refused> {
        let mut config = self.config.clone();
        // Nobody is between the two ends of a socket of this machine: libpq asks for no TLS there, either.
        let local = |host: &Host| matches!(host, Host::Unix(_));
        if !config.get_hosts().is_empty() && config.get_hosts().iter().all(local) {
            config.ssl_mode(SslMode::Disable);
        }
        match config.get_ssl_mode() {
            SslMode::Disable => Ok(config.connect(NoTls)?),
            #[cfg(feature = "tls")]
            mode => {
                let encrypted = config.connect(self.tls.connector().map_err(Refused::Tls)?);
                match encrypted {
                    // As libpq does, where the two share no version of TLS.
                    Err(error) if mode == SslMode::Prefer && error.to_string().contains("TLS handshake") => {
                        Ok(config.ssl_mode(SslMode::Disable).connect(NoTls)?)
                    }
                    result => Ok(result?),
                }
            }
            #[cfg(not(feature = "tls"))]
            SslMode::Require => Err(Refused::Tls("it was built without its feature `tls`".into())),
            #[cfg(not(feature = "tls"))]
            _ => Ok(config.connect(NoTls)?),
        }
    }
}

/// What `postgres` does not know, or knows half of.
const OURS: [&str; 4] = ["sslmode", "sslrootcert", "sslcert", "sslkey"];

/// A connection string without the words that are ours, and those with their values.
fn taken(text: &str) -> (String, Vec<(String, String)>) {
    let is_url = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
    let (mut rest, mut ours) = (Vec::new(), Vec::new());
    if !is_url {
        for (text, key, value) in words(text) {
            if OURS.contains(&&*key) { ours.push((key, value)) } else { rest.push(text) }
        }
        return (rest.join(" "), ours);
    }
    let Some((server, query)) = text.split_once('?') else { return (text.to_string(), ours) };
    for pair in query.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned();
        if OURS.contains(&key) { ours.push((key.to_string(), value)) } else { rest.push(pair) }
    }
    let question = if rest.is_empty() { "" } else { "?" };
    (format!("{server}{question}{}", rest.join("&")), ours)
}

/// The words of `key = 'value' key=value`: each as written, its key and its value. Where that is none, all that is left
/// is one word: `postgres` says what is wrong.
fn words(text: &str) -> Vec<(&str, String, String)> {
    let mut words = Vec::new();
    let mut left = text.trim_start();
    while !left.is_empty() {
        let Some((key, after)) = left.split_once('=') else {
            words.push((left, String::new(), String::new()));
            break;
        };
        let after = after.trim_start();
        let quoted = after.strip_prefix('\'');
        let (mut value, mut end, mut escaped) = (String::new(), None, false);
        for (at, character) in quoted.unwrap_or(after).char_indices() {
            match character {
                _ if escaped => escaped = false,
                '\\' => {
                    escaped = true;
                    continue;
                }
                '\'' if quoted.is_some() => end = Some(at + 2),
                _ if quoted.is_none() && character.is_whitespace() => end = Some(at),
                _ => {}
            }
            if end.is_some() {
                break;
            }
            value.push(character);
        }
        let (_, next) = after.split_at(end.unwrap_or(after.len()));
        words.push((&left[..left.len() - next.len()], key.trim().to_string(), value));
        left = next.trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{Check, Conninfo, taken};
    use postgres::config::SslMode;

    fn read(text: &str) -> (SslMode, Check) {
        let conninfo: Conninfo = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        (conninfo.config.get_ssl_mode(), conninfo.tls.check)
    }

    #[test]
    fn libpq_s_modes() {
        assert_eq!(read("postgres://a@b/c?sslmode=disable"), (SslMode::Disable, Check::Nothing));
        assert_eq!(read("postgres://a@b/c?sslmode=allow"), (SslMode::Prefer, Check::Nothing));
        assert_eq!(read("postgresql://a@b/c"), (SslMode::Prefer, Check::Nothing));
        assert_eq!(read("host=b sslmode=require user=a"), (SslMode::Require, Check::Nothing));
        assert_eq!(read("host=b sslmode = 'verify-ca'"), (SslMode::Require, Check::Chain));
        assert_eq!(read("postgres://a@b/c?sslmode=verify-full"), (SslMode::Require, Check::Name));
    }

    #[test]
    fn an_unknown_mode_is_an_error() {
        assert!("postgres://a@b/c?sslmode=verify".parse::<Conninfo>().is_err());
        assert!("host=b sslmode=never".parse::<Conninfo>().is_err());
    }

    #[test]
    fn what_is_ours_is_taken_out() {
        let (rest, ours) = taken("postgres://a:p%40@b/c?sslrootcert=%2Fx%20y.pem&application_name=z");
        assert_eq!(rest, "postgres://a:p%40@b/c?application_name=z");
        assert_eq!(ours, [("sslrootcert".to_string(), "/x y.pem".to_string())]);
        let (rest, ours) = taken(r"host=b password = 'a \' sslkey=no' sslcert='c d' port=1 sslkey=e\ f");
        assert_eq!(rest, r"host=b password = 'a \' sslkey=no' port=1");
        let ours: Vec<_> = ours.iter().map(|(key, value)| (&**key, &**value)).collect();
        assert_eq!(ours, [("sslcert", "c d"), ("sslkey", "e f")]);
    }
}
