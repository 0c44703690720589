//! `plan show`, and what `plan` says by itself on GitHub Actions.

#[path = "runtime/database.rs"]
mod database;
#[path = "runtime/server.rs"]
mod server;

use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

/// A project folder that goes when the test does.
struct Project(tempfile::TempDir);

impl Project {
    fn new(schema: &str) -> Project {
        let project = Project(tempfile::tempdir().expect("there is a folder for temporary files"));
        project.put("Cargo.toml", "[package]\nname = \"shop\"\n");
        project.put("schema.sql", schema);
        project
    }

    /// One with a first migration, and a second that leads to `new`.
    fn planned(old: &str, new: &str) -> Project {
        let project = Project::new(old);
        exits(&project.plan(&["-q"], &[]), 0);
        project.put("schema.sql", new);
        let flags = ["-q", "--offline", "--allow-breaking", "--no-renames", "--name", "second"];
        exits(&project.plan(&flags, &[]), 0);
        project
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the folder is ours");
        fs::write(path, text).expect("the folder is ours");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("it was written")
    }

    fn plan(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plan"));
        ["CI", "GITHUB_ACTIONS", "GITHUB_WORKSPACE"].iter().for_each(|name| {
            command.env_remove(name);
        });
        command.current_dir(self.path()).args(arguments).envs(variables.iter().copied());
        command.stdin(Stdio::null()).output().expect("the program runs")
    }

    fn shows(&self, arguments: &[&str]) -> String {
        let output = self.plan(&[&["show"], arguments].concat(), &[]);
        exits(&output, 0);
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it is UTF-8")
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let shown = self.shows(&[arguments, &["--format", "json"]].concat());
        serde_json::from_str(&shown).unwrap_or_else(|error| panic!("{error}: {shown}"))
    }
}

#[track_caller]
fn exits(output: &Output, code: i32) {
    let said = [&*output.stdout, &*output.stderr].concat();
    assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&said));
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("it is UTF-8")
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
}

const FORMATS: [&str; 6] = ["text", "json", "markdown", "html", "sarif", "github"];
const AUTHOR: &str = "CREATE TABLE author (\n    id bigint PRIMARY KEY,\n    name text,\n    born date\n);\n";
const CHANGED: &str = "CREATE TABLE author (\n    id bigint PRIMARY KEY,\n    name text NOT NULL\n);\n";

#[test]
fn a_migration_is_shown_with_all_that_a_reviewer_asks() {
    let project = Project::planned(AUTHOR, CHANGED);
    let shown = project.shows(&[]);
    has(
        &shown,
        &[
            "0002_second: breaking, version 2.0, in one transaction; proven on PostgreSQL",
            "drop column public.author.born: breaking, schema.sql:1\n",
            "alter column public.author.name: data-dependent, schema.sql:3\n",
            "ACCESS EXCLUSIVE on public.author: every statement waits, reads too, until the migration commits",
            "loses the values of public.author.born\n",
            "this finds the rows in its way: SELECT * FROM public.author WHERE name IS NULL\n",
            "     | ALTER TABLE public.author DROP COLUMN born;\n",
            "the way back, generated/migrations/0002_second.down.sql, in one transaction:\n",
            "     | ALTER TABLE public.author ADD COLUMN born date;\n",
        ],
    );
    assert!(!shown.contains("0001_"), "{shown}");
    has(&project.shows(&["1"]), &["0001_add_author: additive, version 1.0", "it stops nobody"]);
    for range in ["1..2", "1..", "..2", "0001..9"] {
        has(&project.shows(&[range]), &["0001_add_author: ", "0002_second: "]);
    }
    for (wrong, code) in [("3", 2), ("x", 2), ("2..1", 2), ("0", 2), ("-1", 2)] {
        exits(&project.plan(&["show", wrong], &[]), code);
    }
    exits(&Project::new(AUTHOR).plan(&["show"], &[]), 2);
}

#[test]
fn who_asks_for_a_types_name_is_told_that_it_changes() {
    let planned = |a: &str, b: &str| {
        let project = Project::planned(
            &format!("CREATE TABLE t (id bigint PRIMARY KEY, v {a});\n"),
            &format!("CREATE TABLE t (id bigint PRIMARY KEY, v {b});\n"),
        );
        project.shows(&[])
    };
    let told = planned("varchar(10)", "text");
    has(&told, &["as before; a driver that checks types is told text instead of character varying"]);
    let silent = planned("varchar(10)", "varchar(20)");
    assert!(!silent.contains("a driver"), "{silent}");
}

#[test]
fn json_says_the_same_in_fields() {
    let project = Project::planned(AUTHOR, CHANGED);
    let shown = project.json(&["1.."]);
    assert_eq!(shown["format"], 1);
    assert_eq!(shown["migrations"][0]["number"], 1);
    let second = &shown["migrations"][1];
    assert_eq!(second["class"], "breaking");
    assert_eq!(second["transaction"], true);
    let steps = second["steps"].as_array().expect("it has steps");
    let step =
        |object: &str| steps.iter().find(|step| step["object"] == object).expect("there is such a step");
    let dropped = step("column public.author.born");
    assert_eq!(dropped["action"], "drop");
    assert_eq!(dropped["class"], "breaking");
    assert_eq!(dropped["sql"], "ALTER TABLE public.author DROP COLUMN born");
    assert_eq!(dropped["loses"], "the values of public.author.born");
    assert_eq!(dropped["locks"][0]["relation"], "public.author");
    assert_eq!(dropped["locks"][0]["lock"], "ACCESS EXCLUSIVE");
    assert_eq!(dropped["locks"][0]["estimated_seconds"], Value::Null);
    let changed = step("column public.author.name");
    assert_eq!((&changed["file"], &changed["line"]), (&"schema.sql".into(), &3.into()));
    assert_eq!(changed["finds_rows"], "SELECT * FROM public.author WHERE name IS NULL");
    // The line is that of the statement in the migration.
    let up = project.read("generated/migrations/0002_second.up.sql");
    let line = changed["migration_line"].as_u64().expect("it is a number") as usize;
    has(up.lines().nth(line - 1).expect("there is such a line"), &["SET NOT NULL"]);
    let down: Vec<&Value> = second["down"]["statements"].as_array().expect("they are").iter().collect();
    assert!(
        down.iter().any(|one| one["sql"] == "ALTER TABLE public.author ADD COLUMN born date"),
        "{down:?}"
    );
}

#[test]
fn sarif_points_at_the_schema_and_at_the_migration() {
    let project = Project::planned(AUTHOR, CHANGED);
    let sarif: Value = serde_json::from_str(&project.shows(&["--format", "sarif"])).expect("it is JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().expect("there are results");
    for rule in ["breaking", "data-loss", "data-dependent"] {
        let found = results.iter().find(|result| result["ruleId"] == rule).expect("it is found");
        let at = |list: &str| found[list][0]["physicalLocation"].clone();
        assert_eq!(at("locations")["artifactLocation"]["uri"], "schema.sql");
        assert_eq!(
            at("relatedLocations")["artifactLocation"]["uri"],
            "generated/migrations/0002_second.up.sql"
        );
        assert!(at("locations")["region"]["startLine"].as_u64() >= Some(1));
        let index = found["ruleIndex"].as_u64().expect("it is a number") as usize;
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], rule);
    }
}

#[test]
fn a_file_of_an_earlier_planwright_is_shown_as_its_text() {
    let project = Project::new("SELECT 1;\n");
    let told = "alter table public.author: data-dependent, ACCESS EXCLUSIVE on public.author; old words";
    project.put(
        "generated/migrations/0001_alter_author.up.sql",
        &format!(
            "-- planwright: 1\n-- class: data-dependent\n-- version: 1.0\n-- mode: transaction\n-- steps:\n\
             --   1. {told}\n\nALTER TABLE public.author SET (fillfactor = 70);\n"
        ),
    );
    project.put(
        "generated/migrations/0001_alter_author.down.sql",
        "-- planwright: 1\n-- mode: transaction\n\nALTER TABLE public.author RESET (fillfactor);\n",
    );
    for format in FORMATS {
        let shown = project.shows(&["--format", format]);
        has(&shown, &["old words"]);
        // Nothing is claimed of what it does not say in lines of its own.
        assert!(!shown.contains("stops nobody"), "{shown}");
    }
    assert_eq!(project.json(&[])["migrations"][0]["steps"][0]["object"], Value::Null);
}

/// A migration whose step reads a table and writes another anew, and the step after it.
fn long(mode: &str) -> Project {
    let project = Project::new("SELECT 1;\n");
    project.put(
        "generated/migrations/0001_long.up.sql",
        &format!(
            "-- planwright: 1\n-- class: additive\n-- version: 1.0\n-- mode: {mode}\n-- steps:\n\
             --   1. alter column public.small.a: additive; it is free\n\
             --      lock: ACCESS EXCLUSIVE on public.small\n\
             --   2. create index public.large_i: additive, schema.sql:2; statements see no difference\n\
             --      lock: SHARE on public.large\n\
             --      scans: public.large\n\
             --   3. alter column public.large.b: additive; it is told\n\
             --      lock: ACCESS EXCLUSIVE on public.large\n\
             --      rewrites: public.large\n\
             --      scans: public.large\n\
             --      breaks: SELECT b FROM public.large\n\
             --      with: 42883 operator does not exist\n\n\
             SELECT 1;\nSELECT 2;\nSELECT 3;\n"
        ),
    );
    let down =
        "-- planwright: 1\n-- mode: transaction\n-- loses: the values of public.large.b\n\nSELECT 4;\n";
    project.put("generated/migrations/0001_long.down.sql", down);
    project
}

#[test]
fn a_lock_lasts_as_long_as_what_comes_after_it_in_the_transaction() {
    let first = |project: &Project| project.json(&[])["migrations"][0]["steps"][0]["locks"][0].clone();
    let held = first(&long("transaction"));
    assert_eq!(held["until"], "until the migration commits");
    has(
        held["lasts"].as_str().expect("it is text"),
        &["public.large is read as a whole (0.35 to 3.4 s", "public.large is written anew (12 to 19 s"],
    );
    let held = first(&long("none"));
    assert_eq!(held["until"], "until the step ends");
    has(held["lasts"].as_str().expect("it is text"), &["milliseconds at any size"]);
    let rules = |project: &Project| -> Vec<String> {
        let sarif: Value = serde_json::from_str(&project.shows(&["--format", "sarif"])).expect("it is JSON");
        let results = sarif["runs"][0]["results"].as_array().expect("there are results").clone();
        results.iter().map(|result| result["ruleId"].as_str().expect("it is text").to_string()).collect()
    };
    assert_eq!(rules(&long("transaction")), ["long-lock", "long-lock", "long-lock", "way-back-loses"]);
    assert_eq!(rules(&long("none")), ["long-lock", "long-lock", "way-back-loses"]);
    has(
        &long("none").shows(&["--format", "github"]),
        &[
            "::warning file=schema.sql,line=2,title=long-lock%3A 0001_long%2C create index public.large_i::SHARE on public.large: writes wait, reads go on",
        ],
    );
    has(&long("none").shows(&[]), &["breaks SELECT b FROM public.large: 42883 operator does not exist"]);
}

#[test]
fn a_database_says_how_large_its_relations_are() {
    let Some(server) = server::Server::start() else {
        eprintln!("skipped: it needs PostgreSQL's binaries");
        return;
    };
    let database = server.database("sizes");
    let mut client = database.client();
    let fill = "CREATE TABLE large (b integer); CREATE TABLE small (a integer)";
    client.batch_execute(fill).expect("it is SQL");
    let host = database.folder.display().to_string().replace('/', "%2F");
    let url = format!("postgres://postgres@{host}/sizes?sslmode=disable");
    let project = long("transaction");
    let asked = |client: &mut postgres::Client, sql: &str| {
        client.batch_execute(sql).expect("it is SQL");
        project.json(&["--database", &url])["migrations"][0]["steps"][0]["locks"][0].clone()
    };
    let held = asked(&mut client, "INSERT INTO large SELECT generate_series(1, 50000); ANALYZE large");
    has(
        held["lasts"].as_str().expect("it is text"),
        &["public.large (about 50000 rows) is", "in all about 0.6 to 1.1 s"],
    );
    // A scan and a rewrite of 50,000 rows.
    let most = held["estimated_seconds"]["most"].as_f64().expect("it is a number");
    assert!((most - 0.05 * (3.4 + 19.0)).abs() < 0.01, "{most}");
    let partitioned = "DROP TABLE large;
        CREATE TABLE large (b integer) PARTITION BY RANGE (b);
        CREATE TABLE low PARTITION OF large FOR VALUES FROM (0) TO (10);
        CREATE TABLE high PARTITION OF large FOR VALUES FROM (10) TO (100000);
        INSERT INTO large SELECT generate_series(1, 20000); ANALYZE low; ANALYZE high";
    has(asked(&mut client, partitioned)["lasts"].as_str().expect("it is text"), &["(about 20000 rows)"]);
    has(
        &project.shows(&["--database", &url]),
        &["Numbers of rows are those that the database knows without counting."],
    );
    let refused = project.plan(&["show", "--database", "postgres://me:s3cret@127.0.0.1:1/shop"], &[]);
    exits(&refused, 2);
    assert!(!String::from_utf8_lossy(&refused.stderr).contains("s3cret"));
}

/// What may stand in a name: everything that some format would take for its own.
const HOSTILE: &str = "a\"; drop -- --> | `` ``` </details><script>alert('x')</script> &amp; @octocat\n::error::x\r\n## [l](http://x) %0A \\ ä\u{202e}\u{1b}[31m";

fn hostile() -> (Project, String) {
    let name = format!("\"{}\"", HOSTILE[..60].replace('"', "\"\""));
    let column = format!("\"{}\"", HOSTILE[60..].replace('"', "\"\""));
    let table = |inside: &str| format!("CREATE TABLE {name} ({inside});\n");
    let old = table(&format!("{column} text, {name} integer"));
    let check = "x`|</code><script> ::warning:: @octocat";
    let new = table(&format!("{column} text NOT NULL, CHECK ({column} <> '{check}')"));
    (Project::planned(&old, &new), check.to_string())
}

#[test]
fn hostile_names_are_text_in_a_header() {
    let (project, _) = hostile();
    let shown = project.json(&[]);
    let steps = shown["migrations"][0]["steps"].as_array().expect("there are steps");
    let name = HOSTILE[..60].replace('"', "\"\"");
    assert!(steps.iter().all(|step| !step["sql"].is_null()), "{steps:?}");
    assert!(steps.iter().any(|step| step["object"].as_str().is_some_and(|object| object.contains(&name))));
    let locks = steps.iter().flat_map(|step| step["locks"].as_array().expect("it is a list"));
    let relations: Vec<&str> = locks.map(|lock| lock["relation"].as_str().expect("it is text")).collect();
    assert!(relations.contains(&format!("public.\"{name}\"").as_str()), "{relations:?}");
    exits(&project.plan(&["--check", "-q"], &[]), 0);
}

#[test]
fn hostile_names_are_text_in_html() {
    let (project, check) = hostile();
    let html = project.shows(&["--format", "html"]);
    let known = [
        "html", "head", "meta", "title", "style", "body", "article", "h1", "h2", "p", "section", "ul", "li",
        "pre", "code", "span", "footer",
    ];
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(2).map(|rest| rest.split('>').next().expect("it has a first part")) {
        let name = tag.trim_start_matches('/').split(' ').next().expect("it has a first part");
        assert!(known.contains(&name), "<{tag}>");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if name != "meta" => open.push(name),
            None => {}
        }
    }
    assert!(open.is_empty(), "{open:?}");
    let text = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    has(&text.replace("&amp;", "&"), &["</details><script>alert('x')</scrip", "t> &amp; @octocat", &check]);
    assert!(!html.contains(['\u{1b}', '\u{202e}', '\r']));
}

#[test]
fn hostile_names_are_text_in_markdown() {
    let (project, check) = hostile();
    let markdown = project.shows(&["--format", "markdown"]);
    let mut fence: Option<String> = None;
    let mut fenced = String::new();
    for line in markdown.lines() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        match &fence {
            Some(open) if line == open => fence = None,
            Some(_) => fenced += &format!("{line}\n"),
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => {
                // Outside a fence only our own words are markup.
                if line.starts_with('|') {
                    assert_eq!(line.matches('|').count(), 6, "{line}");
                }
                let bare = line.replace("<code>&#64;</code>", "");
                assert!(!bare.contains(['`', '@', '[', '\\']) && !bare.contains("script>"), "{line}");
                assert!(!line.contains("</details>") || line == "</details>", "{line}");
            }
        }
    }
    assert_eq!(fence, None);
    has(&fenced, &[&check, "</details><script>"]);
    assert!(!markdown.contains(['\u{1b}', '\u{202e}', '\r']));
}

#[test]
fn hostile_names_are_text_in_annotations() {
    let (project, check) = hostile();
    let lines = project.shows(&["--format", "github"]);
    assert!(lines.lines().count() >= 3, "{lines}");
    let mut messages = String::new();
    for line in lines.lines() {
        let (command, message) = line[2..].split_once("::").expect("it is a workflow command");
        let (level, properties) = command.split_once(' ').expect("it has properties");
        assert!(["notice", "warning"].contains(&level), "{line}");
        let names: Vec<&str> =
            properties.split(',').map(|one| one.split('=').next().expect("it has a first part")).collect();
        assert_eq!(names, ["file", "line", "title"], "{line}");
        messages += &message.replace("%0A", "\n").replace("%25", "%");
    }
    has(&messages, &[&check]);
    let text = project.shows(&[]);
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']), "{text}");
    serde_json::from_str::<Value>(&project.shows(&["--format", "sarif"])).expect("it is JSON");
}

const ON_GITHUB: (&str, &str) = ("GITHUB_ACTIONS", "true");

#[test]
fn on_github_a_refusal_is_an_annotation() {
    let project = Project::new(AUTHOR);
    exits(&project.plan(&["-q"], &[]), 0);
    project.put("schema.sql", CHANGED);
    let quiet = project.plan(&[], &[]);
    exits(&quiet, 1);
    assert_eq!(stdout(&quiet), "");
    let refused = project.plan(&[], &[ON_GITHUB]);
    exits(&refused, 1);
    has(
        stdout(&refused),
        &["::error file=schema.sql,line=1,title=breaking::drop column public.author.born: "],
    );
    // The path is that of the repository, wherever in it the project is.
    let top = project.path().parent().expect("it is in a folder").display().to_string();
    let name = project.path().file_name().expect("it has a name").to_string_lossy().into_owned();
    let refused = project.plan(&[], &[ON_GITHUB, ("GITHUB_WORKSPACE", &top)]);
    has(stdout(&refused), &[&format!("::error file={name}/schema.sql,line=1,title=breaking::")]);

    project.put("schema.sql", "CREATE TABEL author (id bigint);\n");
    let failed = project.plan(&["--check"], &[ON_GITHUB]);
    exits(&failed, 2);
    has(stdout(&failed), &["::error file=schema.sql,line=1,title="]);
}

#[test]
fn on_github_what_is_planned_is_annotated_too() {
    let project = Project::new(AUTHOR);
    exits(&project.plan(&["-q"], &[]), 0);
    project.put("schema.sql", CHANGED);
    let check = project.plan(&["--check", "--offline", "--allow-breaking"], &[ON_GITHUB]);
    exits(&check, 1);
    has(
        stdout(&check),
        &[
            "::warning file=schema.sql,line=1,title=data-loss%3A ",
            "::notice file=schema.sql,line=3,title=data-dependent%3A ",
            "::error title=stale::",
        ],
    );
    // Where SQL is the product, nothing else is on stdout.
    let dry = project.plan(&["--dry-run", "--allow-breaking"], &[ON_GITHUB]);
    exits(&dry, 0);
    assert!(!stdout(&dry).contains("::warning"), "{}", stdout(&dry));
    has(std::str::from_utf8(&dry.stderr).expect("it is UTF-8"), &["::warning file=schema.sql"]);
    let planned = project.plan(&["-q", "--offline", "--allow-breaking"], &[ON_GITHUB]);
    exits(&planned, 0);
    has(stdout(&planned), &["::warning file=schema.sql,line=1,title=breaking%3A 0002_"]);
    let nothing = project.plan(&["--check"], &[ON_GITHUB]);
    exits(&nothing, 0);
    assert_eq!(stdout(&nothing), "");
}

#[test]
fn lines_are_those_of_the_project_wherever_it_is_planned_from() {
    let project = Project::new(AUTHOR);
    let above = project.path().parent().expect("it is in a folder");
    let name = project.path().file_name().expect("it has a name");
    let mut command = Command::new(env!("CARGO_BIN_EXE_plan"));
    let output = command.current_dir(above).arg("-C").arg(name).env_remove("GITHUB_ACTIONS").output();
    exits(&output.expect("the program runs"), 0);
    has(
        &project.read("generated/migrations/0001_add_author.up.sql"),
        &["table public.author: additive, schema.sql:1; "],
    );
}

#[test]
fn what_a_way_back_loses_is_said_for_every_kind_that_holds_data() {
    let old = "CREATE TYPE point3 AS (x integer);\nCREATE TABLE author (id bigint PRIMARY KEY);\n\
               CREATE TABLE tag (name text PRIMARY KEY);\n";
    let new = "CREATE TYPE point3 AS (x integer, y integer);\n\
               CREATE TABLE author (id bigint PRIMARY KEY, born date, twice bigint GENERATED ALWAYS AS (id * 2) STORED);\n\
               -- @data\nCREATE TABLE tag (name text PRIMARY KEY);\nINSERT INTO tag (name) VALUES ('new');\n\
               CREATE TABLE book (id bigint PRIMARY KEY, at point3);\nCREATE SEQUENCE number;\n\
               CREATE VIEW born AS SELECT born FROM author;\nCREATE MATERIALIZED VIEW ids AS SELECT id FROM author;\n";
    let project = Project::planned(old, new);
    let shown = project.json(&["2.."]);
    let downs = shown["migrations"].as_array().expect("there are migrations").iter();
    let mut loses: Vec<&str> = downs
        .flat_map(|one| one["down"]["loses"].as_array().expect("it is a list"))
        .map(|what| what.as_str().expect("it is text"))
        .collect();
    loses.sort_unstable();
    // A view, a materialized view and a generated column hold nothing of their own.
    assert_eq!(
        loses,
        [
            "how far public.number has counted",
            "row (new) of public.tag",
            "the rows of public.book",
            "the values of public.author.born",
            "the values of public.point3.y",
        ]
    );
    has(&project.shows(&["2.."]), &["it loses the rows of public.book\n"]);
}

#[test]
fn a_way_back_that_rows_may_stop_says_so() {
    let schema = |labels: &str, rest: &str| {
        format!(
            "CREATE TYPE mood AS ENUM ({labels});\nCREATE TABLE author (id bigint PRIMARY KEY, mood mood{rest});\n"
        )
    };
    let project = Project::planned(&schema("'calm'", " NOT NULL"), &schema("'calm', 'wild'", ""));
    let shown = project.json(&["2.."]);
    let costs = shown["migrations"].to_string();
    has(
        &costs,
        &[
            "enumeration public.mood: ",
            "column public.author.mood: ",
            "SELECT * FROM public.author WHERE mood IS NULL",
        ],
    );
    has(&project.shows(&["2.."]), &["so does a row that has it"]);
    let free = Project::planned(AUTHOR, &format!("{AUTHOR}CREATE INDEX ON author (name);\n"));
    let down = free.json(&["2.."])["migrations"][0]["down"].clone();
    assert_eq!((&down["loses"], &down["costs"]), (&Value::Array(Vec::new()), &Value::Array(Vec::new())));
}

#[test]
fn a_reason_is_the_only_way_to_have_no_way_back() {
    let project = Project::new(AUTHOR);
    exits(&project.plan(&["-q"], &[]), 0);
    project.put("schema.sql", &AUTHOR.replace("born date", "born date,\n    died date"));
    for none in ["", "  ", "a\nb"] {
        exits(&project.plan(&["--irreversible", none], &[]), 2);
    }
    let why = "the old programs are gone";
    let planned = project.plan(&["--irreversible", why], &[]);
    exits(&planned, 0);
    has(
        std::str::from_utf8(&planned.stderr).expect("it is UTF-8"),
        &["there will be no way back: the old programs are gone"],
    );
    assert_eq!(
        project.read("generated/migrations/0002_add_author_died.down.sql"),
        format!("-- planwright: 1\n-- mode: transaction\n-- irreversible: {why}\n")
    );
    for format in FORMATS {
        has(&project.shows(&["--format", format]), &[why]);
    }
    exits(&project.plan(&["--check", "-q"], &[]), 0);
    let Some(server) = server::Server::start() else {
        eprintln!("skipped: it needs PostgreSQL's binaries");
        return;
    };
    let database = server.database("irreversible");
    let host = database.folder.display().to_string().replace('/', "%2F");
    let url = format!("postgres://postgres@{host}/irreversible?sslmode=disable");
    drop(database.client());
    let migrate = |word: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_migrate"));
        command
            .current_dir(project.path())
            .args([word, "--database", &url])
            .output()
            .expect("the program runs")
    };
    exits(&migrate("up"), 0);
    let refused = migrate("undo");
    exits(&refused, 1);
    has(
        std::str::from_utf8(&refused.stderr).expect("it is UTF-8"),
        &["0002_add_author_died cannot be undone: the old programs are gone"],
    );
}
