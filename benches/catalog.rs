//! What the library takes: parsing `schema.sql`, reading a catalog, diff and order; and `pg_dump
//! --schema-only` of the same database beside the reading.
//!
//! `cargo bench --bench catalog`; `PLANWRIGHT_BENCH_TABLES` (100,1000,5000) are the sizes.
//!
//! Separate from the benchmark of commands because here nothing is started and one stage is seen at a time.

mod generate;
#[path = "../tests/servers/mod.rs"]
mod servers;

use std::{
    env, fs,
    hint::black_box,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use criterion::{BenchmarkId, Criterion};
use planwright::{catalog, diff::diff, order::order, scratch, source};
use servers::Server;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_secs(5))
        .configure_from_args();
    let Some(server) = Server::start() else { return };
    generate::ROLES.iter().for_each(|role| server.ensure_role(role));
    let sizes = env::var("PLANWRIGHT_BENCH_TABLES").unwrap_or_else(|_| "100,1000,5000".to_owned());
    for size in sizes.split(',') {
        let tables = size.trim().parse().expect("PLANWRIGHT_BENCH_TABLES is a list of numbers");
        measure_size(&mut criterion, &server, tables);
    }
    criterion.final_summary();
}

fn measure_size(criterion: &mut Criterion, server: &Arc<Server>, tables: usize) {
    let load = |changed: usize| {
        let path = server.file(&format!("catalog_{tables}_{changed}.sql"));
        fs::write(&path, generate::schema(tables, changed)).expect("the server's folder can be written to");
        let database = server.empty();
        database.run_file(&path).expect("the generated schema loads");
        (path, database)
    };
    let (path, database) = load(0);
    let mut client = scratch::connect(&database.url()).expect("the server is there");
    let mut read = || catalog::read(&mut client).expect("the catalog can be read");
    let same = read();

    let mut group = criterion.benchmark_group("catalog");
    group.bench_function(BenchmarkId::new("read", tables), |bencher| bencher.iter_with_large_drop(&mut read));
    group.bench_function(BenchmarkId::new("pg_dump", tables), |bencher| {
        let pg_dump = server.binaries.pg_dump.as_ref().expect("pg_dump is beside the server");
        bencher.iter(|| {
            let mut command = Command::new(pg_dump);
            command.args(["--schema-only", "--dbname", &database.url()]).stdout(Stdio::null());
            assert!(command.status().expect("pg_dump runs").success());
        });
    });
    group.finish();

    let (_, other) = load(tables.div_ceil(100));
    let mut client = scratch::connect(&other.url()).expect("the server is there");
    let changed = catalog::read(&mut client).expect("the catalog can be read");
    let mut group = criterion.benchmark_group("diff");
    let sides = [("no change", &same), ("1 % changed", &changed)];
    for (name, new) in sides {
        group.bench_function(BenchmarkId::new(name, tables), |bencher| {
            bencher.iter_with_large_drop(|| order(diff(black_box(&same), black_box(new))).expect("no cycle"));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("source");
    group.bench_function(BenchmarkId::new("parse", tables), |bencher| {
        bencher.iter_with_large_drop(|| {
            source::read(std::slice::from_ref(&path)).expect("the generated schema parses")
        });
    });
    group.finish();
}
