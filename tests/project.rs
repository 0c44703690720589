//! A user's day with `plan`, mistakes included, on whatever engine this build has.

use std::{
    fs,
    io::ErrorKind,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// A project folder that goes when the test does.
struct Project(tempfile::TempDir);

const AUTHORS: &str = "CREATE TABLE author (\n    id bigint PRIMARY KEY,\n    name text NOT NULL\n);\n";

impl Project {
    fn new(schema: &str) -> Project {
        let project = Project(tempfile::tempdir().expect("there is a folder for temporary files"));
        project.put("Cargo.toml", "[package]\nname = \"shop\"\n");
        project.put("schema.sql", schema);
        project
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), text).expect("the folder is ours");
    }

    fn plan(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plan"));
        command.current_dir(self.path()).args(arguments).env_remove("CI").stdin(Stdio::null());
        command.output().expect("the program runs")
    }

    /// Every file below the folder, with its text.
    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        fn collect(folder: &Path, out: &mut Vec<(PathBuf, Vec<u8>)>) {
            for entry in fs::read_dir(folder).expect("the folder can be listed") {
                let path = entry.expect("the folder can be listed").path();
                if path.is_dir() {
                    collect(&path, out);
                } else {
                    let text = fs::read(&path).expect("it can be read");
                    out.push((path, text));
                }
            }
        }
        let mut files = Vec::new();
        collect(self.path(), &mut files);
        files.sort();
        files
    }

    fn migrations(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path().join("generated/migrations")) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("listed").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
fn exits(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}", text(output));
}

/// The mistake ends with exit 2, one message that says all of these, and every file as it was.
#[track_caller]
fn mistake(schema: impl AsRef<[u8]>, says: &[&str]) {
    let project = Project::new("");
    project.put("schema.sql", schema);
    let before = project.files();
    let output = project.plan(&[]);
    exits(&output, 2);
    let said = String::from_utf8_lossy(&output.stderr);
    for part in says {
        assert!(said.contains(part), "{part:?} is not said:\n{said}");
    }
    assert_eq!(said.matches("error[").count(), 1, "more or less than one message:\n{said}");
    assert_eq!(project.files(), before);
}

#[test]
fn a_first_plan_then_nothing_then_a_change() {
    let project = Project::new(AUTHORS);
    exits(&project.plan(&[]), 0);
    assert_eq!(project.migrations(), ["0001_add_author.down.sql", "0001_add_author.up.sql"]);
    let written = project.files();

    let again = project.plan(&[]);
    exits(&again, 0);
    assert!(text(&again).contains("nothing to do"), "{}", text(&again));
    assert_eq!(project.files(), written);
    exits(&project.plan(&["--check"]), 0);

    project.put("schema.sql", AUTHORS.replace("NOT NULL\n", "NOT NULL,\n    born date\n"));
    let check = project.plan(&["--check"]);
    exits(&check, 1);
    assert!(text(&check).contains("+ALTER TABLE public.author ADD COLUMN born date;"), "{}", text(&check));
    assert_eq!(project.migrations().len(), 2);

    let dry = project.plan(&["--dry-run"]);
    exits(&dry, 0);
    assert!(String::from_utf8_lossy(&dry.stdout).contains("ADD COLUMN born date"), "{}", text(&dry));
    assert_eq!(project.migrations().len(), 2);

    let change = project.plan(&[]);
    exits(&change, 0);
    assert!(text(&change).contains("additive, version 1.1"), "{}", text(&change));
    assert!(
        project.migrations().contains(&"0002_add_author_born.up.sql".to_string()),
        "{:?}",
        project.migrations()
    );
    exits(&project.plan(&["--check"]), 0);
}

#[test]
fn what_breaks_is_refused_until_allowed() {
    let project = Project::new(AUTHORS);
    exits(&project.plan(&["-q"]), 0);
    project.put("schema.sql", "CREATE TABLE author (\n    id bigint PRIMARY KEY\n);\n");
    let before = project.files();
    let refused = project.plan(&[]);
    exits(&refused, 1);
    for part in [
        "drop column public.author.name",
        "schema.sql:1:14",
        "the values of public.author.name",
        "--allow-breaking",
    ] {
        assert!(text(&refused).contains(part), "{part:?} is not said:\n{}", text(&refused));
    }
    assert_eq!(project.files(), before);
    let allowed = project.plan(&["--allow-breaking", "--name", "forget_names"]);
    exits(&allowed, 0);
    assert!(text(&allowed).contains("breaking, version 2.0"), "{}", text(&allowed));
    assert!(project.migrations().contains(&"0002_forget_names.down.sql".to_string()));
}

#[test]
fn a_rename_is_asked_for_and_keeps_the_data() {
    let project = Project::new(AUTHORS);
    exits(&project.plan(&["-q"]), 0);
    let renamed = AUTHORS.replace("    name text", "    full_name text");
    project.put("schema.sql", &renamed);
    let asked = project.plan(&["--allow-breaking"]);
    exits(&asked, 1);
    assert!(text(&asked).contains("-- @renamed from=name"), "{}", text(&asked));

    project.put("schema.sql", renamed.replace("NOT NULL\n", "NOT NULL -- @renamed from=name\n"));
    exits(&project.plan(&["--allow-breaking"]), 0);
    let names = project.migrations();
    let up = names
        .iter()
        .find(|name| name.starts_with("0002") && name.ends_with("up.sql"))
        .expect("it was written");
    let sql =
        fs::read_to_string(project.path().join("generated/migrations").join(up)).expect("it can be read");
    assert!(sql.contains("RENAME COLUMN name TO full_name") && !sql.contains("DROP"), "{sql}");
    let again = project.plan(&[]);
    exits(&again, 0);
    assert!(text(&again).contains("nothing to do"), "{}", text(&again));
}

#[test]
fn a_stale_bundle_or_lock_is_shown() {
    let project = Project::new(AUTHORS);
    exits(&project.plan(&["-q"]), 0);
    let bundle = project.path().join("generated/migrations.rs");
    let good = fs::read_to_string(&bundle).expect("it was written");
    fs::write(&bundle, good.replace("add_author", "add_nothing")).expect("the folder is ours");
    let check = project.plan(&["--check"]);
    exits(&check, 1);
    assert!(text(&check).contains("+") && text(&check).contains("add_author"), "{}", text(&check));
    exits(&project.plan(&["-q"]), 0);
    assert_eq!(fs::read_to_string(&bundle).expect("it is there"), good);

    let lock = project.path().join("generated/schema.lock");
    let good = fs::read_to_string(&lock).expect("it was written");
    fs::write(&lock, good.replace("type = \"text\"", "type = \"xml\"")).expect("the folder is ours");
    let check = project.plan(&["--check"]);
    exits(&check, 1);
    assert!(text(&check).contains("type = \"xml\""), "{}", text(&check));
}

#[test]
fn a_released_migration_is_not_edited() {
    let project = Project::new(AUTHORS);
    exits(&project.plan(&["-q"]), 0);
    let up = project.path().join("generated/migrations/0001_add_author.up.sql");
    let sql = fs::read_to_string(&up).expect("it was written");
    fs::write(&up, sql.replace("name text", "name varchar")).expect("the folder is ours");
    let output = project.plan(&[]);
    exits(&output, 2);
    assert!(text(&output).contains("0001_add_author.up.sql"), "{}", text(&output));
}

#[test]
fn mistakes_in_the_schema() {
    mistake(
        "CREATE TABLE a (id int);\nCREATE TABEL b (id int);\n",
        &["schema.sql:2:8", "CREATE TABEL b", "syntax error"],
    );
    mistake("CREATE VIEW v AS\n    SELECT * FROM nowhere;\n", &["schema.sql:2:19", "nowhere"]);
    mistake("CREATE TABLE a (id int);\nCREATE TABLE a (id int);\n", &["schema.sql:2:", "already exists"]);
    mistake(b"CREATE TABLE a (id int);\n-- \xff\n", &["schema.sql", "UTF-8"]);
    mistake("", &["schema.sql", "no statement"]);
    mistake("-- nothing yet\n/* nor here */\n", &["schema.sql", "no statement"]);
    mistake("CREATE TABLE a (t text DEFAULT 'open);\n", &["schema.sql:1:32"]);
}

#[test]
fn a_database_that_cannot_be_reached_is_said_without_its_password() {
    let project = Project::new(AUTHORS);
    let before = project.files();
    let output = project.plan(&["--database", "postgres://me:s3cret@127.0.0.1:1/shop"]);
    exits(&output, 2);
    assert!(text(&output).contains("127.0.0.1") && !text(&output).contains("s3cret"), "{}", text(&output));
    assert_eq!(project.files(), before);
}

#[test]
fn no_schema_is_said() {
    let project = Project::new("");
    fs::remove_file(project.path().join("schema.sql")).expect("it is there");
    let output = project.plan(&[]);
    exits(&output, 2);
    assert!(text(&output).contains("schema.sql"), "{}", text(&output));
}

#[test]
fn two_plans_at_once_do_not_meet() {
    let project = Project::new(AUTHORS);
    let schema = fs::File::open(project.path().join("schema.sql")).expect("it is there");
    schema.lock().expect("nobody else has it");
    let output = project.plan(&[]);
    exits(&output, 2);
    assert!(text(&output).contains("another plan"), "{}", text(&output));
    drop(schema);
    exits(&project.plan(&["-q"]), 0);
}

#[test]
fn a_killed_run_is_completed() {
    let project = Project::new(AUTHORS);
    exits(&project.plan(&["-q"]), 0);
    let whole = project.files();
    // What a run leaves that was killed after all was laid out, and after one file was moved.
    let pending = project.path().join("generated/.pending");
    fs::create_dir(&pending).expect("the folder is ours");
    for (at, name) in ["0001_add_author.up.sql", "0001_add_author.down.sql"].iter().enumerate() {
        let path = project.path().join("generated/migrations").join(name);
        let sql = fs::read_to_string(&path).expect("it was written");
        fs::write(pending.join(at.to_string()), format!("generated/migrations/{name}\n{sql}"))
            .expect("it is ours");
        fs::remove_file(path).expect("it is there");
    }
    fs::write(pending.join("ready"), "3").expect("the folder is ours");
    exits(&project.plan(&["-q"]), 0);
    assert_eq!(project.files(), whole);
    // What was never complete is nothing.
    fs::create_dir(&pending).expect("the folder is ours");
    fs::write(pending.join("0"), "generated/migrations/0002_half.up.sql\nCREATE")
        .expect("the folder is ours");
    exits(&project.plan(&["-q"]), 0);
    assert_eq!(project.files(), whole);
}

#[test]
fn a_folder_that_cannot_be_written_keeps_its_files() {
    let project = Project::new(AUTHORS);
    // Whoever runs the tests, root included, cannot make a folder where a file is.
    project.put("generated", "in the way");
    let before = project.files();
    let output = project.plan(&[]);
    exits(&output, 2);
    assert!(text(&output).contains("generated"), "{}", text(&output));
    assert_eq!(project.files(), before);
}

#[test]
fn hostile_names_are_ordinary() {
    let name = "\"\"\"; drop table x; --\"";
    let long = "é".repeat(31);
    let project = Project::new(&format!(
        "CREATE TABLE {name} ({name} text DEFAULT E'a\\'b\\\\' , \"{long}\" int CHECK (\"{long}\" > 0));\n\
         COMMENT ON COLUMN {name}.{name} IS $$it's; -- \" \\ $$;\n"
    ));
    exits(&project.plan(&["-q"]), 0);
    exits(&project.plan(&["--check", "-q"]), 0);
}

#[test]
fn rows_in_the_way_of_a_plan_are_found() {
    let old = "CREATE TABLE author (id bigint PRIMARY KEY, name text, born text);\n";
    let project = Project::new(old);
    exits(&project.plan(&[]), 0);
    project.put(
        "schema.sql",
        "CREATE TABLE author (id bigint PRIMARY KEY, name text NOT NULL, born integer);\n",
    );
    let query = "SELECT * FROM public.author WHERE name IS NULL";
    let refused = project.plan(&[]);
    exits(&refused, 1);
    let said = text(&refused);
    // NOT NULL only depends on the rows.
    assert!(said.contains("public.author.born") && !said.contains("public.author.name"), "{said}");
    let planned = project.plan(&["--allow-breaking"]);
    exits(&planned, 0);
    let said = text(&planned);
    if !said.contains("over empty tables on") {
        assert!(said.contains("it depends on the rows: column public.author.name"), "{said}");
        assert!(said.contains("it depends on the rows: column public.author.born"), "{said}");
        assert!(said.contains(query), "{said}");
    }
    // The check that reads the rows has a migration of its own.
    let ups = project.migrations().into_iter().filter(|name| name.contains(".up."));
    let read = |name| fs::read_to_string(project.path().join("generated/migrations").join(name));
    let ups: String = ups.map(|name| read(name).expect("it is text")).collect();
    assert!(ups.contains(&format!("\n--      finds: {query}\n")), "{ups}");
    exits(&project.plan(&["--check"]), 0);
}

#[test]
fn what_old_code_feels_is_refused_whatever_the_rule_says() {
    let table = "CREATE TABLE author (id bigint PRIMARY KEY, name text);\n";
    let project = Project::new(&format!("{table}CREATE VIEW names AS SELECT id, name FROM author;\n"));
    exits(&project.plan(&[]), 0);
    // The view keeps its columns and can no longer be written through.
    let view = "CREATE VIEW names AS SELECT DISTINCT id, name FROM author;\n";
    project.put("schema.sql", format!("{table}{view}"));
    let refused = project.plan(&[]);
    if !text(&refused).contains("over empty tables on") {
        exits(&refused, 1);
        let said = text(&refused);
        assert!(said.contains("UPDATE public.names SET (id, name) fails (55000)"), "{said}");
    }
    exits(&project.plan(&["--allow-breaking"]), 0);
}

#[test]
fn a_strict_policy_takes_new_tables_views_and_comments_only() {
    let old = "CREATE TABLE author (id bigint PRIMARY KEY);\n";
    let project = Project::new(old);
    project.put("Cargo.toml", "[package.metadata.planwright]\npolicy = \"strict\"\n");
    exits(&project.plan(&["--allow-breaking"]), 0);
    let added = "CREATE TABLE book (id bigint PRIMARY KEY, author bigint REFERENCES author, title text);\n\
                 CREATE INDEX ON book (title);\nCREATE VIEW titles AS SELECT title FROM book;\n\
                 COMMENT ON TABLE author IS 'who writes';\n";
    project.put("schema.sql", format!("{old}{added}"));
    let planned = project.plan(&[]);
    exits(&planned, 0);
    assert!(text(&planned).contains("additive, version"), "{}", text(&planned));
    project.put("schema.sql", format!("{old}{added}ALTER TABLE author ADD COLUMN name text;\n"));
    let refused = project.plan(&[]);
    exits(&refused, 1);
    let said = text(&refused);
    assert!(said.contains("column public.author.name") && said.contains("policy"), "{said}");
}

#[test]
fn a_table_that_cannot_be_filled_is_named() {
    let isrc = "CREATE TABLE track (isrc text PRIMARY KEY CHECK (isrc ~ '^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$'));\n";
    let project = Project::new(isrc);
    exits(&project.plan(&[]), 0);
    project.put("schema.sql", format!("{isrc}CREATE TABLE album (id bigint PRIMARY KEY);\n"));
    let planned = project.plan(&[]);
    exits(&planned, 0);
    let said = text(&planned);
    // The embedded engine proves over empty tables.
    let words = ["proven without rows in public.track", "over empty tables on"];
    assert!(words.iter().any(|words| said.contains(words)), "{said}");
}

#[test]
fn a_lock_that_another_planwright_told_is_told_anew() {
    let project = Project::new(AUTHORS);
    exits(&project.plan(&[]), 0);
    let lock = project.path().join("generated/schema.lock");
    let ours = fs::read_to_string(&lock).expect("it is text");
    let format = ours.lines().find(|line| line.starts_with("format ")).expect("it says how it was told");
    // The other one did not know of NOT NULL.
    let theirs: String = ours
        .replace(format, "format 0123456789abcdef")
        .lines()
        .filter(|line| !line.contains(" not_null = "))
        .map(|line| format!("{line}\n"))
        .collect();
    fs::write(&lock, &theirs).expect("the folder is ours");
    exits(&project.plan(&["--check"]), 1);
    let planned = project.plan(&[]);
    exits(&planned, 0);
    assert!(text(&planned).contains("nothing to do"), "{}", text(&planned));
    assert_eq!(fs::read_to_string(&lock).expect("it is text"), ours);
}

#[test]
fn rows_of_a_marked_table_are_planned() {
    let country = "-- @data\nCREATE TABLE country (code text PRIMARY KEY, name text, added timestamptz DEFAULT clock_timestamp());\n";
    let rows = |rows: &str| format!("{country}INSERT INTO country (code, name) VALUES {rows};\n");
    let project = Project::new(&rows("('de', 'Germany'), ('su', 'Soviet Union')"));
    exits(&project.plan(&[]), 0);
    let before = project.files();
    for again in [&[][..], &["--check"]] {
        let output = project.plan(again);
        exits(&output, 0);
        assert!(text(&output).contains("nothing to do"), "{}", text(&output));
    }
    assert_eq!(project.files(), before, "the time at which a row is added is not its own");

    project.put("schema.sql", rows("('de', 'Deutschland'), ('ke', 'Kenya')"));
    let refused = project.plan(&[]);
    exits(&refused, 1);
    assert!(text(&refused).contains("it loses row (su) of public.country"), "{}", text(&refused));
    exits(&project.plan(&["--allow-breaking"]), 0);
    exits(&project.plan(&["--check"]), 0);
    let second =
        project.migrations().into_iter().find(|name| name.starts_with("0002") && name.ends_with("up.sql"));
    let second = project.path().join("generated/migrations").join(second.expect("it was written"));
    let second = fs::read_to_string(second).expect("it can be read");
    for statement in [
        "DELETE FROM public.country WHERE code = 'su';",
        "UPDATE public.country SET name = 'Deutschland' WHERE code = 'de';",
        "INSERT INTO public.country (code, name) VALUES ('ke', 'Kenya')",
    ] {
        assert!(second.contains(statement), "{second}");
    }

    // Without the mark the rows are nobody's business, and stay where they are.
    project.put("schema.sql", rows("('de', 'x')").replace("-- @data\n", ""));
    let unmarked = project.plan(&[]);
    exits(&unmarked, 0);
    assert!(text(&unmarked).contains("their table is not marked"), "{}", text(&unmarked));
    assert_eq!(project.migrations().len(), 4);
}

#[test]
fn what_inserts_no_longer_write_comes_back_with_the_way_back() {
    let project = Project::new(
        "-- @data\nCREATE TABLE country (code text PRIMARY KEY, name text, area int, un int NOT NULL, added timestamptz DEFAULT now());
         INSERT INTO country (code, name, area, un) VALUES ('de', 'Germany', 357, 276), ('su', 'Soviet Union', 22402, 810);\n",
    );
    exits(&project.plan(&[]), 0);
    // One column stays and is left to others, one goes.
    project.put(
        "schema.sql",
        "-- @data\nCREATE TABLE country (code text PRIMARY KEY, name text, area int, added timestamptz DEFAULT now());
         INSERT INTO country (code, name) VALUES ('de', 'Germany');\n",
    );
    exits(&project.plan(&["--allow-breaking"]), 0);
    exits(&project.plan(&["--check"]), 0);
    let down =
        project.migrations().into_iter().find(|name| name.starts_with("0002") && name.contains("down"));
    let down = project.path().join("generated/migrations").join(down.expect("it was written"));
    let down = fs::read_to_string(down).expect("it can be read");
    for statement in [
        "UPDATE public.country SET un = '276' WHERE code = 'de';",
        "INSERT INTO public.country (code, name, un, area) VALUES ('su', 'Soviet Union', '810', '22402')",
        "ALTER TABLE public.country ALTER COLUMN un SET NOT NULL;",
    ] {
        assert!(down.contains(statement), "{down}");
    }
    assert!(!down.contains("added"), "{down}");
}

#[test]
fn emptying_tables_leaves_the_rows_of_a_plan() {
    let schema = |note: &str| {
        format!(
            "CREATE TABLE region (id int PRIMARY KEY, note {note});
             -- @data\nCREATE TABLE country (code text PRIMARY KEY, region int REFERENCES region);
             INSERT INTO country VALUES ('de', NULL);\n"
        )
    };
    let project = Project::new(&schema("text"));
    exits(&project.plan(&[]), 0);
    project.put("schema.sql", schema("int"));
    let output = project.plan(&["--allow-breaking"]);
    exits(&output, 0);
    assert!(text(&output).contains("it depends on the rows: column public.region.note"), "{}", text(&output));
    let up = project.migrations().into_iter().find(|name| name.starts_with("0002") && name.contains("up"));
    let up = project.path().join("generated/migrations").join(up.expect("it was written"));
    let up = fs::read_to_string(up).expect("it can be read");
    assert!(!up.contains("public.country"), "{up}");
}

#[test]
fn rows_that_cannot_be_told_apart_are_a_mistake() {
    mistake("-- @data\nCREATE TABLE country (code text);\n", &["schema.sql:1:1", "it has no primary key"]);
    mistake(
        "-- @data\nCREATE TABLE unit (id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, name text);\nINSERT INTO unit (name) VALUES ('metre');\n",
        &["schema.sql:1:1", "no INSERT writes id, a column of its primary key"],
    );
    mistake(
        "-- @data\nCREATE TABLE unit (id integer PRIMARY KEY);\nCOPY public.unit (id) FROM stdin;\n1\n\\.\n",
        &["schema.sql:3:1", "write them as INSERTs"],
    );
    mistake("-- @data\nCREATE VIEW one AS SELECT 1 AS one;\n", &["schema.sql:1:1", "stands at no table"]);
}

#[test]
fn what_is_taken_away_is_put_back_in_the_same_migration() {
    let schema = |total: &str, name: &str, more: &str| {
        format!(
            "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar({name}));
             CREATE TABLE orders (
                 id bigint PRIMARY KEY,
                 customer_id bigint REFERENCES customer,
                 total {total} CHECK (total >= 0){more}
             );
             CREATE VIEW big AS SELECT o.id, o.total, c.id AS who FROM orders o JOIN customer c ON c.id = customer_id
                 WHERE o.total > 100;"
        )
    };
    let project = Project::new(&schema("integer", "40", ""));
    exits(&project.plan(&["-q"]), 0);
    // The view needs all columns of its tables, one of which is filled in transactions of its own.
    project.put(
        "schema.sql",
        schema("numeric", "80", ", placed timestamptz NOT NULL DEFAULT clock_timestamp()"),
    );
    exits(&project.plan(&["-q", "--allow-breaking"]), 0);
    let ups =
        project.migrations().into_iter().filter(|name| name.ends_with(".up.sql") && name.as_str() > "0002");
    let texts: Vec<String> = ups
        .map(|name| fs::read_to_string(project.path().join("generated/migrations").join(name)).unwrap())
        .collect();
    assert!(texts.len() > 3, "{texts:#?}");
    for text in texts {
        for (away, back) in
            [("DROP VIEW", "CREATE VIEW"), ("DROP CONSTRAINT orders_total", "ADD CONSTRAINT orders_total")]
        {
            assert_eq!(text.contains(away), text.contains(back), "{text}");
        }
        // Nobody who reads one table waits for what another's change takes.
        let alters = |table| text.contains(&format!("ALTER TABLE public.{table} "));
        assert!(!(alters("customer") && alters("orders")), "{text}");
    }
}

#[test]
fn no_other_server_is_asked() {
    let far = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    far.set_nonblocking(true).expect("a socket can");
    let port = far.local_addr().expect("it is bound").port();
    let schema = |columns: &str, more: &str| {
        format!(
            "CREATE EXTENSION postgres_fdw;
             CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '{port}', connect_timeout '2');
             CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'u', password 'p');
             CREATE FOREIGN TABLE item (id integer, name text) SERVER far;
             CREATE TABLE sale (id integer, area integer{columns}) PARTITION BY LIST (area);
             CREATE TABLE sale_1 PARTITION OF sale FOR VALUES IN (1);
             CREATE FOREIGN TABLE sale_2 PARTITION OF sale FOR VALUES IN (2) SERVER far;
             CREATE VIEW named AS SELECT id, name FROM item;
             CREATE MATERIALIZED VIEW sold AS SELECT s.id, n.name FROM sale s JOIN named n USING (id);
             CREATE UNIQUE INDEX ON sold (id);
             CREATE MATERIALIZED VIEW here AS SELECT 1 AS one;{more}"
        )
    };
    let project = Project::new(&schema("", ""));
    exits(&project.plan(&[]), 0);
    project.put(
        "schema.sql",
        schema(
            ", price numeric CHECK (price > 0)",
            "CREATE MATERIALIZED VIEW all_sold AS TABLE sold WITH NO DATA;",
        ),
    );
    exits(&project.plan(&[]), 0);
    project.put(
        "schema.sql",
        schema(", price integer NOT NULL", "CREATE MATERIALIZED VIEW all_sold AS TABLE item;"),
    );
    exits(&project.plan(&["--allow-breaking"]), 0);
    exits(&project.plan(&["--check"]), 0);
    let asked = far.accept().map(|_| ()).map_err(|error| error.kind());
    assert_eq!(asked, Err(ErrorKind::WouldBlock), "somebody asked the other server");
}
