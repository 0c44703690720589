//! Folders of other tools: which files run, in which order, which part of each and in which transaction.

use super::{Test, lint, put, tests};
use crate::servers::Server;
use std::sync::Arc;

pub const TESTS: &[(&str, Test)] = tests![
    golang_migrate,
    dbmate,
    goose,
    diesel,
    sqlx,
    flyway,
    refinery,
    our_own,
    one_file_stands_on_those_before_it,
];

/// What is found in a folder of these files.
fn found(server: &Server, files: &[(&str, &str)]) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    put(folder.path(), files);
    let linted = lint(server, folder.path(), &["m", "--format", "json"]);
    (linted.rules(), linted.talk)
}

const TABLE: &str = "CREATE TABLE t (id bigint PRIMARY KEY, a integer);\n";
const CONCURRENT: &str = "CREATE INDEX CONCURRENTLY t_a ON t (a);\n";
const TWICE: &str = "CREATE INDEX CONCURRENTLY t_a ON t (a);\nCREATE INDEX CONCURRENTLY t_b ON t (a, id);\n";

fn golang_migrate(server: &Arc<Server>) {
    let files = [
        ("m/1_t.up.sql", TABLE),
        ("m/1_t.down.sql", "DROP TABLE t;"),
        // Numbers count, not letters.
        ("m/10_b.up.sql", "CREATE INDEX ON t (b);"),
        ("m/9_b.up.sql", "ALTER TABLE t ADD COLUMN b integer;"),
        // A file of one statement is in no transaction.
        ("m/11_a.up.sql", CONCURRENT),
        ("m/12_ab.up.sql", &TWICE.replace("t_", "u_")),
    ];
    let (rules, _) = found(server, &files);
    assert_eq!(rules, ["m/10_b.up.sql:1 index-not-concurrent", "m/12_ab.up.sql:1 not-in-a-transaction"]);
}

fn dbmate(server: &Arc<Server>) {
    let up = |sql: &str| format!("-- migrate:up\n{sql}\n-- migrate:down\nDROP TABLE t;\n");
    let apart = format!("-- migrate:up transaction:false\n{TWICE}-- migrate:down\n");
    let files = [
        ("m/20240101_t.sql", &*up(TABLE)),
        ("m/20240102_a.sql", &up(CONCURRENT)),
        ("m/20240103_a.sql", &apart.replace("t_", "u_")),
    ];
    assert_eq!(found(server, &files).0, ["m/20240102_a.sql:2 not-in-a-transaction"]);
}

fn goose(server: &Arc<Server>) {
    let function = "-- +goose Up\n-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql AS $$\n\
                    BEGIN RETURN 1; END $$;\n-- +goose StatementEnd\n-- +goose Down\nDROP FUNCTION f();\n";
    let table = format!("-- +goose Up\n{TABLE}-- +goose Down\nDROP TABLE t;\n");
    let inside = format!("-- +goose Up\n{CONCURRENT}");
    let apart = format!("-- +goose NO TRANSACTION\n-- +goose Up\n{}", TWICE.replace("t_", "u_"));
    let files = [
        ("m/00001_t.sql", &*table),
        ("m/00002_f.sql", function),
        ("m/00003_a.sql", &inside),
        ("m/00004_a.sql", &apart),
        ("m/00005_d.sql", "-- +goose Up\nSELECT f();\n"),
    ];
    assert_eq!(found(server, &files).0, ["m/00003_a.sql:2 not-in-a-transaction"]);
}

fn diesel(server: &Arc<Server>) {
    let files = [
        ("m/2024-01-01-000000_t/up.sql", TABLE),
        ("m/2024-01-01-000000_t/down.sql", "DROP TABLE t;"),
        ("m/2024-01-02-000000_a/up.sql", CONCURRENT),
        ("m/2024-01-03-000000_a/up.sql", &*TWICE.replace("t_", "u_")),
        ("m/2024-01-03-000000_a/metadata.toml", "run_in_transaction = false\n"),
    ];
    assert_eq!(found(server, &files).0, ["m/2024-01-02-000000_a/up.sql:1 not-in-a-transaction"]);
}

fn sqlx(server: &Arc<Server>) {
    let files = [
        ("Cargo.toml", "[package]\nname = \"shop\"\n"),
        ("m/20240101000000_t.sql", TABLE),
        ("m/20240102000000_a.sql", CONCURRENT),
        ("m/20240103000000_a.sql", &*format!("-- no-transaction\n{}", TWICE.replace("t_", "u_"))),
    ];
    assert_eq!(found(server, &files).0, ["m/20240102000000_a.sql:1 not-in-a-transaction"]);
}

fn flyway(server: &Arc<Server>) {
    let files = [
        ("m/V1__t.sql", TABLE),
        ("m/V1.10__b.sql", "CREATE INDEX ON t (b);"),
        ("m/V1.9__b.sql", "ALTER TABLE t ADD COLUMN b integer;"),
        ("m/U1__t.sql", "DROP TABLE t;"),
        ("m/R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT c FROM t;"),
        ("m/V2__c.sql", "ALTER TABLE t ADD COLUMN c integer;"),
        ("m/V3__a.sql", TWICE),
        ("m/V3__a.sql.conf", "executeInTransaction=false\n"),
    ];
    assert_eq!(found(server, &files).0, ["m/V1.10__b.sql:1 index-not-concurrent"]);
}

fn refinery(server: &Arc<Server>) {
    let files = [
        ("m/V1__t.sql", TABLE),
        ("m/V2__rust.rs", "pub fn migration() -> String { String::new() }"),
        ("m/V3__a.sql", CONCURRENT),
    ];
    let (rules, talk) = found(server, &files);
    assert_eq!(rules, ["m/V3__a.sql:1 not-in-a-transaction"]);
    assert!(talk.contains("left out: m/V2__rust.rs"), "{talk}");
}

fn our_own(server: &Arc<Server>) {
    let head = "-- planwright: 1\n-- class: additive\n-- version: 0.1\n";
    let files = [
        ("m/0001_add_t.up.sql", &*format!("{head}-- mode: transaction\n{TABLE}")),
        ("m/0001_add_t.down.sql", "DROP TABLE t;"),
        ("m/0002_add_t_a.up.sql", &format!("{head}-- mode: none\n{TWICE}")),
    ];
    assert_eq!(found(server, &files).0, [""; 0]);
}

fn one_file_stands_on_those_before_it(server: &Arc<Server>) {
    let folder = tempfile::tempdir().unwrap();
    put(
        folder.path(),
        &[
            ("m/1_t.sql", TABLE),
            ("m/2_a.sql", "CREATE INDEX ON t (a);"),
            ("m/3_b.sql", "ALTER TABLE t ADD COLUMN b json;"),
            ("m/4_c.sql", "DROP TABLE t;"),
        ],
    );
    let linted = lint(server, folder.path(), &["m/3_b.sql", "--format", "json"]);
    assert_eq!(linted.rules(), ["m/3_b.sql:1 json-column"]);
    let linted = lint(server, &folder.path().join("m"), &["2_a.sql", "--format", "json"]);
    assert_eq!(linted.rules(), ["2_a.sql:1 index-not-concurrent"]);
}
