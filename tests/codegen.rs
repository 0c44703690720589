//! `generated/` to `generated/migrations.rs`: what is embedded, what is refused, and when a file is written.

use planwright::{
    bundle::{Class, Mode, Version},
    codegen::{
        self, Error, Folder, Outcome, checksum,
        header::{Broken, DownHeader, Header, Step},
        lock::{self, Lock, Locked},
    },
};
use std::{
    fs,
    path::PathBuf,
    time::{Duration, SystemTime},
};
use tempfile::TempDir;

#[test]
fn the_bundle_names_each_migration_with_its_facts() {
    let project = Project::new();
    project.migration("0001_add_book", "additive", "1.0", "transaction");
    project.migration("0002_alter_book", "breaking", "2.0", "none");
    project.write_lock();
    let text = codegen::generate(&project.generated()).unwrap();
    for line in [
        "name: \"bookshop\"",
        "lock: include_str!(\"schema.lock\")",
        "name: \"alter_book\"",
        "class: Class::Breaking",
        "version: Version { major: 2, patch: 0 }",
        "mode: Mode::None",
        "up: include_str!(\"migrations/0002_alter_book.up.sql\")",
        &format!("checksum: \"{}\"", checksum(&project.read("migrations/0002_alter_book.up.sql"))),
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let head = format!(
        "head: \"0002 {}\"",
        checksum(
            &(project.read("migrations/0002_alter_book.up.sql")
                + &project.read("migrations/0002_alter_book.down.sql"))
        )
    );
    assert!(text.contains(&head), "{head} is not in\n{text}");
}

#[test]
fn the_text_is_the_same_in_every_place_and_at_every_time() {
    let [one, other] = [Project::with(3), Project::with(3)];
    for migration in fs::read_dir(other.generated().join("migrations")).unwrap() {
        touch(&migration.unwrap().path(), Duration::from_secs(1_000_000));
    }
    let text = codegen::generate(&one.generated()).unwrap();
    assert_eq!(text, codegen::generate(&other.generated()).unwrap());
    assert!(!text.contains(one.folder.path().to_str().unwrap()));
}

#[test]
fn a_checkout_with_crlf_gives_the_same_text() {
    let [unix, windows] = [Project::with(2), Project::with(2)];
    unix.write_lock();
    windows.write_lock();
    for file in ["migrations/0001_add_a.up.sql", "migrations/0002_add_a.down.sql", "schema.lock"] {
        windows.write(file, &windows.read(file).replace('\n', "\r\n"));
    }
    assert_eq!(
        codegen::generate(&unix.generated()).unwrap(),
        codegen::generate(&windows.generated()).unwrap()
    );
    codegen::write(&windows.generated()).unwrap();
    windows.write("migrations.rs", &windows.read("migrations.rs").replace('\n', "\r\n"));
    codegen::check(&windows.generated()).unwrap();
}

#[test]
fn the_checksum_is_what_sha256sum_prints() {
    assert_eq!(checksum("a\r\n"), "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7");
    assert_eq!(checksum("a\n"), checksum("a\r\n"));
}

#[test]
fn a_project_without_migrations_has_an_empty_bundle() {
    let project = Project::new();
    let text = codegen::generate(&project.generated()).unwrap();
    assert!(text.contains("head: \"0000 -\""), "{text}");
    assert!(text.contains("migrations: &[]"), "{text}");
}

#[test]
fn the_name_is_the_packages_unless_the_manifest_keeps_an_older_one() {
    let project = Project::new();
    let name = |manifest: &str| {
        fs::write(project.folder.path().join("Cargo.toml"), manifest).unwrap();
        Folder::read(&project.generated()).unwrap().name
    };
    assert_eq!(name("[dependencies]\nname = 'no'\n[package]\nversion = \"1\"\nname = \"shop\"\n"), "shop");
    assert_eq!(
        name("[package]\nname = \"new\"\n\n[package.metadata.planwright]\nname = \"old\" # kept\n"),
        "old"
    );
    fs::remove_file(project.folder.path().join("Cargo.toml")).unwrap();
    assert_eq!(Folder::read(&project.generated()).unwrap().name, "schema");
}

#[test]
fn every_broken_folder_is_refused_by_the_names_of_its_files() {
    type Break = fn(&Project);
    let cases: &[(&str, Break, &[&str])] = &[
        (
            "migration-gap",
            |project| project.remove("0002_add_a"),
            &["0002 is missing", "0001_add_a.up.sql", "0003_add_a.up.sql"],
        ),
        ("migration-gap", |project| project.remove("0001_add_a"), &["0001 is missing", "0002_add_a.up.sql"]),
        (
            "migration-duplicate",
            |project| project.migration("0003_add_b", "additive", "1.2", "transaction"),
            &["0003_add_a.up.sql", "0003_add_b.up.sql"],
        ),
        (
            "migration-half",
            |project| fs::remove_file(project.path("migrations/0002_add_a.down.sql")).unwrap(),
            &["no down file", "0002_add_a.down.sql"],
        ),
        (
            "migration-half",
            |project| fs::remove_file(project.path("migrations/0003_add_a.up.sql")).unwrap(),
            &["no up file", "0003_add_a.up.sql"],
        ),
        ("migration-name", |project| project.write("migrations/notes.txt", ""), &["notes.txt"]),
        ("migration-name", |project| project.write("migrations/4_a.up.sql", ""), &["4_a.up.sql"]),
        ("migration-name", |project| project.write("migrations/00004_a.up.sql", ""), &["00004_a.up.sql"]),
        ("migration-name", |project| project.write("migrations/0004_A.up.sql", ""), &["0004_A.up.sql"]),
        ("migration-name", |project| project.write("migrations/0004_.up.sql", ""), &["0004_.up.sql"]),
        ("migration-name", |project| project.write("migrations/0000_a.up.sql", ""), &["0000_a.up.sql"]),
        ("migration-name", |project| project.write("migrations/0004_a.sql", ""), &["0004_a.sql"]),
        (
            "migration-name",
            |project| fs::create_dir(project.path("migrations/0004_a.up.sql")).unwrap(),
            &["0004_a.up.sql"],
        ),
        (
            "migration-header",
            |project| project.write("migrations/0002_add_a.up.sql", "CREATE TABLE a ();\n"),
            &["0002_add_a.up.sql:1", "-- planwright: 1"],
        ),
        (
            "migration-header",
            |project| project.write("migrations/0002_add_a.down.sql", "-- planwright: 2\n"),
            &["0002_add_a.down.sql:1", "format 2"],
        ),
        (
            "migration-header",
            |project| project.edit("migrations/0002_add_a.up.sql", "additive", "harmless"),
            &["0002_add_a.up.sql:2", "`harmless`"],
        ),
        (
            "migration-header",
            |project| project.edit("migrations/0002_add_a.up.sql", "-- mode: transaction\n", ""),
            &["0002_add_a.up.sql", "mode"],
        ),
        (
            "migration-version",
            |project| project.edit("migrations/0002_add_a.up.sql", "1.1", "1.2"),
            &["0001_add_a.up.sql", "0002_add_a.up.sql", "is 1.1, not 1.2"],
        ),
        (
            "migration-version",
            |project| project.edit("migrations/0001_add_a.up.sql", "1.0", "0.1"),
            &["0001_add_a.up.sql"],
        ),
        (
            "migration-encoding",
            |project| fs::write(project.path("migrations/0002_add_a.up.sql"), b"-- a\n\xff").unwrap(),
            &["0002_add_a.up.sql:2", "not UTF-8"],
        ),
    ];
    for (code, break_it, expected) in cases {
        let project = Project::with(3);
        break_it(&project);
        let problems = project.problems();
        let said = problems.iter().find(|said| said.starts_with(&format!("error[{code}]")));
        let said = said.unwrap_or_else(|| panic!("no {code} in {problems:#?}"));
        for part in *expected {
            assert!(said.contains(part), "{part} is not in\n{said}");
        }
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let project = Project::with(4);
    project.remove("0002_add_a");
    project.write("migrations/notes.txt", "");
    fs::remove_file(project.path("migrations/0004_add_a.down.sql")).unwrap();
    let problems = project.problems();
    for code in ["migration-gap", "migration-name", "migration-half"] {
        assert!(problems.iter().any(|said| said.contains(code)), "no {code} in {problems:#?}");
    }
}

#[test]
fn files_that_others_leave_are_passed_over() {
    let project = Project::with(1);
    project.write("migrations/.DS_Store", "");
    project.write("migrations/.gitkeep", "");
    codegen::generate(&project.generated()).unwrap();
}

#[test]
fn a_migration_that_differs_from_the_lock_is_refused() {
    let project = Project::with(2);
    project.write_lock();
    let was = checksum(&project.read("migrations/0001_add_a.up.sql"));
    project.edit("migrations/0001_add_a.up.sql", "SELECT", "SELECT ");
    let is = checksum(&project.read("migrations/0001_add_a.up.sql"));
    let problems = project.problems();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    for part in ["migration-changed", "migrations/0001_add_a.up.sql", &was, &is, "git checkout"] {
        assert!(problems[0].contains(part), "{part} is not in\n{}", problems[0]);
    }
}

#[test]
fn a_down_file_that_differs_from_the_lock_is_refused() {
    let project = Project::with(1);
    project.write_lock();
    project.edit("migrations/0001_add_a.down.sql", "SELECT", "SELECT ");
    assert!(project.problems()[0].contains("0001_add_a.down.sql"));
}

#[test]
fn the_lock_and_the_folder_hold_the_same_migrations() {
    let project = Project::with(2);
    project.write_lock();
    project.remove("0002_add_a");
    let problems = project.problems();
    assert!(problems[0].contains("migration-removed") && problems[0].contains("0002_add_a"), "{problems:#?}");

    let project = Project::with(1);
    project.write_lock();
    project.migration("0002_add_b", "additive", "1.1", "transaction");
    let problems = project.problems();
    assert!(
        problems[0].contains("migration-unplanned") && problems[0].contains("0002_add_b"),
        "{problems:#?}"
    );
}

#[test]
fn a_lock_that_was_merged_wrong_is_refused() {
    for (from, to, expected) in [
        ("head ", "<<<<<<< ours\nhead ", "merge conflict"),
        ("head 0002", "head 0001", "head"),
        ("planwright-lock 1", "planwright-lock 9", "first line"),
        ("engine 170005", "engine new", "engine"),
        ("migration 0001_add_a ", "migration ", "schema.lock:4"),
    ] {
        let project = Project::with(2);
        project.write_lock();
        project.edit("schema.lock", from, to);
        let problems = project.problems().join("\n");
        assert!(problems.contains(expected) && problems.contains("schema.lock"), "{problems}");
    }
}

#[test]
fn the_lock_reads_back_as_it_was_written() {
    let locked = |stem: &str| Locked { stem: stem.into(), up: "a".into(), down: "b".into() };
    let facts = "table \"a\nb\"\n\n  column x\n".to_owned();
    let lock = Lock {
        engine: 170005,
        migrations: vec![locked("0001_a"), locked("0002_b")],
        pending: vec!["column public.a.b".to_owned()],
        facts,
    };
    let head = lock::head(Some((2, "up", "down")));
    assert_eq!(Lock::read(&lock.text(&head)), Ok((lock, head)));
    let empty = Lock { engine: 150000, migrations: vec![], pending: vec![], facts: String::new() };
    assert_eq!(Lock::read(&empty.text(&lock::head(None))), Ok((empty, "0000 -".to_owned())));
}

#[test]
fn a_header_reads_back_as_it_was_written() {
    let header = Header {
        class: Class::Breaking,
        version: Version { major: 12, patch: 3 },
        mode: Mode::None,
        before: Some("sha256:00".into()),
        after: Some("sha256:11".into()),
        proved: Some("PostgreSQL 17.5 (embedded)".into()),
        baseline: vec!["relation public.a".into(), "relation public.\"b \"\" c\"".into()],
        steps: vec![step("table a"), Step::text(Class::Breaking, "drop 2. table")],
    };
    assert_eq!(Header::read(&format!("{header}\nCREATE TABLE a ();\n")), Ok(header));
    let down = DownHeader {
        mode: Mode::Transaction,
        loses: vec!["column a.b: data".into(), "table c".into()],
        costs: vec!["alter column a.b: values that do not fit stop it".into()],
        irreversible: Some("an enum value cannot be removed".into()),
    };
    assert_eq!(DownHeader::read(&format!("{down}\nDROP TABLE a;\n")), Ok(down));
}

#[test]
fn no_name_can_leave_the_header() {
    for end in ["\n", "\r", "\r\n"] {
        let hostile = format!("create table \"a{end}DROP TABLE b; --\"");
        let header = Header {
            class: Class::Additive,
            version: Version::FIRST,
            mode: Mode::Transaction,
            before: None,
            after: None,
            proved: Some(hostile.clone()),
            baseline: vec![hostile.clone()],
            steps: vec![step(&hostile), Step::text(Class::Additive, &hostile)],
        };
        let down = DownHeader {
            mode: Mode::None,
            loses: vec![hostile.clone()],
            costs: vec![hostile.clone()],
            irreversible: Some(hostile),
        };
        for line in format!("{header}{down}").split(['\n', '\r']).filter(|line| !line.is_empty()) {
            assert!(line.starts_with("--"), "{line}");
        }
    }
}

/// A step that says this wherever a step says anything.
fn step(text: &str) -> Step {
    Step {
        action: "alter".into(),
        object: text.into(),
        class: Class::DataDependent,
        place: Some((text.into(), 14)),
        why: text.into(),
        locks: vec![(quoted(text), "SHARE".into()), ("public.b".into(), "ACCESS EXCLUSIVE".into())],
        rewrites: vec![quoted(text), "public.b".into()],
        scans: vec![quoted(text)],
        loses: Some(text.into()),
        breaks: vec![
            Broken { statement: text.into(), code: "42703".into(), message: text.into(), by_data: true },
            Broken {
                statement: "SELECT 1".into(),
                code: "23502".into(),
                message: String::new(),
                by_data: false,
            },
        ],
        prepare_again: vec!["public.f(integer, text)".into(), quoted(text)],
        fails: Some(text.into()),
        finds: Some(text.into()),
        found: Some(text.into()),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[test]
fn a_step_reads_back_whatever_it_says() {
    let hostile = [
        "",
        " ",
        "a: additive; b",
        "a: additive, schema.sql:3; b",
        "a\\: b\\; c\\",
        "\\r\\n\\\\",
        "a\r\n  b\n\n        c\n",
        "1. one",
        "lock: SHARE on x",
        "a\nlock: SHARE on x\n      finds: y",
        "a, b\", c",
        "é\u{2028}\u{0}ß",
        "-- baseline: relation x",
    ];
    for text in hostile {
        reads_back(&step(text));
        let bare = Step { place: None, breaks: Vec::new(), loses: None, ..step(text) };
        reads_back(&bare);
    }
}

#[track_caller]
fn reads_back(step: &Step) {
    let header = Header {
        class: Class::Breaking,
        version: Version::FIRST,
        mode: Mode::Transaction,
        before: None,
        after: None,
        proved: None,
        baseline: Vec::new(),
        steps: vec![step.clone(), Step { object: "table last".into(), ..step.clone() }],
    };
    let text = format!("{header}\nSELECT 1;\n");
    assert_eq!(Header::read(&text), Ok(header), "{text}");
}

proptest::proptest! {
    #[test]
    fn any_step_reads_back(text in "[a:;, .0\\\\\"\r\n(-]{0,12}") {
        reads_back(&step(&text));
    }
}

#[test]
fn a_step_of_an_earlier_planwright_is_its_text() {
    let told = "drop constraint c of public.a: data-dependent, ACCESS EXCLUSIVE on public.a; rows; rows in its way: SELECT 1";
    let text = format!(
        "-- planwright: 1\n-- class: breaking\n-- version: 2.0\n-- mode: none\n-- steps:\n--   1. {told}\n\
         --   2. create table public.b: additive; a new table; nothing else\n--   3. drop it\n"
    );
    let steps = Header::read(&text).unwrap().steps;
    let second = Step {
        action: "create".into(),
        object: "table public.b".into(),
        ..Step::text(Class::Additive, "a new table; nothing else")
    };
    assert_eq!(
        steps,
        [Step::text(Class::DataDependent, told), second, Step::text(Class::Breaking, "drop it")]
    );
}

#[test]
fn unknown_keys_are_for_others() {
    let text = "-- planwright: 1\n-- ticket: 42\n-- class: additive\n-- a remark\n-- version: 1.0\n\
                -- mode: transaction\n-- steps:\n--   1. one\n--      goes on\n--   2. two\n-- after: x\nSELECT 1;\n\
                -- class: twice\n";
    let header = Header::read(text).unwrap();
    assert_eq!(header.steps, ["one goes on", "two"].map(|text| Step::text(Class::Additive, text)));
    assert_eq!(header.after.as_deref(), Some("x"));
    assert!(Header::read(&text.replace("-- ticket: 42", "-- class: breaking")).is_err());
}

#[test]
fn only_a_different_text_is_written() {
    let project = Project::with(2);
    let bundle = project.path("migrations.rs");
    assert!(matches!(codegen::refresh(&project.generated(), false), Ok(Outcome::Written)));
    let long_ago = touch(&bundle, Duration::from_secs(1_000_000));
    assert!(matches!(codegen::refresh(&project.generated(), false), Ok(Outcome::Unchanged)));
    assert!(!codegen::write(&project.generated()).unwrap());
    assert_eq!(fs::metadata(&bundle).unwrap().modified().unwrap(), long_ago);
    project.migration("0003_add_a", "additive", "1.2", "transaction");
    assert!(codegen::write(&project.generated()).unwrap());
    assert!(project.read("migrations.rs").contains("0003_add_a"));
}

#[test]
fn what_is_written_is_no_newer_than_what_it_is_made_of() {
    let project = Project::with(2);
    for file in ["0001_add_a.up.sql", "0001_add_a.down.sql", "0002_add_a.up.sql", "0002_add_a.down.sql"] {
        touch(&project.path(&format!("migrations/{file}")), Duration::from_secs(5_000));
    }
    let newest = touch(&project.path("migrations/0001_add_a.down.sql"), Duration::from_secs(1_000));
    codegen::write(&project.generated()).unwrap();
    assert_eq!(fs::metadata(project.path("migrations.rs")).unwrap().modified().unwrap(), newest);
    let left: Vec<_> = fs::read_dir(project.generated()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn ci_writes_nothing_and_shows_the_difference() {
    let project = Project::with(1);
    codegen::write(&project.generated()).unwrap();
    let before = project.read("migrations.rs");
    assert!(matches!(codegen::refresh(&project.generated(), true), Ok(Outcome::Unchanged)));
    project.migration("0002_add_a", "additive", "1.1", "transaction");
    let said = codegen::refresh(&project.generated(), true).unwrap_err().to_string();
    for part in ["\n+            name: \"add_a\"", "\n-    head: \"0001", "run `cargo build` and commit"] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert_eq!(codegen::check(&project.generated()).unwrap_err().to_string(), said);
    assert_eq!(project.read("migrations.rs"), before);
}

#[test]
fn a_missing_bundle_is_stale() {
    let project = Project::with(1);
    assert!(matches!(codegen::check(&project.generated()), Err(Error::Stale { .. })));
    assert!(codegen::refresh(&project.generated(), true).is_err());
    assert!(!project.path("migrations.rs").exists());
}

#[test]
fn a_broken_folder_gives_a_bundle_that_says_so_and_heals() {
    let project = Project::with(2);
    codegen::write(&project.generated()).unwrap();
    let good = project.read("migrations.rs");
    let text = project.read("migrations/0002_add_a.up.sql");
    project.write("migrations/0002_add_a.up.sql", "half written");
    assert!(codegen::write(&project.generated()).is_err());
    assert_eq!(project.read("migrations.rs"), good);
    assert!(matches!(codegen::refresh(&project.generated(), true), Err(Error::Broken(_))));
    assert_eq!(project.read("migrations.rs"), good);
    assert!(matches!(codegen::refresh(&project.generated(), false), Ok(Outcome::Broken(_))));
    let broken = project.read("migrations.rs");
    for part in ["broken: Some", "migration-header", "compile_error!", "cfg(not(debug_assertions))"] {
        assert!(broken.contains(part), "{part} is not in\n{broken}");
    }
    assert!(!broken.contains("include_str!"), "{broken}");
    project.write("migrations/0002_add_a.up.sql", &text);
    assert!(matches!(codegen::refresh(&project.generated(), false), Ok(Outcome::Written)));
    assert_eq!(project.read("migrations.rs"), good);
}

#[test]
fn planwrights_own_bundle_is_fresh() {
    codegen::check(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("generated")).unwrap();
}

/// A project as a user has it.
struct Project {
    folder: TempDir,
}

impl Project {
    fn new() -> Project {
        let project = Project { folder: TempDir::new().unwrap() };
        fs::create_dir_all(project.path("migrations")).unwrap();
        fs::write(project.folder.path().join("Cargo.toml"), "[package]\nname = \"bookshop\"\n").unwrap();
        project
    }

    fn with(migrations: u32) -> Project {
        let project = Project::new();
        for number in 1..=migrations {
            let version = format!("1.{}", number - 1);
            project.migration(&format!("{number:04}_add_a"), "additive", &version, "transaction");
        }
        project
    }

    fn generated(&self) -> PathBuf {
        self.folder.path().join("generated")
    }

    fn path(&self, file: &str) -> PathBuf {
        self.generated().join(file)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap();
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "{from} is not in\n{text}");
        self.write(file, &text.replace(from, to));
    }

    fn migration(&self, stem: &str, class: &str, version: &str, mode: &str) {
        let up = format!(
            "-- planwright: 1\n-- class: {class}\n-- version: {version}\n-- mode: {mode}\n\nSELECT '{stem}';\n"
        );
        self.write(&format!("migrations/{stem}.up.sql"), &up);
        let down = format!("-- planwright: 1\n-- mode: {mode}\n\nSELECT 'not {stem}';\n");
        self.write(&format!("migrations/{stem}.down.sql"), &down);
    }

    fn remove(&self, stem: &str) {
        for half in ["up", "down"] {
            fs::remove_file(self.path(&format!("migrations/{stem}.{half}.sql"))).unwrap();
        }
    }

    fn write_lock(&self) {
        let folder = Folder::read(&self.generated()).unwrap();
        let locked = folder.pairs.iter().map(|pair| Locked {
            stem: pair.stem(),
            up: pair.checksum.clone(),
            down: pair.down_checksum.clone(),
        });
        let lock = Lock {
            engine: 170005,
            migrations: locked.collect(),
            pending: vec![],
            facts: "schema public\n".to_owned(),
        };
        self.write("schema.lock", &lock.text(&folder.head));
    }

    fn problems(&self) -> Vec<String> {
        match codegen::generate(&self.generated()) {
            Err(Error::Broken(problems)) => problems.iter().map(|problem| problem.to_string()).collect(),
            other => panic!("{other:?}"),
        }
    }
}

/// Makes a file that much older than now.
fn touch(path: &std::path::Path, age: Duration) -> SystemTime {
    fs::File::open(path).unwrap().set_modified(SystemTime::now() - age).unwrap();
    fs::metadata(path).unwrap().modified().unwrap()
}
