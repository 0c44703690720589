//! `examples/bookshop`, built and run as its user would: two crates that know Planwright only from outside.

#[path = "runtime/database.rs"]
mod database;
#[path = "runtime/server.rs"]
mod server;

use server::Server;
use std::{path::Path, process::Command};

#[test]
fn it_migrates_at_start_up_and_sells_a_book() {
    let Some(server) = Server::start() else {
        eprintln!("skipped: the bookshop needs PostgreSQL's initdb and pg_ctl, and found none");
        return;
    };
    let database = server.database("bookshop");
    let host = database.folder.display().to_string().replace('/', "%2F");
    let url = format!("postgres://postgres@{host}/bookshop");
    let first = run(&url);
    assert!(first.0.ends_with("Ada bought The C Programming Language for 84.00\n1 left\n"), "{first:?}");
    assert!(first.1.contains("3 migrations applied"), "{first:?}");
    let second = run(&url);
    assert!(second.0.ends_with("1 left\n") && second.1.contains("0 migrations applied"), "{second:?}");
    // The policy: nobody but the customer sees an order.
    let mut client = database.client();
    client
        .batch_execute(
            "CREATE ROLE stranger; GRANT USAGE ON SCHEMA shop TO stranger;
             GRANT SELECT ON ALL TABLES IN SCHEMA shop TO stranger; SET ROLE stranger",
        )
        .unwrap();
    let seen: i64 = client.query_one("SELECT count(*) FROM shop.customer_order", &[]).unwrap().get(0);
    assert_eq!(seen, 0);
}

/// Its stdout and its stderr.
fn run(url: &str) -> (String, String) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bookshop");
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--locked", "--", url])
        .current_dir(example)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("bookshop"))
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "{stderr}");
    (stdout, stderr)
}
