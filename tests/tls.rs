//! Connections by libpq's modes of TLS, to a server whose certificate is for `localhost` alone.
//!
//! `tls/` holds the authority that signed it, one that did not, and a certificate for a client; all for a hundred years.

mod servers;

use std::net::TcpListener;

use planwright::{runtime, scratch};
use servers::Server;

const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/authority.pem");
const STRANGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/stranger.pem");
const CLIENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/client.pem");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/client.key");

#[test]
fn modes() {
    let free = TcpListener::bind("127.0.0.1:0").expect("the machine has a port");
    let port = free.local_addr().expect("it was bound").port();
    drop(free);
    let at = format!("port={port}");
    let mut settings = vec![
        "listen_addresses=127.0.0.1",
        &at,
        "ssl=on",
        "ssl_cert_file=server.pem",
        "ssl_key_file=server.key",
        "ssl_ca_file=authority.pem",
    ];
    let files = [
        ("server.pem", include_str!("tls/server.pem")),
        ("server.key", include_str!("tls/server.key")),
        ("authority.pem", include_str!("tls/authority.pem")),
    ];
    let Some(server) = Server::start_with(&settings, &files) else { return };

    // Encrypted? And as whom has the client shown itself?
    let seen = |host: &str, said: &str| {
        let url = format!("postgres://postgres@{host}:{port}/postgres?{said}");
        let question = "select ssl::text || ' ' || coalesce(client_dn, '') from pg_stat_ssl where pid = pg_backend_pid()";
        let ask = |mut client: postgres::Client| client.query_one(question, &[]).expect("it answers").get(0);
        let by_planner: Result<String, String> =
            scratch::connect(&url).map(ask).map_err(|problems| problems.to_string());
        let by_runtime = runtime::connect(&url).map(ask);
        assert_eq!(by_planner.as_ref().ok(), by_runtime.as_ref().ok(), "{said}");
        by_planner
    };
    let is =
        |host: &str, said: &str, wanted: &str| assert_eq!(seen(host, said).as_deref(), Ok(wanted), "{said}");
    let fails = |host: &str, said: &str, wanted: &str| {
        let problem = seen(host, said).expect_err(said);
        assert!(problem.contains(wanted), "{said}: {problem}");
    };
    is("127.0.0.1", "sslmode=disable", "false ");
    is("127.0.0.1", "sslmode=prefer", "true ");
    is("127.0.0.1", "sslmode=require", "true ");
    is("127.0.0.1", &format!("sslmode=verify-ca&sslrootcert={AUTHORITY}"), "true ");
    fails("127.0.0.1", &format!("sslmode=verify-full&sslrootcert={AUTHORITY}"), "not valid for name");
    is("localhost", &format!("sslmode=verify-full&sslrootcert={AUTHORITY}"), "true ");
    is("localhost", &format!("sslmode=require&sslcert={CLIENT}&sslkey={KEY}"), "true /CN=postgres");
    fails("localhost", &format!("sslmode=verify-full&sslrootcert={STRANGER}"), "sslrootcert=FILE");
    fails("localhost", &format!("sslmode=verify-ca&sslrootcert={STRANGER}"), "UnknownIssuer");
    fails("localhost", "sslmode=verify-ca&sslrootcert=/nowhere.pem", "/nowhere.pem");
    fails("localhost", &format!("sslmode=require&sslcert={CLIENT}"), "sslcert is given without sslkey");
    fails("localhost", "sslmode=sure", "sslmode");
    // libpq looks at no sslmode on a socket of the machine.
    let socket = format!("{}?sslmode=verify-full", server.url("postgres"));
    assert!(scratch::connect(&socket).is_ok());

    // A server whose TLS nobody speaks any more.
    drop(server);
    settings.extend(["ssl_min_protocol_version=TLSv1", "ssl_max_protocol_version=TLSv1"]);
    let Some(server) = Server::start_with(&settings, &files) else { return };
    is("127.0.0.1", "sslmode=prefer", "false ");
    fails("127.0.0.1", "sslmode=require", "TLS");
    drop(server);
}
