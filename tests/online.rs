//! Plans that run while programs use the tables: nobody is stopped for long, and nothing that they wrote is lost.
//!
//! Separate because it takes a server, many rows and several programs at once.

mod servers;

use postgres::{Client, NoTls};
use servers::{Project, Server, Test, run, tests};
use std::{
    fs,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

fn main() -> ExitCode {
    run(TESTS)
}

const TESTS: &[(&str, Test)] = tests![
    programs_go_on_while_a_big_table_changes,
    what_replaces_a_foreign_key_is_validated_later,
    partitions_have_a_foreign_key_before_the_whole_has,
    rows_that_are_in_the_way_are_counted_in_the_database,
    an_index_that_failed_is_built_the_next_time,
    what_replaces_a_key_is_built_before,
    a_partition_is_detached_while_people_read,
    a_plan_for_an_older_server_uses_what_that_has,
    a_partition_is_detached_before_it_is_dropped,
    triggers_see_the_rows_that_are_filled,
    a_column_has_two_names_until_the_old_program_is_gone,
    a_table_has_two_names_until_the_old_program_is_gone,
    what_is_dropped_waits_for_the_old_program,
    a_column_has_two_types_until_the_old_program_is_gone,
    tables_change_their_types_one_after_another,
    what_uses_a_column_moves_to_its_twin_at_once,
    a_key_moves_to_its_twin_with_what_references_it,
    what_partitions_have_too_has_no_twin,
    what_guards_rows_is_not_moved_to_a_twin_without_them,
    what_has_no_twin_is_written_anew_apart_from_what_has,
    a_publication_names_the_twin_when_it_takes_its_place,
    rows_that_nothing_fills_are_told,
    an_interrupted_backfill_goes_on_where_it_was,
    a_table_that_a_database_knows_to_be_small_is_changed_at_once,
];

const SHOP: &str = "
CREATE TABLE customer (id integer PRIMARY KEY);
CREATE TABLE sale (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer integer, code text, note text, kind varchar(10) CHECK (kind <> '')
);
CREATE INDEX sale_code ON sale (code);
CREATE INDEX sale_kind ON sale (lower(kind));
";

/// How many rows the table has that changes under load.
const ROWS: i32 = 1_000_000;

fn programs_go_on_while_a_big_table_changes(server: &Arc<Server>) {
    let project = Project::new(server, SHOP);
    project.up();
    let fill = format!(
        "INSERT INTO customer SELECT generate_series(1, 100);
         INSERT INTO sale (customer, code, note, kind) SELECT 1 + i % 100, 'c' || i, 'n', 'k' || i % 9 FROM generate_series(1, {ROWS}) i"
    );
    project.database.run(&fill).unwrap();
    let changed = "
        CREATE DOMAIN percent AS integer CHECK (VALUE BETWEEN 0 AND 100);
        CREATE TABLE customer (id integer PRIMARY KEY);
        CREATE TABLE sale (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            customer integer NOT NULL REFERENCES customer,
            code text CHECK (code <> ''),
            note text,
            discount percent NOT NULL DEFAULT 0,
            kind varchar(20) CHECK (kind <> ''),
            token uuid NOT NULL DEFAULT gen_random_uuid(),
            number bigint GENERATED ALWAYS AS IDENTITY,
            UNIQUE (code)
        );
        CREATE INDEX sale_code ON sale (lower(code));
        CREATE INDEX sale_kind ON sale (lower(kind));
        CREATE INDEX sale_customer ON sale (customer)";
    project.plan(changed, &[]).ends(0);

    let stop = Arc::new(AtomicBool::new(false));
    let program = |writer: i32| {
        let (stop, url) = (stop.clone(), project.url.clone());
        thread::spawn(move || {
            let mut client = Client::connect(&url, NoTls).unwrap();
            // Who waits for a lock for so long has an error, and the test fails.
            client.batch_execute("SET lock_timeout = '1s'").unwrap();
            let mut ledger = Vec::new();
            let mut at = 0;
            while !stop.load(Ordering::Relaxed) {
                at += 1;
                let code = format!("w{writer}-{at}");
                let insert = "INSERT INTO sale (customer, code, note) VALUES ($1, $2, 'new') RETURNING id";
                let id: i64 = client.query_one(insert, &[&(1 + at % 100), &code]).unwrap().get(0);
                let note = format!("{at}");
                client.execute("UPDATE sale SET note = $2 WHERE id = $1", &[&id, &note]).unwrap();
                let old = 1 + i64::from(writer) * 100_000 + i64::from(at) % 50_000;
                client.execute("UPDATE sale SET note = 'seen' WHERE id = $1", &[&old]).unwrap();
                client.query("SELECT customer, code FROM sale WHERE id = $1", &[&old]).unwrap();
                ledger.push((id, code, note));
            }
            ledger
        })
    };
    let programs: Vec<_> = (1..=3).map(program).collect();
    let ran = project.migrate(&["up"]);
    stop.store(true, Ordering::Relaxed);
    let ledgers: Vec<_> =
        programs.into_iter().map(|program| program.join().expect("no statement failed")).collect();
    ran.ends(0);

    let mut client = Client::connect(&project.url, NoTls).unwrap();
    let mut written = 0;
    for (id, code, note) in ledgers.into_iter().flatten() {
        let row = client.query_one("SELECT code, note FROM sale WHERE id = $1", &[&id]).unwrap();
        assert_eq!((row.get::<_, String>(0), row.get::<_, String>(1)), (code, note));
        written += 1;
    }
    assert!(written > 0, "the programs wrote nothing meanwhile");
    let count: i64 = client.query_one("SELECT count(*) FROM sale", &[]).unwrap().get(0);
    assert_eq!(count, i64::from(ROWS) + written);
    let numbers: i64 = client.query_one("SELECT count(DISTINCT number) FROM sale", &[]).unwrap().get(0);
    assert_eq!(numbers, count);
    let unfilled: i64 =
        client.query_one("SELECT count(*) FROM sale WHERE token IS NULL", &[]).unwrap().get(0);
    assert_eq!(unfilled, 0);
    assert!(project.plan(changed, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
}

fn what_replaces_a_foreign_key_is_validated_later(server: &Arc<Server>) {
    let shop = |key: &str| {
        format!(
            "CREATE TABLE customer (id integer PRIMARY KEY);
             CREATE TABLE sale (id integer PRIMARY KEY, customer integer REFERENCES customer{key});"
        )
    };
    let project = Project::new(server, &shop(""));
    project.up();
    project.database.run("INSERT INTO customer VALUES (1); INSERT INTO sale VALUES (1, 1)").unwrap();
    let cascading = shop(" ON DELETE CASCADE");
    project.plan(&cascading, &["--allow-breaking"]).ends(0);
    let (first, second) = (project.text("0002"), project.text("0003"));
    let together =
        first.contains("DROP CONSTRAINT") && first.contains("NOT VALID") && !first.contains("VALIDATE");
    assert!(together && second.contains("VALIDATE CONSTRAINT"), "{first}{second}");
    project.up();
    assert!(project.plan(&cascading, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
}

fn what_replaces_a_key_is_built_before(server: &Arc<Server>) {
    let shop = "CREATE TABLE sale (id integer, part integer NOT NULL, code text, PRIMARY KEY (id), CONSTRAINT coded UNIQUE (code));
        CREATE TABLE line (sale integer REFERENCES sale (id));
        COMMENT ON CONSTRAINT coded ON sale IS 'once';";
    let project = Project::new(server, shop);
    project.up();
    project
        .database
        .run("INSERT INTO sale VALUES (1, 1, 'a'), (2, 1, 'b'); INSERT INTO line VALUES (1)")
        .unwrap();
    let longer = shop
        .replace(
            "PRIMARY KEY (id), CONSTRAINT coded UNIQUE (code)",
            "PRIMARY KEY (id, part), CONSTRAINT coded UNIQUE (code, part)",
        )
        .replace("REFERENCES sale (id)", "")
        .replace(
            "line (sale integer",
            "line (sale integer, part integer, FOREIGN KEY (sale, part) REFERENCES sale (id, part)",
        );
    project.plan(&longer, &["--allow-breaking"]).ends(0);
    let migrations = ["0004", "0005", "0006"].map(|number| project.text(number));
    let swap = migrations.iter().find(|text| text.contains("DROP CONSTRAINT sale_pkey")).unwrap();
    assert!(
        swap.contains("DROP CONSTRAINT sale_pkey")
            && swap.contains("PRIMARY KEY USING INDEX sale_pkey_planwright_after"),
        "{swap}"
    );
    assert!(!swap.contains("CREATE") && !swap.contains("scans:"), "{swap}");
    project.up();
    assert!(project.database.run("INSERT INTO sale VALUES (1, 1, 'c')").is_err());
    project.database.run("INSERT INTO sale VALUES (1, 2, 'c')").unwrap();
    assert!(project.plan(&longer, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
    // One of a column that changes with it cannot be.
    let other = longer
        .replace("part integer NOT NULL", "part bigint NOT NULL")
        .replace("(id, part), C", "(part, id), C");
    let said = project.plan(&other, &["--allow-breaking", "--dry-run"]).ends(0).talk;
    assert!(said.contains("ADD CONSTRAINT sale_pkey PRIMARY KEY (part, id)"), "{said}");
}

fn partitions_have_a_foreign_key_before_the_whole_has(server: &Arc<Server>) {
    let shop = |key: &str| {
        format!(
            "CREATE TABLE customer (id integer PRIMARY KEY);
             -- @runtime-partitions
             CREATE TABLE visit (on_day date, customer integer{key}) PARTITION BY RANGE (on_day);
             CREATE TABLE visit_1 PARTITION OF visit FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');"
        )
    };
    let project = Project::new(server, &shop(""));
    project.up();
    let made = "CREATE TABLE visit_2 PARTITION OF visit FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        INSERT INTO customer VALUES (1); INSERT INTO visit VALUES ('2024-05-05', 1), ('2025-05-05', 2)";
    project.database.run(made).unwrap();
    let keyed = shop(" REFERENCES customer");
    project.plan(&keyed, &[]).ends(0);
    let failed = project.migrate(&["up"]);
    assert_ne!(failed.code, Some(0), "{}", failed.talk);
    project.database.run("DELETE FROM visit WHERE customer = 2").unwrap();
    project.up();
    let valid = "SELECT concat_ws(' ', conrelid::regclass, convalidated) FROM pg_constraint
        WHERE contype = 'f' AND confrelid = 'customer'::regclass ORDER BY 1";
    assert_eq!(query(&project, valid), ["visit t", "visit_1 t", "visit_2 t"]);
    assert!(project.plan(&keyed, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
}

fn rows_that_are_in_the_way_are_counted_in_the_database(server: &Arc<Server>) {
    let project = Project::new(server, SHOP);
    project.up();
    project.database.run("INSERT INTO sale (note) VALUES ('a'), (''), ('')").unwrap();
    let checked = SHOP.replace("note text", "note text CHECK (note <> '')");
    let said = project.plan(&checked, &["--database", &project.url]).ends(1).talk;
    assert!(
        said.contains("2 rows of the database are in its way") && said.contains("SELECT * FROM"),
        "{said}"
    );
    project.database.run("DELETE FROM sale WHERE note = ''").unwrap();
    let said = project.plan(&checked, &["--database", &project.url]).ends(0).talk;
    assert!(said.contains("additive") && said.contains("the database has no row in the way of"), "{said}");
    assert!(project.text("0002").contains("\n--      found: no row\n"), "{}", project.text("0002"));
    project.up();
}

fn an_index_that_failed_is_built_the_next_time(server: &Arc<Server>) {
    let project = Project::new(server, SHOP);
    project.up();
    project.database.run("INSERT INTO sale (code) VALUES ('a'), ('a')").unwrap();
    let unique = SHOP.replace("code text", "code text UNIQUE");
    project.plan(&unique, &[]).ends(0);
    let built = project.text("0002");
    assert!(built.contains("CREATE UNIQUE INDEX CONCURRENTLY"), "{built}");
    assert!(built.contains("lock: SHARE UPDATE EXCLUSIVE on public.sale"), "{built}");
    assert!(built.contains("scans: public.sale"), "{built}");
    let failed = project.migrate(&["up"]);
    assert_ne!(failed.code, Some(0), "{}", failed.talk);
    project.database.run("DELETE FROM sale WHERE id = 2").unwrap();
    project.up();
    assert!(project.plan(&unique, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
}

fn a_partition_is_detached_while_people_read(server: &Arc<Server>) {
    let major: u32 = server.binaries.major;
    let day = |bound: &str| {
        format!(
            "CREATE TABLE day (on_day date, visits integer) PARTITION BY RANGE (on_day);
             CREATE TABLE day_1 (on_day date, visits integer);
             CREATE TABLE day_2 PARTITION OF day FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');{bound}"
        )
    };
    let attached = "ALTER TABLE day ATTACH PARTITION day_1 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');";
    let project = Project::new(server, &day(attached));
    project.up();
    project.database.run("INSERT INTO day VALUES ('2024-05-05', 1), ('2025-05-05', 2)").unwrap();
    project.plan(&day(""), &["--allow-breaking"]).ends(0);
    assert_eq!(project.text("0002").contains("DETACH PARTITION public.day_1 CONCURRENTLY"), major >= 14);
    if major >= 14 {
        let mut reader = Client::connect(&project.url, NoTls).unwrap();
        reader.batch_execute("BEGIN; SELECT * FROM day").unwrap();
        let waits = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE % CONCURRENTLY'
            AND wait_event_type = 'Lock' AND datname = current_database()";
        let failed = thread::scope(|scope| {
            let run = scope.spawn(|| project.migrate(&["up"]));
            while query(&project, &format!("SELECT count(*)::text FROM ({waits}) s")) == ["0"] {
                thread::sleep(std::time::Duration::from_millis(50));
                assert!(!run.is_finished(), "it did not wait for the reader");
            }
            run.join().unwrap()
        });
        assert_ne!(failed.code, Some(0), "{}", failed.talk);
        // A killed run has taken the rows away; the next completes it.
        assert_eq!(query(&project, "SELECT count(*)::text FROM day"), ["1"]);
        reader.batch_execute("COMMIT").unwrap();
    }
    project.up();
    assert_eq!(
        query(&project, "SELECT count(*)::text FROM pg_inherits WHERE inhrelid = 'day_1'::regclass"),
        ["0"]
    );
    assert!(project.plan(&day(""), &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
    // PostgreSQL refuses it beside a default partition.
    let rest = "CREATE TABLE day_rest PARTITION OF day DEFAULT;";
    project.plan(&day(&format!("{attached}{rest}")), &[]).ends(0);
    project.plan(&day(rest), &["--allow-breaking", "--name", "detach_again"]).ends(0);
    assert!(!project.text("detach_again").contains("CONCURRENTLY"));
}

fn a_plan_for_an_older_server_uses_what_that_has(server: &Arc<Server>) {
    let major: u32 = server.binaries.major;
    let schema = |required: &str, rest: &str| {
        format!(
            "CREATE TABLE day (on_day date, visits integer) PARTITION BY RANGE (on_day);
             CREATE TABLE day_1 (on_day date, visits integer);
             CREATE TABLE visitor (id integer PRIMARY KEY, name text {required});{rest}"
        )
    };
    let attached = "ALTER TABLE day ATTACH PARTITION day_1 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');";
    let project = Project::new(server, &schema("", attached));
    project.setting("postgresql = 13");
    let newer = "CREATE TABLE one (id integer, UNIQUE NULLS NOT DISTINCT (id));";
    if major >= 15 {
        let said = project.plan(&schema("", newer), &[]).ends(2).talk;
        assert!(
            said.contains("migrations must run on PostgreSQL 13, which has no NULLS NOT DISTINCT"),
            "{said}"
        );
        assert!(said.contains("it exists since PostgreSQL 15"), "{said}");
    }
    project.plan(&schema("NOT NULL", ""), &["--allow-breaking", "--name", "older"]).ends(0);
    let mut all = String::new();
    for file in fs::read_dir(project.root().join("generated/migrations")).unwrap() {
        all += &fs::read_to_string(file.unwrap().path()).unwrap();
    }
    assert!(all.contains("DETACH PARTITION public.day_1;"), "{all}");
    assert!(all.contains("visitor_name_planwright_not_null CHECK"), "{all}");
    assert!(!all.contains("CONCURRENTLY") && !all.contains("NOT NULL name NOT VALID"), "{all}");
    project.up();
    assert!(project.plan(&schema("NOT NULL", ""), &["--check"]).ends(0).talk.contains("nothing to do"));
}

fn a_partition_is_detached_before_it_is_dropped(server: &Arc<Server>) {
    let days = "CREATE TABLE day (on_day date, visits integer) PARTITION BY RANGE (on_day);
        CREATE TABLE day_1 PARTITION OF day FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
        CREATE TABLE day_2 PARTITION OF day FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        CREATE INDEX day_visits ON day (visits);";
    let project = Project::new(server, days);
    project.up();
    project.database.run("INSERT INTO day VALUES ('2024-05-05', 1), ('2025-05-05', 2)").unwrap();
    let fewer: String = days.lines().filter(|line| !line.contains("day_1")).collect();
    project.plan(&fewer, &["--allow-breaking"]).ends(0);
    let concurrently = server.binaries.major >= 14;
    let (first, last) = (project.text("0002"), project.text(if concurrently { "0003" } else { "0002" }));
    assert_eq!(first.contains("DETACH PARTITION public.day_1 CONCURRENTLY"), concurrently, "{first}");
    assert!(last.contains("CALL planwright.discard('public.day_1'"), "{last}");
    assert_eq!(last.contains("EXCLUSIVE on public.day,"), !concurrently, "{last}");
    project.up();
    assert!(project.plan(&fewer, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
    // Its neighbour stays where it is, both ways.
    let down = project.root().join("generated/migrations");
    let downs = std::fs::read_dir(down).unwrap().map(|file| file.unwrap().path());
    let downs = downs.filter(|path| path.to_str().unwrap().ends_with(".down.sql"));
    let downs: String = downs.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert!(downs.contains("ATTACH PARTITION public.day_1") && !downs.contains("day_2 "), "{downs}");
    project.undo_to_first();
    assert_eq!(query(&project, "SELECT visits::text FROM day ORDER BY 1"), ["1", "2"]);
}

fn triggers_see_the_rows_that_are_filled(server: &Arc<Server>) {
    let users = "CREATE TABLE users (id integer PRIMARY KEY, touched timestamptz NOT NULL DEFAULT now());
        CREATE TABLE audit (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, what text NOT NULL);
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN NEW.touched := clock_timestamp(); RETURN NEW; END $$;
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO audit (what) VALUES (TG_OP); RETURN NULL; END $$;
        CREATE TRIGGER touches BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
        CREATE TRIGGER notes AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION note();";
    let project = Project::new(server, users);
    project.up();
    project.database.run("INSERT INTO users (id) VALUES (1), (2)").unwrap();
    let token = users.replacen(");", ", token uuid NOT NULL DEFAULT gen_random_uuid());", 1);
    project.plan(&token, &[]).ends(0);
    let told = project.text("0003");
    assert!(told.contains("a few at a time; triggers change public.audit, public.users"), "{told}");
    project.up();
    let seen = "SELECT count(*) || ' ' || (SELECT count(token) FROM users) FROM audit";
    assert_eq!(query(&project, seen), ["2 2"]);
}

const USERS: &str = "CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);
CREATE INDEX users_name ON users (name);
";
const PEOPLE: &str = "CREATE TABLE users (
    id integer PRIMARY KEY,
    full_name text NOT NULL -- @renamed from=name
);
CREATE INDEX users_name ON users (full_name);
";

fn a_column_has_two_names_until_the_old_program_is_gone(server: &Arc<Server>) {
    let project = Project::new(server, USERS);
    project.up();
    project.database.run("INSERT INTO users VALUES (1, 'Ada')").unwrap();
    project.plan(PEOPLE, &[]).ends(1);
    let said = project.plan(PEOPLE, &["--expand"]).ends(0).talk;
    assert!(said.contains("this waits") && said.contains("plan -- --contract"), "{said}");
    assert!(!said.contains("breaking"), "{said}");
    project.up();

    let old = "INSERT INTO users (id, name) VALUES (2, 'Bo'); UPDATE users SET name = 'Ada L' WHERE id = 1";
    project.database.run(old).unwrap();
    let new =
        "INSERT INTO users (id, full_name) VALUES (3, 'Cy'); UPDATE users SET full_name = 'Bob' WHERE id = 2";
    project.database.run(new).unwrap();
    let rows = "SELECT concat_ws(' ', id, name, full_name) FROM users ORDER BY id";
    assert_eq!(query(&project, rows), ["1 Ada L Ada L", "2 Bob Bob", "3 Cy Cy"]);

    let said = project.plan(PEOPLE, &["--check"]).ends(0).talk;
    assert!(said.contains("--contract"), "{said}");
    project.plan(PEOPLE, &[]).ends(0);
    project.plan(PEOPLE, &["--contract"]).ends(0);
    project.up();
    assert_eq!(
        query(&project, "SELECT concat_ws(' ', id, full_name) FROM users ORDER BY id"),
        ["1 Ada L", "2 Bob", "3 Cy"]
    );
    let said = project.plan(PEOPLE, &["--check"]).ends(0).talk;
    assert!(!said.contains("--contract"), "{said}");
    assert!(project.plan(PEOPLE, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
    // The way back gives the old name what the new one holds, what was written last too.
    project.database.run("UPDATE users SET full_name = 'Cyd' WHERE id = 3").unwrap();
    project.undo_to_first();
    let rows = "SELECT concat_ws(' ', id, name) FROM users ORDER BY id";
    assert_eq!(query(&project, rows), ["1 Ada L", "2 Bob", "3 Cyd"]);
}

fn a_table_has_two_names_until_the_old_program_is_gone(server: &Arc<Server>) {
    let project = Project::new(server, USERS);
    project.up();
    project.database.run("INSERT INTO users VALUES (1, 'Ada')").unwrap();
    let renamed = format!("-- @renamed from=users\n{}", USERS.replace("users", "people"));
    project.plan(&renamed, &["--expand"]).ends(0);
    let first = project.text("0002");
    assert!(first.contains("RENAME TO people") && first.contains("CREATE VIEW public.users"), "{first}");
    project.up();
    project.database.run("INSERT INTO users VALUES (2, 'Bo'); INSERT INTO people VALUES (3, 'Cy')").unwrap();
    project
        .database
        .run("UPDATE users SET name = 'C' WHERE id = 3; DELETE FROM people WHERE id = 1")
        .unwrap();
    for table in ["users", "people"] {
        let rows = format!("SELECT concat_ws(' ', id, name) FROM {table} ORDER BY id");
        assert_eq!(query(&project, &rows), ["2 Bo", "3 C"]);
    }
    project.plan(&renamed, &["--contract"]).ends(0);
    project.up();
    assert!(project.plan(&renamed, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
}

fn what_is_dropped_waits_for_the_old_program(server: &Arc<Server>) {
    let project = Project::new(server, USERS);
    project.up();
    let without = "CREATE TABLE users (id integer PRIMARY KEY, email text);";
    project.plan(without, &["--no-renames", "--expand"]).ends(0);
    project.up();
    // The old program names the column, the new one does not.
    project.database.run("INSERT INTO users (id, name) VALUES (1, 'Ada')").unwrap();
    project.database.run("INSERT INTO users (id, email) VALUES (2, 'b@x')").unwrap();
    project.plan(without, &["--no-renames", "--contract"]).ends(0);
    project.up();
    assert!(project.plan(without, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
}

const COUNTS: &str = "CREATE TABLE page (
    id integer PRIMARY KEY,
    hits integer NOT NULL DEFAULT 7 CHECK (hits >= 0),
    CHECK (hits < 1000000 OR id > 0)
);
CREATE INDEX page_hits ON page (hits);
CREATE INDEX page_many ON page (id) WHERE hits > 100;
CREATE VIEW popular AS SELECT id FROM page WHERE id > 0;
COMMENT ON COLUMN page.hits IS 'how often';
";

fn a_column_has_two_types_until_the_old_program_is_gone(server: &Arc<Server>) {
    let project = Project::new(server, COUNTS);
    project.up();
    project.database.run("INSERT INTO page VALUES (1, 10), (2, 20)").unwrap();
    let wide = COUNTS.replace("hits integer", "hits bigint");
    project.plan(&wide, &[]).ends(1);
    let said = project.plan(&wide, &["--expand"]).ends(0).talk;
    assert!(said.contains("~ column public.page.hits") && !said.contains("breaking"), "{said}");
    project.up();

    let both =
        || query(&project, "SELECT concat_ws(' ', id, hits, hits_planwright_after) FROM page ORDER BY id");
    assert_eq!(both(), ["1 10 10", "2 20 20"]);
    let old = "INSERT INTO page (id, hits) VALUES (3, 30); INSERT INTO page (id) VALUES (4);
        UPDATE page SET hits = 11 WHERE id = 1";
    project.database.run(old).unwrap();
    project.database.run("UPDATE page SET hits_planwright_after = 21 WHERE id = 2").unwrap();
    assert_eq!(both(), ["1 11 11", "2 21 21", "3 30 30", "4 7 7"]);
    assert!(project.database.run("INSERT INTO page VALUES (5, -1)").is_err());

    assert!(project.plan(&wide, &["--check"]).ends(0).talk.contains("--contract"));
    assert!(project.plan(&wide, &[]).ends(0).talk.contains("nothing to do now"));
    project.plan(&wide, &["--contract"]).ends(0);
    let contract: String = (1..30).map_while(|number| project.find(&format!("{number:04}"))).collect();
    let swap = contract.split("-- planwright: ").find(|text| text.contains("RENAME COLUMN")).unwrap();
    assert!(swap.contains("DROP TRIGGER") && swap.contains("SET DEFAULT 7"), "{swap}");
    let node = "SELECT relfilenode::text FROM pg_class WHERE relname IN ('page', 'page_hits', 'page_many') ORDER BY relname";
    let before = query(&project, node);
    project.up();
    assert_eq!(query(&project, node), before, "nothing was written anew");
    let new = "INSERT INTO page (id, hits) VALUES (5, 5000000000); INSERT INTO page (id) VALUES (6)";
    project.database.run(new).unwrap();
    let rows = "SELECT concat_ws(' ', id, hits) FROM page ORDER BY id";
    assert_eq!(query(&project, rows), ["1 11", "2 21", "3 30", "4 7", "5 5000000000", "6 7"]);
    assert!(!project.plan(&wide, &["--check"]).ends(0).talk.contains("--contract"));
    assert!(project.plan(&wide, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
}

fn tables_change_their_types_one_after_another(server: &Arc<Server>) {
    let three = "CREATE TABLE a (id integer PRIMARY KEY, n integer NOT NULL, m integer DEFAULT 1);
        CREATE TABLE b (id integer PRIMARY KEY, n integer CHECK (n > 0));
        CREATE TABLE c (id integer PRIMARY KEY, n integer);
        CREATE INDEX c_n ON c (n);
        CREATE TABLE d (n integer);";
    let project = Project::new(server, three);
    project.up();
    let fill = "INSERT INTO a VALUES (1, 2, 3); INSERT INTO b VALUES (1, 2); INSERT INTO c VALUES (1, 2)";
    project.database.run(fill).unwrap();
    let (begin, end) = three.split_once("CREATE TABLE d").unwrap();
    let wide = begin.replace(" n integer", " n bigint").replace("m integer", "m bigint");
    let without = format!("{wide}CREATE TABLE e{end}");
    project.plan(&without, &["--expand", "--no-renames"]).ends(0);
    project.up();
    project.plan(&without, &["--contract", "--no-renames"]).ends(0);
    let texts = (2..20).map_while(|number| project.find(&format!("{number:04}")));
    let swaps: Vec<String> = texts.filter(|text| text.contains("RENAME COLUMN")).collect();
    assert_eq!(swaps.len(), 3);
    for (swap, table) in swaps.iter().zip(["a", "b", "c"]) {
        let strong = swap.lines().filter(|line| line.contains("lock: ACCESS EXCLUSIVE on public."));
        let others =
            strong.filter(|line| !line.contains(&format!("lock: ACCESS EXCLUSIVE on public.{table}")));
        assert_eq!(others.collect::<Vec<_>>(), [""; 0], "{swap}");
    }
    project.up();
    let rows = "SELECT concat_ws(' ', a.n, a.m, b.n, c.n) FROM a, b, c";
    assert_eq!(query(&project, rows), ["2 3 2 2"]);
    assert!(project.plan(&without, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
    assert!(project.plan(&without, &["--check"]).ends(0).talk.contains("nothing to do"));
}

fn what_uses_a_column_moves_to_its_twin_at_once(server: &Arc<Server>) {
    let shop = "CREATE TABLE sale (id integer PRIMARY KEY, amount integer NOT NULL, code integer, seen integer DEFAULT 0);
        CREATE UNIQUE INDEX sale_code ON sale (code);
        CREATE VIEW paid AS SELECT id, amount FROM sale;
        CREATE VIEW twice AS SELECT id, amount * 2 AS amount FROM paid;
        CREATE FUNCTION count_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.seen := NEW.seen + 1; RETURN NEW; END';
        CREATE TRIGGER counted BEFORE UPDATE OF code ON sale FOR EACH ROW WHEN (NEW.code > 0) EXECUTE FUNCTION count_it();
        CREATE POLICY small ON sale USING (code < 100);
        CREATE TABLE sold (code bigint);
        CREATE RULE told AS ON INSERT TO sale DO ALSO INSERT INTO sold VALUES (NEW.code);";
    let project = Project::new(server, shop);
    project.up();
    project.database.run("INSERT INTO sale VALUES (1, 10, 5), (2, 20, 6)").unwrap();
    let wide = shop.replace("amount integer", "amount bigint").replace("code integer", "code bigint");
    let said = project.plan(&wide, &["--expand"]).ends(0).talk;
    assert!(!said.contains("breaking") && said.contains("~ view public.paid"), "{said}");
    project.up();
    // The old program's view and trigger are about the column that it knows.
    project
        .database
        .run("UPDATE sale SET code = 7 WHERE id = 2; INSERT INTO sale VALUES (3, 30, 8)")
        .unwrap();
    let rows =
        "SELECT concat_ws(' ', s.id, s.code, seen, p.amount) FROM sale s JOIN paid p USING (id) ORDER BY id";
    assert_eq!(query(&project, rows), ["1 5 0 10", "2 7 1 20", "3 8 0 30"]);
    assert!(project.database.run("INSERT INTO sale VALUES (4, 40, 8)").is_err());
    let sold = "SELECT string_agg(code::text, ' ' ORDER BY code) FROM sold";
    assert_eq!(query(&project, sold), ["5 6 8"]);
    project.plan(&wide, &["--contract"]).ends(0);
    let texts = (2..20).map_while(|number| project.find(&format!("{number:04}")));
    let swaps: Vec<String> = texts.filter(|text| text.contains("RENAME COLUMN")).collect();
    assert_eq!(swaps.len(), 1);
    for sql in [
        "CREATE VIEW public.paid",
        "CREATE VIEW public.twice",
        "CREATE TRIGGER counted",
        "ALTER POLICY small",
        "RULE told",
    ] {
        assert!(swaps[0].contains(sql), "{}", swaps[0]);
    }
    assert!(swaps[0].contains("DROP COLUMN amount_planwright_before"), "{}", swaps[0]);
    project.up();
    project
        .database
        .run("UPDATE sale SET code = 9000000000 WHERE id = 2; INSERT INTO sale (id, amount, code) VALUES (4, 40, 9)")
        .unwrap();
    assert_eq!(query(&project, rows), ["1 5 0 10", "2 9000000000 2 20", "3 8 0 30", "4 9 0 40"]);
    assert!(project.database.run("INSERT INTO sale (id, amount, code) VALUES (5, 40, 9)").is_err());
    assert_eq!(query(&project, sold), ["5 6 8 9"]);
    assert!(project.plan(&wide, &["--check"]).ends(0).talk.contains("nothing to do"));
    assert!(project.plan(&wide, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
}

fn a_key_moves_to_its_twin_with_what_references_it(server: &Arc<Server>) {
    let tree = "CREATE TABLE node (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code integer NOT NULL, name text,
            CONSTRAINT node_code UNIQUE (code, name));
        CREATE TABLE leaf (id serial PRIMARY KEY, node integer NOT NULL REFERENCES node ON UPDATE CASCADE ON DELETE CASCADE,
            next integer REFERENCES leaf DEFERRABLE INITIALLY DEFERRED);
        CREATE INDEX leaf_node ON leaf (node);
        COMMENT ON CONSTRAINT node_code ON node IS 'one of each';
        CREATE VIEW leaves AS SELECT node.name, leaf.id FROM node JOIN leaf ON leaf.node = node.id;";
    let project = Project::new(server, tree);
    project.up();
    let fill = "INSERT INTO node (code, name) SELECT i, 'n' || i FROM generate_series(1, 2000) i;
        INSERT INTO leaf (node, next) SELECT id, 1 FROM node; DELETE FROM node WHERE id = 2000";
    project.database.run(fill).unwrap();
    let names = ["id", "code", "node", "next"];
    let wide = names.iter().fold(tree.replace("serial", "bigserial"), |text, name| {
        text.replace(&format!("{name} integer"), &format!("{name} bigint"))
    });
    let said = project.plan(&wide, &["--expand"]).ends(0).talk;
    assert!(said.contains("~ column public.node.id") && !said.contains("breaking"), "{said}");

    // A program that knows nothing of it goes on meanwhile, as one that does not ask for types does ever after.
    let goes_on = AtomicBool::new(true);
    let write = || {
        let mut client = Client::connect(&project.url, NoTls).unwrap();
        let statement =
            "WITH made AS (INSERT INTO node (code, name) VALUES (-7, md5(random()::text)) RETURNING id)
            SELECT id FROM made";
        let mut written = 0;
        while goes_on.load(Ordering::Relaxed) {
            client.batch_execute(statement).unwrap();
            let leaf = "INSERT INTO leaf (node) SELECT max(id) FROM node WHERE code = -7";
            client.batch_execute(leaf).unwrap();
            written += 1;
        }
        written
    };
    let during = |work: &dyn Fn()| {
        goes_on.store(true, Ordering::Relaxed);
        thread::scope(|scope| {
            let writer = scope.spawn(write);
            work();
            goes_on.store(false, Ordering::Relaxed);
            writer.join().unwrap()
        })
    };
    let mut written = during(&|| project.up());
    let differ = "SELECT count(*)::text FROM node n JOIN leaf l ON l.node = n.id WHERE n.id_planwright_after IS DISTINCT FROM n.id
        OR l.node_planwright_after IS DISTINCT FROM l.node OR l.id_planwright_after IS DISTINCT FROM l.id";
    assert_eq!(query(&project, differ), ["0"]);
    assert!(project.database.run("INSERT INTO leaf (node) VALUES (2000)").is_err());

    project.plan(&wide, &["--contract"]).ends(0);
    let swap = (2..60).map_while(|number| project.find(&format!("{number:04}")));
    let swap: Vec<String> = swap.filter(|text| text.contains("RENAME COLUMN")).collect();
    assert_eq!(swap.len(), 1);
    assert!(!swap[0].contains("scans") && !swap[0].contains("rewrites"), "{}", swap[0]);
    let kept = "SELECT relname || relfilenode FROM pg_class WHERE relname IN ('node', 'leaf') ORDER BY 1";
    let last = "SELECT max(id)::text FROM node";
    project
        .database
        .run("INSERT INTO node (code, name) VALUES (-8, 'last'); DELETE FROM node WHERE code = -8")
        .unwrap();
    let (before, given) = (query(&project, kept), query(&project, last));
    written += during(&|| project.up());
    assert_eq!(query(&project, kept), before, "nothing was written anew");
    let given: i64 = given[0].parse().unwrap();
    let next = "INSERT INTO node (code, name) VALUES (-9, 'next')";
    project.database.run(next).unwrap();
    let now: i64 = query(&project, "SELECT id::text FROM node WHERE code = -9")[0].parse().unwrap();
    assert!(now > given + 1, "{now} was not given out before, {given} was the greatest");
    let count = query(&project, "SELECT count(*)::text FROM leaf WHERE node IN (SELECT id FROM node)");
    assert_eq!(count, [(1999 + written).to_string()]);
    assert!(project.plan(&wide, &["--check"]).ends(0).talk.contains("nothing to do"));
    assert!(project.plan(&wide, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));

    // The way back brings the values back, too.
    let values = "SELECT md5(string_agg(concat_ws(' ', n.id, n.code, l.id, l.node, l.next), ',' ORDER BY l.id)) FROM node n
        JOIN leaf l ON l.node = n.id";
    let before = query(&project, values);
    project.undo_to_first();
    assert_eq!(query(&project, values), before);
    project.database.run("INSERT INTO leaf (node) SELECT id FROM node WHERE code = -9").unwrap();
}

fn what_partitions_have_too_has_no_twin(server: &Arc<Server>) {
    let log = "CREATE TABLE day (at integer) PARTITION BY LIST (at);
        CREATE TABLE log (at integer, hits integer) PARTITION BY LIST (at);
        CREATE TABLE log_1 PARTITION OF log FOR VALUES IN (1);";
    let project = Project::new(server, log);
    let wide = log.replace("hits integer", "hits bigint");
    let said = project.plan(&wide, &["--expand"]).ends(0).talk;
    let why = "~ column public.log.hits: all rows are written anew in one go, with the table locked, as table public.log_1 has it too";
    assert!(said.contains(why) && !said.contains("planwright_after"), "{said}");
}

fn what_guards_rows_is_not_moved_to_a_twin_without_them(server: &Arc<Server>) {
    for guard in [
        "ADD CONSTRAINT alone EXCLUDE USING btree (room WITH =)",
        "ADD CONSTRAINT alone CHECK (room > 0) NOT VALID",
    ] {
        let stay =
            format!("CREATE TABLE stay (id integer PRIMARY KEY, room integer); ALTER TABLE stay {guard};");
        let project = Project::new(server, &stay);
        let wide = stay.replace("room integer", "room bigint");
        let said = project.plan(&wide, &["--expand"]).ends(0).talk;
        let why = "~ column public.stay.room: all rows are written anew in one go, with the table locked, as constraint alone of public.stay";
        assert!(said.contains(why) && !said.contains("planwright_after"), "{said}");
        project.plan(&wide, &["--contract"]).ends(0);
        project.up();
        assert!(project.plan(&wide, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
    }
}

fn what_has_no_twin_is_written_anew_apart_from_what_has(server: &Arc<Server>) {
    let sale = "CREATE TABLE sale (id integer PRIMARY KEY, amount integer, code text, half integer GENERATED ALWAYS AS (id / 2) STORED);";
    let project = Project::new(server, sale);
    project.up();
    project.database.run("INSERT INTO sale VALUES (1, 2, '3')").unwrap();
    let wide = sale.replace("amount integer", "amount bigint").replace("code text", "code jsonb");
    let said = project.plan(&wide, &["--expand"]).ends(0).talk;
    assert!(
        said.contains(
            "code: all rows are written anew in one go, with the table locked, as no trigger can turn"
        ),
        "{said}"
    );
    project.plan(&wide, &["--contract"]).ends(0);
    let swap = project.text("0005");
    assert!(swap.contains("RENAME COLUMN amount") && !swap.contains("TYPE jsonb"), "{swap}");
    project.up();
    assert_eq!(query(&project, "SELECT concat_ws(' ', id, amount, code, half) FROM sale"), ["1 2 3 0"]);
    project.undo_to_first();
    assert_eq!(query(&project, "SELECT concat_ws(' ', id, amount, code, half) FROM sale"), ["1 2 3 0"]);
}

fn a_publication_names_the_twin_when_it_takes_its_place(server: &Arc<Server>) {
    if server.binaries.major < 15 {
        return;
    }
    let sale = "CREATE TABLE sale (id integer PRIMARY KEY, amount integer, note text);
        CREATE PUBLICATION sales FOR TABLE sale (id, amount) WHERE (id > 0);";
    let project = Project::new(server, sale);
    project.up();
    project.database.run("INSERT INTO sale VALUES (1, 10, 'a'), (2, 20, 'b')").unwrap();
    let wide = sale.replace("id integer", "id bigint");
    project.plan(&wide, &["--expand"]).ends(0);
    project.up();
    let published =
        "SELECT array_to_string(attnames, ' ') FROM pg_publication_tables WHERE pubname = 'sales'";
    assert_eq!(query(&project, published), ["id amount"]);
    project.database.run("UPDATE sale SET amount = 11 WHERE id = 1").unwrap();
    project.plan(&wide, &["--contract"]).ends(0);
    project.up();
    assert_eq!(query(&project, published), ["amount id"]);
    project.database.run("UPDATE sale SET id = 9000000000 WHERE id = 1").unwrap();
    assert!(project.plan(&wide, &["--database", &project.url]).ends(0).talk.contains("nothing to do"));
    project.database.run("UPDATE sale SET id = 1 WHERE amount = 11").unwrap();
    project.undo_to_first();
    assert_eq!(query(&project, published), ["amount id"]);
    assert_eq!(
        query(&project, "SELECT concat_ws(' ', id, amount, note) FROM sale ORDER BY id"),
        ["1 11 a", "2 20 b"]
    );
}

fn rows_that_nothing_fills_are_told(server: &Arc<Server>) {
    let sale = "CREATE TABLE sale (id integer PRIMARY KEY, amount integer, closed boolean);
        CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF OLD.closed THEN RETURN NULL; END IF; RETURN NEW; END';
        CREATE TRIGGER kept BEFORE UPDATE ON sale FOR EACH ROW EXECUTE FUNCTION keep();
        ALTER TABLE sale FORCE ROW LEVEL SECURITY, ENABLE ROW LEVEL SECURITY;
        CREATE POLICY early ON sale USING (id < 2);";
    let project = Project::new(server, sale);
    project.up();
    project.database.run("INSERT INTO sale VALUES (1, 10, true), (2, 20, false)").unwrap();
    let wide = sale.replace("amount integer", "amount bigint");
    project.plan(&wide, &["--expand"]).ends(0);
    let failed = project.migrate(&["up"]);
    assert_ne!(failed.code, Some(0), "{}", failed.talk);
    assert!(failed.talk.contains("rows of public.sale are left as they were"), "{}", failed.talk);

    let mut owner = Client::connect(&project.url, NoTls).unwrap();
    owner.batch_execute("CREATE ROLE keeper; ALTER TABLE sale OWNER TO keeper; GRANT ALL ON SCHEMA public TO keeper; SET ROLE keeper").unwrap();
    let refused = owner.batch_execute(&project.text("0003")).unwrap_err();
    assert!(refused.as_db_error().unwrap().message().contains("policies hide rows"), "{refused}");
    owner
        .batch_execute(
            "RESET ROLE; ALTER TABLE sale OWNER TO CURRENT_USER; DROP OWNED BY keeper; DROP ROLE keeper",
        )
        .unwrap();

    project.database.run("UPDATE pg_trigger SET tgenabled = 'D' WHERE tgname = 'kept'").unwrap();
    project.up();
    assert_eq!(
        query(&project, "SELECT concat_ws(' ', id, amount_planwright_after) FROM sale ORDER BY id"),
        ["1 10", "2 20"]
    );
}

fn an_interrupted_backfill_goes_on_where_it_was(server: &Arc<Server>) {
    let project = Project::new(server, "CREATE TABLE sale (id integer PRIMARY KEY);");
    project.up();
    project
        .database
        .run(
            "INSERT INTO sale SELECT generate_series(1, 60000); CREATE TABLE batch (of xid8, stops boolean);
             CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN INSERT INTO batch VALUES (pg_current_xact_id(), false); RETURN NULL; END';
             CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN IF NEW.id = 30000 THEN RAISE ''the power is gone''; END IF; RETURN NEW; END';
             CREATE TRIGGER noted AFTER UPDATE ON sale FOR EACH STATEMENT EXECUTE FUNCTION note();
             CREATE TRIGGER stopped BEFORE UPDATE ON sale FOR EACH ROW EXECUTE FUNCTION stop()",
        )
        .unwrap();
    let tokens = "CREATE TABLE sale (id integer PRIMARY KEY, token uuid DEFAULT gen_random_uuid());";
    project.plan(tokens, &[]).ends(0);
    let failed = project.migrate(&["up"]);
    assert!(failed.talk.contains("the power is gone"), "{}", failed.talk);
    let batches = || query(&project, "SELECT count(*)::text FROM batch")[0].parse::<i64>().unwrap();
    let number = |sql: &str| query(&project, sql)[0].parse::<i64>().unwrap();
    let (done, next) = (batches(), number("SELECT page::text FROM planwright.backfill"));
    assert!(done > 1 && next == 32 * done, "{done} batches, page {next} is next");
    let pages = number("SELECT pages::text FROM planwright.backfill");
    let status = project.migrate(&["status"]).ends(0).talk;
    let said = format!("backfill: public.sale SET token = DEFAULT: {next} of {pages} pages, begun ");
    assert!(status.contains(&said), "{status}");

    project.database.run("DROP TRIGGER stopped ON sale").unwrap();
    let pages = number("SELECT (pg_relation_size('sale') / 8192)::text");
    project.up();
    // The last page is looked at too, and what has moved behind it meanwhile is filled by then.
    assert_eq!(batches() - done, (pages - next) / 32 + 1);
    assert_eq!(query(&project, "SELECT count(token)::text FROM sale"), ["60000"]);
    assert_eq!(query(&project, "SELECT count(*)::text FROM planwright.backfill"), ["0"]);
}

fn a_table_that_a_database_knows_to_be_small_is_changed_at_once(server: &Arc<Server>) {
    let project = Project::new(server, SHOP);
    project.up();
    project.database.run("INSERT INTO sale (code) VALUES ('a'); ANALYZE").unwrap();
    let indexed = format!("{SHOP}CREATE INDEX sale_note ON sale (note);");
    let said = project.plan(&indexed, &["--database", &project.url, "--dry-run"]).ends(0).talk;
    assert!(said.contains("CREATE INDEX sale_note"), "{said}");
    let said = project.plan(&indexed, &["--dry-run"]).ends(0).talk;
    assert!(said.contains("CREATE INDEX CONCURRENTLY sale_note"), "{said}");
    let said = project.plan(&indexed, &["--dry-run", "--offline"]).ends(0).talk;
    assert!(said.contains("CREATE INDEX sale_note"), "{said}");
}

fn query(project: &Project, sql: &str) -> Vec<String> {
    let mut client = Client::connect(&project.url, NoTls).unwrap();
    client.query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect()
}
