//! `cargo run --bin plan`: plans the next migration.

fn main() -> std::process::ExitCode {
    planwright::cli::plan()
}
