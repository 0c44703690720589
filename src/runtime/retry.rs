//! Trying again and again while a lock is not to be had.
//!
//! Apart from what is tried: a migration, a statement of one, or the drop of a table that was in the trash.

use super::{Error, Event, Patience, error::Reason, lock::Held};
use postgres::{Client, error::SqlState};
use std::{
    thread::sleep,
    time::{Duration, Instant},
};

/// What is tried, how long, and who hears of it.
pub struct Retry<'a> {
    pub what: String,
    pub patience: &'a Patience,
    pub listen: &'a dyn Fn(&Event),
}

impl Retry<'_> {
    /// Never without a lock_timeout in what is attempted: a queued ACCESS EXCLUSIVE stops everybody who comes
    /// after it.
    pub fn run(
        &self,
        held: &mut Held<'_>,
        mut attempt: impl FnMut(&mut Held<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let begun = Instant::now();
        let mut pause = Duration::from_millis(100);
        loop {
            let error = match attempt(held) {
                Err(error) if is_contention(&error) => error,
                result => return result,
            };
            if begun.elapsed() + pause >= self.patience.retry {
                return Err(error.with_reason(Reason::Locked).help(format!(
                    "it was tried for {} s; in the way may be: {}",
                    begun.elapsed().as_secs(),
                    oldest(held)?
                )));
            }
            (self.listen)(&Event::Retrying {
                migration: self.what.clone(),
                after: pause,
                reason: error.message().lines().next().unwrap_or_default().to_owned(),
            });
            sleep(pause);
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }
}

fn is_contention(error: &Error) -> bool {
    error
        .code()
        .is_some_and(|code| [&SqlState::LOCK_NOT_AVAILABLE, &SqlState::T_R_DEADLOCK_DETECTED].contains(&code))
}

/// The transactions of this database that have been open the longest, in words.
fn oldest(client: &mut Client) -> Result<String, Error> {
    let sql = "\
SELECT pid, coalesce(nullif(application_name, ''), backend_type), coalesce(state, '?'),
       floor(extract(epoch FROM now() - xact_start))::bigint, left(coalesce(query, ''), 60)
FROM pg_catalog.pg_stat_activity
WHERE xact_start IS NOT NULL AND pid <> pg_catalog.pg_backend_pid() AND datname = current_database()
ORDER BY xact_start LIMIT 3";
    let rows = client.query_typed(sql, &[]).map_err(Error::sql("cannot see who is in the way"))?;
    let words: Vec<String> = rows
        .iter()
        .map(|row| {
            let (pid, application, state): (i32, &str, &str) = (row.get(0), row.get(1), row.get(2));
            let (age, query): (i64, &str) = (row.get(3), row.get(4));
            format!("pid {pid} ({application}, {state}, in a transaction for {age} s): {query}")
        })
        .collect();
    Ok(if words.is_empty() { "nobody who is still there".to_owned() } else { words.join("; ") })
}
