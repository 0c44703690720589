//! A bookshop: it brings its database up to date, then sells a book.
//!
//!     cargo run -- postgres://user@localhost/bookshop

#[rustfmt::skip]
#[path = "../generated/migrations.rs"]
mod migrations;

use planwright::Migrator;
use std::{env, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    let url = env::args().nth(1).or(env::var("DATABASE_URL").ok()).ok_or("give the URL of a database")?;
    let mut client = planwright::runtime::connect(&url)?;

    let report = Migrator::new(&migrations::BUNDLE).listen(|event| eprintln!("{event}")).up(&mut client)?;
    eprintln!("{} migrations applied", report.applied.len());

    let book = client.query_one(
        "INSERT INTO shop.book (isbn, title, price, stock) VALUES ('9780131103627', 'The C Programming Language', 42, 3)
         ON CONFLICT (isbn) DO UPDATE SET stock = 3 RETURNING id",
        &[],
    )?;
    let customer = client.query_one(
        "INSERT INTO shop.customer (name, login) VALUES ('Ada', 'ada')
         ON CONFLICT (login) DO UPDATE SET name = excluded.name RETURNING id",
        &[],
    )?;
    client.execute(
        "INSERT INTO shop.customer_order (customer, book, quantity) VALUES ($1, $2, 2)",
        &[&customer.get::<_, i64>(0), &book.get::<_, i64>(0)],
    )?;
    for order in client.query("SELECT customer, title, total::text FROM shop.open_order ORDER BY id", &[])? {
        println!(
            "{} bought {} for {}",
            order.get::<_, &str>(0),
            order.get::<_, &str>(1),
            order.get::<_, &str>(2)
        );
    }
    let left: i32 =
        client.query_one("SELECT stock FROM shop.book WHERE id = $1", &[&book.get::<_, i64>(0)])?.get(0);
    println!("{left} left");
    Ok(())
}
