//! The transcript in README.md is what the programs say.
//!
//! `UPDATE=1 cargo test --test readme` writes it anew.

#[path = "runtime/database.rs"]
mod database;
#[cfg(feature = "embedded")]
#[path = "runtime/embedded.rs"]
mod embedded;
#[cfg(not(feature = "embedded"))]
#[path = "runtime/server.rs"]
mod server;

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
};

const BEGIN: &str = "<!-- transcript -->\n```console\n";
const END: &str = "```\n<!-- end -->";

#[test]
fn the_transcript_is_what_happens() {
    #[cfg(feature = "embedded")]
    let (database, _keep) = embedded::database();
    #[cfg(not(feature = "embedded"))]
    let Some(server) = server::Server::start() else {
        eprintln!("skipped: the transcript needs the embedded engine or PostgreSQL's binaries");
        return;
    };
    #[cfg(not(feature = "embedded"))]
    let database = server.database("readme");
    drop(database.client());
    let host = database.folder.display().to_string().replace('/', "%2F");
    let url = format!("postgres://postgres@{host}/{}?sslmode=disable", database.name);

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).expect("README.md is there");
    let (before, rest) = readme.split_once(BEGIN).expect("README.md has a transcript");
    let (transcript, after) = rest.split_once(END).expect("the transcript ends");
    let project = tempfile::tempdir().expect("there is a folder for temporary files");
    fs::write(project.path().join("Cargo.toml"), "[package]\nname = \"shop\"\n").expect("the folder is ours");

    let mut happened = String::new();
    let mut lines = transcript.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(command) = line.strip_prefix("$ ") else { continue };
        happened += &format!("{line}\n");
        if command == "cat schema.sql" {
            let mut schema = String::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
                schema += &format!("{line}\n");
            }
            fs::write(project.path().join("schema.sql"), &schema).expect("the folder is ours");
            happened += &schema;
        } else {
            happened += &run(command, project.path(), &url);
        }
    }
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{happened}{END}{after}")).expect("README.md can be written");
        return;
    }
    // The engine that proves it may be another one here.
    let engine = |text: &str| text.lines().map(without_engine).collect::<Vec<_>>().join("\n");
    assert_eq!(
        engine(&happened),
        engine(transcript),
        "run `UPDATE=1 cargo test --test readme` and read what changed"
    );
}

fn without_engine(line: &str) -> &str {
    line.split(" on PostgreSQL ").next().unwrap_or(line)
}

/// What a command shows on a terminal; cargo's own words are not part of it.
fn run(command: &str, folder: &Path, url: &str) -> String {
    let words: Vec<&str> = command.split_whitespace().collect();
    let (program, arguments) = match words.as_slice() {
        ["cargo", "run", "--bin", "plan", rest @ ..] => (env!("CARGO_BIN_EXE_plan"), rest),
        ["cargo", "run", "--bin", "migrate", rest @ ..] => (env!("CARGO_BIN_EXE_migrate"), rest),
        _ => panic!("the transcript runs {command}, which this test does not know"),
    };
    let arguments = arguments.iter().filter(|word| **word != "--");
    let mut process = Command::new(program);
    process
        .args(arguments)
        .current_dir(folder)
        .env("DATABASE_URL", url)
        .env_remove("CI")
        .stdin(Stdio::null());
    let output = process.output().expect("the program runs");
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).expect("the programs speak UTF-8");
    // How long it took, and when, differ from run to run.
    text.lines().map(|line| format!("{}\n", untimed(line))).collect()
}

fn untimed(line: &str) -> String {
    match line.rsplit_once(" in ") {
        Some((before, time)) if time.ends_with(" ms") || time.ends_with(" s") => format!("{before} in 12 ms"),
        _ => line.to_string(),
    }
}
