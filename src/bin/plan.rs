//! Temporary: prints the steps between two live databases.
fn main() {
    let urls: Vec<String> = std::env::args().skip(1).collect();
    let read = |url: &str| {
        let mut client = postgres::Client::connect(url, postgres::NoTls).expect("reachable");
        planwright::catalog::read(&mut client).unwrap_or_else(|error| panic!("{error}"))
    };
    let (old, new) = (read(&urls[0]), read(&urls[1]));
    for name in old.uncovered.iter().chain(&new.uncovered) {
        eprintln!("uncovered: {name}");
    }
    if urls.get(2).is_some() {
        print!("{}", planwright::catalog::to_facts(&new));
        return;
    }
    let changes = planwright::diff::diff(&old, &new);
    println!("SET check_function_bodies = off;");
    for placed in planwright::order::order(&changes).unwrap_or_else(|error| panic!("{error}")) {
        println!("{};", placed.step.sql);
    }
}
