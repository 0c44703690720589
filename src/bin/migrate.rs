//! `migrate`: applies a project's migrations to a database.

fn main() -> std::process::ExitCode {
    planwright::cli::migrate_project()
}
