//! A project begun with a database that there is: `plan init`, its baseline, and what is left to others.
//!
//! Separate from a user's day because all of it is about live databases; runs on a server of its own.

mod servers;

use servers::{Answer, Database, Plan, Server, Test, differences, run, tests};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Output, Stdio},
    sync::Arc,
};

const HOSTILE: &str = include_str!("init/hostile.sql");

fn main() -> ExitCode {
    run(TESTS)
}

const TESTS: &[(&str, Test)] = tests![
    after_init_there_is_nothing_to_do,
    split_says_the_same_in_many_files,
    what_belongs_together_stands_together,
    bodies_that_fail_are_named_and_kept,
    a_dump_begins_a_project_too,
    nothing_is_overwritten,
    a_failed_init_leaves_nothing,
    a_project_begins_with_nothing,
    the_baseline_is_recorded_where_it_is_and_run_where_it_is_not,
    rules_are_remembered_and_hold_everywhere,
    the_last_rule_that_matches_decides,
    what_hangs_on_what_is_left_goes_with_it,
    a_rule_that_tears_apart_is_refused,
    a_change_that_reaches_what_is_left_is_refused,
    a_rule_that_cannot_be_read_has_its_line,
    a_rule_that_comes_later_drops_nothing,
    partitions_that_partman_makes_are_left_alone,
    partitions_that_an_annotation_leaves_are_left_alone,
    queues_that_pgmq_makes_are_left_alone,
    what_planwright_keeps_is_no_difference,
];

fn after_init_there_is_nothing_to_do(server: &Arc<Server>) {
    let (database, project) = (filled(server, HOSTILE), Project::new(server));
    let said = project.init(&database, &[]).ends(0);
    assert!(said.talk.contains("generated/migrations/0001_baseline.{up,down}.sql, proven"), "{}", said.talk);
    project.stands(&database);
    let copy = server.empty();
    copy.run_file(&project.path("schema.sql")).unwrap();
    assert_eq!(differences(&copy.description(), &database.description()), [""; 0]);
}

fn split_says_the_same_in_many_files(server: &Arc<Server>) {
    let (database, project) = (filled(server, HOSTILE), Project::new(server));
    project.init(&database, &["--split"]).ends(0);
    project.stands(&database);
    assert!(project.text("schema/public/table/customer.sql").contains("CREATE INDEX \"half; of\""));
    assert!(project.text("schema/public/function/audit.sql").contains("REVOKE EXECUTE"));
    assert!(project.text("schema.sql").contains("CREATE EXTENSION citext"));
    // It is a project like another.
    let file = project.path("schema/public/table/base.sql");
    fs::write(&file, project.text("schema/public/table/base.sql").replace("'none'", "'nothing'")).unwrap();
    project.plan(&[]).ends(0);
    let up = project.text("generated/migrations/0002_alter_base_note.up.sql");
    assert!(up.contains("ALTER COLUMN note SET DEFAULT 'nothing'"), "{up}");
}

fn what_belongs_together_stands_together(server: &Arc<Server>) {
    let sql = "
        CREATE TABLE b (id serial PRIMARY KEY);
        CREATE TABLE a (id integer PRIMARY KEY REFERENCES b);
        CREATE INDEX b_index ON b (id, id);
        CREATE VIEW v AS SELECT * FROM a;
        COMMENT ON COLUMN b.id IS 'first';
        GRANT SELECT ON b TO planwright_reader;
        ALTER TABLE b OWNER TO planwright_writer, ENABLE ROW LEVEL SECURITY;
        CREATE POLICY p ON b USING (true);";
    let (database, project) = (filled(server, sql), Project::new(server));
    project.init(&database, &[]).ends(0);
    let schema = project.text("schema.sql");
    assert!(!schema.contains("SET ") || schema.contains("OWNER"), "{schema}");
    let blocks: Vec<&str> = schema.split("\n\n").collect();
    let of = |word: &str| blocks.iter().position(|block| block.contains(word)).unwrap();
    for word in [
        "CREATE SEQUENCE public.b_id_seq",
        "OWNED BY public.b.id",
        "CREATE INDEX b_index",
        "COMMENT ON COLUMN public.b.id",
        "GRANT SELECT",
        "OWNER TO planwright_writer",
        "ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY",
    ] {
        let near = of(word).abs_diff(of("CREATE TABLE public.b "));
        assert!(near <= 1, "{word} is not with its table:\n{schema}");
    }
    assert!(of("CREATE TABLE public.b ") < of("CREATE TABLE public.a "), "{schema}");
    assert!(of("CREATE TABLE public.a ") < of("CREATE VIEW public.v "), "{schema}");
}

fn bodies_that_fail_are_named_and_kept(server: &Arc<Server>) {
    let sql = "
        SET check_function_bodies = off;
        CREATE FUNCTION stale() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM long_gone';
        CREATE FUNCTION fine() RETURNS integer LANGUAGE sql AS 'SELECT 1';";
    for split in [&[][..], &["--split"]] {
        let (database, project) = (filled(server, sql), Project::new(server));
        let said = project.init(&database, split).ends(0);
        assert!(said.talk.contains("long_gone"), "{}", said.talk);
        project.stands(&database);
    }
}

fn a_dump_begins_a_project_too(server: &Arc<Server>) {
    let (database, project) = (filled(server, HOSTILE), Project::new(server));
    let Some(dump) = database.dump() else { return };
    let file = server.file("dump-to-begin-with.sql");
    fs::write(&file, dump).unwrap();
    project.plan(&["init", "--from", file.to_str().unwrap()]).ends(0);
    project.stands(&database);
}

fn nothing_is_overwritten(server: &Arc<Server>) {
    let database = filled(server, "CREATE TABLE a (id integer);");
    for (file, text) in [
        ("schema.sql", "-- mine\n"),
        ("schema/a.sql", "CREATE TABLE mine ();\n"),
        ("generated/migrations/0001_mine.up.sql", "-- planwright: 1\n"),
    ] {
        let project = Project::new(server);
        let path = project.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        let before = project.files();
        let said = project.init(&database, &[]).ends(2);
        assert!(said.talk.contains("overwrites nothing") && said.talk.contains("-C DIR"), "{}", said.talk);
        assert_eq!(project.files(), before);
    }
    // What a killed run leaves is nothing to keep.
    let project = Project::new(server);
    fs::write(project.path("schema.sql"), "").unwrap();
    project.init(&database, &[]).ends(0);
    project.stands(&database);
    project.init(&database, &[]).ends(2);
}

fn a_failed_init_leaves_nothing(server: &Arc<Server>) {
    let project = Project::new(server);
    let before = project.files();
    project.plan(&["init", "--from", "postgres://127.0.0.1:1/nowhere"]).ends(2);
    project.plan(&["init", "--from", "nowhere.sql"]).ends(2);
    project.plan(&["init", "--ignore", "colour=red"]).ends(2);
    assert_eq!(project.files(), before);
}

fn a_project_begins_with_nothing(server: &Arc<Server>) {
    let project = Project::new(server);
    project.plan(&["init"]).ends(0);
    assert!(project.plan(&[]).ends(2).talk.contains("no statement"));
    let commented = project.text("schema.sql");
    let example: String = commented.lines().skip(2).map(|line| format!("{}\n", &line[2..])).collect();
    fs::write(project.path("schema.sql"), example).unwrap();
    project.plan(&[]).ends(0);
}

fn the_baseline_is_recorded_where_it_is_and_run_where_it_is_not(server: &Arc<Server>) {
    let (database, project) = (filled(server, HOSTILE), Project::new(server));
    project.init(&database, &[]).ends(0);
    let before = database.description();
    assert!(project.migrate(&database, "status").contains("there already, to be recorded"));
    assert!(project.migrate(&database, "up").contains("recorded 0001_baseline"));
    assert!(project.migrate(&database, "status").contains("0001_baseline  1.0 additive  recorded "));
    project.stands(&database);
    let new = server.empty();
    assert!(project.migrate(&new, "up").contains("applied 0001_baseline"));
    project.stands(&new);
    for migrated in [&database, &new] {
        migrated.run("DROP SCHEMA planwright CASCADE;").unwrap();
        assert_eq!(differences(&migrated.description(), &before), [""; 0]);
    }
}

const SHOP: &str = "
    CREATE SCHEMA audit;
    CREATE TABLE audit.log (id integer PRIMARY KEY);
    CREATE FUNCTION audit.write() RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE TABLE item (id integer PRIMARY KEY);
    CREATE TABLE tmp_1 (id serial PRIMARY KEY, note text);
    CREATE TABLE tmp_2 (id integer PRIMARY KEY);
    CREATE TABLE \"odd; name\" (id integer);
    CREATE TABLE foreign_ (id integer);
    ALTER TABLE foreign_ OWNER TO planwright_writer;
    CREATE VIEW shown AS SELECT id FROM item;
    GRANT SELECT ON item TO planwright_reader;";

fn rules_are_remembered_and_hold_everywhere(server: &Arc<Server>) {
    let (database, project) = (filled(server, SHOP), Project::new(server));
    let rules =
        ["schema=audit", "name=tmp_?", "name=\"odd; *\"", "owner=planwright_w*", "kind=view", "kind=grant"];
    let flags: Vec<&str> = rules.iter().flat_map(|rule| ["--ignore", rule]).collect();
    project.init(&database, &flags).ends(0);
    let schema = project.text("schema.sql");
    let statements: Vec<&str> = schema.lines().filter(|line| line.starts_with(char::is_alphabetic)).collect();
    assert_eq!(statements, ["CREATE TABLE public.item ("], "{schema}");
    project.stands(&database);
    let url = database.url();
    let diff = project.plan(&["diff", "--from", &url, "--to", project.path("schema.sql").to_str().unwrap()]);
    assert_eq!(diff.ends(0).sql, "");
    // What others change is no difference, and no plan touches it.
    let changed =
        "DROP TABLE tmp_2; DROP VIEW shown; ALTER TABLE audit.log ADD note text; CREATE TABLE tmp_3 ();
        REVOKE SELECT ON item FROM planwright_reader; CREATE VIEW other AS SELECT 1 AS x;";
    database.run(changed).unwrap();
    project.stands(&database);
    fs::write(project.path("schema.sql"), schema + "CREATE TABLE public.more (id integer);\n").unwrap();
    let up = project.plan(&["--database", &url, "--dry-run"]).ends(0).sql;
    let body: Vec<&str> = up.lines().filter(|line| !line.starts_with("--") && !line.is_empty()).collect();
    assert_eq!(body[0], "CREATE TABLE public.more (");
    assert!(!up.contains("tmp_") && !up.contains("audit"), "{up}");
}

fn the_last_rule_that_matches_decides(server: &Arc<Server>) {
    let database = filled(server, SHOP);
    let made = |flags: &[&str]| {
        let project = Project::new(server);
        project.init(&database, flags).ends(0);
        project.stands(&database);
        let schema = project.text("schema.sql");
        let tables = schema.lines().filter_map(|line| line.strip_prefix("CREATE TABLE "));
        tables.map(|line| line.trim_end_matches(" (").to_string()).collect::<Vec<_>>()
    };
    assert_eq!(made(&["--only", "schema=audit"]), ["audit.log"]);
    assert_eq!(
        made(&["--only", "name=tmp_*", "--only", "schema=audit", "--ignore", "name=*_2"]),
        ["audit.log", "public.tmp_1"]
    );
    // The schema of what is kept stays, though a rule before left it.
    let kept = [
        "--ignore",
        "schema=*",
        "--ignore",
        "!schema=audit name=log",
        "--ignore",
        "!schema=public name=tmp_1",
    ];
    assert_eq!(made(&kept), ["audit.log", "public.tmp_1"]);
    assert_eq!(made(&["--ignore", "!name=tmp_1", "--ignore", "name=*"]), [""; 0]);
}

fn what_hangs_on_what_is_left_goes_with_it(server: &Arc<Server>) {
    let sql = "
        CREATE TABLE p (id integer, at date) PARTITION BY RANGE (at);
        CREATE TABLE p_old PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        CREATE INDEX p_at ON p (at);
        CREATE TABLE kept (id serial PRIMARY KEY, email text);
        CREATE UNIQUE INDEX kept_email ON kept (email);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER t BEFORE INSERT ON kept FOR EACH ROW EXECUTE FUNCTION f();";
    let (database, project) = (filled(server, sql), Project::new(server));
    let rules = ["--ignore", "name=p", "--ignore", "kind=trigger", "--ignore", "kind=function name=f"];
    project.init(&database, &rules).ends(0);
    let schema = project.text("schema.sql");
    assert!(!schema.contains("p_old") && !schema.contains("p_at") && !schema.contains("TRIGGER"), "{schema}");
    assert!(schema.contains("kept_email"), "{schema}");
    project.stands(&database);
}

fn a_rule_that_tears_apart_is_refused(server: &Arc<Server>) {
    let (database, project) = (filled(server, SHOP), Project::new(server));
    let before = project.files();
    let said = project.init(&database, &["--ignore", "name=item"]).ends(1);
    for part in ["view public.shown", "needs column public.item.id", "left to others"] {
        assert!(said.talk.contains(part), "{part:?} is not said: {}", said.talk);
    }
    assert_eq!(project.files(), before);
    let kept = ["--ignore", "name=item", "--ignore", "name=shown"];
    project.init(&database, &kept).ends(0);
    project.stands(&database);
}

fn a_change_that_reaches_what_is_left_is_refused(server: &Arc<Server>) {
    let (database, project) = (filled(server, SHOP), Project::new(server));
    project.init(&database, &["--ignore", "kind=view", "--ignore", "kind=grant"]).ends(0);
    let schema = project.text("schema.sql");
    let wide = schema.replacen(
        "CREATE TABLE public.item (\n    id integer",
        "CREATE TABLE public.item (\n    id bigint",
        1,
    );
    assert_ne!(wide, schema);
    fs::write(project.path("schema.sql"), wide).unwrap();
    let said = project.plan(&["--database", &database.url(), "--allow-breaking"]).ends(1);
    assert!(said.talk.contains("view public.shown is left to others"), "{}", said.talk);
    let without = schema.replace("CREATE TABLE public.item (", "CREATE TABLE public.other (");
    fs::write(project.path("schema.sql"), without).unwrap();
    let flags = ["--database", &database.url(), "--allow-breaking", "--no-renames"];
    let said = project.plan(&flags).ends(1);
    assert!(said.talk.contains("view public.shown is left to others"), "{}", said.talk);
}

fn a_rule_that_cannot_be_read_has_its_line(server: &Arc<Server>) {
    let project = Project::new(server);
    fs::write(project.path("schema.sql"), "CREATE TABLE a ();\n-- @ignore nam=b\n-- @only \n").unwrap();
    let said = project.plan(&[]).ends(2);
    assert!(said.talk.contains("schema.sql:2:1") && said.talk.contains("`nam`"), "{}", said.talk);
    assert!(said.talk.contains("schema.sql:3:1"), "{}", said.talk);
}

fn a_rule_that_comes_later_drops_nothing(server: &Arc<Server>) {
    let (database, project) = (filled(server, SHOP), Project::new(server));
    project.init(&database, &[]).ends(0);
    let schema = project.text("schema.sql");
    let audit = schema.find("CREATE SCHEMA audit").unwrap();
    assert!(audit < schema.find("CREATE TABLE").unwrap());
    let without: Vec<&str> = schema.split("\n\n").filter(|block| !block.contains("audit")).collect();
    fs::write(project.path("schema.sql"), format!("-- @ignore schema=audit\n\n{}", without.join("\n\n")))
        .unwrap();
    assert!(project.plan(&[]).ends(0).talk.contains("nothing to do"));
    project.stands(&database);
}

const EVENTS: &str = "
    CREATE TABLE event (id bigint, at date NOT NULL, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE INDEX event_note ON event (note);
    CREATE TABLE event_default PARTITION OF event DEFAULT;
    CREATE TABLE event_p1 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2024-02-01') PARTITION BY RANGE (id);
    CREATE TABLE event_p1_a PARTITION OF event_p1 FOR VALUES FROM (0) TO (100);
    GRANT SELECT ON event_p1 TO planwright_reader;
    INSERT INTO event VALUES (1, '2024-01-05', 'a');";

const NEXT: &str = "
    CREATE TABLE event_p2 PARTITION OF event FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
    CREATE INDEX event_p2_own ON event_p2 (id);";

fn partitions_that_partman_makes_are_left_alone(server: &Arc<Server>) {
    let partman = "
        CREATE SCHEMA partman;
        CREATE TABLE partman.part_config (
            parent_table text PRIMARY KEY, control text, partition_interval text, template_table text);
        CREATE TABLE partman.template_public_event (LIKE event);
        INSERT INTO partman.part_config
            VALUES ('public.event', 'at', '1 month', 'partman.template_public_event');";
    let (database, project) = (filled(server, &format!("{EVENTS}{partman}")), Project::new(server));
    project.init(&database, &["--ignore", "schema=partman"]).ends(0);
    let schema = project.text("schema.sql");
    assert!(schema.contains("-- @runtime-partitions\nCREATE TABLE public.event ("), "{schema}");
    assert!(!schema.contains("event_p1") && !schema.contains("event_default"), "{schema}");
    runs_while_partitions_come(&project, &database);
    // The parent cannot go without them.
    fs::write(project.path("schema.sql"), "-- @ignore schema=partman\nCREATE TABLE public.other ();\n")
        .unwrap();
    let said = project.plan(&["--database", &database.url(), "--allow-breaking"]).ends(1);
    assert!(said.talk.contains("left to others, and depends on it"), "{}", said.talk);
}

fn partitions_that_an_annotation_leaves_are_left_alone(server: &Arc<Server>) {
    let (database, project) = (filled(server, EVENTS), Project::new(server));
    project.init(&database, &[]).ends(0);
    let schema = project.text("schema.sql");
    assert!(schema.contains("event_p1_a"), "{schema}");
    let annotated =
        schema.replace("CREATE TABLE public.event (", "-- @runtime-partitions\nCREATE TABLE public.event (");
    fs::write(project.path("schema.sql"), &annotated).unwrap();
    project.stands(&database);
    // What is written down is managed all the same; what is not is nobody's to drop.
    let without: Vec<&str> = annotated.split("\n\n").filter(|block| !block.contains("event_p1")).collect();
    assert!(without.len() < annotated.split("\n\n").count());
    fs::write(project.path("schema.sql"), without.join("\n\n")).unwrap();
    assert!(project.plan(&[]).ends(0).talk.contains("nothing to do"));
    runs_while_partitions_come(&project, &database);
}

/// Partitions come, the table changes with all of them, and none is lost.
fn runs_while_partitions_come(project: &Project, database: &Database) {
    project.stands(database);
    database.run(NEXT).unwrap();
    project.stands(database);
    let (url, schema) = (database.url(), project.text("schema.sql"));
    let changed = schema.replace("    note text", "    note text,\n    more integer DEFAULT 7");
    assert_ne!(changed, schema);
    fs::write(project.path("schema.sql"), changed).unwrap();
    let file = project.path("schema.sql");
    let diff = project.plan(&["diff", "--from", &url, "--to", file.to_str().unwrap()]).ends(0).sql;
    assert_eq!(diff.trim(), "ALTER TABLE public.event ADD COLUMN more integer DEFAULT 7;");
    let back = project.plan(&["diff", "--from", file.to_str().unwrap(), "--to", &url]).ends(0).sql;
    assert_eq!(back.trim(), "ALTER TABLE public.event DROP COLUMN more;");
    database.run(&diff).unwrap();
    let rows = "DO $$ BEGIN ASSERT (SELECT count(more) = 1 FROM event_p1_a); INSERT INTO event VALUES (2, '2024-02-02'); END $$";
    database.run(rows).unwrap();
    assert!(project.plan(&["--database", &url]).ends(0).talk.contains("nothing to do"));
}

fn queues_that_pgmq_makes_are_left_alone(server: &Arc<Server>) {
    let pgmq = "
        CREATE SCHEMA pgmq;
        CREATE TABLE pgmq.meta (queue_name varchar UNIQUE NOT NULL, is_partitioned boolean NOT NULL);
        CREATE TABLE pgmq.q_mail (id bigint PRIMARY KEY);
        CREATE TABLE pgmq.a_mail (id bigint PRIMARY KEY);
        CREATE TABLE pgmq.q_ours (id bigint PRIMARY KEY);
        INSERT INTO pgmq.meta VALUES ('Mail', false);";
    let (database, project) = (filled(server, pgmq), Project::new(server));
    project.init(&database, &[]).ends(0);
    let schema = project.text("schema.sql");
    assert!(!schema.contains("_mail") && schema.contains("pgmq.q_ours"), "{schema}");
    project.stands(&database);
    let more = "CREATE TABLE pgmq.q_more (id bigint); INSERT INTO pgmq.meta VALUES ('more', false);";
    database.run(more).unwrap();
    project.stands(&database);
}

fn what_planwright_keeps_is_no_difference(server: &Arc<Server>) {
    let (database, project) = (filled(server, "CREATE TABLE a (id integer);"), Project::new(server));
    project.init(&database, &[]).ends(0);
    project.migrate(&database, "up");
    project.stands(&database);
    let again = Project::new(server);
    again.init(&database, &[]).ends(0);
    assert_eq!(again.text("schema.sql"), project.text("schema.sql"));
}

fn filled(server: &Arc<Server>, sql: &str) -> Database {
    let database = server.empty();
    database.run(sql).unwrap();
    database
}

/// A folder that is to become a project.
struct Project {
    folder: tempfile::TempDir,
    plan: Plan,
}

struct Said {
    code: Option<i32>,
    sql: String,
    talk: String,
}

impl Said {
    #[track_caller]
    fn ends(self, code: i32) -> Said {
        assert_eq!(self.code, Some(code), "{}", self.talk);
        self
    }
}

impl Project {
    fn new(server: &Arc<Server>) -> Project {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("project")).unwrap();
        fs::write(folder.path().join("project/Cargo.toml"), "[package]\nname = \"shop\"\n").unwrap();
        Project { folder, plan: Plan::new(server.url("postgres")) }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| {
            panic!("{name}: {error}: {:?}", self.files().iter().map(|(path, _)| path).collect::<Vec<_>>())
        })
    }

    fn plan(&self, arguments: &[&str]) -> Said {
        let root = self.root();
        let arguments = [arguments, &["-C", root.to_str().unwrap()]].concat();
        let (code, talk) = match self.plan.run(&arguments, self.folder.path()) {
            Answer::Done { sql, talk } => return Said { code: Some(0), sql, talk },
            Answer::Refused(talk) => (Some(1), talk),
            Answer::Failed(talk) => (talk.strip_prefix("exit 2\n").map(|_| 2), talk),
        };
        Said { code, sql: String::new(), talk }
    }

    fn init(&self, database: &Database, flags: &[&str]) -> Said {
        self.plan(&[&["init", "--from", &database.url()], flags].concat())
    }

    /// There is nothing to do, whatever it is compared with, and no file changes.
    #[track_caller]
    fn stands(&self, database: &Database) {
        let before = self.files();
        for arguments in [&[][..], &["--check"], &["--database", &database.url()]] {
            let said = self.plan(arguments).ends(0);
            assert!(said.talk.contains("nothing to do"), "{arguments:?}: {}", said.talk);
        }
        assert_eq!(self.files(), before);
    }

    /// Both streams of `migrate`.
    #[track_caller]
    fn migrate(&self, database: &Database, command: &str) -> String {
        let mut migrate = Command::new(env!("CARGO_BIN_EXE_migrate"));
        migrate.args([command, "--database", &database.url(), "-C"]).arg(self.root()).stdin(Stdio::null());
        let output: Output = migrate.output().unwrap();
        let text =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{text}");
        text
    }

    /// Every file below the folder, with its text.
    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        fn collect(folder: &Path, out: &mut Vec<(PathBuf, Vec<u8>)>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => collect(&path, out),
                    false => out.push((path.clone(), fs::read(&path).unwrap())),
                }
            }
        }
        let mut files = Vec::new();
        collect(&self.root(), &mut files);
        files.sort();
        files
    }
}
